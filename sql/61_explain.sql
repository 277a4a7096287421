--
-- Explaining: which features and segments carry a change.
--

CREATE TYPE monitor.drift_explanation AS (feature text, segment text, effect_size double precision, psi double precision, share_of_change double precision,
	n_reference bigint, n_current bigint, before text, after text, largest_change text);
COMMENT ON TYPE monitor.drift_explanation IS 'One feature in one segment, before and after';

CREATE FUNCTION monitor.explain_drift(model text, window_start timestamptz, window_end timestamptz) RETURNS monitor.drift_explanation[]
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.explain_drift(text, timestamptz, timestamptz) IS
	'What changed most in a window, by feature and segment, before and after; an array to unnest: SELECT * FROM unnest(monitor.explain_drift(...))';

-- Windows are whole buckets; what a segment adds is its effect weighted by its rows.
CREATE FUNCTION monitor._explain_drift(caller oid, model text, window_start timestamptz, window_end timestamptz) RETURNS monitor.drift_explanation[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'viewer');
	b monitor.baseline := monitor._current_baseline(m.model_id);
	whole monitor.reference := monitor._whole_reference(b.baseline_id);
	found monitor.drift_explanation[];
BEGIN
	IF b.built_at IS NULL THEN
		RAISE EXCEPTION 'model "%" has no baseline yet', model USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'CALL monitor.run(); builds it.';
	END IF;
	WITH part AS (
		SELECT u.segment, monitor._rollup(u.cells) AS cells FROM monitor.bucket_features u
		WHERE u.model_id = m.model_id AND u.baseline_id = b.baseline_id AND u.bucket_start >= _explain_drift.window_start AND u.bucket_end <= _explain_drift.window_end
		GROUP BY u.segment
	), pair AS (
		SELECT f.name, p.segment, whole.cells[f.position] AS cut_by, monitor.attach(r.cells[f.position], whole.cells[f.position]) AS before, p.cells[f.position] AS after
		FROM part p
		JOIN monitor.reference r ON r.baseline_id = b.baseline_id AND r.segment = p.segment AND r.stratum = 0
		JOIN monitor.feature f ON f.model_id = m.model_id AND f.role IN ('feature', 'score', 'prediction') AND NOT f.dropped
		WHERE r.cells[f.position] IS NOT NULL AND p.cells[f.position] IS NOT NULL
	), tested AS (
		SELECT p.*, t.*, (SELECT format('%s: %s %% to %s %%', coalesce(d.category, concat(coalesce(nullif(d.lower, '-Infinity')::numeric::text, ''), ' .. ', coalesce(nullif(d.upper, 'Infinity')::numeric::text, ''))),
				round(100 * d.share_reference::numeric, 1), round(100 * d.share_current::numeric, 1))
			FROM unnest(CASE WHEN p.segment = '' AND b.kind <> 'rolling' THEN monitor.drift_bins(p.before, p.after) END) AS d ORDER BY d.psi DESC LIMIT 1) AS largest
		FROM pair p CROSS JOIN LATERAL (SELECT e.psi AS statistic, e.effect_size, monitor.num_rows(p.before) - monitor.num_missing(p.before) AS n_reference,
			monitor.num_rows(p.after) - monitor.num_missing(p.after) AS n_current FROM monitor._effect(p.cut_by, p.before, p.after) AS e) AS t
		WHERE t.n_current > 0 AND t.statistic IS NOT NULL
	)
	SELECT array_agg(ROW(t.name, nullif(t.segment, ''), t.effect_size, t.statistic,
			t.weight / nullif(t.of_all, 0), t.n_reference, t.n_current,
			monitor.sparkline(t.before, 20), monitor.sparkline(monitor.attach(t.after, t.before), 20), t.largest)::monitor.drift_explanation
		ORDER BY t.segment = '' DESC, t.effect_size DESC, t.name)
	INTO found
	-- of all rows: a feature's part in the change of all features; of a segment: its part in that of the feature's segments
	FROM (SELECT y.*, y.effect_size * y.n_current AS weight,
			sum(y.effect_size * y.n_current) OVER (PARTITION BY y.segment = '', CASE WHEN y.segment <> '' THEN y.name END) AS of_all
		FROM tested y) AS t;
	RETURN coalesce(found, '{}');
END;
$$;
COMMENT ON FUNCTION monitor._explain_drift(oid, text, timestamptz, timestamptz) IS 'explain_drift, as the caller';
REVOKE ALL ON FUNCTION monitor._explain_drift(oid, text, timestamptz, timestamptz) FROM PUBLIC;

-- ---- rows behind a bin ----

CREATE FUNCTION monitor.sample_rows(model text, feature text, from_time timestamptz, to_time timestamptz, bin integer DEFAULT NULL) RETURNS jsonb[]
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.sample_rows(text, text, timestamptz, timestamptz, integer) IS
	'Up to 20 rows of the source in a range, in a bin of feature_distribution if one is named; only for those who may read the source themselves';

CREATE FUNCTION monitor._sample_rows(caller oid, model text, feature text, from_time timestamptz, to_time timestamptz, bin integer) RETURNS jsonb[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'viewer');
	f monitor.feature;
	d record;
	condition text := 'true';
	found jsonb[];
BEGIN
	-- the model's expressions are somebody's functions: they run with his rights, never with the caller's
	IF NOT has_table_privilege(caller, m.source, 'SELECT')
			OR (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = m.source) AND NOT pg_has_role(caller, monitor._reader(m), monitor._membership()) THEN
		RAISE EXCEPTION 'permission denied to read rows of %', m.source USING ERRCODE = 'insufficient_privilege';
	END IF;
	SELECT t.* INTO f FROM monitor.feature t WHERE t.model_id = m.model_id AND t.name = feature AND t.role <> 'skipped';
	IF f.position IS NULL THEN
		RAISE EXCEPTION 'model "%" has no feature "%"', model, feature USING ERRCODE = 'undefined_object', HINT = 'describe_model lists them.';
	END IF;
	IF bin IS NOT NULL THEN
		SELECT x.* INTO d FROM monitor._whole_reference((monitor._current_baseline(m.model_id)).baseline_id) AS r,
			LATERAL unnest(monitor.drift_bins(r.profiles[f.position], r.profiles[f.position])) AS x WHERE x.bin = _sample_rows.bin;
		IF d.bin IS NULL THEN
			RAISE EXCEPTION 'feature "%" has no bin %', feature, bin USING ERRCODE = 'invalid_parameter_value';
		END IF;
		condition := CASE WHEN d.category IS NOT NULL THEN format('%s = %L', f.expression, d.category)
			WHEN d.lower = d.upper THEN format('%s = %L::double precision', f.expression, d.lower)
			ELSE format('%1$s > %2$L::double precision AND %1$s <= %3$L::double precision', f.expression, d.lower, d.upper) END;
	END IF;
	SELECT array_agg(t.r) INTO found FROM monitor._read(monitor._reader(m), format('SELECT to_jsonb(s) FROM %s AS s WHERE %s AND %s LIMIT 20', m.source,
		monitor._range_sql(m, from_time, to_time), condition)) AS t(r jsonb);
	RETURN coalesce(found, '{}');
END;
$$;
COMMENT ON FUNCTION monitor._sample_rows(oid, text, text, timestamptz, timestamptz, integer) IS 'sample_rows, as the caller';
REVOKE ALL ON FUNCTION monitor._sample_rows(oid, text, text, timestamptz, timestamptz, integer) FROM PUBLIC;
