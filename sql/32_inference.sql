--
-- Inference: what a newcomer need not say is read off the table, from a bounded sample.
--

-- Where clocks are set back past midnight, a day's beginning comes twice: date_trunc means the
-- second one, also for times before it, which belong to the day that has not ended yet.
CREATE FUNCTION monitor._bucket_start(at timestamptz, granularity text, zone text) RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE WHEN granularity = 'hour' OR zone = 'UTC' OR pg_catalog.date_trunc(granularity, at, zone) <= at THEN pg_catalog.date_trunc(granularity, at, zone)
			ELSE pg_catalog.date_trunc(granularity, at - '03:00:00'::interval, zone) END;
	END;
COMMENT ON FUNCTION monitor._bucket_start(timestamptz, text, text) IS 'Start of the bucket that holds a time, cut in a time zone';

-- Hours are counted in absolute time; days and weeks by the zone's calendar.
CREATE FUNCTION monitor._bucket_end(bucket_start timestamptz, granularity text, zone text) RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE
	BEGIN ATOMIC
		SELECT CASE granularity
			WHEN 'hour' THEN bucket_start + '01:00:00'::interval
			WHEN 'day' THEN ((bucket_start AT TIME ZONE zone) + '1 day'::interval) AT TIME ZONE zone
			ELSE ((bucket_start AT TIME ZONE zone) + '7 days'::interval) AT TIME ZONE zone
		END;
	END;
COMMENT ON FUNCTION monitor._bucket_end(timestamptz, text, text) IS 'End of the bucket that starts then';

CREATE FUNCTION monitor._double(value numeric) RETURNS double precision
	AS 'MODULE_PATHNAME', 'monitor_double' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION monitor._double(numeric) IS 'A number as double precision; infinite where that cannot hold it';

CREATE FUNCTION monitor._norm(v double precision[]) RETURNS double precision
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	BEGIN ATOMIC
		SELECT sqrt(sum(x * x)) FROM unnest(v) AS x;
	END;
COMMENT ON FUNCTION monitor._norm(double precision[]) IS 'Euclidean length of a vector';

-- A bound in the type of the model's time column, for conditions that an index serves.  Local
-- times that the clock leaves out are read as later ones: the hour after such a gap begins
-- where the gap does.
CREATE FUNCTION monitor._time_literal(m monitor.model, at timestamptz) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE m.time_type
			WHEN 'timestamptz' THEN pg_catalog.format('%L::timestamptz', at::text)
			WHEN 'timestamp' THEN pg_catalog.format('%L::timestamp', least(at AT TIME ZONE m.time_zone,
				((at - '0.000001 seconds'::interval) AT TIME ZONE m.time_zone) + '0.000001 seconds'::interval)::text)
			ELSE pg_catalog.format('%L::date', (at AT TIME ZONE m.time_zone)::date::text)
		END;
	END;
COMMENT ON FUNCTION monitor._time_literal(monitor.model, timestamptz) IS 'SQL literal of a time, of the type of the model''s time column';

-- The model's time as timestamptz.
CREATE FUNCTION monitor._time_sql(m monitor.model) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT CASE m.time_type
			WHEN 'timestamptz' THEN m.time_expression
			WHEN 'timestamp' THEN pg_catalog.format('(%s AT TIME ZONE %L)', m.time_expression, m.time_zone)
			ELSE pg_catalog.format('((%s)::timestamp AT TIME ZONE %L)', m.time_expression, m.time_zone)
		END;
	END;
COMMENT ON FUNCTION monitor._time_sql(monitor.model) IS 'The model''s time expression as timestamptz';

CREATE FUNCTION monitor._range_sql(m monitor.model, from_time timestamptz, to_time timestamptz) RETURNS text
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT pg_catalog.format('%1$s >= %2$s AND %1$s < %3$s', m.time_expression,
			monitor._time_literal(m, from_time), monitor._time_literal(m, to_time));
	END;
COMMENT ON FUNCTION monitor._range_sql(monitor.model, timestamptz, timestamptz) IS 'Condition for rows of a half-open range, in plain comparisons of the time column';

-- The role that the model reads with; a vanished one, or nothing to read, is an error that says what to do.
CREATE FUNCTION monitor._reader(m monitor.model) RETURNS oid
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found oid := monitor._role(m.owner, m.owner_oid, m.owner_cluster);
	gone text;
BEGIN
	IF found IS NULL THEN
		RAISE EXCEPTION 'owner "%" of model "%" no longer exists, or is another role of that name', m.owner, m.name
			USING ERRCODE = 'invalid_role_specification',
				HINT = format('SELECT monitor.reassign_models(%L, ''new owner''); gives its models to a role that exists.', m.owner);
	END IF;
	SELECT t.what INTO gone FROM (VALUES (1, 'table', m.source), (2, 'label table', m.label_source)) AS t(n, what, relation)
	WHERE t.relation IS NOT NULL AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.relation) ORDER BY t.n LIMIT 1;
	IF gone IS NOT NULL THEN
		RAISE EXCEPTION 'the % of model "%" no longer exists', gone, m.name
			USING ERRCODE = 'undefined_table', HINT = format('SELECT monitor.drop_model(%L);', m.name);
	END IF;
	RETURN found;
END;
$$;
COMMENT ON FUNCTION monitor._reader(monitor.model) IS 'The role with whose rights a model''s source is read';
REVOKE ALL ON FUNCTION monitor._reader(monitor.model) FROM PUBLIC;

-- A table and all its partitions.
CREATE FUNCTION monitor._parts(source regclass) RETURNS SETOF regclass
	LANGUAGE sql STABLE
	BEGIN ATOMIC
		SELECT source UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(source) AS t;
	END;
COMMENT ON FUNCTION monitor._parts(regclass) IS 'A table and all its partitions';

-- ---- samples ----

CREATE FUNCTION monitor._sample_sql(m monitor.model, most integer DEFAULT 20000) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	kind "char";
	rows double precision;
	reader oid := monitor._reader(m);
	columns text := 's.*';
BEGIN
	IF NOT has_table_privilege(reader, m.source, 'SELECT') THEN
		columns := (SELECT string_agg(format('s.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
			WHERE a.attrelid = m.source AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(reader, m.source, a.attnum, 'SELECT'));
	END IF;
	SELECT c.relkind INTO kind FROM pg_class c WHERE c.oid = m.source;
	SELECT sum(greatest(c.reltuples, 0)) INTO rows
	FROM monitor._parts(m.source) AS p JOIN pg_class c ON c.oid = p WHERE c.relkind <> 'p';
	IF kind IN ('r', 'p', 'm') AND rows > 5 * most THEN
		RETURN format('(SELECT %s FROM %s AS s TABLESAMPLE SYSTEM (%s) REPEATABLE (1) LIMIT %s)', columns, m.source,
			greatest(200.0 * most / rows, 0.0001)::numeric, most);
	END IF;
	RETURN format('(SELECT %s FROM %s AS s LIMIT %s)', columns, m.source, most);
END;
$$;
COMMENT ON FUNCTION monitor._sample_sql(monitor.model, integer) IS 'A bounded sample of the columns that may be read, to stand in FROM; large tables are sampled by blocks';
REVOKE ALL ON FUNCTION monitor._sample_sql(monitor.model, integer) FROM PUBLIC;

-- First and last time that the source holds after a time and up to now, of the common era; an index on the time serves both.
CREATE FUNCTION monitor._time_extent(m monitor.model, after timestamptz DEFAULT NULL, OUT first_time timestamptz, OUT last_time timestamptz)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	SELECT t.a, t.b INTO first_time, last_time
	FROM monitor._read(monitor._reader(m), format(
		'SELECT (SELECT %1$s FROM %2$s AS s WHERE %3$s > %5$s AND %3$s <= %4$s ORDER BY %3$s LIMIT 1),
			(SELECT %1$s FROM %2$s AS s WHERE %3$s <= %4$s ORDER BY %3$s DESC LIMIT 1)',
		monitor._time_sql(m), m.source, m.time_expression, monitor._time_literal(m, monitor.now()),
		CASE WHEN after IS NULL THEN format('%L::%s', '0001-01-01', m.time_type) ELSE monitor._time_literal(m, after) END)) AS t(a timestamptz, b timestamptz);
END;
$$;
COMMENT ON FUNCTION monitor._time_extent(monitor.model, timestamptz) IS 'Times of the first and the last row up to now; NULL: there are none';
REVOKE ALL ON FUNCTION monitor._time_extent(monitor.model, timestamptz) FROM PUBLIC;

-- Rows of each range, counted up to a limit.
CREATE FUNCTION monitor._count_up_to(m monitor.model, from_times timestamptz[], to_times timestamptz[], most integer) RETURNS integer[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	query text;
	counts integer[];
BEGIN
	SELECT string_agg(format('(SELECT count(*)::integer FROM (SELECT FROM %s AS s WHERE %s LIMIT %s) AS r)', m.source,
			monitor._range_sql(m, f, t), most), ', ' ORDER BY n)
	INTO query FROM unnest(from_times, to_times) WITH ORDINALITY AS u(f, t, n);
	SELECT r.c INTO counts FROM monitor._read(monitor._reader(m), 'SELECT ARRAY[' || query || ']') AS r(c integer[]);
	RETURN counts;
END;
$$;
COMMENT ON FUNCTION monitor._count_up_to(monitor.model, timestamptz[], timestamptz[], integer) IS 'Rows of each range of time, each counted up to a limit';
REVOKE ALL ON FUNCTION monitor._count_up_to(monitor.model, timestamptz[], timestamptz[], integer) FROM PUBLIC;

-- ---- what the baseline and the granularity are, where nobody says ----

-- The first 30 whole days, or more where these hold fewer than 1,000 rows, but at most half of
-- the history.  A few rows long before all others (of 1970, say) are no history: it begins after
-- the gap.
CREATE FUNCTION monitor._default_range(m monitor.model, OUT from_time timestamptz, OUT to_time timestamptz)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	first_time timestamptz;
	last_time timestamptz;
	next_time timestamptz;
	half interval;
	length interval := '30 days';
	unit text := CASE m.granularity WHEN 'week' THEN 'week' ELSE 'day' END;
BEGIN
	SELECT e.first_time, e.last_time INTO first_time, last_time FROM monitor._time_extent(m) AS e;
	IF first_time IS NULL THEN
		RETURN;
	END IF;
	FOR try IN 1 .. 10 LOOP
		next_time := (SELECT e.first_time FROM monitor._time_extent(m, first_time + '30 days'::interval) AS e);
		EXIT WHEN next_time IS NULL OR next_time <= first_time + '90 days'::interval
			OR (monitor._count_up_to(m, ARRAY[first_time], ARRAY[first_time + '30 days'::interval], 1000))[1] = 1000;
		first_time := next_time;
	END LOOP;
	half := make_interval(secs => extract(epoch FROM last_time - first_time) / 2);
	from_time := monitor._bucket_start(first_time, unit, m.time_zone);
	IF from_time < first_time AND half > '2 days'::interval THEN
		from_time := monitor._bucket_end(from_time, unit, m.time_zone);
	END IF;
	LOOP
		to_time := from_time + least(length, half);
		IF half > '2 days'::interval THEN
			to_time := monitor._bucket_start(to_time, unit, m.time_zone);
		END IF;
		EXIT WHEN length >= half OR (monitor._count_up_to(m, ARRAY[from_time], ARRAY[to_time], 1000))[1] = 1000;
		length := length * 2;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION monitor._default_range(monitor.model) IS 'The baseline of design: first 30 whole days, or as many more as hold 1,000 rows, or half of a shorter history';
REVOKE ALL ON FUNCTION monitor._default_range(monitor.model) FROM PUBLIC;

-- The smallest of hour, day, week whose median bucket has at least 20 rows, from 15
-- buckets spread over the baseline.
CREATE FUNCTION monitor._infer_granularity(m monitor.model, from_time timestamptz, to_time timestamptz, OUT granularity text, OUT reason text)
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	candidate text;
	starts timestamptz[];
	ends timestamptz[];
	median double precision;
BEGIN
	-- a range may be given up to the ends of time
	IF from_time = '-infinity' THEN
		from_time := (SELECT e.first_time FROM monitor._time_extent(m) AS e);
	END IF;
	to_time := least(to_time, monitor.now());
	IF from_time IS NULL OR to_time <= from_time THEN
		granularity := 'day';
		reason := 'there are too few rows to tell';
		RETURN;
	END IF;
	FOREACH candidate IN ARRAY CASE m.time_type WHEN 'date' THEN ARRAY['day'] ELSE ARRAY['hour', 'day'] END LOOP
		SELECT array_agg(b ORDER BY b), array_agg(monitor._bucket_end(b, candidate, m.time_zone) ORDER BY b) INTO starts, ends
		FROM (SELECT DISTINCT monitor._bucket_start(from_time + (to_time - from_time) * ((i + 0.5) / 15), candidate, m.time_zone) AS b
			FROM generate_series(0, 14) AS i) AS t;
		SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY c) INTO median
		FROM unnest(monitor._count_up_to(m, starts, ends, 20)) AS c;
		IF median >= 20 THEN
			granularity := candidate;
			reason := 'the smallest whose median bucket has at least 20 rows';
			RETURN;
		END IF;
	END LOOP;
	granularity := CASE WHEN to_time - from_time >= '56 days'::interval THEN 'week' ELSE 'day' END;
	reason := 'the median day has fewer than 20 rows' || CASE granularity WHEN 'day' THEN ', but the baseline is shorter than eight weeks' ELSE '' END;
END;
$$;
COMMENT ON FUNCTION monitor._infer_granularity(monitor.model, timestamptz, timestamptz) IS 'Width of a bucket that holds enough rows to speak';
REVOKE ALL ON FUNCTION monitor._infer_granularity(monitor.model, timestamptz, timestamptz) FROM PUBLIC;

-- ---- labels ----

-- Distinct values of an expression in the sample, at most 51, as text, most frequent first.
CREATE FUNCTION monitor._sample_values(m monitor.model, expression text, of_label_table boolean DEFAULT false) RETURNS text[]
	LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	found text[];
	sample text := CASE WHEN of_label_table THEN format('(SELECT l.* FROM %s AS l LIMIT 20000) AS l', m.label_source)
		ELSE monitor._sample_sql(m) || ' AS s' END;
BEGIN
	SELECT r.v INTO found
	FROM monitor._read(monitor._reader(m), format('SELECT array_agg(t.v ORDER BY t.n DESC, t.v)
		FROM (SELECT (%s)::text AS v, count(*) AS n FROM %s WHERE %1$s IS NOT NULL GROUP BY 1 ORDER BY n DESC LIMIT 51) AS t', expression, sample)) AS r(v text[]);
	RETURN coalesce(found, '{}');
END;
$$;
COMMENT ON FUNCTION monitor._sample_values(monitor.model, text, boolean) IS 'Values of an expression in a sample, as text, the most frequent first; at most 51';
REVOKE ALL ON FUNCTION monitor._sample_values(monitor.model, text, boolean) FROM PUBLIC;

CREATE FUNCTION monitor._infer_positive(found text[]) RETURNS text
	LANGUAGE sql IMMUTABLE
	BEGIN ATOMIC
		SELECT v FROM unnest(found) AS v
		WHERE lower(v) IN ('true', 't', '1', 'yes', 'y', 'positive', 'pos', 'bad', 'default', 'defaulted', 'fraud', 'churn', 'churned', 'spam')
		ORDER BY v LIMIT 1;
	END;
COMMENT ON FUNCTION monitor._infer_positive(text[]) IS 'The value that reads as the positive class; NULL: none does';
