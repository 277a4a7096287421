-- Memory is bounded, and everything can be stopped.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET max_parallel_workers_per_gather = 0;
\set VERBOSITY terse

LOAD 'monitor';
SHOW monitor.max_aggregate_memory;
SET monitor.max_aggregate_memory = '1MB';
-- the message tells how much was asked for, and what to do; the figures are the server's business
CREATE FUNCTION pg_temp.refusal(query text) RETURNS TABLE (code text, message text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
EXCEPTION WHEN configuration_limit_exceeded OR invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT, code = RETURNED_SQLSTATE;
	message := regexp_replace(message, '[0-9]{4} kB of', 'N kB of');
	RETURN NEXT;
END $$;
SELECT * FROM pg_temp.refusal('SELECT monitor.ks_stat(i, i % 2 = 0) FROM generate_series(1, 1000000) i');
SELECT * FROM pg_temp.refusal('SELECT monitor.chi2_drift(i, i % 2 = 0) FROM generate_series(1, 1000000) i');
-- few long categories, many small groups, and types whose output functions leave memory behind
SELECT message FROM pg_temp.refusal('SELECT monitor.chi2_drift(repeat(chr(64 + i), 200000), i % 2 = 0) FROM generate_series(1, 60) i');
SELECT (chi2_drift(int4range(i % 5, 10), i % 2 = 0)).df, (chi2_drift(to_jsonb(i % 5), i % 2 = 0)).df AS jsonb, (chi2_drift((i % 5)::numeric, i % 2 = 0)).df AS "numeric",
       (SELECT sum(total_bytes) < 30000000 FROM pg_backend_memory_contexts) AS little_memory FROM generate_series(1, 200000) i;
SET enable_sort = off;
SELECT message FROM pg_temp.refusal('SELECT monitor.chi2_drift((i % 3)::text, i % 2 = 0) FROM generate_series(1, 100000) i GROUP BY i / 4');
SELECT message FROM pg_temp.refusal('SELECT monitor.profile(i, (SELECT array_agg(e::float8) FROM generate_series(1, 1000) e)) FROM generate_series(1, 10000) i GROUP BY i');
RESET enable_sort;
-- the profile form stays within it
SELECT num_rows(profile(i, '{250000,500000,750000}'::float8[])) FROM generate_series(1, 1000000) i;
RESET monitor.max_aggregate_memory;
SELECT code FROM pg_temp.refusal($$SET monitor.max_aggregate_memory = '1kB'$$);
SET monitor.no_such_setting = 1;

-- a statement timeout stops each of these (how fast: test/soak/cancel.sh)
CREATE TABLE public.numbers AS SELECT random() AS x, 'c' || i AS c, i % 2 = 0 AS f FROM generate_series(1, 1500000) i;
CREATE FUNCTION pg_temp.stops(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	RETURN 'finished before the timeout';
EXCEPTION WHEN query_canceled THEN
	RETURN 'stopped';
END $$;
SET statement_timeout = '100ms';
SELECT pg_temp.stops('SELECT monitor.ks_stat(x, f) FROM numbers');
SELECT pg_temp.stops('SELECT monitor.mann_whitney(x, f), monitor.anderson_darling(x, f), monitor.cramer_von_mises(x, f) FROM numbers');
SELECT pg_temp.stops('SELECT monitor.chi2_drift(c, f) FROM numbers');
SELECT pg_temp.stops('SELECT monitor.psi(c, f) FROM numbers');
SELECT pg_temp.stops('SELECT monitor.profile_edges(x, 1000) FROM numbers');
SELECT pg_temp.stops('SELECT monitor.profile(x, (SELECT array_agg(e / 100000.0::float8 ORDER BY e) FROM generate_series(1, 100000) e)) FROM numbers');
-- long exact p-values, and long tables of counts
SET statement_timeout = '100ms';
SELECT pg_temp.stops($q$SELECT monitor.ks_stat(a, b) FROM (SELECT array_agg(i::float8) AS a, array_agg(i + 0.5) FILTER (WHERE i < 99991) AS b FROM generate_series(1, 100000) i) t, generate_series(1, 10000)$q$);
SELECT pg_temp.stops($q$SELECT (monitor.fisher_exact(i % 3 = 0, i % 2 = 0)).p_value FROM generate_series(1, 30000000) i$q$);
RESET statement_timeout;
DROP TABLE public.numbers;
