--
-- Delivery as people see it: tests of channels, dead letters, and what was sent.
--

-- ---- tests ----

CREATE FUNCTION monitor._enqueue_test(to_channel text) RETURNS monitor.outbox
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO monitor.outbox (idem_key, kind, channel, payload, max_attempts, next_attempt_at, expires_at)
		VALUES ('test:' || gen_random_uuid(), 'test', to_channel, jsonb_build_object('status', 'firing', 'at', monitor.now(), 'receiver', to_channel, 'alerts', '[]'::jsonb,
			'title', '[TEST] monitor can reach this channel', 'text', format('This is a test of channel %s from database %s. Nothing is wrong.', to_channel, current_database())),
			1, monitor.now(), monitor.now() + '1 hour'::interval)
		RETURNING *;
	END;
COMMENT ON FUNCTION monitor._enqueue_test(text) IS 'Writes a test notice';
REVOKE ALL ON FUNCTION monitor._enqueue_test(text) FROM PUBLIC;

CREATE FUNCTION monitor.dispatcher_test(only_channel text DEFAULT NULL) RETURNS monitor.claimed_delivery[]
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.dispatcher_test(text) IS 'monitor-dispatch --check: a leased test notice for each channel, or one';

CREATE FUNCTION monitor._dispatcher_test(caller oid, only_channel text) RETURNS monitor.claimed_delivery[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	to_channel text;
	claimed monitor.claimed_delivery[] := ARRAY[]::monitor.claimed_delivery[];
BEGIN
	PERFORM monitor._require_dispatcher(caller);
	FOR to_channel IN SELECT c.name FROM monitor.channel c WHERE c.enabled AND (only_channel IS NULL OR c.name = only_channel) ORDER BY c.name LOOP
		claimed := claimed || monitor._lease(monitor._enqueue_test(to_channel), 'check', '2 minutes');
	END LOOP;
	IF cardinality(claimed) = 0 AND only_channel IS NOT NULL THEN
		RAISE EXCEPTION 'channel "%" does not exist', only_channel USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.channels lists them.';
	END IF;
	RETURN claimed;
END;
$$;
COMMENT ON FUNCTION monitor._dispatcher_test(oid, text) IS 'dispatcher_test, as the caller';
REVOKE ALL ON FUNCTION monitor._dispatcher_test(oid, text) FROM PUBLIC;

CREATE FUNCTION monitor.test_channel(channel text) RETURNS uuid
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.test_channel(text) IS 'Sends a test through a channel, by the dispatcher that runs; monitor.deliveries tells what came of it';

CREATE FUNCTION monitor._test_channel(caller oid, channel text) RETURNS uuid
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller);
	IF NOT EXISTS (SELECT FROM monitor.channel c WHERE c.name = channel) THEN
		RAISE EXCEPTION 'channel "%" does not exist', channel USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.channels lists them.';
	END IF;
	PERFORM pg_notify('monitor_outbox', '');
	RETURN (monitor._enqueue_test(channel)).uid;
END;
$$;
COMMENT ON FUNCTION monitor._test_channel(oid, text) IS 'test_channel, as the caller';
REVOKE ALL ON FUNCTION monitor._test_channel(oid, text) FROM PUBLIC;

-- ---- dead letters ----

CREATE FUNCTION monitor.redrive(notice uuid) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.redrive(uuid) IS 'Sends a dead notice after all, with the same id; gives its new state';

CREATE FUNCTION monitor._redrive(caller oid, notice uuid) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	o monitor.outbox;
	lowest integer;
BEGIN
	PERFORM FROM monitor.notify_group g JOIN monitor.outbox t ON t.group_id = g.group_id WHERE t.uid = notice FOR UPDATE OF g;
	SELECT t.* INTO o FROM monitor.outbox t WHERE t.uid = notice FOR UPDATE;
	lowest := greatest(monitor._rank(caller, 0), (SELECT min(monitor._rank(caller, e.model_id)) FROM monitor.alert_episode e WHERE e.episode_id = ANY (o.episodes)));
	IF o.id IS NULL OR coalesce(lowest, 0) = 0 THEN
		RAISE EXCEPTION 'notice % does not exist', notice USING ERRCODE = 'undefined_object', HINT = 'SELECT * FROM monitor.deliveries WHERE state = ''dead'' lists them.';
	ELSIF lowest < monitor._level_rank('operator') THEN
		RAISE EXCEPTION 'permission denied: operator of the models is needed' USING ERRCODE = 'insufficient_privilege';
	ELSIF o.state <> 'dead' THEN
		RAISE EXCEPTION 'notice % is %, not dead', notice, o.state USING ERRCODE = 'object_not_in_prerequisite_state';
	ELSIF NOT EXISTS (SELECT FROM monitor.channel c WHERE c.name = o.channel) THEN
		RAISE EXCEPTION 'channel "%" does not exist any more', o.channel USING ERRCODE = 'undefined_object', HINT = 'Create it again, then redrive.';
	END IF;
	-- taken back again, it leaves what has been told since; an end that nobody heard of is to be told still
	UPDATE monitor.outbox t SET state = 'queued', max_attempts = t.attempts + 200, next_attempt_at = monitor.now(), expires_at = monitor.now() + '24 hours'::interval, finished_at = NULL, reason = 'redriven by ' || monitor._actor(),
		told_before = coalesce((SELECT jsonb_object_agg(e.episode_id, coalesce(b.told, CASE WHEN e.closed_at IS NULL THEN 'nothing' WHEN a ->> 'status' = 'resolved' THEN o.told_before ->> e.episode_id::text ELSE 'resolved' END))
			FROM jsonb_array_elements(o.payload -> 'alerts') AS a JOIN monitor.alert_episode e ON e.uid = (a ->> 'id')::uuid LEFT JOIN monitor.group_member b ON b.group_id = o.group_id AND b.episode_id = e.episode_id), '{}')
	WHERE t.id = o.id;
	-- it tells again; who resolved since is told of after it
	INSERT INTO monitor.group_member AS b (group_id, episode_id, told, told_at)
	SELECT o.group_id, e.episode_id, CASE WHEN a ->> 'status' = 'resolved' THEN 'resolved' ELSE a ->> 'severity' END, monitor.now()
	FROM jsonb_array_elements(o.payload -> 'alerts') AS a JOIN monitor.alert_episode e ON e.uid = (a ->> 'id')::uuid WHERE o.group_id IS NOT NULL
	ON CONFLICT ON CONSTRAINT group_member_pkey DO UPDATE SET told = excluded.told, told_at = excluded.told_at;
	UPDATE monitor.notify_group g SET next_flush_at = monitor.now() + '1 second'::interval WHERE g.group_id = o.group_id;
	UPDATE monitor.channel_state s SET state = 'ok', reason = NULL, changed_at = clock_timestamp() WHERE s.name = o.channel;
	PERFORM pg_notify('monitor_outbox', '');
	RETURN 'queued';
END;
$$;
COMMENT ON FUNCTION monitor._redrive(oid, uuid) IS 'redrive, as the caller';
REVOKE ALL ON FUNCTION monitor._redrive(oid, uuid) FROM PUBLIC;

CREATE VIEW monitor.deliveries WITH (security_barrier) AS
SELECT o.uid AS notice, o.kind, o.channel, seen.models, o.state, o.attempts, last.outcome AS last_outcome, last.http_status, last.smtp_code, o.reason, o.created_at, o.next_attempt_at, o.finished_at,
	round(extract(epoch FROM o.finished_at - o.created_at)::numeric, 3) AS seconds, unknown.n AS unknown_outcomes, o.payload ->> 'status' AS status, o.seq, seen.alerts
FROM monitor.outbox o
-- whom a model may be seen by is asked once, not for each notice
CROSS JOIN LATERAL (SELECT array_agg(DISTINCT m.name) AS models, array_agg(e.uid) AS alerts FROM monitor.alert_episode e JOIN monitor.model m USING (model_id)
	WHERE e.episode_id = ANY (o.episodes) AND e.model_id = ANY (ARRAY(SELECT v.model_id FROM monitor._visible_model v))) AS seen
LEFT JOIN LATERAL (SELECT a.* FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id ORDER BY a.attempt DESC LIMIT 1) AS last ON true
CROSS JOIN LATERAL (SELECT count(*) AS n FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.outcome = 'unknown') AS unknown
WHERE seen.models IS NOT NULL OR (SELECT a.yes FROM monitor._sees_all a);
COMMENT ON VIEW monitor.deliveries IS 'Notices: to whom, what came of them, after how many attempts; unknown_outcomes: attempts that may have arrived; key: notice';
GRANT SELECT ON monitor.deliveries TO PUBLIC;

CREATE VIEW monitor.dispatchers WITH (security_barrier) AS
SELECT d.instance, d.pid, d.version, d.listening, d.last_beat, d.last_beat > clock_timestamp() - '2 minutes'::interval AS alive
FROM monitor.dispatcher d WHERE EXISTS (SELECT FROM monitor._visible_model) OR (SELECT a.yes FROM monitor._sees_all a);
COMMENT ON VIEW monitor.dispatchers IS 'Senders, and whether they are alive; key: instance';
GRANT SELECT ON monitor.dispatchers TO PUBLIC;
