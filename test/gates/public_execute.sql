-- Nothing that can change state (a volatile function, a procedure, a function
-- that runs with its owner's rights) is executable by PUBLIC, unless it stands
-- in this list with the reason.  The trampoline (C symbol monitor_call_as_owner) is
-- for all: what it calls checks the caller's rights, and is itself for nobody.
WITH allowed(name, reason) AS (
    VALUES ('monitor.create_prediction_log', 'works with the caller''s own rights'),
        ('monitor._is_closed', 'condition of triggers on users'' tables; only reads'),
        ('monitor._mark_dirty', 'trigger on users'' tables, cloned with their rights; idle on tables that are not watched'),
        ('monitor._mark_truncated', 'the same'), ('monitor._mark_label', 'the same'),
        ('monitor._refuse_transaction_block', 'only raises an error'),
        ('monitor.run', 'its steps are trampolines'), ('monitor.run_model', 'its steps are trampolines'),
        ('monitor._run_one', 'its steps are trampolines')
), checked AS (
    SELECT f.identity, f.prosrc, f.pronamespace::regnamespace || '.' || f.proname AS name,
        EXISTS (SELECT FROM aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
            WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE') AS public
    FROM gate.function f
    WHERE f.provolatile = 'v' OR f.prokind = 'p' OR f.prosecdef
)
SELECT '# ' || count(*) || ' functions that can change state' FROM checked
UNION ALL
SELECT identity || ': PUBLIC may execute it'
FROM checked
WHERE public AND prosrc <> 'monitor_call_as_owner' AND NOT EXISTS (SELECT FROM allowed a WHERE a.name = checked.name)
UNION ALL
-- every trampoline has its implementation
SELECT c.identity || ': has no implementation _' || c.name FROM checked c
WHERE c.prosrc = 'monitor_call_as_owner' AND NOT EXISTS (SELECT FROM gate.function g
    WHERE g.pronamespace = 'monitor'::regnamespace AND 'monitor._' || split_part(c.name, '.', 2) = 'monitor.' || g.proname)
UNION ALL
-- tables and sequences: PUBLIC gets nothing either
SELECT r.identity || ': PUBLIC has ' || a.privilege_type
FROM gate.relation r
CROSS JOIN LATERAL aclexplode(r.relacl) a
WHERE r.relkind IN ('r', 'p', 'S') AND a.grantee = 0 AND a.privilege_type <> 'SELECT';
