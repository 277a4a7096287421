#!/bin/sh
# suite_simulation.sh [reduced|full]: every test/simulation/*.sh, which counts
# false alarms, detections or coverage; the `ok' lines of a run count.
cd "$(dirname "$0")/.."
. scripts/lib.sh

for script in test/simulation/*.sh; do
    name=$(basename "$script" .sh)
    log=$RESULTS/simulation-$name.log
    status=0
    scripts/with_server.sh -n check "$script" "${1:-reduced}" > "$log" 2>&1 || status=$?
    tap_result "simulation $name ${1:-reduced}" $status "$log"
done
