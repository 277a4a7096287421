#!/bin/sh
# suite_simulation.sh [reduced|full]: false-alarm and detection rates, if the
# tree has simulations; `ok' lines of the run count, else the run as one test.
cd "$(dirname "$0")/.."
. scripts/lib.sh

[ -x test/simulation/run.sh ] || { result skip 1 simulation "no simulations"; exit 0; }
log=$RESULTS/simulation.log
status=0
scripts/with_server.sh -n check test/simulation/run.sh "${1:-reduced}" > "$log" 2>&1 || status=$?
tap_result "simulation ${1:-reduced}" $status "$log"
