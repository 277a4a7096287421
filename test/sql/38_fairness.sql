-- Differences between groups: fairlearn's values with limits of statsmodels (test/oracle/classes), plans, edge cases.
\set ECHO none
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
CREATE TEMP TABLE fairness_row (case_name text, prediction boolean, truth boolean, group_name text, weight float8);
\copy fairness_row from program 'cat "$PG_ABS_SRCDIR/oracle/classes/fairness_rows.csv"' with (format csv, header)
CREATE TEMP TABLE expected (metric text, case_name text, weighted boolean, difference float8, low float8, high float8, highest_group text, lowest_group text,
    highest_share float8, lowest_share float8, n_groups bigint);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/classes/fairness_values.csv"' with (format csv, header)
CREATE TEMP TABLE got AS
SELECT metric, case_name, weighted, v.* FROM (
    SELECT 'demographic_parity_difference' AS metric, case_name, false AS weighted, demographic_parity_difference(prediction, truth, group_name) AS v FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'equal_opportunity_difference', case_name, false, equal_opportunity_difference(prediction, truth, group_name) FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'predictive_parity_difference', case_name, false, predictive_parity_difference(prediction, truth, group_name) FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'predictive_equality_difference', case_name, false, predictive_equality_difference(prediction, truth, group_name) FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'demographic_parity_difference', case_name, true, demographic_parity_difference(prediction, truth, group_name, weight) FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'equal_opportunity_difference', case_name, true, equal_opportunity_difference(prediction, truth, group_name, weight) FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'predictive_parity_difference', case_name, true, predictive_parity_difference(prediction, truth, group_name, weight) FROM fairness_row GROUP BY 2 UNION ALL
    SELECT 'predictive_equality_difference', case_name, true, predictive_equality_difference(prediction, truth, group_name, weight) FROM fairness_row GROUP BY 2) r, LATERAL (SELECT (r.v).*) v;
CREATE FUNCTION pg_temp.agrees(got float8, wanted float8) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$SELECT CASE WHEN got IS NULL OR wanted IS NULL THEN got IS NULL AND wanted IS NULL ELSE abs(got - wanted) <= 1e-12 END$$;
SELECT e, g FROM expected e LEFT JOIN got g USING (metric, case_name, weighted)
 WHERE g.metric IS NULL OR (g.highest_group, g.lowest_group, g.n_groups) IS DISTINCT FROM (e.highest_group, e.lowest_group, e.n_groups)
    OR NOT (pg_temp.agrees(g.difference, e.difference) AND pg_temp.agrees(g.low, e.low) AND pg_temp.agrees(g.high, e.high)
            AND pg_temp.agrees(g.highest_share, e.highest_share) AND pg_temp.agrees(g.lowest_share, e.lowest_share));
SELECT metric, count(*) AS cases, count(*) FILTER (WHERE weighted) AS weighted, count(*) FILTER (WHERE difference IS NULL) AS undefined FROM expected GROUP BY 1 ORDER BY 1;

-- Labels of every kind, groups of every type.
\set ECHO all
CREATE TEMP TABLE typed AS SELECT p, t, g, CASE WHEN p THEN 'deny' ELSE 'grant' END AS pt, CASE WHEN t THEN 'deny' ELSE 'grant' END AS tt
  FROM (VALUES (true, true, 1), (true, false, 1), (false, true, 1), (true, true, 2), (false, false, 2), (false, true, 2), (true, true, 2)) v (p, t, g);
SELECT equal_opportunity_difference(p, t, g) AS boolean FROM typed;
SELECT equal_opportunity_difference(p, t, g)::text = equal_opportunity_difference(p::int, t::int, g)::text AS integer, equal_opportunity_difference(p, t, g)::text = equal_opportunity_difference(pt, tt, g, 'deny')::text AS text,
       equal_opportunity_difference(p, t, g)::text = equal_opportunity_difference(pt::char(9), tt::char(5), g, 'deny')::text AS "char",
       equal_opportunity_difference(p, t, g, 'yes')::text = equal_opportunity_difference(p, t, g::text)::text AS yes, equal_opportunity_difference(p, t, g)::text = equal_opportunity_difference(p, t, g::numeric / 1.0, NULL)::text AS "numeric" FROM typed;
SELECT (equal_opportunity_difference(p, t, g > 1)).highest_group, (predictive_equality_difference(p, t, g, 'false')).difference FROM typed;

-- What is left out, and what is not defined.
SELECT (d).difference, (d).highest_group, (d).n_groups, (e).difference AS opportunity FROM (
  SELECT demographic_parity_difference(p, t, g) AS d, equal_opportunity_difference(p, t, g) AS e
    FROM (VALUES (true, NULL::boolean, 'a'), (NULL, true, 'a'), (true, true, NULL), (true, true, 'a'), (false, true, 'b'), (false, NULL, 'b'), (true, false, 'c')) v (p, t, g)) r;
SELECT demographic_parity_difference(p, t, 'one group'::text) AS one, demographic_parity_difference(p, t, NULL::text) AS none, equal_opportunity_difference(p, false, g) AS "no positives",
       predictive_parity_difference(false, t, g) AS "none selected", predictive_equality_difference(p, true, g) AS "no negatives" FROM typed;
SELECT demographic_parity_difference(p, t, g) FROM typed WHERE false;
SELECT (demographic_parity_difference(p, NULL, g)).* FROM typed;
SELECT demographic_parity_difference(pt, tt, g) FROM typed;
SELECT demographic_parity_difference(g, g, g) FROM typed;
SELECT demographic_parity_difference(pt, tt, g, pt) FROM typed;
SELECT demographic_parity_difference(p, t, now()) FROM typed;

-- Weights: 1 changes nothing, 2 are two rows in every share; only their ratios count; 0, NULL and NaN, and those that are refused.
SELECT demographic_parity_difference(p, t, g, 1)::text = demographic_parity_difference(p, t, g)::text AS one, equal_opportunity_difference(pt, tt, g, 'deny', 1)::text = equal_opportunity_difference(p, t, g)::text AS named,
       predictive_parity_difference(p, t, g, 1e9)::text = predictive_parity_difference(p, t, g)::text AS scaled, predictive_equality_difference(p::int, t::int, g, 7::bigint)::text = predictive_equality_difference(p, t, g)::text AS whole FROM typed;
SELECT (a).highest_share = (b).highest_share AND (a).lowest_share = (b).lowest_share AND (a).highest_group = (b).highest_group AS shares, (a).low < (b).low AS "wider limits"
  FROM (SELECT equal_opportunity_difference(p, t, g, 1 + i % 3) AS a FROM (SELECT *, row_number() OVER () AS i FROM typed) r) x,
       (SELECT equal_opportunity_difference(p, t, g) AS b FROM (SELECT *, row_number() OVER () AS i FROM typed) r, generate_series(1, 1 + i % 3)) y;
SELECT (d).difference, (d).highest_group, (d).lowest_group, (d).n_groups FROM (
  SELECT demographic_parity_difference(p, t, g, w) AS d
    FROM (VALUES (true, true, 'a', 1.5), (false, true, 'a', 0.5), (false, true, 'b', 1), (true, true, 'b', 0), (true, true, 'b', NULL), (true, true, 'b', 'NaN'), (false, true, 'c', 0)) v (p, t, g, w)) r;
SELECT (demographic_parity_difference(p, t, g, 1e200)).*, demographic_parity_difference(p, t, g, 0) AS zero, demographic_parity_difference(p, t, g, 1e308) AS infinite FROM typed;
SELECT demographic_parity_difference(p, t, g, -1) FROM typed;
SELECT demographic_parity_difference(p, t, g, 'true', 'Infinity') FROM typed;

-- The same in any plan.
CREATE TABLE public.decided AS
SELECT i, i % 11 AS g, i * 7919 % 10007 % 3 = 0 AS p, i * 104729::bigint % 1009 % 2 = 0 AS t, (i * 31 % 997) / 7.0::float8 AS w FROM generate_series(1, 20000) i;
ALTER TABLE decided SET (parallel_workers = 3);
ANALYZE decided;
\set everything 'ROW(demographic_parity_difference(p, t, g), equal_opportunity_difference(p, t, g), predictive_parity_difference(p::int, t::int, g), predictive_equality_difference(p::text, t::text, g, $$true$$), demographic_parity_difference(p, t, g, w), equal_opportunity_difference(p, t, g, $$f$$, w), predictive_parity_difference(p::int, t::int, g, w), predictive_equality_difference(p::text, t::text, g, $$true$$, w))::text'
SELECT :everything AS serial FROM decided \gset
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
EXPLAIN (COSTS OFF) SELECT demographic_parity_difference(p, t, g) FROM decided;
SELECT (SELECT :everything FROM decided) = :'serial' AS parallel, length(:'serial') > 100 AS something;
SELECT (SELECT :everything FROM (SELECT * FROM decided ORDER BY w, i DESC) decided) = :'serial' AS any_order;
SELECT demographic_parity_difference(p, t, g) FROM decided WHERE i < 0;
SELECT (demographic_parity_difference(p, t, i)).n_groups AS "many groups" FROM decided;
SELECT (demographic_parity_difference(p, t, i, w)).n_groups AS weighted FROM decided WHERE i % 20 = 0;
SET monitor.max_aggregate_memory = '2MB';
\set VERBOSITY sqlstate
SELECT demographic_parity_difference(p, t, i, w) FROM decided;
\set VERBOSITY default
RESET monitor.max_aggregate_memory;
DROP TABLE public.decided;
