"""Writes ranking_rows.csv and ranking_values.csv: ndcg by scikit-learn, the others by trying every order of tied rows. See README.md."""
import itertools
import random
from fractions import Fraction

import numpy as np
from sklearn.metrics import ndcg_score

from common import number, write


def cases():
    rng = random.Random(20260802)
    yield "distinct", [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [3.0, 2, 3, 0, 1, 2]
    yield "one tie", [0.9, 0.7, 0.7, 0.7, 0.1], [0.0, 1, 0, 1, 1]
    yield "all tied", [0.5] * 6, [0.0, 0, 1, 0, 2, 0]
    yield "two ties", [2.0, 2, 2, 1, 1, 1, 1, 0], [0.0, 0, 0, 1, 0, 1, 0, 1]
    yield "perfect", [5.0, 4, 3, 2, 1], [1.0, 1, 1, 0, 0]
    yield "reversed", [1.0, 2, 3, 4, 5], [1.0, 1, 0, 0, 0]
    yield "nothing relevant", [1.0, 2, 3], [0.0, 0, 0]
    yield "all relevant", [1.0, 1, 3], [1.0, 1, 1]
    yield "one relevant", [0.4, 0.3, 0.3, 0.3], [0.0, 0, 1, 0]
    yield "fractions", [0.4, -0.3, 0.3, 1e-300, -1e-300], [0.5, 0.25, 1e-9, 7.125, 0]
    yield "two rows", [0.1, 0.1], [1.0, 0]
    yield "distinct, 300 rows", [float(s) for s in rng.sample(range(10000), 300)], [float(rng.random() < 0.1) for _ in range(300)]
    yield "ties, 300 rows", [float(rng.randint(0, 40)) for _ in range(300)], [float(rng.choice([0, 0, 0, 1, 2, 3])) for _ in range(300)]
    yield "tied in pairs", [float(i // 2) for i in range(12)], [float(rng.random() < 0.4) for _ in range(12)]


def lists():
    """Lists of one length, and the weight of each: of what scikit-learn's sample_weight is."""
    rng = random.Random(20261125)
    for i in range(1, 7):
        yield f"list {i}", [float(rng.randint(0, 9)) for _ in range(10)], [2.0] + [float(rng.choice([0, 0, 1, 3])) for _ in range(9)]


def weights(name, relevance):
    """What each row is worth; some are 0, and some rows that are not relevant have none."""
    rng = random.Random(name)
    for r in relevance:
        yield rng.choice([0.0, 1.0, 2.5, 1 / rng.uniform(0.05, 1), None if r == 0 else 1e-3])


def orders(scores, relevant):
    """Every order of the list, highest score first: the product of the orders of each tie."""
    groups = [[r for s, r in zip(scores, relevant) if s == score] for score in sorted(set(scores), reverse=True)]
    for parts in itertools.product(*[list(itertools.permutations(g)) for g in groups]):
        yield [r for part in parts for r in part]


def precision_at_k(ranked, k):
    return Fraction(sum(ranked[:k]), min(k, sum(ranked)))


def weighted_precision_at_k(ranked, k):
    return sum(ranked[:k]) / sum(sorted(ranked, reverse=True)[:k])


def average_precision_at_k(ranked, k):
    return sum(Fraction(sum(ranked[:i + 1]), i + 1) for i in range(min(k, len(ranked))) if ranked[i]) / min(k, sum(ranked))


def reciprocal_rank(ranked, _):
    return Fraction(1, ranked.index(True) + 1)


def values():
    for name, scores, relevance in cases():
        for k in (None, 1, 2, 3, 5, 10, 1000):
            value = ndcg_score([relevance], [scores], k=k) if any(relevance) else None
            yield "ndcg", name, "relevance", "" if k is None else f", {k}", number(value)
        if name == "ties, 300 rows":
            continue
        relevant = [r > 0 for r in relevance]
        ranked = list(orders(scores, relevant))
        for function in (precision_at_k, average_precision_at_k, reciprocal_rank):
            for k in (1, 2, 3, 5, 10, 1000) if function != reciprocal_rank else (None,):
                value = sum(function(r, k) for r in ranked) / len(ranked) if any(relevant) else None
                yield function.__name__, name, "relevance > 0", "" if k is None else f", {k}", number(value)


def weighted_average_precision_at_k(ranked, k):
    found = sum(w * Fraction(sum(v > 0 for v in ranked[:i + 1]), i + 1) for i, w in enumerate(ranked[:k]))
    return found / sum(sorted(ranked, reverse=True)[:k])


def weighted_reciprocal_rank(ranked, _):
    return next(Fraction(w) / (i + 1) for i, w in enumerate(ranked) if w > 0) / max(ranked)


def weighted_values():
    for name, scores, relevance in cases():
        gain = [0.0 if r == 0 else r * w for r, w in zip(relevance, weights(name, relevance))]
        for k in (None, 1, 3, 10):
            value = ndcg_score([gain], [scores], k=k) if any(gain) else None
            yield "ndcg", name, "relevance", f", {k or 'NULL'}, weight", number(value)
        if name == "ties, 300 rows":
            continue
        worth = [Fraction(0) if r == 0 else Fraction(w) for r, w in zip(relevance, weights(name, relevance))]
        ranked = list(orders(scores, worth))
        for function in (weighted_precision_at_k, weighted_average_precision_at_k, weighted_reciprocal_rank):
            for k in (1, 2, 3, 5, 1000) if function != weighted_reciprocal_rank else (None,):
                value = sum(function(r, k) for r in ranked) / len(ranked) if any(worth) else None
                yield function.__name__.removeprefix("weighted_"), name, "relevance > 0", f", {k}, weight" if k else ", weight", number(value)
    _, scores, relevance = zip(*lists())
    yield "mean of ndcg", "lists", "relevance", "", number(ndcg_score(np.array(relevance), np.array(scores), sample_weight=[1, 2, 3, 4, 5, 6]))


if __name__ == "__main__":
    write("ranking_rows.csv", ["case_name", "score", "relevance", "weight"],
          [[name, number(s), number(r), number(w)] for name, scores, relevance in (*cases(), *lists())
           for s, r, w in zip(scores, relevance, weights(name, relevance))])
    write("ranking_values.csv", ["metric", "case_name", "relevance", "arguments", "expected"], [*values(), *weighted_values()])
