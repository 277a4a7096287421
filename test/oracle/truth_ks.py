"""Truth for ks_stat: the statistic as a ratio of integers, p by path counting or by the corrected series."""
import math
from fractions import Fraction

import mpmath as mp
import numpy as np

from truth_special import kolmogorov_sf, to_mp

CELLS = 2e7


def path_recursion(n, m, h):
    """P(a random lattice path from (0,0) to (n,m) meets |m' i - n' j| >= h), n' = n/g, m' = m/g.

    Hodges 1957; the recursion p(i,j) = (i p(i-1,j) + j p(i,j-1)) / (i+j) is run over antidiagonals in extended
    precision (64-bit mantissa). Every step is a mean of positive numbers: nothing cancels.
    """
    if n > m:
        n, m = m, n
    g = math.gcd(n, m)
    n1, m1 = n // g, m // g
    i = np.arange(n + 1, dtype=np.int64)
    p = np.zeros(n + 1, dtype=np.longdouble)
    new = np.zeros_like(p)
    for s in range(1, n + m + 1):
        # The inside of the band on this antidiagonal: |m1 i - n1 (s - i)| < h.
        lo = max(0, s - m, -((h - 1 - n1 * s) // (n1 + m1)))
        hi = min(n, s, (h - 1 + n1 * s) // (n1 + m1))
        if hi < lo:
            return np.longdouble(1)
        a, b = max(0, lo - 2), min(n, hi + 2)
        k = i[a:b + 1]
        left = np.empty(b - a + 1, dtype=np.longdouble)
        left[1:] = p[a:b]
        left[0] = p[a - 1] if a > 0 else 0
        new[a:b + 1] = (k * left + (s - k) * p[a:b + 1]) / s
        if a < lo:
            new[a:lo] = 1
        if b > hi:
            new[hi + 1:b + 1] = 1
        p, new = new, p
    return p[n]


def path_integers(n, m, h):
    """The same probability from exact counts of paths (Python integers), for small samples."""
    g = math.gcd(n, m)
    n1, m1 = n // g, m // g
    inside = [0] * (m + 1)
    for i in range(n + 1):
        for j in range(m + 1):
            if abs(m1 * i - n1 * j) >= h:
                inside[j] = 0
            elif i == 0 and j == 0:
                inside[j] = 1
            else:
                inside[j] = (inside[j] if i else 0) + (inside[j - 1] if j else 0)
    whole = math.comb(n + m, n)
    return mp.mpf(whole - inside[m]) / mp.mpf(whole)


def equal_sizes(n, h):
    """2 sum_j (-1)^(j+1) C(2n, n - j h) / C(2n, n): the reflection principle, at 80 digits."""
    with mp.workdps(80):
        total, j = mp.mpf(0), 1
        while j * h <= n:
            k = j * h
            term = mp.exp(2 * mp.loggamma(n + 1) - mp.loggamma(n - k + 1) - mp.loggamma(n + k + 1))
            total += term if j % 2 else -term
            if term < mp.mpf(10) ** -60 * abs(total):
                break
            j += 1
        return +(2 * total)


def hodges_series(statistic, n, m):
    """Q(z'), z'^2 = z^2 + z (m + 2n) / (3 sqrt(mn(m+n))), m the larger sample (Hodges 1957, eq. 5.3's correction)."""
    n, m = min(n, m), max(n, m)
    z = to_mp(statistic) * mp.sqrt(mp.mpf(m * n) / (m + n))
    z2 = z * z + z * (m + 2 * n) / (3 * mp.sqrt(mp.mpf(m) * n * (m + n)))
    return kolmogorov_sf(mp.sqrt(z2))


def ks_p(h0, n, m):
    """(p, method, tolerance); h0 = max |m #ref<=x - n #cur<=x| = D n m."""
    if h0 == 0:
        return mp.mpf(1), "no difference", 1e-10
    tolerance = 1e-10 if max(n, m) <= 10 ** 4 else 1e-9
    if n == m:
        assert h0 % n == 0
        return equal_sizes(n, h0 // n), "closed form", tolerance
    if 2 * h0 > CELLS:
        assert 2 * h0 > 2 * CELLS, "too near the change of method to be a test of either"
        return hodges_series(Fraction(h0, n * m), n, m), "corrected series", 1e-9
    assert 2 * h0 < CELLS / 2, "too near the change of method to be a test of either"
    h = h0 // math.gcd(n, m)
    if n * m <= 40000:
        return path_integers(n, m, h), "path count", tolerance
    text = np.format_float_scientific(path_recursion(n, m, h), precision=21, trim="k")
    return mp.mpf(text), "path recursion", tolerance
