"""The measurements, each on a program that runs in a terminal on a populated engine. Times are in seconds."""
import collections
import random
import re
import select
import shutil
import tempfile
import threading
import time

from terminal import Program

Subject = collections.namedtuple("Subject", "name command keys")


class Stage:
    """One engine with its containers; makes programs that look at it."""

    def __init__(self, engine):
        self.engine = engine
        self.homes = {}

    def start(self, subject):
        # The same home every time, as a person has: what the program stores is there when it starts again.
        home = self.homes.setdefault(subject.name, tempfile.mkdtemp(prefix="binnacle-bench-"))
        command = subject.command.replace("{socket}", self.engine.socket)
        return Program(command, home, {"DOCKER_HOST": "unix://" + self.engine.socket})

    def close(self):
        for home in self.homes.values():
            shutil.rmtree(home, ignore_errors=True)


def starts(stage, subject, times):
    """Time to the first text and to the last of the visible rows, over several starts after one that warms the caches."""
    first, rows, visible = [], [], 0
    for attempt in range(times + 1):
        program = stage.start(subject)
        try:
            text, complete, names = program.settle()
        finally:
            program.close()
        if program.gone_early:
            raise RuntimeError("it ended by itself: " + " ".join(" ".join(program.screen.lines()).split())[:200])
        if text is None:
            raise RuntimeError("it painted nothing")
        visible = max(visible, names)
        if attempt:
            first.append(text)
            rows.append((names, complete))
    # A start that showed fewer rows than another did not finish, however soon it stopped.
    return first, [complete for names, complete in rows if names == visible and complete], visible


def keys(program, down, up, times):
    """Time from a key to the first output that changes the screen; and how many keys changed nothing."""
    took, deaf = [], 0
    for number in range(times):
        program.record(0.002)
        program.catch_up()
        key = down if number // 10 % 2 == 0 else up  # ten down, ten up: never at an end of the list, where keys do nothing
        sent = program.send(key)
        program.record(0.05)
        answer = first_change(program)
        if answer is None:
            program.record(1)
            answer = first_change(program)
        if answer is None:
            deaf += 1
        else:
            took.append(answer - sent)
    return took, deaf


def first_change(program):
    before, found = program.screen.copy(), None
    for when in program.pieces():
        if found is None and program.screen.changed(before):
            found = when
    return found


def meaning(row):
    """A row without what live figures change in it: digits, units, bars and graphs. Words and signs of a state stay."""
    return None if row is None else " ".join(re.findall(r"[^\W\d_]{4,}|[\u23e9-\u23ff\u25b6-\u25ff]", row))


def events(stage, program, times):
    """Time from the engine's word that a container was paused or goes on to the change of its row, and how many went unseen."""
    program.record(0.2)
    program.catch_up()
    names = sorted(program.names())
    if not names:
        return [], times
    name = names[min(2, len(names) - 1)]
    stream = stage.engine.events()
    took, unseen = [], 0
    try:
        for number in range(times):
            program.record(random.uniform(0.4, 0.7))  # not in step with anything that the program does each second
            program.catch_up()
            before = meaning(program.row_of(name))
            action = "unpause" if number % 2 else "pause"
            threading.Thread(target=stage.engine.post, args=(f"/containers/{name}/{action}",)).start()
            told, deadline = None, time.monotonic() + 3
            shown = None
            while time.monotonic() < deadline:
                readable = select.select([stream, program.master] if told is None else [program.master], [], [], 0.01)[0]
                if stream in readable:
                    stream.recv(65536)
                    told = time.monotonic()
                if program.master in readable:
                    program.read(0)
                # Once both are known to have happened nobody waits: the screen may be looked at.
                if told is not None and not readable or len(program.waiting) > 8:
                    for when in program.pieces():
                        if shown is None and meaning(program.row_of(name)) != before:
                            shown = when
                    if shown is not None and told is not None:
                        break
            if told is None or shown is None:
                unseen += 1
                if unseen == 3 and not took:
                    break  # it does not follow events
            else:
                took.append(shown - told)
    finally:
        stream.close()
        try:
            stage.engine.post(f"/containers/{name}/unpause")
        except RuntimeError:
            pass  # it is not paused
    return took, unseen


def live(stage, program, seconds, idle):
    """What it costs to have the program open: its processor time, the engine's above idle, the terminal's traffic, memory."""
    program.record(0.5)
    program.catch_up()
    written, own, engines = program.bytes, program.processor_seconds(), stage.engine.processor_seconds()
    program.record(seconds)
    own, engines = program.processor_seconds() - own, stage.engine.processor_seconds() - engines
    memory, written = program.proportional_bytes(), program.bytes - written
    # Frames are told apart by the pauses between them; a cell that changed twice in one changed once for the eye.
    cells, before, last = 0, program.screen.copy(), None
    for when, data in program.waiting:
        if last is not None and when - last > 0.01:
            cells += program.screen.changed(before)
            before = program.screen.copy()
        program.screen.feed(data)
        last = when
    cells += program.screen.changed(before)
    program.waiting.clear()
    return {"processor": own, "engine": max(0.0, engines - idle), "bytes": written, "cells": cells, "memory": memory}
