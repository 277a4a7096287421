-- Measuring: the numbers are those that the rows give, and verdicts open and close.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
CREATE SCHEMA measure_test;
CREATE TABLE measure_test.p (id integer PRIMARY KEY, at timestamptz NOT NULL, score double precision, x double precision, grade text, region text, latency double precision, cost double precision,
	gain double precision, y boolean);
CREATE INDEX ON measure_test.p (at);
-- pseudo-random numbers in [0, 1) that are the same everywhere
CREATE FUNCTION measure_test.u(i integer, salt integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
	$$ SELECT (('x' || substr(md5(i || ':' || salt), 1, 8))::bit(32)::bigint + 0.5) / 4294967296.0 $$;
-- 200 rows a day; x drifts on 20 March for 20 days, y no longer follows the score then, and half of grade is missing
INSERT INTO measure_test.p
SELECT i, t.at, s.score, measure_test.u(i, 2) + CASE WHEN t.drifted THEN 0.5 ELSE 0 END,
	CASE WHEN t.drifted AND i % 2 = 0 THEN NULL ELSE chr(65 + floor(measure_test.u(i, 3) * 4)::integer) END,
	'r' || i % 2, 10 + 90 * measure_test.u(i, 4), 0.5, i % 7, CASE WHEN t.drifted THEN measure_test.u(i, 5) < 0.5 ELSE measure_test.u(i, 5) < s.score END
FROM generate_series(0, 23999) AS i, LATERAL (SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '432 seconds' AS at, i BETWEEN 15600 AND 19600 AS drifted) AS t,
	LATERAL (SELECT round(measure_test.u(i, 1)::numeric, 3)::double precision AS score) AS s;
SET monitor.mock_now = '2026-03-02 00:00+00';
SELECT length(monitor.create_model('measured', source => 'measure_test.p', time_column => 'at', score => 'score', label => 'y', features => '{x,grade}', segments => '["region"]',
	latency => 'latency', cost => 'cost', metrics => '{"gain": {"numerator": "gain", "denominator": "1"}, "middle": {"aggregate": "percentile_disc(0.5) WITHIN GROUP (ORDER BY gain)"}}',
	owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-02-15')) > 0 AS registered;
GRANT USAGE ON SCHEMA measure_test TO pg_database_owner;
GRANT SELECT ON measure_test.p TO pg_database_owner;
SELECT length(monitor.create_model('measured', source => 'measure_test.p', time_column => 'at', score => 'score', label => 'y', features => '{x,grade}', segments => '["region"]',
	latency => 'latency', cost => 'cost', metrics => '{"gain": {"numerator": "gain", "denominator": "1"}, "middle": {"aggregate": "percentile_disc(0.5) WITHIN GROUP (ORDER BY gain)"}}',
	owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-02-15', look_back => '1 day')) > 0 AS registered;
CALL monitor.run();
SET monitor.mock_now = '2026-03-28 00:00+00';
CALL monitor.run();
SET monitor.mock_now = '2026-04-30 00:00+00';
CALL monitor.run();
SELECT status, message FROM monitor.run_history ORDER BY run_id;

-- Every window of PSI is what the aggregate over its rows gives; the same of segments' rows in the cells of all.
SELECT count(*) AS looks, count(*) FILTER (WHERE abs(d.value - t.psi) > 1e-9 * (1 + t.psi)) AS other
FROM monitor.feature_drift AS d, LATERAL (
	SELECT monitor.psi(CASE d.feature WHEN 'x' THEN p.x ELSE p.score END, p.at >= '2026-02-15') AS psi FROM measure_test.p AS p
	WHERE p.at >= '2026-01-01' AND p.at < '2026-02-15' OR p.at >= d.window_start AND p.at < d.window_end) AS t
WHERE d.metric = 'drift.psi' AND d.segment IS NULL AND d.feature IN ('x', 'score') AND d.n_current > 0;
SELECT count(*) AS looks, count(*) FILTER (WHERE abs(d.value - t.psi) > 1e-9 * (1 + t.psi)) AS other
FROM monitor.feature_drift AS d, LATERAL (
	SELECT monitor.psi(p.grade, p.at >= '2026-02-15') AS psi FROM measure_test.p AS p
	WHERE p.at >= '2026-01-01' AND p.at < '2026-02-15' OR p.at >= d.window_start AND p.at < d.window_end) AS t
WHERE d.metric = 'drift.psi' AND d.segment IS NULL AND d.feature = 'grade' AND d.n_current > 0;
-- KS within its bounds
SELECT count(*) AS buckets, count(*) FILTER (WHERE t.ks NOT BETWEEN d.low - 1e-12 AND d.high + 1e-12) AS outside
FROM monitor.feature_drift AS d, LATERAL (
	SELECT (monitor.ks_stat(p.x, p.at >= '2026-02-15')).statistic AS ks FROM measure_test.p AS p
	WHERE p.at >= '2026-01-01' AND p.at < '2026-02-15' OR p.at >= d.window_start AND p.at < d.window_end) AS t
WHERE d.metric = 'drift.ks' AND d.feature = 'x';
-- the rest of a bucket
SELECT q.metric, count(*) AS buckets, count(*) FILTER (WHERE abs(q.value - t.share) > 1e-12) AS other
FROM monitor.data_quality AS q, LATERAL (SELECT avg((p.grade IS NULL)::integer)::double precision AS share FROM measure_test.p AS p WHERE p.at >= q.time AND p.at < q.window_end) AS t
WHERE q.metric = 'missing_ratio' AND q.feature = 'grade' AND q.window_end <= '2026-04-30' GROUP BY q.metric;
-- out of range is below the baseline's smallest value or above its largest
SELECT count(*) AS days, count(*) FILTER (WHERE t.share > 0) AS out_of_range, count(*) FILTER (WHERE abs(coalesce(q.value, 0) - t.share) > 1e-12) AS other
FROM (SELECT date_trunc('day', p.at, 'UTC') AS time, avg((NOT p.x BETWEEN r.low AND r.high)::integer)::double precision AS share
	FROM measure_test.p AS p, (SELECT min(x) AS low, max(x) AS high FROM measure_test.p WHERE at < '2026-02-15') AS r WHERE p.at >= '2026-02-15' GROUP BY 1) AS t
LEFT JOIN monitor.data_quality AS q ON q.metric = 'out_of_range_ratio' AND q.feature = 'x' AND q.time = t.time;
SELECT count(*) AS windows, count(*) FILTER (WHERE abs(f.value - t.auc) > 1e-12) AS other, count(DISTINCT f.segment) AS segments
FROM monitor.model_performance AS f, LATERAL (
	SELECT monitor.roc_auc(p.score, p.y) AS auc FROM measure_test.p AS p WHERE p.at >= f.window_start AND p.at < f.window_end AND (f.segment IS NULL OR f.segment = 'region=' || p.region)) AS t
WHERE f.kind = 'realised' AND f.metric = 'roc_auc';
SELECT count(*) AS windows, count(*) FILTER (WHERE abs(f.value - t.accuracy) > 1e-12) AS other
FROM monitor.model_performance AS f, LATERAL (
	SELECT monitor.accuracy_score(p.score >= 0.5, p.y) AS accuracy FROM measure_test.p AS p WHERE p.at >= f.window_start AND p.at < f.window_end) AS t
WHERE f.kind = 'realised' AND f.metric = 'accuracy_score' AND f.segment IS NULL;
SELECT c.metric, count(*) AS buckets, count(*) FILTER (WHERE abs(c.value - CASE c.metric WHEN 'cost.total' THEN t.cost WHEN 'cost.per_row' THEN t.cost / t.n WHEN 'business.gain' THEN t.gain ELSE t.middle END) > 1e-9) AS other
FROM monitor.model_cost AS c, LATERAL (SELECT sum(p.cost) AS cost, count(*) AS n, avg(p.gain) AS gain, percentile_disc(0.5) WITHIN GROUP (ORDER BY p.gain) AS middle FROM measure_test.p AS p
	WHERE p.at >= c.time AND p.at < c.window_end AND (c.segment IS NULL OR c.segment = 'region=' || p.region)) AS t
WHERE t.n > 0 GROUP BY c.metric ORDER BY c.metric;
SELECT metric, count(*) AS buckets, count(*) FILTER (WHERE abs(r.value - t.q) > 0.5) AS far
FROM monitor.resource_usage AS r, LATERAL (SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY p.latency) AS q FROM measure_test.p AS p WHERE p.at >= r.time AND p.at < r.window_end) AS t
WHERE r.metric = 'latency_p95' AND t.q IS NOT NULL GROUP BY metric;

-- Verdicts: what opened and closed when.
SELECT e.metric, e.feature, nullif(e.segment, '') AS segment, e.opened_at, e.closed_at, e.worst, e.closed_because FROM monitor.episode AS e ORDER BY e.opened_at, e.feature, e.segment;
SELECT q.metric, q.feature, min(q.time) AS first, max(q.time) AS last, q.verdict FROM monitor.data_quality AS q WHERE q.verdict IN ('warning', 'critical') GROUP BY 1, 2, 5 ORDER BY 1, 3;
SELECT kind, verdict, min(window_start) AS first, max(window_end) AS last FROM monitor.model_performance
WHERE metric = 'roc_auc' AND segment IS NULL AND verdict NOT IN ('ok') GROUP BY 1, 2 ORDER BY 1, 3;
SELECT feature, count(*) AS days, round(avg(value) FILTER (WHERE time < '2026-03-20')::numeric, 4) AS before, round(avg(change) FILTER (WHERE time < '2026-03-20')::numeric, 4) AS change_before FROM monitor.feature_importance GROUP BY feature ORDER BY feature;
SELECT model, status, reason, worst_feature, performance_metric, label_coverage, open_problems FROM monitor.model_health;
SELECT feature, segment, round(effect_size::numeric, 2) AS effect, largest_change FROM unnest(monitor.explain_drift('measured', '2026-03-21', '2026-04-05')) WHERE effect_size > 0.1;
SELECT count(*) AS bins, sum(n_current) AS rows FROM monitor.feature_distribution WHERE feature = 'x' AND time = '2026-03-21';
SELECT count(*) > 5 AS bins FROM monitor.calibration WHERE time = '2026-03-01';
SELECT count(*) > 50 AS bins FROM monitor.score_distribution WHERE time = '2026-03-01';
SELECT cardinality(monitor.sample_rows('measured', 'grade', '2026-03-01', '2026-03-03', 1));
-- the rows of a bin are those that its row of feature_distribution counts
SELECT d.feature, count(*) AS bins, count(*) FILTER (WHERE least(20, d.n_current) <> cardinality(s.rows)) AS of_another_number,
	count(*) FILTER (WHERE EXISTS (SELECT FROM unnest(s.rows) AS r WHERE NOT coalesce((r ->> d.feature)::text = d.category OR d.category = '(unseen)'
		OR (CASE WHEN d.category IS NULL THEN r ->> d.feature END)::double precision BETWEEN d.lower AND d.upper, false))) AS of_another_bin
FROM monitor.feature_distribution AS d, LATERAL (SELECT monitor.sample_rows(d.model, d.feature, d.time, d.bucket_end, d.bin) AS rows) AS s
WHERE d.feature IN ('x', 'grade') AND d.time IN ('2026-03-10', '2026-03-21', '2026-03-30') GROUP BY d.feature ORDER BY d.feature;
SELECT monitor.sample_rows('measured', 'grade', '2026-03-01', '2026-03-02', 100);

-- Keys of views are keys.
SELECT 'feature_drift' AS view, count(*) - count(DISTINCT (model, segment, feature, metric, window_end)) AS twice FROM monitor.feature_drift
UNION ALL SELECT 'model_performance', count(*) - count(DISTINCT (model, segment, kind, metric, window_end)) FROM monitor.model_performance
UNION ALL SELECT 'data_quality', count(*) - count(DISTINCT (model, segment, feature, metric, window_end)) FROM monitor.data_quality
UNION ALL SELECT 'resource_usage', count(*) - count(DISTINCT (model, metric, window_end)) FROM monitor.resource_usage
UNION ALL SELECT 'model_cost', count(*) - count(DISTINCT (model, segment, metric, window_end)) FROM monitor.model_cost
UNION ALL SELECT 'feature_importance', count(*) - count(DISTINCT (model, feature, metric, window_end)) FROM monitor.feature_importance;

-- Late rows change numbers, not what was decided.
SELECT value AS value_before, verdict AS verdict_before FROM monitor.feature_drift WHERE metric = 'drift.psi' AND feature = 'x' AND segment IS NULL AND window_end = '2026-03-25' \gset
DELETE FROM measure_test.p WHERE at >= '2026-03-24' AND at < '2026-03-25' AND id % 3 = 0;
SELECT monitor.erase('measured', '2026-03-24', '2026-03-25') AS erased;
CALL monitor.run();
SELECT value <> :value_before AS changed, verdict = :'verdict_before' AS same FROM monitor.feature_drift WHERE metric = 'drift.psi' AND feature = 'x' AND segment IS NULL AND window_end = '2026-03-25';
-- A bucket that settles as it was is not measured again: this is what one leaves that was counted beside writers.
UPDATE monitor.bucket SET provisional_until = NULL;
UPDATE monitor.measurement SET provisional = true WHERE window_end BETWEEN '2026-03-20' AND '2026-04-01';
SELECT (SELECT count(*) FILTER (WHERE provisional) FROM monitor.feature_drift WHERE window_end < '2026-04-30') AS drift, (SELECT count(*) FILTER (WHERE provisional) FROM monitor.data_quality WHERE window_end < '2026-04-30') AS quality;
UPDATE measure_test.p SET x = x - 0.5 WHERE at >= '2026-03-20' AND at < '2026-03-25';
SELECT monitor.erase('measured', '2026-03-20', '2026-03-25') AS erased;
CALL monitor.run();
SELECT effect_size < 0.1 AS too_small, verdict = :'verdict_before' AS same FROM monitor.feature_drift WHERE metric = 'drift.psi' AND feature = 'x' AND segment IS NULL AND window_end = '2026-03-25';

-- A drift that is accepted is the new normal; what was measured keeps its baseline.
INSERT INTO measure_test.p SELECT 100000 + i, '2026-04-30 00:00+00'::timestamptz + i * interval '432 seconds', measure_test.u(i, 1), measure_test.u(i, 2) + 0.5, 'A', 'r0', 10, 0.5, 1, true
FROM generate_series(0, 3999) AS i;
SET monitor.mock_now = '2026-05-20 00:00+00';
CALL monitor.run();
SELECT feature, opened_at, worst FROM monitor.episode WHERE closed_at IS NULL AND segment = '' ORDER BY feature;
SELECT rule, state FROM monitor.alerts WHERE model = 'measured' AND state <> 'resolved' ORDER BY rule;
SELECT monitor.accept_drift('measured', 'x', 'sensors were replaced');
SELECT rule, state, close_reason FROM monitor.alerts WHERE model = 'measured' AND (state <> 'resolved' OR close_reason LIKE 'accepted%') ORDER BY rule;
CALL monitor.run();
SELECT count(*) AS open FROM monitor.episode WHERE closed_at IS NULL;
SELECT DISTINCT closed_because FROM monitor.episode WHERE closed_at >= '2026-05-01' ORDER BY 1;
SELECT count(DISTINCT baseline_id) AS baselines, (SELECT count(*) FROM monitor.audit_trail WHERE table_name = 'baseline' AND after ->> 'comment' LIKE '%sensors%') AS audited FROM monitor.feature_drift;
SELECT model, status FROM monitor.model_health;
SELECT monitor.drop_model('measured');

-- Rankings, of queries that reach over midnight too, each counted once and whole.
CREATE TABLE measure_test.ranked (at timestamptz NOT NULL, query integer, score double precision, place integer, relevance integer);
CREATE INDEX ON measure_test.ranked (at);
INSERT INTO measure_test.ranked SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '3 minutes', i / 7, CASE WHEN i >= 22000 THEN 1 - s ELSE s END, 1 + (i % 7), greatest(0, round(4 * s + i * 31 % 3 - 1))
FROM (SELECT i, i * 7919 % 1000 / 1000.0 AS s FROM generate_series(0, 23999) AS i) AS t;
SET monitor.mock_now = '2026-02-20 00:00+00';
SELECT length(monitor.create_model('ranked', source => 'measure_test.ranked', time_column => 'at', score => 'score', query_id => 'query', relevance => 'relevance', task => 'ranking', granularity => 'day')) > 0 AS registered;
SELECT monitor.create_model('placed', source => 'measure_test.ranked', time_column => 'at', rank => 'place', query_id => 'query', relevance => 'relevance - 1', task => 'ranking');
SELECT l FROM regexp_split_to_table(monitor.describe_model('ranked'), '\n') AS l WHERE l ~ ' (ranking|label) ';
SELECT length(monitor.create_model('placed', source => 'measure_test.ranked', time_column => 'at', rank => 'place', query_id => 'query', relevance => 'relevance', task => 'ranking', granularity => 'day')) > 0 AS registered;
CALL monitor.run();
SELECT model, status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT f.model, count(*) AS windows, count(*) FILTER (WHERE abs(f.value - t.v) > 1e-9 OR f.num_rows <> t.n) AS other, min(f.label_coverage) AS coverage, count(*) FILTER (WHERE f.verdict = 'critical') AS critical
FROM monitor.model_performance AS f, LATERAL (SELECT avg(q.v) AS v, count(q.v) AS n FROM (
	SELECT min(r.at) AS at, monitor.ndcg(CASE f.model WHEN 'ranked' THEN r.score ELSE -r.place END, r.relevance::double precision) AS v FROM measure_test.ranked AS r GROUP BY r.query) AS q
	WHERE q.at >= f.window_start AND q.at < f.window_end) AS t
WHERE f.metric = 'ndcg' GROUP BY f.model ORDER BY f.model;
UPDATE measure_test.ranked SET relevance = 0 WHERE at >= '2026-02-10' AND at < '2026-02-11';
CALL monitor.run();
SELECT f.model, count(*) AS windows, count(*) FILTER (WHERE abs(f.value - t.v) > 1e-9 OR f.num_rows <> t.n) AS other
FROM monitor.model_performance AS f, LATERAL (SELECT avg(q.v) AS v, count(q.v) AS n FROM (
	SELECT min(r.at) AS at, monitor.ndcg(CASE f.model WHEN 'ranked' THEN r.score ELSE -r.place END, r.relevance::double precision) AS v FROM measure_test.ranked AS r GROUP BY r.query) AS q
	WHERE q.at >= f.window_start AND q.at < f.window_end) AS t
WHERE f.metric = 'ndcg' GROUP BY f.model ORDER BY f.model;
SELECT model, status, performance_metric, label_coverage FROM monitor.model_health ORDER BY model;
SELECT monitor.drop_model(model) FROM monitor.model_health ORDER BY model;

-- Where all are wrong, or all errors are alike, the rows tell no error of the value: it is judged all the same.
CREATE TABLE measure_test.wrong (at timestamptz NOT NULL, score double precision, said text, guess double precision, y boolean, number double precision);
CREATE INDEX ON measure_test.wrong (at);
INSERT INTO measure_test.wrong SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '15 minutes', CASE WHEN late THEN 1 - s ELSE s END, (CASE WHEN late THEN NOT y ELSE s > 0.5 END)::text,
	i % 10, y, i % 10 + CASE WHEN late THEN 5 ELSE i % 3 END
FROM (SELECT i, i >= 4500 AS late, i * 7919 % 1000 / 1000.0 AS s, CASE WHEN i >= 4500 THEN i * 7919 % 1000 > 500 ELSE (i * 7919 % 1000 > 500) <> (i % 11 = 0) END AS y FROM generate_series(0, 4799) AS i) AS t;
UPDATE measure_test.wrong SET guess = NULL WHERE at >= '2026-02-10' AND at < '2026-02-10 06:00+00';
GRANT SELECT ON measure_test.wrong TO pg_database_owner;
SET monitor.mock_now = '2026-02-20 00:00+00';
SELECT length(monitor.create_model('scores', source => 'measure_test.wrong', time_column => 'at', score => 'score', label => 'y', features => '{}', granularity => 'day')) > 0 AS registered;
SELECT length(monitor.create_model('classes', source => 'measure_test.wrong', time_column => 'at', prediction => 'said', label => 'y', features => '{}', granularity => 'day')) > 0 AS registered;
SELECT length(monitor.create_model('numbers', source => 'measure_test.wrong', time_column => 'at', prediction => 'guess', label => 'number', task => 'regression', features => '{}', granularity => 'day')) > 0 AS registered;
CALL monitor.run();
SELECT model, status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT model, metric, verdict, min(round(value::numeric, 3)) AS least, max(round(value::numeric, 3)) AS most, min(time) AS first FROM monitor.model_performance
WHERE kind = 'realised' AND (model, metric) IN (('scores', 'roc_auc'), ('classes', 'f1_score'), ('numbers', 'mean_absolute_error')) AND window_start >= '2026-02-14' GROUP BY 1, 2, 3 ORDER BY 1, 6;
-- of two classes the positive one is measured, with scores or without; rows without a prediction count for nothing
SELECT f.metric, count(*) AS windows, count(*) FILTER (WHERE abs(f.value - t.v) > 1e-12) AS other, count(*) FILTER (WHERE f.value IS NULL) AS undefined
FROM monitor.model_performance AS f, LATERAL (SELECT CASE f.metric WHEN 'f1_score' THEN monitor.f1_score(w.said::boolean, w.y) WHEN 'precision_score' THEN monitor.precision_score(w.said::boolean, w.y)
	ELSE monitor.recall_score(w.said::boolean, w.y) END AS v FROM measure_test.wrong AS w WHERE w.at >= f.window_start AND w.at < f.window_end) AS t
WHERE f.model = 'classes' AND f.kind = 'realised' AND f.metric IN ('f1_score', 'precision_score', 'recall_score') GROUP BY 1 ORDER BY 1;
SELECT window_start, num_rows, round(value::numeric, 6) AS value, (SELECT round(avg(abs(guess - number))::numeric, 6) FROM measure_test.wrong AS w WHERE w.at >= f.window_start AND w.at < f.window_end) AS expected
FROM monitor.model_performance AS f WHERE model = 'numbers' AND kind = 'realised' AND metric = 'mean_absolute_error' AND window_start BETWEEN '2026-02-09' AND '2026-02-11' ORDER BY 1;
SELECT monitor.drop_model(model) FROM monitor.model_health ORDER BY model;

-- Windows that are judged one a run get the verdicts that they get at once: an episode ends, and evidence starts afresh.
CREATE TABLE measure_test.daily AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '864 seconds' AS at, s AS score,
	CASE WHEN i / 100 BETWEEN 35 AND 40 THEN measure_test.u(i, 5) < 0.5 ELSE measure_test.u(i, 5) < s END AS y
FROM generate_series(0, 6999) AS i, LATERAL (SELECT round(measure_test.u(i, 1)::numeric, 3)::double precision AS s) AS t;
CREATE INDEX ON measure_test.daily (at);
GRANT SELECT ON measure_test.daily TO pg_database_owner;
SET monitor.mock_now = '2026-02-01 00:00+00';
SELECT length(monitor.create_model(name, source => 'measure_test.daily', time_column => 'at', score => 'score', label => 'y', features => '{}', granularity => 'day',
	owner => 'pg_database_owner', look_back => '1 day', baseline_from => '2026-01-01', baseline_to => '2026-01-31')) > 0 AS registered FROM (VALUES ('stepwise'), ('at once')) AS t(name);
CALL monitor.run();
\set ECHO none
SELECT format(step, '2026-02-01'::date + d) FROM generate_series(0, 38) AS d, (VALUES (1, 'SET monitor.mock_now = ''%s 00:05+00'''), (2, 'CALL monitor.run_model(''stepwise'')')) AS t(n, step) ORDER BY d, n \gexec
\set ECHO all
CALL monitor.run_model('at once');
SELECT kind, count(*) AS windows, count(*) FILTER (WHERE (s.verdict, s.log_e_value) IS DISTINCT FROM (o.verdict, o.log_e_value)) AS other, max(s.window_end) FILTER (WHERE s.verdict <> 'ok') AS last_bad
FROM monitor.model_performance AS s JOIN monitor.model_performance AS o USING (kind, metric, window_end) WHERE s.model = 'stepwise' AND o.model = 'at once' AND metric = 'roc_auc' GROUP BY kind ORDER BY kind;
-- evidence against one baseline is none against the next
INSERT INTO measure_test.daily SELECT at + interval '70 days', score, y FROM measure_test.daily WHERE at >= '2026-02-05';
SET monitor.mock_now = '2026-04-22 00:05+00';
CALL monitor.run_model('at once');
SELECT monitor.set_baseline('at once', '2026-01-01', '2026-02-05') IS NOT NULL AS set;
SET monitor.mock_now = '2026-05-01 00:05+00';
CALL monitor.run_model('at once');
SELECT window_start, round(loss::numeric, 4) AS loss, round(log_e_value::numeric, 2) AS log_e_value, verdict FROM monitor.model_performance
WHERE model = 'at once' AND kind = 'realised' AND metric = 'roc_auc' AND window_start >= '2026-04-20' ORDER BY 1;
SELECT monitor.drop_model(model) FROM monitor.model_health ORDER BY model;
-- labels that come to windows from before the baseline was set count, and count again when more come
UPDATE measure_test.daily SET y = NULL WHERE at >= '2026-02-05';
SET monitor.mock_now = '2026-02-15 00:05+00';
SELECT length(monitor.create_model('later', source => 'measure_test.daily', time_column => 'at', score => 'score', label => 'y', features => '{}', granularity => 'day',
	owner => 'pg_database_owner', look_back => '15 days', baseline_from => '2026-01-01', baseline_to => '2026-01-31')) > 0 AS registered;
CALL monitor.run();
SELECT monitor.set_baseline('later', '2026-01-01', '2026-01-21') IS NOT NULL AS set;
CALL monitor.run();
UPDATE measure_test.daily SET y = score > 0.5 WHERE at >= '2026-02-07' AND at < '2026-02-09';
CALL monitor.run();
UPDATE measure_test.daily SET y = score > 0.3 WHERE at >= '2026-02-06' AND at < '2026-02-08';
CALL monitor.run();
SELECT f.time, round(f.value::numeric, 6) = round(t.accuracy::numeric, 6) AS right, f.verdict, b.superseded_at IS NULL AS present
FROM monitor.measurement AS x JOIN monitor.baseline AS b USING (baseline_id) JOIN monitor.model_performance AS f USING (window_end),
	LATERAL (SELECT monitor.accuracy_score(p.score >= 0.5, p.y) AS accuracy FROM measure_test.daily AS p WHERE p.at >= f.window_start AND p.at < f.window_end) AS t
WHERE f.kind = 'realised' AND f.metric = 'accuracy_score' AND x.metric = 'performance.accuracy_score' AND f.time >= '2026-02-03' ORDER BY 1;
SELECT monitor.drop_model('later');

-- What features tell of classes, of numbers, and of scores without labels.
CREATE TABLE measure_test.tells AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '5 minutes' AS at, x AS tells, z AS noise, 100 * x AS said, 100 * x + 0.1 * z AS actual, x AS score,
	(ARRAY['c', 'c', 'b', 'a'])[1 + floor(4 * x)::integer] AS class
FROM generate_series(0, 45 * 288 - 1) AS i, LATERAL (SELECT measure_test.u(i, 1) AS x, measure_test.u(i, 2) AS z) AS r;
CREATE INDEX ON measure_test.tells (at);
GRANT SELECT ON measure_test.tells TO pg_database_owner;
SET monitor.mock_now = '2026-02-15 00:00+00';
SELECT count(monitor.create_model(t.name, source => 'measure_test.tells', time_column => 'at', score => t.score, prediction => t.prediction, label => t.label, task => t.task, features => '{tells,noise}',
	granularity => 'day', owner => 'pg_database_owner', look_back => '1 day')) AS registered
FROM (VALUES ('of numbers', 'regression', NULL, 'said', 'actual'), ('of classes', 'multiclass', NULL, 'class', 'class'), ('of scores', 'binary', 'score', NULL, NULL)) AS t(name, task, score, prediction, label);
CALL monitor.run();
SELECT m.name AS model, x.feature, count(*) AS days, min(x.method) AS method, bool_and(CASE x.feature WHEN 'tells' THEN abs(x.value - ln(2)) < 0.06 ELSE x.value < 0.1 END) AS so_much, abs(avg(x.effect_size)) < 0.006 AS unchanged
FROM monitor.measurement x JOIN monitor.model m USING (model_id) WHERE m.name LIKE 'of %' AND x.metric LIKE 'importance.%' GROUP BY m.name, x.feature ORDER BY m.name, x.feature;
SELECT count(monitor.drop_model(m.name)) AS dropped FROM monitor.model m WHERE m.name LIKE 'of %';

-- Labels refute estimates, also where they are so rare that a window of them holds several of estimates.
CREATE TABLE measure_test.rare AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '3 minutes' AS at, s AS score,
	CASE WHEN i / 480 < 40 THEN measure_test.u(i, 2) < s WHEN i / 480 < 45 THEN measure_test.u(i, 2) < 0.05 END AS y
FROM generate_series(0, 53 * 480 - 1) AS i, LATERAL (SELECT round((0.3 * power(measure_test.u(i, 1), 4))::numeric, 4)::double precision AS s) AS t;
CREATE INDEX ON measure_test.rare (at);
GRANT SELECT ON measure_test.rare TO pg_database_owner;
SET monitor.mock_now = '2026-02-20 00:00+00';
SELECT length(monitor.create_model('rare', source => 'measure_test.rare', time_column => 'at', score => 'score', label => 'y', features => '{}', decision_threshold => 0.1, granularity => 'day',
	owner => 'pg_database_owner', look_back => '1 day', baseline_from => '2026-01-01', baseline_to => '2026-01-31')) > 0 AS registered;
CALL monitor.run();
SELECT window_end, string_agg(format('%s %s: %s', buckets, kind, verdict), ', ' ORDER BY kind) AS said FROM monitor.model_performance WHERE metric = 'roc_auc' AND window_end > '2026-02-08' GROUP BY 1 ORDER BY 1;
-- nor are refuted ones evidence
SELECT count(*) > 0 AS some, bool_and(t.waits) AS wait FROM (SELECT x.verdict, x.log_e_value IS NOT DISTINCT FROM lag(x.log_e_value) OVER (ORDER BY x.window_end) AS waits
	FROM monitor.measurement x JOIN monitor.model m USING (model_id) WHERE m.name = 'rare' AND x.metric = 'estimated.roc_auc' AND x.window_end >= '2026-02-09') AS t WHERE t.verdict = 'undecided';
-- those from labels of the next baseline are others
SELECT monitor.set_baseline('rare', '2026-02-10', '2026-02-15') IS NOT NULL AS set;
SET monitor.mock_now = '2026-02-23 00:00+00';
CALL monitor.run();
SELECT time, verdict, reason FROM monitor.model_performance WHERE kind = 'estimated' AND metric = 'roc_auc' AND time >= '2026-02-19' ORDER BY 1;
SELECT performance_metric, performance_is FROM monitor.model_health WHERE model = 'rare';
SELECT monitor.drop_model('rare');

-- Where methods of estimating disagree, as where there are more positives of the same scores, there is no verdict before labels come.
CREATE TABLE measure_test.prior AS SELECT CASE WHEN i < 6200 THEN '2026-01-01 00:00+00'::timestamptz + i * interval '432 seconds' ELSE '2026-02-01 00:00+00'::timestamptz + (i - 6200) * interval '43.2 seconds' END AS at,
	round((CASE WHEN y THEN 0.45 + 0.5 * measure_test.u(i, 7) ELSE 0.7 * measure_test.u(i, 7) END)::numeric, 3)::double precision AS score, CASE WHEN i < 6200 THEN y END AS y
FROM (SELECT i, measure_test.u(i, 6) < CASE WHEN i < 6200 THEN 0.3 ELSE 0.9 END AS y FROM generate_series(0, 12199) AS i) AS t;
CREATE INDEX ON measure_test.prior (at);
GRANT SELECT ON measure_test.prior TO pg_database_owner;
SET monitor.mock_now = '2026-02-04 00:00+00';
SELECT length(monitor.create_model('prior', source => 'measure_test.prior', time_column => 'at', score => 'score', label => 'y', features => '{}', granularity => 'day',
	owner => 'pg_database_owner', look_back => '1 day', baseline_from => '2026-01-01', baseline_to => '2026-02-01')) > 0 AS registered;
CALL monitor.run();
SELECT time, round(value::numeric, 4) AS value, verdict, reason FROM monitor.model_performance WHERE kind = 'estimated' AND metric = 'roc_auc' ORDER BY time;
SELECT monitor.drop_model('prior');

-- The last day has 23 hours where clocks go forward.
CREATE TABLE measure_test.spring AS SELECT '2026-03-01 00:00+01'::timestamptz + i * interval '15 minutes' AS at, (i % 10)::double precision AS x FROM generate_series(0, 30 * 96 - 1) AS i;
CREATE INDEX ON measure_test.spring (at);
GRANT SELECT ON measure_test.spring TO pg_database_owner;
SET monitor.mock_now = '2026-03-30 00:30+02';
SELECT length(monitor.create_model(g, source => 'measure_test.spring', time_column => 'at', features => '{x}', granularity => g, time_zone => 'Europe/Berlin', owner => 'pg_database_owner',
	look_back => '1 day', baseline_from => '2026-03-01', baseline_to => '2026-03-20')) > 0 AS registered FROM unnest('{day,hour}'::text[]) AS g;
CALL monitor.run();
SELECT model, rows_last_day FROM monitor.model_health ORDER BY model;
SELECT monitor.drop_model(model) FROM monitor.model_health ORDER BY model;

-- Values far beyond the baseline's are explained, and what is kept of them can be dumped and restored.
CREATE TABLE measure_test.far AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '10 minutes' AS at, CASE WHEN i < 31 * 144 THEN i % 13 WHEN i % 9 = 0 THEN 1e300 WHEN i % 9 = 1 THEN -1e9 ELSE i % 13 END::double precision AS x,
	(1000 + i % 101 + CASE WHEN i = 32 * 144 THEN 1e12 ELSE 0 END)::double precision AS z FROM generate_series(0, 36 * 144 - 1) AS i;
CREATE INDEX ON measure_test.far (at);
GRANT SELECT ON measure_test.far TO pg_database_owner;
SET monitor.mock_now = '2026-02-06 00:00+00';
SELECT length(monitor.create_model('far', source => 'measure_test.far', time_column => 'at', features => '{x,z}', granularity => 'day', owner => 'pg_database_owner', look_back => '1 day',
	baseline_from => '2026-01-01', baseline_to => '2026-02-01')) > 0 AS registered;
CALL monitor.run();
SELECT feature, round(psi::numeric, 2) AS psi, n_current FROM unnest(monitor.explain_drift('far', '2026-02-01', '2026-02-06')) ORDER BY feature;
SELECT count(*) AS buckets, count(*) FILTER (WHERE cells::text::monitor.profile[]::text = cells::text AND profiles::text::monitor.profile[]::text = profiles::text) AS restored FROM monitor.bucket_features;
SELECT monitor.drop_model('far');

-- A model of which only costs are known is well, or late.
SELECT length(monitor.create_model('costs', source => 'measure_test.far', time_column => 'at', features => '{}', cost => 'z', granularity => 'day', owner => 'pg_database_owner', look_back => '1 day',
	baseline_from => '2026-01-01', baseline_to => '2026-02-01')) > 0 AS registered;
CALL monitor.run();
SELECT status, reason, rows_last_day FROM monitor.model_health;
SET monitor.mock_now = '2026-02-20 00:00+00';
CALL monitor.run();
SELECT status, reason, rows_last_day FROM monitor.model_health;
SELECT monitor.drop_model('costs');

-- What no count tells changes too: how values go together.
CREATE TABLE measure_test.joint AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '9 minutes 36 seconds' AS at, (i % 7 / 10.0)::double precision AS score, (i % 10)::double precision AS x, i % 11 AS gain,
	(i % 10 >= 5) <> (i % 4 = 0) AS y FROM generate_series(0, 40 * 150 - 1) AS i;
CREATE INDEX ON measure_test.joint (at);
GRANT SELECT, TRIGGER ON measure_test.joint TO pg_database_owner;
SET monitor.mock_now = '2026-02-10 00:00+00';
SELECT length(monitor.create_model('joint', source => 'measure_test.joint', time_column => 'at', score => 'score', label => 'y', features => '{x}', granularity => 'day', owner => 'pg_database_owner',
	metrics => '{"middle": {"aggregate": "percentile_disc(0.5) WITHIN GROUP (ORDER BY gain)"}}', baseline_from => '2026-01-01', baseline_to => '2026-01-31')) > 0 AS registered;
CALL monitor.run();
UPDATE measure_test.joint SET x = extract(epoch FROM at - '2026-02-05')::integer / 8640 WHERE at >= '2026-02-05' AND at < '2026-02-06';
CALL monitor.run();
SELECT time, round(value::numeric, 4) AS value, round(change::numeric, 4) AS change FROM monitor.feature_importance WHERE model = 'joint' AND feature = 'x' AND time BETWEEN '2026-02-04' AND '2026-02-06' ORDER BY 1;
-- and what a metric reads that is recomputed from the rows
UPDATE measure_test.joint SET gain = 50 WHERE at >= '2026-02-05' AND at < '2026-02-06';
CALL monitor.run();
SELECT time, value FROM monitor.model_cost WHERE model = 'joint' AND metric = 'business.middle' AND time BETWEEN '2026-02-04' AND '2026-02-06' ORDER BY 1;
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT monitor.drop_model('joint');

-- What was said of rows that went, or before late ones came, is not said any more.
CREATE TABLE measure_test.gone (at timestamptz NOT NULL, x double precision, y double precision, c text, p double precision);
CREATE INDEX ON measure_test.gone (at);
INSERT INTO measure_test.gone SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '10 minutes', i % 10, CASE WHEN i / 144 = 37 THEN 3 ELSE i % 7 END, CASE WHEN i / 144 = 37 THEN 'a' ELSE chr(97 + i % 3) END, i % 5
FROM generate_series(0, 40 * 144 - 1) AS i;
UPDATE measure_test.gone SET x = NULL WHERE at >= '2026-02-06' AND at < '2026-02-06 06:00+00';
GRANT SELECT ON measure_test.gone TO pg_database_owner;
SET monitor.mock_now = '2026-02-10 00:00+00';
SELECT length(monitor.create_model('gone', source => 'measure_test.gone', time_column => 'at', prediction => 'p', granularity => 'day', baseline_from => '2026-01-01', baseline_to => '2026-01-31')) > 0 AS registered;
CALL monitor.run();
CREATE VIEW measure_test.said AS SELECT window_start::date AS day, metric, string_agg(format('%s %s', feature, round(value::numeric, 2)), ', ' ORDER BY feature) AS said
FROM monitor.measurement WHERE window_start >= '2026-02-06' AND window_start < '2026-02-09' AND metric ~ '^(quality.(constant|vanished|missing)|drift.(ks|js)|importance)' GROUP BY 1, 2;
SELECT * FROM measure_test.said ORDER BY day, metric;
UPDATE measure_test.gone SET x = 1 WHERE x IS NULL;
UPDATE measure_test.gone SET y = 4, c = 'b' WHERE at = '2026-02-07 12:00+00';
DELETE FROM measure_test.gone WHERE at >= '2026-02-08' AND at < '2026-02-09';
CALL monitor.run();
SELECT * FROM measure_test.said ORDER BY day, metric;
SELECT monitor.drop_model('gone');

-- Costs and business metrics of rows that went are not said any more either; what a new baseline's first run measures again is said against it.
SET monitor.mock_now = '2026-02-10 06:00+00';
SELECT length(monitor.create_model('emptied', source => 'measure_test.gone', time_column => 'at', prediction => 'p', features => '{y}', segments => '["c"]', latency => 'p', cost => 'p',
	metrics => '{"sum": {"numerator": "p"}, "middle": {"aggregate": "percentile_disc(0.5) WITHIN GROUP (ORDER BY p)"}}', granularity => 'day', owner => 'pg_database_owner', baseline_from => '2026-01-01', baseline_to => '2026-01-31')) > 0 AS registered;
CALL monitor.run();
CREATE VIEW measure_test.left AS SELECT count(*) FILTER (WHERE metric LIKE 'resource.%') AS resource, count(*) FILTER (WHERE metric LIKE 'cost.%') AS cost, count(*) FILTER (WHERE metric LIKE 'business.%') AS business
FROM monitor.measurement WHERE window_end = '2026-02-06';
TABLE measure_test.left;
DELETE FROM measure_test.gone WHERE at >= '2026-02-05' AND at < '2026-02-06' AND c = 'a';
CALL monitor.run();
TABLE measure_test.left;
DELETE FROM measure_test.gone WHERE at >= '2026-02-05' AND at < '2026-02-06';
CALL monitor.run();
TABLE measure_test.left;
SELECT monitor.set_baseline('emptied', '2026-01-03', '2026-01-31') IS NOT NULL AS set;
CALL monitor.run();
SELECT count(*) AS measured, count(*) FILTER (WHERE x.baseline_id <> b.baseline_id) AS against_another, count(*) FILTER (WHERE x.metric = 'quality.volume') AS of_rows
FROM monitor.measurement AS x JOIN monitor.baseline AS b ON b.model_id = x.model_id AND b.superseded_at IS NULL WHERE x.window_end > '2026-02-10';
-- late is more than twice the longest gap and a bucket, which is of 24 hours
SELECT DISTINCT make_interval(secs => warning_at) AS late FROM monitor.data_quality WHERE metric = 'freshness';
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
-- a feature that is dropped is no problem any more
INSERT INTO measure_test.gone SELECT at + interval '2 days', x, NULL, c, p FROM measure_test.gone WHERE at >= '2026-02-09' AND at < '2026-02-10';
SET monitor.mock_now = '2026-02-12 06:00+00';
CALL monitor.run();
SELECT status, reason, worst_feature FROM monitor.model_health WHERE model = 'emptied';
SELECT monitor.alter_model('emptied', drop_features => '{y}') IS NOT NULL AS dropped;
SELECT status, reason, worst_feature FROM monitor.model_health WHERE model = 'emptied';
CALL monitor.run();
SELECT status, reason, worst_feature FROM monitor.model_health WHERE model = 'emptied';
SELECT monitor.drop_model('emptied');
RESET monitor.mock_now;
DROP SCHEMA measure_test CASCADE;
