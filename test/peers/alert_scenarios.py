#!/usr/bin/python3
"""The scenarios of Alertmanager's acceptance tests, driven in real time against Alertmanager and against monitor.

    alert_scenarios.py models
    alert_scenarios.py configure DIRECTORY SINK-PORT UNIT NAME...
    alert_scenarios.py run DIRECTORY SINK-PORT ALERTMANAGER-PORT UNIT NAME...

models prints the names of the scenarios, each of which is a model.  configure writes DIRECTORY/am.yml, and
DIRECTORY/setup.sql that makes the same routes, receivers and inhibitions in the database.  run does the same
things at the same times to both, waits, and compares the notices that the receivers got: which alerts, firing
or ended, in which order, at what time, in what words.  It prints a line "ok NAME: ..." or "not ok NAME: ..."
for each scenario, and what was told.

Times are in units of so many seconds.  A scenario that went otherwise than expected can be done again with
longer ones, so that a slow machine does not matter: what differs by rule differs at any speed.
"""
import json
import subprocess
import sys
import threading
import time
import urllib.request

TOLERANCE = 0.9
# between the beginnings of two scenarios, so that not all do the same at once
STAGGER = 0.15


class Scenario:
    """events: (time, what, ...); told: what both are to tell, or of each what it is to tell, and why they differ."""

    def __init__(self, name, events, told, ours=None, why=None, until=10, wait=1, interval=3, repeat=1000, group_by=("model",), routes=None, inhibit=None):
        self.name, self.events, self.until, self.wait, self.interval, self.repeat = name, events, until, wait, interval, repeat
        self.expected = {"alertmanager": told, "monitor": told if ours is None else ours}
        self.why, self.group_by, self.inhibit = why, group_by, inhibit
        self.routes = routes or [("", "", False)]


# What is told: (time, receiver, alerts): +a fires, -a has ended; the receiver is named where there are several.
# Routes: (receiver, expression for feature, continue); a list in third place holds the children of the first.
SCENARIOS = [
    Scenario("two_in_one", [(0, "fire", "a"), (1, "fire", "b")], [(2, "", "+a,+b")], wait=2),
    Scenario("group_interval", [(0, "fire", "a"), (2, "fire", "b")], [(1, "", "+a"), (5, "", "+a,+b")], interval=4),
    Scenario("resolve", [(0, "fire", "a"), (2, "end", "a")], [(1, "", "+a"), (4, "", "-a")]),
    Scenario("one_of_two_ends", [(0, "fire", "a,b"), (2, "end", "a"), (5, "end", "b")], [(1, "", "+a,+b"), (4, "", "+b,-a"), (7, "", "-b")]),
    Scenario("over_before_told", [(0, "fire", "a"), (1, "end", "a")], [], wait=3),
    Scenario("again", [(0, "fire", "a"), (2, "end", "a"), (5, "fire", "a"), (8, "end", "a")], [(1, "", "+a"), (4, "", "-a"), (7, "", "+a"), (10, "", "-a")], until=13),
    Scenario("again_within_interval", [(0, "fire", "a"), (2, "end", "a"), (3, "fire", "a"), (7, "end", "a")],
             [(1, "", "+a"), (9, "", "-a")], [(1, "", "+a"), (5, "", "+a,-a"), (9, "", "-a")],
             "each episode of an alert is told of; Alertmanager does not see that it ended in between", interval=4, until=12),
    Scenario("late_second", [(0, "fire", "a"), (7, "fire", "b")], [(1, "", "+a"), (9, "", "+a,+b")], [(1, "", "+a"), (7, "", "+a,+b")],
             "group_interval is the least time between notices; Alertmanager has it tick", interval=4, until=12),
    Scenario("repeat", [(0, "fire", "a")], [(1, "", "+a"), (5, "", "+a"), (9, "", "+a")], [(1, "", "+a"), (4, "", "+a"), (7, "", "+a")],
             "a repeat comes after repeat_interval; Alertmanager asks at each group_interval", interval=2, repeat=3, until=9.7),
    Scenario("silenced_before", [(0, "silence", "a", 100), (1, "fire", "a"), (4, "expire")], [(5, "", "+a")], [(4, "", "+a")],
             "what is held back is told when the reason ends; Alertmanager waits for its tick"),
    Scenario("silence_runs_out", [(0, "silence", "a", 3.5), (1, "fire", "a")], [(5, "", "+a")], [(3.5, "", "+a")],
             "what is held back is told when the reason ends; Alertmanager waits for its tick"),
    Scenario("silenced_during", [(0, "fire", "a"), (2, "silence", "b", 100), (3, "fire", "b"), (5.5, "expire")], [(1, "", "+a"), (7, "", "+a,+b")], [(1, "", "+a"), (5.5, "", "+a,+b")],
             "what is held back is told when the reason ends; Alertmanager waits for its tick"),
    Scenario("told_then_silenced", [(0, "fire", "a"), (2, "silence", "a", 100), (5, "expire")], [(1, "", "+a")]),
    Scenario("silenced_until_after_end", [(0, "silence", "a", 100), (1, "fire", "a"), (3, "end", "a"), (5, "expire")], []),
    Scenario("ends_while_silenced", [(0, "fire", "a"), (2, "silence", "a", 100), (3, "end", "a"), (6, "expire")], [(1, "", "+a")], [(1, "", "+a"), (6, "", "-a")],
             "who was told of an alert is told of its end; Alertmanager drops it"),
    Scenario("inhibited", [(0, "fire", "source"), (1, "fire", "target"), (6, "end", "source")], [(1, "", "+source"), (7, "", "-source"), (8, "", "+target")],
             [(1, "", "+source"), (6, "", "+target"), (6, "", "-source")],
             "what is held back is told when the reason ends; Alertmanager waits for its tick", group_by=("model", "feature"), inhibit=("source", "target"), until=11),
    Scenario("inhibited_to_the_end", [(0, "fire", "source,target"), (3, "end", "source,target")], [(1, "", "+source"), (4, "", "-source")],
             group_by=("model", "feature"), inhibit=("source", "target")),
    Scenario("told_then_inhibited", [(0, "fire", "target"), (3, "fire", "source"), (5, "end", "target"), (8, "end", "source")],
             [(1, "", "+target"), (4, "", "+source"), (10, "", "-source")], [(1, "", "+target"), (4, "", "+source"), (5, "", "-target"), (8, "", "-source")],
             "who was told of an alert is told of its end, and at once if the last notice was long enough ago; Alertmanager drops it, and waits for its tick",
             group_by=("model", "feature"), inhibit=("source", "target"), until=12),
    Scenario("group_by", [(0, "fire", "a,b"), (2, "end", "b")], [(1, "", "+a"), (1, "", "+b"), (4, "", "-b")], group_by=("feature",)),
    Scenario("alone", [(0, "fire", "a,b")], [(1, "", "+a"), (1, "", "+b")], why="its labels are the group's, but for the severity, which may rise", group_by=("...",)),
    Scenario("continue", [(0, "fire", "a,b")], [(1, "first", "+a"), (1, "second", "+a"), (1, "third", "+b")],
             routes=[("first", "a", True), ("second", "a", False), ("third", ".*", False)]),
    Scenario("children", [(0, "fire", "a,b,c")], [(1, "child", "+a"), (1, "parent", "+b,+c")], routes=[("parent", ".*", [("child", "a", False)])]),
    Scenario("severity", [(0, "fire", "a", "warning"), (2, "fire", "a", "critical"), (5, "end", "a")],
             [(1, "", "+a:warning"), (4, "", "+a,-a:warning"), (7, "", "-a")], [(1, "", "+a:warning"), (4, "", "+a"), (7, "", "-a")],
             "an alert has a severity, which may rise; Alertmanager has two alerts"),
]


def receiver(scenario, name):
    return "-".join(filter(None, (scenario.name, name)))


# ---- the same configuration for both ----

def all_routes(routes, parent=None):
    """(receiver, expression, continue, children, parent)"""
    for name, expression, more in routes:
        children = more if isinstance(more, list) else []
        yield name, expression, more is True, children, parent
        yield from all_routes(children, name)


def yml_route(scenario, route, unit):
    name, expression, more = route
    text = {"receiver": receiver(scenario, name), "matchers": ['model="%s"' % scenario.name] + (['feature=~"%s"' % expression] if expression else []),
            "continue": more is True, "group_by": list(scenario.group_by), "group_wait": "%dms" % (scenario.wait * unit * 1000),
            "group_interval": "%dms" % (scenario.interval * unit * 1000), "repeat_interval": "%dms" % (scenario.repeat * unit * 1000)}
    if isinstance(more, list):
        text["routes"] = [yml_route(scenario, child, unit) for child in more]
    return text


def am_config(scenarios, sink, unit):
    """JSON is YAML."""
    receivers = [{"name": "none"}] + [
        {"name": receiver(s, r[0]), "webhook_configs": [{"url": "http://127.0.0.1:%s/alertmanager-%s-%d/200" % (sink, receiver(s, r[0]), unit), "send_resolved": True}]}
        for s in scenarios for r in all_routes(s.routes)]
    inhibit = [{"source_matchers": ['model="%s"' % s.name, 'feature="%s"' % s.inhibit[0]], "target_matchers": ['model="%s"' % s.name, 'feature="%s"' % s.inhibit[1]],
                "equal": ["model"]} for s in scenarios if s.inhibit]
    routes = [yml_route(s, r, unit) for s in scenarios for r in s.routes]
    return json.dumps({"route": {"receiver": "none", "routes": routes}, "receivers": receivers, "inhibit_rules": inhibit}, indent=1)


def setup_sql(scenarios, sink, unit):
    """Routes are made with settings that create_route takes, and then given the seconds that it does not."""
    said = ["SELECT monitor.drop_route(route_id) FROM monitor.routes WHERE parent IS NULL;", "UPDATE monitor.silence SET ends_at = greatest(starts_at, least(ends_at, now()));"]
    for s in scenarios:
        for name, expression, more, _, parent in all_routes(s.routes):
            config = {"url": "http://127.0.0.1:%s/monitor-%s-%d/200" % (sink, receiver(s, name), unit), "format": "alertmanager_v4"}
            said.append("SELECT monitor.create_channel('%s', 'webhook', '%s', rate_per_minute => 6000);" % (receiver(s, name), json.dumps(config)))
            said.append("SELECT monitor.create_route('%s', '%s', model => '%s', continue_matching => %s, group_by => '{%s}'%s);" % (
                receiver(s, name), json.dumps(["feature=~" + expression] if expression else []), s.name, str(more).lower(), ",".join(s.group_by),
                ", parent => (SELECT route_id FROM monitor.route WHERE channel = '%s')" % receiver(s, parent) if parent is not None else ""))
            said.append("UPDATE monitor.route SET group_wait = '%s seconds', group_interval = '%s seconds', repeat_interval = '%s seconds' WHERE channel = '%s';" % (
                s.wait * unit, s.interval * unit, s.repeat * unit, receiver(s, name)))
        if s.inhibit:
            said.append("SELECT monitor.create_inhibition('%s', '%s', '%s');" % (
                s.name, json.dumps({"model": s.name, "feature": s.inhibit[0]}), json.dumps({"model": s.name, "feature": s.inhibit[1]})))
    return "\n".join(said) + "\n"


# ---- the two that are driven ----

def stamp(at):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + ".%03dZ" % int(at % 1 * 1000)


class Alertmanager:
    """What Prometheus would post, had it such alerts."""

    def __init__(self, scenario, port, unit):
        self.model, self.unit, self.url, self.open, self.silences = scenario.name, unit, "http://127.0.0.1:%s/api/v2/" % port, {}, []

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, body and json.dumps(body).encode(), {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.read()

    def alert(self, feature, severity, since, until):
        return {"labels": {"alertname": "shift", "model": self.model, "metric": "drift.psi", "feature": feature, "severity": severity},
                "annotations": {}, "startsAt": stamp(since), "endsAt": stamp(until)}

    def ended(self, feature, now):
        severity, since = self.open.pop(feature)
        # a later end that it has rules over one that is not past
        return self.alert(feature, severity, since, now - 0.005)

    def fire(self, features, severity="critical"):
        now, posts = time.time(), []
        for f in features.split(","):
            if f in self.open:
                posts.append(self.ended(f, now))
            self.open[f] = (severity, now)
            posts.append(self.alert(f, severity, now, now + 3600))
        self.call("POST", "alerts", posts)

    def end(self, features):
        self.call("POST", "alerts", [self.ended(f, time.time()) for f in features.split(",")])

    def silence(self, feature, duration):
        now = time.time()
        answer = self.call("POST", "silences", {"matchers": [{"name": n, "value": v, "isRegex": False} for n, v in (("model", self.model), ("feature", feature))],
                                                "startsAt": stamp(now), "endsAt": stamp(now + duration * self.unit), "createdBy": "test", "comment": "known"})
        self.silences.append(json.loads(answer)["silenceID"])

    def expire(self):
        for silence in self.silences:
            self.call("DELETE", "silence/" + silence)

    def close(self):
        if self.open:
            self.end(",".join(self.open))


class Monitor:
    """Measurements with verdicts, which a rule makes alerts of."""

    def __init__(self, scenario, _, unit):
        self.model, self.unit, self.open = scenario.name, unit, set()
        self.psql = subprocess.Popen(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        # its plans are made before the time counts
        self.look("ok", "warm")

    def sql(self, text):
        self.psql.stdin.write(text + ";\n\\echo done\n")
        self.psql.stdin.flush()
        for line in self.psql.stdout:
            if line == "done\n":
                return
        raise RuntimeError(text)

    def look(self, verdict, features):
        self.sql("SELECT public.look('%s', '%s', '{%s}')" % (self.model, verdict, features))

    def fire(self, features, severity="critical"):
        self.open.update(features.split(","))
        self.look(severity, features)

    def end(self, features):
        self.open.difference_update(features.split(","))
        self.look("ok", features)

    def silence(self, feature, duration):
        self.sql("SELECT monitor.create_silence('%s', 'known', '%s seconds', model => '%s')" % (json.dumps({"feature": feature}), duration * self.unit, self.model))

    def expire(self):
        self.sql("SELECT monitor.expire_silence(silence_id) FROM monitor.silences WHERE model = '%s' AND state = 'active'" % self.model)

    def close(self):
        if self.open:
            self.end(",".join(self.open))
        self.psql.stdin.close()
        self.psql.wait()


# ---- what they told ----

def word(alert):
    severity = alert["labels"]["severity"]
    return ("+" if alert["status"] == "firing" else "-") + alert["labels"]["feature"] + ("" if severity == "critical" else ":" + severity)


def heard(log, who, scenario, unit, start):
    """[(time in units, receiver, alerts)], and what else its bodies say, in order."""
    paths = {"/%s-%s-%d/200" % (who, receiver(scenario, r[0]), unit): r[0] for r in all_routes(scenario.routes)}
    told, bodies = [], []
    with open(log, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            at = (line["at"] - start) / unit
            if line["path"] in paths and at <= scenario.until:
                body = json.loads(line["body"])
                told.append((round(at, 1), paths[line["path"]], ",".join(sorted(map(word, body["alerts"])))))
                bodies.append({"status": body["status"], "receiver": body["receiver"], "version": body["version"], "groupLabels": body["groupLabels"],
                               "commonLabels": body["commonLabels"], "labels": sorted(map(repr, (sorted(a["labels"].items()) for a in body["alerts"]))),
                               "keys": sorted(body), "keys of alerts": sorted({k for a in body["alerts"] for k in a})})
    return told, bodies


def differences(told, expected):
    """Both in order of what was told, as notices of the same time may come either way."""
    if sorted(t[1:] for t in told) != sorted(t[1:] for t in expected):
        return "told"
    # the order in time of what is told of at different times
    pairs = zip(sorted(told, key=lambda t: t[1:] + t[:1]), sorted(expected, key=lambda t: t[1:] + t[:1]))
    return "time" if any(abs(a[0] - b[0]) > TOLERANCE for a, b in pairs) else ""


def body_differences(bodies):
    """Of notices that both told: do the bodies say the same?"""
    ours, theirs = (sorted(b, key=lambda x: (x["receiver"], x["labels"], x["status"])) for b in (bodies["monitor"], bodies["alertmanager"]))
    return sorted({"%s: %s, Alertmanager %s" % (k, a[k], b[k]) for a, b in zip(ours, theirs) for k in a if a[k] != b[k]})


def play(target, scenario, unit, start, failures):
    try:
        for at, what, *arguments in scenario.events:
            time.sleep(max(0, start + at * unit - time.time()))
            getattr(target, what)(*arguments)
        time.sleep(max(0, start + (scenario.until + 0.3) * unit - time.time()))
        target.close()
    except Exception as e:
        failures.append("%s: %s" % (scenario.name, e))


def drive(scenarios, directory, port, unit):
    """Plays them all at once; gives for each what is wrong with it."""
    targets = [(s, t(s, port, unit)) for s in scenarios for t in (Alertmanager, Monitor)]
    begin, failures = time.time() + 0.5, []
    start = {s.name: begin + n * STAGGER for n, s in enumerate(scenarios)}
    threads = [threading.Thread(target=play, args=(t, s, unit, start[s.name], failures)) for s, t in targets]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    results = {}
    for s in scenarios:
        told, bodies, wrong = {}, {}, [f for f in failures if f.startswith(s.name + ":")]
        for who in ("alertmanager", "monitor"):
            told[who], bodies[who] = heard(directory + "/http/requests.jsonl", who, s, unit, start[s.name])
            difference = differences(told[who], s.expected[who])
            if difference:
                wrong.append("%s %s: %s, not %s" % (who, difference, told[who], s.expected[who]))
        if s.why is None and not wrong:
            wrong += body_differences(bodies)
        results[s.name] = (wrong, told)
    return results


def configure(directory, sink, unit, scenarios):
    for name, text in (("am.yml", am_config(scenarios, sink, unit)), ("setup.sql", setup_sql(scenarios, sink, unit))):
        with open(directory + "/" + name, "w", encoding="utf-8") as f:
            f.write(text)


def run(directory, port, unit, scenarios):
    results = drive(scenarios, directory, port, unit)
    for s in scenarios:
        wrong, told = results[s.name]
        print("%s %s: %s" % ("not ok" if wrong else "ok", s.name, "; ".join(wrong) if wrong else s.why or "as Alertmanager"))
        for who in ("monitor", "alertmanager"):
            print("#   %-13s%s" % (who, " ".join("%s@%s%s" % (words, at, ">" + to if to else "") for at, to, words in told[who]) or "nothing"))


def main():
    chosen = [s for s in SCENARIOS if s.name in sys.argv[3:]]
    if sys.argv[1] == "models":
        print(" ".join(s.name for s in SCENARIOS))
    elif sys.argv[1] == "configure":
        configure(sys.argv[2], sys.argv[3], int(sys.argv[4]), chosen)
    else:
        run(sys.argv[2], sys.argv[4], int(sys.argv[5]), chosen)


if __name__ == "__main__":
    main()
