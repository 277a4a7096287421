--
-- Running: for each model the two transactions of collecting and measuring, then one that alerts.
--

CREATE FUNCTION monitor._refuse_transaction_block() RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_refuse_transaction_block' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._refuse_transaction_block() IS 'Error inside a transaction block';
REVOKE ALL ON FUNCTION monitor._refuse_transaction_block() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION monitor._refuse_transaction_block() TO PUBLIC;

-- Models that a role may run, those that are longest overdue first.
CREATE FUNCTION monitor._step_models() RETURNS bigint[]
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step_models() IS 'run: models that the caller may run';

CREATE FUNCTION monitor.__step_models(caller oid) RETURNS bigint[]
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce(array_agg(m.model_id ORDER BY (SELECT max(r.started_at) FROM monitor.run r WHERE r.model_id = m.model_id) NULLS FIRST, m.model_id), '{}')
		FROM monitor.model m
		WHERE NOT m.suspended AND monitor._rank(caller, m.model_id) >= monitor._level_rank('operator');
	END;
COMMENT ON FUNCTION monitor.__step_models(oid) IS 'run: models that the caller may run';
REVOKE ALL ON FUNCTION monitor.__step_models(oid) FROM PUBLIC;

CREATE FUNCTION monitor._step_model(model text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step_model(text) IS 'run_model: the model, if the caller may run it';

CREATE FUNCTION monitor.__step_model(caller oid, model text) RETURNS bigint
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'operator');
BEGIN
	IF m.suspended THEN
		RAISE EXCEPTION 'model "%" is suspended: %', m.name, m.suspended_reason USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = format('SELECT monitor.resume_model(%L); ends that.', m.name);
	END IF;
	RETURN m.model_id;
END;
$$;
COMMENT ON FUNCTION monitor.__step_model(oid, text) IS 'run_model: the model, if the caller may run it';
REVOKE ALL ON FUNCTION monitor.__step_model(oid, text) FROM PUBLIC;

-- ---- one model ----

CREATE FUNCTION monitor._lock_key(model_id bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT pg_catalog.hashtextextended('monitor.run ' || model_id, 0);
	END;
COMMENT ON FUNCTION monitor._lock_key(bigint) IS 'Advisory lock of a model''s run';

CREATE FUNCTION monitor._run_lock(key bigint) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_run_lock' LANGUAGE C VOLATILE STRICT;
COMMENT ON FUNCTION monitor._run_lock(bigint) IS 'Takes the lock of a run until _run_unlock, or until a transaction fails; false: another session has it';
REVOKE ALL ON FUNCTION monitor._run_lock(bigint) FROM PUBLIC;

CREATE FUNCTION monitor._run_unlock() RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_run_unlock' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._run_unlock() IS 'Lets go of the lock of a run';
REVOKE ALL ON FUNCTION monitor._run_unlock() FROM PUBLIC;

-- Begins a run; NULL: another one is at it, which is noted.  Calls of run() that began together share the models out: what
-- another one took after `round` is its own, and not worth a note.
CREATE FUNCTION monitor._step_begin(model_id bigint, round timestamptz DEFAULT NULL) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step_begin(bigint, timestamptz) IS 'run: notes that it began';

CREATE FUNCTION monitor.__step_begin(caller oid, model_id bigint, round timestamptz) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	begun bigint;
	free boolean;
BEGIN
	PERFORM monitor._require(caller, model_id, 'operator');
	free := monitor._run_lock(monitor._lock_key(model_id));
	IF NOT EXISTS (SELECT FROM monitor.model m WHERE m.model_id = __step_begin.model_id)
			OR free AND EXISTS (SELECT FROM monitor.run r WHERE r.model_id = __step_begin.model_id AND r.started_at >= round AND r.status <> 'skipped') THEN
		-- it was dropped since the list was made, or run
		PERFORM monitor._run_unlock();
		RETURN NULL;
	END IF;
	-- whoever took it in this round may not have said so yet
	IF NOT free AND round IS NOT NULL
			AND NOT EXISTS (SELECT FROM monitor.run r WHERE r.model_id = __step_begin.model_id AND r.started_at < round AND r.status = 'running') THEN
		RETURN NULL;
	END IF;
	INSERT INTO monitor.run (model_id, status, stage, message, finished_at)
	VALUES (model_id, CASE WHEN free THEN 'running' ELSE 'skipped' END, 'begin', CASE WHEN NOT free THEN 'another run of this model is under way' END,
		CASE WHEN NOT free THEN clock_timestamp() END)
	RETURNING run_id INTO begun;
	IF free THEN
		-- a run that died left its row behind
		UPDATE monitor.run r SET status = 'error', finished_at = clock_timestamp(), message = 'the run ended without saying so (cancelled, or its session was lost)'
		WHERE r.model_id = __step_begin.model_id AND r.status = 'running' AND r.run_id < begun;
	END IF;
	RETURN CASE WHEN free THEN begun END;
END;
$$;
COMMENT ON FUNCTION monitor.__step_begin(oid, bigint, timestamptz) IS 'run: takes the model''s lock and notes that it began';
REVOKE ALL ON FUNCTION monitor.__step_begin(oid, bigint, timestamptz) FROM PUBLIC;

-- Runs of two models whose alerts meet in groups may wait for one another: the server ends one of the two, which then
-- has lost nothing but its time.
CREATE FUNCTION monitor._evaluate_again(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	FOR attempt IN 1 .. 5 LOOP
		BEGIN
			PERFORM monitor._evaluate(m);
			RETURN;
		EXCEPTION WHEN deadlock_detected THEN
			IF attempt = 5 THEN
				RAISE;
			END IF;
		END;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._evaluate_again(monitor.model) IS 'Evaluates a model''s rules, again where another run stood in the way';
REVOKE ALL ON FUNCTION monitor._evaluate_again(monitor.model) FROM PUBLIC;

-- One step, whose failure is an entry of the run's row and no more.
CREATE FUNCTION monitor._step(run_id bigint, step text) RETURNS boolean
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step(bigint, text) IS 'run: advance, or collect and measure, or alert; false: it failed, and the run''s row says why';

-- Who locks his table must not keep the models of others waiting: they come after this one.
CREATE FUNCTION monitor.__step(caller oid, run_id bigint, step text) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET lock_timeout = '10s' AS $$
DECLARE
	m monitor.model;
	done monitor._collected;
	measured integer;
	failure text;
BEGIN
	SELECT t.* INTO m FROM monitor.model t JOIN monitor.run r ON r.model_id = t.model_id WHERE r.run_id = __step.run_id AND r.status = 'running';
	IF m.model_id IS NULL THEN
		RETURN false;
	END IF;
	PERFORM monitor._require(caller, m.model_id, 'operator');
	BEGIN
		IF step = 'advance' THEN
			PERFORM monitor._advance(m);
		ELSIF step = 'alert' THEN
			PERFORM monitor._evaluate_again(m);
		ELSE
			done := monitor._collect(m);
			measured := monitor._measure(m);
			UPDATE monitor.run r SET buckets = done.buckets, rows_read = done.num_rows, measurements = measured WHERE r.run_id = __step.run_id;
		END IF;
		UPDATE monitor.run r SET stage = step WHERE r.run_id = __step.run_id;
		RETURN true;
	EXCEPTION WHEN OTHERS THEN
		failure := SQLSTATE;
		UPDATE monitor.run r SET status = 'error', stage = step, finished_at = clock_timestamp(), sqlstate = failure,
			message = CASE failure WHEN '55P03' THEN 'a table was locked for more than 10 seconds' ELSE SQLERRM END
		WHERE r.run_id = __step.run_id;
		RETURN false;
	END;
END;
$$;
COMMENT ON FUNCTION monitor.__step(oid, bigint, text) IS 'run: one step of one model';
REVOKE ALL ON FUNCTION monitor.__step(oid, bigint, text) FROM PUBLIC;

CREATE FUNCTION monitor._step_end(run_id bigint) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step_end(bigint) IS 'run: notes that it ended; gives its status';

CREATE FUNCTION monitor.__step_end(caller oid, run_id bigint) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	ended monitor.run;
BEGIN
	UPDATE monitor.run r SET status = CASE r.status WHEN 'running' THEN 'ok' ELSE r.status END, finished_at = coalesce(r.finished_at, clock_timestamp()),
		bytes_stored = CASE WHEN r.buckets = 0 THEN 0 ELSE (SELECT coalesce(sum(pg_column_size(f.*)), 0) FROM monitor.bucket_features f
			JOIN monitor.bucket k ON k.model_id = f.model_id AND k.bucket_start = f.bucket_start WHERE f.model_id = r.model_id AND k.counted_at >= r.started_at) END
	WHERE r.run_id = __step_end.run_id
	RETURNING * INTO ended;
	PERFORM monitor._require(caller, ended.model_id, 'operator');
	PERFORM monitor._run_unlock();
	IF ended.status = 'error' THEN
		RAISE WARNING 'the run of model "%" failed: %', (SELECT m.name FROM monitor.model m WHERE m.model_id = ended.model_id), ended.message
			USING ERRCODE = coalesce(ended.sqlstate, 'external_routine_exception'), HINT = 'run_history keeps this. What was counted before stays; the next run tries again.';
	END IF;
	RETURN ended.status;
END;
$$;
COMMENT ON FUNCTION monitor.__step_end(oid, bigint) IS 'run: notes that it ended, and lets go of the model';
REVOKE ALL ON FUNCTION monitor.__step_end(oid, bigint) FROM PUBLIC;

-- A procedure that commits can have no settings and no exception block around its
-- commits: every name here is qualified, and whatever can fail is inside _step.
CREATE PROCEDURE monitor._run_one(model_id bigint, round timestamptz DEFAULT NULL)
	LANGUAGE plpgsql AS $$
DECLARE
	run_id bigint;
	good boolean;
BEGIN
	run_id := monitor._step_begin(model_id, round);
	COMMIT;
	SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
	IF run_id IS NULL THEN
		RETURN;
	END IF;
	good := monitor._step(run_id, 'advance');
	COMMIT;
	SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
	IF good THEN
		good := monitor._step(run_id, 'collect');
	END IF;
	COMMIT;
	SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
	IF good THEN
		good := monitor._step(run_id, 'alert');
	END IF;
	COMMIT;
	PERFORM monitor._step_end(run_id);
	COMMIT;
END;
$$;
COMMENT ON PROCEDURE monitor._run_one(bigint, timestamptz) IS 'One model''s run, committing between its steps';

CREATE PROCEDURE monitor.run_model(model text)
	LANGUAGE plpgsql AS $$
DECLARE
	model_id bigint;
BEGIN
	PERFORM monitor._refuse_transaction_block();
	model_id := monitor._step_model(model);
	CALL monitor._run_one(model_id);
END;
$$;
COMMENT ON PROCEDURE monitor.run_model(text) IS 'Brings one model up to date: collects what changed and measures it';

CREATE FUNCTION monitor._step_tick() RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step_tick() IS 'run: alerts that are due by the clock';

CREATE FUNCTION monitor.__step_tick(caller oid) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF monitor._rank(caller, 0) >= monitor._level_rank('operator') THEN
		PERFORM monitor._tick();
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor.__step_tick(oid) IS 'run: alerts that are due by the clock';
REVOKE ALL ON FUNCTION monitor.__step_tick(oid) FROM PUBLIC;

CREATE PROCEDURE monitor.run()
	LANGUAGE plpgsql AS $$
DECLARE
	models bigint[];
	next_model bigint;
	round timestamptz := pg_catalog.clock_timestamp();
BEGIN
	PERFORM monitor._refuse_transaction_block();
	models := monitor._step_models();
	FOREACH next_model IN ARRAY models LOOP
		CALL monitor._run_one(next_model, round);
	END LOOP;
	PERFORM monitor._step_retire();
	COMMIT;
	PERFORM monitor._step_tick();
	COMMIT;
END;
$$;
COMMENT ON PROCEDURE monitor.run() IS 'Brings all models that the caller may run up to date; a broken or locked one is noted in run_history and skipped; several at once share them out';

CREATE VIEW monitor.run_history WITH (security_barrier) AS
SELECT r.run_id, m.name AS model, r.started_at, r.finished_at, r.status, r.stage, r.buckets, r.rows_read, r.bytes_stored, r.measurements,
	round(1000 * extract(epoch FROM r.finished_at - r.started_at)) AS milliseconds, r.sqlstate, r.message
FROM monitor.run r JOIN monitor._visible_model m USING (model_id);
COMMENT ON VIEW monitor.run_history IS 'Runs of models: what they read, stored and measured, or why they failed; key: run_id';
GRANT SELECT ON monitor.run_history TO PUBLIC;

-- ---- retention ----

CREATE FUNCTION monitor._step_retire() RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor._step_retire() IS 'run: retention of what grows';

CREATE TABLE monitor.retention (
	retired_at timestamptz NOT NULL
);
COMMENT ON TABLE monitor.retention IS 'When what grows was last cut: its one row, if there is one';
SELECT pg_catalog.pg_extension_config_dump('monitor.retention', '');

-- Once in six hours: it goes through the whole of the tables.
CREATE FUNCTION monitor._is_time_to_retire(at timestamptz) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM monitor.retention r WHERE r.retired_at BETWEEN at - '6 hours'::interval AND at) OR NOT pg_try_advisory_xact_lock(hashtextextended('monitor.retention', 0)) THEN
		RETURN false;
	END IF;
	DELETE FROM monitor.retention;
	INSERT INTO monitor.retention VALUES (at);
	RETURN true;
END;
$$;
COMMENT ON FUNCTION monitor._is_time_to_retire(timestamptz) IS 'Whether retention is due, and nobody else is at it; notes it';
REVOKE ALL ON FUNCTION monitor._is_time_to_retire(timestamptz) FROM PUBLIC;

-- Hours are kept for 14 days past what windows reach, then the last look of each day for 400.
CREATE FUNCTION monitor.__step_retire(caller oid) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	at timestamptz := monitor.now();
BEGIN
	IF monitor._rank(caller, 0) < monitor._level_rank('operator') OR NOT monitor._is_time_to_retire(at) THEN
		RETURN;
	END IF;
	DELETE FROM monitor.run r WHERE r.started_at < at - '90 days'::interval;
	DELETE FROM monitor.measurement x WHERE x.window_end < at - '400 days'::interval;
	DELETE FROM monitor.measurement x USING monitor.model m
	WHERE m.model_id = x.model_id AND m.granularity = 'hour' AND x.window_end < at - '14 days'::interval
		-- what labels say is as much younger as they are late
		AND (x.metric NOT LIKE 'performance.%' OR x.window_end < at - '14 days'::interval - m.label_delay)
		-- windows of performance need not end with a day
		AND x.window_end <> monitor._bucket_start(x.window_end, 'day', m.time_zone)
		AND EXISTS (SELECT FROM monitor.measurement y
			WHERE y.model_id = x.model_id AND y.metric = x.metric AND y.feature = x.feature AND y.segment = x.segment AND y.window_end > x.window_end
				AND y.window_end <= monitor._bucket_end(monitor._bucket_start(x.window_end, 'day', m.time_zone), 'day', m.time_zone));
	DELETE FROM monitor.bucket_features f USING monitor.model m, monitor.baseline b
	WHERE m.model_id = f.model_id AND b.baseline_id = f.baseline_id
		AND f.bucket_end < at - CASE m.granularity WHEN 'hour' THEN '60 days'::interval ELSE '600 days'::interval END
		AND (f.bucket_start >= b.to_time OR b.superseded_at < at - '400 days'::interval);
	-- a bucket without counts is not known any more: the first one that is known is where counting begins
	DELETE FROM monitor.bucket k WHERE NOT k.is_open
		AND NOT EXISTS (SELECT FROM monitor.bucket_features f WHERE f.model_id = k.model_id AND f.bucket_start = k.bucket_start AND f.segment = '');
	DELETE FROM monitor.bucket_outcomes o USING monitor.model m, monitor.baseline b
	WHERE m.model_id = o.model_id AND b.baseline_id = o.baseline_id AND o.bucket_end < at - '600 days'::interval
		AND (o.bucket_start >= b.to_time OR b.superseded_at < at - '400 days'::interval);
	PERFORM monitor._retire_alerts(at);
END;
$$;
COMMENT ON FUNCTION monitor.__step_retire(oid) IS 'run: retention of what grows';
REVOKE ALL ON FUNCTION monitor.__step_retire(oid) FROM PUBLIC;

-- ---- erasing ----

CREATE FUNCTION monitor.erase(model text, from_time timestamptz, to_time timestamptz) RETURNS bigint
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.erase(text, timestamptz, timestamptz) IS
	'Has buckets counted again although the source let go of their rows, as after an erasure; gives the number of buckets';

CREATE FUNCTION monitor._erase(caller oid, model text, from_time timestamptz, to_time timestamptz) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	m monitor.model := monitor._model(caller, model, 'owner');
	erased bigint;
BEGIN
	IF from_time IS NULL OR to_time IS NULL OR to_time <= from_time THEN
		RAISE EXCEPTION 'from_time must be before to_time, got % and %', coalesce(from_time::text, 'NULL'), coalesce(to_time::text, 'NULL')
			USING ERRCODE = 'invalid_parameter_value', HINT = '-infinity and infinity name all buckets.';
	END IF;
	-- forgotten buckets are counted for the first time by the next run
	UPDATE monitor.watermark w SET seen = NULL WHERE w.model_id = m.model_id;
	DELETE FROM monitor.bucket_outcomes o WHERE o.model_id = m.model_id AND o.bucket_start < to_time AND o.bucket_end > from_time;
	DELETE FROM monitor.bucket_features f WHERE f.model_id = m.model_id AND f.bucket_start < to_time AND f.bucket_end > from_time;
	DELETE FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.bucket_start < to_time AND k.bucket_end > from_time;
	GET DIAGNOSTICS erased = ROW_COUNT;
	RETURN erased;
END;
$$;
COMMENT ON FUNCTION monitor._erase(oid, text, timestamptz, timestamptz) IS 'erase, as the caller';
REVOKE ALL ON FUNCTION monitor._erase(oid, text, timestamptz, timestamptz) FROM PUBLIC;
