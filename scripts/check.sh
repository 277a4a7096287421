#!/bin/sh
# check.sh: installs what is missing, builds, and runs every test on private
# servers; each test is counted, and the last line says how many passed and
# failed.  ONLY=regress,unit runs some of the suites; what does not end within
# CHECK_SECONDS (an hour) has failed.
cd "$(dirname "$0")/.."
. scripts/lib.sh

SUITES="unit fuzz regress isolation pgtap sanitizer e2e simulation gates"
# takes minutes of one processor: beside those that follow, which mostly wait
BESIDE=sanitizer
suites=$(echo "${ONLY:-$SUITES}" | tr ',' ' ')
for suite in $suites; do
    [ -x "scripts/suite_$suite.sh" ] || die "no such suite: $suite (there are: $SUITES)"
done

private_dir >/dev/null
exec 9> build/check.lock
flock -n 9 || die "make check is already running in this checkout"
rm -rf $RESULTS
mkdir -p $RESULTS

groups="base test peers"
for suite in $suites; do
    case $suite in
        gates) groups="$groups lint" ;;
        fuzz) groups="$groups fuzz" ;;
    esac
done
# shellcheck disable=SC2086
scripts/install_deps.sh $groups 9>&-

PG_CONFIG=$(find_pg_config)
export PG_CONFIG
say "Testing with $("$PG_CONFIG" --version); logs are in $RESULTS"
if ! scripts/private_tree.sh plain >/dev/null; then
    result FAIL 1 build
    suites=
fi
child=
beside=
trap 'kill $child $beside 2>/dev/null; wait; exit 130' HUP INT TERM

# run SUITE: for as long as there is time; timeout passes signals on to all that the suite has started
run() {
    left=$((${CHECK_SECONDS:-3600} - $(date +%s) + STARTED))
    [ $left -gt 0 ] || return 124
    exec timeout -k 60 $left "scripts/suite_$1.sh" 9>&-
}

# ended SUITE STATUS
ended() {
    case $2 in
        0) ;;
        124 | 137) result FAIL 1 "$1" "ran out of time" ;;
        *) result FAIL 1 "$1" "the suite itself broke, status $2" ;;
    esac
}

for suite in $suites; do
    if [ "$suite" = "$BESIDE" ]; then
        run "$suite" > $RESULTS/"$suite".out 2>&1 &
        beside=$!
        continue
    fi
    say "$suite"
    # in the background, so that a signal reaches us at once
    status=0
    run "$suite" &
    child=$!
    wait $child || status=$?
    child=
    ended "$suite" $status
done
if [ -n "$beside" ]; then
    status=0
    wait "$beside" || status=$?
    say $BESIDE
    cat $RESULTS/$BESIDE.out
    ended $BESIDE $status
fi

summary
