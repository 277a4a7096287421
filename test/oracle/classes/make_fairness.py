"""Writes fairness_rows.csv and fairness_values.csv: fairlearn, limits by statsmodels. See README.md."""
import random
import warnings

import numpy as np
from fairlearn import metrics as fair
from sklearn.metrics import precision_score
from statsmodels.stats.proportion import confint_proportions_2indep

from common import number, write

warnings.filterwarnings("ignore")
RATES = {
    "demographic_parity_difference": fair.selection_rate,
    "equal_opportunity_difference": fair.true_positive_rate,
    "predictive_parity_difference": lambda t, p: precision_score(t, p, zero_division=np.nan),
    "predictive_equality_difference": fair.false_positive_rate,
}
# (hits, out of) of the rows of one group
COUNTS = {
    "demographic_parity_difference": lambda p, t: (sum(p), len(p)),
    "equal_opportunity_difference": lambda p, t: (sum(p & t), sum(t)),
    "predictive_parity_difference": lambda p, t: (sum(p & t), sum(p)),
    "predictive_equality_difference": lambda p, t: (sum(p & ~t), sum(~t)),
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


def value(metric, rows):
    groups = {}
    for name in sorted({g for _, _, g in rows}):
        p = np.array([p for p, _, g in rows if g == name])
        t = np.array([t for _, t, g in rows if g == name])
        hits, n = COUNTS[metric](p, t)
        if n > 0:
            groups[name] = (int(hits), int(n))
    if len(groups) < 2:
        return [""] * 8
    highest = max(groups, key=lambda g: groups[g][0] / groups[g][1])
    lowest = min((g for g in groups if g != highest), key=lambda g: groups[g][0] / groups[g][1])
    known = [r for r in rows if r[2] in groups]  # fairlearn gives 0 where a group has no rate
    frame = fair.MetricFrame(metrics=RATES[metric], y_true=np.array([t for _, t, _ in known]),
                             y_pred=np.array([p for p, _, _ in known]), sensitive_features=np.array([g for _, _, g in known]))
    difference = frame.difference(method="between_groups")
    assert abs(frame.by_group[highest] - frame.by_group.max()) < 1e-15
    pairs = len(groups) * (len(groups) - 1) / 2
    low, high = confint_proportions_2indep(*groups[highest], *groups[lowest], method="newcomb", compare="diff", alpha=0.05 / pairs)
    return [number(difference), number(low), number(high), highest, lowest, number(frame.by_group[highest]),
            number(frame.by_group[lowest]), len(groups)]


if __name__ == "__main__":
    write("fairness_rows.csv", ["case_name", "prediction", "truth", "group_name"],
          [[name, "ft"[p], "ft"[t], g] for name, rows in cases() for p, t, g in rows])
    write("fairness_values.csv", ["metric", "case_name", "difference", "low", "high", "highest_group", "lowest_group", "highest_share",
                                  "lowest_share", "n_groups"],
          [[metric, name, *value(metric, rows)] for name, rows in cases() for metric in RATES])
