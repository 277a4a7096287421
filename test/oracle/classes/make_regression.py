"""Writes regression_rows.csv and regression_values.csv: definitions in fractions, checked with scikit-learn. See README.md."""
import math
import random
import warnings
from fractions import Fraction

import numpy as np
from sklearn import metrics

from common import number, write

warnings.filterwarnings("ignore")
EPSILON = Fraction(2) ** -52


def cases():
    rng = random.Random(20260801)
    bell = [rng.gauss(0, 1) for _ in range(200)]
    near = [1e9 + round(rng.gauss(0, 1), 3) for _ in range(200)]
    made = {
        "bell": ([x + rng.gauss(0, 0.3) for x in bell], bell),
        "no skill": ([rng.gauss(0, 1) for _ in bell], bell),
        "far from 0": ([y + rng.gauss(0, 0.1) for y in near], near),
        "neighbouring doubles": ([1e15, 1e15 + 0.125, 1e15, 1e15], [1e15, 1e15 + 0.125, 1e15, 1e15 + 0.25]),
        "integers": ([3.0, -1, 2, 8, 0], [2.0, 0, 2, 7, 1]),
        "perfect": (bell[:50], bell[:50]),
        "equal truths": ([0.1, 0.2, 0.3], [0.1, 0.1, 0.1]),
        "equal truths, perfect": ([0.1] * 7, [0.1] * 7),
        "mean predicted": ([2.0, 2, 2], [1.0, 2, 3]),
        "zeros in the truth": ([0.5, 0.0, 1e-17, -2], [0.0, 0, 0, -1]),
        "many magnitudes": ([10.0 ** k * 1.1 for k in range(-60, 61)], [(-1) ** k * 10.0 ** k for k in range(-60, 61)]),
        "one row": ([1.0], [3.0]),
        "two rows": ([1.0, 2.5], [3.0, 2.0]),
        "large squares": ([1e100, -1e100, 3e100], [2e100, -1e100, 1e100]),
    }
    for name, (prediction, truth) in made.items():
        weights = [round(rng.uniform(0, 3), 2) for _ in truth]
        if name == "bell":
            weights = [10.0 ** rng.randint(-12, 12) for _ in truth]
        if name == "integers":
            weights[1] = 0.0
        yield name, prediction, truth, weights


def fractions_of(prediction, truth, weights):
    p, t, w = ([Fraction(v) for v in column] for column in (prediction, truth, weights))
    total = sum(w)

    def mean(values):
        return sum(a * b for a, b in zip(w, values)) / total

    errors = [a - b for a, b in zip(p, t)]
    squared = mean([e * e for e in errors])
    center = mean(t)
    variance = mean([(y - center) ** 2 for y in t])
    yield "mean_absolute_error", float(mean([abs(e) for e in errors]))
    yield "mean_squared_error", float(squared)
    yield "root_mean_squared_error", math.sqrt(squared)
    yield "mean_absolute_percentage_error", float(mean([abs(e) / max(abs(y), EPSILON) for e, y in zip(errors, t)]))
    if len(p) < 2:
        yield "r2_score", None
    elif variance == 0:
        yield "r2_score", 1.0 if squared == 0 else 0.0
    else:
        yield "r2_score", float(1 - squared / variance)


def check(metric, value, prediction, truth, weights, name):
    """scikit-learn says the same, but for what it loses in cancellation."""
    theirs = getattr(metrics, metric)(truth, prediction, sample_weight=weights)
    if metric == "r2_score" and name in ("equal truths", "equal truths, perfect", "neighbouring doubles", "large squares"):
        return print(f"{name}, {metric}: {value}, scikit-learn {theirs}")
    if value is None:
        assert math.isnan(theirs)
    else:
        assert math.isclose(value, theirs, rel_tol=1e-6 if name == "far from 0" else 1e-11, abs_tol=1e-14), (name, metric, value, theirs)


if __name__ == "__main__":
    rows, values = [], []
    for name, prediction, truth, weights in cases():
        prediction, truth = [float(x) for x in prediction], [float(x) for x in truth]
        rows += [[name, number(p), number(t), number(w)] for p, t, w in zip(prediction, truth, weights)]
        for weighted in (False, True):
            w = weights if weighted else [1.0] * len(truth)
            for metric, value in fractions_of(prediction, truth, w):
                check(metric, value, np.array(prediction), np.array(truth), w, name)
                values.append([metric, name, ", weight" if weighted else "", number(value)])
    write("regression_rows.csv", ["case_name", "prediction", "truth", "weight"], rows)
    write("regression_values.csv", ["metric", "case_name", "arguments", "expected"], values)
