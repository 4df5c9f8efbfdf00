"""A real Consul agent with thousands of checks, some of which keep changing, for measuring the health pane."""
import json
import os
import pathlib
import subprocess
import threading
import time
import urllib.request

from terminal import processor_seconds

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "lab" / "consul"
NODES = 100
STATES = ("passing", "warning", "critical")


class Registry:
    """Checks are written into the catalogue of nodes without an agent, so that Consul itself has nothing to run."""

    def __init__(self):
        self.run("start", "dev")
        self.url = self.run("url", "dev")
        self.socket = "/nonexistent/docker.sock"
        self.pids = [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if self.is_agent(pid)]
        self.flapping = None

    @staticmethod
    def is_agent(pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return b"-node=lab1\0" in file.read()
        except OSError:
            return False

    @staticmethod
    def run(*words):
        done = subprocess.run([SCRIPT, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(done.returncode)
        return done.stdout.strip()

    def put(self, path, body):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), method="PUT")
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()

    def populate(self, checks):
        """As many checks, spread over the nodes; each speaks for a service of its own with an address."""
        share = checks // NODES
        for number in range(NODES):
            node = {"Node": f"bench-{number:03}", "Address": f"10.1.{number}.1", "NodeMeta": {"external-node": "true"}}
            for first in range(share):
                name = f"svc-{first:02}"
                self.put("/v1/catalog/register", {
                    **node, "SkipNodeUpdate": first > 0,
                    "Service": {"ID": name, "Service": name, "Port": 8000 + first, "Tags": ["bench"]},
                    "Check": self.check(number, first, "critical" if (number + first) % 50 == 0 else "passing")})

    @staticmethod
    def check(node, number, status):
        return {"Node": f"bench-{node:03}", "CheckID": f"chk-{node:03}-{number:02}", "Name": f"HTTP of svc-{number:02}",
                "ServiceID": f"svc-{number:02}", "Status": status, "Output": f"HTTP GET http://10.1.{node}.1: {status} " + "x" * 80}

    def flap(self, checks, period=5):
        """So many checks change their status once in `period` seconds each, evenly spread, until `rest`."""
        ending = self.flapping = threading.Event()

        def run():
            turn = 0
            while not ending.wait(period / checks):
                node, state = turn % checks, STATES[turn // checks % 3]
                self.put("/v1/catalog/register", {"Node": f"bench-{node:03}", "Address": f"10.1.{node}.1", "SkipNodeUpdate": True,
                                                  "Check": self.check(node, 0, state)})
                turn += 1

        threading.Thread(target=run, daemon=True).start()

    def rest(self):
        if self.flapping:
            self.flapping.set()

    def stop(self):
        self.rest()
        self.run("stop", "dev")

    def processor_seconds(self):
        return sum(processor_seconds(pid) for pid in self.pids)

    def idle(self, seconds):
        before = self.processor_seconds()
        time.sleep(seconds)
        return self.processor_seconds() - before
