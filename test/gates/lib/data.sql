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
