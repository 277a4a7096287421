#!/bin/sh
# alert_storms.sh [SECONDS]: three alerts in two groups of two channels come and go while
# sending fails in every way, and what arrives is looked at: an alert before its end for each
# channel and group, or neither; no alert after its end; nobody waits for an end for ever.
# Time is the settable clock's, so that a seed gives the same storm (SEED=N begins with it); for so many seconds (10).
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

seconds=${1:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seed=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
PGDATABASE=monitor_storms
export PGDATABASE
dropdb --if-exists --force $PGDATABASE 2>/dev/null
createdb $PGDATABASE
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = error;
CREATE EXTENSION monitor;
CREATE SCHEMA storm;
CREATE TABLE storm.p (at timestamptz NOT NULL, x double precision);
CREATE INDEX ON storm.p (at);
INSERT INTO storm.p SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour', i % 10 FROM generate_series(0, 1499) AS i;
SET monitor.mock_now = '2026-03-02 00:00+00';
SELECT monitor.create_model('stormy', source => 'storm.p', time_column => 'at', look_back => '1 day') \g /dev/null
UPDATE monitor.watermark SET closed_to = 'infinity';
SELECT monitor.drop_rule('stormy', rule) FROM monitor.alert_rules WHERE rule <> 'evaluation stale' \g /dev/null
SELECT monitor.enable_rule('stormy', 'evaluation stale', false) \g /dev/null
SELECT monitor.create_channel(c, 'webhook', jsonb_build_object('url', 'https://example.org/'), rate_per_minute => 100000) FROM unnest('{hook,lead}'::text[]) AS c \g /dev/null
CREATE FUNCTION storm.look(r text, value double precision) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('monitor.mock_now', (monitor.now() + interval '1 minute')::text, false);
	INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, effect_size, n_current, verdict)
	SELECT m.model_id, 'business.' || r, '', monitor.now() - interval '1 hour', monitor.now(), look.value, look.value, 1000, 'ok' FROM monitor.model m;
	PERFORM monitor._evaluate(m) FROM monitor.model m;
END $$;
CREATE FUNCTION storm.wait(how_long interval) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('monitor.mock_now', (monitor.now() + how_long)::text, false), monitor._tick(); END $$;
CREATE PROCEDURE storm.fresh() LANGUAGE sql AS $$
	SELECT count(monitor.drop_rule('stormy', rule)) FROM monitor.alert_rules WHERE rule <> 'evaluation stale';
	DELETE FROM monitor.route; DELETE FROM monitor.notify_group; DELETE FROM monitor.group_member; DELETE FROM monitor.suppression; DELETE FROM monitor.delivery_attempt; DELETE FROM monitor.outbox;
	DELETE FROM monitor.silence; DELETE FROM monitor.alert_transition; DELETE FROM monitor.alert_episode; DELETE FROM monitor.measurement;
	UPDATE monitor.channel_state SET state = 'ok', paused_until = NULL;
	UPDATE monitor.watermark SET alerted_to = NULL;
	-- rules are made of metrics that there are
	INSERT INTO monitor.measurement (model_id, metric, feature, window_start, window_end, value, verdict)
	SELECT m.model_id, 'business.' || r, '', '2026-02-28', '2026-03-01', 0, 'ok' FROM monitor.model m, unnest('{name,load,night}'::text[]) AS r;
$$;
CREATE TABLE storm.arrived (n bigint GENERATED ALWAYS AS IDENTITY, channel text, group_id bigint, alert uuid, status text, surely boolean);
CREATE FUNCTION storm.blow(seed bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	c record;
	roll integer;
BEGIN
	CALL storm.fresh();
	PERFORM set_config('monitor.mock_now', '2026-03-20 12:00', false);
	PERFORM monitor.create_rule(r, 'stormy', 'business.' || r, warning => 1, critical => 3, flap_half_life => '0') FROM unnest('{name,load,night}'::text[]) AS r;
	PERFORM monitor.create_route(ch, model => 'stormy', group_interval => CASE ch WHEN 'hook' THEN '0' ELSE '2 minutes' END::interval, group_by => g) FROM unnest('{hook,lead}'::text[]) AS ch, (VALUES ('{model}'::text[]), ('{alertname}')) AS x(g);
	FOR i IN 1 .. 60 LOOP
		seed := (seed * 1103515245 + 12345) % 2147483648;
		roll := (seed / 65536) % 100;
		IF i > 52 THEN
			-- in the end all is calm, and the channels work
			PERFORM monitor.expire_silence(s.silence_id) FROM monitor.silences AS s WHERE s.state = 'active';
			PERFORM storm.look(r, 0) FROM unnest('{name,load,night}'::text[]) AS r;
			PERFORM storm.wait('1 hour');
			roll := 40;
		ELSIF roll < 35 THEN
			PERFORM storm.look(('{name,load,night}'::text[])[1 + roll % 3], ('{0,0,2,4}'::integer[])[1 + roll % 4]);
		ELSIF roll < 48 THEN
			PERFORM monitor.create_silence('{"alertname": "name"}', 'storm', '7 minutes', model => 'stormy');
		END IF;
		PERFORM storm.wait(make_interval(secs => roll));
		CONTINUE WHEN roll < 30;
		FOR c IN SELECT d.*, o.group_id, o.payload FROM unnest(monitor.dispatcher_claim('storm', 1 + roll % 3, '30 seconds')) AS d JOIN monitor.outbox o ON o.id = d.id LOOP
			seed := (seed * 1103515245 + 12345) % 2147483648;
			roll := CASE WHEN i > 52 THEN 0 ELSE (seed / 65536) % 10 END;
			-- arrives; arrives and nobody knows; arrives and the sender dies; fails; is refused; never left
			IF roll < 6 THEN
				INSERT INTO storm.arrived (channel, group_id, alert, status, surely) SELECT c.channel, c.group_id, (a ->> 'id')::uuid, a ->> 'status', roll < 4 FROM jsonb_array_elements(c.payload -> 'alerts') AS a;
			END IF;
			PERFORM monitor.dispatcher_finish(c.id, c.token, CASE WHEN roll < 4 THEN 200 WHEN roll = 4 THEN 0 WHEN roll < 8 THEN 503 WHEN roll = 8 THEN 400 ELSE 0 END, 0, CASE WHEN roll IN (4, 9) THEN 56 ELSE 0 END, roll <> 9, NULL, '', NULL) WHERE roll <> 5;
		END LOOP;
		UPDATE monitor.outbox SET next_attempt_at = monitor.now() WHERE state = 'retry';
	END LOOP;
END $$;
-- what must not be, each with how often it was
CREATE FUNCTION storm.wrong() RETURNS TABLE (what text, how_many bigint) LANGUAGE sql AS $$
	SELECT 'an end before its alert', count(*) FROM storm.arrived e WHERE e.status = 'resolved'
		AND NOT EXISTS (SELECT FROM storm.arrived a WHERE a.group_id = e.group_id AND a.alert = e.alert AND a.status = 'firing' AND a.n < e.n)
	UNION ALL
	SELECT 'an alert after its end', count(*) FROM storm.arrived a WHERE a.status = 'firing'
		AND EXISTS (SELECT FROM storm.arrived e WHERE a.group_id = e.group_id AND a.alert = e.alert AND e.status = 'resolved' AND a.n > e.n)
	UNION ALL
	-- unless it was refused for good
	SELECT 'an alert that never ends', count(*) FROM (SELECT DISTINCT a.group_id, a.alert FROM storm.arrived a WHERE a.status = 'firing' AND a.surely) AS a
		WHERE NOT EXISTS (SELECT FROM storm.arrived e WHERE e.group_id = a.group_id AND e.alert = a.alert AND e.status = 'resolved')
			AND NOT EXISTS (SELECT FROM monitor.deliveries d WHERE d.state = 'dead' AND a.alert = ANY (d.alerts))
	UNION ALL
	-- an episode that nobody has heard of has a reason on record
	SELECT 'silence without a reason', count(*) FROM monitor.alerts t JOIN monitor.notify_group g ON true WHERE NOT EXISTS (SELECT FROM storm.arrived a WHERE a.alert = t.alert AND a.group_id = g.group_id)
		AND NOT EXISTS (SELECT FROM monitor.suppressions s WHERE s.alert = t.alert) AND NOT EXISTS (SELECT FROM monitor.deliveries d WHERE d.state = 'dead' AND t.alert = ANY (d.alerts))
		AND (NOT g.labels ? 'alertname' OR g.labels ->> 'alertname' = t.rule)
	UNION ALL
	SELECT 'a notice that is still on its way', count(*) FROM monitor.outbox WHERE finished_at IS NULL
	UNION ALL
	SELECT 'what check_invariants finds', count(*) FROM monitor.check_invariants() $$;
SQL

echo "# seeds from $seed"
first=$seed
started=$(date +%s)
: > "$work/storms"
until [ $(($(date +%s) - started)) -ge "$seconds" ] && [ "$seed" -gt "$first" ]; do
    psql -XAtq -v ON_ERROR_STOP=1 -F ' ' -c "SET client_min_messages = error" -c "TRUNCATE storm.arrived" -c "SELECT storm.blow($seed)" \
        -c "SELECT 'wrong', $seed, how_many, what FROM storm.wrong() WHERE how_many > 0" \
        -c "SELECT 'saw', count(*) FILTER (WHERE status = 'firing'), count(*) FILTER (WHERE status = 'resolved') FROM storm.arrived" \
        -c "SELECT 'sent', count(*), count(*) FILTER (WHERE outcome <> 'ok') FROM monitor.delivery_attempt" >> "$work/storms" || echo "wrong $seed 1 it broke" >> "$work/storms"
    seed=$((seed + 1))
done
# total WORD COLUMN
total() { awk -v word="$1" -v column="$2" '$1 == word { n += $column } END { print n + 0 }' "$work/storms"; }
grep '^wrong' "$work/storms" | head -n 20 | sed 's/^/# /'
echo "# $((seed - first)) storms, $(total sent 2) attempts, $(total sent 3) of them failed or unknown; $(total saw 2) alerts and $(total saw 3) ends arrived"
n=0
check() {
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2: $1 storms"; fi
}
for what in 'an end before its alert' 'an alert after its end' 'an alert that never ends' 'silence without a reason' 'a notice that is still on its way' 'what check_invariants finds' 'it broke'; do
    check "$(grep -c "^wrong .* $what\$" "$work/storms")" "never: $what"
done
check $(($(total saw 3) == 0)) "ends arrived at all"
echo "1..$n"
