#!/bin/sh
# The version is the same everywhere: control file, META.json, newest entry of
# CHANGELOG.md, the installed extension.
. scripts/lib.sh

version=$(sed -n "s/^default_version *= *'\(.*\)'/\1/p" monitor.control)
say "# $version"
meta=$(psql -XAt -v meta="$(cat META.json)" <<'SQL'
SELECT (:'meta'::jsonb ->> 'version') || ' ' || (:'meta'::jsonb #>> '{provides,monitor,version}');
SQL
)
[ "$meta" = "$version $version" ] || say "META.json: version and provides.monitor.version are: $meta"
changelog=$(sed -n 's/^## \([^ ]*\).*/\1/p' CHANGELOG.md | head -n 1)
[ "$changelog" = "$version" ] || say "CHANGELOG.md: the newest entry is $changelog"
installed=$(psql -XAtc "SELECT extversion FROM pg_extension WHERE extname = 'monitor'")
[ "$installed" = "$version" ] || say "the installed extension says $installed"
