-- Detectors of concept drift: river's results, a stored detector, windows, edge cases.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;
SET extra_float_digits = 0;
CREATE TEMP TABLE stream (stream text, digits int, scale float8, shift float8, integers text);
\copy stream from program 'cat "$PG_ABS_SRCDIR/oracle/detectors/streams.csv"' with (format csv, header)
CREATE TEMP TABLE expected (detector text, parameters jsonb, stream text, drifts int[], warnings int4multirange,
    estimate float8, statistic float8, estimate_sum float8, statistic_sum float8, statistic_known boolean);
\copy expected from program 'cat "$PG_ABS_SRCDIR/oracle/detectors/values.csv"' with (format csv, header)
CREATE TEMP TABLE value AS
SELECT stream, i - 1 AS i, (convert_from(substr(convert_to(integers, 'UTF8'), (i - 1) * digits + 1, digits), 'UTF8'))::int * scale + shift AS x
  FROM stream, generate_series(1, length(integers) / digits) AS i;
ANALYZE value;
SELECT count(*) AS expectations, count(DISTINCT stream) AS streams, count(DISTINCT detector) AS detectors,
       count(DISTINCT (detector, parameters)) AS parameter_sets, sum(cardinality(drifts)) AS drifts
FROM expected;

\echo every expectation, in a window
CREATE TEMP TABLE got (detector text, parameters jsonb, stream text, drifts int[], warnings int4multirange,
    estimate float8, statistic float8, estimate_sum float8, statistic_sum float8);
DO $$
DECLARE
    test record;
BEGIN
    FOR test IN SELECT DISTINCT detector, parameters FROM expected ORDER BY 1, 2 LOOP
        EXECUTE format($query$
            INSERT INTO got
            SELECT %1$L, %2$L, stream,
                   coalesce(array_agg(i ORDER BY i) FILTER (WHERE (s).drift), '{}'),
                   coalesce(range_agg(int4range(i, i + 1)) FILTER (WHERE (s).warning), '{}'),
                   (array_agg((s).estimate ORDER BY i DESC))[1], (array_agg((s).statistic ORDER BY i DESC))[1],
                   coalesce(sum((s).estimate), 0),
                   coalesce(sum((s).statistic) FILTER (WHERE (s).statistic < 'Infinity'), 0)
              FROM (SELECT stream, i, monitor.%1$I(x, %2$L::jsonb) OVER (PARTITION BY stream ORDER BY i) AS s
                      FROM value JOIN (SELECT stream FROM expected WHERE detector = %1$L AND parameters = %2$L) e
                           USING (stream)) r
             GROUP BY stream$query$, test.detector, test.parameters);
    END LOOP;
END
$$;
CREATE FUNCTION pg_temp.agrees(got float8, wanted float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    $$SELECT CASE WHEN got IS NULL OR wanted IS NULL THEN got IS NULL AND wanted IS NULL
                  ELSE got = wanted OR abs(got - wanted) <= 1e-9 * greatest(abs(wanted), 1) END$$;
SELECT detector, count(*) AS cases,
       count(*) FILTER (WHERE g.drifts = e.drifts) AS drifts,
       count(*) FILTER (WHERE g.warnings = e.warnings) AS warnings,
       count(*) FILTER (WHERE pg_temp.agrees(g.estimate, e.estimate)
                          AND pg_temp.agrees(g.estimate_sum, e.estimate_sum)) AS estimates,
       count(*) FILTER (WHERE NOT e.statistic_known OR pg_temp.agrees(g.statistic, e.statistic)
                          AND pg_temp.agrees(g.statistic_sum, e.statistic_sum)) AS statistics
  FROM expected e LEFT JOIN got g USING (detector, parameters, stream)
 GROUP BY detector ORDER BY detector;
SELECT e.*, g.* FROM expected e LEFT JOIN got g USING (detector, parameters, stream)
 WHERE (g.drifts = e.drifts AND g.warnings = e.warnings AND pg_temp.agrees(g.estimate, e.estimate)
        AND pg_temp.agrees(g.estimate_sum, e.estimate_sum)
        AND (NOT e.statistic_known OR pg_temp.agrees(g.statistic, e.statistic)
             AND pg_temp.agrees(g.statistic_sum, e.statistic_sum))) IS NOT true
 ORDER BY 1, 2, 3 LIMIT 5;

\echo a stored detector: fed in any pieces, through text and binary, it is as after one pass
CREATE TEMP TABLE kind (kind text, made detector);
INSERT INTO kind SELECT DISTINCT ON (expected.detector) expected.detector, detector(expected.detector, parameters) FROM expected WHERE expected.detector NOT IN ('kswin', 'cusum')
 ORDER BY expected.detector, parameters::text DESC;
INSERT INTO kind VALUES ('kswin', detector('kswin', '{"window_size": 60, "stat_size": 20, "seed": 7}')), ('cusum', detector('cusum', '{"mode": "both"}'));
CREATE TEMP TABLE million AS SELECT i, ((i * 48271 + i / 200000 * 5) % 2147483647 % 100 < 20 + i / 250000 * 10)::int::float8 AS x FROM generate_series(1, 1000000::bigint) AS i;
CREATE TEMP TABLE once AS SELECT kind, (SELECT detector_update_all(made, x) FROM million) AS made FROM kind;
CREATE TEMP TABLE pieces AS SELECT * FROM kind;
DO $$
DECLARE
    ends int[] := '{0,1,2,30,777,100000,100001,450000,999999,1000000}';
BEGIN
    FOR piece IN 1 .. cardinality(ends) - 1 LOOP
        UPDATE pieces SET made = detector_update_all(made, ARRAY(SELECT x FROM million WHERE i > ends[piece] AND i <= ends[piece + 1] ORDER BY i))::text::detector;
    END LOOP;
END
$$;
SELECT kind, num_values(o.made), num_drifts(o.made), last_drift(o.made), o.made::text = p.made::text AS same,
       detector_signal(o.made) = detector_signal(p.made) AS same_signal, length(detector_send(o.made)) AS bytes
  FROM once o JOIN pieces p USING (kind) ORDER BY kind;
-- stored, dumped and restored: text and binary
CREATE TABLE public.stored_detector (kind text, made detector);
INSERT INTO stored_detector SELECT * FROM once;
INSERT INTO stored_detector SELECT * FROM kind;
CREATE TEMP TABLE restored (LIKE stored_detector);
\copy stored_detector to program 'cat > "$PG_ABS_BUILDDIR/results/35_detectors.text"'
\copy restored from program 'cat "$PG_ABS_BUILDDIR/results/35_detectors.text"'
\copy stored_detector to program 'cat > "$PG_ABS_BUILDDIR/results/35_detectors.binary"' (format binary)
\copy restored from program 'cat "$PG_ABS_BUILDDIR/results/35_detectors.binary"' (format binary)
\! rm "$PG_ABS_BUILDDIR/results/35_detectors.text" "$PG_ABS_BUILDDIR/results/35_detectors.binary"
SELECT count(*) AS restored, bool_and(EXISTS (SELECT FROM stored_detector s WHERE s.kind = r.kind AND detector_send(s.made) = detector_send(r.made)
       AND s.made::text = r.made::text)) AS same FROM restored r;
-- what goes on from there is what goes on without
SELECT bool_and(detector_update_all(s.made, '{1,0,0,1,1,1}'::float8[])::text = detector_update_all(r.made, '{1,0,0,1,1,1}'::float8[])::text) AS same
  FROM stored_detector s JOIN restored r ON r.kind = s.kind AND detector_send(s.made) = detector_send(r.made);
DROP TABLE stored_detector;
-- one value a call, a window over a stored detector, and the aggregate of its own name agree
WITH RECURSIVE step AS (
    SELECT kind, 0 AS i, made FROM kind
    UNION ALL
    SELECT kind, step.i + 1, detector_update(made, (SELECT x FROM value WHERE stream = 'river_binomial' AND value.i = step.i + 900))
      FROM step WHERE step.i < 250
), signals AS (
    SELECT kind, i - 899 AS i, detector_signal(made, x) OVER (PARTITION BY kind ORDER BY i) AS signal
      FROM kind, value WHERE stream = 'river_binomial' AND i BETWEEN 900 AND 1149
)
SELECT kind, count(*), bool_and(detector_signal(made)::text = signal::text) AS same, count(*) FILTER (WHERE (signal).drift) AS drifts
  FROM step JOIN signals USING (kind) WHERE step.i = signals.i GROUP BY kind ORDER BY kind;
SELECT bool_and(same) AS same
  FROM (SELECT (adwin(x, '{"clock": 1}') OVER w)::text = (detector_signal(detector('adwin', '{"clock": 1}'), x) OVER w)::text AS same
          FROM value WHERE stream = 'river_integers' WINDOW w AS (ORDER BY i)) r;

\echo text form, parameters
SELECT kind::detector FROM unnest('{adwin,cusum,ddm,eddm,hddm_a,hddm_w,page_hinkley}'::text[]) AS kind;
SELECT left(detector('kswin')::text, 160) AS kswin, length(detector('kswin')::text);
SELECT detector('ddm')::text = detector('ddm'::text)::text AS literal, detector('ddm', NULL)::text = 'ddm'::detector::text AS no_parameters,
       detector('ddm', '{"warm_start": null}')::text = 'ddm'::detector::text AS null_parameter, detector(NULL, '{}') AS no_kind;
SELECT detector_update_all('adwin', '{1,2,3,4,5,6,7,8}'::float8[])::text::jsonb -> 'state' AS state;
SELECT detector('nonsense');
SELECT detector('nonsense'::text);
SELECT detector('adwin', '{"delta": 2}');
SELECT detector('adwin', '{"clock": 1.5}');
SELECT detector('adwin', '{"delta": "0.1"}');
SELECT detector('adwin', '{"alpha": 0.1}');
SELECT detector('adwin', '[0.1]');
SELECT detector('eddm', '{"alpha": 0.5}');
SELECT detector('kswin', '{"window_size": 50}');
SELECT detector('cusum', '{"mean": 5}');
SELECT detector('cusum', '{"threshold": 0}');
SELECT detector('hddm_a', '{"two_sided_test": 1}');
SELECT detector('page_hinkley', '{"mode": "sideways"}');
SELECT page_hinkley(1, '{"mode": "sideways"}');
-- nothing but what was printed
SELECT detector_update_all('ddm', '{0,1,0}'::float8[])::text AS good \gset
SELECT :'good'::detector::text = :'good' AS read;
CREATE FUNCTION pg_temp.refused(input text) RETURNS boolean LANGUAGE plpgsql AS
    $$BEGIN PERFORM input::monitor.detector; RETURN false; EXCEPTION WHEN invalid_text_representation THEN RETURN true; END$$;
SELECT count(*) AS changes, bool_and(pg_temp.refused(change)) AS refused
  FROM (VALUES (' ' || :'good'), (:'good' || ' '), (replace(:'good', '"detector":1', '"detector":2')), (replace(:'good', 'ddm', 'ddn')),
               (replace(:'good', '"n":3', '"n":4')), (replace(:'good', '"n":3', '"n":-3')), (replace(:'good', '"n":3', '"n":03')),
               (replace(:'good', 'false', 'true')), (replace(:'good', '"warm_start":30', '"warm_start":30.5')),
               (replace(:'good', '"warm_start":30', '"warm_start":-1')), (replace(:'good', '"s_min":0', '"s_min":2')),
               (replace(:'good', '"s_min":0', '"s_min":0.0')), (replace(:'good', '"values":3', '"values":99999999999999999999')),
               (left(:'good', -1)), (''), ('{}')) AS v(change);

\echo NULL and NaN change nothing, the signal of before stays
SELECT i, x, (s).*
  FROM (SELECT i, x, page_hinkley(x, '{"min_instances": 3, "threshold": 5}') OVER (ORDER BY i) AS s
          FROM unnest('{NULL,1,NaN,1,NULL,1,1,9,NULL,NaN,9,NULL}'::float8[]) WITH ORDINALITY AS v(x, i)) r;
SELECT adwin(x) AS no_row FROM value WHERE false;
SELECT adwin(NULL::float8), ddm(NULL::boolean), detector_signal(detector('ddm')), detector_update_all('ddm'::detector, NULL::float8) IS NOT NULL AS untouched;
SELECT detector_update_all(detector('ddm'), 1) IS NULL AS no_row FROM value WHERE false;
SELECT detector_update_all(NULL::detector, 1) IS NULL AS no_detector, detector_update(NULL, 1) IS NULL AS none,
       detector_update('ddm', NULL)::text = 'ddm'::detector::text AS null_value,
       detector_update_all('ddm', '{NULL,NaN}'::float8[])::text = 'ddm'::detector::text AS null_values,
       detector_update_all('ddm', '{}'::float8[])::text = 'ddm'::detector::text AS no_values, last_drift('ddm'::detector) IS NULL AS never;

\echo errors as boolean, as number, and with parameters
SELECT bool_and(ddm) AS ddm, bool_and(eddm) AS eddm, bool_and(hddm_a) AS hddm_a, bool_and(hddm_w) AS hddm_w,
       bool_and(parameters) AS parameters, bool_or(differs) AS that_matter
  FROM (SELECT (ddm(x) OVER w)::text = (ddm(x = 1) OVER w)::text AS ddm, (eddm(x) OVER w)::text = (eddm(x = 1) OVER w)::text AS eddm,
               (hddm_a(x) OVER w)::text = (hddm_a(x = 1) OVER w)::text AS hddm_a, (hddm_w(x) OVER w)::text = (hddm_w(x = 1) OVER w)::text AS hddm_w,
               (ddm(x = 1, '{"drift_threshold": 2.5}') OVER w)::text = (ddm(x, '{"drift_threshold": 2.5}') OVER w)::text AS parameters,
               (ddm(x = 1, '{"drift_threshold": 2.5}') OVER w)::text <> (ddm(x) OVER w)::text AS differs
          FROM value WHERE stream = 'river_binomial' WINDOW w AS (ORDER BY i)) r;

\echo windows: partitions, plain aggregates, moving frames
SELECT count(*), bool_and(moving::text = alone::text) AS same
  FROM (SELECT i, hddm_a(x) OVER (ORDER BY i ROWS 99 PRECEDING) AS moving,
               (SELECT hddm_a(x ORDER BY i) FROM value f WHERE f.stream = 'errors_abrupt' AND f.i BETWEEN v.i - 99 AND v.i) AS alone
          FROM value v WHERE stream = 'errors_abrupt' AND i BETWEEN 0 AND 400) r;
SELECT stream, (adwin(x ORDER BY i)).drift, round((adwin(x ORDER BY i)).estimate::numeric, 6) AS estimate FROM value WHERE stream LIKE 'numbers%' GROUP BY stream ORDER BY stream;
SELECT bool_and(a::text = b::text) AS read_only
  FROM (SELECT kswin(x) OVER w AS a, kswin(x) OVER (ORDER BY i ROWS UNBOUNDED PRECEDING) AS b FROM value WHERE stream = 'losses' WINDOW w AS (ORDER BY i)) r;

\echo what is refused
SELECT ddm(1.5);
SELECT eddm(0.5);
SELECT hddm_w(-1);
SELECT adwin('Infinity');
SELECT cusum(1e101);
SELECT detector_update('kswin', '-Infinity'::float8);
SELECT adwin(x, jsonb_build_object('delta', 0.1 + i * 0.1)) FROM unnest('{1,2}'::float8[]) WITH ORDINALITY AS v(x, i);
SELECT adwin(x, CASE WHEN i = 1 THEN '{}'::jsonb END) FROM unnest('{1,2}'::float8[]) WITH ORDINALITY AS v(x, i);
SELECT detector_update_all(made, 1) FROM kind;
