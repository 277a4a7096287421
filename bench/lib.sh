# shellcheck shell=sh
# What the benchmarks share: a database of their own, timing, the table.
#   BENCH_ROWS     rows of the tables (10,000,000)
#   BENCH_ROUNDS   measured rounds of each race (7); the best one counts
#   BENCH_CLOCK    wall, or cpu: time on the processor, for a machine that is busy;
#                  then only what one process does can be compared
#   BENCH_PEERS    other programs to compare with (numpy scipy duckdb chdb), or none
set -eu
export LC_ALL=C.UTF-8
: "${PGHOST:?run it in a private server: make bench, or scripts/with_server.sh -n bench $0}"

BENCH=$(cd "$(dirname "$0")" && pwd -P)
BUILD=$(dirname "$BENCH")/build
ROWS=${BENCH_ROWS:-10000000}
ROUNDS=${BENCH_ROUNDS:-7}
PEERS=${BENCH_PEERS:-numpy scipy duckdb chdb}
RUN_DB=monitor_bench_$$

# Plans must depend on the query alone; a scan must begin where its table begins.
PGOPTIONS="-c jit=off -c synchronize_seqscans=off -c parallel_setup_cost=0 -c parallel_tuple_cost=0"
PGOPTIONS="$PGOPTIONS -c min_parallel_table_scan_size=0 -c max_parallel_workers_per_gather=0 -c client_min_messages=warning"
PGOPTIONS="$PGOPTIONS -c bench.clock=${BENCH_CLOCK:-wall}"
export PGOPTIONS

say() { printf '%s\n' "$*"; }

sql() { psql -XAtq -v ON_ERROR_STOP=1 -v rows="$ROWS" "$@"; }

# notes FUNCTION-CALL...: prints what the calls return, if anything.
notes() {
    for call; do
        note=$(sql -c "SELECT $call")
        [ -z "$note" ] || say "- $note"
    done
}

# begin: makes the database, which goes with this script however it ends.
begin() {
    createdb -T template0 "$RUN_DB"
    trap 'PGDATABASE=postgres dropdb --if-exists --force "$RUN_DB" || true' EXIT
    trap 'exit 1' HUP INT TERM
    PGDATABASE=$RUN_DB
    export PGDATABASE
    sql -c 'CREATE EXTENSION monitor'
    sql -f "$BENCH/harness.sql"
    [ -n "${BENCH_TOLD:-}" ] || machine
}

# cache TABLE: settled, analyzed, and in shared buffers.
cache() {
    sql -c "VACUUM (FREEZE, ANALYZE) $1"
    if ! sql -c 'CREATE EXTENSION IF NOT EXISTS pg_prewarm' 2>/dev/null; then
        sql -c "SELECT count(*) FROM $1" -c "SELECT count(*) FROM $1" >/dev/null
    else
        sql -c "SELECT pg_prewarm('$1')" >/dev/null
    fi
    sql -c "SELECT format('- $1: %s rows, %s, %s bytes a row', to_char(count(*), 'FM999,999,999,999'),
                          pg_size_pretty(pg_relation_size('$1')), round(pg_relation_size('$1') / count(*)::numeric, 1)) FROM $1"
    sql -c "SELECT format('- NOT CACHED: a scan of $1 reads %s blocks', r.blocks_read)
            FROM bench.ran('SELECT count(*) FROM $1', 0) r WHERE r.blocks_read > 0"
}

# race ROUNDS JOB WORKERS QUERY [JOB WORKERS QUERY]...: times the queries by turns.
race() {
    race_rounds=$1 race_jobs='' race_workers='' race_queries=''
    shift
    while [ $# -gt 0 ]; do
        race_jobs="$race_jobs${race_jobs:+,}\$q\$$1\$q\$"
        race_workers="$race_workers${race_workers:+,}$2"
        race_queries="$race_queries${race_queries:+,}\$q\$$3\$q\$"
        shift 3
    done
    sql -c "SELECT bench.race(ARRAY[$race_jobs], ARRAY[$race_queries], ARRAY[$race_workers], $race_rounds)" >/dev/null
}

# launched WORKERS QUERY: complains where fewer workers started than asked for.
launched() {
    sql -v query="$2" -v workers="$1" <<'SQL'
SELECT format('- ONLY %s WORKERS of %s started: %s', r.launched, :workers, :'query')
FROM bench.ran(:'query', :workers) r WHERE r.launched < :workers;
SQL
}

header() {
    say ""
    say "| job | ours, ms | against | its ms | ratio | goal | met |"
    say "|---|--:|---|--:|--:|---|---|"
}

# line LABEL OUR-JOB AGAINST THEIR-JOB KIND [GOAL]
line() {
    sql -v label="$1" -v ours="$2" -v against="$3" -v theirs="$4" -v kind="$5" -v goal="${6:-}" <<'SQL'
SELECT bench.line(:'label', :'ours', :'against', :'theirs', :'kind', nullif(:'goal', '')::numeric);
SQL
}

# keep NAME: leaves every single time in build/results.
keep() {
    mkdir -p "$BUILD/results"
    sql -c "\\copy (SELECT job, ms, cpu_ms, result FROM bench.timing ORDER BY seq) TO STDOUT CSV HEADER" > "$BUILD/results/bench-$1.csv"
}

machine() {
    cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
    memory=$(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo 2>/dev/null || true)
    load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || true)
    say "- date: $(date -u +%Y-%m-%d)"
    say "- processor: ${cpu:-$(uname -m)}, $(getconf _NPROCESSORS_ONLN) cores; memory: ${memory:-unknown}; $(uname -sr)"
    sql -c "SELECT format('- %s; shared_buffers %s, work_mem %s, jit %s; monitor %s', split_part(version(), ' (', 1),
                          current_setting('shared_buffers'), current_setting('work_mem'), current_setting('jit'),
                          (SELECT extversion FROM pg_extension WHERE extname = 'monitor'))"
    say "- the best of $ROUNDS rounds by turns, after one to warm up; clock: ${BENCH_CLOCK:-wall}"
    say "- ratio: our time over the other; with ×, the other over ours"
    if awk -v l="${load:-0}" 'BEGIN { exit !(l > 0.5) }'; then
        say "- THE MACHINE IS BUSY: load average $load before the first table was made"
    fi
}

# peers_python prints the Python that has what could be had of the peers: in an
# environment of its own below build/, filled from PyPI.
peers_python() {
    venv=$BUILD/bench-peers
    log=$BUILD/results/peers.log
    mkdir -p "$BUILD/results"
    if ! command -v python3 >/dev/null; then
        say "- other programs skipped: there is no python3" >&2
        return
    fi
    if [ ! -x "$venv/bin/pip" ]; then
        rm -rf "$venv"
        if ! python3 -m venv "$venv" > "$log" 2>&1; then
            say "- no environment for other programs (Debian: python3-venv); using what python3 finds" >&2
            echo python3
            return
        fi
    fi
    for package in $PEERS; do
        ! "$venv/bin/python" -c "import $package" >/dev/null 2>&1 || continue
        if ! timeout 600 "$venv/bin/pip" install --only-binary :all: "$package" > "$log" 2>&1; then
            say "- $package could not be installed: $(grep -v '^ *$' "$log" | tail -n 1)" >&2
        fi
    done
    echo "$venv/bin/python"
}

# peers ks|profile JOB WORKERS QUERY...: the same work by other programs, by turns
# with our queries.
peers() {
    [ "$PEERS" != none ] || return 0
    python=$(peers_python 2> "$BUILD/results/peers-$1.notes")
    cat "$BUILD/results/peers-$1.notes"
    [ -n "$python" ] || return 0
    BENCH_ROUNDS=$ROUNDS "$python" "$BENCH/peers.py" "$@" > "$BUILD/results/peers-$1.tsv" 2> "$BUILD/results/peers-$1.notes" || true
    grep '^- ' "$BUILD/results/peers-$1.notes" || true
    grep -v '^- ' "$BUILD/results/peers-$1.notes" | sed 's/^/        | /' || true
    sql -c "\\copy bench.timing (job, ms, cpu_ms, result) FROM STDIN" < "$BUILD/results/peers-$1.tsv"
}
