--
-- Models: registered over the table where their predictions are.
--

CREATE FUNCTION monitor._choice(setting text, value text, reason text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('setting', setting, 'value', value, 'reason', reason));
	END;
COMMENT ON FUNCTION monitor._choice(text, text, text) IS 'One thing that was inferred, for describe_model';

-- A model of a superuser runs as the owner of its source; where that is a superuser too
-- it reads plain columns of tables only, so that no function of somebody else's runs with his rights.
CREATE FUNCTION monitor._choose_owner(caller oid, source regclass, owner regrole) RETURNS oid
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	chosen oid := coalesce(owner::oid, caller);
	is_super boolean := (SELECT r.rolsuper FROM pg_roles r WHERE r.oid = chosen);
BEGIN
	IF owner IS NOT NULL AND NOT pg_has_role(caller, owner, monitor._membership()) THEN
		RAISE EXCEPTION 'you are not a member of role %', owner USING ERRCODE = 'insufficient_privilege';
	END IF;
	IF owner IS NULL AND is_super THEN
		SELECT c.relowner INTO chosen FROM pg_class c WHERE c.oid = source;
	END IF;
	IF NOT has_table_privilege(chosen, source, 'SELECT') AND NOT has_any_column_privilege(chosen, source, 'SELECT') THEN
		RAISE EXCEPTION 'role % may not read %', chosen::regrole, source
			USING ERRCODE = 'insufficient_privilege', HINT = format('GRANT SELECT ON %s TO %s;', source, chosen::regrole);
	END IF;
	RETURN chosen;
END;
$$;
COMMENT ON FUNCTION monitor._choose_owner(oid, regclass, regrole) IS 'The role that a model reads its source with';
REVOKE ALL ON FUNCTION monitor._choose_owner(oid, regclass, regrole) FROM PUBLIC;

CREATE FUNCTION monitor._check_source(setting text, source regclass) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c pg_class;
BEGIN
	SELECT t.* INTO c FROM pg_class t WHERE t.oid = source;
	IF source IS NOT NULL AND c.oid IS NULL THEN
		RAISE EXCEPTION '% % does not exist', setting, source USING ERRCODE = 'undefined_table';
	ELSIF c.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
		RAISE EXCEPTION '% must be a table or a view, which % is not', setting, source USING ERRCODE = 'wrong_object_type';
	ELSIF c.relpersistence = 't' THEN
		RAISE EXCEPTION 'a temporary table cannot be watched: no other session sees it' USING ERRCODE = 'wrong_object_type';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_source(text, regclass) IS 'Error unless rows can be read from there by any session; NULL is not looked at';

CREATE FUNCTION monitor._check_superuser_owner(m monitor.model, expressions text[]) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	kind "char" := (SELECT c.relkind FROM pg_class c WHERE c.oid = m.source);
	foreign_type text := (SELECT format('%s of %s', format_type(a.atttypid, NULL), a.attname)
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
		WHERE a.attrelid IN (m.source, m.label_source) AND a.attnum > 0 AND NOT a.attisdropped AND t.typtype <> 'e'
			AND (t.typnamespace <> 'pg_catalog'::regnamespace) LIMIT 1);
	complex text := (SELECT e FROM unnest(expressions) AS e WHERE e !~ '^(monitor\._double)?\(?(-?[0-9.]+|[sl]\.("([^"]|"")+"|[a-z_][a-z0-9_$]*))\)?(::(double precision|text|bigint|integer|boolean))?$' LIMIT 1);
BEGIN
	IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.oid = m.owner_oid) THEN
		RETURN;
	END IF;
	IF kind NOT IN ('r', 'p') OR complex IS NOT NULL OR foreign_type IS NOT NULL THEN
		RAISE EXCEPTION 'a model that reads as superuser "%" can watch plain columns of tables only', m.owner
			USING ERRCODE = 'insufficient_privilege',
				DETAIL = coalesce('This is an expression: ' || complex, 'This type is not one of PostgreSQL''s own: ' || foreign_type,
					format('%s is not a table.', m.source)),
				HINT = 'Name a role without superuser rights that may read the source: owner => ''role''.';
	END IF;
	RAISE NOTICE 'model "%" reads as superuser "%"', m.name, m.owner
		USING HINT = 'Better name a role that may only read the source: owner => ''role''.';
END;
$$;
COMMENT ON FUNCTION monitor._check_superuser_owner(monitor.model, text[]) IS 'Refuses expressions that would run with a superuser''s rights';
REVOKE ALL ON FUNCTION monitor._check_superuser_owner(monitor.model, text[]) FROM PUBLIC;

-- ---- the parts of a model ----

CREATE FUNCTION monitor._check_choice(setting text, value text, allowed text[]) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF value <> ALL (allowed) THEN
		RAISE EXCEPTION '% must be one of %, got %', setting, array_to_string(allowed, ', '), value USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_choice(text, text, text[]) IS 'Error unless a setting has one of its values';

CREATE FUNCTION monitor._check_given(settings jsonb) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	missing text := (SELECT e.key FROM jsonb_each(settings) AS e WHERE e.value = 'null' ORDER BY e.key LIMIT 1);
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION '% must not be NULL', missing USING ERRCODE = 'null_value_not_allowed', HINT = 'Leave it out: it has a default.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_given(jsonb) IS 'Error, naming the first one, if a setting that has a default is NULL';

CREATE FUNCTION monitor._check_name(what text, name text, longest integer) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF name IS NULL OR length(name) NOT BETWEEN 1 AND longest THEN
		RAISE EXCEPTION 'the name of % must have 1 to % characters, got %', what, longest, coalesce(length(name)::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_name(text, text, integer) IS 'Error unless something can have this name';

CREATE FUNCTION monitor._check_duration(setting text, value interval) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF value NOT BETWEEN '0'::interval AND '100 years'::interval THEN
		RAISE EXCEPTION '% must be between 0 and 100 years, got %', setting, value USING ERRCODE = 'invalid_parameter_value';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_duration(text, interval) IS 'Error if a setting is no length of time that can be meant; NULL is not looked at';

-- What create_model and alter_model are told of a model, before any of it is used.
CREATE FUNCTION monitor._check_settings(m monitor.model) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	missing text := (SELECT v.setting FROM (VALUES ('time_zone', m.time_zone), ('decision_threshold', m.decision_threshold::text), ('label_delay', m.label_delay::text),
		('min_label_coverage', m.min_label_coverage::text), ('label_null_means', m.label_null_means), ('seasonality', m.seasonality)) AS v(setting, value) WHERE v.value IS NULL LIMIT 1);
BEGIN
	IF missing IS NOT NULL THEN
		RAISE EXCEPTION '% must not be NULL', missing USING ERRCODE = 'null_value_not_allowed', HINT = 'Leave it out: it has a default.';
	ELSIF length(m.name) NOT BETWEEN 1 AND 200 THEN
		RAISE EXCEPTION 'the name of a model must have 1 to 200 characters, got %', length(m.name) USING ERRCODE = 'invalid_parameter_value';
	ELSIF NOT m.min_label_coverage BETWEEN 0 AND 1 THEN
		RAISE EXCEPTION 'min_label_coverage must be between 0 and 1, got %', m.min_label_coverage USING ERRCODE = 'invalid_parameter_value',
			HINT = 'It is a share: 0.8 for four fifths of the rows.';
	ELSIF m.decision_threshold IN ('NaN', 'Infinity', '-Infinity') THEN
		RAISE EXCEPTION 'decision_threshold must be finite, got %', m.decision_threshold USING ERRCODE = 'invalid_parameter_value';
	ELSIF m.label_delay NOT BETWEEN '0'::interval AND '100 years'::interval THEN
		RAISE EXCEPTION 'label_delay must be between 0 and 100 years, got %', m.label_delay USING ERRCODE = 'invalid_parameter_value';
	ELSIF m.look_back <= '0'::interval OR m.look_back > '100 years'::interval THEN
		RAISE EXCEPTION 'look_back must be more than 0 and at most 100 years, got %', m.look_back USING ERRCODE = 'invalid_parameter_value';
	ELSIF m.source_retention <= '0'::interval OR m.source_retention > '100 years'::interval THEN
		RAISE EXCEPTION 'source_retention must be more than 0 and at most 100 years, got %', m.source_retention USING ERRCODE = 'invalid_parameter_value';
	END IF;
	PERFORM monitor._check_choice('task', m.task, ARRAY['binary', 'multiclass', 'regression', 'ranking', 'none']);
	PERFORM monitor._check_choice('seasonality', m.seasonality, ARRAY['auto', 'none', 'hour_of_day', 'hour_of_week']);
	PERFORM monitor._check_choice('label_null_means', m.label_null_means, ARRAY['unknown', 'negative']);
END;
$$;
COMMENT ON FUNCTION monitor._check_settings(monitor.model) IS 'Error unless the settings of a model are such as can be kept';

CREATE FUNCTION monitor._set_time(caller oid, INOUT m monitor.model, time_column text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parsed monitor._expression;
BEGIN
	IF time_column IS NULL THEN
		RAISE EXCEPTION 'time_column must not be NULL' USING ERRCODE = 'null_value_not_allowed',
			HINT = 'Name the column that holds the time of each prediction.';
	END IF;
	parsed := monitor._parse_expression(caller, m.source, time_column, 'time_column');
	IF parsed.type NOT IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) THEN
		RAISE EXCEPTION 'time_column must be a timestamp or a date, but % has type %', time_column, format_type(parsed.type, NULL)
			USING ERRCODE = 'datatype_mismatch', HINT = 'Cast it, for example to_timestamp(column) for seconds since 1970.';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = m.time_zone) THEN
		RAISE EXCEPTION 'time zone "%" is not known', m.time_zone USING ERRCODE = 'invalid_parameter_value',
			HINT = 'SELECT name FROM pg_timezone_names lists them.';
	END IF;
	m.time_expression := parsed.expression;
	m.time_column := parsed.column_name;
	m.time_type := CASE parsed.type WHEN 'timestamptz'::regtype THEN 'timestamptz' WHEN 'timestamp'::regtype THEN 'timestamp' ELSE 'date' END;
	IF (SELECT c.relkind FROM pg_class c WHERE c.oid = m.source) IN ('r', 'p', 'm') AND NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = m.source AND i.indisvalid AND a.attname = m.time_column) THEN
		RAISE WARNING 'no index on the time of %: every run reads the whole table', m.source
			USING HINT = format('CREATE INDEX ON %s (%s);', m.source, coalesce(quote_ident(m.time_column), '(' || time_column || ')'));
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._set_time(oid, monitor.model, text) IS 'The time of a prediction';
REVOKE ALL ON FUNCTION monitor._set_time(oid, monitor.model, text) FROM PUBLIC;

-- A label table and the keys that join it.
CREATE FUNCTION monitor._set_label_source(caller oid, INOUT m monitor.model, label_key text, source_key text, label_time text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	of_label monitor._expression;
	of_source monitor._expression;
	of_time monitor._expression;
BEGIN
	IF m.label_source IS NULL THEN
		IF label_key IS NOT NULL OR label_time IS NOT NULL THEN
			RAISE EXCEPTION 'label_key and label_time are of a label table' USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Name the table: label_source => ''schema.table''.';
		END IF;
		RETURN;
	END IF;
	IF coalesce(label_key, source_key) IS NULL THEN
		RAISE EXCEPTION 'label_source needs label_key' USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Name the column by which labels and predictions are joined: label_key => ''id'', and source_key where it has another name.';
	END IF;
	IF NOT has_table_privilege(m.owner_oid, m.label_source, 'SELECT') THEN
		RAISE EXCEPTION 'role % may not read %', m.owner, m.label_source
			USING ERRCODE = 'insufficient_privilege', HINT = format('GRANT SELECT ON %s TO %I;', m.label_source, m.owner);
	END IF;
	of_label := monitor._parse_expression(caller, m.label_source, coalesce(label_key, source_key), 'label_key', false, 'l');
	of_source := monitor._parse_expression(caller, m.source, coalesce(source_key, label_key), 'source_key');
	IF of_label.type <> of_source.type AND (SELECT t.typcategory FROM pg_type t WHERE t.oid = of_label.type)
			<> (SELECT t.typcategory FROM pg_type t WHERE t.oid = of_source.type) THEN
		RAISE EXCEPTION 'label_key has type %, but source_key has type %', format_type(of_label.type, NULL), format_type(of_source.type, NULL)
			USING ERRCODE = 'datatype_mismatch', HINT = 'Cast one of them to the type of the other.';
	END IF;
	m.label_key := of_label.expression;
	m.source_key := of_source.expression;
	of_time := monitor._parse_expression(caller, m.label_source, label_time, 'label_time', false, 'l');
	IF of_time.type NOT IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) THEN
		RAISE EXCEPTION 'label_time has type %, not timestamptz, timestamp or date', format_type(of_time.type, NULL) USING ERRCODE = 'datatype_mismatch';
	END IF;
	m.label_time := CASE WHEN of_time.type IS NULL OR of_time.type = 'timestamptz'::regtype THEN of_time.expression
		ELSE format('((%s)::timestamp AT TIME ZONE %L)', of_time.expression, m.time_zone) END;
	IF label_time IS NOT NULL AND (SELECT c.relkind IN ('r', 'p', 'm') FROM pg_class c WHERE c.oid = m.label_source) AND NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = m.label_source AND i.indisvalid AND i.indpred IS NULL AND a.attname = of_time.column_name) THEN
		RAISE WARNING 'no index on label_time of %: every run reads the whole table', m.label_source
			USING HINT = format('CREATE INDEX ON %s (%s);', m.label_source, coalesce(quote_ident(of_time.column_name), '(' || label_time || ')'));
	END IF;
	IF NOT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = m.label_source AND i.indisvalid AND i.indisunique AND i.indnkeyatts = 1 AND a.attname = of_label.column_name) THEN
		RAISE WARNING 'label_key of % is not known to be unique: a prediction with several labels would count several times', m.label_source
			USING HINT = format('CREATE UNIQUE INDEX ON %s (%s);', m.label_source, coalesce(label_key, source_key));
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._set_label_source(oid, monitor.model, text, text, text) IS 'Where labels come from';
REVOKE ALL ON FUNCTION monitor._set_label_source(oid, monitor.model, text, text, text) FROM PUBLIC;

-- The label, and what task it makes.
CREATE FUNCTION monitor._set_label(caller oid, INOUT m monitor.model, label text, positive_class text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parsed monitor._expression;
	category "char";
	found text[];
	given text := m.task;
BEGIN
	IF label IS NULL THEN
		m.task := coalesce(given, CASE WHEN m.relevance IS NOT NULL THEN 'ranking' WHEN m.score IS NOT NULL AND m.score_classes IS NULL THEN 'binary'
			WHEN m.score IS NOT NULL THEN 'multiclass' ELSE 'none' END);
		m.positive_class := coalesce(positive_class, CASE WHEN m.task = 'binary' THEN 'true' END);
		RETURN;
	END IF;
	parsed := CASE WHEN m.label_source IS NULL THEN monitor._parse_expression(caller, m.source, label, 'label')
		ELSE monitor._parse_expression(caller, m.label_source, label, 'label', false, 'l') END;
	m.label := parsed.expression;
	m.label_type := format_type(parsed.type, NULL);
	category := (SELECT t.typcategory FROM pg_type t WHERE t.oid = parsed.type);
	found := monitor._sample_values(m, m.label, m.label_source IS NOT NULL);
	m.task := coalesce(given, CASE WHEN category = 'B' OR cardinality(found) = 2 OR positive_class IS NOT NULL THEN 'binary'
		WHEN cardinality(found) = 0 AND m.score IS NOT NULL THEN 'binary'
		WHEN category = 'N' AND (cardinality(found) > 50 OR EXISTS (SELECT FROM unnest(found) AS v WHERE v ~ '[.eE]')) THEN 'regression'
		WHEN cardinality(found) <= 50 THEN 'multiclass' ELSE 'none' END);
	IF given IS NULL THEN
		m.choices := m.choices || monitor._choice('task', m.task, format('the label has type %s and %s distinct values in a sample',
			m.label_type, CASE WHEN cardinality(found) > 50 THEN 'more than 50' ELSE cardinality(found)::text END));
	END IF;
	IF m.task = 'regression' THEN
		PERFORM monitor._require_number('the label of a regression', label, parsed.type);
	END IF;
	IF m.task = 'binary' THEN
		m.positive_class := coalesce(positive_class, CASE WHEN category = 'B' THEN 'true' END, monitor._infer_positive(found));
		IF m.positive_class IS NULL THEN
			RAISE EXCEPTION 'it is not clear which label is positive: %', CASE WHEN cardinality(found) = 0 THEN 'there are none yet' ELSE array_to_string(found[1:5], ', ') END
				USING ERRCODE = 'invalid_parameter_value', HINT = 'Say positive_class => ''...''.';
		ELSIF positive_class IS NULL THEN
			m.choices := m.choices || monitor._choice('positive_class', m.positive_class, 'the label that reads so');
		ELSIF cardinality(found) > 0 AND NOT positive_class = ANY (found) THEN
			RAISE WARNING 'positive_class "%" does not occur in a sample of the labels: %', positive_class, array_to_string(found[1:5], ', ');
		END IF;
	END IF;
	IF m.task IN ('binary', 'multiclass') THEN
		m.classes := ARRAY(SELECT v FROM unnest(found || CASE WHEN m.task = 'binary' THEN ARRAY[m.positive_class] END) AS v GROUP BY v ORDER BY v);
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._set_label(oid, monitor.model, text, text) IS 'Label, task and positive class';
REVOKE ALL ON FUNCTION monitor._set_label(oid, monitor.model, text, text) FROM PUBLIC;

CREATE FUNCTION monitor._set_score(caller oid, INOUT m monitor.model, score text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parsed monitor._expression := monitor._parse_expression(caller, m.source, score, 'score');
	category "char" := (SELECT t.typcategory FROM pg_type t WHERE t.oid = parsed.type);
BEGIN
	IF score IS NULL THEN
		RETURN;
	END IF;
	IF category = 'A' OR parsed.type IN ('jsonb'::regtype, 'json'::regtype) THEN
		IF m.score_classes IS NULL THEN
			RAISE EXCEPTION 'score_classes must name the classes whose scores % holds', score
				USING ERRCODE = 'invalid_parameter_value', HINT = 'In the order of the array, or the keys of the JSON object.';
		END IF;
		m.score := CASE WHEN category = 'A' THEN format('(%s)::double precision[]', parsed.expression)
			ELSE (SELECT format('ARRAY[%s]', string_agg(format('((%s)::jsonb ->> %L)::double precision', parsed.expression, c), ', ' ORDER BY n))
				FROM unnest(m.score_classes) WITH ORDINALITY AS u(c, n)) END;
		RETURN;
	END IF;
	PERFORM monitor._require_number('score', score, parsed.type);
	m.score := format('(%s)::double precision', parsed.expression);
END;
$$;
COMMENT ON FUNCTION monitor._set_score(oid, monitor.model, text) IS 'The score: a probability, or one for each class';
REVOKE ALL ON FUNCTION monitor._set_score(oid, monitor.model, text) FROM PUBLIC;

-- Once the task is known, given or by the label.
CREATE FUNCTION monitor._check_score(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	outside text;
BEGIN
	SELECT r.v INTO outside FROM monitor._read(m.owner_oid, format(
		'SELECT (%1$s)::text FROM %2$s AS s WHERE NOT (%1$s BETWEEN 0 AND 1) LIMIT 1', m.score, monitor._sample_sql(m))) AS r(v text);
	IF outside IS NOT NULL THEN
		RAISE EXCEPTION 'the score of a binary model must be a probability between 0 and 1, got %', outside
			USING ERRCODE = 'numeric_value_out_of_range', HINT = 'Give an expression that maps it, for example 1 / (1 + exp(-score)) for a logit.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._check_score(monitor.model) IS 'Error unless the score of a binary model is a probability';
REVOKE ALL ON FUNCTION monitor._check_score(monitor.model) FROM PUBLIC;

-- Prediction: as given, or what the score says at the threshold.
CREATE FUNCTION monitor._predict_by_threshold(INOUT m monitor.model)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	m.prediction := format('(%s >= %s)', m.score, m.decision_threshold);
	m.prediction_type := 'threshold';
	m.choices := coalesce((SELECT jsonb_agg(c ORDER BY n) FROM jsonb_array_elements(m.choices) WITH ORDINALITY AS u(c, n) WHERE c ->> 'setting' <> 'prediction'), '[]')
		|| monitor._choice('prediction', format('score >= %s', m.decision_threshold), 'no prediction was named');
END;
$$;
COMMENT ON FUNCTION monitor._predict_by_threshold(monitor.model) IS 'The prediction that scores and the threshold make';

CREATE FUNCTION monitor._set_prediction(caller oid, INOUT m monitor.model, prediction text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parsed monitor._expression := monitor._parse_expression(caller, m.source, prediction, 'prediction');
BEGIN
	-- an array, as _set_score makes it
	IF m.score LIKE '%]' AND m.task <> 'multiclass' THEN
		RAISE EXCEPTION 'the score of a model of task % must be one number, not one for each class', m.task USING ERRCODE = 'datatype_mismatch',
			HINT = 'Name that of the positive class, for example scores[1], or let task be ''multiclass''.';
	END IF;
	IF prediction IS NOT NULL THEN
		m.prediction := parsed.expression;
		m.prediction_type := format_type(parsed.type, NULL);
		IF m.task = 'regression' THEN
			PERFORM monitor._require_number('the prediction of a regression', prediction, parsed.type);
			m.prediction := format('(%s)::double precision', m.prediction);
		END IF;
	ELSIF m.task = 'binary' AND m.score IS NOT NULL THEN
		m := monitor._predict_by_threshold(m);
	ELSIF m.task IN ('multiclass', 'regression') AND m.label IS NOT NULL THEN
		RAISE EXCEPTION 'a % model needs its prediction', m.task USING ERRCODE = 'invalid_parameter_value',
			HINT = 'Name the column: prediction => ''...''.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._set_prediction(oid, monitor.model, text) IS 'The prediction';
REVOKE ALL ON FUNCTION monitor._set_prediction(oid, monitor.model, text) FROM PUBLIC;

-- Segments as ["country", "age >= 65"] or {"senior": "age >= 65"}, crosses as [["country", "senior"]].
CREATE FUNCTION monitor._add_segments(caller oid, m monitor.model, segments jsonb, crosses jsonb, segment_cap integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	given record;
	place integer := 0;
BEGIN
	IF segment_cap IS NULL OR segment_cap NOT BETWEEN 1 AND 1000 THEN
		RAISE EXCEPTION 'segment_cap must be between 1 and 1000, got %', coalesce(segment_cap::text, 'NULL') USING ERRCODE = 'invalid_parameter_value';
	ELSIF jsonb_typeof(segments) NOT IN ('array', 'object') OR jsonb_typeof(crosses) <> 'array'
			OR EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(crosses) WHEN 'array' THEN crosses ELSE '[]' END) AS c WHERE jsonb_typeof(c) <> 'array') THEN
		RAISE EXCEPTION 'segments must be a JSON array of expressions or an object of names and expressions, crosses an array of arrays of names'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR given IN
		SELECT e AS name, e AS expression FROM jsonb_array_elements_text(CASE jsonb_typeof(segments) WHEN 'array' THEN segments ELSE '[]' END) AS e
		UNION ALL
		SELECT o.key, o.value FROM jsonb_each_text(CASE jsonb_typeof(segments) WHEN 'object' THEN segments ELSE '{}' END) AS o
	LOOP
		place := place + 1;
		IF given.name IS NULL OR given.expression IS NULL THEN
			RAISE EXCEPTION 'a segment must not be NULL' USING ERRCODE = 'null_value_not_allowed', HINT = 'Name a column, or an SQL expression over columns.';
		ELSIF given.name = '' THEN
			RAISE EXCEPTION 'a segment needs a name: {"name": "%"}', given.expression USING ERRCODE = 'invalid_parameter_value';
		ELSIF given.name = 'version' AND m.version IS NOT NULL OR EXISTS (SELECT FROM monitor.segment s WHERE s.model_id = m.model_id AND s.name = given.name) THEN
			RAISE EXCEPTION 'segment "%" is named twice', given.name USING ERRCODE = 'duplicate_object',
				HINT = 'Give each a name of its own: {"name": "expression"}; "version" is the model''s version.';
		END IF;
		INSERT INTO monitor.segment (model_id, position, name, members, expressions, cap)
		VALUES (m.model_id, place, given.name, ARRAY[given.name],
			ARRAY[format('(%s)::text', (monitor._parse_expression(caller, m.source, given.expression, 'segment "' || given.name || '"')).expression)],
			segment_cap);
	END LOOP;
	IF m.version IS NOT NULL THEN
		place := place + 1;
		INSERT INTO monitor.segment (model_id, position, name, members, expressions, cap, is_version)
		VALUES (m.model_id, place, 'version', ARRAY['version'], ARRAY[format('(%s)::text', m.version)], segment_cap, true);
	END IF;
	FOR given IN SELECT ARRAY(SELECT jsonb_array_elements_text(c.value)) AS members FROM jsonb_array_elements(crosses) AS c LOOP
		place := place + 1;
		IF cardinality(given.members) < 2 OR (SELECT count(DISTINCT u) < cardinality(given.members) FROM unnest(given.members) AS u)
				OR EXISTS (SELECT FROM monitor.segment s WHERE s.model_id = m.model_id AND (s.members @> given.members AND s.members <@ given.members
					OR s.name = array_to_string(given.members, ' x '))) THEN
			RAISE EXCEPTION 'crosses must be of two segments or more, each named once, got: %', array_to_string(given.members, ', ', 'NULL') USING ERRCODE = 'invalid_parameter_value';
		END IF;
		INSERT INTO monitor.segment (model_id, position, name, members, expressions, cap)
		SELECT m.model_id, place, array_to_string(given.members, ' x '), given.members, array_agg(s.expressions[1] ORDER BY u.n), segment_cap
		FROM unnest(given.members) WITH ORDINALITY AS u(name, n)
		JOIN monitor.segment s ON s.model_id = m.model_id AND s.name = u.name
		HAVING count(*) = cardinality(given.members);
		IF NOT FOUND THEN
			RAISE EXCEPTION 'crosses name a segment that is not there: %', array_to_string(given.members, ', ')
				USING ERRCODE = 'undefined_object', HINT = 'Name each of them in segments first.';
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._add_segments(oid, monitor.model, jsonb, jsonb, integer) IS 'Dimensions by which a model''s rows are split';
REVOKE ALL ON FUNCTION monitor._add_segments(oid, monitor.model, jsonb, jsonb, integer) FROM PUBLIC;

-- {"name": {"numerator": expr, "denominator": expr}} or {"name": {"aggregate": expr}}; needs_label where it reads the label table.
CREATE FUNCTION monitor._add_metrics(caller oid, m monitor.model, metrics jsonb) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	given record;
	place integer := 0;
	bad text;
	part text;
	parsed monitor._expression;
BEGIN
	IF jsonb_typeof(metrics) <> 'object' OR EXISTS (SELECT FROM jsonb_each(CASE jsonb_typeof(metrics) WHEN 'object' THEN metrics END) AS o WHERE jsonb_typeof(o.value) <> 'object') THEN
		RAISE EXCEPTION 'metrics must be a JSON object of names and their parts' USING ERRCODE = 'invalid_parameter_value',
			HINT = '{"rate": {"numerator": "income", "denominator": "1"}, "median": {"aggregate": "percentile_cont(0.5) WITHIN GROUP (ORDER BY income)"}}';
	END IF;
	FOR given IN SELECT o.key AS name, o.value AS parts FROM jsonb_each(coalesce(metrics, '{}')) AS o LOOP
		PERFORM monitor._check_name('a metric', given.name, 200);
		bad := NULL;
		SELECT k INTO bad FROM jsonb_object_keys(given.parts) AS k WHERE k NOT IN ('numerator', 'denominator', 'aggregate') LIMIT 1;
		IF bad IS NOT NULL OR (given.parts ? 'aggregate') = (given.parts ? 'numerator') THEN
			RAISE EXCEPTION 'metric "%" must have a numerator (and a denominator, unless it is a sum), or an aggregate', given.name
				USING ERRCODE = 'invalid_parameter_value', DETAIL = coalesce(format('"%s" is not known.', bad), '');
		END IF;
		FOREACH part IN ARRAY ARRAY['numerator', 'denominator', 'aggregate'] LOOP
			parsed := monitor._parse_expression(caller, m.source, given.parts ->> part, format('%s of "%s"', part, given.name), part = 'aggregate');
			PERFORM monitor._require_number(format('%s of "%s"', part, given.name), given.parts ->> part, parsed.type);
		END LOOP;
		place := place + 1;
		INSERT INTO monitor.custom_metric (model_id, position, name, numerator, denominator, aggregate)
		VALUES (m.model_id, place, given.name,
			'(' || (monitor._parse_expression(caller, m.source, given.parts ->> 'numerator', 'numerator of "' || given.name || '"')).expression || ')::double precision',
			'(' || (monitor._parse_expression(caller, m.source, given.parts ->> 'denominator', 'denominator of "' || given.name || '"')).expression || ')::double precision',
			'(' || (monitor._parse_expression(caller, m.source, given.parts ->> 'aggregate', 'aggregate of "' || given.name || '"', true)).expression || ')::double precision');
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._add_metrics(oid, monitor.model, jsonb) IS 'Business metrics of a model';
REVOKE ALL ON FUNCTION monitor._add_metrics(oid, monitor.model, jsonb) FROM PUBLIC;

-- Streams that are not features: score, prediction, and what serving costs.
CREATE FUNCTION monitor._add_operations(caller oid, m monitor.model, latency text, cpu text, memory text, cost text, cost_rate double precision, attributions text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	part record;
	parsed monitor._expression;
	key record;
BEGIN
	IF cost_rate IS NULL THEN
		RAISE EXCEPTION 'cost_rate must not be NULL' USING ERRCODE = 'null_value_not_allowed', HINT = 'Leave it out: it is 1 then.';
	ELSIF cost_rate IN ('NaN', 'Infinity', '-Infinity') THEN
		RAISE EXCEPTION 'cost_rate must be finite, got %', cost_rate USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF m.score IS NOT NULL AND m.score_classes IS NULL THEN
		PERFORM monitor._free_name(m, 'score');
		INSERT INTO monitor.feature (model_id, position, name, role, kind, expression, source_type)
		VALUES (m.model_id, (SELECT coalesce(max(f.position), 0) + 1 FROM monitor.feature f WHERE f.model_id = m.model_id), 'score', 'score', 'numeric', m.score, 'double precision');
	END IF;
	IF m.prediction IS NOT NULL THEN
		PERFORM monitor._free_name(m, 'prediction');
		INSERT INTO monitor.feature (model_id, position, name, role, kind, expression, source_type)
		VALUES (m.model_id, (SELECT coalesce(max(f.position), 0) + 1 FROM monitor.feature f WHERE f.model_id = m.model_id), 'prediction', 'prediction',
			CASE m.task WHEN 'regression' THEN 'numeric' ELSE 'categorical' END,
			CASE m.task WHEN 'regression' THEN m.prediction ELSE format('(%s)::text', m.prediction) END, m.prediction_type);
	END IF;
	FOR part IN SELECT * FROM (VALUES ('latency', latency, 1.0), ('cpu', cpu, 1.0), ('memory', memory, 1.0), ('cost', cost, cost_rate)) AS v(role, expression, rate)
		WHERE v.expression IS NOT NULL
	LOOP
		PERFORM monitor._add_feature(caller, m, part.role, part.expression, part.role, 'numeric', NULL, NULL, 50, part.rate);
	END LOOP;
	IF attributions IS NULL THEN
		RETURN;
	END IF;
	parsed := monitor._parse_expression(caller, m.source, attributions, 'attributions');
	IF parsed.type <> 'jsonb'::regtype THEN
		RAISE EXCEPTION 'attributions must be a jsonb object of feature names and numbers, but % has type %', attributions, format_type(parsed.type, NULL)
			USING ERRCODE = 'datatype_mismatch', HINT = 'Build one: jsonb_build_object(''income'', shap_income, ...).';
	END IF;
	FOR key IN SELECT f.name, CASE f.name WHEN 'column.' || f.of_feature THEN f.of_feature ELSE f.name END AS logged FROM monitor.feature f
		WHERE f.model_id = m.model_id AND f.role = 'feature' ORDER BY f.position
	LOOP
		PERFORM monitor._add_feature(caller, m, 'attribution.' || key.name, format('abs(((%s) ->> %L)::double precision)', attributions, key.logged),
			'attribution', 'numeric', key.name);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._add_operations(oid, monitor.model, text, text, text, text, double precision, text) IS 'Score, prediction, latency, CPU, memory, cost and attributions as streams';
REVOKE ALL ON FUNCTION monitor._add_operations(oid, monitor.model, text, text, text, text, double precision, text) FROM PUBLIC;

-- Columns that an expression of the user's names, so that they are not taken for features.
CREATE FUNCTION monitor._columns_of(caller oid, source regclass, expressions text[]) RETURNS name[]
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		SELECT coalesce(array_agg(DISTINCT c), '{}')
		FROM unnest(expressions) AS e, LATERAL unnest((monitor._parse_expression(caller, source, e, 'expression', true)).columns) AS c
		WHERE e IS NOT NULL;
	END;
COMMENT ON FUNCTION monitor._columns_of(oid, regclass, text[]) IS 'All columns that expressions read';
REVOKE ALL ON FUNCTION monitor._columns_of(oid, regclass, text[]) FROM PUBLIC;
