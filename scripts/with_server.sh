#!/bin/sh
# with_server.sh [-n NAME] [-v VARIANT] [-f] [-k] [-c 'SETTING = VALUE']... COMMAND...
# builds and installs monitor into the private copy of the server, starts a
# server of that copy, and runs COMMAND with PGHOST, PGPORT, PGUSER, PGDATABASE,
# PG_CONFIG and PATH set for it.  The server listens on a socket only, in a
# directory that nobody else may enter.
#   -n  which server (its data is kept under this name): dev
#   -v  which build of monitor: plain or asan
#   -f  start from an empty cluster
#   -k  leave the server running; otherwise it stops again if it was started here
#   -c  a line for postgresql.conf
cd "$(dirname "$0")/.."
. scripts/lib.sh

name=dev variant=plain fresh=no keep=no conf=
while getopts n:v:fkc: opt; do
    case $opt in
        n) name=$OPTARG ;;
        v) variant=$OPTARG ;;
        f) fresh=yes ;;
        k) keep=yes ;;
        c) conf="$conf$OPTARG
" ;;
        *) die "usage: with_server.sh [-n NAME] [-v VARIANT] [-f] [-k] [-c SETTING] COMMAND..." ;;
    esac
done
shift $((OPTIND - 1))

PG_CONFIG=$(scripts/private_tree.sh "$variant")
bin=$("$PG_CONFIG" --bindir)
major=$(pg_major "$PG_CONFIG")
run=$(private_dir)/run/pg$major$([ "$variant" = plain ] || echo "-$variant")-$name
log=$run/server.log

make_cluster() {
    mkdir -p "$(dirname "$run")"
    rm -rf "$run"
    mkdir -m 700 "$run"
    if is_root; then chown "$(server_user)" "$run"; fi
    as_server "$bin/initdb" -D "$run/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
        > $RESULTS/initdb.log 2>&1 || { show_tail $RESULTS/initdb.log; die "initdb failed"; }
    as_server tee -a "$run/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$run'
unix_socket_permissions = 0700
fsync = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%a '
max_parallel_workers_per_gather = 2
include 'extra.conf'
CONF
}

running() { as_server "$bin/pg_ctl" -D "$run/data" status >/dev/null 2>&1; }

# The sanitizers' runtime has to be in the server from its first instruction.
# Loaded alone it hangs on Debian: a definition of swift_demangle after it helps.
# pg_ctl would start a shell with it, so the server is started without pg_ctl.
start_asan() {
    stub=$(private_dir)/obj/swift_demangle
    echo 'char *swift_demangle(const char *a, unsigned long b, char *c, unsigned long *d, unsigned e) { return 0; }' > "$stub.c"
    gcc -w -shared -fPIC -o "$stub.so" "$stub.c"
    as_server setsid env LD_PRELOAD="$(gcc -print-file-name=libasan.so):$stub.so" \
        ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
        sh -c "exec '$bin/postgres' -D '$run/data' > '$log' 2>&1 < /dev/null" 8>&- 9>&- &
    tries=0
    until "$bin/pg_isready" -q -h "$run" -p 5432; do
        tries=$((tries + 1))
        [ $tries -lt 600 ] || return 1
        sleep 0.1
    done
}

start() {
    printf '%s' "$conf" | as_server tee "$run/data/extra.conf" >/dev/null
    if [ "$variant" = asan ]; then
        start_asan
    else
        as_server "$bin/pg_ctl" -D "$run/data" -l "$log" -w -t 120 start >/dev/null 8>&- 9>&-
    fi
}

stop() { as_server "$bin/pg_ctl" -D "$run/data" -m fast -w stop >/dev/null 2>&1 || true; }

if [ $fresh = yes ] && running; then
    stop
fi
if [ $fresh = yes ] || ! as_server test -e "$run/data/PG_VERSION"; then
    make_cluster
fi
if ! running; then
    if [ $keep = no ]; then
        trap stop EXIT
        trap 'exit 1' HUP INT TERM
    fi
    start || { show_tail "$log"; die "the server did not start; its log is $log"; }
fi

export PG_CONFIG PATH="$bin:$PATH" PGHOST="$run" PGPORT=5432 PGUSER=postgres PGDATABASE=monitor
export MONITOR_PRIVATE="$run" MONITOR_SERVER_LOG="$log"
[ "$(psql -XAtd postgres -c "SELECT 1 FROM pg_database WHERE datname = 'monitor'")" = 1 ] || createdb monitor
"$@"
