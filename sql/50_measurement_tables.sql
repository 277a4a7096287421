--
-- Measurement: numbers and verdicts, functions of what collection stored.
--

CREATE TABLE monitor.measurement (
	model_id     bigint NOT NULL,
	metric       text COLLATE "C" NOT NULL,
	feature      text COLLATE "C" NOT NULL DEFAULT '',
	segment      text COLLATE "C" NOT NULL DEFAULT '',
	window_end   timestamptz NOT NULL,
	window_start timestamptz NOT NULL,
	baseline_id  bigint,
	value        double precision,
	low          double precision,
	high         double precision,
	effect_size  double precision,
	p_value      double precision,
	log_e_value  double precision,
	phi          double precision,
	warning_at   double precision,
	critical_at  double precision,
	n_reference  bigint,
	n_current    bigint,
	buckets      integer,
	verdict      text NOT NULL CHECK (verdict IN ('ok', 'warning', 'critical', 'insufficient_data', 'no_data', 'undecided', 'error')),
	reason       text,
	provisional  boolean NOT NULL DEFAULT false,
	method       text,
	parameters   jsonb,
	algorithm    integer NOT NULL DEFAULT 1,
	measured_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
	PRIMARY KEY (model_id, metric, feature, segment, window_end)
);
COMMENT ON TABLE monitor.measurement IS 'One number of one window: what it is, how sure, compared with what, and the verdict';
COMMENT ON COLUMN monitor.measurement.metric IS 'drift.psi, quality.missing_ratio, performance.roc_auc, estimated.roc_auc, resource.latency_p95, cost.total, business.<name>, importance.<feature> ...';
COMMENT ON COLUMN monitor.measurement.feature IS 'Empty: the metric is of the model';
COMMENT ON COLUMN monitor.measurement.segment IS 'Empty: all rows';
COMMENT ON COLUMN monitor.measurement.window_end IS 'End of the last bucket of the window: the look';
COMMENT ON COLUMN monitor.measurement.value IS 'The metric''s own value';
COMMENT ON COLUMN monitor.measurement.effect_size IS 'How large the change is, less what chance alone gives';
COMMENT ON COLUMN monitor.measurement.log_e_value IS 'Natural logarithm of the evidence S of all windows that end here (verdicts section 5)';
COMMENT ON COLUMN monitor.measurement.phi IS 'By how much the rows of this window vary more than independent ones';
COMMENT ON COLUMN monitor.measurement.buckets IS 'Buckets in the window';
COMMENT ON COLUMN monitor.measurement.provisional IS 'A bucket of the window is open or may still change';
COMMENT ON COLUMN monitor.measurement.algorithm IS 'Version of the rule that computed this';
SELECT pg_catalog.pg_extension_config_dump('monitor.measurement', '');

CREATE TABLE monitor.episode (
	model_id       bigint NOT NULL,
	metric         text COLLATE "C" NOT NULL,
	feature        text COLLATE "C" NOT NULL DEFAULT '',
	segment        text COLLATE "C" NOT NULL DEFAULT '',
	opened_at      timestamptz NOT NULL,
	closed_at      timestamptz,
	worst          text NOT NULL CHECK (worst IN ('warning', 'critical')),
	baseline_id    bigint,
	closed_because text,
	PRIMARY KEY (model_id, metric, feature, segment, opened_at)
);
COMMENT ON TABLE monitor.episode IS 'From the look at which a verdict opened to the one at which it closed; late rows never rewrite it';
SELECT pg_catalog.pg_extension_config_dump('monitor.episode', '');

CREATE TABLE monitor.stream_state (
	model_id       bigint NOT NULL,
	metric         text COLLATE "C" NOT NULL,
	feature        text COLLATE "C" NOT NULL DEFAULT '',
	segment        text COLLATE "C" NOT NULL DEFAULT '',
	looked_to      timestamptz,
	evidence_since timestamptz,
	calm_looks     integer NOT NULL DEFAULT 0,
	log_w          double precision,
	PRIMARY KEY (model_id, metric, feature, segment)
);
COMMENT ON TABLE monitor.stream_state IS 'Where a stream stands between looks';
COMMENT ON COLUMN monitor.stream_state.looked_to IS 'End of the last closed bucket looked at';
COMMENT ON COLUMN monitor.stream_state.evidence_since IS 'No window reaches back before this: end of the baseline, or last recovery';
COMMENT ON COLUMN monitor.stream_state.calm_looks IS 'Looks running below the closing threshold';
COMMENT ON COLUMN monitor.stream_state.log_w IS 'Logarithm of the e-CUSUM of performance (verdicts section 7)';
SELECT pg_catalog.pg_extension_config_dump('monitor.stream_state', '');
