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
