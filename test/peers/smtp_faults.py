#!/usr/bin/python3
"""A mail server that answers as the address of the first recipient says, and keeps each message.

    smtp_faults.py DIRECTORY [--no-starttls] [--auth NAME:PASSWORD]

It makes DIRECTORY/cert.pem for localhost, writes DIRECTORY/port once it listens, each message
as DIRECTORY/N.eml, and each transaction as a line of DIRECTORY/messages.jsonl, on disk before
it is answered.

NAME+STEP+STEP...@HOST: the first message to this address gets the first step, and so on; the
last step goes on for ever.  Steps:
    ok          250
    rcpt451     the recipient is refused for now; rcpt550: for good (the others are not)
    data451     the message is refused for now; data550: for good
    drop        the connection is closed after the final dot, with no answer; the message is kept
    sleep       the answer comes after 3 seconds
    cling       250, but QUIT is not answered
"""
import argparse
import asyncio
import json
import os
import socket
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_faults import announce, make_certificate  # noqa: E402


class Handler:
    def __init__(self, directory):
        self.directory = directory
        self.log = open(directory + "/messages.jsonl", "a", encoding="utf-8")
        self.seen = {}
        self.kept = 0

    def step(self, address, advance):
        steps = address.split("@")[0].split("+")[1:] or ["ok"]
        n = self.seen.get(address, 0)
        if advance:
            self.seen[address] = n + 1
        return steps[min(n, len(steps) - 1)]

    def write(self, session, envelope, step):
        line = {"at": time.time(), "step": step, "mail_from": envelope.mail_from, "rcpt_tos": envelope.rcpt_tos,
                "tls": session.ssl is not None, "auth": session.auth_data and session.auth_data.login.decode()}
        if envelope.content is not None:
            self.kept += 1
            line["file"] = "%d.eml" % self.kept
            with open("%s/%d.eml" % (self.directory, self.kept), "wb") as f:
                f.write(envelope.content)
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()
        os.fsync(self.log.fileno())

    async def handle_RCPT(self, server, session, envelope, address, options):
        step = self.step(address, False)
        if step.startswith("rcpt"):
            self.step(address, True)
            self.write(session, envelope, step)
            return step[4:] + " recipient refused"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        if getattr(session, "clings", False):
            await asyncio.sleep(200)
        return "221 Bye"

    async def handle_DATA(self, server, session, envelope):
        step = self.step(envelope.rcpt_tos[0], True)
        session.clings = step == "cling"
        self.write(session, envelope, step)
        if step == "drop":
            server.transport.abort()
        elif step == "sleep":
            await asyncio.sleep(3)
        elif step.startswith("data"):
            return step[4:] + " message refused"
        return "250 kept"


class Login:
    def __init__(self, pair):
        self.pair = pair.encode()

    def __call__(self, server, session, envelope, mechanism, data):
        good = data.login + b":" + data.password == self.pair
        return AuthResult(success=good, handled=good, auth_data=data)


class Sink(Controller):
    def __init__(self, handler, port, context, options):
        self.context, self.login = context, options.auth and Login(options.auth)
        super().__init__(handler, hostname="127.0.0.1", port=port)

    def factory(self):
        return SMTP(self.handler, tls_context=self.context, require_starttls=self.context is not None,
                    authenticator=self.login, auth_required=self.login is not None,
                    auth_require_tls=self.context is not None, enable_SMTPUTF8=False)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("--no-starttls", action="store_true")
    parser.add_argument("--auth")
    options = parser.parse_args()
    os.makedirs(options.directory, exist_ok=True)
    context = None if options.no_starttls else make_certificate(options.directory)
    if context:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
    port = free_port()
    Sink(Handler(options.directory), port, context, options).start()
    announce(options.directory, port)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
