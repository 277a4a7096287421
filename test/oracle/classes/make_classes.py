"""Writes class_rows.csv, class_values.csv, class_report.csv and class_matrix.csv with scikit-learn. See README.md."""
import random
import warnings

import numpy as np
from sklearn import metrics

from common import number, write

warnings.filterwarnings("ignore")


def draw(rng, n, classes, truth_shares, accuracy):
    truth = rng.choices(classes, truth_shares, k=n)
    return [t if rng.random() < accuracy else rng.choice(classes) for t in truth], truth


def cases():
    """name -> (predictions, truths, positive classes to ask for)"""
    rng = random.Random(20260731)
    made = {
        "balanced": (*draw(rng, 200, ["0", "1"], [1, 1], 0.6), ["1", "0"]),
        "rare": (*draw(rng, 300, ["no", "yes"], [40, 1], 0.8), ["yes"]),
        "worse than chance": (*draw(rng, 100, ["0", "1"], [1, 1], -1), ["1"]),
        "three": (*draw(rng, 150, ["cat", "dog", "fish"], [5, 3, 1], 0.5), ["dog", "fish"]),
        "ten": (*draw(rng, 400, list("abcdefghij"), range(1, 11), 0.7), ["j"]),
        "never predicted": (["a", "b", "a", "b", "b"], ["a", "b", "c", "c", "b"], ["c", "a"]),
        "never true": (["a", "b", "z", "b", "z"], ["a", "b", "a", "b", "b"], ["z", "b"]),
        "perfect": (["x", "y", "x", "w"] * 5, ["x", "y", "x", "w"] * 5, ["w"]),
        "all wrong": (["x", "y", "x"], ["y", "x", "y"], ["x"]),
        "one true class": (["0", "1", "0"], ["0", "0", "0"], ["0", "1"]),
        "one predicted class": (["0"] * 4, ["0", "1", "1", "0"], ["0", "1"]),
        "one class": (["b"] * 7, ["b"] * 7, ["b"]),
        "one row right": (["1"], ["1"], ["1"]),
        "one row wrong": (["1"], ["0"], ["1", "0"]),
        "odd names": (["", "NaN", "a b", "é", ""], ["", "NaN", "é", "é", "a b"], ["", "é"]),
    }
    for name, (prediction, truth, positives) in made.items():
        if name == "ten":
            weights = [10.0 ** rng.randint(-8, 8) for _ in truth]
        elif name == "balanced":
            weights = [rng.choice([0.0, 1.0, 2.5]) for _ in truth]
        else:
            weights = [round(rng.uniform(0.1, 3), 3) for _ in truth]
        yield name, prediction, truth, weights, positives


def whole(prediction, truth, w):
    """Metrics of the whole matrix. NULL where scikit-learn takes 0 / 0 for a number (or warns)."""
    kappa = metrics.cohen_kappa_score(truth, prediction, sample_weight=w) if len(set(truth + prediction)) > 1 else None
    several = len(set(truth)) > 1 and len(set(prediction)) > 1
    yield "accuracy_score", metrics.accuracy_score(truth, prediction, sample_weight=w)
    yield "balanced_accuracy_score", (metrics.balanced_accuracy_score(truth, prediction, sample_weight=w)
                                      if len(set(truth)) > 1 else None)
    yield "matthews_corrcoef", metrics.matthews_corrcoef(truth, prediction, sample_weight=w) if several else None
    yield "cohen_kappa_score", kappa


FUNCTIONS = {"precision_score": metrics.precision_score, "recall_score": metrics.recall_score,
             "f1_score": metrics.f1_score}


def values():
    for name, prediction, truth, weights, positives in cases():
        for weighted in (False, True):
            w = weights if weighted else None
            for metric, value in whole(prediction, truth, w):
                yield metric, name, ", weight" if weighted else "", number(value)
            for metric, function in FUNCTIONS.items():
                for average in ("macro", "micro", "weighted"):
                    value = function(truth, prediction, average=average, sample_weight=w, zero_division=0)
                    yield metric, name, f", '{average}'" + (", NULL, weight" if weighted else ""), number(value)
                for positive in positives:
                    value = function(truth, prediction, labels=[positive], average=None, sample_weight=w,
                                     zero_division=np.nan)[0]
                    yield metric, name, f", 'binary', '{positive}'" + (", weight" if weighted else ""), number(value)


def reports():
    for name, prediction, truth, weights, _ in cases():
        for weighted in (False, True):
            w = weights if weighted else None
            labels = sorted(set(prediction) | set(truth), key=lambda s: s.encode())
            table = metrics.precision_recall_fscore_support(truth, prediction, labels=labels, sample_weight=w,
                                                            zero_division=np.nan)
            for i, label in enumerate(labels):
                yield [name, weighted, i + 1, label, "", *[number(float(column[i])) for column in table]]
            total = sum(w) if weighted else len(truth)
            for i, average in enumerate(("macro", "micro", "weighted")):
                row = metrics.precision_recall_fscore_support(truth, prediction, average=average, sample_weight=w,
                                                              zero_division=0)
                yield [name, weighted, len(labels) + i + 1, "", average, *[number(v) for v in row[:3]], number(total)]


def matrices():
    for name, prediction, truth, weights, _ in cases():
        labels = sorted(set(prediction) | set(truth), key=lambda s: s.encode())
        n = metrics.confusion_matrix(truth, prediction, labels=labels)
        w = metrics.confusion_matrix(truth, prediction, labels=labels, sample_weight=weights)
        for i, t in enumerate(labels):
            for j, p in enumerate(labels):
                yield [name, i * len(labels) + j + 1, t, p, n[i, j], number(w[i, j])]


if __name__ == "__main__":
    write("class_rows.csv", ["case_name", "prediction", "truth", "weight"],
          [[name, f'{p}', t, number(w)] for name, prediction, truth, weights, _ in cases()
           for p, t, w in zip(prediction, truth, weights)])
    write("class_values.csv", ["metric", "case_name", "arguments", "expected"], list(values()))
    write("class_report.csv", ["case_name", "weighted", "place", "class", "average", "precision", "recall", "f1", "support"],
          list(reports()))
    write("class_matrix.csv", ["case_name", "place", "truth", "prediction", "n", "weight"], list(matrices()))
