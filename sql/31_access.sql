--
-- Access: who called, who may do what, and the ways in which users' rows are read.
--

CREATE FUNCTION monitor.now() RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'monitor_now' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION monitor.now() IS 'The time that checks go by: start of the transaction, or the setting monitor.mock_now';

CREATE FUNCTION monitor._cluster() RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_cluster' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION monitor._cluster() IS 'Identifier of this database cluster; a dump restored elsewhere has another';

CREATE FUNCTION monitor._role(name, oid, bigint) RETURNS oid
	AS 'MODULE_PATHNAME', 'monitor_role' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._role(name, oid, bigint) IS 'The role that was noted as name, OID and cluster, if it is still the same; else NULL';

CREATE FUNCTION monitor._actor() RETURNS name
	AS 'MODULE_PATHNAME', 'monitor_actor' LANGUAGE C STABLE PARALLEL RESTRICTED;
COMMENT ON FUNCTION monitor._actor() IS 'Role that called the API function that runs now, else the current user';

CREATE TYPE monitor._anchors AS (edges double precision[], categories text[]);
COMMENT ON TYPE monitor._anchors IS 'What one feature is counted around: numbers or categories';

CREATE FUNCTION monitor._read(owner oid, query text, anchors monitor._anchors[] DEFAULT NULL, texts text[] DEFAULT NULL) RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'monitor_read' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._read(oid, text, monitor._anchors[], text[]) IS
	'Rows of a query, read with the rights of owner and no others: read only, restricted, pinned path; anchors are $1, texts $2';
REVOKE ALL ON FUNCTION monitor._read(oid, text, monitor._anchors[], text[]) FROM PUBLIC;

CREATE TYPE monitor._expression AS (expression text, type oid, column_name name, columns name[]);
COMMENT ON TYPE monitor._expression IS 'A registered expression: deparsed, its type, the column if it is a plain one, all columns it reads';

CREATE FUNCTION monitor._parse_expression(caller oid, relation regclass, expression text, setting text,
	allow_aggregates boolean DEFAULT false, alias text DEFAULT 's') RETURNS monitor._expression
	AS 'MODULE_PATHNAME', 'monitor_parse_expression' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._parse_expression(oid, regclass, text, text, boolean, text) IS
	'Parses an expression over a relation as the caller would, refuses what a recount cannot repeat, and qualifies every name';
REVOKE ALL ON FUNCTION monitor._parse_expression(oid, regclass, text, text, boolean, text) FROM PUBLIC;

-- ---- who may do what ----

-- Since 16 a role can be a member of another without having any of its rights.
CREATE FUNCTION monitor._membership() RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN pg_catalog.current_setting('server_version_num')::integer >= 160000 THEN 'USAGE, SET' ELSE 'MEMBER' END;
	END;
COMMENT ON FUNCTION monitor._membership() IS 'What pg_has_role asks for: is the role a member with the other''s rights?';

CREATE FUNCTION monitor._level_rank(level text) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE level WHEN 'viewer' THEN 1 WHEN 'operator' THEN 2 WHEN 'owner' THEN 3 WHEN 'admin' THEN 4 ELSE 0 END;
	END;
COMMENT ON FUNCTION monitor._level_rank(text) IS 'viewer < operator < owner < admin';

-- What a role may do with a model: the most that it or a role it is a member of has.
-- In PL/pgSQL, as every step of every run asks: a function in SQL is planned anew in each transaction.
CREATE FUNCTION monitor._rank(caller oid, model_id bigint) RETURNS integer
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN greatest(
		(SELECT 4 FROM pg_roles r WHERE r.oid = caller AND r.rolsuper),
		(SELECT 3 FROM monitor.model m
		 WHERE m.model_id = _rank.model_id
			AND pg_has_role(caller, monitor._role(m.owner, m.owner_oid, m.owner_cluster), monitor._membership())),
		(SELECT max(monitor._level_rank(g.level)) FROM monitor.access_grant g
		 WHERE g.model_id IN (0, _rank.model_id)
			AND pg_has_role(caller, monitor._role(g.role, g.role_oid, g.role_cluster), monitor._membership())),
		0);
END;
$$;
COMMENT ON FUNCTION monitor._rank(oid, bigint) IS 'What a role may do with a model, as _level_rank counts; 0: it may not even know of it';
REVOKE ALL ON FUNCTION monitor._rank(oid, bigint) FROM PUBLIC;

CREATE FUNCTION monitor._require(caller oid, model_id bigint, level text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF monitor._rank(caller, model_id) < monitor._level_rank(level) THEN
		RAISE EXCEPTION 'permission denied: % of the model is needed', level
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'Members of the model''s owner, and roles that monitor.grant_access named, may do this.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._require(oid, bigint, text) IS 'Error unless the caller has this level for the model';
REVOKE ALL ON FUNCTION monitor._require(oid, bigint, text) FROM PUBLIC;

CREATE FUNCTION monitor._model(caller oid, model text, level text) RETURNS monitor.model
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found monitor.model;
BEGIN
	SELECT m.* INTO found FROM monitor.model m WHERE m.name = model;
	IF found.model_id IS NULL OR monitor._rank(caller, found.model_id) = 0 THEN
		RAISE EXCEPTION 'model "%" does not exist', model
			USING ERRCODE = 'undefined_object', HINT = 'SELECT model FROM monitor.model_health lists the models that you may see.';
	END IF;
	PERFORM monitor._require(caller, found.model_id, level);
	RETURN found;
END;
$$;
COMMENT ON FUNCTION monitor._model(oid, text, text) IS 'The model of this name, if the caller has this level; who may not see it learns nothing';
REVOKE ALL ON FUNCTION monitor._model(oid, text, text) FROM PUBLIC;

-- What users write runs with the rights of the model's owner: only who has these may
-- give it, however high his level.
CREATE FUNCTION monitor._require_rights_of_owner(caller oid, m monitor.model) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT coalesce(pg_has_role(caller, monitor._role(m.owner, m.owner_oid, m.owner_cluster), monitor._membership()), false) THEN
		RAISE EXCEPTION 'permission denied: expressions of model "%" run with the rights of role "%"', m.name, m.owner
			USING ERRCODE = 'insufficient_privilege',
				HINT = format('Ask a member of %I.', m.owner);
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._require_rights_of_owner(oid, monitor.model) IS 'Error unless the caller has the rights of the model''s owner';
REVOKE ALL ON FUNCTION monitor._require_rights_of_owner(oid, monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._require_admin(caller oid) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF monitor._rank(caller, 0) < monitor._level_rank('admin') THEN
		RAISE EXCEPTION 'permission denied: an administrator of monitor is needed'
			USING ERRCODE = 'insufficient_privilege',
				HINT = 'Ask a superuser, or a role that monitor.grant_access(role, ''admin'') named.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._require_admin(oid) IS 'Error unless the caller is an administrator';
REVOKE ALL ON FUNCTION monitor._require_admin(oid) FROM PUBLIC;

-- Views run with their owner's rights on tables, but current_user is who looks.
CREATE VIEW monitor._visible_model WITH (security_barrier) AS
SELECT m.*
FROM monitor.model m
WHERE pg_catalog.pg_has_role(monitor._role(m.owner, m.owner_oid, m.owner_cluster), monitor._membership())
	OR EXISTS (SELECT FROM monitor.access_grant g
		WHERE g.model_id IN (0, m.model_id) AND g.level <> 'dispatcher'
			AND pg_catalog.pg_has_role(monitor._role(g.role, g.role_oid, g.role_cluster), monitor._membership()))
	OR (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user);
COMMENT ON VIEW monitor._visible_model IS 'Models that the current user may see; every public view joins it';

-- ---- granting ----

CREATE FUNCTION monitor.grant_access(role regrole, level text, model text DEFAULT NULL) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.grant_access(regrole, text, text) IS
	'Lets a role see (viewer), run and acknowledge (operator), deliver (dispatcher) or do everything (admin): with one model, or with all';

CREATE FUNCTION monitor._grant_access(caller oid, role regrole, level text, model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	target bigint := 0;
BEGIN
	IF role IS NULL THEN
		RAISE EXCEPTION 'role must not be NULL' USING ERRCODE = 'null_value_not_allowed';
	ELSIF level IS NULL OR level NOT IN ('viewer', 'operator', 'dispatcher', 'admin') THEN
		RAISE EXCEPTION 'level must be viewer, operator, dispatcher or admin, got %', coalesce(level, 'NULL')
			USING ERRCODE = 'invalid_parameter_value';
	END IF;
	IF model IS NULL THEN
		PERFORM monitor._require_admin(caller);
	ELSE
		target := (monitor._model(caller, model, 'owner')).model_id;
	END IF;
	IF level IN ('dispatcher', 'admin') AND model IS NOT NULL THEN
		RAISE EXCEPTION 'level % is for all models', level
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Leave the model out.';
	END IF;
	INSERT INTO monitor.access_grant (role, role_oid, role_cluster, level, model_id, granted_by)
	SELECT r.rolname, r.oid, monitor._cluster(), _grant_access.level, target, monitor._actor()
	FROM pg_catalog.pg_roles r WHERE r.oid = _grant_access.role
	ON CONFLICT ON CONSTRAINT access_grant_pkey DO UPDATE SET role_oid = excluded.role_oid, role_cluster = excluded.role_cluster;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'role % does not exist', role USING ERRCODE = 'undefined_object';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._grant_access(oid, regrole, text, text) IS 'grant_access, as the caller';
REVOKE ALL ON FUNCTION monitor._grant_access(oid, regrole, text, text) FROM PUBLIC;

CREATE FUNCTION monitor.revoke_access(role name, level text, model text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.revoke_access(name, text, text) IS 'Takes back what grant_access gave; false: there was nothing to take back';

CREATE FUNCTION monitor._revoke_access(caller oid, role name, level text, model text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	target bigint := 0;
BEGIN
	IF model IS NULL THEN
		PERFORM monitor._require_admin(caller);
	ELSE
		target := (monitor._model(caller, model, 'owner')).model_id;
	END IF;
	DELETE FROM monitor.access_grant g WHERE g.role = _revoke_access.role AND g.level = _revoke_access.level AND g.model_id = target;
	RETURN FOUND;
END;
$$;
COMMENT ON FUNCTION monitor._revoke_access(oid, name, text, text) IS 'revoke_access, as the caller';
REVOKE ALL ON FUNCTION monitor._revoke_access(oid, name, text, text) FROM PUBLIC;
