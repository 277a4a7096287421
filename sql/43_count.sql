--
-- Counting buckets: the queries of one model run over ranges of whole buckets, and the rows
-- they give replace what was stored.
--

CREATE TYPE monitor._range AS (from_time timestamptz, to_time timestamptz);
COMMENT ON TYPE monitor._range IS 'A half-open range of whole buckets';

-- What features are counted around, by position.
CREATE FUNCTION monitor._anchors_of(baseline_id bigint) RETURNS monitor._anchors[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT array_agg(ROW(r.anchors, r.categories)::monitor._anchors ORDER BY p)
		FROM pg_catalog.generate_series(1, (SELECT max(x.position) FROM monitor.reference_stream x WHERE x.baseline_id = _anchors_of.baseline_id)) AS p
		LEFT JOIN monitor.reference_stream r ON r.baseline_id = _anchors_of.baseline_id AND r.segment = '' AND r.position = p;
	END;
COMMENT ON FUNCTION monitor._anchors_of(bigint) IS 'Anchors and categories of a baseline by position of the feature';
REVOKE ALL ON FUNCTION monitor._anchors_of(bigint) FROM PUBLIC;

-- Positions of features that are profiled, in chunks of at most 64 for one scan.
CREATE FUNCTION monitor._feature_chunks(model_id bigint, OUT first_position integer, OUT last_position integer) RETURNS SETOF record
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT min(t.position)::integer, max(t.position)::integer
		FROM (SELECT f.position, (row_number() OVER (ORDER BY f.position) - 1) / 64 AS chunk
			FROM monitor.feature f WHERE f.model_id = _feature_chunks.model_id AND NOT f.dropped AND f.role <> 'skipped') AS t
		GROUP BY t.chunk ORDER BY 1;
	END;
COMMENT ON FUNCTION monitor._feature_chunks(bigint) IS 'Ranges of positions that one scan profiles';
REVOKE ALL ON FUNCTION monitor._feature_chunks(bigint) FROM PUBLIC;

-- Consecutive buckets become ranges of at most `most`, so that what a scan holds is bounded.
CREATE FUNCTION monitor._ranges(m monitor.model, buckets timestamptz[], most integer) RETURNS SETOF monitor._range
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT min(t.b), max(t.e)
		FROM (SELECT x.b, x.e, x.island, (row_number() OVER (PARTITION BY x.island ORDER BY x.b) - 1) / most AS part
			FROM (SELECT y.b, y.e, count(*) FILTER (WHERE y.gap) OVER (ORDER BY y.b) AS island
				FROM (SELECT z.b, z.e, lag(z.e) OVER (ORDER BY z.b) IS DISTINCT FROM z.b AS gap
					FROM (SELECT u.b, monitor._bucket_end(u.b, m.granularity, m.time_zone) AS e FROM unnest(buckets) AS u(b)) AS z) AS y) AS x) AS t
		GROUP BY t.island, t.part ORDER BY 1;
	END;
COMMENT ON FUNCTION monitor._ranges(monitor.model, timestamptz[], integer) IS 'Buckets as ranges to scan, in order';
REVOKE ALL ON FUNCTION monitor._ranges(monitor.model, timestamptz[], integer) FROM PUBLIC;

-- Buckets for one scan: a group's profile takes up to 32 kB a feature.
CREATE FUNCTION monitor._buckets_a_scan(model_id bigint, baseline_id bigint) RETURNS integer
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT greatest(1, least(1000, pg_catalog.pg_size_bytes(coalesce(pg_catalog.current_setting('monitor.max_aggregate_memory', true), '1GB')) / 2
			/ (32768::bigint * least(64, (SELECT count(*) + 1 FROM monitor.feature f WHERE f.model_id = _buckets_a_scan.model_id AND f.role <> 'skipped'))
				* (monitor._segments_sql(model_id, baseline_id)).number)))::integer;
	END;
COMMENT ON FUNCTION monitor._buckets_a_scan(bigint, bigint) IS 'How many buckets one scan may hold below monitor.max_aggregate_memory';
REVOKE ALL ON FUNCTION monitor._buckets_a_scan(bigint, bigint) FROM PUBLIC;

CREATE FUNCTION monitor._count_features(m monitor.model, baseline_id bigint, r monitor._range) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	anchors monitor._anchors[] := monitor._anchors_of(baseline_id);
	reference monitor.reference := monitor._whole_reference(baseline_id);
	chunks text[];
	rows bigint;
BEGIN
	SELECT array_agg(monitor._features_sql(m, baseline_id, c.first_position, c.last_position, r.from_time, r.to_time) ORDER BY c.first_position)
	INTO chunks FROM monitor._feature_chunks(m.model_id) AS c;
	DELETE FROM monitor.bucket_features t
	WHERE t.model_id = m.model_id AND t.baseline_id = _count_features.baseline_id AND t.bucket_start >= r.from_time AND t.bucket_start < r.to_time;
	WITH scanned AS (
		SELECT t.b, t.segment, max(t.n) AS n, monitor._rollup(monitor._detach(t.p)) AS p
		FROM unnest(chunks) AS c(query),
			LATERAL monitor._read(monitor._reader(m), c.query, anchors) AS t(b timestamptz, segment text, n bigint, p monitor.profile[])
		GROUP BY t.b, t.segment
	), stored AS (
		INSERT INTO monitor.bucket_features (model_id, baseline_id, segment, bucket_start, bucket_end, num_rows, profiles, cells)
		SELECT m.model_id, baseline_id, s.segment, s.b, monitor._bucket_end(s.b, m.granularity, m.time_zone), s.n,
			CASE WHEN s.segment = '' THEN s.p END, coalesce(monitor._coarsen(s.p, reference.profiles, reference.cells), s.p)
		FROM scanned AS s
		RETURNING segment, num_rows
	)
	SELECT coalesce(sum(num_rows) FILTER (WHERE segment = ''), 0) INTO rows FROM stored;
	RETURN rows;
END;
$$;
COMMENT ON FUNCTION monitor._count_features(monitor.model, bigint, monitor._range) IS 'Counts the features of a range of buckets anew; gives the rows read';
REVOKE ALL ON FUNCTION monitor._count_features(monitor.model, bigint, monitor._range) FROM PUBLIC;

CREATE FUNCTION monitor._whole_reference(baseline_id bigint) RETURNS monitor.reference
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT r FROM monitor.reference r WHERE r.baseline_id = _whole_reference.baseline_id AND r.segment = '' AND r.stratum = 0);
END;
$$;
COMMENT ON FUNCTION monitor._whole_reference(bigint) IS 'The baseline''s profiles of all rows, with their anchors';
REVOKE ALL ON FUNCTION monitor._whole_reference(bigint) FROM PUBLIC;

-- ---- outcomes ----

-- Edges that the bins of an association lie between: a feature's cells, or one for each category.
CREATE FUNCTION monitor._association_anchors(baseline_id bigint) RETURNS monitor._anchors[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT array_agg(ROW(CASE WHEN r.categories IS NULL
				THEN ARRAY(SELECT DISTINCT r.anchors[greatest(1, (n * cardinality(r.anchors)) / 20)] FROM pg_catalog.generate_series(1, 20) AS n ORDER BY 1)
				ELSE ARRAY(SELECT n::double precision FROM pg_catalog.generate_series(1, greatest(cardinality(r.categories), 1)) AS n) END, r.categories)::monitor._anchors ORDER BY p)
		FROM pg_catalog.generate_series(1, (SELECT max(x.position) FROM monitor.reference_stream x WHERE x.baseline_id = _association_anchors.baseline_id)) AS p
		LEFT JOIN monitor.reference_stream r ON r.baseline_id = _association_anchors.baseline_id AND r.segment = '' AND r.position = p;
	END;
COMMENT ON FUNCTION monitor._association_anchors(bigint) IS 'At most 20 bins of each number, one of each category';
REVOKE ALL ON FUNCTION monitor._association_anchors(bigint) FROM PUBLIC;

CREATE FUNCTION monitor._count_outcomes(m monitor.model, baseline_id bigint, r monitor._range) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	anchors monitor._anchors[] := ARRAY(SELECT ROW(s.anchors, NULL)::monitor._anchors FROM monitor.reference_stream s
		WHERE s.baseline_id = _count_outcomes.baseline_id AND s.segment = '' AND s.position = 0);
	target text := (monitor._association_target_of(m, _count_outcomes.baseline_id)).expression;
BEGIN
	DELETE FROM monitor.bucket_outcomes t
	WHERE t.model_id = m.model_id AND t.baseline_id = _count_outcomes.baseline_id AND t.bucket_start >= r.from_time AND t.bucket_start < r.to_time;
	INSERT INTO monitor.bucket_outcomes (model_id, baseline_id, segment, bucket_start, bucket_end, num_rows, num_labelled, scores, confusion, errors, sums)
	SELECT m.model_id, baseline_id, t.segment, t.b, monitor._bucket_end(t.b, m.granularity, m.time_zone), t.n, t.labelled,
		monitor.detach(t.scores), monitor.detach(t.confusion), monitor.detach(t.errors), t.sums
	FROM monitor._read(monitor._reader(m), monitor._outcomes_sql(m, baseline_id, r.from_time, r.to_time), anchors)
		AS t(b timestamptz, segment text, n bigint, labelled bigint, scores monitor.score_profile, confusion monitor.confusion_profile,
			errors monitor.error_profile, sums double precision[]);
	IF m.task = 'ranking' AND m.query_id IS NOT NULL AND m.relevance IS NOT NULL THEN
		UPDATE monitor.bucket_outcomes o SET ranking = t.sums
		FROM monitor._read(monitor._reader(m), monitor._ranking_sql(m, r.from_time, r.to_time)) AS t(b timestamptz, sums double precision[])
		WHERE o.model_id = m.model_id AND o.baseline_id = _count_outcomes.baseline_id AND o.segment = '' AND o.bucket_start = t.b;
	END IF;
	IF target IS NOT NULL AND EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role = 'feature' AND NOT f.dropped) THEN
		UPDATE monitor.bucket_outcomes o SET associations = t.counts
		FROM monitor._read(monitor._reader(m), monitor._associations_sql(m, _count_outcomes.baseline_id, target, r.from_time, r.to_time),
			monitor._association_anchors(_count_outcomes.baseline_id)) AS t(b timestamptz, counts monitor.score_profile[])
		WHERE o.model_id = m.model_id AND o.baseline_id = _count_outcomes.baseline_id AND o.segment = '' AND o.bucket_start = t.b;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._count_outcomes(monitor.model, bigint, monitor._range) IS 'Counts what labels, scores and costs of a range of buckets say anew';
REVOKE ALL ON FUNCTION monitor._count_outcomes(monitor.model, bigint, monitor._range) FROM PUBLIC;
