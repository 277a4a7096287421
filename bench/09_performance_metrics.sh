#!/bin/sh
# What the metrics of classes, numbers, ranked lists and groups, the detectors and the
# profiles of outcomes cost, beside sum(x) over the same table.
#   BENCH_ROWS     a tenth of them are taken
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

say "### Metrics of classes, numbers, lists and groups; detectors; profiles of outcomes"
say ""
begin
sql <<'SQL'
CREATE UNLOGGED TABLE outcome_rows AS
SELECT id, query, x, bench.uniform(id, 11) < x AS label, (x > 0.5) AS said, least(9, (10 * x)::integer) AS class, least(9, greatest(0, (10 * x + bench.normal(id, 3))::integer)) AS truth,
    10 * x + bench.normal(id, 4) AS y, 10 * x AS y_said, CASE id % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' ELSE 'west' END AS region
FROM (SELECT i AS id, i % (:rows / 200) AS query, 1 / (1 + exp(-bench.normal(i, 1))) AS x FROM (SELECT generate_series(1, :rows::bigint / 10) AS i) s OFFSET 0) r;
CREATE TABLE edges AS SELECT monitor.score_edges(monitor.profile_edges(x, 100), '{0.5}') AS score, monitor.profile_edges(y_said, 100) AS number FROM outcome_rows;
ALTER TABLE edges SET (parallel_workers = 0);
SQL
cache outcome_rows

# over JOB EXPRESSION LABEL: one race with the floor, one line
over() {
    race "$ROUNDS" "$1" 0 "SELECT $2 FROM outcome_rows" "sum $1" 0 'SELECT sum(x) FROM outcome_rows'
    line "$2" "$1" 'sum(x)' "sum $1" '<='
}

header
over accuracy 'monitor.accuracy_score(class, truth)'
over f1 "monitor.f1_score(class, truth, 'macro')"
over binary 'monitor.f1_score(said, label)'
over report 'cardinality(monitor.classification_report(class, truth))'
over mae 'monitor.mean_absolute_error(y_said, y)'
over r2 'monitor.r2_score(y_said, y)'
over curve 'cardinality(monitor.roc_curve(x, label))'
over calibration 'monitor.calibration_error(x, label)'
over fairness '(monitor.demographic_parity_difference(said, label, region)).difference'
over opportunity '(monitor.equal_opportunity_difference(said, label, region)).difference'
over score_profile 'monitor.num_rows(monitor.score_profile(x, label, (SELECT score FROM edges)))'
over error_profile 'monitor.num_rows(monitor.error_profile(y_said, y, (SELECT number FROM edges)))'

say ""
say "Each list has about 20 rows; the floor is the sum in the same groups."
header
for metric in 'ndcg(x, class)' 'precision_at_k(x, label, 5)' 'average_precision_at_k(x, label, 5)' 'reciprocal_rank(x, label)'; do
    race "$ROUNDS" "$metric" 0 "SELECT avg(v) FROM (SELECT monitor.$metric AS v FROM outcome_rows GROUP BY query) AS t" \
        "sum $metric" 0 'SELECT avg(v) FROM (SELECT sum(x) AS v FROM outcome_rows GROUP BY query) AS t'
    line "monitor.$metric" "$metric" 'sum(x)' "sum $metric" '<='
done

say ""
say "Detectors give a row for each row, as \`OVER (ORDER BY id)\`; the floor is \`count(x)\` over the same frame."
header
for detector in 'adwin(x)' 'cusum(x)' 'ddm(label)' 'eddm(label)' 'hddm_a(label)' 'hddm_w(label)' 'kswin(x)' 'page_hinkley(x)'; do
    race 3 "$detector" 0 "SELECT count(*) FILTER (WHERE (d).drift) FROM (SELECT monitor.$detector OVER (ORDER BY id) AS d FROM outcome_rows OFFSET 0) AS t" \
        "count $detector" 0 'SELECT sum(d) FROM (SELECT count(x) OVER (ORDER BY id) AS d FROM outcome_rows OFFSET 0) AS t'
    line "monitor.$detector" "$detector" 'count(x)' "count $detector" '<='
done

say ""
sql <<'SQL'
CREATE TABLE known AS SELECT monitor.score_profile(x, label, (SELECT score FROM edges)) AS reference, monitor.error_profile(y_said, y, (SELECT number FROM edges)) AS errors FROM outcome_rows;
SELECT clock_timestamp() AS started \gset
SELECT count(monitor.estimate_performance(reference, reference)) AS n FROM known, generate_series(1, 100) \gset
SELECT clock_timestamp() AS between \gset
SELECT count(monitor.roc_auc(reference)) AS n FROM known, generate_series(1, 100) \gset
SELECT clock_timestamp() AS ended \gset
SELECT format('- one `estimate_performance` of two profiles of 100 bins: %s ms; one `roc_auc` of a profile: %s ms',
    round(10 * extract(epoch FROM :'between'::timestamptz - :'started'::timestamptz), 2), round(10 * extract(epoch FROM :'ended'::timestamptz - :'between'::timestamptz), 3));
SQL
keep 09_performance_metrics
