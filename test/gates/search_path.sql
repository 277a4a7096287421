-- Every SQL and PL/pgSQL function has its search_path pinned or a body that was
-- parsed when it was created (BEGIN ATOMIC).  A procedure that commits cannot
-- have settings: it is fully qualified and stands in this list.
WITH committing_procedure(name) AS (
    VALUES ('monitor.run'), ('monitor.run_model'), ('monitor._run_one')
), checked AS (
    SELECT f.identity, f.proconfig, f.prosqlbody,
        f.pronamespace::regnamespace || '.' || f.proname AS name, f.prokind
    FROM gate.function f
    WHERE f.lanname IN ('sql', 'plpgsql')
)
SELECT '# ' || count(*) || ' functions in SQL or PL/pgSQL' FROM checked
UNION ALL
SELECT identity || ': the search_path is not pinned'
FROM checked
WHERE prosqlbody IS NULL
    AND NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%')
    AND NOT (prokind = 'p' AND name IN (SELECT name FROM committing_procedure))
UNION ALL
-- pg_temp is searched first unless it is named: it must come last
SELECT identity || ': pg_temp is not the last schema of its search_path'
FROM checked
WHERE EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%' AND c !~ 'pg_temp"?$');
