--
-- create_model and its siblings.
--

CREATE FUNCTION monitor.create_model(name text, source regclass, time_column text, score text DEFAULT NULL, prediction text DEFAULT NULL,
	label text DEFAULT NULL, task text DEFAULT NULL, positive_class text DEFAULT NULL, decision_threshold double precision DEFAULT 0.5,
	label_source regclass DEFAULT NULL, label_key text DEFAULT NULL, source_key text DEFAULT NULL, label_time text DEFAULT NULL,
	label_delay interval DEFAULT '0', min_label_coverage double precision DEFAULT 0.8, label_null_means text DEFAULT 'unknown',
	features text[] DEFAULT NULL, exclude text[] DEFAULT '{}', segments jsonb DEFAULT '[]', crosses jsonb DEFAULT '[]', segment_cap integer DEFAULT 20,
	version text DEFAULT NULL, score_classes text[] DEFAULT NULL, query_id text DEFAULT NULL, rank text DEFAULT NULL, relevance text DEFAULT NULL,
	latency text DEFAULT NULL, cpu text DEFAULT NULL, memory text DEFAULT NULL, cost text DEFAULT NULL, cost_rate double precision DEFAULT 1,
	attributions text DEFAULT NULL, metrics jsonb DEFAULT '{}', granularity text DEFAULT NULL, time_zone text DEFAULT 'UTC',
	seasonality text DEFAULT 'auto', baseline_from timestamptz DEFAULT NULL, baseline_to timestamptz DEFAULT NULL,
	source_retention interval DEFAULT NULL, look_back interval DEFAULT NULL, owner regrole DEFAULT NULL) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.create_model(text, regclass, text, text, text, text, text, text, double precision, regclass, text, text, text, interval,
	double precision, text, text[], text[], jsonb, jsonb, integer, text, text[], text, text, text, text, text, text, text, double precision, text, jsonb,
	text, text, text, timestamptz, timestamptz, interval, interval, regrole) IS
	'Registers a model over the table where its predictions are; gives what describe_model says';

CREATE FUNCTION monitor._create_model(caller oid, name text, source regclass, time_column text, score text, prediction text,
	label text, task text, positive_class text, decision_threshold double precision,
	label_source regclass, label_key text, source_key text, label_time text,
	label_delay interval, min_label_coverage double precision, label_null_means text,
	features text[], exclude text[], segments jsonb, crosses jsonb, segment_cap integer,
	version text, score_classes text[], query_id text, rank text, relevance text,
	latency text, cpu text, memory text, cost text, cost_rate double precision,
	attributions text, metrics jsonb, granularity text, time_zone text,
	seasonality text, baseline_from timestamptz, baseline_to timestamptz,
	source_retention interval, look_back interval, owner regrole) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model;
	range record;
	chosen oid;
BEGIN
	IF coalesce(name, '') = '' OR source IS NULL THEN
		RAISE EXCEPTION 'a model needs a name and a source' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM monitor._check_source('source', source), monitor._check_source('label_source', label_source);
	-- of two at once the second one waits, and is told so
	PERFORM pg_advisory_xact_lock(hashtextextended('monitor.model ' || name, 0));
	IF EXISTS (SELECT FROM monitor.model o WHERE o.name = _create_model.name) THEN
		RAISE EXCEPTION 'model "%" already exists', name USING ERRCODE = 'duplicate_object',
			HINT = 'alter_model changes it, drop_model removes it.';
	END IF;
	PERFORM monitor._check_choice('granularity', granularity, ARRAY['hour', 'day', 'week']);
	chosen := monitor._choose_owner(caller, source, owner);
	m.model_id := nextval('monitor.model_model_id_seq');
	m.name := name;
	m.owner := (SELECT r.rolname FROM pg_roles r WHERE r.oid = chosen);
	m.owner_oid := chosen;
	m.owner_cluster := monitor._cluster();
	m.source := source;
	m.time_zone := time_zone;
	m.task := task;
	m.decision_threshold := decision_threshold;
	m.label_source := label_source;
	m.label_delay := label_delay;
	m.min_label_coverage := min_label_coverage;
	m.label_null_means := label_null_means;
	m.score_classes := score_classes;
	m.seasonality := seasonality;
	m.source_retention := source_retention;
	m.look_back := look_back;
	m.suspended := false;
	m.choices := '[]';
	m.created_at := clock_timestamp();
	m.created_by := monitor._actor();
	PERFORM monitor._check_settings(m);
	m := monitor._set_time(caller, m, time_column);
	IF m.time_type = 'date' AND granularity = 'hour' THEN
		RAISE EXCEPTION 'granularity must be day or week where the time is a date, got hour' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Name a column that holds the time of day too.';
	END IF;
	m.version := (monitor._parse_expression(caller, source, version, 'version')).expression;
	m.query_id := (monitor._parse_expression(caller, source, query_id, 'query_id')).expression;
	m.rank := (monitor._parse_expression(caller, source, rank, 'rank')).expression;
	m.relevance := (monitor._parse_expression(caller, source, relevance, 'relevance')).expression;
	m := monitor._set_label_source(caller, m, label_key, source_key, label_time);
	m := monitor._set_score(caller, m, score);
	m := monitor._set_label(caller, m, label, positive_class);
	m := monitor._set_prediction(caller, m, prediction);
	IF m.task = 'binary' AND m.score IS NOT NULL AND coalesce(task, label) IS NOT NULL THEN
		PERFORM monitor._check_score(m);
	END IF;
	PERFORM monitor._check_ranking(caller, m, rank, relevance);
	range := monitor._choose_range(m, baseline_from, baseline_to);
	m.granularity := granularity;
	IF granularity IS NULL THEN
		SELECT i.granularity, m.choices || monitor._choice('granularity', i.granularity, i.reason) INTO m.granularity, m.choices
		FROM monitor._infer_granularity(m, range.from_time, range.to_time) AS i;
	END IF;
	INSERT INTO monitor.model SELECT m.*;
	IF features IS NULL THEN
		PERFORM monitor._infer_features(caller, m, monitor._columns_of(caller, source, ARRAY[time_column, score, prediction, version, query_id, rank,
			relevance, latency, cpu, memory, cost, attributions, CASE WHEN label_source IS NULL THEN label END]), coalesce(exclude, '{}'));
	ELSE
		PERFORM monitor._add_feature(caller, m, f, f, 'feature') FROM unnest(features) AS f;
	END IF;
	PERFORM monitor._add_operations(caller, m, latency, cpu, memory, cost, cost_rate, attributions);
	PERFORM monitor._add_segments(caller, m, coalesce(segments, '[]'), coalesce(crosses, '[]'), segment_cap);
	PERFORM monitor._add_metrics(caller, m, metrics);
	PERFORM monitor._check_superuser_owner(m, monitor._expressions_of(m));
	PERFORM monitor._try_expressions(m);
	IF NOT monitor._insert_range(m, range.from_time, range.to_time, baseline_from IS NULL) AND baseline_from IS NOT NULL THEN
		RAISE EXCEPTION 'no whole bucket of one % with rows between % and %', m.granularity, baseline_from, baseline_to USING ERRCODE = 'no_data_found',
			HINT = 'Leave the baseline out: it is chosen once half of the history holds 1,000 rows, or by set_baseline.';
	END IF;
	INSERT INTO monitor.watermark (model_id, closed_to, closed_to_local) VALUES (m.model_id, '-infinity', '-infinity');
	PERFORM monitor._attach_or_look_back(m);
	PERFORM monitor._create_default_rules(m);
	RETURN monitor._describe_model(caller, name);
END;
$$;
COMMENT ON FUNCTION monitor._create_model(oid, text, regclass, text, text, text, text, text, text, double precision, regclass, text, text, text, interval,
	double precision, text, text[], text[], jsonb, jsonb, integer, text, text[], text, text, text, text, text, text, text, double precision, text, jsonb,
	text, text, text, timestamptz, timestamptz, interval, interval, regrole) IS 'create_model, as the caller';
REVOKE ALL ON FUNCTION monitor._create_model(oid, text, regclass, text, text, text, text, text, text, double precision, regclass, text, text, text, interval,
	double precision, text, text[], text[], jsonb, jsonb, integer, text, text[], text, text, text, text, text, text, text, double precision, text, jsonb,
	text, text, text, timestamptz, timestamptz, interval, interval, regrole) FROM PUBLIC;

-- nDCG wants the rows of a query, what each is worth, and what order they were given.
CREATE FUNCTION monitor._check_ranking(caller oid, m monitor.model, rank text, relevance text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	bad text;
BEGIN
	IF m.task <> 'ranking' THEN
		RETURN;
	ELSIF m.query_id IS NULL OR m.relevance IS NULL OR m.rank IS NULL AND m.score IS NULL THEN
		RAISE EXCEPTION 'a ranking model needs query_id, relevance, and score or rank' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'query_id tells which rows were ranked together, relevance how good each was.';
	END IF;
	PERFORM monitor._require_number('relevance', relevance, (monitor._parse_expression(caller, m.source, relevance, 'relevance')).type);
	PERFORM monitor._require_number('rank', rank, (monitor._parse_expression(caller, m.source, rank, 'rank')).type);
	SELECT r.v INTO bad FROM monitor._read(m.owner_oid, format('SELECT (%1$s)::text FROM %2$s AS s WHERE NOT (%1$s)::double precision BETWEEN 0 AND 1e308 LIMIT 1', m.relevance, monitor._sample_sql(m))) AS r(v text);
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION 'relevance must be a finite number of at least 0, got %', bad USING ERRCODE = 'numeric_value_out_of_range';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_ranking(oid, monitor.model, text, text) IS 'Error unless a ranking can be measured';
REVOKE ALL ON FUNCTION monitor._check_ranking(oid, monitor.model, text, text) FROM PUBLIC;

-- Every expression of the user's that is run over the source or the label table (those
-- that inference made of one column are ours).
CREATE FUNCTION monitor._expressions_of(m monitor.model) RETURNS text[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT array_agg(e) FROM (
			SELECT unnest(ARRAY[m.time_expression, m.score, m.label, m.label_key, m.source_key, m.label_time, m.version, m.query_id, m.rank, m.relevance,
				CASE WHEN m.prediction_type <> 'threshold' THEN m.prediction END]) AS e
			UNION ALL SELECT f.expression FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role NOT IN ('skipped', 'prediction')
				AND (f.of_feature IS NULL OR f.reason IS NULL)
			UNION ALL SELECT unnest(g.expressions) FROM monitor.segment g WHERE g.model_id = m.model_id
			UNION ALL SELECT unnest(ARRAY[c.numerator, c.denominator, c.aggregate]) FROM monitor.custom_metric c WHERE c.model_id = m.model_id) AS t
		WHERE e IS NOT NULL;
	END;
COMMENT ON FUNCTION monitor._expressions_of(monitor.model) IS 'All expressions of the user''s that run over a model''s source';
REVOKE ALL ON FUNCTION monitor._expressions_of(monitor.model) FROM PUBLIC;

-- What fails for some row of a sample would fail each run: it is refused while somebody looks.
-- Plain columns cannot.
CREATE FUNCTION monitor._try_expressions(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	tried record;
	of_labels text[] := CASE WHEN m.label_source IS NOT NULL THEN ARRAY[m.label, m.label_key, m.label_time] END;
BEGIN
	FOR tried IN
		SELECT DISTINCT e AS expression, CASE WHEN e = ANY (of_labels) THEN format('(SELECT l.* FROM %s AS l LIMIT 20000) AS l', m.label_source) ELSE monitor._sample_sql(m) || ' AS s' END AS rows,
			EXISTS (SELECT FROM monitor.custom_metric c WHERE c.model_id = m.model_id AND c.aggregate = e) AS is_aggregate
		FROM unnest(monitor._expressions_of(m)) AS e
		WHERE e !~ '^(monitor\._double)?\(?[sl]\.("([^"]|"")+"|[a-z_][a-z0-9_$]*)\)?(::text)?$'
			-- features that are columns are numbers already
			AND NOT (e ~ '^\([sl]\.("([^"]|"")+"|[a-z_][a-z0-9_$]*)\)::double precision$' AND EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.expression = e AND f.kind = 'numeric'))
		ORDER BY 1
	LOOP
		BEGIN
			PERFORM t.tried FROM monitor._read(monitor._reader(m), format('SELECT (%s)::text FROM %s', CASE WHEN tried.is_aggregate THEN tried.expression ELSE format('count(%s)', tried.expression) END, tried.rows)) AS t(tried text);
		EXCEPTION WHEN data_exception OR datatype_mismatch OR cannot_coerce OR undefined_function OR raise_exception THEN
			RAISE EXCEPTION '% fails: %', tried.expression, SQLERRM USING ERRCODE = SQLSTATE, HINT = 'Guard it, for example with CASE or nullif: each run would fail.';
		END;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._try_expressions(monitor.model) IS 'Error if an expression fails for a row of a sample';
REVOKE ALL ON FUNCTION monitor._try_expressions(monitor.model) FROM PUBLIC;

-- ---- the default baseline ----

CREATE FUNCTION monitor._choose_range(m monitor.model, baseline_from timestamptz, baseline_to timestamptz, OUT from_time timestamptz, OUT to_time timestamptz)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF baseline_from IS NULL AND baseline_to IS NULL THEN
		SELECT r.from_time, r.to_time INTO from_time, to_time FROM monitor._default_range(m) AS r;
	ELSIF baseline_from IS NULL OR baseline_to IS NULL OR baseline_to <= baseline_from THEN
		RAISE EXCEPTION 'a baseline must begin before it ends, got % and %', coalesce(baseline_from::text, 'NULL'), coalesce(baseline_to::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give both times, or none of them.';
	ELSE
		from_time := baseline_from;
		to_time := baseline_to;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._choose_range(monitor.model, timestamptz, timestamptz) IS 'The baseline''s range as given, or the default one';
REVOKE ALL ON FUNCTION monitor._choose_range(monitor.model, timestamptz, timestamptz) FROM PUBLIC;

-- A baseline over a range, rounded inward to buckets; false: it holds too few rows.  It neither
-- begins before there are rows nor ends after now: a range may be given up to the ends of time.
CREATE FUNCTION monitor._insert_range(m monitor.model, from_time timestamptz, to_time timestamptz, by_default boolean, comment text DEFAULT NULL) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	rows integer;
BEGIN
	IF monitor._bucket_start(from_time, m.granularity, m.time_zone) < from_time THEN
		from_time := monitor._bucket_end(monitor._bucket_start(from_time, m.granularity, m.time_zone), m.granularity, m.time_zone);
	END IF;
	from_time := greatest(from_time, (SELECT monitor._bucket_start(e.first_time, m.granularity, m.time_zone) FROM monitor._time_extent(m) AS e));
	to_time := monitor._bucket_start(least(to_time, monitor.now()), m.granularity, m.time_zone);
	IF from_time IS NULL OR to_time <= from_time THEN
		rows := 0;
	ELSE
		rows := (monitor._count_up_to(m, ARRAY[from_time], ARRAY[to_time], 1000))[1];
	END IF;
	IF by_default AND rows < 1000 OR rows = 0 THEN
		RETURN false;
	END IF;
	INSERT INTO monitor.baseline (model_id, kind, from_time, to_time, provisional, comment, created_by)
	VALUES (m.model_id, 'range', from_time, to_time, by_default, comment, monitor._actor());
	RETURN true;
END;
$$;
COMMENT ON FUNCTION monitor._insert_range(monitor.model, timestamptz, timestamptz, boolean, text) IS 'Adds a baseline over a range, rounded inward to whole buckets';
REVOKE ALL ON FUNCTION monitor._insert_range(monitor.model, timestamptz, timestamptz, boolean, text) FROM PUBLIC;

-- At each run until there is a baseline.
CREATE FUNCTION monitor._default_baseline(m monitor.model) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	range record := monitor._default_range(m);
BEGIN
	RETURN monitor._insert_range(m, range.from_time, range.to_time, true, 'chosen by default');
END;
$$;
COMMENT ON FUNCTION monitor._default_baseline(monitor.model) IS 'Adds the default baseline, if the data allow it now';
REVOKE ALL ON FUNCTION monitor._default_baseline(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._current_baseline(model_id bigint) RETURNS monitor.baseline
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT b FROM monitor.baseline b
		WHERE b.model_id = _current_baseline.model_id AND b.superseded_at IS NULL
		ORDER BY b.baseline_id DESC LIMIT 1);
END;
$$;
COMMENT ON FUNCTION monitor._current_baseline(bigint) IS 'The baseline that a model is compared with now';
REVOKE ALL ON FUNCTION monitor._current_baseline(bigint) FROM PUBLIC;

-- ---- telling back ----

CREATE FUNCTION monitor.describe_model(model text) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.describe_model(text) IS 'What is watched of a model, as what, against what, and which of it was inferred why';

CREATE FUNCTION monitor._describe_model(caller oid, model text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'viewer');
	b monitor.baseline := monitor._current_baseline(m.model_id);
BEGIN
	RETURN concat_ws(E'\n',
		format('model "%s": %s, over %s, read as %s', m.name, m.task, m.source, m.owner),
		format('  time        %s, in buckets of one %s (%s)', m.time_expression, m.granularity, m.time_zone),
		'  score       ' || m.score, '  prediction  ' || m.prediction,
		'  label       ' || m.label || coalesce(' of ' || m.label_source::text || ' where ' || m.label_key || ' = ' || m.source_key, '')
			|| coalesce(', positive: ' || m.positive_class, '') || coalesce(', arrives at ' || m.label_time, '')
			|| CASE WHEN m.label_delay > '0' THEN ', counts once its row is ' || m.label_delay || ' old' ELSE '' END,
		CASE WHEN m.task = 'ranking' THEN format('  ranking     of the rows of one %s by %s, each worth %s', m.query_id, coalesce(m.rank, 'score'), m.relevance) END,
		'  changes     ' || CASE WHEN m.look_back IS NULL THEN 'seen by triggers' ELSE 'looked for ' || m.look_back::text || ' back at each run' END,
		CASE WHEN b.baseline_id IS NULL THEN '  baseline    none yet: it is chosen once half of the history holds 1,000 rows, or by set_baseline'
			WHEN b.kind = 'range' THEN format('  baseline    %s to %s%s', b.from_time, b.to_time, CASE WHEN b.provisional THEN ', provisional (chosen by default)' ELSE '' END)
			ELSE format('  baseline    %s', b.kind) END,
		(SELECT string_agg(format('  inferred    %s = %s: %s', c ->> 'setting', c ->> 'value', c ->> 'reason'), E'\n' ORDER BY n)
			FROM jsonb_array_elements(m.choices) WITH ORDINALITY AS u(c, n)),
		(SELECT string_agg(format('  %-12s%s: %s%s', f.role, f.name, f.kind, coalesce(' (' || f.reason || ')', '')), E'\n' ORDER BY f.position)
			FROM monitor.feature f WHERE f.model_id = m.model_id AND NOT f.dropped AND f.role <> 'skipped'),
		(SELECT string_agg(format('  not watched %s: %s', f.name, f.reason), E'\n' ORDER BY f.position)
			FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role = 'skipped'),
		(SELECT string_agg(format('  segment     %s: %s, at most %s values', g.name, array_to_string(g.expressions, ' x '), g.cap), E'\n' ORDER BY g.position)
			FROM monitor.segment g WHERE g.model_id = m.model_id),
		(SELECT string_agg(format('  business    %s: %s', c.name, coalesce(c.aggregate, 'sum ' || c.numerator || coalesce(' / sum ' || c.denominator, ''))), E'\n' ORDER BY c.position)
			FROM monitor.custom_metric c WHERE c.model_id = m.model_id));
END;
$$;
COMMENT ON FUNCTION monitor._describe_model(oid, text) IS 'describe_model, as the caller';
REVOKE ALL ON FUNCTION monitor._describe_model(oid, text) FROM PUBLIC;
