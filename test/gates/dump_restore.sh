#!/bin/sh
# A database with data survives pg_dump and pg_restore: as a custom dump, with
# four jobs, as a plain script; into an empty database, with nothing lost and
# nothing twice.  lib/data.sql fills every dumped table.
. scripts/lib.sh

dir=$(private_dir)/obj/dump
rm -rf "$dir"
mkdir -p "$dir"
dropdb --if-exists gate_source 2>/dev/null
createdb gate_source
psql -Xq -v ON_ERROR_STOP=1 -d gate_source -c 'CREATE EXTENSION monitor' -f test/gates/lib/data.sql >/dev/null
psql -XAtq -d gate_source -v ON_ERROR_STOP=1 <<'SQL'
SELECT '# ' || count(*) || ' dumped tables and sequences' FROM pg_extension e, unnest(e.extconfig) WHERE e.extname = 'monitor';
SELECT format('SELECT %L WHERE NOT EXISTS (SELECT FROM %s)', c || ': test/gates/lib/data.sql puts no row into it', c)
FROM pg_extension e, unnest(e.extconfig) t, LATERAL CAST(t::regclass AS text) c
WHERE e.extname = 'monitor' AND (SELECT relkind FROM pg_class WHERE oid = t) <> 'S'
\gexec
SQL
test/gates/lib/contents.sh gate_source > "$dir/before"

compare() {
    test/gates/lib/contents.sh gate_target > "$dir/after"
    diff "$dir/before" "$dir/after" || say "$1: the contents differ"
}
empty_target() {
    dropdb --if-exists gate_target 2>/dev/null
    createdb gate_target
}

pg_dump -Fc -f "$dir/custom" gate_source
for jobs in 1 4; do
    empty_target
    pg_restore -j $jobs -d gate_target --exit-on-error "$dir/custom"
    compare "pg_restore -j $jobs"
done
empty_target
pg_dump gate_source | psql -Xq -v ON_ERROR_STOP=1 -d gate_target >/dev/null
compare "plain script"
dropdb gate_target
dropdb gate_source
