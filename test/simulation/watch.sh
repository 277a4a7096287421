#!/bin/sh
# watch.sh [reduced|full [RUNS]]: 90 days of looks at a model, through the code that judges
# it in the server; fails if it alarms without drift, or does not find one in time.
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

[ $# -gt 0 ] || set -- reduced
out=$(private_dir)/obj/watch
make -s -f test/simulation/watch.mk OUT="$out" "$out/watch"
exec "$out/watch" "$@"
