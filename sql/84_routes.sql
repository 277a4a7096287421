--
-- Who is told: channels, and the routes that lead to them.
--

-- ---- channels ----

-- Settings of each kind: whether it must be given, and whether it is a secret.
CREATE FUNCTION monitor._channel_settings() RETURNS TABLE (kind text, setting text, required boolean, is_secret boolean)
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT * FROM (VALUES
			('email', 'url', true, false), ('email', 'from', true, false), ('email', 'to', true, false), ('email', 'username', false, false), ('email', 'password', false, true),
			('email', 'starttls', false, false), ('email', 'list_id', false, false),
			('slack', 'url', false, false), ('slack', 'token', false, true), ('slack', 'channel', false, false),
			('webhook', 'url', true, false), ('webhook', 'secret', false, true), ('webhook', 'bearer', false, true), ('webhook', 'username', false, false),
			('webhook', 'password', false, true), ('webhook', 'format', false, false),
			('alertmanager', 'url', true, false), ('alertmanager', 'bearer', false, true), ('alertmanager', 'username', false, false), ('alertmanager', 'password', false, true),
			('pagerduty', 'routing_key', true, true), ('pagerduty', 'url', false, false)) AS s
		UNION ALL
		SELECT k, s, false, false FROM unnest('{email,slack,webhook,alertmanager,pagerduty}'::text[]) AS k, unnest('{dashboard_url,timeout_seconds}'::text[]) AS s;
	END;
COMMENT ON FUNCTION monitor._channel_settings() IS 'What the config of a channel may hold';

CREATE FUNCTION monitor._check_url(setting text, url text, schemes text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF url !~ ('^(' || schemes || ')://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[^[:space:][:cntrl:]]*)?$') THEN
		-- the value is not repeated: a malformed one may hold a password
		RAISE EXCEPTION '% is malformed', setting USING ERRCODE = 'invalid_parameter_value',
			HINT = format('Write %s://host[:port][/path], without user or password; what is secret is named as env:NAME or file:NAME.', replace(schemes, '|', ':// or '));
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_url(text, text, text) IS 'Error unless this is a URL without credentials';
REVOKE ALL ON FUNCTION monitor._check_url(text, text, text) FROM PUBLIC;

CREATE FUNCTION monitor._is_reference(value text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT value ~ '^(env:[A-Za-z_][A-Za-z0-9_]*|file:[A-Za-z0-9_.-]+)$' AND value !~ '^file:\.{1,2}$' AND value !~ '^env:(PG|LD_|MONITOR_DISPATCH|PATH$|HOME$)';
	END;
COMMENT ON FUNCTION monitor._is_reference(text) IS 'Does this name a secret (env:NAME or file:NAME)?';

CREATE FUNCTION monitor._check_secrets(kind text, config jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	bad text;
BEGIN
	SELECT s.setting INTO bad FROM monitor._channel_settings() AS s
	WHERE s.kind = _check_secrets.kind AND s.is_secret AND config ? s.setting AND EXISTS (
		SELECT FROM regexp_split_to_table(coalesce(config ->> s.setting, ''), ' +') AS r WHERE NOT monitor._is_reference(r)) LIMIT 1;
	IF bad IS NOT NULL THEN
		-- never repeat the value: it may be the secret itself
		RAISE EXCEPTION '% must name a secret, not hold it', bad USING ERRCODE = 'invalid_parameter_value',
			HINT = format('Write {"%s": "env:NAME"} or {"%s": "file:NAME"}, and give the secret to monitor-dispatch alone.', bad, bad);
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_secrets(text, jsonb) IS 'Error, which does not repeat it, where a secret is written out';
REVOKE ALL ON FUNCTION monitor._check_secrets(text, jsonb) FROM PUBLIC;

CREATE FUNCTION monitor._addresses(value jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE jsonb_typeof(value) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(value))
			ELSE ARRAY(SELECT btrim(a) FROM regexp_split_to_table(value #>> '{}', ',') AS a) END;
	END;
COMMENT ON FUNCTION monitor._addresses(jsonb) IS 'E-mail addresses: a list, or a string with commas';

CREATE FUNCTION monitor._check_channel(kind text, config jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	bad text;
BEGIN
	IF config IS NULL OR jsonb_typeof(config) <> 'object' THEN
		RAISE EXCEPTION 'config must be an object' USING ERRCODE = 'invalid_parameter_value', HINT = '{"url": "https://..."}';
	END IF;
	SELECT k INTO bad FROM jsonb_object_keys(config) AS k
	WHERE NOT EXISTS (SELECT FROM monitor._channel_settings() AS s WHERE s.kind = _check_channel.kind AND s.setting = k) ORDER BY k LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'a channel of kind % has no setting "%"', kind, bad USING ERRCODE = 'invalid_parameter_value',
			HINT = 'It has ' || (SELECT string_agg(s.setting, ', ' ORDER BY s.setting) FROM monitor._channel_settings() AS s WHERE s.kind = _check_channel.kind) || '.';
	END IF;
	SELECT k INTO bad FROM jsonb_each_text(config) AS e(k, v) WHERE v ~ '[[:cntrl:]]' ORDER BY k LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION '% has a line break or another control character', bad USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT s.setting INTO bad FROM monitor._channel_settings() AS s WHERE s.kind = _check_channel.kind AND s.required AND coalesce(config ->> s.setting, '') = '' LIMIT 1;
	IF kind = 'slack' AND (config ? 'url') = (config ? 'token' AND config ? 'channel') THEN
		bad := 'url, or token and channel,';
	END IF;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'a channel of kind % needs %', kind, bad USING ERRCODE = 'invalid_parameter_value', HINT = 'docs/alerting.md shows a channel of each kind.';
	END IF;
	PERFORM monitor._check_secrets(kind, config);
	IF kind = 'email' THEN
		PERFORM monitor._check_url('url', config ->> 'url', 'smtp|smtps'), monitor._check_choice('starttls', coalesce(config ->> 'starttls', 'required'), '{required,none}');
		SELECT a INTO bad FROM unnest(monitor._addresses(config -> 'to') || monitor._addresses(config -> 'from')) AS a WHERE a !~ '^[^\s@<>,;"]+@[A-Za-z0-9._-]+$' LIMIT 1;
		IF bad IS NOT NULL OR cardinality(monitor._addresses(config -> 'from')) <> 1 OR cardinality(monitor._addresses(config -> 'to')) < 1 THEN
			RAISE EXCEPTION '"%" is not an e-mail address', coalesce(bad, CASE cardinality(monitor._addresses(config -> 'from')) WHEN 1 THEN config ->> 'to' ELSE config ->> 'from' END) USING ERRCODE = 'invalid_parameter_value', HINT = '"from" is one address, "to" one or a list.';
		END IF;
	ELSIF config ? 'url' AND NOT (kind = 'slack' AND monitor._is_reference(config ->> 'url')) THEN
		PERFORM monitor._check_url('url', config ->> 'url', 'http|https');
		IF config ->> 'url' ~* '^https?://hooks\.slack\.com/' THEN
			RAISE EXCEPTION 'url must name a secret, not hold it' USING ERRCODE = 'invalid_parameter_value', HINT = 'Slack''s webhook URL lets anyone post: write {"url": "env:NAME"}.';
		END IF;
	END IF;
	IF config ? 'dashboard_url' THEN
		PERFORM monitor._check_url('dashboard_url', replace(config ->> 'dashboard_url', '{model}', 'm'), 'http|https');
	END IF;
	PERFORM monitor._check_choice('format', coalesce(config ->> 'format', 'standard'), '{standard,cloudevents,alertmanager_v4}');
	IF config ? 'timeout_seconds' AND NOT coalesce((config ->> 'timeout_seconds') ~ '^[1-9][0-9]?$', false) THEN
		RAISE EXCEPTION 'timeout_seconds must be 1 to 99, got %', config ->> 'timeout_seconds' USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_channel(text, jsonb) IS 'Error, naming the setting, if a channel cannot work';
REVOKE ALL ON FUNCTION monitor._check_channel(text, jsonb) FROM PUBLIC;

CREATE FUNCTION monitor.create_channel(name text, kind text, config jsonb, fallback text DEFAULT NULL, rate_per_minute integer DEFAULT 60) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_channel(text, text, jsonb, text, integer) IS
	'Makes a way to tell people (email, slack, webhook, alertmanager, pagerduty), or changes it; fallback: channel that is told when this one fails for good. For administrators';

CREATE FUNCTION monitor._create_channel(caller oid, name text, kind text, config jsonb, fallback text, rate_per_minute integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller), monitor._check_choice('kind', coalesce(kind, 'NULL'), '{email,slack,webhook,alertmanager,pagerduty}');
	PERFORM monitor._check_channel(kind, config);
	IF name IS NULL OR name !~ '^[^[:cntrl:]]{1,100}$' THEN
		RAISE EXCEPTION 'name of a channel must have 1 to 100 characters' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF fallback IS NOT NULL AND (fallback = name OR NOT EXISTS (SELECT FROM monitor.channel c WHERE c.name = _create_channel.fallback)) THEN
		RAISE EXCEPTION 'fallback "%" is not another channel', fallback USING ERRCODE = 'undefined_object', HINT = 'Create that channel first.';
	END IF;
	IF rate_per_minute IS NULL OR rate_per_minute < 1 THEN
		RAISE EXCEPTION 'rate_per_minute must be 1 or more, got %', rate_per_minute USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO monitor.channel (name, kind, config, fallback, rate_per_minute, created_by) VALUES (name, kind, config, fallback, rate_per_minute, monitor._actor())
	ON CONFLICT ON CONSTRAINT channel_pkey DO UPDATE SET kind = excluded.kind, config = excluded.config, fallback = excluded.fallback, rate_per_minute = excluded.rate_per_minute, enabled = true;
	INSERT INTO monitor.channel_state (name) VALUES (name) ON CONFLICT ON CONSTRAINT channel_state_pkey DO UPDATE SET state = 'ok', reason = NULL, paused_until = NULL, changed_at = clock_timestamp();
	PERFORM pg_notify('monitor_outbox', '');
END;
$$;
COMMENT ON FUNCTION monitor._create_channel(oid, text, text, jsonb, text, integer) IS 'create_channel, as the caller';
REVOKE ALL ON FUNCTION monitor._create_channel(oid, text, text, jsonb, text, integer) FROM PUBLIC;

CREATE FUNCTION monitor.drop_channel(name text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_channel(text) IS 'Removes a channel that nothing leads to any more; what it had not sent is cancelled';

CREATE FUNCTION monitor._drop_channel(caller oid, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	used text;
BEGIN
	PERFORM monitor._require_admin(caller);
	SELECT what INTO used FROM (
		SELECT 'route ' || r.route_id AS what FROM monitor.route r WHERE r.channel = name
		UNION ALL SELECT 'channel "' || c.name || '" as fallback' FROM monitor.channel c WHERE c.fallback = _drop_channel.name
		UNION ALL SELECT 'escalation "' || p.name || '"' FROM monitor.escalation_policy p WHERE EXISTS (SELECT FROM jsonb_array_elements(p.steps) AS s WHERE s -> 'channels' ? _drop_channel.name)) AS u LIMIT 1;
	IF used IS NOT NULL THEN
		RAISE EXCEPTION 'channel "%" is used by %', name, used USING ERRCODE = 'dependent_objects_still_exist';
	END IF;
	DELETE FROM monitor.channel c WHERE c.name = _drop_channel.name;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'channel "%" does not exist', name USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.channels lists them.';
	END IF;
	DELETE FROM monitor.channel_state c WHERE c.name = _drop_channel.name;
	UPDATE monitor.outbox o SET state = 'cancelled', reason = 'channel removed', finished_at = clock_timestamp(), lease_until = NULL WHERE o.channel = name AND o.state IN ('queued', 'retry', 'leased');
END;
$$;
COMMENT ON FUNCTION monitor._drop_channel(oid, text) IS 'drop_channel, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_channel(oid, text) FROM PUBLIC;

-- ---- escalation policies ----

CREATE FUNCTION monitor.create_escalation(name text, steps jsonb, repeat integer DEFAULT 0) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_escalation(text, jsonb, integer) IS
	'Whom to tell next while nobody acknowledges: [{"after": "15 minutes", "channels": ["lead"]}, ...], repeated so often; alerts that are open keep the policy they began with. For administrators';

CREATE FUNCTION monitor._create_escalation(caller oid, name text, steps jsonb, repeat integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	step jsonb;
	unknown text;
BEGIN
	PERFORM monitor._require_admin(caller), monitor._check_name('an escalation', name, 200);
	IF steps IS NULL OR jsonb_typeof(steps) <> 'array' OR steps = '[]' THEN
		RAISE EXCEPTION 'steps must be a list' USING ERRCODE = 'invalid_parameter_value', HINT = '[{"after": "15 minutes", "channels": ["lead"]}]';
	END IF;
	IF repeat IS NULL OR repeat NOT BETWEEN 0 AND 100 THEN
		RAISE EXCEPTION 'repeat must be 0 to 100, got %', repeat USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR step IN SELECT * FROM jsonb_array_elements(steps) LOOP
		BEGIN
			IF NOT coalesce((step ->> 'after')::interval BETWEEN '0'::interval AND '100 years'::interval AND jsonb_typeof(step -> 'channels') = 'array' AND step -> 'channels' <> '[]', false) THEN
				RAISE invalid_parameter_value;
			END IF;
		EXCEPTION WHEN OTHERS THEN
			RAISE EXCEPTION 'steps: % is not a step', step USING ERRCODE = 'invalid_parameter_value', HINT = 'A step is {"after": "15 minutes", "channels": ["lead"]}.';
		END;
		SELECT coalesce(c, 'null') INTO unknown FROM jsonb_array_elements_text(step -> 'channels') AS c WHERE NOT EXISTS (SELECT FROM monitor.channel t WHERE t.name = c) LIMIT 1;
		IF unknown IS NOT NULL THEN
			RAISE EXCEPTION 'channel "%" does not exist', unknown USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.channels lists them.';
		END IF;
	END LOOP;
	INSERT INTO monitor.escalation_policy (name, steps, repeat, created_by) VALUES (name, steps, repeat, monitor._actor())
	ON CONFLICT ON CONSTRAINT escalation_policy_pkey DO UPDATE SET steps = excluded.steps, repeat = excluded.repeat;
END;
$$;
COMMENT ON FUNCTION monitor._create_escalation(oid, text, jsonb, integer) IS 'create_escalation, as the caller';
REVOKE ALL ON FUNCTION monitor._create_escalation(oid, text, jsonb, integer) FROM PUBLIC;

CREATE FUNCTION monitor.drop_escalation(name text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_escalation(text) IS 'Removes an escalation policy; alerts that are open keep theirs';

CREATE FUNCTION monitor._drop_escalation(caller oid, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller);
	IF EXISTS (SELECT FROM monitor.route r WHERE r.escalation = name) THEN
		RAISE EXCEPTION 'escalation "%" is used by a route', name USING ERRCODE = 'dependent_objects_still_exist', HINT = 'SELECT * FROM monitor.routes lists them.';
	END IF;
	DELETE FROM monitor.escalation_policy t WHERE t.name = _drop_escalation.name;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'escalation policy "%" does not exist', name USING ERRCODE = 'undefined_object';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._drop_escalation(oid, text) IS 'drop_escalation, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_escalation(oid, text) FROM PUBLIC;

CREATE FUNCTION monitor.drop_mute_timing(name text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_mute_timing(text) IS 'Removes a mute timing that no route names';

CREATE FUNCTION monitor._drop_mute_timing(caller oid, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller);
	IF EXISTS (SELECT FROM monitor.route r WHERE _drop_mute_timing.name = ANY (r.mute || r.active)) THEN
		RAISE EXCEPTION 'mute timing "%" is used by a route', name USING ERRCODE = 'dependent_objects_still_exist', HINT = 'SELECT * FROM monitor.routes lists them.';
	END IF;
	DELETE FROM monitor.mute_timing t WHERE t.name = _drop_mute_timing.name;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'mute timing "%" does not exist', name USING ERRCODE = 'undefined_object';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._drop_mute_timing(oid, text) IS 'drop_mute_timing, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_mute_timing(oid, text) FROM PUBLIC;

CREATE FUNCTION monitor.drop_inhibition(name text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_inhibition(text) IS 'Removes an inhibition; "missing data" is as it was built in again';

CREATE FUNCTION monitor._drop_inhibition(caller oid, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller);
	DELETE FROM monitor.inhibition t WHERE t.name = _drop_inhibition.name;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'inhibition "%" does not exist', name USING ERRCODE = 'undefined_object';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._drop_inhibition(oid, text) IS 'drop_inhibition, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_inhibition(oid, text) FROM PUBLIC;

-- ---- routes ----

CREATE FUNCTION monitor.create_route(channel text, matchers jsonb DEFAULT '{}', model text DEFAULT NULL, parent bigint DEFAULT NULL, "position" integer DEFAULT 0,
	continue_matching boolean DEFAULT true, group_by text[] DEFAULT '{model}', group_wait interval DEFAULT '0', group_interval interval DEFAULT '5 minutes',
	repeat_interval interval DEFAULT '4 hours', mute text[] DEFAULT '{}', active text[] DEFAULT '{}', ack_mutes boolean DEFAULT true, send_resolved boolean DEFAULT true,
	escalation text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_route(text, jsonb, text, bigint, integer, boolean, text[], interval, interval, interval, text[], text[], boolean, boolean, text) IS
	'Alerts that match are told of through a channel; of one model (its owner), or of all (administrators). Gives the number of the route';

CREATE FUNCTION monitor._check_route(r monitor.route) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	unknown text;
	up monitor.route;
BEGIN
	PERFORM monitor._check_given(jsonb_build_object('position', r.position, 'continue_matching', r.continue_matching, 'group_by', r.group_by, 'group_wait', r.group_wait,
		'group_interval', r.group_interval, 'repeat_interval', r.repeat_interval, 'ack_mutes', r.ack_mutes, 'send_resolved', r.send_resolved));
	IF array_position(r.group_by || r.mute || r.active, NULL) IS NOT NULL THEN
		RAISE EXCEPTION 'group_by, mute and active are lists of names, without NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF 'severity' = ANY (r.group_by) THEN
		RAISE EXCEPTION 'alerts are not grouped by severity, which may rise' USING ERRCODE = 'invalid_parameter_value', HINT = 'Make a route for each: matchers => ''{"severity": "critical"}''.';
	ELSIF r.channel IS NOT NULL AND NOT EXISTS (SELECT FROM monitor.channel c WHERE c.name = r.channel) THEN
		RAISE EXCEPTION 'channel "%" does not exist', r.channel USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.channels lists them; administrators create them.';
	END IF;
	IF r.parent IS NOT NULL THEN
		SELECT t.* INTO up FROM monitor.route t WHERE t.route_id = r.parent;
		IF up.route_id IS NULL OR up.model_id NOT IN (0, r.model_id) OR (up.model_id = 0 AND r.model_id <> 0) THEN
			RAISE EXCEPTION 'parent % is not a route of the same model', r.parent USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.routes lists them.';
		END IF;
	END IF;
	SELECT n INTO unknown FROM unnest(r.mute || r.active) AS n WHERE NOT EXISTS (SELECT FROM monitor.mute_timing t WHERE t.name = n) LIMIT 1;
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION 'mute timing "%" does not exist', unknown USING ERRCODE = 'undefined_object', HINT = 'create_mute_timing makes it.';
	END IF;
	IF r.escalation IS NOT NULL AND NOT EXISTS (SELECT FROM monitor.escalation_policy p WHERE p.name = r.escalation) THEN
		RAISE EXCEPTION 'escalation "%" does not exist', r.escalation USING ERRCODE = 'undefined_object', HINT = 'create_escalation makes it.';
	END IF;
	PERFORM monitor._check_duration('group_wait', r.group_wait), monitor._check_duration('group_interval', r.group_interval), monitor._check_duration('repeat_interval', r.repeat_interval);
	IF r.repeat_interval < '1 minute'::interval THEN
		RAISE EXCEPTION 'repeat_interval must be 1 minute or more, got %', r.repeat_interval USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_route(monitor.route) IS 'Error, naming the setting, if a route leads nowhere';
REVOKE ALL ON FUNCTION monitor._check_route(monitor.route) FROM PUBLIC;

CREATE FUNCTION monitor._create_route(caller oid, channel text, matchers jsonb, model text, parent bigint, "position" integer,
	continue_matching boolean, group_by text[], group_wait interval, group_interval interval,
	repeat_interval interval, mute text[], active text[], ack_mutes boolean, send_resolved boolean, escalation text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.route;
BEGIN
	r := ROW(NULL, parent, "position", monitor._scope(caller, model, 'owner'), monitor._matchers('matchers', matchers), channel, continue_matching, group_by, group_wait, group_interval,
		repeat_interval, coalesce(mute, '{}'), coalesce(active, '{}'), ack_mutes, send_resolved, escalation, clock_timestamp(), monitor._actor(), NULL)::monitor.route;
	PERFORM monitor._check_route(r);
	r.route_id := nextval('monitor.route_route_id_seq');
	INSERT INTO monitor.route SELECT (r).*;
	-- what is open already is told of too
	PERFORM monitor._route_episode(e) FROM monitor.alert_episode e WHERE e.closed_at IS NULL AND r.model_id IN (0, e.model_id);
	PERFORM monitor._flush_due();
	RETURN r.route_id;
END;
$$;
COMMENT ON FUNCTION monitor._create_route(oid, text, jsonb, text, bigint, integer, boolean, text[], interval, interval, interval, text[], text[], boolean, boolean, text) IS 'create_route, as the caller';
REVOKE ALL ON FUNCTION monitor._create_route(oid, text, jsonb, text, bigint, integer, boolean, text[], interval, interval, interval, text[], text[], boolean, boolean, text) FROM PUBLIC;

CREATE FUNCTION monitor.drop_route(route bigint) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_route(bigint) IS 'Removes a route and those below it; what it had queued is still sent';

CREATE FUNCTION monitor._drop_route(caller oid, route bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.route;
BEGIN
	SELECT t.* INTO r FROM monitor.route t WHERE t.route_id = route;
	IF r.route_id IS NULL OR (r.model_id <> 0 AND monitor._rank(caller, r.model_id) < 1) THEN
		RAISE EXCEPTION 'route % does not exist', route USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.routes lists them.';
	END IF;
	PERFORM monitor._require_scope(caller, r.model_id, 'owner');
	WITH RECURSIVE below AS (
		SELECT route AS route_id UNION SELECT t.route_id FROM monitor.route t JOIN below b ON t.parent = b.route_id
	)
	DELETE FROM monitor.route t USING below b WHERE t.route_id = b.route_id;
END;
$$;
COMMENT ON FUNCTION monitor._drop_route(oid, bigint) IS 'drop_route, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_route(oid, bigint) FROM PUBLIC;

-- Children are asked before their parent takes an alert itself; a route that does not let
-- others continue ends the search among its siblings.
CREATE FUNCTION monitor._routes_of(e monitor.alert_episode, below bigint DEFAULT NULL) RETURNS bigint[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.route;
	taken bigint[];
	found bigint[] := ARRAY[]::bigint[];
BEGIN
	FOR r IN SELECT t.* FROM monitor.route t WHERE t.parent IS NOT DISTINCT FROM below AND t.model_id IN (0, e.model_id) ORDER BY t.position, t.route_id LOOP
		CONTINUE WHEN NOT monitor._matches(r.matchers, monitor._match_labels(e));
		taken := monitor._routes_of(e, r.route_id);
		IF taken = '{}' AND r.channel IS NOT NULL THEN
			taken := ARRAY[r.route_id];
		END IF;
		found := found || taken;
		EXIT WHEN taken <> '{}' AND NOT r.continue_matching;
	END LOOP;
	RETURN found;
END;
$$;
COMMENT ON FUNCTION monitor._routes_of(monitor.alert_episode, bigint) IS 'The routes that an alert takes';
REVOKE ALL ON FUNCTION monitor._routes_of(monitor.alert_episode, bigint) FROM PUBLIC;

CREATE FUNCTION monitor.test_route(model text, labels jsonb DEFAULT '{}') RETURNS TABLE (route bigint, channel text)
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.test_route(text, jsonb) IS 'Where an alert of a model with these labels would go: {"alertname": "drift", "severity": "critical"}';

CREATE FUNCTION monitor._test_route(caller oid, model text, labels jsonb) RETURNS TABLE (route bigint, channel text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode;
BEGIN
	e.model_id := (monitor._model(caller, model, 'viewer')).model_id;
	e.labels := jsonb_build_object('model', model) || labels;
	e.severity := coalesce(labels ->> 'severity', 'critical');
	RETURN QUERY SELECT r.route_id, r.channel FROM unnest(monitor._routes_of(e)) WITH ORDINALITY AS u(id, n) JOIN monitor.route r ON r.route_id = u.id ORDER BY u.n;
END;
$$;
COMMENT ON FUNCTION monitor._test_route(oid, text, jsonb) IS 'test_route, as the caller';
REVOKE ALL ON FUNCTION monitor._test_route(oid, text, jsonb) FROM PUBLIC;

-- Names and kinds only: what config holds is for administrators.
CREATE VIEW monitor.channels WITH (security_barrier) AS
SELECT c.name AS channel, c.kind, s.state, s.reason, s.paused_until, c.fallback, c.rate_per_minute, c.enabled,
	CASE WHEN (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)
			OR EXISTS (SELECT FROM monitor.access_grant g WHERE g.level = 'admin' AND pg_catalog.pg_has_role(monitor._role(g.role, g.role_oid, g.role_cluster), monitor._membership()))
		THEN c.config END AS config
FROM monitor.channel c LEFT JOIN monitor.channel_state s USING (name)
WHERE EXISTS (SELECT FROM monitor._visible_model) OR (SELECT a.yes FROM monitor._sees_all a);
COMMENT ON VIEW monitor.channels IS 'Ways to tell people, and how they fare; key: channel';
GRANT SELECT ON monitor.channels TO PUBLIC;

CREATE VIEW monitor.routes WITH (security_barrier) AS
SELECT r.route_id, r.parent, r.position, m.name AS model, r.matchers, r.channel, r.continue_matching, r.group_by, r.group_wait, r.group_interval, r.repeat_interval,
	r.mute, r.active, r.ack_mutes, r.send_resolved, r.escalation, r.created_by
FROM monitor.route r LEFT JOIN monitor._visible_model m USING (model_id)
WHERE m.model_id IS NOT NULL OR (r.model_id = 0 AND (SELECT a.yes FROM monitor._sees_all a));
COMMENT ON VIEW monitor.routes IS 'Which alerts are told of where; model NULL: of all models; key: route_id';
GRANT SELECT ON monitor.routes TO PUBLIC;
