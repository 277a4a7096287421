-- Metrics of ranked lists: values of test/oracle/classes (scikit-learn; every order of tied rows), plans, edge cases.
\set ECHO none
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
CREATE TEMP TABLE ranking_row (case_name text, score float8, relevance float8, weight float8);
\copy ranking_row from program 'cat "$PG_ABS_SRCDIR/oracle/classes/ranking_rows.csv"' with (format csv, header)
CREATE TEMP TABLE expected (metric text, case_name text, relevance text, arguments text, value float8);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/classes/ranking_values.csv"' with (format csv, header, force_not_null (arguments))

-- One query a metric and its arguments; an error fails its cases, not the test.
CREATE TEMP TABLE got (metric text, case_name text, arguments text, value float8);
DO $$
DECLARE test record;
BEGIN
    FOR test IN SELECT DISTINCT metric, relevance, arguments FROM expected WHERE metric <> 'mean of ndcg' ORDER BY 1, 2, 3
    LOOP
        BEGIN
            EXECUTE format('INSERT INTO got SELECT %L, case_name, %L, monitor.%I(score, %s%s) FROM ranking_row GROUP BY case_name',
                           test.metric, test.arguments, test.metric, test.relevance, test.arguments);
        EXCEPTION WHEN others THEN
            RAISE WARNING '%(score, % %): %', test.metric, test.relevance, test.arguments, sqlerrm;
        END;
    END LOOP;
END
$$;
-- The weight of a list weighs its value in the mean: scikit-learn's sample_weight.
INSERT INTO got SELECT 'mean of ndcg', 'lists', '', sum(weight * value) / sum(weight)
  FROM (SELECT substr(case_name, 6)::float8 AS weight, ndcg(score, relevance) AS value FROM ranking_row WHERE case_name LIKE 'list %' GROUP BY 1) l;
SELECT e.metric, e.case_name, e.arguments, g.value AS got, e.value AS wanted
  FROM expected e LEFT JOIN got g USING (metric, case_name, arguments)
 WHERE g.metric IS NULL OR (g.value IS NULL) <> (e.value IS NULL) OR abs(g.value - e.value) > 1e-13 ORDER BY metric COLLATE "C", case_name COLLATE "C", arguments;
SELECT metric, count(*) AS cases, count(*) FILTER (WHERE arguments LIKE '%weight') AS weighted, count(*) FILTER (WHERE value IS NULL) AS undefined FROM expected GROUP BY 1 ORDER BY 1;

-- What is left out, and what is not defined.
\set ECHO all
SELECT ndcg(s, r) AS ndcg, ndcg(s, r > 0) AS relevant, reciprocal_rank(s, r > 0) AS rr, precision_at_k(s, r > 0, 2) AS p, average_precision_at_k(s, r > 0, 2) AS ap
  FROM (VALUES (3::float8, 0::float8), (2, 1), (1, 2), (NULL, 5), ('NaN', 5), (9, NULL), (9, 'NaN'), ('-Infinity', 1)) v (s, r);
SELECT ndcg(1, 0) AS nothing, ndcg(1, 2) AS one_row, ndcg(NULL, 1.0) AS missing, reciprocal_rank(1, false) AS none, precision_at_k(1, NULL::boolean, 1) AS unknown, average_precision_at_k(1, false, 1) AS irrelevant;
SELECT ndcg(1, 0.0), reciprocal_rank(1, true), precision_at_k(1, true, 3) WHERE false;
SELECT reciprocal_rank('Infinity', true) AS infinite, ndcg(i, i, NULL) = ndcg(i, i) AS "whole list", ndcg(1::int, 2::numeric, 1) AS types FROM generate_series(1, 5) i;
SELECT reciprocal_rank(0, i = 1) AS "one of 100000 tied" FROM generate_series(1, 100000) i;
SELECT ndcg(1, -1.0);
SELECT ndcg(1, 'Infinity'::float8);
SELECT ndcg(1, 1.0, 0);
SELECT precision_at_k(i, true, i) FROM generate_series(1, 2) i;
-- Weights: one that all rows share changes nothing, they are not looked at where nothing is relevant, and 0 is worth nothing.
SELECT ndcg(s, r, 2, 0.5) - ndcg(s, r, 2) AS ndcg, precision_at_k(s, r > 0, 2, 7) - precision_at_k(s, r > 0, 2) AS p, ndcg(s, r, NULL, w) - ndcg(s, r * coalesce(w, 0)) AS graded, ndcg(s, r > 0, 3, w) AS marks,
       precision_at_k(s, r > 0, 1, w) AS best, precision_at_k(s, r > 0, 2, w) AS two
  FROM (VALUES (5::float8, 0::float8, NULL::float8), (4, 1, 2), (3, 0, -1), (2, 2, 0), (1, 1, 6)) v (s, r, w);
SELECT ndcg(1, 1.0, 1, 0) AS worthless, precision_at_k(1, true, 1, NULL) AS unknown, ndcg(1, true, NULL, 'NaN') AS nan, precision_at_k(1, false, 1, 5) AS nothing, precision_at_k(s, true, 1, w) AS left_out FROM (VALUES (2::float8, NULL::float8), (1, 3)) v (s, w);
SELECT ndcg(1, 1.0, 1, -1);
SELECT precision_at_k(1, true, 1, 'Infinity');
SELECT ndcg(1, 1e200, 1, 1e200);
SELECT reciprocal_rank(1, true, -1);
SELECT average_precision_at_k(s, r > 0, 2, 7) - average_precision_at_k(s, r > 0, 2) AS ap, reciprocal_rank(s, r > 0, 7) - reciprocal_rank(s, r > 0) AS rr, average_precision_at_k(s, r > 0, NULL, w) AS ap_weighted, reciprocal_rank(s, r > 0, w) AS rr_weighted,
       reciprocal_rank(s, r > 0, 0) AS worthless, average_precision_at_k(s, r > 0, 1, 'NaN') AS unknown
  FROM (VALUES (5::float8, 0::float8, NULL::float8), (4, 1, 2), (3, 0, -1), (2, 2, 0), (1, 1, 6)) v (s, r, w);
-- Relevance as 0 or 1, or as text with the positive class named: the same bits as from a mark.
SELECT count(*) AS lists, bool_and(integers = marks) AS integers, bool_and(texts = marks) AS texts
  FROM (SELECT ROW(precision_at_k(score, y, 3), precision_at_k(score, y, 3, w), average_precision_at_k(score, y, 3), average_precision_at_k(score, y, NULL, w), reciprocal_rank(score, y), reciprocal_rank(score, y, w), ndcg(score, y), ndcg(score, y, 3), ndcg(score, y, 3, w))::text AS marks,
               ROW(precision_at_k(score, i, 3), precision_at_k(score, i, 3, w), average_precision_at_k(score, i, 3), average_precision_at_k(score, i, NULL, w), reciprocal_rank(score, i), reciprocal_rank(score, i, w), ndcg(score, i), ndcg(score, i, 3), ndcg(score, i, 3, w))::text AS integers,
               ROW(precision_at_k(score, t, 'good', 3), precision_at_k(score, t, 'good', 3, w), average_precision_at_k(score, t, 'good', 3), average_precision_at_k(score, t, 'good', NULL, w), reciprocal_rank(score, t, 'good'), reciprocal_rank(score, t, 'good', w), ndcg(score, t, 'good'), ndcg(score, t, 'good', 3), ndcg(score, t, 'good', 3, w))::text AS texts
          FROM (SELECT case_name, score, relevance > 1 AS y, (relevance > 1)::integer AS i, CASE WHEN relevance > 1 THEN 'good' WHEN relevance <= 1 THEN 'bad' END AS t, abs(weight) AS w FROM ranking_row) r GROUP BY case_name) l;
SELECT reciprocal_rank(1, NULL::integer) AS unknown, precision_at_k(1, NULL::text, 'good', 1) AS unknown, average_precision_at_k(1, 'bad', 'good', 1) AS irrelevant;
SELECT reciprocal_rank(1, 2);
SELECT precision_at_k(1, 'good', NULL, 1);
SELECT average_precision_at_k(1, 'good', 'good', 0);
SET monitor.max_aggregate_memory = '64kB';
\set VERBOSITY sqlstate
SELECT reciprocal_rank(i, true) FROM generate_series(1, 100000) i;
\set VERBOSITY default
RESET monitor.max_aggregate_memory;

-- The same bits in any plan and order; ties everywhere.
CREATE TABLE public.ranked AS
SELECT i, i % 97 AS query, (i * 7919 % 10007) % 50 / 7.0::float8 AS score, i * 104729::bigint % 1009 % 4 / 3.0::float8 AS relevance FROM generate_series(1, 20000) i;
ALTER TABLE ranked SET (parallel_workers = 3);
ANALYZE ranked;
\set everything 'ROW(ndcg(score, relevance), ndcg(score, relevance, 10), precision_at_k(score, relevance > 0.9, 20), precision_at_k(score, (relevance > 0.9)::integer, 30), reciprocal_rank(score, (relevance > 0.9)::text, ''true'', i / 7.0), average_precision_at_k(score, relevance > 0.9, 20), reciprocal_rank(score, relevance > 0.9), ndcg(score, relevance, 30, i / 7.0), precision_at_k(score, relevance > 0.9, 20, 1 / (1 + score)), average_precision_at_k(score, relevance > 0.9, 20, 1 / (1 + score)), reciprocal_rank(score, relevance > 0.9, 1 / (1 + score)))::text'
SELECT :everything AS serial FROM ranked \gset
CREATE TEMP TABLE serial_groups AS SELECT query, :everything AS v FROM ranked GROUP BY query;
SELECT (SELECT :everything FROM (SELECT * FROM ranked ORDER BY relevance) ranked) = :'serial' AS any_order;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
EXPLAIN (COSTS OFF) SELECT ndcg(score, relevance) FROM ranked;
SELECT (SELECT :everything FROM ranked) = :'serial' AS parallel, length(:'serial') > 50 AS something;
CREATE TEMP TABLE parallel_groups AS SELECT query, :everything AS v FROM ranked GROUP BY query;
SELECT count(*) AS groups, bool_and(s.v = p.v) AS same FROM serial_groups s JOIN parallel_groups p USING (query);
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS frames, bool_and(a.f IS NOT DISTINCT FROM b.f) AS same
  FROM (SELECT i, ndcg(score, relevance, 5) OVER (ORDER BY i ROWS 9 PRECEDING) AS f FROM ranked WHERE i <= 300) a
  JOIN LATERAL (SELECT ndcg(score, relevance, 5) AS f FROM ranked c WHERE c.i BETWEEN a.i - 9 AND a.i) b ON true;
DROP TABLE public.ranked;
