--
-- Views: what an analyst or a dashboard reads.  Each shows only models that the current
-- user may see, and names its key in its comment.
--

CREATE FUNCTION monitor._sparkline(numbers double precision[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT string_agg(coalesce(substr('▁▂▃▄▅▆▇█', 1 + (CASE WHEN t.high > t.low THEN floor(7.999 * (u.x - t.low) / (t.high - t.low)) ELSE 3 END)::integer, 1), ' '), '' ORDER BY u.n)
		FROM unnest(numbers) WITH ORDINALITY AS u(x, n), (SELECT min(v) AS low, max(v) AS high FROM unnest(numbers) AS v) AS t;
	END;
COMMENT ON FUNCTION monitor._sparkline(double precision[]) IS 'Numbers as a line of blocks, from their smallest to their largest';

CREATE FUNCTION monitor._verdict_rank(verdict text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE verdict WHEN 'critical' THEN 6 WHEN 'error' THEN 5 WHEN 'warning' THEN 4 WHEN 'undecided' THEN 3 WHEN 'ok' THEN 2 WHEN 'insufficient_data' THEN 1 ELSE 0 END;
	END;
COMMENT ON FUNCTION monitor._verdict_rank(text) IS 'How much a verdict asks for attention';

-- The newest settled measurement of each stream; provisional ones of the open bucket decide nothing.  A model has tens of thousands
-- of measurements: its streams are found each by the key of the one before, and their newest by its own.
CREATE VIEW monitor._latest WITH (security_barrier) AS
SELECT m.model_id, s.metric, s.feature, x.effect_size, x.verdict
FROM monitor._visible_model m
JOIN monitor.watermark w USING (model_id)
JOIN monitor.baseline b ON b.model_id = m.model_id AND b.superseded_at IS NULL
CROSS JOIN LATERAL (
	WITH RECURSIVE stream AS (
		(SELECT y.metric, y.feature FROM monitor.measurement y WHERE y.model_id = m.model_id ORDER BY y.metric, y.feature LIMIT 1)
		UNION ALL
		SELECT n.metric, n.feature FROM stream t CROSS JOIN LATERAL (SELECT y.metric, y.feature FROM monitor.measurement y
			WHERE y.model_id = m.model_id AND (y.metric, y.feature) > (t.metric, t.feature) ORDER BY y.metric, y.feature LIMIT 1) AS n
	)
	SELECT t.metric, t.feature FROM stream t) AS s
CROSS JOIN LATERAL (SELECT y.effect_size, y.verdict FROM monitor.measurement y
	WHERE y.model_id = m.model_id AND y.metric = s.metric AND y.feature = s.feature AND y.segment = '' AND y.baseline_id = b.baseline_id AND y.window_end <= w.closed_to
		AND y.window_end > w.closed_to - CASE m.granularity WHEN 'hour' THEN '2 days'::interval WHEN 'day' THEN '10 days'::interval ELSE '40 days'::interval END
	ORDER BY y.window_end DESC LIMIT 1) AS x
WHERE NOT EXISTS (SELECT FROM monitor.feature f WHERE f.model_id = m.model_id AND f.name = s.feature AND f.dropped);
COMMENT ON VIEW monitor._latest IS 'Newest settled measurement of every stream of all rows, against the present baseline';

CREATE VIEW monitor.model_health WITH (security_barrier) AS
SELECT m.name AS model, h.status, h.reason, worst.feature AS worst_feature, round(worst.effect_size::numeric, 3) AS worst_effect,
	perf.metric AS performance_metric, round(perf.value::numeric, 4) AS performance, CASE WHEN perf.metric LIKE 'estimated.%' THEN 'estimated (' || perf.method || ')' ELSE perf.method END AS performance_is, trend.line AS performance_trend,
	rows.n AS rows_last_day, round(coverage.share::numeric, 3) AS label_coverage, fresh.last_rows, problems.n AS open_problems, last_run.finished_at AS last_run
FROM monitor._visible_model m
LEFT JOIN monitor.watermark w ON w.model_id = m.model_id
LEFT JOIN LATERAL (SELECT b.* FROM monitor.baseline b WHERE b.model_id = m.model_id AND b.superseded_at IS NULL ORDER BY b.baseline_id DESC LIMIT 1) AS base ON true
LEFT JOIN LATERAL (SELECT r.* FROM monitor.run r WHERE r.model_id = m.model_id AND r.status <> 'skipped' ORDER BY r.started_at DESC LIMIT 1) AS last_run ON true
LEFT JOIN LATERAL (SELECT x.feature, x.effect_size, x.verdict FROM monitor._latest x WHERE x.model_id = m.model_id AND x.metric = 'drift.psi'
	ORDER BY monitor._verdict_rank(x.verdict) DESC, x.effect_size DESC NULLS LAST, x.feature LIMIT 1) AS worst ON true
-- a model without a feature, score or prediction has looks all the same
LEFT JOIN LATERAL (SELECT coalesce(worst.verdict, (SELECT x.verdict FROM monitor._latest x WHERE x.model_id = m.model_id AND x.metric = 'quality.volume')) AS verdict) AS looks ON true
LEFT JOIN LATERAL (SELECT x.* FROM unnest('{performance.,estimated.}'::text[]) AS k(prefix)
	CROSS JOIN LATERAL (SELECT y.metric, y.value, y.method, y.window_end FROM monitor.measurement y
		WHERE y.model_id = m.model_id AND y.metric = k.prefix || monitor._verdict_metric(m.task, m.score) AND y.feature = '' AND y.segment = '' AND y.value IS NOT NULL
		ORDER BY y.window_end DESC LIMIT 1) AS x
	ORDER BY x.window_end DESC, x.metric DESC LIMIT 1) AS perf ON true
LEFT JOIN LATERAL (SELECT monitor._sparkline(array_agg(t.value ORDER BY t.window_end)) AS line FROM (
	SELECT x.value, x.window_end FROM monitor.measurement x WHERE x.model_id = m.model_id AND x.metric = perf.metric AND x.segment = '' AND x.feature = '' AND x.value IS NOT NULL
	ORDER BY x.window_end DESC LIMIT 24) AS t) AS trend ON true
LEFT JOIN LATERAL (SELECT sum(k.num_rows)::bigint AS n FROM monitor.bucket k WHERE k.model_id = m.model_id AND NOT k.is_open
	AND k.bucket_end > w.closed_to - CASE m.granularity WHEN 'hour' THEN '24 hours'::interval ELSE '1 hour'::interval END) AS rows ON true
LEFT JOIN LATERAL (SELECT sum(o.num_labelled)::double precision / nullif(sum(o.num_rows), 0) AS share FROM monitor.bucket_outcomes o
	WHERE o.model_id = m.model_id AND o.baseline_id = base.baseline_id AND o.segment = '' AND (m.label IS NOT NULL OR m.relevance IS NOT NULL)
		AND o.bucket_end <= w.closed_to - m.label_delay AND o.bucket_end > w.closed_to - m.label_delay - '30 days'::interval
		-- no bucket is longer than a week: found by the key
		AND o.bucket_start < w.closed_to - m.label_delay AND o.bucket_start > w.closed_to - m.label_delay - '38 days'::interval) AS coverage ON true
LEFT JOIN LATERAL (SELECT k.bucket_end AS last_rows FROM monitor.bucket k WHERE k.model_id = m.model_id AND NOT k.is_open AND k.num_rows > 0 ORDER BY k.bucket_end DESC LIMIT 1) AS fresh ON true
LEFT JOIN LATERAL (
	SELECT count(*) AS n, max(monitor._verdict_rank(x.verdict)) AS rank, string_agg(DISTINCT CASE WHEN x.feature = '' THEN x.metric ELSE x.metric || ' of ' || x.feature END, ', ')
		FILTER (WHERE x.verdict = 'critical') AS critical, string_agg(DISTINCT CASE WHEN x.feature = '' THEN x.metric ELSE x.metric || ' of ' || x.feature END, ', ')
		FILTER (WHERE x.verdict = 'warning') AS warning
	FROM (SELECT l.metric, l.feature, l.verdict FROM monitor._latest l WHERE l.model_id = m.model_id AND l.verdict IN ('warning', 'critical')
		UNION
		-- what labels say is as old as they are late
		(SELECT y.metric, y.feature, y.verdict FROM (SELECT r.metric, r.feature, r.verdict FROM monitor.measurement r
			WHERE r.model_id = m.model_id AND r.metric = 'performance.' || monitor._verdict_metric(m.task, m.score) AND r.feature = '' AND r.segment = '' AND r.baseline_id = base.baseline_id
			ORDER BY r.window_end DESC LIMIT 1) AS y WHERE y.verdict IN ('warning', 'critical'))) AS x) AS problems ON true
CROSS JOIN LATERAL (
	SELECT CASE WHEN m.suspended THEN 'suspended' WHEN monitor._role(m.owner, m.owner_oid, m.owner_cluster) IS NULL THEN 'error' WHEN last_run.status = 'error' THEN 'error'
			WHEN base.built_at IS NULL THEN 'no_data' WHEN problems.rank = 6 THEN 'critical' WHEN problems.rank = 4 THEN 'warning'
			WHEN looks.verdict IS NULL OR looks.verdict = 'no_data' THEN 'no_data' WHEN looks.verdict = 'insufficient_data' THEN 'insufficient_data' ELSE 'ok' END AS status,
		CASE WHEN m.suspended THEN m.suspended_reason
			WHEN monitor._role(m.owner, m.owner_oid, m.owner_cluster) IS NULL THEN format('owner "%s" no longer exists: reassign_models', m.owner)
			WHEN last_run.status = 'error' THEN format('last run failed: %s', last_run.message)
			WHEN base.baseline_id IS NULL THEN 'no baseline yet: half of the history holds fewer than 1,000 rows; set_baseline names one'
			WHEN base.built_at IS NULL THEN 'the baseline is built by the next run: CALL monitor.run()'
			WHEN problems.n > 0 THEN coalesce(problems.critical, problems.warning)
			WHEN looks.verdict IS NULL THEN 'no bucket has closed since the baseline'
			WHEN base.provisional THEN 'baseline is provisional: confirm it with set_baseline' END AS reason) AS h;
COMMENT ON VIEW monitor.model_health IS 'One line a model: is it well, and if not, why; key: model';

-- A measurement of a bucket that settled as it was is not written again: whether it may still change, the buckets tell.
CREATE VIEW monitor.feature_drift WITH (security_barrier) AS
SELECT m.name AS model, nullif(x.segment, '') AS segment, x.feature, x.metric, k.bucket_start AS time, x.window_start, x.window_end, x.value, x.low, x.high, x.effect_size, x.p_value,
	x.log_e_value, x.phi, x.warning_at, x.critical_at, x.n_reference, x.n_current, x.buckets, x.verdict, x.reason,
	x.provisional AND (coalesce(k.is_open, false) OR EXISTS (SELECT FROM monitor.bucket u
		WHERE u.model_id = x.model_id AND u.provisional_until IS NOT NULL AND NOT u.is_open AND u.bucket_end <= x.window_end)) AS provisional, x.method, x.baseline_id
FROM monitor.measurement x JOIN monitor._visible_model m USING (model_id)
LEFT JOIN monitor.bucket k ON k.model_id = x.model_id AND k.bucket_end = x.window_end
WHERE x.metric LIKE 'drift.%';
COMMENT ON VIEW monitor.feature_drift IS 'Drift of every feature at every look; key: model, segment, feature, metric, window_end';

CREATE VIEW monitor.model_performance WITH (security_barrier) AS
SELECT m.name AS model, nullif(x.segment, '') AS segment, CASE WHEN x.metric LIKE 'estimated.%' THEN 'estimated' ELSE 'realised' END AS kind,
	split_part(x.metric, '.', 2) AS metric, coalesce(k.bucket_start, x.window_start) AS time, x.window_start, x.window_end, x.value, x.low, x.high, x.effect_size AS loss, x.p_value, x.log_e_value,
	x.n_current AS num_rows, (x.parameters ->> 'label_coverage')::double precision AS label_coverage, x.buckets, x.verdict, x.reason, x.method
FROM monitor.measurement x JOIN monitor._visible_model m USING (model_id)
LEFT JOIN monitor.bucket k ON k.model_id = x.model_id AND k.bucket_end = x.window_end
WHERE (x.metric LIKE 'performance.%' OR x.metric LIKE 'estimated.%')
	-- both are within this part of the key, where little else is
	AND x.metric >= 'estimated.' AND x.metric < 'performance/';
COMMENT ON VIEW monitor.model_performance IS 'Performance of every window, realised from labels or estimated from scores; key: model, segment, kind, metric, window_end';

CREATE VIEW monitor.data_quality WITH (security_barrier) AS
SELECT m.name AS model, nullif(x.segment, '') AS segment, nullif(x.feature, '') AS feature, split_part(x.metric, '.', 2) AS metric, x.window_start AS time, x.window_end, x.value,
	x.effect_size AS change, x.log_e_value, x.warning_at, x.critical_at, x.n_current AS num_rows, x.verdict, x.reason,
	x.provisional AND (coalesce(k.is_open, false) OR EXISTS (SELECT FROM monitor.bucket u
		WHERE u.model_id = x.model_id AND u.provisional_until IS NOT NULL AND NOT u.is_open AND u.bucket_end <= x.window_end)) AS provisional
FROM monitor.measurement x JOIN monitor._visible_model m USING (model_id)
LEFT JOIN monitor.bucket k ON k.model_id = x.model_id AND k.bucket_end = x.window_end
WHERE x.metric LIKE 'quality.%';
COMMENT ON VIEW monitor.data_quality IS 'Missing, unseen and strange values, volume and freshness; key: model, segment, feature, metric, window_end';

CREATE VIEW monitor.resource_usage WITH (security_barrier) AS
SELECT m.name AS model, split_part(x.metric, '.', 2) AS metric, x.window_start AS time, x.window_end, x.value, x.n_current AS num_rows, x.provisional, x.method
FROM monitor.measurement x JOIN monitor._visible_model m USING (model_id) WHERE x.metric LIKE 'resource.%';
COMMENT ON VIEW monitor.resource_usage IS 'Latency, CPU and memory of each bucket; key: model, metric, window_end';

CREATE VIEW monitor.model_cost WITH (security_barrier) AS
SELECT m.name AS model, nullif(x.segment, '') AS segment, x.metric, x.window_start AS time, x.window_end, x.value, x.effect_size AS change, x.n_current AS num_rows, x.provisional, x.method
FROM monitor.measurement x JOIN monitor._visible_model m USING (model_id) WHERE (x.metric LIKE 'cost.%' OR x.metric LIKE 'business.%')
	AND x.metric >= 'business.' AND x.metric < 'cost/';
COMMENT ON VIEW monitor.model_cost IS 'Cost and business metrics of each bucket; key: model, segment, metric, window_end';

CREATE VIEW monitor.feature_importance WITH (security_barrier) AS
SELECT m.name AS model, nullif(x.feature, '') AS feature, CASE WHEN x.feature = '' THEN 'ranking_ndcg' ELSE 'importance' END AS metric, x.window_start AS time, x.window_end, x.value,
	x.effect_size AS change, (x.parameters ->> 'information_value')::double precision AS information_value, x.n_current AS num_rows, x.method
FROM monitor.measurement x JOIN monitor._visible_model m USING (model_id) WHERE x.metric LIKE 'importance.%';
COMMENT ON VIEW monitor.feature_importance IS 'Importance of features day by day: logged attributions, or mutual information; key: model, feature, metric, window_end';

-- ---- distributions, computed when they are read ----

CREATE VIEW monitor.feature_distribution WITH (security_barrier) AS
SELECT m.name AS model, f.name AS feature, u.bucket_start AS time, u.bucket_end, d.bin, d.lower, d.upper, d.category, d.n_reference, d.n_current, d.share_reference, d.share_current, d.psi
FROM monitor._visible_model m
JOIN monitor.baseline b ON b.model_id = m.model_id AND b.superseded_at IS NULL AND b.built_at IS NOT NULL AND b.kind <> 'rolling'
JOIN monitor.reference r ON r.baseline_id = b.baseline_id AND r.segment = '' AND r.stratum = 0
JOIN monitor.bucket_features u ON u.model_id = m.model_id AND u.baseline_id = b.baseline_id AND u.segment = ''
JOIN monitor.feature f ON f.model_id = m.model_id AND NOT f.dropped AND f.role <> 'skipped'
CROSS JOIN LATERAL unnest(monitor.drift_bins(r.profiles[f.position], u.profiles[f.position])) AS d;
COMMENT ON VIEW monitor.feature_distribution IS 'Bins of every feature in every bucket beside the baseline''s; name a model, a feature and a time; key: model, feature, time, bin';

CREATE VIEW monitor.score_distribution WITH (security_barrier) AS
SELECT m.name AS model, o.bucket_start AS time, o.bucket_end, d.bin, d.lower, d.upper, d.n, d.share
FROM monitor._visible_model m
JOIN monitor.baseline b ON b.model_id = m.model_id AND b.superseded_at IS NULL AND b.built_at IS NOT NULL
JOIN monitor.reference_outcomes r ON r.baseline_id = b.baseline_id AND r.segment = ''
JOIN monitor.bucket_outcomes o ON o.model_id = m.model_id AND o.baseline_id = b.baseline_id AND o.segment = ''
CROSS JOIN LATERAL unnest(monitor.bins(monitor.score_distribution(monitor.attach(o.scores, r.scores)))) AS d
WHERE o.scores IS NOT NULL AND d.n > 0;
COMMENT ON VIEW monitor.score_distribution IS 'Scores of every bucket, in the bins that the baseline fixed; key: model, time, bin';

CREATE VIEW monitor.calibration WITH (security_barrier) AS
SELECT m.name AS model, monitor._bucket_start(o.bucket_start, 'day', m.time_zone) AS time, c.bin, c.lower, c.upper, c.n_positive, c.n_negative, c.mean_score, c.positive_rate
FROM monitor._visible_model m
JOIN monitor.baseline b ON b.model_id = m.model_id AND b.superseded_at IS NULL AND b.built_at IS NOT NULL
JOIN monitor.reference_outcomes r ON r.baseline_id = b.baseline_id AND r.segment = '' AND r.scores IS NOT NULL
CROSS JOIN LATERAL (SELECT min(t.bucket_start) AS bucket_start, monitor.rollup(t.scores) AS scores FROM monitor.bucket_outcomes t
	WHERE t.model_id = m.model_id AND t.baseline_id = b.baseline_id AND t.segment = '' GROUP BY monitor._bucket_start(t.bucket_start, 'day', m.time_zone)) AS o
CROSS JOIN LATERAL unnest(monitor.calibration_curve(monitor.attach(o.scores, r.scores))) AS c
WHERE c.n_positive + c.n_negative > 0;
COMMENT ON VIEW monitor.calibration IS 'Scores against the rate of positives, day by day; key: model, time, bin';

GRANT SELECT ON monitor.model_health, monitor.feature_drift, monitor.model_performance, monitor.data_quality, monitor.resource_usage, monitor.model_cost,
	monitor.feature_importance, monitor.feature_distribution, monitor.score_distribution, monitor.calibration TO PUBLIC;
