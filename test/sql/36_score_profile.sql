-- Score profiles: what they say against what the rows say, their algebra, their forms.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET max_parallel_workers_per_gather = 0;
SET extra_float_digits = 0;

\echo making them
SELECT score_profile(s, y, '{0.5}'::float8[]) FROM (VALUES (0.25::float8, false), (0.5, true), (0.75, true), (1, NULL), (NULL, true), ('NaN', NULL)) AS t(s, y);
SELECT score_profile(s, y, '{0.5}'::float8[])::text = score_profile(s, y::int, '{0.5}'::float8[])::text AS integers,
       score_profile(s, y, '{0.5}'::float8[])::text = score_profile(s, CASE WHEN y THEN 'good' WHEN NOT y THEN 'bad' END, 'good', '{0.5}'::float8[])::text AS texts
FROM (VALUES (0.25::float8, false), (0.5, true), (0.75, true), (1, NULL), (NULL, true)) AS t(s, y);
SELECT cardinality(score_edges('{0.123,0.5}'::float8[])) AS fixed, score_edges('{-1,0.25,NULL,NaN}', '{0.5,0.625}') AS joined;

\echo what is refused
SELECT score_profile(0.5, true, '{2,1}'::float8[]);
SELECT score_profile(0.5, true, NULL::float8[]);
SELECT score_profile(0.5, 2, '{0.5}'::float8[]);
SELECT score_profile(0.5, 'a', NULL, '{0.5}'::float8[]);
SELECT score_profile(0.5, true, ARRAY[x]) FROM (VALUES (0.25::float8), (0.5)) t(x);
SELECT confusion_at(score_profile(0.5, true, '{0.5}'::float8[]), 0.25);
SELECT confusion_at(detach(score_profile(0.5, true, '{0.5}'::float8[])), 0.5);
SELECT calibration_error(score_profile(0.5, true, '{0.25}'::float8[]));
SELECT merge(score_profile(0.5, true, '{0.5}'::float8[]), score_profile(0.5, true, '{0.25}'::float8[]));
SELECT subtract(score_profile(0.5, true, '{0.5}'::float8[]), score_profile(0.5, false, '{0.5}'::float8[]));
SELECT _score_profile_combine(score_profile(0.5, true, '{0.5}'::float8[]), NULL);
SELECT '{}'::score_profile;
SELECT replace(score_profile(0.5, true, '{0.5}'::float8[])::text, '"rows":1', '"rows":2')::score_profile;

\echo one class, no rows, no labels, no probabilities: NULL
SELECT roc_auc(p), gini(p), ks_score(p), gains_curve(p), brier_score(p), log_loss(p), calibration_error(p), calibration_curve(p) AS calibration, num_rows(p), num_positive(p), num_negative(p), num_unlabelled(p), num_missing(p)
FROM (SELECT score_profile(s, y, score_edges('{}')) AS p FROM (VALUES (true), (false)) c(y), (VALUES (0.5::float8), (NULL)) t(s) GROUP BY y) q ORDER BY num_positive(p);
SELECT roc_auc(p), brier_score(p), log_loss(p), num_rows(p), num_unlabelled(p) FROM (SELECT score_profile(0.5, NULL::boolean, '{0.5}'::float8[]) AS p) q;
SELECT brier_score(p), log_loss(p), calibration_error(p), (roc_auc(p)).value FROM (SELECT score_profile(s, s > 0, score_edges('{}')) AS p FROM (VALUES (-1::float8), ('Infinity'), (0.3)) t(s)) q;

CREATE TABLE public.scored AS
SELECT i, i % 24 AS hour, round(1 / (1 + exp(-z)), CASE i % 3 WHEN 0 THEN 2 ELSE 12 END)::float8 AS s, CASE WHEN i % 10 = 0 THEN NULL ELSE u < 1 / (1 + exp(-z)) END AS y
FROM (SELECT i, (hashint4extended(i, 1) % 100000)::numeric / 30000 AS z, abs(hashint4extended(i, 2) % 1000003)::numeric / 1000003 AS u FROM generate_series(1, 12000) i) t;
CREATE TABLE public.hourly AS
SELECT hour, score_profile(s, y, (SELECT score_edges(profile_edges(s, 300), '{0.35}') FROM scored)) AS p FROM scored GROUP BY hour;

\echo against the rows
WITH p AS (SELECT rollup(p) AS p FROM hourly), labelled AS (SELECT s, y FROM scored WHERE y IS NOT NULL),
rows AS (SELECT avg((s - y::int) ^ 2) AS brier, avg(-ln(CASE WHEN y THEN s ELSE 1 - s END)) AS loss, count(*) FILTER (WHERE y) AS np, count(*) FILTER (WHERE NOT y) AS nn FROM labelled),
ranked AS (SELECT y, rank() OVER (ORDER BY s) + (count(*) OVER (PARTITION BY s) - 1) / 2.0 AS r FROM labelled),
auc AS (SELECT (sum(r) FILTER (WHERE y) - max(np) * (max(np) + 1) / 2.0) / (max(np) * max(nn)) AS auc FROM ranked, rows)
SELECT abs(brier_score(p) - brier) < 1e-14 AS brier, abs(log_loss(p) - loss) < 1e-14 AS loss, (roc_auc(p)).value_low <= auc AND auc <= (roc_auc(p)).value_high AS within,
       abs((roc_auc(p)).value - auc) < 1e-5 AS close, (roc_auc(p)).value_high - (roc_auc(p)).value_low < 0.005 AS sharp, round((roc_auc(p)).standard_error::numeric, 6) AS se,
       (roc_auc(p)).confidence_low < auc AND auc < (roc_auc(p)).confidence_high AS covered, (gini(p)).value = 2 * (roc_auc(p)).value - 1 AS gini, num_positive(p) = np AND num_negative(p) = nn AS counts
FROM p, rows, auc;
SELECT c.true_positive = tp AND c.false_positive = fp AND c.false_negative = fn AND c.true_negative = tn AND c.unlabelled_positive = up AND c.unlabelled_negative = un AS counts,
       round(c.accuracy_score::numeric, 6) AS accuracy, round(c.precision_score::numeric, 6) AS precision, round(c.recall_score::numeric, 6) AS recall, round(c.specificity::numeric, 6) AS specificity, round(c.f1_score::numeric, 6) AS f1
FROM (SELECT rollup(p) AS p FROM hourly) q, confusion_at(p, 0.35) AS c,
     (SELECT count(*) FILTER (WHERE y AND s >= 0.35) AS tp, count(*) FILTER (WHERE NOT y AND s >= 0.35) AS fp, count(*) FILTER (WHERE y AND s < 0.35) AS fn, count(*) FILTER (WHERE NOT y AND s < 0.35) AS tn,
             count(*) FILTER (WHERE y IS NULL AND s >= 0.35) AS up, count(*) FILTER (WHERE y IS NULL AND s < 0.35) AS un FROM scored) r;
WITH p AS (SELECT rollup(p) AS p FROM hourly),
bins AS (SELECT greatest(ceil(s * 10), 1) AS bin, sum(s) AS s, count(*) FILTER (WHERE y) AS np, count(*) AS n FROM scored WHERE y IS NOT NULL GROUP BY 1),
curve AS (SELECT c.* FROM p, unnest(calibration_curve(p)) AS c)
SELECT count(*) AS bins, bool_and(n_positive = np AND n_positive + n_negative = n) AS counts, bool_and(mean_score_low <= s / n + 1e-12 AND s / n <= mean_score_high + 1e-12) AS means,
       (SELECT (e).statistic_low <= r AND r <= (e).statistic_high AND (e).effect_size < (e).statistic FROM p, calibration_error(p) AS e, (SELECT sum(abs(s - np)) / sum(n) AS r FROM bins) x) AS error,
       (SELECT (e).p_value > 0.001 FROM p, calibration_error(p) AS e) AS calibrated
FROM curve JOIN bins USING (bin);
SELECT abs((k).value - r) < 0.005 AND (k).value_low <= r AND r <= (k).value_high AS ks
FROM (SELECT ks_score(rollup(p)) AS k FROM hourly) q, (SELECT (ks_stat(s, y)).statistic AS r FROM scored WHERE y IS NOT NULL) t;
SELECT count(*) AS points, bool_and(g.n = (SELECT count(*) FROM scored WHERE y IS NOT NULL AND s >= g.threshold)) AS counts, max(gain) AS last_gain, min(lift) AS last_lift
FROM (SELECT g.* FROM (SELECT rollup(p) AS p FROM hourly) q, unnest(gains_curve(p)) AS g ORDER BY n DESC LIMIT 40) g;
SELECT * FROM unnest((SELECT gains_curve(score_profile(s, s > 0.3, '{0.25,0.5}'::float8[])) FROM (VALUES (0.1::float8), (0.3), (0.5), (0.7)) t(s)));

\echo algebra: split and merged is the whole, subtracted is the rest, detached is the same; serial, hashed, window and parallel agree
SELECT (SELECT rollup(p) FROM hourly)::text = (SELECT score_profile(s, y, (SELECT score_edges(profile_edges(s, 300), '{0.35}') FROM scored)) FROM scored)::text AS rolled_up;
SELECT bool_and((a.p + b.p)::text = (b.p + a.p)::text) AS commutes, bool_and(roc_auc((a.p + b.p) - b.p) = roc_auc(a.p) AND brier_score((a.p + b.p) - b.p) = brier_score(a.p)) AS subtracts,
       bool_and(attach(detach(a.p) + b.p, a.p)::text = (a.p + b.p)::text) AS detached, bool_and(roc_auc(detach(a.p)) = roc_auc(a.p)) AS reads,
       bool_and(a.p::text::score_profile::text = a.p::text AND detach(a.p)::text::score_profile::text = detach(a.p)::text) AS text_form, count(*)
FROM hourly a, hourly b WHERE a.hour < b.hour AND b.hour < 8;
SELECT bool_and(w.p::text = h.p::text) AS window_form FROM (SELECT DISTINCT ON (hour) hour, score_profile(s, y, (SELECT score_edges(profile_edges(s, 300), '{0.35}') FROM scored)) OVER (PARTITION BY hour) AS p FROM scored WHERE hour < 3) w JOIN hourly h USING (hour);
SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
ALTER TABLE scored SET (parallel_workers = 2);
CREATE TABLE public.edges AS SELECT score_edges(profile_edges(s, 300), '{0.35}') AS edges FROM scored;
CREATE TABLE public.whole AS SELECT score_profile(s, y, '{0.1,0.35,0.5,0.9}'::float8[]) AS p FROM scored;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT p FROM whole)::text = score_profile(s, y, '{0.1,0.35,0.5,0.9}'::float8[])::text AS parallel FROM scored;
SELECT num_rows(score_distribution(p)), (ks_stat(score_distribution(p), q)).statistic AS same FROM (SELECT p, (SELECT profile(s, '{0.1,0.35,0.5,0.9}'::float8[]) FROM scored) AS q FROM whole) t;

\echo stored, binary, small: bytes of detached profiles of 1,000 and 50 rows
CREATE TABLE public.stored (p score_profile);
INSERT INTO stored SELECT detach(p) FROM hourly;
COPY stored TO '/dev/null' (FORMAT binary);
SELECT count(DISTINCT p::text), sum(num_rows(p)) FROM stored;
SELECT pg_column_size(detach(score_profile(s, y, (SELECT score_edges(profile_edges(s, 1000), '{}') FROM scored)))) < 1600 AS thousand FROM scored WHERE i <= 1000;
SELECT pg_column_size(detach(score_profile(s, y, (SELECT score_edges(profile_edges(s, 1000), '{}') FROM scored)))) < 450 AS fifty FROM scored WHERE i <= 50;

DROP TABLE scored, hourly, edges, whole, stored;

\echo confusion profiles: against the rows and by hand, algebra, NULL
CREATE TABLE public.classified AS
SELECT i, i % 7 AS part, 'c' || (i * i) % 5 AS truth, CASE WHEN hashint4extended(i, 3) % 4 = 0 THEN 'c' || abs(hashint4extended(i, 4)) % 6 ELSE 'c' || (i * i) % 5 END AS prediction FROM generate_series(1, 2000) i;
SELECT confusion_profile(p, t, '{a,b}'::text[]) FROM (VALUES ('a', 'a'), ('a', 'b'), ('b', NULL), (NULL, 'a'), ('z', 'b')) AS v(p, t);
SELECT num_rows(p), num_unlabelled(p), num_missing(p), accuracy_score(p), confusion_matrix(p) FROM (SELECT confusion_profile(p, t, '{1,2}'::text[]) AS p FROM (VALUES (1, 1), (2, 1), (2, NULL), (NULL, 1)) AS v(p, t)) q;
SELECT accuracy_score(p) = r.accuracy AS accuracy, round(balanced_accuracy_score(p)::numeric, 6) AS balanced, round(precision_score(p, 'macro')::numeric, 6) AS precision, round(recall_score(p, 'macro')::numeric, 6) AS recall, round(f1_score(p, 'weighted')::numeric, 6) AS f1,
       round(f1_score(p, 'micro')::numeric, 6) AS micro, round(matthews_corrcoef(p)::numeric, 6) AS matthews, round(cohen_kappa_score(p)::numeric, 6) AS kappa, (SELECT sum(n) FROM unnest(confusion_matrix(p))) AS n
FROM (SELECT confusion_profile(prediction, truth, '{c0,c1,c2,c3,c4,c5}'::text[]) AS p FROM classified) q, (SELECT avg((prediction = truth)::int)::float8 AS accuracy FROM classified) r;
WITH parts AS (SELECT part, confusion_profile(prediction, CASE WHEN i % 3 > 0 THEN truth END, '{c0,c1,c2,c3,c4}'::text[]) AS p FROM classified GROUP BY part)
SELECT (SELECT rollup(p) FROM parts)::text = (SELECT confusion_profile(prediction, CASE WHEN i % 3 > 0 THEN truth END, '{c0,c1,c2,c3,c4}'::text[]) FROM classified)::text AS rolled_up,
       bool_and(((a.p + b.p) - b.p)::text = a.p::text AND attach(detach(a.p), b.p)::text = a.p::text AND a.p::text::confusion_profile::text = a.p::text) AS algebra FROM parts a, parts b;
SELECT confusion_profile('a'::text, 'a'::text, '{a,NULL}'::text[]);
SELECT confusion_profile('a'::text, 'a'::text, '{a,a}'::text[]);
SELECT f1_score(confusion_profile('a'::text, 'a'::text, '{a}'::text[]), 'binary');
SELECT accuracy_score(p), f1_score(p, 'macro'), cohen_kappa_score(p) FROM (SELECT confusion_profile('a'::text, NULL::text, '{a}'::text[]) AS p) q;
\echo balanced accuracy of one true class is not defined, over rows and of a profile
SELECT classes, balanced_accuracy_score(p, t) AS rows, balanced_accuracy_score(confusion_profile(p, t, classes)) AS profile
FROM (VALUES ('a', 'a'), ('b', 'a')) AS v(p, t), (VALUES ('{a,b}'::text[]), ('{b}')) AS c(classes) GROUP BY classes ORDER BY classes;
SELECT balanced_accuracy_score(p, t) AS rows, balanced_accuracy_score(confusion_profile(p, t, '{a,b}'::text[])) AS profile FROM (VALUES ('a', 'a'), ('b', 'a'), ('a', 'b')) AS v(p, t);

\echo error profiles: against the rows, algebra, NULL
CREATE TABLE public.predicted AS
SELECT i, i % 7 AS part, x AS prediction, CASE WHEN i % 4 > 0 THEN x + (hashint4extended(i, 6) % 1000) / 2000.0::float8 END AS truth FROM (SELECT i, (hashint4extended(i, 5) % 100000) / 20000.0::float8 AS x FROM generate_series(1, 4000) i) t;
SELECT error_profile(p, t, '{0,1}'::float8[]) FROM (VALUES (0.5::float8, 1::float8), (1, 0.5), (0, NULL), (NULL, 1), ('NaN', 1)) AS v(p, t);
SELECT abs(mean_absolute_error(p) - mae) < 1e-12 AS mae, abs(mean_squared_error(p) - mse) < 1e-12 AS mse, root_mean_squared_error(p) = sqrt(mean_squared_error(p)) AS rmse, abs(r2_score(p) - r2) < 1e-12 AS r2,
       num_rows(p), num_labelled(p), num_unlabelled(p), num_missing(p), num_rows(prediction_distribution(p)) AS predictions
FROM (SELECT error_profile(prediction, truth, (SELECT profile_edges(prediction, 100) FROM predicted)) AS p FROM predicted) q,
     (SELECT avg(abs(prediction - truth)) AS mae, avg((prediction - truth) ^ 2) AS mse, 1 - sum((prediction - truth) ^ 2) / (var_pop(truth) * count(truth)) AS r2 FROM predicted WHERE truth IS NOT NULL) r;
WITH parts AS (SELECT part, error_profile(prediction, truth, (SELECT profile_edges(prediction, 100) FROM predicted)) AS p FROM predicted GROUP BY part)
SELECT (SELECT rollup(p) FROM parts)::text = (SELECT error_profile(prediction, truth, (SELECT profile_edges(prediction, 100) FROM predicted)) FROM predicted)::text AS rolled_up,
       bool_and(mean_squared_error((a.p + b.p) - b.p) = mean_squared_error(a.p) AND attach(detach(a.p), b.p)::text = a.p::text AND a.p::text::error_profile::text = a.p::text) AS algebra FROM parts a, parts b;
SELECT mean_absolute_error(p), r2_score(p), num_rows(p) FROM (SELECT error_profile(x, 'Infinity', '{0,1}'::float8[]) AS p FROM generate_series(1, 3) x) q;
SELECT mean_absolute_error(p), r2_score(p), num_rows(p) FROM (SELECT error_profile(x, 1, '{0,1}'::float8[]) AS p FROM generate_series(1, 3) x) q;
DROP TABLE classified, predicted;
