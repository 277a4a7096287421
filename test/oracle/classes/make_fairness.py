"""Writes fairness_rows.csv and fairness_values.csv: fairlearn, limits by statsmodels. See README.md."""
import math
import random
import warnings

import numpy as np
from fairlearn import metrics as fair
from sklearn.metrics import confusion_matrix, precision_score
from statsmodels.stats.proportion import confint_proportions_2indep

from common import number, write

warnings.filterwarnings("ignore")
RATES = {
    "demographic_parity_difference": fair.selection_rate,
    "equal_opportunity_difference": fair.true_positive_rate,
    "predictive_parity_difference": lambda t, p, sample_weight: precision_score(t, p, sample_weight=sample_weight, zero_division=np.nan),
    "predictive_equality_difference": fair.false_positive_rate,
}
# rows that are hits, rows that they are a share of
ROWS = {
    "demographic_parity_difference": lambda p, t: (p, p | True),
    "equal_opportunity_difference": lambda p, t: (p & t, t),
    "predictive_parity_difference": lambda p, t: (p & t, p),
    "predictive_equality_difference": lambda p, t: (p & ~t, ~t),
}
# the same of a confusion matrix
CELLS = {
    "demographic_parity_difference": lambda tn, fp, fn, tp: (tp + fp) / (tn + fp + fn + tp),
    "equal_opportunity_difference": lambda tn, fp, fn, tp: tp / (tp + fn),
    "predictive_parity_difference": lambda tn, fp, fn, tp: tp / (tp + fp),
    "predictive_equality_difference": lambda tn, fp, fn, tp: fp / (fp + tn),
}


def draw(rng, groups):
    rows = []
    for name, n, base, bias in groups:
        for _ in range(n):
            truth = rng.random() < base
            rows.append((rng.random() < (0.7 if truth else 0.3) + bias, truth, name))
    rng.shuffle(rows)
    return rows


def cases():
    rng = random.Random(20260803)
    yield "two groups", draw(rng, [("f", 120, 0.4, -0.1), ("m", 150, 0.5, 0.1)])
    yield "no difference", draw(rng, [("f", 500, 0.5, 0), ("m", 500, 0.5, 0)])
    yield "five groups", draw(rng, [(g, n, 0.4, b) for g, n, b in zip("abcde", (200, 80, 30, 300, 25), (0, 0.1, -0.2, 0.05, 0))])
    yield "twenty groups", draw(rng, [(f"g{i:02}", 20 + 7 * i, 0.5, 0.01 * (i % 4)) for i in range(20)])
    yield "extremes", [(True, True, "all")] * 9 + [(True, False, "all")] * 4 + [(False, True, "none")] * 7 + [(False, False, "none")] * 5
    yield "equal shares", [(p, t, g) for g in ("x", "y", "z") for p in (True, False) for t in (True, False)]
    yield "one row each", [(True, True, "a"), (False, True, "b")]
    yield "group without positives", draw(rng, [("f", 60, 0.4, 0), ("m", 50, 0.5, 0.1), ("none", 30, 0, 0)])
    yield "one group", draw(rng, [("f", 60, 0.4, 0)])


def weighted(cases):
    """(prediction, truth, group, weight); a tenth of the weights are 0."""
    rng = random.Random(20260804)
    for name, rows in cases:
        yield name, [(*row, 0.0 if len(rows) > 2 and rng.random() < 0.1 else rng.choice([1.0, 2.5, rng.expovariate(0.1)])) for row in rows]


def effective(weight, hit):
    """Rows of equal weight that say as much: Kish's number, or that of the linearised variance of the share, if smaller."""
    total = math.fsum(weight)
    kish = total ** 2 / math.fsum(w * w for w in weight)
    p = math.fsum(w for w, h in zip(weight, hit) if h) / total
    variance = math.fsum((w * (h - p)) ** 2 for w, h in zip(weight, hit)) / total ** 2
    return min(kish, p * (1 - p) / variance) if variance > 0 else kish


def value(metric, rows):
    groups = {}
    for name in sorted({row[2] for row in rows}):
        p, t, w = (np.array([row[i] for row in rows if row[2] == name]) for i in (0, 1, 3))
        hits, among = ROWS[metric](p, t)
        if math.fsum(w[among]) > 0:
            groups[name] = (math.fsum(w[hits]) / math.fsum(w[among]), effective(w[among], hits[among]))
            assert abs(groups[name][0] - CELLS[metric](*confusion_matrix(t, p, sample_weight=w, labels=[False, True]).ravel())) < 1e-14
    if len(groups) < 2:
        return [""] * 8
    highest = max(groups, key=lambda g: groups[g][0])
    lowest = min((g for g in groups if g != highest), key=lambda g: groups[g][0])
    known = [row for row in rows if row[2] in groups]  # fairlearn gives 0 where a group has no rate
    p, t, g, w = (np.array(column) for column in zip(*known))
    frame = fair.MetricFrame(metrics=RATES[metric], y_true=t, y_pred=p, sensitive_features=g, sample_params={"sample_weight": w})
    difference = frame.difference(method="between_groups")
    assert abs(frame.by_group[highest] - frame.by_group.max()) < 1e-15
    pairs = len(groups) * (len(groups) - 1) / 2
    counts = [x for g in (highest, lowest) for x in (groups[g][0] * groups[g][1], groups[g][1])]
    low, high = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=0.05 / pairs)
    return [number(difference), number(low), number(high), highest, lowest, number(frame.by_group[highest]),
            number(frame.by_group[lowest]), len(groups)]


if __name__ == "__main__":
    given = list(weighted(cases()))
    write("fairness_rows.csv", ["case_name", "prediction", "truth", "group_name", "weight"],
          [[name, "ft"[p], "ft"[t], g, number(w)] for name, rows in given for p, t, g, w in rows])
    write("fairness_values.csv", ["metric", "case_name", "weighted", "difference", "low", "high", "highest_group", "lowest_group", "highest_share",
                                  "lowest_share", "n_groups"],
          [[metric, name, "ft"[by_weight], *value(metric, rows if by_weight else [(*row[:3], 1.0) for row in rows])]
           for name, rows in given for metric in RATES for by_weight in (False, True)])
