#!/bin/sh
# cron.sh: a real pg_cron job runs the models.  Debian's pg_cron knows minutes, no seconds: this
# waits for the next one.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

if ! psql -XAtq -d postgres -c 'SHOW shared_preload_libraries' | grep -q pg_cron; then
    echo "ok 1 - pg_cron # SKIP this server has none"
    echo 1..1
    exit 0
fi
PGDATABASE=monitor_cron
export PGDATABASE
dropdb --if-exists --force monitor_cron 2>/dev/null
createdb monitor_cron
psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SET client_min_messages = error;
CREATE EXTENSION pg_cron;
CREATE EXTENSION monitor;
CREATE TABLE public.p (at timestamptz, x double precision);
CREATE INDEX ON public.p (at);
INSERT INTO public.p SELECT now() - i * interval '2 minutes', i % 10 FROM generate_series(1, 6000) AS i;
SELECT monitor.create_model('cron', source => 'public.p', time_column => 'at') \g /dev/null
SELECT monitor.schedule('* * * * *') > 0 AS scheduled \g /dev/null
SQL
tries=0
until [ "$(psql -XAtq -c "SELECT count(*) FROM monitor.run_history WHERE status = 'ok'")" -gt 0 ] || [ $tries -gt 150 ]; do
    tries=$((tries + 1))
    sleep 0.5
done
check() {
    if [ "$2" = "$3" ]; then echo "ok $1 - $4"; else echo "not ok $1 - $4: got $2"; fi
}
check 1 "$(psql -XAtq -c "SELECT status FROM monitor.run_history ORDER BY run_id LIMIT 1")" ok "pg_cron ran the model"
check 2 "$(psql -XAtq -c "SELECT status FROM cron.job_run_details ORDER BY runid LIMIT 1")" succeeded "and says so"
# scheduled twice, one after the other and at once: the last one replaces the others
psql -Xq -c "SELECT monitor.schedule('*/7 * * * *')" >/dev/null
for minutes in 11 13; do
    psql -Xq -c "SELECT monitor.schedule('*/$minutes * * * *')" >/dev/null 2>&1 &
done
wait
check 5 "$(psql -XAtq -c "SELECT count(*), bool_and(schedule IN ('*/11 * * * *', '*/13 * * * *')) FROM cron.job WHERE jobname = 'monitor'")" '1|t' "one schedule, whoever asked last"
psql -Xq -c 'SELECT monitor.unschedule()' >/dev/null
check 3 "$(psql -XAtq -c "SELECT count(*) FROM cron.job WHERE jobname = 'monitor'")" 0 "unscheduled"
check 4 "$(psql -XAtq -c "SELECT status FROM monitor.model_health")" ok "the model is well"
echo 1..5
