#!/bin/sh
# pgTAP tests: each test/pgtap/*.sql runs in a database that has the extensions
# monitor and pgtap; every assertion counts.
cd "$(dirname "$0")/.."
. scripts/lib.sh

if [ "${1:-}" != inside ]; then
    ls test/pgtap/*.sql >/dev/null 2>&1 || { result skip 1 pgtap "no tests"; exit 0; }
    exec scripts/with_server.sh -n check "$0" inside
fi

if ! [ -e "$("$PG_CONFIG" --sharedir)/extension/pgtap.control" ]; then
    result skip 1 pgtap "this server has no pgTAP"
    exit 0
fi
dropdb --if-exists monitor_pgtap 2>/dev/null
createdb monitor_pgtap
psql -Xq -v ON_ERROR_STOP=1 -d monitor_pgtap -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION monitor'
for file in test/pgtap/*.sql; do
    name=$(basename "$file" .sql)
    log=$RESULTS/pgtap-$name.log
    status=0
    pg_prove -v -d monitor_pgtap "$file" > "$log" 2>&1 || status=$?
    tap_result "pgtap $name" $status "$log"
done
