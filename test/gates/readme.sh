#!/bin/sh
# The demo runs to its end, and every query of the README runs in its database.
. scripts/lib.sh

dropdb --if-exists gate_readme 2>/dev/null
createdb gate_readme
export PGDATABASE=gate_readme
demo/run.sh > "$(private_dir)/obj/demo.out" || say "demo/run.sh failed"
awk '/^```sql$/ { inside = 1; next } /^```$/ { inside = 0 } inside' README.md > "$(private_dir)/obj/readme.sql"
psql -Xq -v ON_ERROR_STOP=1 -f "$(private_dir)/obj/readme.sql" >/dev/null
printf '# %s queries\n' "$(grep -c '^SELECT' "$(private_dir)/obj/readme.sql")"
unset PGDATABASE
dropdb gate_readme
