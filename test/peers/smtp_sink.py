#!/usr/bin/env python3
"""smtp_sink.py PORT_FILE DIRECTORY [CERT KEY]: aiosmtpd on loopback; with a certificate it asks
for STARTTLS and for user `monitor', password `correct-horse-battery-staple'.

Each message is a file of DIRECTORY, on disk before it is accepted.  DIRECTORY/script holds
answers to DATA, used up in order: `451 later', `550 no', or `drop', which takes the message and
closes the connection without a word.
"""
import os
import socket
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

port_file, directory = sys.argv[1:3]
tls = None
if len(sys.argv) > 4:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[3], sys.argv[4])


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"monitor" and data.password == b"correct-horse-battery-staple")


class Handler:
    messages = 0
    used = 0

    def next_answer(self):
        try:
            lines = open(os.path.join(directory, "script")).read().splitlines()
        except FileNotFoundError:
            lines = []
        if self.used >= len(lines):
            return "250 taken"
        self.used += 1
        return lines[self.used - 1]

    async def handle_DATA(self, server, session, envelope):
        answer = self.next_answer()
        if answer.startswith("250") or answer == "drop":
            self.messages += 1
            path = os.path.join(directory, f"{self.messages:04d}.eml")
            with open(path + ".new", "wb") as f:
                f.write(f"X-Envelope: {envelope.mail_from} -> {','.join(envelope.rcpt_tos)}; tls={session.ssl is not None}\r\n".encode())
                f.write(envelope.original_content)
                f.flush()
                os.fsync(f.fileno())
            os.rename(path + ".new", path)
        if answer == "drop":
            server.transport.close()
            return "250 never seen"
        return answer


class TlsController(Controller):
    def factory(self):
        return SMTP(self.handler, tls_context=tls, require_starttls=tls is not None, auth_required=tls is not None,
                    authenticator=authenticate, auth_require_tls=True, hostname="sink.localhost")


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
controller = TlsController(Handler(), hostname="127.0.0.1", port=port)
controller.start()
with open(port_file + ".new", "w") as f:
    f.write(str(port))
os.rename(port_file + ".new", port_file)
while True:
    time.sleep(3600)
