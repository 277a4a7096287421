#!/bin/sh
# stop.sh [PREFIX]: stops the private servers of this checkout (those whose name
# begins with PREFIX), and no others.
cd "$(dirname "$0")/.."
. scripts/lib.sh

[ -s build/location ] || exit 0
private=$(private_dir)
for run in "$private"/run/"${1:-}"*; do
    pid=$(head -n 1 "$run/data/postmaster.pid" 2>/dev/null || true)
    [ -n "$pid" ] || continue
    # A number left by a crash may meanwhile belong to another process.
    [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$run/data" ] || continue
    bin=$(dirname "$(readlink "/proc/$pid/exe")")
    as_server "$bin/pg_ctl" -D "$run/data" -m fast -w stop >/dev/null && say "stopped ${run##*/}"
done
