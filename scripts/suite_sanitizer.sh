#!/bin/sh
# The regression, isolation and pgTAP tests once more in a server whose monitor
# was built with assertions, ASan and UBSan: they pass, and the server's log
# holds no report.
cd "$(dirname "$0")/.."
. scripts/lib.sh

if [ "${1:-}" != inside ]; then
    [ "$(gcc -print-file-name=libasan.so)" != libasan.so ] || { result skip 1 sanitizer "gcc has no libasan"; exit 0; }
    ls test/sql/*.sql >/dev/null 2>&1 || { result skip 1 sanitizer "no tests"; exit 0; }
    exec scripts/with_server.sh -n check -v asan -f "$0" inside
fi

log=$RESULTS/sanitizer.log
out=$RESULTS/sanitizer
mkdir -p "$out"
run_tests() {
    make --no-print-directory installcheck PG_CONFIG="$PG_CONFIG" ISOLATION= EXTRA_REGRESS_OPTS="--outputdir=$out" || return 1
    make --no-print-directory installcheck PG_CONFIG="$PG_CONFIG" REGRESS= EXTRA_REGRESS_OPTS="--outputdir=$out" || return 1
    [ -e "$("$PG_CONFIG" --sharedir)/extension/pgtap.control" ] && ls test/pgtap/*.sql >/dev/null 2>&1 || return 0
    dropdb --if-exists monitor_pgtap
    createdb monitor_pgtap
    psql -Xq -v ON_ERROR_STOP=1 -d monitor_pgtap -c 'CREATE EXTENSION pgtap' -c 'CREATE EXTENSION monitor' || return 1
    pg_prove -d monitor_pgtap test/pgtap/*.sql || return 1
}
if run_tests > "$log" 2>&1; then
    result ok 1 "sanitizer tests pass with assertions, ASan and UBSan"
else
    result FAIL 1 "sanitizer tests pass with assertions, ASan and UBSan"
    if [ -s "$out/regression.diffs" ]; then show_tail "$out/regression.diffs"; else show_tail "$log"; fi
fi
as_server cat "$MONITOR_SERVER_LOG" > $RESULTS/sanitizer-server.log
reports='ERROR: (Address|Leak)Sanitizer|runtime error:|TRAP: '
if grep -Eq "$reports" $RESULTS/sanitizer-server.log; then
    result FAIL 1 "sanitizer no report in the server's log" "$RESULTS/sanitizer-server.log"
    grep -E -A 15 "$reports" $RESULTS/sanitizer-server.log | head -n 60 | sed 's/^/        | /'
else
    result ok 1 "sanitizer no report in the server's log"
fi
