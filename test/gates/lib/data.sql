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
