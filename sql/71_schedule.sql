--
-- Scheduling with pg_cron, where it is there; any other scheduler calls CALL monitor.run().
--

CREATE FUNCTION monitor._cron_schema() RETURNS name
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
		RAISE EXCEPTION 'pg_cron is not installed in this database' USING ERRCODE = 'undefined_object',
			HINT = 'Put pg_cron into shared_preload_libraries, set cron.database_name, restart, CREATE EXTENSION pg_cron; or have another scheduler do: CALL monitor.run();';
	END IF;
	RETURN 'cron';
END;
$$;
COMMENT ON FUNCTION monitor._cron_schema() IS 'Where the functions of pg_cron are; error unless it is here';
REVOKE ALL ON FUNCTION monitor._cron_schema() FROM PUBLIC;

CREATE FUNCTION monitor.schedule(cron text DEFAULT '*/5 * * * *') RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.schedule(text) IS 'Has pg_cron run all models by a five-field cron expression (UTC); replaces the schedule before; gives the job''s number';

CREATE FUNCTION monitor._schedule(caller oid, cron text) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	job bigint;
	cron_schema name;
BEGIN
	PERFORM monitor._require_admin(caller);
	cron_schema := monitor._cron_schema();
	EXECUTE format('SELECT %I.schedule(''monitor'', $1, ''CALL monitor.run()'')', cron_schema) INTO job USING cron;
	RETURN job;
END;
$$;
COMMENT ON FUNCTION monitor._schedule(oid, text) IS 'schedule, as the caller';
REVOKE ALL ON FUNCTION monitor._schedule(oid, text) FROM PUBLIC;

CREATE FUNCTION monitor.unschedule() RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.unschedule() IS 'Ends the schedule; false: there was none';

CREATE FUNCTION monitor._unschedule(caller oid) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	ended boolean;
	cron_schema name;
BEGIN
	PERFORM monitor._require_admin(caller);
	cron_schema := monitor._cron_schema();
	EXECUTE format('SELECT coalesce(bool_or(%1$I.unschedule(jobid)), false) FROM %1$I.job WHERE jobname = ''monitor''', cron_schema) INTO ended;
	RETURN ended;
END;
$$;
COMMENT ON FUNCTION monitor._unschedule(oid) IS 'unschedule, as the caller';
REVOKE ALL ON FUNCTION monitor._unschedule(oid) FROM PUBLIC;
