#!/bin/sh
# Loads the demo's data into the database that libpq's environment names, and
# prints what monitor finds in it.  `make demo` runs it in a private server.
set -eu
cd "$(dirname "$0")"
export PGCLIENTENCODING=UTF8 PGOPTIONS='-c client_min_messages=warning' PSQLRC=/dev/null

load() {
    gzip -dc "data/$1" | psql -qX -v ON_ERROR_STOP=1 -c "\\copy $2 FROM pstdin WITH (FORMAT csv, HEADER)"
}

echo "Loading 277,677 predictions of four years, and their outcomes ..."
psql -qX -v ON_ERROR_STOP=1 -f 01_tables.sql
load employment_reference.csv.gz demo.delivery
load employment_current.csv.gz demo.delivery
load employment_outcomes.csv.gz demo.outcomes
psql -qX -v ON_ERROR_STOP=1 -f 02_load.sql
psql -qX -v ON_ERROR_STOP=1 -f 03_profiles.sql
psql -qX -v ON_ERROR_STOP=1 -f 04_drift.sql
psql -qX -v ON_ERROR_STOP=1 -f 05_performance.sql
# shellcheck source=demo/servers.sh
. ./servers.sh
psql -qX -v ON_ERROR_STOP=1 -v smtp="$smtp" -v http="$http" -f 06_monitor.sql
show_messages
