-- All that CREATE EXTENSION or ALTER EXTENSION UPDATE left in the catalogue, one
-- line a fact, in an order that does not depend on when it was made.
SET client_min_messages = warning;
CREATE SCHEMA gate_catalogue;
CREATE VIEW gate_catalogue.object AS
SELECT d.classid, d.objid, i.type, i.identity
FROM pg_depend d
JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) i
WHERE d.deptype = 'e' AND e.extname = 'monitor';

SELECT line COLLATE "C" FROM (
    SELECT format('object %s %s: %s', type, identity, obj_description(objid, classid::regclass::name)) AS line
    FROM gate_catalogue.object
    UNION ALL
    SELECT format('function %s: %s %s cost %s rows %s acl %s %s', o.identity, (SELECT lanname FROM pg_language WHERE oid = p.prolang), concat(p.provolatile,
        p.proparallel, p.proisstrict, p.prosecdef, p.proleakproof, p.prokind), p.procost, p.prorows, p.proacl,
        CASE WHEN p.prokind = 'a' THEN '' ELSE pg_get_functiondef(p.oid) END)
    FROM gate_catalogue.object o JOIN pg_proc p ON o.classid = 'pg_proc'::regclass AND o.objid = p.oid
    UNION ALL
    SELECT format('aggregate %s: %s', o.identity, to_jsonb(a) - '{aggfnoid,aggtranstype,aggmtranstype,aggsortop}'::text[]
        || jsonb_build_object('state', a.aggtranstype::regtype, 'moving state', a.aggmtranstype::regtype))
    FROM gate_catalogue.object o JOIN pg_aggregate a ON o.classid = 'pg_proc'::regclass AND o.objid = a.aggfnoid
    UNION ALL
    SELECT format('type %s: %s %s %s %s %s %s %s %s', o.identity, t.typlen, t.typbyval, t.typtype, t.typcategory, t.typalign,
        t.typstorage, t.typdefault, ARRAY[t.typinput::text, t.typoutput::text, t.typreceive::text, t.typsend::text, t.typmodin::text])
        || format(' acl %s', t.typacl)
    FROM gate_catalogue.object o JOIN pg_type t ON o.classid = 'pg_type'::regclass AND o.objid = t.oid
    UNION ALL
    SELECT format('operator %s: %s commutator %s negator %s %s %s %s %s', o.identity, op.oprcode::text, op.oprcom::regoperator,
        op.oprnegate::regoperator, op.oprrest, op.oprjoin, op.oprcanmerge, op.oprcanhash)
    FROM gate_catalogue.object o JOIN pg_operator op ON o.classid = 'pg_operator'::regclass AND o.objid = op.oid
    UNION ALL
    SELECT format('cast %s: %s %s %s', o.identity, c.castfunc::regprocedure, c.castcontext, c.castmethod)
    FROM gate_catalogue.object o JOIN pg_cast c ON o.classid = 'pg_cast'::regclass AND o.objid = c.oid
    UNION ALL
    SELECT format('relation %s: %s %s acl %s options %s %s', o.identity, c.relkind, c.relpersistence, c.relacl, c.reloptions,
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
    FROM gate_catalogue.object o JOIN pg_class c ON o.classid = 'pg_class'::regclass AND o.objid = c.oid
    UNION ALL
    SELECT format('column %s.%s: %s %s %s %s %s %s acl %s: %s', c.oid::regclass, a.attnum, a.attname,
        format_type(a.atttypid, a.atttypmod), a.attnotnull, concat(a.attidentity, a.attgenerated), a.attstorage,
        pg_get_expr(d.adbin, d.adrelid), a.attacl, col_description(c.oid, a.attnum))
    FROM gate_catalogue.object o
    JOIN pg_class c ON o.classid = 'pg_class'::regclass AND o.objid = c.oid
        OR o.classid = 'pg_type'::regclass AND o.objid = c.reltype
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('constraint %s.%s: %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    FROM gate_catalogue.object o JOIN pg_constraint c ON o.classid = 'pg_class'::regclass AND o.objid = c.conrelid
    UNION ALL
    SELECT format('index %s', pg_get_indexdef(i.indexrelid))
    FROM gate_catalogue.object o JOIN pg_index i ON o.classid = 'pg_class'::regclass AND o.objid = i.indrelid
    UNION ALL
    SELECT format('trigger %s %s', t.tgenabled, pg_get_triggerdef(t.oid))
    FROM gate_catalogue.object o JOIN pg_trigger t ON o.classid = 'pg_class'::regclass AND o.objid = t.tgrelid AND NOT t.tgisinternal
    UNION ALL
    SELECT format('policy or rule %s', pg_get_ruledef(r.oid))
    FROM gate_catalogue.object o JOIN pg_rewrite r ON o.classid = 'pg_class'::regclass AND o.objid = r.ev_class
    UNION ALL
    SELECT format('initial privileges %s %s', pg_describe_object(p.classoid, p.objoid, p.objsubid), p.initprivs)
    FROM gate_catalogue.object o JOIN pg_init_privs p ON o.classid = p.classoid AND o.objid = p.objoid
    UNION ALL
    SELECT format('enum label %s %s', o.identity, e.enumlabel)
    FROM gate_catalogue.object o JOIN pg_enum e ON o.classid = 'pg_type'::regclass AND o.objid = e.enumtypid
    UNION ALL
    SELECT format('dumped %s where %s', t.oid::regclass, e.extcondition[t.n])
    FROM pg_extension e, unnest(e.extconfig) WITH ORDINALITY t(oid, n) WHERE e.extname = 'monitor'
    UNION ALL
    SELECT format('extension %s %s: %s', e.extversion, e.extrelocatable, obj_description(e.oid, 'pg_extension'))
    FROM pg_extension e WHERE e.extname = 'monitor'
    UNION ALL
    SELECT format('schema acl %s: %s', n.nspacl, obj_description(n.oid, 'pg_namespace'))
    FROM pg_namespace n WHERE n.nspname = 'monitor'
) facts
ORDER BY 1;
DROP SCHEMA gate_catalogue CASCADE;
