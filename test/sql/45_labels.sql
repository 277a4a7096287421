-- Labels with a time: those of times to come have not arrived; those that came since the last
-- run are found although no trigger saw them; what they change is measured.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE SCHEMA labels_test;
GRANT USAGE ON SCHEMA labels_test TO pg_database_owner;
CREATE TABLE labels_test.p (id integer PRIMARY KEY, at timestamptz NOT NULL, score double precision);
CREATE INDEX ON labels_test.p (at);
CREATE TABLE labels_test.labels (id integer PRIMARY KEY, known_at timestamp, y boolean);
-- 200 rows a day; a label is known three days later, of each tenth row twenty days later
INSERT INTO labels_test.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '432 seconds', i * 7919 % 1000 / 1000.0 FROM generate_series(0, 11999) AS i;
INSERT INTO labels_test.labels SELECT id, (at AT TIME ZONE 'UTC') + CASE WHEN id % 10 = 0 THEN interval '20 days' ELSE interval '3 days' END, id * 104729::bigint % 1000 < 1000 * score FROM labels_test.p;
CREATE VIEW labels_test.seen AS SELECT * FROM labels_test.labels;
GRANT SELECT ON ALL TABLES IN SCHEMA labels_test TO pg_database_owner;
-- what has arrived of each bucket, and what was counted
CREATE VIEW labels_test.wrong AS
SELECT m.name AS model, k.bucket_start AS bucket, r.labelled, o.num_labelled AS counted
FROM monitor.model AS m JOIN monitor.bucket AS k USING (model_id)
JOIN monitor.baseline AS b ON b.model_id = m.model_id AND b.superseded_at IS NULL
LEFT JOIN monitor.bucket_outcomes AS o ON o.model_id = m.model_id AND o.baseline_id = b.baseline_id AND o.segment = '' AND o.bucket_start = k.bucket_start
CROSS JOIN LATERAL (SELECT count(*) AS labelled FROM labels_test.p JOIN labels_test.labels AS l USING (id)
	WHERE p.at >= k.bucket_start AND p.at < k.bucket_end AND (l.known_at AT TIME ZONE 'UTC' <= monitor.now() OR l.known_at IS NULL)) AS r
WHERE k.num_rows > 0 AND r.labelled IS DISTINCT FROM o.num_labelled;

SET monitor.mock_now = '2026-02-10 12:00+00';
SELECT monitor.create_model('wrong', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.labels', label_key => 'id', label_time => 'id');
SELECT monitor.create_model('wrong', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_time => 'at');
SET client_min_messages = notice;
SELECT length(monitor.create_model('stored ahead', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.labels', label_key => 'id',
	label_time => 'known_at', label_delay => '3 days', features => '{}', granularity => 'day', owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-02-01')) > 0 AS registered;
SET client_min_messages = error;
CREATE INDEX ON labels_test.labels (known_at);
SELECT length(monitor.create_model('no trigger', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.seen', label_key => 'id',
	label_time => 'known_at', label_delay => '3 days', features => '{}', granularity => 'day', owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-02-01', look_back => '1 day')) > 0 AS registered;
CALL monitor.run();
CALL monitor.run();
SELECT l FROM regexp_split_to_table(monitor.describe_model('stored ahead'), '\n') AS l WHERE l ~ '^  label ';
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT * FROM labels_test.wrong;
-- mature: older than label_delay, with nine tenths of the labels; three days are not
SELECT model, max(window_end) AS realised_to, min(label_coverage) AS least FROM monitor.model_performance WHERE kind = 'realised' AND metric = 'roc_auc' GROUP BY model ORDER BY model;

-- time passes, and labels arrive that nobody writes any more
SET monitor.mock_now = '2026-02-13 12:00+00';
CALL monitor.run();
SELECT * FROM labels_test.wrong;
SELECT model, max(window_end) AS realised_to, min(label_coverage) AS least FROM monitor.model_performance WHERE kind = 'realised' AND metric = 'roc_auc' GROUP BY model ORDER BY model;
-- within a day too
SET monitor.mock_now = '2026-02-13 20:00+00';
CALL monitor.run();
SELECT * FROM labels_test.wrong;

-- a label that comes late marks its bucket, and changes what was measured of it
SELECT count(*) AS measured, sum(n_current) AS rows FROM monitor.measurement x JOIN monitor.model m USING (model_id)
WHERE m.name = 'stored ahead' AND metric = 'performance.accuracy_score' AND segment = '' AND window_end = '2026-02-05' \gset
UPDATE labels_test.labels SET known_at = '2026-02-13 20:10' WHERE id % 10 = 0 AND id BETWEEN 7000 - 200 AND 7000 - 1;
SET monitor.mock_now = '2026-02-13 21:00+00';
CALL monitor.run();
SELECT * FROM labels_test.wrong;
SELECT m.name, sum(n_current) - :rows AS more_labels FROM monitor.measurement x JOIN monitor.model m USING (model_id)
WHERE metric = 'performance.accuracy_score' AND segment = '' AND window_end = '2026-02-05' GROUP BY m.name ORDER BY m.name;
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT monitor.drop_model(name) FROM monitor.model ORDER BY name;

-- keys of labels that no prediction can have, and keys of fixed length
CREATE TABLE labels_test.late (id bigint PRIMARY KEY, y boolean);
INSERT INTO labels_test.late SELECT id, y FROM labels_test.labels WHERE id <> 8000;
CREATE TABLE labels_test.coded (at timestamptz NOT NULL, score double precision, code character(8));
CREATE INDEX ON labels_test.coded (at);
CREATE INDEX ON labels_test.coded (code);
INSERT INTO labels_test.coded SELECT at, score, 'k' || id FROM labels_test.p;
CREATE TABLE labels_test.codes (code character(8) PRIMARY KEY, y boolean);
INSERT INTO labels_test.codes SELECT 'k' || id, y FROM labels_test.late;
GRANT SELECT ON ALL TABLES IN SCHEMA labels_test TO pg_database_owner;
SELECT length(monitor.create_model('wide key', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.late', label_key => 'id',
	features => '{}', granularity => 'day', owner => 'pg_database_owner')) > 0 AS registered;
SELECT length(monitor.create_model('code', source => 'labels_test.coded', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.codes', label_key => 'code',
	features => '{}', granularity => 'day', owner => 'pg_database_owner')) > 0 AS registered;
CALL monitor.run();
CALL monitor.run();
INSERT INTO labels_test.late VALUES (3000000000, true), (8000, true);
INSERT INTO labels_test.codes VALUES ('zzzzzzzz', true), ('k8000', true);
CALL monitor.run();
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT m.name, sum(o.num_labelled) FROM monitor.bucket_outcomes o JOIN monitor.model m USING (model_id) WHERE o.bucket_start = (SELECT date_trunc('day', at, 'UTC') FROM labels_test.p WHERE id = 8000) GROUP BY m.name ORDER BY m.name;
SELECT monitor.drop_model(name) FROM monitor.model ORDER BY name;

-- Labels that come later than a baseline is built say how well the model did then, and a loss that they tell of is seen however late it is
CREATE TABLE labels_test.slow (id integer PRIMARY KEY, known_at timestamptz, y boolean);
CREATE INDEX ON labels_test.slow (known_at);
INSERT INTO labels_test.slow SELECT id, at + interval '15 days', (id * 104729::bigint % 1000 < 1000 * score) <> (at >= '2026-01-29') FROM labels_test.p;
GRANT SELECT ON labels_test.slow TO pg_database_owner;
SET monitor.mock_now = '2026-01-25 12:00+00';
SELECT length(monitor.create_model('slow', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.slow', label_key => 'id', label_time => 'known_at',
	label_delay => '15 days', features => '{}', granularity => 'day', owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-01-21')) > 0 AS registered;
CALL monitor.run();
SELECT r.num_rows, r.num_labelled FROM monitor.reference_outcomes AS r WHERE r.segment = '';
SET monitor.mock_now = '2026-02-28 12:00+00';
CALL monitor.run();
SELECT r.num_rows, r.num_labelled, round((monitor.roc_auc(r.scores)).value::numeric, 6) = (SELECT round(monitor.roc_auc(p.score, l.y)::numeric, 6) FROM labels_test.p JOIN labels_test.slow AS l USING (id) WHERE p.at < '2026-01-21') AS same_auc
FROM monitor.reference_outcomes AS r WHERE r.segment = '';
SELECT model, status, reason, open_problems FROM monitor.model_health;
SELECT min(window_start) AS first, max(window_end) AS last, verdict FROM monitor.model_performance WHERE kind = 'realised' AND metric = 'roc_auc' GROUP BY verdict ORDER BY 1;
SELECT monitor.drop_model('slow');

-- No label means the negative class once a row is as old as label_delay, also where that is in the middle of a week, or between two runs
CREATE TABLE labels_test.yes (at timestamptz NOT NULL, score double precision, y boolean);
CREATE INDEX ON labels_test.yes (at);
INSERT INTO labels_test.yes SELECT at, score, CASE WHEN id * 104729::bigint % 1000 < 1000 * score THEN true END FROM labels_test.p;
GRANT SELECT ON labels_test.yes TO pg_database_owner;
SET monitor.mock_now = '2026-02-09 00:30+00';
SELECT length(monitor.create_model('by the ' || g, source => 'labels_test.yes', time_column => 'at', score => 'score', label => 'y', label_delay => '3 days', label_null_means => 'negative', features => '{}',
	granularity => g, owner => 'pg_database_owner', baseline_from => '2026-01-05', baseline_to => '2026-02-02')) > 0 AS registered FROM unnest('{day,week}'::text[]) AS g;
CALL monitor.run();
SET monitor.mock_now = '2026-02-15 12:00+00';
CALL monitor.run();
SELECT m.name, count(*) AS buckets, max(o.bucket_end) AS mature_to, sum(o.num_rows - o.num_labelled) AS unlabelled FROM monitor.bucket_outcomes AS o JOIN monitor.model AS m USING (model_id)
WHERE o.bucket_end <= '2026-02-12' GROUP BY m.name ORDER BY m.name;
SELECT monitor.alter_model('by the day', label_null_means => 'unknown') IS NOT NULL AS altered;
CALL monitor.run();
SELECT sum(o.num_rows - o.num_labelled) = (SELECT count(*) FROM labels_test.yes AS y WHERE y.y IS NULL AND y.at >= '2026-01-05' AND y.at < '2026-02-12') AS unlabelled_again
FROM monitor.bucket_outcomes AS o JOIN monitor.model AS m USING (model_id) WHERE m.name = 'by the day' AND o.bucket_end <= '2026-02-12';
SELECT monitor.drop_model(name) FROM monitor.model ORDER BY name;

-- Labels that come to an old bucket measure performance anew, and nothing of drift since
SET monitor.mock_now = '2026-02-20 00:30+00';
SELECT length(monitor.create_model('late', source => 'labels_test.yes', time_column => 'at', score => 'score', label => 'y', label_delay => '3 days', features => '{}',
	granularity => 'day', owner => 'pg_database_owner', baseline_from => '2026-01-05', baseline_to => '2026-02-01')) > 0 AS registered;
CALL monitor.run();
CALL monitor.run();
-- settled, whatever else runs in this server
UPDATE monitor.bucket SET provisional_until = NULL;
SELECT clock_timestamp() AS then \gset
UPDATE labels_test.yes SET y = NOT coalesce(y, false) WHERE at >= '2026-02-05' AND at < '2026-02-06';
CALL monitor.run();
SELECT split_part(metric, '.', 1) AS family, min(window_end) AS first, count(*) > 1 AS several FROM monitor.measurement WHERE measured_at > :'then' GROUP BY 1 ORDER BY 1;
SELECT monitor.drop_model('late');

-- Of hours that are older than 14 days the last window of a day stays, of those whose labels have only come all
SET monitor.mock_now = '2026-02-24 00:30+00';
SELECT length(monitor.create_model('hours', source => 'labels_test.p', time_column => 'at', score => 'score', label => 'y', label_source => 'labels_test.slow', label_key => 'id', label_time => 'known_at',
	label_delay => '15 days', features => '{}', granularity => 'hour', owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-01-21')) > 0 AS registered;
CALL monitor.run_model('hours');
CREATE TEMP TABLE before AS SELECT * FROM monitor.model_performance WHERE metric = 'roc_auc' AND kind = 'realised';
DELETE FROM monitor.retention;
CALL monitor.run();
SELECT b.window_end <= '2026-01-26' AS old, count(*) > count(DISTINCT d.day) AS several_a_day, count(a.window_end) = count(*) AS all_kept,
	count(DISTINCT d.day) FILTER (WHERE a.window_end IS NOT NULL) = count(DISTINCT d.day) AS a_window_a_day, count(a.window_end) = count(DISTINCT d.day) AS one_a_day
FROM before AS b CROSS JOIN LATERAL (SELECT date_trunc('day', b.window_end - interval '1 second', 'UTC') AS day) AS d
LEFT JOIN monitor.model_performance AS a ON a.window_end = b.window_end AND a.metric = 'roc_auc' AND a.kind = 'realised' GROUP BY 1 ORDER BY 1;
SELECT monitor.drop_model('hours');
RESET monitor.mock_now;
DROP SCHEMA labels_test CASCADE;
