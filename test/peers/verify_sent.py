#!/usr/bin/python3
"""Checks what the peers kept; prints "yes", or what is wrong.

    verify_sent.py signature SECRET JSON       a logged request is signed as Standard Webhooks says
    verify_sent.py mail FILE                   a message is well-formed and holds the picture
"""
import base64
import email
import email.policy
import hashlib
import hmac
import json
import sys
import zlib


def signature(secret, line):
    request = json.loads(line)
    headers = request["headers"]
    key = base64.b64decode(secret[6:]) if secret.startswith("whsec_") else secret.encode()
    signed = "%s.%s.%s" % (headers["webhook-id"], headers["webhook-timestamp"], request["body"])
    right = "v1," + base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    if right not in headers["webhook-signature"].split(" "):
        return "signature is " + headers["webhook-signature"]
    if abs(int(headers["webhook-timestamp"]) - request["at"]) > 5:
        return "timestamp is " + headers["webhook-timestamp"]
    return "yes"


def png_is_whole(data):
    """Signature, every checksum, and as many bytes of picture as its size says."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    at, pixels, size = 8, b"", None
    while at < len(data):
        length = int.from_bytes(data[at:at + 4], "big")
        kind, body = data[at + 4:at + 8], data[at + 8:at + 8 + length]
        if zlib.crc32(kind + body) != int.from_bytes(data[at + 8 + length:at + 12 + length], "big"):
            return False
        if kind == b"IHDR":
            size = (int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"), body[8], body[9])
        elif kind == b"IDAT":
            pixels += body
        at += 12 + length
    channels = {0: 1, 2: 3, 3: 1, 6: 4}[size[3]]
    row = 1 + (size[0] * size[2] * channels + 7) // 8
    return kind == b"IEND" and len(zlib.decompress(pixels)) == row * size[1]


def mail(path):
    with open(path, "rb") as f:
        raw = f.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if any(len(line) > 998 for line in raw.splitlines()):
        return "a line is too long"
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id"):
        if len(message.get_all(name, [])) != 1:
            return "%s: %s" % (name, message.get_all(name))
    if message["Auto-Submitted"] != "auto-generated":
        return "it does not say that it is automatic"
    types = [part.get_content_type() for part in message.walk()]
    if types != ["multipart/related", "multipart/alternative", "text/plain", "text/html", "image/png"]:
        return "parts: %s" % types
    parts = {part.get_content_type(): part for part in message.walk()}
    if parts["image/png"]["Content-ID"] != "<plot>" or "cid:plot" not in parts["text/html"].get_content():
        return "the picture is not where the HTML looks for it"
    if not png_is_whole(parts["image/png"].get_content()):
        return "the picture is broken"
    if "défaillance" not in parts["text/plain"].get_content() or "défaillance" not in message["Subject"]:
        return "text: %s, %s" % (message["Subject"], parts["text/plain"].get_content())
    return "yes"


print({"signature": signature, "mail": mail}[sys.argv[1]](*sys.argv[2:]))
