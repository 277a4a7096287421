#!/bin/sh
# Goal 3 of the design: roc_auc beside sum(x) over the same table of seven columns,
# and what the other metrics of scores cost.
# shellcheck source=bench/lib.sh
. "$(dirname "$0")/lib.sh"

say "### Metrics of scores"
say ""
begin

# A calibrated model; tied holds the scores in percent.
sql <<'SQL'
CREATE UNLOGGED TABLE score_rows AS
SELECT id, ts, model, x, bench.uniform(id, 11) < x AS label, round(x::numeric, 2)::float8 AS tied, 1 + bench.uniform(id, 12) AS w
FROM (SELECT i AS id, timestamptz '2026-01-01 00:00+00' + i * interval '0.25 s' AS ts, (i % 7)::integer AS model,
             1 / (1 + exp(-bench.normal(i, 1))) AS x
      FROM (SELECT generate_series(1, :rows::bigint) AS i) s OFFSET 0) r;
SQL
cache score_rows

auc='SELECT monitor.roc_auc(x, label) FROM score_rows'
floor='SELECT sum(x) FROM score_rows'
tied='SELECT monitor.roc_auc(tied, label) FROM score_rows'
integer='SELECT monitor.roc_auc(x, label::integer) FROM score_rows'
weighted='SELECT monitor.roc_auc(x, label, w) FROM score_rows'
test='SELECT (monitor.roc_auc_test(x, label)).auc FROM score_rows'
compare='SELECT (monitor.roc_auc_compare(x, tied, label)).auc_a FROM score_rows'
weighted_test='SELECT (monitor.roc_auc_test(x, label, w)).auc FROM score_rows'
weighted_compare='SELECT (monitor.roc_auc_compare(x, tied, label, w)).auc_a FROM score_rows'
seven="SELECT monitor.roc_auc(x, label) + 0 * (monitor.average_precision(x, label) + monitor.log_loss(x, label) + monitor.brier_score(x, label)
    + monitor.calibration_error(x, label) + monitor.gini(x, label) + monitor.ks_score(x, label)) FROM score_rows"
ks='SELECT (monitor.ks_stat(x, label)).statistic FROM score_rows'
# the sum of the positives' midranks, without ties
pure_sql="SELECT (sum(r) - count(*) * (count(*) + 1) / 2.0) / count(*) / ((SELECT count(*) FROM score_rows) - count(*))
    FROM (SELECT rank() OVER (ORDER BY x) AS r, label FROM score_rows) t WHERE label"
for workers in 1 2; do
    launched $workers "$auc"
done

race "$ROUNDS" auc 0 "$auc" sum 0 "$floor" ks 0 "$ks"
race "$ROUNDS" 'auc 1' 1 "$auc" 'sum 1' 1 "$floor"
race "$ROUNDS" tied 0 "$tied" 'sum tied' 0 'SELECT sum(tied) FROM score_rows' integer 0 "$integer" seven 0 "$seven" test 0 "$test" 'sum again' 0 "$floor"
race 3 weighted 0 "$weighted" compare 0 "$compare" 'weighted test' 0 "$weighted_test" 'weighted compare' 0 "$weighted_compare" 'sum thrice' 0 "$floor"
race 1 'auc beside sql' 0 "$auc" sql 0 "$pure_sql"
notes "bench.same('auc', 'sql', 1e-9)" "bench.same('auc', 'auc 1', 0)" "bench.same('auc', 'test', 0)" "bench.same('auc', 'compare', 0)" \
    "bench.same('auc', 'integer', 0)" "bench.same('auc', 'seven')" "bench.same('weighted', 'weighted test', 0)" "bench.same('weighted', 'weighted compare', 0)"

header
line 'roc_auc(x, label)' auc 'sum(x)' sum '<=' 1.8
line 'the same, 1 worker' 'auc 1' 'sum(x), 1 worker' 'sum 1' '<='
line 'roc_auc(x, label)' auc 'ks_stat(x, label)' ks '<='
line '101 distinct scores' tied 'sum(tied)' 'sum tied' '<='
line 'label 0 or 1' integer 'sum(x)' 'sum again' '<='
line 'seven metrics in one query' seven 'sum(x)' 'sum again' '<='
line 'roc_auc_test(x, label)' test 'sum(x)' 'sum again' '<='
line 'roc_auc(x, label, weight)' weighted 'sum(x)' 'sum thrice' '<='
line 'roc_auc_compare(x, y, label)' compare 'sum(x)' 'sum thrice' '<='
line 'roc_auc_test(x, label, weight)' 'weighted test' 'sum(x)' 'sum thrice' '<='
line 'roc_auc_compare(x, y, label, weight)' 'weighted compare' 'sum(x)' 'sum thrice' '<='
line 'roc_auc(x, label)' 'auc beside sql' 'pure SQL' sql '>='
keep 03_roc_auc
