"""The cases. Run as a script it writes cases.csv; make_values.py imports all_cases().

Literal samples come from random.Random(seed), whose stream is fixed across Python versions for random() and
getrandbits(); gauss() is not used, so that regenerating gives the same bytes everywhere.
"""
import os
import random

from samples import HERE, Case, Part, write_cases

INF, NAN = float("inf"), float("nan")
SIZES = [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (1, 9), (3, 5), (5, 5), (7, 13), (12, 8), (10, 10), (17, 20),
         (20, 20), (21, 20), (20, 21), (25, 40), (40, 25), (50, 50), (60, 45), (64, 96), (100, 100)]


def bell(rng):
    """About normal, mean 0 and variance 1, from twelve uniforms; no library function whose last bit may differ."""
    return sum(rng.random() for _ in range(12)) - 6


def skewed(rng):
    u = rng.random()
    return u * u * u / (1.001 - u)


def literal(values, copies=1):
    return Part("literal", copies, literal=list(values))


def pair(name, kind, ref, cur, neither=()):
    """A case; ref and cur are Parts, lists of Parts, or lists of values."""
    case = Case(name, kind)
    for side, what in (("reference", ref), ("current", cur), ("neither", neither)):
        parts = [what] if isinstance(what, Part) else list(what)
        if parts and not isinstance(parts[0], Part):
            parts = [literal(parts)]
        case.parts += [(side, p) for p in parts]
    return case


def random_numeric():
    shapes = {
        "normal": lambda r, s: bell(r),
        "shift": lambda r, s: bell(r) + (0.6 if s else 0),
        "scale": lambda r, s: bell(r) * (2.5 if s else 1),
        "tied": lambda r, s: float(int(r.random() * (4 + s))),
        "tenths": lambda r, s: round(bell(r) + 0.3 * s, 1),
        "flat": lambda r, s: r.random() * (1 + 0.4 * s),
        "skewed": lambda r, s: skewed(r) * (1 + s),
    }
    for shape, draw in shapes.items():
        for k, (n, m) in enumerate(SIZES):
            rng = random.Random(7919 * k + sum(map(ord, shape)))
            yield pair("%s %d %d" % (shape, n, m), "numeric", [draw(rng, 0) for _ in range(n)],
                       [draw(rng, 1) for _ in range(m)])


def edge_numeric():
    rng = random.Random(20)
    some = [bell(rng) for _ in range(30)]
    more = [bell(rng) for _ in range(24)]
    yield pair("all equal", "numeric", [3.25] * 7, [3.25] * 5)
    yield pair("all equal, many", "numeric", literal([3.25], 1500), literal([3.25], 400))
    yield pair("one row each, equal", "numeric", [7.5], [7.5])
    yield pair("one row and many, equal", "numeric", [7.5], [7.5] * 30)
    yield pair("all equal zeros of both signs", "numeric", [0.0, -0.0, 0.0, -0.0], [-0.0, -0.0, 0.0])
    yield pair("two constants", "numeric", [1.0] * 8, [2.0] * 6)
    yield pair("two constants, current below", "numeric", [2.0] * 8, [-1.0] * 6)
    yield pair("constant reference", "numeric", [1.0] * 12, [0.5, 1.0, 1.0, 1.5, 2.0, 0.25])
    yield pair("constant current", "numeric", [0.5, 1.0, 1.0, 1.5, 2.0, 0.25], [1.0] * 12)
    yield pair("identical samples", "numeric", some, some)
    yield pair("identical multisets, other order", "numeric", some, some[::-1])
    yield pair("separated", "numeric", some, [v + 100 for v in more])
    yield pair("separated, current below", "numeric", some, [v - 100 for v in more])
    yield pair("interleaved", "numeric", [float(i) for i in range(40)], [i + 0.5 for i in range(40)])
    yield pair("signed zeros", "numeric", [-0.0, 0.0, 1.0, -1.0, -0.0], [0.0, -0.0, -0.0, 2.0, 0.0, 1.0])
    yield pair("infinities, equal mass", "numeric", [-INF, 1.0, 2.0, 3.0, INF, 4.0], [-INF, 2.5, 3.5, 1.5, 0.5, INF])
    yield pair("infinities, unequal mass", "numeric", [-INF, 1.0, 2.0, 3.0, INF], [2.5, 3.5, INF, INF, 0.5, 1.5])
    yield pair("minus infinity only", "numeric", some + [-INF], more + [-INF, -INF])
    yield pair("plus infinity in current", "numeric", some, more + [INF])
    yield pair("plus infinity in reference", "numeric", some + [INF, INF], more)
    yield pair("only infinities, same", "numeric", [INF, -INF, INF, -INF], [-INF, INF])
    yield pair("only infinities, other mass", "numeric", [INF, -INF, INF, INF], [-INF, INF])
    yield pair("constant infinity", "numeric", [INF] * 5, [INF] * 4)
    yield pair("infinity in many rows", "numeric", [literal(some, 10), literal([INF], 100)],
               [literal(more, 10), literal([INF], 80)])
    yield pair("tiny", "numeric", [v * 1e-300 for v in some], [(v + 0.4) * 1e-300 for v in more])
    yield pair("huge", "numeric", [v * 1e300 for v in some], [(v + 0.4) * 1e300 for v in more])
    yield pair("subnormal", "numeric", [k * 5e-324 for k in (1, 2, 3, 3, 5, 8)], [k * 5e-324 for k in (2, 4, 6, 6, 9)])
    yield pair("tiny and huge", "numeric", [1e-300, -1e-300, 1e300, 1.0, -1e300, 0.0],
               [1e300, 1e300, 1e-300, 2.0, -3.0, 5e-301])
    yield pair("wide range", "numeric", [10.0 ** k for k in range(-20, 21)], [10.0 ** k * 1.5 for k in range(-18, 20)])
    yield pair("neighbouring doubles", "numeric", [1.0, 1.0 + 2.0 ** -52, 1.0 + 2.0 ** -51, 1.0],
               [1.0 + 2.0 ** -52, 1.0 + 2.0 ** -51, 1.0 + 2.0 ** -51, 1.0 + 3 * 2.0 ** -52, 1.0])
    yield pair("offset of a million", "numeric", [v + 1e6 for v in some], [v + 1e6 + 0.1 for v in more])
    yield pair("offset of a billion", "numeric", [v + 1e9 for v in some], [v + 1e9 + 0.4 for v in more])
    yield pair("missing values", "numeric", some + [NAN, None, NAN], [None] + more + [NAN] * 4)
    yield pair("missing sides", "numeric", some, more, [literal([1e9, None, NAN, -5.0], 3)])
    yield pair("missing all but one", "numeric", [NAN, None, 2.0], [None, 3.0, None])
    yield pair("no current", "numeric", some, [None, NAN])
    yield pair("no reference", "numeric", [NAN, NAN], some)
    yield pair("no rows of either", "numeric", [None], [NAN])
    yield pair("flag 95 to 5", "numeric", [literal([1.0], 950), literal([0.0], 50)],
               [literal([1.0], 50), literal([0.0], 950)])
    yield pair("flag 95 to 90", "numeric", [literal([1.0], 950), literal([0.0], 50)],
               [literal([1.0], 180), literal([0.0], 20)])
    yield pair("twenty values", "numeric", [float(i % 20) for i in range(200)],
               [i % 23 + 0.5 * (i % 2) for i in range(150)])
    yield pair("twenty-one values", "numeric", [float(i % 21) for i in range(210)],
               [i % 23 + 0.5 * (i % 2) for i in range(150)])
    yield pair("twenty-one values in twenty-one rows", "numeric", [float(i) for i in range(21)],
               [i * 0.7 for i in range(33)])
    yield pair("heavy lowest", "numeric", [0.0] * 60 + [0.5 + i for i in range(40)],
               [0.0] * 20 + [i * 1.1 for i in range(50)])
    yield pair("heavy highest", "numeric", [9.0] * 60 + [i / 10 for i in range(40)],
               [9.0] * 20 + [i / 7 for i in range(50)])
    yield pair("heavy middle", "numeric", [float(i) for i in range(40)] + [17.5] * 30,
               [i * 0.8 for i in range(50)] + [17.5] * 3)
    yield pair("two heavy neighbours", "numeric", [float(i) for i in range(40)] + [17.5] * 30 + [17.75] * 30,
               [i * 0.8 for i in range(50)] + [17.6] * 3)
    yield pair("exactly a tenth", "numeric", [4.0] * 10 + [5.5 + i for i in range(90)], [i * 0.9 for i in range(80)])
    yield pair("a tenth and one", "numeric", [4.0] * 11 + [5.5 + i for i in range(89)], [i * 0.9 for i in range(80)])
    yield pair("current between the cells", "numeric", [1.0, 2.0, 3.0] * 9, [0.0, 1.5, 2.5, 3.5, 2.0, 1.5, 9.0])


def generated_numeric():
    def g(kind, n, seed, modulus, scale=1.0, shift=0.0, cap=0):
        return Part(kind, n, seed, modulus, cap, scale, shift)
    fine = 2 ** -20
    spread = 1 << 21
    yield pair("5 vs 100000", "numeric", g("bell", 5, 1, spread, fine), g("bell", 100000, 2, spread, fine))
    yield pair("100000 vs 5", "numeric", g("bell", 100000, 3, spread, fine), g("bell", 5, 4, spread, fine, 2.0))
    yield pair("1 vs 20000", "numeric", g("bell", 1, 5, spread, fine), g("bell", 20000, 6, spread, fine))
    yield pair("20000 vs 1", "numeric", g("bell", 20000, 7, spread, fine), g("bell", 1, 8, spread, fine, -3.0))
    yield pair("equal 1000", "numeric", g("bell", 1000, 9, spread, fine), g("bell", 1000, 10, spread, fine, 0.05))
    yield pair("1000 vs 999", "numeric", g("bell", 1000, 11, spread, fine), g("bell", 999, 12, spread, fine, 0.1))
    yield pair("1000 vs 200, tail", "numeric", g("bell", 1000, 13, spread, fine), g("bell", 200, 14, spread, fine, 1.5))
    yield pair("3000 vs 1777", "numeric", g("bell", 3000, 15, spread, fine), g("bell", 1777, 16, spread, fine, 0.2))
    yield pair("equal 10000", "numeric", g("bell", 10000, 17, spread, fine), g("bell", 10000, 18, spread, fine, 0.02))
    yield pair("10000 vs 9999", "numeric", g("bell", 10000, 19, spread, fine), g("bell", 9999, 20, spread, fine, 0.03))
    yield pair("10000 vs 2500", "numeric", g("bell", 10000, 21, spread, fine), g("bell", 2500, 22, spread, fine))
    yield pair("equal 50000", "numeric", g("bell", 50000, 23, spread, fine), g("bell", 50000, 24, spread, fine, 0.01))
    yield pair("50000 vs 40000", "numeric", g("bell", 50000, 25, spread, fine), g("bell", 40000, 26, spread, fine,
               0.05))
    yield pair("100000 vs 20000", "numeric", g("bell", 100000, 27, spread, fine), g("bell", 20000, 28, spread, fine,
               0.04))
    yield pair("50000 vs 49999, no drift", "numeric", g("sequence", 50000, 0, 0), g("sequence", 49999, 0, 0, 1.0, 0.5))
    yield pair("100000 vs 60000, no drift", "numeric", g("uniform", 100000, 29, 2147483647),
               g("uniform", 60000, 30, 2147483647))
    yield pair("ties 5000", "numeric", g("uniform", 5000, 31, 7), g("uniform", 3000, 32, 8))
    yield pair("ties 20000, percentages", "numeric", g("uniform", 20000, 33, 101, 0.01),
               g("uniform", 15000, 34, 101, 0.01))
    yield pair("skewed 10000", "numeric", g("square", 10000, 35, 5003, 0.001), g("square", 8000, 36, 5003, 0.00105))
    yield pair("93 % at the cap", "numeric", g("capped", 20000, 37, 10000, 0.1, 0.0, 700),
               g("capped", 10000, 38, 10000, 0.1, 0.0, 700))
    yield pair("93 % at the cap, then 60 %", "numeric", g("capped", 20000, 39, 10000, 0.1, 0.0, 700),
               g("capped", 10000, 40, 1750, 0.1, 0.0, 700))
    yield pair("70 % zero", "numeric", g("sparse", 8000, 41, 100003), g("sparse", 6000, 42, 100003, 1.2))
    yield pair("70 % zero, then none", "numeric", g("sparse", 8000, 43, 100003), g("uniform", 600, 44, 100003))
    yield pair("large offset", "numeric", g("bell", 5000, 45, spread, fine, 1e6), g("bell", 4000, 46, spread, fine,
               1e6 + 0.05))
    yield pair("generated with infinities", "numeric",
               [g("bell", 5000, 47, spread, fine), literal([INF, -INF], 25)],
               [g("bell", 4000, 48, spread, fine), literal([INF, -INF], 20)])
    yield pair("generated with missing", "numeric", [g("bell", 2000, 49, spread, fine), literal([None, NAN], 300)],
               [literal([NAN, None], 100), g("bell", 3000, 50, spread, fine, 0.1)])
    yield pair("tiny 2000", "numeric", g("bell", 2000, 51, 100003, 1e-305), g("bell", 1500, 52, 100003, 1.1e-305))
    yield pair("huge 2000", "numeric", g("bell", 2000, 53, 100003, 1e295), g("bell", 1500, 54, 100003, 1.1e295))
    yield pair("separated 2000", "numeric", g("bell", 2000, 55, spread, fine), g("bell", 1500, 56, spread, fine, 50.0))
    yield pair("two hundred values", "numeric", g("uniform", 4000, 57, 200), g("uniform", 4000, 58, 200))


def random_categories():
    rng = random.Random(5)
    for k in (2, 3, 5, 8, 13, 30):
        for n, m in ((4, 3), (20, 20), (15, 60), (120, 90), (400, 150)):
            names = ["k%02d" % i for i in range(k)]
            draw = lambda skew: names[min(k - 1, int(k * rng.random() ** skew))]
            yield pair("random %d of %d %d" % (k, n, m), "category", [draw(1.5) for _ in range(n)],
                       [draw(1.2) for _ in range(m)])


def counted(name, ref, cur):
    """A categorical case from {category: count} of each side."""
    return pair(name, "category", [literal([c], k) for c, k in ref.items() if k],
                [literal([c], k) for c, k in cur.items() if k])


def fisher_cases():
    tables = [(60, 30, 45, 45), (0, 6, 3, 3), (6, 0, 0, 6), (60, 90, 90, 60), (1, 9, 11, 3), (3, 1, 1, 3), (8, 2, 1, 5),
              (0, 5, 0, 7), (5, 0, 7, 0), (10, 0, 7, 3), (0, 10, 3, 7), (1, 0, 0, 1), (1, 1, 1, 1), (2, 3, 2, 3),
              (500, 500, 500, 500), (950, 50, 50, 950), (950, 50, 180, 20), (1000, 3, 1000, 9), (2000, 1, 1, 2000),
              (7, 12, 0, 5), (0, 1, 5, 90), (300, 200, 180, 220), (12, 5, 29, 2), (1, 99, 3, 997)]
    for a, b, c, d in tables:
        yield counted("table %d %d / %d %d" % (a, b, c, d), {"no": a, "yes": b}, {"no": c, "yes": d})


def edge_categories():
    many = ["v%03d" % i for i in range(200)]
    yield pair("one category", "category", ["a"] * 9, ["a"] * 4)
    yield pair("one row each, same", "category", ["a"], ["a"])
    yield pair("one row each, other", "category", ["a"], ["b"])
    yield pair("all unseen", "category", literal(["a", "b", "c"], 40), literal(["x", "y"], 30))
    yield pair("all unseen, one row", "category", literal(["a", "b", "c"], 40), ["x"])
    yield pair("one row of an unseen category", "category",
               [literal(["a"], 500), literal(["b"], 300), literal(["c"], 200)],
               [literal(["a"], 62), literal(["b"], 24), literal(["c"], 14), literal(["new"])])
    yield pair("reference category gone", "category", [literal(["a"], 100), literal(["b"], 60), literal(["c"], 40)],
               [literal(["a"], 70), literal(["c"], 30)])
    yield pair("category on either side only", "category", ["a"] * 30 + ["left"] * 12, ["a"] * 25 + ["right"] * 9)
    yield pair("missing categories", "category", ["a", None, "b", None, "a", "c"], [None, "a", "c", "c", None])
    yield pair("missing sides, categories", "category", ["a"] * 6 + ["b"] * 5, ["b"] * 6 + ["a"] * 5, ["z", None, "a"])
    yield pair("no current category", "category", ["a", "b"], [None])
    yield pair("no reference category", "category", [None, None], ["a", "b"])
    yield pair("empty string and space", "category", ["", " ", "", "a"] * 9, ["", " ", " ", "  "] * 7)
    yield pair("case and accents", "category", ["a", "A", "\u00e4", "\u00c4", "a\u0308"] * 8, ["A", "A", "\u00e4",
               "z", "a\u0308"] * 6)
    yield pair("quotes, commas, braces", "category", ["a,b", 'c"d', "{e}", "f\\g", "NULL"] * 6, ["a,b", "{e}",
               "NULL", "x'y"] * 7)
    yield pair("names like cells", "category", ["(rare)", "(unseen)", "a", "a"] * 20, ["(rare)", "(other)", "a"] * 20)
    yield pair("200 categories, same", "category", literal(many, 5), literal(many, 3))
    yield pair("200 categories, half gone", "category", literal(many, 5), literal(many[:100], 5))
    yield pair("200 categories, few rows", "category", literal(many, 2), literal(many[::3], 1))
    yield pair("200 categories, one grows", "category", literal(many, 5), [literal(many, 5), literal(["v000"], 300)])
    yield pair("all rare", "category", literal(["r%d" % i for i in range(40)], 1),
               literal(["r%d" % i for i in range(20, 60)], 1))
    yield pair("merged at the limit", "category",
               [literal(["a"], 90), literal(["five"], 5), literal(["four"], 5), literal(["z"], 20)],
               [literal(["a"], 90), literal(["five"], 5), literal(["four"], 4), literal(["z"], 21)])
    yield pair("one rare cell only", "category", ["a", "b", "c"], ["a", "b", "b"])
    yield pair("rare and unseen", "category", [literal(["a"], 300), literal(["b"], 2), literal(["c"], 1)],
               [literal(["a"], 280), literal(["c"], 2), literal(["u"], 1), literal(["w"], 1)])
    yield pair("flag text 95 to 5", "category", [literal(["true"], 950), literal(["false"], 50)],
               [literal(["true"], 50), literal(["false"], 950)])
    def g(kind, n, seed, modulus):
        return Part(kind, n, seed, modulus)
    yield pair("10000 categories", "category", g("uniform", 60000, 61, 10000), g("uniform", 40000, 62, 10000))
    yield pair("10000 categories, skewed", "category", g("square", 60000, 63, 10007), g("square", 40000, 64, 10007))
    yield pair("10000 categories, few current", "category", g("uniform", 60000, 65, 10000), g("uniform", 50, 66, 10000))
    yield pair("10000 distinct, no overlap", "category", g("sequence", 10000, 0, 0), literal(["elsewhere"], 500))
    yield pair("5 vs 100000 categories", "category", g("uniform", 5, 67, 3), g("uniform", 100000, 68, 4))
    yield pair("100000 vs 5 categories", "category", g("uniform", 100000, 69, 12), g("uniform", 5, 70, 12))
    yield pair("two of 50000", "category", g("uniform", 50000, 71, 2), g("uniform", 30000, 72, 2))


def peer_cases():
    """Samples on which another library's number is pinned beside ours (peers.py, test/sql/22_peers.sql)."""
    yield counted("six categories", dict(zip("123456", (16, 18, 16, 14, 12, 12))), dict(zip("123456", (16, 16, 16,
               16, 16, 8))))
    yield counted("same shares, other size", dict(zip("abcdef", (500, 400, 300, 200, 100, 50))),
                  dict(zip("abcdef", (2600, 1900, 1560, 960, 480, 250))))
    yield counted("three of eighteen", {"a": 5, "b": 5, "c": 8}, {"a": 4, "b": 6, "c": 8})
    yield counted("rate falls", {"0": 300, "1": 200}, {"0": 290, "1": 110})
    yield pair("eight and eight", "numeric", [38.7, 41.5, 43.8, 44.5, 45.5, 46.0, 47.7, 58.0],
               [39.2, 39.3, 39.7, 41.4, 41.8, 42.9, 43.3, 45.8])
    yield pair("moved down", "numeric", Part("bell", 1000, 81, 1 << 21, 0, 2 ** -20),
               Part("bell", 800, 82, 1 << 21, 0, 2 ** -20, -0.3))
    yield pair("no drift, 60 rows", "numeric", Part("bell", 10000, 83, 1 << 21, 0, 2 ** -20),
               Part("bell", 60, 84, 1 << 21, 0, 2 ** -20))


def all_cases():
    cases = [*random_numeric(), *edge_numeric(), *generated_numeric(), *random_categories(), *fisher_cases(),
             *edge_categories(), *peer_cases()]
    names = [c.name for c in cases]
    assert len(set(names)) == len(names)
    return cases


if __name__ == "__main__":
    write_cases(all_cases(), os.path.join(HERE, "cases.csv"))
