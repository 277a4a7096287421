-- What other libraries return where they are wrong, one-sided or differently
-- defined, beside ours.  Theirs are committed (test/oracle/peers.csv, made by
-- running the named versions); ours are computed here, in 6 digits.
\set ECHO none
\pset format unaligned
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS monitor;
\set load `echo "$PG_ABS_SRCDIR/oracle/load.sql"`
\i :load
CREATE TEMP TABLE peer (number serial, peer text, version text, what text, case_name text, theirs text,
    statistic_name text, field text, bins int);
\copy peer (peer, version, what, case_name, theirs, statistic_name, field, bins) from program 'cat "$PG_ABS_SRCDIR/oracle/peers.csv"' with (format csv, header)

CREATE TEMP TABLE ours (number int, value float8);
DO $$
DECLARE
    p record;
BEGIN
    FOR p IN SELECT DISTINCT peer.*, kind FROM peer JOIN part USING (case_name) LOOP
        EXECUTE format('INSERT INTO ours SELECT %s, %s FROM %I WHERE case_name = %L', p.number,
                       format(CASE WHEN p.statistic_name IN ('psi', 'js_distance', 'hellinger_distance', 'tv_distance',
                                                             'l_infinity_distance', 'kl_divergence',
                                                             'wasserstein_distance', 'energy_distance')
                              THEN 'monitor.%I(value, is_current%s)' ELSE '(monitor.%I(value, is_current%s)).%I' END,
                              p.statistic_name, ', ' || p.bins, p.field),
                       p.kind || '_row', p.case_name);
    END LOOP;
END
$$;
SELECT peer, what, theirs, statistic_name || CASE field WHEN 'statistic' THEN '' ELSE ' ' || field END AS statistic,
       trim(to_char(value, '9.99999EEEE')) AS ours
  FROM peer LEFT JOIN ours USING (number) ORDER BY number;
