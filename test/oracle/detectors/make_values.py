"""Runs river's detectors on the streams; writes streams.csv and values.csv."""
import csv
import json
import math

import river
from river import drift, stats
from river.drift import kswin as kswin_module

from streams import all_streams, numbers_of

assert river.__version__ == "0.26.1"

last_distance = [None]
real_test = kswin_module.stats.ks_2samp


class Recorder:
    """Keeps the distance that KSWIN computes and drops."""

    @staticmethod
    def ks_2samp(a, b, method):
        result = real_test(a, b, method=method)
        last_distance[0] = result.statistic
        return result


kswin_module.stats = Recorder


class Cusum:
    """Page's two-sided tabular CUSUM, with the parameters that river has after 0.26.1; the level is Montgomery's."""

    def __init__(self, min_instances=30, slack=0.5, threshold=5.0, mode="both", mean=None, stddev=None):
        self.options = (min_instances, slack, threshold, mode, mean, stddev)
        self.warning_detected = False
        self.reset()

    def reset(self):
        self.drift_detected = False
        self.mean, self.variance = stats.Mean(), stats.Var()
        self.up = self.down = 0.0
        self.run_up = self.run_down = 0
        self.reference = None if self.options[4] is None else self.options[4:6]
        self.level = self.largest = None

    def update(self, x):
        min_instances, slack, threshold, mode, _, _ = self.options
        if self.drift_detected:
            self.reset()
        if self.reference is None:
            self.mean.update(x)
            self.variance.update(x)
            self.level = self.mean.get()
            if self.mean.n < min_instances:
                return
            self.reference = (self.mean.get(), math.sqrt(max(self.variance.get(), 0.0)))
        mean, sd = self.reference
        self.up = max(0.0, self.up + (x - mean) - slack * sd) if mode != "down" else 0.0
        self.down = max(0.0, self.down - (x - mean) - slack * sd) if mode != "up" else 0.0
        self.run_up = self.run_up + 1 if self.up > 0 else 0
        self.run_down = self.run_down + 1 if self.down > 0 else 0
        largest = max(self.up, self.down)
        self.drift_detected = largest > threshold * sd
        self.largest = 0.0 if largest == 0 else math.inf if sd == 0 else largest / sd
        self.level = mean
        if largest > 0 and self.up >= self.down:
            self.level = mean + slack * sd + self.up / self.run_up
        elif largest > 0:
            self.level = mean - slack * sd - self.down / self.run_down


def quotient(x, y):
    return 0.0 if x <= 0 else math.inf if y == 0 else x / y


def of_adwin(d, x):
    return d.estimation, None


def of_ddm(d, x):
    p, n = d._p.get(), d._p.n
    if n <= d.warm_start:
        return p, None
    return p, quotient(p + math.sqrt(p * (1 - p) / n) - d._p_min, d._s_min)


def of_eddm(d, x):
    if x == 1:
        mean = d._error_distances.mean.get()
        d.ours = [mean, d.ours[1] if d._n_errors > 1 else None]
        if d._n > d.warm_start:
            d.ours[1] = (mean + 2 * math.sqrt(d._error_distances.get())) / d._p2s_prime_max
    elif d._n_errors == 0:
        d.ours = [None, None]
    return d.ours


def of_page_hinkley(d, x):
    if d._x_mean.n < d.min_instances:
        return d._x_mean.get(), None
    up = d._sum_increase - d._min_increase
    down = d._max_decrease - d._sum_decrease
    return d._x_mean.get(), {"up": up, "down": down, "both": max(up, down)}[d.mode]


def of_hddm_a(d, x):
    def ratio(cut, sign):
        if cut.n == d._z.n:
            return 0.0
        m = (1 / cut.n - 1 / d._z.n) / 2
        return sign * (d._z.get() - cut.get()) / math.sqrt(m * math.log(2 / d.drift_confidence))

    rise = ratio(d._x_min, 1)
    return d._z.get(), max(rise, ratio(d._x_max, -1)) if d.two_sided_test else rise


def of_hddm_w(d, x):
    def ratio(low, high):
        if not (low.is_init and high.is_init):
            return 0.0
        return (high.ewma - low.ewma) / math.sqrt((low.ibc + high.ibc) * math.log(1 / d.drift_confidence) / 2)

    rise = ratio(d._s1_incr, d._s2_incr)
    return d._total.ewma, max(rise, ratio(d._s2_decr, d._s1_decr)) if d.two_sided_test else rise


def of_kswin(d, x):
    if d.n == 1:
        last_distance[0] = None
    recent = list(d.window)[-d.stat_size:]
    return math.fsum(recent) / len(recent), last_distance[0]


def of_cusum(d, x):
    return d.level, d.largest


BINARY = ("errors",)
BOUNDED = ("errors", "losses")
ANY = ("errors", "losses", "numbers")
DETECTORS = {
    "adwin": (drift.ADWIN, of_adwin, ANY, [
        {}, {"delta": 0.2, "clock": 1}, {"delta": 0.05, "clock": 16, "max_buckets": 2, "min_window_length": 1,
                                         "grace_period": 0},
        {"max_buckets": 20, "min_window_length": 30, "grace_period": 100}]),
    "cusum": (Cusum, of_cusum, ANY, [
        {}, {"min_instances": 100, "slack": 0.25, "threshold": 8}, {"mode": "up"}, {"mode": "down", "threshold": 4},
        {"mean": 50, "stddev": 1, "threshold": 4}]),
    "ddm": (drift.binary.DDM, of_ddm, BOUNDED, [
        {}, {"warm_start": 100, "warning_threshold": 1.5, "drift_threshold": 2.5}]),
    "eddm": (drift.binary.EDDM, of_eddm, BINARY, [{}, {"warm_start": 10, "alpha": 0.98, "beta": 0.95}]),
    "hddm_a": (drift.binary.HDDMA, of_hddm_a, BOUNDED, [
        {}, {"two_sided_test": True}, {"drift_confidence": 0.01, "warning_confidence": 0.05, "two_sided_test": True}]),
    "hddm_w": (drift.binary.HDDMW, of_hddm_w, BOUNDED, [
        {}, {"two_sided_test": True},
        {"drift_confidence": 0.01, "warning_confidence": 0.05, "lambda_val": 0.2, "two_sided_test": True}]),
    "kswin": (drift.KSWIN, of_kswin, ANY, [
        {"seed": 0}, {"alpha": 0.0001, "window_size": 200, "stat_size": 100, "seed": 42},
        {"window_size": 600, "stat_size": 10, "seed": 123456789012}]),
    "page_hinkley": (drift.PageHinkley, of_page_hinkley, ANY, [
        {}, {"min_instances": 50, "delta": 0.1, "threshold": 10, "alpha": 0.99}, {"mode": "up", "threshold": 20},
        {"mode": "down", "threshold": 20}]),
}


AROUND_50 = ("numbers_stable", "numbers_abrupt")


def run(make, look, parameters, values):
    detector = make(**parameters)
    drifts, warnings, estimates, statistics = [], [], [], []
    for i, x in enumerate(values):
        detector.update(x)
        if detector.drift_detected:
            drifts.append(i)
        if getattr(detector, "warning_detected", False):
            warnings.append(i)
        estimate, statistic = look(detector, x)
        estimates.append(estimate)
        statistics.append(statistic)
    return drifts, warnings, estimates, statistics


def total(numbers):
    return repr(math.fsum(x for x in numbers if x is not None and math.isfinite(x)))


def text(number):
    return "" if number is None else "Infinity" if number == math.inf else repr(float(number))


def braces(numbers):
    return "{" + ",".join(map(str, numbers)) + "}"


def ranges(numbers):
    """As an int4multirange."""
    found = []
    for i in numbers:
        if found and found[-1][1] == i:
            found[-1][1] = i + 1
        else:
            found.append([i, i + 1])
    return "{" + ",".join(f"[{a},{b})" for a, b in found) + "}"


def main():
    streams = all_streams()
    with open("streams.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["stream", "digits", "scale", "shift", "integers"])
        for name, (_, digits, scale, shift, values) in streams.items():
            out.writerow([name, digits, repr(scale), repr(shift), "".join(f"{x:0{digits}d}" for x in values)])
    with open("values.csv", "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["detector", "parameters", "stream", "drifts", "warnings", "estimate", "statistic",
                      "estimate_sum", "statistic_sum", "statistic_known"])
        for name, (make, look, kinds, parameter_sets) in DETECTORS.items():
            for parameters in parameter_sets:
                for stream, spec in streams.items():
                    if spec[0] not in kinds or "mean" in parameters and stream not in AROUND_50:
                        continue
                    drifts, warnings, estimates, statistics = run(make, look, parameters, numbers_of(spec))
                    out.writerow([name, json.dumps(parameters), stream, braces(drifts), ranges(warnings),
                                  text(estimates[-1]), text(statistics[-1]), total(estimates), total(statistics),
                                  "f" if name == "adwin" else "t"])


main()
