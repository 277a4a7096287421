#!/bin/sh
# Gates: rules that hold for all of the project, one file each in test/gates.
# A .sql file is a query of what breaks its rule, run in a database that has the
# extension; a .sh file prints what breaks its rule.  Lines that begin with `# '
# are notes; any other line, or a bad exit status, is a failure.  Exit status 77
# of a .sh file: it cannot be checked here, the note says why.
cd "$(dirname "$0")/.."
. scripts/lib.sh

if [ "${1:-}" != inside ]; then
    exec scripts/with_server.sh -n check "$0" inside
fi

dropdb --if-exists monitor_gates 2>/dev/null
createdb monitor_gates
PGDATABASE=monitor_gates
export PGDATABASE
psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION monitor'
psql -Xq -v ON_ERROR_STOP=1 -f test/gates/lib/objects.sql

for gate in ${GATES:-test/gates/*.sql test/gates/*.sh}; do
    name=$(basename "$gate")
    log=$RESULTS/gate-$name.log
    status=0
    case $gate in
        *.sql) psql -XAtq -v ON_ERROR_STOP=1 -f "$gate" > "$log" 2>&1 || status=$? ;;
        *.sh) "$gate" > "$log" 2>&1 || status=$? ;;
    esac
    note=$(sed -n 's/^# //p' "$log" | tail -n 1)
    if [ $status -eq 77 ]; then
        result skip 1 "gate $name" "$note"
    elif [ $status -eq 0 ] && ! grep -qv '^# ' "$log"; then
        result ok 1 "gate $name" "$note"
    else
        result FAIL 1 "gate $name" "exit status $status"
        show_tail "$log"
    fi
done
