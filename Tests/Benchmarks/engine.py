"""The private engine that is measured, and its HTTP interface without any client library."""
import json
import os
import pathlib
import socket
import subprocess
import time

from terminal import processor_seconds

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "lab" / "engine"


def ask(path, request, target):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    s.connect(path)
    s.sendall(f"{request} {target} HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n".encode())
    return s


class Engine:
    def __init__(self, name):
        self.name = name
        self.run("start")
        self.socket = self.run("socket")
        self.run("image")
        self.version = json.loads(self.get("/version"))["Version"]
        self.pids = [int(pid) for pid in self.run("pids").split()]

    def run(self, command, *words):
        done = subprocess.run([SCRIPT, command, self.name, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        return done.stdout.strip()

    def populate(self, number):
        self.run("populate", str(number))

    def stop(self):
        self.run("stop")

    def get(self, target):
        return self.talk("GET", target)

    def post(self, target):
        return self.talk("POST", target)

    def talk(self, request, target):
        with ask(self.socket, request, target) as s, s.makefile("rb") as file:
            head, _, body = file.read().partition(b"\r\n\r\n")
        if not head.split()[1].startswith(b"2"):
            raise RuntimeError(f"{request} {target}: {head.splitlines()[0].decode()}")
        return body

    def events(self):
        """A connection on which the engine's events arrive; nothing of its answer's head is left to read."""
        s = ask(self.socket, "GET", "/events?filters=%7B%22event%22%3A%5B%22pause%22%2C%22unpause%22%5D%7D")
        head = b""
        while b"\r\n\r\n" not in head:
            head += s.recv(1)
        s.setblocking(False)
        return s

    def processor_seconds(self):
        return sum(processor_seconds(pid) for pid in self.pids)

    def idle(self, seconds):
        before = self.processor_seconds()
        time.sleep(seconds)
        return self.processor_seconds() - before

    def curl(self, times):
        """Seconds that curl needs for the list: the request alone, and with its own start and end."""
        requests, whole = [], []
        for _ in range(times):
            began = time.monotonic()
            done = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{time_total}", "--unix-socket", self.socket,
                                   "http://docker/containers/json?all=1"],
                                  check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            whole.append(time.monotonic() - began)
            requests.append(float(done.stdout))
        return requests, whole
