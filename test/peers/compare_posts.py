#!/usr/bin/python3
"""Compares what two clients of Alertmanager posted: monitor, and Prometheus.

    compare_posts.py alert POSTS.JSONL MODEL     a line for each property of the posts of an alert, from its
                                                 beginning to its end, where they differ with both values
    compare_posts.py metrics POSTS.JSONL URL     what Prometheus, at URL, scraped from Alertmanager of what it
                                                 had received, against what had been posted by then
"""
import bisect
import datetime
import json
import sys
import urllib.parse
import urllib.request

# how often each posts again what fires; Prometheus is told so by its command line
PERIODS = {"monitor": 60, "prometheus": 2}
# a scrape of Alertmanager takes no longer, or fails
SCRAPE = 0.5


def seconds(text):
    """A time of RFC 3339; Python takes six digits of a second."""
    text = text.replace("Z", "+00:00")
    head, dot, rest = text.partition(".")
    if dot:
        text = "%s.%s%s" % (head, rest[:-6][:6].ljust(6, "0"), rest[-6:])
    return datetime.datetime.fromisoformat(text).timestamp()


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def fires(at, alert):
    return seconds(alert["endsAt"]) > at


def rising(values):
    return all(y > x for x, y in zip(values, values[1:]))


def properties(who, posts):
    """posts: (when, alert) in order, of one alert, with its end."""
    alerts = [a for _, a in posts]
    firing = [(at, a) for at, a in posts if fires(at, a)]
    ended = [(at, a) for at, a in posts if not fires(at, a)]
    labels, named = alerts[0]["labels"], ("alertname", "feature", "metric", "model", "severity")
    ahead = {round((seconds(a["endsAt"]) - at) / PERIODS[who]) for at, a in firing}
    return {
        "posted while it fires, again, then ended": len(firing) > 1 and bool(ended) and posts[:len(firing)] == firing,
        "labels": " ".join("%s=%s" % (k, labels.get(k)) for k in named),
        "further labels": " ".join(sorted(set(labels) - set(named))) or "none",
        "labels are the same in each, strings, none empty": all(a["labels"] == labels for a in alerts) and all(isinstance(v, str) and v for v in labels.values()),
        "startsAt is the same in each": len({a["startsAt"] for a in alerts}) == 1,
        "startsAt is before it was posted": seconds(alerts[0]["startsAt"]) <= posts[0][0],
        "endsAt moves on while it fires": rising([seconds(a["endsAt"]) for _, a in firing]),
        "endsAt is ahead, in times that it is posted again": sorted(ahead),
        "endsAt of the end is past, after startsAt, the same in each": len({a["endsAt"] for _, a in ended}) == 1 and all(seconds(a["startsAt"]) < seconds(a["endsAt"]) <= at for at, a in ended),
        "the end is posted again": len(ended) > 1,
        "generatorURL": alerts[0].get("generatorURL", "none").split("?")[0].split("/graph")[0],
        "annotations": " ".join(sorted(alerts[0]["annotations"])),
        "annotations change with the end": ended[0][1]["annotations"] != firing[-1][1]["annotations"],
    }


def compare(posts, model):
    of = {"monitor": [], "prometheus": []}
    for post in posts:
        of[post["who"]] += [(post["at"], a) for a in post["alerts"] if a["labels"].get("model") == model]
    ours, theirs = (properties(who, of[who]) for who in ("monitor", "prometheus"))
    for name, value in ours.items():
        print("%s: %s" % (name, value if value == theirs[name] else "%s; Prometheus: %s" % (value, theirs[name])))


def samples(url, name, **labels):
    """time -> value, all series of a metric with these labels added up."""
    selector = "%s{%s}[10m]" % (name, ",".join('%s="%s"' % pair for pair in labels.items()))
    answer = json.load(urllib.request.urlopen(url + "/api/v1/query?" + urllib.parse.urlencode({"query": selector}), timeout=10))
    total = {}
    for series in answer["data"]["result"]:
        for at, value in series["values"]:
            total[at] = total.get(at, 0) + int(float(value))
    return total


def metrics(posts, url):
    sent = [(p["at"], a) for p in posts for a in p["alerts"]]
    expected = {
        "firing": (samples(url, "alertmanager_alerts_received_total", status="firing"), [at for at, a in sent if fires(at, a)]),
        "resolved": (samples(url, "alertmanager_alerts_received_total", status="resolved"), [at for at, a in sent if not fires(at, a)]),
        "invalid": (samples(url, "alertmanager_alerts_invalid_total"), [at for at, a in sent if seconds(a["startsAt"]) > seconds(a["endsAt"])]),
    }
    for name, (scraped, times) in expected.items():
        # a scrape while something was posted may have seen it or not
        quiet = {at: v for at, v in scraped.items() if not any(p["at"] < at + SCRAPE and p["answered"] > at for p in posts)}
        wrong = {at: (v, bisect.bisect(times, at)) for at, v in quiet.items() if v != bisect.bisect(times, at)}
        print("%s: %s" % (name, "as posted" if quiet and times and max(quiet.values()) > 0 and not wrong else "%s" % (wrong or "nothing scraped")))
        print("# %s: %d posted, %d scrapes compared, the last says %s" % (name, len(times), len(quiet), quiet and quiet[max(quiet)]), file=sys.stderr)


def main():
    what, log, argument = sys.argv[1:]
    {"alert": compare, "metrics": metrics}[what](read(log), argument)


if __name__ == "__main__":
    main()
