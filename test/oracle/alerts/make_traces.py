"""make_traces.py COUNT [SEED]: random traces of looks and what the model makes of them.

A line each, numbers only: the policy (hold_for, keep_firing_for, no_data_for, n, m, error_limit,
no_data, on_error, flap_half_life), then for each look: time, level, holds, the change it is to
cause (from, to, severity; -1 -1 -1 for none), and whether the alert flaps then (2: rounding may
decide).  Times are microseconds.
"""

import random
import sys

from alert_model import Alert, classify

STEPS = (60_000_000, 3_600_000_000, 86_400_000_000)


def some_rule(rng, step):
    """A policy whose times are about as long as some looks take, often exactly so."""
    def duration():
        return rng.choice((0, 0, 1, 2, 3, 5)) * step + rng.choice((0, 0, 0, -1, 1, step // 2))
    warning = 0.5
    m = rng.choice((1, 1, 1, 2, 3, 4, 5, 8, 63, 64))
    return {
        "hold_for": max(0, duration()), "keep_firing_for": max(0, duration()),
        "no_data_for": max(0, duration()), "n": rng.randint(1, min(m, rng.choice((2, 6, 64)))), "m": m,
        "error_limit": rng.choice((1, 1, 2, 3)), "no_data": rng.randrange(4),
        "on_error": rng.randrange(4), "min_samples": rng.choice((0, 50)), "warning": warning,
        "flap_half_life": rng.choice((0, 2, 4, 10, 100)) * step, "critical": rng.choice((0.8, 0.8, 0.55, float("inf"))),
        "recovery": rng.choice((warning, warning, 0.4, 0.2))}


def values(rng):
    """Values as they come: noise, a walk, plateaus, or flapping around one of the thresholds."""
    kind = rng.randrange(4)
    at = rng.choice((0.5, 0.8, 0.4, 0.2))
    value = rng.random()
    while True:
        if kind == 0:
            value = rng.random()
        elif kind == 1:
            value = min(1.0, max(0.0, value + rng.uniform(-0.2, 0.2)))
        elif kind == 2:
            if rng.random() < 0.25:
                value = rng.choice((0.0, 0.3, 0.45, 0.52, 0.6, 0.9))
        else:
            value = at + rng.choice((-1e-9, 0.0, 1e-9, -0.06, 0.06))
        yield value


def looks(rng, step):
    """(time, value or None, rows, failed) of each look; some come twice, some late."""
    at = rng.randrange(10) * step
    trouble = rng.choice((0.0, 0.1, 0.5))
    run, what = 0, 0.0
    stream = values(rng)
    for _ in range(rng.randint(3, 40) if rng.random() < 0.98 else 150):
        value, rows, failed = next(stream), rng.choice((100, 100, 100, 50, 49)), False
        if run == 0 and rng.random() < trouble:
            run, what = rng.randint(1, 5), rng.random()  # looks without data, or errors, running
        if run > 0:
            run -= 1
            mixed = what if rng.random() < 0.9 else rng.random()
            if mixed < 0.45:
                value = rng.choice((None, float("nan")))
            elif mixed < 0.9:
                failed = True
            else:
                rows = 0
        yield at, value, rows, failed
        chance = rng.random()
        if chance < 0.04:
            yield at, next(stream), rows, False  # again, with another value
        elif chance < 0.08:
            yield at - rng.randint(1, 3) * step, next(stream), rows, False  # late
        at += step * (1 if rng.random() < 0.9 else rng.randint(2, 6)) + rng.choice((0, 0, 0, 1, -1))


def trace(rng):
    """One line."""
    step = rng.choice(STEPS)
    rule = some_rule(rng, step)
    alert = Alert(rule)
    line = [rule[k] for k in ("hold_for", "keep_firing_for", "no_data_for", "n", "m",
                              "error_limit", "no_data", "on_error", "flap_half_life")]
    for at, value, rows, failed in looks(rng, step):
        level, holds = classify(rule, value, rows, failed)
        line += (at, level, int(holds))
        line += alert.look(at, level, holds) or (-1, -1, -1)
        line.append(2 if alert.close_call else int(alert.flapping))
    return line


def main():
    count = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(1 << 31)
    sys.stdout.write("# seed %d\n" % seed)
    rng = random.Random(seed)
    for _ in range(count):
        sys.stdout.write(" ".join(map(str, trace(rng))) + "\n")


if __name__ == "__main__":
    main()
