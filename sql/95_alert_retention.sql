--
-- Retention of alerting: decisions are kept for 400 days after they ended, how they were sent
-- for 90; that Alertmanager was reminded every minute, for a day.
--

CREATE FUNCTION monitor._retire_alerts(at timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	WITH reminders AS (
		DELETE FROM monitor.outbox o USING monitor.channel c
		WHERE c.name = o.channel AND c.kind = 'alertmanager' AND o.finished_at < clock_timestamp() - '1 day'::interval
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(o.payload -> 'alerts') AS a WHERE a ->> 'why' <> 'repeat')
		RETURNING o.id
	)
	DELETE FROM monitor.delivery_attempt a USING reminders r WHERE a.outbox_id = r.id;
	DELETE FROM monitor.delivery_attempt a USING monitor.outbox o WHERE o.id = a.outbox_id AND o.finished_at < clock_timestamp() - '90 days'::interval;
	DELETE FROM monitor.outbox o WHERE o.finished_at < clock_timestamp() - '90 days'::interval;
	DELETE FROM monitor.suppression s WHERE s.at < clock_timestamp() - '90 days'::interval AND NOT EXISTS (SELECT FROM monitor.alert_episode e WHERE e.episode_id = s.episode_id AND e.closed_at IS NULL);
	DELETE FROM monitor.escalation_state s WHERE s.next_at IS NULL AND NOT EXISTS (SELECT FROM monitor.alert_episode e WHERE e.episode_id = s.episode_id AND (e.closed_at IS NULL OR e.closed_at > at - '90 days'::interval));
	DELETE FROM monitor.notify_group g WHERE g.last_sent_at < at - '90 days'::interval AND g.next_flush_at IS NULL
		AND NOT EXISTS (SELECT FROM monitor.group_member b WHERE b.group_id = g.group_id) AND NOT EXISTS (SELECT FROM monitor.outbox o WHERE o.group_id = g.group_id AND o.finished_at IS NULL);
	DELETE FROM monitor.silence s WHERE s.ends_at < at - '400 days'::interval;
	DELETE FROM monitor.alert_transition t WHERE t.look_at < at - '400 days'::interval
		AND NOT EXISTS (SELECT FROM monitor.alert_episode e WHERE e.episode_id = t.episode_id AND e.closed_at IS NULL);
	DELETE FROM monitor.alert_episode e WHERE e.closed_at < at - '400 days'::interval AND NOT EXISTS (SELECT FROM monitor.group_member b WHERE b.episode_id = e.episode_id);
END;
$$;
COMMENT ON FUNCTION monitor._retire_alerts(timestamptz) IS 'Retention of what alerting keeps';
REVOKE ALL ON FUNCTION monitor._retire_alerts(timestamptz) FROM PUBLIC;
