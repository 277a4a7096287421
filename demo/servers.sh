#!/bin/sh
# A mail server and a webhook on loopback, for the demo's alerts; read by run.sh.  Sets smtp and
# http to their ports, empty where they cannot be had.
DEMO_WORK=$(mktemp -d)
DEMO_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
export DEMO_WORK DEMO_SECRET
mkdir "$DEMO_WORK/mail"
cat > "$DEMO_WORK/dispatch.conf" <<CONF
allow_private = 127.0.0.1
CONF
export smtp="" http="" servers=""

stop_servers() {
    # shellcheck disable=SC2086
    [ -z "$servers" ] || kill $servers 2>/dev/null || true
    rm -rf "$DEMO_WORK"
}
trap stop_servers EXIT

port_of() {
    tries=0
    until [ -s "$1" ] || [ $tries -gt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
    cat "$1"
}

if peers=$(../scripts/peers.sh) && command -v python3 >/dev/null; then
    PYTHONPATH=$peers/usr/lib/python3/dist-packages python3 ../test/peers/smtp_sink.py "$DEMO_WORK/smtp.port" "$DEMO_WORK/mail" > "$DEMO_WORK/smtp.log" 2>&1 &
    servers=$!
    python3 ../test/peers/http_faults.py "$DEMO_WORK/http" > "$DEMO_WORK/http.log" 2>&1 &
    servers="$servers $!"
    smtp=$(port_of "$DEMO_WORK/smtp.port")
    http=$(port_of "$DEMO_WORK/http/port")
else
    echo "A mail server for the demo could not be had: alerts are raised, and sent to nobody."
fi

show_messages() {
    [ -n "$http" ] || return 0
    echo
    echo "== What monitor-dispatch did =="
    cut -c1-150 "$DEMO_WORK/dispatch.log"
    echo
    echo "== The messages that the mail server received =="
    for mail in "$DEMO_WORK"/mail/*.eml; do
        python3 - "$mail" <<'PY'
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
for name in ("From", "To", "Subject", "Message-ID", "In-Reply-To"):
    if m[name]:
        print(f"{name}: {m[name]}")
pictures = [p for p in m.walk() if p.get_content_type() == "image/png"]
print(*(f"(a picture of {len(p.get_content())} bytes)" for p in pictures))
print(m.get_body(("plain",)).get_content())
print("-" * 80)
PY
    done
    echo "== What the webhook received: the same, signed =="
    python3 - "$DEMO_WORK/http/requests.jsonl" <<'PY'
import json, sys
for line in open(sys.argv[1]):
    request = json.loads(line)
    body = json.loads(request["body"])
    print(request["id"], request["headers"]["webhook-signature"][:14] + "...", body["type"], "-", body["data"]["title"])
PY
}
