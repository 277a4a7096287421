--
-- Weighted forms of metrics whose other forms are in 23, 20_scores_tests and 28: they came
-- with 0.3.0, and are part of the step to it (UPDATE_PARTS).
--
-- So did integers and text as the relevance of ranked rows.
--
-- The weight comes last; a row whose weight is NULL or NaN is left out, a negative or infinite
-- one is an error.
--

COMMENT ON COLUMN monitor.roc_auc_result.standard_error IS 'Standard error of DeLong, with weights of the jackknife; NULL with one row in a class';
COMMENT ON COLUMN monitor.roc_auc_result.p_value IS 'Two-sided p-value of the hypothesis that the area is 0.5; NULL, as the interval, with weights but no variance';

-- ---- differences between groups ----

COMMENT ON COLUMN monitor.group_difference.low IS 'Lower 95 % confidence limit of the difference; below 0: the groups may be equal; NULL where squares of weights leave the range of doubles';

CREATE FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_fairness_accum_weighted' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray, double precision) IS 'transition: count a predicted and a true class of a group, with a weight';

CREATE FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray, text, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_fairness_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray, text, double precision) IS 'transition: count a predicted and a true class of a group, for a positive class, with a weight';

CREATE AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._demographic_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) IS
	'Difference between groups in the share of positive predictions, weighted';

CREATE AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._demographic_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) IS
	'Difference between groups in the share of positive predictions; the positive class is named; weighted';

CREATE AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._equal_opportunity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) IS
	'Difference between groups in the true positive rate (recall), weighted';

CREATE AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._equal_opportunity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) IS
	'Difference between groups in the true positive rate (recall); the positive class is named; weighted';

CREATE AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._predictive_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) IS
	'Difference between groups in the precision of positive predictions, weighted';

CREATE AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._predictive_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) IS
	'Difference between groups in the precision of positive predictions; the positive class is named; weighted';

CREATE AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._predictive_equality_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, weight double precision) IS
	'Difference between groups in the false positive rate, weighted';

CREATE AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 16384, FINALFUNC = monitor._predictive_equality_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text, weight double precision) IS
	'Difference between groups in the false positive rate; the positive class is named; weighted';

-- ---- ranked lists: a weight is what it is worth to find a relevant row ----

CREATE FUNCTION monitor._ranking_accum(internal, double precision, double precision, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_weighted' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, double precision, integer, double precision) IS 'transition: add a score and its relevance with a weight, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, boolean, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_boolean_weighted' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, boolean, integer, double precision) IS 'transition: add a score and its mark of relevance with a weight, for the first k rows';

CREATE AGGREGATE monitor.ndcg(score double precision, relevance double precision, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevance double precision, k integer, weight double precision) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows (NULL: all), relevance times weight';

CREATE AGGREGATE monitor.ndcg(score double precision, relevant boolean, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevant boolean, k integer, weight double precision) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows (NULL: all), relevant rows weighted';

CREATE FUNCTION monitor._precision_at_k_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_precision_at_k_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._precision_at_k_weighted(internal) IS 'final: precision_at_k of ranked rows with weights';

CREATE AGGREGATE monitor.precision_at_k(score double precision, relevant boolean, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, relevant boolean, k integer, weight double precision) IS
	'Weight of the relevant rows among the first k, over the most there can be: that of the k heaviest';

CREATE FUNCTION monitor._average_precision_at_k_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_at_k_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._average_precision_at_k_weighted(internal) IS 'final: average_precision_at_k of ranked rows with weights';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, relevant boolean, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, relevant boolean, k integer, weight double precision) IS
	'Sum over the relevant rows among the first k (NULL: all) of weight times precision at their rank, over the weight of the k heaviest';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, boolean, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_boolean_worth' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, boolean, double precision) IS 'transition: add a score and its mark of relevance with a weight, for the whole list';

CREATE FUNCTION monitor._reciprocal_rank_weighted(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_reciprocal_rank_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._reciprocal_rank_weighted(internal) IS 'final: reciprocal_rank of ranked rows with weights';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, relevant boolean, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, relevant boolean, weight double precision) IS
	'Weight of the first relevant row over its rank, over the highest weight of a relevant row; NULL where no row is relevant';

-- ---- ranked lists: relevance as 0 or 1, or as text with the positive class named ----

CREATE FUNCTION monitor._ranking_accum(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, integer) IS 'transition: add a score with label 0 or 1';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, integer, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, integer, integer) IS 'transition: add a score with label 0 or 1, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, integer, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_integer_weighted' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, integer, integer, double precision) IS 'transition: add a score with label 0 or 1 and a weight, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_integer_worth' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, integer, double precision) IS 'transition: add a score with label 0 or 1 and a weight, for the whole list';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, text, text) IS 'transition: add a score with a label and the name of the positive class';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, text, text, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, text, text, integer) IS 'transition: add a score with a label and the name of the positive class, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, text, text, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_text_weighted' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, text, text, integer, double precision) IS 'transition: add a score with a label and the name of the positive class and a weight, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, text, text, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_text_worth' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, text, text, double precision) IS 'transition: add a score with a label and the name of the positive class and a weight, for the whole list';

CREATE AGGREGATE monitor.ndcg(score double precision, label text, positive text) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, label text, positive text) IS
	'Normalised discounted cumulative gain of a ranked list, positive class by name';

CREATE AGGREGATE monitor.ndcg(score double precision, label text, positive text, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, label text, positive text, k integer) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows, positive class by name';

CREATE AGGREGATE monitor.ndcg(score double precision, label text, positive text, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, label text, positive text, k integer, weight double precision) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows (NULL: all), positive class by name, relevant rows weighted';

CREATE AGGREGATE monitor.precision_at_k(score double precision, label integer, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, label integer, k integer) IS
	'Relevant rows among the first k, over the most there can be: min(k, all relevant rows); label 0 or 1';

CREATE AGGREGATE monitor.precision_at_k(score double precision, label integer, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, label integer, k integer, weight double precision) IS
	'Weight of the relevant rows among the first k, over the most there can be: that of the k heaviest; label 0 or 1';

CREATE AGGREGATE monitor.precision_at_k(score double precision, label text, positive text, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, label text, positive text, k integer) IS
	'Relevant rows among the first k, over the most there can be: min(k, all relevant rows); positive class by name';

CREATE AGGREGATE monitor.precision_at_k(score double precision, label text, positive text, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, label text, positive text, k integer, weight double precision) IS
	'Weight of the relevant rows among the first k, over the most there can be: that of the k heaviest; positive class by name';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, label integer, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, label integer, k integer) IS
	'Mean precision at the ranks of the relevant rows among the first k, over min(k, all relevant rows); label 0 or 1';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, label integer, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, label integer, k integer, weight double precision) IS
	'Sum over the relevant rows among the first k (NULL: all) of weight times precision at their rank, over the weight of the k heaviest; label 0 or 1';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, label text, positive text, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, label text, positive text, k integer) IS
	'Mean precision at the ranks of the relevant rows among the first k, over min(k, all relevant rows); positive class by name';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, label text, positive text, k integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, label text, positive text, k integer, weight double precision) IS
	'Sum over the relevant rows among the first k (NULL: all) of weight times precision at their rank, over the weight of the k heaviest; positive class by name';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, label integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, label integer) IS
	'1 over the rank of the first relevant row; label 0 or 1';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, label integer, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, label integer, weight double precision) IS
	'Weight of the first relevant row over its rank, over the highest weight of a relevant row; label 0 or 1';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, label text, positive text) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, label text, positive text) IS
	'1 over the rank of the first relevant row; positive class by name';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank_weighted,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, label text, positive text, weight double precision) IS
	'Weight of the first relevant row over its rank, over the highest weight of a relevant row; positive class by name';

-- ---- inference about the area under the ROC curve ----

CREATE FUNCTION monitor._roc_auc_test_weighted(internal) RETURNS monitor.roc_auc_result
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_test_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_auc_test_weighted(internal) IS 'final: roc_auc_test with weights';

CREATE AGGREGATE monitor.roc_auc_test(score double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_test_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_test(score double precision, label boolean, weight double precision) IS
	'Area under the ROC curve with standard error (jackknife), 95 % interval (logit scale) and p against 0.5, weighted';

CREATE AGGREGATE monitor.roc_auc_test(score double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_test_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_test(score double precision, label integer, weight double precision) IS
	'Area under the ROC curve with standard error (jackknife), 95 % interval (logit scale) and p against 0.5, label 0 or 1, weighted';

CREATE AGGREGATE monitor.roc_auc_test(score double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._roc_auc_test_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_test(score double precision, label text, positive text, weight double precision) IS
	'Area under the ROC curve with standard error (jackknife), 95 % interval (logit scale) and p against 0.5, positive class by name, weighted';

CREATE FUNCTION monitor.roc_auc_test(score double precision[], label boolean[], weight double precision[]) RETURNS monitor.roc_auc_result
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_test_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_test(score double precision[], label boolean[], weight double precision[]) IS 'Area under the ROC curve with standard error (jackknife), 95 % interval (logit scale) and p against 0.5, over arrays, weighted';

CREATE FUNCTION monitor.roc_auc_test(score double precision[], label integer[], weight double precision[]) RETURNS monitor.roc_auc_result
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_test_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_test(score double precision[], label integer[], weight double precision[]) IS 'Area under the ROC curve with standard error (jackknife), 95 % interval (logit scale) and p against 0.5, over arrays, label 0 or 1, weighted';

CREATE FUNCTION monitor._weighted_two_scores_accum(internal, double precision, double precision, boolean, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_weighted_two_scores_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._weighted_two_scores_accum(internal, double precision, double precision, boolean, double precision) IS 'transition: add two scores of a row with its label and weight';

CREATE FUNCTION monitor._weighted_two_scores_accum(internal, double precision, double precision, integer, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_weighted_two_scores_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._weighted_two_scores_accum(internal, double precision, double precision, integer, double precision) IS 'transition: add two scores of a row with label 0 or 1 and a weight';

CREATE FUNCTION monitor._weighted_two_scores_accum(internal, double precision, double precision, text, text, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_weighted_two_scores_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._weighted_two_scores_accum(internal, double precision, double precision, text, text, double precision) IS 'transition: add two scores of a row with a label, the name of the positive class and a weight';

CREATE FUNCTION monitor._roc_auc_compare_weighted(internal) RETURNS monitor.roc_auc_comparison
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_compare_weighted_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._roc_auc_compare_weighted(internal) IS 'final: roc_auc_compare with weights';

CREATE AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label boolean, weight double precision) (
	SFUNC = monitor._weighted_two_scores_accum, STYPE = internal, SSPACE = 2600, FINALFUNC = monitor._roc_auc_compare_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label boolean, weight double precision) IS
	'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (jackknife), weighted';

CREATE AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label integer, weight double precision) (
	SFUNC = monitor._weighted_two_scores_accum, STYPE = internal, SSPACE = 2600, FINALFUNC = monitor._roc_auc_compare_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label integer, weight double precision) IS
	'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (jackknife), label 0 or 1, weighted';

CREATE AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label text, positive text, weight double precision) (
	SFUNC = monitor._weighted_two_scores_accum, STYPE = internal, SSPACE = 2600, FINALFUNC = monitor._roc_auc_compare_weighted,
	COMBINEFUNC = monitor._pair_combine, SERIALFUNC = monitor._pair_serialize,
	DESERIALFUNC = monitor._pair_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.roc_auc_compare(score_a double precision, score_b double precision, label text, positive text, weight double precision) IS
	'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (jackknife), positive class by name, weighted';

CREATE FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label boolean[], weight double precision[]) RETURNS monitor.roc_auc_comparison
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_compare_weighted_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label boolean[], weight double precision[]) IS 'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (jackknife), over arrays, weighted';

CREATE FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label integer[], weight double precision[]) RETURNS monitor.roc_auc_comparison
	AS 'MODULE_PATHNAME', 'monitor_roc_auc_compare_weighted_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc_compare(score_a double precision[], score_b double precision[], label integer[], weight double precision[]) IS 'Two areas under ROC curves over the same rows (champion and challenger): difference, standard error, 95 % interval and p (jackknife), over arrays, label 0 or 1, weighted';
