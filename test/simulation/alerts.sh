#!/bin/sh
# alerts.sh [reduced|full [SEED]]: random traces of looks, through the state machine of alerts
# in C and through a second one in Python that was written from the documents; every change of
# state and severity is compared, and whether the alert flaps.  Then rules with thresholds over
# measurements, in the server, by runs that see one look or several at once.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

case ${1:-reduced} in
    full) traces=1000000 rules=200 ;;
    *) traces=5000 rules=8 ;;
esac
out=$(private_dir)/obj/alert_traces
make -s -f test/simulation/alerts.mk OUT="$out" "$out/alert_traces"
# a model that breaks off leaves fewer traces: they are counted
# shellcheck disable=SC2086
nice python3 test/oracle/alerts/make_traces.py $traces ${2:-} | "$out/alert_traces" $traces

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PGDATABASE=monitor_looks
export PGDATABASE
dropdb --if-exists --force $PGDATABASE 2>/dev/null
createdb $PGDATABASE
# shellcheck disable=SC2086
nice python3 test/oracle/alerts/make_looks.py "$work" $rules ${2:-}
psql -XAtq -v ON_ERROR_STOP=1 > "$work/result" <<SQL
SET client_min_messages = error;
CREATE EXTENSION monitor;
CREATE TABLE public.p (at timestamptz, x double precision);
CREATE INDEX ON public.p (at);
INSERT INTO public.p SELECT '2026-01-01 00:00+00'::timestamptz + i * interval '1 hour', i % 10 FROM generate_series(1, 200) AS i;
SET monitor.mock_now = '2026-01-09 12:00+00';
SELECT monitor.create_model('m', source => 'public.p', time_column => 'at') \g /dev/null
UPDATE monitor.watermark SET closed_to = 'infinity';
SELECT monitor.drop_rule('m', rule) FROM monitor.alert_rules WHERE rule <> 'evaluation stale' \g /dev/null
CREATE TABLE public.rule (number integer, given jsonb);
CREATE TABLE public.look (batch integer, rule integer, series integer, at timestamptz, value double precision, num_rows bigint, verdict text);
CREATE TABLE public.change (rule integer, series integer, look_at timestamptz, from_state text, to_state text, level integer);
\copy public.rule FROM '$work/rules.csv' (FORMAT csv)
\copy public.look FROM '$work/looks.csv' (FORMAT csv)
\copy public.change FROM '$work/changes.csv' (FORMAT csv)
SELECT monitor.create_rule('r' || number, 'm', 'quality.missing_ratio', segment => 'r' || number || '-*', warning => g.warning, critical => g.critical, recovery => g.recovery, direction => g.direction, hold_for => g.hold_for,
    keep_firing_for => g.keep_firing_for, no_data_for => g.no_data_for, n => g.n, m => g.m, min_samples => g.min_samples, error_limit => g.error_limit, no_data => g.no_data, on_error => g.on_error, stale_after => 2000000000)
FROM public.rule, jsonb_to_record(given) AS g(warning float8, critical float8, recovery float8, direction text, hold_for interval, keep_firing_for interval, no_data_for interval, n integer, m integer, min_samples bigint,
    error_limit integer, no_data text, on_error text) \g /dev/null
DO \$\$
BEGIN
    FOR run IN 0 .. (SELECT max(batch) FROM public.look) LOOP
        INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_start, window_end, value, effect_size, n_current, verdict)
        SELECT m.model_id, 'quality.missing_ratio', 'x', format('r%s-%s', l.rule, l.series), l.at - interval '1 hour', l.at, l.value, l.value, l.num_rows, l.verdict
        FROM public.look l, monitor.model m WHERE l.batch = run;
        PERFORM monitor._evaluate(m) FROM monitor.model m;
        COMMIT;
    END LOOP;
END \$\$;
CREATE VIEW public.seen AS
SELECT substr(r.name, 2)::integer AS rule, split_part(i.segment, '-', 2)::integer AS series, t.look_at, t.from_state, t.to_state, t.level
FROM monitor.alert_transition t JOIN monitor.alert_rule r USING (rule_id) JOIN monitor.alert_instance i ON i.rule_id = t.rule_id AND i.fingerprint = t.fingerprint;
CREATE TABLE public.differs AS (SELECT 'model' AS says, * FROM (TABLE public.change EXCEPT ALL TABLE public.seen) AS a) UNION ALL (SELECT 'server', * FROM (TABLE public.seen EXCEPT ALL TABLE public.change) AS b);
SELECT format('%s %s %s', (SELECT count(*) FROM public.differs), (SELECT count(*) FROM public.look), (SELECT count(*) FROM public.change));
SELECT format('# rule %s %s, series %s: the %s says %s -> %s, severity %s at %s', d.rule, r.given, d.series, d.says, d.from_state, d.to_state, d.level, d.look_at)
FROM public.differs d JOIN public.rule r ON r.number = d.rule ORDER BY d.rule, d.series, d.look_at LIMIT 6;
SQL
read -r differs looks changes < "$work/result"
if [ "$differs" -eq 0 ] && [ "$changes" -gt 0 ]; then
    echo "ok 2 - the model and the server agree on $rules rules, $looks looks, $changes changes"
else
    echo "not ok 2 - the model and the server agree on $rules rules, $looks looks, $changes changes: $differs differ"
    tail -n +2 "$work/result"
fi
