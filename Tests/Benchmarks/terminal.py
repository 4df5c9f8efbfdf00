"""A program in a terminal of its own, and what it writes there, with the time of each piece."""
import os
import fcntl
import pty
import re
import select
import shlex
import shutil
import signal
import struct
import termios
import time

from screen import Screen

COLUMNS, ROWS = 160, 48
NAME = re.compile(r"\blab-\d{3}\b")
STATE = re.compile(r"\b(running|paused|up)\b", re.I)
TICK = os.sysconf("SC_CLK_TCK")


class Program:
    """Starts `command` at once. Pieces are read with their time first, and looked at when nobody waits."""

    def __init__(self, command, home, environment=()):
        argv = shlex.split(command)
        path = shutil.which(argv[0])
        if not path:
            raise FileNotFoundError(argv[0])
        settings = {k: v for k, v in os.environ.items()
                    if k not in ("LINES", "COLUMNS", "COLORTERM", "NO_COLOR") and not k.startswith(("DOCKER_", "CONSUL_", "XDG_"))}
        settings.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=home, XDG_CONFIG_HOME=home + "/config",
                        XDG_STATE_HOME=home + "/state", XDG_DATA_HOME=home + "/data", XDG_CACHE_HOME=home + "/cache")
        settings.update(environment)
        self.screen = Screen(COLUMNS, ROWS)
        self.waiting, self.bytes, self.ended = [], 0, False
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        actions = [(os.POSIX_SPAWN_OPEN, 0, os.ttyname(slave), os.O_RDWR, 0),  # the leader of a session that opens
                   (os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)]  # a terminal has it as its own
        self.began = time.monotonic()
        self.pid = os.posix_spawn(path, argv, settings, file_actions=actions, setsid=True)
        os.close(slave)

    def read(self, seconds):
        """One piece, at most that late. Answers whether there was one."""
        if self.ended or not select.select([self.master], [], [], max(0, seconds))[0]:
            return False
        now = time.monotonic()
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:  # the program is gone
            data = b""
        if not data:
            self.ended = True
            return False
        self.bytes += len(data)
        self.waiting.append((now, data))
        return True

    def record(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self.ended:
            self.read(left)

    def pieces(self):
        """Feeds what was read to the screen, piece by piece, and yields each one's time."""
        while self.waiting:
            when, data = self.waiting.pop(0)
            self.screen.feed(data)
            yield when

    def catch_up(self):
        for _ in self.pieces():
            pass

    def send(self, text):
        now = time.monotonic()  # before: the answer may come before this call is over
        os.write(self.master, text.encode())
        return now

    def settle(self, quiet=1.0, least=1.2, most=12.0):
        """Until the number of names on the screen has not changed for a while. Answers (first text, all names, how many)."""
        first = complete = None
        names, changed = 0, self.began
        while True:
            while self.read(0.03):
                pass
            for when in self.pieces():
                if first is None and self.screen.written():
                    first = when
                now = len(self.names())
                if now != names:
                    names, changed = now, when
                    complete = when
            age = time.monotonic() - self.began
            # A program that has shown text and no name yet may still be asking the engine.
            if self.ended or age > most or first and age > (least if names else 4) and time.monotonic() - changed > quiet:
                break
        return first and first - self.began, complete and complete - self.began, names

    def names(self):
        return {name for line in self.screen.lines() for name in NAME.findall(line)}

    def row_of(self, name):
        """What stands in the name's row of the list of containers, without the panes beside it."""
        found = [part for line in self.screen.lines() if name in line for part in re.split("[│┃║|]", line) if name in part]
        return next((part for part in found if STATE.search(part)), found[0] if found else None)

    def family(self):
        """Its process and those that descend from it and still live."""
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    parents[int(entry)] = int(stat(entry)[1])
                except OSError:
                    pass
        family = [self.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family

    def processor_seconds(self):
        return sum(processor_seconds(pid, children=True) for pid in self.family())

    def proportional_bytes(self):
        total = 0
        for pid in self.family():
            try:
                with open(f"/proc/{pid}/smaps_rollup") as file:
                    total += sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
            except OSError:
                pass
        return total

    def close(self):
        self.gone_early = self.ended
        for number, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 5)):
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                pass
            end = time.monotonic() + patience
            while time.monotonic() < end:
                self.read(0.01)  # a program that cannot write its goodbye does not end
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self.master)
                    return
        os.close(self.master)


def stat(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rsplit(")", 1)[1].split()


def processor_seconds(pid, children=False):
    try:
        fields = stat(pid)
    except OSError:
        return 0.0
    return sum(int(n) for n in fields[11:15 if children else 13]) / TICK
