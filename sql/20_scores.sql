--
-- Metrics of a binary classifier's scores.
--
-- (score, label): the label is boolean, integer 0 or 1, or text followed by the
-- name of the positive class; a weight may come last.  Rows with a NULL or NaN
-- score, a NULL label or a NULL weight are left out, and so is weight 0.  One
-- class only gives NULL.
--

-- ---- states ----

CREATE FUNCTION monitor._score_accum(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_score_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_accum(internal, double precision, integer) IS 'transition: add a score with label 0 or 1';

CREATE FUNCTION monitor._score_accum(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_score_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_accum(internal, double precision, text, text) IS 'transition: add a score with a label and the name of the positive class';

CREATE FUNCTION monitor._weighted_accum(internal, double precision, boolean, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_weighted_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._weighted_accum(internal, double precision, boolean, double precision) IS 'transition: add a score with its label and weight';

CREATE FUNCTION monitor._weighted_accum(internal, double precision, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_weighted_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._weighted_accum(internal, double precision, integer, double precision) IS 'transition: add a score with label 0 or 1 and a weight';

CREATE FUNCTION monitor._weighted_accum(internal, double precision, text, text, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_weighted_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._weighted_accum(internal, double precision, text, text, double precision) IS 'transition: add a score with a label, the name of the positive class and a weight';

CREATE FUNCTION monitor._two_scores_accum(internal, double precision, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_two_scores_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._two_scores_accum(internal, double precision, double precision, boolean) IS 'transition: add two scores of a row with its label';

CREATE FUNCTION monitor._two_scores_accum(internal, double precision, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_two_scores_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._two_scores_accum(internal, double precision, double precision, integer) IS 'transition: add two scores of a row with label 0 or 1';

CREATE FUNCTION monitor._two_scores_accum(internal, double precision, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_two_scores_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._two_scores_accum(internal, double precision, double precision, text, text) IS 'transition: add two scores of a row with a label and the name of the positive class';

CREATE FUNCTION monitor._pair_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_pair_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._pair_combine(internal, internal) IS 'combine two states of weighted or paired scores';

CREATE FUNCTION monitor._pair_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_pair_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._pair_serialize(internal) IS 'send a state of weighted or paired scores to the leader';

CREATE FUNCTION monitor._pair_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_pair_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._pair_deserialize(bytea, internal) IS 'receive a state of weighted or paired scores';

-- ---- metrics ----

CREATE FUNCTION monitor._roc_auc(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_auc(internal) IS 'final: roc_auc';

CREATE AGGREGATE monitor.roc_auc(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_auc,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc(score double precision, label boolean) IS
	'Area under the ROC curve';

CREATE AGGREGATE monitor.roc_auc(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_auc,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc(score double precision, label integer) IS
	'Area under the ROC curve, label 0 or 1';

CREATE AGGREGATE monitor.roc_auc(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_auc,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc(score double precision, label text, positive text) IS
	'Area under the ROC curve, positive class by name';

CREATE FUNCTION monitor._roc_auc_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_auc_weighted(internal) IS 'final: roc_auc with weights';

CREATE AGGREGATE monitor.roc_auc(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc(score double precision, label boolean, weight double precision) IS
	'Area under the ROC curve, weighted';

CREATE AGGREGATE monitor.roc_auc(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc(score double precision, label integer, weight double precision) IS
	'Area under the ROC curve, label 0 or 1, weighted';

CREATE AGGREGATE monitor.roc_auc(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc(score double precision, label text, positive text, weight double precision) IS
	'Area under the ROC curve, positive class by name, weighted';

CREATE FUNCTION monitor.roc_auc(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc(score double precision[], label boolean[]) IS 'Area under the ROC curve, over arrays';

CREATE FUNCTION monitor.roc_auc(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc(score double precision[], label boolean[], weight double precision[]) IS 'Area under the ROC curve, over arrays, weighted';

CREATE FUNCTION monitor.roc_auc(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc(score double precision[], label integer[]) IS 'Area under the ROC curve, over arrays, label 0 or 1';

CREATE FUNCTION monitor.roc_auc(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc(score double precision[], label integer[], weight double precision[]) IS 'Area under the ROC curve, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._average_precision(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._average_precision(internal) IS 'final: average_precision';

CREATE AGGREGATE monitor.average_precision(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._average_precision,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision(score double precision, label boolean) IS
	'Average precision: area under the precision-recall curve, step by step';

CREATE AGGREGATE monitor.average_precision(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._average_precision,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision(score double precision, label integer) IS
	'Average precision: area under the precision-recall curve, step by step, label 0 or 1';

CREATE AGGREGATE monitor.average_precision(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._average_precision,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision(score double precision, label text, positive text) IS
	'Average precision: area under the precision-recall curve, step by step, positive class by name';

CREATE FUNCTION monitor._average_precision_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._average_precision_weighted(internal) IS 'final: average_precision with weights';

CREATE AGGREGATE monitor.average_precision(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._average_precision_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision(score double precision, label boolean, weight double precision) IS
	'Average precision: area under the precision-recall curve, step by step, weighted';

CREATE AGGREGATE monitor.average_precision(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._average_precision_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision(score double precision, label integer, weight double precision) IS
	'Average precision: area under the precision-recall curve, step by step, label 0 or 1, weighted';

CREATE AGGREGATE monitor.average_precision(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._average_precision_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision(score double precision, label text, positive text, weight double precision) IS
	'Average precision: area under the precision-recall curve, step by step, positive class by name, weighted';

CREATE FUNCTION monitor.average_precision(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.average_precision(score double precision[], label boolean[]) IS 'Average precision: area under the precision-recall curve, step by step, over arrays';

CREATE FUNCTION monitor.average_precision(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.average_precision(score double precision[], label boolean[], weight double precision[]) IS 'Average precision: area under the precision-recall curve, step by step, over arrays, weighted';

CREATE FUNCTION monitor.average_precision(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.average_precision(score double precision[], label integer[]) IS 'Average precision: area under the precision-recall curve, step by step, over arrays, label 0 or 1';

CREATE FUNCTION monitor.average_precision(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.average_precision(score double precision[], label integer[], weight double precision[]) IS 'Average precision: area under the precision-recall curve, step by step, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._log_loss(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_log_loss_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._log_loss(internal) IS 'final: log_loss';

CREATE AGGREGATE monitor.log_loss(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._log_loss,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.log_loss(score double precision, label boolean) IS
	'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52';

CREATE AGGREGATE monitor.log_loss(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._log_loss,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.log_loss(score double precision, label integer) IS
	'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, label 0 or 1';

CREATE AGGREGATE monitor.log_loss(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._log_loss,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.log_loss(score double precision, label text, positive text) IS
	'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, positive class by name';

CREATE FUNCTION monitor._log_loss_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_log_loss_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._log_loss_weighted(internal) IS 'final: log_loss with weights';

CREATE AGGREGATE monitor.log_loss(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._log_loss_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.log_loss(score double precision, label boolean, weight double precision) IS
	'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, weighted';

CREATE AGGREGATE monitor.log_loss(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._log_loss_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.log_loss(score double precision, label integer, weight double precision) IS
	'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, label 0 or 1, weighted';

CREATE AGGREGATE monitor.log_loss(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._log_loss_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.log_loss(score double precision, label text, positive text, weight double precision) IS
	'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, positive class by name, weighted';

CREATE FUNCTION monitor.log_loss(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_log_loss_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.log_loss(score double precision[], label boolean[]) IS 'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, over arrays';

CREATE FUNCTION monitor.log_loss(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_log_loss_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.log_loss(score double precision[], label boolean[], weight double precision[]) IS 'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, over arrays, weighted';

CREATE FUNCTION monitor.log_loss(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_log_loss_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.log_loss(score double precision[], label integer[]) IS 'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, over arrays, label 0 or 1';

CREATE FUNCTION monitor.log_loss(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_log_loss_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.log_loss(score double precision[], label integer[], weight double precision[]) IS 'Mean cross entropy of probabilities, natural logarithm, clipped at 2^-52, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._brier_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_brier_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._brier_score(internal) IS 'final: brier_score';

CREATE AGGREGATE monitor.brier_score(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._brier_score,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.brier_score(score double precision, label boolean) IS
	'Brier score: mean squared difference between probability and truth';

CREATE AGGREGATE monitor.brier_score(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._brier_score,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.brier_score(score double precision, label integer) IS
	'Brier score: mean squared difference between probability and truth, label 0 or 1';

CREATE AGGREGATE monitor.brier_score(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._brier_score,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.brier_score(score double precision, label text, positive text) IS
	'Brier score: mean squared difference between probability and truth, positive class by name';

CREATE FUNCTION monitor._brier_score_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_brier_score_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._brier_score_weighted(internal) IS 'final: brier_score with weights';

CREATE AGGREGATE monitor.brier_score(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._brier_score_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.brier_score(score double precision, label boolean, weight double precision) IS
	'Brier score: mean squared difference between probability and truth, weighted';

CREATE AGGREGATE monitor.brier_score(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._brier_score_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.brier_score(score double precision, label integer, weight double precision) IS
	'Brier score: mean squared difference between probability and truth, label 0 or 1, weighted';

CREATE AGGREGATE monitor.brier_score(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._brier_score_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.brier_score(score double precision, label text, positive text, weight double precision) IS
	'Brier score: mean squared difference between probability and truth, positive class by name, weighted';

CREATE FUNCTION monitor.brier_score(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_brier_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.brier_score(score double precision[], label boolean[]) IS 'Brier score: mean squared difference between probability and truth, over arrays';

CREATE FUNCTION monitor.brier_score(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_brier_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.brier_score(score double precision[], label boolean[], weight double precision[]) IS 'Brier score: mean squared difference between probability and truth, over arrays, weighted';

CREATE FUNCTION monitor.brier_score(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_brier_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.brier_score(score double precision[], label integer[]) IS 'Brier score: mean squared difference between probability and truth, over arrays, label 0 or 1';

CREATE FUNCTION monitor.brier_score(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_brier_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.brier_score(score double precision[], label integer[], weight double precision[]) IS 'Brier score: mean squared difference between probability and truth, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._calibration_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_calibration_error_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._calibration_error(internal) IS 'final: calibration_error';

CREATE AGGREGATE monitor.calibration_error(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._calibration_error,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_error(score double precision, label boolean) IS
	'Expected calibration error over 10 bins of equal width';

CREATE AGGREGATE monitor.calibration_error(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._calibration_error,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_error(score double precision, label integer) IS
	'Expected calibration error over 10 bins of equal width, label 0 or 1';

CREATE AGGREGATE monitor.calibration_error(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._calibration_error,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_error(score double precision, label text, positive text) IS
	'Expected calibration error over 10 bins of equal width, positive class by name';

CREATE FUNCTION monitor._calibration_error_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_calibration_error_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._calibration_error_weighted(internal) IS 'final: calibration_error with weights';

CREATE AGGREGATE monitor.calibration_error(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._calibration_error_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_error(score double precision, label boolean, weight double precision) IS
	'Expected calibration error over 10 bins of equal width, weighted';

CREATE AGGREGATE monitor.calibration_error(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._calibration_error_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_error(score double precision, label integer, weight double precision) IS
	'Expected calibration error over 10 bins of equal width, label 0 or 1, weighted';

CREATE AGGREGATE monitor.calibration_error(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._calibration_error_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_error(score double precision, label text, positive text, weight double precision) IS
	'Expected calibration error over 10 bins of equal width, positive class by name, weighted';

CREATE FUNCTION monitor.calibration_error(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_calibration_error_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(score double precision[], label boolean[]) IS 'Expected calibration error over 10 bins of equal width, over arrays';

CREATE FUNCTION monitor.calibration_error(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_calibration_error_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(score double precision[], label boolean[], weight double precision[]) IS 'Expected calibration error over 10 bins of equal width, over arrays, weighted';

CREATE FUNCTION monitor.calibration_error(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_calibration_error_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(score double precision[], label integer[]) IS 'Expected calibration error over 10 bins of equal width, over arrays, label 0 or 1';

CREATE FUNCTION monitor.calibration_error(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_calibration_error_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(score double precision[], label integer[], weight double precision[]) IS 'Expected calibration error over 10 bins of equal width, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._gini(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_gini_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._gini(internal) IS 'final: gini';

CREATE AGGREGATE monitor.gini(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._gini,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gini(score double precision, label boolean) IS
	'Gini coefficient (Somers D) of scores: 2 AUC - 1';

CREATE AGGREGATE monitor.gini(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._gini,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gini(score double precision, label integer) IS
	'Gini coefficient (Somers D) of scores: 2 AUC - 1, label 0 or 1';

CREATE AGGREGATE monitor.gini(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._gini,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gini(score double precision, label text, positive text) IS
	'Gini coefficient (Somers D) of scores: 2 AUC - 1, positive class by name';

CREATE FUNCTION monitor._gini_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_gini_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._gini_weighted(internal) IS 'final: gini with weights';

CREATE AGGREGATE monitor.gini(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._gini_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gini(score double precision, label boolean, weight double precision) IS
	'Gini coefficient (Somers D) of scores: 2 AUC - 1, weighted';

CREATE AGGREGATE monitor.gini(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._gini_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gini(score double precision, label integer, weight double precision) IS
	'Gini coefficient (Somers D) of scores: 2 AUC - 1, label 0 or 1, weighted';

CREATE AGGREGATE monitor.gini(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._gini_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gini(score double precision, label text, positive text, weight double precision) IS
	'Gini coefficient (Somers D) of scores: 2 AUC - 1, positive class by name, weighted';

CREATE FUNCTION monitor.gini(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_gini_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gini(score double precision[], label boolean[]) IS 'Gini coefficient (Somers D) of scores: 2 AUC - 1, over arrays';

CREATE FUNCTION monitor.gini(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_gini_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gini(score double precision[], label boolean[], weight double precision[]) IS 'Gini coefficient (Somers D) of scores: 2 AUC - 1, over arrays, weighted';

CREATE FUNCTION monitor.gini(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_gini_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gini(score double precision[], label integer[]) IS 'Gini coefficient (Somers D) of scores: 2 AUC - 1, over arrays, label 0 or 1';

CREATE FUNCTION monitor.gini(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_gini_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gini(score double precision[], label integer[], weight double precision[]) IS 'Gini coefficient (Somers D) of scores: 2 AUC - 1, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._ks_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ks_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ks_score(internal) IS 'final: ks_score';

CREATE AGGREGATE monitor.ks_score(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._ks_score,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_score(score double precision, label boolean) IS
	'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov)';

CREATE AGGREGATE monitor.ks_score(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._ks_score,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_score(score double precision, label integer) IS
	'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), label 0 or 1';

CREATE AGGREGATE monitor.ks_score(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._ks_score,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_score(score double precision, label text, positive text) IS
	'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), positive class by name';

CREATE FUNCTION monitor._ks_score_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ks_score_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ks_score_weighted(internal) IS 'final: ks_score with weights';

CREATE AGGREGATE monitor.ks_score(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._ks_score_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_score(score double precision, label boolean, weight double precision) IS
	'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), weighted';

CREATE AGGREGATE monitor.ks_score(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._ks_score_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_score(score double precision, label integer, weight double precision) IS
	'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), label 0 or 1, weighted';

CREATE AGGREGATE monitor.ks_score(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._ks_score_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_score(score double precision, label text, positive text, weight double precision) IS
	'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), positive class by name, weighted';

CREATE FUNCTION monitor.ks_score(score double precision[], label boolean[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ks_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_score(score double precision[], label boolean[]) IS 'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), over arrays';

CREATE FUNCTION monitor.ks_score(score double precision[], label boolean[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ks_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_score(score double precision[], label boolean[], weight double precision[]) IS 'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), over arrays, weighted';

CREATE FUNCTION monitor.ks_score(score double precision[], label integer[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ks_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_score(score double precision[], label integer[]) IS 'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), over arrays, label 0 or 1';

CREATE FUNCTION monitor.ks_score(score double precision[], label integer[], weight double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ks_score_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_score(score double precision[], label integer[], weight double precision[]) IS 'Largest distance between the distributions of both classes of scores (Kolmogorov-Smirnov), over arrays, label 0 or 1, weighted';
