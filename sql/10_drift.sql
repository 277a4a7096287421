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
