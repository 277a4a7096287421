-- Everything that the extension makes is in the schema monitor (what has no
-- schema, such as a cast, aside), and no constraint links two dumped tables:
-- pg_restore -j loads them in any order.
SELECT '# ' || count(*) || ' objects' FROM gate.object
UNION ALL
SELECT o.type || ' ' || o.identity || ' is not in schema monitor'
FROM gate.object o
CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, o.objsubid) i
WHERE i.schema IS NOT NULL AND i.schema <> 'monitor'
UNION ALL
SELECT r.identity || ': foreign key ' || c.conname
FROM gate.relation r
JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype = 'f';
