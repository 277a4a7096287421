--
-- Rules: made, refused, removed.
--

-- Names of a list; a comma that is part of a name is written \,
CREATE FUNCTION monitor._names(pattern text) RETURNS SETOF text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT btrim(p) FROM pg_catalog.regexp_split_to_table(pattern, '(?<!\\),') AS p;
	END;
COMMENT ON FUNCTION monitor._names(text) IS 'The alternatives of a pattern, as they are written';

-- A pattern as a regular expression: * stands for any characters, commas separate alternatives.
CREATE FUNCTION monitor._pattern(pattern text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT '^(?:' || coalesce(string_agg(replace(regexp_replace(replace(p, '\,', ','), '([][().?+{}^$|\\])', '\\\1', 'g'), '*', '.*'), '|'), '') || ')$'
		FROM monitor._names(pattern) AS p;
	END;
COMMENT ON FUNCTION monitor._pattern(text) IS 'A pattern with * and commas as an anchored regular expression';

-- Metrics that a model can have, whether or not they were measured yet.
CREATE FUNCTION monitor._known_metrics(m monitor.model) RETURNS SETOF text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT unnest('{drift.psi,drift.ks,drift.wasserstein,drift.js,quality.missing_ratio,quality.unseen_ratio,quality.out_of_range_ratio,quality.nan_ratio,quality.constant,quality.vanished_categories,quality.volume,quality.freshness,quality.future_rows,quality.rows_without_time,importance.ranking_ndcg}'::text[])
		UNION SELECT unnest(monitor._metrics_said(m, ''))
		UNION SELECT 'business.' || c.name FROM monitor.custom_metric c WHERE c.model_id = m.model_id
		UNION SELECT k || '.' || monitor._verdict_metric(m.task, m.score) FROM unnest('{performance,estimated}'::text[]) AS k
		UNION SELECT 'resource.' || f.role || s FROM monitor.feature f, unnest('{_p50,_p95,_p99,_mean}'::text[]) AS s WHERE f.model_id = m.model_id AND f.role IN ('latency', 'cpu', 'memory')
		UNION SELECT 'cost.' || s FROM monitor.feature f, unnest('{total,per_row}'::text[]) AS s WHERE f.model_id = m.model_id AND f.role = 'cost';
	END;
COMMENT ON FUNCTION monitor._known_metrics(monitor.model) IS 'Names of metrics that a rule may compare';
REVOKE ALL ON FUNCTION monitor._known_metrics(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._check_rule_choices(compares text, direction text, per text, no_data text, on_error text) RETURNS void
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT monitor._check_choice('compares', compares, '{verdict,value,change,learnt}'), monitor._check_choice('direction', direction, '{above,below,outside}'),
			monitor._check_choice('per', per, '{series,model}'), monitor._check_choice('no_data', no_data, '{state,alerting,ok,keep_last}'),
			monitor._check_choice('on_error', on_error, '{state,alerting,ok,keep_last}');
	END;
COMMENT ON FUNCTION monitor._check_rule_choices(text, text, text, text, text) IS 'Error if a setting of a rule is none of its words; NULL is not looked at';
REVOKE ALL ON FUNCTION monitor._check_rule_choices(text, text, text, text, text) FROM PUBLIC;

-- Thresholds that nothing is compared with, or that everything is beyond, are not meant.
CREATE FUNCTION monitor._check_thresholds(r monitor.alert_rule) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	given jsonb := jsonb_strip_nulls(jsonb_build_object('warning', r.warning, 'critical', r.critical, 'warning_low', r.warning_low, 'critical_low', r.critical_low, 'recovery', r.recovery));
	bad text;
BEGIN
	SELECT format('%s must be a finite number, got %s', key, value) INTO bad FROM jsonb_each_text(given) WHERE value IN ('NaN', 'Infinity', '-Infinity') ORDER BY key LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION '%', bad USING ERRCODE = 'invalid_parameter_value';
	ELSIF r.compares = 'verdict' AND given <> '{}' THEN
		RAISE EXCEPTION 'a verdict has limits of its own: % is compared with nothing', (SELECT min(k) FROM jsonb_object_keys(given) AS k) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Leave the limits out, or let compares be ''value''.';
	ELSIF r.compares <> 'verdict' AND r.warning IS NULL AND r.critical IS NULL THEN
		RAISE EXCEPTION 'a rule that compares % needs warning or critical', r.compares USING ERRCODE = 'invalid_parameter_value', HINT = 'Or leave both out and let compares be ''verdict''.';
	ELSIF r.compares = 'evaluation_age' AND r.direction <> 'above' THEN
		RAISE EXCEPTION 'rule "%" fires above so many buckets without a good run, not %', r.name, r.direction USING ERRCODE = 'invalid_parameter_value';
	ELSIF r.compares = 'learnt' AND least(r.warning, r.critical) <= 0 THEN
		RAISE EXCEPTION 'learnt limits are numbers of standard deviations above 0, got %', least(r.warning, r.critical) USING ERRCODE = 'invalid_parameter_value',
			HINT = 'direction says on which side of what was learnt.';
	ELSIF (r.direction = 'below' AND r.compares <> 'learnt' AND r.critical > r.warning) OR ((r.direction <> 'below' OR r.compares = 'learnt') AND r.critical < r.warning) THEN
		RAISE EXCEPTION 'critical (%) must lie beyond warning (%) for direction %', r.critical, r.warning, r.direction
			USING ERRCODE = 'invalid_parameter_value', HINT = 'direction is above, below or outside.';
	ELSIF r.recovery IS NOT NULL AND (r.compares NOT IN ('value', 'change') OR r.direction = 'outside') THEN
		RAISE EXCEPTION 'recovery is for value and change, above or below; % % recovers where it is not in breach', r.compares, r.direction USING ERRCODE = 'invalid_parameter_value',
			HINT = 'keep_firing_for holds an alert that may come back.';
	ELSIF (r.direction = 'above' AND r.recovery > coalesce(r.warning, r.critical)) OR (r.direction = 'below' AND r.recovery < coalesce(r.warning, r.critical)) THEN
		RAISE EXCEPTION 'recovery (%) must lie on the calm side of the threshold', r.recovery USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM monitor._check_low_thresholds(r);
END;
$$;
COMMENT ON FUNCTION monitor._check_thresholds(monitor.alert_rule) IS 'Error, naming the setting, if the limits of a rule cannot be meant';
REVOKE ALL ON FUNCTION monitor._check_thresholds(monitor.alert_rule) FROM PUBLIC;

CREATE FUNCTION monitor._check_low_thresholds(r monitor.alert_rule) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF r.direction <> 'outside' OR r.compares NOT IN ('value', 'change') THEN
		IF num_nonnulls(r.warning_low, r.critical_low) > 0 THEN
			RAISE EXCEPTION 'warning_low and critical_low are for direction outside, where value or change is compared; got % and %', r.direction, r.compares USING ERRCODE = 'invalid_parameter_value',
				HINT = CASE r.compares WHEN 'learnt' THEN 'What is learnt lies as far on both sides.' ELSE 'For direction below, warning and critical are the lower limits.' END;
		END IF;
	ELSIF coalesce(r.warning_low, r.critical_low) IS NULL THEN
		RAISE EXCEPTION 'direction outside needs warning_low or critical_low' USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the lower limits too.';
	ELSIF greatest(r.warning_low, r.critical_low) > least(r.warning, r.critical) THEN
		RAISE EXCEPTION 'lower limits (%, %) must lie below the upper ones (%, %)', r.warning_low, r.critical_low, r.warning, r.critical USING ERRCODE = 'invalid_parameter_value';
	ELSIF r.critical_low > r.warning_low THEN
		RAISE EXCEPTION 'critical_low (%) must lie beyond warning_low (%)', r.critical_low, r.warning_low USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_low_thresholds(monitor.alert_rule) IS 'Error, naming the setting, if the lower limits of a rule cannot be meant';
REVOKE ALL ON FUNCTION monitor._check_low_thresholds(monitor.alert_rule) FROM PUBLIC;

-- Settings that have a default: not NULL, and of a size that can be meant.
CREATE FUNCTION monitor._check_rule_settings(r monitor.alert_rule) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	p monitor._alert_policy := r.policy;
BEGIN
	PERFORM monitor._check_name('a rule', r.name, 200);
	PERFORM monitor._check_given(jsonb_build_object('direction', r.direction, 'per', r.per, 'labels', r.labels, 'annotations', r.annotations, 'raw', r.raw, 'min_samples', r.min_samples,
		'stale_after', r.stale_after, 'hold_for', p.hold_for, 'keep_firing_for', p.keep_firing_for, 'n', p.n, 'm', p.m, 'no_data', p.no_data, 'no_data_for', p.no_data_for,
		'on_error', p.error, 'error_limit', p.error_limit, 'flap_half_life', p.flap_half_life));
	PERFORM monitor._check_duration('hold_for', p.hold_for), monitor._check_duration('keep_firing_for', p.keep_firing_for),
		monitor._check_duration('no_data_for', p.no_data_for), monitor._check_duration('flap_half_life', p.flap_half_life);
	IF r.stale_after < 1 OR p.error_limit < 1 THEN
		RAISE EXCEPTION 'stale_after and error_limit must be 1 or more, got % and %', r.stale_after, p.error_limit USING ERRCODE = 'invalid_parameter_value';
	ELSIF r.min_samples < 0 THEN
		RAISE EXCEPTION 'min_samples must be 0 or more, got %', r.min_samples USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_rule_settings(monitor.alert_rule) IS 'Error, naming the setting, if one of those with a default cannot be meant';
REVOKE ALL ON FUNCTION monitor._check_rule_settings(monitor.alert_rule) FROM PUBLIC;

-- What a rule is of, when it is made; features that are dropped later leave it as it is.
CREATE FUNCTION monitor._check_rule_names(r monitor.alert_rule, m monitor.model) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	known text[] := ARRAY(SELECT k FROM monitor._known_metrics(m) AS k ORDER BY k);
	bad text;
BEGIN
	SELECT p INTO bad FROM monitor._names(r.metric) AS p WHERE NOT EXISTS (SELECT FROM unnest(known) AS k WHERE k ~ monitor._pattern(p)) LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'metric "%" is unknown for model "%"', bad, m.name USING ERRCODE = 'undefined_object',
			HINT = 'Metrics are ' || array_to_string(known, ', ') || '; * stands for any characters.';
	END IF;
	SELECT p INTO bad FROM monitor._names(r.feature) AS p
	WHERE r.feature <> '' AND NOT EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND NOT f.dropped AND f.name ~ monitor._pattern(p)) LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'feature "%" does not exist in model "%"', bad, m.name USING ERRCODE = 'undefined_object', HINT = 'describe_model lists them; * stands for any characters.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_rule_names(monitor.alert_rule, monitor.model) IS 'Error if a rule names a metric or a feature that the model does not have';
REVOKE ALL ON FUNCTION monitor._check_rule_names(monitor.alert_rule, monitor.model) FROM PUBLIC;

-- Not every metric has a reference to change against; a rule that compares it would be silent for ever.
CREATE FUNCTION monitor._warn_of_no_change(r monitor.alert_rule) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	never text := CASE WHEN r.compares = 'change' THEN (SELECT string_agg(t.metric, ', ' ORDER BY t.metric) FROM (
		SELECT x.metric FROM monitor.measurement x WHERE x.model_id = r.model_id AND x.metric ~ monitor._pattern(r.metric) GROUP BY x.metric HAVING count(x.effect_size) = 0) AS t) END;
BEGIN
	IF never IS NOT NULL THEN
		RAISE WARNING 'no change against the baseline has ever been measured of %', never USING HINT = 'Compare the value, or let limits be learnt: compares => ''learnt''.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._warn_of_no_change(monitor.alert_rule) IS 'Warns of a rule that waits for what is not measured';
REVOKE ALL ON FUNCTION monitor._warn_of_no_change(monitor.alert_rule) FROM PUBLIC;

CREATE FUNCTION monitor._check_rule(r monitor.alert_rule, m monitor.model) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	bad text;
BEGIN
	PERFORM monitor._check_rule_settings(r);
	-- labels arrive later than rows: one alert cannot follow both
	IF r.per = 'model' AND 'performance.x' ~ monitor._pattern(r.metric) AND EXISTS (SELECT FROM monitor._known_metrics(m) AS k WHERE k NOT LIKE 'performance.%' AND k ~ monitor._pattern(r.metric)) THEN
		RAISE EXCEPTION 'one alert per model cannot be of performance, which waits for labels, and of other metrics ("%")', r.metric USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Make two rules, or let per be ''series''.';
	END IF;
	PERFORM monitor._check_thresholds(r);
	IF r.runbook_url !~ '^https?://[^[:space:][:cntrl:]<>"]+$' THEN
		RAISE EXCEPTION 'runbook_url must begin with http:// or https:// and be one address, got "%"', r.runbook_url USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF jsonb_typeof(r.labels) <> 'object' OR jsonb_typeof(r.annotations) <> 'object' THEN
		RAISE EXCEPTION 'labels and annotations are objects: {"team": "risk"}' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT k INTO bad FROM jsonb_each(r.labels) AS l(k, v) WHERE k !~ '^[A-Za-z_][A-Za-z0-9_]*$' OR jsonb_typeof(v) <> 'string' OR k IN ('alertname', 'model', 'metric', 'feature', 'segment', 'severity') LIMIT 1;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'label "%" is not a name of letters, digits and _ with a string, or is one of those every alert has', bad USING ERRCODE = 'invalid_parameter_value',
			HINT = 'alertname, model, metric, feature, segment and severity are set by monitor.';
	END IF;
	SELECT k INTO bad FROM jsonb_each_text(r.labels) AS l(k, v) WHERE length(v) > 1000 LIMIT 1;
	IF bad IS NOT NULL THEN
		-- matchers with look-ahead take time that grows with its square
		RAISE EXCEPTION 'label "%" has more than 1000 characters', bad USING ERRCODE = 'invalid_parameter_value', HINT = 'Annotations may be longer.';
	END IF;
	-- refuses what the machine would refuse later
	PERFORM monitor._alert_walk(r.policy, NULL, '{}', '{}', '{}');
END;
$$;
COMMENT ON FUNCTION monitor._check_rule(monitor.alert_rule, monitor.model) IS 'Error, naming the setting, if a rule cannot be meant';
REVOKE ALL ON FUNCTION monitor._check_rule(monitor.alert_rule, monitor.model) FROM PUBLIC;

-- Features that are expressions and segments of several dimensions have commas in their names: such a name, as the
-- views show it, is one.
CREATE FUNCTION monitor._whole_feature(m monitor.model, given text) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.name = given) THEN replace(given, ',', '\,') ELSE given END;
	END;
COMMENT ON FUNCTION monitor._whole_feature(monitor.model, text) IS 'A pattern of features; the name of one is not taken for a list';
REVOKE ALL ON FUNCTION monitor._whole_feature(monitor.model, text) FROM PUBLIC;

CREATE FUNCTION monitor._whole_segment(m monitor.model, given text) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN given LIKE '%,%' AND (
				EXISTS (SELECT FROM monitor.segment g
					CROSS JOIN LATERAL (SELECT string_agg(regexp_replace(o.name, '([][().?+{}^$|\\*])', '\\\1', 'g') || '=("[^"]*"|((?!, ).)*)', ', ' ORDER BY o.position) AS expression
						FROM monitor.segment o WHERE o.model_id = g.model_id AND cardinality(o.members) = 1 AND o.name = ANY (g.members)) AS x
					WHERE g.model_id = m.model_id AND given ~ ('^' || x.expression || '$') AND (cardinality(g.members) > 1 OR given ~ '=".*"$'))
				OR EXISTS (SELECT FROM monitor.measurement x WHERE x.model_id = m.model_id AND x.segment = given))
			THEN replace(given, ',', '\,') ELSE given END;
	END;
COMMENT ON FUNCTION monitor._whole_segment(monitor.model, text) IS 'A pattern of segments; the name of one is not taken for a list';
REVOKE ALL ON FUNCTION monitor._whole_segment(monitor.model, text) FROM PUBLIC;

CREATE FUNCTION monitor.create_rule(name text, model text, metric text, feature text DEFAULT NULL, segment text DEFAULT '',
	warning double precision DEFAULT NULL, critical double precision DEFAULT NULL, direction text DEFAULT 'above', compares text DEFAULT NULL, per text DEFAULT 'series',
	warning_low double precision DEFAULT NULL, critical_low double precision DEFAULT NULL, recovery double precision DEFAULT NULL, raw boolean DEFAULT false,
	hold_for interval DEFAULT '0', keep_firing_for interval DEFAULT '0', n integer DEFAULT 1, m integer DEFAULT 1, min_samples bigint DEFAULT 0,
	no_data text DEFAULT 'keep_last', no_data_for interval DEFAULT '0', on_error text DEFAULT 'keep_last', error_limit integer DEFAULT 3, stale_after integer DEFAULT 3,
	flap_half_life interval DEFAULT '7 days', labels jsonb DEFAULT '{}', annotations jsonb DEFAULT '{}', runbook_url text DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_rule(text, text, text, text, text, double precision, double precision, text, text, text, double precision, double precision, double precision, boolean,
	interval, interval, integer, integer, bigint, text, interval, text, integer, integer, interval, jsonb, jsonb, text) IS
	'Makes a rule, and tells how often it would have fired in the last 90 days; without thresholds it follows verdicts';

CREATE FUNCTION monitor._create_rule(caller oid, name text, model text, metric text, feature text, segment text,
	warning double precision, critical double precision, direction text, compares text, per text,
	warning_low double precision, critical_low double precision, recovery double precision, raw boolean,
	hold_for interval, keep_firing_for interval, n integer, m integer, min_samples bigint,
	no_data text, no_data_for interval, on_error text, error_limit integer, stale_after integer,
	flap_half_life interval, labels jsonb, annotations jsonb, runbook_url text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	of_model monitor.model := monitor._model(caller, model, 'owner');
	r monitor.alert_rule;
BEGIN
	IF metric IS NULL THEN
		RAISE EXCEPTION 'a rule needs a metric' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	IF EXISTS (SELECT FROM monitor.alert_rule t WHERE t.model_id = of_model.model_id AND t.name = _create_rule.name) THEN
		RAISE EXCEPTION 'model "%" has a rule "%" already', model, name USING ERRCODE = 'duplicate_object', HINT = 'drop_rule(model, name) removes it; its history stays.';
	END IF;
	compares := coalesce(compares, CASE WHEN coalesce(warning, critical) IS NULL THEN 'verdict' ELSE 'value' END);
	PERFORM monitor._check_rule_choices(compares, direction, per, no_data, on_error);
	-- metrics of features are meant for all features, others have none
	feature := coalesce(feature, CASE WHEN EXISTS (SELECT FROM monitor._known_metrics(of_model) AS k WHERE k ~ monitor._pattern(metric) AND k ~ '^(drift|importance)\.|^quality\.(missing|unseen|out_of|nan|constant|vanished)')
		AND EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = of_model.model_id AND NOT f.dropped) THEN '*' ELSE '' END);
	r := ROW(nextval('monitor.alert_rule_rule_id_seq'), of_model.model_id, name, metric, monitor._whole_feature(of_model, feature), monitor._whole_segment(of_model, coalesce(segment, '')), per, compares, direction, warning, critical, warning_low, critical_low,
		recovery, raw, min_samples, ROW(hold_for, keep_firing_for, no_data_for, flap_half_life, n, m, error_limit, no_data, on_error)::monitor._alert_policy, stale_after,
		labels, annotations, runbook_url, true, false, 1, monitor.now(), '{}', clock_timestamp(), monitor._actor(), NULL)::monitor.alert_rule;
	PERFORM monitor._check_rule_names(r, of_model), monitor._check_rule(r, of_model), monitor._warn_of_no_change(r);
	r.earlier_alarms := ARRAY(SELECT b.opened_at FROM monitor._backtest_rule(r, monitor.now() - '90 days'::interval, monitor.now()) AS b ORDER BY 1);
	INSERT INTO monitor.alert_rule SELECT (r).*;
	RAISE NOTICE 'rule "%" would have fired % times in the last 90 days', name, cardinality(r.earlier_alarms);
	RETURN r.rule_id;
END;
$$;
COMMENT ON FUNCTION monitor._create_rule(oid, text, text, text, text, text, double precision, double precision, text, text, text, double precision, double precision, double precision, boolean,
	interval, interval, integer, integer, bigint, text, interval, text, integer, integer, interval, jsonb, jsonb, text) IS 'create_rule, as the caller';
REVOKE ALL ON FUNCTION monitor._create_rule(oid, text, text, text, text, text, double precision, double precision, text, text, text, double precision, double precision, double precision, boolean,
	interval, interval, integer, integer, bigint, text, interval, text, integer, integer, interval, jsonb, jsonb, text) FROM PUBLIC;

CREATE FUNCTION monitor._rule(caller oid, model text, name text, level text) RETURNS monitor.alert_rule
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, level);
	r monitor.alert_rule;
BEGIN
	SELECT t.* INTO r FROM monitor.alert_rule t WHERE t.model_id = m.model_id AND t.name = _rule.name;
	IF r.rule_id IS NULL THEN
		RAISE EXCEPTION 'model "%" has no rule "%"', model, name USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.alert_rules lists them.';
	END IF;
	RETURN r;
END;
$$;
COMMENT ON FUNCTION monitor._rule(oid, text, text, text) IS 'A rule by its name, if the caller has this level for its model';
REVOKE ALL ON FUNCTION monitor._rule(oid, text, text, text) FROM PUBLIC;

-- What a rule is of stays what it is: other series would be other alerts.
CREATE FUNCTION monitor.alter_rule(model text, name text, warning double precision DEFAULT NULL, critical double precision DEFAULT NULL, direction text DEFAULT NULL, compares text DEFAULT NULL,
	warning_low double precision DEFAULT NULL, critical_low double precision DEFAULT NULL, recovery double precision DEFAULT NULL, raw boolean DEFAULT NULL,
	hold_for interval DEFAULT NULL, keep_firing_for interval DEFAULT NULL, n integer DEFAULT NULL, m integer DEFAULT NULL, min_samples bigint DEFAULT NULL,
	no_data text DEFAULT NULL, no_data_for interval DEFAULT NULL, on_error text DEFAULT NULL, error_limit integer DEFAULT NULL, stale_after integer DEFAULT NULL,
	flap_half_life interval DEFAULT NULL, labels jsonb DEFAULT NULL, annotations jsonb DEFAULT NULL, runbook_url text DEFAULT NULL) RETURNS integer
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.alter_rule(text, text, double precision, double precision, text, text, double precision, double precision, double precision, boolean,
	interval, interval, integer, integer, bigint, text, interval, text, integer, integer, interval, jsonb, jsonb, text) IS
	'Changes what is given of a rule, whose open alerts go on under it; tells how often it would have fired in the last 90 days, gives its version';

CREATE FUNCTION monitor._alter_rule(caller oid, model text, name text, warning double precision, critical double precision, direction text, compares text,
	warning_low double precision, critical_low double precision, recovery double precision, raw boolean,
	hold_for interval, keep_firing_for interval, n integer, m integer, min_samples bigint,
	no_data text, no_data_for interval, on_error text, error_limit integer, stale_after integer,
	flap_half_life interval, labels jsonb, annotations jsonb, runbook_url text) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.alert_rule := monitor._rule(caller, model, name, 'owner');
	p monitor._alert_policy := r.policy;
	of_model monitor.model := monitor._model(caller, model, 'owner');
	alarms timestamptz[];
BEGIN
	IF r.compares = 'evaluation_age' AND coalesce(compares, 'evaluation_age') <> 'evaluation_age' THEN
		RAISE EXCEPTION 'rule "%" is of the age of the last check, and compares nothing else', name USING ERRCODE = 'invalid_parameter_value', HINT = 'create_rule makes a rule of a metric.';
	END IF;
	-- thresholds given to a rule that follows verdicts are meant
	compares := coalesce(compares, CASE WHEN r.compares = 'verdict' AND coalesce(warning, critical) IS NOT NULL THEN 'value' ELSE r.compares END);
	PERFORM monitor._check_rule_choices(nullif(compares, 'evaluation_age'), direction, NULL, no_data, on_error);
	r.warning := coalesce(warning, r.warning);
	r.critical := coalesce(critical, r.critical);
	r.direction := coalesce(direction, r.direction);
	r.compares := compares;
	r.warning_low := coalesce(warning_low, r.warning_low);
	r.critical_low := coalesce(critical_low, r.critical_low);
	r.recovery := coalesce(recovery, r.recovery);
	r.raw := coalesce(raw, r.raw);
	r.min_samples := coalesce(min_samples, r.min_samples);
	r.stale_after := coalesce(stale_after, r.stale_after);
	r.runbook_url := coalesce(runbook_url, r.runbook_url);
	-- what the rule has no use for any more goes, unless it was given now
	IF r.compares = 'verdict' THEN
		r.warning := warning; r.critical := critical;
	END IF;
	IF r.direction <> 'outside' OR r.compares NOT IN ('value', 'change') THEN
		r.warning_low := warning_low; r.critical_low := critical_low;
	END IF;
	IF r.direction = 'outside' OR r.compares NOT IN ('value', 'change') THEN
		r.recovery := recovery;
	END IF;
	r.labels := coalesce(labels, r.labels);
	r.annotations := coalesce(annotations, r.annotations);
	r.policy := ROW(coalesce(hold_for, p.hold_for), coalesce(keep_firing_for, p.keep_firing_for), coalesce(no_data_for, p.no_data_for), coalesce(flap_half_life, p.flap_half_life),
		coalesce(n, p.n), coalesce(m, p.m), coalesce(error_limit, p.error_limit), coalesce(no_data, p.no_data), coalesce(on_error, p.error))::monitor._alert_policy;
	r.version := r.version + 1;
	PERFORM monitor._check_rule(r, of_model), monitor._warn_of_no_change(r);
	alarms := ARRAY(SELECT b.opened_at FROM monitor._backtest_rule(r, monitor.now() - '90 days'::interval, monitor.now()) AS b ORDER BY 1);
	-- from when it was made on, what it really raised is counted
	r.earlier_alarms := ARRAY(SELECT a FROM unnest(alarms) AS a WHERE a < r.since);
	UPDATE monitor.alert_rule t SET warning = r.warning, critical = r.critical, direction = r.direction, compares = r.compares, warning_low = r.warning_low, critical_low = r.critical_low,
		recovery = r.recovery, raw = r.raw, min_samples = r.min_samples, policy = r.policy, stale_after = r.stale_after, labels = r.labels, annotations = r.annotations,
		runbook_url = r.runbook_url, version = r.version, earlier_alarms = r.earlier_alarms WHERE t.rule_id = r.rule_id;
	RAISE NOTICE 'rule "%" would have fired % times in the last 90 days', name, cardinality(alarms);
	RETURN r.version;
END;
$$;
COMMENT ON FUNCTION monitor._alter_rule(oid, text, text, double precision, double precision, text, text, double precision, double precision, double precision, boolean,
	interval, interval, integer, integer, bigint, text, interval, text, integer, integer, interval, jsonb, jsonb, text) IS 'alter_rule, as the caller';
REVOKE ALL ON FUNCTION monitor._alter_rule(oid, text, text, double precision, double precision, text, text, double precision, double precision, double precision, boolean,
	interval, interval, integer, integer, bigint, text, interval, text, integer, integer, interval, jsonb, jsonb, text) FROM PUBLIC;

CREATE FUNCTION monitor.drop_rule(model text, name text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_rule(text, text) IS 'Removes a rule; its open alerts resolve, its history stays';

CREATE FUNCTION monitor._drop_rule(caller oid, model text, name text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.alert_rule := monitor._rule(caller, model, name, 'owner');
BEGIN
	PERFORM monitor._resolve_instances(r, 'rule removed');
	DELETE FROM monitor.alert_instance i WHERE i.rule_id = r.rule_id;
	DELETE FROM monitor.alert_rule t WHERE t.rule_id = r.rule_id;
END;
$$;
COMMENT ON FUNCTION monitor._drop_rule(oid, text, text) IS 'drop_rule, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_rule(oid, text, text) FROM PUBLIC;

CREATE FUNCTION monitor.enable_rule(model text, name text, enabled boolean DEFAULT true) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.enable_rule(text, text, boolean) IS 'Switches a rule on or off; off, its open alerts resolve';

CREATE FUNCTION monitor._enable_rule(caller oid, model text, name text, enabled boolean) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.alert_rule := monitor._rule(caller, model, name, 'owner');
BEGIN
	PERFORM monitor._check_given(jsonb_build_object('enabled', enabled));
	UPDATE monitor.alert_rule t SET enabled = _enable_rule.enabled, version = t.version + 1, since = CASE WHEN _enable_rule.enabled THEN monitor.now() ELSE t.since END
	WHERE t.rule_id = r.rule_id AND t.enabled <> _enable_rule.enabled;
	IF FOUND AND NOT enabled THEN
		PERFORM monitor._resolve_instances(r, 'rule switched off');
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._enable_rule(oid, text, text, boolean) IS 'enable_rule, as the caller';
REVOKE ALL ON FUNCTION monitor._enable_rule(oid, text, text, boolean) FROM PUBLIC;

-- What every model has from its registration on; each is one alert of the model that lists what is in breach.
CREATE FUNCTION monitor._create_default_rules(m monitor.model) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO monitor.alert_rule (model_id, name, metric, feature, segment, per, compares, direction, warning, critical, policy, annotations, is_default, since, created_by)
		SELECT m.model_id, d.name, d.metric, d.feature, '', 'model', d.compares, 'above', CASE d.compares WHEN 'evaluation_age' THEN 3 END, CASE d.compares WHEN 'evaluation_age' THEN 6 END,
			ROW('0', '0', '0', '7 days', 1, 1, 3, 'keep_last', 'keep_last')::monitor._alert_policy, jsonb_build_object('summary', d.summary), true, monitor.now(), monitor._actor()
		FROM (VALUES
			('drift', 'drift.psi', '*', 'verdict', 'what the model sees or says has changed'),
			('performance', 'performance.*', '', 'verdict', 'the model does worse than in its baseline'),
			('estimated performance', 'estimated.*', '', 'verdict', 'the model is estimated to do worse than in its baseline, before labels arrive'),
			('volume and freshness', 'quality.volume,quality.freshness', '', 'verdict', 'predictions are missing, late, or many more than usual'),
			('missing surge', 'quality.missing_ratio,quality.nan_ratio', '*', 'verdict', 'values are missing that used to be there'),
			('evaluation stale', 'evaluation_age', '', 'evaluation_age', 'the model has not been checked: monitor.run() does not run, or fails')
		) AS d(name, metric, feature, compares, summary)
		WHERE m.task <> 'none' OR d.name NOT LIKE '%performance';
	END;
COMMENT ON FUNCTION monitor._create_default_rules(monitor.model) IS 'The rules that every model has';
REVOKE ALL ON FUNCTION monitor._create_default_rules(monitor.model) FROM PUBLIC;
