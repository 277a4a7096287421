-- Every object of the extension has a COMMENT.  (The array type of a type and
-- the row type of a table come with it and have none of their own.)
WITH checked AS (
    SELECT o.type, o.identity, obj_description(o.objid, o.classid::regclass::name) AS comment
    FROM gate.object o
    LEFT JOIN pg_type t ON o.classid = 'pg_type'::regclass AND o.objid = t.oid
    LEFT JOIN pg_class c ON t.typrelid = c.oid AND c.relkind <> 'c'
    WHERE c.oid IS NULL AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
)
SELECT '# ' || count(*) || ' objects' FROM checked
UNION ALL
SELECT type || ' ' || identity || ' has no comment' FROM checked WHERE coalesce(comment, '') = ''
UNION ALL
SELECT 'extension monitor has no comment'
WHERE NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'monitor' AND obj_description(e.oid, 'pg_extension') <> '')
UNION ALL
SELECT 'schema monitor has no comment'
WHERE coalesce(obj_description('monitor'::regnamespace, 'pg_namespace'), '') = '';
