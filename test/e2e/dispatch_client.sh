#!/bin/sh
# dispatch_client.sh: monitor-dispatch against peers that answer, refuse, stall and break off.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

if ! /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; then
    private=$(scripts/peers.sh) || { echo "ok 1 - peers # SKIP not on this system"; echo 1..1; exit 0; }
    export PYTHONPATH="$private/usr/lib/python3/dist-packages"
fi
PGDATABASE=monitor_dispatch
export PGDATABASE
dropdb --if-exists --force monitor_dispatch 2>/dev/null
createdb monitor_dispatch
work=$(mktemp -d) status=0
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
trap 'stop_peers; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = error;
DROP ROLE IF EXISTS e2e_dispatch, e2e_nobody;
CREATE EXTENSION monitor;
CREATE ROLE e2e_dispatch LOGIN;
CREATE ROLE e2e_nobody LOGIN;
SELECT monitor.grant_access('e2e_dispatch', 'dispatcher') \g /dev/null
SQL
peer http http_faults.py
peer tls http_faults.py --tls
peer smtp smtp_faults.py --auth me:mail-password-7
peer plain smtp_faults.py --no-starttls
mkdir "$work/secrets"
printf 'bearer-secret-4711\n' > "$work/secrets/bearer"
printf 'open-secret-0815\n' > "$work/secrets/open"
printf 'mail-password-7\n' > "$work/secrets/mail"
chmod 600 "$work"/secrets/*
chmod 644 "$work/secrets/open"
SIGNING=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw HOOK_URL=http://127.0.0.1:$(port http)/slack-secret-99/ok
export SIGNING HOOK_URL
configure loopback 'allow_private = 127.0.0.1, localhost' 'allow_http = 127.0.0.1' "ca_file = $work/tls/cert.pem" 'poll_interval = 60'
configure strict
configure patient 'allow_private = 127.0.0.1, localhost' 'allow_http = 127.0.0.1' 'lease = 3' 'poll_interval = 1'
configure mail 'allow_private = 127.0.0.1, localhost' "ca_file = $work/smtp/cert.pem"
configure plain_mail 'allow_private = 127.0.0.1, localhost' 'allow_plain_smtp = localhost'

# ---- options and exit codes ----

# exits STATUS DESCRIPTION OPTION...
exits() {
    want=$1 what=$2 status=0
    shift 2
    timeout 60 monitor-dispatch "$@" > "$work/out" 2>&1 || status=$?
    is $status "$want" "$what: exit status $want"
}
exits 0 "--help" --help
exits 0 "--version" --version
like "$(cat "$work/out")" "^monitor-dispatch $(sed -n "s/^default_version *= *'\(.*\)'/\1/p" monitor.control)" "it says its version"
exits 2 "an option that there is not" --nonsense
printf '# all is well\n\ncolour = red\n' > "$work/unknown.conf"
exits 2 "a setting that there is not" --config "$work/unknown.conf" --once
like "$(cat "$work/out")" 'line 3.*colour' "the setting and its line are named"
cp "$work/loopback.conf" "$work/open.conf"
chmod 666 "$work/open.conf"
exits 2 "a configuration that everybody may write" --config "$work/open.conf" --once
echo 'connection = host=/nowhere' > "$work/nowhere.conf"
exits 4 "no server" --config "$work/nowhere.conf" --once
echo "connection = dbname=$PGDATABASE user=e2e_nobody" > "$work/nobody.conf"
exits 5 "a role without rights" --config "$work/nobody.conf" --once
exits 0 "nothing to do" --config "$work/loopback.conf" --once

# ---- webhooks ----

hook good 200 '"secret": "env:SIGNING", "bearer": "file:bearer"'
notice=$(notice good)
once loopback
is "$status $(state "$notice")" "0 delivered" "a notice is delivered"
line=$(grep '"path": "/good/' "$work/http/requests.jsonl")
is "$(/usr/bin/python3 test/peers/verify_sent.py signature "$SIGNING" "$line")" yes "its signature is right"
like "$line" "\"webhook-id\": \"$notice\"" "webhook-id is the notice's"
like "$line" '"authorization": "Bearer bearer-secret-4711"' "the bearer's token is sent"
like "$line" '"user-agent": "monitor-dispatch/' "and the name of the program"
is "$(requests good)" 1 "it was sent once"

# answer NAME STEPS STATE OUTCOMES WHAT: what becomes of a notice that is answered so, after two rounds
answer() {
    hook "$1" "$2" '"timeout_seconds": 2'
    notice=$(notice "$1")
    once loopback
    hurry
    once loopback
    is "$(state "$notice"): $(outcomes "$notice")" "$3: $4" "$5"
}
answer failing 500/200 delivered "retry ok" "500 is tried again"
answer accepted 202 delivered ok "202 is good"
answer moved redirect dead permanent "a redirection is not followed"
is "$(requests redirected)" 0 "not even once"
answer gone 410 dead permanent "410 is final"
is "$(sql "SELECT state FROM monitor.channel_state WHERE name = 'gone'")" disabled "and disables the channel"
answer resetting reset/200 delivered "unknown ok" "a reset after the request may have arrived"
answer closing drop/200 delivered "unknown ok" "so may one that gets no answer"
answer hanging hang/200 delivered "unknown ok" "so may one that waits in vain"
answer dripping slow/200 delivered "ok" "a status that came counts, however slow the rest is"
answer long huge delivered ok "8 MB of answer are not waited for"
answer binary garbage delivered ok "bytes that are no text do no harm"
hook busy '429;retry-after=3/200'
notice=$(notice busy)
once loopback
is "$(outcomes "$notice") $(attempt 'retry_after::integer' "$notice")" "retry 3" "Retry-After in seconds"
is "$(sql "SELECT paused_until > now() FROM monitor.channel_state WHERE name = 'busy'")" t "pauses the channel"
hook dated '503;date=100/200'
notice=$(notice dated)
once loopback
is "$(attempt 'retry_after BETWEEN 95 AND 100' "$notice")" t "Retry-After as a date"
hurry
once loopback

# ---- TLS ----

channel trusted webhook "{\"url\": \"https://localhost:$(port tls)/trusted/200\"}"
notice=$(notice trusted)
once patient
is "$(outcomes "$notice") $(attempt curl_code "$notice")" "retry 60" "a certificate that nobody vouches for is refused"
hurry
once loopback
is "$(state "$notice")" delivered "with ca_file it is trusted"

# ---- where requests may go ----

hook private 200
notice=$(notice private)
once strict
is "$(outcomes "$notice") $(attempt curl_code "$notice")" "retry -1" "a private address is refused"
like "$(attempt error "$notice")" allow_private "the setting that would allow it is named"
is "$(requests private)" 0 "nothing was sent"
channel metadata webhook '{"url": "https://169.254.169.254/latest"}'
notice=$(notice metadata)
hurry
once loopback
like "$(attempt error "$notice")" allow_private "so is that of other networks than the allowed"
channel unencrypted webhook '{"url": "http://10.255.255.1/hook"}'
configure no_http 'allow_private = 10.0.0.0/8'
notice=$(notice unencrypted)
hurry
once no_http
is "$(attempt curl_code "$notice")" -1 "plain HTTP to another machine is refused"
like "$(attempt error "$notice")" allow_http "with the setting that would allow it"
sql "SELECT monitor.drop_channel('metadata'), monitor.drop_channel('private'), monitor.drop_channel('unencrypted')" > /dev/null
hook proxied 200
notice=$(notice proxied)
http_proxy=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 monitor-dispatch --config "$work/loopback.conf" --once 2>> "$work/all.log"
is "$(state "$notice")" delivered "a proxy of the environment is not used"

# ---- secrets ----

# local NAME CONFIG PATTERN WHAT: refused before anything is sent
local_refusal() {
    hook "$1" 200 "$2"
    notice=$(notice "$1")
    once loopback
    is "$(attempt curl_code "$notice") $(requests "$1")" "-1 0" "$4: nothing is sent"
    like "$(attempt error "$notice")" "$3" "$4: the error says so"
    sql "SELECT monitor.drop_channel('$1')" > /dev/null
}
local_refusal missing '"bearer": "env:NOT_SET_AT_ALL"' NOT_SET_AT_ALL "a variable that is not set"
local_refusal nofile '"bearer": "file:nothing"' nothing "a file that is not there"
local_refusal readable '"bearer": "file:open"' '0600' "a secret that all may read"
SHORT=short
export SHORT
local_refusal short '"secret": "env:SHORT"' '24' "a signing secret that is too short"
hook echoing echo '"secret": "env:SIGNING", "bearer": "file:bearer", "timeout_seconds": 5'
notice=$(notice echoing)
once loopback
like "$(attempt error "$notice")" '\*\*\*' "secrets that come back are blanked"

# ---- slack and pagerduty ----

channel slack slack '{"url": "env:HOOK_URL"}'
notice=$(notice slack)
once loopback
is "$(state "$notice") $(requests slack-secret-99)" "delivered 1" "Slack's webhook, its URL a secret"
HOOK_URL=http://127.0.0.1:$(port http)/slack-secret-99/invalid_payload
notice=$(notice slack)
once loopback
is "$(state "$notice")" dead "Slack's refusals come with status 200"
export ROUTING='key-31337'
channel pager pagerduty "{\"routing_key\": \"env:ROUTING\", \"url\": \"http://127.0.0.1:$(port http)/pager/202\"}"
notice=$(notice pager)
once loopback
is "$(state "$notice")" delivered "PagerDuty accepts"
is "$(grep '"path": "/pager/' "$work/http/requests.jsonl" | /usr/bin/python3 -c 'import json, sys; b = json.loads(json.loads(sys.stdin.read())["body"]); print(b["routing_key"], b["event_action"])')" \
    "$ROUTING trigger" "the routing key is in the event"

# ---- e-mail ----

login='"username": "me", "password": "file:mail"'
# mailbox NAME ADDRESSES [SERVER [MORE]]
mailbox() { channel "$1" email "{\"url\": \"smtp://localhost:$(port "${3:-smtp}")\", \"from\": \"monitor@example.org\", \"to\": $2${4:+, $4}}"; }
plot='{"plot": {"title": "income", "labels": ["below 10", "10 to 20", "élevé"], "reference": [0.5, 0.3, 0.2], "current": [0.1, 0.3, 0.6], "text": "Most of it is in élevé."}}'
kept() { grep -c "\"file\"" "$work/$1/messages.jsonl" 2>/dev/null || true; }
mailbox mail '["a@example.org", "b@example.org"]' smtp "$login"
notice=$(notice mail "$plot")
once mail
is "$(state "$notice"): $(attempt smtp_code "$notice")" "delivered: 250" "a message is delivered, by STARTTLS and with a password"
is "$(/usr/bin/python3 test/peers/verify_sent.py mail "$work/smtp/1.eml")" yes "it is well-formed, in French, with a picture"
like "$(cat "$work/smtp/messages.jsonl")" '"tls": true, "auth": "me"' "it was encrypted"
mailbox later '"x+data451+drop+ok@example.org"' smtp "$login"
notice=$(notice later)
for _ in 1 2 3; do
    hurry
    once mail
done
is "$(state "$notice"): $(outcomes "$notice")" "delivered: retry unknown ok" "451 is tried again, and so is what may have arrived"
is "$(grep -h -i '^message-id:' "$work"/smtp/[234].eml | sort | uniq -c | awk '{ print $1 }')" 3 "with the same Message-ID"
mailbox partly '["gone+rcpt550@example.org", "there@example.org"]' smtp "$login"
notice=$(notice partly)
once mail
is "$(state "$notice")" delivered "one of two recipients is refused: the other one is told"
mailbox refused '"gone+rcpt550@example.org"' smtp "$login"
notice=$(notice refused)
once mail
is "$(state "$notice"): $(attempt smtp_code "$notice")" "dead: 550" "the only recipient is refused"
mailbox badly '"x+data550@example.org"' smtp "$login"
notice=$(notice badly)
once mail
is "$(state "$notice"): $(attempt smtp_code "$notice")" "dead: 550" "the message is refused"
mailbox clinging '"x+cling@example.org"' smtp "$login"
notice=$(notice clinging)
began=$(date +%s)
once mail
is "$(state "$notice"): $(($(date +%s) - began < 8))" "delivered: 1" "a server that does not answer QUIT holds nobody up"
mailbox stranger '"x@example.org"' smtp '"username": "me", "password": "file:bearer"'
notice=$(notice stranger)
once mail
is "$(attempt smtp_code "$notice")" 535 "the password is wrong"
mailbox untls '"x@example.org"' plain
notice=$(notice untls)
once mail
is "$(state "$notice"): $(kept plain)" "retry: 0" "a server without STARTTLS gets no message"
mailbox naked '"x@example.org"' plain '"starttls": "none"'
notice=$(notice naked)
hurry
once plain_mail
is "$(state "$notice"): $(kept plain)" "delivered: 1" "unless that is wanted and allowed"
mailbox evil '"x@example.org"' smtp "$login"
notice=$(notice evil '{"title": "a title\r\nBcc: eve@example.org\r\n\r\nand a body"}')
once mail
is "$(state "$notice"): $(for f in "$work"/smtp/*.eml; do sed '/^\r*$/q' "$f"; done | grep -c '^Bcc:')" "delivered: 0" "line breaks make no headers"
is "$(grep -c eve@example.org "$work/smtp/messages.jsonl" || true)" 0 "and no recipients"

# ---- a sender that stays ----

sql "UPDATE monitor.channel SET enabled = false" > /dev/null
hook live 200
sender daemon loopback --instance e2e
until_true 10 sql_is "SELECT bool_or(listening) FROM monitor.dispatchers WHERE instance LIKE 'e2e%'" t
is $? 0 "notifications reach it"
notice=$(notice live)
until_true 3 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" delivered
is $? 0 "it is woken, long before it would poll"
sql "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'e2e_dispatch'" > /dev/null
notice=$(notice live)
until_true 20 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" delivered
is $? 0 "it connects again when its connection is gone"
hook lasting 'sleep;2'
notice=$(notice lasting)
until_true 10 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" leased
echo 'colour = red' >> "$work/loopback.conf"
kill -HUP $sender
sleep 0.3
is "$(kill -0 $sender && echo alive)" alive "a bad configuration is not taken at SIGHUP"
like "$(cat "$work/daemon.log")" colour "and the log says so"
kill -TERM $sender
status=0
wait $sender || status=$?
is "$status $(state "$notice")" "0 delivered" "SIGTERM lets it finish what is in flight"
sed -i '/colour/d' "$work/loopback.conf"

# ---- more than one, and one that dies ----

hook many 200
for _ in $(seq 30); do notice many > /dev/null; done
sender one patient --instance one
one=$sender
sender two patient --instance two
until_true 30 sql_is "SELECT count(*) FROM monitor.outbox WHERE channel = 'many' AND state = 'delivered'" 30
is "$? $(requests many)" "0 30" "two senders deliver each notice once"
kill -TERM $one $sender
wait $one $sender
hook doomed 'sleep;30/200' '"timeout_seconds": 90'
notice=$(notice doomed)
sender victim patient --instance victim
until_true 10 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" leased
sleep 0.5
kill -KILL $sender
wait $sender 2>/dev/null
sender heir patient --instance victim
until_true 30 sql_is "SELECT state FROM monitor.outbox WHERE uid = '$notice'" delivered
is "$(state "$notice"): $(outcomes "$notice")" "delivered: unknown ok" "what a killed sender had begun is sent by the next, though it has the same name"
kill -TERM $sender
wait $sender

# ---- --check ----

sql "UPDATE monitor.channel SET enabled = name IN ('live', 'trusted')" > /dev/null
exits 0 "--check, and all is well" --config "$work/loopback.conf" --check
like "$(cat "$work/out")" live "it names the channels"
sql "UPDATE monitor.channel SET enabled = true WHERE name = 'echoing'" > /dev/null
exits 1 "--check, and a channel fails" --config "$work/loopback.conf" --check

# ---- no secret anywhere ----

pg_dump -a --table='monitor.*' > "$work/dump.sql" 2>/dev/null || true
sql "COPY monitor.outbox TO STDOUT; COPY monitor.delivery_attempt TO STDOUT; COPY monitor.channel_state TO STDOUT" >> "$work/dump.sql"
is "$(cat "$work"/*.log "$work/out" "$work/dump.sql" | grep -cE 'bearer-secret-4711|open-secret-0815|mail-password-7|MfKQ9r8GKYqr|slack-secret-99|31337' || true)" 0 \
    "no secret is in a table or in a log"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "what must always be so is so"
echo "1..$n"
