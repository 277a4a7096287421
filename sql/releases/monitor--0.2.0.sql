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
--
-- Metrics of predicted against true numbers, over rows: (prediction, truth [, weight]).
--
-- Rows with a number that is NULL or not finite are left out, and rows without a weight.
--

-- ---- states ----

CREATE FUNCTION monitor._errors_accum(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_errors_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._errors_accum(internal, double precision, double precision) IS 'transition: add an absolute and a squared error';

CREATE FUNCTION monitor._errors_accum(internal, double precision, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_errors_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._errors_accum(internal, double precision, double precision, double precision) IS 'transition: add an absolute and a squared error, with a weight';

CREATE FUNCTION monitor._relative_errors_accum(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_relative_errors_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._relative_errors_accum(internal, double precision, double precision) IS 'transition: add an error relative to the truth';

CREATE FUNCTION monitor._relative_errors_accum(internal, double precision, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_relative_errors_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._relative_errors_accum(internal, double precision, double precision, double precision) IS 'transition: add an error relative to the truth, with a weight';

CREATE FUNCTION monitor._determination_accum(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_determination_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._determination_accum(internal, double precision, double precision) IS 'transition: add a squared error and the deviation of the truth';

CREATE FUNCTION monitor._determination_accum(internal, double precision, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_determination_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._determination_accum(internal, double precision, double precision, double precision) IS 'transition: add a squared error and the deviation of the truth, with a weight';

CREATE FUNCTION monitor._regression_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_regression_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._regression_combine(internal, internal) IS 'combine two states of predicted and true numbers';

CREATE FUNCTION monitor._regression_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_regression_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._regression_serialize(internal) IS 'send a state of predicted and true numbers to the leader';

CREATE FUNCTION monitor._regression_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_regression_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._regression_deserialize(bytea, internal) IS 'receive a state of predicted and true numbers';

-- ---- metrics ----

CREATE FUNCTION monitor._mean_absolute_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_mean_absolute_error_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._mean_absolute_error(internal) IS 'final: mean_absolute_error of predicted and true numbers';

CREATE AGGREGATE monitor.mean_absolute_error(prediction double precision, truth double precision) (
	SFUNC = monitor._errors_accum, STYPE = internal, SSPACE = 1700, FINALFUNC = monitor._mean_absolute_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mean_absolute_error(prediction double precision, truth double precision) IS
	'Mean of the absolute errors';

CREATE AGGREGATE monitor.mean_absolute_error(prediction double precision, truth double precision, weight double precision) (
	SFUNC = monitor._errors_accum, STYPE = internal, SSPACE = 1700, FINALFUNC = monitor._mean_absolute_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mean_absolute_error(prediction double precision, truth double precision, weight double precision) IS
	'Mean of the absolute errors, weighted';

CREATE FUNCTION monitor._mean_squared_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_mean_squared_error_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._mean_squared_error(internal) IS 'final: mean_squared_error of predicted and true numbers';

CREATE AGGREGATE monitor.mean_squared_error(prediction double precision, truth double precision) (
	SFUNC = monitor._errors_accum, STYPE = internal, SSPACE = 1700, FINALFUNC = monitor._mean_squared_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mean_squared_error(prediction double precision, truth double precision) IS
	'Mean of the squared errors';

CREATE AGGREGATE monitor.mean_squared_error(prediction double precision, truth double precision, weight double precision) (
	SFUNC = monitor._errors_accum, STYPE = internal, SSPACE = 1700, FINALFUNC = monitor._mean_squared_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mean_squared_error(prediction double precision, truth double precision, weight double precision) IS
	'Mean of the squared errors, weighted';

CREATE FUNCTION monitor._root_mean_squared_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_root_mean_squared_error_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._root_mean_squared_error(internal) IS 'final: root_mean_squared_error of predicted and true numbers';

CREATE AGGREGATE monitor.root_mean_squared_error(prediction double precision, truth double precision) (
	SFUNC = monitor._errors_accum, STYPE = internal, SSPACE = 1700, FINALFUNC = monitor._root_mean_squared_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.root_mean_squared_error(prediction double precision, truth double precision) IS
	'Square root of the mean of the squared errors';

CREATE AGGREGATE monitor.root_mean_squared_error(prediction double precision, truth double precision, weight double precision) (
	SFUNC = monitor._errors_accum, STYPE = internal, SSPACE = 1700, FINALFUNC = monitor._root_mean_squared_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.root_mean_squared_error(prediction double precision, truth double precision, weight double precision) IS
	'Square root of the mean of the squared errors, weighted';

CREATE FUNCTION monitor._mean_absolute_percentage_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_mean_absolute_percentage_error_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._mean_absolute_percentage_error(internal) IS 'final: mean_absolute_percentage_error of predicted and true numbers';

CREATE AGGREGATE monitor.mean_absolute_percentage_error(prediction double precision, truth double precision) (
	SFUNC = monitor._relative_errors_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._mean_absolute_percentage_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mean_absolute_percentage_error(prediction double precision, truth double precision) IS
	'Mean of the absolute errors over the absolute truth, a share (1 = 100 %)';

CREATE AGGREGATE monitor.mean_absolute_percentage_error(prediction double precision, truth double precision, weight double precision) (
	SFUNC = monitor._relative_errors_accum, STYPE = internal, SSPACE = 1200, FINALFUNC = monitor._mean_absolute_percentage_error,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.mean_absolute_percentage_error(prediction double precision, truth double precision, weight double precision) IS
	'Mean of the absolute errors over the absolute truth, a share (1 = 100 %), weighted';

CREATE FUNCTION monitor._r2_score(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_r2_score_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._r2_score(internal) IS 'final: r2_score of predicted and true numbers';

CREATE AGGREGATE monitor.r2_score(prediction double precision, truth double precision) (
	SFUNC = monitor._determination_accum, STYPE = internal, SSPACE = 2300, FINALFUNC = monitor._r2_score,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.r2_score(prediction double precision, truth double precision) IS
	'Coefficient of determination: share of the variance of the truth that the prediction explains';

CREATE AGGREGATE monitor.r2_score(prediction double precision, truth double precision, weight double precision) (
	SFUNC = monitor._determination_accum, STYPE = internal, SSPACE = 2300, FINALFUNC = monitor._r2_score,
	COMBINEFUNC = monitor._regression_combine, SERIALFUNC = monitor._regression_serialize,
	DESERIALFUNC = monitor._regression_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.r2_score(prediction double precision, truth double precision, weight double precision) IS
	'Coefficient of determination: share of the variance of the truth that the prediction explains, weighted';
--
-- Metrics of ranked lists, over the rows of one list: (score, relevance [, k]).
--
-- The highest score comes first; rows of equal score count as the mean over all their
-- orders.  Rows with a NULL or NaN are left out.  GROUP BY query gives one number a list.
--

-- ---- states ----

CREATE FUNCTION monitor._ranking_accum(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, double precision) IS 'transition: add a score and its relevance';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, double precision, integer) IS 'transition: add a score and its relevance, for the first k rows';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, boolean) IS 'transition: add a score and its mark of relevance';

CREATE FUNCTION monitor._ranking_accum(internal, double precision, boolean, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_accum(internal, double precision, boolean, integer) IS 'transition: add a score and its mark of relevance, for the first k rows';

CREATE FUNCTION monitor._ranking_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_combine(internal, internal) IS 'combine two states of ranked rows';

CREATE FUNCTION monitor._ranking_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_ranking_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_serialize(internal) IS 'send a state of ranked rows to the leader';

CREATE FUNCTION monitor._ranking_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ranking_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ranking_deserialize(bytea, internal) IS 'receive a state of ranked rows';

-- ---- metrics ----

CREATE FUNCTION monitor._ndcg(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_ndcg_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ndcg(internal) IS 'final: ndcg of ranked rows';

CREATE AGGREGATE monitor.ndcg(score double precision, relevance double precision) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevance double precision) IS
	'Normalised discounted cumulative gain of a ranked list';

CREATE AGGREGATE monitor.ndcg(score double precision, relevance double precision, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevance double precision, k integer) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows';

CREATE AGGREGATE monitor.ndcg(score double precision, relevant boolean) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevant boolean) IS
	'Normalised discounted cumulative gain of a ranked list';

CREATE AGGREGATE monitor.ndcg(score double precision, relevant boolean, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._ndcg,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.ndcg(score double precision, relevant boolean, k integer) IS
	'Normalised discounted cumulative gain of a ranked list, over its first k rows';

CREATE FUNCTION monitor._precision_at_k(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_precision_at_k_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._precision_at_k(internal) IS 'final: precision_at_k of ranked rows';

CREATE AGGREGATE monitor.precision_at_k(score double precision, relevant boolean, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.precision_at_k(score double precision, relevant boolean, k integer) IS
	'Relevant rows among the first k, over the most there can be: min(k, all relevant rows)';

CREATE FUNCTION monitor._average_precision_at_k(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_average_precision_at_k_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._average_precision_at_k(internal) IS 'final: average_precision_at_k of ranked rows';

CREATE AGGREGATE monitor.average_precision_at_k(score double precision, relevant boolean, k integer) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._average_precision_at_k,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.average_precision_at_k(score double precision, relevant boolean, k integer) IS
	'Mean precision at the ranks of the relevant rows among the first k, over min(k, all relevant rows)';

CREATE FUNCTION monitor._reciprocal_rank(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_reciprocal_rank_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._reciprocal_rank(internal) IS 'final: reciprocal_rank of ranked rows';

CREATE AGGREGATE monitor.reciprocal_rank(score double precision, relevant boolean) (
	SFUNC = monitor._ranking_accum, STYPE = internal, SSPACE = 512, FINALFUNC = monitor._reciprocal_rank,
	COMBINEFUNC = monitor._ranking_combine, SERIALFUNC = monitor._ranking_serialize,
	DESERIALFUNC = monitor._ranking_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.reciprocal_rank(score double precision, relevant boolean) IS
	'1 over the rank of the first relevant row';
--
-- Metrics over window frames that move: rolling_auc(score, label) OVER (ORDER BY t
-- ROWS 999 PRECEDING).  A row that leaves the frame takes back exactly what it
-- brought, so each row costs the same whatever the width of the frame, and no
-- error accumulates.
--
-- The score or prediction comes first, the truth second.  Rows with a NULL or a
-- NaN are left out.
--

-- ---- area under the ROC curve ----

CREATE FUNCTION monitor._rolling_auc(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc(internal) IS 'final: rolling_auc';

CREATE FUNCTION monitor._rolling_auc_add(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_add(internal, double precision, boolean) IS 'transition: a row enters the frame of rolling_auc';

CREATE FUNCTION monitor._rolling_auc_remove(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_remove(internal, double precision, boolean) IS 'inverse: a row leaves the frame of rolling_auc';

CREATE AGGREGATE monitor.rolling_auc(score double precision, label boolean) (
	SFUNC = monitor._rolling_auc_add, STYPE = internal, SSPACE = 3000, FINALFUNC = monitor._rolling_auc,
	MSFUNC = monitor._rolling_auc_add, MINVFUNC = monitor._rolling_auc_remove, MSTYPE = internal, MSSPACE = 3000,
	MFINALFUNC = monitor._rolling_auc, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_auc(score double precision, label boolean) IS
	'Exact area under the ROC curve of the frame, ties counted half; NULL with one class only';

CREATE FUNCTION monitor._rolling_auc_add(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_add(internal, double precision, integer) IS 'transition: a row enters the frame of rolling_auc (label 0 or 1)';

CREATE FUNCTION monitor._rolling_auc_remove(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_remove(internal, double precision, integer) IS 'inverse: a row leaves the frame of rolling_auc (label 0 or 1)';

CREATE AGGREGATE monitor.rolling_auc(score double precision, label integer) (
	SFUNC = monitor._rolling_auc_add, STYPE = internal, SSPACE = 3000, FINALFUNC = monitor._rolling_auc,
	MSFUNC = monitor._rolling_auc_add, MINVFUNC = monitor._rolling_auc_remove, MSTYPE = internal, MSSPACE = 3000,
	MFINALFUNC = monitor._rolling_auc, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_auc(score double precision, label integer) IS
	'Exact area under the ROC curve of the frame, ties counted half; NULL with one class only (label 0 or 1)';

CREATE FUNCTION monitor._rolling_auc_add(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_add(internal, double precision, text, text) IS 'transition: a row enters the frame of rolling_auc (the positive class named)';

CREATE FUNCTION monitor._rolling_auc_remove(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_auc_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_auc_remove(internal, double precision, text, text) IS 'inverse: a row leaves the frame of rolling_auc (the positive class named)';

CREATE AGGREGATE monitor.rolling_auc(score double precision, label text, positive text) (
	SFUNC = monitor._rolling_auc_add, STYPE = internal, SSPACE = 3000, FINALFUNC = monitor._rolling_auc,
	MSFUNC = monitor._rolling_auc_add, MINVFUNC = monitor._rolling_auc_remove, MSTYPE = internal, MSSPACE = 3000,
	MFINALFUNC = monitor._rolling_auc, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_auc(score double precision, label text, positive text) IS
	'Exact area under the ROC curve of the frame, ties counted half; NULL with one class only (the positive class named)';

-- ---- losses of probabilities ----

CREATE FUNCTION monitor._rolling_loss(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_loss' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_loss(internal) IS 'final: rolling_log_loss and rolling_brier_score';

CREATE FUNCTION monitor._rolling_log_loss_add(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_add(internal, double precision, boolean) IS 'transition: a row enters the frame of rolling_log_loss';

CREATE FUNCTION monitor._rolling_log_loss_remove(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_remove(internal, double precision, boolean) IS 'inverse: a row leaves the frame of rolling_log_loss';

CREATE AGGREGATE monitor.rolling_log_loss(score double precision, label boolean) (
	SFUNC = monitor._rolling_log_loss_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_log_loss_add, MINVFUNC = monitor._rolling_log_loss_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_log_loss(score double precision, label boolean) IS
	'Mean log loss of the frame, probabilities clipped at 2^-52; NULL with one class only';

CREATE FUNCTION monitor._rolling_log_loss_add(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_add(internal, double precision, integer) IS 'transition: a row enters the frame of rolling_log_loss (label 0 or 1)';

CREATE FUNCTION monitor._rolling_log_loss_remove(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_remove(internal, double precision, integer) IS 'inverse: a row leaves the frame of rolling_log_loss (label 0 or 1)';

CREATE AGGREGATE monitor.rolling_log_loss(score double precision, label integer) (
	SFUNC = monitor._rolling_log_loss_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_log_loss_add, MINVFUNC = monitor._rolling_log_loss_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_log_loss(score double precision, label integer) IS
	'Mean log loss of the frame, probabilities clipped at 2^-52; NULL with one class only (label 0 or 1)';

CREATE FUNCTION monitor._rolling_log_loss_add(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_add(internal, double precision, text, text) IS 'transition: a row enters the frame of rolling_log_loss (the positive class named)';

CREATE FUNCTION monitor._rolling_log_loss_remove(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_log_loss_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_log_loss_remove(internal, double precision, text, text) IS 'inverse: a row leaves the frame of rolling_log_loss (the positive class named)';

CREATE AGGREGATE monitor.rolling_log_loss(score double precision, label text, positive text) (
	SFUNC = monitor._rolling_log_loss_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_log_loss_add, MINVFUNC = monitor._rolling_log_loss_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_log_loss(score double precision, label text, positive text) IS
	'Mean log loss of the frame, probabilities clipped at 2^-52; NULL with one class only (the positive class named)';

CREATE FUNCTION monitor._rolling_brier_score_add(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_add(internal, double precision, boolean) IS 'transition: a row enters the frame of rolling_brier_score';

CREATE FUNCTION monitor._rolling_brier_score_remove(internal, double precision, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_remove(internal, double precision, boolean) IS 'inverse: a row leaves the frame of rolling_brier_score';

CREATE AGGREGATE monitor.rolling_brier_score(score double precision, label boolean) (
	SFUNC = monitor._rolling_brier_score_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_brier_score_add, MINVFUNC = monitor._rolling_brier_score_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_brier_score(score double precision, label boolean) IS
	'Mean squared error of the probabilities of the frame; NULL with one class only';

CREATE FUNCTION monitor._rolling_brier_score_add(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_add(internal, double precision, integer) IS 'transition: a row enters the frame of rolling_brier_score (label 0 or 1)';

CREATE FUNCTION monitor._rolling_brier_score_remove(internal, double precision, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_remove(internal, double precision, integer) IS 'inverse: a row leaves the frame of rolling_brier_score (label 0 or 1)';

CREATE AGGREGATE monitor.rolling_brier_score(score double precision, label integer) (
	SFUNC = monitor._rolling_brier_score_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_brier_score_add, MINVFUNC = monitor._rolling_brier_score_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_brier_score(score double precision, label integer) IS
	'Mean squared error of the probabilities of the frame; NULL with one class only (label 0 or 1)';

CREATE FUNCTION monitor._rolling_brier_score_add(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_add(internal, double precision, text, text) IS 'transition: a row enters the frame of rolling_brier_score (the positive class named)';

CREATE FUNCTION monitor._rolling_brier_score_remove(internal, double precision, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_brier_score_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_brier_score_remove(internal, double precision, text, text) IS 'inverse: a row leaves the frame of rolling_brier_score (the positive class named)';

CREATE AGGREGATE monitor.rolling_brier_score(score double precision, label text, positive text) (
	SFUNC = monitor._rolling_brier_score_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_loss,
	MSFUNC = monitor._rolling_brier_score_add, MINVFUNC = monitor._rolling_brier_score_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_loss, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_brier_score(score double precision, label text, positive text) IS
	'Mean squared error of the probabilities of the frame; NULL with one class only (the positive class named)';

-- ---- accuracy ----

CREATE FUNCTION monitor._rolling_accuracy(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy(internal) IS 'final: rolling_accuracy';

CREATE FUNCTION monitor._rolling_accuracy_add(internal, boolean, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_boolean_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_add(internal, boolean, boolean) IS 'transition: a row enters the frame of rolling_accuracy, classes of type boolean';

CREATE FUNCTION monitor._rolling_accuracy_remove(internal, boolean, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_boolean_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_remove(internal, boolean, boolean) IS 'inverse: a row leaves the frame of rolling_accuracy, classes of type boolean';

CREATE AGGREGATE monitor.rolling_accuracy(prediction boolean, truth boolean) (
	SFUNC = monitor._rolling_accuracy_add, STYPE = internal, SSPACE = 32, FINALFUNC = monitor._rolling_accuracy,
	MSFUNC = monitor._rolling_accuracy_add, MINVFUNC = monitor._rolling_accuracy_remove, MSTYPE = internal, MSSPACE = 32,
	MFINALFUNC = monitor._rolling_accuracy, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_accuracy(prediction boolean, truth boolean) IS
	'Share of the rows of the frame whose predicted class is the true one';

CREATE FUNCTION monitor._rolling_accuracy_add(internal, integer, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_integer_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_add(internal, integer, integer) IS 'transition: a row enters the frame of rolling_accuracy, classes of type integer';

CREATE FUNCTION monitor._rolling_accuracy_remove(internal, integer, integer) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_integer_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_remove(internal, integer, integer) IS 'inverse: a row leaves the frame of rolling_accuracy, classes of type integer';

CREATE AGGREGATE monitor.rolling_accuracy(prediction integer, truth integer) (
	SFUNC = monitor._rolling_accuracy_add, STYPE = internal, SSPACE = 32, FINALFUNC = monitor._rolling_accuracy,
	MSFUNC = monitor._rolling_accuracy_add, MINVFUNC = monitor._rolling_accuracy_remove, MSTYPE = internal, MSSPACE = 32,
	MFINALFUNC = monitor._rolling_accuracy, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_accuracy(prediction integer, truth integer) IS
	'Share of the rows of the frame whose predicted class is the true one';

CREATE FUNCTION monitor._rolling_accuracy_add(internal, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_text_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_add(internal, text, text) IS 'transition: a row enters the frame of rolling_accuracy, classes of type text';

CREATE FUNCTION monitor._rolling_accuracy_remove(internal, text, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_accuracy_text_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_accuracy_remove(internal, text, text) IS 'inverse: a row leaves the frame of rolling_accuracy, classes of type text';

CREATE AGGREGATE monitor.rolling_accuracy(prediction text, truth text) (
	SFUNC = monitor._rolling_accuracy_add, STYPE = internal, SSPACE = 32, FINALFUNC = monitor._rolling_accuracy,
	MSFUNC = monitor._rolling_accuracy_add, MINVFUNC = monitor._rolling_accuracy_remove, MSTYPE = internal, MSSPACE = 32,
	MFINALFUNC = monitor._rolling_accuracy, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_accuracy(prediction text, truth text) IS
	'Share of the rows of the frame whose predicted class is the true one';

-- ---- mean absolute error ----

CREATE FUNCTION monitor._rolling_mean_absolute_error(internal) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_rolling_mean_absolute_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_mean_absolute_error(internal) IS 'final: rolling_mean_absolute_error';

CREATE FUNCTION monitor._rolling_mean_absolute_error_add(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_mean_absolute_error_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_mean_absolute_error_add(internal, double precision, double precision) IS 'transition: a row enters the frame of rolling_mean_absolute_error';

CREATE FUNCTION monitor._rolling_mean_absolute_error_remove(internal, double precision, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_rolling_mean_absolute_error_remove' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._rolling_mean_absolute_error_remove(internal, double precision, double precision) IS 'inverse: a row leaves the frame of rolling_mean_absolute_error';

CREATE AGGREGATE monitor.rolling_mean_absolute_error(prediction double precision, truth double precision) (
	SFUNC = monitor._rolling_mean_absolute_error_add, STYPE = internal, SSPACE = 600, FINALFUNC = monitor._rolling_mean_absolute_error,
	MSFUNC = monitor._rolling_mean_absolute_error_add, MINVFUNC = monitor._rolling_mean_absolute_error_remove, MSTYPE = internal, MSSPACE = 600,
	MFINALFUNC = monitor._rolling_mean_absolute_error, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rolling_mean_absolute_error(prediction double precision, truth double precision) IS
	'Mean absolute error of the frame, correctly rounded';
--
-- Detectors of concept drift: over a stream in a window, and as a value that
-- remembers its state.
--

CREATE TYPE monitor.drift_signal AS (
	drift     boolean,
	warning   boolean,
	estimate  double precision,
	statistic double precision
);
COMMENT ON TYPE monitor.drift_signal IS 'What a drift detector says after a value';
COMMENT ON COLUMN monitor.drift_signal.drift IS 'This value brought a drift; the detector starts anew with the next one';
COMMENT ON COLUMN monitor.drift_signal.warning IS 'The level of warnings is reached';
COMMENT ON COLUMN monitor.drift_signal.estimate IS 'The level that the detector sees: mean, error rate, mean distance between errors';
COMMENT ON COLUMN monitor.drift_signal.statistic IS 'The statistic that is compared with the threshold; NULL before there is one';

CREATE TYPE monitor.detector;
COMMENT ON TYPE monitor.detector IS 'A drift detector with its parameters and its state, to store and to resume';

CREATE FUNCTION monitor.detector_in(cstring) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.detector_out(monitor.detector) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_detector_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_out(monitor.detector) IS 'output: canonical JSON';

CREATE FUNCTION monitor.detector_recv(internal) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_recv(internal) IS 'binary input: the stored bytes';

CREATE FUNCTION monitor.detector_send(monitor.detector) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_detector_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_send(monitor.detector) IS 'binary output: the stored bytes';

CREATE TYPE monitor.detector (
	INPUT = monitor.detector_in, OUTPUT = monitor.detector_out,
	RECEIVE = monitor.detector_recv, SEND = monitor.detector_send,
	INTERNALLENGTH = VARIABLE, STORAGE = extended
);

-- ---- detectors that are stored ----

CREATE FUNCTION monitor.detector(kind text) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_new' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector(kind text) IS 'A new detector: adwin, cusum, ddm, eddm, hddm_a, hddm_w, kswin or page_hinkley';

CREATE FUNCTION monitor.detector(kind text, parameters jsonb) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_new' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector(kind text, parameters jsonb) IS 'A new detector with some of its parameters set, by their names';

CREATE FUNCTION monitor.detector_update(detector monitor.detector, value double precision) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_add' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_update(detector monitor.detector, value double precision) IS 'The detector after one more value; NULL changes nothing';

CREATE FUNCTION monitor.detector_update_all(detector monitor.detector, stream double precision[]) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_add_array' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_update_all(detector monitor.detector, stream double precision[]) IS 'The detector after these values, in their order; NULLs change nothing';

CREATE FUNCTION monitor.detector_signal(detector monitor.detector) RETURNS monitor.drift_signal
	AS 'MODULE_PATHNAME', 'monitor_detector_get_signal' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detector_signal(detector monitor.detector) IS 'What the detector said after its last value';

CREATE FUNCTION monitor.num_values(detector monitor.detector) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_detector_num_values' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_values(detector monitor.detector) IS 'Values that the detector has taken, in all';

CREATE FUNCTION monitor.num_drifts(detector monitor.detector) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_detector_num_drifts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_drifts(detector monitor.detector) IS 'Drifts that the detector has seen, in all';

CREATE FUNCTION monitor.last_drift(detector monitor.detector) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_detector_last_drift' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.last_drift(detector monitor.detector) IS 'The number of the value, from 1, that brought the last drift; NULL: none';

-- ---- aggregates: they go by the order of the rows, so each runs in one process ----

CREATE FUNCTION monitor._detector_accum(internal, monitor.detector, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_detector_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._detector_accum(internal, monitor.detector, double precision) IS 'transition: feed a stored detector';

CREATE FUNCTION monitor._detector_state(internal) RETURNS monitor.detector
	AS 'MODULE_PATHNAME', 'monitor_detector_state' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._detector_state(internal) IS 'final: the detector';

CREATE FUNCTION monitor._detector_signal(internal) RETURNS monitor.drift_signal
	AS 'MODULE_PATHNAME', 'monitor_detector_state_signal' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._detector_signal(internal) IS 'final: the signal of the last value';

CREATE AGGREGATE monitor.detector_update_all(detector monitor.detector, value double precision) (
	SFUNC = monitor._detector_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_state, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.detector_update_all(detector monitor.detector, value double precision) IS 'The detector after the values of all rows: detector_update_all(detector, value ORDER BY t); NULL without rows';

CREATE AGGREGATE monitor.detector_signal(detector monitor.detector, value double precision) (
	SFUNC = monitor._detector_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.detector_signal(detector monitor.detector, value double precision) IS 'The signals of a stored detector that goes on with these values: detector_signal(detector, value) OVER (ORDER BY t)';

CREATE FUNCTION monitor._adwin_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_adwin_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._adwin_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.adwin(value double precision) (
	SFUNC = monitor._adwin_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.adwin(value double precision) IS 'Adaptive windowing (ADWIN) over a stream of numbers: OVER (ORDER BY t)';

CREATE FUNCTION monitor._adwin_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_adwin_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._adwin_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.adwin(value double precision, parameters jsonb) (
	SFUNC = monitor._adwin_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.adwin(value double precision, parameters jsonb) IS 'Adaptive windowing (ADWIN) over a stream of numbers, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._cusum_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_cusum_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._cusum_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.cusum(value double precision) (
	SFUNC = monitor._cusum_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.cusum(value double precision) IS 'Two-sided tabular CUSUM over a stream of numbers: OVER (ORDER BY t)';

CREATE FUNCTION monitor._cusum_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_cusum_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._cusum_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.cusum(value double precision, parameters jsonb) (
	SFUNC = monitor._cusum_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.cusum(value double precision, parameters jsonb) IS 'Two-sided tabular CUSUM over a stream of numbers, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._ddm_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ddm_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ddm_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.ddm(value double precision) (
	SFUNC = monitor._ddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.ddm(value double precision) IS 'Drift detection method (DDM) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._ddm_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ddm_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ddm_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.ddm(value double precision, parameters jsonb) (
	SFUNC = monitor._ddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.ddm(value double precision, parameters jsonb) IS 'Drift detection method (DDM) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._ddm_accum(internal, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ddm_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ddm_accum(internal, boolean) IS 'transition: one more value';

CREATE AGGREGATE monitor.ddm(error boolean) (
	SFUNC = monitor._ddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.ddm(error boolean) IS 'Drift detection method (DDM) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._ddm_accum(internal, boolean, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_ddm_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._ddm_accum(internal, boolean, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.ddm(error boolean, parameters jsonb) (
	SFUNC = monitor._ddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.ddm(error boolean, parameters jsonb) IS 'Drift detection method (DDM) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._eddm_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_eddm_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._eddm_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.eddm(value double precision) (
	SFUNC = monitor._eddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.eddm(value double precision) IS 'Early drift detection method (EDDM) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._eddm_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_eddm_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._eddm_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.eddm(value double precision, parameters jsonb) (
	SFUNC = monitor._eddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.eddm(value double precision, parameters jsonb) IS 'Early drift detection method (EDDM) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._eddm_accum(internal, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_eddm_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._eddm_accum(internal, boolean) IS 'transition: one more value';

CREATE AGGREGATE monitor.eddm(error boolean) (
	SFUNC = monitor._eddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.eddm(error boolean) IS 'Early drift detection method (EDDM) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._eddm_accum(internal, boolean, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_eddm_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._eddm_accum(internal, boolean, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.eddm(error boolean, parameters jsonb) (
	SFUNC = monitor._eddm_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.eddm(error boolean, parameters jsonb) IS 'Early drift detection method (EDDM) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_a_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_a_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_a_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_a(value double precision) (
	SFUNC = monitor._hddm_a_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_a(value double precision) IS 'Drift detection by Hoeffding bounds of the mean (HDDM_A) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_a_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_a_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_a_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_a(value double precision, parameters jsonb) (
	SFUNC = monitor._hddm_a_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_a(value double precision, parameters jsonb) IS 'Drift detection by Hoeffding bounds of the mean (HDDM_A) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_a_accum(internal, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_a_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_a_accum(internal, boolean) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_a(error boolean) (
	SFUNC = monitor._hddm_a_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_a(error boolean) IS 'Drift detection by Hoeffding bounds of the mean (HDDM_A) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_a_accum(internal, boolean, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_a_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_a_accum(internal, boolean, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_a(error boolean, parameters jsonb) (
	SFUNC = monitor._hddm_a_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_a(error boolean, parameters jsonb) IS 'Drift detection by Hoeffding bounds of the mean (HDDM_A) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_w_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_w_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_w_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_w(value double precision) (
	SFUNC = monitor._hddm_w_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_w(value double precision) IS 'Drift detection by McDiarmid bounds of weighted means (HDDM_W) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_w_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_w_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_w_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_w(value double precision, parameters jsonb) (
	SFUNC = monitor._hddm_w_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_w(value double precision, parameters jsonb) IS 'Drift detection by McDiarmid bounds of weighted means (HDDM_W) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_w_accum(internal, boolean) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_w_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_w_accum(internal, boolean) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_w(error boolean) (
	SFUNC = monitor._hddm_w_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_w(error boolean) IS 'Drift detection by McDiarmid bounds of weighted means (HDDM_W) over a stream of errors: OVER (ORDER BY t)';

CREATE FUNCTION monitor._hddm_w_accum(internal, boolean, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_hddm_w_accum_error' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._hddm_w_accum(internal, boolean, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.hddm_w(error boolean, parameters jsonb) (
	SFUNC = monitor._hddm_w_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.hddm_w(error boolean, parameters jsonb) IS 'Drift detection by McDiarmid bounds of weighted means (HDDM_W) over a stream of errors, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._kswin_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_kswin_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._kswin_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.kswin(value double precision) (
	SFUNC = monitor._kswin_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.kswin(value double precision) IS 'Kolmogorov-Smirnov windowing (KSWIN) over a stream of numbers: OVER (ORDER BY t)';

CREATE FUNCTION monitor._kswin_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_kswin_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._kswin_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.kswin(value double precision, parameters jsonb) (
	SFUNC = monitor._kswin_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.kswin(value double precision, parameters jsonb) IS 'Kolmogorov-Smirnov windowing (KSWIN) over a stream of numbers, with parameters by their names: OVER (ORDER BY t)';

CREATE FUNCTION monitor._page_hinkley_accum(internal, double precision) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_page_hinkley_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._page_hinkley_accum(internal, double precision) IS 'transition: one more value';

CREATE AGGREGATE monitor.page_hinkley(value double precision) (
	SFUNC = monitor._page_hinkley_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.page_hinkley(value double precision) IS 'Page-Hinkley test over a stream of numbers: OVER (ORDER BY t)';

CREATE FUNCTION monitor._page_hinkley_accum(internal, double precision, jsonb) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_page_hinkley_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._page_hinkley_accum(internal, double precision, jsonb) IS 'transition: one more value';

CREATE AGGREGATE monitor.page_hinkley(value double precision, parameters jsonb) (
	SFUNC = monitor._page_hinkley_accum, STYPE = internal, SSPACE = 8192, FINALFUNC = monitor._detector_signal, PARALLEL = RESTRICTED
);
COMMENT ON AGGREGATE monitor.page_hinkley(value double precision, parameters jsonb) IS 'Page-Hinkley test over a stream of numbers, with parameters by their names: OVER (ORDER BY t)';
--
-- Score profiles and their siblings: labelled rows as counts, from which every performance
-- metric of a model follows without reading the rows again.
--

CREATE TYPE monitor.score_metric AS (
	value double precision,
	value_low double precision,
	value_high double precision,
	standard_error double precision,
	confidence_low double precision,
	confidence_high double precision,
	n_positive bigint,
	n_negative bigint
);
COMMENT ON TYPE monitor.score_metric IS 'A metric of scores from a profile, with bounds and error';
COMMENT ON COLUMN monitor.score_metric.value IS 'The metric; rows between two edges count as tied, for ks_score it is the lower bound';
COMMENT ON COLUMN monitor.score_metric.value_low IS 'Certified lower bound of the metric over the rows';
COMMENT ON COLUMN monitor.score_metric.value_high IS 'Certified upper bound of the metric over the rows';
COMMENT ON COLUMN monitor.score_metric.standard_error IS 'Standard error (DeLong); NULL where there is none';
COMMENT ON COLUMN monitor.score_metric.confidence_low IS 'Lower end of the 95 % interval, from the logit scale';
COMMENT ON COLUMN monitor.score_metric.confidence_high IS 'Upper end of the 95 % interval';
COMMENT ON COLUMN monitor.score_metric.n_positive IS 'Positive rows with a score';
COMMENT ON COLUMN monitor.score_metric.n_negative IS 'Negative rows with a score';

CREATE TYPE monitor.score_confusion AS (
	threshold double precision,
	true_positive bigint,
	false_positive bigint,
	false_negative bigint,
	true_negative bigint,
	unlabelled_positive bigint,
	unlabelled_negative bigint,
	accuracy_score double precision,
	precision_score double precision,
	recall_score double precision,
	specificity double precision,
	f1_score double precision
);
COMMENT ON TYPE monitor.score_confusion IS 'Confusion counts at a threshold: predicted positive means score >= threshold';
COMMENT ON COLUMN monitor.score_confusion.threshold IS 'The threshold';
COMMENT ON COLUMN monitor.score_confusion.true_positive IS 'Positive rows predicted positive';
COMMENT ON COLUMN monitor.score_confusion.false_positive IS 'Negative rows predicted positive';
COMMENT ON COLUMN monitor.score_confusion.false_negative IS 'Positive rows predicted negative';
COMMENT ON COLUMN monitor.score_confusion.true_negative IS 'Negative rows predicted negative';
COMMENT ON COLUMN monitor.score_confusion.unlabelled_positive IS 'Rows without label predicted positive';
COMMENT ON COLUMN monitor.score_confusion.unlabelled_negative IS 'Rows without label predicted negative';
COMMENT ON COLUMN monitor.score_confusion.accuracy_score IS 'Share of labelled rows predicted right; this and what follows: NULL where not defined';
COMMENT ON COLUMN monitor.score_confusion.precision_score IS 'Share of positives among rows predicted positive';
COMMENT ON COLUMN monitor.score_confusion.recall_score IS 'Share of positives predicted positive';
COMMENT ON COLUMN monitor.score_confusion.specificity IS 'Share of negatives predicted negative';
COMMENT ON COLUMN monitor.score_confusion.f1_score IS 'Harmonic mean of precision and recall';

CREATE TYPE monitor.score_calibration_bin AS (
	bin integer,
	lower double precision,
	upper double precision,
	n_positive bigint,
	n_negative bigint,
	mean_score double precision,
	mean_score_low double precision,
	mean_score_high double precision,
	positive_rate double precision
);
COMMENT ON TYPE monitor.score_calibration_bin IS 'Labelled rows with lower < score <= upper (the first bin: and score = 0)';
COMMENT ON COLUMN monitor.score_calibration_bin.bin IS 'Number of the bin, from 1';
COMMENT ON COLUMN monitor.score_calibration_bin.lower IS 'Lower bound, excluded';
COMMENT ON COLUMN monitor.score_calibration_bin.upper IS 'Upper bound, included';
COMMENT ON COLUMN monitor.score_calibration_bin.n_positive IS 'Positive rows in the bin';
COMMENT ON COLUMN monitor.score_calibration_bin.n_negative IS 'Negative rows in the bin';
COMMENT ON COLUMN monitor.score_calibration_bin.mean_score IS 'Mean score, scores between two edges spread evenly';
COMMENT ON COLUMN monitor.score_calibration_bin.mean_score_low IS 'Certified lower bound of the mean score';
COMMENT ON COLUMN monitor.score_calibration_bin.mean_score_high IS 'Certified upper bound of the mean score';
COMMENT ON COLUMN monitor.score_calibration_bin.positive_rate IS 'Share of positives in the bin';

CREATE TYPE monitor.score_gain AS (
	threshold double precision,
	n bigint,
	n_positive bigint,
	share double precision,
	gain double precision,
	lift double precision
);
COMMENT ON TYPE monitor.score_gain IS 'Labelled rows at or above a threshold';
COMMENT ON COLUMN monitor.score_gain.threshold IS 'The threshold, an edge of the profile; -Infinity for all rows';
COMMENT ON COLUMN monitor.score_gain.n IS 'Labelled rows with score >= threshold';
COMMENT ON COLUMN monitor.score_gain.n_positive IS 'Positives among them';
COMMENT ON COLUMN monitor.score_gain.share IS 'n over all labelled rows';
COMMENT ON COLUMN monitor.score_gain.gain IS 'n_positive over all positives';
COMMENT ON COLUMN monitor.score_gain.lift IS 'Share of positives among them over the share among all';

CREATE TYPE monitor.score_profile;
COMMENT ON TYPE monitor.score_profile IS
	'Counts of positive, negative and unlabelled rows around edges of a score, with exact losses';

CREATE FUNCTION monitor.score_profile_in(cstring) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.score_profile_out(monitor.score_profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_score_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_out(monitor.score_profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.score_profile_recv(internal) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.score_profile_send(monitor.score_profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_score_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_profile_send(monitor.score_profile) IS 'binary output: the compact form';

CREATE TYPE monitor.score_profile (
	INPUT = monitor.score_profile_in, OUTPUT = monitor.score_profile_out,
	RECEIVE = monitor.score_profile_recv, SEND = monitor.score_profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION monitor._score_profile_combine(monitor.score_profile, monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_combine(monitor.score_profile, monitor.score_profile) IS 'add to an aggregate state in place';

CREATE FUNCTION monitor._score_profile_final(monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_final(monitor.score_profile) IS 'final: the compact form';

CREATE FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, boolean, double precision[]) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_accum_boolean' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, boolean, double precision[]) IS 'transition: count a score in place';

CREATE FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, integer, double precision[]) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_accum_integer' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, integer, double precision[]) IS 'transition: count a score with label 0 or 1 in place';

CREATE FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, text, text, double precision[]) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_accum_text' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._score_profile_accum(monitor.score_profile, double precision, text, text, double precision[]) IS 'transition: count a score with a named positive class in place';

CREATE AGGREGATE monitor.score_profile(score double precision, label boolean, edges double precision[]) (
	SFUNC = monitor._score_profile_accum, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.score_profile(score double precision, label boolean, edges double precision[]) IS
	'Profile of scores with their labels (NULL: not yet known) around edges (monitor.score_edges)';

CREATE AGGREGATE monitor.score_profile(score double precision, label integer, edges double precision[]) (
	SFUNC = monitor._score_profile_accum, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.score_profile(score double precision, label integer, edges double precision[]) IS
	'Profile of scores with their labels (NULL: not yet known) around edges (monitor.score_edges)';

CREATE AGGREGATE monitor.score_profile(score double precision, label text, positive text, edges double precision[]) (
	SFUNC = monitor._score_profile_accum, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.score_profile(score double precision, label text, positive text, edges double precision[]) IS
	'Profile of scores with their labels (NULL: not yet known) around edges (monitor.score_edges)';

CREATE AGGREGATE monitor.rollup(profile monitor.score_profile) (
	SFUNC = monitor._score_profile_combine, STYPE = monitor.score_profile, SSPACE = 78000,
	FINALFUNC = monitor._score_profile_final, COMBINEFUNC = monitor._score_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.score_profile) IS
	'Sum of profiles of disjoint rows';

CREATE FUNCTION monitor.merge(a monitor.score_profile, b monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.score_profile, b monitor.score_profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.score_profile, b monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.score_profile, b monitor.score_profile) IS 'Profile of the rows of a without those of b';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.score_profile, RIGHTARG = monitor.score_profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.score_profile, monitor.score_profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.score_profile, RIGHTARG = monitor.score_profile
);
COMMENT ON OPERATOR monitor.- (monitor.score_profile, monitor.score_profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.score_profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.score_profile, anchors monitor.score_profile) RETURNS monitor.score_profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_attach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.score_profile, anchors monitor.score_profile) IS 'A detached profile with the anchors of another of the same id';

CREATE FUNCTION monitor.num_rows(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.score_profile) IS 'All rows, unlabelled and missing ones included';

CREATE FUNCTION monitor.num_positive(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_positive' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_positive(profile monitor.score_profile) IS 'Positive rows with a score';

CREATE FUNCTION monitor.num_negative(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_negative' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_negative(profile monitor.score_profile) IS 'Negative rows with a score';

CREATE FUNCTION monitor.num_unlabelled(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_unlabelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_unlabelled(profile monitor.score_profile) IS 'Rows with a score whose label is not known';

CREATE FUNCTION monitor.num_missing(profile monitor.score_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_score_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.score_profile) IS 'Rows whose score was NULL or NaN';

CREATE FUNCTION monitor.score_distribution(profile monitor.score_profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_score_profile_scores' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.score_distribution(profile monitor.score_profile) IS 'The scores of all rows as a monitor.profile, for drift of the score';

CREATE FUNCTION monitor.roc_auc(profile monitor.score_profile) RETURNS monitor.score_metric
	AS 'MODULE_PATHNAME', 'monitor_score_profile_auc' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.roc_auc(profile monitor.score_profile) IS 'Area under the ROC curve with certified bounds and DeLong error; NULL with one class only';

CREATE FUNCTION monitor.gini(profile monitor.score_profile) RETURNS monitor.score_metric
	AS 'MODULE_PATHNAME', 'monitor_score_profile_gini' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gini(profile monitor.score_profile) IS '2 AUC - 1';

CREATE FUNCTION monitor.ks_score(profile monitor.score_profile) RETURNS monitor.score_metric
	AS 'MODULE_PATHNAME', 'monitor_score_profile_ks' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.ks_score(profile monitor.score_profile) IS 'Largest difference between the score distributions of the two classes';

CREATE FUNCTION monitor.brier_score(profile monitor.score_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_score_profile_brier' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.brier_score(profile monitor.score_profile) IS 'Mean of (score - label)^2, exact; NULL where scores are no probabilities';

CREATE FUNCTION monitor.log_loss(profile monitor.score_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_score_profile_log_loss' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.log_loss(profile monitor.score_profile) IS 'Mean log loss, clipped at 2^-52, exact; NULL where scores are no probabilities';

CREATE FUNCTION monitor.confusion_at(profile monitor.score_profile, threshold double precision) RETURNS monitor.score_confusion
	AS 'MODULE_PATHNAME', 'monitor_score_profile_confusion' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_at(profile monitor.score_profile, threshold double precision) IS 'Confusion counts and their metrics at a threshold that is one of the edges';

CREATE FUNCTION monitor.calibration_curve(profile monitor.score_profile) RETURNS monitor.score_calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(profile monitor.score_profile) IS 'Positive rate against mean score in 10 bins of equal width, as an array to unnest';

CREATE FUNCTION monitor.calibration_curve(profile monitor.score_profile, bins integer) RETURNS monitor.score_calibration_bin[]
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_curve(profile monitor.score_profile, bins integer) IS 'Positive rate against mean score in this many bins of equal width, as an array to unnest';

CREATE FUNCTION monitor.calibration_error(profile monitor.score_profile) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(profile monitor.score_profile) IS 'Expected calibration error over 10 bins; effect_size: less what a calibrated model of as many rows would show; n_reference negatives, n_current positives';

CREATE FUNCTION monitor.calibration_error(profile monitor.score_profile, bins integer) RETURNS monitor.test_result
	AS 'MODULE_PATHNAME', 'monitor_score_profile_calibration_error' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.calibration_error(profile monitor.score_profile, bins integer) IS 'Expected calibration error over this many bins; effect_size: less what a calibrated model of as many rows would show';

CREATE FUNCTION monitor.gains_curve(profile monitor.score_profile) RETURNS monitor.score_gain[]
	AS 'MODULE_PATHNAME', 'monitor_score_profile_gains' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.gains_curve(profile monitor.score_profile) IS 'Positives found among the rows with the highest scores, as an array to unnest';

CREATE FUNCTION monitor.score_edges(edges double precision[], thresholds double precision[]) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(DISTINCT e ORDER BY e)
	FROM unnest(edges || thresholds || '{0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9}') AS e
	WHERE e IS NOT NULL AND e <> 'NaN';
END;
COMMENT ON FUNCTION monitor.score_edges(edges double precision[], thresholds double precision[]) IS 'Edges for score profiles: those of the baseline (monitor.profile_edges(score, 1000)), the thresholds that matter, and 0.1 to 0.9';

CREATE FUNCTION monitor.score_edges(thresholds double precision[]) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(DISTINCT e ORDER BY e)
	FROM unnest((SELECT array_agg(i / 1000.0::double precision) FROM generate_series(0, 1000) AS i) || thresholds) AS e
	WHERE e IS NOT NULL AND e <> 'NaN';
END;
COMMENT ON FUNCTION monitor.score_edges(thresholds double precision[]) IS 'Edges for score profiles where there is no baseline: 0 to 1 by 0.001, and the thresholds that matter';

CREATE TYPE monitor.confusion_count AS (
	prediction text,
	truth text,
	n bigint
);
COMMENT ON TYPE monitor.confusion_count IS 'Labelled rows of one prediction and one truth';
COMMENT ON COLUMN monitor.confusion_count.prediction IS 'Predicted class; (other) for those that are not listed';
COMMENT ON COLUMN monitor.confusion_count.truth IS 'True class; (other) for those that are not listed';
COMMENT ON COLUMN monitor.confusion_count.n IS 'Labelled rows';

CREATE TYPE monitor.confusion_profile;
COMMENT ON TYPE monitor.confusion_profile IS
	'Counts of predicted and true classes';

CREATE FUNCTION monitor.confusion_profile_in(cstring) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.confusion_profile_out(monitor.confusion_profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_out(monitor.confusion_profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.confusion_profile_recv(internal) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.confusion_profile_send(monitor.confusion_profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_profile_send(monitor.confusion_profile) IS 'binary output: the compact form';

CREATE TYPE monitor.confusion_profile (
	INPUT = monitor.confusion_profile_in, OUTPUT = monitor.confusion_profile_out,
	RECEIVE = monitor.confusion_profile_recv, SEND = monitor.confusion_profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION monitor._confusion_profile_combine(monitor.confusion_profile, monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_combine(monitor.confusion_profile, monitor.confusion_profile) IS 'add to an aggregate state in place';

CREATE FUNCTION monitor._confusion_profile_final(monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_final(monitor.confusion_profile) IS 'final: the compact form';

CREATE FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, text, text, text[]) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, text, text, text[]) IS 'transition: count a row in place';

CREATE FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, anynonarray, anynonarray, text[]) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._confusion_profile_accum(monitor.confusion_profile, anynonarray, anynonarray, text[]) IS 'transition: count a row of any type in place';

CREATE AGGREGATE monitor.confusion_profile(prediction text, truth text, classes text[]) (
	SFUNC = monitor._confusion_profile_accum, STYPE = monitor.confusion_profile, SSPACE = 8000,
	FINALFUNC = monitor._confusion_profile_final, COMBINEFUNC = monitor._confusion_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.confusion_profile(prediction text, truth text, classes text[]) IS
	'Profile of predicted and true classes (truth NULL: not yet known); classes that are not listed are counted as one, none of them right';

CREATE AGGREGATE monitor.confusion_profile(prediction anynonarray, truth anynonarray, classes text[]) (
	SFUNC = monitor._confusion_profile_accum, STYPE = monitor.confusion_profile, SSPACE = 8000,
	FINALFUNC = monitor._confusion_profile_final, COMBINEFUNC = monitor._confusion_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.confusion_profile(prediction anynonarray, truth anynonarray, classes text[]) IS
	'Profile of predicted and true classes (truth NULL: not yet known); classes that are not listed are counted as one, none of them right';

CREATE AGGREGATE monitor.rollup(profile monitor.confusion_profile) (
	SFUNC = monitor._confusion_profile_combine, STYPE = monitor.confusion_profile, SSPACE = 8000,
	FINALFUNC = monitor._confusion_profile_final, COMBINEFUNC = monitor._confusion_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.confusion_profile) IS
	'Sum of profiles of disjoint rows';

CREATE FUNCTION monitor.merge(a monitor.confusion_profile, b monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.confusion_profile, b monitor.confusion_profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.confusion_profile, b monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.confusion_profile, b monitor.confusion_profile) IS 'Profile of the rows of a without those of b';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.confusion_profile, RIGHTARG = monitor.confusion_profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.confusion_profile, monitor.confusion_profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.confusion_profile, RIGHTARG = monitor.confusion_profile
);
COMMENT ON OPERATOR monitor.- (monitor.confusion_profile, monitor.confusion_profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.confusion_profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.confusion_profile, anchors monitor.confusion_profile) RETURNS monitor.confusion_profile
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_attach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.confusion_profile, anchors monitor.confusion_profile) IS 'A detached profile with the anchors of another of the same id';

CREATE FUNCTION monitor.num_rows(profile monitor.confusion_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.confusion_profile) IS 'All rows, unlabelled and missing ones included';

CREATE FUNCTION monitor.num_unlabelled(profile monitor.confusion_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_num_unlabelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_unlabelled(profile monitor.confusion_profile) IS 'Rows with a prediction whose truth is not known';

CREATE FUNCTION monitor.num_missing(profile monitor.confusion_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.confusion_profile) IS 'Rows without a prediction';

CREATE FUNCTION monitor.accuracy_score(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_accuracy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.accuracy_score(profile monitor.confusion_profile) IS 'Share of labelled rows predicted right';

CREATE FUNCTION monitor.balanced_accuracy_score(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_balanced_accuracy' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.balanced_accuracy_score(profile monitor.confusion_profile) IS 'Mean recall of the classes';

CREATE FUNCTION monitor.precision_score(profile monitor.confusion_profile, average text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_precision' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.precision_score(profile monitor.confusion_profile, average text) IS 'Precision averaged over the classes (''macro'', ''micro'' or ''weighted'')';

CREATE FUNCTION monitor.recall_score(profile monitor.confusion_profile, average text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_recall' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.recall_score(profile monitor.confusion_profile, average text) IS 'Recall averaged over the classes (''macro'', ''micro'' or ''weighted'')';

CREATE FUNCTION monitor.f1_score(profile monitor.confusion_profile, average text) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_f1' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.f1_score(profile monitor.confusion_profile, average text) IS 'F1 averaged over the classes (''macro'', ''micro'' or ''weighted'')';

CREATE FUNCTION monitor.matthews_corrcoef(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_matthews' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.matthews_corrcoef(profile monitor.confusion_profile) IS 'Matthews correlation of predictions and truths';

CREATE FUNCTION monitor.cohen_kappa_score(profile monitor.confusion_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_kappa' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.cohen_kappa_score(profile monitor.confusion_profile) IS 'Agreement beyond chance of predictions and truths';

CREATE FUNCTION monitor.confusion_matrix(profile monitor.confusion_profile) RETURNS monitor.confusion_count[]
	AS 'MODULE_PATHNAME', 'monitor_confusion_profile_matrix' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.confusion_matrix(profile monitor.confusion_profile) IS 'The counts that are not 0, as an array to unnest';

CREATE TYPE monitor.error_profile;
COMMENT ON TYPE monitor.error_profile IS
	'Exact sums of the errors of predicted numbers, in strata of the prediction';

CREATE FUNCTION monitor.error_profile_in(cstring) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_in(cstring) IS 'input: canonical JSON';

CREATE FUNCTION monitor.error_profile_out(monitor.error_profile) RETURNS cstring
	AS 'MODULE_PATHNAME', 'monitor_error_profile_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_out(monitor.error_profile) IS 'output: canonical JSON';

CREATE FUNCTION monitor.error_profile_recv(internal) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_recv(internal) IS 'binary input: the compact form';

CREATE FUNCTION monitor.error_profile_send(monitor.error_profile) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_error_profile_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.error_profile_send(monitor.error_profile) IS 'binary output: the compact form';

CREATE TYPE monitor.error_profile (
	INPUT = monitor.error_profile_in, OUTPUT = monitor.error_profile_out,
	RECEIVE = monitor.error_profile_recv, SEND = monitor.error_profile_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);

CREATE FUNCTION monitor._error_profile_combine(monitor.error_profile, monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._error_profile_combine(monitor.error_profile, monitor.error_profile) IS 'add to an aggregate state in place';

CREATE FUNCTION monitor._error_profile_final(monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_final' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._error_profile_final(monitor.error_profile) IS 'final: the compact form';

CREATE FUNCTION monitor._error_profile_accum(monitor.error_profile, double precision, double precision, double precision[]) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._error_profile_accum(monitor.error_profile, double precision, double precision, double precision[]) IS 'transition: count a row in place';

CREATE AGGREGATE monitor.error_profile(prediction double precision, truth double precision, edges double precision[]) (
	SFUNC = monitor._error_profile_accum, STYPE = monitor.error_profile, SSPACE = 80000,
	FINALFUNC = monitor._error_profile_final, COMBINEFUNC = monitor._error_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.error_profile(prediction double precision, truth double precision, edges double precision[]) IS
	'Profile of predicted numbers and truths (NULL: not yet known) around edges of the prediction (monitor.profile_edges)';

CREATE AGGREGATE monitor.rollup(profile monitor.error_profile) (
	SFUNC = monitor._error_profile_combine, STYPE = monitor.error_profile, SSPACE = 80000,
	FINALFUNC = monitor._error_profile_final, COMBINEFUNC = monitor._error_profile_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.rollup(profile monitor.error_profile) IS
	'Sum of profiles of disjoint rows';

CREATE FUNCTION monitor.merge(a monitor.error_profile, b monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_merge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.merge(a monitor.error_profile, b monitor.error_profile) IS 'Profile of the rows of both';

CREATE FUNCTION monitor.subtract(a monitor.error_profile, b monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_subtract' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.subtract(a monitor.error_profile, b monitor.error_profile) IS 'Profile of the rows of a without those of b';

CREATE OPERATOR monitor.+ (
	FUNCTION = monitor.merge, LEFTARG = monitor.error_profile, RIGHTARG = monitor.error_profile, COMMUTATOR = OPERATOR(monitor.+)
);
COMMENT ON OPERATOR monitor.+ (monitor.error_profile, monitor.error_profile) IS 'merge profiles of disjoint rows';

CREATE OPERATOR monitor.- (
	FUNCTION = monitor.subtract, LEFTARG = monitor.error_profile, RIGHTARG = monitor.error_profile
);
COMMENT ON OPERATOR monitor.- (monitor.error_profile, monitor.error_profile) IS 'subtract the rows of a profile';

CREATE FUNCTION monitor.detach(profile monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_detach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.detach(profile monitor.error_profile) IS 'The counts alone, with the id of the anchors: the small form to store many of';

CREATE FUNCTION monitor.attach(profile monitor.error_profile, anchors monitor.error_profile) RETURNS monitor.error_profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_attach' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.attach(profile monitor.error_profile, anchors monitor.error_profile) IS 'A detached profile with the anchors of another of the same id';

CREATE FUNCTION monitor.num_rows(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_rows' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_rows(profile monitor.error_profile) IS 'All rows, unlabelled and missing ones included';

CREATE FUNCTION monitor.num_labelled(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_labelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_labelled(profile monitor.error_profile) IS 'Rows with a prediction and a truth';

CREATE FUNCTION monitor.num_unlabelled(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_unlabelled' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_unlabelled(profile monitor.error_profile) IS 'Rows with a prediction whose truth is not known';

CREATE FUNCTION monitor.num_missing(profile monitor.error_profile) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_error_profile_num_missing' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.num_missing(profile monitor.error_profile) IS 'Rows whose prediction was NULL or NaN';

CREATE FUNCTION monitor.mean_absolute_error(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_mae' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mean_absolute_error(profile monitor.error_profile) IS 'Mean of |prediction - truth|, exact; NULL with an infinite error';

CREATE FUNCTION monitor.mean_squared_error(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_mse' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.mean_squared_error(profile monitor.error_profile) IS 'Mean of (prediction - truth)^2, exact; NULL with an infinite error';

CREATE FUNCTION monitor.root_mean_squared_error(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_rmse' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.root_mean_squared_error(profile monitor.error_profile) IS 'Root of the mean squared error';

CREATE FUNCTION monitor.r2_score(profile monitor.error_profile) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_error_profile_r2' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.r2_score(profile monitor.error_profile) IS 'Share of the variance of the truths that the predictions explain; NULL for equal truths';

CREATE FUNCTION monitor.prediction_distribution(profile monitor.error_profile) RETURNS monitor.profile
	AS 'MODULE_PATHNAME', 'monitor_error_profile_predictions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.prediction_distribution(profile monitor.error_profile) IS 'The predictions of all rows as a monitor.profile, for drift of the prediction';
--
-- Performance before labels arrive.
--

CREATE TYPE monitor.performance_estimate AS (
	metric text,
	method text,
	estimate double precision,
	standard_error double precision,
	low double precision,
	high double precision,
	n_labels bigint,
	n_rows bigint,
	status text,
	note text
);
COMMENT ON TYPE monitor.performance_estimate IS 'An estimate of performance made without the labels of the current rows';
COMMENT ON COLUMN monitor.performance_estimate.metric IS 'Name of the metric, as of the function that measures it';
COMMENT ON COLUMN monitor.performance_estimate.method IS 'cbpe (calibrated scores), atc (thresholded confidence), bbse (label shift) or stratified (losses by prediction)';
COMMENT ON COLUMN monitor.performance_estimate.estimate IS 'What the labels of the current rows are expected to give; NULL where refused';
COMMENT ON COLUMN monitor.performance_estimate.standard_error IS 'Standard error, of the unknown labels and of the calibration';
COMMENT ON COLUMN monitor.performance_estimate.low IS 'Lower end of the 95 % interval';
COMMENT ON COLUMN monitor.performance_estimate.high IS 'Upper end of the 95 % interval';
COMMENT ON COLUMN monitor.performance_estimate.n_labels IS 'Labelled rows of the calibration profile';
COMMENT ON COLUMN monitor.performance_estimate.n_rows IS 'Current rows';
COMMENT ON COLUMN monitor.performance_estimate.status IS 'ok, disagree (of the methods), insufficient_labels, insufficient_overlap, no_data or undefined';
COMMENT ON COLUMN monitor.performance_estimate.note IS 'What to know about the status';

CREATE FUNCTION monitor.estimate_performance(calibration monitor.score_profile, current monitor.score_profile) RETURNS monitor.performance_estimate[]
	AS 'MODULE_PATHNAME', 'monitor_estimate_performance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.estimate_performance(calibration monitor.score_profile, current monitor.score_profile) IS 'Performance of the current rows at threshold 0.5, from their scores and a labelled calibration profile, as an array to unnest';

CREATE FUNCTION monitor.estimate_performance(calibration monitor.score_profile, current monitor.score_profile, threshold double precision) RETURNS monitor.performance_estimate[]
	AS 'MODULE_PATHNAME', 'monitor_estimate_performance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.estimate_performance(calibration monitor.score_profile, current monitor.score_profile, threshold double precision) IS 'Performance of the current rows at this threshold, from their scores and a labelled calibration profile, as an array to unnest';

CREATE FUNCTION monitor.estimate_loss(calibration monitor.error_profile, current monitor.error_profile) RETURNS monitor.performance_estimate[]
	AS 'MODULE_PATHNAME', 'monitor_estimate_loss_functions' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor.estimate_loss(calibration monitor.error_profile, current monitor.error_profile) IS 'Errors of the current predictions, from a labelled calibration profile, as an array to unnest';
--
-- Fairness: how far groups lie apart, over rows: (prediction, truth, group [, positive]).
--
-- Rows with a NULL prediction or group are left out; a row of unknown truth takes part
-- where the truth is not looked at.
--

CREATE TYPE monitor.group_difference AS (
	difference    double precision,
	low           double precision,
	high          double precision,
	highest_group text,
	lowest_group  text,
	highest_share double precision,
	lowest_share  double precision,
	n_groups      bigint
);
COMMENT ON TYPE monitor.group_difference IS 'Difference between the groups with the highest and the lowest share';
COMMENT ON COLUMN monitor.group_difference.difference IS 'Highest less lowest share';
COMMENT ON COLUMN monitor.group_difference.low IS 'Lower 95 % confidence limit of the difference; below 0: the groups may be equal';
COMMENT ON COLUMN monitor.group_difference.high IS 'Upper 95 % confidence limit of the difference';
COMMENT ON COLUMN monitor.group_difference.highest_group IS 'The group with the highest share';
COMMENT ON COLUMN monitor.group_difference.lowest_group IS 'The group with the lowest share';
COMMENT ON COLUMN monitor.group_difference.highest_share IS 'Its share';
COMMENT ON COLUMN monitor.group_difference.lowest_share IS 'Its share';
COMMENT ON COLUMN monitor.group_difference.n_groups IS 'Groups that have a share, and were compared';

-- ---- states ----

CREATE FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_fairness_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray) IS 'transition: count a predicted and a true class of a group';

CREATE FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray, text) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_fairness_accum' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_accum(internal, anycompatiblenonarray, anycompatiblenonarray, anynonarray, text) IS 'transition: count a predicted and a true class of a group, for a positive class';

CREATE FUNCTION monitor._fairness_combine(internal, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_fairness_combine' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_combine(internal, internal) IS 'combine two states of groups';

CREATE FUNCTION monitor._fairness_serialize(internal) RETURNS bytea
	AS 'MODULE_PATHNAME', 'monitor_fairness_serialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_serialize(internal) IS 'send a state of groups to the leader';

CREATE FUNCTION monitor._fairness_deserialize(bytea, internal) RETURNS internal
	AS 'MODULE_PATHNAME', 'monitor_fairness_deserialize' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._fairness_deserialize(bytea, internal) IS 'receive a state of groups';

-- ---- differences ----

CREATE FUNCTION monitor._demographic_parity_difference(internal) RETURNS monitor.group_difference
	AS 'MODULE_PATHNAME', 'monitor_demographic_parity_difference_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._demographic_parity_difference(internal) IS 'final: demographic_parity_difference of groups';

CREATE AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._demographic_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) IS
	'Difference between groups in the share of positive predictions';

CREATE AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._demographic_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.demographic_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) IS
	'Difference between groups in the share of positive predictions; the positive class is named';

CREATE FUNCTION monitor._equal_opportunity_difference(internal) RETURNS monitor.group_difference
	AS 'MODULE_PATHNAME', 'monitor_equal_opportunity_difference_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._equal_opportunity_difference(internal) IS 'final: equal_opportunity_difference of groups';

CREATE AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._equal_opportunity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) IS
	'Difference between groups in the true positive rate (recall)';

CREATE AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._equal_opportunity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.equal_opportunity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) IS
	'Difference between groups in the true positive rate (recall); the positive class is named';

CREATE FUNCTION monitor._predictive_parity_difference(internal) RETURNS monitor.group_difference
	AS 'MODULE_PATHNAME', 'monitor_predictive_parity_difference_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._predictive_parity_difference(internal) IS 'final: predictive_parity_difference of groups';

CREATE AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._predictive_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) IS
	'Difference between groups in the precision of positive predictions';

CREATE AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._predictive_parity_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_parity_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) IS
	'Difference between groups in the precision of positive predictions; the positive class is named';

CREATE FUNCTION monitor._predictive_equality_difference(internal) RETURNS monitor.group_difference
	AS 'MODULE_PATHNAME', 'monitor_predictive_equality_difference_rows' LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._predictive_equality_difference(internal) IS 'final: predictive_equality_difference of groups';

CREATE AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._predictive_equality_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray) IS
	'Difference between groups in the false positive rate';

CREATE AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) (
	SFUNC = monitor._fairness_accum, STYPE = internal, SSPACE = 2048, FINALFUNC = monitor._predictive_equality_difference,
	COMBINEFUNC = monitor._fairness_combine, SERIALFUNC = monitor._fairness_serialize,
	DESERIALFUNC = monitor._fairness_deserialize, PARALLEL = SAFE
);
COMMENT ON AGGREGATE monitor.predictive_equality_difference(prediction anycompatiblenonarray, truth anycompatiblenonarray, group_name anynonarray, positive text) IS
	'Difference between groups in the false positive rate; the positive class is named';
