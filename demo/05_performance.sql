-- Was the model still good?  What could be known before the outcomes arrived, and what they said.
\pset footer off
\pset null ''
SET search_path = demo, monitor, public;

CREATE TABLE demo.score_months AS
WITH edges AS (SELECT score_edges(profile_edges(score, 1000), '{0.5}') AS edges FROM predictions WHERE predicted_at < '2016-01-01 00:00+00')
SELECT date_trunc('month', predicted_at, 'UTC') AS month, score_profile(score, employed::integer, (SELECT edges FROM edges)) AS profile
FROM predictions JOIN outcomes USING (id) GROUP BY 1;

CREATE VIEW demo.performance AS
WITH calibration AS (SELECT monitor.rollup(profile) AS profile FROM demo.score_months WHERE month < '2016-01-01 00:00+00'),
     period AS (SELECT span, date_trunc(span, month, 'UTC') AS period, monitor.rollup(profile) AS profile
                FROM demo.score_months, (VALUES ('month'), ('quarter')) AS s(span) WHERE month >= '2016-01-01 00:00+00' GROUP BY 1, 2)
SELECT p.span, p.period, e.metric, e.estimate, e.low, e.high, r.realised, e.status
FROM calibration AS c, period AS p,
     LATERAL unnest(monitor.estimate_performance(c.profile, p.profile, 0.5)) AS e,
     LATERAL monitor.confusion_at(p.profile, 0.5) AS k,
     LATERAL (VALUES ('roc_auc', (monitor.roc_auc(p.profile)).value), ('accuracy_score', k.accuracy_score),
                     ('f1_score', k.f1_score), ('recall_score', k.recall_score), ('precision_score', k.precision_score)) AS r(metric, realised)
WHERE e.method = 'cbpe' AND r.metric = e.metric;

\echo '== Performance by quarter: estimated from the scores alone (95 % interval), and realised once outcomes were known =='
SELECT to_char(period, 'YYYY"Q"Q') AS quarter,
       max(format('%s [%s, %s]', round(estimate::numeric, 3), round(low::numeric, 3), round(high::numeric, 3))) FILTER (WHERE metric = 'roc_auc') AS "AUC estimated",
       max(round(realised::numeric, 3)) FILTER (WHERE metric = 'roc_auc') AS realised,
       max(format('%s [%s, %s]', round(estimate::numeric, 3), round(low::numeric, 3), round(high::numeric, 3))) FILTER (WHERE metric = 'accuracy_score') AS "accuracy estimated",
       max(round(realised::numeric, 3)) FILTER (WHERE metric = 'accuracy_score') AS realised
FROM performance WHERE span = 'quarter' GROUP BY period ORDER BY period;

\echo '== How often the interval held the realised value, by month =='
SELECT metric, count(*) AS months, count(*) FILTER (WHERE realised BETWEEN low AND high) AS covered, round(max(abs(estimate - realised))::numeric, 3) AS "largest error"
FROM performance WHERE span = 'month' GROUP BY metric ORDER BY metric;

\echo '== The first month with a significantly lower AUC than 2015 (DeLong; by 0.03 or more) =='
WITH auc AS (SELECT month, (roc_auc(profile)).* FROM score_months),
     base AS (SELECT (roc_auc(rollup(profile))).* FROM score_months WHERE month < '2016-01-01 00:00+00')
SELECT to_char(auc.month, 'YYYY-MM') AS month, round(auc.value::numeric, 4) AS auc, round(base.value::numeric, 4) AS "AUC of 2015",
       round(((base.value - auc.value) / sqrt(auc.standard_error ^ 2 + base.standard_error ^ 2))::numeric, 1) AS "standard errors below"
FROM auc, base
WHERE auc.month >= '2016-01-01 00:00+00' AND base.value - auc.value >= 0.03
  AND (base.value - auc.value) / sqrt(auc.standard_error ^ 2 + base.standard_error ^ 2) > 3.1
ORDER BY auc.month LIMIT 1;

\echo '== The rolling AUC of 5,000 outcomes: where it was lowest =='
WITH rolling AS (SELECT predicted_at, rolling_auc(score, employed = 1) OVER (ORDER BY predicted_at ROWS 4999 PRECEDING) AS auc, row_number() OVER (ORDER BY predicted_at) AS n
                 FROM predictions JOIN outcomes USING (id))
SELECT to_char(date_trunc('quarter', predicted_at, 'UTC'), 'YYYY"Q"Q') AS quarter, round(min(auc)::numeric, 4) AS lowest, round(max(auc)::numeric, 4) AS highest,
       to_char((array_agg(predicted_at ORDER BY auc))[1], 'YYYY-MM-DD') AS "lowest on"
FROM rolling WHERE n >= 5000 AND predicted_at >= '2017-04-01 00:00+00' AND predicted_at < '2018-07-01 00:00+00' GROUP BY 1 ORDER BY 1;

\echo '== Which detectors of concept drift fired when, fed with every wrong prediction in order =='
WITH stream AS (
    SELECT predicted_at, (prediction <> employed)::integer::double precision AS wrong
    FROM predictions JOIN outcomes USING (id) WHERE predicted_at >= '2016-01-01 00:00+00'
), signals AS (
    SELECT predicted_at, d.detector, (d.signal).drift FROM (
        SELECT predicted_at, adwin(wrong) OVER w AS adwin, cusum(wrong) OVER w AS cusum, ddm(wrong) OVER w AS ddm, eddm(wrong) OVER w AS eddm,
               hddm_a(wrong) OVER w AS hddm_a, hddm_w(wrong) OVER w AS hddm_w, kswin(wrong) OVER w AS kswin, page_hinkley(wrong) OVER w AS page_hinkley
        FROM stream WINDOW w AS (ORDER BY predicted_at)) AS s,
        LATERAL (VALUES ('adwin', s.adwin), ('cusum', s.cusum), ('ddm', s.ddm), ('eddm', s.eddm), ('hddm_a', s.hddm_a), ('hddm_w', s.hddm_w),
                        ('kswin', s.kswin), ('page_hinkley', s.page_hinkley)) AS d(detector, signal)
)
SELECT detector, count(*) FILTER (WHERE drift) AS drifts, to_char(min(predicted_at) FILTER (WHERE drift), 'YYYY-MM-DD') AS first,
       to_char(min(predicted_at) FILTER (WHERE drift AND predicted_at >= '2017-11-15 00:00+00'), 'YYYY-MM-DD') AS "first after mid-November 2017"
FROM signals GROUP BY detector ORDER BY detector;
