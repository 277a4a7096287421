--
-- Measuring performance: realised where labels have come, estimated from scores where not.
--

CREATE TYPE monitor._outcome_window AS (window_start timestamptz, window_end timestamptz, buckets integer, num_rows bigint, num_labelled bigint,
	scores monitor.score_profile, confusion monitor.confusion_profile, errors monitor.error_profile, ranking double precision[]);
COMMENT ON TYPE monitor._outcome_window IS 'Consecutive buckets with outcomes enough to speak of';

CREATE TYPE monitor._performance AS (metric text, value double precision, low double precision, high double precision, standard_error double precision,
	n bigint, is_error boolean);
COMMENT ON TYPE monitor._performance IS 'A metric of a window, with the error of its value; is_error: smaller is better';

CREATE FUNCTION monitor._verdict_metric(task text, score text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE task WHEN 'binary' THEN CASE WHEN score IS NULL THEN 'f1_score' ELSE 'roc_auc' END WHEN 'multiclass' THEN 'accuracy_score'
			WHEN 'regression' THEN 'mean_absolute_error' WHEN 'ranking' THEN 'ndcg' END;
	END;
COMMENT ON FUNCTION monitor._verdict_metric(text, text) IS 'The one performance metric of a task that has a verdict of its own';

-- A share of n rows has a binomial error.  F1 = 2 TP / (2 TP + FP + FN) counts each row of TP twice: with J = TP / (TP + FP + FN),
-- F1 = 2 J / (1 + J), whose error is larger by the square root of 2 - F1.
CREATE FUNCTION monitor._share_error(metric text, share double precision, n bigint) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT sqrt(share * (1 - share) * CASE metric WHEN 'f1_score' THEN 2 - share ELSE 1 END / nullif(n, 0));
	END;
COMMENT ON FUNCTION monitor._share_error(text, double precision, bigint) IS 'Standard error of a share of rows';

-- Metrics of scores; profiles embed their anchors.
CREATE FUNCTION monitor._score_metrics(p monitor.score_profile, threshold double precision) RETURNS SETOF monitor._performance
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT 'roc_auc', (a.x).value, (a.x).confidence_low, (a.x).confidence_high, (a.x).standard_error, (a.x).n_positive + (a.x).n_negative, false
		FROM (SELECT monitor.roc_auc(p) AS x) AS a
		UNION ALL SELECT 'log_loss', monitor.log_loss(p), NULL, NULL, NULL, monitor.num_positive(p) + monitor.num_negative(p), true
		UNION ALL SELECT 'brier_score', monitor.brier_score(p), NULL, NULL, NULL, monitor.num_positive(p) + monitor.num_negative(p), true
		UNION ALL SELECT 'calibration_error', (c.x).effect_size, (c.x).statistic_low, (c.x).statistic_high, NULL, monitor.num_positive(p) + monitor.num_negative(p), true
		FROM (SELECT monitor.calibration_error(p) AS x) AS c
		UNION ALL SELECT 'ks_score', (k.x).value, (k.x).value_low, (k.x).value_high, NULL, (k.x).n_positive + (k.x).n_negative, false
		FROM (SELECT monitor.ks_score(p) AS x) AS k
		UNION ALL
		SELECT v.metric, v.value, NULL, NULL, monitor._share_error(v.metric, v.value, v.n), v.n, false
		FROM monitor.confusion_at(p, threshold) AS c,
			LATERAL (VALUES ('accuracy_score', c.accuracy_score, c.true_positive + c.false_positive + c.false_negative + c.true_negative),
				('precision_score', c.precision_score, c.true_positive + c.false_positive), ('recall_score', c.recall_score, c.true_positive + c.false_negative),
				('f1_score', c.f1_score, 2 * c.true_positive + c.false_positive + c.false_negative)) AS v(metric, value, n);
	END;
COMMENT ON FUNCTION monitor._score_metrics(monitor.score_profile, double precision) IS 'Performance of scores and labels';

CREATE FUNCTION monitor._performance_of(m monitor.model, w monitor._outcome_window) RETURNS SETOF monitor._performance
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT s.* FROM monitor._score_metrics(w.scores, m.decision_threshold) AS s WHERE w.scores IS NOT NULL
		UNION ALL
		-- a share has a binomial error, a correlation (1 - r^2) / sqrt(n); of two classes the positive one is measured, as it is from scores
		SELECT v.metric, v.value, NULL, NULL, CASE WHEN v.metric = 'matthews_corrcoef' THEN (1 - v.value ^ 2) / sqrt(nullif(v.n, 0))
			ELSE monitor._share_error(v.metric, v.value, v.n) END, v.n, false
		FROM (SELECT sum(u.n)::bigint AS n, sum(u.n) FILTER (WHERE u.prediction = m.positive_class)::double precision AS said, sum(u.n) FILTER (WHERE u.truth = m.positive_class)::double precision AS are,
				coalesce(sum(u.n) FILTER (WHERE u.prediction = m.positive_class AND u.truth = m.positive_class), 0)::double precision AS hits
			FROM unnest(monitor.confusion_matrix(w.confusion)) AS u) AS c,
			LATERAL (SELECT m.task = 'binary' AS is_binary) AS t,
			LATERAL (VALUES ('accuracy_score', monitor.accuracy_score(w.confusion), c.n), ('balanced_accuracy_score', monitor.balanced_accuracy_score(w.confusion), c.n),
				('precision_score', CASE WHEN t.is_binary THEN c.hits / nullif(c.said, 0) ELSE monitor.precision_score(w.confusion, 'macro') END, CASE WHEN t.is_binary THEN coalesce(c.said, 0)::bigint ELSE c.n END),
				('recall_score', CASE WHEN t.is_binary THEN c.hits / nullif(c.are, 0) ELSE monitor.recall_score(w.confusion, 'macro') END, CASE WHEN t.is_binary THEN coalesce(c.are, 0)::bigint ELSE c.n END),
				('f1_score', CASE WHEN t.is_binary THEN 2 * c.hits / nullif(coalesce(c.said, 0) + coalesce(c.are, 0), 0) ELSE monitor.f1_score(w.confusion, 'macro') END,
					CASE WHEN t.is_binary THEN (coalesce(c.said, 0) + coalesce(c.are, 0))::bigint ELSE c.n END),
				('matthews_corrcoef', monitor.matthews_corrcoef(w.confusion), c.n)) AS v(metric, value, n)
		WHERE w.confusion IS NOT NULL
		UNION ALL
		SELECT v.metric, v.value, NULL, NULL, v.error, e.n, v.is_error
		FROM (SELECT monitor.num_labelled(w.errors) AS n) AS e,
			LATERAL (VALUES ('mean_absolute_error', monitor.mean_absolute_error(w.errors),
				sqrt(greatest(0, monitor.mean_squared_error(w.errors) - monitor.mean_absolute_error(w.errors) ^ 2) / nullif(e.n, 0)), true),
			('root_mean_squared_error', monitor.root_mean_squared_error(w.errors), NULL, true), ('r2_score', monitor.r2_score(w.errors), NULL, false)) AS v(metric, value, error, is_error)
		WHERE w.errors IS NOT NULL
		UNION ALL
		SELECT 'ndcg', w.ranking[2] / w.ranking[1], NULL, NULL, sqrt(greatest(0, w.ranking[3] / w.ranking[1] - (w.ranking[2] / w.ranking[1]) ^ 2) / w.ranking[1]),
			w.ranking[1]::bigint, false
		WHERE w.ranking[1] > 0;
	END;
COMMENT ON FUNCTION monitor._performance_of(monitor.model, monitor._outcome_window) IS 'Every metric that the task has, of one window';
REVOKE ALL ON FUNCTION monitor._performance_of(monitor.model, monitor._outcome_window) FROM PUBLIC;

-- ---- windows ----

-- The anchors that detached profiles of outcomes get back.
CREATE FUNCTION monitor._attach_window(w monitor._outcome_window, r monitor.reference_outcomes) RETURNS monitor._outcome_window
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT ROW(w.window_start, w.window_end, w.buckets, w.num_rows, w.num_labelled, monitor.attach(w.scores, r.scores),
			monitor.attach(w.confusion, r.confusion), monitor.attach(w.errors, r.errors), w.ranking)::monitor._outcome_window;
	END;
COMMENT ON FUNCTION monitor._attach_window(monitor._outcome_window, monitor.reference_outcomes) IS 'A window with the anchors of the baseline';
REVOKE ALL ON FUNCTION monitor._attach_window(monitor._outcome_window, monitor.reference_outcomes) FROM PUBLIC;

CREATE FUNCTION monitor._is_enough(m monitor.model, w monitor._outcome_window, estimated boolean) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE WHEN estimated THEN w.num_rows >= 200
			WHEN w.scores IS NOT NULL THEN monitor.num_positive(w.scores) >= 30 AND monitor.num_negative(w.scores) >= 30
			WHEN m.task = 'ranking' THEN coalesce(w.ranking[1], 0) >= 30
			ELSE w.num_labelled >= 30 END;
	END;
COMMENT ON FUNCTION monitor._is_enough(monitor.model, monitor._outcome_window, boolean) IS 'Whether a window has outcomes enough: AUC needs 30 of each class';
REVOKE ALL ON FUNCTION monitor._is_enough(monitor.model, monitor._outcome_window, boolean) FROM PUBLIC;

-- Disjoint windows of closed buckets after a time, each as short as it may be.  Realised:
-- of buckets whose labels are mature and cover enough; estimated: of all.
CREATE FUNCTION monitor._outcome_windows(m monitor.model, b monitor.baseline, of_segment text, after timestamptz, estimated boolean) RETURNS SETOF monitor._outcome_window
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	o monitor.bucket_outcomes;
	w monitor._outcome_window;
	mature timestamptz := monitor.now() - m.label_delay;
BEGIN
	FOR o IN
		SELECT t.* FROM monitor.bucket_outcomes t JOIN monitor.bucket k ON k.model_id = t.model_id AND k.bucket_start = t.bucket_start
		WHERE t.model_id = m.model_id AND t.baseline_id = b.baseline_id AND t.segment = of_segment AND t.bucket_start >= greatest(after, b.to_time)
			AND NOT k.is_open AND t.num_rows > 0
			AND (estimated OR t.bucket_end <= mature AND t.num_labelled >= m.min_label_coverage * t.num_rows)
		ORDER BY t.bucket_start
	LOOP
		IF w.window_start IS NULL THEN
			w := ROW(o.bucket_start, o.bucket_end, 1, o.num_rows, o.num_labelled, o.scores, o.confusion, o.errors, o.ranking);
		ELSE
			w := ROW(w.window_start, o.bucket_end, w.buckets + 1, w.num_rows + o.num_rows, w.num_labelled + o.num_labelled, monitor.merge(w.scores, o.scores),
				monitor.merge(w.confusion, o.confusion), monitor.merge(w.errors, o.errors), monitor._sum_add(w.ranking, o.ranking));
		END IF;
		IF monitor._is_enough(m, w, estimated) THEN
			RETURN NEXT w;
			w := NULL;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._outcome_windows(monitor.model, monitor.baseline, text, timestamptz, boolean) IS 'Windows over which performance is realised or estimated';
REVOKE ALL ON FUNCTION monitor._outcome_windows(monitor.model, monitor.baseline, text, timestamptz, boolean) FROM PUBLIC;

-- ---- verdicts ----

-- Where all rows of a window agree (every one is wrong, or right, or off by the same), the
-- window tells no error of its value.  A share then has that of half a row, an error the
-- baseline's.
CREATE FUNCTION monitor._standard_error(error double precision, n bigint, base monitor._performance) RETURNS double precision
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN error IS NULL OR error > 0 THEN error
			WHEN base.is_error THEN base.standard_error * sqrt(base.n / nullif(n, 0)::double precision)
			ELSE sqrt(0.5 * (n + 0.5) / nullif(n, 0)) / (n + 1) END;
	END;
COMMENT ON FUNCTION monitor._standard_error(double precision, bigint, monitor._performance) IS 'The error of a window''s value, also where its rows do not tell it';

-- One-sided evidence of a loss against the present baseline, carried from window to window: W = max(1, W) / (2 sqrt(p)).
CREATE FUNCTION monitor._judge_performance(m monitor.model, b monitor.baseline, of_metric text, after timestamptz, base monitor._performance) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	x record;
	log_w double precision;
	p double precision;
	loss double precision;
	spread double precision;
	threshold double precision := ln(2 * monitor._looks_in_90_days(m.granularity) / 0.05);	-- F is 2: realised and estimated
	warning double precision := CASE WHEN base.is_error THEN 0.1 * base.value ELSE 0.03 END;
	critical double precision := CASE WHEN base.is_error THEN 0.2 * base.value ELSE 0.05 END;
	blocked boolean;
	calm integer;	-- windows running that are hardly worse, of an episode; NULL: none is open
BEGIN
	SELECT y.log_e_value, (y.parameters ->> 'calm')::integer INTO log_w, calm FROM monitor.measurement y
	WHERE y.model_id = m.model_id AND y.metric = of_metric AND y.feature = '' AND y.segment = '' AND y.window_end <= after AND y.baseline_id = b.baseline_id AND y.log_e_value IS NOT NULL
	ORDER BY y.window_end DESC LIMIT 1;
	FOR x IN
		SELECT y.window_end, y.value, monitor._standard_error((y.parameters ->> 'standard_error')::double precision, y.n_current, base) AS error, coalesce(y.phi, 1) AS phi, y.verdict FROM monitor.measurement y
		WHERE y.model_id = m.model_id AND y.metric = of_metric AND y.feature = '' AND y.segment = '' AND y.window_end > after
		ORDER BY y.window_end
	LOOP
		-- estimates that disagree are no evidence
		CONTINUE WHEN x.value IS NULL OR x.error IS NULL OR x.verdict = 'undecided';
		loss := CASE WHEN base.is_error THEN x.value - base.value ELSE base.value - x.value END;
		spread := sqrt(x.error ^ 2 * x.phi + coalesce(base.standard_error, 0) ^ 2);
		p := CASE WHEN spread > 0 THEN greatest(1e-300, monitor._normal_sf(loss / spread)) WHEN loss > 0 THEN 1e-300 ELSE 1 END;
		blocked := of_metric LIKE 'estimated.%' AND monitor._estimates_failed(m, b, of_metric, x.window_end);
		-- nor are refuted ones
		IF NOT blocked THEN
			log_w := greatest(0, coalesce(log_w, 0)) - ln(2 * sqrt(p));
			IF calm IS NOT NULL OR log_w >= threshold AND loss >= warning THEN
				calm := CASE WHEN loss < 0.8 * warning THEN calm + 1 ELSE 0 END;
			END IF;
		END IF;
		-- three windows running that are hardly worse end an episode: evidence starts afresh
		IF calm = 3 THEN
			calm := NULL;
			log_w := 0;
		END IF;
		UPDATE monitor.measurement y SET effect_size = loss, p_value = p, log_e_value = log_w, warning_at = warning, critical_at = critical,
			verdict = CASE WHEN blocked THEN 'undecided' WHEN log_w < threshold OR loss < warning THEN 'ok' WHEN loss >= critical THEN 'critical' ELSE 'warning' END,
			reason = CASE WHEN blocked THEN 'a recent estimate was refuted by labels'
				WHEN loss >= warning AND log_w < threshold THEN 'worse, but chance may explain it so far' END,
			-- the next run goes on from here
			parameters = CASE WHEN calm IS NULL THEN y.parameters ELSE y.parameters || jsonb_build_object('calm', calm) END
		WHERE y.model_id = m.model_id AND y.metric = of_metric AND y.feature = '' AND y.segment = '' AND y.window_end = x.window_end;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._judge_performance(monitor.model, monitor.baseline, text, timestamptz, monitor._performance) IS 'Verdicts of the stored windows after a time';
REVOKE ALL ON FUNCTION monitor._judge_performance(monitor.model, monitor.baseline, text, timestamptz, monitor._performance) FROM PUBLIC;

-- Whether the last window that has both was estimated outside what labels then said.  Where positives are rare, labels need
-- more buckets than estimates do: then it is the last estimate within the window that is compared, else the one around it.
-- Estimates from another baseline's labels say nothing of these.
CREATE FUNCTION monitor._estimates_failed(m monitor.model, b monitor.baseline, of_metric text, at timestamptz) RETURNS boolean
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce((
			SELECT abs(r.value - e.value) > 4 * sqrt((e.parameters ->> 'standard_error')::double precision ^ 2 + (r.parameters ->> 'standard_error')::double precision ^ 2)
			FROM (SELECT x.* FROM monitor.measurement x
				WHERE x.model_id = m.model_id AND x.metric = pg_catalog.replace(of_metric, 'estimated.', 'performance.') AND x.feature = '' AND x.segment = '' AND x.window_end <= at
				ORDER BY x.window_end DESC LIMIT 10) AS r
			CROSS JOIN LATERAL (
				SELECT y.* FROM (SELECT x.* FROM monitor.measurement x
					WHERE x.model_id = m.model_id AND x.metric = of_metric AND x.feature = '' AND x.segment = '' AND x.window_end >= r.window_end
					ORDER BY x.window_end LIMIT 1) AS y WHERE y.window_start <= r.window_start
				UNION ALL
				SELECT y.* FROM (SELECT x.* FROM monitor.measurement x
					WHERE x.model_id = m.model_id AND x.metric = of_metric AND x.feature = '' AND x.segment = '' AND x.window_end <= r.window_end
					ORDER BY x.window_end DESC LIMIT 1) AS y WHERE y.window_start >= r.window_start) AS e
			WHERE e.baseline_id = b.baseline_id
			ORDER BY r.window_end DESC LIMIT 1), false);
	END;
COMMENT ON FUNCTION monitor._estimates_failed(monitor.model, monitor.baseline, text, timestamptz) IS 'Labels have refuted the last estimate that they could check';
REVOKE ALL ON FUNCTION monitor._estimates_failed(monitor.model, monitor.baseline, text, timestamptz) FROM PUBLIC;

-- ---- measuring ----

CREATE FUNCTION monitor._outcome_phi(m monitor.model, b monitor.baseline, buckets integer) RETURNS double precision
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT coalesce(max(r.phi[least(10, 1 + floor(log(2.0, buckets)))::integer]), 1)
		FROM monitor.feature f JOIN monitor.reference_stream r ON r.baseline_id = b.baseline_id AND r.segment = '' AND r.position = f.position
		WHERE f.model_id = m.model_id AND f.role IN ('score', 'prediction');
	END;
COMMENT ON FUNCTION monitor._outcome_phi(monitor.model, monitor.baseline, integer) IS 'How dependent rows of a window are, as scores and predictions tell';
REVOKE ALL ON FUNCTION monitor._outcome_phi(monitor.model, monitor.baseline, integer) FROM PUBLIC;

-- Names of metrics that were measured of a model, from a prefix such as `performance.`: each found by the key of the one before.
CREATE FUNCTION monitor._metrics_said(m monitor.model, prefix text) RETURNS text[]
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	said text[] := ARRAY[]::text[];
	last text := prefix;
BEGIN
	LOOP
		SELECT x.metric INTO last FROM monitor.measurement x WHERE x.model_id = m.model_id AND x.metric > last COLLATE "C" ORDER BY x.metric LIMIT 1;
		EXIT WHEN last IS NULL OR NOT starts_with(last, prefix);
		said := said || last;
	END LOOP;
	RETURN said;
END;
$$;
COMMENT ON FUNCTION monitor._metrics_said(monitor.model, text) IS 'Names of a model''s metrics that begin with a prefix';
REVOKE ALL ON FUNCTION monitor._metrics_said(monitor.model, text) FROM PUBLIC;

-- Where recomputing begins: the end of the last window that no change touches.  What was said against an earlier baseline stays.
-- OFFSET: each series is found by its key, whatever is known of the table.
CREATE FUNCTION monitor._windows_kept_to(m monitor.model, b monitor.baseline, said text[], of_segment text, changed timestamptz) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	DELETE FROM monitor.measurement d WHERE d.ctid = ANY (ARRAY(
		SELECT old.ctid FROM unnest(said) AS v(metric)
		CROSS JOIN LATERAL (SELECT x.ctid FROM monitor.measurement x
			WHERE x.model_id = m.model_id AND x.metric = v.metric AND x.feature = '' AND x.segment = of_segment AND x.window_end >= changed AND x.baseline_id = b.baseline_id
			OFFSET 0) AS old));
	RETURN coalesce((SELECT max(kept.window_end) FROM unnest(said) AS v(metric)
		CROSS JOIN LATERAL (SELECT x.window_end FROM monitor.measurement x
			WHERE x.model_id = m.model_id AND x.metric = v.metric AND x.feature = '' AND x.segment = of_segment
			ORDER BY x.window_end DESC LIMIT 1) AS kept), '-infinity');
END;
$$;
COMMENT ON FUNCTION monitor._windows_kept_to(monitor.model, monitor.baseline, text[], text, timestamptz) IS 'Forgets windows that a change touches; gives where the others end';
REVOKE ALL ON FUNCTION monitor._windows_kept_to(monitor.model, monitor.baseline, text[], text, timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor._measure_realised(m monitor.model, b monitor.baseline, r monitor.reference_outcomes, said text[], changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	kept timestamptz := monitor._windows_kept_to(m, b, said, r.segment, changed);
	base monitor._performance;
	stored integer;
BEGIN
	INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, low, high, phi, n_reference, n_current,
		buckets, verdict, reason, method, parameters)
	SELECT m.model_id, 'performance.' || p.metric, '', r.segment, w.window_end, w.window_start, b.baseline_id, p.value, p.low, p.high,
		monitor._outcome_phi(m, b, w.buckets), r.num_labelled, p.n, w.buckets, CASE WHEN p.value IS NULL THEN 'insufficient_data' ELSE 'ok' END,
		CASE WHEN p.value IS NULL THEN 'these rows do not define it' WHEN p.metric = monitor._verdict_metric(m.task, m.score) AND r.segment = '' THEN NULL ELSE 'no verdict without a rule' END,
		'realised', jsonb_build_object('standard_error', p.standard_error, 'label_coverage', round(w.num_labelled::numeric / w.num_rows, 4))
	FROM monitor._outcome_windows(m, b, r.segment, kept, false) AS w, LATERAL monitor._performance_of(m, monitor._attach_window(w, r)) AS p
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS stored = ROW_COUNT;
	SELECT p.* INTO base FROM monitor._performance_of(m, ROW(b.from_time, b.to_time, 1, r.num_rows, r.num_labelled, r.scores, r.confusion, r.errors, r.ranking)) AS p
	WHERE p.metric = monitor._verdict_metric(m.task, m.score) AND p.value IS NOT NULL;
	IF r.segment = '' AND base.value IS NOT NULL THEN
		PERFORM monitor._judge_performance(m, b, 'performance.' || base.metric, kept, base);
	END IF;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_realised(monitor.model, monitor.baseline, monitor.reference_outcomes, text[], timestamptz) IS 'Performance of buckets whose labels have come';
REVOKE ALL ON FUNCTION monitor._measure_realised(monitor.model, monitor.baseline, monitor.reference_outcomes, text[], timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor._estimates_of(m monitor.model, w monitor._outcome_window, r monitor.reference_outcomes) RETURNS SETOF monitor.performance_estimate
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT e.* FROM unnest(monitor.estimate_performance(r.scores, w.scores, m.decision_threshold)) AS e WHERE e.method = 'cbpe' AND w.scores IS NOT NULL
		UNION ALL
		SELECT e.* FROM unnest(monitor.estimate_loss(r.errors, w.errors)) AS e WHERE w.errors IS NOT NULL;
	END;
COMMENT ON FUNCTION monitor._estimates_of(monitor.model, monitor._outcome_window, monitor.reference_outcomes) IS 'Performance of a window as its scores foretell';
REVOKE ALL ON FUNCTION monitor._estimates_of(monitor.model, monitor._outcome_window, monitor.reference_outcomes) FROM PUBLIC;

-- An estimate that was refused is never fine.
CREATE FUNCTION monitor._estimate_verdict(status text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE status WHEN 'ok' THEN 'ok' WHEN 'disagree' THEN 'undecided' WHEN 'no_data' THEN 'no_data' ELSE 'insufficient_data' END;
	END;
COMMENT ON FUNCTION monitor._estimate_verdict(text) IS 'The verdict of a measurement that is an estimate of this status';

CREATE FUNCTION monitor._measure_estimated(m monitor.model, b monitor.baseline, r monitor.reference_outcomes, said text[], changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	kept timestamptz := monitor._windows_kept_to(m, b, said, r.segment, changed);
	base monitor._performance;
	stored integer;
BEGIN
	INSERT INTO monitor.measurement (model_id, metric, feature, segment, window_end, window_start, baseline_id, value, low, high, phi, n_reference, n_current,
		buckets, verdict, reason, method, parameters)
	SELECT m.model_id, 'estimated.' || e.metric, '', r.segment, w.window_end, w.window_start, b.baseline_id, e.estimate, e.low, e.high,
		monitor._outcome_phi(m, b, w.buckets), e.n_labels, e.n_rows, w.buckets,
		monitor._estimate_verdict(e.status),
		coalesce(nullif(e.note, ''), CASE WHEN e.metric <> monitor._verdict_metric(m.task, m.score) THEN 'no verdict without a rule' END), e.method, jsonb_build_object('standard_error', e.standard_error)
	FROM monitor._outcome_windows(m, b, r.segment, kept, true) AS w, LATERAL monitor._estimates_of(m, monitor._attach_window(w, r), r) AS e
	ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS stored = ROW_COUNT;
	SELECT p.* INTO base FROM monitor._performance_of(m, ROW(b.from_time, b.to_time, 1, r.num_rows, r.num_labelled, r.scores, r.confusion, r.errors, r.ranking)) AS p
	WHERE p.metric = monitor._verdict_metric(m.task, m.score) AND p.value IS NOT NULL;
	IF r.segment = '' AND base.value IS NOT NULL AND r.num_labelled >= 500 THEN
		PERFORM monitor._judge_performance(m, b, 'estimated.' || base.metric, kept, base);
	END IF;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_estimated(monitor.model, monitor.baseline, monitor.reference_outcomes, text[], timestamptz) IS 'Performance before labels come';
REVOKE ALL ON FUNCTION monitor._measure_estimated(monitor.model, monitor.baseline, monitor.reference_outcomes, text[], timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor._measure_performance(m monitor.model, b monitor.baseline, changed timestamptz) RETURNS integer
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	r monitor.reference_outcomes;
	realised text[] := monitor._metrics_said(m, 'performance.');
	estimated text[] := monitor._metrics_said(m, 'estimated.');
	stored integer := 0;
BEGIN
	IF m.task = 'none' THEN
		RETURN 0;
	END IF;
	FOR r IN SELECT t.* FROM monitor.reference_outcomes t WHERE t.baseline_id = b.baseline_id ORDER BY t.segment LOOP
		IF m.label IS NOT NULL OR m.relevance IS NOT NULL THEN
			stored := stored + monitor._measure_realised(m, b, r, realised, changed);
			IF r.scores IS NOT NULL OR r.errors IS NOT NULL THEN
				stored := stored + monitor._measure_estimated(m, b, r, estimated, changed);
			END IF;
		END IF;
	END LOOP;
	RETURN stored;
END;
$$;
COMMENT ON FUNCTION monitor._measure_performance(monitor.model, monitor.baseline, timestamptz) IS 'Realised and estimated performance of all segments';
REVOKE ALL ON FUNCTION monitor._measure_performance(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;
