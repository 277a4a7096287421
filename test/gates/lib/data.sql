-- A user's data: rows in every dumped table of the extension, and tables of the
-- user's own that hold values of its types.
CREATE SCHEMA gate_data;
CREATE TABLE gate_data.profile AS
SELECT monitor.profile(i::float8, ARRAY[10, 20, 50]::float8[]) AS numeric_profile,
    monitor.detach(monitor.profile(i::float8, ARRAY[10, 20, 50]::float8[])) AS detached_profile,
    monitor.profile((i % 7)::text, ARRAY['0', '1', 'it''s', NULL]) AS categorical_profile
FROM generate_series(1, 100) i;
CREATE TABLE gate_data.result AS
SELECT monitor.ks_stat(i::float8, i % 3 = 0) AS result, monitor.drift_bins(i::float8, i % 3 = 0) AS bins
FROM generate_series(1, 100) i;
CREATE TABLE gate_data.outcomes AS
SELECT monitor.score_profile(i / 100.0, i % 3 = 0, ARRAY[0.1, 0.5, 0.9]) AS scores, monitor.confusion_profile((i % 3)::text, (i % 4)::text, ARRAY['0', '1', 'it''s']) AS classes,
    monitor.error_profile(i, i * 1.1, ARRAY[10, 50]) AS errors
FROM generate_series(1, 100) i;
-- detectors in the middle of their streams, some after a drift
CREATE TABLE gate_data.detector AS
SELECT kind, n, (SELECT monitor.detector_update_all(monitor.detector(kind), ARRAY(SELECT (i * 7919 % 1000 < 100 + 400 * (i > 900)::integer)::integer::float8 FROM generate_series(1, n) i))) AS detector
FROM unnest(ARRAY['adwin', 'cusum', 'ddm', 'eddm', 'hddm_a', 'hddm_w', 'kswin', 'page_hinkley']) kind, unnest(ARRAY[0, 10, 777, 1234]) n;
-- A model with everything that it can have, measured, with something left to do.
SET client_min_messages = error;
CREATE TABLE gate_data.predictions (id integer PRIMARY KEY, at timestamptz, score double precision, x double precision, region text, y boolean) PARTITION BY RANGE (id);
CREATE TABLE gate_data.predictions_1 PARTITION OF gate_data.predictions FOR VALUES FROM (0) TO (100000);
CREATE TABLE gate_data.labels (id integer PRIMARY KEY, y boolean);
INSERT INTO gate_data.predictions SELECT i, '2026-01-01 00:00+00'::timestamptz + i * interval '10 minutes', i * 7919 % 1000 / 1000.0, CASE WHEN i > 6000 THEN 500 ELSE i % 97 END, 'r' || i % 2
FROM generate_series(0, 7999) i;
INSERT INTO gate_data.labels SELECT i, i * 7919 % 1000 > 500 FROM generate_series(0, 7999) i;
SET monitor.mock_now = '2026-02-20 00:00+00';
SELECT monitor.create_model('gate', source => 'gate_data.predictions', time_column => 'at', score => 'score', label_source => 'gate_data.labels', label => 'y', label_key => 'id', features => '{x}',
    segments => '["region"]', metrics => '{"total": {"numerator": "x"}}', granularity => 'day', baseline_from => '2026-01-01', baseline_to => '2026-02-01');
CALL monitor.run();
SELECT monitor.grant_access('pg_monitor', 'viewer', 'gate');
INSERT INTO gate_data.predictions VALUES (90000, '2026-02-10 00:00+00', 0.5, 1, 'r0');
UPDATE gate_data.labels SET y = false WHERE id = 5500;
RESET monitor.mock_now;
-- alerting: an alert that was told of, one that waits, and what keeps others back
SELECT monitor.create_channel('gate mail', 'email', '{"url": "smtp://mail.example.org", "from": "a@example.org", "to": "b@example.org"}');
SELECT monitor.create_channel('gate hook', 'webhook', '{"url": "https://example.org/", "secret": "env:HOOK"}', fallback => 'gate mail');
SELECT monitor.create_mute_timing('gate nights', '[{"times": ["22:00-06:00"]}]', 'Europe/Berlin');
SELECT monitor.create_inhibition('gate', '{"alertname": "a"}', '{"alertname": "b"}');
SELECT monitor.create_escalation('gate', '[{"after": "1 hour", "channels": ["gate mail"]}]');
SELECT monitor.create_route('gate hook', escalation => 'gate', mute => '{}');
SELECT monitor.create_silence('{"alertname": "another"}', 'gate', '1 day');
INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, log_e_value, n_current, verdict)
SELECT m.model_id, 'drift.psi', f.name, monitor.now() - interval '1 day', monitor.now(), 0.4, 0.4, 100, 1000, 'critical'
FROM monitor.model m CROSS JOIN LATERAL (SELECT f.name FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role = 'feature' ORDER BY f.position LIMIT 1) AS f
ON CONFLICT ON CONSTRAINT measurement_pkey DO UPDATE SET verdict = 'critical', effect_size = 0.4, log_e_value = 100;
UPDATE monitor.watermark SET closed_to = greatest(closed_to, monitor.now());
SELECT monitor._evaluate(m) FROM monitor.model m;
SELECT monitor.dispatcher_beat('gate', 1, (SELECT extversion FROM pg_extension WHERE extname = 'monitor'), true, '{}', '1 minute');
SELECT cardinality(monitor.dispatcher_claim('gate', 1, '1 minute'));
SELECT monitor.dispatcher_finish(id, lease_token, 200, 0, 0, true, NULL, 'ok', '') FROM monitor.outbox WHERE state = 'leased';
INSERT INTO monitor.suppression (model_id, episode_id, reason) SELECT model_id, episode_id, 'gate' FROM monitor.alert_episode LIMIT 1;
