#!/bin/sh
# dispatch_kills.sh [NOTICES]: a monitor-dispatch that kills itself at the worst moments, and a
# connection that dies without a word: every notice arrives, and more than once only where the
# database says that an attempt may have arrived.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

notices=${1:-6}
work=$(mktemp -d) status=0
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
trap 'stop_peers; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

new_database monitor_kills
peer http http_faults.py
configure kills 'allow_private = 127.0.0.1' 'lease = 3' 'poll_interval = 1'
version=$(monitor-dispatch --version | sed 's/.* //')
mkdir "$work/bin"
if ! gcc -std=gnu11 -O1 -g -D_GNU_SOURCE -DDISPATCH_FAILPOINTS -DMONITOR_VERSION="\"$version\"" -I"$("$PG_CONFIG" --includedir)" \
    src/dispatch/*.c -o "$work/bin/monitor-dispatch" -lcurl -lcrypto -lpng -lpq -lm > "$work/build.log" 2>&1; then
    cat "$work/build.log"
    not_ok "a build that kills itself" "errors of the compiler"
fi

# ---- killed at failpoints ----

outstanding() { sql "SELECT count(*) FROM monitor.outbox WHERE channel = '$1' AND state IN ('queued', 'retry', 'leased')"; }
# leases run out at once, and retries are due
hasten() {
    sql "UPDATE monitor.outbox SET lease_until = now() - interval '1 second' WHERE state = 'leased'" > /dev/null
    hurry > /dev/null
}
# die_at FAILPOINT PROBABILITY: until all is delivered; prints how often it died
die_at() {
    deaths=0 runs=0
    until [ "$(outstanding "$1")" = 0 ] || [ $runs -ge $((20 * notices)) ]; do
        runs=$((runs + 1)) status=0
        # at last it may live
        [ $runs -le $((10 * notices)) ] || set -- "$1" 0
        MONITOR_FAILPOINT=$1 MONITOR_FAILPOINT_PROBABILITY=$2 MONITOR_FAILPOINT_SEED=$runs \
            timeout 60 "$work/bin/monitor-dispatch" --config "$work/kills.conf" --once >> "$work/all.log" 2>&1 || status=$?
        [ $status -ne 137 ] || deaths=$((deaths + 1))
        hasten
    done
}
# count_copies PATH: what the sink got, against what the outbox says
count_copies() {
    /usr/bin/python3 - "$work/http/requests.jsonl" "$1" "$work/outbox" <<'PY'
import collections, json, sys
log = [json.loads(line) for line in open(sys.argv[1])]
seen = collections.Counter(r["headers"]["webhook-id"] for r in log if r["path"].startswith(sys.argv[2]))
for uid, state, unknown in (line.strip().split("|") for line in open(sys.argv[3])):
    if state != "delivered" or not 1 <= seen[uid] <= 1 + int(unknown):
        sys.exit("%s is %s, arrived %d times, %s unknown outcomes" % (uid, state, seen[uid], unknown))
print("all arrived")
PY
}
for point in after_claim:0.5 mid_request:0.1 after_response:0.15 before_finish:0.15; do
    name=${point%:*}
    hook "$name" 200 > /dev/null
    i=0
    while [ $i -lt "$notices" ]; do
        notice "$name" > /dev/null
        i=$((i + 1))
    done
    die_at "$name" "${point#*:}"
    echo "# $name: died $deaths times in $runs runs, each with a seed of its own"
    like "$deaths" '^[1-9]' "killed $name"
    sql "SELECT o.uid, o.state, count(*) FILTER (WHERE a.outcome = 'unknown') FROM monitor.outbox o JOIN monitor.delivery_attempt a ON a.outbox_id = o.id WHERE o.channel = '$name' GROUP BY o.uid, o.state" > "$work/outbox"
    is "$(count_copies "/$name/")" "all arrived" \
        "killed $name: every notice arrived, and more than once only after an attempt of unknown outcome"
done
is "$(sql "SELECT count(*) FROM monitor.check_invariants()")" 0 "no invariant is broken"

# ---- a connection that dies without a word ----

mkdir "$work/proxy"
peer proxy half_open.py "$PGHOST/.s.PGSQL.$PGPORT"
proxy=${peers##* }
hook silent 200 > /dev/null
configure silent 'allow_private = 127.0.0.1' "connection = host=127.0.0.1 port=$(port proxy) dbname=$PGDATABASE user=e2e_dispatch" 'poll_interval = 2'
sender silent silent --instance silent
until_true 10 sql_is "SELECT bool_or(listening) FROM monitor.dispatchers WHERE instance LIKE 'silent%'" t
is $? 0 "connected through a proxy, notifications arrive"
kill -USR1 "$proxy"
notice=$(notice silent)
until_true 30 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" delivered
is $? 0 "once its connection is dead it makes another, and delivers"
like "$(cat "$work/silent.log")" 'did not answer|do not arrive' "and the log says so"
echo "1..$n"
