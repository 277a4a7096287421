-- What belongs to the extension, for the gates to look at.
CREATE SCHEMA gate;

CREATE VIEW gate.object AS
SELECT d.classid, d.objid, d.objsubid, i.type, i.identity
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE d.deptype = 'e' AND e.extname = 'monitor';

CREATE VIEW gate.function AS
SELECT p.*, l.lanname, o.identity
FROM gate.object o
JOIN pg_catalog.pg_proc p ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid
JOIN pg_catalog.pg_language l ON p.prolang = l.oid;

CREATE VIEW gate.relation AS
SELECT c.*, o.identity
FROM gate.object o
JOIN pg_catalog.pg_class c ON o.classid = 'pg_class'::regclass AND o.objid = c.oid;
