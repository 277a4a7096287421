--
-- Features: which columns of a source are watched, as what, and why others are not.
--

-- What a domain is over, however deep.
CREATE FUNCTION monitor._base_type(type oid) RETURNS oid
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		WITH RECURSIVE d AS (
			SELECT t.oid, t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = _base_type.type
			UNION ALL SELECT t.oid, t.typbasetype FROM d JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype)
		SELECT d.oid FROM d WHERE d.typbasetype = 0;
	END;
COMMENT ON FUNCTION monitor._base_type(oid) IS 'The type that a domain is over; of other types themselves';

-- Money and the names of objects count as numbers for the server, but are none.
CREATE FUNCTION monitor._is_number(type oid) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT t.typcategory = 'N' AND (t.oid = 'double precision'::regtype
			OR EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE c.castsource = t.oid AND c.casttarget = 'double precision'::regtype))
		FROM pg_catalog.pg_type t WHERE t.oid = monitor._base_type(_is_number.type);
	END;
COMMENT ON FUNCTION monitor._is_number(oid) IS 'Whether values of a type can be cast to double precision';

CREATE FUNCTION monitor._require_number(setting text, expression text, type oid) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT monitor._is_number(type) THEN
		RAISE EXCEPTION '% must be a number, but % has type %', setting, expression, format_type(type, NULL)
			USING ERRCODE = 'datatype_mismatch', HINT = CASE type WHEN 'boolean'::regtype THEN 'Cast it to integer, or name another column.'
				WHEN 'money'::regtype THEN 'Cast it to numeric, or name another column.' ELSE 'Cast it to double precision, or name another column.' END;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._require_number(text, text, oid) IS 'Error unless an expression is a number';

-- A stream of the model's own keeps its name: a column that is called so gets another one.
CREATE FUNCTION monitor._free_name(m monitor.model, name text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE monitor.feature f SET name = 'column.' || f.name, of_feature = f.name,
			reason = coalesce(f.reason, pg_catalog.format('the column "%s": the model itself has a %1$s', f.name))
		WHERE f.model_id = m.model_id AND f.name = _free_name.name AND f.role IN ('feature', 'skipped');
	END;
COMMENT ON FUNCTION monitor._free_name(monitor.model, text) IS 'Renames a feature that has the name of a stream';
REVOKE ALL ON FUNCTION monitor._free_name(monitor.model, text) FROM PUBLIC;

-- Adds a feature from an expression of the user's; kind NULL: by its type.  One that was
-- dropped or skipped gets its place back.
CREATE FUNCTION monitor._add_feature(caller oid, m monitor.model, name text, expression text, role text, kind text DEFAULT NULL,
	of_feature text DEFAULT NULL, reason text DEFAULT NULL, cap integer DEFAULT 50, rate double precision DEFAULT 1) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	parsed monitor._expression := monitor._parse_expression(caller, m.source, expression, role || ' "' || name || '"');
	category "char" := (SELECT t.typcategory FROM pg_type t WHERE t.oid = parsed.type);
	place integer;
BEGIN
	IF name IS NULL THEN
		RAISE EXCEPTION 'a % must not be NULL', role USING ERRCODE = 'null_value_not_allowed', HINT = 'Name a column, or an SQL expression over columns.';
	END IF;
	kind := coalesce(kind, CASE WHEN category = 'N' THEN 'numeric' ELSE 'categorical' END);
	IF kind = 'numeric' THEN
		PERFORM monitor._require_number(role, expression, parsed.type);
	END IF;
	IF role NOT IN ('feature', 'attribution') THEN
		PERFORM monitor._free_name(m, name);
	ELSIF EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.name = _add_feature.name AND f.role NOT IN ('feature', 'attribution', 'skipped')) THEN
		of_feature := name;
		reason := format('the column "%s": the model itself has a %1$s', name);
		name := 'column.' || name;
	END IF;
	IF EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.name = _add_feature.name AND NOT (f.dropped OR f.role = 'skipped')) THEN
		RAISE EXCEPTION 'feature "%" is named twice', name USING ERRCODE = 'duplicate_object', HINT = 'describe_model lists the features that there are.';
	END IF;
	SELECT coalesce(max(o.position), 0) + 1 INTO place FROM monitor.feature o WHERE o.model_id = m.model_id;
	INSERT INTO monitor.feature AS f (model_id, position, name, role, kind, expression, source_type, cap, of_feature, rate, reason)
	VALUES (m.model_id, place, name, role, kind,
		format(CASE WHEN kind = 'categorical' THEN '(%s)::text' WHEN monitor._base_type(parsed.type) = 'numeric'::regtype THEN 'monitor._double(%s)' ELSE '(%s)::double precision' END, parsed.expression),
		format_type(parsed.type, NULL), cap, of_feature, rate, reason)
	ON CONFLICT ON CONSTRAINT feature_model_id_name_key DO UPDATE SET role = excluded.role, kind = excluded.kind, expression = excluded.expression,
		source_type = excluded.source_type, cap = excluded.cap, of_feature = excluded.of_feature, rate = excluded.rate, reason = excluded.reason, dropped = false
	RETURNING f.position INTO place;
	RETURN place;
END;
$$;
COMMENT ON FUNCTION monitor._add_feature(oid, monitor.model, text, text, text, text, text, text, integer, double precision) IS 'Adds one stream to a model';
REVOKE ALL ON FUNCTION monitor._add_feature(oid, monitor.model, text, text, text, text, text, text, integer, double precision) FROM PUBLIC;

CREATE FUNCTION monitor._skip_feature(m monitor.model, name text, type oid, reason text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO monitor.feature (model_id, position, name, role, kind, expression, source_type, reason)
		SELECT m.model_id, coalesce(max(f.position), 0) + 1, _skip_feature.name, 'skipped', 'categorical', 'NULL::text',
			pg_catalog.format_type(_skip_feature.type, NULL), _skip_feature.reason
		FROM monitor.feature f WHERE f.model_id = m.model_id;
	END;
COMMENT ON FUNCTION monitor._skip_feature(monitor.model, text, oid, text) IS 'Notes that a column is not watched, and why';
REVOKE ALL ON FUNCTION monitor._skip_feature(monitor.model, text, oid, text) FROM PUBLIC;

CREATE TYPE monitor._column_sample AS (name name, type oid, num_rows bigint, num_present bigint, num_distinct bigint);
COMMENT ON TYPE monitor._column_sample IS 'A column in a sample of the source';

-- Every column of the source in one pass over a sample.  Types that cannot be compared have no distinct values.
CREATE FUNCTION monitor._sample_columns(m monitor.model) RETURNS SETOF monitor._column_sample
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	columns text;
BEGIN
	SELECT string_agg(format('(%L, %s::oid, count(*), count(s.%I), %s)::monitor._column_sample', a.attname, a.atttypid, a.attname,
			CASE WHEN EXISTS (SELECT FROM pg_opclass o JOIN pg_am am ON am.oid = o.opcmethod WHERE am.amname = 'btree' AND o.opcdefault
					AND o.opcintype = monitor._base_type(t.oid))
					OR t.typcategory IN ('S', 'N', 'B', 'E')
				THEN format('count(DISTINCT s.%I)', a.attname) ELSE '0' END), ', ' ORDER BY a.attnum)
	INTO columns
	FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
	WHERE a.attrelid = m.source AND a.attnum > 0 AND NOT a.attisdropped
		AND has_column_privilege(monitor._reader(m), m.source, a.attnum, 'SELECT');
	RETURN QUERY SELECT c.* FROM monitor._read(monitor._reader(m),
		format('SELECT ARRAY[%s]::monitor._column_sample[] FROM %s AS s', columns, monitor._sample_sql(m))) AS r(x monitor._column_sample[]),
		unnest(r.x) AS c;
END;
$$;
COMMENT ON FUNCTION monitor._sample_columns(monitor.model) IS 'All columns of the source in a bounded sample';
REVOKE ALL ON FUNCTION monitor._sample_columns(monitor.model) FROM PUBLIC;

-- Top-level keys of a JSON column, and whether they hold numbers.
CREATE FUNCTION monitor._infer_json(caller oid, m monitor.model, of_column name) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found record;
BEGIN
	FOR found IN
		SELECT r.key, r.is_number FROM monitor._read(monitor._reader(m), format(
			'SELECT e.key, bool_and(jsonb_typeof(e.value) IN (''number'', ''null'')) FROM %s AS s,
				LATERAL jsonb_each(CASE jsonb_typeof(s.%I::jsonb) WHEN ''object'' THEN s.%2$I::jsonb END) AS e
			GROUP BY e.key ORDER BY count(*) DESC, e.key LIMIT 100', monitor._sample_sql(m, 5000), of_column)) AS r(key text, is_number boolean)
	LOOP
		PERFORM monitor._add_feature(caller, m, of_column || '.' || found.key,
			CASE WHEN found.is_number THEN format('CASE jsonb_typeof(%1$I::jsonb -> %2$L) WHEN ''number'' THEN (%1$I::jsonb ->> %2$L)::double precision END', of_column, found.key)
				ELSE format('%I::jsonb ->> %L', of_column, found.key) END,
			'feature', NULL, of_column, format('key of the JSON column "%s"', of_column));
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._infer_json(oid, monitor.model, name) IS 'The keys of a JSON column become features';
REVOKE ALL ON FUNCTION monitor._infer_json(oid, monitor.model, name) FROM PUBLIC;

-- A vector: its length, and its first dimensions.
CREATE FUNCTION monitor._infer_vector(caller oid, m monitor.model, of_column name) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	dimensions integer;
BEGIN
	SELECT r.d INTO dimensions FROM monitor._read(monitor._reader(m),
		format('SELECT max(array_length(s.%I::double precision[], 1)) FROM %s AS s', of_column, monitor._sample_sql(m, 1000))) AS r(d integer);
	PERFORM monitor._add_feature(caller, m, of_column || '.norm', format('monitor._norm(%I::double precision[])', of_column),
		'feature', 'numeric', of_column, format('length of the vector "%s"', of_column));
	FOR i IN 1 .. least(coalesce(dimensions, 0), 16) LOOP
		PERFORM monitor._add_feature(caller, m, format('%s[%s]', of_column, i), format('(%I::double precision[])[%s]', of_column, i),
			'feature', 'numeric', of_column, format('dimension of the vector "%s"', of_column));
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._infer_vector(oid, monitor.model, name) IS 'Length and first dimensions of a vector become features';
REVOKE ALL ON FUNCTION monitor._infer_vector(oid, monitor.model, name) FROM PUBLIC;

-- One column, by its type and by how many values a sample of it has.
CREATE FUNCTION monitor._infer_feature(caller oid, m monitor.model, c monitor._column_sample) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	base oid := monitor._base_type(c.type);
	category "char" := (SELECT t.typcategory FROM pg_type t WHERE t.oid = c.type);
	type_name text := (SELECT t.typname FROM pg_type t WHERE t.oid = base);
	never_repeats boolean := c.num_present >= 100 AND c.num_distinct = c.num_present;
BEGIN
	IF category IN ('D', 'T') THEN
		PERFORM monitor._skip_feature(m, c.name, c.type, 'a time');
	ELSIF base IN ('uuid'::regtype, 'bytea'::regtype) THEN
		PERFORM monitor._skip_feature(m, c.name, c.type, 'a key or bytes');
	ELSIF base IN ('json'::regtype, 'jsonb'::regtype) THEN
		PERFORM monitor._infer_json(caller, m, c.name);
	ELSIF base IN ('real[]'::regtype, 'double precision[]'::regtype, 'numeric[]'::regtype) OR type_name IN ('vector', 'halfvec') THEN
		PERFORM monitor._infer_vector(caller, m, c.name);
	ELSIF monitor._is_number(c.type) THEN
		IF never_repeats AND base IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype) THEN
			PERFORM monitor._skip_feature(m, c.name, c.type, 'a key: its values never repeat');
		ELSE
			PERFORM monitor._add_feature(caller, m, c.name, quote_ident(c.name), 'feature', 'numeric');
		END IF;
	ELSIF category IN ('B', 'E') OR category = 'S' AND (c.num_distinct <= 50 OR c.num_distinct <= c.num_present / 20) THEN
		PERFORM monitor._add_feature(caller, m, c.name, quote_ident(c.name), 'feature', 'categorical', NULL,
			CASE WHEN c.num_distinct > 50 THEN 'the 50 most frequent values; others together' END);
	ELSIF category = 'S' AND never_repeats THEN
		PERFORM monitor._skip_feature(m, c.name, c.type, 'a key: its values never repeat');
	ELSIF category = 'S' THEN
		PERFORM monitor._add_feature(caller, m, c.name || '.length', format('length(%I::text)', c.name), 'feature', 'numeric', c.name,
			'text with many values: its length is watched, no value is stored');
	ELSE
		PERFORM monitor._skip_feature(m, c.name, c.type, 'a type that cannot be profiled');
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._infer_feature(oid, monitor.model, monitor._column_sample) IS 'Decides what of a column is watched';
REVOKE ALL ON FUNCTION monitor._infer_feature(oid, monitor.model, monitor._column_sample) FROM PUBLIC;

-- Every column that has no other part in the model.
CREATE FUNCTION monitor._infer_features(caller oid, m monitor.model, taken name[], exclude text[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c monitor._column_sample;
	unknown text := (SELECT e FROM unnest(exclude) AS e
		WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = m.source AND a.attname = e AND NOT a.attisdropped) LIMIT 1);
BEGIN
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION 'exclude names "%", which is no column of %', unknown, m.source USING ERRCODE = 'undefined_column';
	END IF;
	FOR c IN SELECT * FROM monitor._sample_columns(m) LOOP
		IF c.name = ANY (taken) THEN
			CONTINUE;
		ELSIF c.name = ANY (exclude) THEN
			PERFORM monitor._skip_feature(m, c.name, c.type, 'excluded');
		ELSIF EXISTS (SELECT FROM pg_index i WHERE i.indrelid = m.source AND i.indisprimary
				AND (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = m.source AND a.attname = c.name) = i.indkey[0] AND i.indnkeyatts = 1) THEN
			PERFORM monitor._skip_feature(m, c.name, c.type, 'the primary key');
		ELSE
			PERFORM monitor._infer_feature(caller, m, c);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._infer_features(oid, monitor.model, name[], text[]) IS 'Features of all columns that have no other part in the model';
REVOKE ALL ON FUNCTION monitor._infer_features(oid, monitor.model, name[], text[]) FROM PUBLIC;
