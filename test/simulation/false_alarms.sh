#!/bin/sh
# false_alarms.sh [reduced|full] [numeric] [categorical] [looking]: builds the
# simulation from src/stats and runs it; fails if a test does not hold its level.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

[ $# -gt 0 ] || set -- reduced
out=$(private_dir)/obj/simulation
make -s -f test/simulation/build.mk OUT="$out" "$out/simulate"
exec "$out/simulate" "$@"
