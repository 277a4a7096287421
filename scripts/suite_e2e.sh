#!/bin/sh
# suite_e2e.sh [full]: end-to-end tests, each test/e2e/*.sh in a private server of its own with
# pg_cron and prepared transactions, two at a time, since they mostly wait; the `ok' lines of a
# test count.
cd "$(dirname "$0")/.."
. scripts/lib.sh

# one SCRIPT [full]: in the server of this place
one() {
    preload=
    if [ -e "$("$(find_pg_config)" --pkglibdir)/pg_cron.so" ]; then
        preload="shared_preload_libraries = 'pg_cron'"
    fi
    name=$(basename "$1" .sh)
    log=$RESULTS/e2e-$name.log
    status=0
    # shellcheck disable=SC2086
    scripts/with_server.sh -n "e2e$SLOT" -f -c "$preload" -c "cron.database_name = 'monitor_cron'" -c 'cron.use_background_workers = on' -c 'max_prepared_transactions = 4' -c 'wal_level = logical' -c 'max_connections = 100' \
        "$1" ${2:+300 10} > "$log" 2>&1 || status=$?
    tap_result "e2e $name" $status "$log"
}

if [ "${1:-}" = one ]; then
    one "$2" "${3:-}"
    exit
fi
scripts/peers.sh >/dev/null || true
printf '%s\n' test/e2e/*.sh | xargs -P 2 --process-slot-var=SLOT -I '{}' "$0" one '{}' ${1:+"$1"}
