"""Writes values.csv and adjust.csv: what every statistic must give on every case. See README.md."""
import csv
import os
import random
import warnings
from fractions import Fraction

import truth_categorical
import truth_cells
import truth_numeric
from make_cases import all_cases
from samples import HERE, element
from truth_special import to_mp

NUMERIC = ["ks_stat", "mann_whitney", "welch_t", "cramer_von_mises", "anderson_darling", "wasserstein_distance",
           "energy_distance"]
CATEGORICAL = ["chi2_drift", "g_test", "fisher_exact"]
CELLS = ["psi", "psi_test", "js_distance", "hellinger_distance", "tv_distance", "l_infinity_distance",
         "kl_divergence"]
SCALAR = set(CELLS) - {"psi_test"} | {"wasserstein_distance", "energy_distance"}
OTHER_BINS = (3, 5, 20, 100)
FIELDS = ["statistic_name", "case_name", "bins", "statistic", "p_value", "effect_size", "df", "n_reference",
          "n_current", "tolerance", "p_tolerance", "absolute", "skip", "how"]


def number(v):
    """The shortest text of the nearest double; NULL is the empty field."""
    if v is None:
        return ""
    if isinstance(v, Fraction):
        v = to_mp(v)
    v = float(v)
    return element(v)


def function(name):
    for module in (truth_numeric, truth_categorical, truth_cells):
        if hasattr(module, name):
            return getattr(module, name)
    raise KeyError(name)


def statistics_of(case, ref, cur):
    """(name, bins or None) of every statistic that the case can be given to."""
    names = (NUMERIC if case.kind == "numeric" else CATEGORICAL) + CELLS
    for name in names:
        if name == "fisher_exact" and len(set(ref) | set(cur)) > 2:
            continue
        yield name, None
    if case.kind == "numeric" and len(set(ref.tolist())) > 20:
        for bins in OTHER_BINS:
            yield "psi", bins
            yield "psi_test", bins


def values_row(case, name, bins, ref, cur):
    if len(ref) == 0 or len(cur) == 0:
        r = truth_numeric.result("empty side", None, skip="n_reference,n_current")
    elif bins is None:
        r = function(name)(ref, cur)
    else:
        r = function(name)(ref, cur, bins)
    counts = [None, None] if name in SCALAR else [len(ref), len(cur)]
    tolerance, absolute = r.get("tolerance", 1e-9), r.get("absolute", 0.0)
    if name == "kl_divergence":
        absolute = 1e-15
    return [name, case.name, "" if bins is None else bins, number(r["statistic"]), number(r["p_value"]),
            number(r["effect_size"]), number(r["df"]), *["" if c is None else c for c in counts],
            repr(tolerance), repr(r.get("p_tolerance", 1e-9)), repr(absolute), r.get("skip", ""), r["how"]]


def adjusted_p(p, method):
    """Adjusted p-values; None (NULL) stays None and is not counted. Exact in fractions of the doubles given."""
    known = [i for i, v in enumerate(p) if v is not None]
    size = len(known)
    order = sorted(known, key=lambda i: p[i])
    harmonic = sum(Fraction(1, k) for k in range(1, size + 1))
    out, best = [None] * len(p), None
    for k, i in enumerate(order, 1):
        if method == "bonferroni":
            out[i] = min(Fraction(1), Fraction(p[i]) * size)
        elif method == "holm":
            value = Fraction(p[i]) * (size - k + 1)
            best = value if best is None else max(best, value)
            out[i] = min(Fraction(1), best)
    if method in ("bh", "by"):
        best = Fraction(1)
        for k in range(size, 0, -1):
            i = order[k - 1]
            best = min(best, Fraction(p[i]) * size / k * (harmonic if method == "by" else 1))
            out[i] = best
    return out


def adjusted_e(e):
    """The smallest level at which e-BH rejects: min over ranks k >= its own of F / (k e_(k)), at most 1."""
    known = [i for i, v in enumerate(e) if v is not None]
    order = sorted(known, key=lambda i: -e[i])
    out, best = [None] * len(e), Fraction(1)
    for k in range(len(order), 0, -1):
        v = e[order[k - 1]]
        if v == float("inf"):
            best = Fraction(0)
        elif v > 0:
            best = min(best, Fraction(len(order)) / (k * Fraction(v)))
        out[order[k - 1]] = best
    return out


def adjust_rows():
    rng = random.Random(3)
    p_lists = [[0.04], [1.0], [0.0], [0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.04, 0.03, 0.02, 0.01],
               [0.2, 0.2, 0.2], [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251,
                                 0.269, 0.275, 0.34, 0.341, 0.384, 0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975,
                                 0.986], [1e-300, 1e-308, 0.5, 1.0, 0.0], [0.5, 0.9, 0.99], [None, 0.01, 0.04, None],
               [None, None]]
    p_lists += [[rng.random() ** 4 for _ in range(size)] for size in (2, 7, 40, 200)]
    p_lists += [[round(rng.random() ** 3, 2) for _ in range(30)]]
    e_lists = [[20.0], [0.5], [100.0, 3.0, 1.0, 40.0], [1.0] * 5, [0.0, 50.0, 1000.0], [1e308, 1e-308, 7.0],
               [float("inf"), 10.0, 30.0], [None, 90.0, 80.0, 2.0], [30.0, 30.0, 30.0, 1.0], [None]]
    e_lists += [[1 / (rng.random() ** 3 + 1e-6) for _ in range(size)] for size in (2, 9, 60)]
    text = lambda values: "{" + ",".join(number(v) or "NULL" for v in values) + "}"
    for method in ("bh", "by", "holm", "bonferroni"):
        for p in p_lists:
            yield ["adjust_p", method, text(p), text(adjusted_p(p, method))]
    for e in e_lists:
        yield ["adjust_e", "", text(e), text(adjusted_e(e))]


def main():
    warnings.simplefilter("error")
    with open(os.path.join(HERE, "values.csv"), "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(FIELDS)
        for case in all_cases():
            ref, cur = case.side("reference"), case.side("current")
            for name, bins in statistics_of(case, ref, cur):
                try:
                    out.writerow(values_row(case, name, bins, ref, cur))
                except Exception as problem:
                    raise RuntimeError("%s on case %s" % (name, case.name)) from problem
    with open(os.path.join(HERE, "adjust.csv"), "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["function_name", "method", "given", "expected"])
        out.writerows(adjust_rows())


if __name__ == "__main__":
    main()
