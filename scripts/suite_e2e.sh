#!/bin/sh
# suite_e2e.sh [full]: end-to-end tests, each test/e2e/*.sh in a private server of its own with
# pg_cron and prepared transactions; the `ok' lines of a test count.
cd "$(dirname "$0")/.."
. scripts/lib.sh

preload=
if [ -e "$("$(find_pg_config)" --pkglibdir)/pg_cron.so" ]; then
    preload="shared_preload_libraries = 'pg_cron'"
fi
for script in test/e2e/*.sh; do
    name=$(basename "$script" .sh)
    log=$RESULTS/e2e-$name.log
    status=0
    # shellcheck disable=SC2086
    scripts/with_server.sh -n e2e -f -c "$preload" -c "cron.database_name = 'monitor_cron'" -c 'cron.use_background_workers = on' -c 'max_prepared_transactions = 4' -c 'wal_level = logical' -c 'max_connections = 100' \
        "$script" ${1:+300 10} > "$log" 2>&1 || status=$?
    tap_result "e2e $name" $status "$log"
done
