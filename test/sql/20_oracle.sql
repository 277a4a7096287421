-- Every drift statistic against the committed values of test/oracle (see its
-- README): rows and, for the small cases, arrays.  Only failures are printed.
\set ECHO none
\pset format unaligned
SET extra_float_digits = 1;
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
\set load `echo "$PG_ABS_SRCDIR/oracle/load.sql"`
\i :load
CREATE TEMP TABLE expected (statistic_name text, case_name text, bins int, statistic float8, p_value float8,
    effect_size float8, df float8, n_reference bigint, n_current bigint, tolerance float8, p_tolerance float8,
    absolute float8, skip text, how text);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/values.csv"' with (format csv, header)
CREATE TEMP TABLE adjustment (function_name text, method text, given float8[], expected float8[]);
\copy adjustment from program 'cat "$PG_ABS_SRCDIR/oracle/adjust.csv"' with (format csv, header)

-- The small cases as two arrays.
CREATE TEMP TABLE array_case AS
SELECT case_name, kind,
       coalesce(array_agg(value) FILTER (WHERE side = 'reference'), '{}') AS reference,
       coalesce(array_agg(value) FILTER (WHERE side = 'current'), '{}') AS current
  FROM (SELECT case_name, kind, side, unnest(literal) AS value FROM part, generate_series(1, copies)
         WHERE generator = 'literal') v
 GROUP BY case_name, kind
HAVING count(*) FILTER (WHERE side = 'reference') <= 2000 AND count(*) FILTER (WHERE side = 'current') <= 2000
   AND NOT EXISTS (SELECT FROM part p WHERE p.case_name = v.case_name AND p.generator <> 'literal');

-- One query a statistic; an error is a failure of that statistic, not the end of the test.
CREATE TEMP TABLE got (form text, statistic_name text, case_name text, bins int, result monitor.test_result);
DO $$
DECLARE
    test record;
    call text;
    arguments text;
BEGIN
    FOR test IN
        SELECT DISTINCT e.statistic_name, e.bins, c.kind,
               e.statistic_name IN ('psi', 'js_distance', 'hellinger_distance', 'tv_distance', 'l_infinity_distance',
                                    'kl_divergence', 'wasserstein_distance', 'energy_distance') AS scalar
          FROM expected e JOIN (SELECT DISTINCT case_name, kind FROM part) c USING (case_name)
         ORDER BY 3, 1, 2
    LOOP
        arguments := coalesce(', ' || test.bins, '');
        call := CASE WHEN test.scalar THEN 'ROW(%s, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)::monitor.test_result'
                ELSE '%s' END;
        BEGIN
            EXECUTE format('INSERT INTO got SELECT ''rows'', %L, case_name, %L::int, ' ||
                           format(call, 'monitor.%I(value, is_current' || arguments || ')') ||
                           ' FROM %I WHERE case_name IN (SELECT case_name FROM expected WHERE statistic_name = %L
                                                          AND bins IS NOT DISTINCT FROM %L::int) GROUP BY case_name',
                           test.statistic_name, test.bins, test.statistic_name, test.kind || '_row',
                           test.statistic_name, test.bins);
        EXCEPTION WHEN others THEN
            RAISE WARNING '% of % rows: %', test.statistic_name, test.kind, sqlerrm;
        END;
        BEGIN
            EXECUTE format('INSERT INTO got SELECT ''arrays'', %L, case_name, %L::int, ' ||
                           format(call, CASE test.kind
                               WHEN 'numeric' THEN 'monitor.%I(reference::float8[], current::float8[]' || arguments || ')'
                               ELSE 'monitor.%I(reference, current)' END) ||
                           ' FROM array_case WHERE kind = %L AND case_name IN
                                  (SELECT case_name FROM expected WHERE statistic_name = %L
                                                          AND bins IS NOT DISTINCT FROM %L::int)',
                           test.statistic_name, test.bins, test.statistic_name, test.kind,
                           test.statistic_name, test.bins);
        EXCEPTION WHEN others THEN
            RAISE WARNING '% of % arrays: %', test.statistic_name, test.kind, sqlerrm;
        END;
    END LOOP;
END
$$;

-- Relative to the expected value; NULL only where NULL is expected; below 1e-300 a p-value only has to be that small.
CREATE FUNCTION pg_temp.agrees(got float8, wanted float8, relative float8, absolute float8) RETURNS boolean
LANGUAGE sql IMMUTABLE AS
    $$SELECT CASE WHEN got IS NULL OR wanted IS NULL THEN got IS NULL AND wanted IS NULL
                  WHEN got = wanted THEN true
                  WHEN abs(got) = 'Infinity' OR abs(wanted) = 'Infinity' OR got = 'NaN' THEN false
                  ELSE abs(got - wanted) <= greatest(relative * abs(wanted), absolute) END$$;
CREATE TEMP TABLE compared AS
SELECT g.form, e.statistic_name, e.case_name, e.bins, c.field, c.got, c.wanted
  FROM expected e
  JOIN got g ON (g.statistic_name, g.case_name) = (e.statistic_name, e.case_name) AND g.bins IS NOT DISTINCT FROM e.bins,
       LATERAL (VALUES
           ('statistic', (g.result).statistic, e.statistic, e.tolerance, e.absolute),
           ('p_value', (g.result).p_value, e.p_value, e.p_tolerance, 1e-300),
           ('effect_size', (g.result).effect_size, e.effect_size, 1e-9, greatest(e.absolute, 1e-15)),
           ('df', (g.result).df, e.df, 1e-9, 0),
           ('n_reference', (g.result).n_reference, e.n_reference, 0, 0),
           ('n_current', (g.result).n_current, e.n_current, 0, 0)) c (field, got, wanted, relative, absolute)
 WHERE c.field <> ALL (string_to_array(coalesce(e.skip, ''), ','))
   AND NOT pg_temp.agrees(c.got, c.wanted, c.relative, c.absolute);

SELECT statistic_name, case_name, bins, form, field, got, wanted
  FROM compared ORDER BY statistic_name, case_name COLLATE "C", bins, form, field;
-- Rows and arrays are one computation: they agree to the last bit.
SELECT r.statistic_name, r.case_name, r.bins
  FROM got r JOIN got a ON (r.statistic_name, r.case_name) = (a.statistic_name, a.case_name)
                       AND r.bins IS NOT DISTINCT FROM a.bins AND r.form = 'rows' AND a.form = 'arrays'
 WHERE r.result IS DISTINCT FROM a.result
 ORDER BY r.statistic_name, r.case_name COLLATE "C", r.bins;
SELECT e.statistic_name AS statistic, count(*) AS cases,
       count(*) FILTER (WHERE NOT EXISTS (SELECT FROM got g
           WHERE (g.statistic_name, g.case_name) = (e.statistic_name, e.case_name) AND g.form = 'rows'
             AND g.bins IS NOT DISTINCT FROM e.bins)) AS missing,
       count(*) FILTER (WHERE EXISTS (SELECT FROM compared c
           WHERE (c.statistic_name, c.case_name) = (e.statistic_name, e.case_name)
             AND c.bins IS NOT DISTINCT FROM e.bins)) AS failed
  FROM expected e GROUP BY 1 ORDER BY 1;
SELECT count(*) AS "array forms" FROM got WHERE form = 'arrays';

SELECT function_name, method, given, expected, got
  FROM (SELECT *, CASE function_name WHEN 'adjust_p' THEN monitor.adjust_p(given, method)
                                     ELSE monitor.adjust_e(given) END AS got FROM adjustment) a
 WHERE cardinality(got) IS DISTINCT FROM cardinality(expected)
    OR EXISTS (SELECT FROM unnest(got, expected) u (g, w) WHERE NOT pg_temp.agrees(g, w, 1e-12, 1e-300));
SELECT function_name, method, count(*) AS cases FROM adjustment GROUP BY 1, 2 ORDER BY 1, 2;
