--
-- Notices: alerts are told of in groups; what is to be told is an outbox row, written in the
-- transaction that decides it, with what was told before, so that it can be taken back.
--

-- ---- joining groups ----

CREATE FUNCTION monitor._group_labels(e monitor.alert_episode, group_by text[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT CASE WHEN '...' = ANY (group_by) THEN e.labels
			ELSE coalesce((SELECT jsonb_object_agg(l, e.labels -> l) FROM unnest(group_by) AS l WHERE e.labels ? l), '{}') END;
	END;
COMMENT ON FUNCTION monitor._group_labels(monitor.alert_episode, text[]) IS 'Labels that alerts of a group share';
REVOKE ALL ON FUNCTION monitor._group_labels(monitor.alert_episode, text[]) FROM PUBLIC;

CREATE FUNCTION monitor._join_group(e monitor.alert_episode, r monitor.route, channel text, labels jsonb) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	g monitor.notify_group;
BEGIN
	INSERT INTO monitor.notify_group (route_id, channel, labels) VALUES (r.route_id, channel, labels) ON CONFLICT DO NOTHING;
	SELECT t.* INTO g FROM monitor.notify_group t WHERE t.route_id = r.route_id AND t.channel = _join_group.channel AND t.labels = _join_group.labels FOR UPDATE;
	INSERT INTO monitor.group_member (group_id, episode_id) VALUES (g.group_id, e.episode_id) ON CONFLICT DO NOTHING;
	RETURN g.group_id;
END;
$$;
COMMENT ON FUNCTION monitor._join_group(monitor.alert_episode, monitor.route, text, jsonb) IS 'Makes an alert a member of a group, which is made if there is none; gives its number';
REVOKE ALL ON FUNCTION monitor._join_group(monitor.alert_episode, monitor.route, text, jsonb) FROM PUBLIC;

-- A group that told something lately waits out its interval; one that did not, its wait.
CREATE FUNCTION monitor._plan_flush(group_id bigint, r monitor.route) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE monitor.notify_group g SET next_flush_at = least(CASE WHEN g.next_flush_at > monitor.now() AND g.last_sent_at IS NULL THEN g.next_flush_at ELSE 'infinity' END,
			greatest(monitor.now() + CASE WHEN g.last_sent_at IS NULL THEN coalesce(r.group_wait, '0') ELSE '0'::interval END, g.last_sent_at + coalesce(r.group_interval, '5 minutes')))
		WHERE g.group_id = _plan_flush.group_id;
	END;
COMMENT ON FUNCTION monitor._plan_flush(bigint, monitor.route) IS 'Sets when a group with something new is told of next';
REVOKE ALL ON FUNCTION monitor._plan_flush(bigint, monitor.route) FROM PUBLIC;

-- What an alert kept back, as the source of an inhibition, is asked again once it is none any more.  A group that
-- somebody has at work is left to him: it is asked again within a minute anyway.
CREATE FUNCTION monitor._end_inhibitions(e monitor.alert_episode) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		WITH ended AS (
			SELECT i.name FROM monitor._inhibitions() AS i
			WHERE (e.closed_at IS NOT NULL OR NOT monitor._matches(i.source_matchers, monitor._match_labels(e)))
				AND EXISTS (SELECT FROM unnest('{warning,critical}'::text[]) AS s WHERE monitor._matches(i.source_matchers, e.labels || jsonb_build_object('severity', s)))
		), waiting AS (
			SELECT g.group_id FROM monitor.notify_group g
			WHERE EXISTS (SELECT FROM ended) AND g.next_flush_at > monitor.now() AND EXISTS (
				SELECT FROM monitor.group_member b JOIN monitor.alert_episode t USING (episode_id)
				JOIN monitor.suppression s ON s.episode_id = b.episode_id AND s.group_id = b.group_id AND s.reason = 'inhibition'
				WHERE b.group_id = g.group_id AND t.closed_at IS NULL AND s.reference IN (SELECT n.name FROM ended n))
			FOR UPDATE SKIP LOCKED
		)
		UPDATE monitor.notify_group g SET next_flush_at = monitor.now() FROM waiting w WHERE g.group_id = w.group_id;
	END;
COMMENT ON FUNCTION monitor._end_inhibitions(monitor.alert_episode) IS 'Has groups asked again that this alert kept back';
REVOKE ALL ON FUNCTION monitor._end_inhibitions(monitor.alert_episode) FROM PUBLIC;

CREATE FUNCTION monitor._route_episode(e monitor.alert_episode) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.route;
	of_group record;
BEGIN
	IF e.closed_at IS NULL THEN
		FOR r IN SELECT t.* FROM unnest(monitor._routes_of(e)) AS u JOIN monitor.route t ON t.route_id = u ORDER BY t.route_id LOOP
			PERFORM monitor._join_group(e, r, r.channel, monitor._group_labels(e, r.group_by));
			IF r.escalation IS NOT NULL THEN
				PERFORM monitor._start_escalation(e, r);
			END IF;
		END LOOP;
		IF NOT EXISTS (SELECT FROM monitor.group_member b WHERE b.episode_id = e.episode_id) THEN
			PERFORM monitor._note_suppression(e, NULL, 'no route', NULL);
		END IF;
	ELSE
		PERFORM monitor._end_silences(e), monitor._end_escalations(e.episode_id, 'resolved');
	END IF;
	FOR of_group IN SELECT b.group_id, t AS route FROM monitor.group_member b JOIN monitor.notify_group g USING (group_id) LEFT JOIN monitor.route t ON t.route_id = g.route_id
			WHERE b.episode_id = e.episode_id ORDER BY b.group_id LOOP
		PERFORM monitor._plan_flush(of_group.group_id, of_group.route);
	END LOOP;
	PERFORM monitor._end_inhibitions(e);
	PERFORM pg_notify('monitor_outbox', '');
END;
$$;
COMMENT ON FUNCTION monitor._route_episode(monitor.alert_episode) IS 'Joins an alert to the groups of its routes, and has its groups tell what changed';
REVOKE ALL ON FUNCTION monitor._route_episode(monitor.alert_episode) FROM PUBLIC;

-- One row a reason, when it begins to hold.
CREATE FUNCTION monitor._note_suppression(e monitor.alert_episode, group_id bigint, reason text, reference text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO monitor.suppression (model_id, episode_id, group_id, reason, reference)
		SELECT e.model_id, e.episode_id, _note_suppression.group_id, _note_suppression.reason, _note_suppression.reference
		WHERE NOT EXISTS (
			SELECT FROM (SELECT s.reason, s.reference FROM monitor.suppression s
				WHERE s.episode_id = e.episode_id AND s.group_id IS NOT DISTINCT FROM _note_suppression.group_id ORDER BY s.suppression_id DESC LIMIT 1) AS last
			WHERE last.reason = _note_suppression.reason AND last.reference IS NOT DISTINCT FROM _note_suppression.reference);
	END;
COMMENT ON FUNCTION monitor._note_suppression(monitor.alert_episode, bigint, text, text) IS 'Records why an alert is not told of';
REVOKE ALL ON FUNCTION monitor._note_suppression(monitor.alert_episode, bigint, text, text) FROM PUBLIC;

-- ---- taking back ----

-- What was never sent is as if it had never been written: its episodes go back to what was told before.
CREATE FUNCTION monitor._take_back(o monitor.outbox, new_state text, because text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE monitor.outbox t SET state = new_state, reason = because, finished_at = clock_timestamp(), lease_until = NULL WHERE t.id = o.id;
	-- who had left the group because its end was told joins it again
	INSERT INTO monitor.group_member AS b (group_id, episode_id, told, told_at)
	SELECT o.group_id, e.episode_id, p.value, monitor.now() FROM jsonb_each_text(o.told_before) AS p JOIN monitor.alert_episode e ON e.episode_id = p.key::bigint WHERE o.group_id IS NOT NULL
	ON CONFLICT ON CONSTRAINT group_member_pkey DO UPDATE SET told = excluded.told, concerns = '{}';
END;
$$;
COMMENT ON FUNCTION monitor._take_back(monitor.outbox, text, text) IS 'Ends a notice that nobody received, and forgets that it was told';
REVOKE ALL ON FUNCTION monitor._take_back(monitor.outbox, text, text) FROM PUBLIC;

CREATE FUNCTION monitor._supersede(group_id bigint, because text, after_seq bigint DEFAULT -1) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	o monitor.outbox;
	taken integer := 0;
BEGIN
	FOR o IN SELECT t.* FROM monitor.outbox t WHERE t.group_id = _supersede.group_id AND t.seq > after_seq AND t.state = 'queued' AND t.attempts = 0
			-- of a model that is gone nothing can be said anew
			AND EXISTS (SELECT FROM monitor.alert_episode e WHERE e.episode_id = ANY (t.episodes)) ORDER BY t.seq DESC FOR UPDATE LOOP
		-- a claim that came first has it
		CONTINUE WHEN o.state <> 'queued' OR o.attempts > 0;
		PERFORM monitor._take_back(o, 'cancelled', because);
		taken := taken + 1;
	END LOOP;
	RETURN taken;
END;
$$;
COMMENT ON FUNCTION monitor._supersede(bigint, text, bigint) IS 'Takes back what a group had queued and nobody has tried to send';
REVOKE ALL ON FUNCTION monitor._supersede(bigint, text, bigint) FROM PUBLIC;

-- ---- telling ----

-- What a group could tell of one member now; why says what makes it news.
CREATE TYPE monitor._news AS (episode monitor.alert_episode, told text, says text, why text, reason text, reference text);
COMMENT ON TYPE monitor._news IS 'A member of a group: what was told, what is so now, why that is news, why it is kept back';

CREATE FUNCTION monitor._concerns(details jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(array_agg(DISTINCT concat_ws(' ', d ->> 'metric', d ->> 'feature', d ->> 'segment')), '{}') FROM jsonb_array_elements(details) AS d;
	END;
COMMENT ON FUNCTION monitor._concerns(jsonb) IS 'Names of the series in breach';

-- Alertmanager ends what it is not told of again: to repeat an alert that it knows keeps it, and tells nobody
-- anything, so nothing keeps that back.
CREATE FUNCTION monitor._is_kept_alive(channel text) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT EXISTS (SELECT FROM monitor.channel c WHERE c.name = channel AND c.kind = 'alertmanager');
	END;
COMMENT ON FUNCTION monitor._is_kept_alive(text) IS 'Does a channel end alerts that are not repeated?';
REVOKE ALL ON FUNCTION monitor._is_kept_alive(text) FROM PUBLIC;

-- It also forgets what it was told when it dies: for 15 minutes the end is told as often as the alert was,
-- unless the alert is there again.
CREATE FUNCTION monitor._lingers(g monitor.notify_group, e monitor.alert_episode) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT monitor._is_kept_alive(g.channel)
			AND (SELECT max(t.recorded_at) FROM monitor.alert_transition t WHERE t.rule_id = e.rule_id AND t.fingerprint = e.fingerprint AND t.episode_id = e.episode_id) > monitor.now() - '15 minutes'::interval
			AND NOT EXISTS (SELECT FROM monitor.alert_episode n WHERE n.rule_id = e.rule_id AND n.fingerprint = e.fingerprint AND n.episode_id > e.episode_id);
	END;
COMMENT ON FUNCTION monitor._lingers(monitor.notify_group, monitor.alert_episode) IS 'Is an end that was told to be told again?';
REVOKE ALL ON FUNCTION monitor._lingers(monitor.notify_group, monitor.alert_episode) FROM PUBLIC;

-- A step of an escalation is told anew whatever was told before it.  Taken back, it leaves what its channel
-- heard of steps before it: the end is told there.
CREATE FUNCTION monitor._was_heard(g monitor.notify_group, e monitor.alert_episode) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT g.labels ? '_escalation' AND EXISTS (SELECT FROM monitor.outbox o JOIN monitor.delivery_attempt a ON a.outbox_id = o.id
			WHERE o.episodes @> ARRAY[e.episode_id] AND o.group_id = g.group_id AND o.kind = 'escalation' AND a.outcome IN ('ok', 'unknown', 'late'));
	END;
COMMENT ON FUNCTION monitor._was_heard(monitor.notify_group, monitor.alert_episode) IS 'May a step of an escalation have arrived?';
REVOKE ALL ON FUNCTION monitor._was_heard(monitor.notify_group, monitor.alert_episode) FROM PUBLIC;

CREATE FUNCTION monitor._news_of(g monitor.notify_group, r monitor.route, repeat_interval interval) RETURNS SETOF monitor._news
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN s.as_told THEN jsonb_populate_record(e, jsonb_build_object('severity', b.told)) ELSE e END, h.told, s.says, w.why, k.reason, k.reference
		FROM monitor.group_member b JOIN monitor.alert_episode e USING (episode_id)
		CROSS JOIN LATERAL monitor._suppressed_by(e) AS p
		CROSS JOIN LATERAL monitor._muted_by(r) AS m
		-- kept alive by the name that it is known by: that it rose is kept back
		CROSS JOIN LATERAL (SELECT e.closed_at IS NULL AND b.told = 'warning' AND e.severity = 'critical' AND coalesce(p.reason, m.reason) IS NOT NULL AND monitor._is_kept_alive(g.channel) AS as_told) AS t
		CROSS JOIN LATERAL (SELECT t.as_told, CASE WHEN e.closed_at IS NOT NULL THEN 'resolved' WHEN t.as_told THEN b.told ELSE e.severity END AS says) AS s
		CROSS JOIN LATERAL (SELECT CASE WHEN s.says = 'resolved' AND b.told = 'nothing' AND monitor._was_heard(g, e) THEN e.worst ELSE b.told END AS told) AS h
		CROSS JOIN LATERAL (SELECT CASE WHEN s.says = 'resolved' AND h.told IN ('warning', 'critical') AND r.send_resolved THEN 'resolved'
				WHEN s.says = 'resolved' AND b.told = 'resolved' AND b.told_at + repeat_interval <= monitor.now() THEN 'repeat'
				WHEN s.says = 'resolved' THEN NULL WHEN b.told = 'nothing' THEN 'new' WHEN b.told = 'warning' AND s.says = 'critical' THEN 'worse'
				WHEN NOT g.labels ? '_escalation' AND NOT monitor._concerns(e.details) <@ b.concerns THEN 'wider'
				WHEN b.told_at + repeat_interval <= monitor.now() THEN 'repeat' END AS why) AS w
		CROSS JOIN LATERAL (SELECT CASE WHEN w.why IN ('repeat', 'wider') AND monitor._is_kept_alive(g.channel) THEN NULL ELSE coalesce(p.reason, m.reason, CASE WHEN w.why = 'repeat' AND r.ack_mutes AND e.acked_at IS NOT NULL THEN 'acknowledged'
					WHEN e.flapping AND g.last_sent_at > monitor.now() - '1 hour'::interval THEN 'flapping' END) END AS reason,
				CASE WHEN p.reason IS NOT NULL THEN p.reference WHEN m.reason IS NOT NULL THEN m.reference WHEN e.acked_at IS NOT NULL THEN e.acked_by::text END AS reference) AS k
		WHERE b.group_id = g.group_id AND (b.told <> 'resolved' OR monitor._lingers(g, e)) AND (r.route_id IS NOT NULL OR e.closed_at IS NOT NULL);
	END;
COMMENT ON FUNCTION monitor._news_of(monitor.notify_group, monitor.route, interval) IS 'What a group could tell now';
REVOKE ALL ON FUNCTION monitor._news_of(monitor.notify_group, monitor.route, interval) FROM PUBLIC;

-- How often a channel wants to hear of what it knows: Alertmanager forgets what is not repeated.
CREATE FUNCTION monitor._repeat_interval(g monitor.notify_group, r monitor.route) RETURNS interval
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN monitor._is_kept_alive(g.channel) THEN '1 minute'::interval
			WHEN g.labels ? '_escalation' THEN '100 years'::interval ELSE greatest(r.repeat_interval, r.group_interval) END;
	END;
COMMENT ON FUNCTION monitor._repeat_interval(monitor.notify_group, monitor.route) IS 'When what was told is told again';
REVOKE ALL ON FUNCTION monitor._repeat_interval(monitor.notify_group, monitor.route) FROM PUBLIC;

CREATE FUNCTION monitor._alert_object(n monitor._news) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT jsonb_strip_nulls(jsonb_build_object('id', e.uid, 'status', CASE WHEN e.closed_at IS NULL THEN 'firing' ELSE 'resolved' END, 'severity', CASE WHEN e.closed_at IS NULL THEN e.severity ELSE e.worst END,
			'why', n.why, 'labels', e.labels, 'annotations', e.annotations, 'starts_at', e.opened_at, 'ends_at', e.closed_at, 'close_reason', e.close_reason, 'fingerprint', left(encode(e.fingerprint, 'hex'), 16),
			'acked_by', e.acked_by, 'flapping', CASE WHEN e.flapping THEN true END, 'value', CASE WHEN abs(e.value) <= 1e300 THEN e.value END, 'details', e.details))
		FROM (SELECT (n.episode).*) AS e;
	END;
COMMENT ON FUNCTION monitor._alert_object(monitor._news) IS 'An alert as the payload of a notice holds it';
REVOKE ALL ON FUNCTION monitor._alert_object(monitor._news) FROM PUBLIC;

-- Writes the notice.  The order of the alerts: firing first, worst first.
CREATE FUNCTION monitor._enqueue(g monitor.notify_group, news monitor._news[]) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	at timestamptz := monitor.now();
	notice bigint;
	alerts jsonb := (SELECT jsonb_agg(monitor._alert_object(n) ORDER BY (n.episode).closed_at IS NOT NULL, (n.episode).severity, (n.episode).opened_at, (n.episode).episode_id) FROM unnest(news) AS n);
	kind text := CASE WHEN (SELECT bool_and((n.episode).closed_at IS NOT NULL) FROM unnest(news) AS n) THEN 'resolve' WHEN g.labels ? '_escalation' THEN 'escalation' ELSE 'alert' END;
BEGIN
	UPDATE monitor.notify_group t SET seq = t.seq + 1, last_sent_at = at WHERE t.group_id = g.group_id RETURNING * INTO g;
	INSERT INTO monitor.outbox (idem_key, kind, channel, group_id, seq, episodes, told_before, payload, next_attempt_at, expires_at)
	VALUES (g.uid || ':' || g.seq, kind, g.channel, g.group_id, g.seq, ARRAY(SELECT (n.episode).episode_id FROM unnest(news) AS n),
		(SELECT jsonb_object_agg((n.episode).episode_id, n.told) FROM unnest(news) AS n),
		jsonb_build_object('status', CASE kind WHEN 'resolve' THEN 'resolved' ELSE 'firing' END, 'at', at, 'group', g.uid, 'group_labels', g.labels - '_escalation',
			'step', g.labels -> '_escalation', 'receiver', g.channel, 'alerts', alerts, 'plot', monitor._plot(g, news)),
		at, at + '24 hours'::interval) RETURNING id INTO notice;
	UPDATE monitor.group_member b SET told = n.says, told_at = at, concerns = ARRAY(SELECT unnest(b.concerns) UNION SELECT unnest(monitor._concerns((n.episode).details)) ORDER BY 1) FROM unnest(news) AS n WHERE b.group_id = g.group_id AND b.episode_id = (n.episode).episode_id;
	PERFORM pg_notify('monitor_outbox', '');
	RETURN notice;
END;
$$;
COMMENT ON FUNCTION monitor._enqueue(monitor.notify_group, monitor._news[]) IS 'Writes a notice, and that it was told';
REVOKE ALL ON FUNCTION monitor._enqueue(monitor.notify_group, monitor._news[]) FROM PUBLIC;

-- Alerts that resolved before anybody was told leave the group, with the reason noted.
CREATE FUNCTION monitor._forget_untold(g monitor.notify_group, r monitor.route) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	gone record;
BEGIN
	FOR gone IN SELECT t AS episode, b.episode_id, b.told FROM monitor.group_member b JOIN monitor.alert_episode t USING (episode_id) WHERE b.group_id = g.group_id AND t.closed_at IS NOT NULL
			AND (b.told = 'nothing' AND NOT monitor._was_heard(g, t) OR (b.told = 'resolved' AND NOT monitor._lingers(g, t)) OR NOT r.send_resolved) LOOP
		IF gone.told = 'nothing' THEN
			PERFORM monitor._note_suppression(gone.episode, g.group_id, 'resolved before notice', NULL);
		END IF;
		DELETE FROM monitor.group_member b WHERE b.group_id = g.group_id AND b.episode_id = gone.episode_id;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._forget_untold(monitor.notify_group, monitor.route) IS 'Members that are over and were never told of, or told to the end, leave the group';
REVOKE ALL ON FUNCTION monitor._forget_untold(monitor.notify_group, monitor.route) FROM PUBLIC;

-- Of the reasons that keep an alert back some have an end that is known.
CREATE FUNCTION monitor._kept_back_until(n monitor._news) RETURNS timestamptz
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN n.reason IN ('silence', 'maintenance') THEN (SELECT s.ends_at FROM monitor.silence s WHERE s.silence_id = n.reference::uuid)
			WHEN n.reason = 'snooze' THEN (n.episode).snoozed_until END;
	END;
COMMENT ON FUNCTION monitor._kept_back_until(monitor._news) IS 'When what keeps an alert back ends by itself; NULL: who knows';
REVOKE ALL ON FUNCTION monitor._kept_back_until(monitor._news) FROM PUBLIC;

-- When is there something to tell next, if nothing changes?
CREATE FUNCTION monitor._next_flush(g monitor.notify_group, r monitor.route, repeat_interval interval) RETURNS timestamptz
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT min(CASE
			-- kept back: asked again soon, an end that is known at that end
			WHEN n.reason = 'acknowledged' OR ((n.episode).acked_at IS NOT NULL AND n.why IS NULL AND r.ack_mutes AND NOT monitor._is_kept_alive(g.channel)) THEN NULL
			WHEN n.reason IN ('mute timing', 'not active now') AND n.why IS NOT NULL THEN monitor.now() + '1 minute'::interval
			WHEN n.reason IS NOT NULL AND n.why IS NOT NULL THEN least(monitor.now() + greatest(r.group_interval, '1 minute'::interval), monitor._kept_back_until(n))
			WHEN n.says = 'resolved' AND n.told <> 'resolved' THEN NULL
			ELSE greatest(b.told_at + repeat_interval, monitor.now() + '1 second'::interval) END)
		FROM monitor._news_of(g, r, repeat_interval) AS n JOIN monitor.group_member b ON b.group_id = g.group_id AND b.episode_id = (n.episode).episode_id;
	END;
COMMENT ON FUNCTION monitor._next_flush(monitor.notify_group, monitor.route, interval) IS 'When a group is to be asked again; NULL: when something changes';
REVOKE ALL ON FUNCTION monitor._next_flush(monitor.notify_group, monitor.route, interval) FROM PUBLIC;

CREATE FUNCTION monitor._flush_group(wanted bigint) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	g monitor.notify_group;
	r monitor.route;
	repeat_interval interval;
	news monitor._news[];
	n monitor._news;
	notice bigint;
BEGIN
	SELECT t.* INTO g FROM monitor.notify_group t WHERE t.group_id = wanted FOR UPDATE;
	SELECT t.* INTO r FROM monitor.route t WHERE t.route_id = g.route_id;
	IF NOT EXISTS (SELECT FROM monitor.channel c WHERE c.name = g.channel) THEN
		-- what is written for it would wait for ever
		DELETE FROM monitor.group_member b WHERE b.group_id = g.group_id;
	END IF;
	IF r.route_id IS NULL THEN
		-- the route is gone: who was told is told of the end, and of nothing else (_news_of)
		PERFORM monitor._note_suppression(e, NULL, 'no route', NULL) FROM monitor.group_member b JOIN monitor.alert_episode e USING (episode_id)
		WHERE b.group_id = g.group_id AND b.told = 'nothing' AND e.closed_at IS NULL AND NOT EXISTS (SELECT FROM monitor.group_member o WHERE o.episode_id = b.episode_id AND o.group_id <> b.group_id);
		DELETE FROM monitor.group_member b USING monitor.alert_episode e WHERE b.group_id = g.group_id AND b.told = 'nothing' AND e.episode_id = b.episode_id AND NOT monitor._was_heard(g, e);
		r.send_resolved := true;
		r.group_interval := '5 minutes';
		r.mute := '{}';
		r.active := '{}';
	END IF;
	repeat_interval := coalesce(monitor._repeat_interval(g, r), '100 years');
	news := ARRAY(SELECT t FROM monitor._news_of(g, r, repeat_interval) AS t);
	IF EXISTS (SELECT FROM unnest(news) AS t WHERE t.why IS NOT NULL AND t.reason IS NULL) THEN
		-- what waits to be sent is said anew, with the news
		IF monitor._supersede(g.group_id, 'superseded by a newer notice') > 0 THEN
			news := ARRAY(SELECT t FROM monitor._news_of(g, r, repeat_interval) AS t);
		END IF;
	END IF;
	FOREACH n IN ARRAY news LOOP
		IF n.why IS NOT NULL AND n.reason IS NOT NULL THEN
			PERFORM monitor._note_suppression(n.episode, g.group_id, n.reason, n.reference);
		END IF;
	END LOOP;
	-- what is kept alive as it was told of, though it rose
	PERFORM monitor._note_suppression(e, g.group_id, coalesce(p.reason, m.reason), CASE WHEN p.reason IS NULL THEN m.reference ELSE p.reference END)
	FROM monitor.group_member b JOIN monitor.alert_episode e USING (episode_id) CROSS JOIN LATERAL monitor._suppressed_by(e) AS p CROSS JOIN LATERAL monitor._muted_by(r) AS m
	WHERE monitor._is_kept_alive(g.channel) AND b.group_id = g.group_id AND b.told = 'warning' AND e.severity = 'critical' AND e.closed_at IS NULL AND coalesce(p.reason, m.reason) IS NOT NULL;
	news := ARRAY(SELECT t FROM unnest(news) AS t WHERE t.reason IS NULL AND (t.why IS NOT NULL OR t.says <> 'resolved'));
	IF EXISTS (SELECT FROM unnest(news) AS t WHERE t.why IS NOT NULL) THEN
		notice := monitor._enqueue(g, news);
	END IF;
	PERFORM monitor._forget_untold(g, r);
	SELECT t.* INTO g FROM monitor.notify_group t WHERE t.group_id = wanted;
	UPDATE monitor.notify_group t SET next_flush_at = monitor._next_flush(g, r, repeat_interval) WHERE t.group_id = g.group_id;
	RETURN notice;
END;
$$;
COMMENT ON FUNCTION monitor._flush_group(bigint) IS 'Writes what a group has to tell; gives the number of the notice, NULL: nothing';
REVOKE ALL ON FUNCTION monitor._flush_group(bigint) FROM PUBLIC;

CREATE FUNCTION monitor._flush_due() RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	of_group bigint;
	notices integer := 0;
BEGIN
	FOR of_group IN SELECT g.group_id FROM monitor.notify_group g WHERE g.next_flush_at <= monitor.now() ORDER BY g.group_id FOR UPDATE SKIP LOCKED LOOP
		notices := notices + (monitor._flush_group(of_group) IS NOT NULL)::integer;
	END LOOP;
	RETURN notices;
END;
$$;
COMMENT ON FUNCTION monitor._flush_due() IS 'Writes what all groups that are due have to tell; gives the number of notices';
REVOKE ALL ON FUNCTION monitor._flush_due() FROM PUBLIC;

-- Before a model goes: who was told of its alerts is told of their end, at once and whatever would keep it back, for
-- nothing will be left to tell of later.  What nobody has received is said anew without them: it may be of other models too.
CREATE FUNCTION monitor._end_alerts(m monitor.model, because text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	of_group bigint;
	o monitor.outbox;
	g monitor.notify_group;
	r monitor.route;
	news monitor._news[];
BEGIN
	UPDATE monitor.model t SET suspended = false, suspended_reason = NULL WHERE t.model_id = m.model_id AND t.suspended;
	DELETE FROM monitor.silence s WHERE s.model_id = m.model_id;
	PERFORM monitor._resolve_instances(t, because) FROM monitor.alert_rule t WHERE t.model_id = m.model_id;
	FOR of_group IN SELECT DISTINCT b.group_id FROM monitor.group_member b JOIN monitor.alert_episode e USING (episode_id) WHERE e.model_id = m.model_id ORDER BY b.group_id LOOP
		PERFORM FROM monitor.notify_group t WHERE t.group_id = of_group FOR UPDATE;
		FOR o IN SELECT t.* FROM monitor.outbox t WHERE t.group_id = of_group AND t.state IN ('queued', 'retry')
				AND NOT EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = t.id AND a.outcome = 'unknown') ORDER BY t.seq DESC FOR UPDATE LOOP
			PERFORM monitor._take_back(o, 'cancelled', because);
		END LOOP;
		SELECT t.* INTO g FROM monitor.notify_group t WHERE t.group_id = of_group;
		SELECT t.* INTO r FROM monitor.route t WHERE t.route_id = g.route_id;
		r.send_resolved := coalesce(r.send_resolved, true);
		news := ARRAY(SELECT ROW(t.episode, t.told, t.says, t.why, NULL, NULL)::monitor._news FROM monitor._news_of(g, r, '100 years') AS t
			WHERE (t.episode).model_id = m.model_id AND t.why = 'resolved');
		DELETE FROM monitor.group_member b USING monitor.alert_episode e WHERE b.group_id = of_group AND e.episode_id = b.episode_id AND e.model_id = m.model_id;
		PERFORM monitor._flush_group(of_group);
		IF cardinality(news) > 0 AND EXISTS (SELECT FROM monitor.channel c WHERE c.name = g.channel) THEN
			PERFORM monitor._enqueue(g, news);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._end_alerts(monitor.model, text) IS 'Ends all alerts of a model, and has that told';
REVOKE ALL ON FUNCTION monitor._end_alerts(monitor.model, text) FROM PUBLIC;

-- ---- escalation ----

CREATE FUNCTION monitor._start_escalation(e monitor.alert_episode, r monitor.route) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		-- of one that somebody looks after already nobody is told, unless he gives it back
		INSERT INTO monitor.escalation_state (episode_id, route_id, steps, repeat, next_at, ended)
		SELECT e.episode_id, r.route_id, p.steps, p.repeat, CASE WHEN e.acked_at IS NULL THEN monitor.now() + (p.steps -> 0 ->> 'after')::interval END, CASE WHEN e.acked_at IS NOT NULL THEN 'acknowledged' END
		FROM monitor.escalation_policy p WHERE p.name = r.escalation
		ON CONFLICT DO NOTHING;
	END;
COMMENT ON FUNCTION monitor._start_escalation(monitor.alert_episode, monitor.route) IS 'Begins to escalate an alert by the policy as it is now';
REVOKE ALL ON FUNCTION monitor._start_escalation(monitor.alert_episode, monitor.route) FROM PUBLIC;

CREATE FUNCTION monitor._end_escalations(episode_id bigint, because text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE monitor.escalation_state s SET next_at = NULL, ended = because WHERE s.episode_id = _end_escalations.episode_id AND s.next_at IS NOT NULL;
	END;
COMMENT ON FUNCTION monitor._end_escalations(bigint, text) IS 'Tells nobody further';
REVOKE ALL ON FUNCTION monitor._end_escalations(bigint, text) FROM PUBLIC;

-- One step: its notices, and where the next one stands, in one transaction.
CREATE FUNCTION monitor._escalate(s monitor.escalation_state) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode;
	r monitor.route;
	held record;
	to_channel text;
	of_group bigint;
	last_step boolean := s.step + 1 >= jsonb_array_length(s.steps);
BEGIN
	SELECT t.* INTO e FROM monitor.alert_episode t WHERE t.episode_id = s.episode_id;
	SELECT t.* INTO r FROM monitor.route t WHERE t.route_id = s.route_id;
	IF r.route_id IS NULL OR e.closed_at IS NOT NULL OR e.acked_at IS NOT NULL THEN
		PERFORM monitor._end_escalations(s.episode_id, CASE WHEN r.route_id IS NULL THEN 'route removed' WHEN e.closed_at IS NOT NULL THEN 'resolved' ELSE 'acknowledged' END);
		RETURN;
	END IF;
	held := monitor._suppressed_by(e);
	IF held.reason IS NOT NULL THEN
		PERFORM monitor._note_suppression(e, NULL, held.reason, held.reference);
		UPDATE monitor.escalation_state t SET next_at = monitor.now() + '1 minute'::interval WHERE t.episode_id = s.episode_id AND t.route_id = s.route_id;
		RETURN;
	END IF;
	FOR to_channel IN SELECT c FROM jsonb_array_elements_text(s.steps -> s.step -> 'channels') AS c JOIN monitor.channel t ON t.name = c ORDER BY c LOOP
		of_group := monitor._join_group(e, r, to_channel, jsonb_build_object('_escalation', e.uid));
		UPDATE monitor.group_member b SET told = 'nothing' WHERE b.group_id = of_group AND b.episode_id = e.episode_id;
		PERFORM monitor._flush_group(of_group);
	END LOOP;
	UPDATE monitor.escalation_state t SET step = CASE WHEN last_step THEN 0 ELSE t.step + 1 END, loop = t.loop + last_step::integer, ended = CASE WHEN last_step AND t.loop >= t.repeat THEN 'exhausted' END,
		-- counted from now: steps that were missed do not come all at once
		next_at = CASE WHEN NOT last_step THEN monitor.now() + (t.steps -> t.step + 1 ->> 'after')::interval WHEN t.loop < t.repeat THEN monitor.now() + (t.steps -> 0 ->> 'after')::interval END
	WHERE t.episode_id = s.episode_id AND t.route_id = s.route_id;
END;
$$;
COMMENT ON FUNCTION monitor._escalate(monitor.escalation_state) IS 'Takes one step of an escalation';
REVOKE ALL ON FUNCTION monitor._escalate(monitor.escalation_state) FROM PUBLIC;

CREATE FUNCTION monitor._escalate_due() RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	s monitor.escalation_state;
	steps integer := 0;
BEGIN
	FOR s IN SELECT t.* FROM monitor.escalation_state t WHERE t.next_at <= monitor.now() ORDER BY t.next_at FOR UPDATE SKIP LOCKED LOOP
		PERFORM monitor._escalate(s);
		steps := steps + 1;
	END LOOP;
	RETURN steps;
END;
$$;
COMMENT ON FUNCTION monitor._escalate_due() IS 'Takes the steps that are due; gives their number';
REVOKE ALL ON FUNCTION monitor._escalate_due() FROM PUBLIC;
