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

CREATE FUNCTION monitor._job_name(worker integer) RETURNS text
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT CASE worker WHEN 1 THEN 'monitor' ELSE 'monitor ' || worker END;
	END;
COMMENT ON FUNCTION monitor._job_name(integer) IS 'Name of a worker''s job';

CREATE FUNCTION monitor._unschedule_from(worker integer) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	ended boolean;
BEGIN
	EXECUTE format('SELECT coalesce(bool_or(%1$I.unschedule(j.jobid)), false) FROM %1$I.job j WHERE j.jobname = ANY ($1)', monitor._cron_schema()) INTO ended
	USING ARRAY(SELECT monitor._job_name(w) FROM generate_series(worker, 16) AS w);
	RETURN ended;
END;
$$;
COMMENT ON FUNCTION monitor._unschedule_from(integer) IS 'Ends the jobs of this worker and of those after it; false: there were none';
REVOKE ALL ON FUNCTION monitor._unschedule_from(integer) FROM PUBLIC;

CREATE FUNCTION monitor.schedule(cron text DEFAULT '*/5 * * * *', workers integer DEFAULT 1) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.schedule(text, integer) IS
	'Has pg_cron run all models by a five-field cron expression (UTC), in as many sessions as there are workers; replaces the schedule before; gives the first job''s number';

CREATE FUNCTION monitor._schedule(caller oid, cron text, workers integer) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	jobs bigint[];
	job bigint;
	cron_schema name;
BEGIN
	PERFORM monitor._require_admin(caller);
	IF workers IS NULL OR workers NOT BETWEEN 1 AND 16 THEN
		RAISE EXCEPTION 'workers must be between 1 and 16, got %', coalesce(workers::text, 'NULL') USING ERRCODE = 'invalid_parameter_value',
			HINT = 'As many as there are processors to spare: each is a session that takes the next model.';
	END IF;
	cron_schema := monitor._cron_schema();
	FOR worker IN 1 .. workers LOOP
		EXECUTE format('SELECT %I.schedule($1, $2, ''CALL monitor.run()'')', cron_schema) INTO job USING monitor._job_name(worker), cron;
		jobs := jobs || job;
	END LOOP;
	PERFORM monitor._unschedule_from(workers + 1);
	RETURN jobs[1];
END;
$$;
COMMENT ON FUNCTION monitor._schedule(oid, text, integer) IS 'schedule, as the caller';
REVOKE ALL ON FUNCTION monitor._schedule(oid, text, integer) FROM PUBLIC;

CREATE FUNCTION monitor.unschedule() RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.unschedule() IS 'Ends the schedule; false: there was none';

CREATE FUNCTION monitor._unschedule(caller oid) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller);
	RETURN monitor._unschedule_from(1);
END;
$$;
COMMENT ON FUNCTION monitor._unschedule(oid) IS 'unschedule, as the caller';
REVOKE ALL ON FUNCTION monitor._unschedule(oid) FROM PUBLIC;
