#!/usr/bin/python3
"""Stands between a client and a server's local socket, and lets connections die without a word.

    half_open.py DIRECTORY SOCKET

It writes DIRECTORY/port once it listens.  After SIGUSR1 the connections that there are stay
open, and nothing goes through them any more; new ones work.
"""
import os
import signal
import socket
import sys
import threading

directory, target = sys.argv[1:3]
open_now = []
dead = set()


def die(*_):
    dead.update(open_now)


def forward(source, sink, connection):
    while True:
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        if connection in dead:
            continue_silently(source, data)
            return
        try:
            if not data:
                sink.shutdown(socket.SHUT_WR)
                return
            sink.sendall(data)
        except OSError:
            return


def continue_silently(source, data):
    while data:
        try:
            data = source.recv(65536)
        except OSError:
            return


os.makedirs(directory, exist_ok=True)
signal.signal(signal.SIGUSR1, die)
listener = socket.create_server(("127.0.0.1", 0))
with open(os.path.join(directory, "port.new"), "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(os.path.join(directory, "port.new"), os.path.join(directory, "port"))
keep = []
number = 0
while True:
    client, _ = listener.accept()
    server = socket.socket(socket.AF_UNIX)
    server.connect(target)
    number += 1
    open_now.append(number)
    keep.append((client, server))
    for pair in ((client, server), (server, client)):
        threading.Thread(target=forward, args=(*pair, number), daemon=True).start()
