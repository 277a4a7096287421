--
-- Measuring what serving takes and gives: latency, CPU, memory, cost, business, importance.
--

CREATE FUNCTION monitor._measure_operations(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	empty monitor.profile[];
	stored integer;
BEGIN
	IF NOT EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role IN ('latency', 'cpu', 'memory', 'cost')) THEN
		RETURN 0;
	END IF;
	empty := monitor._empty_profiles(b.baseline_id);
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, n_current, buckets, verdict, reason, provisional, method)
	SELECT m.model_id, v.metric, '', '', k.bucket_end, k.bucket_start, b.baseline_id, v.value, monitor.num_rows(p.profile), 1, 'ok', 'no verdict without a rule', k.is_open, v.method
	FROM monitor.bucket k
	JOIN monitor.bucket_features u ON u.model_id = k.model_id AND u.baseline_id = b.baseline_id AND u.segment = '' AND u.bucket_start = k.bucket_start AND u.num_rows > 0
	JOIN monitor.feature f ON f.model_id = m.model_id AND f.role IN ('latency', 'cpu', 'memory', 'cost') AND NOT f.dropped
	CROSS JOIN LATERAL (SELECT monitor.attach(u.profiles[f.position], empty[f.position]) AS profile) AS p
	CROSS JOIN LATERAL (
		SELECT format('resource.%s_p%s', f.role, q * 100) AS metric, monitor.quantile(p.profile, q) AS value, 'from the profile, exact at its anchors' AS method
		FROM unnest(ARRAY[0.5, 0.95, 0.99]::double precision[]) AS q WHERE f.role <> 'cost'
		UNION ALL SELECT 'resource.' || f.role || '_mean', monitor.mean(p.profile), 'from exact sums' WHERE f.role <> 'cost'
		UNION ALL SELECT 'cost.total', f.rate * monitor.mean(p.profile) * (monitor.num_rows(p.profile) - monitor.num_missing(p.profile)), 'from exact sums' WHERE f.role = 'cost'
		UNION ALL SELECT 'cost.per_row', f.rate * monitor.mean(p.profile), 'from exact sums' WHERE f.role = 'cost') AS v
	WHERE k.model_id = m.model_id AND k.bucket_end >= changed AND p.profile IS NOT NULL
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET baseline_id = excluded.baseline_id, value = excluded.value, n_current = excluded.n_current, provisional = excluded.provisional, measured_at = clock_timestamp();
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_operations(monitor.model, monitor.baseline, timestamptz) IS 'Percentiles of latency, CPU and memory; cost';
REVOKE ALL ON FUNCTION monitor._measure_operations(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- What was measured of a bucket whose rows went since, of all or of a segment.
CREATE FUNCTION monitor._forget_operations(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM monitor.measurement d WHERE d.ctid = ANY (ARRAY(
		SELECT old.ctid
		FROM (SELECT '' AS segment, format('resource.%s_%s', f.role, v) AS metric FROM monitor.feature f, unnest('{p50,p95,p99,mean}'::text[]) AS v
			WHERE f.model_id = m.model_id AND f.role IN ('latency', 'cpu', 'memory')
			UNION ALL SELECT '', v FROM monitor.feature f, unnest('{cost.total,cost.per_row}'::text[]) AS v WHERE f.model_id = m.model_id AND f.role = 'cost'
			UNION ALL SELECT r.segment, 'business.' || c.name FROM monitor.custom_metric c, monitor.reference_outcomes r WHERE c.model_id = m.model_id AND r.baseline_id = b.baseline_id) AS v
		-- OFFSET: each series is found by its key, whatever is known of the table
		CROSS JOIN LATERAL (SELECT x.ctid, x.window_start, x.window_end FROM monitor.measurement x
			WHERE x.model_id = m.model_id AND x.metric = v.metric AND x.feature = '' AND x.segment = v.segment AND x.window_end >= changed AND x.baseline_id = b.baseline_id
			OFFSET 0) AS old
		JOIN monitor.bucket k ON k.model_id = m.model_id AND k.bucket_start = old.window_start AND k.bucket_end = old.window_end AND k.bucket_start >= coalesce(b.to_time, '-infinity')
		WHERE NOT EXISTS (SELECT FROM monitor.bucket_features u
			WHERE u.model_id = m.model_id AND u.baseline_id = b.baseline_id AND u.segment = v.segment AND u.bucket_start = k.bucket_start AND u.num_rows > 0)));
END;
$$;
COMMENT ON FUNCTION monitor._forget_operations(monitor.model, monitor.baseline, timestamptz) IS 'Deletes costs and business metrics of changed buckets that have no rows any more';
REVOKE ALL ON FUNCTION monitor._forget_operations(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Additive metrics from their sums.
CREATE FUNCTION monitor._measure_business(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	stored integer;
BEGIN
	IF NOT EXISTS (SELECT FROM monitor.custom_metric y WHERE y.model_id = m.model_id)
		AND NOT EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role IN ('latency', 'cpu', 'memory', 'cost')) THEN
		RETURN 0;
	END IF;
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, n_reference, n_current, buckets,
		verdict, reason, provisional, method)
	SELECT m.model_id, 'business.' || t.name, '', o.segment, o.bucket_end, o.bucket_start, b.baseline_id, v.value, CASE WHEN t.denominator IS NOT NULL THEN v.value - r.value END, ref.num_rows,
		o.num_rows, 1, 'ok', 'no verdict without a rule', k.is_open, CASE WHEN t.denominator IS NULL THEN 'sum' ELSE 'sum / sum' END
	FROM monitor.bucket_outcomes o
	JOIN monitor.bucket k ON k.model_id = o.model_id AND k.bucket_start = o.bucket_start
	JOIN (SELECT y.*, row_number() OVER (ORDER BY y.position) AS place FROM monitor.custom_metric y WHERE y.model_id = m.model_id AND y.aggregate IS NULL) AS t ON true
	LEFT JOIN monitor.reference_outcomes ref ON ref.baseline_id = b.baseline_id AND ref.segment = o.segment
	CROSS JOIN LATERAL (SELECT CASE WHEN t.denominator IS NULL THEN o.sums[2 * t.place - 1] ELSE o.sums[2 * t.place - 1] / nullif(o.sums[2 * t.place], 0) END AS value) AS v
	CROSS JOIN LATERAL (SELECT ref.sums[2 * t.place - 1] / nullif(ref.sums[2 * t.place], 0) AS value) AS r
	WHERE o.model_id = m.model_id AND o.baseline_id = b.baseline_id AND o.bucket_end >= changed AND o.bucket_start >= greatest(changed - 2 * monitor._step(m.granularity), b.to_time)
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET baseline_id = excluded.baseline_id, value = excluded.value, effect_size = excluded.effect_size, n_reference = excluded.n_reference, n_current = excluded.n_current,
		provisional = excluded.provisional, measured_at = clock_timestamp();
	GET DIAGNOSTICS stored = ROW_COUNT;
	PERFORM monitor._forget_operations(m, b, changed);
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_business(monitor.model, monitor.baseline, timestamptz) IS 'Business metrics that are sums or quotients of sums';
REVOKE ALL ON FUNCTION monitor._measure_business(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Of what is no quotient of sums no count is kept: it is recomputed from the rows of each bucket that was counted, whether that
-- changed a count or not.
CREATE FUNCTION monitor._measure_aggregates(m monitor.model, b monitor.baseline, counted timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	stored integer := 0;
	more integer;
	c monitor.custom_metric;
BEGIN
	FOR c IN SELECT y.* FROM monitor.custom_metric y WHERE y.model_id = m.model_id AND y.aggregate IS NOT NULL LOOP
		INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, n_current, buckets, verdict, reason, provisional, method)
		SELECT m.model_id, 'business.' || c.name, '', '', k.bucket_end, k.bucket_start, b.baseline_id, t.value, t.n, 1, 'ok', 'no verdict without a rule', k.is_open, 'recomputed from the rows'
		FROM monitor.bucket k
		JOIN (SELECT min(y.bucket_start) AS f, max(y.bucket_end) AS t FROM monitor.bucket y WHERE y.model_id = m.model_id AND y.bucket_end >= counted) AS range ON true
		JOIN LATERAL monitor._read(monitor._reader(m), format('SELECT monitor._bucket_start(%s, %L, %L), %s, count(*) FROM %s AS s WHERE %s GROUP BY 1',
			monitor._time_sql(m), m.granularity, m.time_zone, c.aggregate, m.source, monitor._range_sql(m, range.f, range.t))) AS t(b timestamptz, value double precision, n bigint)
			ON t.b = k.bucket_start
		WHERE k.model_id = m.model_id AND k.bucket_end >= counted AND NOT k.archived
		ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET baseline_id = excluded.baseline_id, value = excluded.value, n_current = excluded.n_current, provisional = excluded.provisional, measured_at = clock_timestamp();
		GET DIAGNOSTICS more = ROW_COUNT;
		stored := stored + more;
	END LOOP;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_aggregates(monitor.model, monitor.baseline, timestamptz) IS 'Business metrics that are recomputed from the rows; counted: end of the first bucket that was counted again';
REVOKE ALL ON FUNCTION monitor._measure_aggregates(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- ---- importance ----

-- Logged attributions of a day: their mean size by feature, and how far the order of the
-- features is that of the baseline (nDCG).
CREATE FUNCTION monitor._measure_attributions(m monitor.model, b monitor.baseline, from_time timestamptz, to_time timestamptz) RETURNS integer
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		WITH whole AS (SELECT monitor._rollup(u.profiles) AS now, sum(u.num_rows) AS rows, (monitor._whole_reference(b.baseline_id)).profiles AS before
			FROM monitor.bucket_features u WHERE u.model_id = m.model_id AND u.baseline_id = b.baseline_id AND u.segment = '' AND u.bucket_start >= from_time AND u.bucket_end <= to_time),
		size AS (
			SELECT f.of_feature, monitor.mean(monitor.attach(w.now[f.position], w.before[f.position])) AS now, monitor.mean(w.before[f.position]) AS before, w.rows
			FROM whole w, monitor.feature f WHERE f.model_id = m.model_id AND f.role = 'attribution' AND NOT f.dropped AND w.now[f.position] IS NOT NULL),
		stored AS (
			INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, n_current, verdict, reason, method)
			SELECT m.model_id, 'importance.' || s.of_feature, s.of_feature, '', to_time, from_time, b.baseline_id, s.now, s.now - s.before, s.rows, 'ok', 'no verdict without a rule', 'mean size of the logged attribution'
			FROM size s
			UNION ALL
			SELECT m.model_id, 'importance.ranking_ndcg', '', '', to_time, from_time, b.baseline_id, monitor.ndcg(s.now, s.before), NULL, max(s.rows), 'ok', 'no verdict without a rule', 'nDCG of the order of attributions'
			FROM size s HAVING count(*) > 1
			ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET value = excluded.value, effect_size = excluded.effect_size, n_current = excluded.n_current
			RETURNING 1)
		SELECT count(*)::integer FROM stored;
	END;
COMMENT ON FUNCTION monitor._measure_attributions(monitor.model, monitor.baseline, timestamptz, timestamptz) IS 'Importance as logged attributions tell it';
REVOKE ALL ON FUNCTION monitor._measure_attributions(monitor.model, monitor.baseline, timestamptz, timestamptz) FROM PUBLIC;

-- Else how each feature goes with the label, or the prediction.
CREATE FUNCTION monitor._measure_associations(m monitor.model, b monitor.baseline, from_time timestamptz, to_time timestamptz) RETURNS integer
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		WITH joint AS (
			SELECT t.place, monitor.rollup(t.p) AS p FROM monitor.bucket_outcomes o, LATERAL unnest(o.associations) WITH ORDINALITY AS t(p, place)
			WHERE o.model_id = m.model_id AND o.baseline_id = b.baseline_id AND o.segment = '' AND o.bucket_start >= from_time AND o.bucket_end <= to_time
			GROUP BY t.place),
		now AS (SELECT a.* FROM (SELECT array_agg(j.p ORDER BY j.place) AS all_of FROM joint j) AS x, LATERAL monitor._associations(x.all_of) AS a),
		before AS (SELECT a.* FROM monitor.reference_outcomes r, LATERAL monitor._associations(r.associations) AS a WHERE r.baseline_id = b.baseline_id AND r.segment = ''),
		stored AS (
			INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, n_current, verdict, reason, method, parameters)
			SELECT m.model_id, 'importance.' || f.name, f.name, '', to_time, from_time, b.baseline_id, n.mutual_information, n.mutual_information - n.chance - (p.mutual_information - p.chance), n.num_rows, 'ok',
				'no verdict without a rule', 'mutual information with ' || (monitor._association_target_of(m, b.baseline_id)).told,
				pg_catalog.jsonb_build_object('information_value', n.information_value)
			FROM now n JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = n.position LEFT JOIN before p ON p.position = n.position
			WHERE n.num_rows >= 100
			ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET value = excluded.value, effect_size = excluded.effect_size, n_current = excluded.n_current, parameters = excluded.parameters
			RETURNING 1)
		SELECT count(*)::integer FROM stored;
	END;
COMMENT ON FUNCTION monitor._measure_associations(monitor.model, monitor.baseline, timestamptz, timestamptz) IS 'Importance as mutual information and information value';
REVOKE ALL ON FUNCTION monitor._measure_associations(monitor.model, monitor.baseline, timestamptz, timestamptz) FROM PUBLIC;

-- Of each whole day, or bucket where these are longer, that ended or changed.
CREATE FUNCTION monitor._measure_importance(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	span record;
	logged boolean := EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role = 'attribution' AND NOT f.dropped);
	stored integer := 0;
BEGIN
	FOR span IN
		SELECT min(k.bucket_start) AS f, max(k.bucket_end) AS t
		FROM monitor.bucket k WHERE k.model_id = m.model_id AND NOT k.is_open AND k.bucket_start >= coalesce(b.to_time, '-infinity')
			AND k.bucket_start >= monitor._bucket_start(changed - '1 microsecond'::interval, CASE m.granularity WHEN 'hour' THEN 'day' ELSE m.granularity END, m.time_zone)
		GROUP BY monitor._bucket_start(k.bucket_start, CASE m.granularity WHEN 'hour' THEN 'day' ELSE m.granularity END, m.time_zone)
		HAVING max(k.bucket_end) = monitor._bucket_end(monitor._bucket_start(min(k.bucket_start), CASE m.granularity WHEN 'hour' THEN 'day' ELSE m.granularity END, m.time_zone),
			CASE m.granularity WHEN 'hour' THEN 'day' ELSE m.granularity END, m.time_zone)
	LOOP
		-- one whose rows went has none
		DELETE FROM monitor.measurement d WHERE d.ctid = ANY (ARRAY(
			SELECT old.ctid
			FROM (SELECT 'importance.' || n AS metric, n AS feature FROM (SELECT coalesce(f.of_feature, f.name) AS n FROM monitor.feature f WHERE f.model_id = m.model_id) AS t
				UNION SELECT 'importance.ranking_ndcg', '') AS v
			-- LIMIT: each is found by the whole key
			CROSS JOIN LATERAL (SELECT x.ctid FROM monitor.measurement x
				WHERE x.model_id = m.model_id AND x.metric = v.metric AND x.feature = v.feature AND x.segment = '' AND x.window_end = span.t AND x.baseline_id = b.baseline_id LIMIT 1) AS old));
		stored := stored + CASE WHEN logged THEN monitor._measure_attributions(m, b, span.f, span.t) ELSE monitor._measure_associations(m, b, span.f, span.t) END;
	END LOOP;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_importance(monitor.model, monitor.baseline, timestamptz) IS 'Importance of features, day by day';
REVOKE ALL ON FUNCTION monitor._measure_importance(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;
