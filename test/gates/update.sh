#!/bin/sh
# Whoever updates has what whoever installs has: from every released script in
# sql/releases the catalogue after ALTER EXTENSION UPDATE equals that of a fresh
# install; and what was released does not change.
. scripts/lib.sh

dir=$(private_dir)/obj/update
rm -rf "$dir"
mkdir -p "$dir"
version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" monitor.control)
share=$("$PG_CONFIG" --sharedir)/extension

catalogue() {       # catalogue DATABASE: what the extension left there
    psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -f test/gates/lib/catalogue.sql
}
new_database() {
    dropdb --if-exists gate_update 2>/dev/null
    createdb gate_update
}

new_database
psql -Xq -v ON_ERROR_STOP=1 -d gate_update -c 'CREATE EXTENSION monitor'
catalogue gate_update > "$dir/fresh"

# the same again, to know that the comparison itself is sound
new_database
psql -Xq -v ON_ERROR_STOP=1 -d gate_update -c 'CREATE EXTENSION monitor'
catalogue gate_update | diff "$dir/fresh" - || say "two fresh installs differ"

released=0
for script in sql/releases/monitor--*.sql; do
    from=$(basename "$script" .sql)
    from=${from#monitor--}
    case $from in \* | *--*) continue ;; esac
    released=$((released + 1))
    if [ "$from" = "$version" ]; then
        cmp "$script" "$share/monitor--$version.sql" || say "$version is released: raise the version to change it"
        continue
    fi
    new_database
    if ! psql -Xq -v ON_ERROR_STOP=1 -d gate_update -c "CREATE EXTENSION monitor VERSION '$from'" \
        -c "ALTER EXTENSION monitor UPDATE TO '$version'"; then
        say "$from cannot be updated to $version"
        continue
    fi
    catalogue gate_update > "$dir/$from"
    diff "$dir/fresh" "$dir/$from" || say "$from updated to $version (right) differs from a fresh install (left)"
done
dropdb gate_update
say "# $(grep -c . "$dir/fresh") facts; $released released versions to update from"
