-- Alerts: rules, states, what is kept back and why, who is told, and what an answer means.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SELECT coalesce(max(audit_id), 0) AS before FROM monitor.audit_log \gset
CREATE SCHEMA alert_test;
CREATE TABLE alert_test.p (id integer PRIMARY KEY, at timestamptz NOT NULL, score double precision, x double precision, y boolean);
CREATE INDEX ON alert_test.p (at);
INSERT INTO alert_test.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '432 seconds', (i * 37 % 1000) / 1000.0, (i * 61 % 997) / 997.0, i * 37 % 1000 > 500 FROM generate_series(0, 11999) AS i;
GRANT USAGE ON SCHEMA alert_test TO pg_database_owner;
GRANT SELECT ON alert_test.p TO pg_database_owner;
SET monitor.mock_now = '2026-03-02 00:00+00';
SELECT length(monitor.create_model('watched', source => 'alert_test.p', time_column => 'at', score => 'score', label => 'y', features => '{x}',
	owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-02-15', look_back => '1 day')) > 0 AS registered;
SELECT rule, metric, compares, per, alarms_per_month FROM monitor.alert_rules WHERE model = 'watched' ORDER BY rule;

-- One look: a measurement as a run would store it, and the step that alerts.
UPDATE monitor.watermark SET closed_to = 'infinity';
CREATE FUNCTION alert_test.look(at text, metric text, verdict text, value double precision DEFAULT 0.3, feature text DEFAULT 'x') RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('monitor.mock_now', at, false);
	INSERT INTO monitor.measurement (model_id, baseline_id, metric, feature, window_start, window_end, value, effect_size, log_e_value, n_current, verdict)
	SELECT m.model_id, (monitor._current_baseline(m.model_id)).baseline_id, look.metric, look.feature, look.at::timestamptz - interval '1 day', look.at::timestamptz, look.value, look.value, 100, 1000, look.verdict FROM monitor.model m WHERE m.name = 'watched';
	RETURN (SELECT monitor._evaluate(m) FROM monitor.model m WHERE m.name = 'watched');
END $$;
CREATE VIEW alert_test.notices AS
SELECT kind, channel, state, reason, (SELECT string_agg(a ->> 'why', ',') FROM jsonb_array_elements(payload -> 'alerts') AS a) AS why, monitor._title(payload) AS title FROM monitor.outbox ORDER BY id;

-- Mistakes are refused when they are made.
SELECT monitor.create_channel('c', 'fax', '{}');
SELECT monitor.create_channel('c', 'webhook', '{"uri": "https://example.org"}');
SELECT monitor.create_channel('c', 'webhook', '{"url": "https://user:hidden@example.org/"}');
SELECT monitor.create_channel('c', 'webhook', '{"url": "https://example.org/", "secret": "hidden"}');
SELECT monitor.create_channel('c', 'slack', '{"url": "https://hooks.slack.com/services/hidden"}');
SELECT monitor.create_channel('c', 'email', '{"url": "smtp://mail.example.org:587", "from": "monitor@example.org", "to": "nobody"}');
SELECT monitor.create_channel('c', 'pagerduty', '{"routing_key": "env:PGPASSWORD"}');
SELECT monitor.create_channel('c', 'webhook', '{"url": "https://example.org/", "secret": "file:below/name"}');
SELECT monitor.create_route('nowhere');
SELECT monitor.create_silence('{}', 'all of it', '1 hour');
SELECT monitor.create_silence('["model=~.+"]', 'all of it', '1 hour');
SELECT monitor.create_silence('["model=~("]', 'broken', '1 hour');
SELECT monitor.create_silence('["model=~(a)\\1"]', 'slow', '1 hour');
SELECT monitor.create_silence('{"model": "watched"}', 'no end');
SELECT monitor.create_rule('r', 'watched', 'drift.nonsense', warning => 1);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', feature => 'nonsense', warning => 1);
SELECT monitor.create_rule('r', 'watched', 'quality.volume, quality.volum', warning => 1);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', feature => 'x,*y*', warning => 1);
-- all features are meant wherever one of the metrics has any
BEGIN;
SELECT count(monitor.create_rule('of ' || m, 'watched', m)) AS made FROM unnest('{"quality.volume,quality.missing_ratio",quality.volume,*,performance.*,"performance.*,d*"}'::text[]) AS m;
SELECT metric, feature FROM monitor.alert_rules WHERE rule LIKE 'of %' ORDER BY rule COLLATE "C";
ROLLBACK;
SELECT monitor.create_rule('r', 'watched', 'drift.psi', warning => 2, critical => 1);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', warning => 1, n => 3, m => 2);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', warning => 1, labels => '{"severity": "mild"}');
SELECT monitor.create_rule('r', 'watched', '*', per => 'model');
-- limits that nothing is compared with, or that everything is beyond
SELECT monitor.create_rule('r', 'watched', 'drift.psi', compares => 'verdict', warning => 1);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', warning_low => 1);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', warning => 1, warning_low => 0);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', direction => 'outside', warning => 1);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', direction => 'outside', warning => 1, warning_low => 2);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', direction => 'outside', warning => 3, critical => 4, warning_low => 1, critical_low => 2);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', direction => 'outside', warning => 3, warning_low => 1, recovery => 2);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', compares => 'learnt', direction => 'below', warning => -4);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', compares => 'learnt', direction => 'outside', warning => 4, warning_low => 4);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', compares => 'learnt', warning => 4, recovery => 3);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', warning => 'NaN');
-- what has a default is not NULL, what has a name has one, and what takes time takes a time that there is
SELECT monitor.create_rule(name, 'watched', 'drift.psi') FROM unnest('{NULL,""}'::text[]) AS name LIMIT 1;
SELECT monitor.create_rule(repeat('r', 201), 'watched', 'drift.psi');
SELECT monitor.create_rule('r', 'watched', 'drift.psi', per => NULL, labels => NULL);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', hold_for => NULL);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', hold_for => '-1 day');
SELECT monitor.create_rule('r', 'watched', 'drift.psi', keep_firing_for => '300000 years');
SELECT monitor.create_rule('r', 'watched', 'drift.psi', stale_after => 0);
SELECT monitor.create_rule('r', 'watched', 'drift.psi', min_samples => -1);
SELECT monitor.enable_rule('watched', 'drift', NULL);
SELECT monitor.create_silence('{"model": "watched"}', 'known', '1 hour', until_resolved => NULL);
SELECT monitor.create_mute_timing(NULL, '[{"months": ["1"]}]');
SELECT monitor.create_mute_timing('m', '[{"weekday": []}]');
SELECT monitor.create_inhibition('', '{"a": "b"}', '{"a": "c"}');
SELECT monitor.create_channel('c', NULL, '{"url": "https://example.org"}');
SELECT monitor.create_channel('c', 'email', '{"url": "smtp://mail.example.org:587", "from": "monitor@example.org", "to": []}');
SELECT monitor.create_escalation(NULL, '[{"after": "1 minute", "channels": ["c"]}]');
SELECT monitor.create_escalation('e', '[{"after": "1 minute", "channel": ["c"]}]');
SELECT monitor.create_escalation('e', '[{"after": "1 minute", "channels": [null]}]');
SELECT monitor.create_escalation('e', '[{"after": "300000 years", "channels": ["c"]}]');
SELECT monitor.create_route(NULL, group_by => NULL);
SELECT monitor.create_route(NULL, group_by => '{NULL}');
SELECT monitor.create_route(NULL, group_by => '{model,severity}');
SELECT monitor.create_route(NULL, group_wait => '300000 years');
SELECT monitor.create_route(NULL, repeat_interval => '1 second');
SELECT monitor.create_mute_timing('m', '[{"times": ["25:00-26:00"]}]');
SELECT monitor.create_mute_timing('m', '[{"times": ["22:00-06:00"]}]', 'Nowhere/City');
SELECT monitor.create_escalation('e', '[{"after": "soon", "channels": ["c"]}]');

SELECT monitor.create_channel('mail', 'email', '{"url": "smtp://mail.example.org:587", "from": "monitor@example.org", "to": "a@example.org, b@example.org"}');
SELECT monitor.create_channel('hook', 'webhook', '{"url": "https://example.org/hook", "secret": "env:HOOK"}', fallback => 'mail');
SELECT monitor.create_route('hook', model => 'watched', group_interval => '0', repeat_interval => '4 hours') > 0 AS routed;

-- Firing, worse, repeated, acknowledged, resolved.
SELECT alert_test.look('2026-03-03', 'drift.psi', 'ok'), alert_test.look('2026-03-04', 'drift.psi', 'warning'), alert_test.look('2026-03-05', 'drift.psi', 'critical');
SELECT rule, state, severity, opened_at, concerns FROM monitor.alerts ORDER BY rule;
SELECT from_state, to_state, severity, look_at FROM monitor.alert_history WHERE rule = 'drift' ORDER BY transition_id;
-- nobody has sent the first notice: the second says it all
SELECT * FROM alert_test.notices;
-- sent: an attempt first, then the answer
SELECT c.kind, c.channel_kind, c.url, c.secret, c.content_type, c.attempt, c.body::jsonb ->> 'type' AS type FROM unnest(monitor.dispatcher_claim('test', 10, '1 minute')) AS c;
SELECT outcome FROM monitor.delivery_attempt;
SELECT count(*) AS claimed FROM unnest(monitor.dispatcher_claim('other', 10, '1 minute')) AS c;
-- a sender keeps what it says it holds: of a claim whose answer was lost it knows nothing
SELECT monitor.dispatcher_beat('test', 1, (SELECT extversion FROM pg_extension WHERE extname = 'monitor'), true, '{}', '1 hour');
SELECT lease_until - monitor.now() AS kept FROM monitor.outbox WHERE state = 'leased';
SELECT monitor.dispatcher_beat('test', 1, (SELECT extversion FROM pg_extension WHERE extname = 'monitor'), true, array_agg(lease_token), '1 hour') FROM monitor.outbox WHERE state = 'leased';
SELECT lease_until - monitor.now() AS kept FROM monitor.outbox WHERE state = 'leased';
SELECT monitor.dispatcher_finish(id, lease_token - 1, 200, 0, 0, true, NULL, 'ok', '') AS with_another_token, monitor.dispatcher_finish(id, lease_token, 200, 0, 0, true, NULL, 'ok', '') AS with_its_own FROM monitor.outbox WHERE state = 'leased';
-- told again, as the answer was lost on its way: nothing changes
SELECT monitor.dispatcher_finish(id, lease_token, 200, 0, 0, true, NULL, 'ok', '') AS told_again, (SELECT a.outcome FROM monitor.delivery_attempt a WHERE a.token = lease_token) FROM monitor.outbox WHERE state = 'delivered';
-- repeated after four hours, unless somebody looks after it
SET monitor.mock_now = '2026-03-05 03:59';
SELECT monitor._flush_due();
SET monitor.mock_now = '2026-03-05 04:00';
SELECT monitor._flush_due();
SELECT monitor.acknowledge(alert, 'on it') FROM monitor.alerts WHERE state = 'firing';
SET monitor.mock_now = '2026-03-05 09:00';
SELECT monitor._flush_due();
-- one more feature drifts: that is news, acknowledged or not
SELECT alert_test.look('2026-03-05 10:00', 'drift.psi', 'critical', 0.3, 'score'), alert_test.look('2026-03-05 11:00', 'drift.psi', 'critical', 0.4, 'score');
SELECT alert_test.look('2026-03-06', 'drift.psi', 'ok');
SELECT * FROM alert_test.notices;
SELECT reason, reference IS NOT NULL AS by_whom FROM monitor.suppressions ORDER BY suppression_id;
SELECT state, acked_by IS NOT NULL AS acked, close_reason, told_through FROM monitor.alerts ORDER BY opened_at;
SELECT * FROM monitor.check_invariants();

-- Thresholds need evidence; hold_for, recovery, n of m; no data is not calm.
SELECT monitor.drop_rule('watched', 'drift');
SELECT monitor.create_rule('x drifts', 'watched', 'drift.psi', feature => 'x', warning => 0.1, critical => 0.25, recovery => 0.05, hold_for => '1 day', runbook_url => 'https://example.org/runbook') > 0 AS made;
SELECT alert_test.look('2026-03-10', 'drift.psi', 'ok', 0.3), alert_test.look('2026-03-11', 'drift.psi', 'ok', 0.3), alert_test.look('2026-03-12', 'drift.psi', 'ok', 0.07),
	alert_test.look('2026-03-13', 'drift.psi', 'no_data', NULL), alert_test.look('2026-03-14', 'drift.psi', 'ok', 0.03);
SELECT from_state, to_state, severity, look_at, reason FROM monitor.alert_history WHERE rule = 'x drifts' ORDER BY transition_id;
SELECT rule, severity, opened_at, closed_at FROM monitor.backtest('x drifts', '2026-03-09', '2026-03-15');
SELECT alarms_per_month FROM monitor.alert_rules WHERE rule = 'x drifts';

-- The evidence is that of drift.psi, whatever distance is compared, by itself or as a change; where that is not enough data, the look says nothing.
SELECT alert_test.look('2026-03-14 01:00', 'drift.ks', 'ok', 0, 'x');
SELECT monitor.create_rule('ks ' || c, 'watched', 'drift.ks', feature => 'x', warning => 0.1, compares => c) > 0 AS made FROM unnest('{value,change}'::text[]) AS c;
INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, log_e_value, n_current, verdict)
SELECT m.model_id, v.metric, 'x', '2026-03-14', '2026-03-14 01:00'::timestamptz + hour * interval '1 hour', 0.5, 0.5, CASE v.metric WHEN 'drift.psi' THEN e END, 1000, CASE v.metric WHEN 'drift.psi' THEN verdict ELSE 'ok' END
FROM monitor.model m, unnest('{drift.psi,drift.ks}'::text[]) AS v(metric), (VALUES (1, 0, 'ok'), (2, 100, 'ok'), (3, 0, 'insufficient_data'), (4, 0, 'ok')) AS w(hour, e, verdict) WHERE m.name = 'watched';
SELECT monitor._evaluate(m) FROM monitor.model m WHERE name = 'watched';
SELECT rule, from_state, to_state, look_at FROM monitor.alert_history WHERE rule LIKE 'ks %' ORDER BY rule, transition_id;
SELECT monitor.drop_rule('watched', rule) FROM monitor.alert_rules WHERE rule LIKE 'ks %';

-- Labels lag: realised performance is judged after estimates of later windows, and is told all the same.
SELECT alert_test.look('2026-03-15', 'estimated.roc_auc', 'ok', 0.9, ''), alert_test.look('2026-03-08', 'performance.roc_auc', 'critical', 0.6, ''), alert_test.look('2026-03-09', 'performance.roc_auc', 'ok', 0.9, '');
SELECT rule, severity, opened_at, closed_at FROM monitor.alerts WHERE rule LIKE '%performance' ORDER BY rule;
-- A look that is measured again has been taken; one that a crash left is taken next.
UPDATE monitor.measurement SET measured_at = clock_timestamp(), verdict = 'critical' WHERE metric = 'performance.roc_auc';
SELECT monitor._evaluate(m) FROM monitor.model m WHERE name = 'watched';
INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, verdict)
SELECT model_id, 'performance.roc_auc', '', '2026-03-09', '2026-03-10', 0.5, 'critical' FROM monitor.model WHERE name = 'watched';
BEGIN;
SELECT monitor._evaluate(m) FROM monitor.model m WHERE name = 'watched';
ROLLBACK;
SELECT monitor._evaluate(m) FROM monitor.model m WHERE name = 'watched';
SELECT alert_test.look('2026-03-11', 'performance.roc_auc', 'ok', 0.9, '');
-- A series that is gone resolves after three looks at its metric; learnt limits need eight windows.
SELECT monitor.create_rule('each', 'watched', 'quality.unseen_ratio', warning => 0.1) > 0 AS made;
SELECT alert_test.look('2026-03-15 01:00', 'quality.unseen_ratio', 'ok', 0.5, 'x'), alert_test.look('2026-03-15 02:00', 'quality.unseen_ratio', 'ok', 0, 'score'),
	alert_test.look('2026-03-15 03:00', 'quality.unseen_ratio', 'ok', 0, 'score'), alert_test.look('2026-03-15 04:00', 'quality.unseen_ratio', 'ok', 0, 'score');
SELECT from_state, to_state, look_at, reason FROM monitor.alert_history WHERE rule = 'each' ORDER BY transition_id;
SELECT sum(alert_test.look('2026-03-15 05:00'::timestamptz::text, 'business.value', 'ok', 10, '')) AS transitions;
SELECT monitor.create_rule('learnt', 'watched', 'business.value', compares => 'learnt', direction => 'outside', warning => 6) > 0 AS made;
SELECT sum(alert_test.look(('2026-03-15 05:00'::timestamptz + i * interval '1 minute')::text, 'business.value', 'ok', 10 + (i % 3) * 0.1 + CASE WHEN i = 35 THEN 5 ELSE 0 END, '')) AS transitions FROM generate_series(1, 37) AS i;
SELECT severity, opened_at, closed_at, value FROM monitor.alerts WHERE rule = 'learnt' ORDER BY opened_at;
-- and they lie on the side that the rule looks at
SELECT monitor.create_rule('learnt ' || d, 'watched', 'business.' || d, compares => 'learnt', direction => d, warning => 4, critical => 30) > 0 AS made
FROM unnest('{above,below}'::text[]) AS d WHERE alert_test.look('2026-03-15 05:40', 'business.' || d, 'ok', 10, '') = 0;
SELECT d, sum(alert_test.look(('2026-03-15 05:40'::timestamptz + i * interval '1 second')::text, 'business.' || d, 'ok', 10 + (i % 3) * 0.1 + CASE i WHEN 35 THEN 1 WHEN 38 THEN -1 WHEN 39 THEN -5 ELSE 0 END, '')) AS transitions
FROM unnest('{above,below}'::text[]) AS d, generate_series(1, 42) AS i GROUP BY d ORDER BY d;
SELECT rule, severity, opened_at, closed_at, value FROM monitor.alerts WHERE rule LIKE 'learnt %' ORDER BY rule, opened_at;
-- from the ninth look on, by as many of the first 30 as came before; by the windows of a baseline where it has eight
SELECT monitor.create_rule('learnt soon', 'watched', 'business.soon', compares => 'learnt', warning => 4) > 0 AS made WHERE alert_test.look('2026-03-15 05:40:59', 'business.soon', 'ok', 10, '') = 0;
SELECT sum(alert_test.look(('2026-03-15 05:41'::timestamptz + i * interval '1 second')::text, 'business.soon', 'ok', 10 + (i % 3) * 0.1 + CASE WHEN i IN (6, 8) THEN 1 ELSE 0 END, '')) AS transitions FROM generate_series(1, 9) AS i;
SELECT opened_at, closed_at FROM monitor.alerts WHERE rule = 'learnt soon';
BEGIN;
UPDATE monitor.baseline b SET from_time = '2026-03-14 05:41', to_time = '2026-03-15 05:42' FROM monitor.model m WHERE m.model_id = b.model_id AND m.name = 'watched';
UPDATE monitor.measurement SET window_start = window_end - interval '1 second' WHERE metric = 'business.soon';
SELECT alert_test.look('2026-03-15 05:43', 'business.soon', 'ok', 10.7, '');
SELECT opened_at, closed_at FROM monitor.alerts WHERE rule = 'learnt soon' ORDER BY opened_at;
ROLLBACK;
-- what a rule has no use for any more goes with the change
SELECT monitor.create_rule('changing', 'watched', 'business.above', direction => 'outside', warning => 20, critical => 30, warning_low => 2, critical_low => 1) > 0 AS made,
	monitor.alter_rule('watched', 'changing', direction => 'above', recovery => 15), monitor.alter_rule('watched', 'changing', compares => 'learnt');
SELECT direction, compares, warning, critical, recovery FROM monitor.alert_rules WHERE rule = 'changing';
SELECT monitor.alter_rule('watched', 'changing', warning_low => 1);
SELECT monitor.drop_rule('watched', rule) FROM monitor.alert_rules WHERE rule LIKE 'learnt %' OR rule = 'changing';
-- Three openings within a half-life flap.
SELECT sum(alert_test.look(('2026-03-15 06:00'::timestamptz + i * interval '1 hour')::text, 'quality.unseen_ratio', 'ok', (i % 2) * 0.5, 'x')) AS transitions FROM generate_series(1, 6) AS i;
SELECT opened_at, flapping FROM monitor.alerts WHERE rule = 'each' ORDER BY opened_at;
-- A rule is altered: what is open goes on under it, and what it would have raised before it was made is counted again.
SELECT alert_test.look('2026-03-15 13:00', 'quality.unseen_ratio', 'ok', 0.5, 'x') AS transitions;
SELECT monitor.alter_rule('watched', 'each', warning => 0.6, critical => 0.8, labels => '{"team": "risk"}');
SELECT alert_test.look('2026-03-15 14:00', 'quality.unseen_ratio', 'ok', 0.5, 'x') AS transitions;
SELECT to_state, look_at FROM monitor.alert_history WHERE rule = 'each' ORDER BY look_at DESC LIMIT 2;
SELECT warning, critical, labels, compares, version FROM monitor.alert_rules WHERE rule = 'each';
SELECT monitor.alter_rule('watched', 'each', critical => 0.1);
SELECT monitor.alter_rule('watched', 'each', direction => 'sideways');
SELECT monitor.alter_rule('watched', 'each', n => 3, m => 2);
SELECT monitor.alter_rule('watched', 'nobody', warning => 1);
SELECT monitor.alter_rule('watched', 'evaluation stale', compares => 'value', warning => 1);
SELECT monitor.alter_rule('watched', 'missing surge', warning => 0.5);
SELECT warning, compares FROM monitor.alert_rules WHERE rule = 'missing surge';
SELECT monitor.alter_rule('watched', 'missing surge', compares => 'verdict');
SELECT warning, compares FROM monitor.alert_rules WHERE rule = 'missing surge';
SELECT monitor.enable_rule('watched', 'each', false), monitor.enable_rule('watched', 'each');
SELECT monitor.drop_rule('watched', 'each'), monitor.drop_rule('watched', 'learnt');

-- Matchers, mute timings with a time zone, inhibition.
SELECT monitor._matches('{"a=1","b!=2","c=~x.*","d!~y"}', '{"a": "1", "c": "xyz"}') AS matches, monitor._matches('{"c=~x"}', '{"c": "xyz"}') AS anchored;
SELECT monitor.create_mute_timing('nights', '[{"times": ["22:00-06:00"], "weekdays": ["monday:friday"]}, {"days_of_month": ["-1"]}]', 'Europe/Berlin');
SELECT at, monitor._in_timing(t, at) AS muted FROM monitor.mute_timing AS t, unnest('{2026-03-27 21:30+00,2026-03-27 20:30+00,2026-03-28 12:00+00,2026-03-31 12:00+00,2026-03-30 03:30+00,2026-03-30 04:30+00}'::timestamptz[]) AS at WHERE t.name = 'nights';
SELECT alert_test.look('2026-03-16', 'quality.missing_ratio', 'critical', 0.6);
SELECT monitor.create_rule('drift', 'watched', 'drift.psi') > 0 AS made;
SELECT alert_test.look('2026-03-17', 'drift.psi', 'critical', 0.9);
SELECT rule, state, kept_back_by FROM monitor.alerts WHERE state <> 'resolved' ORDER BY rule;

-- What is silenced between being written and being sent is not sent, and a silence until resolved ends with its alert.
SELECT monitor.create_silence('{"alertname": "missing surge"}', 'backfill is running', until_resolved => true, model => 'watched') IS NOT NULL AS silenced;
SELECT count(*) AS sent FROM unnest(monitor.dispatcher_claim('test', 10, '1 minute')) AS c WHERE c.body LIKE '%missing surge%';
SELECT alert_test.look('2026-03-18', 'quality.missing_ratio', 'ok', 0);
SELECT kind, state, until_resolved, ends_at FROM monitor.silences;

-- Escalation: a snapshot of the policy, one message a step, none after an acknowledgement.
UPDATE monitor.outbox SET state = 'cancelled', finished_at = now(), lease_until = NULL WHERE finished_at IS NULL;
SELECT monitor.create_escalation('lead', '[{"after": "15 minutes", "channels": ["mail"]}, {"after": "30 minutes", "channels": ["mail"]}]');
SELECT monitor.create_route('hook', model => 'watched', matchers => '{"alertname": "performance"}', escalation => 'lead', group_by => '{alertname}') > 0 AS routed;
SELECT channel FROM monitor.test_route('watched', '{"alertname": "performance"}');
SELECT alert_test.look('2026-03-20', 'performance.roc_auc', 'critical', 0.6, '');
SELECT monitor.create_escalation('lead', '[{"after": "1 minute", "channels": ["hook"]}]');
SET monitor.mock_now = '2026-03-20 00:14';
SELECT monitor._escalate_due();
SET monitor.mock_now = '2026-03-20 08:00';	-- the dispatcher was down meanwhile
SELECT monitor._escalate_due(), monitor._escalate_due();
SELECT kind, channel, state FROM alert_test.notices WHERE kind = 'escalation';
SELECT monitor.acknowledge(alert) FROM monitor.alerts WHERE rule = 'performance' AND state = 'firing';
SET monitor.mock_now = '2026-03-21';
SELECT monitor._escalate_due();
SELECT count(*) AS sent FROM unnest(monitor.dispatcher_claim('test', 10, '1 minute')) AS c WHERE c.kind = 'escalation';
SELECT state, reason FROM alert_test.notices WHERE kind = 'escalation';

-- What an answer means.
SELECT t.kind, t.http, t.smtp, t.curl, t.sent, o.* FROM (VALUES
	('webhook', 204, 0, 0, true, ''), ('webhook', 301, 0, 0, true, ''), ('webhook', 429, 0, 0, true, ''), ('webhook', 503, 0, 0, true, ''), ('webhook', 410, 0, 0, true, ''), ('webhook', 401, 0, 0, true, ''),
	('webhook', 0, 0, 28, true, ''), ('webhook', 0, 0, 7, false, ''), ('webhook', 0, 0, -1, false, ''),
	('slack', 200, 0, 0, true, 'ok'), ('slack', 200, 0, 0, true, 'invalid_payload'), ('slack', 200, 0, 0, true, '{"ok":true,"ts":"1.2"}'), ('slack', 200, 0, 0, true, '{"ok":false,"error":"ratelimited"}'),
	('pagerduty', 202, 0, 0, true, ''), ('pagerduty', 400, 0, 0, true, 'bad'), ('email', 0, 250, 0, true, ''), ('email', 0, 451, 55, false, ''), ('email', 0, 550, 55, false, ''), ('email', 0, 354, 56, true, ''), ('email', 0, 535, 67, false, '')
	) AS t(kind, http, smtp, curl, sent, response), LATERAL monitor._outcome(t.kind, t.http, t.smtp, t.curl, t.sent, t.response, '') AS o;

-- Text is text: no name becomes markup.
SELECT monitor._html('<b>&"''') AS html, monitor._slack_text('<!channel> & co') AS slack, monitor._dashboard('{"alerts": [{"labels": {"model": "a b/ü"}}]}', '{"dashboard_url": "https://g/?m={model}"}') AS url;

-- Who may do what.
CREATE ROLE regress_alert_viewer;
CREATE ROLE regress_alert_dispatcher;
SELECT monitor.grant_access('regress_alert_viewer', 'viewer', 'watched'), monitor.grant_access('regress_alert_dispatcher', 'dispatcher');
SET ROLE regress_alert_viewer;
SELECT count(*) > 0 AS sees FROM monitor.alerts;
SELECT count(*) AS configs FROM monitor.channels WHERE config IS NOT NULL;
SELECT monitor.acknowledge(alert) FROM monitor.alerts WHERE state = 'firing' LIMIT 1;
SELECT monitor.create_silence('{"alertname": "drift"}', 'mine', '1 hour', model => 'watched');
SELECT monitor.create_channel('c', 'webhook', '{"url": "https://example.org/"}');
SELECT monitor.dispatcher_claim('me', 1, '1 minute');
SELECT monitor._flush_due();
-- who sees all models sees all channels, but not where they lead to
RESET ROLE;
SELECT monitor.grant_access('regress_alert_viewer', 'viewer');
SET ROLE regress_alert_viewer;
SELECT count(*) > 0 AS channels, count(config) AS configs FROM monitor.channels;
RESET ROLE;
SELECT monitor.grant_access('regress_alert_viewer', 'admin');
SET ROLE regress_alert_viewer;
SELECT count(config) > 0 AS configs FROM monitor.channels;
RESET ROLE;
SELECT monitor.revoke_access('regress_alert_viewer', level) FROM unnest('{viewer,admin}'::text[]) AS level;
SET ROLE regress_alert_dispatcher;
SELECT count(*) AS alerts, (SELECT count(*) FROM monitor.deliveries) AS deliveries, (SELECT count(*) FROM monitor.routes) AS routes FROM monitor.alerts;
SELECT cardinality(monitor.dispatcher_claim('me', 1, '1 minute')) >= 0 AS claims;
SELECT monitor.dispatcher_beat('me', 1, 'another version', true, '{}', '1 minute');
RESET ROLE;
SELECT table_name, action, count(*) > 0 AS recorded FROM monitor.audit_trail WHERE table_name IN ('alert_rule', 'alert_episode', 'channel', 'route', 'silence') AND audit_id > :before GROUP BY 1, 2 ORDER BY 1, 2;
SELECT * FROM monitor.check_invariants();
SELECT monitor.drop_model('watched');
SELECT count(*) AS left_over FROM monitor.alert_episode JOIN monitor.alert_rule USING (rule_id);
SELECT monitor.drop_channel('hook');
SELECT monitor.drop_escalation('lead'), monitor.drop_mute_timing('nights'), monitor.drop_channel('hook');
SELECT monitor.drop_channel('mail');
RESET monitor.mock_now;
DROP SCHEMA alert_test CASCADE;
SELECT monitor.revoke_access('regress_alert_dispatcher', 'dispatcher');
DROP ROLE regress_alert_viewer, regress_alert_dispatcher;
