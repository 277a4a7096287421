#!/bin/sh
# Goal 4 of the design: the exact rolling_auc beside count(score) over the same
# frames of a tenth of the rows; narrow and wide frames, and scores that are hard
# to tell apart.
. "$(dirname "$0")/lib.sh"

say "### Rolling area under the ROC curve"
say ""
begin

# Scores of a model with some skill, one positive in five; the same squeezed into
# a sliver, over many magnitudes, rounded, and in rising order.
sql <<'SQL'
CREATE UNLOGGED TABLE scored_rows AS
SELECT 1 / (1 + exp(-z)) AS score, label
FROM (SELECT i, label, bench.normal(i, 1) + label::integer - 1 AS z
      FROM (SELECT i, bench.uniform(i, 9) < 0.2 AS label FROM (SELECT generate_series(1, :rows::bigint / 10) AS i) s OFFSET 0) l OFFSET 0) r;
CREATE UNLOGGED TABLE hard_rows AS
SELECT 0.0001 + 0.0001 * score AS sliver, exp(10 * ln(score / (1 - score))) AS skewed, round(score::numeric, 3)::float8 AS rounded,
       row_number() OVER ()::float8 AS rising, label
FROM scored_rows;
SQL
cache scored_rows
cache hard_rows

# Rows come as they are stored: nothing is sorted, so that the metric is compared
# with the window alone.
over() {        # over EXPRESSION WIDTH [TABLE]: what all its frames add up to
    echo "SELECT sum(a) FROM (SELECT $1 OVER (ROWS $(($2 - 1)) PRECEDING) AS a FROM ${3:-scored_rows}) w"
}
auc() { echo "monitor.rolling_auc($1, label)"; }

widths="1000 10000 100000"
for width in $widths; do
    race "$ROUNDS" "auc $width" 0 "$(over "$(auc score)" "$width")" "count $width" 0 "$(over 'count(score)' "$width")"
done
for column in sliver skewed rounded rising; do
    race 3 "$column 1000" 0 "$(over "$(auc $column)" 1000 hard_rows)" "$column 100000" 0 "$(over "$(auc $column)" 100000 hard_rows)" \
        "count $column" 0 "$(over "count($column)" 1000 hard_rows)"
done
for loss in log_loss brier_score; do
    race 3 "$loss" 0 "$(over "monitor.rolling_$loss(score, label)" 100000)" "count $loss" 0 "$(over 'count(score)' 100000)"
done
race 3 accuracy 0 "$(over 'monitor.rolling_accuracy(score > 0.5, label)' 100000)" 'count accuracy' 0 "$(over 'count(score > 0.5)' 100000)" \
    mae 0 "$(over 'monitor.rolling_mean_absolute_error(score, 0.5)' 100000)"

header
for width in $widths; do
    line "rolling_auc(score, label), frames of $width" "auc $width" 'count(score), same frames' "count $width" '<=' 1.8
done
line 'frames of 100,000' 'auc 100000' 'frames of 1,000' 'auc 1000' '<='
for column in sliver skewed rounded rising; do
    line "$column scores, frames of 1,000" "$column 1000" 'count(score)' "count $column" '<='
    line "$column scores, frames of 100,000" "$column 100000" 'count(score)' "count $column" '<='
done
line 'rolling_log_loss, frames of 100,000' log_loss 'count(score), same frames' 'count log_loss' '<='
line 'rolling_brier_score, frames of 100,000' brier_score 'count(score), same frames' 'count brier_score' '<='
line 'rolling_accuracy, frames of 100,000' accuracy 'count(score > 0.5), same frames' 'count accuracy' '<='
line 'rolling_mean_absolute_error, frames of 100,000' mae 'count(score > 0.5), same frames' 'count accuracy' '<='
keep 04_rolling_auc
