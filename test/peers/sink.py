#!/usr/bin/env python3
"""sink.py PORT_FILE LOG SCRIPT: an HTTP server on loopback that follows a script of faults.

SCRIPT holds a line for each answer, used up in order and read anew before each request; when
none is left the answer is 200 `ok'.  A line is one of
    STATUS [Header: value|...] [body]   that answer
    reset            the connection is reset once the request was read
    slow SECONDS     nothing is said for so long
    big              200 and 8 MB
Every request is one line of JSON in LOG, on disk before the answer.
"""
import http.server
import json
import os
import socket
import struct
import sys
import threading
import time

port_file, log, script = sys.argv[1:4]
lock = threading.Lock()
used = 0


def next_line():
    global used
    with lock:
        try:
            lines = open(script).read().splitlines()
        except FileNotFoundError:
            lines = []
        if used >= len(lines):
            return "200"
        used += 1
        return lines[used - 1]


def record(entry):
    with lock, open(log, "a") as f:
        f.write(json.dumps(entry) + "\n")
        f.flush()
        os.fsync(f.fileno())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        line = next_line()
        record({"at": time.time(), "path": self.path, "headers": dict(self.headers), "body": body, "answer": line})
        word = line.split(" ")
        if word[0] == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            return
        if word[0] == "slow":
            time.sleep(float(word[1]))
            word = ["200"]
        answer = b"x" * 8_000_000 if word[0] == "big" else b"ok"
        status = 200 if word[0] == "big" else int(word[0])
        rest = line[len(word[0]) + 1:] if word[0] not in ("big", "200") or " " in line and word[0] == "200" else ""
        headers = {}
        if rest.startswith("["):
            head, _, rest = rest[1:].partition("]")
            headers = dict(h.split(": ", 1) for h in head.split("|"))
            rest = rest.strip()
        if rest:
            answer = rest.encode()
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except (BrokenPipeError, ConnectionResetError):
            pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(port_file + ".new", "w") as f:
    f.write(str(server.server_port))
os.rename(port_file + ".new", port_file)
server.serve_forever()
