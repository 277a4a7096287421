-- Collecting: whatever happens to the rows, every bucket is what a full recount gives.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE SCHEMA collection_test;
CREATE TABLE collection_test.labels (id integer PRIMARY KEY, outcome text);
CREATE TABLE collection_test.p (id integer NOT NULL, predicted_at timestamptz NOT NULL, score double precision, income double precision, grade text, region text)
	PARTITION BY RANGE (predicted_at);
CREATE TABLE collection_test.p1 PARTITION OF collection_test.p FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
CREATE TABLE collection_test.p2 PARTITION OF collection_test.p FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00');
CREATE INDEX ON collection_test.p (predicted_at);
CREATE INDEX ON collection_test.p (id);
CREATE FUNCTION collection_test.fill(first integer, last integer) RETURNS void LANGUAGE sql AS $$
	INSERT INTO collection_test.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '20 minutes', i * 7919 % 1000 / 1000.0, i * 31 % 101, chr(65 + i % 4), 'r' || i % 3
	FROM generate_series(first, last) AS i;
$$;
SELECT collection_test.fill(0, 2879);
INSERT INTO collection_test.labels SELECT i, CASE WHEN i * 104729::bigint % 1000 < i * 7919 % 1000 THEN 'bad' ELSE 'good' END FROM generate_series(0, 2500) AS i;
ANALYZE collection_test.p;
SET monitor.mock_now = '2026-02-10 12:30+00';
SELECT length(monitor.create_model('watched', source => 'collection_test.p', time_column => 'predicted_at', score => 'score', label_source => 'collection_test.labels', label => 'outcome',
	label_key => 'id', segments => '["region"]', granularity => 'day', features => '{income,grade}', metrics => '{"gain": {"numerator": "income", "denominator": "1"}}')) > 0 AS registered;
CALL monitor.run();

-- A full recount of every bucket, by plain SQL over the rows.
CREATE VIEW collection_test.wrong AS
WITH model AS (SELECT m.*, b.baseline_id FROM monitor.model m JOIN monitor.baseline b USING (model_id) WHERE m.name = 'watched' AND b.superseded_at IS NULL),
row AS (
	SELECT p.*, date_trunc('day', p.predicted_at, 'UTC') AS bucket, l.outcome FROM collection_test.p AS p LEFT JOIN collection_test.labels AS l USING (id)),
truth AS (
	SELECT r.bucket, s.segment, count(*) AS n, count(r.outcome) AS labelled, count(*) FILTER (WHERE r.outcome = 'bad') AS bad, sum(r.income) AS income,
		count(*) FILTER (WHERE r.grade = 'B') AS b
	FROM row AS r CROSS JOIN LATERAL (VALUES (''), ('region=' || r.region)) AS s(segment) GROUP BY 1, 2),
counted AS (
	SELECT k.bucket_start AS bucket, f.segment, f.num_rows AS n, o.num_labelled AS labelled, monitor.num_positive(o.scores) AS bad, o.sums[1] AS income,
		(SELECT x.n FROM unnest(monitor.bins(monitor.attach(f.cells[2], r.cells[2]))) AS x WHERE x.category = 'B') AS b
	FROM model AS m JOIN monitor.bucket AS k USING (model_id)
	JOIN monitor.bucket_features AS f ON f.model_id = m.model_id AND f.baseline_id = m.baseline_id AND f.bucket_start = k.bucket_start
	LEFT JOIN monitor.bucket_outcomes AS o ON o.model_id = m.model_id AND o.baseline_id = m.baseline_id AND o.bucket_start = k.bucket_start AND o.segment = f.segment
	JOIN monitor.reference AS r ON r.baseline_id = m.baseline_id AND r.segment = '' AND r.stratum = 0
	WHERE NOT k.archived AND f.num_rows > 0)
SELECT coalesce(t.bucket, c.bucket) AS bucket, coalesce(t.segment, c.segment) AS segment, t.n AS rows, c.n AS counted, t.labelled, c.labelled AS counted_labels
FROM (SELECT * FROM truth WHERE bucket IN (SELECT k.bucket_start FROM monitor.bucket AS k JOIN model USING (model_id) WHERE NOT k.archived)) AS t
FULL JOIN counted AS c USING (bucket, segment)
WHERE (t.n, t.labelled, t.bad, t.income, t.b) IS DISTINCT FROM (c.n, c.labelled, c.bad, c.income, c.b);

SELECT count(*) AS wrong FROM collection_test.wrong;
SELECT status, message FROM monitor.run_history;
SELECT count(*) AS buckets, sum(num_rows) AS rows, count(*) FILTER (WHERE is_open) AS open FROM monitor.bucket;
CALL monitor.run();
SELECT count(*) FILTER (WHERE provisional_until IS NULL AND NOT is_open) AS settled FROM monitor.bucket;
CREATE FUNCTION collection_test.marked() RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', count(*) FILTER (WHERE what = 'features'), count(*) FILTER (WHERE what = 'labels'),
	(SELECT count(*) FROM monitor.dirty_key)) FROM monitor.dirty_range $$;

-- hot rows are not marked; late ones leave one range a bucket
INSERT INTO collection_test.p VALUES (9001, '2026-02-10 12:29+00', 0.5, 1, 'A', 'r0');
SELECT collection_test.marked();
INSERT INTO collection_test.p SELECT 9100 + i, '2026-02-03 10:00+00'::timestamptz + i % 2 * interval '1 day', 0.5, 1, 'B', 'r1' FROM generate_series(1, 50) AS i;
SELECT collection_test.marked();
SELECT count(*) > 0 AS wrong FROM collection_test.wrong;
CALL monitor.run();
SELECT collection_test.marked(), (SELECT count(*) FROM collection_test.wrong) AS wrong;

-- COPY, MERGE, ON CONFLICT, an update that moves a row to another bucket, deletes
COPY collection_test.p FROM stdin;
9201	2026-02-05 01:00+00	0.25	7	C	r2
\.
MERGE INTO collection_test.p AS t USING (VALUES (9201, 'D'), (9202, 'A')) AS s(id, grade) ON t.id = s.id
WHEN MATCHED THEN UPDATE SET grade = s.grade WHEN NOT MATCHED THEN INSERT VALUES (s.id, '2026-02-06 01:00+00', 0.75, 3, s.grade, 'r0');
UPDATE collection_test.p SET predicted_at = predicted_at - interval '2 days' WHERE id BETWEEN 2800 AND 2810;
DELETE FROM collection_test.p WHERE id % 100 = 17;
INSERT INTO collection_test.labels VALUES (10, 'bad') ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome;
CALL monitor.run();
SELECT collection_test.marked(), (SELECT count(*) FROM collection_test.wrong) AS wrong;

-- labels that come late, change and go recount outcomes only
SELECT max(counted_at) AS counted FROM monitor.bucket WHERE NOT is_open AND provisional_until IS NULL \gset
INSERT INTO collection_test.labels SELECT i, 'bad' FROM generate_series(2501, 2700) AS i;
UPDATE collection_test.labels SET outcome = 'good' WHERE id = 2000;
DELETE FROM collection_test.labels WHERE id = 1999;
SELECT collection_test.marked();
CALL monitor.run();
SELECT collection_test.marked(), (SELECT count(*) FROM collection_test.wrong) AS wrong;

-- what is rolled back is not marked; prepared and sub-transactions are
BEGIN;
INSERT INTO collection_test.p VALUES (9301, '2026-02-03 10:00+00', 0.5, 1, 'A', 'r0');
ROLLBACK;
BEGIN;
SAVEPOINT a;
INSERT INTO collection_test.p VALUES (9302, '2026-02-04 10:00+00', 0.5, 1, 'A', 'r0');
ROLLBACK TO a;
INSERT INTO collection_test.p VALUES (9303, '2026-02-04 10:00+00', 0.5, 1, 'A', 'r0');
SAVEPOINT b;
INSERT INTO collection_test.p VALUES (9304, '2026-02-04 11:00+00', 0.5, 1, 'A', 'r0');
COMMIT;
SELECT collection_test.marked();
CALL monitor.run();
SELECT (SELECT count(*) FROM collection_test.wrong) AS wrong;

-- partitions: into the leaf, attached, new, truncated, detached
INSERT INTO collection_test.p2 VALUES (9401, '2026-02-07 10:00+00', 0.5, 1, 'A', 'r0');
SET session_replication_role = replica;
INSERT INTO collection_test.p2 VALUES (9402, '2026-02-08 10:00+00', 0.5, 1, 'A', 'r0');
RESET session_replication_role;
SELECT collection_test.marked();
CALL monitor.run();
SELECT (SELECT count(*) FROM collection_test.wrong) AS wrong;
ALTER TABLE collection_test.p DETACH PARTITION collection_test.p2;
INSERT INTO collection_test.p2 VALUES (9403, '2026-02-08 10:00+00', 0.5, 1, 'A', 'r0');
CALL monitor.run();
SELECT count(*) FILTER (WHERE archived) > 5 AS archived FROM monitor.bucket;
ALTER TABLE collection_test.p ATTACH PARTITION collection_test.p2 FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00');
CALL monitor.run();
SELECT count(*) FILTER (WHERE archived) AS archived, (SELECT count(*) FROM collection_test.wrong) AS wrong FROM monitor.bucket;
CREATE TABLE collection_test.p3 PARTITION OF collection_test.p FOR VALUES FROM ('2026-03-01 00:00+00') TO ('2026-04-01 00:00+00');
SELECT count(*) AS triggers FROM pg_trigger WHERE tgname LIKE 'monitor%' AND tgrelid = 'collection_test.p3'::regclass AND tgenabled = 'A';
SET monitor.mock_now = '2026-03-03 12:30+00';
SELECT collection_test.fill(2880, 4400);
CALL monitor.run();
INSERT INTO collection_test.p3 VALUES (9501, '2026-03-01 10:00+00', 0.5, 1, 'A', 'r0');
SELECT count(*) AS triggers FROM pg_trigger WHERE tgname LIKE 'monitor%' AND tgrelid = 'collection_test.p3'::regclass AND tgenabled = 'A';
CALL monitor.run();
SELECT (SELECT count(*) FROM collection_test.wrong) AS wrong;

-- retention of the source keeps what was counted; erasing does not
SELECT sum(num_rows) AS before FROM monitor.bucket WHERE bucket_start < '2026-01-03' \gset
SELECT sum(o.num_labelled) AS labelled_before, sum(o.sums[1]) AS gain_before, (SELECT sum(r.num_labelled) FROM monitor.reference_outcomes AS r) AS reference_before FROM monitor.bucket_outcomes AS o WHERE o.bucket_start < '2026-01-03' \gset
DELETE FROM collection_test.p WHERE predicted_at < '2026-01-03 00:00+00';
CALL monitor.run();
SELECT count(*) FILTER (WHERE archived) AS archived, sum(num_rows) FILTER (WHERE bucket_start < '2026-01-03') = :before AS kept FROM monitor.bucket;
SELECT sum(o.num_labelled) = :labelled_before AS labels_kept, sum(o.sums[1]) = :gain_before AS metrics_kept, (SELECT sum(r.num_labelled) FROM monitor.reference_outcomes AS r) = :reference_before AS reference_kept
FROM monitor.bucket_outcomes AS o WHERE o.bucket_start < '2026-01-03';
SELECT monitor.erase('watched', '2026-01-02', '2026-01-03');
TRUNCATE collection_test.p3;
SELECT collection_test.marked();
CALL monitor.run();
SELECT count(*) FILTER (WHERE bucket_start = '2026-01-02' AND num_rows = 0) AS erased, (SELECT count(*) FROM collection_test.wrong) AS wrong FROM monitor.bucket;

-- a run is not part of a transaction; a broken model does not stop the others
BEGIN;
CALL monitor.run();
ROLLBACK;
CREATE TABLE collection_test.broken AS SELECT * FROM collection_test.p2;
SELECT length(monitor.create_model('broken', source => 'collection_test.broken', time_column => 'predicted_at', features => '{income}', baseline_from => '2026-02-01', baseline_to => '2026-02-10')) > 0 AS registered;
ALTER TABLE collection_test.broken DROP COLUMN income;
CALL monitor.run();
SELECT DISTINCT ON (model) model, status, stage, sqlstate, message FROM monitor.run_history ORDER BY model, run_id DESC;
SELECT model, status, reason FROM monitor.model_health ORDER BY model;
SELECT pg_try_advisory_lock(monitor._lock_key(model_id)) AS held FROM monitor.model WHERE name = 'watched';
CALL monitor.run_model('watched');
SELECT pg_advisory_unlock(monitor._lock_key(model_id)) FROM monitor.model WHERE name = 'watched';
SELECT monitor.schedule();
SELECT monitor.schedule(workers => 0);
SELECT monitor.schedule(workers => NULL);
SELECT monitor.drop_model(model) FROM monitor.model_health;

-- days that begin twice (clocks of the Azores go from 1 to 0 o'clock), local hours that clocks leave out
CREATE TABLE collection_test.day (at timestamptz NOT NULL, x integer);
CREATE INDEX ON collection_test.day (at);
INSERT INTO collection_test.day SELECT '2025-09-20 00:00+00'::timestamptz + i * interval '30 minutes', i % 7 FROM generate_series(0, 48 * 45) AS i;
CREATE TABLE collection_test.gap (at timestamp NOT NULL, x integer);
CREATE INDEX ON collection_test.gap (at);
INSERT INTO collection_test.gap SELECT '2026-03-01 00:00'::timestamp + i * interval '2 minutes', i % 7 FROM generate_series(0, 720 * 29) AS i;
SELECT length(monitor.create_model('day', source => 'collection_test.day', time_column => 'at', time_zone => 'Atlantic/Azores', granularity => 'day', baseline_from => '2025-09-21 00:00+00', baseline_to => '2025-10-20 00:00+00')) > 0 AS registered;
SELECT length(monitor.create_model('gap', source => 'collection_test.gap', time_column => 'at', time_zone => 'Europe/Berlin', granularity => 'hour', baseline_from => '2026-03-02 00:00+00', baseline_to => '2026-03-20 00:00+00')) > 0 AS registered;
CREATE VIEW collection_test.changes AS
SELECT m.name AS model, k.bucket_start, k.bucket_end, k.num_rows FROM monitor.bucket k JOIN monitor.model m USING (model_id)
WHERE m.name = 'day' AND k.bucket_start BETWEEN '2025-10-25 00:00+00' AND '2025-10-26 01:00+00' OR m.name = 'gap' AND k.bucket_start BETWEEN '2026-03-29 00:00+00' AND '2026-03-29 02:00+00';
SET monitor.mock_now = '2025-10-26 00:30+00';
CALL monitor.run_model('day');
SET monitor.mock_now = '2025-10-26 01:30+00';
CALL monitor.run_model('day');
SET monitor.mock_now = '2025-10-27 12:00+00';
CALL monitor.run_model('day');
CALL monitor.run_model('day');
SET monitor.mock_now = '2026-03-29 00:30+00';
CALL monitor.run_model('gap');
SET monitor.mock_now = '2026-03-29 01:30+00';
CALL monitor.run_model('gap');
SET monitor.mock_now = '2026-03-29 02:30+00';
CALL monitor.run_model('gap');
CALL monitor.run_model('gap');
TABLE collection_test.changes ORDER BY 1, 2;
-- late rows of these hours
INSERT INTO collection_test.day SELECT '2025-10-26 00:40+00', 1 FROM generate_series(1, 10);
INSERT INTO collection_test.gap SELECT '2026-03-29 02:10', 1 FROM generate_series(1, 10);
CALL monitor.run_model('day');
CALL monitor.run_model('gap');
TABLE collection_test.changes ORDER BY 1, 2;
SELECT model, status, message FROM monitor.run_history WHERE model IN ('day', 'gap') AND status <> 'ok';
SELECT monitor.drop_model(model) FROM monitor.model_health;

-- a value that reads like a cross is none; tables that inherit have no triggers
CREATE TABLE collection_test.town (at timestamptz NOT NULL, x integer, town text);
CREATE INDEX ON collection_test.town (at);
INSERT INTO collection_test.town SELECT '2026-02-01 00:00+00'::timestamptz + i * interval '20 minutes', i % 7, (ARRAY['Paris', 'Paris, c=1', '"Paris"', NULL])[1 + i % 4] FROM generate_series(0, 72 * 50) AS i;
SELECT length(monitor.create_model('town', source => 'collection_test.town', time_column => 'at', segments => '{"town": "town", "c": "1"}', crosses => '[["town", "c"]]')) > 0 AS registered;
CREATE TABLE collection_test.suburb (y integer) INHERITS (collection_test.town);
SET client_min_messages = notice;
SELECT length(monitor.create_model('suburb', source => 'collection_test.town', time_column => 'at')) > 0 AS registered;
SET client_min_messages = warning;
CALL monitor.run_model('town');
SELECT model, status, message FROM monitor.run_history WHERE model = 'town';
SELECT DISTINCT segment FROM monitor.feature_drift WHERE model = 'town' ORDER BY segment;
SET monitor.mock_now = '2026-02-10 12:30+00';
-- numbers that double precision cannot hold are infinite or 0, and fail no run
CREATE TABLE collection_test.huge (at timestamptz NOT NULL, amount numeric);
CREATE INDEX ON collection_test.huge (at);
INSERT INTO collection_test.huge SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes', i % 20 FROM generate_series(0, 40 * 48 - 1) AS i;
INSERT INTO collection_test.huge SELECT '2026-02-09 12:00+00', unnest('{1e400,-1e400,1e-400,NaN}'::numeric[]);
SELECT length(monitor.create_model('huge', source => 'collection_test.huge', time_column => 'at', granularity => 'day', baseline_from => '2026-01-01', baseline_to => '2026-02-01')) > 0 AS registered;
CALL monitor.run_model('huge');
SELECT status, message FROM monitor.run_history WHERE model = 'huge';
SELECT x.metric, round(x.value::numeric, 4) AS value FROM monitor.measurement AS x JOIN monitor.model AS m USING (model_id)
WHERE m.name = 'huge' AND x.window_start = '2026-02-09' AND x.metric IN ('quality.out_of_range_ratio', 'quality.nan_ratio', 'quality.zero_ratio') ORDER BY 1;
SELECT monitor.drop_model(model) FROM monitor.model_health;
RESET monitor.mock_now;
DROP SCHEMA collection_test CASCADE;
