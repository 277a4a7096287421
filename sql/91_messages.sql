--
-- Messages: a notice in words, and as each kind of channel wants it.  What users named
-- (features, segments, labels) is text everywhere and markup nowhere.
--

-- ---- words ----

CREATE FUNCTION monitor._short(x double precision) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN x IS NULL THEN '?' WHEN x = 0 OR x IN ('NaN', 'Infinity', '-Infinity') OR abs(x) >= 1e15 OR abs(x) < 1e-6 THEN x::text
			ELSE trim_scale(round(x::numeric, greatest(0, 2 - floor(log(abs(x)))::integer)))::text END;
	END;
COMMENT ON FUNCTION monitor._short(double precision) IS 'A number with three digits that count';

-- Line breaks would begin lines that look like ours, marks of direction hide what is written.
CREATE FUNCTION monitor._line(t text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT regexp_replace(t, '[[:cntrl:]\u0085\u2028-\u202E\u2066-\u2069]+', ' ', 'g');
	END;
COMMENT ON FUNCTION monitor._line(text) IS 'A name within a message: one line of it';

CREATE FUNCTION monitor._at(t timestamptz) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC';
	END;
COMMENT ON FUNCTION monitor._at(timestamptz) IS 'A time as messages write it';

-- One series in breach: what, from what to what, how sure, of which rows.
CREATE FUNCTION monitor._series_text(d jsonb) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE
				WHEN s.metric = 'evaluation_age' OR s.metric IN ('quality.volume', 'quality.freshness') THEN coalesce(monitor._line(d ->> 'reason'), s.metric || ' ' || monitor._short(s.value))
				WHEN s.metric LIKE 'drift.%' THEN format('%s: %s %s against the baseline, %s more than chance gives', s.what, upper(s.name), monitor._short(s.value), monitor._short(s.effect))
				WHEN s.metric ~ '^(performance|estimated)\.' THEN format('%s%s%s %s, worse than the baseline by %s', CASE WHEN s.metric LIKE 'estimated%' THEN 'estimated ' ELSE '' END, s.name,
					coalesce(' of ' || s.what, ''), monitor._short(s.value), monitor._short(s.effect))
				WHEN s.metric ~ '^quality\..*_ratio$' THEN format('%s: %s from %s to %s', s.what, replace(s.name, '_', ' '), monitor._short(s.value - s.effect), monitor._short(s.value))
				ELSE format('%s%s: %s%s', s.metric, coalesce(' of ' || s.what, ''), monitor._short(s.value), coalesce(', change ' || monitor._short(s.effect), '')) END
			|| CASE WHEN (d ->> 'log_e_value')::double precision > 2.3 THEN format('; the odds are 1 to 10^%s that it is chance', floor((d ->> 'log_e_value')::double precision / ln(10))) ELSE '' END
			|| CASE WHEN d ? 'window_start' AND s.metric <> 'quality.freshness' THEN format(' (%s%s to %s)', coalesce((d ->> 'rows') || ' rows, ', ''), monitor._at((d ->> 'window_start')::timestamptz), monitor._at((d ->> 'window_end')::timestamptz)) ELSE '' END
		FROM (SELECT monitor._line(d ->> 'metric') AS metric, monitor._line(split_part(d ->> 'metric', '.', 2)) AS name, (d ->> 'value')::double precision AS value, (d ->> 'effect_size')::double precision AS effect,
			nullif(monitor._line(concat_ws(' in ', d ->> 'feature', d ->> 'segment')), '') AS what) AS s;
	END;
COMMENT ON FUNCTION monitor._series_text(jsonb) IS 'A series in breach, in words';

CREATE FUNCTION monitor._alert_text(a jsonb) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT concat_ws(E'\n',
			format('%s of model %s: %s%s, since %s', monitor._line(a #>> '{labels,alertname}'), monitor._line(a #>> '{labels,model}'), CASE a ->> 'status' WHEN 'resolved' THEN 'resolved, it was ' ELSE '' END,
				a ->> 'severity', monitor._at((a ->> 'starts_at')::timestamptz)),
			CASE WHEN a ->> 'status' = 'resolved' THEN format('  ended at %s: %s', monitor._at((a ->> 'ends_at')::timestamptz), coalesce(monitor._line(a ->> 'close_reason'), 'recovered')) END,
			'  ' || (a #>> '{annotations,summary}'),
			'  ' || (a #>> '{annotations,description}'),
			(SELECT string_agg('  - ' || monitor._series_text(d), E'\n' ORDER BY n) FROM jsonb_array_elements(a -> 'details') WITH ORDINALITY AS u(d, n) WHERE n <= 10),
			CASE WHEN jsonb_array_length(a -> 'details') > 10 THEN format('  and %s more', jsonb_array_length(a -> 'details') - 10) END,
			CASE WHEN (a ->> 'flapping')::boolean THEN '  It comes and goes: you are told at most once an hour.' END,
			'  acknowledged by ' || monitor._line(a ->> 'acked_by'),
			'  runbook: ' || monitor._line(a #>> '{annotations,runbook_url}'),
			CASE WHEN a ->> 'status' = 'firing' AND NOT a ? 'acked_by' THEN format('  to take it on: SELECT monitor.acknowledge(''%s'');', a ->> 'id') END);
	END;
COMMENT ON FUNCTION monitor._alert_text(jsonb) IS 'An alert, in words';

CREATE FUNCTION monitor._title(payload jsonb) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce(payload ->> 'title', left(monitor._line(format('[%s%s] %s: %s', CASE WHEN f.n_why = 1 AND f.why = 'repeat' THEN 'STILL ' ELSE '' END,
				CASE payload ->> 'status' WHEN 'resolved' THEN 'RESOLVED' ELSE upper(f.worst) END,
				f.models, f.names || coalesce(' (' || f.features || CASE WHEN f.n_features > 3 THEN format(', and %s more', f.n_features - 3) ELSE '' END || ')', ''))), 200))
		FROM (SELECT min(a ->> 'severity') AS worst, count(DISTINCT a ->> 'why') AS n_why, min(a ->> 'why') AS why,
				string_agg(DISTINCT a #>> '{labels,model}', ', ') AS models, string_agg(DISTINCT a #>> '{labels,alertname}', ', ') AS names,
				(SELECT count(DISTINCT d ->> 'feature') FROM jsonb_array_elements(payload -> 'alerts') AS x, jsonb_array_elements(x -> 'details') AS d) AS n_features,
				(SELECT string_agg(t.feature, ', ' ORDER BY t.n) FROM (SELECT d ->> 'feature' AS feature, min(n) AS n
					FROM jsonb_array_elements(payload -> 'alerts') AS x, jsonb_array_elements(x -> 'details') WITH ORDINALITY AS u(d, n) WHERE d ? 'feature' GROUP BY 1 ORDER BY 2, 1 LIMIT 3) AS t) AS features
			FROM jsonb_array_elements(payload -> 'alerts') AS a) AS f;
	END;
COMMENT ON FUNCTION monitor._title(jsonb) IS 'A notice in one line';

CREATE FUNCTION monitor._dashboard(payload jsonb, config jsonb) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		-- a name in a URL: all but letters, digits, - . _ ~ is escaped
		SELECT replace(config ->> 'dashboard_url', '{model}', coalesce((
			SELECT string_agg(CASE WHEN c.char ~ '^[A-Za-z0-9._~-]$' THEN c.char ELSE regexp_replace(upper(encode(convert_to(c.char, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, '' ORDER BY c.n)
			FROM regexp_split_to_table(payload #>> '{alerts,0,labels,model}', '') WITH ORDINALITY AS c(char, n)), ''));
	END;
COMMENT ON FUNCTION monitor._dashboard(jsonb, jsonb) IS 'Where to look, if the channel says so';

CREATE FUNCTION monitor._text(payload jsonb, config jsonb) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce(payload ->> 'text', concat_ws(E'\n\n',
			CASE WHEN payload ? 'step' AND jsonb_typeof(payload -> 'step') <> 'null' THEN 'Nobody has acknowledged this yet.' END,
			(SELECT string_agg(monitor._alert_text(a), E'\n\n' ORDER BY n) FROM jsonb_array_elements(payload -> 'alerts') WITH ORDINALITY AS u(a, n) WHERE n <= 20),
			CASE WHEN jsonb_array_length(payload -> 'alerts') > 20 THEN format('And %s more alerts.', jsonb_array_length(payload -> 'alerts') - 20) END,
			monitor._line(payload #>> '{plot,text}'),
			'Dashboard: ' || monitor._dashboard(payload, config)));
	END;
COMMENT ON FUNCTION monitor._text(jsonb, jsonb) IS 'A notice as plain text';

CREATE FUNCTION monitor._html(t text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT replace(replace(replace(replace(replace(t, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');
	END;
COMMENT ON FUNCTION monitor._html(text) IS 'Text within HTML';

-- Lines that begin with a minus are a list, others paragraphs.
CREATE FUNCTION monitor._html_body(payload jsonb, config jsonb) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT format('<!DOCTYPE html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif;font-size:14px;color:#222">'
				|| '<h2 style="border-left:6px solid %s;padding-left:10px;margin:0 0 12px">%s</h2>%s%s</body></html>',
			CASE WHEN payload ->> 'status' = 'resolved' THEN '#2e7d32' WHEN payload #>> '{alerts,0,severity}' = 'warning' THEN '#f9a825' ELSE '#c62828' END,
			monitor._html(monitor._title(payload)),
			(SELECT string_agg(CASE WHEN line ~ '^\s*- ' THEN format('<li style="margin-left:12px">%s</li>', monitor._html(regexp_replace(line, '^\s*- ', ''))) WHEN line = '' THEN '<br>'
					WHEN line ~ '^\s*to take it on: ' THEN format('<p style="margin:4px 0">to take it on: <code>%s</code></p>', monitor._html(regexp_replace(line, '^\s*to take it on: ', '')))
					WHEN line ~ '^\s*(runbook|Dashboard): https?://' THEN format('<p style="margin:4px 0">%s: <a href="%2$s">%2$s</a></p>', btrim(split_part(line, ':', 1)), monitor._html(btrim(regexp_replace(line, '^[^:]*:', ''))))
					ELSE format('<p style="margin:4px 0">%s</p>', monitor._html(line)) END, E'\n' ORDER BY n)
				FROM regexp_split_to_table(monitor._text(payload, config), E'\n') WITH ORDINALITY AS u(line, n)),
			CASE WHEN jsonb_typeof(payload -> 'plot') = 'object' THEN '<p><img src="cid:plot" alt="distribution before and after"></p>' ELSE '' END);
	END;
COMMENT ON FUNCTION monitor._html_body(jsonb, jsonb) IS 'A notice as HTML; cid:plot is the picture that the sender attaches';

-- ---- the picture ----

-- Of the worst drifting feature that is news: its bins in the baseline and in the window of the look.
CREATE FUNCTION monitor._plot(g monitor.notify_group, news monitor._news[]) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		WITH worst AS (
			SELECT (n.episode).model_id, d ->> 'feature' AS feature, (d ->> 'window_start')::timestamptz AS window_start, (d ->> 'window_end')::timestamptz AS window_end
			FROM unnest(news) AS n, jsonb_array_elements((n.episode).details) WITH ORDINALITY AS u(d, k)
			WHERE (n.episode).closed_at IS NULL AND d ->> 'metric' LIKE 'drift.%' AND coalesce(d ->> 'segment', '') = '' AND d ? 'feature'
			ORDER BY n.why NULLS LAST, k LIMIT 1
		), bin AS (
			SELECT w.feature, b.*
			FROM worst w JOIN monitor.feature f ON f.model_id = w.model_id AND f.name = w.feature
			CROSS JOIN LATERAL monitor._current_baseline(w.model_id) AS base
			JOIN monitor.reference r ON r.baseline_id = base.baseline_id AND r.segment = '' AND r.stratum = 0
			CROSS JOIN LATERAL (SELECT monitor.rollup(u.profiles[f.position]) AS profile FROM monitor.bucket_features u
				WHERE u.model_id = w.model_id AND u.baseline_id = base.baseline_id AND u.segment = '' AND u.bucket_start >= w.window_start AND u.bucket_end <= w.window_end) AS c
			CROSS JOIN LATERAL unnest(monitor.drift_bins(r.profiles[f.position], c.profile)) AS b
			WHERE c.profile IS NOT NULL
		), named AS (
			SELECT b.*, coalesce(b.category, CASE WHEN b.lower = '-Infinity' THEN 'below ' || monitor._short(b.upper) WHEN monitor._short(b.lower) = monitor._short(b.upper) THEN monitor._short(b.lower) WHEN b.upper = 'Infinity' THEN monitor._short(b.lower) || ' and more'
				ELSE monitor._short(b.lower) || ' to ' || monitor._short(b.upper) END) AS label FROM bin b
		)
		SELECT jsonb_build_object('title', min(b.feature), 'labels', jsonb_agg(b.label ORDER BY b.bin), 'reference', jsonb_agg(coalesce(b.share_reference, 0) ORDER BY b.bin),
			'current', jsonb_agg(coalesce(b.share_current, 0) ORDER BY b.bin),
			'text', (SELECT format('Most of the change of %s is %s: %s %% of rows before, %s %% now.', t.feature, t.label, monitor._short(100 * t.share_reference), monitor._short(100 * t.share_current))
				FROM named t ORDER BY t.psi DESC NULLS LAST, t.bin LIMIT 1))
		FROM named b HAVING count(*) > 0;
	END;
COMMENT ON FUNCTION monitor._plot(monitor.notify_group, monitor._news[]) IS 'Shares of bins before and after, for a picture, and the largest change in words; NULL: nothing to show';
REVOKE ALL ON FUNCTION monitor._plot(monitor.notify_group, monitor._news[]) FROM PUBLIC;

-- ---- bodies of HTTP channels ----

-- Labels and annotations as Alertmanager takes them: strings, none of them empty, with names of letters, digits and _;
-- it refuses an alert for any other name.  Those of labels are checked when a rule is made.
CREATE FUNCTION monitor._string_labels(a jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT jsonb_object_agg(key, value) FROM jsonb_each_text((a -> 'labels') || jsonb_build_object('severity', a ->> 'severity')) WHERE value <> '';
	END;
COMMENT ON FUNCTION monitor._string_labels(jsonb) IS 'Labels of an alert, as strings';

CREATE FUNCTION monitor._string_annotations(a jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce(jsonb_object_agg(regexp_replace(regexp_replace(key, '[^A-Za-z0-9_]', '_', 'g'), '^(?![A-Za-z_])', '_'), value), '{}')
		FROM jsonb_each_text(coalesce(a -> 'annotations', '{}') || jsonb_build_object('description', monitor._alert_text(a))) WHERE value <> '';
	END;
COMMENT ON FUNCTION monitor._string_annotations(jsonb) IS 'Annotations of an alert, as strings';

-- What has no alerts in it (a test, a failure of our own) is one alert of its own.
CREATE FUNCTION monitor._alerts_of(o monitor.outbox) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN jsonb_array_length(o.payload -> 'alerts') > 0 THEN o.payload -> 'alerts' ELSE jsonb_build_array(jsonb_build_object(
			'id', o.uid, 'status', 'firing', 'severity', CASE o.kind WHEN 'test' THEN 'warning' ELSE 'critical' END, 'labels', jsonb_build_object('alertname', 'monitor_' || o.kind, 'model', '', 'channel', o.channel),
			'annotations', jsonb_build_object('summary', o.payload ->> 'title'), 'starts_at', o.payload -> 'at', 'details', '[]'::jsonb, 'fingerprint', left(replace(o.uid::text, '-', ''), 16))) END;
	END;
COMMENT ON FUNCTION monitor._alerts_of(monitor.outbox) IS 'The alerts that a notice tells of';
REVOKE ALL ON FUNCTION monitor._alerts_of(monitor.outbox) FROM PUBLIC;

-- To Alertmanager the severity is part of an alert's name: what was told by another severity ends when that changed.
CREATE FUNCTION monitor._other_severity(a jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT a || jsonb_build_object('status', 'resolved', 'severity', o.severity, 'ends_at', coalesce(a -> 'ends_at', to_jsonb(max(t.look_at))))
		FROM monitor.alert_episode e
		CROSS JOIN unnest('{warning,critical}'::text[]) AS o(severity)
		JOIN monitor.alert_transition t ON t.rule_id = e.rule_id AND t.fingerprint = e.fingerprint AND t.episode_id = e.episode_id AND t.to_state NOT IN ('normal', 'pending')
		WHERE e.uid = (a ->> 'id')::uuid AND o.severity <> a ->> 'severity'
		GROUP BY o.severity HAVING bool_or((t.level >= 2) = (o.severity = 'critical'));
	END;
COMMENT ON FUNCTION monitor._other_severity(jsonb) IS 'The end of an alert as it was called by another severity; NULL: it never was';
REVOKE ALL ON FUNCTION monitor._other_severity(jsonb) FROM PUBLIC;

-- POST /api/v2/alerts: an explicit end, four minutes on for what still fires, which is sent again every minute.
CREATE FUNCTION monitor._alertmanager_body(o monitor.outbox, config jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('labels', monitor._string_labels(a), 'annotations', monitor._string_annotations(a), 'startsAt', a -> 'starts_at',
			'endsAt', coalesce(a -> 'ends_at', to_jsonb(monitor.now() + '4 minutes'::interval)), 'generatorURL', monitor._dashboard(o.payload, config))) ORDER BY n)
		FROM (
			SELECT a, n FROM jsonb_array_elements(monitor._alerts_of(o)) WITH ORDINALITY AS u(a, n)
			UNION ALL
			SELECT x, n FROM jsonb_array_elements(monitor._alerts_of(o)) WITH ORDINALITY AS u(a, n) CROSS JOIN LATERAL monitor._other_severity(u.a) AS x WHERE x IS NOT NULL) AS t;
	END;
COMMENT ON FUNCTION monitor._alertmanager_body(monitor.outbox, jsonb) IS 'A notice as Alertmanager''s API version 2 takes it';
REVOKE ALL ON FUNCTION monitor._alertmanager_body(monitor.outbox, jsonb) FROM PUBLIC;

CREATE FUNCTION monitor._common(objects jsonb[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(objects[1]) AS e WHERE NOT EXISTS (SELECT FROM unnest(objects) AS o WHERE o -> e.key IS DISTINCT FROM e.value);
	END;
COMMENT ON FUNCTION monitor._common(jsonb[]) IS 'What all objects have in common';

-- The body that Alertmanager posts to webhooks, version 4.
CREATE FUNCTION monitor._alertmanager_v4_body(o monitor.outbox, config jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT jsonb_build_object('version', '4', 'receiver', o.channel, 'status', o.payload ->> 'status',
			'alerts', jsonb_agg(jsonb_build_object('status', a ->> 'status', 'labels', monitor._string_labels(a), 'annotations', monitor._string_annotations(a), 'startsAt', a -> 'starts_at',
				'endsAt', coalesce(a ->> 'ends_at', '0001-01-01T00:00:00Z'), 'generatorURL', coalesce(monitor._dashboard(o.payload, config), ''), 'fingerprint', a ->> 'fingerprint') ORDER BY n),
			'groupLabels', coalesce(o.payload -> 'group_labels', '{}'), 'commonLabels', monitor._common(array_agg(monitor._string_labels(a))), 'commonAnnotations', monitor._common(array_agg(monitor._string_annotations(a))),
			'externalURL', coalesce(monitor._dashboard(o.payload, config), ''),
			'groupKey', format('{}:{%s}', (SELECT string_agg(format('%s="%s"', key, value), ', ' ORDER BY key) FROM jsonb_each_text(coalesce(o.payload -> 'group_labels', '{}')))), 'truncatedAlerts', 0)
		FROM jsonb_array_elements(monitor._alerts_of(o)) WITH ORDINALITY AS u(a, n);
	END;
COMMENT ON FUNCTION monitor._alertmanager_v4_body(monitor.outbox, jsonb) IS 'A notice as Alertmanager''s webhooks say it';
REVOKE ALL ON FUNCTION monitor._alertmanager_v4_body(monitor.outbox, jsonb) FROM PUBLIC;

CREATE FUNCTION monitor._event_type(o monitor.outbox) RETURNS text
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT CASE o.kind WHEN 'test' THEN 'alert.test' WHEN 'meta' THEN 'delivery.failed' WHEN 'escalation' THEN 'alert.escalated' WHEN 'resolve' THEN 'alert.resolved' ELSE 'alert.firing' END;
	END;
COMMENT ON FUNCTION monitor._event_type(monitor.outbox) IS 'What kind of event a notice is';
REVOKE ALL ON FUNCTION monitor._event_type(monitor.outbox) FROM PUBLIC;

CREATE FUNCTION monitor._webhook_body(o monitor.outbox, config jsonb) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE config ->> 'format'
			WHEN 'alertmanager_v4' THEN monitor._alertmanager_v4_body(o, config)
			WHEN 'cloudevents' THEN jsonb_strip_nulls(jsonb_build_object('specversion', '1.0', 'id', o.uid, 'source', '/monitor/' || current_database(), 'type', 'monitor.' || monitor._event_type(o),
				'subject', o.payload #>> '{alerts,0,labels,model}', 'time', o.payload -> 'at', 'datacontenttype', 'application/json', 'data', d.data))
			ELSE jsonb_build_object('type', monitor._event_type(o), 'timestamp', o.payload -> 'at', 'data', d.data) END
		FROM (SELECT (o.payload - 'plot' - 'step' - 'at') || jsonb_build_object('title', monitor._title(o.payload), 'text', monitor._text(o.payload, config), 'url', monitor._dashboard(o.payload, config)) AS data) AS d;
	END;
COMMENT ON FUNCTION monitor._webhook_body(monitor.outbox, jsonb) IS 'A notice as a webhook gets it';
REVOKE ALL ON FUNCTION monitor._webhook_body(monitor.outbox, jsonb) FROM PUBLIC;

CREATE FUNCTION monitor._slack_text(t text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT replace(replace(replace(t, '&', '&amp;'), '<', '&lt;'), '>', '&gt;');
	END;
COMMENT ON FUNCTION monitor._slack_text(text) IS 'Text within a message of Slack''s';

CREATE FUNCTION monitor._slack_body(o monitor.outbox, config jsonb, thread text) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT jsonb_strip_nulls(jsonb_build_object('channel', config ->> 'channel', 'thread_ts', thread, 'reply_broadcast', CASE WHEN thread IS NOT NULL AND o.kind <> 'resolve' THEN true END,
			'unfurl_links', false, 'text', monitor._slack_text(monitor._title(o.payload)),
			'blocks', jsonb_build_array(jsonb_build_object('type', 'header', 'text', jsonb_build_object('type', 'plain_text', 'text', left(monitor._title(o.payload), 150))))
				-- a section holds 3,000 characters, a message some 10,000
				|| (SELECT jsonb_agg(jsonb_build_object('type', 'section', 'text', jsonb_build_object('type', 'mrkdwn', 'text', monitor._slack_text(substr(t.text, 1 + z.size * k, z.size)))) ORDER BY k)
					FROM (SELECT left(monitor._text(o.payload, config), 8000) AS text) AS t
					-- a character becomes up to five
					CROSS JOIN LATERAL (SELECT CASE WHEN bool_or(length(monitor._slack_text(substr(t.text, 1 + 2000 * p, 2000))) > 3000) THEN 600 ELSE 2000 END AS size FROM generate_series(0, (length(t.text) - 1) / 2000) AS p) AS z
					CROSS JOIN LATERAL generate_series(0, (length(t.text) - 1) / z.size) AS k)
				|| coalesce((SELECT jsonb_build_array(jsonb_build_object('type', 'actions', 'elements', jsonb_agg(jsonb_build_object('type', 'button', 'url', l.url,
						'text', jsonb_build_object('type', 'plain_text', 'text', l.name)) ORDER BY l.name)))
					FROM (VALUES ('Dashboard', monitor._dashboard(o.payload, config)), ('Runbook', o.payload #>> '{alerts,0,annotations,runbook_url}')) AS l(name, url) WHERE l.url IS NOT NULL HAVING count(*) > 0), '[]')));
	END;
COMMENT ON FUNCTION monitor._slack_body(monitor.outbox, jsonb, text) IS 'A notice as blocks of Slack''s';
REVOKE ALL ON FUNCTION monitor._slack_body(monitor.outbox, jsonb, text) FROM PUBLIC;

-- Events API version 2, without the routing key, which only the sender knows.
CREATE FUNCTION monitor._pagerduty_body(o monitor.outbox, config jsonb, conversation text) RETURNS jsonb
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT jsonb_strip_nulls(jsonb_build_object('event_action', CASE o.kind WHEN 'resolve' THEN 'resolve' ELSE 'trigger' END, 'dedup_key', conversation,
			'payload', jsonb_build_object('summary', left(monitor._title(o.payload), 1024), 'severity', CASE WHEN o.kind = 'test' THEN 'info' ELSE coalesce(o.payload #>> '{alerts,0,severity}', 'error') END,
				'source', 'monitor/' || current_database(), 'timestamp', o.payload -> 'at', 'component', o.payload #>> '{alerts,0,labels,model}', 'class', o.payload #>> '{alerts,0,labels,alertname}',
				'custom_details', jsonb_build_object('text', left(monitor._text(o.payload, config), 100000))),
			'client', 'monitor', 'client_url', monitor._dashboard(o.payload, config),
			'links', (SELECT jsonb_agg(jsonb_build_object('href', u, 'text', 'runbook')) FROM (SELECT DISTINCT a #>> '{annotations,runbook_url}' AS u FROM jsonb_array_elements(o.payload -> 'alerts') AS a) AS l WHERE u IS NOT NULL)));
	END;
COMMENT ON FUNCTION monitor._pagerduty_body(monitor.outbox, jsonb, text) IS 'A notice as an event of PagerDuty''s';
REVOKE ALL ON FUNCTION monitor._pagerduty_body(monitor.outbox, jsonb, text) FROM PUBLIC;
