#!/bin/sh
# dispatch_load.sh [SECONDS [...]]: thousands of notices, one channel that takes its time, and a
# sender that is stopped in the middle of it (F19, F21).  With a number of seconds: 100,000 notices,
# and the sender is stopped for so long.  How fast it went is told, and judged by nobody.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

backlog=3000 healthy=40 batch=300 bench=2 stopped=10
[ $# -eq 0 ] || { backlog=100000 healthy=300 batch=1500 bench=10 stopped=$1; }
work=$(mktemp -d)
export PGOPTIONS='-c lock_timeout=30s' # a writer that is kept waiting fails
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
trap 'continue_all; stop_peers; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
continue_all() {
    # shellcheck disable=SC2086
    kill -CONT ${senders:-} 2>/dev/null
}
end_senders() {
    # shellcheck disable=SC2086
    kill ${senders:-} 2>/dev/null
    # shellcheck disable=SC2086
    wait ${senders:-} 2>/dev/null
    senders=
}

new_database monitor_load
peer http http_faults.py
for name in a b; do
    configure $name 'allow_private = 127.0.0.1' 'lease = 3' 'poll_interval = 2' "connection = dbname=$PGDATABASE user=e2e_dispatch application_name=$name"
done
hook slow 'sleep;2'
hook held 'sleep;2'
for name in h1 h2 h3 h4; do hook $name 200; done
sql "UPDATE monitor.channel SET rate_per_minute = 600000 WHERE name <> 'slow'"
is_healthy="channel IN ('h1', 'h2', 'h3', 'h4')"

# ---- places: who gets what is free (F21, G8) ----

fill slow "$backlog"
sql 'VACUUM ANALYZE monitor.outbox' > /dev/null
# claims MAX: by channel, in a sender of its own, in the transaction of the caller
claims() { echo "SELECT coalesce(string_agg(format('%s %s', x.n, x.channel), ', ' ORDER BY x.channel), 'nothing') FROM (SELECT count(*) AS n, c.channel FROM unnest(monitor.dispatcher_claim('places', $1, '1 minute')) AS c GROUP BY c.channel) AS x;"; }
newer() { echo "INSERT INTO monitor.outbox (idem_key, kind, channel, payload, next_attempt_at, expires_at) SELECT gen_random_uuid()::text, 'meta', '$1', '{\"alerts\": []}', now(), now() + interval '1 day' FROM generate_series(1, $2);"; }
{
    echo 'BEGIN;'
    claims 16
    claims 4
    newer h1 2
    claims 1
    newer h2 9
    claims 3
    echo 'ROLLBACK;'
} > "$work/places.sql"
is "$(psql -XAtq -v ON_ERROR_STOP=1 -f "$work/places.sql" | tr '\n' ';')" "12 slow;nothing;1 h1;1 h1, 2 h2;" \
    "the slow channel gets twelve of sixteen places, and the others what is free, however old its notices are"

# ---- one channel is slow (F21, G8) ----

memory() { sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$1/status"; }
sender a a --instance a
first=$sender
until_true 30 sql_is "SELECT bool_or(listening) FROM monitor.dispatchers WHERE instance LIKE 'a.%'" t
until_true 30 sql_is "SELECT count(*) > 0 FROM monitor.outbox WHERE channel = 'slow' AND state = 'leased'" t
begun=$(memory $first)
i=0
while [ $i -lt "$healthy" ]; do
    for name in h1 h2 h3 h4; do notice $name > /dev/null; done
    i=$((i + 1))
done
until_true 120 all_sent "$is_healthy"
is "$(unfinished "$is_healthy") $(unfinished "channel = 'slow'" | sed 's/^[1-9][0-9]*$/some/')" "0 some" \
    "every notice of the other channels is delivered while those of the slow one wait"
# at each beginning of a transfer: how many were on their way through that channel
is "$(sql "SELECT max(n) <= 12 FROM (SELECT (SELECT count(*) FROM monitor.delivery_attempt b WHERE b.channel = 'slow' AND b.started_at <= a.started_at AND (b.finished_at > a.started_at OR b.finished_at IS NULL)) AS n FROM monitor.delivery_attempt a WHERE a.channel = 'slow') AS x")" t \
    "the slow channel never had more than its part of the places"
sql "SELECT format('# %s notices of healthy channels beside %s of a slow one: p50 %s ms, p99 %s ms, at most %s ms from written to delivered', n, $backlog, (p[1] * 1000)::integer, (p[2] * 1000)::integer, (p[3] * 1000)::integer)
    FROM (SELECT count(*) AS n, percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at)) AS p FROM monitor.outbox WHERE $is_healthy) AS x"

# ---- how many a second ----

# drain WHAT: a batch to each healthy channel; says how fast it was sent
drain() {
    for name in h1 h2 h3 h4; do fill $name "$batch" 8000; done
    from=$(date +%s%N)
    wake > /dev/null
    until_true 1200 all_sent "$is_healthy"
    echo "# $1: $((4 * batch * 1000000 / (($(date +%s%N) - from) / 1000 + 1))) notices a second"
}
drain "one sender"
is "$(unfinished "$is_healthy")" 0 "one sender sends all that wait"
ended=$(memory $first)
echo "# memory of the sender: $begun kB when it began, $ended kB after $((4 * batch)) notices of 8 kB"
is "$((ended - begun < 12288))" 1 "its memory does not grow with what it sends"
sender b b --instance b
until_true 30 sql_is "SELECT bool_or(listening) FROM monitor.dispatchers WHERE instance LIKE 'b.%'" t
drain "two senders"
is "$(sql "SELECT count(DISTINCT left(a.instance, 1)) FROM monitor.delivery_attempt a JOIN monitor.outbox o ON o.id = a.outbox_id WHERE o.channel LIKE 'h_' AND length(o.payload ->> 'text') = 8000")" 2 "two senders share the work"
is "$(copies copies.py "$is_healthy" 2>> "$work/copies.log")" "0 lost, 0 too often" "nothing was lost or sent twice by two senders"

# ---- plans, with so many notices ----

sql 'ANALYZE monitor.outbox, monitor.delivery_attempt' > /dev/null
# plans SQL: of everything that its functions run
plans() {
    psql -XAtq -v ON_ERROR_STOP=1 2>&1 <<SQL
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET client_min_messages = log;
BEGIN;
$1
ROLLBACK;
SQL
}
# indexed WHAT PLANS: none reads a whole outbox, or all attempts
indexed() {
    if ! printf '%s\n' "$2" | grep -Eq 'Index.* on (monitor\.)?(outbox|delivery_attempt)'; then not_ok "$1" "no plan: $2"
    elif printf '%s\n' "$2" | grep -Eq 'Seq Scan on (monitor\.)?(outbox|delivery_attempt)'; then not_ok "$1" "$(printf '%s\n' "$2" | grep -B 5 -A 2 -E 'Seq Scan on (monitor\.)?(outbox|delivery_attempt)')"
    else ok "$1"
    fi
}
indexed "a claim reads by indexes" "$(plans "SELECT cardinality(monitor.dispatcher_claim('plans', 16, '1 minute'));")"
indexed "a report reads by indexes" "$(plans "SELECT monitor.dispatcher_finish(c.id, c.token, 200, NULL, 0, true, NULL, 'ok', NULL) FROM unnest(monitor.dispatcher_claim('plans', 1, '1 minute')) AS c;")"
indexed "what is due by the clock is found by indexes" "$(plans 'SELECT monitor.dispatcher_tick();')"
indexed "a beat reads by indexes" "$(plans "SELECT monitor.dispatcher_beat('plans', 1, '$(monitor-dispatch --version | sed 's/.* //')', true, '{1}', '1 minute');")"
one=$(sql "SELECT uid FROM monitor.outbox WHERE state = 'delivered' LIMIT 1")
indexed "a delivery is found by its notice" "$(sql "EXPLAIN SELECT * FROM monitor.deliveries WHERE notice = '$one'")"
# took SQL: milliseconds
took() { sql "EXPLAIN (ANALYZE, TIMING off, SUMMARY on) $1" | sed -n 's/^Execution Time: //p'; }
echo "# with $(sql 'SELECT count(*) FROM monitor.outbox') notices: dead ones found in $(took "SELECT * FROM monitor.deliveries WHERE state = 'dead'"), counted by state in $(took 'SELECT state, count(*) FROM monitor.deliveries GROUP BY state'), invariants checked in $(took 'SELECT * FROM monitor.check_invariants()')"

# ---- writers are left alone (G13) ----

look_at h1 m
insert="INSERT INTO public.p SELECT now() - interval '1 minute', 1 FROM generate_series(1, 10)"
# psql that stays, to hold a transaction open: what is written to descriptor 3 is run
mkfifo "$work/open"
psql -XAtq -v ON_ERROR_STOP=1 < "$work/open" > "$work/open.out" 2>&1 &
holder=$!
exec 3> "$work/open"
echo "BEGIN; $insert; SELECT 'inserted';" >&3
until_true 30 grep -q inserted "$work/open.out"
notice=$(notice h1)
until_true 60 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" delivered
is "$(state "$notice")" delivered "notices are sent while rows are being inserted"
echo "COMMIT; BEGIN; SELECT 'claimed', cardinality(monitor.dispatcher_claim('open', 4, '1 minute')); SELECT monitor._tick();" >&3
until_true 30 grep -q claimed "$work/open.out"
is "$(grep -c 'claimed|[1-4]' "$work/open.out") $(psql -XAtq -c "SET lock_timeout = '20s'" -c "$insert RETURNING 1" 2>&1 | sort -u)" "1 1" "rows are inserted while a claim is open"
echo 'ROLLBACK;' >&3
exec 3>&-
wait $holder
psql -X -c 'LISTEN monitor_outbox' -c 'LISTEN monitor_probe' -c "SELECT 'I am ' || pg_backend_pid()" -c "$insert" -c "SELECT pg_notify('monitor_probe', 'seen')" -c 'SELECT 1' > "$work/listen.out"
me=$(sed -n 's/.*I am //p' "$work/listen.out")
is "$(grep "PID $me" "$work/listen.out" | sed 's/.*payload "\([^"]*\)".*/\1/')" seen "an insert notifies nobody"

echo "SELECT public.look('m', 'critical'); SELECT public.look('m', 'ok');" > "$work/looks.sql"
echo "$insert;" > "$work/insert.sql"
rate() { pgbench -n -T "$bench" -c 1 -f "$work/$1.sql" 2>&1 | sed -n 's/^tps = \([0-9]*\).*/\1/p'; }
# with and without senders in turn, so that what else the machine does hits both
for what in insert looks; do
    without='' with=''
    for _ in 1 2; do
        continue_all
        with="$with $(rate $what)"
        # shellcheck disable=SC2086
        kill -STOP $senders
        without="$without $(rate $what)"
    done
    continue_all
    echo "# $what: transactions a second with two senders at work$with, with both stopped$without"
done
until_true 300 all_sent "$is_healthy"

# ---- a sender is stopped under load (F19) ----

# through a channel where nothing waits, so that they are sent again soon
held() { sql "SELECT count(*) FROM monitor.outbox WHERE channel = 'held' AND state = 'leased' AND lease_owner LIKE '$1.%'"; }
holds() { [ "$(held "$1")" -ge "$2" ]; }
holds_nothing() { [ "$(held "$1")" = 0 ]; }
take() { holds a 2 || { notice held > /dev/null; holds a 2; }; }
until_true 60 take
kill -STOP "$first"
sleep 1 # a call that had begun has ended by itself
sql "SELECT id FROM monitor.outbox WHERE channel = 'held' AND state = 'leased' AND lease_owner LIKE 'a.%'" > "$work/held"
until=$(($(date +%s) + stopped))
samples=0 xmin=0 usage=0 load=0
while [ "$(date +%s)" -lt $until ]; do
    for name in h1 h2; do notice $name > /dev/null; done
    load=$((load + 2))
    line=$(sql "SELECT count(*) FILTER (WHERE backend_xmin IS NOT NULL OR backend_xid IS NOT NULL), (SELECT pg_notification_queue_usage() >= 0.01)::integer, count(*) FROM pg_stat_activity WHERE application_name = 'a'")
    samples=$((samples + ${line##*|})) xmin=$((xmin + ${line%%|*})) line=${line#*|} usage=$((usage + ${line%|*}))
    sleep 0.1
done
echo "# stopped for $stopped seconds with $(grep -c . "$work/held") notices in its hands, $load written meanwhile; its session: $(sql "SELECT concat_ws(' ', state, wait_event) FROM pg_stat_activity WHERE application_name = 'a'"); use of the notification queue $(sql 'SELECT pg_notification_queue_usage()')"
is "$((samples > 10)) $xmin $usage" "1 0 0" "a sender that is stopped holds no snapshot, and the queue of notifications stays empty"
until_true 60 holds_nothing a
is "$(held a)" 0 "what it had leased is given back"
until_true 120 sql_is "SELECT count(*) FROM monitor.outbox WHERE id IN ($(paste -s -d , "$work/held")) AND state <> 'delivered'" 0
until_true 120 all_sent "$is_healthy"
is "$(sql "SELECT string_agg(DISTINCT o.state || ' by ' || left(o.lease_owner, 1), ', ') FROM monitor.outbox o WHERE o.id IN ($(paste -s -d , "$work/held"))") $(unfinished "$is_healthy")" "delivered by b 0" \
    "another sender delivers it, and all that was written meanwhile"
# the row itself, and which transaction wrote it
rows() { sql "SELECT o.xmin, o.* FROM monitor.outbox o WHERE o.id IN ($(paste -s -d , "$work/held")) ORDER BY o.id"; }
rows > "$work/before"
kill -CONT "$first"
late() { [ "$(grep -c 'through held: late (' "$work/a.log")" -ge "$(grep -c . "$work/held")" ]; }
until_true 60 late
is "$(grep -c 'through held: late (' "$work/a.log")" "$(grep -c . "$work/held")" "it is told that it is late with each"
rows > "$work/after"
is "$(diff "$work/before" "$work/after" | head -n 5)" "" "a late report changes no row"
notice=$(notice h1)
until_true 60 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" delivered
end_senders
is "$(copies copies.py 2>> "$work/copies.log")" "0 lost, 0 too often" "nothing was sent twice but after an attempt of unknown outcome"
cat "$work/copies.log"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "no invariant is broken"
echo "1..$n"
