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
