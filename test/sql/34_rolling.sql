-- Rolling metrics: every frame gives what computing it alone gives.
CREATE EXTENSION IF NOT EXISTS monitor;
SET search_path = monitor, public;

-- 3,000 rows in 3 groups: a plain score, one in a sliver, one of few values, one
-- with infinities, NaN and NULL; t has ties and gaps
CREATE TABLE public.scored AS
SELECT i, i % 3 AS g, i / 4 + (i / 500) * 40 AS t, u AS plain, 0.0001 + 0.0001 * u AS sliver, floor(u * 8) / 8 AS few,
       CASE i % 11 WHEN 0 THEN 'Infinity' WHEN 1 THEN '-Infinity' WHEN 2 THEN 'NaN' WHEN 3 THEN NULL WHEN 4 THEN '-0' ELSE round(u::numeric, 2)::float8 END AS wild,
       i AS rising, -i AS falling, v < u AS y, CASE WHEN i % 13 = 0 THEN NULL ELSE v < u END AS holes, i > 2000 AND v < u AS late,
       10 * u - 3 AS prediction, 10 * v - 3 AS truth
FROM (SELECT i, (hashint8extended(i, 1) & 1048575) / 1048576.0::float8 AS u, (hashint8extended(i, 2) & 1048575) / 1048576.0::float8 AS v FROM generate_series(1, 3000) AS i) AS r;

-- the plain way: all pairs
CREATE FUNCTION pg_temp.auc(score float8[], label boolean[]) RETURNS float8 LANGUAGE sql AS $$
	SELECT (2 * count(*) FILTER (WHERE p.s > n.s) + count(*) FILTER (WHERE p.s = n.s))::float8 / nullif(2 * count(*), 0)
	FROM unnest(score, label) AS p(s, y), unnest(score, label) AS n(s, y)
	WHERE p.y AND NOT n.y AND p.s <> 'NaN' AND n.s <> 'NaN'
$$;
-- rolling_auc of a frame beside all pairs of its rows; how many frames differ
CREATE FUNCTION pg_temp.differ(score text, label text, frame text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
	EXECUTE format($q$SELECT format('%%s frames, %%s of one class, %%s differ', count(*), count(*) FILTER (WHERE a IS NULL), count(*) FILTER (WHERE a IS DISTINCT FROM pg_temp.auc(s, l)))
		FROM (SELECT monitor.rolling_auc(%1$s, %2$s) OVER w AS a, array_agg(%1$s) OVER w AS s, array_agg(%2$s) OVER w AS l FROM scored WINDOW w AS (%3$s)) AS r$q$, score, label, frame) INTO result;
	RETURN result;
END $$;
SELECT score, pg_temp.differ(score, 'y', 'ORDER BY i ROWS 49 PRECEDING') FROM unnest(ARRAY['plain', 'sliver', 'few', 'wild', 'rising', 'falling', '0.5']) AS score;
SELECT label, pg_temp.differ('wild', label, 'ORDER BY i ROWS 29 PRECEDING') FROM unnest(ARRAY['y', 'holes', 'late', 'true', 'NULL::boolean']) AS label;
SELECT frame, pg_temp.differ('wild', 'holes', frame) FROM unnest(ARRAY[
	'PARTITION BY g ORDER BY i ROWS 20 PRECEDING', 'ORDER BY t RANGE 9 PRECEDING', 'ORDER BY t RANGE BETWEEN 12 PRECEDING AND 3 PRECEDING',
	'PARTITION BY g ORDER BY t DESC RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING', 'ORDER BY t GROUPS BETWEEN 4 PRECEDING AND 3 FOLLOWING',
	'ORDER BY i ROWS BETWEEN 10 FOLLOWING AND 40 FOLLOWING', 'ORDER BY i ROWS BETWEEN 30 PRECEDING AND 60 PRECEDING', 'ORDER BY i ROWS BETWEEN CURRENT ROW AND CURRENT ROW',
	'ORDER BY i ROWS BETWEEN 20 PRECEDING AND 20 FOLLOWING EXCLUDE CURRENT ROW', 'ORDER BY t GROUPS 3 PRECEDING EXCLUDE TIES', 'PARTITION BY i % 40 ORDER BY i',
	'PARTITION BY i % 40 ORDER BY i ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING', 'PARTITION BY i % 40']) AS frame;

\echo wide frames, as computed alone (and from labels as integers and as text)
SELECT count(*) AS frames, count(*) FILTER (WHERE w.plain IS DISTINCT FROM r.plain) AS plain, count(*) FILTER (WHERE w.wild IS DISTINCT FROM r.wild) AS wild,
       count(*) FILTER (WHERE w.as_integer IS DISTINCT FROM w.plain) AS as_integer, count(*) FILTER (WHERE w.as_text IS DISTINCT FROM w.wild) AS as_text
FROM (SELECT i, rolling_auc(plain, y) OVER w AS plain, rolling_auc(wild, holes) OVER w AS wild, rolling_auc(plain, y::integer) OVER w AS as_integer,
             rolling_auc(wild, CASE WHEN holes THEN 'bad' WHEN NOT holes THEN 'good' END, 'bad') OVER w AS as_text
      FROM scored WINDOW w AS (ORDER BY i ROWS 999 PRECEDING)) AS w
JOIN LATERAL (SELECT rolling_auc(plain, y) AS plain, rolling_auc(wild, holes) AS wild FROM scored s WHERE s.i BETWEEN w.i - 999 AND w.i) AS r ON w.i % 50 = 7;
\echo many rows: the frame that is left in the end, and what all frames add up to
-- (the server reads a partition that exceeds work_mem from disk, row by row)
SET work_mem = '64MB';
SELECT rolling_auc(s, y) AS alone FROM (SELECT (hashint8extended(i, 3) & 65535)::float8 * (hashint8extended(i, 5) & 65535) AS s, hashint8extended(i, 4) & 3 = 0 AS y FROM generate_series(100001, 200000) AS i) AS r \gset
SELECT count(*), count(a), max(a) FILTER (WHERE i = 200000) = :alone AS as_alone, round(sum(a)::numeric, 6) AS sum
FROM (SELECT i, rolling_auc(s, y) OVER (ORDER BY i ROWS 99999 PRECEDING) AS a
      FROM (SELECT i, (hashint8extended(i, 3) & 65535)::float8 * (hashint8extended(i, 5) & 65535) AS s, hashint8extended(i, 4) & 3 = 0 AS y FROM generate_series(1, 200000) AS i) AS r) AS w;
RESET work_mem;

\echo losses: beside the definitions
SELECT count(*) AS frames, count(*) FILTER (WHERE w.accuracy IS DISTINCT FROM r.accuracy) AS accuracy, count(*) FILTER (WHERE w.text_accuracy IS DISTINCT FROM r.accuracy) AS of_texts,
       max(abs(w.log_loss / r.log_loss - 1)) < 1e-14 AS log_loss, max(abs(w.brier / r.brier - 1)) < 1e-14 AS brier, max(abs(w.mae / r.mae - 1)) < 1e-14 AS mae,
       count(*) FILTER (WHERE r.one_class <> (w.log_loss IS NULL) OR r.one_class <> (w.brier IS NULL)) AS one_class
FROM (SELECT i, rolling_accuracy(few > 0.5, holes) OVER w AS accuracy, rolling_accuracy((few > 0.5)::text, holes::text) OVER w AS text_accuracy, rolling_log_loss(plain, holes) OVER w AS log_loss,
             rolling_brier_score(plain, holes) OVER w AS brier, rolling_mean_absolute_error(prediction, truth) OVER w AS mae
      FROM scored WINDOW w AS (ORDER BY i ROWS 49 PRECEDING)) AS w,
LATERAL (SELECT avg(((few > 0.5) = holes)::integer)::float8 AS accuracy, count(DISTINCT holes) < 2 AS one_class,
                avg(-ln(least(greatest(CASE WHEN holes THEN plain ELSE 1 - plain END, 2 ^ (-52)), 1 - 2 ^ (-52)))) FILTER (WHERE holes IS NOT NULL) AS log_loss,
                avg((plain - holes::integer) ^ 2) AS brier, avg(abs(prediction - truth)) AS mae
         FROM scored s WHERE s.i BETWEEN w.i - 49 AND w.i) AS r;
\echo losses: bit for bit what the frame alone gives
SELECT count(*) AS frames, count(*) FILTER (WHERE w.log_loss IS DISTINCT FROM r.log_loss) AS log_loss, count(*) FILTER (WHERE w.brier IS DISTINCT FROM r.brier) AS brier,
       count(*) FILTER (WHERE w.mae IS DISTINCT FROM r.mae) AS mae, count(*) FILTER (WHERE w.accuracy IS DISTINCT FROM r.accuracy) AS accuracy
FROM (SELECT i, rolling_log_loss(few, holes::integer) OVER w AS log_loss, rolling_brier_score(few, holes::text, 'true') OVER w AS brier,
             rolling_mean_absolute_error(wild * 1e300, truth) OVER w AS mae, rolling_accuracy(i % 5, i % 7) OVER w AS accuracy
      FROM scored WINDOW w AS (ORDER BY t RANGE 9 PRECEDING)) AS w,
LATERAL (SELECT rolling_log_loss(few, holes) AS log_loss, rolling_brier_score(few, holes) AS brier, rolling_mean_absolute_error(wild * 1e300, truth) AS mae, rolling_accuracy(i % 5, i % 7) AS accuracy
         FROM scored s WHERE s.t BETWEEN (SELECT t FROM scored c WHERE c.i = w.i) - 9 AND (SELECT t FROM scored c WHERE c.i = w.i)) AS r;
\echo no error accumulates: large errors leave nothing behind
SELECT i, rolling_mean_absolute_error(p, 0) OVER (ORDER BY i ROWS 1 PRECEDING) AS mae
FROM (VALUES (1, 0.1::float8), (2, 1e308), (3, 1e308), (4, 0.1), (5, 0.2), (6, 'Infinity'), (7, 0.1), (8, 0.3), (9, 1e-320), (10, 1e-320)) AS v(i, p);
\echo each mean absolute error is the double nearest to the exact one
SELECT count(*) AS frames, count(*) FILTER (WHERE w.mae IS DISTINCT FROM r.mae) AS differ
FROM (SELECT i, rolling_mean_absolute_error(floor(1024 * plain) / 1024, floor(1024 * truth) / 1024) OVER (ORDER BY i ROWS 6 PRECEDING) AS mae FROM scored) AS w,
LATERAL (SELECT (sum(abs((floor(1024 * plain) / 1024)::numeric - (floor(1024 * truth) / 1024)::numeric)) / count(*)::numeric(40, 30))::float8 AS mae FROM scored s WHERE s.i BETWEEN w.i - 6 AND w.i) AS r;

\echo edges
SELECT rolling_auc(s, y), rolling_log_loss(s, y), rolling_brier_score(s, y), rolling_accuracy(y, y), rolling_mean_absolute_error(s, s) FROM (VALUES (0.5::float8, true)) AS v(s, y) WHERE false;
SELECT rolling_auc(s, y), rolling_log_loss(s, y), rolling_brier_score(s, y), rolling_accuracy(y, y), rolling_mean_absolute_error(s, s) FROM (VALUES (0.5::float8, true), (NULL, false), ('NaN', false), (0.5, NULL)) AS v(s, y);
SELECT rolling_log_loss(s, y) AS clipped, rolling_brier_score(s, y) AS brier FROM (VALUES (0::float8, true), (1, false)) AS v(s, y);
SELECT rolling_mean_absolute_error(a, b) AS same_infinity FROM (VALUES ('Infinity'::float8, 'Infinity'::float8), ('-Infinity', '-Infinity')) AS v(a, b);
SELECT i, rolling_mean_absolute_error(a, b) OVER (ORDER BY i ROWS 1 PRECEDING) AS mae, rolling_accuracy(a > 1, b > 1) OVER (ORDER BY i ROWS 1 PRECEDING) AS accuracy
FROM (VALUES (1, 1::float8, NULL::float8), (2, NULL, 1), (3, 'NaN', 1), (4, 3, 1)) AS v(i, a, b);
SELECT rolling_auc(s, y) FILTER (WHERE s > 0.2) OVER (ORDER BY s ROWS 2 PRECEDING) FROM (VALUES (0.1::float8, true), (0.3, false), (0.4, true), (0.5, false)) AS v(s, y);

\echo refused
\set VERBOSITY default
SELECT rolling_auc(0.5, 2);
SELECT rolling_auc(0.5, 'a', NULL);
SELECT rolling_log_loss(1.5, true);
SELECT rolling_brier_score(s, true) OVER (ORDER BY s) FROM (VALUES ('-Infinity'::float8)) AS v(s);
\set VERBOSITY terse
SET monitor.max_aggregate_memory = '64kB';
SELECT count(a) FROM (SELECT rolling_auc(i, i % 2) OVER (ORDER BY i ROWS 99 PRECEDING) AS a FROM generate_series(1, 100000) AS i) AS r;
\set VERBOSITY sqlstate
SELECT count(a) FROM (SELECT rolling_auc(i, i % 2) OVER (ORDER BY i ROWS 9999 PRECEDING) AS a FROM generate_series(1, 100000) AS i) AS r;
\set VERBOSITY default
RESET monitor.max_aggregate_memory;
DROP TABLE public.scored;
