--
-- What must always hold, asked of the tables themselves.
--

CREATE FUNCTION monitor.check_invariants() RETURNS TABLE (invariant text, subject text, detail text)
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.check_invariants() IS 'Rows that break a rule of alerting or delivery; none is what is expected. For administrators';

CREATE FUNCTION monitor._check_invariants(caller oid) RETURNS TABLE (invariant text, subject text, detail text)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_admin(caller);
	RETURN QUERY
	SELECT 'the state of an alert is that of its last transition'::text, r.name || ' ' || concat_ws(' ', i.metric, i.feature, i.segment), (i.machine).state || ' but ' || t.to_state
	FROM monitor.alert_instance i JOIN monitor.alert_rule r USING (rule_id)
	JOIN LATERAL (SELECT x.to_state FROM monitor.alert_transition x WHERE x.rule_id = i.rule_id AND x.fingerprint = i.fingerprint ORDER BY x.transition_id DESC LIMIT 1) AS t ON true
	WHERE t.to_state <> (i.machine).state
	UNION ALL
	SELECT 'an alert that fires has an open episode, others have none', e.uid::text, e.state
	FROM monitor.alert_episode e LEFT JOIN monitor.alert_instance i ON i.rule_id = e.rule_id AND i.fingerprint = e.fingerprint
	WHERE e.closed_at IS NULL AND coalesce((i.machine).state, 'normal') IN ('normal', 'pending')
	UNION ALL
	SELECT 'an alert that fires has an open episode, others have none', i.rule_id || ' ' || encode(i.fingerprint, 'hex'), (i.machine).state
	FROM monitor.alert_instance i WHERE (i.machine).state NOT IN ('normal', 'pending')
		AND NOT EXISTS (SELECT FROM monitor.alert_episode e WHERE e.rule_id = i.rule_id AND e.fingerprint = i.fingerprint AND e.closed_at IS NULL)
	UNION ALL
	SELECT 'every alert is told of, is about to be, or is kept back with a reason', e.uid::text, 'opened ' || e.noticed_at
	FROM monitor.alert_episode e
	WHERE e.closed_at IS NULL AND NOT EXISTS (SELECT FROM monitor.suppression s WHERE s.episode_id = e.episode_id)
		AND NOT EXISTS (SELECT FROM monitor.group_member b JOIN monitor.notify_group g USING (group_id) WHERE b.episode_id = e.episode_id AND (b.told <> 'nothing' OR g.next_flush_at IS NOT NULL))
	UNION ALL
	SELECT 'what was told is in a notice', b.group_id || ' ' || b.episode_id, b.told
	FROM monitor.group_member b WHERE b.told <> 'nothing' AND NOT EXISTS (
		SELECT FROM monitor.outbox o WHERE o.group_id = b.group_id AND b.episode_id = ANY (o.episodes) AND (o.state <> 'cancelled' OR o.reason LIKE 'one of its alerts%'))
		AND b.told_at > monitor.now() - '80 days'::interval
	UNION ALL
	SELECT 'a leased notice has an attempt that is not over', o.uid::text, o.lease_owner
	FROM monitor.outbox o WHERE o.state = 'leased' AND NOT EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.token = o.lease_token AND a.outcome IS NULL)
	UNION ALL
	SELECT 'a delivered notice has an attempt that succeeded', o.uid::text, o.channel
	FROM monitor.outbox o WHERE o.state = 'delivered' AND NOT EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.outcome = 'ok')
	UNION ALL
	SELECT 'attempts are counted', o.uid::text, format('%s, but %s rows', o.attempts, a.n)
	FROM monitor.outbox o CROSS JOIN LATERAL (SELECT count(*) AS n FROM monitor.delivery_attempt t WHERE t.outbox_id = o.id) AS a WHERE a.n <> o.attempts
	UNION ALL
	SELECT 'no notice of a group overtakes an earlier one', o.uid::text, 'after ' || p.uid
	FROM monitor.outbox o JOIN monitor.outbox p ON p.group_id = o.group_id AND p.seq < o.seq
	WHERE p.state IN ('queued', 'retry', 'leased') AND (o.state = 'leased' OR o.state = 'delivered' AND o.finished_at > p.created_at)
		-- what was redriven comes after what followed it; of this the reason tells until it is tried again
		AND coalesce(p.reason, '') NOT LIKE 'redriven%' AND NOT EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = p.id AND a.outcome = 'permanent')
	UNION ALL
	SELECT 'no end is told of what was not told', o.uid::text, o.channel
	FROM monitor.outbox o WHERE o.kind = 'resolve' AND o.state = 'delivered' AND NOT EXISTS (
		SELECT FROM monitor.outbox p JOIN monitor.delivery_attempt a ON a.outbox_id = p.id WHERE p.group_id = o.group_id AND p.seq <= o.seq AND p.id <> o.id AND p.kind <> 'resolve' AND a.outcome IN ('ok', 'unknown', 'permanent')
			AND p.episodes && o.episodes)
	UNION ALL
	SELECT 'what is escalated is open and not acknowledged', e.uid::text, s.next_at::text
	FROM monitor.escalation_state s JOIN monitor.alert_episode e USING (episode_id) WHERE s.next_at IS NOT NULL AND (e.closed_at IS NOT NULL OR e.acked_at IS NOT NULL);
END;
$$;
COMMENT ON FUNCTION monitor._check_invariants(oid) IS 'check_invariants, as the caller';
REVOKE ALL ON FUNCTION monitor._check_invariants(oid) FROM PUBLIC;
