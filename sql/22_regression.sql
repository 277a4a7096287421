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
