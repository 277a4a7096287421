#!/bin/sh
# coverage.sh [reduced|full]: builds the simulation of the label-free estimates
# and runs it; fails if an interval covers less than it should.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

out=$(private_dir)/obj/simulation
make -s -f test/simulation/coverage.mk OUT="$out" "$out/coverage"
exec "$out/coverage" "${1:-reduced}"
