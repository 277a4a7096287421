--
-- Inference about the area under the ROC curve: arguments and states are those of the
-- metrics (20_scores.sql).
--

CREATE TYPE monitor.roc_auc_result AS (
	auc            double precision,
	standard_error double precision,
	auc_low        double precision,
	auc_high       double precision,
	p_value        double precision,
	n_negative     bigint,
	n_positive     bigint,
	method         text
);
COMMENT ON TYPE monitor.roc_auc_result IS
	'An area under the ROC curve with its uncertainty';
COMMENT ON COLUMN monitor.roc_auc_result.auc IS 'Area under the ROC curve';
COMMENT ON COLUMN monitor.roc_auc_result.standard_error IS 'Standard error of DeLong; NULL with one row in a class';
COMMENT ON COLUMN monitor.roc_auc_result.auc_low IS 'Lower bound of the 95 % confidence interval';
COMMENT ON COLUMN monitor.roc_auc_result.auc_high IS 'Upper bound of the 95 % confidence interval';
COMMENT ON COLUMN monitor.roc_auc_result.p_value IS 'Two-sided p-value of the hypothesis that the area is 0.5';
COMMENT ON COLUMN monitor.roc_auc_result.n_negative IS 'Rows with a negative label that were used';
COMMENT ON COLUMN monitor.roc_auc_result.n_positive IS 'Rows with a positive label that were used';
COMMENT ON COLUMN monitor.roc_auc_result.method IS 'How the interval and the p-value were computed';

CREATE TYPE monitor.roc_auc_comparison AS (
	auc_a           double precision,
	auc_b           double precision,
	difference      double precision,
	standard_error  double precision,
	difference_low  double precision,
	difference_high double precision,
	p_value         double precision,
	n_negative      bigint,
	n_positive      bigint,
	method          text
);
COMMENT ON TYPE monitor.roc_auc_comparison IS
	'Two areas under ROC curves over the same rows';
COMMENT ON COLUMN monitor.roc_auc_comparison.auc_a IS 'Area under the ROC curve of the first score';
COMMENT ON COLUMN monitor.roc_auc_comparison.auc_b IS 'Area under the ROC curve of the second score';
COMMENT ON COLUMN monitor.roc_auc_comparison.difference IS 'auc_a less auc_b';
COMMENT ON COLUMN monitor.roc_auc_comparison.standard_error IS 'Standard error of the difference, which knows that both are from the same rows; NULL with one row in a class';
COMMENT ON COLUMN monitor.roc_auc_comparison.difference_low IS 'Lower bound of the 95 % confidence interval of the difference';
COMMENT ON COLUMN monitor.roc_auc_comparison.difference_high IS 'Upper bound of the 95 % confidence interval of the difference';
COMMENT ON COLUMN monitor.roc_auc_comparison.p_value IS 'Two-sided p-value of the hypothesis that both areas are equal';
COMMENT ON COLUMN monitor.roc_auc_comparison.n_negative IS 'Rows with a negative label that were used';
COMMENT ON COLUMN monitor.roc_auc_comparison.n_positive IS 'Rows with a positive label that were used';
COMMENT ON COLUMN monitor.roc_auc_comparison.method IS 'How the p-value was computed';

-- ---- inference ----

CREATE FUNCTION monitor._roc_auc_test(internal) RETURNS monitor.roc_auc_result
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_test_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_auc_test(internal) IS 'final: roc_auc_test';

CREATE AGGREGATE monitor.roc_auc_test(score double precision, label boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_auc_test,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_test(score double precision, label boolean) IS
	'Area under the ROC curve with standard error (DeLong), 95 % interval (logit scale) and p against 0.5';

CREATE AGGREGATE monitor.roc_auc_test(score double precision, label integer) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_auc_test,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_test(score double precision, label integer) IS
	'Area under the ROC curve with standard error (DeLong), 95 % interval (logit scale) and p against 0.5, label 0 or 1';

CREATE AGGREGATE monitor.roc_auc_test(score double precision, label text, positive text) (
	SFUNC = monitor._score_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._roc_auc_test,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_test(score double precision, label text, positive text) IS
	'Area under the ROC curve with standard error (DeLong), 95 % interval (logit scale) and p against 0.5, positive class by name';

CREATE FUNCTION monitor.roc_auc_test(score double precision[], label boolean[]) RETURNS monitor.roc_auc_result
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_test_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_test(score double precision[], label boolean[]) IS 'Area under the ROC curve with standard error (DeLong), 95 % interval (logit scale) and p against 0.5, over arrays';

CREATE FUNCTION monitor.roc_auc_test(score double precision[], label integer[]) RETURNS monitor.roc_auc_result
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_test_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_test(score double precision[], label integer[]) IS 'Area under the ROC curve with standard error (DeLong), 95 % interval (logit scale) and p against 0.5, over arrays, label 0 or 1';

CREATE FUNCTION monitor._roc_auc_compare(internal) RETURNS monitor.roc_auc_comparison
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_compare_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_auc_compare(internal) IS 'final: roc_auc_compare';

CREATE AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label boolean) (
	SFUNC = monitor._two_scores_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_compare,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label boolean) IS
	'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (DeLong)';

CREATE AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label integer) (
	SFUNC = monitor._two_scores_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_compare,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label integer) IS
	'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (DeLong), label 0 or 1';

CREATE AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label text, positive text) (
	SFUNC = monitor._two_scores_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_compare,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label text, positive text) IS
	'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (DeLong), positive class by name';

CREATE FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label boolean[]) RETURNS monitor.roc_auc_comparison
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_compare_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label boolean[]) IS 'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (DeLong), over arrays';

CREATE FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label integer[]) RETURNS monitor.roc_auc_comparison
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_compare_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label integer[]) IS 'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (DeLong), over arrays, label 0 or 1';
