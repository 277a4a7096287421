--
-- What keeps a notice back: silences, maintenance, mute timings, inhibitions.
--

-- ---- matchers: name=value, !=, =~, !~; all of them must hold; a label that is missing is empty ----

CREATE FUNCTION monitor._matches(matchers text[], labels jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(bool_and(CASE p.part[2]
			WHEN '=' THEN v.value = p.part[3] WHEN '!=' THEN v.value <> p.part[3]
			WHEN '=~' THEN v.value ~ ('^(?:' || p.part[3] || ')$') ELSE v.value !~ ('^(?:' || p.part[3] || ')$') END), true)
		FROM unnest(matchers) AS m
		CROSS JOIN LATERAL (SELECT regexp_match(m, '^([^=!~]+)(=~|!~|!=|=)(.*)$') AS part) AS p
		CROSS JOIN LATERAL (SELECT coalesce(labels ->> p.part[1], '') AS value) AS v;
	END;
COMMENT ON FUNCTION monitor._matches(text[], jsonb) IS 'Do all matchers hold of these labels?';

CREATE FUNCTION monitor._matcher(setting text, given text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	part text[] := regexp_match(given, '^\s*([A-Za-z_][A-Za-z0-9_.]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$');
	value text := coalesce((regexp_match(part[3], '^"(.*)"$'))[1], part[3]);
BEGIN
	IF part IS NULL THEN
		RAISE EXCEPTION '%: "%" is not a matcher', setting, given USING ERRCODE = 'invalid_parameter_value',
			HINT = 'A matcher is name=value, name!=value, name=~expression or name!~expression.';
	END IF;
	IF part[2] IN ('=~', '!~') THEN
		-- without back-references the time that matching takes is bounded; counts are written out, nested ones multiplied
		IF length(value) > 200 OR value ~ '\\[1-9]' THEN
			RAISE EXCEPTION '%: the expression of "%" has more than 200 characters or a back-reference', setting, part[1] USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Write several matchers, or alternatives with |.';
		ELSIF (SELECT sum(ln(greatest(1, c[1]::integer, nullif(c[2], '')::integer))) FROM regexp_matches(value, '\{(\d{1,9})(?:,(\d{0,9}))?\}', 'g') AS c) > ln(1000) THEN
			RAISE EXCEPTION '%: the counts in the expression of "%" come to more than 1000', setting, part[1] USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Write + or * for {1,n}.';
		END IF;
		BEGIN
			-- alone too: it must not close the parentheses that it is put into
			PERFORM '' ~ value, '' ~ ('^(?:' || value || ')$');
		EXCEPTION WHEN invalid_regular_expression THEN
			RAISE EXCEPTION '%: "%" is not a regular expression: %', setting, value, SQLERRM USING ERRCODE = 'invalid_regular_expression';
		END;
	END IF;
	RETURN part[1] || part[2] || value;
END;
$$;
COMMENT ON FUNCTION monitor._matcher(text, text) IS 'A matcher as it is stored; error if it is none';
REVOKE ALL ON FUNCTION monitor._matcher(text, text) FROM PUBLIC;

-- {"severity": "critical"} or ["severity=critical", "feature=~inc.*"]
CREATE FUNCTION monitor._matchers(setting text, given jsonb) RETURNS text[]
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF given IS NULL OR jsonb_typeof(given) NOT IN ('object', 'array') THEN
		RAISE EXCEPTION '% must be {"label": "value"} or ["label=value", ...], got %', setting, coalesce(given::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_typeof(given) = 'object' THEN
		-- the value is meant as it is: one that begins with ~ would be read as an expression
		RETURN ARRAY(SELECT CASE WHEN value ~ '^~' THEN monitor._matcher(setting, key || '=~' || regexp_replace(value, '([^[:alnum:]_[:space:]])', '\\\1', 'g'))
				WHEN monitor._matcher(setting, key || '=') <> '' THEN key || '=' || coalesce(value, '') END FROM jsonb_each_text(given) ORDER BY key);
	END IF;
	RETURN ARRAY(SELECT monitor._matcher(setting, value) FROM jsonb_array_elements_text(given) WITH ORDINALITY AS u(value, n) ORDER BY n);
END;
$$;
COMMENT ON FUNCTION monitor._matchers(text, jsonb) IS 'Matchers as they are stored';
REVOKE ALL ON FUNCTION monitor._matchers(text, jsonb) FROM PUBLIC;

-- Of labels that are missing, or have a value that nobody thought of.
CREATE FUNCTION monitor._refuse_all(setting text, matchers text[]) RETURNS void
	LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF monitor._matches(matchers, '{}') OR monitor._matches(matchers,
			(SELECT jsonb_object_agg((regexp_match(m, '^([^=!~]+)'))[1], 'monitor: no such value') FROM unnest(matchers) AS m)) THEN
		RAISE EXCEPTION '% match everything', setting USING ERRCODE = 'invalid_parameter_value',
			HINT = 'At least one matcher must name a value: {"model": "credit"}, or give model => to mean all alerts of one model.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._refuse_all(text, text[]) IS 'Error if matchers match everything';
REVOKE ALL ON FUNCTION monitor._refuse_all(text, text[]) FROM PUBLIC;

CREATE FUNCTION monitor._match_labels(e monitor.alert_episode) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT e.labels || jsonb_build_object('severity', e.severity);
	END;
COMMENT ON FUNCTION monitor._match_labels(monitor.alert_episode) IS 'Labels of an alert as matchers see them';
REVOKE ALL ON FUNCTION monitor._match_labels(monitor.alert_episode) FROM PUBLIC;

-- ---- silences and maintenance ----

-- What is of one model is for those who have this level there, what is of all (0) for administrators.
CREATE FUNCTION monitor._require_scope(caller oid, model_id bigint, level text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF model_id = 0 THEN
		PERFORM monitor._require_admin(caller);
	ELSE
		PERFORM monitor._require(caller, model_id, level);
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._require_scope(oid, bigint, text) IS 'Error unless the caller has this level for the model, or, for 0, is an administrator';
REVOKE ALL ON FUNCTION monitor._require_scope(oid, bigint, text) FROM PUBLIC;

CREATE FUNCTION monitor._scope(caller oid, model text, level text) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF model IS NULL THEN
		PERFORM monitor._require_admin(caller);
		RETURN 0;
	END IF;
	RETURN (monitor._model(caller, model, level)).model_id;
END;
$$;
COMMENT ON FUNCTION monitor._scope(oid, text, text) IS 'The model that something is limited to, or 0 for an administrator';
REVOKE ALL ON FUNCTION monitor._scope(oid, text, text) FROM PUBLIC;

CREATE FUNCTION monitor.create_silence(matchers jsonb, comment text, duration interval DEFAULT NULL, starts_at timestamptz DEFAULT NULL, ends_at timestamptz DEFAULT NULL,
	until_resolved boolean DEFAULT false, model text DEFAULT NULL) RETURNS uuid
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_silence(jsonb, text, interval, timestamptz, timestamptz, boolean, text) IS
	'Alerts that match are not told of for a duration, to an end, or until they resolve; of one model (operators of it), or of all (administrators)';

CREATE FUNCTION monitor._create_silence(caller oid, matchers jsonb, comment text, duration interval, starts_at timestamptz, ends_at timestamptz,
	until_resolved boolean, model text) RETURNS uuid
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	scope bigint := monitor._scope(caller, model, 'operator');
	stored text[] := monitor._matchers('matchers', matchers);
	silence uuid;
BEGIN
	IF scope = 0 THEN
		PERFORM monitor._refuse_all('matchers', stored);
	END IF;
	IF coalesce(btrim(comment), '') = '' THEN
		RAISE EXCEPTION 'a silence needs a comment' USING ERRCODE = 'null_value_not_allowed', HINT = 'Say why; who looks at the alert next will ask.';
	END IF;
	PERFORM monitor._check_given(jsonb_build_object('until_resolved', until_resolved));
	starts_at := coalesce(starts_at, monitor.now());
	ends_at := coalesce(ends_at, starts_at + duration, CASE WHEN until_resolved THEN 'infinity'::timestamptz END);
	IF ends_at IS NULL THEN
		RAISE EXCEPTION 'a silence needs an end' USING ERRCODE = 'null_value_not_allowed', HINT = 'Give duration, ends_at, or until_resolved => true.';
	END IF;
	IF ends_at <= greatest(starts_at, monitor.now()) OR (NOT until_resolved AND ends_at > starts_at + '400 days'::interval) THEN
		RAISE EXCEPTION 'a silence must end after it begins and after now, and within 400 days; got % to %', starts_at, ends_at USING ERRCODE = 'invalid_parameter_value';
	END IF;
	INSERT INTO monitor.silence (model_id, matchers, starts_at, ends_at, until_resolved, comment, created_by)
	VALUES (scope, stored, starts_at, ends_at, until_resolved, comment, monitor._actor()) RETURNING silence_id INTO silence;
	RETURN silence;
END;
$$;
COMMENT ON FUNCTION monitor._create_silence(oid, jsonb, text, interval, timestamptz, timestamptz, boolean, text) IS 'create_silence, as the caller';
REVOKE ALL ON FUNCTION monitor._create_silence(oid, jsonb, text, interval, timestamptz, timestamptz, boolean, text) FROM PUBLIC;

CREATE FUNCTION monitor.expire_silence(silence uuid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.expire_silence(uuid) IS 'Ends a silence or maintenance now; false: it had ended. It is kept';

CREATE FUNCTION monitor._expire_silence(caller oid, silence uuid) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	s monitor.silence;
BEGIN
	SELECT t.* INTO s FROM monitor.silence t WHERE t.silence_id = silence FOR UPDATE;
	IF s.silence_id IS NULL OR monitor._rank(caller, s.model_id) < 1 THEN
		RAISE EXCEPTION 'silence % does not exist', silence USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.silences lists them.';
	END IF;
	PERFORM monitor._require_scope(caller, s.model_id, 'operator');
	UPDATE monitor.silence t SET ends_at = greatest(monitor.now(), t.starts_at) WHERE t.silence_id = silence AND t.ends_at > monitor.now();
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	-- what it kept back is told at the next tick
	UPDATE monitor.notify_group g SET next_flush_at = monitor.now()
	WHERE EXISTS (SELECT FROM monitor.suppression p WHERE p.group_id = g.group_id AND p.reference = silence::text);
	PERFORM pg_notify('monitor_outbox', '');
	RETURN true;
END;
$$;
COMMENT ON FUNCTION monitor._expire_silence(oid, uuid) IS 'expire_silence, as the caller';
REVOKE ALL ON FUNCTION monitor._expire_silence(oid, uuid) FROM PUBLIC;

CREATE FUNCTION monitor.start_maintenance(model text, duration interval, comment text) RETURNS uuid
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.start_maintenance(text, interval, text) IS 'Nothing is told of a model for a while; expire_silence ends it earlier';

CREATE FUNCTION monitor._start_maintenance(caller oid, model text, duration interval, comment text) RETURNS uuid
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	silence uuid := monitor._create_silence(caller, '[]', comment, duration, NULL, NULL, false, coalesce(model, ''));
BEGIN
	UPDATE monitor.silence t SET kind = 'maintenance' WHERE t.silence_id = silence;
	RETURN silence;
END;
$$;
COMMENT ON FUNCTION monitor._start_maintenance(oid, text, interval, text) IS 'start_maintenance, as the caller';
REVOKE ALL ON FUNCTION monitor._start_maintenance(oid, text, interval, text) FROM PUBLIC;

CREATE FUNCTION monitor._has_matched(matchers text[], e monitor.alert_episode) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		-- by its rule and fingerprint it is found
		SELECT EXISTS (SELECT FROM monitor.alert_transition t WHERE t.rule_id = e.rule_id AND t.fingerprint = e.fingerprint AND t.episode_id = e.episode_id AND t.level > 0
			AND monitor._matches(matchers, e.labels || jsonb_build_object('severity', CASE WHEN t.level >= 2 THEN 'critical' ELSE 'warning' END)));
	END;
COMMENT ON FUNCTION monitor._has_matched(text[], monitor.alert_episode) IS 'Do, or did, matchers hold of an alert, at a severity that it has had?';
REVOKE ALL ON FUNCTION monitor._has_matched(text[], monitor.alert_episode) FROM PUBLIC;

-- until_resolved: over once the last alert that it matched has resolved, however severe that was in the end.
CREATE FUNCTION monitor._end_silences(e monitor.alert_episode) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE monitor.silence s SET ends_at = greatest(monitor.now(), s.starts_at)
		WHERE s.until_resolved AND s.starts_at <= monitor.now() AND s.ends_at > monitor.now() AND s.model_id IN (0, e.model_id)
			AND monitor._has_matched(s.matchers, e)
			AND NOT EXISTS (SELECT FROM monitor.alert_episode o WHERE o.closed_at IS NULL AND o.episode_id <> e.episode_id AND s.model_id IN (0, o.model_id)
				AND monitor._has_matched(s.matchers, o));
	END;
COMMENT ON FUNCTION monitor._end_silences(monitor.alert_episode) IS 'Ends the silences that were to last until this alert resolved';
REVOKE ALL ON FUNCTION monitor._end_silences(monitor.alert_episode) FROM PUBLIC;

-- ---- mute timings ----

CREATE FUNCTION monitor._in_ranges(ranges jsonb, value integer, names text[], last_value integer) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		-- a range is a or a:b, a name or a number; negative numbers count from the end; b < a: over the end, but for
		-- 29:-1, which a month of 28 days has none of
		SELECT ranges IS NULL OR EXISTS (
			SELECT FROM jsonb_array_elements_text(ranges) AS r
			CROSS JOIN LATERAL (SELECT array_agg(CASE WHEN p ~ '^-[0-9]+$' THEN last_value + 1 + p::integer WHEN p ~ '^[0-9]+$' THEN p::integer ELSE array_position(names, lower(btrim(p))) END ORDER BY n) AS ends
				FROM unnest(string_to_array(r, ':')) WITH ORDINALITY AS u(p, n)) AS e
			WHERE CASE WHEN e.ends[1] <= coalesce(e.ends[2], e.ends[1]) OR r !~ '^-' AND r ~ ':-' THEN _in_ranges.value BETWEEN e.ends[1] AND coalesce(e.ends[2], e.ends[1])
				ELSE _in_ranges.value >= e.ends[1] OR _in_ranges.value <= e.ends[2] END);
	END;
COMMENT ON FUNCTION monitor._in_ranges(jsonb, integer, text[], integer) IS 'Is a day or month within one of these ranges?';

CREATE FUNCTION monitor._weekdays() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT '{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[];
	END;
COMMENT ON FUNCTION monitor._weekdays() IS 'Names of the days, Monday first';
CREATE FUNCTION monitor._months() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT '{january,february,march,april,may,june,july,august,september,october,november,december}'::text[];
	END;
COMMENT ON FUNCTION monitor._months() IS 'Names of the months';

CREATE FUNCTION monitor._in_timing(t monitor.mute_timing, at timestamptz) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT EXISTS (
			SELECT FROM jsonb_array_elements(t.intervals) AS i
			CROSS JOIN LATERAL (SELECT at AT TIME ZONE t.time_zone AS local) AS l
			WHERE (NOT i ? 'times' OR EXISTS (
					SELECT FROM jsonb_array_elements_text(i -> 'times') AS r
					CROSS JOIN LATERAL (SELECT split_part(r, '-', 1)::time AS a, split_part(r, '-', 2)::time AS b, l.local::time AS x) AS c
					WHERE CASE WHEN c.a < c.b THEN c.x >= c.a AND c.x < c.b ELSE c.x >= c.a OR c.x < c.b END))
				AND monitor._in_ranges(i -> 'weekdays', extract(isodow FROM l.local)::integer, monitor._weekdays(), 7)
				AND monitor._in_ranges(i -> 'months', extract(month FROM l.local)::integer, monitor._months(), 12)
				AND monitor._in_ranges(i -> 'days_of_month', extract(day FROM l.local)::integer, '{}',
					extract(day FROM date_trunc('month', l.local) + '1 month - 1 day'::interval)::integer));
	END;
COMMENT ON FUNCTION monitor._in_timing(monitor.mute_timing, timestamptz) IS 'Is it such a time?';
REVOKE ALL ON FUNCTION monitor._in_timing(monitor.mute_timing, timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor._check_timing(intervals jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	bad text;
BEGIN
	IF intervals IS NULL OR jsonb_typeof(intervals) <> 'array' OR intervals = '[]' OR EXISTS (SELECT FROM jsonb_array_elements(intervals) AS i WHERE jsonb_typeof(i) <> 'object' OR i = '{}') THEN
		RAISE EXCEPTION 'intervals must be a list of objects, got %', coalesce(intervals::text, 'NULL') USING ERRCODE = 'invalid_parameter_value',
			HINT = '[{"times": ["22:00-06:00"], "weekdays": ["monday:friday"], "days_of_month": ["-1"], "months": ["december"]}]';
	END IF;
	SELECT format('%s: %s', key, r) INTO bad FROM jsonb_array_elements(intervals) AS i, jsonb_each(i) AS e(key, ranges),
		-- an empty list is asked as one too: it says never, and a word that is none says always
		jsonb_array_elements_text(CASE WHEN jsonb_typeof(ranges) = 'array' AND ranges <> '[]' THEN ranges ELSE jsonb_build_array(ranges) END) AS r
	WHERE NOT coalesce(jsonb_typeof(ranges) = 'array' AND ranges <> '[]' AND CASE key
		WHEN 'times' THEN r ~ '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
		WHEN 'weekdays' THEN (SELECT bool_and(btrim(lower(p)) = ANY (monitor._weekdays())) AND count(*) <= 2 FROM unnest(string_to_array(r, ':')) AS p)
		WHEN 'months' THEN (SELECT bool_and(btrim(lower(p)) = ANY (monitor._months() || '{1,2,3,4,5,6,7,8,9,10,11,12}'::text[])) AND count(*) <= 2 FROM unnest(string_to_array(r, ':')) AS p)
		WHEN 'days_of_month' THEN (SELECT bool_and(p ~ '^(-?[1-9]|-?[12][0-9]|-?3[01])$') AND count(*) <= 2 FROM unnest(string_to_array(r, ':')) AS p)
		ELSE false END, false)
	LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'intervals: "%" is not understood', bad USING ERRCODE = 'invalid_parameter_value',
			HINT = 'times are HH:MM-HH:MM, weekdays and months names or first:last, days_of_month 1 to 31 or -1 (the last) to -31.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_timing(jsonb) IS 'Error unless these are intervals of a mute timing';
REVOKE ALL ON FUNCTION monitor._check_timing(jsonb) FROM PUBLIC;

CREATE FUNCTION monitor.create_mute_timing(name text, intervals jsonb, time_zone text DEFAULT 'UTC') RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_mute_timing(text, jsonb, text) IS 'Names times of day, weekdays, days of the month and months, for routes to be muted or active in';

CREATE FUNCTION monitor._create_mute_timing(caller oid, name text, intervals jsonb, time_zone text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller), monitor._check_name('a mute timing', name, 200), monitor._check_timing(intervals);
	IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = time_zone) THEN
		RAISE EXCEPTION 'time_zone "%" is unknown', time_zone USING ERRCODE = 'invalid_parameter_value', HINT = 'Use a name of pg_timezone_names, as Europe/Berlin.';
	END IF;
	INSERT INTO monitor.mute_timing (name, time_zone, intervals, created_by) VALUES (name, time_zone, intervals, monitor._actor())
	ON CONFLICT ON CONSTRAINT mute_timing_pkey DO UPDATE SET time_zone = excluded.time_zone, intervals = excluded.intervals;
END;
$$;
COMMENT ON FUNCTION monitor._create_mute_timing(oid, text, jsonb, text) IS 'create_mute_timing, as the caller';
REVOKE ALL ON FUNCTION monitor._create_mute_timing(oid, text, jsonb, text) FROM PUBLIC;

-- ---- inhibitions ----

CREATE FUNCTION monitor.create_inhibition(name text, source_matchers jsonb, target_matchers jsonb, equal text[] DEFAULT '{model}') RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_inhibition(text, jsonb, jsonb, text[]) IS
	'While an alert that matches source is open, those that match target and agree in the labels of `equal` are not told of; "missing data" is built in and can be replaced';

CREATE FUNCTION monitor._create_inhibition(caller oid, name text, source_matchers jsonb, target_matchers jsonb, equal text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	source text[] := monitor._matchers('source_matchers', source_matchers);
	target text[] := monitor._matchers('target_matchers', target_matchers);
BEGIN
	PERFORM monitor._require_admin(caller), monitor._check_name('an inhibition', name, 200), monitor._refuse_all('source_matchers', source), monitor._refuse_all('target_matchers', target);
	INSERT INTO monitor.inhibition (name, source_matchers, target_matchers, equal, created_by) VALUES (name, source, target, coalesce(equal, '{}'), monitor._actor())
	ON CONFLICT ON CONSTRAINT inhibition_pkey DO UPDATE SET source_matchers = excluded.source_matchers, target_matchers = excluded.target_matchers, equal = excluded.equal;
END;
$$;
COMMENT ON FUNCTION monitor._create_inhibition(oid, text, jsonb, jsonb, text[]) IS 'create_inhibition, as the caller';
REVOKE ALL ON FUNCTION monitor._create_inhibition(oid, text, jsonb, jsonb, text[]) FROM PUBLIC;

CREATE FUNCTION monitor._inhibitions() RETURNS SETOF monitor.inhibition
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT i.* FROM monitor.inhibition i
		UNION ALL
		-- a surge of missing values moves every distribution: it is told of once
		SELECT 'missing data', '{"alertname=missing surge","severity=critical"}'::text[], '{alertname=drift}'::text[], '{model}'::text[], 'monitor'::name, NULL::bigint
		WHERE NOT EXISTS (SELECT FROM monitor.inhibition i WHERE i.name = 'missing data');
	END;
COMMENT ON FUNCTION monitor._inhibitions() IS 'Inhibitions, with the one that is built in';
REVOKE ALL ON FUNCTION monitor._inhibitions() FROM PUBLIC;

CREATE FUNCTION monitor._inhibited_by(e monitor.alert_episode) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		-- OFFSET: matching costs much more than comparing labels, so only what is left of all open alerts is matched
		SELECT i.name FROM (SELECT n.* FROM monitor._inhibitions() AS n WHERE monitor._matches(n.target_matchers, monitor._match_labels(e)) OFFSET 0) AS i
		CROSS JOIN LATERAL (SELECT t AS episode FROM monitor.alert_episode t WHERE t.closed_at IS NULL AND t.episode_id <> e.episode_id
			AND NOT EXISTS (SELECT FROM unnest(i.equal) AS l WHERE coalesce(t.labels ->> l, '') <> coalesce(e.labels ->> l, '')) OFFSET 0) AS o
		WHERE monitor._matches(i.source_matchers, monitor._match_labels(o.episode))
			-- an alert that is both source and target is not kept back by another such
			AND NOT (monitor._matches(i.source_matchers, monitor._match_labels(e)) AND monitor._matches(i.target_matchers, monitor._match_labels(o.episode)))
		ORDER BY i.name LIMIT 1;
	END;
COMMENT ON FUNCTION monitor._inhibited_by(monitor.alert_episode) IS 'The inhibition that keeps an alert back; NULL: none';
REVOKE ALL ON FUNCTION monitor._inhibited_by(monitor.alert_episode) FROM PUBLIC;

-- ---- all together ----

-- Asked when a notice is written and again when it is sent.  For a route's own reasons see _muted_by.
CREATE FUNCTION monitor._suppressed_by(e monitor.alert_episode, OUT reason text, OUT reference text) RETURNS record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF (SELECT m.suspended FROM monitor.model m WHERE m.model_id = e.model_id) THEN
		reason := 'suspended';
		RETURN;
	END IF;
	SELECT s.kind, s.silence_id::text INTO reason, reference FROM monitor.silence s
	WHERE s.starts_at <= monitor.now() AND s.ends_at > monitor.now() AND s.model_id IN (0, e.model_id) AND monitor._matches(s.matchers, monitor._match_labels(e))
	ORDER BY s.ends_at DESC LIMIT 1;
	IF reason IS NOT NULL THEN
		RETURN;
	END IF;
	IF e.closed_at IS NULL THEN
		reference := monitor._inhibited_by(e);
		IF reference IS NOT NULL THEN
			reason := 'inhibition';
		ELSIF e.snoozed_until > monitor.now() THEN
			reason := 'snooze';
			reference := e.snoozed_until::text;
		END IF;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._suppressed_by(monitor.alert_episode) IS 'Why an alert is not told of now: suspended, silence, maintenance, inhibition, snooze; NULL: it is';
REVOKE ALL ON FUNCTION monitor._suppressed_by(monitor.alert_episode) FROM PUBLIC;

CREATE FUNCTION monitor._muted_by(r monitor.route, OUT reason text, OUT reference text) RETURNS record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT 'mute timing', t.name INTO reason, reference FROM monitor.mute_timing t WHERE t.name = ANY (r.mute) AND monitor._in_timing(t, monitor.now()) ORDER BY t.name LIMIT 1;
	IF reason IS NULL AND r.active <> '{}' AND NOT EXISTS (SELECT FROM monitor.mute_timing t WHERE t.name = ANY (r.active) AND monitor._in_timing(t, monitor.now())) THEN
		reason := 'not active now';
		reference := array_to_string(r.active, ', ');
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._muted_by(monitor.route) IS 'Why nothing goes out by a route now; NULL: it does';
REVOKE ALL ON FUNCTION monitor._muted_by(monitor.route) FROM PUBLIC;

-- Names in rules for all models are not for those who see only some.
CREATE VIEW monitor._sees_all WITH (security_barrier) AS
SELECT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)
	OR EXISTS (SELECT FROM monitor.access_grant g WHERE g.model_id = 0 AND g.level <> 'dispatcher'
		AND pg_catalog.pg_has_role(monitor._role(g.role, g.role_oid, g.role_cluster), monitor._membership())) AS yes;
COMMENT ON VIEW monitor._sees_all IS 'May the current user see what is of no model?';

CREATE VIEW monitor.silences WITH (security_barrier) AS
SELECT s.silence_id, s.kind, m.name AS model, s.matchers, s.starts_at, s.ends_at,
	CASE WHEN s.ends_at <= monitor.now() THEN 'expired' WHEN s.starts_at > monitor.now() THEN 'pending' ELSE 'active' END AS state,
	s.until_resolved, s.comment, s.created_by, s.created_at
FROM monitor.silence s LEFT JOIN monitor._visible_model m USING (model_id)
WHERE m.model_id IS NOT NULL OR (s.model_id = 0 AND (SELECT a.yes FROM monitor._sees_all a));
COMMENT ON VIEW monitor.silences IS 'Silences and maintenance, past and present; model NULL: of all models; key: silence_id';
GRANT SELECT ON monitor.silences TO PUBLIC;
