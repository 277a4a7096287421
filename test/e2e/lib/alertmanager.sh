# shellcheck shell=sh
# What tests with the real Alertmanager share: models whose looks are written by the test, Alertmanager,
# and what its receiver heard.  Sourced once: it begins the test.
private=$(scripts/peers.sh) || { echo "ok 1 - peers # SKIP not on this system"; echo 1..1; exit 0; }
work=$(mktemp -d)
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
trap 'stop_peers; wait 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# prepare NAME: a database with the extension, and how looks are written
prepare() {
    empty_database "$1"
    psql -Xq -v ON_ERROR_STOP=1 <<SQL
SET client_min_messages = error;
CREATE EXTENSION monitor;
CREATE TABLE public.p (at timestamptz, x double precision);
CREATE INDEX ON public.p (at);
INSERT INTO public.p SELECT now() - i * interval '20 minutes', i % 10 FROM generate_series(1, 3000) AS i;
-- one look at some features: its verdict, and what the rule makes of it
CREATE FUNCTION public.look(of_model text, verdict text, features text[], ahead interval DEFAULT '0') RETURNS integer LANGUAGE sql AS \$\$
    INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, log_e_value, n_current, verdict)
    SELECT m.model_id, 'drift.psi', f, clock_timestamp() - interval '1 day', clock_timestamp() + ahead, 0.4, 0.4, 100, 1000, look.verdict FROM monitor.model m, unnest(features) AS f WHERE m.name = of_model;
    SELECT monitor._evaluate(m) FROM monitor.model m WHERE m.name = of_model \$\$;
SQL
}

# models NAME...: each with one rule, shift, that raises an alert of each feature by its verdicts alone
models() {
    psql -Xq -v ON_ERROR_STOP=1 -v names="$*" <<'SQL'
SET client_min_messages = error;
SELECT monitor.create_model(m, source => 'public.p', time_column => 'at') FROM unnest(string_to_array(:'names', ' ')) AS m \g /dev/null
SELECT monitor.drop_rule(model, rule) FROM monitor.alert_rules WHERE is_default \g /dev/null
SELECT monitor.create_rule('shift', m, 'drift.psi', '*', stale_after => 1000000) FROM unnest(string_to_array(:'names', ' ')) AS m \g /dev/null
-- what comes and goes within seconds is no flapping here
UPDATE monitor.alert_rule SET policy.flap_half_life = '0';
UPDATE monitor.watermark SET closed_to = 'infinity';
SQL
}

# look MODEL VERDICT FEATURE[,FEATURE...] [HOW FAR AHEAD]
look() { sql "SELECT public.look('$1', '$2', '{$3}', '${4:-0}')" > /dev/null; }

# what would be in a minute is now: groups tell again what they repeat
minute_passes() {
    sql "UPDATE monitor.group_member SET told_at = told_at - interval '1 minute';
        UPDATE monitor.notify_group SET last_sent_at = last_sent_at - interval '1 minute', next_flush_at = next_flush_at - interval '1 minute' RETURNING pg_notify('monitor_outbox', '')" > /dev/null
}

free_port() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# alertmanager NAME: starts it with $work/NAME.yml and the storage $work/NAME.data, at a port that stays the
# same; its process is in $alertmanager.  It writes what it told to its storage every second.
alertmanager() {
    [ -s "$work/$1.port" ] || free_port > "$work/$1.port"
    (cd "$private/usr/share/prometheus/alertmanager" && exec "$private/usr/bin/prometheus-alertmanager" --config.file "$work/$1.yml" --storage.path "$work/$1.data" \
        --data.maintenance-interval 1s --web.listen-address "127.0.0.1:$(cat "$work/$1.port")" --cluster.listen-address=) >> "$work/$1.log" 2>&1 &
    alertmanager=$!
    peers="${peers:-} $alertmanager"
    until_true 30 asks "$1" /-/ready || { tail "$work/$1.log"; exit 1; }
}

# asks NAME PATH [PYTHON]: a GET of Alertmanager's, or what an expression makes of its answer (d)
asks() {
    /usr/bin/python3 - "http://127.0.0.1:$(cat "$work/$1.port")$2" "${3:-}" <<'PY' 2>/dev/null
import json, sys, urllib.request
answer = urllib.request.urlopen(sys.argv[1], timeout=10).read().decode()
print(eval(sys.argv[2], {"d": json.loads(answer)}) if sys.argv[2] else answer)
PY
}

# told MODEL: what the receiver behind Alertmanager heard of a model, a word a notice: +feature firing, -feature resolved
told() { /usr/bin/python3 test/peers/heard.py "$work/http/requests.jsonl" "${receiver:-/from-alertmanager/}" "$1"; }
told_is() { [ "$(told "$1")" = "$2" ]; }
