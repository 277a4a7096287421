--
-- Baselines: what features are counted around, the reference, its strata, and how
-- dependent its rows are.
--

-- ---- anchors ----

-- Rows that anchors are taken from: all of the baseline, or a sample where they would not
-- fit into memory.
CREATE FUNCTION monitor._anchor_rows_sql(m monitor.model, b monitor.baseline, num_rows bigint) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	most bigint := pg_size_bytes(coalesce(current_setting('monitor.max_aggregate_memory', true), '1GB')) / 64;
	sample text := '';
BEGIN
	IF num_rows > most AND b.kind <> 'query' AND (SELECT c.relkind FROM pg_class c WHERE c.oid = m.source) IN ('r', 'p', 'm') THEN
		sample := format(' TABLESAMPLE BERNOULLI (%s) REPEATABLE (1)', 100.0 * most / num_rows);
	END IF;
	RETURN CASE WHEN sample = '' THEN monitor._rows_sql(m, b.baseline_id, b.from_time, b.to_time, false)
		ELSE replace(monitor._rows_sql(m, b.baseline_id, b.from_time, b.to_time, false), ' AS s WHERE ', ' AS s' || sample || ' WHERE ') END;
END;
$$;
COMMENT ON FUNCTION monitor._anchor_rows_sql(monitor.model, monitor.baseline, bigint) IS 'FROM and WHERE of the rows that anchors are taken from';
REVOKE ALL ON FUNCTION monitor._anchor_rows_sql(monitor.model, monitor.baseline, bigint) FROM PUBLIC;

-- Order statistics at equal steps end with the largest value, but begin above the smallest: rows
-- below it are out of range only if it is an anchor too.
CREATE FUNCTION monitor._with_smallest(edges double precision[], smallest double precision) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN smallest < edges[1] THEN array_prepend(smallest, edges) ELSE edges END;
	END;
COMMENT ON FUNCTION monitor._with_smallest(double precision[], double precision) IS 'Anchors that begin with the smallest value';

CREATE FUNCTION monitor._find_anchors(m monitor.model, b monitor.baseline, num_rows bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	rows text := monitor._anchor_rows_sql(m, b, num_rows);
	at_once integer := greatest(1, least(64, pg_size_bytes(coalesce(current_setting('monitor.max_aggregate_memory', true), '1GB')) / 2 / greatest(1, 16 * least(num_rows,
		pg_size_bytes(coalesce(current_setting('monitor.max_aggregate_memory', true), '1GB')) / 64))))::integer;
	part record;
BEGIN
	FOR part IN
		SELECT array_agg(t.position ORDER BY t.position) AS positions,
			string_agg(format('ROW(%s, %s)::monitor._anchors',
				CASE t.kind WHEN 'numeric' THEN format('monitor._with_smallest(monitor.profile_edges(%1$s, 1000), min((%1$s)::double precision))', t.expression) ELSE 'NULL' END,
				CASE t.kind WHEN 'numeric' THEN 'NULL' ELSE format('monitor.profile_categories(%s, %s)', t.expression, t.cap) END), ', ' ORDER BY t.position) AS aggregates
		FROM (SELECT f.*, (row_number() OVER (ORDER BY f.position) - 1) / at_once AS chunk FROM monitor.feature f
			WHERE f.model_id = m.model_id AND NOT f.dropped AND f.role <> 'skipped') AS t
		GROUP BY t.chunk
	LOOP
		INSERT INTO monitor.reference_stream (baseline_id, segment, position, anchors, categories)
		SELECT b.baseline_id, '', part.positions[u.n], u.edges, u.categories
		FROM monitor._read(monitor._reader(m), format('SELECT ARRAY[%s] FROM %s', part.aggregates, rows)) AS t(a monitor._anchors[]),
			LATERAL unnest(t.a) WITH ORDINALITY AS u(edges, categories, n)
		WHERE u.edges IS NOT NULL OR u.categories IS NOT NULL;
	END LOOP;
	PERFORM monitor._find_outcome_anchors(m, b);
	INSERT INTO monitor.reference_segment (baseline_id, position, allowed)
	SELECT b.baseline_id, g.position, coalesce((
		SELECT t.c FROM monitor._read(monitor._reader(m), format('SELECT monitor.profile_categories(%s, %s) FROM %s', g.expressions[1], g.cap, rows)) AS t(c text[])), '{}')
	FROM monitor.segment g WHERE g.model_id = m.model_id AND cardinality(g.members) = 1;
END;
$$;
COMMENT ON FUNCTION monitor._find_anchors(monitor.model, monitor.baseline, bigint) IS 'Anchors, categories and values of segments from the baseline''s rows';
REVOKE ALL ON FUNCTION monitor._find_anchors(monitor.model, monitor.baseline, bigint) FROM PUBLIC;

-- Position 0: what scores or regression errors are counted around.
CREATE FUNCTION monitor._find_outcome_anchors(m monitor.model, b monitor.baseline) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO monitor.reference_stream (baseline_id, segment, position, anchors)
		SELECT b.baseline_id, '', 0, CASE WHEN m.task = 'binary' THEN monitor.score_edges(r.anchors, ARRAY[m.decision_threshold]) ELSE r.anchors END
		FROM monitor.feature f JOIN monitor.reference_stream r ON r.baseline_id = b.baseline_id AND r.segment = '' AND r.position = f.position
		WHERE f.model_id = m.model_id AND r.anchors IS NOT NULL
			AND f.role = CASE m.task WHEN 'binary' THEN 'score' WHEN 'regression' THEN 'prediction' END;
	END;
COMMENT ON FUNCTION monitor._find_outcome_anchors(monitor.model, monitor.baseline) IS 'Anchors of scores or of a regression''s predictions';
REVOKE ALL ON FUNCTION monitor._find_outcome_anchors(monitor.model, monitor.baseline) FROM PUBLIC;

-- ---- the reference ----

-- Empty profiles around the anchors: they give counts their anchors back.
CREATE FUNCTION monitor._empty_profiles(baseline_id bigint) RETURNS monitor.profile[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT array_agg(CASE WHEN r.anchors IS NOT NULL THEN (SELECT monitor.profile(v, r.anchors) FROM unnest(ARRAY[NULL]::double precision[]) AS v)
			WHEN r.categories IS NOT NULL THEN (SELECT monitor.profile(v, r.categories) FROM unnest(ARRAY[NULL]::text[]) AS v) END ORDER BY p)
		FROM pg_catalog.generate_series(1, (SELECT max(x.position) FROM monitor.reference_stream x WHERE x.baseline_id = _empty_profiles.baseline_id)) AS p
		LEFT JOIN monitor.reference_stream r ON r.baseline_id = _empty_profiles.baseline_id AND r.segment = '' AND r.position = p;
	END;
COMMENT ON FUNCTION monitor._empty_profiles(bigint) IS 'A baseline''s profiles without rows, with their anchors';
REVOKE ALL ON FUNCTION monitor._empty_profiles(bigint) FROM PUBLIC;

CREATE FUNCTION monitor._stratum(bucket_start timestamptz, zone text, granularity text, seasonality text) RETURNS integer
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN seasonality = 'none' OR granularity = 'week' THEN 0 ELSE 1
			+ CASE WHEN granularity = 'hour' THEN extract(hour FROM bucket_start AT TIME ZONE zone)::integer ELSE 0 END
			+ CASE WHEN seasonality = 'hour_of_week' AND extract(isodow FROM bucket_start AT TIME ZONE zone) >= 6 THEN 24 ELSE 0 END END;
	END;
COMMENT ON FUNCTION monitor._stratum(timestamptz, text, text, text) IS 'Stratum of a bucket: hours of the day, of weekdays then of weekends; 0: none';

-- Sums the baseline's buckets; strata beside the whole where a season is matched.
CREATE FUNCTION monitor._sum_reference(m monitor.model, b monitor.baseline, seasonality text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM monitor.reference r WHERE r.baseline_id = b.baseline_id AND r.stratum > 0;
	INSERT INTO monitor.reference (baseline_id, segment, stratum, num_rows, profiles, cells)
	SELECT b.baseline_id, t.segment, t.stratum, sum(t.num_rows), coalesce(monitor._rollup(t.profiles), '{}'), monitor._rollup(t.cells)
	FROM (SELECT f.segment, s.stratum, f.num_rows, CASE WHEN s.stratum = 0 THEN f.profiles END AS profiles, f.cells
		FROM monitor.bucket_features f
		CROSS JOIN LATERAL (SELECT 0 AS stratum WHERE f.segment <> ''
			UNION SELECT monitor._stratum(f.bucket_start, m.time_zone, m.granularity, seasonality) WHERE seasonality <> 'none') AS s
		WHERE f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.bucket_start >= b.from_time AND f.bucket_start < b.to_time) AS t
	GROUP BY t.segment, t.stratum
	ON CONFLICT DO NOTHING;
END;
$$;
COMMENT ON FUNCTION monitor._sum_reference(monitor.model, monitor.baseline, text) IS 'Fills the reference of segments and strata from the baseline''s buckets';
REVOKE ALL ON FUNCTION monitor._sum_reference(monitor.model, monitor.baseline, text) FROM PUBLIC;

-- The whole baseline first: its anchors are needed to make cells of all others.
CREATE FUNCTION monitor._sum_whole_reference(m monitor.model, b monitor.baseline) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	whole monitor.profile[];
	rows bigint;
	empty monitor.profile[] := monitor._empty_profiles(b.baseline_id);
BEGIN
	SELECT monitor._attach(coalesce(monitor._rollup(f.profiles), monitor._detach(empty)), empty), coalesce(sum(f.num_rows), 0) INTO whole, rows
	FROM monitor.bucket_features f
	WHERE f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.segment = '' AND f.bucket_start >= b.from_time AND f.bucket_start < b.to_time;
	-- without a feature that has a value there is nothing to count around
	whole := coalesce(whole, '{}');
	INSERT INTO monitor.reference (baseline_id, segment, stratum, num_rows, profiles, cells)
	VALUES (b.baseline_id, '', 0, rows, whole, monitor._coarse_reference(whole))
	ON CONFLICT ON CONSTRAINT reference_pkey DO UPDATE SET num_rows = excluded.num_rows, profiles = excluded.profiles, cells = excluded.cells;
	UPDATE monitor.bucket_features f SET cells = monitor._coarsen(f.profiles, whole, monitor._coarse_reference(whole))
	WHERE f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.segment = '';
END;
$$;
COMMENT ON FUNCTION monitor._sum_whole_reference(monitor.model, monitor.baseline) IS 'Fills the reference of all rows, with its anchors and cells';
REVOKE ALL ON FUNCTION monitor._sum_whole_reference(monitor.model, monitor.baseline) FROM PUBLIC;

CREATE FUNCTION monitor._sum_reference_outcomes(m monitor.model, b monitor.baseline) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	edges double precision[] := (SELECT r.anchors FROM monitor.reference_stream r WHERE r.baseline_id = b.baseline_id AND r.segment = '' AND r.position = 0);
BEGIN
	DELETE FROM monitor.reference_outcomes r WHERE r.baseline_id = b.baseline_id;
	INSERT INTO monitor.reference_outcomes (baseline_id, segment, num_rows, num_labelled, scores, confusion, errors, ranking, sums)
	SELECT b.baseline_id, o.segment, sum(o.num_rows), sum(o.num_labelled),
		monitor.attach(monitor.rollup(o.scores), (SELECT monitor.score_profile(NULL::double precision, NULL::boolean, edges) WHERE edges IS NOT NULL)),
		monitor.attach(monitor.rollup(o.confusion), (SELECT monitor.confusion_profile(NULL::text, NULL::text, m.classes) WHERE cardinality(m.classes) > 0)),
		monitor.attach(monitor.rollup(o.errors), (SELECT monitor.error_profile(NULL::double precision, NULL::double precision, edges) WHERE edges IS NOT NULL)),
		monitor._sum(o.ranking), monitor._sum(o.sums)
	FROM monitor.bucket_outcomes o
	WHERE o.model_id = m.model_id AND o.baseline_id = b.baseline_id AND o.bucket_start >= b.from_time AND o.bucket_start < b.to_time
	GROUP BY o.segment;
	UPDATE monitor.reference_outcomes r SET associations = (
		SELECT array_agg(t.p ORDER BY t.n) FROM (
			SELECT u.n, monitor.rollup(u.p) AS p FROM monitor.bucket_outcomes o, LATERAL unnest(o.associations) WITH ORDINALITY AS u(p, n)
			WHERE o.model_id = m.model_id AND o.baseline_id = b.baseline_id AND o.segment = '' AND o.bucket_start >= b.from_time AND o.bucket_start < b.to_time
			GROUP BY u.n) AS t)
	WHERE r.baseline_id = b.baseline_id AND r.segment = '';
END;
$$;
COMMENT ON FUNCTION monitor._sum_reference_outcomes(monitor.model, monitor.baseline) IS 'Fills what the baseline''s labels, scores and costs say';
REVOKE ALL ON FUNCTION monitor._sum_reference_outcomes(monitor.model, monitor.baseline) FROM PUBLIC;

-- A rolling baseline: the last buckets before the present look, around the same anchors.
CREATE FUNCTION monitor._roll_reference(m monitor.model, b monitor.baseline) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	first_start timestamptz;
	last_start timestamptz;
BEGIN
	INSERT INTO monitor.reference SELECT r.baseline_id, '', -1, r.num_rows, '{}', r.cells FROM monitor.reference r
	WHERE r.baseline_id = b.baseline_id AND r.segment = '' AND r.stratum = 0 ON CONFLICT DO NOTHING;
	SELECT min(t.bucket_start), max(t.bucket_start) INTO first_start, last_start
	FROM (SELECT k.bucket_start FROM monitor.bucket k WHERE k.model_id = m.model_id AND NOT k.is_open AND k.num_rows > 0
		ORDER BY k.bucket_start DESC OFFSET 1 LIMIT b.windows) AS t;
	UPDATE monitor.reference r SET num_rows = t.num_rows, cells = CASE WHEN r.segment = '' THEN monitor._attach(t.cells, r.cells) ELSE t.cells END,
		profiles = CASE WHEN r.segment = '' THEN monitor._attach(t.profiles, r.profiles) ELSE r.profiles END
	FROM (SELECT f.segment, sum(f.num_rows) AS num_rows, monitor._rollup(f.cells) AS cells, monitor._rollup(f.profiles) AS profiles FROM monitor.bucket_features f
		WHERE f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.bucket_start BETWEEN first_start AND last_start AND f.num_rows > 0 GROUP BY f.segment) AS t
	WHERE r.baseline_id = b.baseline_id AND r.stratum = 0 AND r.segment = t.segment;
END;
$$;
COMMENT ON FUNCTION monitor._roll_reference(monitor.model, monitor.baseline) IS 'Moves the reference of a rolling baseline to the last buckets';
REVOKE ALL ON FUNCTION monitor._roll_reference(monitor.model, monitor.baseline) FROM PUBLIC;

-- ---- dependence and season ----

CREATE FUNCTION monitor._reference_cells_of(baseline_id bigint, segment text) RETURNS monitor._reference_cells[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT array_agg(ROW(r.stratum, r.cells)::monitor._reference_cells ORDER BY r.stratum)
		FROM (SELECT r.stratum, r.cells FROM monitor.reference r
				WHERE r.baseline_id = _reference_cells_of.baseline_id AND r.segment = _reference_cells_of.segment AND r.stratum >= 0
			UNION ALL
			-- what gave the anchors: of a rolling baseline its first reference, for a segment all rows
			(SELECT -1, r.cells FROM monitor.reference r
				WHERE r.baseline_id = _reference_cells_of.baseline_id AND r.segment = '' AND r.stratum IN (-1, CASE WHEN _reference_cells_of.segment <> '' THEN 0 ELSE -1 END)
				ORDER BY r.stratum LIMIT 1)) AS r);
END;
$$;
COMMENT ON FUNCTION monitor._reference_cells_of(bigint, text) IS 'The baseline of a segment with its strata, as watching reads it';
REVOKE ALL ON FUNCTION monitor._reference_cells_of(bigint, text) FROM PUBLIC;

CREATE FUNCTION monitor._dependence_of(m monitor.model, b monitor.baseline, segment text, seasonality text, OUT "position" integer, OUT phi double precision[], OUT windows integer[])
	RETURNS SETOF record
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT d.position, d.phi, d.windows
		FROM (SELECT array_agg(k.bucket_end ORDER BY k.bucket_start) AS ends, array_agg(k.bucket_start ORDER BY k.bucket_start) AS starts,
				array_agg(monitor._stratum(k.bucket_start, m.time_zone, m.granularity, seasonality) ORDER BY k.bucket_start) AS strata
			FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.bucket_start >= b.from_time AND k.bucket_end <= b.to_time) AS line,
			LATERAL monitor._dependence(m.model_id, b.baseline_id, segment, line.ends, line.starts, line.strata,
				(SELECT array_agg(r) FROM unnest(monitor._reference_cells_of(b.baseline_id, segment)) AS r WHERE seasonality <> 'none' OR r.stratum <= 0)) AS d;
	END;
COMMENT ON FUNCTION monitor._dependence_of(monitor.model, monitor.baseline, text, text) IS 'How dependent the rows of each feature of a segment are';
REVOKE ALL ON FUNCTION monitor._dependence_of(monitor.model, monitor.baseline, text, text) FROM PUBLIC;

-- auto: a season is matched where that lowers the dependence of single buckets by a fifth,
-- and the baseline holds two cycles.
CREATE FUNCTION monitor._choose_seasonality(m monitor.model, b monitor.baseline) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	candidate text := CASE WHEN m.granularity = 'week' OR b.kind IN ('query', 'rolling') THEN 'none' WHEN b.to_time - b.from_time >= '14 days'::interval THEN 'hour_of_week'
		WHEN m.granularity = 'hour' AND b.to_time - b.from_time >= '2 days'::interval THEN 'hour_of_day' ELSE 'none' END;
	matters boolean;
BEGIN
	IF m.seasonality <> 'auto' OR candidate = 'none' THEN
		candidate := CASE WHEN m.seasonality = 'auto' OR b.kind IN ('query', 'rolling') THEN 'none' ELSE m.seasonality END;
		PERFORM monitor._sum_reference(m, b, candidate);
		RETURN candidate;
	END IF;
	PERFORM monitor._sum_reference(m, b, candidate);
	SELECT bool_or(matched.phi[1] <= 0.8 * pooled.phi[1]) INTO matters
	FROM monitor._dependence_of(m, b, '', candidate) AS matched JOIN monitor._dependence_of(m, b, '', 'none') AS pooled USING (position);
	IF NOT coalesce(matters, false) THEN
		PERFORM monitor._sum_reference(m, b, 'none');
		RETURN 'none';
	END IF;
	RETURN candidate;
END;
$$;
COMMENT ON FUNCTION monitor._choose_seasonality(monitor.model, monitor.baseline) IS 'The season that is matched; fills the strata of the reference';
REVOKE ALL ON FUNCTION monitor._choose_seasonality(monitor.model, monitor.baseline) FROM PUBLIC;

-- After the baseline's buckets are counted.
CREATE FUNCTION monitor._finish_baseline(m monitor.model, b monitor.baseline) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	chosen text := monitor._choose_seasonality(m, b);
	others text;
BEGIN
	FOR others IN SELECT DISTINCT r.segment FROM monitor.reference r WHERE r.baseline_id = b.baseline_id LOOP
		INSERT INTO monitor.reference_stream (baseline_id, segment, position, phi, phi_windows)
		SELECT b.baseline_id, others, d.position, d.phi, d.windows FROM monitor._dependence_of(m, b, others, chosen) AS d
		ON CONFLICT ON CONSTRAINT reference_stream_pkey DO UPDATE SET phi = excluded.phi, phi_windows = excluded.phi_windows;
	END LOOP;
	PERFORM monitor._sum_reference_outcomes(m, b);
	UPDATE monitor.baseline t SET built_at = clock_timestamp(), seasonality = chosen WHERE t.baseline_id = b.baseline_id;
END;
$$;
COMMENT ON FUNCTION monitor._finish_baseline(monitor.model, monitor.baseline) IS 'Reference, strata and dependence from the counted buckets';
REVOKE ALL ON FUNCTION monitor._finish_baseline(monitor.model, monitor.baseline) FROM PUBLIC;
