--
-- Collecting: two transactions.  The first moves the watermark and commits; the second
-- takes a snapshot, deletes what is marked dirty and counts again under it.  A transaction that
-- wrote late rows without marking them had its id before it read the old watermark, so
-- before that snapshot: a bucket stays provisional, and is counted again, until all
-- transactions of that time have ended.
--

-- ---- the first transaction ----

CREATE FUNCTION monitor._advance(m monitor.model) RETURNS timestamptz
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	closed timestamptz := monitor._bucket_start(monitor.now(), m.granularity, m.time_zone);
BEGIN
	INSERT INTO monitor.watermark AS w (model_id, closed_to, closed_to_local) VALUES (m.model_id, closed, closed AT TIME ZONE m.time_zone)
	ON CONFLICT ON CONSTRAINT watermark_pkey DO UPDATE SET closed_to = excluded.closed_to, closed_to_local = excluded.closed_to_local
	WHERE w.closed_to < excluded.closed_to;
	IF (monitor._current_baseline(m.model_id)).baseline_id IS NULL THEN
		PERFORM monitor._default_baseline(m);
	END IF;
	PERFORM monitor._compare_parts(m);
	RETURN closed;
END;
$$;
COMMENT ON FUNCTION monitor._advance(monitor.model) IS 'Moves the watermark to the start of the open bucket';
REVOKE ALL ON FUNCTION monitor._advance(monitor.model) FROM PUBLIC;

-- Bounds of a partition by the time column; everything where it is cut otherwise.
CREATE FUNCTION monitor._part_bounds(m monitor.model, part regclass, OUT from_time timestamptz, OUT to_time timestamptz)
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	bound text;
	found text[];
BEGIN
	from_time := '-infinity';
	to_time := 'infinity';
	SELECT pg_get_expr(c.relpartbound, c.oid) INTO bound
	FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_partitioned_table p ON p.partrelid = i.inhparent
	WHERE c.oid = part AND p.partstrat = 'r' AND p.partnatts = 1
		AND p.partattrs[0] = (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = i.inhparent AND a.attname = m.time_column);
	found := regexp_match(bound, '^FOR VALUES FROM \((.*)\) TO \((.*)\)$');
	IF found IS NOT NULL THEN
		from_time := CASE WHEN found[1] = 'MINVALUE' THEN '-infinity' ELSE monitor._to_timestamptz(m, btrim(found[1], '''')) END;
		to_time := CASE WHEN found[2] = 'MAXVALUE' THEN 'infinity' ELSE monitor._to_timestamptz(m, btrim(found[2], '''')) END;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._part_bounds(monitor.model, regclass) IS 'Prediction times that a partition can hold';
REVOKE ALL ON FUNCTION monitor._part_bounds(monitor.model, regclass) FROM PUBLIC;

CREATE FUNCTION monitor._to_timestamptz(m monitor.model, literal text) RETURNS timestamptz
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE m.time_type WHEN 'timestamptz' THEN literal::timestamptz ELSE literal::timestamp AT TIME ZONE m.time_zone END;
	END;
COMMENT ON FUNCTION monitor._to_timestamptz(monitor.model, text) IS 'A literal of the type of the time column as timestamptz';

-- ---- the second transaction ----

-- Steps so small that none of the zone's longer or shorter days is missed.
CREATE FUNCTION monitor._step(granularity text) RETURNS interval
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE granularity WHEN 'hour' THEN '1 hour'::interval WHEN 'day' THEN '23 hours'::interval ELSE '6 days'::interval END;
	END;
COMMENT ON FUNCTION monitor._step(text) IS 'A step that visits every bucket';

-- Buckets that a model should have: the baseline, 30 days before the first run, and all since.
CREATE FUNCTION monitor._wanted_buckets(m monitor.model, b monitor.baseline, closed_to timestamptz) RETURNS SETOF timestamptz
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT DISTINCT s
		FROM (SELECT coalesce(
					(SELECT min(k.bucket_start) FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.bucket_start >= coalesce(b.to_time, '-infinity')),
					monitor._bucket_start(greatest(b.to_time, closed_to - '30 days'::interval), m.granularity, m.time_zone)) AS first_current) AS f,
			LATERAL (
				SELECT monitor._bucket_start(g, m.granularity, m.time_zone) AS s
				FROM pg_catalog.generate_series(b.from_time, b.to_time - '1 microsecond'::interval, monitor._step(m.granularity)) AS g WHERE b.kind <> 'query'
				UNION ALL
				SELECT monitor._bucket_start(g, m.granularity, m.time_zone)
				FROM pg_catalog.generate_series(f.first_current, closed_to + monitor._step(m.granularity), monitor._step(m.granularity)) AS g) AS t
		WHERE s <= closed_to;
	END;
COMMENT ON FUNCTION monitor._wanted_buckets(monitor.model, monitor.baseline, timestamptz) IS 'Starts of all buckets to be counted, the open one last';
REVOKE ALL ON FUNCTION monitor._wanted_buckets(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Buckets of predictions whose labels changed, by key.  Keys are read as the label table's
-- type: that of the source may be too narrow for labels that no prediction has.
CREATE FUNCTION monitor._buckets_of_keys(m monitor.model, keys text[]) RETURNS timestamptz[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	key_type text := (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
		WHERE a.attrelid = m.label_source AND a.attname = monitor._plain_column(m.label_source, m.label_key) AND a.attnum > 0);
	found timestamptz[];
BEGIN
	IF cardinality(keys) = 0 THEN
		RETURN ARRAY[]::timestamptz[];
	END IF;
	SELECT t.b INTO found FROM monitor._read(monitor._reader(m), format(
		'SELECT array_agg(DISTINCT monitor._bucket_start(%s, %L, %L)) FROM %s AS s WHERE %s IN (SELECT k::%s FROM unnest($2) AS k)',
		monitor._time_sql(m), m.granularity, m.time_zone, m.source,
		CASE WHEN key_type IS NULL THEN format('(%s)::text', m.source_key) ELSE m.source_key END, coalesce(key_type, 'text')), NULL, keys) AS t(b timestamptz[]);
	RETURN coalesce(found, '{}');
END;
$$;
COMMENT ON FUNCTION monitor._buckets_of_keys(monitor.model, text[]) IS 'Buckets that hold the predictions of these label keys';
REVOKE ALL ON FUNCTION monitor._buckets_of_keys(monitor.model, text[]) FROM PUBLIC;

-- Keys of labels whose time has come since the last run: those that were stored ahead of it,
-- and those that no trigger saw.
CREATE FUNCTION monitor._keys_that_came(m monitor.model) RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	last_run timestamptz := (SELECT max(k.bucket_start) FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.is_open);
	found text[];
BEGIN
	IF m.label_source IS NULL OR m.label_time IS NULL OR last_run IS NULL THEN
		RETURN ARRAY[]::text[];
	END IF;
	SELECT t.keys INTO found FROM monitor._read(monitor._reader(m), format('SELECT array_agg(DISTINCT (%s)::text) FROM %s AS l WHERE %s > %L::timestamptz AND %3$s <= %5$L::timestamptz',
		m.label_key, m.label_source, m.label_time, last_run - coalesce(m.look_back, monitor._step(m.granularity)), monitor.now())) AS t(keys text[]);
	RETURN coalesce(found, '{}');
END;
$$;
COMMENT ON FUNCTION monitor._keys_that_came(monitor.model) IS 'Keys of labels that arrived, as label_time tells';
REVOKE ALL ON FUNCTION monitor._keys_that_came(monitor.model) FROM PUBLIC;

CREATE TYPE monitor._todo AS (features timestamptz[], outcomes timestamptz[]);
COMMENT ON TYPE monitor._todo IS 'Buckets to count: everything, or outcomes only';

-- Consumes what is marked, and says which buckets that, time and snapshots make due.
CREATE FUNCTION monitor._take_todo(m monitor.model, b monitor.baseline, closed_to timestamptz) RETURNS monitor._todo
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	wanted timestamptz[] := ARRAY(SELECT monitor._wanted_buckets(m, b, closed_to));
	labels_are_read boolean := CASE WHEN EXISTS (SELECT FROM monitor.dirty_range r WHERE r.model_id = m.model_id AND r.what = 'labels')
		THEN monitor._labels_are_read(m) ELSE false END;
	last_open timestamptz := coalesce((SELECT max(k.bucket_start) FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.is_open), '-infinity');
	keys text[];
	todo monitor._todo;
	of_labels timestamptz[];
	of_keys timestamptz[];
BEGIN
	WITH taken AS (DELETE FROM monitor.dirty_key k WHERE k.model_id = m.model_id RETURNING k.key)
	SELECT coalesce(array_agg(DISTINCT t.key), '{}') INTO keys FROM taken t;
	of_keys := monitor._buckets_of_keys(m, keys || monitor._keys_that_came(m));
	WITH taken AS (DELETE FROM monitor.dirty_range r WHERE r.model_id = m.model_id RETURNING r.from_time, r.to_time, r.what),
		marked AS (
			SELECT w.s, bool_or(t.what = 'features' OR labels_are_read) AS everything
			-- a trigger takes a day's second beginning for the one of a row before it
			FROM unnest(wanted) AS w(s) JOIN taken t ON w.s < t.to_time
				AND monitor._bucket_end(w.s, m.granularity, m.time_zone) > least(t.from_time, t.to_time - '1 microsecond'::interval)
			GROUP BY w.s)
	SELECT coalesce(array_agg(k.s) FILTER (WHERE k.everything), '{}'), coalesce(array_agg(k.s) FILTER (WHERE NOT k.everything), '{}')
	INTO todo.features, of_labels FROM marked k;
	todo.features := ARRAY(
		SELECT w.s FROM unnest(wanted) AS w(s)
		LEFT JOIN monitor.bucket k ON k.model_id = m.model_id AND k.bucket_start = w.s
		WHERE k.model_id IS NULL OR k.is_open OR k.provisional_until IS NOT NULL OR w.s = closed_to
			OR w.s = ANY (todo.features)
			OR w.s >= closed_to - m.look_back
			OR NOT EXISTS (SELECT FROM monitor.bucket_features f WHERE f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.segment = '' AND f.bucket_start = w.s)
		ORDER BY w.s);
	IF m.source_retention IS NOT NULL THEN
		todo.features := ARRAY(SELECT s FROM unnest(todo.features) AS s
			LEFT JOIN monitor.bucket k ON k.model_id = m.model_id AND k.bucket_start = s
			WHERE s >= closed_to - m.source_retention OR k.model_id IS NULL ORDER BY s);
	END IF;
	todo.outcomes := ARRAY(
		SELECT DISTINCT w.s FROM unnest(wanted) AS w(s)
		WHERE w.s = ANY (todo.features) OR (w.s = ANY (of_labels) OR w.s = ANY (of_keys)
			-- not all of it was as old as label_delay at the last run
			OR m.label_null_means = 'negative' AND monitor._bucket_end(w.s, m.granularity, m.time_zone) > last_open - m.label_delay)
			AND (m.source_retention IS NULL OR w.s >= closed_to - m.source_retention)
		ORDER BY 1);
	-- a query counts in the bucket of its first row: rows of one bucket change what is counted in those beside it
	IF m.query_id IS NOT NULL THEN
		todo.outcomes := ARRAY(
			SELECT w.s FROM unnest(wanted) AS w(s), monitor._bucket_end(w.s, m.granularity, m.time_zone) AS e
			WHERE w.s = ANY (todo.outcomes) OR (e = ANY (todo.outcomes) OR w.s = ANY (ARRAY(SELECT monitor._bucket_end(o, m.granularity, m.time_zone) FROM unnest(todo.outcomes) AS o)))
				AND (m.source_retention IS NULL OR w.s >= closed_to - m.source_retention)
			ORDER BY 1);
	END IF;
	RETURN todo;
END;
$$;
COMMENT ON FUNCTION monitor._take_todo(monitor.model, monitor.baseline, timestamptz) IS 'Deletes dirty marks and gives the buckets to count';
REVOKE ALL ON FUNCTION monitor._take_todo(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

-- Tells whether any count of a bucket is another than before.
CREATE FUNCTION monitor._digests(model_id bigint, baseline_id bigint, buckets timestamptz[], OUT bucket_start timestamptz, OUT digest text) RETURNS SETOF record
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT u.bucket_start, pg_catalog.md5(string_agg(u.counts, ' ' ORDER BY u.counts))
		FROM (SELECT f.bucket_start, pg_catalog.concat_ws('|', 'f', f.segment, f.num_rows, monitor._fingerprint(coalesce(f.profiles, f.cells))) AS counts
			FROM monitor.bucket_features f
			WHERE f.model_id = _digests.model_id AND f.baseline_id = _digests.baseline_id AND f.bucket_start = ANY (buckets)
			UNION ALL
			SELECT o.bucket_start, pg_catalog.concat_ws('|', 'o', o.segment, o.num_rows, o.num_labelled, monitor._fingerprint(o.scores), monitor._fingerprint(o.confusion),
				monitor._fingerprint(o.errors), o.ranking::text, o.sums::text, monitor._fingerprint(o.associations))
			FROM monitor.bucket_outcomes o
			WHERE o.model_id = _digests.model_id AND o.baseline_id = _digests.baseline_id AND o.bucket_start = ANY (buckets)) AS u
		GROUP BY u.bucket_start;
	END;
COMMENT ON FUNCTION monitor._digests(bigint, bigint, timestamptz[]) IS 'Digests of all counts of some buckets';
REVOKE ALL ON FUNCTION monitor._digests(bigint, bigint, timestamptz[]) FROM PUBLIC;

-- What is known of each bucket after it was counted under the present snapshot.
CREATE FUNCTION monitor._note_buckets(m monitor.model, b monitor.baseline, todo monitor._todo, closed_to timestamptz) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	snapshot pg_snapshot := pg_current_snapshot();
	-- Ours was given after the snapshot, and so after those of all writers that went by the old watermark; the snapshot need
	-- not know the newest of them.  Where it is the first that the snapshot has not seen end, there is none to wait for.
	own xid8 := pg_current_xact_id();
	unsettled xid8 := CASE WHEN pg_snapshot_xmin(snapshot) <> own OR pg_snapshot_xmax(snapshot) <> own THEN own END;
BEGIN
	-- a bucket without rows has its row all the same: it is a look
	INSERT INTO monitor.bucket_features (model_id, baseline_id, segment, bucket_start, bucket_end, num_rows, profiles, cells)
	SELECT m.model_id, b.baseline_id, '', s, monitor._bucket_end(s, m.granularity, m.time_zone), 0, '{}', '{}' FROM unnest(todo.features) AS s
	ON CONFLICT DO NOTHING;
	INSERT INTO monitor.bucket AS k (model_id, bucket_start, bucket_end, num_rows, is_open, provisional_until, digest)
	SELECT m.model_id, d.bucket_start, monitor._bucket_end(d.bucket_start, m.granularity, m.time_zone), f.num_rows, d.bucket_start >= closed_to, unsettled, d.digest
	FROM monitor._digests(m.model_id, b.baseline_id, todo.features) AS d
	JOIN monitor.bucket_features f ON f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.segment = '' AND f.bucket_start = d.bucket_start
	ON CONFLICT ON CONSTRAINT bucket_pkey DO UPDATE SET
		num_rows = excluded.num_rows,
		is_open = excluded.is_open,
		-- one that was open until now is counted as closed for the first time; a number beyond
		-- this snapshot is of another cluster, whose transactions ended long ago
		provisional_until = CASE WHEN k.is_open THEN excluded.provisional_until
			WHEN k.provisional_until <= pg_snapshot_xmin(snapshot) OR k.provisional_until > pg_snapshot_xmax(snapshot) THEN NULL
			ELSE k.provisional_until END,
		archived = false,
		digest = excluded.digest,
		counted_at = clock_timestamp(),
		changed_at = CASE WHEN k.digest = excluded.digest AND k.is_open = excluded.is_open THEN k.changed_at ELSE clock_timestamp() END;
	UPDATE monitor.bucket k SET labelled_at = clock_timestamp(), digest = d.digest
	FROM monitor._digests(m.model_id, b.baseline_id, ARRAY(SELECT unnest(todo.outcomes) EXCEPT SELECT unnest(todo.features))) AS d
	WHERE k.model_id = m.model_id AND k.bucket_start = d.bucket_start AND k.digest IS DISTINCT FROM d.digest;
END;
$$;
COMMENT ON FUNCTION monitor._note_buckets(monitor.model, monitor.baseline, monitor._todo, timestamptz) IS 'Notes that buckets were counted, whether that changed them, and until when they are provisional';
REVOKE ALL ON FUNCTION monitor._note_buckets(monitor.model, monitor.baseline, monitor._todo, timestamptz) FROM PUBLIC;

-- Buckets whose rows the source has let go, oldest first, are not counted down to nothing.
CREATE FUNCTION monitor._keep_archived(m monitor.model, buckets timestamptz[]) RETURNS timestamptz[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	first_time timestamptz;
	kept timestamptz[];
BEGIN
	IF NOT EXISTS (SELECT FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.num_rows > 0 AND NOT k.is_open AND k.bucket_start = ANY (buckets)) THEN
		RETURN buckets;
	END IF;
	SELECT coalesce(e.first_time, 'infinity') INTO first_time FROM monitor._time_extent(m) AS e;
	WITH gone AS (
		UPDATE monitor.bucket k SET archived = true, provisional_until = NULL
		WHERE k.model_id = m.model_id AND k.num_rows > 0 AND NOT k.is_open AND k.bucket_start = ANY (buckets) AND k.bucket_end <= first_time
		RETURNING k.bucket_start)
	SELECT array_agg(g.bucket_start) INTO kept FROM gone g;
	RETURN ARRAY(SELECT s FROM unnest(buckets) AS s WHERE s <> ALL (coalesce(kept, '{}')) ORDER BY s);
END;
$$;
COMMENT ON FUNCTION monitor._keep_archived(monitor.model, timestamptz[]) IS 'Buckets less those that are older than all that the source still holds: these are archived';
REVOKE ALL ON FUNCTION monitor._keep_archived(monitor.model, timestamptz[]) FROM PUBLIC;

CREATE FUNCTION monitor._count_all(m monitor.model, b monitor.baseline, todo monitor._todo) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	most integer := monitor._buckets_a_scan(m.model_id, b.baseline_id);
	r monitor._range;
	rows bigint := 0;
BEGIN
	FOR r IN SELECT * FROM monitor._ranges(m, todo.features, most) LOOP
		rows := rows + monitor._count_features(m, b.baseline_id, r);
	END LOOP;
	FOR r IN SELECT * FROM monitor._ranges(m, todo.outcomes, most) LOOP
		PERFORM monitor._count_outcomes(m, b.baseline_id, r);
	END LOOP;
	RETURN rows;
END;
$$;
COMMENT ON FUNCTION monitor._count_all(monitor.model, monitor.baseline, monitor._todo) IS 'Counts buckets, in order; gives the rows read';
REVOKE ALL ON FUNCTION monitor._count_all(monitor.model, monitor.baseline, monitor._todo) FROM PUBLIC;

-- Classes that the labels have by now: when the model was registered there may have been none.
CREATE FUNCTION monitor._learn_classes(INOUT m monitor.model)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found text[];
BEGIN
	IF m.task NOT IN ('binary', 'multiclass') OR m.label IS NULL THEN
		RETURN;
	END IF;
	found := monitor._sample_values(m, m.label, m.label_source IS NOT NULL);
	IF cardinality(found) <= 50 AND NOT found <@ m.classes AND cardinality(m.classes) < 450 THEN
		m.classes := ARRAY(SELECT v FROM unnest(m.classes || found) AS v GROUP BY v ORDER BY v);
		UPDATE monitor.model t SET classes = m.classes WHERE t.model_id = m.model_id;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._learn_classes(monitor.model) IS 'Adds the classes that came since the last baseline';
REVOKE ALL ON FUNCTION monitor._learn_classes(monitor.model) FROM PUBLIC;

-- A new baseline: its anchors, its buckets, its reference.
CREATE FUNCTION monitor._build_baseline(m monitor.model, b monitor.baseline) RETURNS bigint
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	buckets timestamptz[] := CASE WHEN b.kind = 'query' THEN ARRAY[b.from_time] ELSE ARRAY(SELECT s FROM monitor._wanted_buckets(m, b, b.to_time) AS s WHERE s < b.to_time ORDER BY s) END;
	num_rows bigint;
BEGIN
	SELECT t.n INTO num_rows FROM monitor._read(monitor._reader(m), 'SELECT count(*) FROM ' || monitor._rows_sql(m, b.baseline_id, b.from_time, b.to_time, false)) AS t(n bigint);
	PERFORM monitor._find_anchors(m, b, num_rows);
	num_rows := monitor._count_all(m, b, ROW(buckets, buckets)::monitor._todo);
	PERFORM monitor._note_buckets(m, b, ROW(buckets, buckets)::monitor._todo, 'infinity');
	PERFORM monitor._sum_whole_reference(m, b);
	PERFORM monitor._recount_segments(m, b, buckets);
	PERFORM monitor._finish_baseline(m, b);
	RETURN num_rows;
END;
$$;
COMMENT ON FUNCTION monitor._build_baseline(monitor.model, monitor.baseline) IS 'Everything of a baseline, once; gives the rows read';
REVOKE ALL ON FUNCTION monitor._build_baseline(monitor.model, monitor.baseline) FROM PUBLIC;

-- Segments were counted around fine anchors, for there were no cells yet.
CREATE FUNCTION monitor._recount_segments(m monitor.model, b monitor.baseline, buckets timestamptz[]) RETURNS void
	LANGUAGE sql VOLATILE
	BEGIN ATOMIC
		UPDATE monitor.bucket_features f SET cells = monitor._coarsen(f.cells, w.profiles, w.cells)
		FROM monitor._whole_reference(b.baseline_id) AS w
		WHERE f.model_id = m.model_id AND f.baseline_id = b.baseline_id AND f.segment <> '' AND f.bucket_start = ANY (buckets);
	END;
COMMENT ON FUNCTION monitor._recount_segments(monitor.model, monitor.baseline, timestamptz[]) IS 'Brings the segments of a baseline''s buckets into cells';
REVOKE ALL ON FUNCTION monitor._recount_segments(monitor.model, monitor.baseline, timestamptz[]) FROM PUBLIC;

-- ---- nothing to do ----

-- Marks, time, baseline, registry, and the versions of the open bucket's rows.  Where no
-- trigger stands, or labels come or become negative as time passes, it cannot be told: NULL.
CREATE FUNCTION monitor._seen(m monitor.model, b monitor.baseline, closed_to timestamptz) RETURNS text
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	rows text;
BEGIN
	IF m.look_back IS NOT NULL OR m.label_null_means = 'negative' OR m.label_time IS NOT NULL OR NOT has_table_privilege(monitor._reader(m), m.source, 'SELECT')
			OR EXISTS (SELECT FROM monitor._parts(m.source) AS p JOIN pg_class c ON c.oid = p WHERE c.relkind NOT IN ('r', 'p')) THEN
		RETURN NULL;
	END IF;
	SELECT t.rows INTO rows FROM monitor._read(monitor._reader(m),
		format('SELECT concat(count(*), '':'', sum(hashtextextended(concat(s.tableoid, s.ctid, s.xmin), 0))) FROM %s AS s WHERE %s', m.source,
			monitor._range_sql(m, closed_to, monitor._bucket_end(closed_to, m.granularity, m.time_zone)))) AS t(rows text);
	RETURN concat_ws(' ', closed_to, b.baseline_id, (SELECT max(a.audit_id) FROM monitor.audit_log a WHERE a.model_id = m.model_id), rows);
END;
$$;
COMMENT ON FUNCTION monitor._seen(monitor.model, monitor.baseline, timestamptz) IS 'What collecting depends on beside marks; NULL: cannot be told';
REVOKE ALL ON FUNCTION monitor._seen(monitor.model, monitor.baseline, timestamptz) FROM PUBLIC;

CREATE FUNCTION monitor._is_unmarked(m monitor.model) RETURNS boolean
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN NOT EXISTS (SELECT FROM monitor.dirty_range r WHERE r.model_id = m.model_id)
		AND NOT EXISTS (SELECT FROM monitor.dirty_key k WHERE k.model_id = m.model_id)
		AND NOT EXISTS (SELECT FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.provisional_until IS NOT NULL AND NOT k.is_open);
END;
$$;
COMMENT ON FUNCTION monitor._is_unmarked(monitor.model) IS 'No closed bucket waits to be counted again';
REVOKE ALL ON FUNCTION monitor._is_unmarked(monitor.model) FROM PUBLIC;

CREATE TYPE monitor._collected AS (buckets integer, num_rows bigint);
COMMENT ON TYPE monitor._collected IS 'What one collecting did';

-- What is planned while the tables are nearly empty reads them from end to end once they are full, and autovacuum comes too late for
-- the first run of a first model: it would take minutes.  SKIP_LOCKED: another run, or autovacuum, is at it.
CREATE FUNCTION monitor._analyze_counts(m monitor.model) RETURNS void
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET client_min_messages = error AS $$
BEGIN
	IF (SELECT c.reltuples FROM pg_class c WHERE c.oid = 'monitor.bucket'::regclass) < 0.5 * (SELECT count(*) FROM monitor.bucket k WHERE k.model_id = m.model_id) THEN
		ANALYZE (SKIP_LOCKED) monitor.feature, monitor.bucket, monitor.bucket_features, monitor.bucket_outcomes, monitor.reference, monitor.reference_outcomes, monitor.reference_stream;
	END IF;
END;
$$;
COMMENT ON FUNCTION monitor._analyze_counts(monitor.model) IS 'Tells the planner of tables that have just been filled';
REVOKE ALL ON FUNCTION monitor._analyze_counts(monitor.model) FROM PUBLIC;

-- Tables that have grown since the last ANALYZE must not get a plan that was made for all values: each is planned anew.
CREATE FUNCTION monitor._collect(m monitor.model) RETURNS monitor._collected
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
	b monitor.baseline := monitor._current_baseline(m.model_id);
	closed_to timestamptz;
	seen_before text;
	seen_now text;
	todo monitor._todo;
	done monitor._collected := ROW(0, 0);
	began timestamptz;
BEGIN
	SELECT w.closed_to, w.seen INTO closed_to, seen_before FROM monitor.watermark w WHERE w.model_id = m.model_id;
	IF b.baseline_id IS NULL THEN
		DELETE FROM monitor.dirty_range r WHERE r.model_id = m.model_id;
		DELETE FROM monitor.dirty_key k WHERE k.model_id = m.model_id;
		RETURN done;
	END IF;
	IF b.built_at IS NULL THEN
		m := monitor._learn_classes(m);
		done.num_rows := monitor._build_baseline(m, b);
		b := monitor._current_baseline(m.model_id);
	END IF;
	seen_now := monitor._seen(m, b, closed_to);
	IF seen_now = seen_before AND monitor._is_unmarked(m) THEN
		RETURN done;
	END IF;
	began := clock_timestamp();
	todo := monitor._take_todo(m, b, closed_to);
	-- what labels and costs said of rows that the source let go is kept too
	todo.outcomes := monitor._keep_archived(m, todo.outcomes);
	todo.features := ARRAY(SELECT s FROM unnest(todo.features) AS s WHERE s = ANY (todo.outcomes) ORDER BY s);
	done.num_rows := done.num_rows + monitor._count_all(m, b, todo);
	done.buckets := cardinality(todo.features);
	PERFORM monitor._note_buckets(m, b, todo, closed_to);
	-- labels of the baseline come late too: how well the model did then is known by and by
	IF EXISTS (SELECT FROM monitor.bucket k WHERE k.model_id = m.model_id AND k.bucket_start = ANY (todo.outcomes)
			AND k.bucket_start >= b.from_time AND k.bucket_end <= b.to_time AND greatest(k.changed_at, k.labelled_at) >= began) THEN
		PERFORM monitor._sum_reference_outcomes(m, b);
	END IF;
	IF b.kind = 'rolling' THEN
		PERFORM monitor._roll_reference(m, b);
	END IF;
	UPDATE monitor.watermark w SET seen = seen_now WHERE w.model_id = m.model_id;
	PERFORM monitor._analyze_counts(m);
	RETURN done;
END;
$$;
COMMENT ON FUNCTION monitor._collect(monitor.model) IS 'The second transaction of collecting; wants REPEATABLE READ';
REVOKE ALL ON FUNCTION monitor._collect(monitor.model) FROM PUBLIC;
