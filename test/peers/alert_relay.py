#!/usr/bin/python3
"""Passes alerts on to Alertmanager, and writes down who posted what; and is what Prometheus scrapes.

    alert_relay.py DIRECTORY ALERTMANAGER-PORT

It writes DIRECTORY/port once it listens.  POST /NAME/api/v2/alerts goes to Alertmanager's /api/v2/alerts,
its answer goes back, and both are a line of DIRECTORY/posts.jsonl.  GET /metrics gives DIRECTORY/metrics.
"""
import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_faults import announce  # noqa: E402

LOCK = threading.Lock()


class Relay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, content_type):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with open(self.server.directory + "/metrics", "rb") as f:
            self.answer(200, f.read(), "text/plain; version=0.0.4")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        who, _, path = self.path[1:].partition("/")
        request = urllib.request.Request("http://127.0.0.1:%s/%s" % (self.server.target, path), body, {"Content-Type": "application/json"})
        # one at a time, so that the order of the lines is that in which Alertmanager took them
        with LOCK:
            at = time.time()
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    status, text = response.status, response.read()
            except urllib.error.HTTPError as e:
                status, text = e.code, e.read()
            line = {"at": at, "answered": time.time(), "who": who, "status": status, "alerts": json.loads(body)}
            self.server.log.write(json.dumps(line) + "\n")
            self.server.log.flush()
        self.answer(status, text, "application/json")


def main():
    directory, target = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
    server.directory, server.target = directory, target
    server.log = open(directory + "/posts.jsonl", "a", encoding="utf-8")
    announce(directory, server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    main()
