#!/bin/sh
# alertmanager.sh [SECONDS [...]]: Debian's Alertmanager keeps an alert while it fires, and its receiver hears of
# the end once, though Alertmanager is killed, forgets, or is away.  Given a number of seconds, it is killed at
# chosen moments of new alerts for so long.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

campaign=${1:-0}
. test/e2e/lib/alertmanager.sh

peer http http_faults.py
# each alert is told of alone, at once; of model "ended" the second notice waits so long that it is never seen
cat > "$work/am.yml" <<YML
route:
  receiver: sink
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
  routes: [{receiver: sink, matchers: ['model=~"ended.*"'], group_interval: 1h}]
receivers: [{name: sink, webhook_configs: [{url: 'http://127.0.0.1:$(port http)/from-alertmanager/200', send_resolved: true}]}]
YML
prepare monitor_alertmanager
models kept quiet ended down empty gone batch severity notes
alertmanager am
channel am alertmanager "{\"url\": \"http://127.0.0.1:$(cat "$work/am.port")\"}"
channel mail webhook "{\"url\": \"http://127.0.0.1:$(port http)/fallback/200\"}"
sql "UPDATE monitor.channel SET fallback = 'mail' WHERE name = 'am'; SELECT monitor.create_route('am', '[\"model!=batch\"]', group_interval => '0')" > /dev/null
# four notices at a time, as channels have by default
sql "SELECT monitor.create_channel('slow', 'alertmanager', '{\"url\": \"http://127.0.0.1:$(cat "$work/am.port")\"}', fallback => 'mail', rate_per_minute => 240);
    SELECT monitor.create_route('slow', '{\"model\": \"batch\"}', group_interval => '0')" > /dev/null
printf 'connection = dbname=%s\nallow_private = 127.0.0.1\nlease = 4\npoll_interval = 1\n' "$PGDATABASE" > "$work/am.conf"
sender am am

# ---- what can happen to it ----

# written: what Alertmanager told is in its storage; the second time it looks it has begun after now
written() {
    for _ in 1 2; do
        touch "$work/now"
        until_true 30 newer || return 1
        sleep 0.05
    done
}
newer() { [ -n "$(find "$work/am.data/nflog" -newer "$work/now" 2>/dev/null)" ]; }
killed() { kill -9 "$alertmanager"; wait "$alertmanager" 2>/dev/null; }
has() { [ "$(asks am /api/v2/alerts "sum(1 for a in d if a['labels']['model'] == '$1')")" = "$2" ]; }
undelivered() { sql "SELECT count(*) FROM monitor.outbox WHERE state IN ('queued', 'retry', 'leased')"; }
all_delivered() { [ "$(undelivered)" = 0 ]; }

# killed_while_firing MODEL: it comes back with what it had stored, and is told again of what still fires
killed_while_firing() {
    look "$1" critical x
    until_true 30 told_is "$1" +x
    written
    killed
    alertmanager am
    minute_passes
    until_true 30 has "$1" 1
    sleep 1 # for a second notice of the alert, if there were one
    look "$1" ok x
    until_true 30 told_is "$1" "+x -x"
}
# killed_before_it_told MODEL: it took the end, and is killed before its receiver heard of it
killed_before_it_told() {
    look "$1" critical x
    until_true 30 told_is "$1" +x
    written
    look "$1" ok x
    until_true 30 all_delivered
    killed
    alertmanager am
    minute_passes
    until_true 30 told_is "$1" "+x -x"
}
# away_at_the_end MODEL: it is away when the alert ends
away_at_the_end() {
    look "$1" critical x
    until_true 30 told_is "$1" +x
    written
    killed
    look "$1" ok x
    until_true 30 sql_is "SELECT count(*) > 0 FROM monitor.outbox WHERE state = 'retry'" t
    alertmanager am
    hurry
    until_true 30 told_is "$1" "+x -x"
}
# forgot_all MODEL: it comes back with nothing, so its receiver hears of the alert again, and of its end once
forgot_all() {
    look "$1" critical x
    until_true 30 told_is "$1" +x
    killed
    rm -rf "$work/am.data"
    alertmanager am
    minute_passes
    until_true 30 told_is "$1" "+x +x"
    look "$1" ok x
    until_true 30 told_is "$1" "+x +x -x"
}

# of what is told of at the same time either may come first
sorted() { told "$1" | tr ' ' '\n' | sort | paste -sd ' '; }
told_all() { [ "$(sorted "$1")" = "$2" ]; }

# ---- keeping alive ----

look kept critical x
until_true 30 told_is kept +x
before=$(asks am /api/v2/alerts "(d[0]['startsAt'], d[0]['endsAt'])")
is "$(sql "SELECT bool_and(g.next_flush_at < '$(asks am /api/v2/alerts "d[0]['endsAt']")'::timestamptz - interval '2 minutes') FROM monitor.notify_group g")" t \
    "an alert is posted again two minutes or more before Alertmanager would end it"
minute_passes
until_true 30 sql_is "SELECT count(*) FROM monitor.outbox WHERE state = 'delivered'" 2
is "$(asks am /api/v2/alerts "[d[0]['startsAt'] == begun and d[0]['endsAt'] > end for begun, end in [$before]][0]")" True "posted again, its beginning is the same and its end is later"

# Alertmanager would end what is not posted again: who keeps a notice back does not say that the alert is over
later() { [ "$(asks am /api/v2/alerts "[a['endsAt'] > '$before' for a in d if a['labels']['model'] == '$1' and a['labels']['feature'] == 'x'][0]")" = True ]; }
# goes_on MODEL WHY
goes_on() {
    before=$(asks am /api/v2/alerts "[a['endsAt'] for a in d if a['labels']['model'] == '$1' and a['labels']['feature'] == 'x'][0]")
    minute_passes
    until_true 30 later "$1"
    is "$(later "$1" && echo later)" later "$2, an alert that fires is posted again"
}
look quiet warning x
until_true 30 told_is quiet +x:warning
sql "SELECT monitor.acknowledge(alert) FROM monitor.alerts WHERE model = 'quiet'" > /dev/null
goes_on quiet acknowledged
sql "SELECT monitor.unacknowledge(alert), monitor.create_silence('{\"model\": \"quiet\"}', 'known', '1 hour') FROM monitor.alerts WHERE model = 'quiet'" > /dev/null
goes_on quiet silenced
look quiet critical x
goes_on quiet "silenced, and worse"
is "$(told quiet)" +x:warning "and its receiver hears nothing of that"
sql "SELECT monitor.expire_silence(silence_id) FROM monitor.silences" > /dev/null
until_true 30 told_all quiet "+x +x:warning -x:warning"
is "$(sorted quiet)" "+x +x:warning -x:warning" "the silence over, it hears that it is worse"
sql "SELECT monitor.create_mute_timing('always', '[{\"times\": [\"00:00-24:00\"]}]'); UPDATE monitor.route SET mute = '{always}'" > /dev/null
goes_on quiet "in a mute timing"
sql "UPDATE monitor.route SET mute = '{}'" > /dev/null

written
killed
alertmanager am
minute_passes
until_true 30 has kept 1
sleep 1
is "$(told kept)" +x "killed while the alert fires, Alertmanager is given it again, and its receiver hears nothing twice"
look kept ok x
until_true 30 told_is kept "+x -x"
is "$(told kept)" "+x -x" "its end arrives"

# twice_later: when it would end moves on twice, by the clock alone
twice_later() {
    for _ in 1 2; do
        before=$(asks am /api/v2/alerts "[a['endsAt'] for a in d if a['labels']['model'] == 'alive'][0]")
        until_true 100 later alive || return 1
    done
}
if [ "$campaign" -ge 120 ]; then
    models alive
    look alive critical x
    until_true 30 told_is alive +x
    is "$(twice_later && told alive)" +x "over two minutes it is posted again each minute, and told of once"
fi

# ---- ends ----

killed_before_it_told ended
is "$(told ended)" "+x -x" "killed after it took the end and before it told: the end arrives once, as it is posted again"
away_at_the_end down
is "$(told down)" "+x -x" "away when the alert ended: the end arrives once it is back"
forgot_all empty
is "$(told empty)" "+x +x -x" "back with an empty storage: the alert is told of again, its end once"
# what it never told of, as far as it knows, has no end: docs/reliability.md has this among the limits
look gone critical x
until_true 30 told_is gone +x
killed
rm -rf "$work/am.data"
look gone ok x
alertmanager am
hurry
until_true 30 all_delivered
sleep 1
is "$(told gone)" +x "away when the alert ended, and back with an empty storage: it tells of no end"

# ---- a batch ----

# Alertmanager refuses what begins after it ends: a look of which the clock is ten minutes ahead
good=a,b,c,d,e,f,g,h,i,j
sql "BEGIN; SELECT public.look('batch', 'warning', '{$good}'); SELECT public.look('batch', 'critical', '{bad}', '10 minutes'); COMMIT" > /dev/null
until_true 30 all_delivered
until_true 30 has batch 10
is "$(sql "SELECT count(*) || ' ' || min(reason) FROM monitor.outbox WHERE kind = 'alert' AND state = 'cancelled' AND reason LIKE 'one of%'")" "1 one of its alerts was refused: each was sent alone" "a batch that is refused is split"
is "$(sorted batch)" "$(echo "$good" | tr ',' '\n' | sed 's/.*/+&:warning/' | paste -sd ' ')" "each good alert of it is told of, once"
is "$(sql "SELECT string_agg(DISTINCT state || ' ' || coalesce(a ->> 'feature', a -> 'labels' ->> 'feature'), ', ') FROM monitor.outbox o, jsonb_array_elements(o.payload -> 'alerts') AS a WHERE o.idem_key LIKE '%/%' AND o.state <> 'delivered'")" "dead bad" \
    "of the bad one the notice is dead"
until_true 30 sql_is "SELECT count(*) FROM monitor.outbox WHERE kind = 'meta' AND state = 'delivered'" 1
is "$(sql "SELECT count(*) FROM monitor.outbox WHERE kind = 'meta' AND state = 'delivered'")" 1 "and the fallback channel is told"

# ---- names that Alertmanager does not know ----

sql "UPDATE monitor.alert_rule r SET annotations = '{\"runbook-owner\": \"risk\", \"summary\": \"moved\"}' FROM monitor.model m WHERE m.model_id = r.model_id AND m.name = 'notes'"
look notes critical x
until_true 10 told_is notes +x
is "$(told notes)" +x "an annotation of which Alertmanager refuses the name does not keep an alert from it"
look notes ok x

# ---- what Alertmanager takes for another alert ----

look severity warning x
until_true 30 told_is severity +x:warning
look severity critical x
until_true 30 told_all severity "+x +x:warning -x:warning"
look severity warning x
until_true 30 all_delivered
minute_passes
until_true 30 told_all severity "+x +x:warning +x:warning -x -x:warning"
look severity ok x
until_true 30 has severity 0
sleep 1
is "$(sorted severity)" "+x +x:warning +x:warning -x -x:warning -x:warning" "of an alert that rises and falls in severity each end arrives, and nothing is left"
is "$(asks am /api/v2/alerts "sum(1 for a in d if a['labels']['model'] == 'severity')")" 0 "nothing of it is left in Alertmanager"

# ---- killed at chosen moments, for some time ----

# chosen NUMBER: what happens to the alert of this number
chosen() { echo killed_while_firing killed_before_it_told away_at_the_end forgot_all | cut -d ' ' -f "$(awk "BEGIN { srand($seed + $1); rand(); print 1 + int(4 * rand()) }")"; }
# as_meant HAPPENED MODEL: its receiver heard of the end once
as_meant() { [ "$(told "$2")" = "+x$([ "$1" = forgot_all ] && echo " +x") -x" ]; }

seed=${MONITOR_SEED:-$(date +%s)}
end=$(($(date +%s) + campaign))
number=0
: > "$work/happened"
while [ "$(date +%s)" -lt $end ]; do
    number=$((number + 1))
    happens=$(chosen $number)
    model=$([ "$happens" = killed_before_it_told ] && echo ended || echo model)$number
    models "$model"
    "$happens" "$model"
    echo "$happens $model" >> "$work/happened"
done > "$work/campaign.log"
if [ "$campaign" != 0 ]; then
    sleep 2
    wrong=$(while read -r happens model; do as_meant "$happens" "$model" || echo "$happens $model: $(told "$model");"; done < "$work/happened")
    echo "# seed $seed: $(cut -d ' ' -f 1 "$work/happened" | sort | uniq -c | tr -s ' \n' ' ')"
    is "$wrong" "" "killed, emptied or away at moments chosen by seed $seed under $number alerts: each end arrives once"
fi

# ---- all in all ----

is "$(told kept) | $(told ended) | $(told down) | $(told empty)" "+x -x | +x -x | +x -x | +x +x -x" "no end arrived twice"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "what must always be so is so"
echo "1..$n"
