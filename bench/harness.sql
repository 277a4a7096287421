-- What the benchmarks share inside the server: timing, checks, rows of the table.
-- Each benchmark has a database of its own, which is dropped in the end.
CREATE SCHEMA bench;

CREATE TABLE bench.timing (
    seq    bigint GENERATED ALWAYS AS IDENTITY,
    job    text NOT NULL,
    ms     double precision NOT NULL,
    cpu_ms double precision,        -- of one process; NULL where several took part
    result text
);

-- The k-th draw of a stream, uniform in [0, 1): the same on every machine and
-- version, in whatever order rows are made.
CREATE FUNCTION bench.uniform(k bigint, stream bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(k, stream) & 9007199254740991)::double precision / 9007199254740992;

-- The k-th standard normal draw of a stream (Box and Muller 1958).
CREATE FUNCTION bench.normal(k bigint, stream bigint) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN sqrt(-2 * ln(1 - bench.uniform(k, 2 * stream))) * cos(2 * pi() * bench.uniform(k, 2 * stream + 1));

-- Plans a query for a number of workers until the end of the transaction.
CREATE FUNCTION bench.plan_for(workers integer) RETURNS void
    LANGUAGE sql
    AS $$ SELECT set_config('max_parallel_workers_per_gather', $1::text, true) $$;

-- Milliseconds that this process ran on a processor; NULL where the system does
-- not tell.
CREATE FUNCTION bench.cpu() RETURNS double precision
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::double precision / 1e6;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

-- What a query of one value takes from its text to its result.
CREATE FUNCTION bench.once(query text, workers integer, OUT ms double precision, OUT cpu_ms double precision, OUT result text)
    LANGUAGE plpgsql
    AS $$
DECLARE
    cpu double precision;
    start timestamptz;
BEGIN
    PERFORM bench.plan_for(workers);
    cpu := bench.cpu();
    start := clock_timestamp();
    EXECUTE query INTO result;
    ms := 1000 * extract(epoch FROM clock_timestamp() - start);
    cpu_ms := CASE WHEN workers = 0 THEN bench.cpu() - cpu END;
END $$;

-- Times queries by turns: one round to warm up, then rounds in alternating order.
CREATE FUNCTION bench.race(jobs text[], queries text[], workers integer[], rounds integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    n integer := cardinality(jobs);
    i integer;
    o record;
BEGIN
    FOR round IN 0 .. rounds LOOP
        FOR k IN 1 .. n LOOP
            i := CASE WHEN round % 2 = 0 THEN k ELSE n + 1 - k END;
            o := bench.once(queries[i], workers[i]);
            IF round > 0 THEN
                INSERT INTO bench.timing (job, ms, cpu_ms, result) VALUES (jobs[i], o.ms, o.cpu_ms, o.result);
            END IF;
        END LOOP;
    END LOOP;
END $$;

-- How a query ran: workers that really started, blocks that were not cached.
CREATE FUNCTION bench.ran(query text, workers integer, OUT launched integer, OUT blocks_read bigint)
    LANGUAGE plpgsql
    AS $$
DECLARE
    plan json;
BEGIN
    PERFORM bench.plan_for(workers);
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || query INTO plan;
    launched := coalesce((jsonb_path_query_first(plan::jsonb, 'lax $.**."Workers Launched"'))::integer, 0);
    blocks_read := plan->0->'Plan'->>'Shared Read Blocks';
END $$;

-- The best round of a job, by the clock that the run goes by.
CREATE FUNCTION bench.best(job text) RETURNS double precision
    LANGUAGE sql
    AS $$
SELECT min(CASE WHEN current_setting('bench.clock', true) = 'cpu' THEN t.cpu_ms ELSE t.ms END) FROM bench.timing t WHERE t.job = $1
$$;

CREATE FUNCTION bench.figure(x double precision) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT CASE WHEN x >= 10 THEN trim(to_char(x, '999,999,999,990')) WHEN x >= 0.1 THEN trim(to_char(x, '990.00')) ELSE trim(to_char(x, '990.0000')) END $$;

-- A row of the table: the best time of a job beside that of another one.  Kind
-- `<=': our time over the other, at most the goal; `>=': the other over ours, at
-- least the goal.  NULL goal: told, not judged.
CREATE FUNCTION bench.line(label text, ours text, against text, theirs text, kind text, goal numeric DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    a double precision := bench.best(ours);
    b double precision := bench.best(theirs);
    ratio numeric := round((CASE kind WHEN '<=' THEN a / b ELSE b / a END)::numeric, 2);
    sign text := CASE kind WHEN '<=' THEN '≤ ' ELSE '≥ ' END;
    unit text := CASE kind WHEN '<=' THEN '' ELSE ' ×' END;
BEGIN
    RETURN format('| %s | %s | %s | %s | %s | %s | %s |', label, coalesce(bench.figure(a), '-'), against, coalesce(bench.figure(b), '-'),
                  coalesce(ratio || unit, '-'), coalesce(sign || goal || unit, '-'),
                  CASE WHEN goal IS NULL THEN '-' WHEN ratio IS NULL THEN 'not measured'
                       WHEN kind = '<=' AND ratio <= goal OR kind = '>=' AND ratio >= goal THEN 'yes' ELSE 'NO' END);
END $$;

-- Whether two jobs computed the same, up to the rounding of doubles.
CREATE FUNCTION bench.same(ours text, theirs text, epsilon double precision DEFAULT 1e-12) RETURNS text
    LANGUAGE plpgsql
    AS $$
DECLARE
    a text := (SELECT max(t.result) FROM bench.timing t WHERE t.job = ours);
    b text := (SELECT max(t.result) FROM bench.timing t WHERE t.job = theirs);
BEGIN
    IF a IS NULL OR b IS NULL OR abs(a::double precision - b::double precision) <= epsilon THEN
        RETURN NULL;
    END IF;
    RETURN format('DIFFERENT RESULTS: %s gives %s, %s gives %s', ours, a, theirs, b);
END $$;

-- The most memory that this backend ever used, in bytes, shared buffers that it
-- touched included; NULL where the system does not tell.
CREATE FUNCTION bench.peak() RETURNS bigint
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN 1024 * substring(pg_read_file('/proc/self/status') FROM 'VmHWM:\s+(\d+)')::bigint;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
