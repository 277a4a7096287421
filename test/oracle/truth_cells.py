"""Truth for PSI and the distances over cells: design rules restated here without reading the extension's code.

Numeric: at most 20 distinct reference values: each value and each gap is a cell. Else cuts after the order
statistics ceil(i n / bins), and a value that holds more than 1/bins of the reference has a cell of its own.
Categories: those of the reference with (a+b) m < 5 (n+m) are one rare cell; all unseen ones are one cell, never
merged with others. Cells empty on both sides are dropped. Shares for PSI and KL: (count + 1/2) / (n + cells/2).
"""
from bisect import bisect_left, bisect_right
from collections import Counter
from fractions import Fraction

import mpmath as mp
import numpy as np

from truth_categorical import table
from truth_numeric import result
from truth_special import chi2_sf, to_mp


def numeric_cells(ref, cur, bins):
    x, y = np.sort(ref).tolist(), np.sort(cur).tolist()
    n = len(x)
    distinct = sorted(set(x))
    if len(distinct) <= 20:
        cuts, alone = distinct, set(distinct)
    else:
        cuts = sorted({x[-(-i * n // bins) - 1] for i in range(1, bins)})
        alone = {v for v, c in Counter(x).items() if c * bins > n}
        assert alone <= set(cuts)
    cells, done = [], [0, 0]

    def cell_up_to(ends):
        cells.append((ends[0] - done[0], ends[1] - done[1]))
        done[:] = ends
    for cut in cuts:
        if cut in alone:
            cell_up_to([bisect_left(x, cut), bisect_left(y, cut)])
        cell_up_to([bisect_right(x, cut), bisect_right(y, cut)])
    cell_up_to([len(x), len(y)])
    return [c for c in cells if c != (0, 0)]


def category_cells(ref, cur):
    n, m = len(ref), len(cur)
    cells, rare, unseen = [], [0, 0], 0
    for _, a, b in table(ref, cur):
        if a == 0:
            unseen += b
        elif (a + b) * m < 5 * (n + m):
            rare[0] += a
            rare[1] += b
        else:
            cells.append((a, b))
    return [c for c in cells + [tuple(rare), (0, unseen)] if c != (0, 0)]


def cells_of(ref, cur, bins):
    return category_cells(ref, cur) if isinstance(ref, list) else numeric_cells(ref, cur, bins)


def raw_shares(ref, cur, bins):
    if isinstance(ref, list):
        cells = [(a, b) for _, a, b in table(ref, cur)]
    else:
        cells = numeric_cells(ref, cur, bins)
    n, m = len(ref), len(cur)
    return [(Fraction(a, n), Fraction(b, m)) for a, b in cells]


def smoothed_shares(ref, cur, bins):
    cells = cells_of(ref, cur, bins)
    n, m, size = len(ref), len(cur), len(cells)
    return [(Fraction(2 * a + 1, 2 * n + size), Fraction(2 * b + 1, 2 * m + size)) for a, b in cells]


def psi_value(ref, cur, bins):
    shares = smoothed_shares(ref, cur, bins)
    return sum((to_mp(q - p) * mp.log(to_mp(q / p)) for p, q in shares), mp.mpf(0)), len(shares)


def psi(ref, cur, bins=10):
    value, size = psi_value(ref, cur, bins)
    return result("%d cells" % size, value)


def psi_test(ref, cur, bins=10):
    value, size = psi_value(ref, cur, bins)
    unit = Fraction(1, len(ref)) + Fraction(1, len(cur))
    effect = max(mp.mpf(0), value - to_mp((size - 1) * unit))
    return result("%d cells" % size, value, chi2_sf(value / to_mp(unit), size - 1), effect, size - 1,
                  absolute=1e-15)


def js_distance(ref, cur, bins=10):
    total = mp.mpf(0)
    for p, q in raw_shares(ref, cur, bins):
        for s in (p, q):
            if s:
                total += to_mp(s) * mp.log(to_mp(2 * s / (p + q)))
    return result("base 2", mp.sqrt(max(total, mp.mpf(0)) / 2 / mp.log(2)))


def hellinger_distance(ref, cur, bins=10):
    total = sum(((mp.sqrt(to_mp(p)) - mp.sqrt(to_mp(q))) ** 2 for p, q in raw_shares(ref, cur, bins)), mp.mpf(0))
    return result("root of half the squares", mp.sqrt(total / 2))


def tv_distance(ref, cur, bins=10):
    return result("fractions", sum((abs(p - q) for p, q in raw_shares(ref, cur, bins)), Fraction(0)) / 2)


def l_infinity_distance(ref, cur, bins=10):
    return result("fractions", max(abs(p - q) for p, q in raw_shares(ref, cur, bins)))


def kl_divergence(ref, cur, bins=10):
    shares = smoothed_shares(ref, cur, bins)
    return result("smoothed, current from reference",
                  sum((to_mp(q) * mp.log(to_mp(q / p)) for p, q in shares), mp.mpf(0)))
