#!/bin/sh
# suite_regress.sh [isolation]: pg_regress (or the isolation tests) as `make
# installcheck' runs them, on an empty private server; each file counts.
cd "$(dirname "$0")/.."
. scripts/lib.sh

suite=regress other=ISOLATION pattern='test/sql/*.sql'
if [ "${1:-}" = isolation ]; then
    suite=isolation other=REGRESS pattern='test/specs/*.spec'
fi
# shellcheck disable=SC2086
ls $pattern >/dev/null 2>&1 || { result skip 1 $suite "no tests"; exit 0; }
log=$RESULTS/$suite.log
out=$RESULTS/$suite
mkdir -p "$out"
status=0
# shellcheck disable=SC2016
scripts/with_server.sh -n check -f sh -c '
    make --no-print-directory installcheck PG_CONFIG="$PG_CONFIG" "$1=" EXTRA_REGRESS_OPTS="--outputdir=$2"' \
    sh $other "$out" > "$log" 2>&1 || status=$?

# PostgreSQL 15 writes `test NAME ... ok', 16 and later write TAP.
sed -n -e 's/^test \([^ ]*\) *\.\.\. ok .*/ok \1/p' -e 's/^test \([^ ]*\) *\.\.\. FAILED.*/FAIL \1/p' \
    -e 's/^ok [0-9]* *[-+] \([^ ]*\) .*/ok \1/p' -e 's/^not ok [0-9]* *[-+] \([^ ]*\) .*/FAIL \1/p' \
    "$log" > "$out/verdicts"
while read -r verdict name; do
    result "$verdict" 1 "$suite $name"
done < "$out/verdicts"
if [ $status -ne 0 ]; then
    grep -q '^FAIL' "$out/verdicts" || result FAIL 1 $suite "did not run to the end"
    if [ -s "$out/regression.diffs" ]; then
        show_tail "$out/regression.diffs" 100
    else
        show_tail "$log"
    fi
fi
