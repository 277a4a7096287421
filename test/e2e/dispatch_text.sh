#!/bin/sh
# dispatch_text.sh: names that attack go through every kind of channel and are text where they
# arrive; addresses of the own machine and network are refused however they are written, and
# whatever name leads to them.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

if ! /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; then
    private=$(scripts/peers.sh) || { echo "ok 1 - peers # SKIP not on this system"; echo 1..1; exit 0; }
    export PYTHONPATH="$private/usr/lib/python3/dist-packages"
fi
work=$(mktemp -d) status=0
set +e # a test that fails does not end the others
. test/e2e/lib/dispatch.sh
trap 'stop_peers; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

new_database monitor_text
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = error;
CREATE TABLE public.p (at timestamptz, x double precision);
CREATE INDEX ON public.p (at);
INSERT INTO public.p SELECT now() - i * interval '20 minutes', i % 10 FROM generate_series(1, 600) AS i;
SQL
peer http http_faults.py
peer smtp smtp_faults.py --no-starttls
http=$(port http)
PD_KEY=routing-key-7c3e BEARER=bearer-91d2 SLACK=http://127.0.0.1:$http/slack/ok
# a secret that would begin a header of its own
BROKEN=$(printf 'abc\r\nX-Evil: 1')
export PD_KEY BEARER SLACK BROKEN

# ---- names ----

psql -Xq -v ON_ERROR_STOP=1 <<SQL
SET client_min_messages = error;
CREATE TABLE public.attack AS SELECT n, a FROM unnest(ARRAY[
    E'x\r\nBcc: all@example.org', E'x\nX-Evil: 1\n\nbody', E'x\r\n.\r\nMAIL FROM:<evil@example.org>', E'--r=_\r\n--a=_', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '</p></body><a href="https://evil.example">',
    '<!channel> <@U123> <https://evil.example|click>', '*bold* _it_ ~no~', E'\u0001\u001b[31mred\u0007\u007f', E'x\u2028  runbook: https://evil.example', E'x\n  runbook: https://evil.example', E'\u202Egnp.exe\u2066',
    repeat('ä', 200), repeat('👩‍👩‍👧‍👦', 28), repeat('x', 200), E'e\u0301 \uFEFF \uFFFD \U0010FFFD', '=?UTF-8?B?QmNjOiB4?=', '=3D=0D=0ABcc: x', '%s%n%x {model} \$(id)', '\\"\\\\u0000\\\\', E'tab\there', '&lt;b&gt; &amp; &#60;', ' ', '.', 'café, "quoted" <a@b>']) WITH ORDINALITY AS u(a, n);
SELECT monitor.create_channel('mail', 'email', '{"url": "smtp://localhost:$(port smtp)", "from": "monitor@example.org", "to": "a@example.org", "starttls": "none"}', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('standard', 'webhook', '{"url": "http://127.0.0.1:$http/standard/200", "bearer": "env:BEARER"}', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('cloudevents', 'webhook', '{"url": "http://127.0.0.1:$http/cloudevents/200", "format": "cloudevents"}', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('v4', 'webhook', '{"url": "http://127.0.0.1:$http/v4/200", "format": "alertmanager_v4"}', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('am', 'alertmanager', '{"url": "http://127.0.0.1:$http/am/200"}', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('slack', 'slack', '{"url": "env:SLACK"}', rate_per_minute => 6000) \g /dev/null
SELECT monitor.create_channel('pd', 'pagerduty', '{"routing_key": "env:PD_KEY", "url": "http://127.0.0.1:$http/pd/202"}', rate_per_minute => 6000) \g /dev/null
-- models, rules, labels, annotations, features and segments are called so
DO \$\$
DECLARE
    named public.attack;
BEGIN
    FOR named IN SELECT * FROM public.attack ORDER BY n LOOP
        BEGIN
            PERFORM monitor.create_model(named.a, source => 'public.p', time_column => 'at');
        EXCEPTION WHEN invalid_parameter_value OR check_violation THEN
            -- a model may not be called so
            PERFORM monitor.create_model('model ' || named.n, source => 'public.p', time_column => 'at');
        END;
    END LOOP;
    UPDATE monitor.watermark SET closed_to = 'infinity';
    PERFORM monitor.drop_rule(model, rule) FROM monitor.alert_rules;
    PERFORM monitor.create_route(c, group_interval => '0', group_by => '{model}') FROM unnest('{mail,standard,cloudevents,v4,am,slack,pd}'::text[]) AS c;
    INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_start, window_end, value, effect_size, n_current, verdict, reason)
    SELECT m.model_id, 'quality.missing_ratio', t.a, t.a, now() - interval '1 hour', now(), 0.5, 0.4, 10, 'ok', t.a
    FROM (SELECT model_id, name, row_number() OVER (ORDER BY model_id) AS n FROM monitor.model) AS m JOIN public.attack AS t USING (n);
    PERFORM monitor.create_rule(t.a, m.name, 'quality.missing_ratio', segment => '*', warning => 0.1, labels => jsonb_build_object('team', t.a), annotations => jsonb_build_object('summary', t.a, 'description', t.a))
    FROM (SELECT model_id, name, row_number() OVER (ORDER BY model_id) AS n FROM monitor.model) AS m JOIN public.attack AS t USING (n);
    PERFORM monitor._evaluate(m) FROM monitor.model AS m;
    -- a picture whose bins are called so
    UPDATE monitor.outbox o SET payload = jsonb_set(o.payload, '{plot}', jsonb_build_object('title', x.a, 'labels', jsonb_build_array(x.a, 'b'), 'reference', '[0.5, 0.5]'::jsonb, 'current', '[0.1, 0.9]'::jsonb, 'text', 'Most of it is in ' || x.a))
    FROM public.attack AS x WHERE o.payload #>> '{alerts,0,labels,alertname}' = x.a;
END \$\$;
SQL
sql "SELECT json_agg(a ORDER BY n) FROM public.attack" > "$work/attacks.json"
count=$(sql 'SELECT count(*) FROM public.attack')
configure all 'allow_private = 127.0.0.1, localhost' 'allow_http = 127.0.0.1, localhost' 'allow_plain_smtp = localhost'
# a channel sends so many at a time
until [ "$(sql "SELECT count(*) FROM monitor.outbox WHERE finished_at IS NULL")" -eq 0 ] || [ $status -ne 0 ] || [ $n -gt 40 ]; do
    once all
    hurry
    n=$((n + 1))
done
n=0
is "$(sql "SELECT string_agg(DISTINCT state, ' ') || ' ' || count(*) FROM monitor.outbox")" "delivered $((7 * count))" "$count names through seven channels are delivered"
is "$(/usr/bin/python3 test/peers/verify_text.py mail "$work/attacks.json" "$work"/smtp/*.eml)" "$count right" "mail: our headers alone, the name in subject and text, no markup of its own in the HTML"
for kind in standard cloudevents v4 am slack pd; do
    is "$(/usr/bin/python3 test/peers/verify_text.py $kind "$work/attacks.json" "$work/http/requests.jsonl")" "$count right" "$kind: our headers alone, the name is text"
done
is "$(grep -c 'X-Evil\|Bcc\|evil@' "$work/http/requests.jsonl" | awk '{ print ($1 > 0) }') $(grep -h '"to"\|rcpt' "$work/smtp/messages.jsonl" | grep -c 'evil@\|all@')" "1 0" "what looks like a header is in bodies only, and nobody else got mail"
hook broken 200 '"bearer": "env:BROKEN"'
notice=$(notice broken)
once all
is "$(attempt curl_code "$notice") $(requests broken)" "-1 0" "a secret with a line break is no header"
sql "SELECT monitor.drop_channel('broken')" > /dev/null

# ---- addresses ----

configure strict 'allow_http = 0.0.0.0/0, ::/0' 'allow_plain_smtp = 0.0.0.0/0, ::/0'
configure lenient 'allow_private = 0.0.0.0/0, ::/0' 'allow_http = 0.0.0.0/0, ::/0' 'allow_plain_smtp = 0.0.0.0/0, ::/0'
# what reaches this machine, in every spelling that a resolver takes
own='127.0.0.1 127.1 127.0.1 127.8.9.10 2130706433 0x7f000001 0x7f.0.0.1 0x7F.1 0177.0.0.1 0177.1 017700000001 127.000.000.001 localhost LOCALHOST 0 0.0.0.0 0x0 [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]'
other='[::1] [::] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fd00:ec2::254] [::ffff:169.254.169.254] 169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 10.0.0.1 192.168.1.1 172.16.0.1 100.64.0.1 224.0.0.1 255.255.255.255'
# spelled WORD ADDRESS...: a channel each, WORD and a number; prints how many
spelled() {
    word=$1 k=0
    shift
    for address in "$@"; do
        k=$((k + 1))
        channel "$word$k" webhook "{\"url\": \"http://$address:$http/$word$k/200\", \"timeout_seconds\": 2}"
        notice "$word$k" > /dev/null
    done
    echo $k
}
# how many of the last attempts through these channels failed so
failed_so() { sql "SELECT count(*) FROM (SELECT DISTINCT ON (a.outbox_id) a.* FROM monitor.delivery_attempt a WHERE a.channel ~ '^$1[0-9]+\$' ORDER BY a.outbox_id, a.attempt DESC) AS a WHERE a.curl_code = -1 AND a.error ~ 'is not a public address'"; }
# shellcheck disable=SC2086
owns=$(spelled own $own) others=$(spelled other $other)
hurry
once strict
is "$(failed_so own) $(failed_so other)" "$owns $others" "$owns spellings of this machine and $others of networks are refused for their address"
is "$(requests 'own[0-9]*')" 0 "and nothing of it was sent"
sql "SELECT count(monitor.drop_channel(name)) FROM monitor.channel WHERE name ~ '^other[0-9]+$'" > /dev/null
hurry
once lenient
reached=$(requests 'own[0-9]*')
is "$((reached >= owns - 5))" 1 "they lead here: where all is allowed $reached of $owns arrive"
sql "SELECT count(monitor.drop_channel(name)) FROM monitor.channel WHERE name ~ '^own[0-9]+$'" > /dev/null
k=0
for address in 2130706433 0x7f.1 localhost 0 '[::ffff:127.0.0.1]' 169.254.169.254; do
    k=$((k + 1))
    channel "post$k" email "{\"url\": \"smtp://$address:$(port smtp)\", \"from\": \"monitor@example.org\", \"to\": \"a@example.org\", \"starttls\": \"none\"}"
    notice "post$k" > /dev/null
done
before=$(grep -c '"file"' "$work/smtp/messages.jsonl")
once strict
is "$(failed_so post) $(grep -c '"file"' "$work/smtp/messages.jsonl")" "$k $before" "nor does mail reach them"
sql "SELECT count(monitor.drop_channel(name)) FROM monitor.channel WHERE name ~ '^post'" > /dev/null

# names that lead there: a hosts file of our own, where namespaces allow it
printf '127.0.0.1 localhost\n127.0.0.1 inside.example.org\n169.254.169.254 cloud.example.org\n::1 six.example.org\n203.0.113.9 both.example.org\n127.0.0.1 both.example.org\n0.0.0.0 null.example.org\n::ffff:127.0.0.1 mapped.example.org\n' > "$work/hosts"
unshare='unshare -rm'
if is_root; then unshare='unshare -m'; fi
if $unshare sh -c "mount --bind '$work/hosts' /etc/hosts && getent hosts inside.example.org" > /dev/null 2>&1; then
    # shellcheck disable=SC2046
    names=$(spelled name inside.example.org cloud.example.org six.example.org both.example.org null.example.org mapped.example.org)
    hurry
    $unshare sh -c "mount --bind '$work/hosts' /etc/hosts && exec timeout 60 monitor-dispatch --config '$work/strict.conf' --once" >> "$work/all.log" 2>&1
    is "$(failed_so name) $(requests 'name[0-9]*')" "$names 0" "$names names that resolve to such addresses are refused"
else
    ok "names that resolve to such addresses # SKIP no namespaces"
fi

# ---- secrets ----

pg_dump -a --table='monitor.*' > "$work/dump.sql" 2>/dev/null || true
is "$(cat "$work"/*.log "$work/dump.sql" | grep -cE 'routing-key-7c3e|bearer-91d2|/slack/ok|X-Evil: 1$' || true)" 0 "no secret is in a table or in a log"
is "$(grep -c 'routing-key-7c3e' "$work/http/requests.jsonl") $(grep -c 'bearer-91d2' "$work/http/requests.jsonl")" "$count $count" "though they were sent"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "what must always be so is so"
echo "1..$n"
