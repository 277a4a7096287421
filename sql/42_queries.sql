--
-- The queries that count a source, written for one model; monitor._read runs them.
--

-- A segment's value: one of those that are told apart, or (other).  In a cross ", " stands
-- between the members: a value that holds it is quoted, lest it reads as two of them.
CREATE FUNCTION monitor._segment_value_sql(expression text, allowed text[]) RETURNS text
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT pg_catalog.format('CASE WHEN %1$s IS NULL THEN ''(null)'' %3$sWHEN %1$s = ANY (%2$L::text[]) THEN %1$s ELSE ''(other)'' END', expression, allowed,
			(SELECT string_agg(pg_catalog.format('WHEN %s = %L THEN %L ', expression, v, pg_catalog.to_json(v)), '' ORDER BY v) FROM unnest(allowed) AS v WHERE v LIKE '%, %' OR v LIKE '"%'));
	END;
COMMENT ON FUNCTION monitor._segment_value_sql(text, text[]) IS 'SQL of a segment''s value, capped';

-- Columns g1, g2, ... of the single segments, and the grouping sets of all segments.
CREATE FUNCTION monitor._segments_sql(model_id bigint, baseline_id bigint, OUT columns text, OUT sets text, OUT label text, OUT number integer)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT string_agg(format(', %s AS g%s', monitor._segment_value_sql(g.expressions[1], r.allowed), g.position), '' ORDER BY g.position),
		string_agg(format('CASE WHEN GROUPING(g%s) = 0 THEN %L || g%1$s END', g.position, g.name || '='), ', ' ORDER BY g.position),
		sum(least(g.cap, cardinality(r.allowed)) + 2)
	INTO columns, label, number
	FROM monitor.segment g JOIN monitor.reference_segment r ON r.baseline_id = _segments_sql.baseline_id AND r.position = g.position
	WHERE g.model_id = _segments_sql.model_id AND cardinality(g.members) = 1;
	SELECT string_agg(format(', (b, %s)', c.names), '' ORDER BY g.position) INTO sets
	FROM monitor.segment g,
		LATERAL (SELECT string_agg('g' || o.position, ', ' ORDER BY u.n) AS names, count(*) AS n
			FROM unnest(g.members) WITH ORDINALITY AS u(name, n)
			JOIN monitor.segment o ON o.model_id = g.model_id AND o.name = u.name AND cardinality(o.members) = 1
			JOIN monitor.reference_segment r ON r.baseline_id = _segments_sql.baseline_id AND r.position = o.position) AS c
	WHERE g.model_id = _segments_sql.model_id AND c.n = cardinality(g.members);
	columns := coalesce(columns, '');
	sets := format('GROUPING SETS ((b)%s)', coalesce(sets, ''));
	label := CASE WHEN label IS NULL THEN '''''' ELSE format('concat_ws('', '', %s)', label) END;
	number := coalesce(number, 0) + 1;
END;
$$;
COMMENT ON FUNCTION monitor._segments_sql(bigint, bigint) IS 'How rows are split into segments; number: about how many groups a bucket has';
REVOKE ALL ON FUNCTION monitor._segments_sql(bigint, bigint) FROM PUBLIC;

CREATE FUNCTION monitor._source_sql(m monitor.model) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT pg_catalog.concat(m.source::text, ' AS s',
			CASE WHEN m.label_source IS NOT NULL THEN pg_catalog.format(' LEFT JOIN %s AS l ON %s = %s', m.label_source, m.label_key, m.source_key) END);
	END;
COMMENT ON FUNCTION monitor._source_sql(monitor.model) IS 'The source, joined with its labels';

-- FROM and WHERE of the rows of a range.  A baseline may be of other rows: those of a
-- query, which stand for its whole range, or those of one version.
CREATE FUNCTION monitor._rows_sql(m monitor.model, baseline_id bigint, from_time timestamptz, to_time timestamptz, with_labels boolean) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN b.kind = 'query' AND _rows_sql.to_time <= b.to_time THEN pg_catalog.format('(%s) AS s WHERE true', b.source_query)
			ELSE pg_catalog.concat(CASE WHEN with_labels THEN monitor._source_sql(m) ELSE m.source::text || ' AS s' END, ' WHERE ', monitor._range_sql(m, _rows_sql.from_time, _rows_sql.to_time),
				CASE WHEN b.kind = 'version' AND _rows_sql.to_time <= b.to_time THEN pg_catalog.format(' AND (%s)::text = %L', m.version, b.version) END) END
		FROM monitor.baseline b WHERE b.baseline_id = _rows_sql.baseline_id;
	END;
COMMENT ON FUNCTION monitor._rows_sql(monitor.model, bigint, timestamptz, timestamptz, boolean) IS 'FROM and WHERE of the rows of a range of buckets, or of the baseline';
REVOKE ALL ON FUNCTION monitor._rows_sql(monitor.model, bigint, timestamptz, timestamptz, boolean) FROM PUBLIC;

-- The bucket of a row; all rows of a query are in the first one of its range.
CREATE FUNCTION monitor._bucket_sql(m monitor.model, baseline_id bigint, from_time timestamptz, to_time timestamptz) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN b.kind = 'query' AND _bucket_sql.to_time <= b.to_time THEN pg_catalog.format('%L::timestamptz', _bucket_sql.from_time::text)
			ELSE pg_catalog.format('monitor._bucket_start(%s, %L, %L)', monitor._time_sql(m), m.granularity, m.time_zone) END
		FROM monitor.baseline b WHERE b.baseline_id = _bucket_sql.baseline_id;
	END;
COMMENT ON FUNCTION monitor._bucket_sql(monitor.model, bigint, timestamptz, timestamptz) IS 'SQL of the bucket of a row';
REVOKE ALL ON FUNCTION monitor._bucket_sql(monitor.model, bigint, timestamptz, timestamptz) FROM PUBLIC;

-- Profiles of the features at positions 1 to last; NULL before first, and where there is none.
CREATE FUNCTION monitor._features_sql(m monitor.model, baseline_id bigint, first_position integer, last_position integer,
	from_time timestamptz, to_time timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	segments record := monitor._segments_sql(m.model_id, baseline_id);
	columns text;
	aggregates text;
BEGIN
	SELECT string_agg(format(', %s AS f%s', f.expression, p), '' ORDER BY p) FILTER (WHERE f.position IS NOT NULL),
		string_agg(CASE WHEN f.position IS NULL THEN 'NULL'
			ELSE format('monitor.profile(f%s, ($1)[%1$s].%s)', p, CASE f.kind WHEN 'numeric' THEN 'edges' ELSE 'categories' END) END, ', ' ORDER BY p)
	INTO columns, aggregates
	FROM generate_series(1, last_position) AS p
	LEFT JOIN (monitor.feature f JOIN monitor.reference_stream r ON r.baseline_id = _features_sql.baseline_id AND r.segment = '' AND r.position = f.position)
		ON f.model_id = m.model_id AND f.position = p AND f.position >= first_position AND NOT f.dropped AND f.role <> 'skipped';
	RETURN format('SELECT b, %s, count(*), ARRAY[%s]::monitor.profile[]
		FROM (SELECT %s AS b%s%s FROM %s) AS r GROUP BY %s',
		segments.label, aggregates, monitor._bucket_sql(m, baseline_id, from_time, to_time), segments.columns, columns,
		monitor._rows_sql(m, baseline_id, from_time, to_time, false), segments.sets);
END;
$$;
COMMENT ON FUNCTION monitor._features_sql(monitor.model, bigint, integer, integer, timestamptz, timestamptz) IS 'Query: bucket, segment, rows, profiles of some features';
REVOKE ALL ON FUNCTION monitor._features_sql(monitor.model, bigint, integer, integer, timestamptz, timestamptz) FROM PUBLIC;

-- ---- outcomes ----

-- The label that has arrived, as text; after label_delay none may mean the negative class.
-- Of a ranking it is the relevance.
CREATE FUNCTION monitor._label_sql(m monitor.model) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN m.label IS NULL THEN coalesce('(' || m.relevance || ')::text', 'NULL::text')
			WHEN m.label_null_means = 'negative' AND m.task = 'binary' THEN pg_catalog.format(
				'coalesce(%s, CASE WHEN %s < %s THEN %L END)', a.label, m.time_expression,
				monitor._time_literal(m, monitor.now() - m.label_delay),
				coalesce((SELECT c FROM unnest(m.classes) AS c WHERE c <> m.positive_class LIMIT 1), 'not ' || m.positive_class))
			ELSE a.label END
		-- a label of a time to come has not arrived
		FROM (SELECT CASE WHEN m.label_time IS NULL THEN pg_catalog.format('(%s)::text', m.label)
			ELSE pg_catalog.format('CASE WHEN %s > %L::timestamptz THEN NULL ELSE (%s)::text END', m.label_time, monitor.now(), m.label) END AS label) AS a;
	END;
COMMENT ON FUNCTION monitor._label_sql(monitor.model) IS 'The label as text';

-- Aggregates over a bucket's outcomes, in the order of bucket_outcomes.
CREATE FUNCTION monitor._outcome_aggregates(m monitor.model) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN concat_ws(', ', 'count(*)', 'count(label)',
		CASE WHEN m.task = 'binary' AND m.score IS NOT NULL
			THEN format('monitor.score_profile(score, label = %L, ($1)[1].edges)', m.positive_class) ELSE 'NULL::monitor.score_profile' END,
		CASE WHEN m.task IN ('binary', 'multiclass') AND m.prediction IS NOT NULL AND cardinality(m.classes) > 0 AND (m.task = 'multiclass' OR m.score IS NULL)
			THEN format('monitor.confusion_profile(prediction, label, %L::text[])', m.classes) ELSE 'NULL::monitor.confusion_profile' END,
		CASE WHEN m.task = 'regression'
			THEN 'monitor.error_profile(prediction::double precision, label::double precision, ($1)[1].edges)' ELSE 'NULL::monitor.error_profile' END,
		coalesce((SELECT format('ARRAY[%s]::double precision[]', string_agg(format('sum(n%s), sum(d%1$s)', c.position), ', ' ORDER BY c.position))
			FROM monitor.custom_metric c WHERE c.model_id = m.model_id AND c.aggregate IS NULL), 'NULL::double precision[]'));
END;
$$;
COMMENT ON FUNCTION monitor._outcome_aggregates(monitor.model) IS 'SQL of what is counted of outcomes';
REVOKE ALL ON FUNCTION monitor._outcome_aggregates(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._outcome_columns(m monitor.model) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN concat(', ', monitor._label_sql(m), ' AS label',
		', ' || CASE WHEN m.score_classes IS NULL THEN m.score END || ' AS score', ', (' || m.prediction || ')::text AS prediction',
		(SELECT string_agg(format(', %s AS n%s, %s AS d%2$s', coalesce(c.numerator, 'NULL::double precision'), c.position,
			coalesce(c.denominator, 'NULL::double precision')), '' ORDER BY c.position)
			FROM monitor.custom_metric c WHERE c.model_id = m.model_id AND c.aggregate IS NULL));
END;
$$;
COMMENT ON FUNCTION monitor._outcome_columns(monitor.model) IS 'SQL of the columns that outcomes are counted from';
REVOKE ALL ON FUNCTION monitor._outcome_columns(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._outcomes_sql(m monitor.model, baseline_id bigint, from_time timestamptz, to_time timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	segments record := monitor._segments_sql(m.model_id, baseline_id);
BEGIN
	RETURN format('SELECT b, %s, %s FROM (SELECT %s AS b%s%s FROM %s) AS r GROUP BY %s',
		segments.label, monitor._outcome_aggregates(m), monitor._bucket_sql(m, baseline_id, from_time, to_time), segments.columns,
		monitor._outcome_columns(m), monitor._rows_sql(m, baseline_id, from_time, to_time, true), segments.sets);
END;
$$;
COMMENT ON FUNCTION monitor._outcomes_sql(monitor.model, bigint, timestamptz, timestamptz) IS 'Query: bucket, segment, and what is counted of outcomes';
REVOKE ALL ON FUNCTION monitor._outcomes_sql(monitor.model, bigint, timestamptz, timestamptz) FROM PUBLIC;

-- Of ranking: nDCG of each query with a relevant row, summed by the bucket of its first row.
-- The buckets around are read too, for queries that reach over an edge count whole, and once.
CREATE FUNCTION monitor._ranking_sql(m monitor.model, from_time timestamptz, to_time timestamptz) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT pg_catalog.format('SELECT b, ARRAY[count(v), sum(v), sum(v * v)]::double precision[] FROM (
				SELECT min(monitor._bucket_start(%s, %L, %L)) AS b, monitor.ndcg(%s, (%s)::double precision) AS v FROM %s WHERE %s GROUP BY %s) AS q
			WHERE b >= %L::timestamptz AND b < %L::timestamptz GROUP BY b',
			monitor._time_sql(m), m.granularity, m.time_zone, coalesce(m.score, pg_catalog.format('-(%s)::double precision', m.rank)), m.relevance, monitor._source_sql(m),
			monitor._range_sql(m, monitor._bucket_start(from_time - '1 microsecond'::interval, m.granularity, m.time_zone), monitor._bucket_end(to_time, m.granularity, m.time_zone)),
			m.query_id, from_time, to_time);
	END;
COMMENT ON FUNCTION monitor._ranking_sql(monitor.model, timestamptz, timestamptz) IS 'Query: bucket, and [queries, sum, sum of squares] of their nDCG';
REVOKE ALL ON FUNCTION monitor._ranking_sql(monitor.model, timestamptz, timestamptz) FROM PUBLIC;

-- What features are to go with: the label, or what was predicted while there are no labels.  Of several classes it is whether it is
-- the one that was predicted most in the baseline, of a number whether it is above the middle of its anchors.
CREATE TYPE monitor._association_target AS (expression text, told text);
COMMENT ON TYPE monitor._association_target IS 'A condition on a row, and its name';

CREATE FUNCTION monitor._association_target_of(m monitor.model, baseline_id bigint) RETURNS monitor._association_target
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	truth text := CASE WHEN m.label IS NOT NULL THEN monitor._label_sql(m) WHEN m.prediction IS NOT NULL THEN format('(%s)::text', m.prediction) END;
	told text := CASE WHEN m.label IS NOT NULL THEN 'the label' ELSE 'the prediction' END;
	class text;
	middle double precision;
BEGIN
	IF m.task = 'binary' THEN
		RETURN ROW(format('%s = %L', truth, m.positive_class), told);
	END IF;
	SELECT r.categories[1], r.anchors[(cardinality(r.anchors) + 1) / 2] INTO class, middle
	FROM monitor.feature f JOIN monitor.reference_stream r ON r.baseline_id = _association_target_of.baseline_id AND r.segment = '' AND r.position = f.position
	WHERE f.model_id = m.model_id AND f.role = 'prediction' AND NOT f.dropped;
	RETURN CASE WHEN m.task = 'multiclass' AND class IS NOT NULL THEN ROW(format('%s = %L', truth, class), told || ' being ' || class)::monitor._association_target
		WHEN m.task = 'regression' AND middle IS NOT NULL THEN ROW(format('(%s)::double precision > %L::double precision', truth, middle), told || ' being above ' || middle)::monitor._association_target END;
END;
$$;
COMMENT ON FUNCTION monitor._association_target_of(monitor.model, bigint) IS 'What the importance of features is told by; NULL where there is nothing';
REVOKE ALL ON FUNCTION monitor._association_target_of(monitor.model, bigint) FROM PUBLIC;

-- How features go with the target: rows of each bin by class.
CREATE FUNCTION monitor._associations_sql(m monitor.model, baseline_id bigint, target text, from_time timestamptz, to_time timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	columns text;
	aggregates text;
BEGIN
	SELECT string_agg(format(', %s AS f%s', CASE f.kind WHEN 'numeric' THEN f.expression
			ELSE format('array_position(($1)[%s].categories, %s)::double precision', f.position, f.expression) END, f.position), '' ORDER BY f.position) FILTER (WHERE f.role IS NOT NULL),
		string_agg(CASE WHEN f.role IS NULL THEN 'NULL' ELSE format('monitor.score_profile(f%s, target, ($1)[%1$s].edges)', f.position) END, ', ' ORDER BY p)
	INTO columns, aggregates
	FROM generate_series(1, (SELECT max(o.position) FROM monitor.feature o WHERE o.model_id = m.model_id AND o.role = 'feature')) AS p
	LEFT JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = p AND f.role = 'feature' AND NOT f.dropped
		AND EXISTS (SELECT FROM monitor.reference_stream r WHERE r.baseline_id = _associations_sql.baseline_id AND r.segment = '' AND r.position = p);
	RETURN format('SELECT b, ARRAY[%s]::monitor.score_profile[] FROM (SELECT %s AS b, %s AS target%s FROM %s) AS r GROUP BY b',
		aggregates, monitor._bucket_sql(m, baseline_id, from_time, to_time), target, columns, monitor._rows_sql(m, baseline_id, from_time, to_time, true));
END;
$$;
COMMENT ON FUNCTION monitor._associations_sql(monitor.model, bigint, text, timestamptz, timestamptz) IS 'Query: bucket, and rows by bin of each feature and class of the target';
REVOKE ALL ON FUNCTION monitor._associations_sql(monitor.model, bigint, text, timestamptz, timestamptz) FROM PUBLIC;
