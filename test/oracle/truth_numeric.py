"""Truth for the statistics of two numeric samples, from integers, fractions and mpmath; NaN-free float64 arrays in.

Every function returns a dict with statistic, p_value, effect_size, df (None = NULL), `how`, and optionally
`skip` (fields that are not compared) and tolerances. The functions never see an empty side.
"""
import math
from collections import Counter
from fractions import Fraction

import mpmath as mp
import numpy as np

from truth_ks import ks_p
from truth_special import cramer_von_mises_sf, normal_two_sided, student_two_sided, to_mp

INF = float("inf")


def result(how, statistic, p=None, effect=None, df=None, **more):
    return dict(statistic=statistic, p_value=p, effect_size=effect, df=df, how=how, **more)


def pooled(ref, cur):
    """Distinct values of both samples and how often each occurs in the reference and in the current sample."""
    values, inverse = np.unique(np.concatenate([ref, cur]), return_inverse=True)
    a = np.bincount(inverse[:len(ref)], minlength=len(values)).astype(np.int64)
    b = np.bincount(inverse[len(ref):], minlength=len(values)).astype(np.int64)
    return values, a, b


def ks_stat(ref, cur):
    n, m = len(ref), len(cur)
    _, a, b = pooled(ref, cur)
    h0 = int(np.max(np.abs(np.cumsum(a) * m - np.cumsum(b) * n)))
    p, how, p_tolerance = ks_p(h0, n, m)
    d = h0 / (n * m)
    return result(how, d, p, d, tolerance=1e-12, p_tolerance=p_tolerance)


def mann_whitney(ref, cur):
    n, m = len(ref), len(cur)
    _, a, b = pooled(ref, cur)
    below = np.cumsum(b) - b
    u2 = int(np.sum(a * (2 * below + b)))
    size = n + m
    ties = sum(int(t) ** 3 - int(t) for t in a + b)
    variance = Fraction(n * m, 12) * (size + 1 - Fraction(ties, size * (size - 1)))
    u = Fraction(max(u2, 2 * n * m - u2), 2)
    effect = Fraction(1, 2) - Fraction(u2, 2 * n * m)
    if variance == 0:
        return result("all equal", u2 / 2, 1.0, 0.0)
    z = to_mp(u - Fraction(n * m, 2) - Fraction(1, 2)) / mp.sqrt(to_mp(variance))
    return result("normal, ties and continuity", u2 / 2, normal_two_sided(z), effect)


def as_integers(*samples):
    """Finite doubles as integers over one power of two: exact arithmetic from here on."""
    ratios = [[float(v).as_integer_ratio() for v in s] for s in samples]
    scale = max(d for s in ratios for _, d in s)
    return [[p * (scale // d) for p, d in s] for s in ratios], scale


def welch_t(ref, cur):
    n, m = len(ref), len(cur)
    counts = "n_reference,n_current"
    if len(np.unique(np.concatenate([ref, cur]))) == 1:
        return result("equal constants", 0.0, 1.0, 0.0, skip="df")
    if n < 2 or m < 2:
        return result("one value on a side", None, skip=counts)
    if not (np.isfinite(ref).all() and np.isfinite(cur).all()):
        return result("infinite values", None, skip=counts)
    (x, y), scale = as_integers(ref, cur)
    mean_x, mean_y = Fraction(sum(x), n), Fraction(sum(y), m)
    ss_x = sum(v * v for v in x) - Fraction(sum(x) ** 2, n)
    ss_y = sum(v * v for v in y) - Fraction(sum(y) ** 2, m)
    vx, vy = ss_x / (n - 1) / n, ss_y / (m - 1) / m
    if vx + vy == 0:
        sign = 1 if mean_x > mean_y else -1
        return result("different constants", sign * INF, 0.0, -sign * INF, skip="df")
    t = to_mp(mean_x - mean_y) / mp.sqrt(to_mp(vx + vy))
    df = (vx + vy) ** 2 / (vx ** 2 / (n - 1) + vy ** 2 / (m - 1))
    nu = n + m - 2
    spread = mp.sqrt(to_mp((ss_x + ss_y) / nu))
    half = mp.mpf(nu) / 2
    j = mp.exp(mp.loggamma(half) - mp.loggamma(half - mp.mpf(1) / 2)) / mp.sqrt(half)
    return result("exact moments", t, student_two_sided(t, df), to_mp(mean_y - mean_x) / spread * j, df,
                  absolute=1e-13)


def gaps(ref, cur):
    """(widths, |F - G| * n m on them, scale, infinite?) between consecutive finite distinct values."""
    n, m = len(ref), len(cur)
    values, a, b = pooled(ref, cur)
    diff = np.abs(np.cumsum(a) * m - np.cumsum(b) * n)
    infinite = any(d and (np.isinf(values[i]) or np.isinf(values[i + 1])) for i, d in enumerate(diff[:-1]))
    finite = np.isfinite(values)
    (ints,), scale = as_integers(values[finite]) if finite.any() else (([],), 1)
    widths = [q - p for p, q in zip(ints, ints[1:])]
    return widths, [int(d) for d in diff[finite]], scale, infinite


def wasserstein_distance(ref, cur):
    widths, diff, scale, infinite = gaps(ref, cur)
    if infinite:
        return result("infinite mass differs", INF)
    return result("exact integral", Fraction(sum(w * d for w, d in zip(widths, diff)), scale * len(ref) * len(cur)),
                  absolute=1e-320)


def energy_distance(ref, cur):
    widths, diff, scale, infinite = gaps(ref, cur)
    if infinite:
        return result("infinite mass differs", INF)
    square = Fraction(sum(w * d * d for w, d in zip(widths, diff)), scale * (len(ref) * len(cur)) ** 2)
    return result("exact integral", mp.sqrt(to_mp(2 * square)))


def cramer_von_mises(ref, cur):
    n, m = len(ref), len(cur)
    size = n + m
    values, a, b = pooled(ref, cur)
    twice_rank = 2 * (np.cumsum(a + b) - (a + b)) + a + b + 1
    def squares(count):
        r = np.repeat(twice_rank, count)
        return sum(v * v for v in (r - 2 * np.arange(1, len(r) + 1)).tolist())
    u = Fraction(n * squares(a) + m * squares(b), 4)
    t = u / (n * m * size) - Fraction(4 * n * m - 1, 6 * size)
    if len(values) == 1:
        return result("all equal", t, 1.0, t, skip="statistic,effect_size")
    if max(n, m) <= 20:
        return result("exact frequencies", t, cvm_exact(u, n, m), t, absolute=1e-13)
    k = n * m
    et = Fraction(size + 1, 6 * size)
    vt = Fraction((size + 1) * (4 * k * size - 3 * (n * n + m * m) - 2 * k), 45 * size * size * 4 * k)
    tn = mp.mpf(1) / 6 + to_mp(t - et) / mp.sqrt(45 * to_mp(vt))
    p = mp.mpf(1) if tn < 0.003 else cramer_von_mises_sf(tn)
    return result("limiting law", t, p, t, absolute=1e-13)


def cvm_exact(u, n, m):
    """P(zeta >= observed) from Xiao, Gordon and Yakovlev 2006; the observed zeta is rounded down, as SciPy does."""
    lcm = math.lcm(n, m)
    a, b = lcm // n, lcm // m
    zeta = math.floor(Fraction(lcm * lcm * (n + m)) * (6 * u - n * m * (4 * n * m - 1)) / (6 * (n * m) ** 2))
    column = [Counter({0: 1})] + [Counter() for _ in range(n)]
    for j in range(m + 1):
        following, carry = [], Counter()
        for i, frequencies in enumerate(column):
            carry = carry + frequencies
            step = (a * i - b * j) ** 2
            carry = Counter({v + step: c for v, c in carry.items()})
            following.append(carry)
        column = following
    at_least = sum(c for v, c in column[n].items() if v >= zeta)
    return Fraction(at_least, math.comb(n + m, n))


def anderson_darling(ref, cur):
    """Scholz and Stephens 1987, eq. 7 (midranks), standardised; p interpolated in their table and clipped, as SciPy."""
    n, m = len(ref), len(cur)
    size = n + m
    values, a, b = pooled(ref, cur)
    if len(values) == 1:
        return result("all equal", None, 1.0, skip="statistic,effect_size")
    if size < 4:
        return result("variance undefined below four values", None, skip="n_reference,n_current")
    lj = a + b
    twice_b = 2 * (np.cumsum(lj) - lj) + lj
    ld = np.longdouble
    a2 = ld(0)
    for count, ni in ((a, n), (b, m)):
        twice_m = 2 * np.cumsum(count) - count
        top = (size * twice_m - twice_b * ni).astype(ld)
        bottom = twice_b.astype(ld) * (2 * size - twice_b).astype(ld) - size * lj.astype(ld)
        a2 += np.sum(lj.astype(ld) / size * top * top / bottom) / ni
    a2 *= ld(size - 1) / size
    hs = np.cumsum(ld(1) / np.arange(size - 1, 1, -1).astype(ld))
    big_h, h = ld(1) / n + ld(1) / m, hs[-1] + 1
    g = np.sum(hs / np.arange(2, size).astype(ld))
    ca = (4 * g - 6) + (10 - 6 * g) * big_h
    cb = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * big_h - 8 * h + 4 * g - 6
    cc = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * big_h + 4 * h
    cd = (2 * h + 6) * 4 - 8 * h
    z = ld(size)
    variance = (ca * z ** 3 + cb * z ** 2 + cc * z + cd) / ((z - 1) * (z - 2) * (z - 3))
    statistic = (a2 - 1) / np.sqrt(variance)
    text = mp.mpf(np.format_float_scientific(statistic, precision=21, trim="k"))
    return result("midranks, table", text, anderson_p(text), text, absolute=1e-13)


def anderson_p(statistic):
    b0 = ["0.675", "1.281", "1.645", "1.96", "2.326", "2.573", "3.085"]
    b1 = ["-0.245", "0.25", "0.678", "1.149", "1.822", "2.364", "3.615"]
    b2 = ["-0.105", "-0.305", "-0.362", "-0.391", "-0.396", "-0.345", "-0.154"]
    critical = [mp.mpf(x) + mp.mpf(y) + mp.mpf(z) for x, y, z in zip(b0, b1, b2)]
    levels = [mp.mpf(s) for s in ("0.25", "0.1", "0.05", "0.025", "0.01", "0.005", "0.001")]
    if statistic < critical[0]:
        return levels[0]
    if statistic > critical[-1]:
        return levels[-1]
    design = mp.matrix([[c * c, c, 1] for c in critical])
    fit = mp.lu_solve(design.T * design, design.T * mp.matrix([mp.log(s) for s in levels]))
    return mp.exp(fit[0] * statistic ** 2 + fit[1] * statistic + fit[2])
