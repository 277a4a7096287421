--
-- Measuring drift: every new look of every stream, through _watch.  Of what a look calls, whatever reads a table is in
-- PL/pgSQL, which keeps its plans: a function in SQL that is not inlined is planned anew at each call.
--

CREATE FUNCTION monitor._looks_in_90_days(granularity text) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE granularity WHEN 'hour' THEN 2160.0 WHEN 'day' THEN 90.0 ELSE 13.0 END;
	END;
COMMENT ON FUNCTION monitor._looks_in_90_days(text) IS 'H of docs/verdicts.md';

-- Streams of a model that are judged, in all segments: F.
CREATE FUNCTION monitor._num_streams(m monitor.model, baseline_id bigint) RETURNS double precision
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT greatest(1, count(*))::double precision
		FROM monitor.reference_stream r JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = r.position
		WHERE r.baseline_id = _num_streams.baseline_id AND f.role IN ('feature', 'prediction', 'score') AND NOT f.dropped);
END;
$$;
COMMENT ON FUNCTION monitor._num_streams(monitor.model, bigint) IS 'F of docs/verdicts.md';
REVOKE ALL ON FUNCTION monitor._num_streams(monitor.model, bigint) FROM PUBLIC;

CREATE FUNCTION monitor._watch_options_of(m monitor.model, baseline_id bigint, first_look timestamptz) RETURNS monitor._watch_options
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	f double precision := monitor._num_streams(m, baseline_id);
BEGIN
	RETURN ROW(first_look, ln(2 * f * monitor._looks_in_90_days(m.granularity) / 0.05), 0.05 / (2 * f), 0.1, 0.25, 0.08)::monitor._watch_options;
END;
$$;
COMMENT ON FUNCTION monitor._watch_options_of(monitor.model, bigint, timestamptz) IS 'The rule''s numbers for a model';
REVOKE ALL ON FUNCTION monitor._watch_options_of(monitor.model, bigint, timestamptz) FROM PUBLIC;

-- Where each judged stream of a segment stands; or, for looks that are taken again, where it stood then.
CREATE FUNCTION monitor._streams_of(m monitor.model, b monitor.baseline, segment text, as_of timestamptz) RETURNS monitor._stream[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT coalesce(array_agg(ROW(f.position, greatest(CASE WHEN as_of IS NULL THEN s.evidence_since ELSE e.last_closed END, b.to_time), e.is_open,
			CASE WHEN as_of IS NULL THEN s.calm_looks ELSE 0 END, r.phi)::monitor._stream ORDER BY f.position), '{}')
		FROM monitor.feature f
		JOIN monitor.reference_stream r ON r.baseline_id = b.baseline_id AND r.segment = _streams_of.segment AND r.position = f.position
		LEFT JOIN monitor.stream_state s ON s.model_id = m.model_id AND s.metric = 'drift.psi' AND s.feature = f.name AND s.segment = _streams_of.segment
		CROSS JOIN LATERAL (
			SELECT max(x.closed_at) FILTER (WHERE x.closed_at <= as_of) AS last_closed,
				coalesce(bool_or(x.opened_at <= coalesce(as_of, 'infinity') AND (x.closed_at IS NULL OR x.closed_at > as_of)), false) AS is_open
			FROM monitor.episode x
			WHERE x.model_id = m.model_id AND x.metric = 'drift.psi' AND x.feature = f.name AND x.segment = _streams_of.segment AND x.baseline_id = b.baseline_id) AS e
		WHERE f.model_id = m.model_id AND NOT f.dropped AND f.role IN ('feature', 'prediction', 'score'));
END;
$$;
COMMENT ON FUNCTION monitor._streams_of(monitor.model, monitor.baseline, text, timestamptz) IS 'Where the streams of a segment stand before their next looks';
REVOKE ALL ON FUNCTION monitor._streams_of(monitor.model, monitor.baseline, text, timestamptz) FROM PUBLIC;

-- Buckets that windows can reach: all closed ones since the baseline, at most 511 before the
-- first look, and the open one last.
CREATE TYPE monitor._timeline AS (starts timestamptz[], ends timestamptz[], strata integer[], closed_to timestamptz);
COMMENT ON TYPE monitor._timeline IS 'Consecutive buckets that looks are taken over, and what the baseline is matched by';

CREATE FUNCTION monitor._timeline_of(m monitor.model, b monitor.baseline, first_look timestamptz) RETURNS monitor._timeline
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN (SELECT ROW(array_agg(t.bucket_start ORDER BY t.bucket_start), array_agg(t.bucket_end ORDER BY t.bucket_start),
			array_agg(monitor._stratum(t.bucket_start, m.time_zone, m.granularity, b.seasonality) ORDER BY t.bucket_start), max(t.bucket_end) FILTER (WHERE NOT t.is_open))::monitor._timeline
		FROM (
			SELECT k.bucket_start, k.bucket_end, k.is_open FROM monitor.bucket k
			WHERE k.model_id = m.model_id AND k.bucket_end > first_look AND k.bucket_start >= coalesce(b.to_time, '-infinity')
			UNION ALL
			(SELECT k.bucket_start, k.bucket_end, k.is_open FROM monitor.bucket k
			WHERE k.model_id = m.model_id AND k.bucket_end <= first_look AND k.bucket_start >= coalesce(b.to_time, '-infinity')
			ORDER BY k.bucket_start DESC LIMIT 511)) AS t);
END;
$$;
COMMENT ON FUNCTION monitor._timeline_of(monitor.model, monitor.baseline, timestamptz) IS 'The buckets that windows ending after a look can reach';
REVOKE ALL ON FUNCTION monitor._timeline_of(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor._looks_of(m monitor.model, b monitor.baseline, segment text, line monitor._timeline, first_look timestamptz, as_of timestamptz DEFAULT NULL) RETURNS SETOF monitor._look
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT l.*
		FROM monitor._watch(m.model_id, b.baseline_id, segment, line.ends, line.starts, line.strata,
			monitor._reference_cells_of(b.baseline_id, segment), monitor._streams_of(m, b, segment, as_of), monitor._watch_options_of(m, b.baseline_id, first_look)) AS l;
	END;
COMMENT ON FUNCTION monitor._looks_of(monitor.model, monitor.baseline, text, monitor._timeline, timestamptz, timestamptz) IS 'New looks at the streams of a segment';
REVOKE ALL ON FUNCTION monitor._looks_of(monitor.model, monitor.baseline, text, monitor._timeline, timestamptz, timestamptz) FROM PUBLIC;

-- ---- storing ----

CREATE FUNCTION monitor._store_looks(m monitor.model, b monitor.baseline, segment text, looks monitor._look[], closed_to timestamptz, again boolean) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	stored integer;
	unsettled timestamptz := (SELECT min(k.bucket_end) FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.provisional_until IS NOT NULL);
BEGIN
	INSERT INTO monitor.measurement AS x (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, effect_size, p_value, log_e_value, phi,
		warning_at, critical_at, n_reference, n_current, buckets, verdict, reason, provisional, method)
	SELECT m.model_id, 'drift.psi', f.name, _store_looks.segment, l.look, l.window_start, b.baseline_id, l.psi, l.effect_size, l.p_value, l.log_e_value, l.phi,
		0.1, 0.25, l.n_reference, l.n_current, l.buckets, l.verdict, l.reason, closed_to IS NULL OR l.look > closed_to OR coalesce(l.look >= unsettled, false),
		CASE b.seasonality WHEN 'none' THEN 'whole baseline' ELSE 'baseline matched by ' || b.seasonality END
	FROM unnest(looks) AS l JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = l.position
	ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET window_start = excluded.window_start, baseline_id = excluded.baseline_id, value = excluded.value,
		effect_size = excluded.effect_size, p_value = excluded.p_value, log_e_value = excluded.log_e_value, phi = excluded.phi, n_reference = excluded.n_reference,
		n_current = excluded.n_current, buckets = excluded.buckets, reason = excluded.reason, provisional = excluded.provisional, method = excluded.method, measured_at = clock_timestamp(),
		-- late rows change numbers, not what was decided
		verdict = CASE WHEN again AND x.verdict IN ('warning', 'critical') AND excluded.verdict IN ('ok', 'insufficient_data') THEN x.verdict ELSE excluded.verdict END;
	GET DIAGNOSTICS stored = ROW_COUNT;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._store_looks(monitor.model, monitor.baseline, text, monitor._look[], timestamptz, boolean) IS 'Looks become measurements; again: they were taken before, with what they decided';
REVOKE ALL ON FUNCTION monitor._store_looks(monitor.model, monitor.baseline, text, monitor._look[], timestamptz, boolean) FROM PUBLIC;

-- Episodes and states after looks at closed buckets that were never looked at before.
CREATE FUNCTION monitor._store_states(m monitor.model, b monitor.baseline, segment text, looks monitor._look[]) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO monitor.episode (model_id, metric, feature, segment, opened_at, worst, baseline_id)
	SELECT m.model_id, 'drift.psi', f.name, _store_states.segment, l.look, l.verdict, b.baseline_id
	FROM unnest(looks) AS l JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = l.position WHERE l.opened
	ON CONFLICT DO NOTHING;
	UPDATE monitor.episode e SET closed_at = t.closed_at, closed_because = coalesce(e.closed_because, CASE WHEN t.closed_at IS NOT NULL THEN 'recovered' END),
		worst = CASE WHEN t.critical THEN 'critical' ELSE e.worst END
	FROM (SELECT o.feature, o.opened_at, min(l.look) FILTER (WHERE l.closed) AS closed_at,
			bool_or(l.verdict = 'critical' AND l.look <= coalesce(x.first_closed, 'infinity')) AS critical
		FROM monitor.episode o
		JOIN monitor.feature f ON f.model_id = o.model_id AND f.name = o.feature
		CROSS JOIN LATERAL (SELECT min(c.look) AS first_closed FROM unnest(looks) AS c WHERE c.position = f.position AND c.closed AND c.look > o.opened_at) AS x
		JOIN unnest(looks) AS l ON l.position = f.position AND l.look >= o.opened_at
		WHERE o.model_id = m.model_id AND o.metric = 'drift.psi' AND o.segment = _store_states.segment AND o.closed_at IS NULL
		GROUP BY o.feature, o.opened_at) AS t
	WHERE e.model_id = m.model_id AND e.metric = 'drift.psi' AND e.segment = _store_states.segment AND e.feature = t.feature AND e.opened_at = t.opened_at;
	INSERT INTO monitor.stream_state AS s (model_id, metric, feature, segment, looked_to, evidence_since, calm_looks)
	SELECT DISTINCT ON (l.position) m.model_id, 'drift.psi', f.name, _store_states.segment, l.look, greatest(l.evidence_since, b.to_time), l.calm_looks
	FROM unnest(looks) AS l JOIN monitor.feature f ON f.model_id = m.model_id AND f.position = l.position
	ORDER BY l.position, l.look DESC
	ON CONFLICT ON CONSTRAINT stream_state_pkey DO UPDATE SET looked_to = excluded.looked_to,
		evidence_since = greatest(s.evidence_since, excluded.evidence_since), calm_looks = excluded.calm_looks;
END;
$$;
COMMENT ON FUNCTION monitor._store_states(monitor.model, monitor.baseline, text, monitor._look[]) IS 'Looks open and close episodes, and leave states behind';
REVOKE ALL ON FUNCTION monitor._store_states(monitor.model, monitor.baseline, text, monitor._look[]) FROM PUBLIC;

-- Looks from the first changed bucket on; those already taken change numbers only.
CREATE FUNCTION monitor._measure_drift(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	of_segment text;
	looked_to timestamptz;
	line monitor._timeline;
	looks monitor._look[];
	stored integer := 0;
BEGIN
	changed := changed - '1 microsecond'::interval;	-- the look at its end is taken again
	FOR of_segment IN SELECT r.segment FROM monitor.reference r WHERE r.baseline_id = b.baseline_id AND r.stratum = 0 ORDER BY 1 LOOP
		-- looks taken against a baseline before this one are not taken again
		looked_to := coalesce((SELECT min(s.looked_to) FROM monitor.stream_state s WHERE s.model_id = m.model_id AND s.metric = 'drift.psi' AND s.segment = of_segment),
			(SELECT max(x.window_end) FROM monitor.measurement x JOIN monitor.bucket k ON k.model_id = x.model_id AND k.bucket_end = x.window_end AND NOT k.is_open
			WHERE x.model_id = m.model_id AND x.metric = 'drift.psi' AND x.segment = of_segment AND x.baseline_id < b.baseline_id));
		line := monitor._timeline_of(m, b, least(coalesce(looked_to, '-infinity'), changed));
		CONTINUE WHEN line.ends IS NULL;
		IF changed < looked_to THEN
			looks := ARRAY(SELECT l FROM monitor._looks_of(m, b, of_segment, line, changed, changed) AS l WHERE l.look <= looked_to);
			stored := stored + monitor._store_looks(m, b, of_segment, looks, line.closed_to, true);
		END IF;
		looks := ARRAY(SELECT l FROM monitor._looks_of(m, b, of_segment, line, coalesce(looked_to, '-infinity')) AS l);
		stored := stored + monitor._store_looks(m, b, of_segment, looks, line.closed_to, false);
		PERFORM monitor._store_states(m, b, of_segment, ARRAY(SELECT l FROM unnest(looks) AS l WHERE l.look <= line.closed_to));
	END LOOP;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_drift(monitor.model, monitor.baseline, timestamptz) IS 'Measures drift of all streams; changed: end of the first bucket whose counts changed';
REVOKE ALL ON FUNCTION monitor._measure_drift(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;
