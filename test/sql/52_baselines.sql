-- A new baseline: what was measured against the one before stays as it was, with its definition;
-- what changes from then on is measured against the new one.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE SCHEMA baselines_test;
GRANT USAGE ON SCHEMA baselines_test TO pg_database_owner;
CREATE TABLE baselines_test.p (id integer PRIMARY KEY, at timestamptz NOT NULL, score double precision, x double precision, grade text, y boolean, latency double precision, version text);
CREATE INDEX ON baselines_test.p (at);
INSERT INTO baselines_test.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '432 seconds', i * 7919 % 1000 / 1000.0, i * 104729::bigint % 1000 / 1000.0 + CASE WHEN i >= 8000 THEN 0.3 ELSE 0 END,
	chr(65 + i % 5), i * 15485863::bigint % 1000 < i * 7919 % 1000, i % 100, 'v' || 1 + (i >= 8000)::integer FROM generate_series(0, 15999) AS i;
GRANT SELECT ON ALL TABLES IN SCHEMA baselines_test TO pg_database_owner;
SET monitor.mock_now = '2026-03-01 00:00+00';
SELECT length(monitor.create_model('based', source => 'baselines_test.p', time_column => 'at', score => 'score', label => 'y', features => '{x,grade}', latency => 'latency', version => 'version',
	metrics => '{"gain": {"numerator": "x", "denominator": "1"}}', granularity => 'day', owner => 'pg_database_owner', look_back => '1 day', baseline_from => '2026-01-01', baseline_to => '2026-02-01')) > 0 AS registered;
CALL monitor.run();
CALL monitor.run();

-- what is said of the looks up to a time; a segment that is new with a later baseline is another matter
CREATE FUNCTION baselines_test.said(to_time timestamptz, baselines integer) RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(concat_ws('|', metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, log_e_value, n_reference, n_current, verdict, reason, method), E'\n'
		ORDER BY metric, feature, segment, window_end))
	FROM monitor.measurement WHERE window_end <= to_time AND metric <> 'quality.freshness'
		AND baseline_id IN (SELECT b.baseline_id FROM monitor.baseline b ORDER BY b.baseline_id LIMIT baselines) $$;
CREATE VIEW baselines_test.baselines AS
SELECT b.kind, b.from_time, b.to_time, b.superseded_at IS NULL AS present, min(x.window_end) AS first_look, max(x.window_end) AS last_look, count(DISTINCT x.metric) > 10 AS measured
FROM monitor.baseline b LEFT JOIN monitor.measurement x ON x.baseline_id = b.baseline_id AND x.metric NOT LIKE 'quality.f%' GROUP BY b.baseline_id ORDER BY b.baseline_id;
SELECT baselines_test.said('2026-03-01', 1) AS said \gset

-- an earlier range, whose looks have been taken
SELECT monitor.set_baseline('based', from_time => '2026-01-05', to_time => '2026-01-20', comment => 'shorter');
CALL monitor.run();
SELECT baselines_test.said('2026-03-01', 1) = :'said' AS as_it_was;
TABLE baselines_test.baselines;
SET monitor.mock_now = '2026-03-05 00:00+00';
CALL monitor.run();
SELECT baselines_test.said('2026-03-01', 1) = :'said' AS as_it_was;
TABLE baselines_test.baselines;

-- of another version, of a query, rolling
SELECT baselines_test.said('2026-03-05', 2) AS said \gset
SELECT monitor.set_baseline('based', version => 'v2', from_time => '2026-02-12', to_time => '2026-02-25');
CALL monitor.run();
SET monitor.mock_now = '2026-03-08 00:00+00';
CALL monitor.run();
SELECT baselines_test.said('2026-03-05', 2) = :'said' AS as_it_was;
SELECT monitor.set_baseline('based', source_query => 'SELECT * FROM baselines_test.p WHERE id < 3000');
SET monitor.mock_now = '2026-03-10 00:00+00';
CALL monitor.run();
SELECT baselines_test.said('2026-03-05', 2) = :'said' AS as_it_was;
SELECT monitor.set_baseline('based', rolling => 7);
SET monitor.mock_now = '2026-03-13 00:00+00';
CALL monitor.run();
SET monitor.mock_now = '2026-03-14 00:00+00';
CALL monitor.run();
SELECT baselines_test.said('2026-03-05', 2) = :'said' AS as_it_was;
TABLE baselines_test.baselines;
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';

-- rows that come late to a look of an old baseline: it is counted again, and what was said of it stays
UPDATE monitor.model SET look_back = '40 days';
INSERT INTO baselines_test.p SELECT 20000 + i, '2026-02-20 12:00+00', 0.5, 100, 'Z', true, 1, 'v2' FROM generate_series(1, 300) AS i;
CALL monitor.run();
SELECT baselines_test.said('2026-03-05', 2) = :'said' AS as_it_was;

-- a baseline without rows is refused
SELECT monitor.set_baseline('based', '2026-01-01', '2026-02-01', version => 'v9');
SELECT monitor.set_baseline('based', '2026-01-01', '2026-02-01', source_query => 'SELECT * FROM baselines_test.p WHERE false');
SELECT monitor.set_baseline('based', source_query => 'SELECT 1');
SELECT monitor.set_baseline('based', source_query => '');
SELECT monitor.set_baseline('based', source_query => 'SELECT * FROM nowhere');
SELECT monitor.set_baseline('based', '2027-01-01', '2027-02-01');
SELECT kind FROM monitor.baseline WHERE superseded_at IS NULL;
-- one to the ends of time is of the rows that there are
SELECT monitor.set_baseline('based', '-infinity', 'infinity');
SELECT monitor.set_baseline('based', '2026-01-10', '2030-01-01');
CALL monitor.run();
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT count(*) FILTER (WHERE bucket_start > '2026-03-14') AS to_come FROM monitor.bucket;
SELECT monitor.drop_model('based');
-- one without a value is none that anything can be compared with, and no error
ALTER TABLE baselines_test.p ADD nothing double precision;
SELECT length(monitor.create_model('nothing', source => 'baselines_test.p', time_column => 'at', features => '{nothing}', granularity => 'day', owner => 'pg_database_owner')) > 0 AS registered;
CALL monitor.run();
CALL monitor.run();
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT DISTINCT metric FROM monitor.data_quality ORDER BY metric;
SELECT monitor.drop_model('nothing');
-- rows of 1970 are no history
INSERT INTO baselines_test.p SELECT -i, '1970-01-01 00:00+00'::timestamptz + (i % 2) * interval '3 years', 0.5, 1, 'A', true, 1, 'v1' FROM generate_series(1, 5) AS i;
SELECT l FROM regexp_split_to_table(monitor.create_model('epoch', source => 'baselines_test.p', time_column => 'at', features => '{x}', owner => 'pg_database_owner'), '\n') AS l WHERE l ~ 'baseline|granularity';
SELECT monitor.set_baseline('epoch', '2026-01-01', '2026-02-01');
CALL monitor.run();
-- whose rows the source let go of cannot be counted anew; until then it is as it was
DELETE FROM baselines_test.p WHERE at < '2026-01-25';
SELECT monitor.alter_model('epoch', add_features => '{latency}');
SELECT monitor.alter_model('epoch', decision_threshold => 0.3);
SELECT length(monitor.alter_model('epoch', label_delay => '1 day')) > 0 AS altered;
CALL monitor.run();
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT r.num_rows FROM monitor.baseline b JOIN monitor.reference r USING (baseline_id) WHERE b.superseded_at IS NULL AND r.segment = '' AND r.stratum = 0;
SELECT monitor.set_baseline('epoch', '2026-02-01', '2026-03-01');
SELECT length(monitor.alter_model('epoch', add_features => '{latency}')) > 0 AS altered;
SELECT monitor.drop_model('epoch');
-- where few rows come, more days are a baseline: as many as hold 1,000 rows, of the first half
CREATE TABLE baselines_test.few AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '2 hours' AS at, i % 7 AS x FROM generate_series(0, 1300) AS i;
CREATE INDEX ON baselines_test.few (at);
SELECT l FROM regexp_split_to_table(monitor.create_model('few', source => 'baselines_test.few', time_column => 'at'), '\n') AS l WHERE l ~ 'baseline|granularity';
SELECT monitor.set_baseline('few');
SELECT monitor.explain_drift('few', '2026-03-01', '2026-04-01');
INSERT INTO baselines_test.few SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '2 hours', i % 7 FROM generate_series(1301, 2900) AS i;
SET monitor.mock_now = '2026-08-31 00:00+00';
CALL monitor.run_model('few');
SELECT l FROM regexp_split_to_table(monitor.describe_model('few'), '\n') AS l WHERE l ~ 'baseline|granularity';
SELECT monitor.drop_model('few');
RESET monitor.mock_now;
DROP SCHEMA baselines_test CASCADE;
