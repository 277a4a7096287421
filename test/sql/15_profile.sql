-- Profiles: their algebra, their forms, and what they certify about the rows.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET extra_float_digits = 0;
SET max_parallel_workers_per_gather = 0;

\echo making profiles
SELECT profile_edges(x, 5) AS few_values FROM generate_series(1, 20) x;
SELECT profile_edges(x, 5) AS quantiles FROM generate_series(1, 1000) x;
SELECT profile_edges(x, 10) AS duplicates_removed FROM (SELECT CASE WHEN i < 70 THEN 1 ELSE i END AS x FROM generate_series(1, 100) i) t;
SELECT profile_edges(x, 3) AS missing_left_out FROM (VALUES (1::float8), ('NaN'), (NULL), ('Infinity'), ('-0'), (0)) AS t(x);
SELECT profile_categories(x, 10) AS categories, profile_categories(x, 2) AS capped FROM (VALUES ('b'), ('a'), ('c'), ('a'), (NULL), ('c'), ('a')) AS t(x);
SELECT profile_categories(x, 10) AS integers FROM generate_series(1, 3) x;
SELECT profile_edges(x, 10), profile_categories(x::text, 10) FROM (VALUES (NULL::float8), (NULL)) AS t(x);
SELECT profile(x, '{1,2,3}'::float8[]) FROM (VALUES (0::float8), (1), (1.5), (3), (99), (NULL), ('NaN'), ('-Infinity')) AS t(x);
SELECT profile(x, '{a,"b \"c\\",é}'::text[]) FROM (VALUES ('a'), ('é'), (NULL), ('new'), ('b "c\')) AS t(x);
SELECT profile(x, '{a,NULL}'::text[]) AS other_expected FROM (VALUES ('a'), ('é')) AS t(x);
SELECT profile(x, '{true,false}'::text[]) AS booleans FROM (VALUES (true), (false), (true)) AS t(x);

\echo what is refused
SELECT profile(1, '{2,1}'::float8[]);
SELECT profile(1, '{1,NULL}'::float8[]);
SELECT profile(1, '{1,NaN}'::float8[]);
SELECT profile(1, NULL::float8[]);
SELECT profile(1, '{{1},{2}}'::float8[]);
SELECT profile('a'::text, '{a,a}'::text[]);
SELECT profile('a'::text, '{NULL,a}'::text[]);
SELECT profile(x, ARRAY[x]) FROM generate_series(1.0, 2) x;
SELECT profile_edges(1, 0);
SELECT profile_categories('a'::text, 0);
SELECT merge(profile(1, '{1}'::float8[]), profile(1, '{2}'::float8[]));
SELECT subtract(profile(1, '{1}'::float8[]), profile(x, '{1}'::float8[])) FROM generate_series(1, 2) x;
SELECT ks_stat(profile(1, '{1}'::float8[]), profile('1'::text, '{1}'::text[]));
SELECT ks_stat(profile('1'::text, '{1}'::text[]), profile('1'::text, '{1}'::text[]));
SELECT quantile(detach(profile(1, '{1}'::float8[])), 0.5);
SELECT quantile(profile(1, '{1}'::float8[]), 1.5);
SELECT drift_evidence(p, p, 0, 1) FROM (SELECT profile(1, '{1}'::float8[]) AS p) t;
SELECT drift_evidence(p, p, 0.01, 0.5) FROM (SELECT profile(1, '{1}'::float8[]) AS p) t;
SELECT psi(p, p, 7) FROM (SELECT profile(x, (SELECT profile_edges(y, 100) FROM generate_series(1, 5000) y)) AS p FROM generate_series(1, 5000) x) t;
SELECT _profile_combine(profile(1, '{1}'::float8[]), NULL);
SELECT '{}'::profile;
SELECT (profile(1, '{1}'::float8[])::text || ' ')::profile;
SELECT replace(profile(1, '{1}'::float8[])::text, '"rows":1', '"rows":2')::profile;

\echo accessors
CREATE TABLE public.heights AS SELECT i, 150 + (i * 7919 % 5003) / 100.0::float8 AS x, i % 24 AS hour, 'c' || (i * i) % 12 AS c FROM generate_series(1, 5000) i;
CREATE TABLE public.hourly AS
SELECT hour, profile(x, (SELECT profile_edges(x, 100) FROM heights)) AS p, profile(c, (SELECT profile_categories(c, 100) FROM heights)) AS q
FROM heights GROUP BY hour;
SELECT num_rows(p), num_missing(p), min_value(p), max_value(p), round(mean(p)::numeric, 6) AS mean, round(stddev(p)::numeric, 6) AS stddev,
       quantile(p, 0.5) AS median, cdf(p, 175) AS below_175, sparkline(p, 10), sparkline(q, 12) AS categories FROM (SELECT rollup(p) AS p, rollup(q) AS q FROM hourly) t;
SELECT min(x), max(x), round(avg(x)::numeric, 6) AS mean, round(stddev(x)::numeric, 6) AS stddev, percentile_disc(0.5) WITHIN GROUP (ORDER BY x) AS median FROM heights;
SELECT num_rows(p), num_missing(p), min_value(p), mean(p), stddev(p), quantile(p, 0.5), sparkline(p, 5) FROM (SELECT profile(NULL::float8, '{1,2}'::float8[]) AS p) t;
SELECT (b).* FROM (SELECT unnest(bins(profile(x, '{2,4}'::float8[]))) AS b FROM generate_series(1, 6) x) t;
SELECT (b).* FROM (SELECT unnest(bins(profile(x::text, '{2,4,NULL}'::text[]))) AS b FROM generate_series(1, 6) x) t;

\echo algebra: split and merged is the whole, subtracted is the rest, detached is the same
SELECT (SELECT rollup(p) FROM hourly)::text = (SELECT profile(x, (SELECT profile_edges(x, 100) FROM heights)) FROM heights)::text AS rolled_up,
       (SELECT rollup(q) FROM hourly)::text = (SELECT profile(c, (SELECT profile_categories(c, 100) FROM heights)) FROM heights)::text AS rolled_up_categories;
SELECT bool_and((a.p + b.p)::text = (b.p + a.p)::text) AS commutes, bool_and(((a.p + b.p) - b.p)::text::jsonb - 'range' = a.p::text::jsonb - 'range') AS subtracts,
       bool_and(attach(detach(a.p) + b.p, a.p)::text = (a.p + b.p)::text) AS detached, bool_and(ks_stat(detach(a.p), detach(b.p)) = ks_stat(a.p, b.p)) AS compares,
       bool_and(a.p::text::profile::text = a.p::text) AS text_form, count(*)
FROM hourly a, hourly b WHERE a.hour < b.hour;
SELECT max_value(p - p), num_rows(p - p), mean(p - p) FROM (SELECT rollup(p) AS p FROM hourly) t;

\echo stored small: bytes of a detached profile of 50 rows around 1,000 anchors
SELECT pg_column_size(detach(profile(x, (SELECT profile_edges(y, 1000) FROM (SELECT sin(i) AS y FROM generate_series(1, 20000) i) r)))) < 200 AS small
FROM (SELECT cos(i) AS x FROM generate_series(1, 50) i) t;

\echo certified: low <= what the rows give <= high, and the same bits where the slots decide
CREATE FUNCTION pg_temp.certified(seed int) RETURNS TABLE (kind int, ks bool, exact_ks bool, u bool, w bool, e bool, welch bool, psi bool, psi_test bool, js bool, kl bool, tv bool, bins bool)
LANGUAGE sql AS $$
	WITH rows AS MATERIALIZED (
		SELECT i % 3 = 0 AS f, seed % 4 AS kind,
		       CASE seed % 4 WHEN 0 THEN round((hashint4extended(i, seed) % 1000) / 37.0)::float8
		                     WHEN 1 THEN (hashint4extended(i, seed) % 1000003) / 1000.0::float8 + CASE WHEN i % 3 = 0 THEN 60 ELSE 0 END
		                     WHEN 2 THEN (hashint4extended(i, seed) % 7)::float8 + CASE WHEN i % 6 = 0 THEN 0.5 ELSE 0 END
		                     ELSE CASE hashint4extended(i, seed) % 50 WHEN 0 THEN 'Infinity' WHEN 1 THEN '-Infinity' ELSE exp((hashint4extended(i, seed) % 1000) / 100.0) END END AS x
		FROM generate_series(1, 60 + seed % 400) i),
	edges AS (SELECT profile_edges(x, 20) AS few, profile_edges(x, 100000) AS every FROM rows WHERE NOT f),
	profiles AS MATERIALIZED (
		SELECT profile(x, few) FILTER (WHERE NOT f) AS r, profile(x, few) FILTER (WHERE f) AS c,
		       profile(x, every) FILTER (WHERE NOT f) AS rr, profile(x, every) FILTER (WHERE f) AS cc FROM rows, edges),
	exact AS (SELECT max(kind) AS kind, ks_stat(x, f) AS ks, mann_whitney(x, f) AS u, wasserstein_distance(x, f) AS w, energy_distance(x, f) AS e, welch_t(x, f) AS t,
	                 psi(x, f) AS psi, psi_test(x, f) AS psi_test, js_distance(x, f) AS js, kl_divergence(x, f) AS kl, tv_distance(x, f) AS tv, drift_bins(x, f) AS bins FROM rows)
	SELECT kind, (ks_stat(r, c)).statistic_low <= (ks).statistic AND (ks).statistic <= (ks_stat(r, c)).statistic_high AND (ks_stat(r, c)).p_value >= (ks).p_value * (1 - 1e-12),
	       (ks_stat(rr, cc)).statistic_low = (ks).statistic AND (ks_stat(rr, cc)).statistic_high = (ks).statistic AND (ks_stat(rr, cc)).p_value = (ks).p_value,
	       (mann_whitney(r, c)).statistic_low <= (u).statistic AND (u).statistic <= (mann_whitney(r, c)).statistic_high AND (mann_whitney(r, c)).p_value >= (u).p_value * (1 - 1e-12),
	       (wasserstein_distance(r, c)).statistic_low <= w AND w <= (wasserstein_distance(r, c)).statistic_high,
	       (energy_distance(r, c)).statistic_low <= e AND e <= (energy_distance(r, c)).statistic_high,
	       ((welch_t(r, c)).statistic IS NULL AND (t).statistic IS NULL) OR abs((welch_t(r, c)).statistic - (t).statistic) <= 1e-6 * (1 + abs((t).statistic)),
	       (psi(rr, cc)).statistic = psi, psi_test(rr, cc) = psi_test, (js_distance(rr, cc)).statistic = js, (kl_divergence(rr, cc)).statistic = kl, (tv_distance(rr, cc)).statistic = tv,
	       drift_bins(rr, cc) = bins
	FROM exact, profiles
$$;
SELECT kind, count(*), count(*) FILTER (WHERE ks) AS ks, count(*) FILTER (WHERE exact_ks) AS exact_ks, count(*) FILTER (WHERE u) AS u, count(*) FILTER (WHERE w) AS w, count(*) FILTER (WHERE e) AS e,
       count(*) FILTER (WHERE welch) AS welch, count(*) FILTER (WHERE psi AND psi_test AND js AND kl AND tv) AS cells, count(*) FILTER (WHERE bins) AS bins
FROM generate_series(1, 1000) AS seed, LATERAL pg_temp.certified(seed) GROUP BY kind ORDER BY kind;

\echo categories: the same as over the rows
SELECT (psi_test(r, c)) = t.psi AS psi, chi2_drift(r, c) = t.chi2 AS chi2, g_test(r, c) = t.g AS g, (js_distance(r, c)).statistic = t.js AS js, drift_bins(r, c) = t.bins AS bins
FROM (SELECT profile(c, list) FILTER (WHERE NOT f) AS r, profile(c, list) FILTER (WHERE f) AS c, psi_test(c, f) AS psi, chi2_drift(c, f) AS chi2, g_test(c, f) AS g, js_distance(c, f) AS js, drift_bins(c, f) AS bins
      FROM (SELECT c, i % 4 = 0 AS f FROM heights) h, (SELECT profile_categories(c, 100) AS list FROM heights WHERE i % 4 <> 0) l) AS t;
\echo an unseen category stays apart, capped ones give bounds
SELECT * FROM unnest((SELECT drift_bins(profile(c, list) FILTER (WHERE NOT f), profile(c, list) FILTER (WHERE f))
                      FROM (VALUES ('a', false), ('a', false), ('b', false), ('a', true), ('z', true)) AS t(c, f), (SELECT '{a,b}'::text[] AS list) l));
SELECT (js_distance(r, c)).statistic <= t.js AND t.js <= (js_distance(r, c)).statistic_high AS js, (tv_distance(r, c)).statistic <= t.tv AND t.tv <= (tv_distance(r, c)).statistic_high AS tv,
       (l_infinity_distance(r, c)).statistic <= t.li AND t.li <= (l_infinity_distance(r, c)).statistic_high AS l_infinity
FROM (SELECT profile(c, list) FILTER (WHERE NOT f) AS r, profile(c, list) FILTER (WHERE f) AS c, js_distance(c, f) AS js, tv_distance(c, f) AS tv, l_infinity_distance(c, f) AS li
      FROM (SELECT c, i % 4 = 0 AS f FROM heights) h, (SELECT profile_categories(c, 3) AS list FROM heights WHERE i % 4 <> 0) l) AS t;

\echo what the reference holds unlisted is not taken for equal
WITH p AS (SELECT profile(v, '{a}'::text[]) FILTER (WHERE NOT f) AS r, profile(v, '{a}'::text[]) FILTER (WHERE f) AS c, tv_distance(v, f) AS tv, js_distance(v, f) AS js, chi2_drift(v, f) AS chi2
           FROM (SELECT CASE WHEN i % 2 = 0 THEN 'a' WHEN f THEN 'y' ELSE 'x' END AS v, f FROM generate_series(1, 20) i, (VALUES (false), (true)) AS s(f)) t)
SELECT (tv_distance(r, c)).statistic_low AS low, tv, (tv_distance(r, c)).statistic_high AS high, (js_distance(r, c)).statistic_high = js AS js, (chi2_drift(r, c)).statistic_low AS chi2_low,
       (chi2).statistic AS chi2, (chi2_drift(r, c)).statistic_high AS chi2_high, (chi2_drift(r, c)).method FROM p;
SELECT fisher_exact(r, c) FROM (SELECT profile('x'::text, '{a}'::text[]) AS r, profile('a'::text, '{a}'::text[]) AS c) t;
\echo moments say how far rounding may have moved them
WITH p AS (SELECT profile(i / 1e6, '{0,1e15}'::float8[]) AS r, profile(50 + i / 1e6, '{0,1e15}'::float8[]) AS c, array_agg(i / 1e6) AS a, array_agg(50 + i / 1e6) AS b FROM generate_series(1, 1000) i)
SELECT (w).statistic_low <= (x).statistic AND (x).statistic <= (w).statistic_high AS certified, abs((w).statistic) <= abs((x).statistic) AS careful FROM (SELECT welch_t(r, c) AS w, welch_t(a::float8[], b::float8[]) AS x FROM p) t;
\echo anchors are kept whatever the order
SELECT bool_and((t.r::text::jsonb -> 'anchors') = '[1, 2, 3]') AS kept FROM (
  SELECT rollup(p ORDER BY i) AS r FROM (SELECT i, CASE WHEN i = 1 THEN p ELSE detach(p) END AS p FROM (SELECT profile(1, '{1,2,3}'::float8[]) AS p) s, generate_series(1, 2) i) u
  UNION ALL SELECT rollup(p ORDER BY i DESC) FROM (SELECT i, CASE WHEN i = 1 THEN p ELSE detach(p) END AS p FROM (SELECT profile(1, '{1,2,3}'::float8[]) AS p) s, generate_series(1, 2) i) u) t;
SELECT profile_edges(i, i) FROM generate_series(3, 4) i;

\echo evidence: none without drift, much with it, for numbers and categories; p = level + 1/E
SELECT d.drift, (e).log_e_value < 0 AS against, (e).log_e_value > 20 AS for_drift, round((e).p_value::numeric, 6) AS p
FROM (VALUES (0), (10)) AS d(drift),
     LATERAL (SELECT drift_evidence(profile(x, edges) FILTER (WHERE i % 2 = 0), profile(x + d.drift, edges) FILTER (WHERE i % 2 = 1), 0.001, 1.5) AS e
              FROM heights, (SELECT profile_edges(x, 100) AS edges FROM heights) AS k) AS t;
SELECT (drift_evidence(a, b, 0.001, 1)).log_e_value > 20 AS new_category
FROM (SELECT profile('a'::text, '{a,b}'::text[]) AS a, profile(CASE WHEN i % 2 = 0 THEN 'a' ELSE 'z' END, '{a,b}'::text[]) AS b FROM generate_series(1, 500) i) t;

\echo an aggregate that somebody builds from our functions cannot be given a state that is not ours
CREATE AGGREGATE pg_temp.foreign_numbers(float8, float8[]) (SFUNC = monitor._profile_accum, STYPE = monitor.profile, INITCOND = '{"profile":1,"kind":"categorical","id":"f7dbc7aaa2c8a07bc8305713d3b18a75","k":3,"rows":1,"missing":0,"other":false,"categories":["c1","c2","c3"],"counts":{"0":1}}');
CREATE AGGREGATE pg_temp.foreign_categories(text, text[]) (SFUNC = monitor._profile_accum, STYPE = monitor.profile, INITCOND = '{"profile":1,"kind":"categorical","id":"f7dbc7aaa2c8a07bc8305713d3b18a75","k":3,"rows":1,"missing":0,"other":false,"categories":["c1","c2","c3"],"counts":{"0":1}}');
CREATE AGGREGATE pg_temp.foreign_sum(monitor.profile) (SFUNC = monitor._profile_combine, STYPE = monitor.profile, FINALFUNC = monitor._profile_final, INITCOND = '{"profile":1,"kind":"categorical","id":"f7dbc7aaa2c8a07bc8305713d3b18a75","k":3,"rows":1,"missing":0,"other":false,"categories":["c1","c2","c3"],"counts":{"0":1}}');
SELECT pg_temp.foreign_numbers(x, '{1}'::float8[]) FROM generate_series(1, 3) x;
SELECT pg_temp.foreign_categories('c1', '{c1,c2,c3}'::text[]);
SELECT num_rows(pg_temp.foreign_sum(p)) FROM (SELECT profile('c1'::text, '{c1,c2,c3}'::text[]) AS p FROM generate_series(1, 3)) t;

\echo stored, toasted, binary
CREATE TABLE public.stored (p profile, big profile);
INSERT INTO stored SELECT p, (SELECT profile(x, (SELECT profile_edges(x, 5000) FROM heights)) FROM heights) FROM hourly;
COPY stored TO '/dev/null' (FORMAT binary);
SELECT count(*), count(DISTINCT big::text) AS same, sum(num_rows(p)) AS rows, (SELECT num_rows(big) FROM stored LIMIT 1) AS big FROM stored;
DROP TABLE public.heights, public.hourly, public.stored;
