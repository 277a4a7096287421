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
