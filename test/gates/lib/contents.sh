#!/bin/sh
# contents.sh DATABASE: all that dumps carry of the extension: the rows of its
# dumped tables and sequences, and of the user's tables that hold its types.
. scripts/lib.sh

psql -XAtq -d "$1" -v ON_ERROR_STOP=1 <<'SQL'
SELECT format(CASE c.relkind WHEN 'S' THEN 'SELECT %L, last_value, is_called FROM %s'
    ELSE 'SELECT %L, count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text)) FROM %s t' END, c.oid::regclass::text, c.oid::regclass)
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'S')
    AND (c.relnamespace = 'monitor'::regnamespace
            AND c.oid IN (SELECT unnest(e.extconfig) FROM pg_extension e WHERE e.extname = 'monitor')
        OR c.relnamespace = 'gate_data'::regnamespace)
ORDER BY c.oid::regclass::text COLLATE "C"
\gexec
SQL
