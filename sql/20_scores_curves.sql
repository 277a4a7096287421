--
-- Curves of a binary classifier's scores: arguments and states are those of the metrics
-- (20_scores.sql).
--

CREATE TYPE monitor.roc_point AS (
	threshold           double precision,
	false_positive_rate double precision,
	true_positive_rate  double precision
);
COMMENT ON TYPE monitor.roc_point IS
	'A point of a ROC curve';
COMMENT ON COLUMN monitor.roc_point.threshold IS 'Rows whose score reaches it are predicted positive; Infinity first: none';
COMMENT ON COLUMN monitor.roc_point.false_positive_rate IS 'Share of the negatives that are predicted positive';
COMMENT ON COLUMN monitor.roc_point.true_positive_rate IS 'Share of the positives that are predicted positive';

CREATE TYPE monitor.precision_recall_point AS (
	threshold double precision,
	precision double precision,
	recall    double precision
);
COMMENT ON TYPE monitor.precision_recall_point IS
	'A point of a precision-recall curve';
COMMENT ON COLUMN monitor.precision_recall_point.threshold IS 'Rows whose score reaches it are predicted positive; Infinity last: none';
COMMENT ON COLUMN monitor.precision_recall_point.precision IS 'Share of positives among the rows predicted positive; 1 where there are none';
COMMENT ON COLUMN monitor.precision_recall_point.recall IS 'Share of the positives that are predicted positive';

CREATE TYPE monitor.gains_point AS (
	threshold double precision,
	depth     double precision,
	gain      double precision,
	lift      double precision
);
COMMENT ON TYPE monitor.gains_point IS
	'A point of a cumulative gains and lift curve';
COMMENT ON COLUMN monitor.gains_point.threshold IS 'Rows whose score reaches it are predicted positive';
COMMENT ON COLUMN monitor.gains_point.depth IS 'Share of all rows that are predicted positive';
COMMENT ON COLUMN monitor.gains_point.gain IS 'Share of the positives among them';
COMMENT ON COLUMN monitor.gains_point.lift IS 'gain over depth: how many times more positives than among as many random rows';

CREATE TYPE monitor.calibration_bin AS (
	bin            integer,
	lower          double precision,
	upper          double precision,
	mean_score     double precision,
	share_positive double precision,
	n              bigint
);
COMMENT ON TYPE monitor.calibration_bin IS
	'A bin of a calibration curve (reliability diagram); bins without rows are left out';
COMMENT ON COLUMN monitor.calibration_bin.bin IS 'Number of the bin, from 1 to 10';
COMMENT ON COLUMN monitor.calibration_bin.lower IS 'Lower bound, excluded except in the first bin';
COMMENT ON COLUMN monitor.calibration_bin.upper IS 'Upper bound, included';
COMMENT ON COLUMN monitor.calibration_bin.mean_score IS 'Mean score of the rows in the bin';
COMMENT ON COLUMN monitor.calibration_bin.share_positive IS 'Share of positives among them';
COMMENT ON COLUMN monitor.calibration_bin.n IS 'Rows in the bin, whatever their weight';

-- ---- curves ----

CREATE FUNCTION monitor._roc_curve(internal) RETURNS monitor.roc_point[]
	AS 'MODULE_PATHNAME', 'monitor_roc_curve_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_curve(internal) IS 'final: roc_curve';

CREATE AGGREGATE monitor.roc_curve(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_curve(score double precision, label boolean) IS
	'ROC curve, a point for each distinct score, descending';

CREATE AGGREGATE monitor.roc_curve(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_curve(score double precision, label integer) IS
	'ROC curve, a point for each distinct score, descending, label 0 or 1';

CREATE AGGREGATE monitor.roc_curve(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_curve(score double precision, label text, positive text) IS
	'ROC curve, a point for each distinct score, descending, positive class by name';

CREATE FUNCTION monitor._roc_curve_weighted(internal) RETURNS monitor.roc_point[]
	AS 'MODULE_PATHNAME', 'monitor_roc_curve_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_curve_weighted(internal) IS 'final: roc_curve with weights';

CREATE AGGREGATE monitor.roc_curve(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_curve(score double precision, label boolean, weight double precision) IS
	'ROC curve, a point for each distinct score, descending, weighted';

CREATE AGGREGATE monitor.roc_curve(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_curve(score double precision, label integer, weight double precision) IS
	'ROC curve, a point for each distinct score, descending, label 0 or 1, weighted';

CREATE AGGREGATE monitor.roc_curve(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_curve(score double precision, label text, positive text, weight double precision) IS
	'ROC curve, a point for each distinct score, descending, positive class by name, weighted';

CREATE FUNCTION monitor.roc_curve(score double precision[], label boolean[]) RETURNS monitor.roc_point[]
	AS 'MODULE_PATHNAME', 'monitor_roc_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_curve(score double precision[], label boolean[]) IS 'ROC curve, a point for each distinct score, descending, over arrays';

CREATE FUNCTION monitor.roc_curve(score double precision[], label boolean[], weight double precision[]) RETURNS monitor.roc_point[]
	AS 'MODULE_PATHNAME', 'monitor_roc_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_curve(score double precision[], label boolean[], weight double precision[]) IS 'ROC curve, a point for each distinct score, descending, over arrays, weighted';

CREATE FUNCTION monitor.roc_curve(score double precision[], label integer[]) RETURNS monitor.roc_point[]
	AS 'MODULE_PATHNAME', 'monitor_roc_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_curve(score double precision[], label integer[]) IS 'ROC curve, a point for each distinct score, descending, over arrays, label 0 or 1';

CREATE FUNCTION monitor.roc_curve(score double precision[], label integer[], weight double precision[]) RETURNS monitor.roc_point[]
	AS 'MODULE_PATHNAME', 'monitor_roc_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_curve(score double precision[], label integer[], weight double precision[]) IS 'ROC curve, a point for each distinct score, descending, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._precision_recall_curve(internal) RETURNS monitor.precision_recall_point[]
	AS 'MODULE_PATHNAME', 'monitor_precision_recall_curve_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._precision_recall_curve(internal) IS 'final: precision_recall_curve';

CREATE AGGREGATE monitor.precision_recall_curve(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._precision_recall_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_recall_curve(score double precision, label boolean) IS
	'Precision-recall curve, a point for each distinct score, ascending';

CREATE AGGREGATE monitor.precision_recall_curve(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._precision_recall_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_recall_curve(score double precision, label integer) IS
	'Precision-recall curve, a point for each distinct score, ascending, label 0 or 1';

CREATE AGGREGATE monitor.precision_recall_curve(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._precision_recall_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_recall_curve(score double precision, label text, positive text) IS
	'Precision-recall curve, a point for each distinct score, ascending, positive class by name';

CREATE FUNCTION monitor._precision_recall_curve_weighted(internal) RETURNS monitor.precision_recall_point[]
	AS 'MODULE_PATHNAME', 'monitor_precision_recall_curve_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._precision_recall_curve_weighted(internal) IS 'final: precision_recall_curve with weights';

CREATE AGGREGATE monitor.precision_recall_curve(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._precision_recall_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_recall_curve(score double precision, label boolean, weight double precision) IS
	'Precision-recall curve, a point for each distinct score, ascending, weighted';

CREATE AGGREGATE monitor.precision_recall_curve(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._precision_recall_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_recall_curve(score double precision, label integer, weight double precision) IS
	'Precision-recall curve, a point for each distinct score, ascending, label 0 or 1, weighted';

CREATE AGGREGATE monitor.precision_recall_curve(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._precision_recall_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_recall_curve(score double precision, label text, positive text, weight double precision) IS
	'Precision-recall curve, a point for each distinct score, ascending, positive class by name, weighted';

CREATE FUNCTION monitor.precision_recall_curve(score double precision[], label boolean[]) RETURNS monitor.precision_recall_point[]
	AS 'MODULE_PATHNAME', 'monitor_precision_recall_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.precision_recall_curve(score double precision[], label boolean[]) IS 'Precision-recall curve, a point for each distinct score, ascending, over arrays';

CREATE FUNCTION monitor.precision_recall_curve(score double precision[], label boolean[], weight double precision[]) RETURNS monitor.precision_recall_point[]
	AS 'MODULE_PATHNAME', 'monitor_precision_recall_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.precision_recall_curve(score double precision[], label boolean[], weight double precision[]) IS 'Precision-recall curve, a point for each distinct score, ascending, over arrays, weighted';

CREATE FUNCTION monitor.precision_recall_curve(score double precision[], label integer[]) RETURNS monitor.precision_recall_point[]
	AS 'MODULE_PATHNAME', 'monitor_precision_recall_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.precision_recall_curve(score double precision[], label integer[]) IS 'Precision-recall curve, a point for each distinct score, ascending, over arrays, label 0 or 1';

CREATE FUNCTION monitor.precision_recall_curve(score double precision[], label integer[], weight double precision[]) RETURNS monitor.precision_recall_point[]
	AS 'MODULE_PATHNAME', 'monitor_precision_recall_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.precision_recall_curve(score double precision[], label integer[], weight double precision[]) IS 'Precision-recall curve, a point for each distinct score, ascending, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._calibration_curve(internal) RETURNS monitor.calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_calibration_curve_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._calibration_curve(internal) IS 'final: calibration_curve';

CREATE AGGREGATE monitor.calibration_curve(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._calibration_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_curve(score double precision, label boolean) IS
	'Calibration curve over 10 bins of equal width';

CREATE AGGREGATE monitor.calibration_curve(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._calibration_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_curve(score double precision, label integer) IS
	'Calibration curve over 10 bins of equal width, label 0 or 1';

CREATE AGGREGATE monitor.calibration_curve(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._calibration_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_curve(score double precision, label text, positive text) IS
	'Calibration curve over 10 bins of equal width, positive class by name';

CREATE FUNCTION monitor._calibration_curve_weighted(internal) RETURNS monitor.calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_calibration_curve_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._calibration_curve_weighted(internal) IS 'final: calibration_curve with weights';

CREATE AGGREGATE monitor.calibration_curve(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._calibration_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_curve(score double precision, label boolean, weight double precision) IS
	'Calibration curve over 10 bins of equal width, weighted';

CREATE AGGREGATE monitor.calibration_curve(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._calibration_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_curve(score double precision, label integer, weight double precision) IS
	'Calibration curve over 10 bins of equal width, label 0 or 1, weighted';

CREATE AGGREGATE monitor.calibration_curve(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._calibration_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.calibration_curve(score double precision, label text, positive text, weight double precision) IS
	'Calibration curve over 10 bins of equal width, positive class by name, weighted';

CREATE FUNCTION monitor.calibration_curve(score double precision[], label boolean[]) RETURNS monitor.calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_calibration_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(score double precision[], label boolean[]) IS 'Calibration curve over 10 bins of equal width, over arrays';

CREATE FUNCTION monitor.calibration_curve(score double precision[], label boolean[], weight double precision[]) RETURNS monitor.calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_calibration_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(score double precision[], label boolean[], weight double precision[]) IS 'Calibration curve over 10 bins of equal width, over arrays, weighted';

CREATE FUNCTION monitor.calibration_curve(score double precision[], label integer[]) RETURNS monitor.calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_calibration_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(score double precision[], label integer[]) IS 'Calibration curve over 10 bins of equal width, over arrays, label 0 or 1';

CREATE FUNCTION monitor.calibration_curve(score double precision[], label integer[], weight double precision[]) RETURNS monitor.calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_calibration_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(score double precision[], label integer[], weight double precision[]) IS 'Calibration curve over 10 bins of equal width, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._gains_curve(internal) RETURNS monitor.gains_point[]
	AS 'MODULE_PATHNAME', 'monitor_gains_curve_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._gains_curve(internal) IS 'final: gains_curve';

CREATE AGGREGATE monitor.gains_curve(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._gains_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gains_curve(score double precision, label boolean) IS
	'Cumulative gains and lift, a point for each distinct score, descending';

CREATE AGGREGATE monitor.gains_curve(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._gains_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gains_curve(score double precision, label integer) IS
	'Cumulative gains and lift, a point for each distinct score, descending, label 0 or 1';

CREATE AGGREGATE monitor.gains_curve(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._gains_curve,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gains_curve(score double precision, label text, positive text) IS
	'Cumulative gains and lift, a point for each distinct score, descending, positive class by name';

CREATE FUNCTION monitor._gains_curve_weighted(internal) RETURNS monitor.gains_point[]
	AS 'MODULE_PATHNAME', 'monitor_gains_curve_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._gains_curve_weighted(internal) IS 'final: gains_curve with weights';

CREATE AGGREGATE monitor.gains_curve(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._gains_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gains_curve(score double precision, label boolean, weight double precision) IS
	'Cumulative gains and lift, a point for each distinct score, descending, weighted';

CREATE AGGREGATE monitor.gains_curve(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._gains_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gains_curve(score double precision, label integer, weight double precision) IS
	'Cumulative gains and lift, a point for each distinct score, descending, label 0 or 1, weighted';

CREATE AGGREGATE monitor.gains_curve(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._gains_curve_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.gains_curve(score double precision, label text, positive text, weight double precision) IS
	'Cumulative gains and lift, a point for each distinct score, descending, positive class by name, weighted';

CREATE FUNCTION monitor.gains_curve(score double precision[], label boolean[]) RETURNS monitor.gains_point[]
	AS 'MODULE_PATHNAME', 'monitor_gains_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gains_curve(score double precision[], label boolean[]) IS 'Cumulative gains and lift, a point for each distinct score, descending, over arrays';

CREATE FUNCTION monitor.gains_curve(score double precision[], label boolean[], weight double precision[]) RETURNS monitor.gains_point[]
	AS 'MODULE_PATHNAME', 'monitor_gains_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gains_curve(score double precision[], label boolean[], weight double precision[]) IS 'Cumulative gains and lift, a point for each distinct score, descending, over arrays, weighted';

CREATE FUNCTION monitor.gains_curve(score double precision[], label integer[]) RETURNS monitor.gains_point[]
	AS 'MODULE_PATHNAME', 'monitor_gains_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gains_curve(score double precision[], label integer[]) IS 'Cumulative gains and lift, a point for each distinct score, descending, over arrays, label 0 or 1';

CREATE FUNCTION monitor.gains_curve(score double precision[], label integer[], weight double precision[]) RETURNS monitor.gains_point[]
	AS 'MODULE_PATHNAME', 'monitor_gains_curve_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gains_curve(score double precision[], label integer[], weight double precision[]) IS 'Cumulative gains and lift, a point for each distinct score, descending, over arrays, label 0 or 1, weighted';
