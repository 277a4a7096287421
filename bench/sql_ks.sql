-- The fastest pure SQL that we found for the two-sample KS statistic D: one sort
-- and one window.  A row of the current sample moves the running sum up by the
-- number of reference rows, one of the reference moves it down by the number of
-- current rows: whole numbers below 2^53, so the sum is exact in doubles, and
-- there is one division in all.  The default frame takes ties together.
WITH size AS MATERIALIZED (
    SELECT count(*) FILTER (WHERE lbl = 0)::double precision AS n, count(*) FILTER (WHERE lbl = 1)::double precision AS m
    FROM ks_rows
), step AS (
    SELECT x, CASE WHEN lbl = 1 THEN (SELECT n FROM size) ELSE -(SELECT m FROM size) END AS step FROM ks_rows OFFSET 0
), path AS (
    SELECT sum(step) OVER (ORDER BY x) AS height FROM step
)
SELECT max(abs(height)) / (SELECT n * m FROM size) FROM path;
