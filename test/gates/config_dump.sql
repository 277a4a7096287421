-- What users put into tables of the extension is dumped: every table, and every
-- sequence, is marked with pg_extension_config_dump, unless it is listed here.
WITH not_user_data(name, reason) AS (
    VALUES (NULL::text, NULL::text)
), checked AS (
    SELECT r.oid, r.identity
    FROM gate.relation r
    WHERE r.relkind IN ('r', 'p', 'S') AND r.relpersistence <> 't'
)
SELECT '# ' || count(*) || ' tables and sequences' FROM checked
UNION ALL
SELECT identity || ' is not dumped'
FROM checked
WHERE NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'monitor' AND checked.oid = ANY (e.extconfig))
    AND identity NOT IN (SELECT name FROM not_user_data WHERE name IS NOT NULL);
