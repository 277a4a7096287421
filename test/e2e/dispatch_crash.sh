#!/bin/sh
# dispatch_crash.sh [ROUNDS [...]]: the server dies in the middle of deciding, claiming and
# reporting (F2); senders that were taken for dead come back (F3); the session that listens is
# ended at the worst moment, and notifications are lost (F5); a pooler of transactions swallows
# them.  With a number, so many rounds of F5, and more of the others.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

crashes=3 zombies=12 rounds=6
[ $# -eq 0 ] || { crashes=60 zombies=120 rounds=$1; }
work=$(mktemp -d)
chmod 755 "$work"
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
trap 'end_all; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
end_all() {
    touch "$work/enough"
    # shellcheck disable=SC2086
    kill -CONT ${senders:-} 2>/dev/null
    [ ! -s "$work/bouncer/pid" ] || kill "$(cat "$work/bouncer/pid")"
    stop_peers
    wait
}
end_senders() {
    # shellcheck disable=SC2086
    kill ${senders:-} 2>/dev/null
    # shellcheck disable=SC2086
    wait ${senders:-} 2>/dev/null
    senders=
}
# random SEED BELOW: 0, 1, ... below
random() { awk -v seed="$1" -v below="$2" 'BEGIN { srand(seed); rand(); print int(rand() * below) }'; }

new_database monitor_crash
peer http http_faults.py
hook crash 'sleep;0.3'
hook zombie 'sleep;5'
hook news 200
look_at crash m1 m2 m3
for name in a b c d e f g h; do configure $name 'allow_private = 127.0.0.1' 'lease = 3' 'poll_interval = 1'; done

# ---- the server dies (F2) ----

# What a call does takes its time, so that a crash finds it half done.
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
CREATE FUNCTION public.linger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.15); RETURN NULL; END $$;
CREATE TRIGGER linger AFTER INSERT OR UPDATE OF state ON monitor.outbox FOR EACH ROW EXECUTE FUNCTION public.linger();
CREATE TRIGGER linger AFTER INSERT OR UPDATE OF outcome ON monitor.delivery_attempt FOR EACH ROW EXECUTE FUNCTION public.linger();
CREATE TRIGGER linger AFTER INSERT ON monitor.silence FOR EACH ROW EXECUTE FUNCTION public.linger();
SQL
# attempt_sql WHAT SQL: what was committed is written down, with what it gave
attempt_sql() {
    answer=$(psql -XAtq -v ON_ERROR_STOP=1 -c "$2" 2>> "$work/writer.log") && echo "$1 $answer" >> "$work/committed"
}
writer() {
    turn=0
    while [ ! -e "$work/enough" ]; do
        turn=$((turn + 1))
        attempt_sql look "SELECT public.look('m1', 'critical'), public.look('m2', 'critical')"
        attempt_sql silence "SELECT monitor.create_silence('{\"alertname\": \"drift\"}', 'turn $turn', '1 hour', model => 'm3')"
        attempt_sql ack "SELECT monitor.acknowledge(alert, 'turn $turn') || alert::text FROM monitor.alerts WHERE model = 'm2' AND state = 'firing' LIMIT 1"
        attempt_sql look "SELECT public.look('m1', 'ok'), public.look('m2', 'ok')"
        sleep 0.05
    done
}
server() { as_server "$("$PG_CONFIG" --bindir)/pg_ctl" -D "$MONITOR_PRIVATE/data" -l "$MONITOR_SERVER_LOG" -w "$@" > "$work/pg_ctl.log" 2>&1 8>&- 9>&-; }
# at PATTERN: is a session in the middle of it?
at() { [ "$(psql -XAtq -c "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%$1%'" 2>/dev/null)" -gt 0 ]; }
: > "$work/committed"
sender a a --instance a
sender b b --instance b
writer &
crash=0
while [ $crash -lt $crashes ]; do
    crash=$((crash + 1))
    case $((crash % 3)) in 0) what=dispatcher_finish ;; 1) what=dispatcher_claim ;; *) what=public.look ;; esac
    until_true 30 at $what && echo $what >> "$work/crashes"
    sleep "0.$(random $crash 10)"
    server stop -m immediate
    server start || { cat "$work/pg_ctl.log"; exit 1; }
done
touch "$work/enough"
wait $!
is "$(sort "$work/crashes" | uniq -c | awk '{ print $2 }' | paste -s -d ' ')" "dispatcher_claim dispatcher_finish public.look" \
    "the server died in the middle of deciding, claiming and reporting ($crashes times, seeds 1 to $crashes)"
psql -Xq -v ON_ERROR_STOP=1 -c 'DROP FUNCTION public.linger CASCADE' 2>/dev/null
echo "# committed meanwhile: $(cut -d ' ' -f 1 "$work/committed" | sort | uniq -c | awk '{ print $2 " " $1 }' | paste -s -d ,)"
sed -n 's/^silence //p' "$work/committed" > "$work/silences"
sql 'SELECT silence_id FROM monitor.silences' | sort > "$work/kept"
is "$(sort "$work/silences" | comm -23 - "$work/kept" | wc -l)" 0 "no silence that was committed is lost"
is "$(grep -c . "$work/silences" | sed 's/^[1-9][0-9]*/some/')" some "and there were some"
sed -n 's/^ack .*\(.\{36\}\)$/\1/p' "$work/committed" | sort -u > "$work/acked"
sql 'SELECT uid FROM monitor.alert_episode WHERE acked_at IS NOT NULL' | sort > "$work/kept"
is "$(comm -23 "$work/acked" "$work/kept" | wc -l) $(grep -c . "$work/acked" | sed 's/^[1-9][0-9]*/some/')" "0 some" "no acknowledgement that was committed is lost"
sql "SELECT public.look('m1', 'ok'), public.look('m2', 'ok')" > /dev/null
until_true 120 all_sent
is "$(unfinished true) $(sql "SELECT count(*) FROM monitor.outbox WHERE state NOT IN ('delivered', 'cancelled')")" "0 0" "every notice arrived, or was replaced by a newer one"
is "$(copies copies.py 2>> "$work/copies.log")" "0 lost, 0 too often" "what counts as delivered was received, twice only after an attempt of unknown outcome"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "no invariant is broken"
end_senders

# ---- senders that were taken for dead (F3) ----

psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
CREATE TABLE public.seen (id bigint, was text, became text, token bigint, at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (new.id, old.state, new.state, old.lease_token); RETURN NULL; END $$;
CREATE TRIGGER see AFTER UPDATE ON monitor.outbox FOR EACH ROW EXECUTE FUNCTION public.see();
SQL
names='a b c d'
[ $# -eq 0 ] || names='a b c d e f g h'
for name in $names; do
    : > "$work/$name.log"
    sender "$name" "$name" --instance "$name"
done
count=$(echo "$senders" | wc -w)
fill zombie $((zombies * 3))
wake > /dev/null
# each second one is stopped; it goes on five seconds later, when its lease is another's
second=0
while [ $second -lt $zombies ]; do
    second=$((second + 1))
    # shellcheck disable=SC2086
    sender=$(echo $senders | cut -d ' ' -f $(($(random $second "$count") + 1)))
    kill -STOP "$sender"
    (sleep 5; kill -CONT "$sender") &
    sleep 1
done
sleep 5
until_true 300 all_sent "channel = 'zombie'"
late() { cat "$work"/?.log | grep -c ': late ('; }
came_late() { [ "$(late)" -gt 0 ]; }
until_true 60 came_late
echo "# $count senders, stopped $zombies times (seeds 1 to $zombies): $((zombies * 3)) notices, $(late) reports that came late, $(requests zombie) requests"
like "$(late)" '^[1-9]' "leases ran out, and their senders came back"
is "$(sql "SELECT count(*) FROM monitor.outbox o WHERE o.channel = 'zombie' AND o.state = 'delivered' AND (SELECT count(*) FROM public.seen s WHERE s.id = o.id AND s.became = 'delivered') = 1") $(sql "SELECT count(*) FROM public.seen WHERE was = 'delivered'")" \
    "$((zombies * 3)) 0" "each notice was ended once, and not touched afterwards"
is "$(sql "SELECT count(*) FROM public.seen s JOIN monitor.delivery_attempt a ON a.outbox_id = s.id AND a.token = s.token WHERE s.became = 'delivered' AND a.outcome = 'ok'") $(sql "SELECT count(*) FROM public.seen s JOIN monitor.delivery_attempt a ON a.outbox_id = s.id AND a.token = s.token WHERE s.became = 'delivered' AND a.outcome <> 'ok'")" \
    "$((zombies * 3)) 0" "by the attempt that had the lease: a late report changed no row"
is "$(copies copies.py "channel = 'zombie'" 2>> "$work/copies.log")" "0 lost, 0 too often" "more than once only after an attempt of unknown outcome"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "no invariant is broken"
end_senders
sql 'DROP FUNCTION public.see CASCADE' > /dev/null 2>&1

# ---- the session that listens is ended (F5) ----

session() { sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'monitor-dispatch' AND datname = '$PGDATABASE'"; }
terminate() { sql "SELECT pg_terminate_backend($1)" > /dev/null; }
waits() { [ "$(sql "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'monitor-dispatch' AND wait_event_type = 'Lock' AND query LIKE '%dispatcher_beat%'")" = 1 ]; }
# a statement that stays open, to hold a lock; what is written to descriptor 3 is run
hold() {
    [ -e "$work/hold" ] || mkfifo "$work/hold"
    psql -XAtq < "$work/hold" > "$work/hold.out" 2>&1 &
    holder=$!
    exec 3> "$work/hold"
    echo "BEGIN; LOCK TABLE monitor.dispatcher IN ACCESS EXCLUSIVE MODE; SELECT 'held';" >&3
    until_true 30 grep -q held "$work/hold.out"
}
release() {
    exec 3>&-
    wait "$holder"
}
# It has said LISTEN and not looked yet: the notice and its notification fall in between, and the
# session with them.
between() {
    hold
    terminate "$(session)"
    until_true 30 waits
    uid=$(notice news)
    terminate "$(session)"
    release
}
# the session ends before the notification is sent
before_commit() {
    sql "WITH o AS (INSERT INTO monitor.outbox (idem_key, kind, channel, payload, next_attempt_at, expires_at) VALUES ('round $round', 'meta', 'news', '{\"alerts\": []}', now(), now() + interval '1 hour') RETURNING uid)
        SELECT uid, pg_notify('monitor_outbox', ''), pg_terminate_backend($(session)) FROM o" > "$work/uid"
    uid=$(cut -d '|' -f 1 "$work/uid")
}
# some time around the notification
around() {
    pid=$(session)
    (sleep "0.0$(random $round 10)"; terminate "$pid") &
    uid=$(notice news)
    wait $!
}
# nobody is polled for an hour: what is delivered was found after reconnecting, or notified
configure deaf 'allow_private = 127.0.0.1' 'lease = 3' 'poll_interval = 3600'
sender deaf deaf
round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    until_true 30 sql_is "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'monitor-dispatch' AND state = 'idle'" 1
    case $((round % 3)) in 0) how=around ;; 1) how=between ;; *) how=before_commit ;; esac
    $how
    until_true 60 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$uid'" delivered || { cat "$work/deaf.log"; break; }
    sql "SELECT '$how', extract(epoch FROM finished_at - created_at)::numeric(6, 3) FROM monitor.outbox WHERE uid = '$uid'" >> "$work/rounds"
done
is "$(grep -c . "$work/rounds")" "$rounds" "the session that listens ended between LISTEN and the first look, before a notification, and around it: delivered once it is connected again"
sort -t '|' -k 1,1 -k 2,2n "$work/rounds" | awk -F '|' '{ n[$1]++; most[$1] = $2 } END { for (how in n) print "# ended " how ": " n[how] " rounds (seeds 1 to '"$rounds"'), at most " most[how] " s" }'
end_senders
sender news a
until_true 30 sql_is "SELECT bool_or(listening) FROM monitor.dispatchers WHERE last_beat > now() - interval '2 seconds'" t
fill news 3
until_true 60 all_sent "channel = 'news'"
is "$(unfinished "channel = 'news'")" 0 "where a notification is lost, the outbox is looked at all the same"
# as if the sender had claimed it, and the connection had died before it was told
psql -XAtq -v ON_ERROR_STOP=1 > /dev/null <<'SQL'
BEGIN;
INSERT INTO monitor.outbox (idem_key, kind, channel, payload, next_attempt_at, expires_at) VALUES ('claimed, and not told', 'meta', 'news', '{"alerts": []}', now() - interval '1 hour', now() + interval '1 hour');
SELECT monitor.dispatcher_claim(instance, 1, '3 seconds') FROM monitor.dispatcher ORDER BY last_beat DESC LIMIT 1;
COMMIT;
SQL
until_true 60 all_sent "channel = 'news'"
is "$(sql "SELECT concat_ws(' ', state, attempts) FROM monitor.outbox WHERE idem_key = 'claimed, and not told'")" "delivered 2" "a claim whose answer was lost is not kept by a sender that lives: its lease runs out"
is "$(copies copies.py "channel = 'news'" 2>> "$work/copies.log")" "0 lost, 0 too often" "nothing twice without need"
end_senders

# ---- a pooler of transactions ----

pooled() {
    mkdir "$work/bouncer"
    ! is_root || chown "$(server_user)" "$work/bouncer"
    cat > "$work/bouncer.ini" <<INI
[databases]
$PGDATABASE = host=$PGHOST port=$PGPORT user=e2e_dispatch
[pgbouncer]
listen_port = 6432
unix_socket_dir = $work/bouncer
auth_type = any
pool_mode = transaction
logfile = $work/bouncer/log
pidfile = $work/bouncer/pid
INI
    as_server env LD_LIBRARY_PATH="$(echo "$1"/usr/lib/*-linux-gnu)" "$1/usr/sbin/pgbouncer" -d "$work/bouncer.ini"
    until_true 30 test -s "$work/bouncer/pid"
    configure pooled 'allow_private = 127.0.0.1' 'poll_interval = 1' "connection = host=$work/bouncer port=6432 dbname=$PGDATABASE user=e2e_dispatch"
    sender pooled pooled --instance pooled
    until_true 60 grep -q 'notifications' "$work/pooled.log"
    like "$(cat "$work/pooled.log")" 'notifications do not arrive: is there a pooler' "behind a pooler of transactions it sees that notifications do not arrive"
    uid=$(notice news)
    until_true 60 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$uid'" delivered
    is "$(state "$uid") $(sql "SELECT bool_or(listening) FROM monitor.dispatchers WHERE instance LIKE 'pooled.%'")" "delivered f" "and looks by itself"
}
peers_dir=$(scripts/peers.sh) && pooled "$peers_dir"
cat "$work/copies.log"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "no invariant is broken"
echo "1..$n"
