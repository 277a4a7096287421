-- The same number whatever the plan: parallel, grouped, filtered, windowed, split.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET parallel_leader_participation = on;

CREATE TABLE public.drift AS
SELECT i AS id, i % 5 AS g, i % 997 AS many, (i * 7919 % 10007) / 100.0::float8 + (i % 2) * 3 AS x,
       round((i * 104729::bigint % 1009) / 50.0)::float8 AS tied, 'c' || (i * 31 % 97) * (1 + i % 2) AS c, i % 2 = 1 AS f
FROM generate_series(1, 40000) AS i;
ALTER TABLE drift SET (parallel_workers = 4);
ANALYZE drift;

-- is a plan parallel?
CREATE FUNCTION pg_temp.is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Partial' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;

\set everything 'ks_stat(x, f)::text || mann_whitney(x, f) || cramer_von_mises(x, f) || anderson_darling(x, f) || welch_t(x, f) || wasserstein_distance(x, f) || energy_distance(x, f) || psi_test(x, f) || psi_test(x, f, 7) || js_distance(x, f) || hellinger_distance(x, f) || tv_distance(x, f) || l_infinity_distance(x, f) || kl_divergence(x, f) || drift_bins(x, f)::text || ks_stat(tied, f) || mann_whitney(tied, f) || psi_test(c, f) || chi2_drift(c, f) || g_test(c, f) || js_distance(c, f) || kl_divergence(c, f) || drift_bins(c, f)::text || chi2_drift(many, f) || profile_edges(x, 1000)::text || profile_categories(c, 20)::text'
\set profiles 'profile(x, (SELECT profile_edges(x, 100) FROM drift WHERE NOT f))::text || profile(c, (SELECT profile_categories(c, 20) FROM drift WHERE NOT f))::text'

SET max_parallel_workers_per_gather = 0;
SELECT :everything AS serial FROM drift \gset
SELECT :profiles AS serial_profiles FROM drift \gset
SET max_parallel_workers_per_gather = 4;
SELECT :everything AS parallel FROM drift \gset
SELECT :profiles AS parallel_profiles FROM drift \gset
SELECT pg_temp.is_parallel('SELECT ks_stat(x, f), psi(c, f) FROM drift') AS ks_is_parallel,
       pg_temp.is_parallel('SELECT profile(x, ''{1,2,3}''::float8[]) FROM drift') AS profile_is_parallel,
       pg_temp.is_parallel('SELECT rollup(profile(x, ''{1,2,3}''::float8[])) OVER () FROM drift') AS window_is_parallel;
SELECT :'serial' = :'parallel' AS same, :'serial_profiles' = :'parallel_profiles' AS same_profiles, length(:'serial') > 1000 AS something;

-- workers that see no row, and none at all
SELECT (ks_stat(x, f)).n_current AS n, (ks_stat(x, f)).n_reference FROM drift WHERE id BETWEEN 5 AND 9;
SELECT ks_stat(x, f), psi(c, f), profile(x, '{1}'::float8[]) FROM drift WHERE id < 0;

-- order of rows does not matter
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT :everything FROM (SELECT * FROM drift ORDER BY x DESC, id) AS drift) = :'serial' AS any_order;

-- hashed and sorted groups, many groups, FILTER
SET enable_hashagg = off;
CREATE TEMP TABLE sorted AS SELECT many, ks_stat(x, f)::text AS ks, psi_test(c, f)::text AS psi, profile(x, '{10,20,50}'::float8[])::text AS p FROM drift GROUP BY many;
SET enable_hashagg = on;
SET enable_sort = off;
CREATE TEMP TABLE hashed AS SELECT many, ks_stat(x, f)::text AS ks, psi_test(c, f)::text AS psi, profile(x, '{10,20,50}'::float8[])::text AS p FROM drift GROUP BY many;
SET max_parallel_workers_per_gather = 4;
CREATE TEMP TABLE workers AS SELECT many, ks_stat(x, f)::text AS ks, psi_test(c, f)::text AS psi, profile(x, '{10,20,50}'::float8[])::text AS p FROM drift GROUP BY many;
RESET enable_sort;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '64kB';
CREATE TEMP TABLE spilled AS SELECT many, ks_stat(x, f)::text AS ks, psi_test(c, f)::text AS psi, profile(x, '{10,20,50}'::float8[])::text AS p FROM drift GROUP BY many;
RESET work_mem;
SELECT count(*) AS groups, count(*) FILTER (WHERE s = h) AS hashed, count(*) FILTER (WHERE s = w) AS parallel, count(*) FILTER (WHERE s = d) AS spilled
FROM sorted s JOIN hashed h USING (many) JOIN workers w USING (many) JOIN spilled d USING (many);
SELECT bool_and(a = b) AS filter_is_where FROM (
  SELECT ks_stat(x, f) FILTER (WHERE g = 1) AS a, (SELECT ks_stat(x, f) FROM drift WHERE g = 1) AS b FROM drift) AS t;

-- window frames are what recomputing gives; profiles come back on the way
CREATE TEMP TABLE small AS SELECT row_number() OVER (ORDER BY id) AS i, x, tied, c, f FROM drift WHERE id % 100 < 2;
SELECT bool_and(w.ks IS NOT DISTINCT FROM r.ks) AS ks, bool_and(w.psi IS NOT DISTINCT FROM r.psi) AS psi, bool_and(w.chi2 IS NOT DISTINCT FROM r.chi2) AS chi2,
       bool_and(w.p IS NOT DISTINCT FROM r.p) AS profile, bool_and(w.growing IS NOT DISTINCT FROM r.growing) AS growing, count(*)
FROM (SELECT i, ks_stat(tied, f) OVER w AS ks, psi(x, f) OVER w AS psi, chi2_drift(c, f) OVER w AS chi2, profile(x, '{10,20,50}'::float8[]) OVER w::text AS p,
             ks_stat(x, f) OVER (ORDER BY i) AS growing
      FROM small WINDOW w AS (ORDER BY i ROWS 49 PRECEDING)) AS w
JOIN LATERAL (SELECT ks_stat(tied, f) FILTER (WHERE s.i > w.i - 50) AS ks, psi(x, f) FILTER (WHERE s.i > w.i - 50) AS psi, chi2_drift(c, f) FILTER (WHERE s.i > w.i - 50) AS chi2,
                     profile(x, '{10,20,50}'::float8[]) FILTER (WHERE s.i > w.i - 50)::text AS p, ks_stat(x, f) AS growing
              FROM small s WHERE s.i <= w.i) AS r ON true;

-- partitionwise aggregation
CREATE TABLE public.parts (LIKE drift) PARTITION BY LIST (g);
CREATE TABLE public.parts_0 PARTITION OF parts FOR VALUES IN (0, 1);
CREATE TABLE public.parts_1 PARTITION OF parts FOR VALUES IN (2, 3);
CREATE TABLE public.parts_2 PARTITION OF parts DEFAULT;
INSERT INTO parts SELECT * FROM drift;
SET enable_partitionwise_aggregate = on;
SET max_parallel_workers_per_gather = 2;
SELECT (SELECT :everything FROM parts AS drift) = :'serial' AS partitionwise;

DROP TABLE public.drift, public.parts;

-- large samples: counted, sorted by another statistic before or after, of arrays, of workers
CREATE TABLE public.large AS
SELECT (i * 7919::bigint % 1000003) / 1000.0::float8 + (i % 2) AS x, i % 2 = 1 AS f FROM generate_series(1, 200000) AS i;
ALTER TABLE large SET (parallel_workers = 2);
ANALYZE large;
SET max_parallel_workers_per_gather = 0;
SELECT ks_stat(x, f) AS counted FROM large \gset
SELECT mann_whitney(x, f) AS mann_whitney, ks_stat(x, f) AS sorted FROM large \gset
SELECT ks_stat(x, f) AS before, mann_whitney(x, f) AS after FROM large \gset
SELECT ks_stat(array_agg(x) FILTER (WHERE NOT f), array_agg(x) FILTER (WHERE f)) AS arrays FROM large \gset
SET max_parallel_workers_per_gather = 2;
SELECT ks_stat(x, f) AS workers FROM large \gset
SELECT :'counted' = :'sorted' AS sorted, :'counted' = :'before' AS before, :'mann_whitney' = :'after' AS after,
       :'counted' = :'arrays' AS arrays, :'counted' = :'workers' AS workers;
DROP TABLE public.large;
