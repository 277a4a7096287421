-- Metrics of scores: against the committed values of test/oracle/performance/scores,
-- edge cases, every kind of label, every kind of plan, limits.
\set ECHO none
\pset format unaligned
SET extra_float_digits = 1;
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
CREATE TEMP TABLE given (case_name text, score float8[], score_b float8[], label boolean[], weight float8[]);
\copy given from program 'cat "$PG_ABS_SRCDIR/oracle/performance/scores/cases.csv"' with (format csv, header)
CREATE TEMP TABLE expected (case_name text, weighted boolean, name text, value float8[]);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/performance/scores/values.csv"' with (format csv, header)
CREATE TEMP TABLE given_row AS
SELECT case_name, g.score AS all_scores, s AS score, b AS score_b, l AS label, w AS weight
  FROM given g LEFT JOIN LATERAL unnest(g.score, g.score_b, g.label, g.weight) AS u(s, b, l, w) ON true;

-- The numbers of a result, one after another.
CREATE TEMP TABLE reading (name text, numbers text);
INSERT INTO reading
SELECT name, '(SELECT array_agg(v ORDER BY o, k) FROM unnest(r) WITH ORDINALITY AS p(' || array_to_string(columns, ', ') || ', o),
	LATERAL unnest(ARRAY[' || array_to_string(columns, ', ') || ']::float8[]) WITH ORDINALITY AS f(v, k))'
  FROM (VALUES ('roc_curve', ARRAY['a', 'b', 'c']), ('precision_recall_curve', ARRAY['a', 'b', 'c']), ('gains_curve', ARRAY['a', 'b', 'c', 'd']),
               ('calibration_curve', ARRAY['a', 'b', 'c', 'd', 'e', 'f'])) AS c(name, columns)
UNION ALL VALUES
	('roc_auc_test', 'CASE WHEN (r).auc IS NOT NULL THEN ARRAY[(r).auc, (r).standard_error, (r).auc_low, (r).auc_high, (r).p_value, (r).n_negative, (r).n_positive] END'),
	('roc_auc_compare', 'CASE WHEN (r).auc_a IS NOT NULL THEN ARRAY[(r).auc_a, (r).auc_b, (r).difference, (r).standard_error, (r).difference_low, (r).difference_high, (r).p_value, (r).n_negative, (r).n_positive] END');
INSERT INTO reading SELECT DISTINCT name, 'CASE WHEN r IS NOT NULL THEN ARRAY[r] END' FROM expected WHERE name NOT IN (SELECT name FROM reading);

-- One query a metric and form; an error is a failure of that metric, not the end of the test.
CREATE TEMP TABLE got (form text, case_name text, weighted boolean, name text, value float8[], exact text);
DO $$
DECLARE
	test record;
	form record;
BEGIN
	FOR test IN SELECT DISTINCT name, weighted, numbers FROM expected JOIN reading USING (name) ORDER BY 1, 2 LOOP
		FOR form IN SELECT * FROM (VALUES
			('boolean', 'SELECT case_name, monitor.%s(score, %slabel%s) AS r FROM given_row WHERE case_name = ANY (%L) GROUP BY case_name'),
			('integer', 'SELECT case_name, monitor.%s(score, %slabel::integer%s) AS r FROM given_row WHERE case_name = ANY (%L) GROUP BY case_name'),
			('text', 'SELECT case_name, monitor.%s(score, %sCASE label WHEN true THEN ''good'' WHEN false THEN ''bad'' END, ''good''%s) AS r FROM given_row WHERE case_name = ANY (%L) GROUP BY case_name'),
			('array', 'SELECT case_name, monitor.%s(score, %slabel%s) AS r FROM given WHERE case_name = ANY (%L)'),
			('integer array', 'SELECT case_name, monitor.%s(score, %slabel::integer[]%s) AS r FROM given WHERE case_name = ANY (%L)')) AS f(name, query)
		LOOP
			BEGIN
				EXECUTE format('INSERT INTO got SELECT %L, case_name, %L::boolean, %L, ' || test.numbers || ', r::text FROM (' ||
				               format(form.query, test.name, CASE WHEN test.name = 'roc_auc_compare' THEN 'score_b, ' ELSE '' END,
				                      CASE WHEN test.weighted THEN ', weight' ELSE '' END,
				                      (SELECT array_agg(case_name) FROM expected e WHERE (e.name, e.weighted) = (test.name, test.weighted))) || ') q',
				               form.name, test.weighted, test.name);
			EXCEPTION WHEN others THEN
				RAISE WARNING '% of % labels%: %', test.name, form.name, CASE WHEN test.weighted THEN ', weighted' ELSE '' END, sqlerrm;
			END;
		END LOOP;
	END LOOP;
END
$$;

-- The truth is computed in double precision: 1e-11 relative, 1e-13 where a number is next to 0.
CREATE FUNCTION pg_temp.agree(got float8[], wanted float8[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT got IS NULL AND wanted IS NULL OR cardinality(got) IS NOT DISTINCT FROM cardinality(wanted) AND
	       (SELECT bool_and(CASE WHEN g IS NULL OR w IS NULL THEN g IS NULL AND w IS NULL
	                             WHEN g = w THEN true
	                             WHEN abs(g) = 'Infinity' OR abs(w) = 'Infinity' OR g = 'NaN' THEN false
	                             ELSE abs(g - w) <= greatest(1e-11 * abs(w), 1e-13) END)
	          FROM unnest(got, wanted) u(g, w)) $$;
\echo failures
SELECT e.name, e.weighted, e.case_name, g.form, g.value AS got, e.value AS wanted
  FROM expected e JOIN got g USING (case_name, weighted, name)
 WHERE NOT pg_temp.agree(g.value, e.value) ORDER BY e.name, e.weighted, e.case_name COLLATE "C", g.form;
\echo all forms give the same bits
SELECT case_name, weighted, name, array_agg(DISTINCT exact) FROM got GROUP BY 1, 2, 3 HAVING count(DISTINCT coalesce(exact, '')) > 1 ORDER BY case_name COLLATE "C", 2, 3;
SELECT e.name, count(*) FILTER (WHERE NOT e.weighted) AS cases, count(*) FILTER (WHERE e.weighted) AS weighted,
       count(*) FILTER (WHERE g.forms IS DISTINCT FROM 5) AS missing
  FROM expected e LEFT JOIN (SELECT case_name, weighted, name, count(*) AS forms FROM got GROUP BY 1, 2, 3) g USING (case_name, weighted, name) GROUP BY 1 ORDER BY 1;

\echo labels: integers other than 0 and 1, and a NULL positive class, are refused
\set VERBOSITY default
SELECT roc_auc(0.5, i) FROM generate_series(0, 2) i;
SELECT roc_auc(ARRAY[0.1, 0.2], ARRAY[-1, 1]);
SELECT roc_auc(0.5, 'yes'::text, NULL);
\echo a label that is no number binds to text; smallint binds to integer
SELECT roc_auc(s, l, 'spam') AS text, roc_auc(s, (l = 'spam')::int::smallint) AS smallint, roc_auc(s, l::varchar(4), 'ham') AS other,
       brier_score(s::real, l = 'spam') AS real, roc_auc((100 * s)::integer, l = 'spam') AS integer
  FROM (VALUES (0.2, 'ham'), (0.7, 'spam'), (0.4, 'spam'), (0.5, 'ham')) t(s, l);
\echo weights: negative, infinite; arrays of different lengths
SELECT roc_auc(0.5, true, -1);
SELECT roc_auc(0.5, true, 'Infinity'::float8);
SELECT roc_auc(NULL, true, -1) AS "left out", roc_auc(0.5, NULL::boolean, -1) AS "left out too";
SELECT roc_auc(ARRAY[0.1, 0.2], ARRAY[true]);
\echo only probabilities have a log loss, a Brier score and a calibration
SELECT log_loss(ARRAY[0.5, 1.5], ARRAY[true, false]);
SELECT brier_score(ARRAY[-0.5, 0.5], ARRAY[true, false]);
SELECT calibration_error(ARRAY[0.5, 'Infinity'], ARRAY[true, false]);
SELECT calibration_curve(ARRAY[0.5, '-Infinity'], ARRAY[1, 0]);
\set VERBOSITY terse
\echo no rows, one class, weights that overflow: NULL
SELECT roc_auc(s, l), log_loss(s, l), roc_curve(s, l), roc_auc_test(s, l), roc_auc_compare(s, s, l), roc_auc(s, l, s) FROM (VALUES (1::float8, true)) t(s, l) WHERE false;
SELECT roc_auc(s, l), log_loss(s, l), brier_score(s, l), roc_curve(s, l), calibration_curve(s, l), roc_auc_test(s, l), roc_auc_compare(s, s, l), gini(s, l, s) FROM (VALUES (1::float8, true), (0, true)) t(s, l);
SELECT roc_auc('{1,2,3}'::float8[], '{t,f,t}'::boolean[], '{1e308,1e308,1e308}'), brier_score('{1,0.2,0.3}'::float8[], '{t,f,t}'::boolean[], '{1e308,1e308,1e308}');
\echo what a curve holds
SELECT * FROM unnest(roc_curve('{0.1,0.4,0.35,0.8,0.4}', '{f,f,t,t,t}'::boolean[]));
SELECT * FROM unnest(precision_recall_curve('{0.1,0.4,0.35,0.8,0.4}', '{f,f,t,t,t}'::boolean[]));
SELECT * FROM unnest(gains_curve('{0.1,0.4,0.35,0.8,0.4}', '{f,f,t,t,t}'::boolean[]));
SELECT * FROM unnest(calibration_curve('{0.1,0.4,0.35,0.8,0.4}', '{f,f,t,t,t}'::boolean[]));
\echo what a test says
SELECT (roc_auc_test(s, l)).method, (roc_auc_compare(s, -s, l)).method AS compared FROM (VALUES (0.1, false), (0.2, false), (0.8, true), (0.9, true)) t(s, l);
SELECT (roc_auc_test(s, l)).method, (roc_auc_compare(s, s * s - s, l)).method AS compared FROM (VALUES (0.1, false), (0.85, false), (0.8, true), (0.9, true)) t(s, l);
\echo and with weights: no variance gives no interval, and neither does one row in a class
SELECT (roc_auc_test(s, l, w)).*, (roc_auc_compare(s, -s, l, w)).method AS compared FROM (VALUES (0.1, false, 1), (0.2, false, 2), (0.8, true, 3), (0.9, true, 4)) t(s, l, w);
SELECT (roc_auc_test(s, l, w)).method, (roc_auc_compare(s, s * s - s, l, w)).method AS compared FROM (VALUES (0.1, false, 1), (0.85, false, 2), (0.8, true, 3), (0.9, true, 4)) t(s, l, w);
SELECT (roc_auc_test(s, l, w)).*, (roc_auc_compare(s, s * s - s, l, w)).standard_error AS compared FROM (VALUES (0.1, false, 1), (0.85, false, 2), (0.8, true, 3), (0.9, true, NULL)) t(s, l, w);
SELECT roc_auc_test(s, l, w) AS "one class", roc_auc_compare(s, s, l, w) AS compared FROM (VALUES (0.1, false, 1), (0.85, true, 0)) t(s, l, w);
SELECT roc_auc_compare(0.5, 0.5, true, -1);

-- ---- plans ----
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CREATE TABLE public.scored AS
SELECT i AS id, i % 331 AS many, ((i * 7919::bigint % 10007) / 10007.0)::float8 AS s, round(((i * 104729::bigint % 1009) / 1009.0), 2)::float8 AS tied,
       (i * 7919::bigint % 10007) + (i * 31::bigint % 4999) > 9000 AS l, ((i * 97::bigint % 1013) / 7.0)::float8 AS w
  FROM generate_series(1, 40000) i;
ALTER TABLE scored SET (parallel_workers = 4);
ANALYZE scored;
\set metrics 'ARRAY[roc_auc(s, l), roc_auc(tied, l::int), average_precision(s, l), average_precision(tied, l::text, \'true\'), log_loss(s, l), brier_score(s, l), calibration_error(s, l), gini(tied, l), ks_score(s, l), roc_auc(tied, l, w), average_precision(s, l, w), log_loss(tied, l, w), brier_score(tied, l::int, w), calibration_error(s, l, w), gini(tied, l::text, \'true\', w), ks_score(tied, l, w)]::text || roc_auc_test(s, l) || roc_auc_compare(s, tied, l) || roc_auc_compare(tied, s, l::int) || roc_auc_test(tied, l, w) || roc_auc_compare(s, tied, l, w)'
\set curves 'md5(roc_curve(tied, l)::text || precision_recall_curve(tied, l, w)::text || gains_curve(s, l, w)::text || calibration_curve(tied, l, w)::text)'
SELECT :metrics AS serial, :curves AS serial_curves FROM scored \gset
SET max_parallel_workers_per_gather = 4;
SELECT :metrics AS parallel, :curves AS parallel_curves FROM scored \gset
CREATE FUNCTION pg_temp.is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Partial' THEN RETURN true; END IF;
	END LOOP;
	RETURN false;
END $$;
\echo parallel, any order of rows
SELECT pg_temp.is_parallel('SELECT roc_auc(s, l), roc_auc(s, l, w), roc_auc_compare(s, tied, l), roc_auc_compare(s, tied, l, w) FROM scored') AS parallel,
       :'serial' = :'parallel' AS same, :'serial_curves' = :'parallel_curves' AS same_curves, length(:'serial') > 500 AS something;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT :metrics FROM (SELECT * FROM scored ORDER BY w DESC, id) scored) = :'serial' AS any_order,
       (SELECT :curves FROM (SELECT * FROM scored ORDER BY w, id DESC) scored) = :'serial_curves' AS any_order_of_curves;
\echo groups
SET enable_hashagg = off;
CREATE TEMP TABLE sorted AS SELECT many, roc_auc(s, l) AS a, log_loss(tied, l, w) AS b, roc_auc_compare(s, tied, l)::text AS c FROM scored GROUP BY many;
SET enable_hashagg = on;
SET enable_sort = off;
CREATE TEMP TABLE hashed AS SELECT many, roc_auc(s, l) AS a, log_loss(tied, l, w) AS b, roc_auc_compare(s, tied, l)::text AS c FROM scored GROUP BY many;
SET max_parallel_workers_per_gather = 4;
CREATE TEMP TABLE workers AS SELECT many, roc_auc(s, l) AS a, log_loss(tied, l, w) AS b, roc_auc_compare(s, tied, l)::text AS c FROM scored GROUP BY many;
RESET enable_sort;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS groups, count(*) FILTER (WHERE s = h) AS hashed, count(*) FILTER (WHERE s = w) AS parallel
  FROM sorted s JOIN hashed h USING (many) JOIN workers w USING (many);
\echo window frames are what recomputing gives
SELECT count(*), bool_and(w.a IS NOT DISTINCT FROM r.a) AS plain, bool_and(w.b IS NOT DISTINCT FROM r.b) AS weighted, bool_and(w.c IS NOT DISTINCT FROM r.c) AS growing,
       bool_and(w.d IS NOT DISTINCT FROM r.d) AS compared, bool_and(w.e IS NOT DISTINCT FROM r.e) AS weighted_compared
  FROM (SELECT id, roc_auc(tied, l) OVER w AS a, roc_auc(tied, l, w) OVER w AS b, log_loss(s, l, w) OVER (ORDER BY id) AS c, roc_auc_compare(tied, s, l) OVER (ORDER BY id) AS d,
               roc_auc_compare(tied, s, l, w) OVER (ORDER BY id) AS e
          FROM scored WHERE id <= 300 WINDOW w AS (ORDER BY id ROWS 29 PRECEDING)) w,
       LATERAL (SELECT roc_auc(tied, l) FILTER (WHERE s.id > w.id - 30) AS a, roc_auc(tied, l, s.w) FILTER (WHERE s.id > w.id - 30) AS b, log_loss(s.s, l, s.w) AS c,
                       roc_auc_compare(tied, s.s, l) AS d, roc_auc_compare(tied, s.s, l, s.w) AS e FROM scored s WHERE s.id <= w.id) r;
\echo metrics agree with each other
SELECT bool_and(a) FROM (SELECT roc_auc(s, l) = 0.5 * (1 + gini(s, l)) AND (roc_auc_test(s, l)).auc = roc_auc(s, l) AND abs(ks_score(s, l) - (ks_stat(s, l)).statistic) = 0
                                AND (roc_auc_compare(s, tied, l)).auc_a = roc_auc(s, l) AND abs(roc_auc(s, l, 1) - roc_auc(s, l)) < 1e-14
                                AND (roc_auc_test(tied, l, w)).auc = roc_auc(tied, l, w) AND (roc_auc_compare(s, tied, l, w)).auc_b = roc_auc(tied, l, w)
                                AND abs((roc_auc_test(tied, l, 0.7)).standard_error - (roc_auc_test(tied, l)).standard_error) < 1e-15
                                AND abs((roc_auc_compare(s, tied, l, 0.7)).standard_error - (roc_auc_compare(s, tied, l)).standard_error) < 1e-15 AS a FROM scored) t;
\echo curves and metrics agree
SELECT abs(roc_auc(tied, l) - (SELECT sum((fpr - before) * (tpr + t) / 2) FROM (SELECT p.false_positive_rate AS fpr, p.true_positive_rate AS tpr, lag(p.false_positive_rate) OVER w AS before,
           lag(p.true_positive_rate) OVER w AS t FROM unnest(roc_curve(tied, l)) WITH ORDINALITY p WINDOW w AS (ORDER BY ordinality)) c)) < 1e-12 AS area,
       abs(calibration_error(s, l) - (SELECT sum(n * abs(mean_score - share_positive)) / sum(n) FROM unnest(calibration_curve(s, l)))) < 1e-12 AS calibration,
       (SELECT sum(n) FROM unnest(calibration_curve(s, l, w))) = count(*) FILTER (WHERE w > 0) AS rows
  FROM scored;

-- ---- limits ----
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	RETURN 'finished within the limit';
EXCEPTION WHEN configuration_limit_exceeded THEN
	RETURN 'refused';
END $$;
SET monitor.max_aggregate_memory = '1MB';
SELECT pg_temp.refused('SELECT monitor.roc_auc(i, i % 2) FROM generate_series(1, 1000000) i') AS plain,
       pg_temp.refused('SELECT monitor.roc_auc(i, i % 2, 1) FROM generate_series(1, 1000000) i') AS weighted,
       pg_temp.refused('SELECT monitor.roc_auc_compare(i, -i, i % 2) FROM generate_series(1, 1000000) i') AS compared,
       pg_temp.refused('SELECT monitor.roc_auc_compare(i, -i, i % 2, 1) FROM generate_series(1, 1000000) i') AS both,
       pg_temp.refused('SELECT monitor.roc_curve(i, i % 2) FROM generate_series(1, 25000) i') AS curve,
       pg_temp.refused('SELECT monitor.roc_curve(i, i % 2) FROM generate_series(1, 10000) i') AS "short curve";
RESET monitor.max_aggregate_memory;
CREATE TABLE public.many_scores AS SELECT random() AS s, random() AS t, i % 2 = 0 AS l FROM generate_series(1, 1000000) i;
CREATE FUNCTION pg_temp.stops(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE query;
	RETURN 'finished before the timeout';
EXCEPTION WHEN query_canceled THEN
	RETURN 'stopped';
END $$;
SET statement_timeout = '60ms';
SELECT pg_temp.stops('SELECT monitor.average_precision(s, l), monitor.log_loss(s, l), monitor.brier_score(s, l) FROM many_scores');
SELECT pg_temp.stops('SELECT monitor.roc_auc(s, l, t) FROM many_scores');
SELECT pg_temp.stops('SELECT monitor.roc_auc_compare(s, t, l) FROM many_scores');
SELECT pg_temp.stops('SELECT monitor.roc_auc_compare(s, t, l, t) FROM many_scores');
SELECT pg_temp.stops('SELECT monitor.roc_curve(s, l) FROM many_scores');
RESET statement_timeout;
DROP TABLE public.scored, public.many_scores;
