#!/bin/sh
# alerts.sh [SECONDS [...]]: alerts reach a real mail server (TLS, AUTH) and a webhook, whatever breaks on the way.
# Given a number of seconds, dispatchers and the server are killed for so long.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

campaign=${1:-8}
peers=$(scripts/peers.sh) || { echo "ok 1 - peers # SKIP not on this system"; echo 1..1; exit 0; }
work=$(mktemp -d)
mkdir -p "$work/mail" "$work/secrets"
chmod 755 "$work"
started=
finish() {
    # shellcheck disable=SC2086
    kill $started 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
number=0
check() {
    number=$((number + 1))
    if [ "$1" = "$2" ]; then echo "ok $number - $3"; else echo "not ok $number - $3: got $1, not $2"; fi
}
sql() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }
until_true() {
    tries=0
    until [ "$(sql "SELECT $1")" = t ] || [ $tries -gt "${2:-100}" ]; do tries=$((tries + 1)); sleep 0.1; done
    [ $tries -le "${2:-100}" ]
}
dispatch() {
    status=0
    monitor-dispatch -c "$work/dispatch.conf" "$@" > "$work/run.log" 2>&1 || status=$?
}
wait_for() { tries=0; until [ -s "$1" ] || [ $tries -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done; cat "$1"; }
log=$work/http/requests.jsonl
requests() { wc -l < "$log"; }

# ---- peers ----
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
PYTHONPATH=$peers/usr/lib/python3/dist-packages python3 test/peers/smtp_sink.py "$work/smtp.port" "$work/mail" "$work/cert.pem" "$work/key.pem" > "$work/smtp.log" 2>&1 &
started="$started $!"
python3 test/peers/http_faults.py "$work/http" > "$work/sink.log" 2>&1 &
started="$started $!"
smtp=$(wait_for "$work/smtp.port")
http=$(wait_for "$work/http/port")

SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
printf '%s\n' correct-horse-battery-staple > "$work/secrets/smtp"
chmod 600 "$work/secrets/smtp"
cat > "$work/dispatch.conf" <<CONF
allow_private = 127.0.0.1
secrets_dir = $work/secrets
ca_file = $work/cert.pem
lease = 4
poll_interval = 2
CONF
export MONITOR_TEST_HOOK=$SECRET

# ---- a model whose looks we write ourselves ----
PGDATABASE=monitor_alerts
export PGDATABASE
dropdb --if-exists --force $PGDATABASE 2>/dev/null
createdb $PGDATABASE
psql -Xq -v ON_ERROR_STOP=1 <<SQL
SET client_min_messages = error;
CREATE EXTENSION monitor;
CREATE TABLE public.p (at timestamptz, x double precision);
CREATE INDEX ON public.p (at);
INSERT INTO public.p SELECT now() - i * interval '20 minutes', i % 10 FROM generate_series(1, 6000) AS i;
SELECT monitor.create_model(m, source => 'public.p', time_column => 'at') FROM unnest('{m1,m2,m4,m5}'::text[]) AS m \g /dev/null
UPDATE monitor.watermark SET closed_to = 'infinity';
-- one look: its verdict, and what the rules make of it
CREATE FUNCTION public.look(of_model text, verdict text) RETURNS integer LANGUAGE sql AS \$\$
    INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, log_e_value, n_current, verdict)
    SELECT m.model_id, 'drift.psi', 'x', clock_timestamp() - interval '1 day', clock_timestamp(), 0.4, 0.4, 100, 1000, look.verdict FROM monitor.model m WHERE m.name = of_model;
    SELECT monitor._evaluate(m) FROM monitor.model m WHERE m.name = of_model \$\$;
SELECT monitor.create_channel('mail', 'email', '{"url": "smtp://localhost:$smtp", "from": "monitor@example.org", "to": ["risk@example.org", "ops@example.org"], "username": "monitor", "password": "file:smtp", "dashboard_url": "https://grafana.example.org/d/monitor?var-model={model}"}') \g /dev/null
SELECT monitor.create_channel('hook', 'webhook', '{"url": "http://127.0.0.1:$http/hook/500/429;retry-after=2/reset/200/redirect/sleep;0.15", "secret": "env:MONITOR_TEST_HOOK"}', fallback => 'mail', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('inside', 'webhook', '{"url": "http://169.254.169.254/latest"}') \g /dev/null
SELECT monitor.create_route('mail', model => 'm1', group_interval => '0') \g /dev/null
SELECT monitor.create_route('hook', model => 'm2', group_interval => '0') \g /dev/null
SELECT monitor.create_route('inside', model => 'm4', group_interval => '0') \g /dev/null
SELECT monitor.create_route('hook', model => 'm5', group_interval => '0') \g /dev/null
SQL

# ---- --check ----
dispatch --check --channel mail
check $status 0 "--check sends a test through the mail server"
dispatch --check --channel inside
check "$status $(grep -c allow_private "$work/run.log")" "1 1" "--check names the setting that refuses a private address"
echo 'pol_interval = 3' > "$work/bad.conf"
dispatch -c "$work/bad.conf" --once
check "$status $(grep -c 'line 1: setting "pol_interval"' "$work/run.log")" "2 1" "an unknown setting is named"

# ---- mail ----
monitor-dispatch -c "$work/dispatch.conf" --instance first > "$work/first.log" 2>&1 &
dispatcher=$!
started="$started $dispatcher"
until_true "EXISTS (SELECT FROM monitor.dispatchers WHERE listening)" || true
sql "SELECT public.look('m1', 'critical')" > /dev/null
until_true "EXISTS (SELECT FROM monitor.deliveries WHERE kind = 'alert' AND state = 'delivered')" || true
check "$(sql "SELECT seconds < 1 FROM monitor.deliveries WHERE kind = 'alert' AND channel = 'mail'")" t "a notification wakes the dispatcher within a second"
sql "SELECT public.look('m1', 'ok')" > /dev/null
until_true "EXISTS (SELECT FROM monitor.deliveries WHERE kind = 'resolve' AND state = 'delivered')" || true
python3 - "$work/mail" > "$work/mail.txt" <<'PY'
import email, email.policy, glob, sys
alert, end = [email.message_from_binary_file(open(p, "rb"), policy=email.policy.default) for p in sorted(glob.glob(sys.argv[1] + "/*.eml"))[-2:]]
picture = [p for p in alert.walk() if p.get_content_type() == "image/png"]
print(alert["Subject"], "|", end["Subject"], "|", end["In-Reply-To"] == alert["Message-ID"], "|", "tls=True" in alert["X-Envelope"],
      "|", alert.get_body(("plain",)).get_content().count("x: PSI 0.4"), "|", "var-model=m1" in alert.get_body(("html",)).get_content())
PY
check "$(cat "$work/mail.txt")" "[CRITICAL] m1: drift (x) | [RESOLVED] m1: drift (x) | True | True | 1 | True" "the message, and its end in the same thread"

# ---- a webhook that has seen better days ----
sql "SELECT public.look('m2', 'critical')" > /dev/null
until_true "EXISTS (SELECT FROM monitor.deliveries WHERE channel = 'hook' AND state = 'delivered')" 300 || true
check "$(sql "SELECT string_agg(a.outcome, ',' ORDER BY a.attempt) FROM monitor.delivery_attempt a JOIN monitor.outbox o ON o.id = a.outbox_id WHERE o.channel = 'hook'")" retry,retry,unknown,ok "500 and 429 are retried, a reset may have arrived"
python3 - "$log" $SECRET > "$work/hook.txt" <<'PY'
import base64, hashlib, hmac, json, sys
log = [json.loads(line) for line in open(sys.argv[1])]
key = base64.b64decode(sys.argv[2][6:])
good = [("v1," + base64.b64encode(hmac.new(key, f"{r['headers']['webhook-id']}.{r['headers']['webhook-timestamp']}.{r['body']}".encode(), hashlib.sha256).digest()).decode()) == r["headers"]["webhook-signature"] for r in log]
print(len(log), all(good), len({r["id"] for r in log}), log[2]["at"] - log[1]["at"] >= 2, len({r["body"] for r in log}))
PY
check "$(cat "$work/hook.txt")" "4 True 1 True 1" "each attempt is signed, has the same id and body, and waits as long as it is told to"
sql "SELECT public.look('m2', 'ok')" > /dev/null
until_true "EXISTS (SELECT FROM monitor.deliveries WHERE channel = 'hook' AND state = 'dead')" || true
until_true "EXISTS (SELECT FROM monitor.deliveries WHERE kind = 'meta' AND state = 'delivered')" || true
check "$(sql "SELECT string_agg(kind || ' ' || channel || ' ' || state, ', ' ORDER BY created_at) FROM monitor.deliveries WHERE kind = 'meta' OR state = 'dead' AND kind <> 'test'")" \
    "resolve hook dead, meta mail delivered" "a redirect is not followed; the fallback is told"
sql "SELECT monitor.redrive(notice) FROM monitor.deliveries WHERE state = 'dead'" > /dev/null
until_true "NOT EXISTS (SELECT FROM monitor.deliveries WHERE channel = 'hook' AND state <> 'delivered')" || true
check "$(sql "SELECT count(*) FROM monitor.deliveries WHERE channel = 'hook' AND state = 'delivered'")" 2 "redriven, it arrives"

# ---- kept back ----
silence=$(sql "SELECT monitor.create_silence('{\"alertname\": \"drift\"}', 'known', '1 hour', model => 'm2')")
before=$(requests)
sql "SELECT public.look('m2', 'critical')" > /dev/null
sleep 1
check "$(($(requests) - before)) $(sql "SELECT kept_back_by FROM monitor.alerts WHERE model = 'm2' AND state = 'firing'")" "0 silence" "silenced, with the reason"
sql "SELECT monitor.expire_silence('$silence')" > /dev/null
until_true "EXISTS (SELECT FROM monitor.alerts WHERE model = 'm2' AND state = 'firing' AND told_at IS NOT NULL)" || true
check "$(($(requests) - before))" 1 "told once the silence is over"
kill "$dispatcher"
status=0
wait "$dispatcher" || status=$?
check $status 0 "SIGTERM ends the dispatcher"
# written, then silenced before it is sent
sql "SELECT public.look('m5', 'critical')" > /dev/null
sql "SELECT monitor.start_maintenance('m5', '1 hour', 'repairs')" > /dev/null
before=$(requests)
dispatch --once
check "$(($(requests) - before)) $(sql "SELECT state FROM monitor.deliveries WHERE 'm5' = ANY (models)")" "0 cancelled" "what was silenced since it was written is not sent"

# ---- killed at random; what comes and goes is told of each time ----
before=$(($(requests) + 1))
since=$(sql 'SELECT coalesce(max(id), 0) FROM monitor.outbox')
sql "SELECT monitor.expire_silence(silence_id) FROM monitor.silences WHERE state = 'active'; UPDATE monitor.channel_state SET state = 'ok', paused_until = NULL; UPDATE monitor.alert_rule SET policy.flap_half_life = '0'" > /dev/null
end=$(($(date +%s) + campaign))
looks=0
while [ "$(date +%s)" -lt $end ]; do
    for name in a b; do
        monitor-dispatch -c "$work/dispatch.conf" --instance $name > "$work/$name.log" 2>&1 &
        eval "pid_$name=$!"
    done
    for verdict in critical ok; do
        psql -XAtq -c "SELECT public.look('m5', '$verdict'), public.look('m2', '$verdict')" > /dev/null 2>&1 || true
        looks=$((looks + 1))
        sleep "0.$((looks * 37 % 60 + 10))"
    done
    # shellcheck disable=SC2154
    kill -9 "$pid_a" "$pid_b"
    wait "$pid_a" "$pid_b" 2>/dev/null || true
    if [ $((looks % 6)) = 0 ]; then
        psql -XAtq -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'monitor-dispatch'" > /dev/null
    fi
done
sql "SELECT public.look('m5', 'ok'), public.look('m2', 'ok')" > /dev/null
monitor-dispatch -c "$work/dispatch.conf" --instance last > "$work/last.log" 2>&1 &
started="$started $!"
until_true "NOT EXISTS (SELECT FROM monitor.outbox WHERE state IN ('queued', 'retry', 'leased') AND channel <> 'inside')" 300 || true
sql "SELECT o.uid, o.state, o.attempts, (SELECT count(*) FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.outcome = 'unknown') FROM monitor.outbox o WHERE o.channel = 'hook' AND o.id > $since" > "$work/outbox"
tail -n +"$before" "$log" > "$work/http.log"
python3 - "$work/http.log" "$work/outbox" "$looks" > "$work/kills.txt" <<'PY'
import collections, json, sys
rows = {r[0]: r for r in (line.strip().split("|") for line in open(sys.argv[2]))}
seen = collections.Counter(u for u in (json.loads(line)["id"] for line in open(sys.argv[1])) if u in rows)
lost = [u for u, r in rows.items() if r[1] == "delivered" and u not in seen]
copies = [u for u, n in seen.items() if n > 1 + int(rows[u][3])]
print(f"# {len(seen)} notices, {sum(seen.values())} requests, {sum(int(r[3]) for r in rows.values())} attempts of unknown outcome", file=sys.stderr)
print(len(lost), len(copies), len(seen) >= int(sys.argv[3]))
PY
check "$(cat "$work/kills.txt")" "0 0 True" "dispatchers killed: what counts as delivered was received, and more than one copy came only after an attempt of unknown outcome, with the same id"
check "$(sql "SELECT count(*) FROM monitor.outbox WHERE channel = 'hook' AND state NOT IN ('delivered', 'cancelled')")" 0 "dispatchers killed: every notice arrived or was replaced by a newer one"
check "$(sql "SELECT count(*) FROM monitor.check_invariants()")" 0 "no invariant is broken"

# ---- secrets ----
pg_dump > "$work/dump.sql"
check "$(cat "$work/dump.sql" "$work"/*.log | grep -c -e correct-horse -e "${SECRET#whsec_}")" 0 "no secret is in a table, a payload, a log or a dump"
echo "1..$number"
