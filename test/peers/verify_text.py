#!/usr/bin/python3
"""Checks that names which attack arrived as text; prints how many are right, or what is wrong.

    verify_text.py mail ATTACKS MESSAGE...     messages, each with one of the names
    verify_text.py KIND ATTACKS REQUESTS       the requests to /KIND/, each with one of the names

ATTACKS is a list in JSON.
"""
import email
import email.policy
import html.parser
import json
import re
import sys

MAIL_HEADERS = {"from", "to", "subject", "date", "message-id", "list-id", "auto-submitted", "mime-version", "content-type", "in-reply-to", "references", "precedence", "x-auto-response-suppress"}
HTTP_HEADERS = {"host", "accept", "accept-encoding", "content-type", "content-length", "user-agent", "authorization", "webhook-id", "webhook-timestamp", "webhook-signature"}
TAGS = {"html", "head", "meta", "body", "h2", "p", "li", "br", "code", "img", "a"}
HIDING = "[\\x00-\\x1f\\x7f-\\x9f\u2028-\u202e\u2066-\u2069]+"


class Tags(html.parser.HTMLParser):
    """What a browser would make of it."""

    def __init__(self):
        super().__init__()
        self.strange = []
        self.text = ""

    def handle_starttag(self, tag, attributes):
        names = {name for name, _ in attributes}
        if tag not in TAGS or not names <= {"style", "charset", "href", "src", "alt"}:
            self.strange.append((tag, names))
        for name, value in attributes:
            if name == "src" and value != "cid:plot" or name == "href":
                self.strange.append((name, value))

    def handle_data(self, data):
        self.text += data


def one_line(name):
    return re.sub(HIDING, " ", name)


def squeezed(text):
    """Without spaces, which folding, lines and markup may change."""
    return re.sub(r"\s+", "", text)


def wrong_in_mail(path, attacks):
    with open(path, "rb") as f:
        raw = f.read()
    if re.search(rb"[^\r]\n|\r[^\n]", raw) or any(len(line) > 998 for line in raw.split(b"\r\n")):
        return None, "a line is broken or too long"
    message = email.message_from_bytes(raw, policy=email.policy.default)
    names = [name.lower() for name in message.keys() if not name.lower().startswith("x-envelope")]
    if not set(names) <= MAIL_HEADERS or len(names) != len(set(names)):
        return None, "headers %s" % names
    if message.defects or message["Subject"].defects:
        return None, "defects %s %s" % (message.defects, message["Subject"].defects)
    types = [part.get_content_type() for part in message.walk()]
    if types != ["multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png"]:
        return None, "parts %s" % types
    plain = message.get_body(("plain",)).get_content()
    tags = Tags()
    tags.feed(message.get_body(("html",)).get_content())
    found = [a for a in attacks if squeezed(one_line(a))[:100] in squeezed(tags.text) and squeezed(a) in squeezed(plain)
             and squeezed(one_line(a))[:60] in squeezed(str(message["Subject"]))]
    if tags.strange:
        # an annotation may have lines of its own, and one that says runbook is a link of its owner
        tags.strange = [s for s in tags.strange if not any(a.startswith("x\n  runbook") for a in found)]
    if tags.strange:
        return None, "HTML %s" % tags.strange
    return found, None


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def wrong_in_request(request, kind, attacks):
    if not set(request["headers"]) <= HTTP_HEADERS:
        return None, "headers %s" % sorted(request["headers"])
    if any(re.search(r"[\x00-\x1f\x7f]", value) for value in request["headers"].values()):
        return None, "a header has a control character"
    body = json.loads(request["body"])
    if kind == "slack":
        marked = [b["text"]["text"] for b in body["blocks"] if b["type"] == "section"] + [body["text"]]
        if any(re.search("[<>]|&(?!amp;|lt;|gt;)", text) for text in marked) or any(len(text) > 3000 for text in marked):
            return None, "Slack would see markup, or too much"
        everything = squeezed("".join(marked[:-1]).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        return [a for a in attacks if squeezed(a) in everything], None
    everything = set(strings(body))
    if kind == "pd":
        return [a for a in attacks if body["payload"]["class"] == a], None
    return [a for a in attacks if a in everything], None


def main():
    kind = sys.argv[1]
    with open(sys.argv[2], encoding="utf-8") as f:
        attacks = json.load(f)
    if kind == "mail":
        results = [wrong_in_mail(path, attacks) for path in sys.argv[3:]]
    else:
        with open(sys.argv[3], encoding="utf-8") as f:
            requests = [json.loads(line) for line in f]
        results = [wrong_in_request(r, kind, attacks) for r in requests if r["path"].startswith("/%s/" % kind)]
    wrong = [why for _, why in results if why]
    # a short name, a dot, is found in every message
    missing = [a for a in attacks if not any(found and a in found for found, _ in results)]
    if wrong or missing or len(results) != len(attacks):
        return "%d messages, wrong: %s, missing: %s" % (len(results), wrong[:3], missing[:3])
    return "%d right" % len(results)


print(main())
