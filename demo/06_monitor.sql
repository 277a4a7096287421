-- The same four years once more, as a monitor would have lived through them: the model is
-- registered once, rows and outcomes arrive, checks run, and its health is told.
\pset footer off
\pset null ''
SET search_path = public;
SET client_min_messages = error;

SELECT monitor.drop_model(model) FROM monitor.model_health WHERE model = 'employment' \g /dev/null
SELECT monitor.drop_channel(channel) FROM monitor.channels WHERE channel IN ('oncall', 'risk team') \g /dev/null
DROP TABLE IF EXISTS demo.serving, demo.outcome_feed;
CREATE TABLE demo.serving (LIKE demo.predictions INCLUDING ALL);
CREATE TABLE demo.outcome_feed (id integer PRIMARY KEY, employed integer NOT NULL);
INSERT INTO demo.serving SELECT * FROM demo.predictions WHERE predicted_at < '2016-01-01 00:00+00';
INSERT INTO demo.outcome_feed SELECT o.id, o.employed FROM demo.outcomes AS o JOIN demo.serving USING (id);
VACUUM ANALYZE demo.serving, demo.outcome_feed;

\echo
\echo '== One call registers the model: the rest is read off the table, and told back =='
\pset tuples_only on
SET monitor.mock_now = '2016-01-01 00:00+00';
SELECT monitor.create_model('employment', source => 'demo.serving', time_column => 'predicted_at', score => 'score', prediction => 'prediction',
    label_source => 'demo.outcome_feed', label => 'employed', label_key => 'id', label_delay => '62 days', positive_class => '1',
    segments => '["sex"]', baseline_from => '2015-01-01 00:00+00', baseline_to => '2016-01-01 00:00+00');
\pset tuples_only off

-- One month: its rows arrive, and the outcomes of the month before; then the check runs.
CREATE OR REPLACE PROCEDURE demo.live_through(from_month timestamptz, to_month timestamptz) LANGUAGE plpgsql AS $$
DECLARE
    month timestamptz := from_month;
BEGIN
    WHILE month < to_month LOOP
        PERFORM set_config('monitor.mock_now', (month + interval '1 month')::text, false);
        INSERT INTO demo.serving SELECT * FROM demo.predictions WHERE predicted_at >= month AND predicted_at < month + interval '1 month';
        INSERT INTO demo.outcome_feed SELECT o.id, o.employed FROM demo.outcomes AS o JOIN demo.predictions AS p USING (id)
        WHERE p.predicted_at >= month - interval '1 month' AND p.predicted_at < month AND p.predicted_at >= '2016-01-01 00:00+00';
        COMMIT;
        CALL monitor.run_model('employment');
        month := month + interval '1 month';
    END LOOP;
END;
$$;

\echo '== Its health as time passes =='
CREATE TEMP TABLE seen (n integer GENERATED ALWAYS AS IDENTITY, health text[]);
\o /dev/null
CALL demo.live_through('2016-01-01 00:00+00', '2016-02-01 00:00+00');
INSERT INTO seen (health) SELECT ARRAY['2016-01', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
CALL demo.live_through('2016-02-01 00:00+00', '2016-12-01 00:00+00');
INSERT INTO seen (health) SELECT ARRAY['2016-11', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
CALL demo.live_through('2016-12-01 00:00+00', '2017-03-01 00:00+00');
INSERT INTO seen (health) SELECT ARRAY['2017-02', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
CALL demo.live_through('2017-03-01 00:00+00', '2017-12-01 00:00+00');
INSERT INTO seen (health) SELECT ARRAY['2017-11', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
-- from now on somebody is told: a mail server and a webhook that this demo started
SELECT monitor.create_channel('oncall', 'webhook', format('{"url": "http://127.0.0.1:%s/oncall", "secret": "env:DEMO_SECRET"}', :'http')::jsonb) WHERE :'http' <> '';
SELECT monitor.create_channel('risk team', 'email', format('{"url": "smtp://127.0.0.1:%s", "starttls": "none", "from": "monitor@example.org", "to": "risk@example.org", "dashboard_url": "https://grafana.example.org/d/monitor?var-model={model}"}', :'smtp')::jsonb) WHERE :'http' <> '';
SELECT monitor.create_route(channel, model => 'employment', group_by => '{model,alertname}', group_interval => '0') FROM monitor.channels;
\! ./deliver.sh '2017-12-01 00:00+00'
CALL demo.live_through('2017-12-01 00:00+00', '2018-01-01 00:00+00');
\! ./deliver.sh '2018-01-01 00:00+00'
SELECT monitor.acknowledge(alert, 'the delivery of December is broken: the supplier knows') FROM monitor.alerts WHERE model = 'employment' AND state = 'firing';
INSERT INTO seen (health) SELECT ARRAY['2017-12', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
CALL demo.live_through('2018-01-01 00:00+00', '2018-02-01 00:00+00');
\! ./deliver.sh '2018-02-01 00:00+00'
INSERT INTO seen (health) SELECT ARRAY['2018-01', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
CALL demo.live_through('2018-02-01 00:00+00', '2018-03-01 00:00+00');
\! ./deliver.sh '2018-03-01 00:00+00'
CALL demo.live_through('2018-03-01 00:00+00', '2018-04-01 00:00+00');
\! ./deliver.sh '2018-04-01 00:00+00'
CALL demo.live_through('2018-04-01 00:00+00', '2019-01-01 00:00+00');
INSERT INTO seen (health) SELECT ARRAY['2018-12', status, left(reason, 60), worst_feature, worst_effect::text, performance_is, performance::text, performance_trend, rows_last_day::text, label_coverage::text, open_problems::text] FROM monitor.model_health WHERE model = 'employment';
\o
SELECT health[1] AS "end of", health[2] AS status, health[3] AS reason, health[4] AS "worst feature", health[5] AS effect, health[6] AS "performance is", health[7] AS auc,
    health[8] AS trend, health[9] AS "rows a day", health[10] AS labels, health[11] AS problems
FROM seen ORDER BY n;

\echo '== Every episode of drift: when it opened and closed (days; the rows of 2017-12 and 2018-01 are the broken delivery) =='
SELECT feature, to_char(opened_at, 'YYYY-MM-DD') AS opened, to_char(closed_at, 'YYYY-MM-DD') AS closed, worst, closed_because AS because
FROM monitor.episode JOIN monitor.model USING (model_id)
WHERE name = 'employment' AND metric = 'drift.psi' AND segment = '' ORDER BY opened_at, feature;

\echo '== When performance was significantly below the baseline, once outcomes were known =='
SELECT to_char(min(window_start), 'YYYY-MM-DD') AS "from", to_char(max(window_end), 'YYYY-MM-DD') AS "to", verdict, count(*) AS windows,
    round(min(value)::numeric, 3) AS "lowest auc", round(max(loss)::numeric, 3) AS "largest loss", round(max(log_e_value)::numeric) AS "log evidence"
FROM monitor.model_performance WHERE model = 'employment' AND segment IS NULL AND kind = 'realised' AND metric = 'roc_auc' AND verdict IN ('warning', 'critical')
GROUP BY verdict ORDER BY 1;

\echo '== What carries the change of December 2017 =='
SELECT feature, coalesce(segment, '(all)') AS segment, round(effect_size::numeric, 3) AS effect, before, after, largest_change
FROM unnest(monitor.explain_drift('employment', '2017-12-08', '2018-01-01')) WHERE segment IS NULL OR feature = 'relationship' ORDER BY segment IS NOT NULL, effect_size DESC LIMIT 8;

\echo '== The alerts of the rules that every model has; nobody had to write one =='
SELECT rule, severity, to_char(opened_at, 'YYYY-MM-DD') AS opened, to_char(closed_at, 'YYYY-MM-DD') AS closed, left(concerns, 50) AS concerns, acked_by, left(ack_comment, 30) AS comment, told_through
FROM monitor.alerts WHERE model = 'employment' ORDER BY opened_at, rule;

\echo '== What it cost =='
SELECT count(*) AS runs, sum(rows_read) AS "rows read", sum(measurements) AS measurements, round(avg(milliseconds)) AS "ms a run", count(*) FILTER (WHERE status <> 'ok') AS failed
FROM monitor.run_history WHERE model = 'employment';
\echo 'Look at monitor.model_health, feature_drift, model_performance, data_quality, feature_distribution, alerts, deliveries, audit_trail.'
