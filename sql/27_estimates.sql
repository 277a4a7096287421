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
