-- What those who may register expressions try against those who run them, and against each other.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE ROLE regress_attacker;
CREATE ROLE regress_victim;
CREATE ROLE regress_admin;
CREATE SCHEMA attacks AUTHORIZATION regress_attacker;
CREATE SCHEMA victims AUTHORIZATION regress_victim;
GRANT USAGE ON SCHEMA attacks, victims TO PUBLIC;
CREATE TABLE victims.own (at timestamptz NOT NULL, x double precision, income double precision, "Net Income" double precision);
CREATE INDEX ON victims.own (at);
INSERT INTO victims.own SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes', i % 10, i % 7, i % 3 FROM generate_series(0, 1999) AS i;
SET monitor.mock_now = '2026-02-20 00:00+00';
SET ROLE regress_attacker;
CREATE TABLE attacks.t (at timestamptz NOT NULL, x double precision);
CREATE INDEX ON attacks.t (at);
INSERT INTO attacks.t SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes', i % 10 FROM generate_series(0, 1999) AS i;
CREATE FUNCTION attacks.who() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE WARNING 'runs as %', current_user; RETURN current_user; END $$;
CREATE FUNCTION attacks.who(double precision) RETURNS double precision LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE WARNING 'runs as %', current_user; RETURN $1; END $$;
RESET ROLE;

-- ---- what the reader lets nobody do; each of these is tried by a function that an expression calls ----
CREATE FUNCTION attacks.try(command text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN attacks.do(command); END $$;
CREATE FUNCTION attacks.do(command text) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
	EXECUTE command;
	RETURN 'DONE: ' || command;
EXCEPTION WHEN OTHERS THEN
	RETURN sqlstate || ' for ' || command;
END;
$$;
SELECT r.t FROM unnest(ARRAY['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE', 'RESET transaction_read_only', 'SET role = none', 'DISCARD ALL', 'CHECKPOINT', 'SELECT set_config(''transaction_read_only'', NULL, true)', 'UPDATE pg_settings SET setting = NULL WHERE name = ''transaction_read_only''',
	'SET search_path = attacks', 'SELECT set_config(''work_mem'', ''64kB'', false)', 'LOCK TABLE attacks.t IN ACCESS SHARE MODE',
	'CREATE TABLE attacks.made (a int)', 'DELETE FROM attacks.t', 'TRUNCATE attacks.t', 'DROP TABLE attacks.t', 'SELECT * FROM attacks.t FOR UPDATE', 'GRANT ALL ON attacks.t TO PUBLIC',
	'COPY (SELECT 1) TO PROGRAM ''true''', 'COPY attacks.t FROM PROGRAM ''true''', 'DO $d$ BEGIN COMMIT; END $d$', 'DECLARE c CURSOR WITH HOLD FOR SELECT 1', 'REFRESH MATERIALIZED VIEW attacks.none',
	'SELECT monitor.drop_model(''attacks'')', 'SELECT monitor.grant_access(''regress_attacker'', ''admin'')', 'CALL monitor.run()', 'SELECT monitor._read(10, ''SELECT 1'')',
	'SELECT * FROM monitor.model', 'SELECT pg_read_file(''/etc/passwd'')', 'SELECT lo_import(''/etc/passwd'')']) AS c,
	LATERAL monitor._read('regress_attacker'::regrole, format('SELECT attacks.try(%L)', c)) AS r(t text);
-- some of it is not refused, and yet nothing is left of it
SELECT r.t FROM unnest(ARRAY['SELECT pg_advisory_lock(4711)', 'SELECT pg_advisory_lock(4711)', 'SELECT pg_advisory_lock_shared(4712)', 'SELECT pg_advisory_xact_lock(4713)', 'SELECT pg_notify(''monitor_outbox'', ''forged'')']) AS c,
	LATERAL monitor._read('regress_attacker'::regrole, format('SELECT attacks.try(%L)', c)) AS r(t text);
SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks, current_setting('work_mem') <> '64kB' AS same_memory,
	current_setting('search_path') AS path, current_setting('transaction_read_only') AS read_only, (SELECT count(*) FROM attacks.t) AS rows;
-- read only is not turned off and then on again
CREATE SEQUENCE attacks.counter;
ALTER SEQUENCE attacks.counter OWNER TO regress_attacker;
CREATE FUNCTION attacks.off_and_on() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	seen text;
BEGIN
	seen := set_config('transaction_read_only', NULL, true) || nextval('attacks.counter') || set_config('transaction_read_only', 'on', true);
	RETURN seen;
END;
$$;
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT attacks.off_and_on()') AS r(t text);
SELECT is_called FROM attacks.counter;
-- what functions do to answer a query, they may: settings of their own, errors that they catch
CREATE FUNCTION attacks.careful(text) RETURNS double precision LANGUAGE plpgsql STABLE SET search_path = pg_catalog SET extra_float_digits = 0 AS $$
BEGIN
	RETURN $1::double precision + (SELECT count(*) FROM attacks.t);
EXCEPTION WHEN invalid_text_representation THEN
	RETURN -1;
END;
$$;
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT attacks.careful(v) FROM (VALUES (''1''), (''x'')) AS u(v)') AS r(x double precision);
-- locks that the session had before stay its own, also when the reading fails
SELECT pg_advisory_lock(4714);
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT attacks.try(''SELECT pg_advisory_lock(4715)''), 1 / 0') AS r(t text, a integer);
SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid();
SELECT pg_advisory_unlock(4714);
-- only queries, of the columns that were asked for, are read
SELECT * FROM monitor._read('regress_attacker'::regrole, 'DELETE FROM attacks.t RETURNING x') AS r(x double precision);
SELECT * FROM monitor._read('regress_attacker'::regrole, 'WITH d AS (DELETE FROM attacks.t RETURNING x) SELECT x FROM d') AS r(x double precision);
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT 1; SELECT 2') AS r(x integer);
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT 1') AS r(x bigint);
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT 1') AS r(x integer, y integer);
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT x FROM victims.own') AS r(x double precision);

-- ---- traps for superusers: what is read with their rights runs no code of others ----
SELECT monitor.create_model('trap', source => 'attacks.t', time_column => 'at', owner => 'postgres');
SELECT monitor.create_model('trap', source => 'victims.own', time_column => 'at', features => '{attacks.who(x)}');
SELECT monitor.create_model('trap', source => 'victims.own', time_column => 'at', score => 'attacks.who(x) / 10', task => 'binary');
SELECT monitor.create_model('trap', source => 'victims.own', time_column => 'at', segments => '["attacks.who()"]');
SELECT monitor.create_model('trap', source => 'victims.own', time_column => 'at', label => 'attacks.who() = ''a''');
SELECT monitor.create_model('trap', source => 'victims.own', time_column => 'at', metrics => '{"m": {"numerator": "attacks.who(x)"}}');
SET ROLE regress_attacker;
CREATE VIEW attacks.v AS SELECT at, x, attacks.who() AS w FROM attacks.t;
CREATE TABLE attacks.indexed (at timestamptz NOT NULL, x double precision);
-- the server itself evaluates this, as whoever plans a query of the table
SET client_min_messages = error;
CREATE INDEX ON attacks.indexed ((attacks.who(1) + x));
SET client_min_messages = warning;
CREATE TYPE attacks.grade AS ENUM ('a', 'b');
CREATE FUNCTION attacks.cast_it(attacks.grade) RETURNS text LANGUAGE sql STABLE AS 'SELECT attacks.who()';
CREATE CAST (attacks.grade AS text) WITH FUNCTION attacks.cast_it(attacks.grade) AS IMPLICIT;
CREATE DOMAIN attacks.small AS double precision CHECK (attacks.who(VALUE) < 100);
RESET ROLE;
SELECT * FROM monitor._read('postgres'::regrole, 'SELECT count(*) FROM attacks.v') AS r(n bigint);
SELECT * FROM monitor._read('postgres'::regrole, 'SELECT count(*) FROM attacks.indexed WHERE x > 1') AS r(n bigint);
SELECT * FROM monitor._read('postgres'::regrole, 'SELECT 1::double precision::attacks.small::double precision') AS r(n double precision);
SELECT * FROM monitor._read('postgres'::regrole, 'SELECT n FROM (SELECT count(*) AS n FROM victims.own AS o WHERE EXISTS (SELECT FROM attacks.who() AS w WHERE w = o.x::text)) AS q') AS r(n bigint);
CREATE TABLE victims.graded (at timestamptz NOT NULL, grade attacks.grade);
CREATE INDEX ON victims.graded (at);
INSERT INTO victims.graded SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes', (ARRAY['a', 'b'])[1 + i % 2]::attacks.grade FROM generate_series(0, 1999) AS i;
SELECT length(monitor.create_model('trap', source => 'victims.graded', time_column => 'at', features => '{grade}', baseline_from => '2026-01-01', baseline_to => '2026-01-20')) > 0 AS registered;
CALL monitor.run_model('trap');
SELECT status, sqlstate, message FROM monitor.run_history WHERE model = 'trap';
SELECT monitor.drop_model('trap');
-- a table that becomes one: a partition of somebody else's
CREATE TABLE victims.parted (at timestamptz NOT NULL, x double precision) PARTITION BY RANGE (at);
SET client_min_messages = error;
ALTER TABLE victims.parted ATTACH PARTITION attacks.indexed FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
SET client_min_messages = warning;
SELECT * FROM monitor._read('postgres'::regrole, 'SELECT count(*) FROM victims.parted') AS r(n bigint);
-- and a role that becomes a superuser
SET ROLE regress_attacker;
SELECT length(monitor.create_model('rises', source => 'attacks.t', time_column => 'at', features => '{x}')) > 0 AS registered;
RESET ROLE;
ALTER ROLE regress_attacker SUPERUSER;
ALTER FUNCTION attacks.who(double precision) OWNER TO regress_victim;
SELECT * FROM monitor._read('regress_attacker'::regrole, 'SELECT count(attacks.who(x)) FROM attacks.t') AS r(n bigint);
ALTER FUNCTION attacks.who(double precision) OWNER TO regress_attacker;
ALTER ROLE regress_attacker NOSUPERUSER;
-- plain columns of one's own table work, with a word of advice
SET client_min_messages = notice;
SELECT left(monitor.create_model('plain', source => 'victims.own', time_column => 'at', features => '{x}'), 13);
SET client_min_messages = warning;
SELECT monitor.drop_model('plain');

-- ---- a function of an attacker that a superuser calls gives him nothing ----
SET ROLE regress_attacker;
CREATE FUNCTION attacks.lure() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT monitor.grant_access('regress_attacker', 'admin')::text $$;
RESET ROLE;
SELECT attacks.lure();

-- ---- an administrator of monitor is not everybody ----
SELECT monitor.grant_access('regress_admin', 'admin');
ALTER TABLE victims.own OWNER TO regress_victim;
SET ROLE regress_victim;
SELECT length(monitor.create_model('victim', source => 'victims.own', time_column => 'at', features => '{x}')) > 0 AS registered;
SET ROLE regress_admin;
SELECT left(monitor.describe_model('victim'), 14);
SELECT monitor.alter_model('victim', add_features => '{attacks.who(x)}');
SELECT monitor.set_baseline('victim', '2026-01-01', '2026-01-20', source_query => 'SELECT * FROM victims.own');
SELECT monitor.create_model('theirs', source => 'victims.own', time_column => 'at', owner => 'regress_victim');
SELECT monitor.alter_model('victim', owner => 'postgres');
SELECT monitor.sample_rows('victim', 'x', '2026-01-01', '2026-02-01');
RESET ROLE;

-- nor gives models, whose expressions may be his, to a role that is not his
SET ROLE regress_admin;
SELECT monitor.reassign_models('regress_victim', 'regress_attacker');
SELECT monitor.reassign_models('regress_victim', 'postgres');
SELECT monitor.reassign_models('regress_victim', NULL);
RESET ROLE;

-- ---- a viewer who may read a view sees no more of it by sample_rows ----
CREATE TABLE victims.rows AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes' AS at, i % 5 AS x, CASE i % 2 WHEN 0 THEN 'regress_attacker' ELSE 'regress_victim' END AS who FROM generate_series(0, 2999) AS i;
ALTER TABLE victims.rows OWNER TO regress_victim;
ALTER TABLE victims.rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON victims.rows USING (who = current_user);
GRANT SELECT ON victims.rows TO regress_attacker;
CREATE VIEW victims.invoked WITH (security_invoker) AS SELECT * FROM victims.rows;
CREATE VIEW victims.filtered AS SELECT * FROM victims.rows WHERE who = current_user;
ALTER VIEW victims.invoked OWNER TO regress_victim;
ALTER VIEW victims.filtered OWNER TO regress_victim;
GRANT SELECT ON victims.invoked, victims.filtered TO regress_attacker;
SET ROLE regress_victim;
SELECT length(monitor.create_model(v, source => ('victims.' || v)::regclass, time_column => 'at', features => '{x}')) > 0 AS registered FROM unnest(ARRAY['rows', 'invoked', 'filtered']) AS v;
SELECT monitor.grant_access('regress_attacker', 'viewer', v) FROM unnest(ARRAY['rows', 'invoked', 'filtered']) AS v;
SELECT cardinality(monitor.sample_rows('invoked', 'x', '2026-01-01', '2026-02-01')) AS own;
SET ROLE regress_attacker;
SELECT monitor.sample_rows('rows', 'x', '2026-01-01', '2026-02-01');
SELECT monitor.sample_rows('invoked', 'x', '2026-01-01', '2026-02-01');
SELECT monitor.sample_rows('filtered', 'x', '2026-01-01', '2026-02-01');
SET ROLE regress_victim;
SELECT monitor.drop_model(v) FROM unnest(ARRAY['rows', 'invoked', 'filtered']) AS v;
RESET ROLE;

-- ---- looking at others' models: EXPLAIN, errors and leaky functions show nothing of them ----
CREATE FUNCTION attacks.explained(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	lines text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
		lines := lines || line || E'\n';
	END LOOP;
	RETURN lines;
END;
$$;
SET ROLE regress_attacker;
SELECT v.view, attacks.explained('SELECT * FROM monitor.' || v.view) ~ 'victim' AS names_it FROM unnest(ARRAY['model_health', 'feature_drift', 'data_quality', 'run_history', 'audit_trail', 'feature_distribution']) AS v(view);
CREATE FUNCTION attacks.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN IF $1 LIKE '%victim%' THEN RAISE WARNING 'leaked %', $1; END IF; RETURN true; END $$;
CREATE FUNCTION attacks.leak2(text, text) RETURNS boolean LANGUAGE sql COST 0.0000001 AS 'SELECT attacks.leak($1)';
CREATE OPERATOR attacks.<~ (LEFTARG = text, RIGHTARG = text, FUNCTION = attacks.leak2);
SELECT model FROM monitor.model_health WHERE attacks.leak(model);
SELECT model FROM monitor.model_health WHERE model OPERATOR(attacks.<~) 'x';
SELECT model FROM monitor.model_health WHERE model::integer > 0 AND model <> 'rises';
SELECT count(*) FROM monitor.feature_drift WHERE attacks.leak(model) AND model <> 'rises';
SELECT count(*) FROM monitor.audit_trail WHERE attacks.leak(coalesce(after, before)::text) AND model <> 'rises';
SELECT count(*) FROM monitor._visible_model;
RESET ROLE;

-- ---- a trigger function of ours on a table of one's own marks nothing of others ----
SELECT set_config('regress.victim', model_id::text, false) IS NOT NULL AS noted FROM monitor.model WHERE name = 'victim';
SET ROLE regress_attacker;
CREATE TABLE attacks.log (at timestamptz);
DO $$
BEGIN
	EXECUTE format('CREATE TRIGGER a AFTER INSERT OR UPDATE OR DELETE ON attacks.log FOR EACH ROW EXECUTE FUNCTION monitor._mark_dirty(%L, ''day'', ''UTC'', ''at'')', current_setting('regress.victim'));
	EXECUTE format('CREATE TRIGGER b AFTER TRUNCATE ON attacks.log EXECUTE FUNCTION monitor._mark_truncated(%L)', current_setting('regress.victim'));
	EXECUTE format('CREATE TRIGGER c AFTER INSERT ON attacks.log FOR EACH ROW EXECUTE FUNCTION monitor._mark_label(%L, ''at'')', current_setting('regress.victim'));
END;
$$;
INSERT INTO attacks.log VALUES ('2026-01-01'), (NULL);
TRUNCATE attacks.log;
-- those of the audit trail are not even to be had
CREATE TRIGGER d BEFORE INSERT ON attacks.log FOR EACH ROW EXECUTE FUNCTION monitor._audit();
RESET ROLE;
SELECT (SELECT count(*) FROM monitor.dirty_range) AS ranges, (SELECT count(*) FROM monitor.dirty_key) AS keys;

-- ---- the parser: what is meant, in whose words ----
SET ROLE regress_victim;
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => '{x + incme}');
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['"net income" * 2']);
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => '{nothing_like_it_at_all}');
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => '{extract(epoch from now() - at)}', segments => '["count(*)"]');
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => '{"rank() OVER ()"}');
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['generate_series(1, 2)']);
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['x FROM victims.own']);
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['x, income']);
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['x)), (SELECT 1']);
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['$1']);
SELECT monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['']);
SELECT left(monitor.create_model('x', source => 'victims.own', time_column => 'at', features => ARRAY['x -- and more']), 10);
CREATE TEMP TABLE passing (at timestamptz, x integer);
SELECT monitor.create_model('x', source => 'passing', time_column => 'at');
DROP TABLE passing;
RESET ROLE;

-- ---- what changes by other ways is recorded all the same ----
TRUNCATE monitor.model;
SET session_replication_role = replica;
UPDATE monitor.model SET min_label_coverage = 0.7 WHERE name = 'victim';
DELETE FROM monitor.audit_log;
RESET session_replication_role;
CREATE FUNCTION public.planted(jsonb, text) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb';
CREATE OPERATOR public.- (LEFTARG = jsonb, RIGHTARG = text, FUNCTION = public.planted);
SET search_path = public, pg_catalog;
UPDATE monitor.model SET min_label_coverage = 0.6 WHERE name = 'victim';
RESET search_path;
DROP OPERATOR public.- (jsonb, text);
DROP FUNCTION public.planted;
SELECT actor = session_user AS by_hand, before ->> 'min_label_coverage' AS before, after ->> 'min_label_coverage' AS after FROM monitor.audit_trail
WHERE model = 'victim' AND action = 'UPDATE' ORDER BY audit_id;

SELECT model, monitor.drop_model(model) FROM monitor.model_health ORDER BY model;
SELECT model, action, count(*) FROM monitor.audit_trail WHERE model IN ('victim', 'rises') AND table_name = 'feature' GROUP BY 1, 2 ORDER BY 1, 2;
RESET monitor.mock_now;
DELETE FROM monitor.access_grant;
DROP SCHEMA attacks, victims CASCADE;
DROP ROLE regress_attacker;
DROP ROLE regress_victim;
DROP ROLE regress_admin;
