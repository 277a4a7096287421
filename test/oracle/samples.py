"""The samples of the oracle's cases: one integer generator, here and in SQL.

A case is two samples, reference and current (and rows of neither side, whose is_current is NULL). A sample is a
concatenation of parts. A part is either a literal list, repeated, or the output of a generator whose arithmetic
is done in integers below 2^63, so that the SQL of test/sql/20_oracle.sql gives the very same doubles.
"""
import csv
import os
from dataclasses import dataclass, field

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
PRIME = 2147483647
FIELDS = ["case_name", "kind", "side", "generator", "copies", "seed", "modulus", "cap", "scale", "shift", "literal"]


def hash_stream(seed, n, stream):
    """n integers in [0, 2^31 - 2] for i = 1..n: two rounds of x -> (x^2 + a x + b) mod (2^31 - 1)."""
    i = np.arange(1, n + 1, dtype=np.int64)
    x = (i * 48271 + seed * 69621 + stream * 1664525 + 1013904223) % PRIME
    x = (x * x + x * 16807 + 11) % PRIME
    return (x * x + x * 39373 + 7) % PRIME


@dataclass
class Part:
    """One row of cases.csv; `copies` is n for generators and the number of repetitions for literals."""
    generator: str
    copies: int = 1
    seed: int = 0
    modulus: int = 0
    cap: int = 0
    scale: float = 1.0
    shift: float = 0.0
    literal: list = field(default_factory=list)

    def numerators(self):
        n, seed, mod = self.copies, self.seed, self.modulus
        u = hash_stream(seed, n, 1)
        if self.generator == "uniform":
            return u % mod
        if self.generator == "bell":
            return sum(hash_stream(seed, n, s) % mod for s in (1, 2, 3, 4))
        if self.generator == "square":
            return (u % mod) ** 2
        if self.generator == "capped":
            return np.minimum(u % mod, self.cap)
        if self.generator == "sparse":
            return np.where(u % 10 < 7, 0, hash_stream(seed, n, 2) % mod)
        if self.generator == "sequence":
            return np.arange(1, n + 1, dtype=np.int64)
        raise ValueError(self.generator)

    def numeric(self):
        """The part's values; None of a literal is NULL and becomes NaN: both are missing."""
        if self.generator == "literal":
            one = np.array([np.nan if v is None else v for v in self.literal], dtype=np.float64)
            return np.tile(one, self.copies)
        return self.numerators().astype(np.float64) * self.scale + self.shift

    def categories(self):
        if self.generator == "literal":
            return list(self.literal) * self.copies
        return ["c%d" % v for v in self.numerators()]

    def row(self, case, kind, side):
        literal = ""
        if self.generator == "literal":
            literal = "{" + ",".join(element(v) for v in self.literal) + "}"
        return [case, kind, side, self.generator, self.copies, self.seed, self.modulus, self.cap,
                repr(self.scale), repr(self.shift), literal]


def element(v):
    """One element of a PostgreSQL array literal."""
    if v is None:
        return "NULL"
    if isinstance(v, str):
        return '"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if v != v:
        return "NaN"
    if v in (float("inf"), float("-inf")):
        return "Infinity" if v > 0 else "-Infinity"
    return repr(float(v))


@dataclass
class Case:
    name: str
    kind: str
    parts: list = field(default_factory=list)      # (side, Part)

    def side(self, side):
        """The non-missing values of one side: a float64 array, -0 made +0, or a list of str."""
        mine = [p for s, p in self.parts if s == side]
        if self.kind == "numeric":
            x = np.concatenate([np.empty(0)] + [p.numeric() for p in mine])
            return x[~np.isnan(x)] + 0.0
        return [c for p in mine for c in p.categories() if c is not None]

    @property
    def small(self):
        """Whether the SQL test also runs the array form."""
        return all(p.generator == "literal" and p.copies * len(p.literal) <= 2000 for _, p in self.parts)


def write_cases(cases, path):
    with open(path, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(FIELDS)
        for c in cases:
            for side, part in c.parts:
                w.writerow(part.row(c.name, c.kind, side))


