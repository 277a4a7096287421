#!/bin/sh
# Goal 5 of the design: a scheduled check costs what changed, not what the table holds.
# One model of 100 features is collected for real, its stored counts are cloned for the
# others, one more bucket closes, and all are measured from their profiles.  Windows reach
# back over 31 days, or 511 hours.
#   BENCH_MODELS   models of days (100; the goal is for 1,000: the time is printed for both); of hours a fifth
. "$(dirname "$0")/lib.sh"

say "### Measuring from profiles"

# measure CONDITION: all models of whom it holds, in one session
measure() {
    sql -c "SET monitor.mock_now = '2026-03-20 00:00+00'" -c "SELECT sum(monitor._measure(m)) FROM monitor.model AS m WHERE $1"
}
# report SESSIONS STARTED MEASUREMENTS
report() {
    awk -v sessions="$1" -v started="$2" -v ended="$(date +%s.%N)" -v n="$3" -v models="$models" -v of="$granularity" 'BEGIN {
        t = ended - started
        printf "| %d models × 100 features by the %s, %d measurements, %s | %.1f | %.1f | ≤ 10 | %s |\n", models, of, n, sessions, t, t * 1000 / models, (t * 1000 / models <= 10) ? "yes" : "NO" }'
}

# looks GRANULARITY MODELS
looks() (
    granularity=$1
    models=$2
    say ""
    begin
    sql -v granularity="$granularity" <<'SQL'
CREATE SCHEMA m;
CREATE TABLE m.p AS SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '3 minutes' AS at,
    ARRAY(SELECT (hashint4(i * 131 + f) & 65535) / 65536.0 FROM generate_series(1, 100) AS f)::float8[] AS v FROM generate_series(0, 40000) AS i;
CREATE INDEX ON m.p (at);
SELECT 'CREATE VIEW m.v AS SELECT at, ' || string_agg(format('v[%s] AS f%1$s', f), ', ') || ' FROM m.p' FROM generate_series(1, 100) AS f
\gexec
GRANT USAGE ON SCHEMA m TO pg_database_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA m TO pg_database_owner;
SET monitor.mock_now = '2026-03-20 00:00+00';
SELECT length(monitor.create_model('m1', source => 'm.v', time_column => 'at', granularity => :'granularity', owner => 'pg_database_owner', look_back => ('1 ' || :'granularity')::interval)) \g /dev/null
CALL monitor.run();
SQL
    sql -v models="$models" -v granularity="$granularity" <<'SQL'
SELECT format('- collecting 100 features of %s rows for the first time, %s buckets: %s s', to_char(sum(rows_read), 'FM999,999'), sum(buckets), round(sum(milliseconds) / 1000, 1)) FROM monitor.run_history;
SELECT format('- stored: %s bytes a feature and %s', round(avg(pg_column_size(profiles) + pg_column_size(cells)) / 100), :'granularity') FROM monitor.bucket_features;
CREATE TABLE m.ids AS SELECT generate_series(2, 2 * :models + 1)::bigint AS id;
ALTER TABLE monitor.model DISABLE TRIGGER audit;
ALTER TABLE monitor.feature DISABLE TRIGGER audit;
ALTER TABLE monitor.baseline DISABLE TRIGGER audit;
INSERT INTO monitor.model SELECT (jsonb_populate_record(m, jsonb_build_object('model_id', id, 'name', 'm' || id))).* FROM monitor.model m, m.ids WHERE m.model_id = 1;
INSERT INTO monitor.baseline SELECT (jsonb_populate_record(m, jsonb_build_object('model_id', id, 'baseline_id', id))).* FROM monitor.baseline m, m.ids WHERE m.model_id = 1;
INSERT INTO monitor.feature SELECT (jsonb_populate_record(m, jsonb_build_object('model_id', id))).* FROM monitor.feature m, m.ids WHERE m.model_id = 1;
INSERT INTO monitor.bucket SELECT (jsonb_populate_record(m, jsonb_build_object('model_id', id))).* FROM monitor.bucket m, m.ids WHERE m.model_id = 1;
INSERT INTO monitor.watermark SELECT (jsonb_populate_record(m, jsonb_build_object('model_id', id))).* FROM monitor.watermark m, m.ids WHERE m.model_id = 1;
INSERT INTO monitor.bucket_features SELECT id, id, segment, bucket_start, bucket_end, num_rows, profiles, cells FROM monitor.bucket_features, m.ids WHERE model_id = 1;
INSERT INTO monitor.reference SELECT id, segment, stratum, num_rows, profiles, cells FROM monitor.reference, m.ids WHERE baseline_id = 1;
INSERT INTO monitor.reference_stream SELECT id, segment, position, anchors, categories, phi, phi_windows FROM monitor.reference_stream, m.ids WHERE baseline_id = 1;
INSERT INTO monitor.stream_state SELECT id, metric, feature, segment, looked_to - ('1 ' || :'granularity')::interval, evidence_since, calm_looks, log_w FROM monitor.stream_state, m.ids WHERE model_id = 1;
UPDATE monitor.bucket SET changed_at = CASE WHEN bucket_end = '2026-03-20 00:00+00' THEN clock_timestamp() ELSE now() - interval '1 day' END;
INSERT INTO monitor.run (model_id, status, stage, finished_at) SELECT id, 'ok', 'collect', now() - interval '1 hour' FROM m.ids;
ANALYZE m.p;
VACUUM ANALYZE monitor.bucket_features, monitor.stream_state, monitor.bucket, monitor.reference, monitor.reference_stream, monitor.feature;
SELECT E'\n| job | seconds | for 1,000 models | goal | met |\n|---|--:|--:|--:|---|';
SQL

    started=$(date +%s.%N)
    n=$(measure "model_id BETWEEN 2 AND $models + 1")
    report "one session" "$started" "$n"
    started=$(date +%s.%N)
    measure "model_id > $models + 1 AND model_id % 2 = 0" >/dev/null &
    measure "model_id > $models + 1 AND model_id % 2 = 1" >/dev/null
    wait
    report "two sessions" "$started" "$n"
)
looks day "${BENCH_MODELS:-100}"
export BENCH_TOLD=yes
looks hour $((${BENCH_MODELS:-100} / 5))
