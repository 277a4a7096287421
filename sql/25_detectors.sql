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
