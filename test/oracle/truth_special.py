"""Distribution functions at high precision (mpmath), for p-values far below what double precision can subtract."""
from fractions import Fraction

import mpmath as mp

mp.mp.dps = 50


def to_mp(x):
    """An mpf from an int, a float or a Fraction, without a detour over double precision."""
    if isinstance(x, Fraction):
        return mp.mpf(x.numerator) / mp.mpf(x.denominator)
    return mp.mpf(x)


def normal_two_sided(z):
    """2 P(Z > z), not above 1."""
    return min(mp.mpf(1), mp.erfc(to_mp(z) / mp.sqrt(2)))


def chi2_sf(x, df):
    """P(chi-square with df degrees > x); 1 for df = 0, whose statistic is constant 0."""
    if df == 0:
        return mp.mpf(1)
    a, y = mp.mpf(df) / 2, to_mp(x) / 2
    if y <= 0:
        return mp.mpf(1)
    lead = a * mp.log(y) - y - mp.loggamma(a)
    if y < a + 1:
        with mp.workdps(60):
            term, total, k = 1 / a, 1 / a, a
            while term > total * mp.mpf(10) ** -58:
                k += 1
                term *= y / k
                total += term
            return 1 - total * mp.exp(lead)
    return mp.exp(lead) * continued_fraction(
        lambda k: -k * (k - a), lambda k: y + 2 * k + 1 - a)


def continued_fraction(numerator, denominator):
    """1/(b0 + a1/(b1 + a2/(b2 + ...))) by the modified Lentz algorithm."""
    tiny = mp.mpf(10) ** -200
    f = denominator(0) or tiny
    c, d = f, mp.mpf(0)
    for k in range(1, 10 ** 6):
        d = denominator(k) + numerator(k) * d
        d = 1 / (d or tiny)
        c = (denominator(k) + numerator(k) / c) or tiny
        f *= c * d
        if abs(c * d - 1) < mp.mpf(10) ** -45:
            return 1 / f
    raise ArithmeticError("no convergence")


def beta_fraction(a, b, x):
    """The regularised incomplete beta function by the continued fraction DLMF 8.17.22; x < (a+1)/(a+b+2)."""
    def numerator(k):
        i = k // 2
        if k % 2:
            return -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1))
        return i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i))
    lead = a * mp.log(x) + b * mp.log(1 - x) - mp.log(a)
    lead += mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
    return mp.exp(lead) * continued_fraction(numerator, lambda k: mp.mpf(1))


def student_two_sided(t, df):
    """P(|T| > |t|) for Student's distribution with df degrees of freedom."""
    t2, df = to_mp(t) ** 2, to_mp(df)
    if t2 == 0:
        return mp.mpf(1)
    a, b, x = df / 2, mp.mpf(1) / 2, df / (df + t2)
    if x < (a + 1) / (a + b + 2):
        return beta_fraction(a, b, x)
    return 1 - beta_fraction(b, a, t2 / (df + t2))


def kolmogorov_sf(x):
    """Q(x) = 2 sum (-1)^(j+1) exp(-2 j^2 x^2), or Jacobi's transform of it where that converges faster."""
    x = to_mp(x)
    if x <= 0:
        return mp.mpf(1)
    total, j = mp.mpf(0), 1
    if x < 1:
        while True:
            term = mp.exp(-((2 * j - 1) * mp.pi) ** 2 / (8 * x * x))
            total += term
            j += 1
            if term < mp.mpf(10) ** -48:
                return 1 - mp.sqrt(2 * mp.pi) / x * total
    while True:
        term = mp.exp(-2 * (j * x) ** 2)
        total += term if j % 2 else -term
        j += 1
        if term <= total * mp.mpf(10) ** -40:
            return 2 * total


def cramer_von_mises_sf(x):
    """1 - F(x) of the limiting Cramer-von Mises law: Csorgo and Faraway 1996, eq. 1.2, with digits for its tail."""
    x = to_mp(x)
    digits = int(mp.pi ** 2 * x / 2 / mp.log(10)) + 40
    if digits > 420:
        return mp.mpf(0)
    with mp.workdps(digits):
        total, k = mp.mpf(0), 0
        while True:
            y = 4 * k + 1
            q = mp.mpf(y) ** 2 / (16 * x)
            term = mp.gamma(k + mp.mpf(1) / 2) / mp.factorial(k) / (mp.pi ** 1.5 * mp.sqrt(x))
            term *= mp.sqrt(y) * mp.exp(-q) * mp.besselk(mp.mpf(1) / 4, q)
            total += term
            k += 1
            if abs(term) < mp.mpf(10) ** (2 - digits):
                return +(1 - total)
