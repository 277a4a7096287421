#!/bin/sh
# The first collect of a model: 100 features, 30 days by the day, 10 segments, beside the floor:
# sums of the same columns over the same rows in the same groups.
. "$(dirname "$0")/lib.sh"

say "### The first collect: 100 features × 30 days × 10 segments"
say ""
begin
ROWS=$((ROWS / 20))
sql <<'SQL'
CREATE SCHEMA m;
GRANT USAGE ON SCHEMA m TO pg_database_owner;
SELECT format('CREATE UNLOGGED TABLE m.p AS SELECT ''2026-01-01 00:00+00''::timestamptz + i * interval ''30 days'' / %s AS at, ''s'' || i %% 10 AS region, %s FROM generate_series(0, %1$s - 1) AS i',
    :rows, string_agg(format('((hashint4(i * 131 + %1$s) & 65535) / 65536.0)::float8 AS f%1$s', f), ', ')) FROM generate_series(1, 100) AS f
\gexec
CREATE INDEX ON m.p (at);
ALTER TABLE m.p OWNER TO pg_database_owner;
SET monitor.mock_now = '2026-01-31 00:00+00';
SELECT length(monitor.create_model('first', source => 'm.p', time_column => 'at', segments => '["region"]', granularity => 'day', owner => 'pg_database_owner',
    baseline_from => '2026-01-01', baseline_to => '2026-01-16')) \g /dev/null
SQL
cache m.p
sql <<'SQL'
SELECT format('SELECT monitor._bucket_start(at, ''day'', ''UTC'') AS b, region, %s FROM m.p GROUP BY GROUPING SETS ((1), (1, 2))', string_agg(format('sum(f%s)', f), ', ')) AS floor
FROM generate_series(1, 100) AS f
\gset
:floor \g /dev/null
SELECT clock_timestamp() AS started \gset
:floor \g /dev/null
SELECT round(1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz)) AS floor_ms \gset
SELECT bench.peak() AS before \gset
SET monitor.mock_now = '2026-01-31 00:00+00';
SELECT clock_timestamp() AS started \gset
CALL monitor.run_model('first');
SELECT round(1000 * extract(epoch FROM clock_timestamp() - :'started'::timestamptz)) AS ours_ms, bench.peak() AS after \gset
SELECT status, message FROM monitor.run_history WHERE status <> 'ok';
SELECT E'\n| job | ours, ms | against | its ms | ratio | goal | met |\n|---|--:|---|--:|--:|---|---|';
SELECT format('| first run: %s rows, %s buckets, %s measurements | %s | 100 sums in the same groups | %s | %s | - | - |', to_char(:rows, 'FM999,999,999'), buckets, measurements,
    to_char(:ours_ms, 'FM999,999'), to_char(:floor_ms, 'FM999,999'), round(:ours_ms::numeric / :floor_ms, 2)) FROM monitor.run_history;
SELECT format(E'\n| memory and storage | is |\n|---|--:|\n| memory at the peak, over a backend that has read the table | %s MB |', round((:after - :before) / 1048576.0));
SELECT format('| stored, of a feature and day, with its %s segments | %s bytes |', count(DISTINCT segment) - 1, round(sum(pg_column_size(profiles)::numeric) / 100 / count(DISTINCT bucket_start) + sum(pg_column_size(cells)::numeric) / 100 / count(DISTINCT bucket_start)))
FROM monitor.bucket_features WHERE num_rows > 0;
SELECT format('| of that, all rows | %s bytes |', round(avg(pg_column_size(profiles) + pg_column_size(cells)) / 100)) FROM monitor.bucket_features WHERE segment = '' AND num_rows > 0;
SQL
