--
-- Seeing every change: triggers on sources and label tables, and partitions that come and go.
--

CREATE FUNCTION monitor._is_closed(at timestamptz, model_id bigint) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_is_closed_timestamptz' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION monitor._is_closed(timestamptz, bigint) IS 'Condition of the triggers: does the time belong to a bucket that is counted already?';
CREATE FUNCTION monitor._is_closed(at timestamp, model_id bigint) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_is_closed_timestamp' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION monitor._is_closed(timestamp, bigint) IS 'Condition of the triggers, for a time in the model''s zone';
CREATE FUNCTION monitor._is_closed(at date, model_id bigint) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_is_closed_date' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION monitor._is_closed(date, bigint) IS 'Condition of the triggers, for a date';

CREATE FUNCTION monitor._mark_dirty() RETURNS trigger
	AS 'MODULE_PATHNAME', 'monitor_mark_dirty' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._mark_dirty() IS 'trigger: notes the buckets of changed rows; arguments: model, granularity, time zone, time column, label columns';
CREATE FUNCTION monitor._mark_truncated() RETURNS trigger
	AS 'MODULE_PATHNAME', 'monitor_mark_truncated' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._mark_truncated() IS 'trigger: notes that all rows went; arguments: model, and ''labels'' on a label table';
CREATE FUNCTION monitor._mark_label() RETURNS trigger
	AS 'MODULE_PATHNAME', 'monitor_mark_label' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._mark_label() IS 'trigger: notes the keys of changed labels; arguments: model, key column';

CREATE FUNCTION monitor._watermark_moved() RETURNS trigger
	AS 'MODULE_PATHNAME', 'monitor_watermark_moved' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._watermark_moved() IS 'trigger: tells all backends to read the watermarks again';
REVOKE ALL ON FUNCTION monitor._watermark_moved() FROM PUBLIC;
CREATE TRIGGER moved AFTER INSERT OR UPDATE OF closed_to, closed_to_local OR DELETE OR TRUNCATE ON monitor.watermark
	FOR EACH STATEMENT EXECUTE FUNCTION monitor._watermark_moved();
ALTER TABLE monitor.watermark ENABLE ALWAYS TRIGGER moved;
COMMENT ON TRIGGER moved ON monitor.watermark IS 'What writers remember of the watermarks ends when one moves';

-- Everybody may put these on his tables: whoever creates a partition of a source does, for
-- its triggers are cloned with his rights.  On tables that are not watched they do nothing.
GRANT EXECUTE ON FUNCTION monitor._mark_dirty(), monitor._mark_truncated(), monitor._mark_label() TO PUBLIC;

-- ---- attaching ----

-- Label columns of the source, whose change recounts labels only.
CREATE FUNCTION monitor._label_columns(m monitor.model) RETURNS name[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce(array_agg(a.attname), '{}') FROM pg_catalog.pg_attribute a
		WHERE m.label_source IS NULL AND a.attrelid = m.source AND a.attnum > 0
			AND m.label IN ('s.' || pg_catalog.quote_ident(a.attname), '(s.' || pg_catalog.quote_ident(a.attname) || ')');
	END;
COMMENT ON FUNCTION monitor._label_columns(monitor.model) IS 'Columns of the source that hold nothing but the label';

CREATE FUNCTION monitor._create_triggers(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
	arguments text := concat_ws(', ', quote_literal(m.model_id), quote_literal(m.granularity), quote_literal(m.time_zone), quote_literal(m.time_column),
		(SELECT string_agg(quote_literal(c), ', ') FROM unnest(monitor._label_columns(m)) AS c));
	event text;
BEGIN
	-- the model is a literal, not a number to cast: the condition is prepared for each statement that writes
	-- the arguments are literals, quoted where they are made: @plpgsql_check_options: security_warnings = false
	FOREACH event IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION monitor._mark_dirty(%s)',
			format('monitor_%s_%s', m.model_id, event), event, m.source,
			concat_ws(' OR ', CASE WHEN event <> 'delete' THEN format('monitor._is_closed(NEW.%I, %L)', m.time_column, m.model_id) END,
				CASE WHEN event <> 'insert' THEN format('monitor._is_closed(OLD.%I, %L)', m.time_column, m.model_id) END), arguments);
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', m.source, format('monitor_%s_%s', m.model_id, event));
	END LOOP;
	PERFORM monitor._create_truncate_triggers(m);
	IF m.label_source IS NOT NULL THEN
		EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION monitor._mark_label(%L, %L)',
			format('monitor_%s_label', m.model_id), m.label_source, m.model_id, monitor._plain_column(m.label_source, m.label_key));
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', m.label_source, format('monitor_%s_label', m.model_id));
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._create_triggers(monitor.model) IS 'Row triggers on the source and the label table';
REVOKE ALL ON FUNCTION monitor._create_triggers(monitor.model) FROM PUBLIC;

-- Row triggers are cloned to partitions by the server, truncate triggers are not.
CREATE FUNCTION monitor._create_truncate_triggers(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
	missing record;
BEGIN
	-- names and arguments are quoted where they are made: @plpgsql_check_options: security_warnings = false
	FOR missing IN
		SELECT p AS part, s.name, s.arguments
		FROM (VALUES (m.source, format('monitor_%s_truncate', m.model_id), quote_literal(m.model_id)),
			(m.label_source, format('monitor_%s_truncate_labels', m.model_id), format('%L, %L', m.model_id, 'labels'))) AS s(root, name, arguments),
			LATERAL monitor._parts(s.root) AS p JOIN pg_class c ON c.oid = p
		WHERE c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = p AND g.tgname = s.name AND g.tgenabled = 'A')
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION monitor._mark_truncated(%s)',
			missing.name, missing.part, missing.arguments);
		EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', missing.part, missing.name);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._create_truncate_triggers(monitor.model) IS 'Truncate triggers on the source, the label table and their partitions, where they are missing';
REVOKE ALL ON FUNCTION monitor._create_truncate_triggers(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._plain_column(relation regclass, expression text) RETURNS name
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT a.attname FROM pg_catalog.pg_attribute a
		WHERE a.attrelid = relation AND a.attnum > 0 AND expression IN ('l.' || pg_catalog.quote_ident(a.attname), 's.' || pg_catalog.quote_ident(a.attname));
	END;
COMMENT ON FUNCTION monitor._plain_column(regclass, text) IS 'The column that an expression is; NULL: it is more than a column';

-- Why no trigger can see the changes of a model; NULL: they can.
CREATE FUNCTION monitor._no_trigger_reason(m monitor.model, actor name) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE
			WHEN c.relkind NOT IN ('r', 'p') THEN pg_catalog.format('%s is not a table', m.source)
			WHEN c.relkind = 'r' AND c.relhassubclass AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)
				THEN pg_catalog.format('other tables inherit from %s', m.source)
			WHEN m.time_column IS NULL THEN 'the time is an expression, not a column'
			WHEN NOT pg_catalog.has_table_privilege(actor, m.source, 'TRIGGER') THEN pg_catalog.format('%s may not create triggers on %s', actor, m.source)
			WHEN m.label_source IS NOT NULL AND (SELECT l.relkind NOT IN ('r', 'p') FROM pg_catalog.pg_class l WHERE l.oid = m.label_source)
				THEN pg_catalog.format('%s is not a table', m.label_source)
			WHEN m.label_source IS NOT NULL AND monitor._plain_column(m.label_source, m.label_key) IS NULL THEN 'label_key is an expression, not a column'
			WHEN m.label_source IS NOT NULL AND NOT pg_catalog.has_table_privilege(actor, m.label_source, 'TRIGGER')
				THEN pg_catalog.format('%s may not create triggers on %s', actor, m.label_source)
		END
		FROM pg_catalog.pg_class c WHERE c.oid = m.source;
	END;
COMMENT ON FUNCTION monitor._no_trigger_reason(monitor.model, name) IS 'Why a model''s changes cannot be seen by triggers';

CREATE FUNCTION monitor._attach_triggers(m monitor.model) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	reason text := monitor._no_trigger_reason(m, monitor._actor());
BEGIN
	IF reason IS NULL THEN
		PERFORM monitor._create_triggers(m);
	END IF;
	RETURN reason;
EXCEPTION WHEN lock_not_available THEN
	RETURN 'the table was locked for more than two seconds';
END;
$$;
COMMENT ON FUNCTION monitor._attach_triggers(monitor.model) IS 'Attaches the triggers; gives why not, or NULL';
REVOKE ALL ON FUNCTION monitor._attach_triggers(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor._detach_triggers(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found record;
BEGIN
	FOR found IN
		SELECT g.tgrelid::regclass AS relation, g.tgname FROM pg_trigger g
		WHERE g.tgname LIKE format('monitor\_%s\_%%', m.model_id) AND g.tgparentid = 0 AND NOT g.tgisinternal
			AND g.tgfoid IN ('monitor._mark_dirty'::regproc, 'monitor._mark_truncated'::regproc, 'monitor._mark_label'::regproc)
	LOOP
		EXECUTE format('DROP TRIGGER %I ON %s', found.tgname, found.relation);
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._detach_triggers(monitor.model) IS 'Removes the model''s triggers wherever they are';
REVOKE ALL ON FUNCTION monitor._detach_triggers(monitor.model) FROM PUBLIC;

-- Where no trigger can stand, closed buckets are counted again for a while.
CREATE FUNCTION monitor._attach_or_look_back(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	reason text;
BEGIN
	IF m.look_back IS NULL THEN
		reason := monitor._attach_triggers(m);
		IF reason IS NULL THEN
			RETURN;
		END IF;
		UPDATE monitor.model t SET look_back = '3 days', choices = t.choices || monitor._choice('look_back', '3 days', reason)
		WHERE t.model_id = m.model_id;
		RAISE NOTICE 'changes of % older than 3 days will not be seen: %', m.source, reason
			USING HINT = 'Once that is mended: SELECT monitor.attach_trigger(model); or set look_back.';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._attach_or_look_back(monitor.model) IS 'Triggers where they can stand, else a look-back of three days';
REVOKE ALL ON FUNCTION monitor._attach_or_look_back(monitor.model) FROM PUBLIC;

CREATE FUNCTION monitor.attach_trigger(model text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.attach_trigger(text) IS 'Attaches the triggers that see every change, in place of a look-back';

CREATE FUNCTION monitor._attach_trigger(caller oid, model text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'owner');
	reason text;
BEGIN
	PERFORM monitor._reader(m), monitor._detach_triggers(m);
	reason := monitor._attach_triggers(m);
	IF reason IS NOT NULL THEN
		RAISE EXCEPTION 'no trigger was attached: %', reason USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	UPDATE monitor.source_part p SET triggers = NULL WHERE p.model_id = m.model_id;
	-- what changed while there was none is not known
	INSERT INTO monitor.dirty_range (model_id, from_time, to_time, what)
	SELECT m.model_id, min(b.bucket_start), max(b.bucket_end), 'features' FROM monitor.bucket b WHERE b.model_id = m.model_id HAVING count(*) > 0;
	UPDATE monitor.model t SET look_back = NULL WHERE t.model_id = m.model_id;
END;
$$;
COMMENT ON FUNCTION monitor._attach_trigger(oid, text) IS 'attach_trigger, as the caller';
REVOKE ALL ON FUNCTION monitor._attach_trigger(oid, text) FROM PUBLIC;
