#!/bin/sh
# soak.sh: the long campaigns: the full simulations, every test/soak/*.sh, and
# each fuzz target for SOAK_SECONDS (600).  Ends with a count, as make check.
cd "$(dirname "$0")/.."
. scripts/lib.sh

rm -rf $RESULTS
mkdir -p $RESULTS
scripts/install_deps.sh base test peers fuzz
export SOAK_SECONDS="${SOAK_SECONDS:-600}"
say "simulation"
scripts/suite_simulation.sh full
say "e2e"
scripts/suite_e2e.sh full
say "soak"
for script in test/soak/*.sh; do
    [ -x "$script" ] || continue
    name=$(basename "$script" .sh)
    status=0
    scripts/with_server.sh -n soak "$script" > $RESULTS/soak-"$name".log 2>&1 || status=$?
    tap_result "soak $name" $status $RESULTS/soak-"$name".log
done
say "fuzz, $SOAK_SECONDS seconds each"
FUZZ_SECONDS=$SOAK_SECONDS scripts/suite_fuzz.sh
summary
