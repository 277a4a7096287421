--
-- Delivery: what monitor-dispatch calls.  Each call is one short transaction; no transaction
-- is open while something is sent, and whoever lost its lease can finish nothing.
--

CREATE TYPE monitor.claimed_delivery AS (
	id bigint, uid uuid, token bigint, attempt integer, kind text, channel text, channel_kind text,
	url text, secret text, bearer text, username text, password text, content_type text, body text,
	mail_from text, mail_to text[], subject text, text_body text, html_body text, message_id text, in_reply_to text, list_id text, starttls text,
	plot_title text, plot_labels text[], plot_reference double precision[], plot_current double precision[],
	timeout_seconds integer, occurred_at timestamptz, created_at timestamptz
);
COMMENT ON TYPE monitor.claimed_delivery IS 'A notice as monitor-dispatch sends it; secrets are names';

CREATE FUNCTION monitor._require_dispatcher(caller oid) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF monitor._rank(caller, 0) < monitor._level_rank('admin') AND NOT EXISTS (SELECT FROM monitor.access_grant g WHERE g.level = 'dispatcher'
			AND pg_has_role(caller, monitor._role(g.role, g.role_oid, g.role_cluster), monitor._membership())) THEN
		RAISE EXCEPTION 'permission denied: a dispatcher is needed' USING ERRCODE = 'insufficient_privilege', HINT = 'An administrator calls monitor.grant_access(role, ''dispatcher'').';
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._require_dispatcher(oid) IS 'Error unless the caller may deliver';
REVOKE ALL ON FUNCTION monitor._require_dispatcher(oid) FROM PUBLIC;

-- ---- what is sent ----

CREATE FUNCTION monitor._message_id(uid uuid) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT '<' || uid || '@monitor.invalid>';
	END;
COMMENT ON FUNCTION monitor._message_id(uuid) IS 'Message-ID of an e-mail: the same at every attempt';

CREATE FUNCTION monitor._reals(list jsonb) RETURNS double precision[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT array_agg(x::double precision ORDER BY n) FROM jsonb_array_elements_text(CASE jsonb_typeof(list) WHEN 'array' THEN list END) WITH ORDINALITY AS u(x, n);
	END;
COMMENT ON FUNCTION monitor._reals(jsonb) IS 'A list of numbers as an array';

CREATE FUNCTION monitor._claimed(o monitor.outbox) RETURNS monitor.claimed_delivery
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	c monitor.channel;
	g monitor.notify_group;
	d monitor.claimed_delivery;
BEGIN
	SELECT t.* INTO c FROM monitor.channel t WHERE t.name = o.channel;
	SELECT t.* INTO g FROM monitor.notify_group t WHERE t.group_id = o.group_id;
	SELECT o.id, o.uid, o.lease_token, o.attempts, o.kind, c.name, c.kind, c.config ->> 'url', c.config ->> 'secret', c.config ->> 'bearer', c.config ->> 'username', c.config ->> 'password', 'application/json'
	INTO d.id, d.uid, d.token, d.attempt, d.kind, d.channel, d.channel_kind, d.url, d.secret, d.bearer, d.username, d.password, d.content_type;
	d.timeout_seconds := coalesce((c.config ->> 'timeout_seconds')::integer, 15);
	d.occurred_at := coalesce((o.payload ->> 'at')::timestamptz, o.created_at);
	d.created_at := o.created_at;
	CASE c.kind
		WHEN 'webhook' THEN
			d.body := monitor._webhook_body(o, c.config)::text;
			d.content_type := CASE WHEN c.config ->> 'format' = 'cloudevents' THEN 'application/cloudevents+json' ELSE 'application/json' END;
		WHEN 'alertmanager' THEN
			d.url := rtrim(d.url, '/') || '/api/v2/alerts';
			d.body := monitor._alertmanager_body(o, c.config)::text;
		WHEN 'slack' THEN
			d.secret := c.config ->> 'token';
			d.url := CASE WHEN c.config ? 'token' THEN coalesce(c.config ->> 'url', 'https://slack.com/api/chat.postMessage') ELSE c.config ->> 'url' END;
			d.body := monitor._slack_body(o, c.config, CASE WHEN c.config ? 'token' THEN g.thread END)::text;
		WHEN 'pagerduty' THEN
			d.secret := c.config ->> 'routing_key';
			d.url := coalesce(d.url, 'https://events.pagerduty.com/v2/enqueue');
			d.body := monitor._pagerduty_body(o, c.config, coalesce(g.uid, o.uid)::text)::text;
		WHEN 'email' THEN
			d.content_type := NULL;
			d.mail_from := c.config ->> 'from';
			d.mail_to := monitor._addresses(c.config -> 'to');
			d.subject := monitor._title(o.payload);
			d.text_body := monitor._text(o.payload, c.config);
			d.html_body := monitor._html_body(o.payload, c.config);
			d.message_id := monitor._message_id(o.uid);
			d.in_reply_to := g.thread;
			d.list_id := coalesce(c.config ->> 'list_id', format('<%s.monitor.invalid>', regexp_replace(lower(coalesce(o.payload #>> '{alerts,0,labels,model}', 'monitor')), '[^a-z0-9-]+', '-', 'g')));
			d.starttls := coalesce(c.config ->> 'starttls', 'required');
			-- a line each, as the sender hands them on
			d.plot_title := monitor._line(o.payload #>> '{plot,title}');
			d.plot_labels := ARRAY(SELECT monitor._line(l) FROM jsonb_array_elements_text(o.payload #> '{plot,labels}') AS l);
			d.plot_reference := monitor._reals(o.payload #> '{plot,reference}');
			d.plot_current := monitor._reals(o.payload #> '{plot,current}');
	END CASE;
	RETURN d;
END;
$$;
COMMENT ON FUNCTION monitor._claimed(monitor.outbox) IS 'A leased notice as it is sent';
REVOKE ALL ON FUNCTION monitor._claimed(monitor.outbox) FROM PUBLIC;

-- ---- the end of a notice ----

CREATE FUNCTION monitor._backoff(attempts integer) RETURNS interval
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		-- full jitter over 2 s, 4 s, ... 15 min
		SELECT make_interval(secs => greatest(0.2, random() * least(900, 2.0 ^ least(attempts, 20))));
	END;
COMMENT ON FUNCTION monitor._backoff(integer) IS 'How long to wait after so many attempts';
REVOKE ALL ON FUNCTION monitor._backoff(integer) FROM PUBLIC;

-- Told through another channel, once an hour: that a channel fails.
CREATE FUNCTION monitor._tell_fallback(o monitor.outbox, because text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		INSERT INTO monitor.outbox (idem_key, kind, channel, payload, next_attempt_at, expires_at)
		SELECT format('failed:%s:%s', c.name, date_trunc('hour', monitor.now())), 'meta', c.fallback,
			jsonb_build_object('status', 'firing', 'at', monitor.now(), 'receiver', c.fallback, 'alerts', '[]'::jsonb, 'title', format('[MONITOR] channel %s does not deliver', c.name),
				'text', format(E'A notice could not be sent through channel %s: %s\n\nNotice %s: %s\n\nAll that was not sent: SELECT * FROM monitor.deliveries WHERE state = ''dead'';\nOnce the channel works: SELECT monitor.redrive(notice) FROM monitor.deliveries WHERE state = ''dead'' AND channel = %s;',
					c.name, because, o.uid, monitor._title(o.payload), quote_literal(c.name))),
			monitor.now(), monitor.now() + '24 hours'::interval
		FROM monitor.channel c WHERE c.name = o.channel AND c.fallback IS NOT NULL AND o.kind NOT IN ('meta', 'test')
		ON CONFLICT DO NOTHING;
	END;
COMMENT ON FUNCTION monitor._tell_fallback(monitor.outbox, text) IS 'Has the fallback channel told that a notice is dead';
REVOKE ALL ON FUNCTION monitor._tell_fallback(monitor.outbox, text) FROM PUBLIC;

-- The group's row is locked already.  If an attempt may have arrived, what was told stays told; an
-- end is not told again and again: redrive sends it.
CREATE FUNCTION monitor._bury(o monitor.outbox, because text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF o.kind = 'resolve' OR EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.outcome = 'unknown') THEN
		UPDATE monitor.outbox t SET state = 'dead', reason = because, finished_at = clock_timestamp(), lease_until = NULL WHERE t.id = o.id;
	ELSE
		-- what was to follow it says nothing without it; those that it was split from along with it stand for themselves
		PERFORM monitor._supersede(o.group_id, 'the notice before it was never delivered', o.seq);
		PERFORM monitor._take_back(o, 'dead', because);
		UPDATE monitor.notify_group g SET next_flush_at = monitor.now() + greatest(coalesce((SELECT monitor._repeat_interval(g, r) FROM monitor.route r WHERE r.route_id = g.route_id), '4 hours'), '1 minute')
		WHERE g.group_id = o.group_id;
	END IF;
	PERFORM monitor._tell_fallback(o, because), pg_notify('monitor_outbox', '');
END;
$$;
COMMENT ON FUNCTION monitor._bury(monitor.outbox, text) IS 'Ends a notice that cannot be delivered, and tells the fallback channel';
REVOKE ALL ON FUNCTION monitor._bury(monitor.outbox, text) FROM PUBLIC;

CREATE FUNCTION monitor._mark_channel(channel text, new_state text, because text) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE monitor.channel_state s SET state = new_state, reason = because, changed_at = clock_timestamp()
		WHERE s.name = channel AND s.state <> 'disabled' AND (s.state, s.reason) IS DISTINCT FROM (new_state, because);
	END;
COMMENT ON FUNCTION monitor._mark_channel(text, text, text) IS 'Notes how a channel fares';
REVOKE ALL ON FUNCTION monitor._mark_channel(text, text, text) FROM PUBLIC;

-- Alertmanager stores the good alerts of a batch and answers 400 for the bad one: each is sent alone.
CREATE FUNCTION monitor._split(o monitor.outbox) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	INSERT INTO monitor.outbox (idem_key, kind, channel, group_id, seq, episodes, told_before, payload, next_attempt_at, expires_at)
	SELECT o.idem_key || '/' || u.n, CASE WHEN u.a ->> 'status' = 'resolved' THEN 'resolve' ELSE 'alert' END, o.channel, o.group_id, o.seq, ARRAY[e.episode_id],
		jsonb_build_object(e.episode_id, o.told_before -> e.episode_id::text), o.payload || jsonb_build_object('alerts', jsonb_build_array(u.a), 'status', u.a -> 'status'), monitor.now(), o.expires_at
	FROM jsonb_array_elements(o.payload -> 'alerts') WITH ORDINALITY AS u(a, n) JOIN monitor.alert_episode e ON e.uid = (u.a ->> 'id')::uuid;
	UPDATE monitor.outbox t SET state = 'cancelled', reason = 'one of its alerts was refused: each was sent alone', finished_at = clock_timestamp(), lease_until = NULL WHERE t.id = o.id;
	PERFORM pg_notify('monitor_outbox', '');
END;
$$;
COMMENT ON FUNCTION monitor._split(monitor.outbox) IS 'Replaces a notice by one for each of its alerts';
REVOKE ALL ON FUNCTION monitor._split(monitor.outbox) FROM PUBLIC;

CREATE FUNCTION monitor._delivered(o monitor.outbox, channel_kind text, response text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	reference text := CASE channel_kind WHEN 'email' THEN monitor._message_id(o.uid) WHEN 'slack' THEN (regexp_match(response, '"ts"\s*:\s*"([0-9.]+)"'))[1] END;
BEGIN
	UPDATE monitor.outbox t SET state = 'delivered', provider_ref = reference, reason = NULL, finished_at = clock_timestamp(), lease_until = NULL WHERE t.id = o.id;
	-- the first message of a conversation is what the others answer; its end ends the conversation
	UPDATE monitor.notify_group g SET thread = CASE WHEN o.kind <> 'resolve' THEN coalesce(g.thread, reference) END
	WHERE g.group_id = o.group_id AND ((g.thread IS NULL AND reference IS NOT NULL AND o.kind <> 'resolve') OR (g.thread IS NOT NULL AND o.kind = 'resolve'));
	PERFORM monitor._mark_channel(o.channel, 'ok', NULL);
END;
$$;
COMMENT ON FUNCTION monitor._delivered(monitor.outbox, text, text) IS 'Ends a notice that arrived';
REVOKE ALL ON FUNCTION monitor._delivered(monitor.outbox, text, text) FROM PUBLIC;

CREATE FUNCTION monitor.dispatcher_finish(id bigint, token bigint, http_status integer, smtp_code integer, curl_code integer, request_sent boolean,
	retry_after double precision, response text, error text) RETURNS text
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.dispatcher_finish(bigint, bigint, integer, integer, integer, boolean, double precision, text, text) IS
	'monitor-dispatch: the facts of an attempt; gives the state of the notice after it, or late: the lease was lost, nothing changed';

CREATE FUNCTION monitor._dispatcher_finish(caller oid, id bigint, token bigint, http_status integer, smtp_code integer, curl_code integer, request_sent boolean,
	retry_after double precision, response text, error text) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	o monitor.outbox;
	kind text;
	result record;
	wait interval;
BEGIN
	PERFORM monitor._require_dispatcher(caller);
	-- group before notice, as whoever flushes
	PERFORM FROM monitor.notify_group g JOIN monitor.outbox t ON t.group_id = g.group_id WHERE t.id = _dispatcher_finish.id FOR UPDATE OF g;
	SELECT t.* INTO o FROM monitor.outbox t WHERE t.id = _dispatcher_finish.id FOR UPDATE;
	kind := (SELECT c.kind FROM monitor.channel c WHERE c.name = o.channel);
	result := monitor._outcome(kind, http_status, smtp_code, curl_code, request_sent, response, error);
	-- whoever lost the connection before our answer came tells again: what was taken then stays
	IF EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.token = _dispatcher_finish.token AND a.outcome IN ('ok', 'retry', 'permanent')) THEN
		RETURN o.state;
	END IF;
	UPDATE monitor.delivery_attempt a SET finished_at = clock_timestamp(), outcome = CASE WHEN o.state = 'leased' AND o.lease_token = _dispatcher_finish.token THEN result.outcome WHEN a.outcome = 'unknown' THEN 'unknown' ELSE 'late' END,
		http_status = _dispatcher_finish.http_status, smtp_code = _dispatcher_finish.smtp_code, curl_code = _dispatcher_finish.curl_code, retry_after = _dispatcher_finish.retry_after, error = result.reason
	WHERE a.outbox_id = o.id AND a.token = _dispatcher_finish.token;
	IF o.id IS NULL OR o.state <> 'leased' OR o.lease_token <> token THEN
		RETURN 'late';
	END IF;
	IF result.channel_state IS NOT NULL THEN
		PERFORM monitor._mark_channel(o.channel, result.channel_state, result.reason);
	END IF;
	IF result.outcome = 'ok' THEN
		PERFORM monitor._delivered(o, kind, response);
	ELSIF result.outcome = 'permanent' AND kind = 'alertmanager' AND http_status = 400 AND jsonb_array_length(o.payload -> 'alerts') > 1 THEN
		PERFORM monitor._split(o);
		RETURN 'split';
	ELSIF result.outcome = 'permanent' OR o.attempts >= o.max_attempts OR o.kind = 'test' THEN
		PERFORM monitor._bury(o, result.reason);
	ELSE
		wait := CASE WHEN retry_after >= 0 THEN make_interval(secs => least(retry_after, 86400)) ELSE monitor._backoff(o.attempts) END;
		UPDATE monitor.outbox t SET state = 'retry', next_attempt_at = monitor.now() + wait, reason = result.reason, lease_until = NULL,
			-- who is asked for patience has not failed
			max_attempts = t.max_attempts + (http_status IS NOT DISTINCT FROM 429)::integer WHERE t.id = o.id;
		IF http_status = 429 OR retry_after IS NOT NULL THEN
			UPDATE monitor.channel_state s SET paused_until = greatest(s.paused_until, monitor.now() + wait) WHERE s.name = o.channel;
		END IF;
	END IF;
	RETURN (SELECT t.state FROM monitor.outbox t WHERE t.id = o.id);
END;
$$;
COMMENT ON FUNCTION monitor._dispatcher_finish(oid, bigint, bigint, integer, integer, integer, boolean, double precision, text, text) IS 'dispatcher_finish, as the caller';
REVOKE ALL ON FUNCTION monitor._dispatcher_finish(oid, bigint, bigint, integer, integer, integer, boolean, double precision, text, text) FROM PUBLIC;

-- ---- claiming ----

CREATE FUNCTION monitor._expire_leases() RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	o monitor.outbox;
	expired integer := 0;
BEGIN
	FOR o IN SELECT t.* FROM monitor.outbox t WHERE t.state = 'leased' AND t.lease_until < monitor.now() ORDER BY t.id FOR UPDATE SKIP LOCKED LOOP
		UPDATE monitor.delivery_attempt a SET outcome = 'unknown', finished_at = clock_timestamp(), error = 'the sender did not come back' WHERE a.outbox_id = o.id AND a.outcome IS NULL;
		UPDATE monitor.outbox t SET state = 'retry', next_attempt_at = monitor.now(), lease_until = NULL, reason = 'the sender did not come back' WHERE t.id = o.id;
		expired := expired + 1;
	END LOOP;
	RETURN expired;
END;
$$;
COMMENT ON FUNCTION monitor._expire_leases() IS 'Gives back what senders that are gone had leased';
REVOKE ALL ON FUNCTION monitor._expire_leases() FROM PUBLIC;

-- What each channel may send now: so many a minute, some at a time, the oldest of each group first.
-- place: how many of this sender's transfers the channel would have with it.  The channel that has
-- the fewest comes first, whatever is older: else one that is slow, with much waiting, took every
-- place that became free.
CREATE FUNCTION monitor._due(sender text, max_rows integer) RETURNS TABLE (id bigint, place bigint)
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT t.id, leased.own + t.k
		FROM monitor.channel c JOIN monitor.channel_state s USING (name)
		CROSS JOIN LATERAL (SELECT count(*) AS n, count(*) FILTER (WHERE l.lease_owner = sender) AS own FROM monitor.outbox l WHERE l.channel = c.name AND l.state = 'leased') AS leased
		CROSS JOIN LATERAL (SELECT count(*) AS n FROM monitor.delivery_attempt a WHERE a.channel = c.name AND a.started_at > clock_timestamp() - '1 minute'::interval) AS lately
		CROSS JOIN LATERAL (
			SELECT d.id, d.next_attempt_at, row_number() OVER (ORDER BY d.next_attempt_at, d.id) AS k FROM (
				SELECT o.id, o.next_attempt_at FROM monitor.outbox o
				WHERE o.channel = c.name AND o.state IN ('queued', 'retry') AND o.next_attempt_at <= monitor.now()
					AND NOT EXISTS (SELECT FROM monitor.outbox p WHERE p.group_id = o.group_id AND p.seq < o.seq AND p.state IN ('queued', 'retry', 'leased'))
				ORDER BY o.next_attempt_at, o.id
				LIMIT greatest(0, least(max_rows, c.rate_per_minute - lately.n, greatest(4, c.rate_per_minute / 60) - leased.n))) AS d) AS t
		WHERE c.enabled AND s.state <> 'disabled' AND (s.paused_until IS NULL OR s.paused_until <= monitor.now())
		ORDER BY leased.own + t.k, t.next_attempt_at, t.id;
	END;
COMMENT ON FUNCTION monitor._due(text, integer) IS 'Notices that may be sent now, the channel with the fewest on their way first';
REVOKE ALL ON FUNCTION monitor._due(text, integer) FROM PUBLIC;

-- What has happened since a notice was written; false: it is not to be sent as it is.
CREATE FUNCTION monitor._still_wanted(o monitor.outbox) RETURNS boolean
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	e monitor.alert_episode;
	muted record;
	held record;
	kept integer := 0;
	because text;
BEGIN
	IF o.expires_at <= monitor.now() THEN
		PERFORM monitor._bury(o, 'it was not delivered within 24 hours' || coalesce('; last: ' || o.reason, ''));
		RETURN false;
	END IF;
	IF o.kind NOT IN ('alert', 'resolve', 'escalation') OR EXISTS (SELECT FROM monitor.delivery_attempt a WHERE a.outbox_id = o.id AND a.outcome = 'unknown') THEN
		RETURN true;
	END IF;
	muted := monitor._muted_by((SELECT r FROM monitor.route r JOIN monitor.notify_group g ON g.route_id = r.route_id WHERE g.group_id = o.group_id));
	FOR e IN SELECT t.* FROM monitor.alert_episode t WHERE t.episode_id = ANY (o.episodes) LOOP
		-- to repeat what Alertmanager knows keeps it, and is not kept back
		CONTINUE WHEN monitor._is_kept_alive(o.channel)
			AND o.told_before ->> e.episode_id::text = (SELECT a ->> 'severity' FROM jsonb_array_elements(o.payload -> 'alerts') AS a WHERE a ->> 'id' = e.uid::text);
		held := monitor._suppressed_by(e);
		IF o.kind = 'escalation' AND e.acked_at IS NOT NULL THEN
			held.reason := 'acknowledged';
			held.reference := e.acked_by;
		ELSIF held.reason IS NULL THEN
			held := muted;
		END IF;
		IF held.reason IS NOT NULL THEN
			PERFORM monitor._note_suppression(e, o.group_id, held.reason, held.reference);
			kept := kept + 1;
			because := held.reason;
		END IF;
	END LOOP;
	IF kept = 0 THEN
		RETURN true;
	END IF;
	-- what was to follow it, the end of its alerts perhaps, says nothing without it
	PERFORM monitor._supersede(o.group_id, 'the notice before it was kept back');
	PERFORM monitor._take_back(o, 'cancelled', because || ' since it was written');
	IF o.kind = 'escalation' THEN
		UPDATE monitor.group_member b SET told = t.severity FROM monitor.alert_episode t, monitor.notify_group g
		WHERE b.group_id = o.group_id AND b.told = 'nothing' AND t.episode_id = b.episode_id AND t.acked_at IS NOT NULL AND g.group_id = o.group_id AND monitor._was_heard(g, t);
		DELETE FROM monitor.group_member b USING monitor.alert_episode t WHERE b.group_id = o.group_id AND b.told = 'nothing' AND t.episode_id = b.episode_id AND t.acked_at IS NOT NULL;
	END IF;
	-- the others are said anew, and what is kept back is asked again later
	PERFORM monitor._flush_group(o.group_id);
	RETURN false;
END;
$$;
COMMENT ON FUNCTION monitor._still_wanted(monitor.outbox) IS 'Is a notice to be sent as it is?  If not, it is taken back here';
REVOKE ALL ON FUNCTION monitor._still_wanted(monitor.outbox) FROM PUBLIC;

CREATE FUNCTION monitor.dispatcher_claim(instance text, max integer, lease interval) RETURNS monitor.claimed_delivery[]
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.dispatcher_claim(text, integer, interval) IS 'monitor-dispatch: leases what may be sent now, with an attempt noted for each';

CREATE FUNCTION monitor._lease(o monitor.outbox, instance text, lease interval) RETURNS monitor.claimed_delivery
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	UPDATE monitor.outbox t SET state = 'leased', attempts = t.attempts + 1, lease_owner = instance, lease_token = nextval('monitor.lease_token'), lease_until = monitor.now() + lease
	WHERE t.id = o.id RETURNING * INTO o;
	INSERT INTO monitor.delivery_attempt (outbox_id, attempt, channel, token, instance) VALUES (o.id, o.attempts, o.channel, o.lease_token, instance);
	RETURN monitor._claimed(o);
END;
$$;
COMMENT ON FUNCTION monitor._lease(monitor.outbox, text, interval) IS 'Leases a notice, and notes the attempt before it is made';
REVOKE ALL ON FUNCTION monitor._lease(monitor.outbox, text, interval) FROM PUBLIC;

CREATE FUNCTION monitor._dispatcher_claim(caller oid, instance text, max integer, lease interval) RETURNS monitor.claimed_delivery[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	due record;
	o monitor.outbox;
	claimed monitor.claimed_delivery[] := ARRAY[]::monitor.claimed_delivery[];
BEGIN
	PERFORM monitor._require_dispatcher(caller);
	IF max IS NULL OR max < 1 OR lease IS NULL OR lease < '1 second'::interval THEN
		RAISE EXCEPTION 'max must be 1 or more and lease 1 second or more, got % and %', max, lease USING ERRCODE = 'invalid_parameter_value';
	END IF;
	FOR due IN SELECT d.id, d.place FROM monitor._due(instance, max) AS d LOOP
		-- no channel has more than three times as many as are left free: something is always
		-- free for another, also if several are slow
		EXIT WHEN due.place > 3 * (max - cardinality(claimed));
		-- whoever has the group at work has news for it; group before notice, never waiting
		PERFORM FROM monitor.outbox t JOIN monitor.notify_group g ON g.group_id = t.group_id WHERE t.id = due.id FOR UPDATE OF g SKIP LOCKED;
		CONTINUE WHEN NOT FOUND AND EXISTS (SELECT FROM monitor.outbox t JOIN monitor.notify_group g ON g.group_id = t.group_id WHERE t.id = due.id);
		SELECT t.* INTO o FROM monitor.outbox t WHERE t.id = due.id AND t.state IN ('queued', 'retry') AND t.next_attempt_at <= monitor.now() FOR UPDATE SKIP LOCKED;
		CONTINUE WHEN NOT FOUND OR NOT monitor._still_wanted(o);
		claimed := claimed || monitor._lease(o, instance, lease);
	END LOOP;
	RETURN claimed;
END;
$$;
COMMENT ON FUNCTION monitor._dispatcher_claim(oid, text, integer, interval) IS 'dispatcher_claim, as the caller';
REVOKE ALL ON FUNCTION monitor._dispatcher_claim(oid, text, integer, interval) FROM PUBLIC;

-- ---- keeping going ----

CREATE FUNCTION monitor.dispatcher_beat(instance text, pid integer, version text, listening boolean, holding bigint[], lease interval) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.dispatcher_beat(text, integer, text, boolean, bigint[], interval) IS 'monitor-dispatch: it is there, and keeps what it holds, by the tokens of its leases; error if its version is not the extension''s';

CREATE FUNCTION monitor._dispatcher_beat(caller oid, instance text, pid integer, version text, listening boolean, holding bigint[], lease interval) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	ours text := (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'monitor');
BEGIN
	PERFORM monitor._require_dispatcher(caller);
	IF version IS DISTINCT FROM ours THEN
		RAISE EXCEPTION 'monitor-dispatch is of version %, the extension of version %', version, ours USING ERRCODE = 'object_not_in_prerequisite_state',
			HINT = 'ALTER EXTENSION monitor UPDATE, or start the monitor-dispatch that was installed with it.';
	END IF;
	INSERT INTO monitor.dispatcher AS d (instance, pid, version, listening, last_beat) VALUES (instance, pid, version, listening, clock_timestamp())
	ON CONFLICT ON CONSTRAINT dispatcher_pkey DO UPDATE SET pid = excluded.pid, version = excluded.version, listening = excluded.listening, last_beat = excluded.last_beat;
	-- only what it says it has: of a claim whose answer was lost with the connection it knows nothing
	UPDATE monitor.outbox o SET lease_until = monitor.now() + lease WHERE o.state = 'leased' AND o.lease_owner = instance AND o.lease_token = ANY (holding) AND o.lease_until > monitor.now();
	DELETE FROM monitor.dispatcher d WHERE d.last_beat < clock_timestamp() - '1 day'::interval;
END;
$$;
COMMENT ON FUNCTION monitor._dispatcher_beat(oid, text, integer, text, boolean, bigint[], interval) IS 'dispatcher_beat, as the caller';
REVOKE ALL ON FUNCTION monitor._dispatcher_beat(oid, text, integer, text, boolean, bigint[], interval) FROM PUBLIC;

-- Everything that is due by the clock alone; also at the end of each run.
CREATE FUNCTION monitor._tick() RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	IF pg_try_advisory_xact_lock(hashtextextended('monitor.evaluate_age', 0)) THEN
		PERFORM monitor._evaluate_age();
	END IF;
	PERFORM monitor._expire_leases(), monitor._escalate_due(), monitor._flush_due();
END;
$$;
COMMENT ON FUNCTION monitor._tick() IS 'Flushes, escalates, gives leases back, and looks whether models are looked at';
REVOKE ALL ON FUNCTION monitor._tick() FROM PUBLIC;

CREATE FUNCTION monitor.dispatcher_tick() RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.dispatcher_tick() IS 'monitor-dispatch: does what is due by the clock; gives when there is something to do next, NULL: nothing is planned';

CREATE FUNCTION monitor._dispatcher_tick(caller oid) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_dispatcher(caller), monitor._tick();
	RETURN least((SELECT min(g.next_flush_at) FROM monitor.notify_group g), (SELECT min(s.next_at) FROM monitor.escalation_state s), (SELECT min(o.lease_until) FROM monitor.outbox o WHERE o.state = 'leased'),
		(SELECT min(greatest(o.at, s.paused_until)) FROM monitor.channel c JOIN monitor.channel_state s USING (name)
			CROSS JOIN LATERAL (SELECT t.next_attempt_at AS at FROM monitor.outbox t WHERE t.channel = c.name AND t.state IN ('queued', 'retry') ORDER BY t.next_attempt_at LIMIT 1) AS o
			WHERE c.enabled AND s.state <> 'disabled'));
END;
$$;
COMMENT ON FUNCTION monitor._dispatcher_tick(oid) IS 'dispatcher_tick, as the caller';
REVOKE ALL ON FUNCTION monitor._dispatcher_tick(oid) FROM PUBLIC;

CREATE FUNCTION monitor.dispatcher_probe(nonce text) RETURNS void
	AS 'MODULE_PATHNAME', 'monitor_call_as_owner' LANGUAGE C VOLATILE;
COMMENT ON FUNCTION monitor.dispatcher_probe(text) IS 'monitor-dispatch: sends itself a notification, to see whether any arrive';

CREATE FUNCTION monitor._dispatcher_probe(caller oid, nonce text) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	PERFORM monitor._require_dispatcher(caller), pg_notify('monitor_probe', left(nonce, 64));
END;
$$;
COMMENT ON FUNCTION monitor._dispatcher_probe(oid, text) IS 'dispatcher_probe, as the caller';
REVOKE ALL ON FUNCTION monitor._dispatcher_probe(oid, text) FROM PUBLIC;
