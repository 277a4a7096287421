-- Seeing every change: what the triggers note, on every kind of table, and what no trigger can tell.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE ROLE regress_owner;
CREATE SCHEMA seen AUTHORIZATION regress_owner;
SET monitor.mock_now = '2026-02-10 12:30+00';
SET ROLE regress_owner;
CREATE TABLE seen.p (id integer, at timestamptz NOT NULL, x double precision, note text, y boolean) PARTITION BY RANGE (at);
CREATE TABLE seen.p1 PARTITION OF seen.p FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
CREATE TABLE seen.p2 PARTITION OF seen.p FOR VALUES FROM ('2026-02-01 00:00+00') TO ('2026-03-01 00:00+00') PARTITION BY LIST (id);
CREATE TABLE seen.p2a PARTITION OF seen.p2 DEFAULT;
CREATE INDEX ON seen.p (at);
CREATE INDEX ON seen.p (id);
INSERT INTO seen.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '20 minutes', i % 10, 'n', i % 3 = 0 FROM generate_series(0, 2879) AS i;
SELECT length(monitor.create_model('seen', source => 'seen.p', time_column => 'at', features => '{x}', label => 'y', prediction => 'x > 5', granularity => 'day')) > 0 AS registered;
CREATE TABLE seen.labels (id integer PRIMARY KEY, z boolean, extra text) PARTITION BY RANGE (id);
CREATE TABLE seen.labels1 PARTITION OF seen.labels FOR VALUES FROM (0) TO (10000);
INSERT INTO seen.labels SELECT i, i % 2 = 0 FROM generate_series(0, 2879) AS i;
SELECT length(monitor.create_model('joined', source => 'seen.p', time_column => 'at', features => '{x}', label_source => 'seen.labels', label => 'z', label_key => 'id', prediction => 'x > 5', granularity => 'day')) > 0 AS registered;
RESET ROLE;
CALL monitor.run();
CALL monitor.run();
-- what is marked, of one model; taking it away again
CREATE FUNCTION seen.marks(name text) RETURNS SETOF text LANGUAGE sql AS $$
	WITH taken AS (DELETE FROM monitor.dirty_range r USING monitor.model m WHERE m.model_id = r.model_id AND m.name = $1 RETURNING r.*),
		of_others AS (DELETE FROM monitor.dirty_range r USING monitor.model m WHERE m.model_id = r.model_id AND m.name <> $1)
	SELECT format('%s of [%s, %s)', what, from_time, to_time) FROM taken ORDER BY from_time, to_time, what;
$$;

-- ---- rows ----
SET ROLE regress_owner;
INSERT INTO seen.p VALUES (5000, '2026-02-10 12:00+00', 1, 'hot', true);
INSERT INTO seen.p2a VALUES (5001, '2026-02-10 12:00+00', 1, 'hot, into the leaf', true);
UPDATE seen.p SET x = 2 WHERE id = 5000;
DELETE FROM seen.p WHERE id = 5001;
RESET ROLE;
SELECT * FROM seen.marks('seen');
INSERT INTO seen.p SELECT 5100 + i, '2026-02-03 10:00+00', 1, 'late', true FROM generate_series(1, 1000) AS i;
SELECT * FROM seen.marks('seen');
INSERT INTO seen.p2a VALUES (5002, '2026-02-04 10:00+00', 1, 'late, into the leaf', true);
SELECT * FROM seen.marks('seen');
COPY seen.p1 FROM stdin;
5003	2026-01-04 10:00+00	1	copied into the leaf	t
\.
SELECT * FROM seen.marks('seen');
-- a row that moves marks where it was and where it is, also across partitions, and into the open bucket
UPDATE seen.p SET at = '2026-01-06 10:00+00' WHERE id = 5003;
SELECT * FROM seen.marks('seen');
UPDATE seen.p SET at = '2026-02-06 10:00+00' WHERE id = 5003;
SELECT * FROM seen.marks('seen');
UPDATE seen.p SET at = '2026-02-10 12:10+00' WHERE id = 5003;
SELECT * FROM seen.marks('seen');
UPDATE seen.p SET at = '2026-02-07 10:00+00' WHERE id = 5003;
SELECT * FROM seen.marks('seen');
-- nothing but the label, or also something else; or nothing at all
UPDATE seen.p SET y = NOT y WHERE id = 5003;
SELECT * FROM seen.marks('seen');
UPDATE seen.p SET y = NOT y WHERE id = 5003;
SELECT * FROM seen.marks('joined');
UPDATE seen.p SET y = NOT y, note = repeat('long ', 2000) WHERE id = 5003;
SELECT * FROM seen.marks('seen');
UPDATE seen.p SET y = NULL WHERE id = 5003;
SELECT * FROM seen.marks('seen');
DELETE FROM seen.p WHERE id = 5003;
SELECT * FROM seen.marks('seen');
MERGE INTO seen.p AS t USING (VALUES (5101), (5004)) AS s(id) ON t.id = s.id
WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.id, '2026-01-09 01:00+00', 1, 'merged', NULL);
SELECT * FROM seen.marks('seen');
-- as replication applies rows
SET session_replication_role = replica;
INSERT INTO seen.p VALUES (5005, '2026-01-10 10:00+00', 1, 'replicated', true);
RESET session_replication_role;
SELECT * FROM seen.marks('seen');

-- ---- what is rolled back is forgotten, and marked anew ----
BEGIN;
SAVEPOINT a;
INSERT INTO seen.p VALUES (5006, '2026-01-11 10:00+00', 1, NULL, NULL);
ROLLBACK TO a;
SELECT count(*) AS marks FROM monitor.dirty_range;
INSERT INTO seen.p VALUES (5006, '2026-01-11 10:00+00', 1, NULL, NULL);
SAVEPOINT b;
INSERT INTO seen.p VALUES (5007, '2026-01-11 11:00+00', 1, NULL, NULL);
INSERT INTO seen.p VALUES (5008, '2026-01-11 12:00+00', 1, NULL, NULL);
RELEASE b;
COMMIT;
SELECT DISTINCT split_part(m, ',', 1) AS marked, count(*) FROM seen.marks('seen') AS m GROUP BY 1;
DO $$
BEGIN
	FOR i IN 1..20 LOOP
		BEGIN
			INSERT INTO seen.p VALUES (5010 + i, '2026-01-12 10:00+00', 1, NULL, NULL);
			IF i % 2 = 1 THEN
				RAISE EXCEPTION 'no';
			END IF;
		EXCEPTION WHEN raise_exception THEN
			NULL;
		END;
	END LOOP;
END;
$$;
SELECT DISTINCT split_part(m, ',', 1) AS marked, count(*) FROM seen.marks('seen') AS m GROUP BY 1;
BEGIN;
INSERT INTO seen.p VALUES (5040, '2026-01-13 10:00+00', 1, NULL, NULL);
ROLLBACK;
SELECT count(*) AS marks FROM seen.marks('seen');
-- the next transaction knows nothing of the last one's marks
INSERT INTO seen.p VALUES (5041, '2026-01-13 10:00+00', 1, NULL, NULL);
INSERT INTO seen.p VALUES (5042, '2026-01-13 10:00+00', 1, NULL, NULL);
SELECT count(*) AS marks FROM seen.marks('seen');

-- ---- times that no bucket is for ----
CREATE TABLE seen.edge (at timestamptz, local timestamp, day date, x integer);
INSERT INTO seen.edge SELECT t, t AT TIME ZONE 'UTC', t::date, i FROM generate_series(0, 2000) AS i, LATERAL (SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '20 minutes') AS u(t);
CREATE INDEX ON seen.edge (at);
CREATE INDEX ON seen.edge (local);
CREATE INDEX ON seen.edge (day);
SELECT length(monitor.create_model('edge ' || c, source => 'seen.edge', time_column => c, features => '{x}', granularity => 'week', time_zone => 'Pacific/Kiritimati')) > 0 AS registered FROM unnest('{at,local,day}'::text[]) AS c;
CALL monitor.run();
INSERT INTO seen.edge VALUES (NULL, NULL, NULL, 1), ('infinity', 'infinity', 'infinity', 1), ('-infinity', '-infinity', '-infinity', 1), ('2600-01-01', '2600-01-01', '2600-01-01', 1);
SELECT 'edge ' || c AS model, m FROM unnest('{at,local,day}'::text[]) AS c, LATERAL (SELECT format('%s of [%s, %s)', what, from_time, to_time) FROM monitor.dirty_range JOIN monitor.model USING (model_id) WHERE name = 'edge ' || c) AS u(m);
INSERT INTO seen.edge VALUES ('4714-11-24 00:00:00+00 BC', '4714-11-24 00:00:00 BC', '4714-11-24 BC', 1), ('294276-12-31 23:59:59+00', '294276-12-31 23:59:59', '5874897-12-31', 1);
INSERT INTO seen.edge VALUES ('2026-01-11 11:00+00', '2026-01-11 11:00', '2026-01-11', 1);
SELECT name AS model, what, from_time, to_time FROM monitor.dirty_range JOIN monitor.model USING (model_id) ORDER BY 1, 3, 4;
CALL monitor.run();
SELECT model, status, message FROM monitor.run_history h WHERE model LIKE 'edge%' AND status <> 'ok';

-- ---- labels in a table of their own ----
DELETE FROM monitor.dirty_range;
SET ROLE regress_owner;
INSERT INTO seen.labels VALUES (5103, true), (5104, NULL);
UPDATE seen.labels1 SET extra = 'no label of ours' WHERE id = 7;
UPDATE seen.labels SET id = 5105 WHERE id = 5104;
DELETE FROM seen.labels WHERE id = 8;
RESET ROLE;
SELECT key FROM monitor.dirty_key ORDER BY key;
SELECT count(*) AS ranges FROM seen.marks('joined');
SET ROLE regress_owner;
TRUNCATE seen.labels1;
RESET ROLE;
SELECT * FROM seen.marks('joined');
INSERT INTO monitor.dirty_range SELECT model_id, '-infinity', 'infinity', 'labels' FROM monitor.model WHERE name = 'joined';
CALL monitor.run();
SELECT sum(o.num_labelled) AS labelled FROM monitor.bucket_outcomes o JOIN monitor.model m USING (model_id) WHERE m.name = 'joined' AND o.segment = '';
-- a key that is renamed: whose labels changed is not known
SET ROLE regress_owner;
ALTER TABLE seen.labels RENAME COLUMN id TO ident;
INSERT INTO seen.labels VALUES (11, true), (12, true);
ALTER TABLE seen.labels RENAME COLUMN ident TO id;
RESET ROLE;
SELECT * FROM seen.marks('joined');

-- ---- the label is read by a feature: its change is one of features ----
SELECT length(monitor.create_model('reads the label', source => 'seen.p', time_column => 'at', features => '{x * y::int}', label => 'y', prediction => 'x > 5', granularity => 'day')) > 0 AS registered;
CALL monitor.run();
CALL monitor.run();
SELECT counted_at AS before FROM monitor.bucket b JOIN monitor.model m USING (model_id) WHERE m.name = 'reads the label' AND b.bucket_start = '2026-02-05' \gset
UPDATE seen.p SET y = NOT coalesce(y, false) WHERE at >= '2026-02-05' AND at < '2026-02-06';
SELECT what, count(*) FROM monitor.dirty_range r JOIN monitor.model m USING (model_id) WHERE m.name IN ('seen', 'reads the label') GROUP BY m.name, what ORDER BY m.name;
CALL monitor.run();
SELECT counted_at > :'before' AS counted_again FROM monitor.bucket b JOIN monitor.model m USING (model_id) WHERE m.name = 'reads the label' AND b.bucket_start = '2026-02-05';

-- ---- TRUNCATE, of the root and of a leaf ----
SET ROLE regress_owner;
TRUNCATE seen.p1;
RESET ROLE;
SELECT * FROM seen.marks('seen');
SET ROLE regress_owner;
TRUNCATE seen.p;
RESET ROLE;
SELECT DISTINCT m FROM seen.marks('seen') AS m;
INSERT INTO seen.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '20 minutes', i % 10, 'n', i % 3 = 0 FROM generate_series(0, 2879) AS i;
CALL monitor.run();
CALL monitor.run();

-- ---- what the source's owner does to his table, he may, and it is noticed ----
CREATE FUNCTION seen.counted(day timestamptz) RETURNS bigint LANGUAGE sql AS $$
	SELECT b.num_rows FROM monitor.bucket b JOIN monitor.model m USING (model_id) WHERE m.name = 'seen' AND b.bucket_start = day $$;
SET ROLE regress_owner;
CREATE TABLE seen.p3 PARTITION OF seen.p FOR VALUES FROM ('2026-03-01 00:00+00') TO ('2026-04-01 00:00+00');
ALTER TABLE seen.p DETACH PARTITION seen.p1;
DELETE FROM seen.p1 WHERE id = 3;
ALTER TABLE seen.p ATTACH PARTITION seen.p1 FOR VALUES FROM ('2026-01-01 00:00+00') TO ('2026-02-01 00:00+00');
RESET ROLE;
SELECT count(*) FROM seen.marks('seen');
CALL monitor.run();
SELECT seen.counted('2026-01-01');
SET ROLE regress_owner;
ALTER TABLE seen.p1 DISABLE TRIGGER ALL;
DELETE FROM seen.p1 WHERE id = 4;
ALTER TABLE seen.p1 ENABLE TRIGGER ALL;
RESET ROLE;
CALL monitor.run();
SELECT seen.counted('2026-01-01'), (SELECT bool_and(tgenabled = 'A') FROM pg_trigger WHERE tgname LIKE 'monitor%' AND tgrelid = 'seen.p1'::regclass) AS in_force_again;
SELECT tgname AS one FROM pg_trigger WHERE tgname LIKE 'monitor%delete' AND tgrelid = 'seen.p'::regclass ORDER BY tgname LIMIT 1 \gset
SET ROLE regress_owner;
DROP TRIGGER :one ON seen.p;
DELETE FROM seen.p1 WHERE id = 5;
RESET ROLE;
CALL monitor.run();
SELECT seen.counted('2026-01-01'), (SELECT count(*) FROM pg_trigger WHERE tgname = :'one' AND tgrelid = 'seen.p'::regclass) AS put_back;
-- once mended, nothing more is counted than the open bucket
CALL monitor.run();
CALL monitor.run();
SELECT DISTINCT ON (model) model, status, buckets FROM monitor.run_history ORDER BY model, run_id DESC;
-- the time column is renamed: everything may have changed
SET ROLE regress_owner;
ALTER TABLE seen.p RENAME COLUMN at TO happened;
INSERT INTO seen.p VALUES (1, '2026-01-02 10:00+00', 1, NULL, NULL);
RESET ROLE;
SELECT * FROM seen.marks('seen');
ALTER TABLE seen.p RENAME COLUMN happened TO at;
-- a table that is gone, also where another one has its name
SELECT length(monitor.create_model('dropped', source => 'seen.edge', time_column => 'at', features => '{x}', granularity => 'day')) > 0 AS registered;
DROP TABLE seen.edge;
CREATE TABLE seen.edge (at timestamptz, local timestamp, day date, x integer);
CALL monitor.run_model('dropped');
SELECT status, sqlstate, message FROM monitor.run_history WHERE model = 'dropped';
SELECT monitor.attach_trigger('dropped');
CREATE TABLE seen.edge_labels (id integer PRIMARY KEY, y boolean);
CREATE TABLE seen.edge2 (id integer, at timestamptz, x integer);
CREATE INDEX ON seen.edge2 (at);
SELECT length(monitor.create_model('unlabelled', source => 'seen.edge2', time_column => 'at', features => '{x}', granularity => 'day', label_source => 'seen.edge_labels', label_key => 'id', label => 'y')) > 0 AS registered;
DROP TABLE seen.edge_labels;
CALL monitor.run_model('unlabelled');
SELECT monitor.drop_model('unlabelled');
-- the extension goes, and the table works on
BEGIN;
DROP EXTENSION monitor CASCADE;
INSERT INTO seen.p VALUES (1, '2026-01-02 10:00+00', 1, NULL, NULL);
TRUNCATE seen.p;
ROLLBACK;
\set VERBOSITY terse
DROP EXTENSION monitor;
\set VERBOSITY default

-- ---- a run under other defaults of the session ----
SET default_transaction_isolation = 'serializable';
SET default_transaction_read_only = off;
CALL monitor.run_model('seen');
RESET default_transaction_isolation;
SELECT status FROM monitor.run_history WHERE model = 'seen' ORDER BY run_id DESC LIMIT 1;
BEGIN;
CALL monitor.run_model('seen');
ROLLBACK;

SELECT monitor.drop_model(model) FROM monitor.model_health;
SELECT count(*) AS left_behind FROM pg_trigger WHERE tgname LIKE 'monitor%';
RESET monitor.mock_now;
DROP SCHEMA seen CASCADE;
DROP ROLE regress_owner;
