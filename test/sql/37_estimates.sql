-- Estimates of performance without labels, against what the labels then say.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET max_parallel_workers_per_gather = 0;
SET extra_float_digits = 0;

CREATE FUNCTION pg_temp.noise(i int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT abs(hashint4extended(i, seed) % 1000003) / 1000003.0::float8';
-- the current rows have higher scores than the calibration rows; in "other" the relation itself has changed
CREATE TABLE public.rows AS
SELECT kind, s, pg_temp.noise(i, 2) < CASE kind WHEN 'other' THEN s * s ELSE s * 0.9 END AS y
FROM (SELECT kind, i, CASE kind WHEN 'calibration' THEN pg_temp.noise(i, 1) ELSE sqrt(pg_temp.noise(i, 3)) END AS s
      FROM (VALUES ('calibration'), ('current'), ('other')) k(kind), generate_series(1, 20000) i WHERE kind <> 'calibration' OR i <= 8000) t;
CREATE TABLE public.profiles AS
SELECT kind, score_profile(s, y, edges) AS labelled, score_profile(s, NULL::boolean, edges) AS unlabelled
FROM rows, (SELECT score_edges(profile_edges(s, 1000), '{0.7}') AS edges FROM rows WHERE kind = 'calibration') e GROUP BY kind;

\echo estimated and realised
WITH e AS (SELECT e.* FROM profiles a, profiles b, unnest(estimate_performance(a.labelled, b.unlabelled, 0.7)) AS e WHERE a.kind = 'calibration' AND b.kind = 'current'),
realised AS (SELECT 'roc_auc' AS metric, (roc_auc(labelled)).value AS value FROM profiles WHERE kind = 'current'
             UNION ALL SELECT 'log_loss', log_loss(labelled) FROM profiles WHERE kind = 'current'
             UNION ALL SELECT m.* FROM profiles, confusion_at(labelled, 0.7) c, LATERAL (VALUES ('accuracy_score', c.accuracy_score), ('precision_score', c.precision_score), ('recall_score', c.recall_score), ('specificity', c.specificity), ('f1_score', c.f1_score)) m WHERE kind = 'current')
SELECT metric, method, round(estimate::numeric, 4) AS estimate, round(standard_error::numeric, 4) AS error, round(value::numeric, 4) AS realised, low <= value AND value <= high AS covered, n_labels, n_rows, status, note FROM e JOIN realised USING (metric) ORDER BY method DESC, metric;
\echo labels of the current rows change nothing, nor does detaching one side; the default threshold is 0.5
SELECT estimate_performance(a.labelled, b.unlabelled) = estimate_performance(a.labelled, b.labelled, 0.5) AS same, estimate_performance(detach(a.labelled), b.unlabelled) = estimate_performance(a.labelled, detach(b.unlabelled)) AS detached
FROM profiles a, profiles b WHERE a.kind = 'calibration' AND b.kind = 'current';
\echo a relation that has changed cannot be seen: the estimate is wrong
SELECT round(e.estimate::numeric, 3) AS estimate, round(c.accuracy_score::numeric, 3) AS realised FROM profiles a, profiles b, unnest(estimate_performance(a.labelled, b.unlabelled)) AS e, confusion_at(b.labelled, 0.5) c
WHERE a.kind = 'calibration' AND b.kind = 'other' AND e.metric = 'accuracy_score' AND e.method = 'cbpe';

\echo refused: few labels, one class, no overlap, no rows; no such edge, other edges
CREATE FUNCTION pg_temp.small(labels int, positives int, low float8, rows int) RETURNS TABLE (estimates bigint, statuses text[], note text) LANGUAGE sql AS $$
	SELECT count(estimate), array_agg(DISTINCT status), min(note) FROM unnest((SELECT estimate_performance(
		(SELECT score_profile(pg_temp.noise(i, 1) * 0.5, i <= positives, score_edges('{}')) FROM generate_series(1, labels) i),
		coalesce((SELECT score_profile(low + pg_temp.noise(i, 4) * 0.1, NULL::boolean, score_edges('{}')) FROM generate_series(1, rows) i), (SELECT score_profile(NULL, NULL::boolean, score_edges('{}')))))))
$$;
SELECT * FROM pg_temp.small(499, 100, 0.1, 50);
SELECT * FROM pg_temp.small(500, 49, 0.1, 50);
SELECT * FROM pg_temp.small(500, 100, 0.9, 50);
SELECT * FROM pg_temp.small(500, 100, 0.1, 0);
SELECT * FROM pg_temp.small(500, 100, 0.1, 50);
\echo what the predictions do not define says so; what was refused is no verdict of ok
SELECT metric, method, estimate IS NULL AS none, status, note FROM unnest((SELECT estimate_performance(p, p, 0.9) FROM (SELECT score_profile(i / 2000.0, i % 3 = 0, score_edges('{}')) AS p FROM generate_series(1, 999) i) q)) ORDER BY method DESC, metric;
SELECT status, _estimate_verdict(status) FROM unnest('{ok,disagree,no_data,insufficient_labels,insufficient_overlap,undefined}'::text[]) AS status;
SELECT estimate_performance(labelled, labelled, 0.123456) FROM profiles LIMIT 1;
SELECT estimate_performance(detach(labelled), detach(labelled)) FROM profiles LIMIT 1;
SELECT estimate_performance(labelled, (SELECT score_profile(0.5, true, '{0.5}'::float8[]))) FROM profiles LIMIT 1;
SELECT estimate_performance(NULL, labelled) FROM profiles LIMIT 1;

\echo regression: errors grow with the prediction, and the current predictions are larger
CREATE TABLE public.predicted AS
SELECT kind, x, x + (0.1 + x) * (pg_temp.noise(i, 7) + pg_temp.noise(i, 8) - 1) AS y
FROM (SELECT kind, i, CASE kind WHEN 'calibration' THEN pg_temp.noise(i, 1) ELSE sqrt(pg_temp.noise(i, 3)) END AS x FROM (VALUES ('calibration'), ('current')) k(kind), generate_series(1, 8000) i) t;
WITH p AS (SELECT kind, error_profile(x, y, (SELECT profile_edges(x, 200) FROM predicted WHERE kind = 'calibration')) AS p FROM predicted GROUP BY kind)
SELECT e.metric, e.method, round(e.estimate::numeric, 4) AS estimate, round(e.standard_error::numeric, 4) AS error, round(r.value::numeric, 4) AS realised, round(before.value::numeric, 4) AS before, e.low <= r.value AND r.value <= e.high AS covered, e.status
FROM p a, p b, unnest(estimate_loss(a.p, b.p)) e,
     LATERAL (VALUES ('mean_absolute_error', mean_absolute_error(b.p)), ('mean_squared_error', mean_squared_error(b.p)), ('root_mean_squared_error', root_mean_squared_error(b.p))) r(metric, value),
     LATERAL (VALUES ('mean_absolute_error', mean_absolute_error(a.p)), ('mean_squared_error', mean_squared_error(a.p)), ('root_mean_squared_error', root_mean_squared_error(a.p))) before(metric, value)
WHERE a.kind = 'calibration' AND b.kind = 'current' AND r.metric = e.metric AND before.metric = e.metric;
SELECT metric, estimate, status, note FROM unnest((SELECT estimate_loss(error_profile(x, y, '{0.5}'::float8[]), error_profile(x, NULL, '{0.5}'::float8[])) FROM (SELECT * FROM predicted LIMIT 499) t));
SELECT DISTINCT status, note FROM unnest((SELECT estimate_loss(error_profile(x, 'Infinity', '{0.5}'::float8[]), error_profile(x, NULL, '{0.5}'::float8[])) FROM predicted));
DROP TABLE rows, profiles, predicted;
