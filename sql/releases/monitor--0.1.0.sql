\echo Use "CREATE EXTENSION monitor" to load this file. \quit

-- The schema holds names that analysts call; reading and computing is for all.
GRANT USAGE ON SCHEMA monitor TO PUBLIC;
COMMENT ON SCHEMA monitor IS 'Machine-learning monitoring: drift, performance, alerts and their record';

CREATE TYPE monitor.test_result AS (
	statistic      double precision,
	statistic_low  double precision,
	statistic_high double precision,
	p_value        double precision,
	effect_size    double precision,
	df             double precision,
	n_reference    bigint,
	n_current      bigint,
	method         text
);
COMMENT ON TYPE monitor.test_result IS
	'Result of comparing a reference with a current sample; low = high = statistic where the number is exact';
COMMENT ON COLUMN monitor.test_result.statistic IS 'The statistic; of two profiles its certified lower bound';
COMMENT ON COLUMN monitor.test_result.statistic_low IS 'Certified lower bound of the statistic over the rows';
COMMENT ON COLUMN monitor.test_result.statistic_high IS 'Certified upper bound of the statistic over the rows';
COMMENT ON COLUMN monitor.test_result.p_value IS 'Probability of a statistic at least as large without drift; NULL for a distance';
COMMENT ON COLUMN monitor.test_result.effect_size IS 'How large the change is, whatever the number of rows (which measure: see the statistic)';
COMMENT ON COLUMN monitor.test_result.df IS 'Degrees of freedom, where the test has any';
COMMENT ON COLUMN monitor.test_result.n_reference IS 'Rows of the reference sample that were compared (neither NULL nor NaN)';
COMMENT ON COLUMN monitor.test_result.n_current IS 'Rows of the current sample that were compared (neither NULL nor NaN)';
COMMENT ON COLUMN monitor.test_result.method IS 'How the p-value or the bounds were computed';

CREATE TYPE monitor.drift_bin AS (
	bin             integer,
	lower           double precision,
	upper           double precision,
	category        text,
	n_reference     bigint,
	n_current       bigint,
	share_reference double precision,
	share_current   double precision,
	psi             double precision
);
COMMENT ON TYPE monitor.drift_bin IS
	'One cell behind PSI: the values with lower < value <= upper; the single value where lower = upper; or a category';
COMMENT ON COLUMN monitor.drift_bin.bin IS 'Number of the bin, from 1';
COMMENT ON COLUMN monitor.drift_bin.lower IS 'Lower bound, excluded unless lower = upper; NULL for a category';
COMMENT ON COLUMN monitor.drift_bin.upper IS 'Upper bound, included unless the next bin is this single value; NULL for a category';
COMMENT ON COLUMN monitor.drift_bin.category IS 'The category; (rare), (other) and (unseen) stand for merged ones; NULL for numbers';
COMMENT ON COLUMN monitor.drift_bin.n_reference IS 'Reference rows in the bin';
COMMENT ON COLUMN monitor.drift_bin.n_current IS 'Current rows in the bin';
COMMENT ON COLUMN monitor.drift_bin.share_reference IS 'n_reference over all reference rows';
COMMENT ON COLUMN monitor.drift_bin.share_current IS 'n_current over all current rows';
COMMENT ON COLUMN monitor.drift_bin.psi IS 'What the bin adds to PSI';
--
-- Drift statistics over rows and over arrays.
--
-- Two-sample shape: (value, is_current boolean), false for the reference, true
-- for the current sample; rows with a NULL flag are left out, NULL and NaN values
-- are missing.  An empty side gives NULL.
--

-- ---- states ----

CREATE FUNCTION monitor._sample_accum(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_sample_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._sample_accum(internal, double precision, boolean) IS 'transition: add a number to one of two samples';

CREATE FUNCTION monitor._sample_accum(internal, double precision, boolean, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_sample_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._sample_accum(internal, double precision, boolean, integer) IS 'transition: add a number to one of two samples, for a number of bins';

CREATE FUNCTION monitor._sample_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_sample_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._sample_combine(internal, internal) IS 'combine two states of numeric samples';

CREATE FUNCTION monitor._sample_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_sample_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._sample_serialize(internal) IS 'send a state of numeric samples to the leader';

CREATE FUNCTION monitor._sample_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_sample_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._sample_deserialize(bytea, internal) IS 'receive a state of numeric samples';

CREATE FUNCTION monitor._category_accum(internal, text, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_category_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._category_accum(internal, text, boolean) IS 'transition: count a category in one of two samples';

CREATE FUNCTION monitor._category_accum(internal, anynonarray, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_category_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._category_accum(internal, anynonarray, boolean) IS 'transition: count a category of any type in one of two samples';

CREATE FUNCTION monitor._category_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_category_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._category_combine(internal, internal) IS 'combine two states of categorical samples';

CREATE FUNCTION monitor._category_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_category_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._category_serialize(internal) IS 'send a state of categorical samples to the leader';

CREATE FUNCTION monitor._category_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_category_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._category_deserialize(bytea, internal) IS 'receive a state of categorical samples';

CREATE FUNCTION monitor._refuse_categories(double precision, anynonarray, boolean) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_refuse_categories' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._refuse_categories(double precision, anynonarray, boolean) IS 'transition: refuse anything but numbers, with a hint';

CREATE FUNCTION monitor._refuse_result(double precision) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_refuse_categories' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._refuse_result(double precision) IS 'final: refuse anything but numbers, even of no rows';

CREATE FUNCTION monitor._refuse_number(double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_refuse_categories' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._refuse_number(double precision) IS 'final: refuse anything but numbers, even of no rows';

-- ---- statistics of numbers ----

CREATE FUNCTION monitor._ks_stat(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_ks_stat_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ks_stat(internal) IS 'final: ks_stat of two samples of numbers';

CREATE AGGREGATE monitor.ks_stat(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._ks_stat,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ks_stat(value double precision, is_current boolean) IS
	'Two-sample Kolmogorov-Smirnov test, exact statistic (two-sided; effect size: D)';

CREATE AGGREGATE monitor.ks_stat(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_result
);
COMMENT ON AGGREGATE monitor.ks_stat(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.ks_stat(reference double precision[], current double precision[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_ks_stat_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_stat(reference double precision[], current double precision[]) IS 'Two-sample Kolmogorov-Smirnov test, exact statistic (two-sided; effect size: D), over two arrays';

CREATE FUNCTION monitor._cramer_von_mises(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_cramer_von_mises_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._cramer_von_mises(internal) IS 'final: cramer_von_mises of two samples of numbers';

CREATE AGGREGATE monitor.cramer_von_mises(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._cramer_von_mises,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.cramer_von_mises(value double precision, is_current boolean) IS
	'Two-sample Cramer-von Mises test (effect size: the statistic)';

CREATE AGGREGATE monitor.cramer_von_mises(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_result
);
COMMENT ON AGGREGATE monitor.cramer_von_mises(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.cramer_von_mises(reference double precision[], current double precision[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_cramer_von_mises_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.cramer_von_mises(reference double precision[], current double precision[]) IS 'Two-sample Cramer-von Mises test (effect size: the statistic), over two arrays';

CREATE FUNCTION monitor._anderson_darling(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_anderson_darling_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._anderson_darling(internal) IS 'final: anderson_darling of two samples of numbers';

CREATE AGGREGATE monitor.anderson_darling(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._anderson_darling,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.anderson_darling(value double precision, is_current boolean) IS
	'Two-sample Anderson-Darling test with midranks; p between 0.001 and 0.25 (effect size: the statistic)';

CREATE AGGREGATE monitor.anderson_darling(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_result
);
COMMENT ON AGGREGATE monitor.anderson_darling(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.anderson_darling(reference double precision[], current double precision[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_anderson_darling_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.anderson_darling(reference double precision[], current double precision[]) IS 'Two-sample Anderson-Darling test with midranks; p between 0.001 and 0.25 (effect size: the statistic), over two arrays';

CREATE FUNCTION monitor._mann_whitney(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_mann_whitney_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._mann_whitney(internal) IS 'final: mann_whitney of two samples of numbers';

CREATE AGGREGATE monitor.mann_whitney(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._mann_whitney,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mann_whitney(value double precision, is_current boolean) IS
	'Mann-Whitney U test, two-sided with tie and continuity correction (effect size: P(current > reference) + half the ties - 1/2)';

CREATE AGGREGATE monitor.mann_whitney(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_result
);
COMMENT ON AGGREGATE monitor.mann_whitney(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.mann_whitney(reference double precision[], current double precision[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_mann_whitney_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mann_whitney(reference double precision[], current double precision[]) IS 'Mann-Whitney U test, two-sided with tie and continuity correction (effect size: P(current > reference) + half the ties - 1/2), over two arrays';

CREATE FUNCTION monitor._welch_t(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_welch_t_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._welch_t(internal) IS 'final: welch_t of two samples of numbers';

CREATE AGGREGATE monitor.welch_t(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._welch_t,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.welch_t(value double precision, is_current boolean) IS
	'Welch t-test, unequal variances (effect size: Hedges g, current less reference)';

CREATE AGGREGATE monitor.welch_t(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_result
);
COMMENT ON AGGREGATE monitor.welch_t(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.welch_t(reference double precision[], current double precision[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_welch_t_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.welch_t(reference double precision[], current double precision[]) IS 'Welch t-test, unequal variances (effect size: Hedges g, current less reference), over two arrays';

CREATE FUNCTION monitor._wasserstein_distance(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_wasserstein_distance_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._wasserstein_distance(internal) IS 'final: wasserstein_distance of two samples of numbers';

CREATE AGGREGATE monitor.wasserstein_distance(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._wasserstein_distance,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.wasserstein_distance(value double precision, is_current boolean) IS
	'First Wasserstein (earth mover) distance in units of the value';

CREATE AGGREGATE monitor.wasserstein_distance(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_number
);
COMMENT ON AGGREGATE monitor.wasserstein_distance(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.wasserstein_distance(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_wasserstein_distance_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.wasserstein_distance(reference double precision[], current double precision[]) IS 'First Wasserstein (earth mover) distance in units of the value, over two arrays';

CREATE FUNCTION monitor._energy_distance(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_energy_distance_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._energy_distance(internal) IS 'final: energy_distance of two samples of numbers';

CREATE AGGREGATE monitor.energy_distance(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._energy_distance,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.energy_distance(value double precision, is_current boolean) IS
	'Energy distance (square root form)';

CREATE AGGREGATE monitor.energy_distance(value anynonarray, is_current boolean) (
	SFUNC = monitor._refuse_categories, STYPE = double precision,
	FINALFUNC = monitor._refuse_number
);
COMMENT ON AGGREGATE monitor.energy_distance(value anynonarray, is_current boolean) IS
	'Refuses values that are no numbers, and says what to use for them';

CREATE FUNCTION monitor.energy_distance(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_energy_distance_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.energy_distance(reference double precision[], current double precision[]) IS 'Energy distance (square root form), over two arrays';

-- ---- statistics over cells: numbers in PSI's cells, or categories ----

CREATE FUNCTION monitor._psi(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_psi_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._psi(internal) IS 'final: psi of two samples of numbers';

CREATE AGGREGATE monitor.psi(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._psi,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi(value double precision, is_current boolean) IS
	'Population stability index over the cells of the reference (10 bins), of numbers';

CREATE AGGREGATE monitor.psi(value double precision, is_current boolean, bins integer) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._psi,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi(value double precision, is_current boolean, bins integer) IS
	'Population stability index over the cells of the reference, of numbers, in this many bins';

CREATE FUNCTION monitor.psi(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_psi_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi(reference double precision[], current double precision[]) IS 'Population stability index over the cells of the reference (10 bins), over two arrays of numbers';

CREATE FUNCTION monitor.psi(reference double precision[], current double precision[], bins integer) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_psi_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi(reference double precision[], current double precision[], bins integer) IS 'Population stability index over the cells of the reference, over two arrays of numbers, in this many bins';

CREATE FUNCTION monitor._psi_categories(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_psi_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._psi_categories(internal) IS 'final: psi of two samples of categories';

CREATE AGGREGATE monitor.psi(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._psi_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi(value text, is_current boolean) IS
	'Population stability index over the cells of the reference (10 bins), of categories';

CREATE AGGREGATE monitor.psi(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._psi_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi(value anynonarray, is_current boolean) IS
	'Population stability index over the cells of the reference (10 bins), of categories of any type';

CREATE FUNCTION monitor.psi(reference text[], current text[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_psi_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi(reference text[], current text[]) IS 'Population stability index over the cells of the reference (10 bins), over two arrays of categories';

CREATE FUNCTION monitor._psi_test(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._psi_test(internal) IS 'final: psi_test of two samples of numbers';

CREATE AGGREGATE monitor.psi_test(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._psi_test,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi_test(value double precision, is_current boolean) IS
	'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), of numbers';

CREATE AGGREGATE monitor.psi_test(value double precision, is_current boolean, bins integer) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._psi_test,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi_test(value double precision, is_current boolean, bins integer) IS
	'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), of numbers, in this many bins';

CREATE FUNCTION monitor.psi_test(reference double precision[], current double precision[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi_test(reference double precision[], current double precision[]) IS 'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), over two arrays of numbers';

CREATE FUNCTION monitor.psi_test(reference double precision[], current double precision[], bins integer) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi_test(reference double precision[], current double precision[], bins integer) IS 'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), over two arrays of numbers, in this many bins';

CREATE FUNCTION monitor._psi_test_categories(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._psi_test_categories(internal) IS 'final: psi_test of two samples of categories';

CREATE AGGREGATE monitor.psi_test(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._psi_test_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi_test(value text, is_current boolean) IS
	'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), of categories';

CREATE AGGREGATE monitor.psi_test(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._psi_test_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.psi_test(value anynonarray, is_current boolean) IS
	'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), of categories of any type';

CREATE FUNCTION monitor.psi_test(reference text[], current text[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi_test(reference text[], current text[]) IS 'Population stability index with its chi-square p-value (effect size: PSI less what no drift would give), over two arrays of categories';

CREATE FUNCTION monitor._drift_bins(internal) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_drift_bins_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._drift_bins(internal) IS 'final: drift_bins of two samples of numbers';

CREATE AGGREGATE monitor.drift_bins(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._drift_bins,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.drift_bins(value double precision, is_current boolean) IS
	'The cells behind psi, as an array to unnest, of numbers';

CREATE AGGREGATE monitor.drift_bins(value double precision, is_current boolean, bins integer) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._drift_bins,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.drift_bins(value double precision, is_current boolean, bins integer) IS
	'The cells behind psi, as an array to unnest, of numbers, in this many bins';

CREATE FUNCTION monitor.drift_bins(reference double precision[], current double precision[]) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_drift_bins_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.drift_bins(reference double precision[], current double precision[]) IS 'The cells behind psi, as an array to unnest, over two arrays of numbers';

CREATE FUNCTION monitor.drift_bins(reference double precision[], current double precision[], bins integer) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_drift_bins_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.drift_bins(reference double precision[], current double precision[], bins integer) IS 'The cells behind psi, as an array to unnest, over two arrays of numbers, in this many bins';

CREATE FUNCTION monitor._drift_bins_categories(internal) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_drift_bins_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._drift_bins_categories(internal) IS 'final: drift_bins of two samples of categories';

CREATE AGGREGATE monitor.drift_bins(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._drift_bins_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.drift_bins(value text, is_current boolean) IS
	'The cells behind psi, as an array to unnest, of categories';

CREATE AGGREGATE monitor.drift_bins(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._drift_bins_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.drift_bins(value anynonarray, is_current boolean) IS
	'The cells behind psi, as an array to unnest, of categories of any type';

CREATE FUNCTION monitor.drift_bins(reference text[], current text[]) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_drift_bins_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.drift_bins(reference text[], current text[]) IS 'The cells behind psi, as an array to unnest, over two arrays of categories';

CREATE FUNCTION monitor._js_distance(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_js_distance_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._js_distance(internal) IS 'final: js_distance of two samples of numbers';

CREATE AGGREGATE monitor.js_distance(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._js_distance,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.js_distance(value double precision, is_current boolean) IS
	'Jensen-Shannon distance, base 2, between 0 and 1, of numbers';

CREATE FUNCTION monitor.js_distance(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_js_distance_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.js_distance(reference double precision[], current double precision[]) IS 'Jensen-Shannon distance, base 2, between 0 and 1, over two arrays of numbers';

CREATE FUNCTION monitor._js_distance_categories(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_js_distance_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._js_distance_categories(internal) IS 'final: js_distance of two samples of categories';

CREATE AGGREGATE monitor.js_distance(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._js_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.js_distance(value text, is_current boolean) IS
	'Jensen-Shannon distance, base 2, between 0 and 1, of categories';

CREATE AGGREGATE monitor.js_distance(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._js_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.js_distance(value anynonarray, is_current boolean) IS
	'Jensen-Shannon distance, base 2, between 0 and 1, of categories of any type';

CREATE FUNCTION monitor.js_distance(reference text[], current text[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_js_distance_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.js_distance(reference text[], current text[]) IS 'Jensen-Shannon distance, base 2, between 0 and 1, over two arrays of categories';

CREATE FUNCTION monitor._hellinger_distance(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_hellinger_distance_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hellinger_distance(internal) IS 'final: hellinger_distance of two samples of numbers';

CREATE AGGREGATE monitor.hellinger_distance(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._hellinger_distance,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.hellinger_distance(value double precision, is_current boolean) IS
	'Hellinger distance, between 0 and 1, of numbers';

CREATE FUNCTION monitor.hellinger_distance(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_hellinger_distance_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.hellinger_distance(reference double precision[], current double precision[]) IS 'Hellinger distance, between 0 and 1, over two arrays of numbers';

CREATE FUNCTION monitor._hellinger_distance_categories(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_hellinger_distance_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hellinger_distance_categories(internal) IS 'final: hellinger_distance of two samples of categories';

CREATE AGGREGATE monitor.hellinger_distance(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._hellinger_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.hellinger_distance(value text, is_current boolean) IS
	'Hellinger distance, between 0 and 1, of categories';

CREATE AGGREGATE monitor.hellinger_distance(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._hellinger_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.hellinger_distance(value anynonarray, is_current boolean) IS
	'Hellinger distance, between 0 and 1, of categories of any type';

CREATE FUNCTION monitor.hellinger_distance(reference text[], current text[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_hellinger_distance_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.hellinger_distance(reference text[], current text[]) IS 'Hellinger distance, between 0 and 1, over two arrays of categories';

CREATE FUNCTION monitor._tv_distance(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_tv_distance_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._tv_distance(internal) IS 'final: tv_distance of two samples of numbers';

CREATE AGGREGATE monitor.tv_distance(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._tv_distance,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.tv_distance(value double precision, is_current boolean) IS
	'Total variation distance, between 0 and 1, of numbers';

CREATE FUNCTION monitor.tv_distance(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_tv_distance_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.tv_distance(reference double precision[], current double precision[]) IS 'Total variation distance, between 0 and 1, over two arrays of numbers';

CREATE FUNCTION monitor._tv_distance_categories(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_tv_distance_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._tv_distance_categories(internal) IS 'final: tv_distance of two samples of categories';

CREATE AGGREGATE monitor.tv_distance(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._tv_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.tv_distance(value text, is_current boolean) IS
	'Total variation distance, between 0 and 1, of categories';

CREATE AGGREGATE monitor.tv_distance(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._tv_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.tv_distance(value anynonarray, is_current boolean) IS
	'Total variation distance, between 0 and 1, of categories of any type';

CREATE FUNCTION monitor.tv_distance(reference text[], current text[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_tv_distance_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.tv_distance(reference text[], current text[]) IS 'Total variation distance, between 0 and 1, over two arrays of categories';

CREATE FUNCTION monitor._l_infinity_distance(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_l_infinity_distance_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._l_infinity_distance(internal) IS 'final: l_infinity_distance of two samples of numbers';

CREATE AGGREGATE monitor.l_infinity_distance(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._l_infinity_distance,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.l_infinity_distance(value double precision, is_current boolean) IS
	'Largest difference between two shares, of numbers';

CREATE FUNCTION monitor.l_infinity_distance(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_l_infinity_distance_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.l_infinity_distance(reference double precision[], current double precision[]) IS 'Largest difference between two shares, over two arrays of numbers';

CREATE FUNCTION monitor._l_infinity_distance_categories(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_l_infinity_distance_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._l_infinity_distance_categories(internal) IS 'final: l_infinity_distance of two samples of categories';

CREATE AGGREGATE monitor.l_infinity_distance(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._l_infinity_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.l_infinity_distance(value text, is_current boolean) IS
	'Largest difference between two shares, of categories';

CREATE AGGREGATE monitor.l_infinity_distance(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._l_infinity_distance_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.l_infinity_distance(value anynonarray, is_current boolean) IS
	'Largest difference between two shares, of categories of any type';

CREATE FUNCTION monitor.l_infinity_distance(reference text[], current text[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_l_infinity_distance_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.l_infinity_distance(reference text[], current text[]) IS 'Largest difference between two shares, over two arrays of categories';

CREATE FUNCTION monitor._kl_divergence(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_kl_divergence_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._kl_divergence(internal) IS 'final: kl_divergence of two samples of numbers';

CREATE AGGREGATE monitor.kl_divergence(value double precision, is_current boolean) (
	SFUNC = monitor._sample_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._kl_divergence,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.kl_divergence(value double precision, is_current boolean) IS
	'Kullback-Leibler divergence of the current from the reference sample, in nats, smoothed as PSI, of numbers';

CREATE FUNCTION monitor.kl_divergence(reference double precision[], current double precision[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_kl_divergence_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.kl_divergence(reference double precision[], current double precision[]) IS 'Kullback-Leibler divergence of the current from the reference sample, in nats, smoothed as PSI, over two arrays of numbers';

CREATE FUNCTION monitor._kl_divergence_categories(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_kl_divergence_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._kl_divergence_categories(internal) IS 'final: kl_divergence of two samples of categories';

CREATE AGGREGATE monitor.kl_divergence(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._kl_divergence_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.kl_divergence(value text, is_current boolean) IS
	'Kullback-Leibler divergence of the current from the reference sample, in nats, smoothed as PSI, of categories';

CREATE AGGREGATE monitor.kl_divergence(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._kl_divergence_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.kl_divergence(value anynonarray, is_current boolean) IS
	'Kullback-Leibler divergence of the current from the reference sample, in nats, smoothed as PSI, of categories of any type';

CREATE FUNCTION monitor.kl_divergence(reference text[], current text[]) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_kl_divergence_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.kl_divergence(reference text[], current text[]) IS 'Kullback-Leibler divergence of the current from the reference sample, in nats, smoothed as PSI, over two arrays of categories';

-- ---- statistics of categories ----

CREATE FUNCTION monitor._chi2_drift_categories(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_chi2_drift_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._chi2_drift_categories(internal) IS 'final: chi2_drift of two samples of categories';

CREATE AGGREGATE monitor.chi2_drift(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._chi2_drift_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.chi2_drift(value text, is_current boolean) IS
	'Pearson chi-square test of homogeneity (effect size: Cramer V), of categories';

CREATE AGGREGATE monitor.chi2_drift(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._chi2_drift_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.chi2_drift(value anynonarray, is_current boolean) IS
	'Pearson chi-square test of homogeneity (effect size: Cramer V), of categories of any type';

CREATE FUNCTION monitor.chi2_drift(reference text[], current text[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_chi2_drift_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.chi2_drift(reference text[], current text[]) IS 'Pearson chi-square test of homogeneity (effect size: Cramer V), over two arrays of categories';

CREATE FUNCTION monitor.chi2_drift(reference anyarray, current anyarray) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_chi2_drift_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.chi2_drift(reference anyarray, current anyarray) IS 'Pearson chi-square test of homogeneity (effect size: Cramer V), over two arrays of any type';

CREATE FUNCTION monitor._g_test_categories(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_g_test_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._g_test_categories(internal) IS 'final: g_test of two samples of categories';

CREATE AGGREGATE monitor.g_test(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._g_test_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.g_test(value text, is_current boolean) IS
	'Likelihood-ratio (G) test of homogeneity (effect size: square root of G/N), of categories';

CREATE AGGREGATE monitor.g_test(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._g_test_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.g_test(value anynonarray, is_current boolean) IS
	'Likelihood-ratio (G) test of homogeneity (effect size: square root of G/N), of categories of any type';

CREATE FUNCTION monitor.g_test(reference text[], current text[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_g_test_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.g_test(reference text[], current text[]) IS 'Likelihood-ratio (G) test of homogeneity (effect size: square root of G/N), over two arrays of categories';

CREATE FUNCTION monitor.g_test(reference anyarray, current anyarray) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_g_test_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.g_test(reference anyarray, current anyarray) IS 'Likelihood-ratio (G) test of homogeneity (effect size: square root of G/N), over two arrays of any type';

CREATE FUNCTION monitor._fisher_exact_categories(internal) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_fisher_exact_categories_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fisher_exact_categories(internal) IS 'final: fisher_exact of two samples of categories';

CREATE AGGREGATE monitor.fisher_exact(value text, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._fisher_exact_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.fisher_exact(value text, is_current boolean) IS
	'Fisher exact test of two categories, two-sided (statistic: odds ratio; effect size: its logarithm), of categories';

CREATE AGGREGATE monitor.fisher_exact(value anynonarray, is_current boolean) (
	SFUNC = monitor._category_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._fisher_exact_categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.fisher_exact(value anynonarray, is_current boolean) IS
	'Fisher exact test of two categories, two-sided (statistic: odds ratio; effect size: its logarithm), of categories of any type';

CREATE FUNCTION monitor.fisher_exact(reference text[], current text[]) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_fisher_exact_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.fisher_exact(reference text[], current text[]) IS 'Fisher exact test of two categories, two-sided (statistic: odds ratio; effect size: its logarithm), over two arrays of categories';

CREATE FUNCTION monitor.fisher_exact(reference anyarray, current anyarray) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_fisher_exact_categories_arrays' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.fisher_exact(reference anyarray, current anyarray) IS 'Fisher exact test of two categories, two-sided (statistic: odds ratio; effect size: its logarithm), over two arrays of any type';

-- ---- many hypotheses at once ----

CREATE FUNCTION monitor.adjust_p(p_values double precision[], method text) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'monitor_adjust_p' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.adjust_p(p_values double precision[], method text) IS 'p-values adjusted for their number by bh, by, holm or bonferroni; NULL stays NULL and does not count';

CREATE FUNCTION monitor.adjust_e(e_values double precision[]) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'monitor_adjust_e' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.adjust_e(e_values double precision[]) IS 'For each e-value the smallest level at which the e-BH procedure rejects it; NULL stays NULL and does not count';
--
-- Profiles: summaries that add, subtract and travel.
--

CREATE TYPE monitor.profile;
COMMENT ON TYPE monitor.profile IS
	'Counts of a sample in slots fixed by a reference: numbers around anchors, or categories';

CREATE FUNCTION monitor.profile_in(cstring) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.profile_out(monitor.profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.profile_out(monitor.profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.profile_recv(internal) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.profile_send(monitor.profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.profile_send(monitor.profile) IS 'binary output: the compact form';

CREATE TYPE monitor.profile (
	INPUT = monitor.profile_in, OUTPUT = monitor.profile_out,
	RECEIVE = monitor.profile_recv, SEND = monitor.profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE TYPE monitor.profile_bin AS (
	bin        integer,
	lower      double precision,
	upper      double precision,
	category   text,
	n          bigint,
	n_at_upper bigint,
	share      double precision
);
COMMENT ON TYPE monitor.profile_bin IS 'Rows with lower < value <= upper, or of a category, as a profile counts them';
COMMENT ON COLUMN monitor.profile_bin.bin IS 'Number of the bin, from 1';
COMMENT ON COLUMN monitor.profile_bin.lower IS 'Lower bound, excluded; NULL for a category';
COMMENT ON COLUMN monitor.profile_bin.upper IS 'Upper bound, included; NULL for a category';
COMMENT ON COLUMN monitor.profile_bin.category IS 'The category; (other) or (unseen) for unlisted ones; NULL for numbers';
COMMENT ON COLUMN monitor.profile_bin.n IS 'Rows in the bin';
COMMENT ON COLUMN monitor.profile_bin.n_at_upper IS 'Rows that equal the upper bound; NULL for a category';
COMMENT ON COLUMN monitor.profile_bin.share IS 'n over all rows that are not missing';

-- ---- making profiles ----

CREATE FUNCTION monitor._edges_accum(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_edges_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._edges_accum(internal, double precision, integer) IS 'transition: collect a number';

CREATE FUNCTION monitor._edges(internal) RETURNS double precision[]
	AS 'MODULE_PATHNAME', 'monitor_edges_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._edges(internal) IS 'final: anchors of a sample';

CREATE FUNCTION monitor._categories_accum(internal, text, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_categories_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._categories_accum(internal, text, integer) IS 'transition: count a category';

CREATE FUNCTION monitor._categories_accum(internal, anynonarray, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_categories_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._categories_accum(internal, anynonarray, integer) IS 'transition: count a category of any type';

CREATE FUNCTION monitor._categories(internal) RETURNS text[]
	AS 'MODULE_PATHNAME', 'monitor_categories_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._categories(internal) IS 'final: most frequent categories';

CREATE FUNCTION monitor._profile_accum(monitor.profile, double precision, double precision[]) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._profile_accum(monitor.profile, double precision, double precision[]) IS 'transition: count a number in place';

CREATE FUNCTION monitor._profile_accum(monitor.profile, text, text[]) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_accum_category' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._profile_accum(monitor.profile, text, text[]) IS 'transition: count a category in place';

CREATE FUNCTION monitor._profile_accum(monitor.profile, anynonarray, text[]) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_accum_category' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._profile_accum(monitor.profile, anynonarray, text[]) IS 'transition: count a category of any type in place';

CREATE FUNCTION monitor._profile_combine(monitor.profile, monitor.profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._profile_combine(monitor.profile, monitor.profile) IS 'add a profile to an aggregate state in place';

CREATE FUNCTION monitor._profile_final(monitor.profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._profile_final(monitor.profile) IS 'final: the compact form';

CREATE AGGREGATE monitor.profile_edges(value double precision, bins integer) (
	SFUNC = monitor._edges_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._edges,
	COMBINEFUNC = monitor._sample_combine, SERIALFUNC = monitor._sample_serialize,
	DESERIALFUNC = monitor._sample_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.profile_edges(value double precision, bins integer) IS
	'Anchors for profiles: the distinct values where there are at most bins (or 20), else the order statistics ceil(i n / bins); takes 1000 bins as a rule';

CREATE AGGREGATE monitor.profile_categories(value text, cap integer) (
	SFUNC = monitor._categories_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.profile_categories(value text, cap integer) IS
	'Categories for profiles: the most frequent ones, at most cap; a last NULL when there were more';

CREATE AGGREGATE monitor.profile_categories(value anynonarray, cap integer) (
	SFUNC = monitor._categories_accum, STYPE = internal, SSPACE = 1600, FINALFUNC = monitor._categories,
	COMBINEFUNC = monitor._category_combine, SERIALFUNC = monitor._category_serialize,
	DESERIALFUNC = monitor._category_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.profile_categories(value anynonarray, cap integer) IS
	'Categories for profiles: the most frequent ones, at most cap; a last NULL when there were more';

CREATE AGGREGATE monitor.profile(value double precision, edges double precision[]) (
	SFUNC = monitor._profile_accum, STYPE = monitor.profile, SSPACE = 26000,
	FINALFUNC = monitor._profile_final, COMBINEFUNC = monitor._profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.profile(value double precision, edges double precision[]) IS
	'Profile of numbers around the anchors of a reference (monitor.profile_edges)';

CREATE AGGREGATE monitor.profile(value text, categories text[]) (
	SFUNC = monitor._profile_accum, STYPE = monitor.profile, SSPACE = 4000,
	FINALFUNC = monitor._profile_final, COMBINEFUNC = monitor._profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.profile(value text, categories text[]) IS
	'Profile of categories; unlisted values count as unseen, or as other where the list ends with NULL';

CREATE AGGREGATE monitor.profile(value anynonarray, categories text[]) (
	SFUNC = monitor._profile_accum, STYPE = monitor.profile, SSPACE = 4000,
	FINALFUNC = monitor._profile_final, COMBINEFUNC = monitor._profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.profile(value anynonarray, categories text[]) IS
	'Profile of categories; unlisted values count as unseen, or as other where the list ends with NULL';

CREATE AGGREGATE monitor.rollup(profile monitor.profile) (
	SFUNC = monitor._profile_combine, STYPE = monitor.profile, SSPACE = 26000,
	FINALFUNC = monitor._profile_final, COMBINEFUNC = monitor._profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.profile) IS
	'Sum of profiles of disjoint rows';

-- ---- algebra ----

CREATE FUNCTION monitor.merge(a monitor.profile, b monitor.profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.profile, b monitor.profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.profile, b monitor.profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_minus' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.profile, b monitor.profile) IS 'Profile of the rows of a without those of b; minimum and maximum are then unknown';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.profile, RIGHTARG = monitor.profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.profile, monitor.profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.profile, RIGHTARG = monitor.profile
);
COMMENT ON OPERATOR monitor.- (monitor.profile, monitor.profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.profile, anchors monitor.profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_profile_attach_anchors' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.profile, anchors monitor.profile) IS 'A detached profile with the anchors of another of the same id';

-- ---- what can be read from one profile ----

CREATE FUNCTION monitor.num_rows(profile monitor.profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.profile) IS 'All rows, missing ones included';

CREATE FUNCTION monitor.num_missing(profile monitor.profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.profile) IS 'Rows that were NULL or NaN';

CREATE FUNCTION monitor.mean(profile monitor.profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_profile_mean_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mean(profile monitor.profile) IS 'Mean; NULL once the exact sums would have overflowed';

CREATE FUNCTION monitor.stddev(profile monitor.profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_profile_stddev_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.stddev(profile monitor.profile) IS 'Sample standard deviation; NULL once the exact sums would have overflowed';

CREATE FUNCTION monitor.min_value(profile monitor.profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_profile_min_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.min_value(profile monitor.profile) IS 'Smallest value; NULL after a subtraction';

CREATE FUNCTION monitor.max_value(profile monitor.profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_profile_max_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.max_value(profile monitor.profile) IS 'Largest value; NULL after a subtraction';

CREATE FUNCTION monitor.quantile(profile monitor.profile, fraction double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_profile_quantile_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.quantile(profile monitor.profile, fraction double precision) IS 'The value below which a fraction of the rows lies; exact at anchors, interpolated between them';

CREATE FUNCTION monitor.cdf(profile monitor.profile, x double precision) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_profile_cdf_value' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.cdf(profile monitor.profile, x double precision) IS 'Share of the rows that are at most x; exact at anchors, interpolated between them';

CREATE FUNCTION monitor.bins(profile monitor.profile) RETURNS monitor.profile_bin[]
	AS 'MODULE_PATHNAME', 'monitor_profile_bins' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.bins(profile monitor.profile) IS 'The counts, as an array to unnest';

CREATE FUNCTION monitor.sparkline(profile monitor.profile) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_profile_draw' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.sparkline(profile monitor.profile) IS 'The distribution as a line of blocks';

CREATE FUNCTION monitor.sparkline(profile monitor.profile, width integer) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_profile_draw' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.sparkline(profile monitor.profile, width integer) IS 'The distribution as a line of this many blocks';

-- ---- statistics between two profiles of the same anchors or categories ----

CREATE FUNCTION monitor.ks_stat(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_ks_stat_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_stat(reference monitor.profile, current monitor.profile) IS 'Kolmogorov-Smirnov test of two profiles, with certified bounds';

CREATE FUNCTION monitor.mann_whitney(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_mann_whitney_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mann_whitney(reference monitor.profile, current monitor.profile) IS 'Mann-Whitney U test of two profiles, with certified bounds; p is that of the least extreme U within them';

CREATE FUNCTION monitor.welch_t(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_welch_t_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.welch_t(reference monitor.profile, current monitor.profile) IS 'Welch t-test of two profiles, from exact sums';

CREATE FUNCTION monitor.wasserstein_distance(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_wasserstein_distance_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.wasserstein_distance(reference monitor.profile, current monitor.profile) IS 'Certified bounds of the first Wasserstein distance of two profiles';

CREATE FUNCTION monitor.energy_distance(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_energy_distance_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.energy_distance(reference monitor.profile, current monitor.profile) IS 'Certified bounds of the energy distance of two profiles';

CREATE FUNCTION monitor.psi(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi(reference monitor.profile, current monitor.profile) IS 'Population stability index of two profiles (10 bins)';

CREATE FUNCTION monitor.psi_test(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi_test(reference monitor.profile, current monitor.profile) IS 'Population stability index of two profiles with its p-value (10 bins)';

CREATE FUNCTION monitor.js_distance(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_js_distance_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.js_distance(reference monitor.profile, current monitor.profile) IS 'Jensen-Shannon distance of two profiles';

CREATE FUNCTION monitor.hellinger_distance(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_hellinger_distance_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.hellinger_distance(reference monitor.profile, current monitor.profile) IS 'Hellinger distance of two profiles';

CREATE FUNCTION monitor.tv_distance(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_tv_distance_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.tv_distance(reference monitor.profile, current monitor.profile) IS 'Total variation distance of two profiles';

CREATE FUNCTION monitor.l_infinity_distance(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_l_infinity_distance_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.l_infinity_distance(reference monitor.profile, current monitor.profile) IS 'Largest difference between two shares of two profiles';

CREATE FUNCTION monitor.kl_divergence(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_kl_divergence_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.kl_divergence(reference monitor.profile, current monitor.profile) IS 'Kullback-Leibler divergence of the current from the reference profile, smoothed as PSI';

CREATE FUNCTION monitor.chi2_drift(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_chi2_drift_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.chi2_drift(reference monitor.profile, current monitor.profile) IS 'Pearson chi-square test of homogeneity of two profiles';

CREATE FUNCTION monitor.g_test(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_g_test_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.g_test(reference monitor.profile, current monitor.profile) IS 'Likelihood-ratio (G) test of homogeneity of two profiles';

CREATE FUNCTION monitor.psi(reference monitor.profile, current monitor.profile, bins integer) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi(reference monitor.profile, current monitor.profile, bins integer) IS 'Population stability index of two profiles, in this many bins';

CREATE FUNCTION monitor.psi_test(reference monitor.profile, current monitor.profile, bins integer) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_psi_test_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.psi_test(reference monitor.profile, current monitor.profile, bins integer) IS 'Population stability index of two profiles with its p-value, in this many bins';

CREATE FUNCTION monitor.fisher_exact(reference monitor.profile, current monitor.profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_fisher_exact_profiles' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.fisher_exact(reference monitor.profile, current monitor.profile) IS 'Fisher exact test of two profiles of two categories';

CREATE FUNCTION monitor.drift_bins(reference monitor.profile, current monitor.profile) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_profile_drift_bins' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.drift_bins(reference monitor.profile, current monitor.profile) IS 'The cells behind psi of two profiles, as an array to unnest';

CREATE FUNCTION monitor.drift_bins(reference monitor.profile, current monitor.profile, bins integer) RETURNS monitor.drift_bin[]
	AS 'MODULE_PATHNAME', 'monitor_profile_drift_bins' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.drift_bins(reference monitor.profile, current monitor.profile, bins integer) IS 'The cells behind psi of two profiles in this many bins, as an array to unnest';

CREATE TYPE monitor.evidence AS (
	log_e_value double precision,
	p_value     double precision
);
COMMENT ON TYPE monitor.evidence IS 'Evidence of drift that stays valid however often one looks';
COMMENT ON COLUMN monitor.evidence.log_e_value IS 'Natural logarithm of the e-value: its mean is at most 1 without drift';
COMMENT ON COLUMN monitor.evidence.p_value IS 'reference_level + 1/E, at most 1';

CREATE FUNCTION monitor.drift_evidence(reference monitor.profile, current monitor.profile, reference_level double precision, phi double precision) RETURNS monitor.evidence
	AS 'MODULE_PATHNAME', 'monitor_profile_drift_evidence' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.drift_evidence(reference monitor.profile, current monitor.profile, reference_level double precision, phi double precision) IS 'Evidence that one window drifted from the reference: e-value over ventiles or categories; phi >= 1 is the variance inflation of dependent rows';
