#!/bin/sh
# bench.sh: runs bench/run.sh in a private server whose tables stay cached, and
# whose plans do not depend on the JIT compiler or on when autovacuum comes by.
cd "$(dirname "$0")/.."
. scripts/lib.sh

scripts/install_deps.sh base
[ -x bench/run.sh ] || die "there is no bench/run.sh"
# a quarter of the memory, at least 256 MB: 2 GB hold the 1 GB tables
memory=$(awk '/^MemTotal/ { print int($2 / 4096) }' /proc/meminfo)
[ "$memory" -ge 256 ] || memory=256
[ "$memory" -le 4096 ] || memory=4096
scripts/with_server.sh -n bench -c "shared_buffers = ${memory}MB" -c "work_mem = 256MB" -c "maintenance_work_mem = 512MB" \
    -c "jit = off" -c "autovacuum = off" -c "max_wal_size = 8GB" -c "synchronous_commit = off" -c "huge_pages = try" \
    bench/run.sh
