-- Monitor's estimates on the demo's data beside NannyML's, and what the labels said.
-- Run in a database that holds the demo (make demo); prints one line a metric.
\set ON_ERROR_STOP on
SET extra_float_digits = 0;
-- a parallel worker cannot read a long array of a temporary table
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE nannyml (month text, n bigint, metric text, estimate double precision, sampling_error double precision, realised double precision);
\copy nannyml FROM 'nannyml.csv' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE edges AS
SELECT monitor.score_edges(monitor.profile_edges(score, 1000), '{0.5}') AS edges FROM demo.predictions WHERE predicted_at < '2016-01-01 00:00+00';
CREATE TEMP TABLE months AS
SELECT to_char(predicted_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, monitor.score_profile(score, employed::integer, (SELECT edges FROM edges)) AS profile
FROM demo.predictions JOIN demo.outcomes USING (id) GROUP BY 1;
CREATE TEMP TABLE compared AS
WITH calibration AS (SELECT monitor.rollup(profile) AS profile FROM months WHERE month < '2016'),
estimated AS (
    SELECT m.month, e.*, m.profile
    FROM calibration AS c, months AS m, unnest(monitor.estimate_performance(c.profile, m.profile, 0.5)) AS e
    WHERE m.month >= '2016' AND e.method = 'cbpe'
), realised AS (
    SELECT e.month, e.metric, e.estimate, e.low, e.high, e.standard_error, e.status, r.value
    FROM estimated AS e, monitor.confusion_at(e.profile, 0.5) AS c,
         LATERAL (VALUES ('roc_auc', (monitor.roc_auc(e.profile)).value), ('accuracy_score', c.accuracy_score), ('precision_score', c.precision_score),
                         ('recall_score', c.recall_score), ('specificity', c.specificity), ('f1_score', c.f1_score), ('log_loss', monitor.log_loss(e.profile))) AS r(metric, value)
    WHERE r.metric = e.metric
)
SELECT r.month, r.metric, r.estimate, r.low, r.high, r.standard_error, r.status, r.value AS realised, n.estimate AS nannyml, n.sampling_error, n.realised AS sklearn
FROM realised AS r LEFT JOIN nannyml AS n ON n.month = r.month AND n.metric = replace(r.metric, '_score', '');

SELECT metric, count(*) AS months, round(max(abs(realised - sklearn))::numeric, 6) AS realised_differs, round(avg(estimate - realised)::numeric, 4) AS bias, round(avg(abs(estimate - realised))::numeric, 4) AS error,
       round(avg(abs(nannyml - realised))::numeric, 4) AS nannyml_error, round(max(abs(estimate - nannyml))::numeric, 4) AS apart, avg((realised BETWEEN low AND high)::integer)::numeric(4, 3) AS covered,
       avg((abs(realised - nannyml) <= 1.96 * sampling_error)::integer)::numeric(4, 3) AS nannyml_covered, round(avg(standard_error)::numeric, 4) AS standard_error, round(avg(sampling_error)::numeric, 4) AS nannyml_sampling_error,
       count(*) FILTER (WHERE status = 'disagree') AS disagree
FROM compared GROUP BY metric ORDER BY metric;

-- Whole years, whose errors tell whether the relation has changed; and twelfths of a year drawn at random, whose rows are
-- independent, where those of a month (neighbours in the survey's file) are not.
CREATE TEMP TABLE groups AS
WITH numbered AS (SELECT extract(year FROM predicted_at AT TIME ZONE 'UTC')::integer AS year, 1 + abs(hashint8extended(id, 7)) % 12 AS twelfth, score, employed FROM demo.predictions JOIN demo.outcomes USING (id))
SELECT year, twelfth, monitor.score_profile(score, employed::integer, (SELECT edges FROM edges)) AS profile FROM numbered GROUP BY GROUPING SETS ((year, twelfth), (year));
CREATE TEMP TABLE compared_groups AS
SELECT g.year, g.twelfth, e.*, r.value AS realised
FROM groups AS g, groups AS c, unnest(monitor.estimate_performance(c.profile, g.profile, 0.5)) AS e, monitor.confusion_at(g.profile, 0.5) AS a,
     LATERAL (VALUES ('roc_auc', (monitor.roc_auc(g.profile)).value), ('accuracy_score', a.accuracy_score), ('precision_score', a.precision_score),
                     ('recall_score', a.recall_score), ('specificity', a.specificity), ('f1_score', a.f1_score)) AS r(metric, value)
WHERE g.year > 2015 AND c.year = 2015 AND c.twelfth IS NULL AND e.method = 'cbpe' AND r.metric = e.metric;
SELECT year, metric, round(estimate::numeric, 4) AS estimate, round(realised::numeric, 4) AS realised, round(standard_error::numeric, 4) AS standard_error, round(((realised - estimate) / standard_error)::numeric, 1) AS z
FROM compared_groups WHERE twelfth IS NULL ORDER BY metric, year;
SELECT metric, count(*) AS twelfths, avg((realised BETWEEN low AND high)::integer)::numeric(4, 3) AS covered FROM compared_groups WHERE twelfth IS NOT NULL GROUP BY metric ORDER BY metric;
