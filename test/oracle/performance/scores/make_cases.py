#!/usr/bin/env python3
"""Writes cases.csv: scores, labels and weights, one case a line, as PostgreSQL arrays."""
import csv
import math
import random
from pathlib import Path

HERE = Path(__file__).parent


def literal(values):
    def element(v):
        if v is None:
            return "NULL"
        if isinstance(v, bool):
            return "t" if v else "f"
        return repr(v).replace("inf", "Infinity").replace("nan", "NaN")

    return "{" + ",".join(element(v) for v in values) + "}"


def expit(x):
    return 1 / (1 + math.exp(-x))


def draw(seed, n, prevalence, shift, rounding, logit=False):
    """n rows of a model; the challenger (score b) sees the same truth with other noise."""
    r = random.Random(seed)
    rows = []
    for _ in range(n):
        label = r.random() < prevalence
        common = r.gauss(0, 1) + (shift if label else 0)
        a, b = common + 0.5 * r.gauss(0, 1), common + r.gauss(0, 1)
        if not logit:
            a, b = expit(a), expit(b)
        weight = (r.randrange(1, 9) / 4, r.random() * 3, 10 ** r.uniform(-6, 6))[seed % 3]
        rows.append((round(a, rounding), round(b, rounding), label, round(weight, 9)))
    return rows


def with_both(rows):
    """At least one row of each class."""
    rows = list(rows)
    rows[0] = rows[0][:2] + (True,) + rows[0][3:]
    rows[1] = rows[1][:2] + (False,) + rows[1][3:]
    return rows


def cases():
    seed = 0
    for n in (2, 3, 5, 10, 30, 70):
        for prevalence in (0.5, 0.1, 0.9):
            for rounding in (1, 2, 12):
                seed += 1
                yield f"n{n} p{prevalence} r{rounding}", with_both(draw(seed, n, prevalence, 1.0, rounding))
    for n, rounding in ((200, 1), (200, 3), (200, 15), (400, 2), (600, 6)):
        for shift in (0.0, 0.7, 2.5):
            seed += 1
            yield f"model n{n} r{rounding} shift {shift}", with_both(draw(seed, n, 0.3, shift, rounding))
    for shift in (-3.0, 0.5, 4.0):
        seed += 1
        yield f"logits shift {shift}", with_both(draw(seed, 150, 0.4, shift, 3, logit=True))
    for prevalence in (0.01, 0.99):
        seed += 1
        yield f"rare {prevalence}", with_both(draw(seed, 300, prevalence, 1.5, 4))
    yield from special()


def zipped(a, labels, b=None, weights=None):
    n = len(a)
    return list(zip(a, b or list(reversed(a)), labels, weights or [1.0 + i % 3 for i in range(n)]))


def special():
    T, F, inf, nan = True, False, math.inf, math.nan
    yield "empty", []
    yield "one row", zipped([0.3], [T])
    yield "only positives", zipped([0.3, 0.5, 0.3], [T, T, T])
    yield "only negatives", zipped([0.3, 0.5, 0.3], [F, F, F])
    yield "one each, right", zipped([0.2, 0.9], [F, T])
    yield "one each, wrong", zipped([0.9, 0.2], [F, T])
    yield "one each, tied", zipped([0.5, 0.5], [F, T])
    yield "one positive, many negatives", zipped([0.1, 0.2, 0.3, 0.4, 0.35, 0.2], [F, F, F, F, T, F])
    yield "many positives, one negative", zipped([0.1, 0.2, 0.3, 0.4, 0.35, 0.2], [T, T, T, T, F, T])
    yield "constant", zipped([0.25] * 12, [T, F, F] * 4)
    yield "constant 0", zipped([0.0] * 6, [T, F, F] * 2)
    yield "constant 1", zipped([1.0] * 6, [T, F, F] * 2)
    yield "perfect", zipped([i / 20 for i in range(20)], [i >= 12 for i in range(20)])
    yield "perfectly wrong", zipped([i / 20 for i in range(20)], [i < 8 for i in range(20)])
    yield "perfect but for one tie", zipped([0.1, 0.2, 0.5, 0.5, 0.8, 0.9], [F, F, F, T, T, T])
    yield "0 and 1", zipped([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0], [F, T, F, T, T, F, F])
    yield "sure and right", zipped([0.0, 1.0, 1.0, 0.0], [F, T, T, F])
    yield "sure and wrong", zipped([1.0, 0.0, 0.0, 1.0], [F, T, T, F])
    yield "minus zero", zipped([-0.0, 0.0, -0.0, 0.0], [F, T, T, F])
    yield "1e-300", zipped([1e-300, 2e-300, 3e-300, 1e-300, 0.0], [F, T, T, T, F])
    yield "denormal", zipped([5e-324, 1e-323, 0.0, 5e-324, 2.2e-308], [F, T, F, T, F])
    yield "next to one", zipped([1 - 2**-53, 1.0, 1 - 2**-52, 1 - 2**-53], [F, T, T, T])
    yield "next to the clip", zipped([2**-52, 2**-53, 2**-51, 1 - 2**-52, 1 - 2**-51], [T, T, F, F, T])
    yield "edges of the bins", zipped([i / 10 for i in range(11)] + [i * 0.1 for i in range(10)], [i % 3 == 0 for i in range(21)])
    yield "infinite", zipped([-inf, inf, inf, -inf, 0.5, 0.7, inf, -inf], [F, T, F, T, F, T, T, F])
    yield "infinite and huge", zipped([1e308, inf, -1e308, -inf, 1.7e308, 0.0], [F, T, F, F, T, T])
    yield "huge", zipped([1e308, -1e308, 1.5e308, -1.5e308, 1e307], [T, F, T, T, F])
    yield "close to each other", zipped([0.1 + 2**-56 * i for i in range(12)], [i % 5 in (1, 3, 4) for i in range(12)])
    yield "missing", zipped(
        [0.1, None, 0.3, nan, 0.5, 0.6, 0.7, 0.2, 0.9], [F, T, T, F, None, T, F, F, T],
        [0.2, 0.1, None, 0.5, 0.4, nan, 0.8, 0.3, 0.6], [1.0, 2.0, 1.0, 1.0, 1.0, None, 3.0, 0.5, nan])
    yield "all missing", zipped([None, nan, 0.5], [T, F, None], [0.1, 0.2, 0.3])
    yield "weights 0", zipped([0.1, 0.4, 0.3, 0.8, 0.6], [F, T, F, T, F], None, [0.0, 1.0, 2.0, 0.0, 1.5])
    yield "weights 0 of a class", zipped([0.1, 0.4, 0.3, 0.8], [F, T, F, T], None, [1.0, 0.0, 2.0, 0.0])
    yield "weights far apart", zipped([0.1, 0.4, 0.3, 0.8, 0.4, 0.3], [F, T, T, T, F, F], None, [1e-12, 1e12, 1.0, 1e-3, 1e6, 1e9])
    yield "weights tiny", zipped([0.1, 0.4, 0.3, 0.8, 0.4, 0.3], [F, T, T, T, F, F], None, [1e-300, 2e-300, 1e-300, 3e-300, 1e-300, 2e-300])
    yield "weights equal", zipped([0.1, 0.4, 0.3, 0.8, 0.4, 0.3], [F, T, T, T, F, F], None, [2.5] * 6)
    yield "identical scores", zipped([0.1, 0.4, 0.3, 0.8, 0.4, 0.3], [F, T, T, T, F, F], [0.1, 0.4, 0.3, 0.8, 0.4, 0.3])
    yield "opposite scores", zipped([0.1, 0.2, 0.8, 0.9], [F, F, T, T], [0.9, 0.8, 0.2, 0.1])
    yield "same order, other values", zipped([0.1, 0.4, 0.3, 0.8, 0.4, 0.3], [F, T, T, T, F, F], [1.0, 40.0, 3.0, 800.0, 40.0, 3.0])


def main():
    with open(HERE / "cases.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["case_name", "score", "score_b", "label", "weight"])
        for name, rows in cases():
            columns = [[row[i] for row in rows] for i in range(4)]
            out.writerow([name] + [literal(c) for c in columns])


if __name__ == "__main__":
    main()
