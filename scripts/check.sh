#!/bin/sh
# check.sh: installs what is missing, builds, and runs every test on private
# servers; each test is counted, and the last line says how many passed and
# failed.  ONLY=regress,unit runs some of the suites; what does not end within
# CHECK_SECONDS (an hour) has failed.
cd "$(dirname "$0")/.."
. scripts/lib.sh

SUITES="unit fuzz regress isolation pgtap e2e simulation sanitizer gates"
suites=$(echo "${ONLY:-$SUITES}" | tr ',' ' ')
for suite in $suites; do
    [ -x "scripts/suite_$suite.sh" ] || die "no such suite: $suite (there are: $SUITES)"
done

private_dir >/dev/null
exec 9> build/check.lock
flock -n 9 || die "make check is already running in this checkout"
rm -rf $RESULTS
mkdir -p $RESULTS

groups="base test"
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
trap '[ -z "$child" ] || kill $child; wait; exit 130' HUP INT TERM
for suite in $suites; do
    say "$suite"
    left=$((${CHECK_SECONDS:-3600} - $(date +%s) + STARTED))
    if [ $left -le 0 ]; then
        result FAIL 1 "$suite" "no time left"
        continue
    fi
    # in the background, so that a signal reaches us at once; timeout passes it
    # on to all that the suite has started
    status=0
    timeout -k 60 $left "scripts/suite_$suite.sh" 9>&- &
    child=$!
    wait $child || status=$?
    child=
    case $status in
        0) ;;
        124 | 137) result FAIL 1 "$suite" "ran out of time" ;;
        *) result FAIL 1 "$suite" "the suite itself broke, status $status" ;;
    esac
done

summary
