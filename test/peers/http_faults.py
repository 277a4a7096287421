#!/usr/bin/python3
"""An HTTP server that answers as it is told, and logs each request as a line of JSON.

    http_faults.py DIRECTORY [--tls]

It writes DIRECTORY/port once it listens, and DIRECTORY/requests.jsonl, on disk before the
answer is sent.  With --tls it makes DIRECTORY/cert.pem, for localhost, which nobody trusts.

The path says what happens: /NAME/STEP/STEP/...; the first request for a path gets the first
step, and so on; the last step goes on for ever.  Steps:
    200 ... 599       that status; status;retry-after=SECONDS adds the header (date=SECONDS: as a date)
    ok                200, and "ok", as Slack says it
    invalid_payload   200, and "invalid_payload", as Slack does where it means no
    json;TEXT         200, and TEXT
    bot               200, and what Slack's API says to a message that it posted
    garbage           200, and bytes that are neither JSON nor UTF-8
    echo              500, and the request's headers, Authorization first, and body
    redirect          301 to /redirected/200 of this server
    huge              200, and 8 MB
    slow              the header at once, then a byte a second
    hang              no answer
    sleep;SECONDS     200, later
    reset             the connection is reset once the request is read
    drop              the connection is closed once the request is read
"""
import email.utils
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOCK = threading.Lock()
SEEN = {}


def parse(step):
    word, _, rest = step.partition(";")
    return word, rest


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.receive()

    def do_POST(self):
        self.receive()

    def next_step(self):
        # what a client adds to the address of its own is no step
        steps = [s for s in self.path.split("/api/v2/")[0].split("/")[2:] if s] or ["200"]
        n = SEEN.get(self.path, 0)
        SEEN[self.path] = n + 1
        return steps[min(n, len(steps) - 1)]

    def receive(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with LOCK:
            step = self.next_step()
            line = {"at": time.time(), "method": self.command, "path": self.path, "step": step,
                    "id": self.headers.get("webhook-id"),
                    "headers": {k.lower(): v for k, v in self.headers.items()},
                    "body": body.decode("utf-8", "replace")}
            self.server.log.write(json.dumps(line) + "\n")
            self.server.log.flush()
            os.fsync(self.server.log.fileno())
        self.step(*parse(step), body)

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def step(self, word, rest, body):
        try:
            if word.isdigit():
                self.answer(int(word), b"status " + word.encode(), status_headers(rest))
            else:
                getattr(self, "step_" + word)(rest, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def step_ok(self, rest, body):
        self.answer(200, b"ok")

    def step_invalid_payload(self, rest, body):
        self.answer(200, b"invalid_payload")

    def step_json(self, rest, body):
        self.answer(200, rest.encode())

    def step_bot(self, rest, body):
        self.answer(200, b'{"ok": true, "channel": "C1", "ts": "1700000000.000100"}')

    def step_garbage(self, rest, body):
        self.answer(200, b'{"ok": tru\xff\xfe\x00\xc3(')

    def step_echo(self, rest, body):
        self.answer(500, ("%s\n%s" % (self.headers.get("Authorization"), self.headers)).encode() + body)

    def step_redirect(self, rest, body):
        self.answer(301, b"", [("Location", "http://%s/redirected/200" % self.headers["Host"])])

    def step_huge(self, rest, body):
        self.answer(200, b"x" * (8 << 20))

    def step_slow(self, rest, body):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(1)

    def step_hang(self, rest, body):
        time.sleep(300)

    def step_sleep(self, rest, body):
        time.sleep(float(rest))
        self.answer(200, b"later")

    def step_reset(self, rest, body):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.step_drop(rest, body)

    def step_drop(self, rest, body):
        self.close_connection = True
        self.rfile.close()
        self.wfile.close()
        self.connection.close()

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass


def status_headers(rest):
    name, _, value = rest.partition("=")
    if name == "retry-after":
        return [("Retry-After", value)]
    if name == "date":
        return [("Retry-After", email.utils.formatdate(time.time() + float(value), usegmt=True))]
    return []


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    # a step may have closed the socket already
    def shutdown_request(self, request):
        try:
            super().shutdown_request(request)
        except (OSError, ValueError):
            pass

    # a client that does not trust the certificate is no trouble of ours
    def handle_error(self, request, client_address):
        pass


def make_certificate(directory):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                    "-keyout", directory + "/key.pem", "-out", directory + "/cert.pem",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
                   check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory + "/cert.pem", directory + "/key.pem")
    return context


def announce(directory, port):
    with open(directory + "/port.new", "w", encoding="ascii") as f:
        f.write("%d\n" % port)
    os.rename(directory + "/port.new", directory + "/port")


def main():
    directory = sys.argv[1]
    os.makedirs(directory, exist_ok=True)
    server = Server(("127.0.0.1", 0), Sink)
    server.log = open(directory + "/requests.jsonl", "a", encoding="utf-8")
    if "--tls" in sys.argv:
        server.socket = make_certificate(directory).wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False)
    announce(directory, server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
