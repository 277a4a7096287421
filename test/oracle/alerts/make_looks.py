"""make_looks.py DIRECTORY RULES [SEED]: rules with thresholds, the measurements that they look at,
and what the model makes of them, for the server to do the same.

    rules.csv      number, arguments of create_rule
    looks.csv      batch, rule, series, time, value, rows, verdict; a batch is seen by one run
    changes.csv    rule, series, time of the look, from, to, severity
"""

import csv
import datetime
import json
import os
import random
import sys

from alert_model import Alert, classify
from make_traces import some_rule, values

SERIES, LOOKS = 25, 25
STATES = ("normal", "pending", "firing", "recovering", "no_data", "error")
POLICIES = ("state", "alerting", "ok", "keep_last")
START = datetime.datetime(2026, 1, 10, tzinfo=datetime.timezone.utc)
STEPS = (600_000_000, 3_600_000_000)


def time_of(microseconds):
    return (START + datetime.timedelta(microseconds=microseconds)).isoformat()


def arguments(rule, below):
    """The rule as create_rule takes it; a threshold from below is one from above, negated."""
    sign = -1 if below else 1
    given = {name: "%d microseconds" % rule[name] for name in ("hold_for", "keep_firing_for", "no_data_for")}
    given.update(n=rule["n"], m=rule["m"], min_samples=rule["min_samples"], error_limit=rule["error_limit"],
                 no_data=POLICIES[rule["no_data"]], on_error=POLICIES[rule["on_error"]],
                 direction="below" if below else "above", warning=sign * rule["warning"],
                 critical=None if rule["critical"] > 1 else sign * rule["critical"],
                 recovery=None if rule["recovery"] == rule["warning"] else sign * rule["recovery"])
    return given


def look(rng, stream):
    """(value, rows, verdict)"""
    chance = rng.random()
    if chance < 0.12:
        return None, 0, "no_data"
    if chance < 0.2:
        return None, rng.choice((0, 100)), "error"
    if chance < 0.24:
        return float("nan"), 100, "ok"
    return next(stream), rng.choice((100, 100, 50, 49)), rng.choice(("ok", "warning", "critical"))


def main():
    directory, rules = sys.argv[1], int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 31)
    rng = random.Random(seed)
    files = [open(os.path.join(directory, name), "w", encoding="utf-8", newline="") for name in ("rules.csv", "looks.csv", "changes.csv")]
    of_rules, of_looks, of_changes = [csv.writer(f) for f in files]
    for number in range(rules):
        step, below = rng.choice(STEPS), rng.random() < 0.5
        rule = some_rule(rng, step)
        of_rules.writerow((number, json.dumps(arguments(rule, below))))
        alerts = [(Alert(rule), values(rng)) for _ in range(SERIES)]
        batch = 0
        for i in range(LOOKS):
            for series, (alert, stream) in enumerate(alerts):
                if rng.random() < 0.1 and i > 0:
                    continue  # this series was not looked at
                value, rows, verdict = look(rng, stream)
                at = i * step
                shown = value if value is None or value != value or not below else -value
                of_looks.writerow((batch, number, series, time_of(at), shown, rows, verdict))
                if verdict in ("no_data", "error"):
                    level, holds = (-2 if verdict == "no_data" else -3), False
                else:
                    level, holds = classify(rule, value, rows)
                change = alert.look(at, level, holds)
                if change:
                    of_changes.writerow((number, series, time_of(at), STATES[change[0]], STATES[change[1]], change[2]))
            batch += rng.random() < 0.4  # runs stall, and see several looks at once
    for f in files:
        f.close()
    print("# seed %d" % seed)


if __name__ == "__main__":
    main()
