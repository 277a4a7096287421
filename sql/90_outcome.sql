--
-- What an answer means: sent, to be tried again, refused for good, or not known.
--

CREATE FUNCTION monitor._slack_outcome(response text, cut boolean, OUT outcome text, OUT reason text) RETURNS record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	answer jsonb;
BEGIN
	IF btrim(response) = 'ok' THEN
		outcome := 'ok';
		RETURN;
	END IF;
	BEGIN
		answer := response::jsonb;
	EXCEPTION WHEN OTHERS THEN
		answer := NULL;
	END;
	outcome := CASE WHEN answer -> 'ok' = 'true' THEN 'ok' WHEN cut THEN 'unknown' WHEN answer ->> 'error' IN ('ratelimited', 'rate_limited', 'internal_error', 'service_unavailable', 'fatal_error') THEN 'retry' ELSE 'permanent' END;
	reason := CASE WHEN outcome <> 'ok' THEN 'Slack says ' || coalesce(answer ->> 'error', left(response, 200), 'nothing') END;
END;
$$;
COMMENT ON FUNCTION monitor._slack_outcome(text, boolean) IS 'Slack answers 200 and says in the body whether it is meant';
REVOKE ALL ON FUNCTION monitor._slack_outcome(text, boolean) FROM PUBLIC;

-- unknown: it may have arrived.  degraded: the channel itself is at fault.
CREATE FUNCTION monitor._outcome(kind text, http_status integer, smtp_code integer, curl_code integer, request_sent boolean, response text, error text,
	OUT outcome text, OUT reason text, OUT channel_state text) RETURNS record
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	failed boolean := coalesce(curl_code, 0) <> 0;
BEGIN
	reason := left(coalesce(nullif(error, ''), CASE WHEN http_status > 0 THEN 'HTTP ' || http_status || coalesce(': ' || left(nullif(response, ''), 200), '') WHEN smtp_code > 0 THEN 'SMTP ' || smtp_code || coalesce(': ' || left(nullif(response, ''), 200), '') ELSE 'no answer' END), 1000);
	IF curl_code = -1 THEN
		-- our own configuration: a secret that is missing, an address that is refused
		outcome := 'retry';
		channel_state := 'degraded';
	ELSIF kind = 'email' THEN
		outcome := CASE WHEN NOT failed AND coalesce(smtp_code, 250) BETWEEN 200 AND 299 THEN 'ok' WHEN smtp_code BETWEEN 400 AND 499 THEN 'retry' WHEN smtp_code BETWEEN 500 AND 599 THEN 'permanent'
			WHEN request_sent THEN 'unknown' ELSE 'retry' END;
		channel_state := CASE WHEN smtp_code IN (530, 534, 535, 538) THEN 'degraded' END;
	ELSIF coalesce(http_status, 0) = 0 THEN
		outcome := CASE WHEN request_sent THEN 'unknown' ELSE 'retry' END;
	ELSIF http_status BETWEEN 200 AND 299 THEN
		outcome := 'ok';
		IF kind = 'slack' THEN
			SELECT s.outcome, coalesce(s.reason, _outcome.reason) INTO outcome, reason FROM monitor._slack_outcome(response, failed) AS s;
		ELSIF kind = 'pagerduty' AND http_status <> 202 THEN
			outcome := 'retry';
		END IF;
	ELSIF http_status IN (408, 425, 429) OR http_status >= 500 THEN
		outcome := 'retry';
	ELSE
		outcome := 'permanent';
		channel_state := CASE WHEN http_status = 410 THEN 'disabled' WHEN http_status IN (401, 403, 404) THEN 'degraded' END;
	END IF;
	IF outcome = 'ok' THEN
		reason := NULL;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._outcome(text, integer, integer, integer, boolean, text, text) IS 'What the facts of an attempt mean: ok, retry, unknown, permanent';
REVOKE ALL ON FUNCTION monitor._outcome(text, integer, integer, integer, boolean, text, text) FROM PUBLIC;
