--
-- Measuring one model: everything that is new or changed since it was measured last.
--

-- As _analyze_counts does: rules are evaluated next.
CREATE FUNCTION monitor._analyze_measurements(stored integer) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET client_min_messages = error AS $$
BEGIN
	IF (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'monitor.measurement'::regclass) < 0.5 * stored THEN
		ANALYZE (SKIP_LOCKED) monitor.measurement;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._analyze_measurements(integer) IS 'Tells the planner of many measurements at once';
REVOKE ALL ON FUNCTION monitor._analyze_measurements(integer) FROM PUBLIC;

-- One plan for all models, as each is found by its number.  Without enable_seqscan = off it could be one that was made while
-- the tables were small.
CREATE FUNCTION monitor._measure(m monitor.model) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
	b monitor.baseline := monitor._current_baseline(m.model_id);
	stored integer;
	last_time timestamptz;
	changed timestamptz;
	labelled timestamptz;
	counted timestamptz;
	said_to timestamptz;
BEGIN
	IF b.built_at IS NULL THEN
		RETURN 0;
	END IF;
	-- one run of a model ends before the next begins: not all of 90 days are read
	SELECT r.finished_at INTO last_time FROM monitor.run r WHERE r.model_id = m.model_id AND r.status = 'ok' ORDER BY r.started_at DESC LIMIT 1;
	-- a bucket that is counted again as it was before has not changed; labels come to old buckets at
	-- each run, and change nothing of what was said of drift since
	SELECT min(k.bucket_end) FILTER (WHERE k.changed_at > coalesce(last_time, '-infinity')),
		min(k.bucket_end) FILTER (WHERE greatest(k.changed_at, k.labelled_at) > coalesce(last_time, '-infinity')),
		min(k.bucket_end) FILTER (WHERE m.label_source IS NULL OR greatest(k.changed_at, k.counted_at) > coalesce(last_time, '-infinity'))
	INTO changed, labelled, counted FROM monitor.bucket k
	WHERE k.model_id = m.model_id AND k.bucket_start >= coalesce(b.to_time, '-infinity') AND greatest(k.changed_at, k.labelled_at, k.counted_at) > coalesce(last_time, '-infinity');
	-- nothing new is said of what was said against the baseline before this one; labels come to windows that nothing was said
	-- of yet when that was replaced
	said_to := monitor._said_to(m, b) + '1 microsecond'::interval;
	stored := CASE WHEN changed IS NULL THEN 0 ELSE monitor._measure_drift(m, b, greatest(changed, said_to)) + monitor._measure_features(m, b, greatest(changed, said_to))
			+ monitor._measure_volume(m, b, greatest(changed, said_to)) + monitor._measure_operations(m, b, greatest(changed, said_to)) END
		+ CASE WHEN labelled IS NULL THEN 0 ELSE monitor._measure_performance(m, b, labelled) + monitor._measure_business(m, b, greatest(labelled, said_to))
			+ monitor._measure_importance(m, b, greatest(labelled, said_to)) END
		+ CASE WHEN counted IS NULL THEN 0 ELSE monitor._measure_aggregates(m, b, greatest(counted, said_to)) END
		+ monitor._measure_freshness(m, b) + monitor._measure_times(m, b);
	PERFORM monitor._analyze_measurements(stored);
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure(monitor.model) IS 'Measures what changed since the last run; gives the number of measurements';
REVOKE ALL ON FUNCTION monitor._measure(monitor.model) FROM PUBLIC;
