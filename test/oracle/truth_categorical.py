"""Truth for the tests of categories: the 2 x K table of reference and current counts."""
import math
from collections import Counter
from fractions import Fraction

import mpmath as mp

from truth_numeric import INF, result
from truth_special import chi2_sf, to_mp


def table(ref, cur):
    """[(category, reference count, current count)] in byte order."""
    a, b = Counter(ref), Counter(cur)
    return [(k, a[k], b[k]) for k in sorted(set(a) | set(b), key=lambda s: s.encode())]


def chi2_drift(ref, cur):
    n, m = len(ref), len(cur)
    rows = table(ref, cur)
    chi2 = mp.mpf(0)
    for _, a, b in rows:
        chi2 += mp.mpf((m * a - n * b) ** 2) / (n * m * (a + b))
    df = len(rows) - 1
    effect = mp.sqrt(chi2 / (n + m)) if df else mp.mpf(0)
    return result("homogeneity", chi2, chi2_sf(chi2, df), effect, df)


def g_test(ref, cur):
    n, m = len(ref), len(cur)
    rows = table(ref, cur)
    g = mp.mpf(0)
    for _, a, b in rows:
        for o, size in ((a, n), (b, m)):
            if o:
                g += 2 * o * mp.log(mp.mpf(o * (n + m)) / (size * (a + b)))
    df = len(rows) - 1
    g = g if df else mp.mpf(0)
    return result("likelihood ratio", g, chi2_sf(g, df), mp.sqrt(max(g, 0) / (n + m)), df)


def fisher_exact(ref, cur):
    """Two-sided: the sum of the tables of the same margins that are no more probable; whole numbers only."""
    rows = table(ref, cur)
    if len(rows) == 1:
        return result("one category", None, 1.0, skip="statistic,effect_size")
    (_, a, c), (_, b, d) = rows
    if b * c:
        odds = Fraction(a * d, b * c)
        effect = mp.log(to_mp(odds)) if a * d else -INF
    else:
        odds = effect = INF
    n, column, size = a + b, a + c, a + b + c + d
    low, high = max(0, n - (b + d)), min(n, column)
    weights = [math.comb(column, low) * math.comb(size - column, n - low)]
    for k in range(low, high):
        weights.append(weights[-1] * (column - k) * (n - k) // ((k + 1) * (size - column - n + k + 1)))
    observed = weights[a - low]
    p = Fraction(sum(w for w in weights if w <= observed), math.comb(size, n))
    return result("whole numbers", odds, p, effect)
