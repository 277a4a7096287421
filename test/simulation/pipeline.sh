#!/bin/sh
# pipeline.sh [reduced|full [RUNS [FIRST]]]: the scenarios of watch.c through the real pipeline: rows in a
# table, create_model, a run a day.  Fails if models without drift raise more than the rule
# allows, or drift is not found in time.  reduced: one run of three small scenarios.
#   SIMULATION_FEATURES   features of a model in full (10)
cd "$(dirname "$0")/../.." || exit
. scripts/lib.sh

mode=${1:-reduced}
features=${SIMULATION_FEATURES:-10}
runs=${2:-20}
first=${3:-1}   # number of the first run, for halves that two servers take
if [ "$mode" = reduced ]; then
    features=4
    runs=${2:-1}
fi
PGDATABASE=monitor_pipeline
export PGDATABASE
dropdb --if-exists --force monitor_pipeline 2>/dev/null
createdb monitor_pipeline
psql -Xq -v ON_ERROR_STOP=1 -c 'SET client_min_messages = error' -c 'CREATE EXTENSION monitor' -f test/simulation/pipeline.sql
psql -Xq -c "ALTER DATABASE monitor_pipeline SET client_min_messages = error"

# scenario NAME GRANULARITY ROWS BASELINE-ROWS CLUSTER WANDER DIURNAL WEEKEND SHIFT MOST-DELAY
number=0
scenario() {
    number=$((number + 1))
    name=$1
    run=$first
    while [ "$run" -lt $((first + runs)) ]; do
        psql -XAtq -v ON_ERROR_STOP=1 <<SQL
SELECT setseed(($number + $run / 1000.0) / 100) \g /dev/null
SELECT simulation.fill('$2', $features, $3, $4, $5, $6, $7, $8, $9) \g /dev/null
$(psql -XAtqc "SELECT format('SET monitor.mock_now = %L; CALL monitor.run_model(''simulated'');', t) FROM generate_series('2026-02-01 00:00+00'::timestamptz, '2026-05-02 00:00+00', '1 $( [ "$mode" = reduced ] && echo week || echo day)') AS t")
SELECT simulation.note($number, $run) \g /dev/null
SQL
        run=$((run + 1))
    done
    psql -XAtq -v number="$number" -v name="$name" -v runs="$runs" -v shift="$9" -v most="${10}" <<'SQL'
SELECT format('# %s: %s runs; false verdicts %s, in runs %s; KS at 5 %% a look would have raised %s; found in %s, after %s buckets; closed %s after', :'name', count(*), sum(t.false_verdicts),
    count(*) FILTER (WHERE t.false_verdicts > 0), sum(t.by_ks), count(t.delay), coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY t.delay)::text, '-'),
    coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY t.closing)::text, '-')) FROM simulation.tally t WHERE t.scenario = :number;
-- one model in twenty may raise one: more than this many of n have a chance of a hundredth
SELECT format('%s %s - %s: %s of %s raised without drift', CASE WHEN count(*) FILTER (WHERE t.false_verdicts > 0) <= ceil(count(*) * 0.05 + 2.33 * sqrt(count(*) * 0.0475) - 0.9) THEN 'ok' ELSE 'not ok' END,
    2 * :number - 1, :'name', count(*) FILTER (WHERE t.false_verdicts > 0), count(*)) FROM simulation.tally t WHERE t.scenario = :number;
SELECT format('%s %s - %s: found after %s buckets, at most %s', CASE WHEN :shift = 0 OR percentile_disc(0.5) WITHIN GROUP (ORDER BY coalesce(t.delay, 1000000)) <= :most THEN 'ok' ELSE 'not ok' END,
    2 * :number, :'name', percentile_disc(0.5) WITHIN GROUP (ORDER BY t.delay), :most) FROM simulation.tally t WHERE t.scenario = :number AND :shift > 0 HAVING count(*) > 0
UNION ALL SELECT format('ok %s - %s: every run ended', 2 * :number, :'name') WHERE :shift = 0 AND (SELECT count(*) FROM simulation.tally t WHERE t.scenario = :number) = :runs;
SQL
}

if [ "$mode" = reduced ]; then
    scenario "independent rows, hourly" hour 20 20 1 0 0 0 0 0
    scenario "clusters of 10, days that wander" day 200 400 10 0.05 0 0 0 0
    scenario "0.5 sigma, 500 rows a day" day 500 500 1 0 0 0 0.5 3
else
    scenario "independent rows, hourly" hour 1000 1000 1 0 0 0 0 0
    scenario "baseline of 1,500 rows" hour 1000 2 1 0 0 0 0 0
    scenario "clusters of 10 rows" hour 1000 1000 10 0 0 0 0 0
    scenario "days wander by 0.02 sigma" hour 1000 1000 1 0.02 0 0 0 0
    scenario "days wander by 0.1 sigma" hour 1000 1000 1 0.1 0 0 0 0
    scenario "season" hour 1000 1000 1 0 0.3 0.2 0 0
    scenario "0.5 sigma, 1,000 rows an hour" hour 1000 1000 1 0 0 0 0.5 1
    scenario "0.5 sigma, 500 rows a day" day 500 5000 1 0 0 0 0.5 2
    scenario "0.5 sigma, 200 rows a day" day 200 5000 1 0 0 0 0.5 2
    scenario "0.5 sigma, 50 rows a day" day 50 5000 1 0 0 0 0.5 11
fi
echo "1..$((2 * number))"
unset PGDATABASE
dropdb --force monitor_pipeline
