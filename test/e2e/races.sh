#!/bin/sh
# races.sh [SECONDS [KILLS]]: writers of every kind, with random delays before they commit, beside
# runs of the collector, and now and then the server is killed: afterwards every bucket is
# what a full recount gives.  Half an hour passes in each second, so that watermarks move all
# the time.  Runs in the private server that with_server.sh started.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

seconds=${1:-15}
kills=${2:-1}
work=$(private_dir)/obj/races
rm -rf "$work"
mkdir -p "$work"
chmod 777 "$work"
PGDATABASE=monitor_races
export PGDATABASE
dropdb --if-exists --force monitor_races 2>/dev/null
createdb monitor_races
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = error;
CREATE EXTENSION monitor;
CREATE SCHEMA races;
CREATE TABLE races.start AS SELECT now() AS at;
CREATE FUNCTION races.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at + 1800 * (clock_timestamp() - at) FROM races.start';
CREATE SEQUENCE races.id;
CREATE TABLE races.p (id bigint PRIMARY KEY, at timestamptz NOT NULL, x double precision);
CREATE INDEX ON races.p (at);
CREATE TABLE races.labels (id bigint PRIMARY KEY, y boolean NOT NULL);
INSERT INTO races.p SELECT nextval('races.id'), now() - interval '5 days' + i * interval '72 seconds', i % 10 FROM generate_series(0, 5999) AS i;
INSERT INTO races.labels SELECT id, id % 3 = 0 FROM races.p WHERE id % 2 = 0;
SELECT monitor.create_model('races', source => 'races.p', time_column => 'at', features => '{x}', prediction => 'x', label_source => 'races.labels', label => 'y', label_key => 'id',
    positive_class => 'true', task => 'none', granularity => 'hour') \g /dev/null
CALL monitor.run();
-- a bucket is wrong if a recount gives another number of rows or sum, and nothing marks it
CREATE VIEW races.wrong AS
SELECT k.bucket_start, k.num_rows, t.n, t.sixes
FROM monitor.bucket AS k
JOIN monitor.baseline AS b ON b.model_id = k.model_id AND b.superseded_at IS NULL
JOIN monitor.reference AS r ON r.baseline_id = b.baseline_id AND r.segment = '' AND r.stratum = 0
JOIN monitor.bucket_features AS f ON f.model_id = k.model_id AND f.baseline_id = b.baseline_id AND f.segment = '' AND f.bucket_start = k.bucket_start
LEFT JOIN monitor.bucket_outcomes AS o ON o.model_id = k.model_id AND o.baseline_id = b.baseline_id AND o.segment = '' AND o.bucket_start = k.bucket_start
CROSS JOIN LATERAL (SELECT count(*) AS n, count(l.y) AS labelled, count(*) FILTER (WHERE p.x = 6) AS sixes FROM races.p AS p LEFT JOIN races.labels AS l USING (id)
    WHERE p.at >= k.bucket_start AND p.at < k.bucket_end) AS t
WHERE NOT k.is_open AND NOT k.archived
    AND (k.num_rows, coalesce(o.num_labelled, 0), CASE WHEN k.num_rows = 0 THEN 0 ELSE (SELECT x.n_at_upper FROM unnest(monitor.bins(monitor.attach(f.cells[1], r.cells[1]))) AS x WHERE x.upper = 6) END)
        IS DISTINCT FROM (t.n, t.labelled, t.sixes);
SQL

# One writer each: late rows, hot rows, moved rows, deleted rows, labels; read committed and repeatable read.
cat > "$work/committed.sql" <<'SQL'
\set back random(0, 100000)
\set wait random(0, 300)
BEGIN;
INSERT INTO races.p VALUES (nextval('races.id'), races.now() - :back * interval '1 second', 6);
SAVEPOINT a;
INSERT INTO races.p VALUES (nextval('races.id'), races.now() - :back * interval '2 seconds', 6);
ROLLBACK TO a;
INSERT INTO races.p VALUES (nextval('races.id'), races.now(), 5);
\sleep :wait ms
COMMIT;
SQL
cat > "$work/repeatable.sql" <<'SQL'
\set back random(0, 300000)
\set one random(1, 6000)
\set wait random(0, 300)
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 1;
\sleep :wait ms
INSERT INTO races.p VALUES (nextval('races.id'), races.now() - :back * interval '1 second', 6);
INSERT INTO races.labels VALUES (:one, true) ON CONFLICT (id) DO NOTHING;
\sleep :wait ms
COMMIT;
SQL
cat > "$work/changes.sql" <<'SQL'
\set one random(1, 6000)
\set two random(1, 6000)
\set wait random(0, 100)
BEGIN;
UPDATE races.p SET at = at - interval '7 hours', x = 6 WHERE id = :one;
\sleep :wait ms
DELETE FROM races.p WHERE id = :two;
DELETE FROM races.labels WHERE id = :one;
COMMIT;
SQL
clock="SELECT set_config('monitor.mock_now', races.now()::text, false)"
printf '%s;\nCALL monitor.run();\n' "$clock" > "$work/run.sql"

# round SECONDS live|kill [SCRIPT:CLIENTS...]
round() {
    round_seconds=$1
    ending=$2
    shift 2
    [ $# -gt 0 ] || set -- committed:16 repeatable:16 changes:8 run:2
    # transactions that lose a race against another writer, or their server, are part of it
    for script; do
        pgbench -n -T "$round_seconds" -c "${script#*:}" -j 1 -f "$work/${script%:*}.sql" > "$work/${script%:*}.log" 2>&1 &
    done
    if [ "$ending" = kill ]; then
        sleep $((round_seconds / 2))
        # the whole server goes at once, as in a power cut
        as_server "$(dirname "$PG_CONFIG")/pg_ctl" -D "$PGHOST/data" -m immediate stop > "$work/kill.log" 2>&1
        as_server "$(dirname "$PG_CONFIG")/pg_ctl" -D "$PGHOST/data" -l "$MONITOR_SERVER_LOG" -w start >> "$work/kill.log" 2>&1
    fi
    wait
}
verify() {
    psql -XAtq -v ON_ERROR_STOP=1 -c "$clock" -c 'CALL monitor.run()' -c 'CALL monitor.run()' >/dev/null
    wrong=$(psql -XAtq -c 'SELECT count(*) FROM races.wrong')
    rows=$(psql -XAtq -c 'SELECT count(*) FROM races.p')
    runs=$(psql -XAtq -c "SELECT count(*) FILTER (WHERE status = 'ok') || ' runs ok, ' || count(*) FILTER (WHERE status = 'skipped') || ' skipped, ' || count(*) FILTER (WHERE status = 'error') || ' failed' FROM monitor.run")
    checks=$((checks + 1))
    if [ "$wrong" = 0 ]; then
        echo "ok $checks - $1: no bucket differs from a recount of $rows rows ($runs)"
    else
        echo "not ok $checks - $1: $wrong buckets differ from a recount of $rows rows ($runs)"
        psql -Xq -c 'SELECT * FROM races.wrong LIMIT 10' -c "SELECT DISTINCT message FROM monitor.run WHERE status = 'error'" | sed 's/^/# /'
    fi
}

checks=0
round "$seconds" live
verify "40 writers and 2 collectors for $seconds seconds"
# now and then nobody writes while a bucket is counted: it is settled at once
round "$seconds" live committed:1 changes:1 run:1
verify "2 writers and 1 collector for $seconds seconds"
i=0
while [ $i -lt "$kills" ]; do
    i=$((i + 1))
    round 6 kill
    verify "the server killed among them, $i"
done
# a transaction that was prepared before the run and committed after it
if [ "$(psql -XAtq -c 'SHOW max_prepared_transactions')" != 0 ]; then
    psql -Xq -c "BEGIN" -c "INSERT INTO races.p VALUES (nextval('races.id'), races.now() - interval '30 hours', 6)" -c "PREPARE TRANSACTION 'late'" -c "CALL monitor.run()" -c "COMMIT PREPARED 'late'"
    verify "a prepared transaction"
fi
echo "1..$checks"
