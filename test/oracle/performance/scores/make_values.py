#!/usr/bin/env python3
"""Writes values.csv: what scikit-learn, or the definition itself, gives for cases.csv."""
import csv
import math
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy import optimize, stats
from sklearn import calibration, metrics

HERE = Path(__file__).parent
Z = stats.norm.ppf(0.975)
warnings.simplefilter("error")
csv.field_size_limit(10**7)


def parse(text, boolean=False):
    body = text[1:-1]
    if not body:
        return []
    if boolean:
        return [None if e == "NULL" else e == "t" for e in body.split(",")]
    return [None if e == "NULL" else float(e.replace("Infinity", "inf")) for e in body.split(",")]


def missing(x):
    return x is None or (isinstance(x, float) and math.isnan(x))


def usable(*columns):
    """Rows where nothing is missing, as arrays."""
    rows = [r for r in zip(*columns) if not any(missing(x) for x in r)]
    return [np.array(c) for c in zip(*rows)] if rows else [np.array([]) for _ in columns]


def ranks(score):
    """Scores that scikit-learn would refuse, in the same order."""
    return np.unique(score, return_inverse=True)[1].astype(float)


# ---- metrics ----

def calibration_bins(score, label, weight):
    edges = np.linspace(0, 1, 11)
    bins = np.searchsorted(edges[1:-1], score)
    for b in range(10):
        inside = bins == b
        if inside.any():
            w = weight[inside]
            yield (b + 1, edges[b], edges[b + 1], math.fsum(w * score[inside]) / math.fsum(w),
                   math.fsum(w * label[inside]) / math.fsum(w), int(inside.sum()), math.fsum(w))


def metrics_of(score, label, weight):
    kind = dict(sample_weight=weight)
    rank = ranks(score)
    auc = metrics.roc_auc_score(label, rank, **kind)
    fpr, tpr, _ = metrics.roc_curve(label, rank, drop_intermediate=False, **kind)
    yield "roc_auc", auc
    yield "gini", 2 * auc - 1
    yield "average_precision", metrics.average_precision_score(label, rank, **kind)
    yield "ks_score", max(abs(tpr - fpr))
    if score.min() < 0 or score.max() > 1:
        return
    yield "log_loss", metrics.log_loss(label, score, **kind)
    yield "brier_score", metrics.brier_score_loss(label, score, **kind)
    w = np.ones(len(score)) if weight is None else weight
    bins = list(calibration_bins(score, label, w))
    if weight is None:
        truth, predicted = calibration.calibration_curve(label, score, n_bins=10)
        assert np.allclose([b[3] for b in bins], predicted, rtol=1e-13, atol=0)
        assert np.allclose([b[4] for b in bins], truth, rtol=1e-13, atol=0)
    yield "calibration_error", math.fsum(b[6] * abs(b[3] - b[4]) for b in bins) / math.fsum(b[6] for b in bins)
    yield "calibration_curve", [x for b in bins for x in b[:6]]


def curves_of(score, label, weight):
    """Points as flat lists, thresholds put back from ranks to scores."""
    rank = ranks(score)
    values = np.append(np.unique(score), np.inf)

    def back(thresholds):
        return [values[-1 if math.isinf(t) else int(t)] for t in thresholds]

    fpr, tpr, thresholds = metrics.roc_curve(label, rank, sample_weight=weight, drop_intermediate=False)
    yield "roc_curve", np.column_stack([back(thresholds), fpr, tpr]).ravel()
    precision, recall, thresholds = metrics.precision_recall_curve(label, rank, sample_weight=weight)
    yield "precision_recall_curve", np.column_stack([back(np.append(thresholds, np.inf)), precision, recall]).ravel()
    w = np.ones(len(score)) if weight is None else weight
    points = []
    for t in sorted(set(score), reverse=True):
        reached = score >= t
        depth = math.fsum(w[reached]) / math.fsum(w)
        gain = math.fsum(w[reached & label]) / math.fsum(w[label])
        points += [t, depth, gain, gain / depth]
    yield "gains_curve", points


# ---- DeLong by its structural components, from all pairs ----

def components(score, label):
    positive, negative = score[label], score[~label]
    psi = (positive[:, None] > negative[None, :]) + 0.5 * (positive[:, None] == negative[None, :])
    return psi.mean(), psi.mean(axis=1), psi.mean(axis=0)


def newcombe(auc, n, m):
    """Newcombe (2006), part 2, method 5."""
    star = (n + m) / 2 - 1

    def variance(t):
        return t * (1 - t) * (1 + star * (1 - t) / (2 - t) + star * t / (1 + t)) / (n * m)

    def excess(t):
        return (auc - t) ** 2 - Z**2 * variance(t)

    tiny = 1e-12
    low = 0.0 if auc == 0 else optimize.brentq(excess, 0, auc - tiny, xtol=1e-15, rtol=1e-14)
    high = 1.0 if auc == 1 else optimize.brentq(excess, auc + tiny, 1, xtol=1e-15, rtol=1e-14)
    return low, high


def auc_test(score, label):
    auc, v10, v01 = components(score, label)
    m, n = len(v10), len(v01)
    se = math.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n) if m > 1 and n > 1 else None
    if se is not None and se < 1e-12:
        se = 0.0
    if se:
        logit, half = math.log(auc / (1 - auc)), Z * se / (auc * (1 - auc))
        low, high = (1 / (1 + math.exp(-x)) for x in (logit - half, logit + half))
        p = 2 * stats.norm.sf(abs(auc - 0.5) / se)
    else:
        low, high = newcombe(auc, n, m)
        rank = ranks(score)
        p = 1.0 if len(set(rank)) == 1 else stats.mannwhitneyu(rank[label], rank[~label], method="asymptotic").pvalue
    return [auc, se, low, high, p, n, m]


def auc_compare(a, b, label):
    auc_a, v10_a, v01_a = components(a, label)
    auc_b, v10_b, v01_b = components(b, label)
    m, n = len(v10_a), len(v01_a)
    difference = auc_a - auc_b
    if abs(difference) < 1e-13:
        difference = 0.0
    se = low = high = p = None
    if m > 1 and n > 1:
        s10, s01 = np.cov(np.stack([v10_a, v10_b])), np.cov(np.stack([v01_a, v01_b]))
        contrast = np.array([1, -1])
        variance = contrast @ (s10 / m + s01 / n) @ contrast
        se = math.sqrt(variance) if variance > 1e-26 else 0.0
        if se > 0 or difference == 0:
            low, high = max(difference - Z * se, -1), min(difference + Z * se, 1)
            p = 1.0 if difference == 0 else 2 * stats.norm.sf(abs(difference) / se)
    return [auc_a, auc_b, difference, se, low, high, p, n, m]


# ---- the jackknife of weighted rows, each left out in turn, in fractions ----

def weighted_components(score, label, weight):
    """Per class (positives first): the exact weights and components of its rows."""
    w = [Fraction(float(x)) for x in weight]
    classes = []
    for side in (True, False):
        mine, others = np.flatnonzero(label == side), np.flatnonzero(label != side)
        total = sum(w[j] for j in others)
        order = sorted(set(score))
        mass = dict.fromkeys(order, Fraction(0))
        for j in others:
            mass[score[j]] += w[j]
        below, seen = {}, Fraction(0)
        for s in order:
            below[s] = seen + mass[s] / 2
            seen += mass[s]
        share = [below[score[i]] / total for i in mine]
        classes.append(([w[i] for i in mine], share if side else [1 - v for v in share]))
    return classes


def weighted_mean(w, v):
    return sum(x * y for x, y in zip(w, v)) / sum(w)


def jackknife(classes):
    """The mean of the components, and the standard error of leaving out one row of a class (None: not defined)."""
    (w, v), _ = classes
    whole, variance = weighted_mean(w, v), 0.0
    for w, v in classes:
        n = len(w)
        if n < 2:
            return whole, None
        total, sum_v = sum(w), sum(x * y for x, y in zip(w, v))
        left_out = [float((sum_v - x * y) / (total - x) - whole) for x, y in zip(w, v)]
        variance += (n - 1) / n * math.fsum(d * d for d in left_out)
    return whole, math.sqrt(variance)


def weighted_auc_test(score, label, weight):
    area, se = jackknife(weighted_components(score, label, weight))
    auc, low, high, p = float(area), None, None, None
    if se:
        logit, half = math.log(auc / float(1 - area)), Z * se / (auc * float(1 - area))
        low, high = (1 / (1 + math.exp(-x)) if x > -700 else math.exp(x) for x in (logit - half, logit + half))
        p = 2 * stats.norm.sf(abs(auc - 0.5) / se)
    return [auc, se, low, high, p, int((~label).sum()), int(label.sum())]


def weighted_auc_compare(a, b, label, weight):
    of_a, of_b = weighted_components(a, label, weight), weighted_components(b, label, weight)
    difference, se = jackknife([(w, [x - y for x, y in zip(v, u)]) for (w, v), (_, u) in zip(of_a, of_b)])
    low = high = p = None
    if se is not None and (se > 0 or difference == 0):
        low, high = max(float(difference) - Z * se, -1), min(float(difference) + Z * se, 1)
        p = 1.0 if difference == 0 else 2 * stats.norm.sf(abs(float(difference)) / se)
    return [float(weighted_mean(*of_a[0])), float(weighted_mean(*of_b[0])), float(difference), se, low, high, p,
            int((~label).sum()), int(label.sum())]


def text(value):
    def number(x):
        return "NULL" if x is None else repr(float(x)).replace("inf", "Infinity")

    values = value if isinstance(value, (list, np.ndarray)) else [value]
    return "{" + ",".join(number(x) for x in values) + "}"


def main():
    with open(HERE / "cases.csv", newline="") as f, open(HERE / "values.csv", "w", newline="") as g:
        out = csv.writer(g, lineterminator="\n")
        out.writerow(["case_name", "weighted", "name", "value"])
        for row in csv.DictReader(f):
            score, b = parse(row["score"]), parse(row["score_b"])
            label, weight = parse(row["label"], True), parse(row["weight"])
            for weighted in (False, True):
                s, y, *w = usable(score, label, weight) if weighted else usable(score, label)
                w = w[0] if weighted else None
                if weighted and len(s):
                    keep = w > 0
                    s, y, w = s[keep], y[keep], w[keep]
                if len(set(y)) < 2:
                    for name in ("roc_auc", "gini", "average_precision", "ks_score", "log_loss", "brier_score",
                                 "calibration_error", "calibration_curve", "roc_curve", "precision_recall_curve",
                                 "gains_curve", "roc_auc_test"):
                        out.writerow([row["case_name"], weighted, name, ""])
                    continue
                y = y.astype(bool)
                for name, value in metrics_of(s, y, w):
                    out.writerow([row["case_name"], weighted, name, text(value)])
                if len(s) <= 80:
                    for name, value in curves_of(s, y, w):
                        out.writerow([row["case_name"], weighted, name, text(value)])
                tested = weighted_auc_test(s, y, w) if weighted else auc_test(s, y)
                out.writerow([row["case_name"], weighted, "roc_auc_test", text(tested)])
            s, t, y = usable(score, b, label)
            value = text(auc_compare(s, t, y.astype(bool))) if len(set(y)) == 2 else ""
            out.writerow([row["case_name"], False, "roc_auc_compare", value])
            s, t, y, w = usable(score, b, label, [None if missing(x) or x == 0 else x for x in weight])
            value = text(weighted_auc_compare(s, t, y.astype(bool), w)) if len(set(y)) == 2 else ""
            out.writerow([row["case_name"], True, "roc_auc_compare", value])


if __name__ == "__main__":
    main()
