-- Whose rights things are done with, and what must fail.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE ROLE regress_owner;
CREATE ROLE regress_other;
CREATE ROLE regress_viewer;
CREATE ROLE regress_operator;
CREATE SCHEMA access_test;
GRANT USAGE ON SCHEMA access_test TO PUBLIC;
GRANT CREATE ON SCHEMA access_test TO regress_owner;
CREATE TABLE access_test.sink (x integer);
CREATE SEQUENCE access_test.counter;
GRANT ALL ON access_test.sink, access_test.counter TO regress_owner;
SET ROLE regress_owner;
CREATE TABLE access_test.predictions (id integer PRIMARY KEY, predicted_at timestamptz NOT NULL, score double precision, income numeric, defaulted boolean);
CREATE INDEX ON access_test.predictions (predicted_at);
INSERT INTO access_test.predictions
SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '10 minutes', i % 10 / 10.0, i % 37, i % 10 > 5 FROM generate_series(0, 4999) AS i;
RESET ROLE;
SET monitor.mock_now = '2026-02-04 00:00+00';

-- What an expression's function tries, it cannot: the reader is read only and restricted.
CREATE FUNCTION access_test.try(command text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	EXECUTE command;
	RETURN 'DONE: ' || command;
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' for ' || command;
END;
$$;
SELECT r.t FROM unnest(ARRAY['INSERT INTO access_test.sink VALUES (1)', 'SELECT nextval(''access_test.counter'')', 'SET transaction_read_only = off', 'SET LOCAL transaction_read_only = off',
	'SELECT set_config(''transaction_read_only'', ''off'', true)', 'ALTER ROLE regress_owner SUPERUSER', 'CREATE TEMP TABLE t (a int)', 'CREATE FUNCTION access_test.f() RETURNS int LANGUAGE sql AS ''SELECT 1''',
	'SET ROLE postgres', 'SET SESSION AUTHORIZATION DEFAULT', 'NOTIFY monitor_outbox', 'LISTEN monitor_outbox', 'PREPARE p AS SELECT 1', 'LOCK TABLE access_test.sink IN ACCESS EXCLUSIVE MODE', 'RESET ROLE']) AS c,
	LATERAL monitor._read('regress_owner'::regrole, format('SELECT access_test.try(%L)', c)) AS r(t text);
SELECT count(*) AS sunk, (SELECT is_called FROM access_test.counter) AS counted, current_setting('transaction_read_only') AS read_only, current_user = session_user AS own FROM access_test.sink;
SELECT count(*) AS locks FROM pg_locks WHERE relation = 'access_test.sink'::regclass AND mode = 'AccessExclusiveLock';

-- A volatile function does not get as far as that.
SET ROLE regress_owner;
CREATE FUNCTION access_test.grow(x numeric) RETURNS numeric LANGUAGE plpgsql VOLATILE AS 'BEGIN INSERT INTO access_test.sink VALUES (1); RETURN x; END';
CREATE FUNCTION access_test.sly(x numeric) RETURNS numeric LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM access_test.try('ALTER ROLE regress_owner SUPERUSER'); RETURN x; END $$;
SELECT monitor.create_model('volatile', source => 'access_test.predictions', time_column => 'predicted_at', features => '{access_test.grow(income)}');
SELECT length(monitor.create_model('owned', source => 'access_test.predictions', time_column => 'predicted_at', score => 'score', label => 'defaulted', features => '{income,access_test.sly(income)}')) > 0 AS registered;
RESET ROLE;

-- A superuser's model does not run what others wrote.
SELECT monitor.create_model('super', source => 'access_test.predictions', time_column => 'predicted_at', owner => 'postgres', features => '{access_test.sly(income)}');
CREATE VIEW access_test.trap AS SELECT p.*, access_test.sly(income) AS sly FROM access_test.predictions AS p;
SELECT monitor.create_model('super', source => 'access_test.trap', time_column => 'predicted_at');
SELECT length(monitor.create_model('as source owner', source => 'access_test.predictions', time_column => 'predicted_at')) > 0 AS registered;
SELECT owner FROM monitor.model WHERE name = 'as source owner';

-- Planted operators, functions and casts are not found: expressions were qualified when registered.
CREATE FUNCTION public.planted(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT 1 / 0';
CREATE OPERATOR public.+ (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = public.planted);
CREATE FUNCTION pg_temp.sum(double precision) RETURNS double precision LANGUAGE sql AS 'SELECT 1 / 0';
SELECT (monitor._parse_expression('regress_owner'::regrole, 'access_test.predictions', 'income + 1', 'features')).expression;
SET search_path = public, pg_catalog;
SELECT (monitor._parse_expression('regress_owner'::regrole, 'access_test.predictions', 'income + 1', 'features')).expression;
RESET search_path;
DROP FUNCTION pg_temp.sum(double precision);
DROP OPERATOR public.+ (numeric, numeric);
DROP FUNCTION public.planted;

CALL monitor.run();
SELECT m.name, r.status, r.message FROM monitor.run r JOIN monitor.model m USING (model_id) ORDER BY m.name;
SELECT count(*) AS sunk, (SELECT rolsuper FROM pg_roles WHERE rolname = 'regress_owner') AS super FROM access_test.sink;

-- Between teams: nothing of another's models by any way.
SET ROLE regress_other;
SELECT count(*) FROM monitor.model_health;
SELECT count(*) FROM monitor.feature_drift;
SELECT count(*) FROM monitor.run_history;
SELECT count(*) FROM monitor.audit_trail;
SELECT count(*) FROM monitor.model;
SELECT count(*) FROM monitor.measurement;
CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE 'leaked %', $1; RETURN true; END $$;
SET client_min_messages = notice;
SELECT model FROM monitor.model_health WHERE pg_temp.leak(model);
SELECT feature FROM monitor.feature_drift WHERE pg_temp.leak(feature);
SELECT feature FROM monitor.feature_drift WHERE feature::integer = 1;
SELECT model FROM monitor.audit_trail WHERE pg_temp.leak(after::text);
DROP FUNCTION pg_temp.leak(text);
SET client_min_messages = warning;
SELECT monitor.describe_model('owned');
SELECT monitor.describe_model('no such model');
SELECT monitor.drop_model('owned');
SELECT monitor.suspend_model('owned');
SELECT monitor.explain_drift('owned', '2026-01-20', '2026-02-01');
SELECT monitor.sample_rows('owned', 'income', '2026-01-20', '2026-02-01');
CALL monitor.run_model('owned');
SELECT monitor._step_begin((SELECT 1));
SELECT monitor._drop_model('regress_owner'::regrole, 'owned');
SELECT * FROM monitor._read('regress_owner'::regrole, 'SELECT 1') AS t(a integer);
SELECT monitor.create_model('theirs', source => 'access_test.predictions', time_column => 'predicted_at');
SELECT monitor.create_model('theirs', source => 'access_test.predictions', time_column => 'predicted_at', owner => 'regress_owner');
SELECT monitor.grant_access('regress_other', 'admin');
SET monitor.mock_now = '2030-01-01';
RESET ROLE;

-- What is granted is what can be done.
SET ROLE regress_owner;
SELECT monitor.grant_access('regress_viewer', 'viewer', 'owned');
SELECT monitor.grant_access('regress_operator', 'operator', 'owned');
RESET ROLE;
SET ROLE regress_viewer;
SELECT model FROM monitor.model_health;
SELECT left(monitor.describe_model('owned'), 21);
SELECT monitor.suspend_model('owned');
SELECT monitor.sample_rows('owned', 'income', '2026-01-20', '2026-02-01');
RESET ROLE;
SET ROLE regress_operator;
SELECT monitor.suspend_model('owned', 'a test');
SELECT model, status, reason FROM monitor.model_health;
SELECT monitor.resume_model('owned');
SELECT monitor.drop_model('owned');
RESET ROLE;

-- The trampoline gives rights back, also after an error that is caught.
SET ROLE regress_other;
DO $$ BEGIN PERFORM monitor.drop_model('owned'); EXCEPTION WHEN OTHERS THEN RAISE WARNING '%, still %', sqlstate, current_user; END $$;
SELECT current_user;
RESET ROLE;

-- The trail names who called, not who owns the extension; and it only grows.
SELECT actor, action, table_name, after ->> 'suspended' AS suspended, after ->> 'suspended_reason' AS reason FROM monitor.audit_trail
WHERE model = 'owned' AND table_name = 'model' ORDER BY audit_id;
SELECT actor, after ->> 'role' AS role, after ->> 'level' AS level FROM monitor.audit_log WHERE table_name = 'access_grant' ORDER BY audit_id;
SELECT count(*) AS unrecorded FROM monitor.model m WHERE NOT EXISTS (SELECT FROM monitor.audit_log a WHERE a.audit_id = m.audit_id AND a.table_name = 'model');
UPDATE monitor.audit_log SET actor = 'nobody';
DELETE FROM monitor.audit_log;
TRUNCATE monitor.audit_log;

-- An owner who goes, or a new role of his name, inherits nothing.
ALTER ROLE regress_owner RENAME TO regress_renamed;
CREATE ROLE regress_owner;
SELECT model, status, reason FROM monitor.model_health WHERE model = 'owned';
CALL monitor.run_model('owned');
SELECT r.status, r.message FROM monitor.run r JOIN monitor.model m USING (model_id) WHERE m.name = 'owned' ORDER BY run_id DESC LIMIT 1;
SET ROLE regress_owner;
SELECT count(*) FROM monitor.model_health;
RESET ROLE;
SELECT monitor.reassign_models('regress_owner', 'regress_renamed');
CALL monitor.run_model('owned');
SELECT r.status, r.message FROM monitor.run r JOIN monitor.model m USING (model_id) WHERE m.name = 'owned' ORDER BY run_id DESC LIMIT 1;

SELECT monitor.drop_model('owned');
SELECT monitor.drop_model('as source owner');
RESET monitor.mock_now;
DELETE FROM monitor.access_grant;
DROP SCHEMA access_test CASCADE;
DROP ROLE regress_owner;
DROP OWNED BY regress_renamed;
DROP ROLE regress_renamed;
DROP ROLE regress_other;
DROP ROLE regress_viewer;
DROP ROLE regress_operator;
