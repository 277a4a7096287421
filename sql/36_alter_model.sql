--
-- Models over time: changed, suspended, compared with something else, removed.
--

-- ---- state ----

CREATE FUNCTION monitor.suspend_model(model text, reason text DEFAULT NULL) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.suspend_model(text, text) IS 'Stops collecting and judging; changes are noted all the same';

CREATE FUNCTION monitor._suspend_model(caller oid, model text, reason text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'operator');
BEGIN
	UPDATE monitor.model t SET suspended = true, suspended_reason = coalesce(reason, 'suspended by ' || monitor._actor()) WHERE t.model_id = m.model_id;
END;
$$;
COMMENT ON FUNCTION monitor._suspend_model(oid, text, text) IS 'suspend_model, as the caller';
REVOKE ALL ON FUNCTION monitor._suspend_model(oid, text, text) FROM PUBLIC;

CREATE FUNCTION monitor.resume_model(model text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.resume_model(text) IS 'Ends a suspension; the next run catches up';

CREATE FUNCTION monitor._resume_model(caller oid, model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'operator');
BEGIN
	UPDATE monitor.model t SET suspended = false, suspended_reason = NULL, resumed_at = monitor.now() WHERE t.model_id = m.model_id AND t.suspended;
END;
$$;
COMMENT ON FUNCTION monitor._resume_model(oid, text) IS 'resume_model, as the caller';
REVOKE ALL ON FUNCTION monitor._resume_model(oid, text) FROM PUBLIC;

-- What ends a model or its baseline waits for the run that is under way, and keeps others
-- from beginning; both would else fail in the middle of their work.
CREATE FUNCTION monitor._wait_for_run(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(monitor._lock_key(m.model_id));
END;
$$;
COMMENT ON FUNCTION monitor._wait_for_run(monitor.model) IS 'Waits until no run of a model is under way';
REVOKE ALL ON FUNCTION monitor._wait_for_run(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor.drop_model(model text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.drop_model(text) IS 'Removes a model, its triggers and all that was counted and measured of it; the audit trail stays';

CREATE FUNCTION monitor._drop_model(caller oid, model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'owner');
	of_model text;
BEGIN
	PERFORM monitor._wait_for_run(m);
	PERFORM monitor._detach_triggers(m);
	PERFORM monitor._end_alerts(m, 'model removed');
	DELETE FROM monitor.reference r USING monitor.baseline b WHERE b.baseline_id = r.baseline_id AND b.model_id = m.model_id;
	DELETE FROM monitor.reference_outcomes r USING monitor.baseline b WHERE b.baseline_id = r.baseline_id AND b.model_id = m.model_id;
	DELETE FROM monitor.reference_stream r USING monitor.baseline b WHERE b.baseline_id = r.baseline_id AND b.model_id = m.model_id;
	DELETE FROM monitor.reference_segment r USING monitor.baseline b WHERE b.baseline_id = r.baseline_id AND b.model_id = m.model_id;
	DELETE FROM monitor.group_member b USING monitor.alert_episode e WHERE e.episode_id = b.episode_id AND e.model_id = m.model_id;
	DELETE FROM monitor.escalation_state s USING monitor.alert_episode e WHERE e.episode_id = s.episode_id AND e.model_id = m.model_id;
	FOR of_model IN SELECT unnest(ARRAY['alert_instance', 'alert_transition', 'suppression', 'alert_episode', 'alert_rule', 'silence', 'route', 'measurement', 'episode', 'stream_state', 'run', 'bucket_features', 'bucket_outcomes', 'bucket', 'source_part', 'dirty_key', 'dirty_range',
			'watermark', 'baseline', 'custom_metric', 'segment', 'feature', 'access_grant', 'model']) LOOP
		EXECUTE format('DELETE FROM monitor.%I WHERE model_id = $1', of_model) USING m.model_id;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._drop_model(oid, text) IS 'drop_model, as the caller';
REVOKE ALL ON FUNCTION monitor._drop_model(oid, text) FROM PUBLIC;

-- ---- settings ----

CREATE FUNCTION monitor.alter_model(model text, new_name text DEFAULT NULL, owner regrole DEFAULT NULL, decision_threshold double precision DEFAULT NULL,
	label_delay interval DEFAULT NULL, min_label_coverage double precision DEFAULT NULL, label_null_means text DEFAULT NULL, seasonality text DEFAULT NULL,
	source_retention interval DEFAULT NULL, look_back interval DEFAULT NULL, add_features text[] DEFAULT NULL, drop_features text[] DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.alter_model(text, text, regrole, double precision, interval, double precision, text, text, interval, interval, text[], text[]) IS
	'Changes settings of a model; what features are counted around changes with a new baseline; gives what describe_model says';

CREATE FUNCTION monitor._alter_model(caller oid, model text, new_name text, owner regrole, decision_threshold double precision,
	label_delay interval, min_label_coverage double precision, label_null_means text, seasonality text,
	source_retention interval, look_back interval, add_features text[], drop_features text[]) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'owner');
	unknown text := (SELECT coalesce(d, 'NULL') FROM unnest(drop_features) AS d WHERE NOT EXISTS (
		SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.name = d AND f.role IN ('feature', 'attribution') AND NOT f.dropped) LIMIT 1);
BEGIN
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION 'model "%" has no feature "%"', model, unknown USING ERRCODE = 'undefined_object', HINT = 'describe_model lists them.';
	END IF;
	IF new_name <> m.name THEN
		PERFORM pg_advisory_xact_lock(hashtextextended('monitor.model ' || new_name, 0));
		IF EXISTS (SELECT FROM monitor.model o WHERE o.name = new_name) THEN
			RAISE EXCEPTION 'model "%" already exists', new_name USING ERRCODE = 'duplicate_object';
		END IF;
	END IF;
	IF owner IS NOT NULL THEN
		m.owner_oid := monitor._choose_owner(caller, m.source, owner);
	END IF;
	m.name := coalesce(new_name, m.name);
	m.decision_threshold := coalesce(decision_threshold, m.decision_threshold);
	m.label_delay := coalesce(label_delay, m.label_delay);
	m.min_label_coverage := coalesce(min_label_coverage, m.min_label_coverage);
	m.label_null_means := coalesce(label_null_means, m.label_null_means);
	m.seasonality := coalesce(seasonality, m.seasonality);
	m.source_retention := coalesce(source_retention, m.source_retention);
	m.look_back := coalesce(look_back, m.look_back);
	PERFORM monitor._check_settings(m);
	IF decision_threshold IS NOT NULL AND m.prediction_type = 'threshold' THEN
		m := monitor._predict_by_threshold(m);
		UPDATE monitor.feature f SET expression = format('(%s)::text', m.prediction) WHERE f.model_id = m.model_id AND f.role = 'prediction';
	END IF;
	UPDATE monitor.model t SET
		name = m.name,
		owner_oid = m.owner_oid,
		owner = CASE WHEN _alter_model.owner IS NULL THEN t.owner ELSE (SELECT r.rolname FROM pg_roles r WHERE r.oid = m.owner_oid) END,
		owner_cluster = CASE WHEN _alter_model.owner IS NULL THEN t.owner_cluster ELSE monitor._cluster() END,
		decision_threshold = m.decision_threshold,
		prediction = m.prediction,
		choices = m.choices,
		label_delay = m.label_delay,
		min_label_coverage = m.min_label_coverage,
		label_null_means = m.label_null_means,
		seasonality = m.seasonality,
		source_retention = m.source_retention,
		look_back = m.look_back
	WHERE t.model_id = m.model_id RETURNING * INTO m;
	IF label_null_means IS NOT NULL OR label_delay IS NOT NULL AND m.label_null_means = 'negative' THEN
		-- rows without a label are of another class now
		INSERT INTO monitor.dirty_range (model_id, from_time, to_time, what) VALUES (m.model_id, '-infinity', 'infinity', 'labels');
	END IF;
	UPDATE monitor.feature f SET dropped = true WHERE f.model_id = m.model_id AND f.name = ANY (drop_features);
	UPDATE monitor.episode e SET closed_at = monitor.now(), closed_because = 'feature dropped' WHERE e.model_id = m.model_id AND e.closed_at IS NULL AND e.feature = ANY (drop_features);
	-- of other rules the series that are gone resolve as stale
	PERFORM monitor._resolve_instances(r, 'feature dropped') FROM monitor.alert_rule r
	WHERE cardinality(drop_features) > 0 AND r.model_id = m.model_id AND r.feature <> ''
		AND NOT EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND NOT f.dropped AND f.name ~ monitor._pattern(r.feature));
	IF cardinality(add_features) > 0 THEN
		PERFORM monitor._require_rights_of_owner(caller, m);
	END IF;
	PERFORM monitor._add_feature(caller, m, a, a, 'feature') FROM unnest(add_features) AS a;
	PERFORM monitor._check_superuser_owner(m, monitor._expressions_of(m));
	IF cardinality(add_features) > 0 THEN
		PERFORM monitor._try_expressions(m);
	END IF;
	IF cardinality(add_features) > 0 OR decision_threshold IS NOT NULL OR seasonality IS NOT NULL THEN
		PERFORM monitor._rebuild_baseline(m, 'settings changed');
	END IF;
	RETURN monitor._describe_model(caller, m.name);
END;
$$;
COMMENT ON FUNCTION monitor._alter_model(oid, text, text, regrole, double precision, interval, double precision, text, text, interval, interval, text[], text[]) IS 'alter_model, as the caller';
REVOKE ALL ON FUNCTION monitor._alter_model(oid, text, text, regrole, double precision, interval, double precision, text, text, interval, interval, text[], text[]) FROM PUBLIC;

CREATE FUNCTION monitor.reassign_models(from_owner name, to_owner regrole) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.reassign_models(name, regrole) IS 'Gives models of a role, which may be gone, to one that the caller is a member of; gives their number';

CREATE FUNCTION monitor._reassign_models(caller oid, from_owner name, to_owner regrole) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model;
	moved bigint := 0;
BEGIN
	PERFORM monitor._require_admin(caller);
	IF from_owner IS NULL OR to_owner IS NULL THEN
		RAISE EXCEPTION 'from_owner and to_owner must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	-- what others wrote into a model runs with its owner's rights: nobody gives those of a role that are not his
	FOR m IN SELECT t.* FROM monitor.model t WHERE t.owner = from_owner ORDER BY t.model_id LOOP
		m.owner_oid := monitor._choose_owner(caller, m.source, to_owner);
		m.owner := (SELECT r.rolname FROM pg_roles r WHERE r.oid = m.owner_oid);
		PERFORM monitor._check_superuser_owner(m, monitor._expressions_of(m));
		UPDATE monitor.model t SET owner = m.owner, owner_oid = m.owner_oid, owner_cluster = monitor._cluster() WHERE t.model_id = m.model_id;
		moved := moved + 1;
	END LOOP;
	RETURN moved;
END;
$$;
COMMENT ON FUNCTION monitor._reassign_models(oid, name, regrole) IS 'reassign_models, as the caller';
REVOKE ALL ON FUNCTION monitor._reassign_models(oid, name, regrole) FROM PUBLIC;

-- ---- baselines ----

-- The same range anew: measurements made with the old one keep it.
CREATE FUNCTION monitor._rebuild_baseline(m monitor.model, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	b monitor.baseline := monitor._current_baseline(m.model_id);
	counted bigint;
BEGIN
	IF b.baseline_id IS NOT NULL THEN
		-- a source may have let go of rows that were counted: without them there would be nothing to compare with
		counted := (SELECT r.num_rows FROM monitor.reference r WHERE r.baseline_id = b.baseline_id AND r.segment = '' AND r.stratum = 0);
		IF b.kind <> 'query' AND counted > 0 AND (monitor._count_up_to(m, ARRAY[b.from_time], ARRAY[b.to_time], 1 + least(counted / 2, 1000000)::integer))[1] <= least(counted / 2, 1000000) THEN
			RAISE EXCEPTION 'most rows of the baseline, % to %, are gone: it cannot be counted anew', b.from_time, b.to_time USING ERRCODE = 'object_not_in_prerequisite_state',
				HINT = format('Give model %s a baseline of rows that are still there: SELECT monitor.set_baseline(%1$L, from_time => ..., to_time => ...);', m.name);
		END IF;
		PERFORM monitor._supersede(m, why);
		INSERT INTO monitor.baseline (model_id, kind, from_time, to_time, source_query, windows, version, provisional, comment, created_by)
		VALUES (b.model_id, b.kind, b.from_time, b.to_time, b.source_query, b.windows, b.version, b.provisional, why, monitor._actor());
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._rebuild_baseline(monitor.model, text) IS 'Has the baseline counted anew with the present settings';
REVOKE ALL ON FUNCTION monitor._rebuild_baseline(monitor.model, text) FROM PUBLIC;

-- Ends the present baseline: open episodes end with it, streams start afresh.
CREATE FUNCTION monitor._supersede(m monitor.model, why text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._wait_for_run(m);
	UPDATE monitor.baseline b SET superseded_at = clock_timestamp() WHERE b.model_id = m.model_id AND b.superseded_at IS NULL;
	UPDATE monitor.episode e SET closed_at = monitor.now(), closed_because = why WHERE e.model_id = m.model_id AND e.closed_at IS NULL;
	DELETE FROM monitor.stream_state s WHERE s.model_id = m.model_id;
END;
$$;
COMMENT ON FUNCTION monitor._supersede(monitor.model, text) IS 'Ends the present baseline and what was open against it';
REVOKE ALL ON FUNCTION monitor._supersede(monitor.model, text) FROM PUBLIC;

CREATE FUNCTION monitor.set_baseline(model text, from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL, version text DEFAULT NULL, source_query text DEFAULT NULL,
	rolling integer DEFAULT NULL, comment text DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.set_baseline(text, timestamptz, timestamptz, text, text, integer, text) IS
	'Compares a model with other rows from now on: a range, those of a version, those of a query, or the last buckets (rolling => 1: the previous one); old measurements keep their baseline';

CREATE FUNCTION monitor._set_baseline(caller oid, model text, from_time timestamptz, to_time timestamptz, version text, source_query text, rolling integer, comment text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'owner');
	b monitor.baseline := monitor._current_baseline(m.model_id);
	range record;
BEGIN
	IF version IS NOT NULL AND m.version IS NULL THEN
		RAISE EXCEPTION 'model "%" has no version column', model USING ERRCODE = 'invalid_parameter_value';
	ELSIF rolling < 1 OR rolling > 512 THEN
		RAISE EXCEPTION 'rolling must be between 1 and 512 buckets, got %', rolling USING ERRCODE = 'invalid_parameter_value';
	ELSIF num_nonnulls(version, source_query, rolling) > 1 THEN
		RAISE EXCEPTION 'a baseline is of a version, of a query or rolling' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	-- confirming the provisional range is no change of it
	IF num_nonnulls(from_time, to_time, version, source_query, rolling) = 0 AND b.baseline_id IS NOT NULL THEN
		UPDATE monitor.baseline t SET provisional = false, comment = coalesce(_set_baseline.comment, 'confirmed') WHERE t.baseline_id = b.baseline_id;
		RETURN format('baseline %s to %s confirmed', b.from_time, b.to_time);
	END IF;
	IF source_query IS NOT NULL THEN
		PERFORM monitor._require_rights_of_owner(caller, m);
		-- it has to be a query that gives the columns: tried once, as it will be run
		PERFORM monitor._check_superuser_owner(m, ARRAY[source_query]);
		BEGIN
			PERFORM t.n FROM monitor._read(monitor._reader(m), format('SELECT count(*) FROM (SELECT %s FROM (%s) AS s LIMIT 1) AS r',
				(SELECT string_agg(f.expression, ', ' ORDER BY f.position) FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role = 'feature' AND NOT f.dropped), source_query)) AS t(n bigint);
		EXCEPTION WHEN syntax_error_or_access_rule_violation THEN
			RAISE EXCEPTION 'source_query fails: %', SQLERRM USING ERRCODE = SQLSTATE,
				HINT = 'It must be one SELECT, of tables whose schemas it names, that gives the columns that the features of the model read.';
		END;
	END IF;
	range := monitor._choose_range(m, from_time, to_time);
	PERFORM monitor._supersede(m, coalesce(comment, 'new baseline'));
	IF NOT monitor._insert_range(m, range.from_time, range.to_time, from_time IS NULL, comment) THEN
		IF from_time IS NULL THEN
			RAISE EXCEPTION 'half of the history holds fewer than 1,000 rows, too few to choose a baseline of' USING ERRCODE = 'no_data_found', HINT = 'Name a range: from_time => ..., to_time => ....';
		END IF;
		RAISE EXCEPTION 'no whole bucket of one % with rows between % and %', m.granularity, range.from_time, range.to_time USING ERRCODE = 'no_data_found',
			HINT = format('SELECT min(%1$s), max(%1$s) FROM %2$s AS s; tells what there is.', m.time_expression, m.source);
	END IF;
	b := monitor._current_baseline(m.model_id);
	UPDATE monitor.baseline t SET kind = CASE WHEN _set_baseline.version IS NOT NULL THEN 'version' WHEN _set_baseline.source_query IS NOT NULL THEN 'query' WHEN rolling IS NOT NULL THEN 'rolling' ELSE t.kind END,
		version = _set_baseline.version, source_query = _set_baseline.source_query, windows = rolling, provisional = false
	WHERE t.baseline_id = b.baseline_id;
	IF NOT EXISTS (SELECT FROM monitor._read(monitor._reader(m), format('SELECT 1 FROM %s LIMIT 1', monitor._rows_sql(m, b.baseline_id, b.from_time, b.to_time, false))) AS t(x integer)) THEN
		RAISE EXCEPTION '%', CASE WHEN version IS NULL THEN 'source_query gives no rows' ELSE format('no rows of version "%s" between %s and %s', version, b.from_time, b.to_time) END
			USING ERRCODE = 'no_data_found';
	END IF;
	PERFORM monitor._resolve_drift(m, 'new baseline');
	RETURN format('baseline %s to %s (whole buckets of one %s)%s; the next run counts it', b.from_time, b.to_time, m.granularity,
		CASE WHEN version IS NOT NULL THEN format(', rows of version %s', version) WHEN source_query IS NOT NULL THEN ', rows of the query'
			WHEN rolling IS NOT NULL THEN format(', then the last %s', rolling) ELSE '' END);
END;
$$;
COMMENT ON FUNCTION monitor._set_baseline(oid, text, timestamptz, timestamptz, text, text, integer, text) IS 'set_baseline, as the caller';
REVOKE ALL ON FUNCTION monitor._set_baseline(oid, text, timestamptz, timestamptz, text, text, integer, text) FROM PUBLIC;

-- What has changed is how it is from now on: the last buckets become the baseline.
CREATE FUNCTION monitor.accept_drift(model text, feature text DEFAULT NULL, comment text DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.accept_drift(text, text, text) IS
	'Accepts a drift as the new normal: the time since its episode opened becomes the baseline; the comment goes into the audit trail';

CREATE FUNCTION monitor._accept_drift(caller oid, model text, feature text, comment text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'operator');
	opened timestamptz;
	closed_to timestamptz;
	b monitor.baseline;
BEGIN
	PERFORM monitor._wait_for_run(m);
	SELECT w.closed_to INTO closed_to FROM monitor.watermark w WHERE w.model_id = m.model_id;
	SELECT max(e.opened_at) INTO opened FROM monitor.episode e
	WHERE e.model_id = m.model_id AND e.closed_at IS NULL AND (_accept_drift.feature IS NULL OR e.feature = _accept_drift.feature);
	IF opened IS NULL THEN
		RAISE EXCEPTION 'no drift of % is open', coalesce('feature "' || feature || '"', 'model "' || model || '"') USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	opened := least(opened - monitor._step(m.granularity), closed_to - CASE m.granularity WHEN 'hour' THEN '2 days'::interval WHEN 'day' THEN '14 days'::interval ELSE '8 weeks'::interval END);
	PERFORM monitor._supersede(m, 'accepted: ' || coalesce(comment, 'no comment'));
	IF NOT monitor._insert_range(m, opened, closed_to, false, 'accepted drift' || coalesce(' of ' || feature, '') || coalesce(': ' || comment, '')) THEN
		RAISE EXCEPTION 'no rows since %', opened USING ERRCODE = 'no_data_found';
	END IF;
	PERFORM monitor._resolve_drift(m, 'accepted' || coalesce(': ' || comment, ''));
	b := monitor._current_baseline(m.model_id);
	RETURN format('baseline %s to %s; the next run counts it', b.from_time, b.to_time);
END;
$$;
COMMENT ON FUNCTION monitor._accept_drift(oid, text, text, text) IS 'accept_drift, as the caller';
REVOKE ALL ON FUNCTION monitor._accept_drift(oid, text, text, text) FROM PUBLIC;

-- ---- a table for those who have none ----

-- Runs with the caller's own rights: the table is his.
CREATE FUNCTION monitor.create_prediction_log(table_name text, features jsonb DEFAULT '{}', partitioned boolean DEFAULT false) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	part text;
	columns text := '';
	bad text := (SELECT o.key FROM jsonb_each(CASE jsonb_typeof(features) WHEN 'object' THEN features END) AS o WHERE jsonb_typeof(o.value) <> 'string' LIMIT 1);
	names text[] := parse_ident(table_name);
	target text := (SELECT string_agg(quote_ident(n), '.' ORDER BY k) FROM unnest(names) WITH ORDINALITY AS u(n, k));
BEGIN
	-- the parts of the statement are quoted where they are made: @plpgsql_check_options: security_warnings = false
	IF table_name IS NULL THEN
		RAISE EXCEPTION 'table_name must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF jsonb_typeof(features) <> 'object' THEN
		RAISE EXCEPTION 'features must be an object of columns and their types, got %', features USING ERRCODE = 'invalid_parameter_value', HINT = '{"income": "numeric", "country": "text"}';
	ELSIF bad IS NOT NULL THEN
		RAISE EXCEPTION 'the type of column "%" must be a string', bad USING ERRCODE = 'invalid_parameter_value', HINT = '{"income": "numeric", "country": "text"}';
	END IF;
	IF cardinality(names) <> 2 THEN
		RAISE EXCEPTION 'name the schema too: %', table_name USING ERRCODE = 'invalid_schema_name', HINT = 'For example: public.predictions.';
	END IF;
	SELECT coalesce(string_agg(format(', %I %s', o.key, format_type(o.value::regtype, NULL)), ''), '') INTO columns FROM jsonb_each_text(features) AS o;
	part := CASE WHEN partitioned THEN ' PARTITION BY RANGE (predicted_at)' ELSE '' END;
	EXECUTE format('CREATE TABLE %s (prediction_id bigint GENERATED ALWAYS AS IDENTITY, predicted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
		model_version text, score double precision, prediction text, label text, labelled_at timestamptz, latency_ms double precision, cost double precision%s,
		PRIMARY KEY (prediction_id, predicted_at))%s', target, columns, part);
	EXECUTE format('CREATE INDEX ON %s (predicted_at)', target);
	RETURN format('table %s; register it: SELECT monitor.create_model(''name'', source => %L, time_column => ''predicted_at'', score => ''score'', label => ''label'', positive_class => ''...'', version => ''model_version'', latency => ''latency_ms'', cost => ''cost'', exclude => ''{labelled_at}'');',
		target, target);
END;
$$;
COMMENT ON FUNCTION monitor.create_prediction_log(text, jsonb, boolean) IS 'Creates a table for predictions, with the columns and the index that monitoring wants';
