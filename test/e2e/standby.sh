#!/bin/sh
# standby.sh [ROUNDS [...]]: the primary dies while notices are being sent, and its standby is
# promoted; a dump with waiting notices is restored (F20).  What was delivered is not sent again,
# what waits is sent.  With an argument, the servers change their parts ten times.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

rounds=1
[ $# -eq 0 ] || rounds=10
work=$(mktemp -d)
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
run=$MONITOR_PRIVATE
# where each server is, and its port; with_server.sh knows of the first
primary=data primary_port=$PGPORT standby=standby standby_port=$((PGPORT + 1))
trap 'stop_peers; server standby stop -m immediate; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
# server DIRECTORY ACTION...
server() {
    directory=$1
    shift
    as_server "$("$PG_CONFIG" --bindir)/pg_ctl" -D "$run/$directory" -w "$@" > "$work/pg_ctl.log" 2>&1 8>&- 9>&-
}
# a copy of the primary that follows it, and that the primary waits for at each commit: what is
# committed is on both
follow() {
    as_server rm -rf "$run/$standby"
    as_server "$("$PG_CONFIG" --bindir)/pg_basebackup" -D "$run/$standby" -d "host=$run port=$primary_port user=$PGUSER application_name=standby" -R -X stream -c fast > "$work/backup.log" 2>&1 || { cat "$work/backup.log"; exit 1; }
    echo "synchronous_standby_names = ''" | as_server tee -a "$run/$standby/postgresql.auto.conf" > /dev/null
    server "$standby" -o "-p $standby_port" -l "$run/standby.log" start || { cat "$work/pg_ctl.log"; exit 1; }
    sql "ALTER SYSTEM SET synchronous_standby_names = '*'"
    sql 'SELECT pg_reload_conf()' > /dev/null
    until_true 60 sql_is "SELECT string_agg(sync_state, ' ') FROM pg_stat_replication" sync
}
# the primary dies, the standby has applied all it was sent
take_over() {
    server "$primary" stop -m immediate
    PGPORT=$standby_port
    until_true 60 sql_is 'SELECT pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()' t
}
promote() {
    server "$standby" promote || { cat "$work/pg_ctl.log"; exit 1; }
    set -- "$primary" "$primary_port"
    primary=$standby primary_port=$standby_port standby=$1 standby_port=$2
}
start_sender() { sender "$1" both --instance "$1"; }

new_database monitor_standby
peer http http_faults.py
hook quick 200
hook slow 'sleep;1'
look_at quick m
configure both 'allow_private = 127.0.0.1' 'lease = 3' 'poll_interval = 1' "connection = host=$run,$run port=5432,5433 dbname=$PGDATABASE user=e2e_dispatch"

# ---- the standby takes over ----

busy() { sql_is "SELECT count(*) FILTER (WHERE state = 'delivered') > 10 AND count(*) FILTER (WHERE state = 'leased') > 1 AND count(*) FILTER (WHERE state = 'queued') > 10 FROM monitor.outbox WHERE id > $before" t; }
# again DELIVERED: of these notices, how many requests came after line $mark
again() { tail -n +"$((mark + 1))" "$work/http/requests.jsonl" | grep -c -F -f "$1"; }
round=0 lost=0 waiting=0
while [ $round -lt $rounds ]; do
    round=$((round + 1))
    follow
    before=$(sql 'SELECT coalesce(max(id), 0) FROM monitor.outbox')
    start_sender a
    first=$sender
    start_sender b
    second=$sender
    until_true 30 sql_is "SELECT count(*) = 2 FROM monitor.dispatchers WHERE listening AND last_beat > now() - interval '3 seconds'" t
    sql "SELECT public.look('m', 'critical')" > /dev/null
    until_true 60 all_sent
    fill slow 60
    fill quick 40
    wake > /dev/null
    until_true 60 busy
    sql 'SELECT uid FROM monitor.outbox' | sort > "$work/written"
    take_over
    kill -9 "$first"
    sql "SELECT uid FROM monitor.outbox WHERE state = 'delivered'" > "$work/delivered"
    sql 'SELECT uid FROM monitor.outbox' | sort > "$work/kept"
    lost=$((lost + $(comm -23 "$work/written" "$work/kept" | wc -l)))
    waiting=$((waiting + $(unfinished true)))
    mark=$(grep -c . "$work/http/requests.jsonl")
    promote
    sql "SELECT public.look('m', 'ok')" > /dev/null
    until_true 120 all_sent
    [ "$(unfinished true)" = 0 ] || break
    echo "# round $round: $(grep -c . "$work/delivered") had been delivered, $(again "$work/delivered") of them sent again, $(sql "SELECT count(*) FROM monitor.delivery_attempt WHERE outcome = 'unknown' AND outbox_id > $before") attempts of unknown outcome" | tee -a "$work/rounds"
    # it went on by itself: one connection string for both servers
    kill "$second"
    wait "$second" "$first" 2>/dev/null
done
is "$lost" 0 "what was committed is on the standby"
is "$(echo $waiting | sed 's/^[1-9][0-9]*$/some/') $(unfinished true)" "some 0" "the sender goes on with the server that was promoted, and sends what waits"
is "$(grep -c ' 0 of them sent again' "$work/rounds")" "$rounds" "what had been delivered is not sent again"
is "$(copies copies.py 2>> "$work/copies.log")" "0 lost, 0 too often" "more than once only after an attempt of unknown outcome"
is "$(sql "SELECT string_agg(DISTINCT state, ' ') FROM monitor.deliveries WHERE kind IN ('alert', 'resolve')") $(sql "SELECT count(*) FROM monitor.alerts WHERE state = 'firing'")" "delivered 0" "an alert of before ends after it, and is told of"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "no invariant is broken"

# ---- a dump is restored ----

fill quick 20
before=$(sql 'SELECT count(*) FROM monitor.outbox')
pg_dump -Fc -f "$work/dump" "$PGDATABASE"
dropdb --if-exists monitor_restored 2>/dev/null
createdb monitor_restored
pg_restore -d monitor_restored --exit-on-error "$work/dump"
mark=$(grep -c . "$work/http/requests.jsonl")
sql "SELECT uid FROM monitor.outbox WHERE state = 'delivered'" > "$work/delivered"
PGDATABASE=monitor_restored
psql -Xq -c 'SET client_min_messages = error' -c 'ALTER EXTENSION monitor UPDATE'
configure restored 'allow_private = 127.0.0.1' "connection = host=$run port=$PGPORT dbname=monitor_restored user=e2e_dispatch"
once restored
is "$status $(unfinished true) $(sql 'SELECT count(*) FROM monitor.outbox') $(($(grep -c . "$work/http/requests.jsonl") - mark)) $(again "$work/delivered")" "0 0 $before 20 0" \
    "from a dump what waits is sent, and what had been delivered is not"
cat "$work/copies.log"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "no invariant is broken"
echo "1..$n"
