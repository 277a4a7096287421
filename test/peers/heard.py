#!/usr/bin/python3
"""Prints what a receiver of notices in Alertmanager's form (version 4) heard of a model.

    heard.py REQUESTS.JSONL PATH MODEL

A word for each notice: +FEATURE for each alert that fires, -FEATURE for each that ended,
separated by commas; a severity other than critical is named: +FEATURE:warning.
"""
import json
import sys


def word(alert):
    labels = alert["labels"]
    severity = "" if labels.get("severity") == "critical" else ":" + labels.get("severity", "")
    return ("+" if alert["status"] == "firing" else "-") + labels.get("feature", "") + severity


def main():
    log, path, model = sys.argv[1:]
    said = []
    with open(log, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["path"].startswith(path):
                alerts = [a for a in json.loads(line["body"])["alerts"] if a["labels"].get("model") == model]
                said += [",".join(sorted(map(word, alerts)))] if alerts else []
    print(" ".join(said))


if __name__ == "__main__":
    main()
