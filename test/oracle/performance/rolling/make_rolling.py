#!/usr/bin/env python3
"""Writes rows.csv and values.csv: every frame of a few windows, each recomputed by scikit-learn."""
import csv
import math
import random
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics

HERE = Path(__file__).parent
COLUMNS = ("i", "g", "t", "score", "wide", "label", "class", "true_class", "prediction", "truth")
warnings.simplefilter("error")


def rows():
    """Ties in time and in scores, gaps, stretches of one class, missing values, probabilities of 0 and 1, infinite scores."""
    rng = random.Random(20261125)
    t = 0
    for i in range(240):
        t += rng.choice([0, 0, 1, 1, 2]) + (25 if i % 80 == 79 else 0)
        label = True if 60 <= i < 110 else False if 150 <= i < 180 else rng.random() < 0.4
        score = round(min(max(rng.gauss(0.35 + 0.3 * label, 0.25), 0), 1), rng.choice([1, 2, 6]))
        wide = rng.choice([math.inf, -math.inf, -0.0, 1e300, score, 20 * score - 10, float(round(score * 4))])
        truth = rng.gauss(0, 10)
        prediction = truth + rng.choice([0, rng.gauss(0, 1), rng.gauss(0, 1e6)])
        true_class = rng.randint(1, 3)
        row = [i + 1, rng.randint(1, 3), t, score, wide, label, true_class if rng.random() < 0.6 else rng.randint(1, 3), true_class, prediction, truth]
        for column in range(3, 10):
            if rng.random() < 0.06:
                row[column] = math.nan if column in (3, 4, 8, 9) and rng.random() < 0.5 else None
        yield dict(zip(COLUMNS, row))


# ---- frames: does row r, d places after c, belong to the frame of row c? ----

def same_group(r, c):
    return r["g"] == c["g"]


FRAMES = {
    "ORDER BY i ROWS 29 PRECEDING": lambda r, c, d: -29 <= d <= 0,
    "ORDER BY i ROWS BETWEEN 40 PRECEDING AND 20 PRECEDING": lambda r, c, d: -40 <= d <= -20,
    "PARTITION BY g ORDER BY i ROWS BETWEEN 10 PRECEDING AND 5 FOLLOWING": lambda r, c, d: same_group(r, c) and -10 <= d <= 5,
    "PARTITION BY g ORDER BY i": lambda r, c, d: same_group(r, c) and r["i"] <= c["i"],
    "ORDER BY t RANGE 6 PRECEDING": lambda r, c, d: c["t"] - 6 <= r["t"] <= c["t"],
    "PARTITION BY g ORDER BY t RANGE BETWEEN 30 PRECEDING AND 3 PRECEDING": lambda r, c, d: same_group(r, c) and c["t"] - 30 <= r["t"] <= c["t"] - 3,
    "PARTITION BY g ORDER BY t DESC RANGE BETWEEN 4 PRECEDING AND 12 FOLLOWING": lambda r, c, d: same_group(r, c) and c["t"] - 12 <= r["t"] <= c["t"] + 4,
}


def positions(data, frame):
    """Each row's place in its partition, or among all rows where the frame has none."""
    seen = {}
    for r in data:
        group = r["g"] if "PARTITION" in frame else None
        seen[group] = seen.get(group, -1) + 1
        yield r["i"], seen[group]


def frames_of(data, frame):
    place = dict(positions(data, frame))
    for c in data:
        yield c, [r for r in data if FRAMES[frame](r, c, place[r["i"]] - place[c["i"]])]


# ---- metrics ----

def missing(x):
    return x is None or (isinstance(x, float) and math.isnan(x))


def columns(frame, *names):
    """The frame's rows where nothing of these is missing."""
    return [np.array(c) for c in zip(*[[r[n] for n in names] for r in frame if not any(missing(r[n]) for n in names)])] or [np.array([])] * len(names)


def of_scores(function, frame, column):
    score, label = columns(frame, column, "label")
    return function(label.astype(int), score) if len(set(label)) == 2 else None


def auc(label, score):
    """scikit-learn refuses infinite scores: only their order matters."""
    return metrics.roc_auc_score(label, np.unique(score, return_inverse=True)[1])


def accuracy(frame):
    predicted, truth = columns(frame, "class", "true_class")
    return metrics.accuracy_score(truth, predicted) if len(truth) else None


def mean_absolute_error(frame):
    predicted, truth = columns(frame, "prediction", "truth")
    return metrics.mean_absolute_error(truth, predicted) if len(truth) else None


METRICS = {
    "auc": lambda f: of_scores(auc, f, "score"),
    "wide_auc": lambda f: of_scores(auc, f, "wide"),
    "log_loss": lambda f: of_scores(metrics.log_loss, f, "score"),
    "brier_score": lambda f: of_scores(metrics.brier_score_loss, f, "score"),
    "accuracy": accuracy,
    "mean_absolute_error": mean_absolute_error,
}


def text(x):
    if x is None:
        return ""
    if isinstance(x, (bool, np.bool_)):
        return "ft"[x]
    if isinstance(x, int):
        return str(x)
    return "NaN" if math.isnan(x) else repr(float(x)).replace("inf", "Infinity")


def write(name, header, lines):
    with open(HERE / name, "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(header)
        out.writerows([text(x) if not isinstance(x, str) else x for x in line] for line in lines)


def main():
    data = list(rows())
    write("rows.csv", COLUMNS, [[r[c] for c in COLUMNS] for r in data])
    write("values.csv", ["frame", "i", *METRICS],
          [[frame, c["i"], *[m(f) for m in METRICS.values()]] for frame in FRAMES for c, f in frames_of(data, frame)])


if __name__ == "__main__":
    main()
