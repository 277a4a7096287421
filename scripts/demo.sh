#!/bin/sh
# demo.sh: from nothing to a monitored model: installs what is missing, builds,
# starts a private server and runs demo/run.sh in it; the server stays up, to
# look around.
cd "$(dirname "$0")/.."
. scripts/lib.sh

scripts/install_deps.sh base peers
[ -x demo/run.sh ] || die "there is no demo/run.sh"
mkdir -p build/results
say "Building monitor and starting a private server ..."
# shellcheck disable=SC2016
scripts/with_server.sh -n demo -k sh -ec '
    demo/run.sh
    cat <<END

The private server still runs, for you to look around:
    $(dirname "$PG_CONFIG")/psql -h $PGHOST -U $PGUSER $PGDATABASE
Stop it with:        make stop
Remove everything:   make clean
END'
