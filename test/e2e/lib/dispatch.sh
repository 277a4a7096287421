# shellcheck shell=sh
# What tests of monitor-dispatch share: peers, channels, notices, configurations.
# Sourced by a script that has made $work, a directory.
: "${work:?}"

n=0
ok() { n=$((n + 1)); echo "ok $n - $1"; }
not_ok() { n=$((n + 1)); echo "not ok $n - $1: got $2"; }
is() { if [ "$1" = "$2" ]; then ok "$3"; else not_ok "$3" "$1"; fi; }
like() { if printf '%s\n' "$1" | grep -Eq "$2"; then ok "$3"; else not_ok "$3" "$1"; fi; }

sql() { psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }

# empty_database NAME: the one that all is done in
empty_database() {
    PGDATABASE=$1
    export PGDATABASE
    dropdb --if-exists --force "$1" 2>/dev/null
    createdb "$1"
}

# new_database NAME: with the extension, and the role that senders connect as
new_database() {
    empty_database "$1"
    psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = error;
DROP ROLE IF EXISTS e2e_dispatch;
CREATE EXTENSION monitor;
CREATE ROLE e2e_dispatch LOGIN;
SELECT monitor.grant_access('e2e_dispatch', 'dispatcher') \g /dev/null
SQL
}

# until_true SECONDS COMMAND...: waits; fails if it never comes true
until_true() {
    left=$(($1 * 10))
    shift
    until "$@"; do
        left=$((left - 1))
        [ $left -gt 0 ] || return 1
        sleep 0.1
    done
}

# sql_is QUERY VALUE
sql_is() { [ "$(sql "$1")" = "$2" ]; }

# peer NAME PROGRAM ARGUMENT...: starts it, remembers its process; its port is in $work/NAME/port
peer() {
    name=$1 program=$2
    shift 2
    /usr/bin/python3 "test/peers/$program" "$work/$name" "$@" > "$work/$name.log" 2>&1 &
    peers="${peers:-} $!"
    until_true 20 test -s "$work/$name/port" || { cat "$work/$name.log"; exit 1; }
}
port() { cat "$work/$1/port"; }

stop_peers() {
    # shellcheck disable=SC2086
    kill ${peers:-} ${senders:-} 2>/dev/null || true
}

# channel NAME KIND CONFIG
channel() { sql "SELECT monitor.create_channel('$1', '$2', '$3', rate_per_minute => 6000)" > /dev/null; }
# hook NAME STEPS [MORE]: a webhook to the sink, that answers by these steps
hook() { channel "$1" webhook "{\"url\": \"http://127.0.0.1:$(port http)/$1/$2\"${3:+, $3}}"; }

# notice CHANNEL [PAYLOAD]: has it sent; prints its id
notice() {
    sql "WITH o AS (INSERT INTO monitor.outbox (idem_key, kind, channel, payload, next_attempt_at, expires_at)
        VALUES (gen_random_uuid()::text, 'meta', '$1', jsonb_build_object('status', 'firing', 'at', now(), 'receiver', '$1', 'alerts', '[]'::jsonb,
            'title', 'défaillance', 'text', 'a défaillance of the model') || '${2:-{\}}'::jsonb, now(), now() + interval '1 hour') RETURNING uid)
        SELECT uid, pg_notify('monitor_outbox', '') FROM o" | cut -d '|' -f 1
}
# fill CHANNEL COUNT [BYTES]: so many notices at once, with a text of so many bytes; nobody is told
fill() {
    sql "INSERT INTO monitor.outbox (idem_key, kind, channel, payload, next_attempt_at, expires_at)
        SELECT gen_random_uuid()::text, 'meta', '$1', jsonb_build_object('status', 'firing', 'at', now(), 'receiver', '$1', 'alerts', '[]'::jsonb,
            'title', 'notice ' || i, 'text', repeat('x', ${3:-500})), now(), now() + interval '1 day' FROM generate_series(1, $2) AS i"
}
wake() { sql "SELECT pg_notify('monitor_outbox', '')"; }
state() { sql "SELECT state FROM monitor.outbox WHERE uid = '$1'"; }
# the outcomes of a notice's attempts, in turn
outcomes() { sql "SELECT string_agg(coalesce(a.outcome, '?'), ' ' ORDER BY a.attempt) FROM monitor.delivery_attempt a JOIN monitor.outbox o ON o.id = a.outbox_id WHERE o.uid = '$1'"; }
# attempt COLUMN NOTICE: of its last attempt
attempt() { sql "SELECT $1 FROM monitor.delivery_attempt a JOIN monitor.outbox o ON o.id = a.outbox_id WHERE o.uid = '$2' ORDER BY a.attempt DESC LIMIT 1"; }
# all retries are due now
hurry() { sql "UPDATE monitor.outbox SET next_attempt_at = now() WHERE state = 'retry'; UPDATE monitor.channel_state SET paused_until = NULL"; }
# unfinished CONDITION: how many notices are still to be sent
unfinished() { sql "SELECT count(*) FROM monitor.outbox WHERE state IN ('queued', 'retry', 'leased') AND ($1)"; }
# by indexes, if the condition is one of channels: it is asked often
all_sent() { sql_is "SELECT NOT EXISTS (SELECT FROM monitor.outbox WHERE state IN ('queued', 'retry') AND (${1:-true})) AND NOT EXISTS (SELECT FROM monitor.outbox WHERE state = 'leased' AND (${1:-true}))" t; }
# copies PROGRAM [CONDITION]: what test/peers/copies.py says of the notices and the sink's requests
copies() {
    sql "SELECT o.uid, o.state, (SELECT count(*) FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.outcome = 'unknown') FROM monitor.outbox o WHERE ${2:-true}" > "$work/outbox"
    /usr/bin/python3 "test/peers/$1" "$work/http/requests.jsonl" "$work/outbox"
}
requests() { grep -c "\"path\": \"/$1/" "$work/http/requests.jsonl" || true; }

# look_at CHANNEL MODEL...: models of which that channel is told, and look(MODEL, VERDICT), which
# writes a measurement and has the rules judge it
look_at() {
    to=$1
    shift
    psql -Xq -v ON_ERROR_STOP=1 <<SQL
SET client_min_messages = error;
CREATE TABLE public.p (at timestamptz, x double precision);
CREATE INDEX ON public.p (at);
INSERT INTO public.p SELECT now() - i * interval '20 minutes', i % 10 FROM generate_series(1, 6000) AS i;
SELECT monitor.create_model(m, source => 'public.p', time_column => 'at'), monitor.create_route('$to', model => m, group_interval => '0') FROM unnest(string_to_array('$*', ' ')) AS m \g /dev/null
UPDATE monitor.watermark SET closed_to = 'infinity';
UPDATE monitor.alert_rule SET policy.flap_half_life = '0';
CREATE FUNCTION public.look(of_model text, verdict text) RETURNS integer LANGUAGE sql AS \$\$
    INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, log_e_value, n_current, verdict)
    SELECT m.model_id, 'drift.psi', 'x', clock_timestamp() - interval '1 day', clock_timestamp(), 0.4, 0.4, 100, 1000, look.verdict FROM monitor.model m WHERE m.name = of_model;
    SELECT monitor._evaluate(m) FROM monitor.model m WHERE m.name = of_model \$\$;
SQL
}

# configure NAME LINE...: writes a configuration with these lines
configure() {
    file=$work/$1.conf
    shift
    printf '%s\n' "connection = dbname=$PGDATABASE user=e2e_dispatch" "secrets_dir = $work/secrets" "$@" > "$file"
}
# once NAME: drains what is due; its log is $work/once.log, its exit status in $status
# shellcheck disable=SC2034
once() {
    status=0
    timeout 60 monitor-dispatch --config "$work/$1.conf" --once > "$work/once.log" 2>&1 || status=$?
    cat "$work/once.log" >> "$work/all.log"
}
# sender NAME CONFIGURATION OPTION...: starts one that stays; its process is in $sender
sender() {
    log=$work/$1.log config=$work/$2.conf
    shift 2
    monitor-dispatch --config "$config" "$@" >> "$log" 2>&1 &
    sender=$!
    senders="${senders:-} $sender"
}
