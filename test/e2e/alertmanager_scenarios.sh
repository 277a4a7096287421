#!/bin/sh
# alertmanager_scenarios.sh [SECONDS [...]]: the scenarios of Alertmanager's acceptance tests (grouping, repeats, silences,
# inhibition, routes), done at the same time to Debian's Alertmanager and to monitor: the same notices, or the
# difference that is meant.  Given a number of seconds, again and again for so long.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

campaign=${1:-0}
. test/e2e/lib/alertmanager.sh

peer http http_faults.py
scenarios() { /usr/bin/python3 test/peers/alert_scenarios.py "$@"; }
all=$(scenarios models)
prepare monitor_scenarios
# shellcheck disable=SC2086
models $all
printf 'connection = dbname=%s\nallow_private = 127.0.0.1\nlease = 10\npoll_interval = 1\n' "$PGDATABASE" > "$work/monitor.conf"
sender monitor monitor

# play UNIT SCENARIO...: with an Alertmanager and routes that know nothing yet; what came of it is in $work/played
play() {
    unit=$1
    shift
    scenarios configure "$work" "$(port http)" "$unit" "$@"
    psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$work/setup.sql" || exit 1
    if [ -n "${alertmanager:-}" ]; then
        kill -9 "$alertmanager"
        wait "$alertmanager" 2>/dev/null
        rm -rf "$work/am.data"
    fi
    alertmanager am > /dev/null
    scenarios run "$work" "$(port http)" "$(cat "$work/am.port")" "$unit" "$@" > "$work/played"
}

end=$(($(date +%s) + campaign))
rounds=0
while :; do
    left=$all
    for unit in 1 2 4; do
        # shellcheck disable=SC2086
        play $unit $left
        left=$(sed -n 's/^not ok \([^:]*\):.*/\1/p' "$work/played" | tr '\n' ' ')
        while IFS= read -r line; do
            said=${line#not ok }
            case $line in
                'ok '*) ok "${line#ok }" ;;
                'not ok '*) if [ "$unit" = 4 ]; then not_ok "${said%%: *}" "${said#*: }"; else echo "# in units of $unit s: $said"; fi ;;
                *) echo "$line" ;;
            esac
        done < "$work/played"
        [ -n "$left" ] || break
    done
    rounds=$((rounds + 1))
    if [ "$(date +%s)" -ge $end ] || [ -n "$left" ]; then break; fi
done
echo "# $rounds rounds"
is "$(sql 'SELECT count(*) FROM monitor.check_invariants()')" 0 "what must always be so is so"
echo "1..$n"
