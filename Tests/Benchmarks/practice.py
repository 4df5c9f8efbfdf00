"""A practice cluster of any size in a process of its own, as the server that is measured against."""
import os
import pathlib
import shutil
import subprocess
import tempfile

from terminal import processor_seconds


class Practice:
    """Served by the program itself; its own time is counted apart."""

    def __init__(self, program, containers, churn=0):
        # The proportions of ten thousand containers: a node for ten, a service for five, two tasks and two checks for each.
        self.size = [containers, max(3, containers // 10), max(4, containers // 5), containers * 2, containers * 2]
        self.folder = tempfile.mkdtemp(prefix="binnacle-scale-")
        command = [program, "--practice-serve", self.folder + "/doors", "--practice-size", ",".join(map(str, self.size))]
        if churn:
            command += ["--practice-churn", str(churn)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, "XDG_STATE_HOME": self.folder + "/state"})
        self.engine = self.consul = None
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "engine" and not self.engine:
                self.engine = words[2]
            elif words[0] == "consul":
                self.consul = words[1]
            elif words[0] == "ready":
                break
        if not self.engine or not self.consul:
            raise SystemExit("the practice cluster did not open its doors")
        self.socket = self.engine.removeprefix("unix://")

    def warm(self):
        """The seconds that the server alone takes for what a start asks for, once its own caches are full."""
        took = 0.0
        asked = [["--unix-socket", self.socket, "http://d/v1.41/" + path]
                 for path in ("containers/json?all=1", "tasks", "services?status=true", "nodes", "networks")]
        asked += [[self.consul + "/v1/health/state/any"]]
        for turn in range(2):
            took = 0.0
            for words in asked:
                done = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{time_total}", *words], stdout=subprocess.PIPE, text=True, check=True)
                took += float(done.stdout)
        return took

    def processor_seconds(self):
        return processor_seconds(self.process.pid)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
