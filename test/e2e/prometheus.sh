#!/bin/sh
# prometheus.sh: Debian's Prometheus and monitor-dispatch tell the same Alertmanager of the same trouble: how each
# posts it, what the receiver hears, and what Alertmanager, scraped by Prometheus, says that it received.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh
. test/e2e/lib/alertmanager.sh

# ---- Alertmanager, what is between it and its clients, and Prometheus ----

peer http http_faults.py
cat > "$work/am.yml" <<YML
route: {receiver: sink, group_by: [model], group_wait: 4s, group_interval: 1s}
receivers: [{name: sink, webhook_configs: [{url: 'http://127.0.0.1:$(port http)/from-alertmanager/200', send_resolved: true}]}]
YML
alertmanager am
mkdir "$work/relay"
# drift VALUE: what Prometheus scrapes
drift() {
    printf 'model_drift_psi{model="both",feature="x"} %s\n' "$1" > "$work/relay/metrics.new"
    mv "$work/relay/metrics.new" "$work/relay/metrics"
}
drift 0.05
peer relay alert_relay.py "$(cat "$work/am.port")"
cat > "$work/rules.yml" <<'YML'
groups:
- name: models
  rules:
  - alert: shift
    expr: model_drift_psi > 0.25
    labels: {severity: critical, metric: drift.psi}
    annotations: {summary: what the model sees has changed, description: '{{ $labels.feature }} is at {{ $value }}'}
YML
cat > "$work/prometheus.yml" <<YML
global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s}
rule_files: ['$work/rules.yml']
alerting: {alertmanagers: [{path_prefix: /prometheus, static_configs: [{targets: ['127.0.0.1:$(port relay)']}]}]}
scrape_configs:
- {job_name: models, static_configs: [{targets: ['127.0.0.1:$(port relay)']}]}
- {job_name: alertmanager, scrape_interval: 1s, scrape_timeout: 500ms, static_configs: [{targets: ['127.0.0.1:$(cat "$work/am.port")']}]}
YML
free_port > "$work/prometheus.port"
"$private/usr/bin/prometheus" --config.file "$work/prometheus.yml" --storage.tsdb.path "$work/tsdb" --web.listen-address "127.0.0.1:$(cat "$work/prometheus.port")" \
    --rules.alert.resend-delay 2s > "$work/prometheus.log" 2>&1 &
peers="${peers:-} $!"

prepare monitor_prometheus
models both bad
channel am alertmanager "{\"url\": \"http://127.0.0.1:$(port relay)/monitor\", \"dashboard_url\": \"https://grafana.example.org/d/monitor?var-model={model}\"}"
sql "UPDATE monitor.alert_rule SET annotations = '{\"summary\": \"what the model sees has changed\"}'; SELECT monitor.create_route('am', group_interval => '0')" > /dev/null
printf 'connection = dbname=%s\nallow_private = 127.0.0.1\nlease = 4\npoll_interval = 1\n' "$PGDATABASE" > "$work/am.conf"
sender am am
until_true 60 asks prometheus /-/ready

# posts WHO STATE: how many posts of the alert there were, firing or ended
posts() {
    /usr/bin/python3 - "$work/relay/posts.jsonl" "$1" "$2" <<'PY'
import json, sys
sys.path.insert(0, "test/peers")
from compare_posts import fires, read
print(sum(fires(p["at"], a) == (sys.argv[3] == "firing") for p in read(sys.argv[1]) if p["who"] == sys.argv[2] for a in p["alerts"] if a["labels"]["model"] == "both"))
PY
}
posted() { [ "$(posts "$1" "$2")" -ge "$3" ]; }

# ---- one trouble, told by both ----

drift 0.4
until_true 60 posted prometheus firing 1
look both critical x
until_true 60 posted monitor firing 1
tells_both() { told both | grep -q '+x,+x$'; }
until_true 60 tells_both
like "$(told both)" '(^| )\+x,\+x$' "the alert of Prometheus and monitor's are told of together"
minute_passes
until_true 60 posted monitor firing 2
until_true 60 posted prometheus firing 2
drift 0.05
look both ok x
until_true 60 posted monitor resolved 1
until_true 60 posted prometheus resolved 2
minute_passes
until_true 60 posted monitor resolved 2
ends() { told both | tr -s ', ' '\n' | grep -c '^-x'; }
both_ended() { [ "$(ends)" = 2 ]; }
until_true 60 both_ended
sleep 2
is "$(ends)" 2 "and the end of each, once, though each posts it again"

# ---- how each posts it ----

/usr/bin/python3 test/peers/compare_posts.py alert "$work/relay/posts.jsonl" both > "$work/compared"
# posted_so NAME VALUE: this property of the posts
posted_so() { is "$(sed -n "s/^$1: //p" "$work/compared")" "$2" "$1: $2"; }
posted_so "posted while it fires, again, then ended" True
posted_so "labels" "alertname=shift feature=x metric=drift.psi model=both severity=critical"
posted_so "labels are the same in each, strings, none empty" True
posted_so "startsAt is the same in each" True
posted_so "startsAt is before it was posted" True
posted_so "endsAt moves on while it fires" True
posted_so "endsAt is ahead, in times that it is posted again" "[4]"
posted_so "endsAt of the end is past, after startsAt, the same in each" True
posted_so "the end is posted again" True
posted_so "annotations" "description summary"
# where they differ: Prometheus adds whence it scraped; it links to itself, we to the dashboard; our description says that it is over
posted_so "further labels" "none; Prometheus: instance job"
is "$(sed -n 's/^generatorURL: \(.*\); Prometheus: http.*/\1/p' "$work/compared")" "https://grafana.example.org/d/monitor" "generatorURL: our dashboard; Prometheus: itself"
posted_so "annotations change with the end" "True; Prometheus: False"
is "$(wc -l < "$work/compared")" 13 "each property was compared"

# ---- what Alertmanager says that it received ----

look bad critical x '10 minutes'
until_true 60 sql_is "SELECT count(*) FROM monitor.outbox WHERE state = 'dead'" 1
sleep 3 # scrapes, of which some are at no time of a post
/usr/bin/python3 test/peers/compare_posts.py metrics "$work/relay/posts.jsonl" "http://127.0.0.1:$(cat "$work/prometheus.port")" > "$work/metrics" 2> "$work/counts"
cat "$work/counts"
for what in firing resolved invalid; do
    is "$(sed -n "s/^$what: //p" "$work/metrics")" "as posted" "Alertmanager's count of $what alerts, scraped by Prometheus, is what was posted"
done
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "what must always be so is so"
echo "1..$n"
