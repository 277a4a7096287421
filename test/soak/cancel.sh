#!/bin/sh
# How long a statement timeout of 200 ms takes to stop each aggregate over ten
# million rows: it must be under a second.  Needs libpq's environment
# (scripts/with_server.sh).
set -eu
psql -qX -v ON_ERROR_STOP=1 <<'SQL'
CREATE EXTENSION IF NOT EXISTS monitor;
DROP TABLE IF EXISTS cancel_rows;
CREATE UNLOGGED TABLE cancel_rows AS
SELECT random() AS x, 'c' || i AS c, i % 2 = 0 AS f FROM generate_series(1, 10000000) i;
ANALYZE cancel_rows;
SQL
failed=0
for call in 'ks_stat(x, f)' 'mann_whitney(x, f)' 'cramer_von_mises(x, f)' 'anderson_darling(x, f)' 'welch_t(x, f)' \
    'wasserstein_distance(x, f)' 'energy_distance(x, f)' 'psi(x, f)' 'js_distance(x, f)' 'chi2_drift(c, f)' 'g_test(c, f)' \
    'psi(c, f)' 'profile_edges(x, 1000)' 'profile_categories(c, 1000)' "profile(x, '{0.5}'::float8[])"; do
    # cancelled at several points: while collecting, sorting and computing
    for timeout in 200 1500 2500 3500; do
        late=$(psql -qXAt <<SQL
SET max_parallel_workers_per_gather = 0;
SET monitor.max_aggregate_memory = '8GB';
SET statement_timeout = $timeout;
SELECT clock_timestamp() AS start \\gset
\\o /dev/null
\\set VERBOSITY terse
SELECT monitor.$call FROM cancel_rows;
\\o
RESET statement_timeout;
SELECT greatest(0, round(1000 * extract(epoch FROM clock_timestamp() - :'start'::timestamptz)) - $timeout);
SQL
) 2>/dev/null
        if [ "$late" -ge 1000 ]; then
            failed=$((failed + 1))
            echo "not ok - $call, cancelled after $timeout ms, went on for $late ms"
        else
            echo "ok - $call, cancelled after $timeout ms, went on for $late ms"
        fi
    done
done
psql -qX -c 'DROP TABLE cancel_rows'
[ $failed -eq 0 ]
