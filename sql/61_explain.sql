--
-- Explaining: which features and segments carry a change.
--

-- Six significant digits, but no digit before the point less.
CREATE FUNCTION monitor._bound(x double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN x = 0 OR abs(x) = 'Infinity' OR x = 'NaN' THEN x::text
			ELSE pg_catalog.trim_scale(round(x::numeric, greatest(0, 5 - floor(pg_catalog.log(abs(x)))::integer)))::text END;
	END;
COMMENT ON FUNCTION monitor._bound(double precision) IS 'A bound of a bin with six digits that count';

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
		RAISE EXCEPTION 'model "%" has no baseline yet', model USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'CALL monitor.run(); builds one once half of the history holds 1,000 rows; set_baseline names one.';
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
		SELECT p.*, t.*, (SELECT format('%s: %s %% to %s %%', coalesce(d.category, concat(monitor._bound(nullif(d.lower, '-Infinity')), ' .. ', monitor._bound(nullif(d.upper, 'Infinity')))),
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

-- The condition that tells a bin's rows; bins are those that feature_distribution shows of the
-- range, where it is a bucket: what is rare, or in no bin at all, depends on both samples.
CREATE FUNCTION monitor._bin_sql(m monitor.model, f monitor.feature, from_time timestamptz, to_time timestamptz, bin integer) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	b monitor.baseline := monitor._current_baseline(m.model_id);
	whole monitor.profile := (monitor._whole_reference(b.baseline_id)).profiles[f.position];
	bins monitor.drift_bin[];
	d monitor.drift_bin;
	known text[] := (SELECT r.categories FROM monitor.reference_stream r WHERE r.baseline_id = b.baseline_id AND r.segment = '' AND r.position = f.position);
	named text[];
BEGIN
	SELECT monitor.drift_bins(whole, coalesce((monitor._rollup(u.profiles))[f.position], whole)) INTO bins FROM monitor.bucket_features u
	WHERE u.model_id = m.model_id AND u.baseline_id = b.baseline_id AND u.segment = '' AND u.num_rows > 0 AND u.bucket_start >= from_time AND u.bucket_end <= to_time;
	d := bins[bin];
	IF d.bin IS NULL THEN
		RAISE EXCEPTION 'feature "%" has no bin %', f.name, bin USING ERRCODE = 'invalid_parameter_value',
			HINT = 'SELECT bin, lower, upper, category FROM monitor.feature_distribution WHERE model = ... AND feature = ... AND time = ...; lists the bins of a bucket.';
	ELSIF d.category IS NULL THEN
		RETURN CASE WHEN d.lower = d.upper THEN format('%s = %L::double precision', f.expression, d.lower)
			ELSE format('%1$s %2$s %3$L::double precision AND %1$s %4$s %5$L::double precision', f.expression, CASE d.lower WHEN '-Infinity' THEN '>=' ELSE '>' END, d.lower,
				-- a value that has the next bin for itself is not in this one
				CASE WHEN bins[bin + 1].lower = d.upper AND bins[bin + 1].upper = d.upper THEN '<' ELSE '<=' END, d.upper) END;
	END IF;
	named := ARRAY(SELECT x.category FROM unnest(bins) AS x WHERE x.category NOT IN ('(rare)', '(other)', '(unseen)'));
	RETURN CASE
		WHEN d.category IN ('(other)', '(unseen)') THEN format('%s <> ALL (%L::text[])', f.expression, array_remove(known, NULL))
		WHEN d.category = '(rare)' THEN format('%s <> ALL (%L::text[])', f.expression, named)
			|| CASE WHEN EXISTS (SELECT FROM unnest(bins) AS x WHERE x.category IN ('(other)', '(unseen)')) OR array_position(known, NULL) IS NULL
				THEN format(' AND %s = ANY (%L::text[])', f.expression, array_remove(known, NULL)) ELSE '' END
		ELSE format('%s = %L', f.expression, d.category) END;
END;
$$;
COMMENT ON FUNCTION monitor._bin_sql(monitor.model, monitor.feature, timestamptz, timestamptz, integer) IS 'SQL of the condition for rows of a bin';
REVOKE ALL ON FUNCTION monitor._bin_sql(monitor.model, monitor.feature, timestamptz, timestamptz, integer) FROM PUBLIC;

CREATE FUNCTION monitor._sample_rows(caller oid, model text, feature text, from_time timestamptz, to_time timestamptz, bin integer) RETURNS jsonb[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'viewer');
	f monitor.feature;
	found jsonb[];
BEGIN
	-- the model's expressions are somebody's functions: they run with his rights, never with the caller's.
	-- Policies, views and foreign servers may show each role other rows: then only the owner's may be seen by whom they are his
	IF NOT has_table_privilege(caller, m.source, 'SELECT')
			OR (SELECT c.relrowsecurity OR c.relkind NOT IN ('r', 'p', 'm') OR EXISTS (SELECT FROM monitor._parts(m.source) AS p JOIN pg_class o ON o.oid = p WHERE o.relkind = 'f')
				FROM pg_class c WHERE c.oid = m.source) AND NOT pg_has_role(caller, monitor._reader(m), monitor._membership()) THEN
		RAISE EXCEPTION 'permission denied to read rows of %', m.source USING ERRCODE = 'insufficient_privilege',
			HINT = 'It takes SELECT on a table without row security; else the rights of the model''s owner.';
	END IF;
	SELECT t.* INTO f FROM monitor.feature t WHERE t.model_id = m.model_id AND t.name = feature AND t.role <> 'skipped' AND NOT t.dropped;
	IF f.position IS NULL THEN
		RAISE EXCEPTION 'model "%" has no feature "%"', model, feature USING ERRCODE = 'undefined_object', HINT = 'describe_model lists them.';
	END IF;
	SELECT array_agg(t.r) INTO found FROM monitor._read(monitor._reader(m), format('SELECT to_jsonb(s) FROM %s AS s WHERE %s AND %s LIMIT 20', m.source,
		monitor._range_sql(m, from_time, to_time), CASE WHEN bin IS NULL THEN 'true' ELSE monitor._bin_sql(m, f, from_time, to_time, bin) END)) AS t(r jsonb);
	RETURN coalesce(found, '{}');
END;
$$;
COMMENT ON FUNCTION monitor._sample_rows(oid, text, text, timestamptz, timestamptz, integer) IS 'sample_rows, as the caller';
REVOKE ALL ON FUNCTION monitor._sample_rows(oid, text, text, timestamptz, timestamptz, integer) FROM PUBLIC;
