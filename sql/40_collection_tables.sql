--
-- Collection: what has been counted of each model's rows, and what must be counted again.
--

CREATE TABLE monitor.watermark (
	model_id        bigint PRIMARY KEY,
	closed_to       timestamptz NOT NULL,
	closed_to_local timestamp NOT NULL,
	seen            text,
	alerted_to      timestamptz
);
COMMENT ON TABLE monitor.watermark IS 'Rows earlier than this belong to buckets that are counted: a change to them is written to dirty_range';
COMMENT ON COLUMN monitor.watermark.closed_to_local IS 'closed_to in the model''s time zone, for columns without one';
COMMENT ON COLUMN monitor.watermark.alerted_to IS 'Measurements that rules have taken were made until then, by the clock';
COMMENT ON COLUMN monitor.watermark.seen IS 'What the last collecting saw: where it is the same again, there is nothing to count';
SELECT pg_catalog.pg_extension_config_dump('monitor.watermark', '');

CREATE TABLE monitor.dirty_range (
	model_id  bigint NOT NULL,
	from_time timestamptz NOT NULL,
	to_time   timestamptz NOT NULL,
	what      text NOT NULL CHECK (what IN ('features', 'labels')),
	marked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dirty_range_model ON monitor.dirty_range (model_id);
COMMENT ON TABLE monitor.dirty_range IS 'Half-open ranges of prediction time to count again; appended by triggers, deleted by the recount''s transaction';
COMMENT ON COLUMN monitor.dirty_range.what IS 'features: everything of these rows; labels: only what depends on labels';
SELECT pg_catalog.pg_extension_config_dump('monitor.dirty_range', '');

CREATE TABLE monitor.dirty_key (
	model_id  bigint NOT NULL,
	key       text NOT NULL,
	marked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX dirty_key_model ON monitor.dirty_key (model_id);
COMMENT ON TABLE monitor.dirty_key IS 'Keys (as text) of labels that changed in a label table: the buckets of their predictions are counted again';
SELECT pg_catalog.pg_extension_config_dump('monitor.dirty_key', '');

CREATE TABLE monitor.source_part (
	model_id  bigint NOT NULL,
	part      regclass NOT NULL,
	from_time timestamptz NOT NULL,
	to_time   timestamptz NOT NULL,
	triggers  oid[],
	cluster   bigint,
	PRIMARY KEY (model_id, part)
);
COMMENT ON TABLE monitor.source_part IS 'Tables that held a source''s rows at the last run (its leaf partitions, or itself), and the prediction times that they can hold';
COMMENT ON COLUMN monitor.source_part.triggers IS 'Row triggers that were in force there: where they are others, changes may have gone unseen; NULL: whatever they are';
COMMENT ON COLUMN monitor.source_part.cluster IS 'Database cluster that the numbers of triggers belong to';
SELECT pg_catalog.pg_extension_config_dump('monitor.source_part', '');

CREATE TABLE monitor.bucket (
	model_id          bigint NOT NULL,
	bucket_start      timestamptz NOT NULL,
	bucket_end        timestamptz NOT NULL,
	num_rows          bigint NOT NULL,
	is_open           boolean NOT NULL DEFAULT false,
	provisional_until xid8,
	archived          boolean NOT NULL DEFAULT false,
	digest            text,
	counted_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	changed_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	labelled_at       timestamptz,
	PRIMARY KEY (model_id, bucket_start)
);
COMMENT ON TABLE monitor.bucket IS 'The buckets that were counted';
COMMENT ON COLUMN monitor.bucket.is_open IS 'The bucket has not ended: it opens and closes no verdict';
COMMENT ON COLUMN monitor.bucket.provisional_until IS 'Counted again at each run until every transaction before this one has ended; NULL: settled';
COMMENT ON COLUMN monitor.bucket.archived IS 'The source no longer holds these rows; the counts are kept';
COMMENT ON COLUMN monitor.bucket.digest IS 'Of all counts, to know whether a recount changed any';
COMMENT ON COLUMN monitor.bucket.changed_at IS 'When counts last changed: measurements of windows that hold it are computed again';
COMMENT ON COLUMN monitor.bucket.labelled_at IS 'When labels last changed counts, and nothing else did: what goes by them is computed again; NULL: never';
SELECT pg_catalog.pg_extension_config_dump('monitor.bucket', '');

CREATE INDEX bucket_unsettled ON monitor.bucket (model_id) WHERE provisional_until IS NOT NULL AND NOT is_open;
CREATE INDEX bucket_end ON monitor.bucket (model_id, bucket_end);
COMMENT ON INDEX monitor.bucket_end IS 'Measurements name the end of a bucket: views join them by it, else they would read the buckets of all models';

CREATE TABLE monitor.bucket_features (
	model_id     bigint NOT NULL,
	baseline_id  bigint NOT NULL,
	segment      text COLLATE "C" NOT NULL DEFAULT '',
	bucket_start timestamptz NOT NULL,
	bucket_end   timestamptz NOT NULL,
	num_rows     bigint NOT NULL,
	profiles     monitor.profile[],
	cells        monitor.profile[] NOT NULL,
	PRIMARY KEY (model_id, baseline_id, segment, bucket_start)
);
CREATE INDEX bucket_features_time ON monitor.bucket_features (model_id, bucket_start);
COMMENT ON INDEX monitor.bucket_features_time IS 'All segments of the buckets that changed';
COMMENT ON TABLE monitor.bucket_features IS 'Profiles of a bucket''s rows, detached, by the position of the feature; NULL where the feature did not exist';
COMMENT ON COLUMN monitor.bucket_features.segment IS 'Empty: all rows';
COMMENT ON COLUMN monitor.bucket_features.profiles IS 'Around up to 1,000 anchors; of all rows only, NULL for segments';
COMMENT ON COLUMN monitor.bucket_features.cells IS 'The same counts around at most 20 anchors: what verdicts are computed from';
-- Every look reads the cells of hundreds.  PostgreSQL may have been built without lz4.
DO $$
BEGIN
	ALTER TABLE monitor.bucket_features ALTER COLUMN cells SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END;
$$;
SELECT pg_catalog.pg_extension_config_dump('monitor.bucket_features', '');

CREATE TABLE monitor.bucket_outcomes (
	model_id     bigint NOT NULL,
	baseline_id  bigint NOT NULL,
	segment      text COLLATE "C" NOT NULL DEFAULT '',
	bucket_start timestamptz NOT NULL,
	bucket_end   timestamptz NOT NULL,
	num_rows     bigint NOT NULL,
	num_labelled bigint NOT NULL,
	scores       monitor.score_profile,
	confusion    monitor.confusion_profile,
	errors       monitor.error_profile,
	ranking      double precision[],
	sums         double precision[],
	associations monitor.score_profile[],
	PRIMARY KEY (model_id, baseline_id, segment, bucket_start)
);
CREATE INDEX bucket_outcomes_time ON monitor.bucket_outcomes (model_id, bucket_start);
COMMENT ON INDEX monitor.bucket_outcomes_time IS 'All segments of the buckets that changed';
COMMENT ON TABLE monitor.bucket_outcomes IS 'What a bucket''s labels, scores and costs say; profiles are detached';
COMMENT ON COLUMN monitor.bucket_outcomes.ranking IS 'Queries with a relevant row, sum and sum of squares of their nDCG';
COMMENT ON COLUMN monitor.bucket_outcomes.sums IS 'Numerator and denominator of each custom metric, by position';
COMMENT ON COLUMN monitor.bucket_outcomes.associations IS 'Rows by bin of the feature and class of the target, by the position of the feature; whole bucket only';
SELECT pg_catalog.pg_extension_config_dump('monitor.bucket_outcomes', '');

CREATE TABLE monitor.reference (
	baseline_id bigint NOT NULL,
	segment     text COLLATE "C" NOT NULL DEFAULT '',
	stratum     integer NOT NULL DEFAULT 0,
	num_rows    bigint NOT NULL,
	profiles    monitor.profile[] NOT NULL,
	cells       monitor.profile[] NOT NULL,
	PRIMARY KEY (baseline_id, segment, stratum)
);
-- read at every look, and anchors hardly become shorter
ALTER TABLE monitor.reference ALTER COLUMN profiles SET STORAGE EXTERNAL;
COMMENT ON TABLE monitor.reference IS 'The baseline''s profiles by feature position; those of segment '''' and stratum 0 embed the anchors, all others are detached';
COMMENT ON COLUMN monitor.reference.stratum IS '0: the whole baseline; 1 and on: hours of day, of weekdays then weekends; -1: of a rolling baseline, what gave the anchors';
SELECT pg_catalog.pg_extension_config_dump('monitor.reference', '');

CREATE TABLE monitor.reference_outcomes (
	baseline_id  bigint NOT NULL,
	segment      text COLLATE "C" NOT NULL DEFAULT '',
	num_rows     bigint NOT NULL,
	num_labelled bigint NOT NULL,
	scores       monitor.score_profile,
	confusion    monitor.confusion_profile,
	errors       monitor.error_profile,
	ranking      double precision[],
	sums         double precision[],
	associations monitor.score_profile[],
	PRIMARY KEY (baseline_id, segment)
);
COMMENT ON TABLE monitor.reference_outcomes IS 'The same as bucket_outcomes, of the baseline; those of segment '''' embed the anchors';
SELECT pg_catalog.pg_extension_config_dump('monitor.reference_outcomes', '');

CREATE TABLE monitor.reference_stream (
	baseline_id   bigint NOT NULL,
	segment       text COLLATE "C" NOT NULL DEFAULT '',
	position      integer NOT NULL,
	anchors       double precision[],
	categories    text[],
	phi           double precision[],
	phi_windows   integer[],
	PRIMARY KEY (baseline_id, segment, position)
);
COMMENT ON TABLE monitor.reference_stream IS 'One feature of a baseline: what it is counted around (segment '''' only; position 0: scores or errors) and how dependent its rows are';
COMMENT ON COLUMN monitor.reference_stream.phi IS 'Variance of windows of 1, 2, 4, ... 512 buckets over that of independent rows; NULL: dependence unknown';
COMMENT ON COLUMN monitor.reference_stream.phi_windows IS 'From how many windows each was estimated';
SELECT pg_catalog.pg_extension_config_dump('monitor.reference_stream', '');

CREATE TABLE monitor.run (
	run_id        bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
	model_id      bigint NOT NULL,
	started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
	finished_at   timestamptz,
	status        text NOT NULL CHECK (status IN ('running', 'ok', 'skipped', 'error')),
	stage         text NOT NULL,
	scheduled_for timestamptz,
	buckets       integer NOT NULL DEFAULT 0,
	rows_read     bigint NOT NULL DEFAULT 0,
	bytes_stored  bigint NOT NULL DEFAULT 0,
	measurements  integer NOT NULL DEFAULT 0,
	sqlstate      text,
	message       text
);
CREATE INDEX run_model ON monitor.run (model_id, started_at);
CREATE INDEX run_running ON monitor.run (model_id) WHERE status = 'running';
COMMENT ON INDEX monitor.run_running IS 'A run looks for one that died before it, among those of 90 days';
COMMENT ON TABLE monitor.run IS 'One run of one model: what it read, stored and measured, or why it failed';
SELECT pg_catalog.pg_extension_config_dump('monitor.run', '');
SELECT pg_catalog.pg_extension_config_dump('monitor.run_run_id_seq', '');
COMMENT ON SEQUENCE monitor.run_run_id_seq IS 'Numbers of runs';

CREATE TABLE monitor.reference_segment (
	baseline_id bigint NOT NULL,
	position    integer NOT NULL,
	allowed     text[] NOT NULL,
	PRIMARY KEY (baseline_id, position)
);
COMMENT ON TABLE monitor.reference_segment IS 'Values of a segment that are told apart: the most frequent ones of the baseline; all others are (other)';
SELECT pg_catalog.pg_extension_config_dump('monitor.reference_segment', '');
