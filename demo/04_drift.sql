-- What an analyst reads.
\pset footer off
\pset null ''
SET search_path = demo, monitor, public;

\echo
\echo '== Every later year against 2015: significant is not important =='
\echo 'With 69,000 rows a year even tiny changes are significant. The effect size (PSI less what chance'
\echo 'gives) tells which ones matter: from 0.1 a warning, from 0.25 critical.'
SELECT to_char(period, 'YYYY') AS year, feature, n_current AS rows, round(psi::numeric, 4) AS psi,
       round(effect_size::numeric, 4) AS effect_size, CASE WHEN p_value = 0 THEN ' <1e-300' ELSE to_char(p_value, '9.9EEEE') END AS p_value, verdict
FROM drift WHERE span = 'year'
ORDER BY year, drift.effect_size DESC, feature;

\echo '== The same data by quarter: effect size; * warning, ** critical =='
CREATE TEMP VIEW cell AS
SELECT feature, to_char(period, 'YYYY"Q"Q') AS quarter, effect_size,
       CASE WHEN effect_size < 0.005 THEN '.' ELSE to_char(effect_size, 'FM990.00') END ||
       CASE verdict WHEN 'critical' THEN '**' WHEN 'warning' THEN '* ' WHEN 'insufficient_data' THEN '? ' ELSE '  ' END AS mark
FROM drift WHERE span = 'quarter';
SELECT format('SELECT feature, %s FROM cell GROUP BY feature ORDER BY max(effect_size) DESC',
              string_agg(format('max(mark) FILTER (WHERE quarter = %L) AS %I', quarter, quarter), ', ' ORDER BY quarter))
FROM (SELECT DISTINCT quarter FROM cell) AS q
\gexec

\echo '== Month by month: what drifted, since when, and how sure that is =='
WITH found AS (SELECT *, row_number() OVER (PARTITION BY feature ORDER BY effect_size DESC) AS place
               FROM drift WHERE span = 'month' AND verdict IN ('warning', 'critical'))
SELECT feature, to_char(min(period), 'YYYY-MM') AS since, count(*) AS months, to_char(max(period) FILTER (WHERE place = 1), 'YYYY-MM') AS worst,
       round(max(psi) FILTER (WHERE place = 1)::numeric, 3) AS psi, round(max(effect_size)::numeric, 3) AS effect_size,
       CASE WHEN max(p_value) FILTER (WHERE place = 1) = 0 THEN ' <1e-300' ELSE to_char(max(p_value) FILTER (WHERE place = 1), '9.9EEEE') END AS p_value,
       min(verdict) AS verdict
FROM found GROUP BY feature ORDER BY max(effect_size) DESC;

\echo '== How the distribution of age and of score moved (one block = 1/30 of the range) =='
SELECT feature, to_char(month, 'YYYY-MM') AS month, sparkline(profile, 30) AS distribution,
       round(mean(profile)::numeric, 2) AS mean, round(quantile(profile, 0.5)::numeric, 2) AS median
FROM profiles WHERE feature IN ('age', 'score') AND month BETWEEN '2017-10-01 00:00+00' AND '2018-03-01 00:00+00'
UNION ALL
SELECT feature, ' 2015', sparkline(profile, 30), round(mean(profile)::numeric, 2), round(quantile(profile, 0.5)::numeric, 2)
FROM reference WHERE feature IN ('age', 'score')
ORDER BY 1, 2;

\echo '== What changed most: the bins behind the worst month of the four largest drifts =='
SELECT d.feature, to_char(d.period, 'YYYY-MM') AS month, b.bin,
       round(100 * b.share_reference::numeric, 1) AS "2015 %", round(100 * b.share_current::numeric, 1) AS "month %",
       round(b.psi::numeric, 3) AS "adds to psi"
FROM (SELECT DISTINCT ON (feature) * FROM drift WHERE span = 'month' AND verdict = 'critical' ORDER BY feature, effect_size DESC) AS d
JOIN reference AS r USING (feature)
JOIN profiles AS p ON p.feature = d.feature AND p.month = d.period
CROSS JOIN LATERAL (
    SELECT coalesce(x.category, concat(to_char(nullif(x.lower, '-Infinity'), 'FM990.00'), ' .. ', to_char(nullif(x.upper, 'Infinity'), 'FM990.00'))) AS bin,
           x.share_reference, x.share_current, x.psi
    FROM unnest(drift_bins(r.profile, p.profile)) AS x
    ORDER BY x.psi DESC LIMIT 3) AS b
WHERE d.effect_size >= (SELECT min(effect_size) FROM (SELECT max(effect_size) AS effect_size FROM drift
                        WHERE span = 'month' AND verdict = 'critical' GROUP BY feature ORDER BY 1 DESC LIMIT 4) AS largest)
ORDER BY d.effect_size DESC, b.psi DESC;
\echo 'relationship 16 and 17 are people in nursing homes, prisons and student halls. In 2017 the files put'
\echo 'them last and in 2018 first: most months lack them, two consist of them. A broken delivery, found.'

\echo
\echo '== The score straight over the rows: exact tests, one scan, no ORDER BY =='
SELECT to_char(q.month, 'YYYY-MM') AS month, (t.ks).n_current AS rows, round((t.ks).statistic::numeric, 4) AS ks,
       CASE WHEN (t.ks).p_value = 0 THEN ' <1e-300' ELSE to_char((t.ks).p_value, '9.9EEEE') END AS p_value,
       round((t.mw).effect_size::numeric, 4) AS "P(later > 2015) - 1/2", round(t.w::numeric, 4) AS wasserstein, (t.ks).method
FROM (SELECT DISTINCT month FROM profiles WHERE month BETWEEN '2017-10-01 00:00+00' AND '2018-03-01 00:00+00') AS q
CROSS JOIN LATERAL (
    SELECT ks_stat(score, predicted_at >= q.month) AS ks, mann_whitney(score, predicted_at >= q.month) AS mw,
           wasserstein_distance(score, predicted_at >= q.month) AS w
    FROM predictions
    WHERE predicted_at < '2016-01-01 00:00+00' OR (predicted_at >= q.month AND predicted_at < q.month + interval '1 month')) AS t
ORDER BY 1;

\echo 'Tables and views to look at: demo.predictions, demo.profiles, demo.drift (all of the above is computed from them).'
