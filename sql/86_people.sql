--
-- What people do with alerts, and what they see of them.
--

CREATE FUNCTION monitor._episode(caller oid, alert uuid, level text) RETURNS monitor.alert_episode
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode;
BEGIN
	SELECT t.* INTO e FROM monitor.alert_episode t WHERE t.uid = alert FOR UPDATE;
	IF e.episode_id IS NULL OR monitor._rank(caller, e.model_id) = 0 THEN
		RAISE EXCEPTION 'alert % does not exist', alert USING ERRCODE = 'undefined_object', HINT = 'SELECT alert FROM monitor.alerts lists those that you may see.';
	END IF;
	PERFORM monitor._require(caller, e.model_id, level);
	IF e.closed_at IS NOT NULL THEN
		RAISE EXCEPTION 'alert % has resolved at %', alert, e.closed_at USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	RETURN e;
END;
$$;
COMMENT ON FUNCTION monitor._episode(oid, uuid, text) IS 'An open alert, locked, if the caller has this level for its model';
REVOKE ALL ON FUNCTION monitor._episode(oid, uuid, text) FROM PUBLIC;

CREATE FUNCTION monitor.acknowledge(alert uuid, comment text DEFAULT NULL) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.acknowledge(uuid, text) IS 'Somebody looks after an alert: it escalates no further and is not repeated; a rise in severity and its end are told';

CREATE FUNCTION monitor._acknowledge(caller oid, alert uuid, comment text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode := monitor._episode(caller, alert, 'operator');
BEGIN
	UPDATE monitor.alert_episode t SET acked_by = monitor._actor(), acked_at = monitor.now(), ack_comment = comment WHERE t.episode_id = e.episode_id;
	PERFORM monitor._end_escalations(e.episode_id, 'acknowledged');
END;
$$;
COMMENT ON FUNCTION monitor._acknowledge(oid, uuid, text) IS 'acknowledge, as the caller';
REVOKE ALL ON FUNCTION monitor._acknowledge(oid, uuid, text) FROM PUBLIC;

CREATE FUNCTION monitor.unacknowledge(alert uuid) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.unacknowledge(uuid) IS 'Takes an acknowledgement or a snooze back: repeats and escalation go on from now';

CREATE FUNCTION monitor._unacknowledge(caller oid, alert uuid) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode := monitor._episode(caller, alert, 'operator');
BEGIN
	UPDATE monitor.alert_episode t SET acked_by = NULL, acked_at = NULL, ack_comment = NULL, snoozed_until = NULL WHERE t.episode_id = e.episode_id;
	UPDATE monitor.escalation_state s SET ended = NULL, next_at = monitor.now() + (s.steps -> s.step ->> 'after')::interval WHERE s.episode_id = e.episode_id AND s.ended = 'acknowledged';
	UPDATE monitor.notify_group g SET next_flush_at = monitor.now() FROM monitor.group_member b WHERE b.episode_id = e.episode_id AND g.group_id = b.group_id;
	PERFORM pg_notify('monitor_outbox', '');
END;
$$;
COMMENT ON FUNCTION monitor._unacknowledge(oid, uuid) IS 'unacknowledge, as the caller';
REVOKE ALL ON FUNCTION monitor._unacknowledge(oid, uuid) FROM PUBLIC;

CREATE FUNCTION monitor.snooze(alert uuid, duration interval, comment text DEFAULT NULL) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.snooze(uuid, interval, text) IS 'Nothing is told of an alert for a while, unless it resolves; gives the end';

CREATE FUNCTION monitor._snooze(caller oid, alert uuid, duration interval, comment text) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode := monitor._episode(caller, alert, 'operator');
	until timestamptz := monitor.now() + duration;
BEGIN
	IF duration IS NULL OR duration <= '0'::interval OR duration > '90 days'::interval THEN
		RAISE EXCEPTION 'duration must be positive and at most 90 days, got %', duration USING ERRCODE = 'invalid_parameter_value';
	END IF;
	UPDATE monitor.alert_episode t SET snoozed_until = until, ack_comment = coalesce(comment, t.ack_comment) WHERE t.episode_id = e.episode_id;
	RETURN until;
END;
$$;
COMMENT ON FUNCTION monitor._snooze(oid, uuid, interval, text) IS 'snooze, as the caller';
REVOKE ALL ON FUNCTION monitor._snooze(oid, uuid, interval, text) FROM PUBLIC;

-- ---- views ----

CREATE VIEW monitor.alerts WITH (security_barrier) AS
SELECT e.uid AS alert, m.name AS model, e.labels ->> 'alertname' AS rule, e.labels ->> 'metric' AS metric, e.labels ->> 'feature' AS feature, e.labels ->> 'segment' AS segment,
	CASE WHEN e.closed_at IS NOT NULL THEN 'resolved' ELSE e.state END AS state, e.severity, e.worst, e.opened_at, e.closed_at, e.close_reason, e.value,
	(SELECT string_agg(coalesce(d ->> 'feature', d ->> 'metric') || coalesce(' (' || (d ->> 'segment') || ')', ''), ', ' ORDER BY n) FROM jsonb_array_elements(e.details) WITH ORDINALITY AS u(d, n) WHERE n <= 10) AS concerns,
	e.flapping, e.acked_by, e.acked_at, e.ack_comment, e.snoozed_until, told.at AS told_at, told.channels AS told_through, kept.reason AS kept_back_by,
	e.labels, e.annotations, e.details
FROM monitor.alert_episode e JOIN monitor._visible_model m USING (model_id)
-- OFFSET: the notices of an alert are found by it; the first to be sent is not looked for among all that were sent
LEFT JOIN LATERAL (SELECT min(t.finished_at) AS at, array_agg(DISTINCT t.channel) AS channels FROM (SELECT o.finished_at, o.channel FROM monitor.outbox o
	WHERE o.episodes @> ARRAY[e.episode_id] AND o.state = 'delivered' OFFSET 0) AS t) AS told ON true
LEFT JOIN LATERAL (SELECT s.reason FROM monitor.suppression s WHERE s.episode_id = e.episode_id ORDER BY s.suppression_id DESC LIMIT 1) AS kept ON e.closed_at IS NULL AND told.at IS NULL;
COMMENT ON VIEW monitor.alerts IS 'Alerts, open and past: what, since when, who looks after it, who was told; kept_back_by: why nobody was; key: alert';
GRANT SELECT ON monitor.alerts TO PUBLIC;

CREATE VIEW monitor.alert_rules WITH (security_barrier) AS
SELECT m.name AS model, r.name AS rule, r.metric, nullif(r.feature, '') AS feature, nullif(r.segment, '') AS segment, r.compares, r.direction, r.warning, r.critical, r.per, r.enabled, r.is_default,
	coalesce(now_.firing, 0) AS firing, coalesce(now_.pending, 0) AS pending,
	round(((SELECT count(*) FROM monitor.alert_episode e WHERE e.rule_id = r.rule_id AND e.opened_at > monitor.now() - '90 days'::interval)
		+ (SELECT count(*) FROM unnest(r.earlier_alarms) AS a WHERE a > monitor.now() - '90 days'::interval)) / 3.0, 2) AS alarms_per_month,
	r.policy, r.recovery, r.raw, r.min_samples, r.stale_after, r.labels, r.annotations, r.runbook_url, r.version, r.created_at, r.created_by
FROM monitor.alert_rule r JOIN monitor._visible_model m USING (model_id)
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE (i.machine).state IN ('firing', 'recovering')) AS firing, count(*) FILTER (WHERE (i.machine).state = 'pending') AS pending
	FROM monitor.alert_instance i WHERE i.rule_id = r.rule_id) AS now_ ON true;
COMMENT ON VIEW monitor.alert_rules IS 'Rules, and how often each raised an alert a month over the last 90 days (or would have, before it was made); key: model, rule';
GRANT SELECT ON monitor.alert_rules TO PUBLIC;

CREATE VIEW monitor.alert_history WITH (security_barrier) AS
SELECT t.transition_id, m.name AS model, coalesce(r.name, '(removed)') AS rule, e.uid AS alert, t.from_state, t.to_state, CASE WHEN t.level >= 2 THEN 'critical' WHEN t.level = 1 THEN 'warning' END AS severity,
	t.look_at, t.value, t.reason, t.actor, t.recorded_at
FROM monitor.alert_transition t JOIN monitor._visible_model m USING (model_id)
LEFT JOIN monitor.alert_rule r USING (rule_id) LEFT JOIN monitor.alert_episode e ON e.episode_id = t.episode_id;
COMMENT ON VIEW monitor.alert_history IS 'Every change of state of every alert; key: transition_id';
GRANT SELECT ON monitor.alert_history TO PUBLIC;

CREATE VIEW monitor.suppressions WITH (security_barrier) AS
SELECT s.suppression_id, m.name AS model, e.uid AS alert, g.channel, s.reason, s.reference, s.at
FROM monitor.suppression s JOIN monitor._visible_model m USING (model_id)
JOIN monitor.alert_episode e ON e.episode_id = s.episode_id LEFT JOIN monitor.notify_group g USING (group_id);
COMMENT ON VIEW monitor.suppressions IS 'Why notices were not sent; key: suppression_id';
GRANT SELECT ON monitor.suppressions TO PUBLIC;
