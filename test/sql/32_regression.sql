-- Metrics of predicted against true numbers: values of test/oracle/classes, plans, edge cases.
\set ECHO none
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
CREATE TEMP TABLE regression_row (case_name text, prediction float8, truth float8, weight float8);
\copy regression_row from program 'cat "$PG_ABS_SRCDIR/oracle/classes/regression_rows.csv"' with (format csv, header)
CREATE TEMP TABLE expected (metric text, case_name text, arguments text, value float8);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/classes/regression_values.csv"' with (format csv, header, force_not_null (arguments))

-- One query a metric and its arguments; an error fails its cases, not the test.
CREATE TEMP TABLE got (metric text, case_name text, arguments text, value float8);
DO $$
DECLARE test record;
BEGIN
    FOR test IN SELECT DISTINCT metric, arguments FROM expected ORDER BY 1, 2
    LOOP
        BEGIN
            EXECUTE format('INSERT INTO got SELECT %L, case_name, %L, monitor.%I(prediction, truth%s) FROM regression_row GROUP BY case_name',
                           test.metric, test.arguments, test.metric, test.arguments);
        EXCEPTION WHEN others THEN
            RAISE WARNING '%(prediction, truth%): %', test.metric, test.arguments, sqlerrm;
        END;
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.agrees(got float8, wanted float8, relative float8 DEFAULT 1e-14) RETURNS boolean
LANGUAGE sql IMMUTABLE AS
    $$SELECT CASE WHEN got IS NULL OR wanted IS NULL THEN got IS NULL AND wanted IS NULL
                  ELSE got = wanted OR abs(got - wanted) <= relative * greatest(abs(wanted), 1e-300) END$$;
SELECT e.metric, e.case_name, e.arguments, g.value AS got, e.value AS wanted
  FROM expected e LEFT JOIN got g USING (metric, case_name, arguments)
 WHERE g.metric IS NULL OR NOT pg_temp.agrees(g.value, e.value, CASE metric WHEN 'r2_score' THEN 1e-12 ELSE 1e-14 END) ORDER BY metric COLLATE "C", case_name COLLATE "C", arguments;
SELECT metric, count(*) AS cases, count(*) FILTER (WHERE value IS NULL) AS undefined FROM expected GROUP BY 1 ORDER BY 1;

-- What is left out, and what is not defined.
\set ECHO all
CREATE TEMP TABLE missing AS SELECT * FROM (VALUES (1::float8, 2::float8, 1::float8), (NULL, 1, 1), (1, NULL, 1), ('NaN', 1, 1), (1, 'NaN', 1), ('Infinity', 1, 1),
    (1, '-Infinity', 1), (3, 7, NULL), (3, 7, 'NaN'), (5, 4, 2)) v (p, t, w);
SELECT mean_absolute_error(p, t) AS mae, mean_absolute_error(p, t, w) AS weighted, mean_squared_error(p, t, w) AS mse, root_mean_squared_error(p, t, w) AS rmse,
       mean_absolute_percentage_error(p, t, w) AS mape, r2_score(p, t, w) AS r2 FROM missing;
SELECT mean_absolute_error(p, t) AS mae, mean_squared_error(p, t) AS mse, root_mean_squared_error(p, t, w) AS rmse, mean_absolute_percentage_error(p, t) AS mape, r2_score(p, t) AS r2
  FROM missing WHERE p IS NULL;
SELECT mean_absolute_error(p, t) AS mae, r2_score(p, t) AS r2 FROM missing WHERE false;
SELECT mean_absolute_error(p, t, 0) AS mae, mean_absolute_percentage_error(p, t, 0) AS mape, r2_score(p, t, 0) AS r2 FROM missing;
SELECT r2_score(1, 1) FILTER (WHERE i = 1) AS one_row, r2_score(i, 5) AS equal_truths, r2_score(5, 5) AS perfect, r2_score(i, i) AS all_right FROM generate_series(1, 3) i;
SELECT mean_absolute_error(1e308, -1e308) AS mae, mean_squared_error(1e200, -1) AS mse, mean_absolute_percentage_error(1, 0) AS mape, mean_squared_error(1e200, 0, 0) AS nothing;
SELECT r2_score(1, y) AS too_large FROM (VALUES (1e200), (2e200)) v (y);
SELECT mean_absolute_error(1, 2::numeric) AS "numeric", mean_absolute_error(1::bigint, 2::smallint) AS integers, mean_absolute_error(1::real, 2, 3) AS "real";
SELECT mean_absolute_error(1, 2, -1);
SELECT r2_score(1, 2, 'Infinity');
SELECT mean_absolute_error('a'::text, 'b'::text);

-- The same bits in any plan and order.
CREATE TABLE public.predicted AS
SELECT i, i % 997 AS g, sin(i) * 10.0::float8 ^ (i * 31 % 13) AS p, cos(i) * 10.0::float8 ^ (i * 37 % 13) AS t, 10.0::float8 ^ (i * 29 % 17 - 8) AS w FROM generate_series(1, 30000) i;
ALTER TABLE predicted SET (parallel_workers = 3);
ANALYZE predicted;
\set everything 'ROW(mean_absolute_error(p, t), mean_absolute_error(p, t, w), mean_squared_error(p, t), root_mean_squared_error(p, t, w), mean_absolute_percentage_error(p, t), mean_absolute_percentage_error(p, t, w), r2_score(p, t), r2_score(p, t, w))::text'
SELECT :everything AS serial FROM predicted \gset
SELECT (SELECT :everything FROM (SELECT * FROM predicted ORDER BY w DESC) predicted) = :'serial' AS any_order,
       (SELECT :everything FROM (SELECT * FROM predicted ORDER BY p) predicted) = :'serial' AS another;
CREATE TEMP TABLE serial_groups AS SELECT g, :everything AS v FROM predicted GROUP BY g;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
EXPLAIN (COSTS OFF) SELECT mean_absolute_error(p, t), r2_score(p, t, w) FROM predicted;
SELECT (SELECT :everything FROM predicted) = :'serial' AS parallel, length(:'serial') > 100 AS something;
CREATE TEMP TABLE parallel_groups AS SELECT g, :everything AS v FROM predicted GROUP BY g;
SELECT count(*) AS groups, bool_and(s.v = p.v) AS same FROM serial_groups s JOIN parallel_groups p USING (g);
SELECT r2_score(p, t), mean_absolute_error(p, t) FROM predicted WHERE i < 0;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS frames, bool_and(a.f IS NOT DISTINCT FROM b.f) AS same
  FROM (SELECT i, r2_score(p, t, w) OVER (ORDER BY i ROWS 9 PRECEDING) AS f FROM predicted WHERE i <= 300) a
  JOIN LATERAL (SELECT r2_score(p, t, w) AS f FROM predicted c WHERE c.i BETWEEN a.i - 9 AND a.i) b ON true;
DROP TABLE public.predicted;
