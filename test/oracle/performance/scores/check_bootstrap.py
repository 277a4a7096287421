#!/usr/bin/env python3
"""DeLong's standard errors (of make_values.py) beside two that know nothing of them."""
import numpy as np
from make_values import auc_compare, auc_test
from sklearn.metrics import roc_auc_score

REPEATS = 2000


def draw(r, n):
    label = r.random(n) < 0.3
    common = r.normal(size=n) + label
    return np.round(common + 0.5 * r.normal(size=n), 1), common + r.normal(size=n), label


def main():
    r = np.random.default_rng(1)
    a, b, label = draw(r, 500)
    one, two = auc_test(a, label)[1], auc_compare(a, b, label)[3]
    boot = []
    for _ in range(REPEATS):
        i = np.concatenate([r.choice(np.flatnonzero(label == c), (label == c).sum()) for c in (False, True)])
        boot.append((roc_auc_score(label[i], a[i]), roc_auc_score(label[i], b[i])))
    boot = np.array(boot)
    print(f"one AUC:     DeLong {one:.5f}  bootstrap {boot[:, 0].std():.5f}")
    print(f"difference:  DeLong {two:.5f}  bootstrap {(boot[:, 0] - boot[:, 1]).std():.5f}")
    assert abs(one / boot[:, 0].std() - 1) < 0.06
    assert abs(two / (boot[:, 0] - boot[:, 1]).std() - 1) < 0.06

    big = draw(r, 2_000_000)
    truth = roc_auc_score(big[2], big[0])
    covered, rejected, areas, errors = 0, 0, [], []
    for _ in range(REPEATS):
        a, b, label = draw(r, 200)
        auc, se, low, high, *_ = auc_test(a, label)
        areas.append(auc)
        errors.append(se)
        covered += low <= truth <= high
        # each row's ranks by both scores, exchanged by a coin: equal AUCs
        swap = r.random(len(a)) < 0.5
        rank_a, rank_b = (np.argsort(np.argsort(s)).astype(float) for s in (a, b))
        rejected += auc_compare(np.where(swap, rank_a, rank_b), np.where(swap, rank_b, rank_a), label)[6] < 0.05
    print(f"{REPEATS} draws of 200 rows: standard deviation of AUC {np.std(areas):.5f}, mean DeLong {np.mean(errors):.5f}")
    print(f"the 95 % interval covers {covered / REPEATS:.3f}; equal AUCs are told apart at 5 % in {rejected / REPEATS:.3f}")
    assert abs(np.std(areas) / np.mean(errors) - 1) < 0.06
    assert 0.935 < covered / REPEATS < 0.97
    assert 0.035 < rejected / REPEATS < 0.065


if __name__ == "__main__":
    main()
