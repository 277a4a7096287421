#!/bin/sh
# plpgsql_check finds nothing in any PL/pgSQL function: names and types that do
# not exist, dead code, statements open to injection.
. scripts/lib.sh

if ! psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE SCHEMA check_plpgsql' -c 'CREATE EXTENSION plpgsql_check SCHEMA check_plpgsql' 2>/dev/null; then
    say "# this server has no plpgsql_check"
    exit 77
fi
# A trigger function is checked for each table that it stands on.
psql -XAtq -v ON_ERROR_STOP=1 <<'SQL'
CREATE TEMP VIEW checked AS
SELECT f.oid, f.identity, f.prorettype, t.tgrelid
FROM gate.function f
LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid FROM pg_trigger) t ON t.tgfoid = f.oid
WHERE f.lanname = 'plpgsql';

SELECT '# ' || count(DISTINCT oid) || ' PL/pgSQL functions' FROM checked;
SELECT identity || ': a trigger function that stands on no table'
FROM checked WHERE prorettype = 'trigger'::regtype AND tgrelid IS NULL;
SELECT c.identity || ' line ' || coalesce(r.lineno, 0) || ': ' || r.level || ': ' || r.message
FROM checked c
CROSS JOIN LATERAL check_plpgsql.plpgsql_check_function_tb(c.oid::regprocedure, coalesce(c.tgrelid, 0)::regclass,
    performance_warnings => false, security_warnings => true) r
WHERE NOT (c.prorettype = 'trigger'::regtype AND c.tgrelid IS NULL);
SQL
