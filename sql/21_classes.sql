--
-- Metrics of predicted against true classes, over rows: (prediction, truth [,
-- average [, positive [, weight]]]).
--
-- Labels of any one type; rows with a NULL prediction, truth or weight are left out.
-- What is not defined (0 / 0) is NULL.
--

CREATE TYPE monitor.confusion_cell AS (
	truth      text,
	prediction text,
	n          bigint,
	weight     double precision
);
COMMENT ON TYPE monitor.confusion_cell IS 'Rows of one true and one predicted class';
COMMENT ON COLUMN monitor.confusion_cell.truth IS 'The true class';
COMMENT ON COLUMN monitor.confusion_cell.prediction IS 'The predicted class';
COMMENT ON COLUMN monitor.confusion_cell.n IS 'Rows of this truth and prediction';
COMMENT ON COLUMN monitor.confusion_cell.weight IS 'Sum of their weights; n where rows have none';

CREATE TYPE monitor.class_report AS (
	class        text,
	average      text,
	"precision"  double precision,
	recall       double precision,
	f1           double precision,
	support      double precision
);
COMMENT ON TYPE monitor.class_report IS 'Precision, recall and F1 of one class, or an average of them over all classes';
COMMENT ON COLUMN monitor.class_report.class IS 'The class; NULL in the rows of averages';
COMMENT ON COLUMN monitor.class_report.average IS 'macro, micro (which is the accuracy) or weighted; NULL in the rows of classes';
COMMENT ON COLUMN monitor.class_report."precision" IS 'Share of the rows predicted to be of the class that are; NULL if none is predicted';
COMMENT ON COLUMN monitor.class_report.recall IS 'Share of the rows of the class that are predicted to be; NULL if there are none';
COMMENT ON COLUMN monitor.class_report.f1 IS 'Harmonic mean of precision and recall; NULL if no row of any weight has the class';
COMMENT ON COLUMN monitor.class_report.support IS 'Rows (or their weights) whose truth is the class; of an average all rows';

-- ---- states ----

CREATE FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray) IS 'transition: count a predicted and a true class';

CREATE FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, text) IS 'transition: count a predicted and a true class, for an average';

CREATE FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, text, text) IS 'transition: count a predicted and a true class, for an average and a positive class';

CREATE FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, text, text, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, text, text, double precision) IS 'transition: add the weight of a predicted and a true class, for an average and a positive class';

CREATE FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_accum_weighted' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_accum(internal, anycompatiblenonarray, anycompatiblenonarray, double precision) IS 'transition: add the weight of a predicted and a true class';

CREATE FUNCTION monitor._confusion_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_combine(internal, internal) IS 'combine two states of predicted and true classes';

CREATE FUNCTION monitor._confusion_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_serialize(internal) IS 'send a state of predicted and true classes to the leader';

CREATE FUNCTION monitor._confusion_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_class_pairs_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_deserialize(bytea, internal) IS 'receive a state of predicted and true classes';

-- ---- metrics of the whole matrix ----

CREATE FUNCTION monitor._accuracy_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_accuracy_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._accuracy_score(internal) IS 'final: accuracy_score of predicted and true classes';

CREATE AGGREGATE monitor.accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._accuracy_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Share of the rows that are predicted right';

CREATE AGGREGATE monitor.accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._accuracy_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) IS
	'Share of the rows that are predicted right, with weights';

CREATE FUNCTION monitor._balanced_accuracy_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_balanced_accuracy_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._balanced_accuracy_score(internal) IS 'final: balanced_accuracy_score of predicted and true classes';

CREATE AGGREGATE monitor.balanced_accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._balanced_accuracy_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.balanced_accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Mean recall of the true classes; NULL for fewer than two of them';

CREATE AGGREGATE monitor.balanced_accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._balanced_accuracy_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.balanced_accuracy_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) IS
	'Mean recall of the true classes; NULL for fewer than two of them, with weights';

CREATE FUNCTION monitor._matthews_corrcoef(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_matthews_corrcoef_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._matthews_corrcoef(internal) IS 'final: matthews_corrcoef of predicted and true classes';

CREATE AGGREGATE monitor.matthews_corrcoef(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._matthews_corrcoef,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.matthews_corrcoef(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Matthews correlation coefficient of prediction and truth, for any number of classes; NULL for one class on a side';

CREATE AGGREGATE monitor.matthews_corrcoef(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._matthews_corrcoef,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.matthews_corrcoef(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) IS
	'Matthews correlation coefficient of prediction and truth, for any number of classes; NULL for one class on a side, with weights';

CREATE FUNCTION monitor._cohen_kappa_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_cohen_kappa_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._cohen_kappa_score(internal) IS 'final: cohen_kappa_score of predicted and true classes';

CREATE AGGREGATE monitor.cohen_kappa_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._cohen_kappa_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.cohen_kappa_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Cohens kappa: agreement of prediction and truth beyond chance';

CREATE AGGREGATE monitor.cohen_kappa_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._cohen_kappa_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.cohen_kappa_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) IS
	'Cohens kappa: agreement of prediction and truth beyond chance, with weights';

CREATE FUNCTION monitor._confusion_matrix(internal) RETURNS monitor.confusion_cell[]
	AS 'MODULE_PATHNAME', 'monitor_confusion_matrix_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_matrix(internal) IS 'final: confusion_matrix of predicted and true classes';

CREATE AGGREGATE monitor.confusion_matrix(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._confusion_matrix,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.confusion_matrix(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Rows of every pair of a true and a predicted class';

CREATE AGGREGATE monitor.confusion_matrix(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._confusion_matrix,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.confusion_matrix(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) IS
	'Rows of every pair of a true and a predicted class, with weights';

CREATE FUNCTION monitor._classification_report(internal) RETURNS monitor.class_report[]
	AS 'MODULE_PATHNAME', 'monitor_classification_report_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._classification_report(internal) IS 'final: classification_report of predicted and true classes';

CREATE AGGREGATE monitor.classification_report(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._classification_report,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.classification_report(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Precision, recall, F1 and support of every class, then their macro, micro and weighted averages';

CREATE AGGREGATE monitor.classification_report(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._classification_report,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.classification_report(prediction anycompatiblenonarray, truth anycompatiblenonarray, weight double precision) IS
	'Precision, recall, F1 and support of every class, then their macro, micro and weighted averages, with weights';

-- ---- metrics of each class, of the positive one or averaged ----

CREATE FUNCTION monitor._precision_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_precision_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._precision_score(internal) IS 'final: precision_score of predicted and true classes';

CREATE AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._precision_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Precision: share of the rows predicted to be of the class that are, of the positive class (true or 1)';

CREATE AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._precision_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text) IS
	'Precision: share of the rows predicted to be of the class that are; average is binary, macro, micro or weighted';

CREATE AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._precision_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text) IS
	'Precision: share of the rows predicted to be of the class that are; average is binary (of the positive class), macro, micro or weighted';

CREATE AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._precision_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text, weight double precision) IS
	'Precision: share of the rows predicted to be of the class that are; average is binary (of the positive class), macro, micro or weighted; with weights';

CREATE FUNCTION monitor._recall_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_recall_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._recall_score(internal) IS 'final: recall_score of predicted and true classes';

CREATE AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._recall_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'Recall: share of the rows of the class that are predicted to be, of the positive class (true or 1)';

CREATE AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._recall_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text) IS
	'Recall: share of the rows of the class that are predicted to be; average is binary, macro, micro or weighted';

CREATE AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._recall_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text) IS
	'Recall: share of the rows of the class that are predicted to be; average is binary (of the positive class), macro, micro or weighted';

CREATE AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._recall_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.recall_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text, weight double precision) IS
	'Recall: share of the rows of the class that are predicted to be; average is binary (of the positive class), macro, micro or weighted; with weights';

CREATE FUNCTION monitor._f1_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_f1_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._f1_score(internal) IS 'final: f1_score of predicted and true classes';

CREATE AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._f1_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray) IS
	'F1: harmonic mean of precision and recall, of the positive class (true or 1)';

CREATE AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._f1_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text) IS
	'F1: harmonic mean of precision and recall; average is binary, macro, micro or weighted';

CREATE AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._f1_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text) IS
	'F1: harmonic mean of precision and recall; average is binary (of the positive class), macro, micro or weighted';

CREATE AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text, weight double precision) (
	SFUNC = monitor._confusion_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._f1_score,
	COMBINEFUNC = monitor._confusion_combine, SERIALFUNC = monitor._confusion_serialize,
	DESERIALFUNC = monitor._confusion_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.f1_score(prediction anycompatiblenonarray, truth anycompatiblenonarray, average text, positive text, weight double precision) IS
	'F1: harmonic mean of precision and recall; average is binary (of the positive class), macro, micro or weighted; with weights';
