--
-- What happened to a source since the last run that no trigger tells of: partitions that
-- came and went, and the triggers themselves.
--

-- The tables that hold a source's rows, with the row triggers that see changes of them.
CREATE FUNCTION monitor._leaves(m monitor.model) RETURNS TABLE (part regclass, triggers oid[])
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT p, ARRAY(SELECT g.oid FROM pg_catalog.pg_trigger g
			WHERE g.tgrelid = p AND g.tgfoid = 'monitor._mark_dirty'::regproc AND g.tgenabled = 'A'
				AND starts_with(g.tgname, pg_catalog.format('monitor_%s_', m.model_id)) ORDER BY g.oid)
		FROM monitor._parts(m.source) AS p JOIN pg_catalog.pg_class c ON c.oid = p
		WHERE c.relkind IN ('r', 'f');
	END;
COMMENT ON FUNCTION monitor._leaves(monitor.model) IS 'The tables that hold a source''s rows, with the row triggers that are in force there';
REVOKE ALL ON FUNCTION monitor._leaves(monitor.model) FROM PUBLIC;

-- Partitions that came hold rows that no trigger saw; those that went leave archived buckets.
CREATE FUNCTION monitor._compare_parts(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	known boolean := EXISTS (SELECT FROM monitor.source_part p WHERE p.model_id = m.model_id);
BEGIN
	WITH gone AS (
		DELETE FROM monitor.source_part p WHERE p.model_id = m.model_id AND NOT EXISTS (SELECT FROM monitor._leaves(m) l WHERE l.part = p.part)
		RETURNING p.from_time, p.to_time)
	UPDATE monitor.bucket b SET archived = true FROM gone g
	WHERE b.model_id = m.model_id AND b.bucket_start >= g.from_time AND b.bucket_end <= g.to_time;
	WITH new_part AS (
		INSERT INTO monitor.source_part (model_id, part, from_time, to_time, triggers, cluster)
		SELECT m.model_id, l.part, b.from_time, b.to_time, l.triggers, monitor._cluster()
		FROM monitor._leaves(m) AS l, LATERAL monitor._part_bounds(m, l.part) AS b
		WHERE NOT EXISTS (SELECT FROM monitor.source_part p WHERE p.model_id = m.model_id AND p.part = l.part)
		RETURNING from_time, to_time)
	INSERT INTO monitor.dirty_range (model_id, from_time, to_time, what)
	SELECT m.model_id, n.from_time, n.to_time, 'features' FROM new_part n WHERE known;
	IF m.look_back IS NULL THEN
		PERFORM monitor._compare_triggers(m);
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._compare_parts(monitor.model) IS 'Marks what came and went with partitions since the last run';
REVOKE ALL ON FUNCTION monitor._compare_parts(monitor.model) FROM PUBLIC;

-- Where the triggers are not those of the last run (dropped, disabled, or the partition was
-- detached and came back), rows may have changed that none saw: all of it is counted again.
-- Numbers of triggers mean nothing in another cluster: those of a restored dump are noted.
CREATE FUNCTION monitor._compare_triggers(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO monitor.dirty_range (model_id, from_time, to_time, what)
	SELECT m.model_id, p.from_time, p.to_time, 'features'
	FROM monitor.source_part p JOIN monitor._leaves(m) l ON l.part = p.part
	WHERE p.model_id = m.model_id AND p.cluster = monitor._cluster() AND (p.triggers <> l.triggers OR cardinality(l.triggers) < 3);
	IF EXISTS (SELECT FROM monitor._leaves(m) l WHERE cardinality(l.triggers) < 3) THEN
		PERFORM monitor._mend_triggers(m);
	END IF;
	BEGIN
		PERFORM monitor._create_truncate_triggers(m);
	EXCEPTION WHEN lock_not_available THEN
		-- the next run tries again
		NULL;
	END;
	UPDATE monitor.source_part p SET triggers = l.triggers, cluster = monitor._cluster()
	FROM monitor._leaves(m) l WHERE p.model_id = m.model_id AND p.part = l.part AND (p.triggers, p.cluster) IS DISTINCT FROM (l.triggers, monitor._cluster());
END;
$$;
COMMENT ON FUNCTION monitor._compare_triggers(monitor.model) IS 'Marks the tables whose triggers are not those of the last run, and mends them';
REVOKE ALL ON FUNCTION monitor._compare_triggers(monitor.model) FROM PUBLIC;

-- Triggers that were dropped or disabled are created anew, where the model's owner may.
CREATE FUNCTION monitor._mend_triggers(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	reason text := monitor._no_trigger_reason(m, m.owner);
BEGIN
	IF reason IS NULL THEN
		PERFORM monitor._detach_triggers(m);
		PERFORM monitor._create_triggers(m);
		RETURN;
	END IF;
	UPDATE monitor.model t SET look_back = '3 days', choices = t.choices || monitor._choice('look_back', '3 days', 'the triggers are gone: ' || reason)
	WHERE t.model_id = m.model_id;
EXCEPTION WHEN lock_not_available THEN
	-- what changes until the next run can mend them is marked by that one
	RETURN;
END;
$$;
COMMENT ON FUNCTION monitor._mend_triggers(monitor.model) IS 'Puts lost triggers back, or else looks back';
REVOKE ALL ON FUNCTION monitor._mend_triggers(monitor.model) FROM PUBLIC;

-- Columns that hold nothing but the label may all the same be read by a feature or a
-- segment: a change of the label is one of features then.
CREATE FUNCTION monitor._labels_are_read(m monitor.model) RETURNS boolean
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		SELECT monitor._label_columns(m) && monitor._columns_of(monitor._reader(m), m.source, ARRAY(
			SELECT f.expression FROM monitor.feature f WHERE f.model_id = m.model_id AND f.role <> 'skipped' AND NOT f.dropped
			UNION ALL SELECT unnest(g.expressions) FROM monitor.segment g WHERE g.model_id = m.model_id));
	END;
COMMENT ON FUNCTION monitor._labels_are_read(monitor.model) IS 'Does a feature or segment read the label?';
REVOKE ALL ON FUNCTION monitor._labels_are_read(monitor.model) FROM PUBLIC;
