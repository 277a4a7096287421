"""Numbers of other libraries on our cases, for test/sql/22_peers.sql: a library's name in, lines of peers.csv out.

    evidently/bin/python peers.py evidently > evidently.lines      (each library in its own environment, README.md)

Every line says what the library does, on which case, what it returned, and which of our numbers stands beside it.
"""
import contextlib
import csv
import importlib.metadata
import os
import sys
import warnings

import numpy as np

from make_cases import all_cases

CASES = {c.name: c for c in all_cases()}


def sides(name):
    return CASES[name].side("reference"), CASES[name].side("current")


def attempt(call):
    """The returned number in 6 digits (versions differ in the last ones), or the name of the error."""
    try:
        value = call()
    except Exception as problem:
        return type(problem).__name__
    return "%.6g" % float(value)


def evidently():
    import pandas as pd
    from evidently.legacy.calculations import stattests
    from evidently.legacy.core import ColumnType
    num, cat = ColumnType.Numerical, ColumnType.Categorical

    def run(module, function, case, kind, **more):
        mod = __import__("evidently.legacy.calculations.stattests." + module, fromlist=[function])
        ref, cur = (pd.Series(s) for s in sides(case))
        return attempt(lambda: getattr(mod, function)(ref, cur, kind, 0.1, **more)[0])
    chi = lambda case: run("chisquare_stattest", "_chi_stat_test", case, cat)
    yield ("chi-square takes the reference for the exact truth", "six categories",
           chi("six categories"), "chi2_drift", "p_value")
    yield ("the same, five times the rows", "same shares, other size",
           chi("same shares, other size"), "chi2_drift", "p_value")
    yield ("one row of an unseen category", "one row of an unseen category",
           chi("one row of an unseen category"), "chi2_drift", "p_value")
    yield "chi-square of one category", "one category", chi("one category"), "chi2_drift", "p_value"
    g = lambda case: run("g_stattest", "_g_stat_test", case, cat)
    yield ("G-test takes the reference for the exact truth", "three of eighteen",
           g("three of eighteen"), "g_test", "p_value")
    yield "G-test of unequal sizes", "same shares, other size", g("same shares, other size"), "g_test", "p_value"
    yield ("Fisher's test of unequal sizes", "rate falls",
           run("fisher_exact_stattest", "_fisher_exact_stattest", "rate falls", cat), "fisher_exact", "p_value")
    yield ("Mann-Whitney is one-sided", "moved down",
           run("mann_whitney_urank_stattest", "_mannwhitneyu_rank", "moved down", num), "mann_whitney", "p_value")
    yield ("t-test assumes equal variances", "eight and eight",
           run("t_test", "_t_test2samp", "eight and eight", num), "welch_t", "p_value")
    for bins in (10, 100):
        yield ("PSI ignores n_bins = %d" % bins, "moved down",
               run("psi", "_psi", "moved down", num, n_bins=bins), "psi", "statistic", bins)
    yield ("PSI without drift, 60 rows, against 0.1", "no drift, 60 rows",
           run("psi", "_psi", "no drift, 60 rows", num), "psi_test", "effect_size")
    yield ("PSI puts 0.0001 for an empty category", "200 categories, few rows",
           run("psi", "_psi", "200 categories, few rows", cat), "psi_test", "effect_size")
    yield ("scaled Wasserstein without drift, 60 rows, against 0.1", "no drift, 60 rows",
           run("wasserstein_distance_norm", "_wasserstein_distance_norm", "no drift, 60 rows", num),
           "ks_stat", "p_value")
    yield ("Jensen-Shannon in base e: 0.83 at most", "all unseen",
           run("jensenshannon", "_jensenshannon", "all unseen", cat), "js_distance", "statistic")
    yield ("KL of the reference from current", "rate falls",
           run("kl_div", "_kl_div", "rate falls", cat), "kl_divergence", "statistic")
    yield ("TVD is a permutation p-value", "rate falls",
           run("tvd_stattest", "_tvd_stattest", "rate falls", cat), "tv_distance", "statistic")


def nannyml():
    import pandas as pd
    from nannyml.drift.univariate.methods import FeatureType, MethodFactory
    from nannyml.thresholds import StandardDeviationThreshold
    from nannyml.chunk import DefaultChunker

    def run(key, kind, case, p=False):
        ref, cur = (pd.Series(s) for s in sides(case))
        if kind == FeatureType.CATEGORICAL:
            ref, cur = ref.astype("category"), cur.astype("category")

        def call():
            method = MethodFactory.create(key=key, feature_type=kind, chunker=DefaultChunker(),
                                          threshold=StandardDeviationThreshold(), computation_params={})
            method._fit(ref)
            value = method._calculate(cur)
            return method._p_value if p else value
        return attempt(call)
    cat, num = FeatureType.CATEGORICAL, FeatureType.CONTINUOUS
    yield ("chi-square with Yates' correction at 2 x 2", "rate falls",
           run("chi2", cat, "rate falls", True), "chi2_drift", "p_value")
    yield ("Jensen-Shannon in equal-width bins", "moved down",
           run("jensen_shannon", num, "moved down"), "js_distance", "statistic")
    yield ("Jensen-Shannon of infinities", "infinity in many rows",
           run("jensen_shannon", num, "infinity in many rows"), "js_distance", "statistic")
    yield ("Kolmogorov-Smirnov, agrees", "moved down",
           run("kolmogorov_smirnov", num, "moved down"), "ks_stat", "statistic")
    yield ("Wasserstein, agrees", "moved down",
           run("wasserstein", num, "moved down"), "wasserstein_distance", "statistic")


def alibi_detect():
    from alibi_detect.cd import ChiSquareDrift, FETDrift, KSDrift

    def run(kind, case, **more):
        ref, cur = sides(case)
        if isinstance(ref, list):
            ref, cur = (np.array([int(v) for v in s]) for s in (ref, cur))
        return attempt(lambda: kind(ref, p_val=0.05, **more).predict(cur)["data"]["p_val"][0])
    yield "Fisher's test is one-sided", "rate falls", run(FETDrift, "rate falls"), "fisher_exact", "p_value"
    yield ("Kolmogorov-Smirnov always asymptotic, in float32", "moved down",
           run(KSDrift, "moved down"), "ks_stat", "p_value")
    yield ("Kolmogorov-Smirnov always asymptotic, in float32", "eight and eight",
           run(KSDrift, "eight and eight"), "ks_stat", "p_value")
    yield ("chi-square with Yates' correction at 2 x 2", "rate falls",
           run(ChiSquareDrift, "rate falls"), "chi2_drift", "p_value")


def frouros():
    from frouros.detectors.data_drift import KL, PSI

    def run(detector, case):
        ref, cur = sides(case)

        def call():
            detector.fit(X=ref)
            return detector.compare(X=cur)[0].distance
        return attempt(call)
    for bins in (10, 20, 30):
        yield ("PSI puts 2e-308 for an empty bin, %d bins" % bins, "skewed 10000",
               run(PSI(num_bins=bins), "skewed 10000"), "psi", "statistic", bins)
    yield ("KL is infinite at an empty bin", "separated 2000",
           run(KL(), "separated 2000"), "kl_divergence", "statistic")


def scipy():
    from scipy import stats

    def run(function, case, **more):
        return attempt(lambda: function(*sides(case), **more).pvalue)
    cvm = stats.cramervonmises_2samp
    yield ("Cramer-von Mises: the tail is rounding error", "1000 vs 200, tail",
           run(cvm, "1000 vs 200, tail"), "cramer_von_mises", "p_value")
    yield ("Cramer-von Mises of constants", "all equal, many",
           run(cvm, "all equal, many"), "cramer_von_mises", "p_value")
    yield ("Anderson-Darling of constants", "all equal",
           attempt(lambda: stats.anderson_ksamp(list(sides("all equal"))).pvalue), "anderson_darling", "p_value")
    yield ("Kolmogorov-Smirnov asymptotic above 10,000", "5 vs 100000",
           run(stats.ks_2samp, "5 vs 100000"), "ks_stat", "p_value")
    yield ("Welch's t out of the range of squares", "huge 2000",
           run(stats.ttest_ind, "huge 2000", equal_var=False), "welch_t", "p_value")


def textbook():
    """PSI over the reference's deciles as usually written: numpy.quantile, duplicate edges dropped, 0.0001 for none."""
    def run(case):
        ref, cur = sides(case)
        edges = np.unique(np.quantile(ref, np.linspace(0, 1, 11)))
        edges[0], edges[-1] = -np.inf, np.inf
        p = np.maximum(np.histogram(ref, edges)[0] / len(ref), 1e-4)
        q = np.maximum(np.histogram(cur, edges)[0] / len(cur), 1e-4)
        return attempt(lambda: np.sum((q - p) * np.log(q / p)))
    for case in ("flag 95 to 5", "93 % at the cap, then 60 %"):
        yield "PSI over deciles", case, run(case), "psi", "statistic"


def main():
    name = sys.argv[1]
    warnings.simplefilter("ignore")
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        rows = [list(r) + [""] * (6 - len(r)) for r in globals()[name]()]
    version = "" if name == "textbook" else importlib.metadata.version(name.replace("_", "-"))
    out = csv.writer(sys.stdout, lineterminator="\n")
    for what, case, theirs, statistic, field, bins in rows:
        out.writerow([name.replace("_", "-"), version, what, case, theirs, statistic, field, bins])


if __name__ == "__main__":
    main()
