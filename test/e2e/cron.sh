#!/bin/sh
# cron.sh: two real pg_cron jobs share the models out.  Debian's pg_cron knows minutes, no seconds: this
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
SELECT monitor.create_model('cron' || i, source => 'public.p', time_column => 'at') FROM generate_series(1, 6) AS i \g /dev/null
SELECT monitor.schedule('* * * * *', workers => 2) > 0 AS scheduled \g /dev/null
SQL
tries=0
until [ "$(psql -XAtq -c "SELECT count(*) FROM cron.job_run_details WHERE end_time IS NOT NULL")" -ge 2 ] || [ $tries -gt 200 ]; do
    tries=$((tries + 1))
    sleep 0.5
done
check() {
    if [ "$2" = "$3" ]; then echo "ok $1 - $4"; else echo "not ok $1 - $4: got $2"; fi
}
check 1 "$(psql -XAtq -c "SELECT count(*), count(DISTINCT model), min(status), max(status) FROM monitor.run_history")" '6|6|ok|ok' "pg_cron ran each model once"
check 2 "$(psql -XAtq -c "SELECT min(status), max(status) FROM cron.job_run_details")" 'succeeded|succeeded' "and says so"
# scheduled twice, one after the other and at once: the last one replaces the others
psql -Xq -c "SELECT monitor.schedule('*/7 * * * *')" >/dev/null
for minutes in 11 13; do
    psql -Xq -c "SELECT monitor.schedule('*/$minutes * * * *')" >/dev/null 2>&1 &
done
wait
check 5 "$(psql -XAtq -c "SELECT count(*), bool_and(schedule IN ('*/11 * * * *', '*/13 * * * *')) FROM cron.job WHERE jobname = 'monitor'")" '1|t' "one schedule, whoever asked last"
psql -Xq -c "SELECT monitor.schedule('*/5 * * * *', workers => 3)" -c "SELECT monitor.schedule('*/5 * * * *', workers => 2)" >/dev/null
check 6 "$(psql -XAtq -c "SELECT string_agg(jobname, ', ' ORDER BY jobname), count(DISTINCT command) FROM cron.job")" 'monitor, monitor 2|1' "a job for each worker"
psql -Xq -c 'SELECT monitor.unschedule()' >/dev/null
check 3 "$(psql -XAtq -c "SELECT count(*) FROM cron.job")" 0 "unscheduled"
check 4 "$(psql -XAtq -c "SELECT min(status), max(status) FROM monitor.model_health")" 'ok|ok' "the models are well"
echo 1..6
