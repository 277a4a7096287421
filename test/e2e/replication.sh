#!/bin/sh
# replication.sh: rows that a subscription applies are seen by the triggers, late ones too.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

for database in monitor_publisher monitor_subscriber; do
    psql -Xq -d postgres -c "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'monitor_slot' AND NOT active" >/dev/null
    dropdb --if-exists --force $database 2>/dev/null
    createdb $database
    psql -Xq -v ON_ERROR_STOP=1 -d $database -c 'CREATE TABLE public.p (id integer PRIMARY KEY, at timestamptz NOT NULL, x double precision)' -c 'CREATE INDEX ON public.p (at)'
done
psql -Xq -v ON_ERROR_STOP=1 -d monitor_publisher -c "INSERT INTO public.p SELECT i, now() - i * interval '2 minutes', i % 10 FROM generate_series(1, 6000) AS i" \
    -c 'CREATE PUBLICATION pub FOR TABLE public.p' -c "SELECT pg_create_logical_replication_slot('monitor_slot', 'pgoutput')" >/dev/null
psql -Xq -v ON_ERROR_STOP=1 -d monitor_subscriber >/dev/null <<SQL
CREATE SUBSCRIPTION sub CONNECTION 'host=$PGHOST port=$PGPORT user=$PGUSER dbname=monitor_publisher' PUBLICATION pub WITH (create_slot = false, slot_name = 'monitor_slot');
SQL
wait_for() {        # wait_for DATABASE QUERY VALUE
    tries=0
    until [ "$(psql -XAtq -d "$1" -c "$2")" = "$3" ] || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.2
    done
    psql -XAtq -d "$1" -c "$2"
}
check() {
    if [ "$2" = "$3" ]; then echo "ok $1 - $4"; else echo "not ok $1 - $4: got $2"; fi
}
check 1 "$(wait_for monitor_subscriber 'SELECT count(*) FROM public.p' 6000)" 6000 "the subscriber has the rows"
psql -Xq -v ON_ERROR_STOP=1 -d monitor_subscriber >/dev/null <<'SQL'
SET client_min_messages = error;
CREATE EXTENSION monitor;
SELECT monitor.create_model('replica', source => 'public.p', time_column => 'at', granularity => 'hour');
CALL monitor.run();
CALL monitor.run();
SQL
psql -Xq -v ON_ERROR_STOP=1 -d monitor_publisher -c "INSERT INTO public.p SELECT 10000 + i, now() - interval '30 hours', 1 FROM generate_series(1, 50) AS i" -c "UPDATE public.p SET x = 5 WHERE id = 700" -c "DELETE FROM public.p WHERE id = 701"
check 2 "$(wait_for monitor_subscriber "SELECT count(*) > 0 FROM monitor.dirty_range" t)" t "late rows that arrived by replication are marked"
psql -Xq -v ON_ERROR_STOP=1 -d monitor_subscriber -c 'CALL monitor.run()' -c 'CALL monitor.run()'
check 3 "$(psql -XAtq -d monitor_subscriber -c "SELECT count(*) FROM monitor.bucket AS k, LATERAL (SELECT count(*) AS n FROM public.p WHERE at >= k.bucket_start AND at < k.bucket_end) AS t WHERE k.num_rows <> t.n AND NOT k.is_open")" 0 "every bucket equals a recount"
psql -Xq -d monitor_subscriber -c 'ALTER SUBSCRIPTION sub DISABLE' -c 'ALTER SUBSCRIPTION sub SET (slot_name = NONE)' -c 'DROP SUBSCRIPTION sub'
psql -Xq -d monitor_publisher -c "SELECT pg_drop_replication_slot('monitor_slot')" >/dev/null
echo 1..3
