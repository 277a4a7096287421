"""The states of an alert as docs/alerting.md tells them: a second state machine.

It was written from the documents before the one in src/stats/alert_machine.c was read, and
decides from the whole history of looks where that one keeps bits and times.
"""

NORMAL, PENDING, FIRING, RECOVERING, NO_DATA, ERROR = range(6)
STATE, ALERTING, OK, KEEP_LAST = range(4)  # no_data and on_error of a rule
IS_ERROR, IS_ABSENT, IS_SMALL, CLEAR, WARNING, CRITICAL = -3, -2, -1, 0, 1, 2
OPEN = (FIRING, RECOVERING, NO_DATA, ERROR)


def classify(rule, value, rows, failed=False):
    """What a look says, and whether it is on the near side of the recovery threshold."""
    if failed:
        return IS_ERROR, False
    if value is None:
        return IS_ABSENT, False
    if rows < rule["min_samples"]:
        return IS_SMALL, False
    if value != value:
        return IS_ABSENT, False
    if value >= rule["critical"]:
        return CRITICAL, value > rule["recovery"]
    if value >= rule["warning"]:
        return WARNING, value > rule["recovery"]
    return CLEAR, value > rule["recovery"]


class Alert:
    """One alert under one rule; look() gives (from, to, severity) where anything changes."""

    def __init__(self, rule):
        self.rule = rule
        self.state, self.severity = NORMAL, 0
        self.last = None  # time of the last look
        self.breaches = []  # what each look said that said something
        self.breach_since = None
        self.calm_since = None
        self.absent_since = None
        self.errors = 0
        self.openings = []
        self.flapping, self.close_call = False, False

    def look(self, at, level, holds):
        if self.last is not None and at <= self.last:
            return None  # seen, or too late: later looks were taken
        self.last = at
        if self.flapping:
            self.flapping = not self.below(self.score(at), 1)
        self.errors = self.errors + 1 if level == IS_ERROR else 0
        if level >= IS_SMALL:
            self.absent_since = None  # an error does not show that there are data
        elif level == IS_ABSENT and self.absent_since is None:
            self.absent_since = at
        if level == IS_SMALL:
            return None  # neither a breach nor calm
        if level == IS_ERROR:
            if self.errors < self.rule["error_limit"]:
                return None
            return self.missing(at, self.rule["on_error"], ERROR)
        if level == IS_ABSENT:
            if at - self.absent_since < self.rule["no_data_for"]:
                return None
            return self.missing(at, self.rule["no_data"], NO_DATA)
        return self.value(at, level, holds)

    def missing(self, at, policy, state):
        if policy == KEEP_LAST:
            return None
        severity = max(WARNING, self.severity)  # less is known, so nothing got better
        if policy == ALERTING:
            return self.value(at, severity, False)
        if policy == OK:
            return self.value(at, CLEAR, False)
        self.calm_since = None  # but a breach that was not seen to end goes on
        return self.change(state, severity)

    def value(self, at, level, holds):
        self.breaches.append(level)
        recent = self.breaches[-self.rule["m"]:]
        severity = max(s for s in (CLEAR, WARNING, CRITICAL)
                       if s == CLEAR or sum(b >= s for b in recent) >= self.rule["n"])
        firing = self.state in (FIRING, RECOVERING)
        if severity == CLEAR and firing and (holds or level > CLEAR):
            severity = self.severity  # a firing alert clears only beyond the recovery threshold
        if severity > CLEAR:
            self.calm_since = None
            if self.breach_since is None:
                self.breach_since = at
            if firing or at - self.breach_since >= self.rule["hold_for"]:
                return self.change(FIRING, severity)
            return self.change(PENDING, severity)
        self.breach_since = None
        if firing:
            if self.calm_since is None:
                self.calm_since = at
            if at - self.calm_since < self.rule["keep_firing_for"]:
                return self.change(RECOVERING, self.severity)
        self.calm_since = None
        return self.change(NORMAL, CLEAR)

    def change(self, state, severity):
        before = (self.state, self.severity)
        if before[0] not in OPEN and state in OPEN and self.rule["flap_half_life"] > 0:
            self.openings.append(self.last)
            self.flapping = self.flapping or not self.below(self.score(self.last), 2.5)
        self.state, self.severity = state, severity
        if before == (state, severity) or before[0] == state == PENDING:
            return None  # nobody is told of how bad it is that may yet pass
        return before[0], state, severity

    def score(self, at):
        """Each opening counts 1, and half as much after each half-life."""
        return sum(0.5 ** ((at - t) / self.rule["flap_half_life"]) for t in self.openings)

    def below(self, score, limit):
        """Rounding may decide otherwise where a score is this close to its limit."""
        self.close_call |= abs(score - limit) < 1e-9
        return score < limit
