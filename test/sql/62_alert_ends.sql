-- What goes while an alert is open: series, features, models, routes and channels.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SELECT coalesce(max(id), 0) AS before FROM monitor.outbox \gset
CREATE SCHEMA end_test;
CREATE TABLE end_test.p (id integer PRIMARY KEY, at timestamptz NOT NULL, x double precision, z double precision, c text);
CREATE INDEX ON end_test.p (at);
INSERT INTO end_test.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour', (i * 61 % 997) / 997.0, (i * 37 % 991) / 991.0, substr('abc', 1 + i % 3, 1) FROM generate_series(0, 1499) AS i;
GRANT USAGE ON SCHEMA end_test TO pg_database_owner;
GRANT SELECT ON end_test.p TO pg_database_owner;
SET monitor.mock_now = '2026-03-02 00:00+00';
SELECT length(monitor.create_model(name, source => 'end_test.p', time_column => 'at', features => '{x,z,"greatest(x, z)"}', segments => '{"c": "c", "d": "c"}', crosses => '[["c", "d"]]', owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-02-15', look_back => '1 day')) > 0 AS registered
FROM unnest('{ending,staying}'::text[]) AS name;
UPDATE monitor.watermark SET closed_to = 'infinity';
SELECT count(monitor.drop_rule(model, rule)) FROM monitor.alert_rules WHERE model IN ('ending', 'staying') AND rule <> 'evaluation stale';
SELECT monitor.enable_rule(model, 'evaluation stale', false) FROM unnest('{ending,staying}'::text[]) AS model;

-- One look: a measurement as a run would store it, and the step that alerts.
CREATE FUNCTION end_test.look(at timestamptz, metric text, value double precision, feature text DEFAULT '', segment text DEFAULT '', buckets integer DEFAULT 1, model text DEFAULT 'ending') RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('monitor.mock_now', at::text, false);
	INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_start, window_end, value, n_current, buckets, verdict)
	SELECT m.model_id, look.metric, look.feature, look.segment, at - buckets * interval '1 hour', at, value, 1000, look.buckets, 'ok' FROM monitor.model m WHERE m.name = look.model;
	RETURN (SELECT monitor._evaluate(m) FROM monitor.model m WHERE m.name = look.model);
END $$;
CREATE FUNCTION end_test.send() RETURNS TABLE (kind text, channel text, title text, state text) LANGUAGE sql AS $$
	SELECT c.kind, c.channel, monitor._title(o.payload), monitor.dispatcher_finish(c.id, c.token, 200, 0, 0, true, NULL, 'ok', NULL)
	FROM unnest(monitor.dispatcher_claim('test', 100, '1 minute')) AS c JOIN monitor.outbox o ON o.id = c.id ORDER BY o.id $$;
CREATE VIEW end_test.ends AS SELECT rule, feature, segment, opened_at, closed_at, close_reason FROM monitor.alerts ORDER BY rule, feature, segment, opened_at;

-- ---- series ----
-- a rule's only series is gone: it resolves as one of many does, after three looks at the metric
SELECT monitor.create_rule('one feature', 'ending', 'quality.missing_ratio', feature => 'x', warning => 0.1) > 0 AS one, monitor.create_rule('one segment', 'ending', 'quality.missing_ratio', feature => 'z', segment => 'a', warning => 0.1) > 0 AS other;
SELECT end_test.look('2026-03-03 00:00', 'quality.missing_ratio', 0.5, 'x'), end_test.look('2026-03-03 01:00', 'quality.missing_ratio', 0.5, 'z', 'a');
SELECT sum(end_test.look('2026-03-03 01:00'::timestamptz + i * interval '1 hour', 'quality.missing_ratio', 0, 'z')) AS transitions FROM generate_series(1, 3) AS i;
SELECT * FROM end_test.ends;
-- the performance of a small segment is looked at once in ten buckets: it is not gone in between
INSERT INTO monitor.measurement (model_id, metric, window_start, window_end, verdict) SELECT model_id, 'performance.accuracy', '2026-03-03', '2026-03-03', 'ok' FROM monitor.model WHERE name = 'ending';
SELECT monitor.create_rule('small', 'ending', 'performance.accuracy', segment => 'b', direction => 'below', warning => 0.5) > 0 AS made;
SELECT end_test.look('2026-03-04 00:00', 'performance.accuracy', 0.4, '', 'b', 10);
SELECT sum(end_test.look('2026-03-04 00:00'::timestamptz + i * interval '1 hour', 'performance.accuracy', 0.9)) AS transitions FROM generate_series(1, 29) AS i;
SELECT end_test.look('2026-03-05 06:00', 'performance.accuracy', 0.9) AS transitions;
SELECT * FROM end_test.ends WHERE rule = 'small';
-- labels of one segment always come two buckets after those of others: it is looked at all the same, is not taken for gone, and of what was before its first look only that counts
SELECT monitor.create_rule('late', 'ending', 'performance.accuracy', segment => '*', direction => 'below', warning => 0.5) > 0 AS made;
CREATE PROCEDURE end_test.late_labels(hours integer) LANGUAGE plpgsql AS $$
BEGIN
	FOR h IN 1 .. hours LOOP
		PERFORM end_test.look('2026-03-05 10:00'::timestamptz + h * interval '1 hour', 'performance.accuracy', 0.9),
			end_test.look('2026-03-05 08:00'::timestamptz + h * interval '1 hour', 'performance.accuracy', CASE WHEN h BETWEEN 3 AND 8 THEN 0.4 ELSE 0.9 END, '', 'c');
	END LOOP;
END $$;
CALL end_test.late_labels(12);
SELECT * FROM end_test.ends WHERE rule = 'late';
-- a feature is dropped: what is of nothing else ends with it
SELECT monitor.create_rule('x of the model', 'ending', 'quality.missing_ratio', feature => 'x', per => 'model', warning => 0.1) > 0 AS made;
SELECT end_test.look('2026-03-06 00:00', 'quality.missing_ratio', 0.5, 'x');
SELECT length(monitor.alter_model('ending', drop_features => '{x}')) > 0 AS dropped;
SELECT * FROM end_test.ends WHERE opened_at >= '2026-03-06';
SELECT * FROM monitor.check_invariants();

-- ---- names ----
-- a name with commas in it, as the views show it, is one; a list is none
SELECT count(monitor.create_rule(v.rule, 'ending', 'quality.missing_ratio', feature => v.feature, segment => v.segment, warning => 1)) AS made FROM (VALUES
	('cross', 'greatest(x, z)', 'c=a, d=a'), ('list', 'g*,z', 'c=a,d=a'), ('quoted', 'z', 'c="U.S., inc", d=*'), ('escaped', 'greatest(x\, z),z', 'd=a\, b,c=b')) AS v(rule, feature, segment);
SELECT rule, feature, segment FROM monitor.alert_rules WHERE rule IN ('cross', 'list', 'quoted', 'escaped') ORDER BY rule;
SELECT sum(end_test.look('2026-03-07 00:00'::timestamptz + (f * 10 + n) * interval '1 minute', 'quality.missing_ratio', 1, feature, segment)) AS transitions
FROM unnest('{z,"greatest(x, z)"}'::text[]) WITH ORDINALITY AS v(feature, f), unnest('{c=a,d=a,"c=a, d=a","d=a, b","c=\"U.S., inc\", d=b",c=b}'::text[]) WITH ORDINALITY AS u(segment, n);
SELECT rule, feature, segment FROM monitor.alerts WHERE opened_at > '2026-03-07' ORDER BY rule COLLATE "C", feature COLLATE "C", segment COLLATE "C";
SELECT count(monitor.drop_rule('ending', rule)) AS dropped FROM monitor.alert_rules WHERE rule IN ('cross', 'list', 'quoted', 'escaped');

-- ---- baselines ----
-- with a new one alerts of drift end, and only they; one alert of drift and of more goes on
SELECT end_test.look('2026-03-08 00:00', 'drift.psi', 0);
SELECT monitor.create_rule('distances', 'ending', 'drift.*', raw => true, warning => 1) > 0 AS one, monitor.create_rule('all', 'ending', 'drift.*,quality.*', per => 'model', raw => true, warning => 1) > 0 AS two,
	monitor.create_rule('all distances', 'ending', 'drift.*', per => 'model', raw => true, warning => 1) > 0 AS three;
SELECT end_test.look('2026-03-08 01:00', 'drift.psi', 2, 'z'), end_test.look('2026-03-08 02:00', 'drift.psi', 2, 'z');
INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, n_current, verdict)
SELECT model_id, v.metric, 'z', '2026-03-08 02:00', '2026-03-08 03:00', 2, 1000, 'ok' FROM monitor.model, unnest('{drift.psi,quality.missing_ratio}'::text[]) AS v(metric) WHERE name = 'ending';
SELECT monitor._evaluate(m) FROM monitor.model m WHERE name = 'ending';
SELECT monitor.set_baseline('ending', '2026-01-01', '2026-02-01') <> '' AS set;
SELECT rule, metric, state, close_reason FROM monitor.alerts WHERE opened_at >= '2026-03-08' ORDER BY rule COLLATE "C", opened_at;
SELECT count(monitor.drop_rule('ending', rule)) AS dropped FROM monitor.alert_rules WHERE rule IN ('distances', 'all', 'all distances');
SELECT * FROM monitor.check_invariants();

-- what has no reference does not change
SELECT monitor.create_rule('change', 'ending', 'performance.*', compares => 'change', direction => 'below', warning => -0.1) > 0 AS made;
SELECT monitor.drop_rule('ending', 'change');

-- ---- runs ----
-- nobody checks the model: a warning after three buckets, critical after six though it fires already, and over with the next good run
UPDATE monitor.model SET created_at = '2026-03-10', granularity = 'hour' WHERE name IN ('ending', 'staying');
SELECT monitor.enable_rule('ending', 'evaluation stale');
CREATE FUNCTION end_test.tick(at timestamptz) RETURNS TABLE (severity text, value double precision, closed_at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('monitor.mock_now', at::text, false), monitor._tick();
	RETURN QUERY SELECT a.severity, round(a.value::numeric, 2)::double precision, a.closed_at FROM monitor.alerts AS a WHERE a.rule = 'evaluation stale' ORDER BY a.opened_at;
END $$;
SELECT warning, critical FROM monitor.alert_rules WHERE model = 'ending' AND rule = 'evaluation stale';
SELECT at, t.* FROM unnest('{2026-03-10 02:59,2026-03-10 03:00,2026-03-10 05:59,2026-03-10 06:00,2026-03-10 07:00}'::timestamptz[]) AS at, end_test.tick(at) AS t ORDER BY at;
INSERT INTO monitor.run (model_id, status, stage, started_at, finished_at) SELECT model_id, 'ok', 'alert', '2026-03-10 07:30', '2026-03-10 07:31' FROM monitor.model WHERE name = 'ending';
SELECT * FROM end_test.tick('2026-03-10 07:32');
-- its limits are those of any rule
SELECT monitor.alter_rule('ending', 'evaluation stale', direction => 'below');
SELECT monitor.alter_rule('ending', 'evaluation stale', warning => 10);
SELECT monitor.alter_rule('ending', 'evaluation stale', warning => 5, critical => 10);
SELECT at, count(t.*) AS alerts FROM unnest('{2026-03-10 12:00,2026-03-10 12:32}'::timestamptz[]) AS at, end_test.tick(at) AS t GROUP BY at ORDER BY at;
-- who was suspended is not late when he is resumed
SELECT monitor.suspend_model('ending', 'holiday');
SELECT closed_at IS NULL AS fires FROM end_test.tick('2026-03-14 00:00') OFFSET 1;
SELECT monitor.resume_model('ending');
SELECT * FROM end_test.tick('2026-03-14 04:59') OFFSET 1;
SELECT * FROM end_test.tick('2026-03-14 05:00') OFFSET 1;
SELECT monitor.enable_rule('ending', 'evaluation stale', false);
SELECT * FROM monitor.check_invariants();

-- ---- models ----
-- two models in one conversation: of the one that goes the end is told to whom it was told of, and what was queued of the other is told all the same
SELECT monitor.create_channel('hook', 'webhook', '{"url": "https://example.org/"}');
SELECT monitor.create_route('hook', group_by => '{}', group_interval => '0') > 0 AS routed;
SELECT * FROM end_test.send();
SELECT monitor.create_rule('volume', model, 'quality.volume', warning => 1) > 0 AS made FROM unnest('{ending,staying}'::text[]) AS model;
SELECT monitor.create_rule('constant', 'ending', 'quality.constant', warning => 1) > 0 AS made;
SELECT end_test.look('2026-03-15 00:00', 'quality.volume', 1);
SELECT * FROM end_test.send();
SELECT end_test.look('2026-03-15 01:00', 'quality.constant', 1), end_test.look('2026-03-15 01:00', 'quality.volume', 1, model => 'staying');
SELECT monitor.suspend_model('ending', 'to be removed');
SELECT monitor.create_silence('{"model": "ending"}', 'it goes', '1 hour') AS silence \gset
SELECT monitor.drop_model('ending');
SELECT * FROM end_test.send();
SELECT monitor.expire_silence(:'silence');
SELECT end_test.look('2026-03-15 02:00', 'quality.volume', 0, model => 'staying');
SELECT * FROM end_test.send();
SELECT * FROM end_test.send();
SELECT state, reason FROM monitor.outbox WHERE id > :before ORDER BY id;
SELECT * FROM monitor.check_invariants();

-- ---- routes and channels ----
-- the route goes: who was told is told of the end, also after a repeat would have been due, and of nothing before it
SELECT end_test.look('2026-03-16 00:00', 'quality.volume', 1, model => 'staying');
SELECT * FROM end_test.send();
SELECT monitor.drop_route(route_id) FROM monitor.routes;
SELECT monitor.alter_rule('staying', 'volume', critical => 5);
SELECT end_test.look('2026-03-16 01:00', 'quality.volume', 6, model => 'staying');
SET monitor.mock_now = '2026-03-16 06:00';
SELECT monitor._tick();
SELECT * FROM end_test.send();
SELECT end_test.look('2026-03-16 07:00', 'quality.volume', 0, model => 'staying');
SELECT * FROM end_test.send();
-- what nobody was told of is kept back for a reason
SELECT monitor.create_route('hook', group_wait => '10 minutes') AS route \gset
SELECT end_test.look('2026-03-16 08:00', 'quality.volume', 1, model => 'staying');
SELECT monitor.drop_route(:route);
SET monitor.mock_now = '2026-03-16 08:10';
SELECT monitor._tick();
SELECT rule, kept_back_by FROM monitor.alerts WHERE state = 'firing';
SELECT end_test.look('2026-03-16 09:00', 'quality.volume', 0, model => 'staying');
-- the channel goes too: nothing is written for it
SELECT monitor.create_route('hook') AS route \gset
SELECT end_test.look('2026-03-17 00:00', 'quality.volume', 1, model => 'staying');
SELECT * FROM end_test.send();
SELECT monitor.test_channel('hook') AS notice \gset
SELECT monitor.dispatcher_finish(c.id, c.token, 410, 0, 0, true, NULL, '', '') FROM unnest(monitor.dispatcher_claim('test', 100, '1 minute')) AS c;
SELECT monitor.drop_route(:route), monitor.drop_channel('hook');
SELECT monitor.redrive(:'notice');
SELECT end_test.look('2026-03-17 01:00', 'quality.volume', 0, model => 'staying');
SELECT count(*) AS waiting FROM monitor.outbox WHERE finished_at IS NULL;
SELECT * FROM monitor.check_invariants();

-- ---- silences ----
-- until resolved: also of an alert that was less severe in the end than the silence says
SELECT end_test.look('2026-03-18 00:00', 'quality.volume', 6, model => 'staying');
SELECT monitor.create_silence('{"severity": "critical"}', 'known', until_resolved => true, model => 'staying') IS NOT NULL AS silenced;
SELECT end_test.look('2026-03-18 01:00', 'quality.volume', 2, model => 'staying'), (SELECT state FROM monitor.silences WHERE model = 'staying');
SELECT end_test.look('2026-03-18 02:00', 'quality.volume', 0, model => 'staying');
SELECT state, ends_at FROM monitor.silences WHERE model = 'staying';

SELECT monitor.drop_model('staying');
RESET monitor.mock_now;
DROP SCHEMA end_test CASCADE;
