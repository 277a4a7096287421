-- Metrics of predicted against true classes: scikit-learn's values (test/oracle/classes), types, plans, edge cases.
\set ECHO none
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
CREATE TEMP TABLE class_row (case_name text, prediction text, truth text, weight float8);
\copy class_row from program 'cat "$PG_ABS_SRCDIR/oracle/classes/class_rows.csv"' with (format csv, header, force_not_null (prediction, truth))
CREATE TEMP TABLE expected (metric text, case_name text, arguments text, value float8);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/classes/class_values.csv"' with (format csv, header, force_not_null (arguments))
CREATE TEMP TABLE report (case_name text, weighted boolean, place int, class text, average text, "precision" float8, recall float8, f1 float8, support float8);
\copy report from program 'cat "$PG_ABS_SRCDIR/oracle/classes/class_report.csv"' with (format csv, header, force_not_null (class))
CREATE TEMP TABLE matrix (case_name text, place int, truth text, prediction text, n bigint, weight float8);
\copy matrix from program 'cat "$PG_ABS_SRCDIR/oracle/classes/class_matrix.csv"' with (format csv, header, force_not_null (prediction, truth))

-- One query a metric and its arguments; an error fails its cases, not the test.
CREATE TEMP TABLE got (metric text, case_name text, arguments text, value float8);
DO $$
DECLARE test record;
BEGIN
    FOR test IN SELECT DISTINCT metric, arguments FROM expected ORDER BY 1, 2
    LOOP
        BEGIN
            EXECUTE format('INSERT INTO got SELECT %L, case_name, %L, monitor.%I(prediction, truth%s) FROM class_row
                             WHERE case_name IN (SELECT case_name FROM expected WHERE metric = %1$L AND arguments = %2$L)
                             GROUP BY case_name', test.metric, test.arguments, test.metric, test.arguments);
        EXCEPTION WHEN others THEN
            RAISE WARNING '%(prediction, truth%): %', test.metric, test.arguments, sqlerrm;
        END;
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.agrees(got float8, wanted float8, relative float8 DEFAULT 1e-12) RETURNS boolean
LANGUAGE sql IMMUTABLE AS
    $$SELECT CASE WHEN got IS NULL OR wanted IS NULL THEN got IS NULL AND wanted IS NULL
                  ELSE got = wanted OR abs(got - wanted) <= relative * greatest(abs(wanted), 1e-3) END$$;
SELECT e.metric, e.case_name, e.arguments, g.value AS got, e.value AS wanted
  FROM expected e LEFT JOIN got g USING (metric, case_name, arguments)
 WHERE g.metric IS NULL OR NOT pg_temp.agrees(g.value, e.value) ORDER BY metric COLLATE "C", case_name COLLATE "C", arguments COLLATE "C";
SELECT metric, count(*) AS cases, count(*) FILTER (WHERE value IS NULL) AS undefined FROM expected GROUP BY 1 ORDER BY 1;
CREATE TEMP TABLE got_report AS
SELECT r.*, weighted
  FROM (SELECT case_name, false AS weighted, classification_report(prediction, truth) AS rows FROM class_row GROUP BY 1
        UNION ALL
        SELECT case_name, true, classification_report(prediction, truth, weight) FROM class_row GROUP BY 1) c,
       LATERAL (SELECT c.case_name, u.* FROM unnest(c.rows) WITH ORDINALITY u (class, average, "precision", recall, f1, support, place)) r;
SELECT e.case_name, e.weighted, e.place, g, e
  FROM report e LEFT JOIN got_report g USING (case_name, weighted, place)
 WHERE g.place IS NULL OR g.class IS DISTINCT FROM CASE WHEN e.average IS NULL THEN e.class END OR g.average IS DISTINCT FROM e.average
    OR NOT (pg_temp.agrees(g."precision", e."precision") AND pg_temp.agrees(g.recall, e.recall)
            AND pg_temp.agrees(g.f1, e.f1) AND pg_temp.agrees(g.support, e.support)) ORDER BY 1, 2, 3;
SELECT (SELECT count(*) FROM report) AS "rows of reports", (SELECT count(*) FROM got_report) AS got;
CREATE TEMP TABLE got_matrix AS
SELECT m.* FROM (SELECT case_name, confusion_matrix(prediction, truth, weight) AS rows FROM class_row GROUP BY 1) c,
       LATERAL (SELECT c.case_name, u.* FROM unnest(c.rows) WITH ORDINALITY u (truth, prediction, n, weight, place)) m;
SELECT e, g FROM matrix e FULL JOIN got_matrix g USING (case_name, place)
 WHERE (g.truth, g.prediction, g.n) IS DISTINCT FROM (e.truth, e.prediction, e.n) OR NOT pg_temp.agrees(g.weight, e.weight);
SELECT count(*) AS "cells of matrices" FROM got_matrix;

-- Every type of label finds the aggregate; equal values are equal classes.
\set ECHO all
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN public.flag AS boolean;
CREATE TEMP TABLE typed AS
SELECT p = 1 AS b, t = 1 AS tb, (p = 1)::flag AS d, p, t, p::bigint AS big, p::smallint AS small, p::numeric / 1.0 AS num, p::float8 AS f,
       (ARRAY['sad', 'ok'])[p + 1] AS txt, (ARRAY['sad', 'ok'])[t + 1] AS ttxt, w
  FROM (VALUES (1, 1, 1.5), (1, 0, 2), (0, 0, 1), (1, 1, 0.5), (0, 1, 3)) v (p, t, w);
SELECT f1_score(b, tb) AS boolean, f1_score(d, tb) AS domain, f1_score(p, t) AS integer, f1_score(big, t) AS bigint, f1_score(small, t) AS smallint,
       f1_score(num, t) AS "numeric", f1_score(f, t) AS float8, f1_score(txt, ttxt, 'binary', 'ok') AS text, f1_score(txt::varchar(9), ttxt, 'binary', 'ok') AS "varchar",
       f1_score(txt::char(9), ttxt::char(4), 'binary', 'ok') AS "char", f1_score(txt::char(9), ttxt, 'binary', 'ok') AS char_text,
       f1_score(txt::name, ttxt::name, 'binary', 'ok') AS name, f1_score(txt::mood, ttxt::mood, 'binary', 'ok') AS enum, f1_score(txt::mood, 'ok', 'binary', 'ok') AS enum_literal FROM typed;
SELECT recall_score(b, tb, 'binary', 'f') AS f, recall_score(p, t, 'binary', '0') AS "0", recall_score(b, tb, NULL, NULL, w::float8) AS weighted,
       precision_score(p, t, 'binary') AS p, accuracy_score(txt, ttxt, w::float8) AS a FROM typed;
SELECT accuracy_score('a', 'a') AS literal, accuracy_score(1, 1.0) AS number, accuracy_score('-0'::float8, 0) AS zero, accuracy_score('NaN'::float8, 1) AS nan;

-- Integers sort by value, booleans false first.
SELECT array_agg(u.truth || ' ' || u.prediction) FROM unnest((SELECT confusion_matrix(p, t) FROM (VALUES (10, 9), (9, 9), (-1, 10)) v (p, t))) u;
SELECT u.* FROM typed, LATERAL (SELECT confusion_matrix(x.b, x.tb) AS m FROM typed x) c, unnest(c.m) u LIMIT 4;

-- What is left out, and what is not defined.
SELECT accuracy_score(p, t) AS accuracy, accuracy_score(p, t, w) AS weighted
  FROM (VALUES (1, 1, 1), (NULL, 1, 1), (1, NULL, 1), (0, 1, NULL), (0, 0, 'NaN'), (0, 1, 2::float8)) v (p, t, w);
SELECT accuracy_score(p, t) AS empty, f1_score(p, t, 'macro') AS f1, confusion_matrix(p, t) AS matrix, classification_report(p, t) AS report FROM typed WHERE p > 1;
SELECT accuracy_score(NULL::int, 1) AS "all missing", f1_score(NULL::text, 'a') AS f1, confusion_matrix(NULL::int, 1) AS matrix, classification_report(NULL::int, 1) AS report,
       accuracy_score(1, 1, 0) AS "no weight", f1_score(1, 1, 'macro', NULL, 0) AS macro, cohen_kappa_score(1, 0, 0) AS kappa, matthews_corrcoef(1, 0, 0) AS mcc;
SELECT recall_score(false, false) AS "no positive", precision_score(false, true) AS "none predicted", f1_score(false, false) AS neither, f1_score(false, true) AS zero,
       recall_score('a', 'a', 'binary', 'unknown') AS unknown, matthews_corrcoef(1, 1) AS mcc, cohen_kappa_score(1, 1) AS kappa, balanced_accuracy_score(1, 1) AS balanced;
SELECT f1_score(p, t, a) FROM (VALUES (1, 1, 'macro'), (1, 1, 'micro')) v (p, t, a);
SELECT f1_score(p, t, 'binary', a) FROM (VALUES (1, 1, '1'), (1, 1, NULL)) v (p, t, a);
SELECT f1_score(txt, ttxt) FROM typed;
SELECT f1_score(p + 1, t + 1) FROM typed;
SELECT f1_score(p, t, 'samples') FROM typed;
SELECT accuracy_score(p, t, -1) FROM typed;
SELECT accuracy_score(p, t, 'Infinity') FROM typed;
SELECT accuracy_score(p, tb) FROM typed;
SELECT accuracy_score(now(), now());
SELECT cardinality(confusion_matrix(i, i)) FROM generate_series(1, 1000) i;
SELECT confusion_matrix(i, i) FROM generate_series(1, 1001) i;
SELECT accuracy_score(i, i / 2 * 2) AS "many classes" FROM generate_series(1, 100000) i;
SET monitor.max_aggregate_memory = '1MB';
\set VERBOSITY sqlstate
SELECT accuracy_score(i, i) FROM generate_series(1, 100000) i;
\set VERBOSITY default
RESET monitor.max_aggregate_memory;

-- The same bits in any plan and order, weights of every size included.
CREATE TABLE public.classed AS
SELECT i, i % 7 AS g, 'c' || (i * 7919 % 10007) % 5 AS p, 'c' || (i * 104729::bigint % 1009) % 4 AS t, 10.0::float8 ^ (i * 31 % 37 - 18) * (1 + i % 3) AS w FROM generate_series(1, 30000) i;
ALTER TABLE classed SET (parallel_workers = 3);
ANALYZE classed;
\set everything 'ROW(accuracy_score(p, t), accuracy_score(p, t, w), balanced_accuracy_score(p, t, w), matthews_corrcoef(p, t, w), cohen_kappa_score(p, t, w), f1_score(p, t, $$macro$$), precision_score(p, t, $$weighted$$, NULL, w), recall_score(p, t, $$binary$$, $$c1$$, w), classification_report(p, t, w), confusion_matrix(p, t, w))::text'
SELECT :everything AS serial FROM classed \gset
SELECT (SELECT :everything FROM (SELECT * FROM classed ORDER BY w DESC) classed) = :'serial' AS any_order,
       (SELECT :everything FROM (SELECT * FROM classed ORDER BY p, w) classed) = :'serial' AS another;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 3;
EXPLAIN (COSTS OFF) SELECT f1_score(p, t, 'macro'), accuracy_score(p, t, w) FROM classed;
SELECT (SELECT :everything FROM classed) = :'serial' AS parallel, length(:'serial') > 1000 AS something;
SELECT f1_score(p, t, 'macro') FROM classed WHERE i < 0;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS frames, bool_and(a.f IS NOT DISTINCT FROM b.f) AS same
  FROM (SELECT i, f1_score(p, t, 'macro', NULL, w) OVER (ORDER BY i ROWS 9 PRECEDING) AS f FROM classed WHERE i <= 300) a
  JOIN LATERAL (SELECT f1_score(p, t, 'macro', NULL, w) AS f FROM classed c WHERE c.i BETWEEN a.i - 9 AND a.i) b ON true;
DROP TABLE public.classed;
DROP TABLE typed;
DROP TYPE public.mood;
DROP DOMAIN public.flag;
