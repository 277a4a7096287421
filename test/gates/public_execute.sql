-- Nothing that can change state (a volatile function, a procedure, a function
-- that runs with its owner's rights) is executable by PUBLIC, unless it stands
-- in this list with the reason.
WITH allowed(name, reason) AS (
    VALUES (NULL::text, NULL::text)
), checked AS (
    SELECT f.identity, f.pronamespace::regnamespace || '.' || f.proname AS name,
        EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
            WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE') AS public
    FROM gate.function f
    WHERE f.provolatile = 'v' OR f.prokind = 'p' OR f.prosecdef
)
SELECT '# ' || count(*) || ' functions that can change state' FROM checked
UNION ALL
SELECT identity || ': PUBLIC may execute it'
FROM checked
WHERE public AND NOT EXISTS (SELECT FROM allowed a WHERE a.name = checked.name)
UNION ALL
-- tables and sequences: PUBLIC gets nothing either
SELECT r.identity || ': PUBLIC has ' || a.privilege_type
FROM gate.relation r
CROSS JOIN LATERAL aclexplode(r.relacl) a
WHERE r.relkind IN ('r', 'p', 'S') AND a.grantee = 0 AND a.privilege_type <> 'SELECT';
