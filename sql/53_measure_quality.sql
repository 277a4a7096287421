--
-- Measuring quality: other distances, missing and unseen values, volume and freshness.
--

-- Up to where looks were taken against a baseline before this one: what was said of them stays.
CREATE FUNCTION monitor._said_to(m monitor.model, b monitor.baseline) RETURNS timestamptz
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	closed_to timestamptz := (SELECT w.closed_to FROM monitor.watermark w WHERE w.model_id = m.model_id);
BEGIN
	IF NOT EXISTS (SELECT FROM monitor.baseline e WHERE e.model_id = m.model_id AND e.baseline_id < b.baseline_id) THEN
		RETURN NULL;
	END IF;
	RETURN (SELECT x.window_end FROM monitor.measurement x
		WHERE x.model_id = m.model_id AND x.metric = 'quality.volume' AND x.feature = '' AND x.segment = '' AND x.window_end <= closed_to AND NOT x.provisional
			AND x.baseline_id < b.baseline_id
		ORDER BY x.window_end DESC LIMIT 1);
END;
$$;
COMMENT ON FUNCTION monitor._said_to(monitor.model, monitor.baseline) IS 'The last look against an earlier baseline';
REVOKE ALL ON FUNCTION monitor._said_to(monitor.model, monitor.baseline) FROM PUBLIC;

-- What was said of a bucket and is not any more: its rows went, or late ones came.  Of buckets that only grow no share
-- becomes nothing again, so that the newest ones are asked for what more rows may end.
CREATE FUNCTION monitor._forget_unsaid(m monitor.model, b monitor.baseline, changed timestamptz, said_from timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	newest timestamptz := (SELECT max(k.bucket_end) FROM monitor.bucket k WHERE k.model_id = m.model_id AND NOT k.is_open);
	may_end text[] := ARRAY['quality.constant', 'quality.vanished_categories'];
BEGIN
	DELETE FROM monitor.measurement d WHERE d.ctid = ANY (ARRAY(
		SELECT old.ctid
		FROM monitor.feature f
		CROSS JOIN unnest(may_end || CASE WHEN changed < newest
			THEN '{quality.missing_ratio,quality.nan_ratio,quality.unseen_ratio,quality.zero_ratio,quality.out_of_range_ratio,drift.ks,drift.js,drift.wasserstein}'::text[] END) AS v(metric)
		-- OFFSET: each series is found by its key, whatever is known of the table
		CROSS JOIN LATERAL (SELECT x.ctid, x.window_start, x.window_end FROM monitor.measurement x
			WHERE x.model_id = m.model_id AND x.metric = v.metric AND x.feature = f.name AND x.segment = '' AND x.window_end >= changed
				AND x.baseline_id = b.baseline_id AND x.measured_at < said_from
			OFFSET 0) AS old
		WHERE f.model_id = m.model_id AND f.role IN ('feature', 'prediction', 'score') AND (v.metric = ANY (may_end) OR old.window_end < newest)
			AND EXISTS (SELECT FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.bucket_start = old.window_start AND k.bucket_end = old.window_end AND k.bucket_start >= coalesce(b.to_time, '-infinity'))));
END;
$$;
COMMENT ON FUNCTION monitor._forget_unsaid(monitor.model, monitor.baseline, timestamptz, timestamptz) IS 'Deletes measurements of changed buckets that were not made again';
REVOKE ALL ON FUNCTION monitor._forget_unsaid(monitor.model, monitor.baseline, timestamptz, timestamptz) FROM PUBLIC;

-- Each bucket's features against the baseline.
CREATE FUNCTION monitor._measure_features(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	options monitor._watch_options := monitor._watch_options_of(m, b.baseline_id, NULL);
	phi double precision[] := ARRAY(SELECT coalesce(r.phi[1], 1) FROM generate_series(1, (SELECT max(f.position) FROM monitor.feature f WHERE f.model_id = m.model_id)) AS p
		LEFT JOIN monitor.reference_stream r ON r.baseline_id = b.baseline_id AND r.segment = '' AND r.position = p ORDER BY p);
	stored integer;
	began timestamptz := clock_timestamp();
	since timestamptz := changed - 2 * monitor._step(m.granularity);	-- no bucket that starts before ends after: keys begin with the start
BEGIN
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, low, high, effect_size, p_value,
		log_e_value, phi, warning_at, critical_at, n_reference, n_current, buckets, verdict, reason, provisional, method, parameters)
	SELECT m.model_id, c.metric, f.name, '', k.bucket_end, k.bucket_start, b.baseline_id, c.value, c.low, c.high, c.effect_size, c.p_value,
		c.log_e_value, phi[c.position], j.warning, j.critical, c.n_reference, c.n_current, 1,
		CASE WHEN c.metric = 'quality.constant' THEN 'warning'
			WHEN c.metric = 'quality.vanished_categories' AND c.value > 0 THEN 'warning'
			WHEN j.warning IS NULL OR c.log_e_value < options.log_threshold OR abs(c.effect_size) < j.warning THEN 'ok'
			WHEN abs(c.effect_size) >= j.critical THEN 'critical' ELSE 'warning' END,
		CASE WHEN c.metric LIKE 'drift.%' THEN 'no verdict without a rule'
			WHEN j.warning IS NOT NULL AND abs(c.effect_size) >= j.warning AND c.log_e_value < options.log_threshold THEN 'large, but chance may explain it so far' END,
		k.is_open OR k.provisional_until IS NOT NULL, c.method,
		CASE WHEN j.warning IS NOT NULL THEN jsonb_build_object('reference_count', round((c.value - c.effect_size) * c.n_reference)::bigint) END
	-- OFFSET: first find the buckets, then compare; else a plan may compare every bucket and drop most
	FROM (SELECT o.bucket_start, o.bucket_end, o.is_open, o.provisional_until, CASE WHEN o.is_open THEN u.cells ELSE u.profiles END AS profiles
		FROM monitor.bucket o
		JOIN monitor.bucket_features u ON u.model_id = o.model_id AND u.baseline_id = b.baseline_id AND u.segment = '' AND u.bucket_start = o.bucket_start
		WHERE o.model_id = m.model_id AND o.bucket_end >= changed AND o.bucket_start >= greatest(since, b.to_time) AND u.bucket_start >= since AND u.num_rows > 0
		OFFSET 0) AS k
	JOIN monitor.reference whole ON whole.baseline_id = b.baseline_id AND whole.segment = '' AND whole.stratum = 0
	-- the open bucket is compared by its few cells, without the distances that want all anchors
	CROSS JOIN LATERAL monitor._compare_profiles(CASE WHEN k.is_open THEN whole.cells ELSE whole.profiles END, k.profiles, phi, options.reference_level, NOT k.is_open) AS c
	JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = c.position AND f.role IN ('feature', 'prediction', 'score')
	LEFT JOIN (VALUES ('quality.missing_ratio', 0.02, 0.1), ('quality.unseen_ratio', 0.02, 0.1), ('quality.out_of_range_ratio', 0.02, 0.1),
		('quality.nan_ratio', 0.02, 0.1)) AS j(metric, warning, critical) ON j.metric = c.metric
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET baseline_id = excluded.baseline_id, value = excluded.value, low = excluded.low, high = excluded.high,
		effect_size = excluded.effect_size, p_value = excluded.p_value, log_e_value = excluded.log_e_value, n_reference = excluded.n_reference,
		n_current = excluded.n_current, verdict = excluded.verdict, reason = excluded.reason, provisional = excluded.provisional, method = excluded.method,
		buckets = excluded.buckets, parameters = excluded.parameters, measured_at = clock_timestamp();
	GET DIAGNOSTICS stored = ROW_COUNT;
	PERFORM monitor._forget_unsaid(m, b, changed, began);
	PERFORM monitor._judge_shares(m, b, changed);
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_features(monitor.model, monitor.baseline, timestamptz) IS 'Distances and quality of every feature in buckets that end at or after `changed`';
REVOKE ALL ON FUNCTION monitor._measure_features(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- ---- shares over windows ----

CREATE TYPE monitor._share_stream AS (metric text, feature text, position integer, reference_count bigint, reference_rows bigint);
COMMENT ON TYPE monitor._share_stream IS 'A share of rows that is judged, and what it is in the baseline';

-- Shares that were far from the baseline's in some bucket that windows reach: no window can be
-- without such a bucket.  The others are well.
CREATE FUNCTION monitor._suspect_shares(m monitor.model, b monitor.baseline, reach timestamptz, changed timestamptz) RETURNS SETOF monitor._share_stream
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO monitor.stream_state AS s (model_id, metric, feature, segment, looked_to)
	SELECT m.model_id, x.metric, x.feature, '', max(x.window_end)
	FROM (VALUES ('quality.missing_ratio'), ('quality.unseen_ratio'), ('quality.out_of_range_ratio'), ('quality.nan_ratio')) AS j(metric)
	JOIN monitor.watermark w ON w.model_id = m.model_id
	JOIN monitor.measurement x ON x.model_id = m.model_id AND x.metric = j.metric AND x.segment = '' AND x.window_end BETWEEN changed AND w.closed_to AND x.baseline_id = b.baseline_id
	WHERE abs(x.effect_size) >= x.warning_at
	GROUP BY x.metric, x.feature
	ON CONFLICT ON CONSTRAINT stream_state_pkey DO UPDATE SET looked_to = greatest(s.looked_to, excluded.looked_to);
	RETURN QUERY
	SELECT s.metric, s.feature, f.position, x.reference_count, x.n_reference
	FROM monitor.stream_state s
	JOIN monitor.feature f ON f.model_id = s.model_id AND f.name = s.feature AND NOT f.dropped
	CROSS JOIN LATERAL (SELECT (y.parameters ->> 'reference_count')::bigint AS reference_count, y.n_reference FROM monitor.measurement y JOIN monitor.watermark w ON w.model_id = y.model_id
		WHERE y.model_id = s.model_id AND y.metric = s.metric AND y.feature = s.feature AND y.segment = '' AND y.window_end <= w.closed_to AND y.baseline_id = b.baseline_id AND y.parameters ? 'reference_count'
		ORDER BY y.window_end DESC LIMIT 1) AS x
	WHERE s.model_id = m.model_id AND s.metric LIKE 'quality.%' AND s.looked_to > reach;
END;
$$;
COMMENT ON FUNCTION monitor._suspect_shares(monitor.model, monitor.baseline, timestamptz, timestamptz) IS 'Shares of rows that looks are taken at';
REVOKE ALL ON FUNCTION monitor._suspect_shares(monitor.model, monitor.baseline, timestamptz, timestamptz) FROM PUBLIC;

-- A bucket without a measurement of the share had, like the baseline, no such row.
CREATE FUNCTION monitor._judge_share(m monitor.model, b monitor.baseline, of_share monitor._share_stream, reach timestamptz, changed timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	options monitor._watch_options := monitor._watch_options_of(m, b.baseline_id, NULL);
	known_phi double precision[] := coalesce((SELECT r.phi FROM monitor.reference_stream r WHERE r.baseline_id = b.baseline_id AND r.segment = '' AND r.position = of_share.position), '{}');
	ends timestamptz[];
	starts timestamptz[];
	counts double precision[];
	rows double precision[];
BEGIN
	SELECT array_agg(k.bucket_end ORDER BY k.bucket_start), array_agg(k.bucket_start ORDER BY k.bucket_start),
		array_agg(coalesce(x.value * x.n_current, 0) ORDER BY k.bucket_start), array_agg(coalesce(x.n_current, k.num_rows)::double precision ORDER BY k.bucket_start)
	INTO ends, starts, counts, rows
	FROM monitor.bucket k LEFT JOIN monitor.measurement x ON x.model_id = k.model_id AND x.metric = of_share.metric AND x.feature = of_share.feature AND x.segment = '' AND x.window_end = k.bucket_end
		AND x.baseline_id = b.baseline_id
	WHERE k.model_id = m.model_id AND NOT k.is_open AND k.bucket_start >= coalesce(b.to_time, '-infinity') AND k.bucket_end > reach;
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, log_e_value, warning_at, critical_at, n_reference, n_current,
		buckets, verdict, reason, method, parameters)
	SELECT m.model_id, of_share.metric, of_share.feature, '', ends[l.place], starts[l.place], b.baseline_id, counts[l.place] / nullif(rows[l.place], 0), l.effect_size, l.log_e_value, 0.02, 0.1,
		of_share.reference_rows, rows[l.place], l.buckets, l.verdict, l.reason, 'change over the last buckets', jsonb_build_object('reference_count', of_share.reference_count)
	FROM monitor._watch_shares(counts, rows, of_share.reference_count, of_share.reference_rows, known_phi, options.reference_level, options.log_threshold, 0.02, 0.1) AS l
	WHERE ends[l.place] >= changed
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET effect_size = excluded.effect_size, log_e_value = excluded.log_e_value, buckets = excluded.buckets,
		verdict = excluded.verdict, reason = excluded.reason, method = excluded.method
	WHERE x.baseline_id = excluded.baseline_id;
END;
$$;
COMMENT ON FUNCTION monitor._judge_share(monitor.model, monitor.baseline, monitor._share_stream, timestamptz, timestamptz) IS 'Verdicts of a share at the looks that ended or changed';
REVOKE ALL ON FUNCTION monitor._judge_share(monitor.model, monitor.baseline, monitor._share_stream, timestamptz, timestamptz) FROM PUBLIC;

-- Windows reach as far as single buckets are kept (hours 14 days), and at most 512 buckets.
CREATE FUNCTION monitor._judge_shares(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	reach timestamptz := greatest(monitor._said_to(m, b), changed - CASE m.granularity WHEN 'hour' THEN '13 days'::interval ELSE '390 days'::interval END);
	suspect monitor._share_stream;
BEGIN
	FOR suspect IN SELECT s.* FROM monitor._suspect_shares(m, b, reach, changed) AS s LOOP
		PERFORM monitor._judge_share(m, b, suspect, reach, changed);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._judge_shares(monitor.model, monitor.baseline, timestamptz) IS 'Verdicts of missing, NaN, unseen and strange values over windows';
REVOKE ALL ON FUNCTION monitor._judge_shares(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Rows of a bucket against the median of the baseline's same hours and days.
CREATE FUNCTION monitor._measure_volume(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	stored integer;
BEGIN
	WITH expected AS (
		SELECT monitor._stratum(k.bucket_start, m.time_zone, m.granularity, 'hour_of_week') AS stratum,
			percentile_disc(0.5) WITHIN GROUP (ORDER BY k.num_rows) AS median, min(k.num_rows) AS least, count(*) AS buckets
		FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.bucket_start >= b.from_time AND k.bucket_end <= b.to_time
		GROUP BY 1
	), bucket AS (
		SELECT k.*, e.median, e.least, e.buckets AS compared, k.num_rows < e.median / 2.0 OR k.num_rows > e.median * 2.0 AS off
		FROM monitor.bucket k
		LEFT JOIN expected e ON e.stratum = monitor._stratum(k.bucket_start, m.time_zone, m.granularity, 'hour_of_week')
		WHERE k.model_id = m.model_id AND k.bucket_start >= coalesce(b.to_time, '-infinity')
			AND k.bucket_end >= changed - 3 * monitor._step(m.granularity)
	), judged AS (
		SELECT t.*, count(*) FILTER (WHERE t.off) OVER (ORDER BY t.bucket_start ROWS 2 PRECEDING) AS off_running FROM bucket t
	)
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, n_current, buckets,
		verdict, reason, provisional, method)
	SELECT m.model_id, 'quality.volume', '', '', j.bucket_end, j.bucket_start, b.baseline_id, j.num_rows, j.num_rows / nullif(j.median, 0)::double precision,
		j.num_rows, 1,
		CASE WHEN j.is_open OR j.median IS NULL THEN 'ok' WHEN j.num_rows = 0 AND j.least > 0 AND j.compared >= 4 THEN 'critical'
			WHEN j.off_running = 3 THEN 'warning' ELSE 'ok' END,
		CASE WHEN j.median IS NULL THEN 'no such hour or day in the baseline'
			WHEN j.num_rows = 0 AND j.least > 0 THEN 'no rows, where the baseline always had some'
			WHEN j.off_running = 3 THEN format('less than half or more than twice the usual %s rows, three times running', j.median) END,
		j.is_open, 'median of the baseline''s same hour and kind of day'
	FROM judged j WHERE j.bucket_end >= changed
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET baseline_id = excluded.baseline_id, value = excluded.value, effect_size = excluded.effect_size, n_current = excluded.n_current,
		verdict = excluded.verdict, reason = excluded.reason, provisional = excluded.provisional, measured_at = clock_timestamp();
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_volume(monitor.model, monitor.baseline, timestamptz) IS 'Rows a bucket, against what is usual then';
REVOKE ALL ON FUNCTION monitor._measure_volume(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Time without rows up to now, against twice the longest such time in the baseline.
CREATE FUNCTION monitor._measure_freshness(m monitor.model, b monitor.baseline) RETURNS integer
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		WITH filled AS (
			SELECT k.bucket_start, k.bucket_end, lag(k.bucket_end) OVER (ORDER BY k.bucket_start) AS before
			FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.num_rows > 0
		), gap AS (
			SELECT extract(epoch FROM greatest(max(f.bucket_start - f.before) FILTER (WHERE f.bucket_start >= b.from_time AND f.bucket_end <= b.to_time), '0'::interval)
					+ ('1 ' || m.granularity)::interval)::double precision AS usual,
				extract(epoch FROM monitor.now() - max(least(f.bucket_end, monitor.now())))::double precision AS present
			FROM filled f
		), stored AS (
			INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, warning_at, verdict, reason, method)
			SELECT m.model_id, 'quality.freshness', '', '', w.closed_to, w.closed_to, b.baseline_id, g.present, 2 * g.usual,
				CASE WHEN g.present > 2 * g.usual THEN 'warning' ELSE 'ok' END,
				CASE WHEN g.present > 2 * g.usual THEN 'no rows for ' || pg_catalog.make_interval(secs => g.present)::text END, 'seconds since the last rows'
			FROM gap g, monitor.watermark w WHERE w.model_id = m.model_id AND g.present IS NOT NULL AND isfinite(w.closed_to)
			ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET value = excluded.value, warning_at = excluded.warning_at, verdict = excluded.verdict,
				reason = excluded.reason, measured_at = clock_timestamp()
			RETURNING 1
		)
		SELECT count(*)::integer FROM stored;
	END;
COMMENT ON FUNCTION monitor._measure_freshness(monitor.model, monitor.baseline) IS 'How long there have been no rows';
REVOKE ALL ON FUNCTION monitor._measure_freshness(monitor.model, monitor.baseline) FROM PUBLIC;

-- Rows that no bucket can hold: of times to come, past the open bucket, and without a time; each counted up to 10,000.
CREATE FUNCTION monitor._measure_times(m monitor.model, b monitor.baseline) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	closed_to timestamptz := (SELECT w.closed_to FROM monitor.watermark w WHERE w.model_id = m.model_id);
	-- only an index finds rows without a time; where there can be none, none are looked for
	may_be_null boolean := EXISTS (SELECT FROM pg_attribute a JOIN pg_index i ON i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND i.indisvalid AND i.indpred IS NULL
		WHERE a.attrelid = m.source AND a.attname = m.time_column AND NOT a.attnotnull);
	stored integer;
BEGIN
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, verdict, reason, method)
	SELECT m.model_id, v.metric, '', '', closed_to, closed_to, b.baseline_id, v.value, 'ok', v.reason, 'counted up to 10,000'
	FROM monitor._read(monitor._reader(m), format('SELECT (SELECT count(*) FROM (SELECT FROM %1$s AS s WHERE %2$s >= %3$s LIMIT 10000) AS f), (SELECT count(*) FROM (SELECT FROM %1$s AS s WHERE %4$s AND %2$s IS NULL LIMIT 10000) AS n)',
			m.source, m.time_expression, monitor._time_literal(m, monitor._bucket_end(closed_to, m.granularity, m.time_zone)), may_be_null::text)) AS t(future bigint, without bigint),
		LATERAL (VALUES ('quality.future_rows', t.future, CASE WHEN t.future > 0 THEN 'rows of times that are yet to come wait for their bucket' END),
			('quality.rows_without_time', t.without, CASE WHEN t.without > 0 THEN 'rows without a time are in no bucket' WHEN NOT may_be_null THEN 'not looked for: the column is NOT NULL, or has no index' END)) AS v(metric, value, reason)
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET value = excluded.value, reason = excluded.reason, measured_at = clock_timestamp();
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_times(monitor.model, monitor.baseline) IS 'Rows of times to come, and rows without a time';
REVOKE ALL ON FUNCTION monitor._measure_times(monitor.model, monitor.baseline) FROM PUBLIC;
