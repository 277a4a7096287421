"""The streams: integers of a fixed number of digits, to be multiplied by a scale and shifted."""
import random

import numpy as np


def errors(seed, rates):
    """Bernoulli errors; rates is one probability a value."""
    rng = random.Random(seed)
    return [int(rng.random() < p) for p in rates]


def bell(seed, levels, spread=100):
    """Rounded normal numbers around levels."""
    rng = random.Random(seed)
    return [min(max(round(rng.gauss(level, spread)), 0), 9999) for level in levels]


def ramp(start, end, n):
    return [start + (end - start) * i / n for i in range(n)]


def peers():
    """The streams of river's own tests (numpy's legacy generator, seed 12345)."""
    np.random.seed(12345)
    integers = np.concatenate((np.random.randint(2, size=1000), np.random.randint(8, size=1000)))
    np.random.seed(12345)
    binomial = [np.random.binomial(1, 0.2) for _ in range(1000)] + [np.random.binomial(1, 0.8) for _ in range(1000)]
    np.random.seed(12345)
    signs = np.concatenate([np.random.normal(level, 0.1, 500) > 0 for level in (0, 0.25, 0, 0.25)])
    rng = random.Random(42)
    segments = []
    for values in ([0, 1], range(4, 8), [0, 1], range(4, 8)):
        segments += rng.choices(values, k=1000)
    return {
        "river_integers": [int(x) for x in integers],
        "river_binomial": [int(x) for x in binomial],
        "river_signs": [int(x) for x in signs],
        "river_segments": segments,
    }


def all_streams():
    """name -> (kind, digits, scale, shift, integers); kind: errors, losses or numbers."""
    found = {
        "errors_stable": errors(1, [0.2] * 3000),
        "errors_rare": errors(2, [0.01] * 3000),
        "errors_abrupt": errors(3, [0.1] * 1500 + [0.4] * 1500),
        "errors_gradual": errors(4, [0.1] * 1000 + ramp(0.1, 0.5, 1000) + [0.5] * 1000),
        "errors_falling": errors(5, [0.4] * 1500 + [0.1] * 1500),
        "errors_none": [0] * 1000,
        "errors_all": [1] * 1000,
        "errors_first": [0] * 500 + errors(6, [0.3] * 500),
    }
    streams = {name: ("errors", 1, 1.0, 0.0, values) for name, values in found.items()}
    for name, values in peers().items():
        streams[name] = ("errors" if max(values) == 1 else "numbers", 1, 1.0, 0.0, values)
    numbers = {
        "numbers_stable": (0.01, 0.0, bell(11, [5000] * 2000)),
        "numbers_abrupt": (0.01, 0.0, bell(12, [5000] * 700 + [5150] * 700 + [4900] * 600)),
        "numbers_gradual": (0.01, -50.0, bell(13, [5000] * 700 + ramp(5000, 5300, 600) + [5300] * 700)),
        "numbers_offset": (0.01, 1e9, bell(14, [5000] * 1000 + [5200] * 500)),
        "numbers_small": (1e-9, 0.0, bell(15, [5000] * 1000 + [5200] * 500)),
        "numbers_constant": (0.1, 0.0, [42] * 1000),
        "numbers_step": (1.0, 0.0, [1] * 500 + [2] * 500),
    }
    streams.update({name: ("numbers", 4, *spec) for name, spec in numbers.items()})
    streams["losses"] = ("losses", 4, 1e-4, 0.0, bell(16, [3000] * 800 + [3600] * 700, 900))
    return streams


def numbers_of(stream):
    _, _, scale, shift, values = stream
    return [x * scale + shift for x in values]
