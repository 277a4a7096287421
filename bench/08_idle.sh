#!/bin/sh
# A model to which nothing happened since its last run: what a run of it costs, alerts included.
#   BENCH_RUNS   runs, of which the median counts (20)
. "$(dirname "$0")/lib.sh"

say "### A run without news"
say ""
begin
sql <<'SQL'
CREATE SCHEMA m;
CREATE TABLE m.p AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '30 minutes' AS at,
    (hashint4(i) & 65535) / 65536.0::float8 AS f1, (hashint4(i * 7) & 65535) / 65536.0::float8 AS f2, (hashint4(i * 11) & 65535) / 65536.0::float8 AS f3, (hashint4(i * 13) & 65535) / 65536.0::float8 AS f4,
    (hashint4(i * 17) & 65535) / 65536.0::float8 AS f5, (hashint4(i * 19) & 65535) / 65536.0::float8 AS f6, (hashint4(i * 23) & 65535) / 65536.0::float8 AS f7, (hashint4(i * 29) & 65535) / 65536.0::float8 AS f8,
    (hashint4(i * 31) & 65535) / 65536.0::float8 AS f9, (hashint4(i * 37) & 65535) / 65536.0::float8 AS f10 FROM generate_series(0, 2420) AS i;
CREATE INDEX ON m.p (at);
GRANT USAGE ON SCHEMA m TO pg_database_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA m TO pg_database_owner;
SET monitor.mock_now = '2026-02-20 10:40+00';
SELECT length(monitor.create_model('idle', source => 'm.p', time_column => 'at', granularity => 'hour', owner => 'pg_database_owner')) \g /dev/null
CALL monitor.run_model('idle');
CALL monitor.run_model('idle');
ANALYZE;
SQL
# every run in one session, as a scheduler's would be
{
    echo "SET monitor.mock_now = '2026-02-20 10:40+00';"
    i=0
    while [ $i -lt "${BENCH_RUNS:-20}" ]; do
        echo "CALL monitor.run_model('idle');"
        i=$((i + 1))
    done
} | sql
sql <<'SQL'
SELECT format(E'| job | ms, median | worst | goal | met |\n|---|--:|--:|--:|---|\n| 10 features, %s buckets, %s rules, nothing new | %s | %s | ~ 10 | %s |', (SELECT count(*) FROM monitor.bucket), (SELECT count(*) FROM monitor.alert_rule),
    t.median, t.worst, CASE WHEN t.median <= 10 THEN 'yes' ELSE 'NO' END)
FROM (SELECT round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)))::numeric, 1) AS median,
    round((1000 * max(extract(epoch FROM finished_at - started_at)))::numeric, 1) AS worst FROM (SELECT * FROM monitor.run ORDER BY run_id OFFSET 3) AS r) AS t;
SQL
