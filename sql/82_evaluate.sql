--
-- Evaluation: looks of the series of a rule, through the state machine, into transitions and
-- episodes.  Time is the time of the looks, so that catching up and backtests agree.
--

CREATE TYPE monitor._rule_look AS (
	metric text, feature text, segment text, at timestamptz, window_start timestamptz, level integer, holds boolean,
	value double precision, effect_size double precision, p_value double precision, log_e_value double precision, n_current bigint, verdict text, reason text
);
COMMENT ON TYPE monitor._rule_look IS 'What a rule says of one measurement';

CREATE FUNCTION monitor._level(verdict text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE verdict WHEN 'critical' THEN 2 WHEN 'warning' THEN 1 WHEN 'ok' THEN 0 WHEN 'no_data' THEN -2 WHEN 'error' THEN -3 ELSE -1 END;
	END;
COMMENT ON FUNCTION monitor._level(text) IS 'A verdict as a level of the state machine';

-- v is NULL or NaN: no data, never "not in breach".
CREATE FUNCTION monitor._compare(r monitor.alert_rule, v double precision) RETURNS integer
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT CASE WHEN v IS NULL OR v = 'NaN' THEN -2
			WHEN r.direction = 'above' THEN CASE WHEN v >= r.critical THEN 2 WHEN v >= r.warning THEN 1 ELSE 0 END
			WHEN r.direction = 'below' THEN CASE WHEN v <= r.critical THEN 2 WHEN v <= r.warning THEN 1 ELSE 0 END
			ELSE CASE WHEN v > r.critical OR v < r.critical_low THEN 2 WHEN v > r.warning OR v < r.warning_low THEN 1 ELSE 0 END END;
	END;
COMMENT ON FUNCTION monitor._compare(monitor.alert_rule, double precision) IS 'The level of a value';
REVOKE ALL ON FUNCTION monitor._compare(monitor.alert_rule, double precision) FROM PUBLIC;

-- Limits learnt from the baseline's windows where there are 8, else from as many of the first 30 windows of the series
-- as ended before the look, not before there are 8: v in robust standard deviations.  Distances from another baseline
-- tell nothing of this one; other values do not depend on it.
CREATE FUNCTION monitor._learnt_scores(r monitor.alert_rule, b monitor.baseline, looks monitor._rule_look[]) RETURNS monitor._rule_look[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		WITH history AS (
			-- OFFSET: only of the series that were looked at, each found by its key
			SELECT h.metric, h.feature, h.segment, h.value, h.window_end, h.window_start >= b.from_time AND h.window_end <= b.to_time AS is_baseline
			FROM (SELECT DISTINCT l.metric, l.feature, l.segment FROM unnest(looks) AS l) AS v
			CROSS JOIN LATERAL (SELECT x.metric, x.feature, x.segment, x.value, x.window_end, x.window_start FROM monitor.measurement x
				WHERE x.model_id = r.model_id AND x.metric = v.metric AND x.feature = v.feature AND x.segment = v.segment
					AND (x.baseline_id = b.baseline_id OR x.metric NOT LIKE 'drift.%') AND x.value IS NOT NULL AND x.value <> 'NaN'
					AND x.window_end <= (SELECT w.closed_to FROM monitor.watermark w WHERE w.model_id = r.model_id)
				OFFSET 0) AS h
		), counted AS (
			SELECT h.*, row_number() OVER (PARTITION BY h.metric, h.feature, h.segment ORDER BY h.window_end) AS k,
				count(*) FILTER (WHERE h.is_baseline) OVER (PARTITION BY h.metric, h.feature, h.segment) AS num_baseline
			FROM history h
		), chosen AS (
			-- what limits that hold after size windows are learnt from; size 0: from the baseline
			SELECT c.metric, c.feature, c.segment, c.value, c.window_end, g.size FROM counted c CROSS JOIN LATERAL generate_series(greatest(c.k, 8), 30) AS g(size) WHERE c.num_baseline < 8
			UNION ALL
			SELECT c.metric, c.feature, c.segment, c.value, c.window_end, 0 FROM counted c WHERE c.num_baseline >= 8 AND c.is_baseline
		), center AS (
			SELECT c.metric, c.feature, c.segment, c.size, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.value) AS median, max(c.window_end) AS learnt_to
			FROM chosen c GROUP BY 1, 2, 3, 4 HAVING count(*) >= greatest(c.size, 8)
		), spread AS (
			SELECT t.metric, t.feature, t.segment, t.size, t.median, t.learnt_to, 1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(c.value - t.median)) AS sigma
			FROM center t JOIN chosen c USING (metric, feature, segment, size) GROUP BY 1, 2, 3, 4, 5, 6
		)
		SELECT array_agg(ROW(l.metric, l.feature, l.segment, l.at, l.window_start,
			CASE WHEN l.level < 0 THEN l.level WHEN s.median IS NULL THEN -1
				WHEN s.sigma = 0 AND l.value = s.median THEN 0
				-- z is positive in the rule's direction, as the limits are
				WHEN z.z IS NULL OR z.z = 'NaN' THEN -2 WHEN z.z >= r.critical THEN 2 WHEN z.z >= r.warning THEN 1 ELSE 0 END,
			false, l.value, z.z, l.p_value, l.log_e_value, l.n_current, l.verdict, CASE WHEN s.median IS NULL THEN 'limits are not learnt yet' ELSE l.reason END)::monitor._rule_look)
		FROM unnest(looks) AS l
		LEFT JOIN counted c ON c.metric = l.metric AND c.feature = l.feature AND c.segment = l.segment AND c.window_end = l.at
		LEFT JOIN spread s ON s.metric = l.metric AND s.feature = l.feature AND s.segment = l.segment AND s.size = CASE WHEN c.num_baseline >= 8 THEN 0 ELSE least(c.k - 1, 30) END AND s.learnt_to < l.at
		CROSS JOIN LATERAL (SELECT CASE WHEN r.direction = 'outside' THEN abs((l.value - s.median) / greatest(s.sigma, 1e-9 * abs(s.median), 1e-300)) ELSE (l.value - s.median) / greatest(s.sigma, 1e-9 * abs(s.median), 1e-300) END
			* CASE WHEN r.direction = 'below' THEN -1 ELSE 1 END AS z) AS z;
	END;
COMMENT ON FUNCTION monitor._learnt_scores(monitor.alert_rule, monitor.baseline, monitor._rule_look[]) IS
	'Looks judged by median and MAD of the series; warning and critical are positive numbers of robust standard deviations';
REVOKE ALL ON FUNCTION monitor._learnt_scores(monitor.alert_rule, monitor.baseline, monitor._rule_look[]) FROM PUBLIC;

-- A rule on a drift metric compares the effect, and needs the evidence of the same look.
CREATE FUNCTION monitor._rule_looks(r monitor.alert_rule, m monitor.model, b monitor.baseline, from_time timestamptz, to_time timestamptz,
	measured_after timestamptz DEFAULT '-infinity') RETURNS SETOF monitor._rule_look
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
	evidence double precision := ln(2 * monitor._num_streams(m, b.baseline_id) * monitor._looks_in_90_days(m.granularity) / 0.05);
	-- patterns once, not for each row
	metrics text := monitor._pattern(r.metric);
	features text := monitor._pattern(r.feature);
	segments text := monitor._pattern(r.segment);
	closed_to timestamptz := (SELECT w.closed_to FROM monitor.watermark w WHERE w.model_id = m.model_id);
	looks monitor._rule_look[];
BEGIN
	looks := ARRAY(
		SELECT ROW(x.metric, x.feature, x.segment, x.window_end, x.window_start,
			CASE WHEN x.verdict IN ('no_data', 'error') THEN monitor._level(x.verdict)
				WHEN x.n_current < r.min_samples THEN -1
				WHEN r.compares = 'verdict' THEN monitor._level(x.verdict)
				WHEN x.verdict IN ('insufficient_data', 'undecided') THEN -1
				WHEN r.compares = 'learnt' THEN CASE WHEN x.value IS NULL OR x.value = 'NaN' THEN -2 ELSE 0 END
				WHEN x.metric LIKE 'drift.%' AND NOT r.raw AND p.verdict IN ('insufficient_data', 'undecided') THEN -1
				WHEN x.metric LIKE 'drift.%' AND NOT r.raw AND NOT coalesce(coalesce(p.log_e_value, x.log_e_value) >= evidence OR p.verdict IN ('warning', 'critical'), false) THEN 0
				ELSE monitor._compare(r, v.v) END,
			r.compares IN ('value', 'change') AND r.recovery IS NOT NULL AND coalesce(CASE r.direction WHEN 'above' THEN v.v > r.recovery WHEN 'below' THEN v.v < r.recovery END, false),
			x.value, x.effect_size, x.p_value, x.log_e_value, x.n_current, x.verdict, x.reason)::monitor._rule_look
		FROM monitor.measurement x
		LEFT JOIN monitor.measurement p ON x.metric LIKE 'drift.%' AND r.compares IN ('value', 'change') AND p.model_id = x.model_id AND p.metric = 'drift.psi' AND p.feature = x.feature
			AND p.segment = x.segment AND p.window_end = x.window_end
		CROSS JOIN LATERAL (SELECT CASE WHEN r.compares = 'change' OR (r.compares = 'value' AND x.metric LIKE 'drift.%' AND NOT r.raw) THEN x.effect_size ELSE x.value END AS v) AS v
		WHERE x.model_id = m.model_id AND x.measured_at > measured_after AND x.window_end > from_time AND x.window_end <= least(to_time, closed_to)
			AND x.metric ~ metrics AND x.feature ~ features AND x.segment ~ segments
		ORDER BY x.window_end);
	IF r.compares = 'learnt' THEN
		looks := monitor._learnt_scores(r, b, looks);
	END IF;
	RETURN QUERY SELECT l.* FROM unnest(looks) AS l;
END;
$$;
COMMENT ON FUNCTION monitor._rule_looks(monitor.alert_rule, monitor.model, monitor.baseline, timestamptz, timestamptz, timestamptz) IS 'What a rule says of measurements whose windows end in (from_time, to_time], made after a time of the clock';
REVOKE ALL ON FUNCTION monitor._rule_looks(monitor.alert_rule, monitor.model, monitor.baseline, timestamptz, timestamptz, timestamptz) FROM PUBLIC;

-- Looks by alert: of a series each, or of the model with what is in breach.
CREATE TYPE monitor._alert_looks AS (
	metric text, feature text, segment text, at timestamptz[], level integer[], holds boolean[], value double precision[], details jsonb[]
);
COMMENT ON TYPE monitor._alert_looks IS 'Looks of one alert, in order';

CREATE FUNCTION monitor._look_details(l monitor._rule_look) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT jsonb_strip_nulls(jsonb_build_object('metric', l.metric, 'feature', nullif(l.feature, ''), 'segment', nullif(l.segment, ''), 'level', l.level, 'value', CASE WHEN abs(l.value) <= 1e300 THEN l.value END,
			'effect_size', CASE WHEN abs(l.effect_size) <= 1e300 THEN l.effect_size END, 'p_value', l.p_value, 'log_e_value', CASE WHEN abs(l.log_e_value) <= 1e300 THEN l.log_e_value END, 'rows', l.n_current,
			'window_start', l.window_start, 'window_end', l.at, 'reason', l.reason));
	END;
COMMENT ON FUNCTION monitor._look_details(monitor._rule_look) IS 'A look as a message tells of it';
REVOKE ALL ON FUNCTION monitor._look_details(monitor._rule_look) FROM PUBLIC;

CREATE FUNCTION monitor._looks_by_alert(r monitor.alert_rule, m monitor.model, b monitor.baseline, from_time timestamptz, to_time timestamptz,
	measured_after timestamptz DEFAULT '-infinity') RETURNS SETOF monitor._alert_looks
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		WITH look AS (
			SELECT l.*, l AS whole FROM monitor._rule_looks(r, m, b, from_time, to_time, measured_after) AS l
		), alert AS (
			SELECT l.metric, l.feature, l.segment, l.at, l.level, l.holds, l.value, CASE WHEN l.level > 0 THEN jsonb_build_array(monitor._look_details(l.whole)) ELSE '[]' END AS details
			FROM look l WHERE r.per = 'series'
			UNION ALL
			SELECT '', '', '', l.at, max(l.level), bool_or(l.holds), count(*) FILTER (WHERE l.level > 0),
				coalesce(jsonb_agg(monitor._look_details(l.whole) ORDER BY l.level DESC, l.effect_size DESC NULLS LAST, l.feature) FILTER (WHERE l.level > 0), '[]')
			FROM look l WHERE r.per = 'model' GROUP BY l.at
		)
		SELECT a.metric, a.feature, a.segment, array_agg(a.at ORDER BY a.at), array_agg(a.level ORDER BY a.at), array_agg(coalesce(a.holds, false) ORDER BY a.at),
			array_agg(a.value ORDER BY a.at), array_agg(a.details ORDER BY a.at)
		FROM alert a GROUP BY a.metric, a.feature, a.segment;
	END;
COMMENT ON FUNCTION monitor._looks_by_alert(monitor.alert_rule, monitor.model, monitor.baseline, timestamptz, timestamptz, timestamptz) IS 'Looks of a rule, by the alert that they are of';
REVOKE ALL ON FUNCTION monitor._looks_by_alert(monitor.alert_rule, monitor.model, monitor.baseline, timestamptz, timestamptz, timestamptz) FROM PUBLIC;

-- ---- names ----

CREATE FUNCTION monitor._alert_labels(r monitor.alert_rule, model text, metric text, feature text, segment text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT r.labels || jsonb_strip_nulls(jsonb_build_object('alertname', r.name, 'model', model, 'metric', coalesce(nullif(metric, ''), r.metric),
			'feature', nullif(feature, ''), 'segment', nullif(segment, '')));
	END;
COMMENT ON FUNCTION monitor._alert_labels(monitor.alert_rule, text, text, text, text) IS 'The labels that name an alert; its severity is not one of them';
REVOKE ALL ON FUNCTION monitor._alert_labels(monitor.alert_rule, text, text, text, text) FROM PUBLIC;

CREATE FUNCTION monitor._fingerprint(labels jsonb) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT sha256(convert_to(coalesce(string_agg(octet_length(e.key) || ':' || e.key || octet_length(e.value) || ':' || e.value, '' ORDER BY e.key COLLATE "C"), ''), 'UTF8'))
		FROM jsonb_each_text(labels) AS e;
	END;
COMMENT ON FUNCTION monitor._fingerprint(jsonb) IS 'SHA-256 of labels, each with its length, in order';

-- ---- transitions ----

-- One transition: its row, its episode, and whom it is to be told; all in the transaction that decided it.
CREATE FUNCTION monitor._transition(r monitor.alert_rule, i monitor.alert_instance, labels jsonb, from_state text, to_state text, level integer, look_at timestamptz,
	value double precision, reason text, details jsonb, flapping boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode;
	is_open boolean := to_state NOT IN ('normal', 'pending');
	new_severity text := CASE WHEN level >= 2 THEN 'critical' ELSE 'warning' END;
BEGIN
	SELECT t.* INTO e FROM monitor.alert_episode t WHERE t.rule_id = r.rule_id AND t.fingerprint = i.fingerprint AND t.closed_at IS NULL;
	IF is_open AND e.episode_id IS NULL THEN
		INSERT INTO monitor.alert_episode (rule_id, model_id, fingerprint, labels, annotations, state, severity, worst, opened_at, noticed_at, value, details, flapping, prev_episode)
		VALUES (r.rule_id, r.model_id, i.fingerprint, labels, r.annotations || CASE WHEN r.runbook_url IS NULL THEN '{}' ELSE jsonb_build_object('runbook_url', r.runbook_url) END,
			to_state, new_severity, new_severity, look_at, monitor.now(), value, details, flapping,
			(SELECT max(p.episode_id) FROM monitor.alert_episode p WHERE p.rule_id = r.rule_id AND p.fingerprint = i.fingerprint))
		RETURNING * INTO e;
	ELSIF e.episode_id IS NOT NULL THEN
		UPDATE monitor.alert_episode t SET state = to_state, severity = CASE WHEN is_open THEN new_severity ELSE t.severity END,
			worst = CASE WHEN is_open AND new_severity = 'critical' THEN 'critical' ELSE t.worst END, closed_at = CASE WHEN NOT is_open THEN look_at END,
			close_reason = CASE WHEN NOT is_open THEN _transition.reason END, value = CASE WHEN is_open THEN coalesce(_transition.value, t.value) ELSE t.value END,
			details = CASE WHEN is_open AND _transition.details <> '[]' THEN _transition.details ELSE t.details END, flapping = t.flapping OR _transition.flapping
		WHERE t.episode_id = e.episode_id RETURNING * INTO e;
	END IF;
	INSERT INTO monitor.alert_transition (rule_id, model_id, fingerprint, episode_id, from_state, to_state, level, look_at, value, reason)
	VALUES (r.rule_id, r.model_id, i.fingerprint, e.episode_id, from_state, to_state, level, look_at, value, reason);
	IF e.episode_id IS NOT NULL THEN
		PERFORM monitor._route_episode(e);
		PERFORM pg_notify('monitor_alert', e.uid::text);
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._transition(monitor.alert_rule, monitor.alert_instance, jsonb, text, text, integer, timestamptz, double precision, text, jsonb, boolean) IS
	'Records a transition, opens, changes or closes its episode, and joins it to the groups that tell of it';
REVOKE ALL ON FUNCTION monitor._transition(monitor.alert_rule, monitor.alert_instance, jsonb, text, text, integer, timestamptz, double precision, text, jsonb, boolean) FROM PUBLIC;

-- Counted in looks at the same metric: what waits for labels lags behind other metrics, and
-- performance is looked at as often as there are rows enough, of a segment perhaps every tenth
-- bucket.  An alert of the model has no series that could be gone.
CREATE FUNCTION monitor._is_stale(r monitor.alert_rule, i monitor.alert_instance) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT count(DISTINCT x.window_end) >= r.stale_after::bigint * CASE WHEN i.metric LIKE 'performance.%' OR i.metric LIKE 'estimated.%' THEN greatest(1, (SELECT y.buckets FROM monitor.measurement y
			WHERE y.model_id = r.model_id AND y.metric = i.metric AND y.feature = i.feature AND y.segment = i.segment ORDER BY y.window_end DESC LIMIT 1)) ELSE 1 END
		FROM monitor.measurement x JOIN monitor.watermark w ON w.model_id = x.model_id
		WHERE x.model_id = r.model_id AND x.metric = i.metric AND x.window_end > (i.machine).last_at AND x.window_end <= w.closed_to
			-- what was there already when the series was looked at last is no look without it
			AND x.measured_at > coalesce((SELECT y.measured_at FROM monitor.measurement y
				WHERE y.model_id = r.model_id AND y.metric = i.metric AND y.feature = i.feature AND y.segment = i.segment AND y.window_end = (i.machine).last_at), '-infinity');
	END;
COMMENT ON FUNCTION monitor._is_stale(monitor.alert_rule, monitor.alert_instance) IS 'Were there so many looks at the metric without this series?';
REVOKE ALL ON FUNCTION monitor._is_stale(monitor.alert_rule, monitor.alert_instance) FROM PUBLIC;

CREATE FUNCTION monitor._resolve_instance(r monitor.alert_rule, i monitor.alert_instance, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	labels jsonb := monitor._alert_labels(r, (SELECT m.name FROM monitor.model m WHERE m.model_id = r.model_id), i.metric, i.feature, i.segment);
BEGIN
	PERFORM monitor._transition(r, i, labels, (i.machine).state, 'normal', 0, greatest(monitor.now(), (i.machine).last_at), NULL, reason, '[]', false);
	i.machine.state := 'normal';
	i.machine.level := 0;
	i.machine.pending_since := NULL;
	UPDATE monitor.alert_instance t SET machine = i.machine, state_reason = reason WHERE t.rule_id = i.rule_id AND t.metric = i.metric AND t.feature = i.feature AND t.segment = i.segment;
END;
$$;
COMMENT ON FUNCTION monitor._resolve_instance(monitor.alert_rule, monitor.alert_instance, text) IS 'Ends one alert for another reason than a clear look';
REVOKE ALL ON FUNCTION monitor._resolve_instance(monitor.alert_rule, monitor.alert_instance, text) FROM PUBLIC;

CREATE FUNCTION monitor._resolve_instances(r monitor.alert_rule, reason text, only_stale boolean DEFAULT false, measured_after timestamptz DEFAULT '-infinity') RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	i monitor.alert_instance;
	closed_to timestamptz := (SELECT w.closed_to FROM monitor.watermark w WHERE w.model_id = r.model_id);
	resolved integer := 0;
BEGIN
	FOR i IN SELECT t.* FROM monitor.alert_instance t WHERE t.rule_id = r.rule_id AND (t.machine).state <> 'normal'
		-- what was measured now says cheaply that a series was left out
		AND (NOT only_stale OR (EXISTS (SELECT FROM monitor.measurement x WHERE x.model_id = t.model_id AND x.measured_at > measured_after AND x.metric = t.metric AND x.window_end > (t.machine).last_at AND x.window_end <= closed_to) AND monitor._is_stale(r, t)))
		FOR UPDATE LOOP
		PERFORM monitor._resolve_instance(r, i, reason);
		resolved := resolved + 1;
	END LOOP;
	RETURN resolved;
END;
$$;
COMMENT ON FUNCTION monitor._resolve_instances(monitor.alert_rule, text, boolean, timestamptz) IS 'Ends the alerts of a rule for another reason than a clear look; only_stale: those whose series is gone';
REVOKE ALL ON FUNCTION monitor._resolve_instances(monitor.alert_rule, text, boolean, timestamptz) FROM PUBLIC;

-- Distances from a baseline that is compared with no more say nothing any more, and those from the new one perhaps
-- nothing for days.  What breaches other limits as well goes on.
CREATE FUNCTION monitor._resolve_drift(m monitor.model, reason text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		SELECT count(monitor._resolve_instance(r, i, reason)) FROM monitor.alert_instance i JOIN monitor.alert_rule r USING (rule_id)
		LEFT JOIN monitor.alert_episode e ON e.rule_id = i.rule_id AND e.fingerprint = i.fingerprint AND e.closed_at IS NULL
		WHERE i.model_id = m.model_id AND (i.machine).state <> 'normal'
			AND CASE WHEN i.metric <> '' THEN i.metric LIKE 'drift.%' WHEN e.details <> '[]' THEN NOT EXISTS (SELECT FROM jsonb_array_elements(e.details) AS d WHERE d ->> 'metric' NOT LIKE 'drift.%')
				ELSE NOT EXISTS (SELECT FROM monitor._names(r.metric) AS n WHERE n NOT LIKE 'drift.%') END;
	END;
COMMENT ON FUNCTION monitor._resolve_drift(monitor.model, text) IS 'Ends alerts of distances from the baseline before';
REVOKE ALL ON FUNCTION monitor._resolve_drift(monitor.model, text) FROM PUBLIC;

-- Looks that are new to one alert.  Of a series that is new only those count that end after what the rule has seen of
-- others; of one whose labels come later than theirs, the last.
CREATE FUNCTION monitor._advance_alert(r monitor.alert_rule, m monitor.model, looks monitor._alert_looks, seen timestamptz DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	i monitor.alert_instance;
	labels jsonb := monitor._alert_labels(r, m.name, looks.metric, looks.feature, looks.segment);
	step record;
	e monitor.alert_episode;
	transitions integer := 0;
	last_look integer := cardinality(looks.at);
	first integer;
BEGIN
	SELECT t.* INTO i FROM monitor.alert_instance t WHERE t.rule_id = r.rule_id AND t.metric = looks.metric AND t.feature = looks.feature AND t.segment = looks.segment FOR UPDATE;
	IF i.rule_id IS NULL THEN
		i.rule_id := r.rule_id;
		i.metric := looks.metric;
		i.feature := looks.feature;
		i.segment := looks.segment;
		i.model_id := r.model_id;
		i.fingerprint := monitor._fingerprint(labels);
		first := coalesce((SELECT min(k) FROM unnest(looks.at) WITH ORDINALITY AS u(at, k) WHERE at > seen), CASE WHEN seen IS NULL THEN 1 ELSE last_look END);
		last_look := last_look - first + 1;
		looks := ROW(looks.metric, looks.feature, looks.segment, looks.at[first:], looks.level[first:], looks.holds[first:], looks.value[first:], looks.details[first:])::monitor._alert_looks;
	ELSIF (i.machine).last_at >= looks.at[last_look] THEN
		RETURN 0;
	END IF;
	FOR step IN SELECT w.* FROM monitor._alert_walk(r.policy, i.machine, looks.at, looks.level, looks.holds) AS w LOOP
		IF step.n = 0 THEN
			i.machine := step.after;
		ELSE
			transitions := transitions + 1;
			PERFORM monitor._transition(r, i, labels, step.from_state, step.to_state, step.to_level, step.look_at, looks.value[step.n], step.reason, looks.details[step.n], (step.after).flapping);
			i.state_reason := step.reason;
		END IF;
	END LOOP;
	i.last_value := looks.value[last_look];
	INSERT INTO monitor.alert_instance AS t SELECT (i).*
	ON CONFLICT ON CONSTRAINT alert_instance_pkey DO UPDATE SET machine = excluded.machine, last_value = excluded.last_value, state_reason = excluded.state_reason;
	IF (i.machine).state NOT IN ('normal', 'pending') AND looks.details[last_look] <> '[]' THEN
		-- no transition, so no record: messages that go out later tell of the last look, at once where more series are in breach
		UPDATE monitor.alert_episode t SET details = looks.details[last_look], value = looks.value[last_look]
		WHERE t.rule_id = r.rule_id AND t.fingerprint = i.fingerprint AND t.closed_at IS NULL AND t.details IS DISTINCT FROM looks.details[last_look]
		RETURNING * INTO e;
		IF FOUND AND EXISTS (SELECT FROM monitor.group_member b WHERE b.episode_id = e.episode_id AND NOT monitor._concerns(e.details) <@ b.concerns) THEN
			PERFORM monitor._route_episode(e);
		END IF;
	END IF;
	RETURN transitions;
END;
$$;
COMMENT ON FUNCTION monitor._advance_alert(monitor.alert_rule, monitor.model, monitor._alert_looks, timestamptz) IS 'Takes the new looks of one alert; gives the number of transitions';
REVOKE ALL ON FUNCTION monitor._advance_alert(monitor.alert_rule, monitor.model, monitor._alert_looks, timestamptz) FROM PUBLIC;

-- measured_after: what was measured until then has been taken, unless the rule is newer; NULL: nothing was.
CREATE FUNCTION monitor._evaluate_rule(r monitor.alert_rule, m monitor.model, b monitor.baseline, measured_after timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	-- series of a metric are looked at together, metrics each at their own pace
	seen timestamptz := (SELECT min(t.at) FROM (SELECT max((i.machine).last_at) AS at FROM monitor.alert_instance i WHERE i.rule_id = r.rule_id GROUP BY i.metric) AS t);
	is_new boolean := measured_after IS NULL OR r.created_at > measured_after;
	from_time timestamptz := least(seen, r.since - m.label_delay);
	transitions integer;
BEGIN
	IF seen IS NULL AND is_new THEN
		-- of what was before the rule only the last look counts
		from_time := coalesce((SELECT max(x.window_end) FROM monitor.measurement x JOIN monitor.watermark w ON w.model_id = x.model_id
			WHERE x.model_id = m.model_id AND x.window_end <= least(r.since, w.closed_to) AND x.metric ~ monitor._pattern(r.metric)), r.since) - '1 microsecond'::interval;
	END IF;
	-- labels of one segment may always come later than those of others: each series is looked at from where it stands
	SELECT sum(monitor._advance_alert(r, m, l, seen)) INTO transitions
	FROM monitor._looks_by_alert(r, m, b, from_time, 'infinity', CASE WHEN is_new THEN '-infinity' ELSE measured_after END) AS l;
	RETURN coalesce(transitions, 0) + monitor._resolve_instances(r, 'stale: no more looks', true, coalesce(measured_after, '-infinity'));
END;
$$;
COMMENT ON FUNCTION monitor._evaluate_rule(monitor.alert_rule, monitor.model, monitor.baseline, timestamptz) IS 'Takes the new looks of a rule; gives the number of transitions';
REVOKE ALL ON FUNCTION monitor._evaluate_rule(monitor.alert_rule, monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Freshness and its like are measured at every run; a bucket that closes brings its volume too.
-- newest: the upper end makes the range one that a plan looks up.
CREATE FUNCTION monitor._has_news(m monitor.model, alerted_to timestamptz, newest timestamptz) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT alerted_to IS NULL
			OR EXISTS (SELECT FROM monitor.measurement x WHERE x.model_id = m.model_id AND x.measured_at > alerted_to AND x.measured_at <= newest
				AND x.metric NOT IN ('quality.freshness', 'quality.future_rows', 'quality.rows_without_time'))
			OR EXISTS (SELECT FROM monitor.alert_rule r WHERE r.model_id = m.model_id AND r.created_at > alerted_to);
	END;
COMMENT ON FUNCTION monitor._has_news(monitor.model, timestamptz, timestamptz) IS 'Is there anything that rules have not seen?';
REVOKE ALL ON FUNCTION monitor._has_news(monitor.model, timestamptz, timestamptz) FROM PUBLIC;

-- A transaction of its own after measuring, READ COMMITTED: people acknowledge and dispatchers
-- flush at the same time.  Measurements are taken by when they were made, which is noted in the
-- same transaction: what a crash left is taken next.
CREATE FUNCTION monitor._evaluate(m monitor.model) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	b monitor.baseline := monitor._current_baseline(m.model_id);
	alerted_to timestamptz := (SELECT w.alerted_to FROM monitor.watermark w WHERE w.model_id = m.model_id);
	newest timestamptz := (SELECT max(x.measured_at) FROM monitor.measurement x WHERE x.model_id = m.model_id);
	r monitor.alert_rule;
	transitions integer := 0;
BEGIN
	IF monitor._has_news(m, alerted_to, newest) THEN
		FOR r IN SELECT t.* FROM monitor.alert_rule t WHERE t.model_id = m.model_id AND t.enabled AND t.compares <> 'evaluation_age' ORDER BY t.rule_id LOOP
			transitions := transitions + monitor._evaluate_rule(r, m, b, alerted_to);
		END LOOP;
	END IF;
	UPDATE monitor.watermark w SET alerted_to = newest WHERE w.model_id = m.model_id AND w.alerted_to IS DISTINCT FROM newest;
	PERFORM monitor._flush_due();
	RETURN transitions;
END;
$$;
COMMENT ON FUNCTION monitor._evaluate(monitor.model) IS 'Evaluates the rules of a model; gives the number of transitions';
REVOKE ALL ON FUNCTION monitor._evaluate(monitor.model) FROM PUBLIC;

-- Is each model looked at?  Asked by the dispatcher too, so that a dead scheduler is noticed.
CREATE FUNCTION monitor._evaluate_age() RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	late record;
	transitions integer := 0;
BEGIN
	FOR late IN
		SELECT r AS rule, m AS model, age.buckets, age.last_ok, monitor._compare(r, age.buckets) AS level
		FROM monitor.alert_rule r JOIN monitor.model m USING (model_id)
		LEFT JOIN monitor.alert_instance i ON i.rule_id = r.rule_id
		CROSS JOIN LATERAL (SELECT t.last_ok, extract(epoch FROM monitor.now() - greatest(coalesce(t.last_ok, m.created_at), m.resumed_at))::double precision / extract(epoch FROM monitor._step(m.granularity))::double precision AS buckets
			FROM (SELECT (SELECT least(n.finished_at, monitor.now()) FROM monitor.run n WHERE n.model_id = m.model_id AND n.status = 'ok' ORDER BY n.started_at DESC LIMIT 1) AS last_ok) AS t) AS age
		WHERE r.compares = 'evaluation_age' AND r.enabled AND NOT m.suspended
			-- nothing to do where the alert says so already
			AND monitor._compare(r, age.buckets) <> CASE WHEN (i.machine).state IN ('firing', 'recovering') THEN (i.machine).level ELSE 0 END
		ORDER BY r.rule_id
	LOOP
		transitions := transitions + monitor._advance_alert(late.rule, late.model, ROW('', '', '', ARRAY[monitor.now()], ARRAY[late.level], ARRAY[false], ARRAY[late.buckets],
			ARRAY[jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('metric', 'evaluation_age', 'level', late.level, 'value', late.buckets, 'window_end', late.last_ok, 'reason', 'the last good run was at ' || coalesce(late.last_ok::text, '(never)'))))])::monitor._alert_looks);
	END LOOP;
	RETURN transitions;
END;
$$;
COMMENT ON FUNCTION monitor._evaluate_age() IS 'Evaluates the rules on how long ago a model was last looked at';
REVOKE ALL ON FUNCTION monitor._evaluate_age() FROM PUBLIC;

-- ---- backtest ----

CREATE TYPE monitor.backtest_alarm AS (
	model text, rule text, metric text, feature text, segment text, severity text, opened_at timestamptz, closed_at timestamptz, value double precision, still_open boolean
);
COMMENT ON TYPE monitor.backtest_alarm IS 'An alert that a rule would have raised';

CREATE FUNCTION monitor._backtest_rule(r monitor.alert_rule, from_time timestamptz, to_time timestamptz) RETURNS SETOF monitor.backtest_alarm
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		WITH step AS (
			SELECT m.name, l.metric, l.feature, l.segment, w.n, w.look_at, w.from_state, w.to_state, w.to_level, l.value[w.n] AS value,
				w.from_state IN ('normal', 'pending') AND w.to_state NOT IN ('normal', 'pending') AS opens, w.to_state IN ('normal', 'pending') AND w.from_state NOT IN ('normal', 'pending') AS closes
			FROM monitor.model m
			CROSS JOIN LATERAL monitor._looks_by_alert(r, m, monitor._current_baseline(m.model_id), from_time, to_time) AS l
			CROSS JOIN LATERAL monitor._alert_walk(r.policy, NULL, l.at, l.level, l.holds) AS w
			WHERE m.model_id = r.model_id AND w.n > 0
		), alarm AS (
			SELECT s.*, count(*) FILTER (WHERE s.opens) OVER (PARTITION BY s.metric, s.feature, s.segment ORDER BY s.n) AS k FROM step s
		)
		SELECT a.name, r.name, coalesce(nullif(a.metric, ''), r.metric), nullif(a.feature, ''), nullif(a.segment, ''), CASE WHEN max(a.to_level) >= 2 THEN 'critical' ELSE 'warning' END,
			min(a.look_at) FILTER (WHERE a.opens), max(a.look_at) FILTER (WHERE a.closes), max(a.value) FILTER (WHERE a.opens), bool_and(NOT a.closes)
		FROM alarm a WHERE a.k > 0 GROUP BY a.name, a.metric, a.feature, a.segment, a.k;
	END;
COMMENT ON FUNCTION monitor._backtest_rule(monitor.alert_rule, timestamptz, timestamptz) IS 'The alerts of a rule over stored measurements, by the code that raises them';
REVOKE ALL ON FUNCTION monitor._backtest_rule(monitor.alert_rule, timestamptz, timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor.backtest(rule text, from_time timestamptz, to_time timestamptz, model text DEFAULT NULL) RETURNS SETOF monitor.backtest_alarm
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.backtest(text, timestamptz, timestamptz, text) IS 'What a rule would have raised over stored history; of all models that have a rule of this name, or of one';

CREATE FUNCTION monitor._backtest(caller oid, rule text, from_time timestamptz, to_time timestamptz, model text) RETURNS SETOF monitor.backtest_alarm
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF from_time IS NULL OR to_time IS NULL OR from_time >= to_time THEN
		RAISE EXCEPTION 'from_time must be before to_time, got % and %', from_time, to_time USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF NOT EXISTS (SELECT FROM monitor.alert_rule r JOIN monitor.model m USING (model_id) WHERE r.name = _backtest.rule AND (_backtest.model IS NULL OR m.name = _backtest.model) AND monitor._rank(caller, m.model_id) >= 1) THEN
		RAISE EXCEPTION 'rule "%" does not exist', rule USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.alert_rules lists the rules of the models that you may see.';
	END IF;
	RETURN QUERY SELECT b.* FROM monitor.alert_rule r JOIN monitor.model m USING (model_id)
		CROSS JOIN LATERAL monitor._backtest_rule(r, from_time, to_time) AS b
		WHERE r.name = _backtest.rule AND (_backtest.model IS NULL OR m.name = _backtest.model) AND monitor._rank(caller, m.model_id) >= 1
		ORDER BY b.opened_at, b.feature;
END;
$$;
COMMENT ON FUNCTION monitor._backtest(oid, text, timestamptz, timestamptz, text) IS 'backtest, as the caller';
REVOKE ALL ON FUNCTION monitor._backtest(oid, text, timestamptz, timestamptz, text) FROM PUBLIC;
