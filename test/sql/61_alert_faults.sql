-- Alerts under faults: clocks that step, what keeps a notice back changed while it waits, order
-- where sending fails, escalations that race, the record of every transition, names that attack.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE SCHEMA fault_test;
CREATE TABLE fault_test.p (id integer PRIMARY KEY, at timestamptz NOT NULL, x double precision, z double precision);
CREATE INDEX ON fault_test.p (at);
INSERT INTO fault_test.p SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour', (i * 61 % 997) / 997.0, (i * 37 % 991) / 991.0 FROM generate_series(0, 1499) AS i;
SET monitor.mock_now = '2026-03-02 00:00+00';
SELECT length(monitor.create_model('faulty', source => 'fault_test.p', time_column => 'at', features => '{x,z}', baseline_from => '2026-01-01', baseline_to => '2026-02-15', look_back => '1 day')) > 0 AS registered;
UPDATE monitor.watermark SET closed_to = 'infinity';
SELECT count(monitor.drop_rule('faulty', rule)) FROM monitor.alert_rules WHERE model = 'faulty' AND rule <> 'evaluation stale';
SELECT monitor.enable_rule('faulty', 'evaluation stale', false);

-- One measurement as a run would store it; a look is one that the rules see at once.
CREATE FUNCTION fault_test.measure(at timestamptz, metric text, value double precision, feature text DEFAULT '', verdict text DEFAULT 'ok', n bigint DEFAULT 1000) RETURNS void LANGUAGE sql AS $$
	INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, n_current, verdict)
	SELECT m.model_id, metric, feature, at - interval '1 hour', at, value, value, n, verdict FROM monitor.model m WHERE m.name = 'faulty' $$;
CREATE FUNCTION fault_test.evaluate() RETURNS integer LANGUAGE sql AS $$ SELECT monitor._evaluate(m) FROM monitor.model m WHERE m.name = 'faulty' $$;
CREATE FUNCTION fault_test.look(at timestamptz, metric text, value double precision, feature text DEFAULT '') RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('monitor.mock_now', at::text, false), fault_test.measure(at, metric, value, feature);
	RETURN fault_test.evaluate();
END $$;
-- What may be sent now, and is answered so; the messages as the receiver sees them.
CREATE FUNCTION fault_test.send(status integer DEFAULT 200) RETURNS TABLE (kind text, channel text, title text, state text) LANGUAGE sql AS $$
	SELECT c.kind, c.channel, monitor._title(o.payload), monitor.dispatcher_finish(c.id, c.token, status, 0, 0, true, NULL, 'ok', NULL)
	FROM unnest(monitor.dispatcher_claim('test', 100, '1 minute')) AS c JOIN monitor.outbox o ON o.id = c.id ORDER BY o.id $$;
CREATE VIEW fault_test.kept AS SELECT s.reason, CASE WHEN s.reference ~ '-.*-.*-' THEN 'its id' ELSE s.reference END AS reference, a.rule, s.channel FROM monitor.suppressions AS s JOIN monitor.alerts AS a USING (alert) ORDER BY s.suppression_id;
-- A fresh start: no alerts, nothing to send.
CREATE PROCEDURE fault_test.fresh() LANGUAGE sql AS $$
	SELECT count(monitor.drop_rule('faulty', rule)) FROM monitor.alert_rules WHERE model = 'faulty' AND rule <> 'evaluation stale';
	DELETE FROM monitor.route; DELETE FROM monitor.notify_group; DELETE FROM monitor.group_member; DELETE FROM monitor.escalation_state; DELETE FROM monitor.suppression;
	DELETE FROM monitor.delivery_attempt; DELETE FROM monitor.outbox; DELETE FROM monitor.silence; DELETE FROM monitor.alert_transition; DELETE FROM monitor.alert_episode; DELETE FROM monitor.measurement;
	UPDATE monitor.channel_state SET state = 'ok', paused_until = NULL;
	UPDATE monitor.watermark SET alerted_to = NULL;
	SELECT fault_test.measure('2026-03-01 00:00', 'business.' || m, 0) FROM unnest('{few,load,night,name}'::text[]) AS m;	-- rules are made of metrics that there are
$$;
SELECT monitor.create_channel(c, 'webhook', jsonb_build_object('url', 'https://example.org/'), rate_per_minute => 100000) FROM unnest('{hook,lead,chief}'::text[]) AS c;

-- ---- looks that say nothing ----
CALL fault_test.fresh();
-- min_samples holds for verdicts too, and hides neither an error nor that there are no rows
SELECT monitor.create_rule('few', 'faulty', 'business.few', compares => 'verdict', min_samples => 100, no_data => 'state', on_error => 'state', error_limit => 1) > 0 AS made;
SELECT fault_test.measure('2026-03-02 01:00', 'business.few', 1, '', 'critical', 99), fault_test.measure('2026-03-02 02:00', 'business.few', NULL, '', 'no_data', 0),
	fault_test.measure('2026-03-02 03:00', 'business.few', NULL, '', 'error', 0), fault_test.measure('2026-03-02 04:00', 'business.few', 1, '', 'critical', 100);
SELECT fault_test.evaluate();
SELECT from_state, to_state, severity, look_at FROM monitor.alert_history WHERE rule = 'few' ORDER BY transition_id;

-- ---- clocks that step ----
CALL fault_test.fresh();
SELECT monitor.create_rule('load', 'faulty', 'business.load', warning => 1, hold_for => '30 minutes') > 0 AS made, monitor.create_escalation('ladder', '[{"after": "15 minutes", "channels": ["lead"]}, {"after": "1 hour", "channels": ["chief"]}]') IS NULL,
	monitor.create_route('hook', model => 'faulty', escalation => 'ladder', group_interval => '0') > 0 AS routed;
-- pending counts the looks' time, not the clock's: it neither runs ahead nor begins again
SELECT fault_test.look('2026-03-10 00:00', 'business.load', 2);
SET monitor.mock_now = '2026-03-11 00:00';	-- a day ahead
SELECT fault_test.evaluate();
SELECT fault_test.measure('2026-03-10 00:29:59.999999', 'business.load', 2);
SELECT fault_test.evaluate();
SET monitor.mock_now = '2026-03-09 23:00';	-- an hour behind where it was
SELECT fault_test.measure('2026-03-09 23:30', 'business.load', 0);	-- late: it was looked past this
SELECT fault_test.evaluate();
SELECT (machine).state, (machine).pending_since FROM monitor.alert_instance;
SET monitor.mock_now = '2026-03-10 00:30';
SELECT fault_test.measure('2026-03-10 00:30', 'business.load', 2);
SELECT fault_test.evaluate();
SELECT from_state, to_state, look_at FROM monitor.alert_history ORDER BY transition_id;
SELECT * FROM fault_test.send();
-- The clock walks for two hundred steps: told once and again after four hours, each step of the escalation once.
CREATE FUNCTION fault_test.walk(seed integer) RETURNS TABLE (transitions bigint, alerts bigint, repeated boolean, too_soon bigint, lead bigint, chief bigint, broken bigint) LANGUAGE plpgsql AS $$
DECLARE
	clock timestamptz := '2026-03-10 00:30';
	c record;
	last_told timestamptz := clock;
	soon bigint := 0;
BEGIN
	PERFORM set_config('monitor.mock_now', clock::text, false);
	FOR i IN 1 .. 200 LOOP
		-- a generator of our own: the same steps with every version
		seed := (seed::bigint * 1103515245 + 12345) % 2147483648;
		clock := clock + ('{1 hour,-1 hour,1 day,-1 day,30 minutes,-30 minutes,1 minute,1 second}'::interval[])[1 + (seed / 65536) % 8];
		PERFORM set_config('monitor.mock_now', clock::text, false), monitor._tick(), fault_test.evaluate();
		FOR c IN SELECT d.*, monitor.dispatcher_finish(d.id, d.token, 200, 0, 0, true, NULL, 'ok', NULL) FROM unnest(monitor.dispatcher_claim('walk', 10, '1 minute')) AS d LOOP
			IF c.kind = 'alert' THEN
				soon := soon + (clock < last_told + interval '4 hours')::integer;
				last_told := clock;
			END IF;
		END LOOP;
	END LOOP;
	RETURN QUERY SELECT (SELECT count(*) FROM monitor.alert_history), (SELECT count(*) FROM monitor.outbox o WHERE o.kind = 'alert' AND o.payload #>> '{alerts,0,why}' <> 'repeat'), EXISTS (SELECT FROM monitor.outbox o WHERE o.payload #>> '{alerts,0,why}' = 'repeat'), soon,
		(SELECT count(*) FROM monitor.outbox o WHERE o.channel = 'lead' AND o.state = 'delivered'), (SELECT count(*) FROM monitor.outbox o WHERE o.channel = 'chief' AND o.state = 'delivered'), (SELECT count(*) FROM monitor.check_invariants());
END $$;
SELECT * FROM fault_test.walk(1);
SELECT * FROM fault_test.walk(2);
SELECT * FROM fault_test.walk(3);
-- Runs that stalled for half an hour, and longer, catch up: the same transitions at the same times.
CALL fault_test.fresh();
SELECT monitor.create_rule('stalled', 'faulty', 'quality.unseen_ratio', warning => 0.5, critical => 0.8, recovery => 0.3, hold_for => '20 minutes', keep_firing_for => '20 minutes', n => 2, m => 3) > 0 AS made;
DO $$
DECLARE
	v double precision[] := '{0,.6,.6,.9,.9,.4,.4,.2,.2,.2,.6,.2,.7,.7,.7,.1,.1,.1,.9,.1,.9,.9,.9,.9}';
	start timestamptz := '2026-03-11 00:00';
BEGIN
	FOR i IN 1 .. cardinality(v) LOOP
		-- x is looked at every ten minutes
		PERFORM fault_test.look(start + i * interval '10 minutes', 'quality.unseen_ratio', v[i], 'x');
	END LOOP;
END $$;
SELECT from_state, to_state, severity, look_at FROM monitor.alert_history ORDER BY transition_id;
CREATE TABLE fault_test.live AS SELECT from_state, to_state, severity, look_at, reason FROM monitor.alert_history;
CREATE FUNCTION fault_test.stalled(every integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m record;
	seen CONSTANT integer := every;
	k integer := 0;
BEGIN
	CREATE TEMP TABLE again AS SELECT window_end, value FROM monitor.measurement WHERE metric = 'quality.unseen_ratio' ORDER BY window_end;
	CALL fault_test.fresh();
	PERFORM set_config('monitor.mock_now', '2026-03-10', false);
	PERFORM monitor.create_rule('stalled', 'faulty', 'quality.unseen_ratio', warning => 0.5, critical => 0.8, recovery => 0.3, hold_for => '20 minutes', keep_firing_for => '20 minutes', n => 2, m => 3);
	FOR m IN SELECT * FROM again LOOP
		k := k + 1;
		PERFORM fault_test.measure(m.window_end, 'quality.unseen_ratio', m.value, 'x');
		IF k % seen = 0 THEN
			PERFORM set_config('monitor.mock_now', (m.window_end + interval '1 hour')::text, false), fault_test.evaluate(), fault_test.evaluate();
		END IF;
	END LOOP;
	PERFORM fault_test.evaluate();
	DROP TABLE again;
	RETURN (SELECT count(*) FROM ((TABLE fault_test.live EXCEPT ALL SELECT from_state, to_state, severity, look_at, reason FROM monitor.alert_history)
		UNION ALL (SELECT from_state, to_state, severity, look_at, reason FROM monitor.alert_history EXCEPT ALL TABLE fault_test.live)) AS d) || ' differ of ' || (SELECT count(*) FROM monitor.alert_history);
END $$;
SELECT every, fault_test.stalled(every) FROM unnest('{3,4,7,24}'::integer[]) AS every;

-- Mute timings over changes to and from summer time: minutes of the day that are muted.
SELECT monitor.create_mute_timing(z || ' ' || t, jsonb_build_array(jsonb_build_object('times', jsonb_build_array(t), 'weekdays', '["sunday"]'::jsonb)), z)
FROM unnest('{Europe/Berlin,America/New_York,Australia/Lord_Howe,Asia/Kolkata}'::text[]) AS z, unnest('{01:30-03:30,02:00-03:00,02:00-02:30,22:00-06:00,00:00-24:00}'::text[]) AS t;
SELECT t.time_zone, day, t.intervals #>> '{0,times,0}' AS times, (SELECT count(*) FROM generate_series((day::timestamp AT TIME ZONE t.time_zone), ((day + 1)::timestamp AT TIME ZONE t.time_zone) - interval '1 minute', interval '15 minutes') AS at
	WHERE monitor._in_timing(t, at)) * 15 AS minutes
FROM monitor.mute_timing t JOIN (VALUES ('Europe/Berlin', '2026-03-29'::date), ('Europe/Berlin', '2026-10-25'), ('Europe/Berlin', '2026-10-18'), ('America/New_York', '2026-03-08'), ('America/New_York', '2026-11-01'),
	('Australia/Lord_Howe', '2026-04-05'), ('Australia/Lord_Howe', '2026-10-04'), ('Asia/Kolkata', '2026-03-29')) AS d(zone, day) ON d.zone = t.time_zone
ORDER BY t.time_zone, day, t.intervals::text;
-- days of months that have no such days
SELECT days, (SELECT array_agg(c.n ORDER BY c.n) FROM (SELECT count(*) FILTER (WHERE monitor._in_ranges(jsonb_build_array(days), extract(day FROM d)::integer, '{}', extract(day FROM date_trunc('month', d) + interval '1 month -1 day')::integer)) AS n
	FROM generate_series('2026-01-01'::timestamp, '2026-04-30', '1 day') AS d GROUP BY date_trunc('month', d)) AS c) AS days_a_month
FROM unnest('{29:-1,28:-1,-3:-1,31,-31:-30,29:2,-2:2,1:-1}'::text[]) AS days;
-- an alert that is held back over the change is told of when the local clock says so: 06:00 there, 05:00 and 04:00 of UTC
CALL fault_test.fresh();
SELECT monitor.create_mute_timing('berlin nights', '[{"times": ["22:00-06:00"]}]', 'Europe/Berlin'), monitor.create_rule('night', 'faulty', 'business.night', warning => 1) > 0 AS made, monitor.create_route('hook', model => 'faulty', mute => '{"berlin nights"}', group_interval => '0') > 0 AS routed;
CREATE FUNCTION fault_test.told_at(look timestamptz) RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE
	told timestamptz;
BEGIN
	PERFORM fault_test.look(look, 'business.night', 2);
	FOR told IN SELECT * FROM generate_series(look, look + interval '12 hours', interval '15 minutes') LOOP
		PERFORM set_config('monitor.mock_now', told::text, false), monitor._tick();
		EXIT WHEN EXISTS (SELECT FROM fault_test.send());
	END LOOP;
	PERFORM fault_test.look(told + interval '1 minute', 'business.night', 0);
	PERFORM fault_test.send();
	RETURN told;
END $$;
SELECT fault_test.told_at('2026-03-27 22:00'), fault_test.told_at('2026-03-28 22:00'), fault_test.told_at('2026-10-23 22:00'), fault_test.told_at('2026-10-24 22:00');
SELECT * FROM fault_test.kept;

-- ---- what keeps a notice back changes while it waits ----
CALL fault_test.fresh();
CREATE FUNCTION fault_test.fire(rule text DEFAULT 'name') RETURNS integer LANGUAGE sql AS $$ SELECT fault_test.look(monitor.now() + interval '1 minute', 'business.' || rule, 2) $$;
CREATE FUNCTION fault_test.calm(rule text DEFAULT 'name') RETURNS integer LANGUAGE sql AS $$ SELECT fault_test.look(monitor.now() + interval '1 minute', 'business.' || rule, 0) $$;
CREATE FUNCTION fault_test.wait(how_long interval) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('monitor.mock_now', (monitor.now() + how_long)::text, false), monitor._tick(); END $$;
SET monitor.mock_now = '2026-03-20 12:00';
SELECT monitor.create_mute_timing('lunch', '[{"times": ["12:30-13:00"]}]'), monitor.create_mute_timing('office', '[{"times": ["08:00-18:00"]}]'), monitor.create_rule('name', 'faulty', 'business.name', warning => 1, flap_half_life => '0') > 0 AS made, monitor.create_rule('load', 'faulty', 'business.load', warning => 1, flap_half_life => '0') > 0 AS made;
SELECT monitor.create_route('hook', model => 'faulty', mute => '{lunch}', active => '{office}', group_interval => '0') AS route \gset
-- a silence made after the notice was written, ended before it is asked again
SELECT fault_test.fire();
SELECT monitor.create_silence('{"alertname": "name"}', 'known', '1 hour', model => 'faulty') AS silence \gset
SELECT * FROM fault_test.send();
SELECT monitor.expire_silence(:'silence'), fault_test.wait('1 second');
SELECT * FROM fault_test.send();
-- its end is kept back as well, and told afterwards
SELECT fault_test.calm();
SELECT monitor.start_maintenance('faulty', '10 minutes', 'moving') AS silence \gset
SELECT * FROM fault_test.send();
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
-- a mute timing that begins meanwhile, is changed, and is over
SELECT fault_test.look('2026-03-20 12:29', 'business.name', 2);
SET monitor.mock_now = '2026-03-20 12:30';
SELECT * FROM fault_test.send();
SELECT monitor.create_mute_timing('lunch', '[{"times": ["11:30-12:00"]}]'), fault_test.wait('2 minutes');
SELECT * FROM fault_test.send();
-- a route that is not active any more
SELECT fault_test.look('2026-03-20 17:59', 'business.load', 2);
SET monitor.mock_now = '2026-03-20 18:00';
SELECT * FROM fault_test.send();
SET monitor.mock_now = '2026-03-21 08:00';
SELECT monitor._tick();
SELECT kind, channel, title FROM fault_test.send() WHERE channel = 'hook';
-- an inhibition made meanwhile, and gone with its source
SELECT fault_test.calm('name'), fault_test.calm('load');
SELECT * FROM fault_test.send() ORDER BY channel, title;
SELECT fault_test.fire('load'), fault_test.fire('name');
SELECT monitor.create_inhibition('load explains it', '{"alertname": "load"}', '{"alertname": "name"}');
SELECT * FROM fault_test.send();
SELECT fault_test.calm('load'), fault_test.wait('2 minutes');
SELECT * FROM fault_test.send() ORDER BY title;
SELECT monitor.drop_inhibition('load explains it');
-- snoozed, suspended, and resolved before anybody was told
SELECT fault_test.calm('name');
SELECT * FROM fault_test.send();
SELECT fault_test.fire('name');
SELECT monitor.snooze(alert, '10 minutes') IS NOT NULL AS snoozed FROM monitor.alerts WHERE state = 'firing';
SELECT * FROM fault_test.send();
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
SELECT fault_test.fire('load');
UPDATE monitor.model SET suspended = true WHERE name = 'faulty';
SELECT * FROM fault_test.send();
UPDATE monitor.model SET suspended = false WHERE name = 'faulty';
SELECT fault_test.calm('load'), fault_test.wait('2 minutes');
SELECT * FROM fault_test.send();
SELECT * FROM fault_test.kept;
-- a step of an escalation that is silenced before it is sent is told when the silence is over, unless somebody acknowledged
CALL fault_test.fresh();
SELECT monitor.create_rule('name', 'faulty', 'business.name', warning => 1, flap_half_life => '0') > 0 AS made, monitor.create_route('hook', model => 'faulty', group_interval => '0', escalation => 'ladder') > 0 AS routed;
SELECT fault_test.fire();
SELECT * FROM fault_test.send();
SELECT fault_test.wait('15 minutes');
SELECT monitor.create_silence('{"alertname": "name"}', 'known', '10 minutes', model => 'faulty') IS NOT NULL AS silenced;
SELECT * FROM fault_test.send();
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
SELECT fault_test.wait('1 hour');
SELECT monitor.create_silence('{"alertname": "name"}', 'known', '10 minutes', model => 'faulty') IS NOT NULL AS silenced;
SELECT * FROM fault_test.send();
SELECT monitor.acknowledge(alert) FROM monitor.alerts WHERE state = 'firing';
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
SELECT channel, state, reason FROM monitor.deliveries WHERE kind = 'escalation' ORDER BY seq, channel, created_at;
SELECT * FROM fault_test.kept;
SELECT * FROM monitor.check_invariants();
SELECT fault_test.calm();
SELECT * FROM fault_test.send();
-- a channel that heard of one step and not of the next hears of the end, but for that of what it never heard of
SELECT monitor.create_escalation('twice', '[{"after": "15 minutes", "channels": ["lead"]}, {"after": "1 hour", "channels": ["lead", "chief"]}]') IS NULL AS made, monitor.drop_route(route_id) FROM monitor.routes WHERE model = 'faulty';
SELECT monitor.create_route('hook', model => 'faulty', group_interval => '0', escalation => 'twice') AS route \gset
SELECT fault_test.fire();
SELECT fault_test.wait('15 minutes');
SELECT * FROM fault_test.send();
SELECT fault_test.wait('1 hour');
SELECT monitor.acknowledge(alert) FROM monitor.alerts WHERE state = 'firing';
SELECT * FROM fault_test.send();
SELECT fault_test.calm();
SELECT * FROM fault_test.send();
SELECT fault_test.fire();
SELECT fault_test.wait('15 minutes');
SELECT * FROM fault_test.send();
SELECT fault_test.wait('1 hour');
SELECT fault_test.calm();
SELECT * FROM fault_test.send();
SELECT monitor.drop_route(:route), monitor.drop_escalation('twice');
SELECT fault_test.fire();
SELECT monitor.acknowledge(alert) FROM monitor.alerts WHERE state = 'firing';
-- a route made once somebody looks after an alert escalates it when he gives it back
SELECT monitor.create_route('hook', model => 'faulty', matchers => '{"alertname": "name"}', escalation => 'ladder') AS route \gset
SELECT next_at IS NULL AS rests, ended FROM monitor.escalation_state WHERE route_id = :route;
SELECT monitor.unacknowledge(alert) FROM monitor.alerts WHERE state <> 'resolved' AND acked_at IS NOT NULL;
SELECT next_at - monitor.now() AS in_time, ended FROM monitor.escalation_state WHERE route_id = :route;
SELECT monitor.drop_route(:route);

-- ---- order, where sending fails ----
-- the alert fails for good, its end was written meanwhile: neither is told
CALL fault_test.fresh();
SELECT monitor.create_rule('name', 'faulty', 'business.name', warning => 1, flap_half_life => '0') > 0 AS made, monitor.create_rule('load', 'faulty', 'business.load', warning => 1, flap_half_life => '0') > 0 AS made,
	monitor.create_route('hook', model => 'faulty', group_interval => '0') > 0 AS routed;
SELECT fault_test.fire();
SELECT * FROM fault_test.send(500);
SELECT fault_test.calm();
SELECT kind, state FROM monitor.deliveries ORDER BY seq;
UPDATE monitor.outbox SET next_attempt_at = monitor.now() + interval '1 hour' WHERE state = 'retry';
SELECT * FROM fault_test.send();	-- the end waits for what failed
UPDATE monitor.outbox SET next_attempt_at = monitor.now() WHERE state = 'retry';
SELECT * FROM fault_test.send(400);
SELECT * FROM fault_test.send();
SELECT kind, state, reason FROM monitor.deliveries ORDER BY seq;
-- it arrives after all: then the end does, after it
SELECT fault_test.fire();
SELECT * FROM fault_test.send(500);
SELECT fault_test.calm();
UPDATE monitor.outbox SET next_attempt_at = monitor.now() WHERE state = 'retry';
SELECT * FROM fault_test.send();
SELECT * FROM fault_test.send();
-- silenced after it failed: no end of what nobody was told
SELECT fault_test.fire();
SELECT * FROM fault_test.send(500);
SELECT fault_test.calm();
SELECT monitor.create_silence('{"alertname": "name"}', 'known', '10 minutes', model => 'faulty') IS NOT NULL AS silenced;
UPDATE monitor.outbox SET next_attempt_at = monitor.now() WHERE state = 'retry';
SELECT * FROM fault_test.send();
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
-- a repeat that failed, and was redriven and silenced after its alert's end was told: nothing is told again
SELECT fault_test.fire();
SELECT * FROM fault_test.send();
SELECT fault_test.wait('4 hours');
SELECT * FROM fault_test.send(400);
SELECT fault_test.calm();
SELECT * FROM fault_test.send();
SELECT monitor.redrive(uid) FROM monitor.outbox WHERE state = 'dead' AND payload #>> '{alerts,0,why}' = 'repeat';
SELECT monitor.create_silence('{"alertname": "name"}', 'known', '10 minutes', model => 'faulty') IS NOT NULL AS silenced;
SELECT * FROM fault_test.send();
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
-- an end that failed, and was redriven and silenced, is told when the silence is over
SELECT fault_test.fire();
SELECT * FROM fault_test.send();
SELECT fault_test.calm();
SELECT * FROM fault_test.send(400);
SELECT monitor.redrive(uid) FROM monitor.outbox WHERE state = 'dead' AND kind = 'resolve';
SELECT monitor.create_silence('{"alertname": "name"}', 'known', '10 minutes', model => 'faulty') IS NOT NULL AS silenced;
SELECT * FROM fault_test.send();
SELECT fault_test.wait('11 minutes');
SELECT * FROM fault_test.send();
-- an end that nobody has sent yet is told with the alert that comes after it
SELECT fault_test.fire();
SELECT * FROM fault_test.send();
SELECT fault_test.calm(), fault_test.fire('load');
SELECT kind, (SELECT string_agg(a #>> '{labels,alertname}' || ' ' || (a ->> 'status'), ', ' ORDER BY a #>> '{labels,alertname}') FROM jsonb_array_elements(payload -> 'alerts') AS a) AS says FROM monitor.outbox WHERE state = 'queued';
SELECT * FROM fault_test.send();
SELECT * FROM monitor.check_invariants();

-- ---- matchers ----
-- of a label that is missing: it is empty
SELECT m AS matchers, monitor._matches(monitor._matchers('m', m), '{"here": "x"}') AS matches
FROM unnest(ARRAY['{"gone": ""}', '{"gone": "x"}', '["gone=x"]', '["gone!=x"]', '["gone!="]', '["gone=~"]', '["gone=~.*"]', '["gone=~.+"]', '["gone=~x|"]', '["gone!~.+"]', '["gone!~.*"]', '["here=~x", "gone!~x"]', '[]']::jsonb[]) AS m;
-- a value is what it is, an expression stays within its parentheses
SELECT monitor._matches(monitor._matchers('m', jsonb_build_object('a', v)), jsonb_build_object('a', v)) AS itself, monitor._matches(monitor._matchers('m', jsonb_build_object('a', v)), '{"a": "x"}') AS another
FROM unnest(ARRAY['~x', '~.', '"x"', ' x ', '=x', '!~x', '\x', E'x\ny', E'~x\ny', 'ü€😀', '$', '~(', '']) AS v;
SELECT monitor.create_silence('["feature=~a)|(?:b"]', 'both', '1 hour', model => 'faulty');
SELECT monitor.create_silence('["feature=~x(?#"]', 'comment', '1 hour', model => 'faulty');
SELECT monitor.create_silence('{"no such name": "x"}', 'name', '1 hour', model => 'faulty');
-- what is refused: counts that multiply, back-references, too many characters; and what takes its time
SELECT monitor.create_silence('["feature=~(((a{1,9}){1,9}){1,9}){1,9}"]', 'bomb', '1 hour', model => 'faulty');
SELECT monitor.create_silence('["feature=~a{1,99999}"]', 'bomb', '1 hour', model => 'faulty');
SELECT monitor.create_silence('["feature=~((a{1,100}){1,100}){1,100}"]', 'bomb', '1 hour', model => 'faulty');
SELECT monitor.create_silence(jsonb_build_array('feature=~' || repeat('(a*)*', 41)), 'bomb', '1 hour', model => 'faulty');
SELECT monitor.create_rule('long label', 'faulty', 'business.load', warning => 1, labels => jsonb_build_object('team', repeat('a', 1001)));
-- the others end: a limit that stops what is not bounded, and is far from what is
SET statement_timeout = '60s';
SELECT e AS expression, monitor._matches(monitor._matchers('m', jsonb_build_array('a=~' || e)), jsonb_build_object('a', repeat('a', 1000))) AS matches
FROM unnest(ARRAY['(a+)+b', '(a|aa)*b', '(.*a){12}b', '(a|b)*a(a|b){20}c', '(?=.*a)(?=.*b)(?=.*c).*', '((?=(a*))a)*b', '([a-z]?[a-z]?[a-z]?[a-z]?[a-z]?)*', 'a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa', '(a*)*(a*)*(a*)*(a*)*b', '(a{1,31}){1,31}', '(^|.)*(\y.*)*b']) AS e;
RESET statement_timeout;

-- ---- the record of every transition ----
CALL fault_test.fresh();
SET monitor.mock_now = '2026-03-22 12:00';
SELECT monitor.create_rule('name', 'faulty', 'business.name', warning => 1, critical => 3, hold_for => '2 minutes', keep_firing_for => '2 minutes', no_data => 'state', on_error => 'state', error_limit => 1) > 0 AS made;
-- Transitions and records of each transaction: one record for each, but for those on the way to an alert, which are of no alert yet.
CREATE FUNCTION fault_test.recorded() RETURNS TABLE (transactions bigint, transitions bigint, of_alerts bigint, records bigint, unlike bigint) LANGUAGE sql AS $$
	WITH t AS (SELECT t.xmin::text AS x, count(*) AS n, count(*) FILTER (WHERE from_state NOT IN ('normal', 'pending') OR to_state NOT IN ('normal', 'pending')) AS of_alerts FROM monitor.alert_transition t GROUP BY 1),
	a AS (SELECT l.xmin::text AS x, count(*) AS n FROM monitor.audit_log l WHERE l.table_name = 'alert_episode' AND l.action <> 'DELETE' AND l.audit_id > (SELECT max(d.audit_id) FROM monitor.audit_log d WHERE d.table_name = 'route' OR d.action = 'DELETE' AND d.table_name = 'alert_episode') GROUP BY 1)
	SELECT count(*) FILTER (WHERE t.n > 0), sum(t.n), sum(t.of_alerts), sum(a.n), count(*) FILTER (WHERE coalesce(t.of_alerts, 0) <> coalesce(a.n, 0)) FROM t FULL JOIN a USING (x) $$;
DO $$
DECLARE
	seed bigint := 7;
BEGIN
	FOR i IN 1 .. 60 LOOP
		seed := (seed * 1103515245 + 12345) % 2147483648;
		PERFORM set_config('monitor.mock_now', (monitor.now() + interval '1 minute')::text, false);
		PERFORM fault_test.measure(monitor.now(), 'business.name', ('{0,0,2,2,4,4,4,0}'::integer[])[1 + (seed / 65536) % 8], '', ('{ok,ok,ok,ok,ok,no_data,error}'::text[])[1 + (seed / 1048576) % 7]);
		CONTINUE WHEN i % 3 = 0;	-- some runs see several looks
		PERFORM fault_test.evaluate();
		COMMIT;
	END LOOP;
END $$;
SELECT * FROM fault_test.recorded();
-- what is rolled back, wholly or to a savepoint, leaves nothing
BEGIN;
SELECT fault_test.look('2026-03-22 14:00', 'business.name', 4), fault_test.look('2026-03-22 14:03', 'business.name', 4);
ROLLBACK;
BEGIN;
SAVEPOINT before;
SELECT fault_test.look('2026-03-22 14:00', 'business.name', 4), fault_test.look('2026-03-22 14:03', 'business.name', 4);
ROLLBACK TO before;
COMMIT;
SELECT * FROM fault_test.recorded();
SELECT fault_test.look('2026-03-22 14:00', 'business.name', 4), fault_test.look('2026-03-22 14:03', 'business.name', 4);
SELECT transactions, transitions, of_alerts, records, unlike FROM fault_test.recorded();
-- what people do is one record each, and the end of a rule ends its alert with one
SELECT max(audit_id) AS before FROM monitor.audit_log \gset
SELECT monitor.acknowledge(alert, 'mine') FROM monitor.alerts WHERE state <> 'resolved';
SELECT monitor.unacknowledge(alert) FROM monitor.alerts WHERE state <> 'resolved';
SELECT monitor.snooze(alert, '1 hour') IS NOT NULL AS snoozed FROM monitor.alerts WHERE state <> 'resolved';
SELECT monitor.enable_rule('faulty', 'name', false);
SELECT table_name, action, (after ->> 'acked_by') IS NOT NULL AS acked, (after ->> 'snoozed_until') IS NOT NULL AS snoozed, after ->> 'state' AS state FROM monitor.audit_log WHERE audit_id > :before AND table_name = 'alert_episode' ORDER BY audit_id;

-- ---- names that attack ----
CALL fault_test.fresh();
SET monitor.mock_now = '2026-03-23 12:00';
SELECT monitor.create_channel('mail', 'email', '{"url": "smtp://mail.example.org:587", "from": "monitor@example.org", "to": "a@example.org"}', rate_per_minute => 100000), monitor.create_channel('am', 'alertmanager', '{"url": "https://example.org"}', rate_per_minute => 100000),
	monitor.create_channel('slack', 'slack', '{"url": "env:HOOK"}', rate_per_minute => 100000), monitor.create_channel('pd', 'pagerduty', '{"routing_key": "env:KEY"}', rate_per_minute => 100000),
	monitor.create_channel('v4', 'webhook', '{"url": "https://example.org/", "format": "alertmanager_v4"}', rate_per_minute => 100000), monitor.create_channel('ce', 'webhook', '{"url": "https://example.org/", "format": "cloudevents"}', rate_per_minute => 100000);
CREATE TABLE fault_test.attack AS SELECT n, a FROM unnest(ARRAY[
	E'x\r\nBcc: all@example.org', E'x\nX-Evil: 1\n\nbody', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<!channel> <@U123> <https://evil.example|click>', '*bold* _it_ ~no~ `code`', E'\u0001\u001b[31mred\u0007\u007f',
	E'\u202Egnp.exe\u2066', repeat('ä', 200), repeat('👩‍👩‍👧‍👦', 28), E'e\u0301 \uFEFF \uFFFD \U0010FFFF', '''; DROP TABLE monitor.model; --', '=cmd|''/C calc''!A0', '%s%n%x {model} {{.}} $(id) `id`', '\"\\u0000\\', E'tab\there', '&lt;b&gt; &amp; &#60;', '[STILL] RESOLVED', ' ', '.', repeat('<&>', 66)]) WITH ORDINALITY AS u(a, n);
DO $$
DECLARE
	t fault_test.attack;
BEGIN
	PERFORM monitor.create_route(c, model => 'faulty', group_interval => '0', group_by => '{alertname}') FROM unnest('{mail,am,slack,pd,hook,v4,ce}'::text[]) AS c;
	FOR t IN SELECT * FROM fault_test.attack ORDER BY n LOOP
		-- the name of a rule, a label of it, its annotations, a feature and a segment
		PERFORM monitor.create_rule(t.a, 'faulty', 'business.name', warning => 1, labels => jsonb_build_object('team', t.a), annotations => jsonb_build_object('summary', t.a, 'description', t.a));
	END LOOP;
	INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_start, window_end, value, effect_size, n_current, verdict, reason)
	SELECT m.model_id, 'business.name', '', '', '2026-03-23 11:00', '2026-03-23 12:00', 2, 2, 10, 'ok', '<b>reason</b>' FROM monitor.model m WHERE m.name = 'faulty';
	PERFORM fault_test.evaluate();
	-- silenced and taken on with words like these
	PERFORM monitor.create_silence('{"feature": "nobody"}', a, '1 hour', model => 'faulty') FROM fault_test.attack WHERE btrim(a) <> '';
	PERFORM monitor.acknowledge(x.alert, x.rule) FROM monitor.alerts AS x WHERE x.state = 'firing';
END $$;
CREATE TABLE fault_test.sent AS SELECT c.*, t.n AS attack, t.a FROM unnest(monitor.dispatcher_claim('test', 1000, '1 minute')) AS c JOIN monitor.outbox o ON o.id = c.id JOIN fault_test.attack t ON t.a = o.payload #>> '{alerts,0,labels,alertname}';
SELECT channel_kind, count(*), count(DISTINCT attack) AS attacks FROM fault_test.sent GROUP BY 1 ORDER BY 1;
-- JSON that holds the name as it is, wherever the receiver takes it as text
SELECT channel, count(*) FILTER (WHERE body::jsonb IS NOT NULL) AS well_formed, count(*) FILTER (WHERE position(a IN CASE channel
	WHEN 'am' THEN body::jsonb #>> '{0,labels,alertname}' WHEN 'v4' THEN body::jsonb #>> '{alerts,0,labels,team}' WHEN 'pd' THEN body::jsonb #>> '{payload,class}' WHEN 'slack' THEN a
	ELSE body::jsonb #>> '{data,alerts,0,annotations,summary}' END) > 0) AS as_it_is FROM fault_test.sent WHERE body IS NOT NULL GROUP BY 1 ORDER BY 1;
-- HTML and Slack's markup: no tag, no entity and no mention but ours
SELECT count(*) AS mails, count(*) FILTER (WHERE regexp_replace(html_body, '</?(html|head|meta charset="utf-8"|body style="[^"<>]*"|h2 style="[^"<>]*"|p style="[^"<>]*"|li style="[^"<>]*"|br|code|!DOCTYPE html|p)>|</(body|h2|li|p|code)>', '', 'g') ~ '[<>"'']') AS with_tags,
	count(*) FILTER (WHERE html_body ~ '&(?!amp;|lt;|gt;|quot;|#39;)') AS with_entities FROM fault_test.sent WHERE channel = 'mail';
SELECT count(*) AS messages, count(*) FILTER (WHERE e.text ~ '[<>]' OR e.text ~ '&(?!amp;|lt;|gt;)') AS with_mentions, max(length(e.text)) <= 3000 AS short_enough
FROM fault_test.sent AS s, jsonb_path_query(s.body::jsonb, '$.blocks[*].text ? (@.type == "mrkdwn").text') AS j, LATERAL (SELECT j #>> '{}' AS text) AS e WHERE channel = 'slack';
-- what becomes a header is one line: the title has no control characters, the list is a name
SELECT count(*) FILTER (WHERE subject ~ '[[:cntrl:]]') AS control_characters, count(*) FILTER (WHERE list_id !~ '^<[a-z0-9-]+\.monitor\.invalid>$') AS lists, max(length(subject)) AS longest FROM fault_test.sent WHERE channel = 'mail';
-- and names begin no line of the text that looks like one of ours
SELECT count(*) FILTER (WHERE EXISTS (SELECT FROM regexp_split_to_table(replace(text_body, '  ' || a, ''), E'\n') AS line WHERE line !~ '^(\[| |$)' AND line !~ ' of model faulty: warning, since ')) AS strange_lines FROM fault_test.sent WHERE channel = 'mail';
-- releases of psql differ in how wide they take marks of direction for
\pset format unaligned
SELECT attack, left(subject, 50) AS subject FROM fault_test.sent WHERE channel = 'mail' ORDER BY attack;
\pset format aligned
SELECT monitor.create_channel('bad', 'email', jsonb_build_object('url', 'smtp://mail.example.org', 'from', 'monitor@example.org', 'to', E'a@example.org\r\nBcc: b@example.org'));
SELECT monitor.create_channel('bad', 'email', jsonb_build_object('url', 'smtp://mail.example.org', 'from', E'monitor@example.org\r\nX: y', 'to', 'a@example.org'));
SELECT monitor.create_channel('bad', 'email', jsonb_build_object('url', 'smtp://mail.example.org', 'from', 'monitor@example.org', 'to', 'a@example.org', 'list_id', E'<x.y>\r\nX-Evil: 1'));
SELECT monitor.create_channel('bad', 'webhook', jsonb_build_object('url', E'https://example.org/\r\nX: y'));
SELECT monitor.create_channel('bad', 'webhook', jsonb_build_object('url', 'https://example.org/', 'username', E'me\r\nX: y', 'password', 'env:PW'));
SELECT monitor.create_channel(E'bad\r\nX: y', 'webhook', jsonb_build_object('url', 'https://example.org/'));
SELECT monitor.create_rule('r', 'faulty', 'business.name', warning => 1, runbook_url => 'https://example.org/"><script>');
SELECT monitor.create_rule('r', 'faulty', 'business.name', warning => 1, runbook_url => 'javascript:alert(1)');
SELECT monitor.create_rule('r', 'faulty', 'business.name', warning => 1, labels => '{"a b": "x"}');
SELECT * FROM monitor.check_invariants();

DO $$ BEGIN CALL fault_test.fresh(); END $$;
SELECT monitor.drop_model('faulty');
SELECT monitor.drop_escalation('ladder'), count(monitor.drop_mute_timing(name)) AS timings FROM monitor.mute_timing;
SELECT count(monitor.drop_channel(name)) AS channels FROM monitor.channel;
RESET monitor.mock_now;
DROP SCHEMA fault_test CASCADE;
