#!/bin/sh
# detectors.sh [reduced|full]: false alarms and delays of the drift detectors, as
# tables and TAP.  Needs no server.
cd "$(dirname "$0")/../.."
. scripts/lib.sh

out=$(private_dir)/obj/simulation
mkdir -p "$out"
# shellcheck disable=SC2086
${CC:-cc} -std=gnu11 -O2 -ffp-contract=off -Isrc -Isrc/stats -D_GNU_SOURCE -o "$out/detectors" \
    test/simulation/detectors.c src/stats/detector*.c src/stats/ks*.c src/stats/sort.c src/stats/special.c src/stats/stats.c \
    -lgsl -lgslcblas -lm
exec "$out/detectors" "${1:-reduced}"
