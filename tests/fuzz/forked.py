"""Inputs tried in processes of their own, within bounds of time and memory.

A child is forked, tries one input after the other, and says in shared memory which one it is at. If it dies, the parent
knows of what, notes it against that input, and forks the next child behind it. Nothing that an input does – end the
process, wait for ever, take all memory – is lost or carried over to the next one.
"""

from __future__ import annotations

import faulthandler
import json
import mmap
import os
import resource
import select
import signal
import struct
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

SECONDS = 2
"""Processor time of one input."""
WAITING = 20
"""Seconds by the clock after which an input that uses no processor time waits for something."""
MEGABYTES = 256
"""Memory of the process that tries an input, all that was imported included, but for what is mapped from files: the
code of libraries, of which no input makes more or less."""
BATCH = 2_000
"""Inputs of one child."""

Trial = Callable[[bytes], str]
"""Tries an input and says what became of it: ``valid``, or the codes that refused it. Raises ``Complaint``, or whatever
the library let through."""


class Complaint(AssertionError):
    """A diagnostic that is not as a diagnostic must be."""


@dataclass
class Tally:
    """What became of many inputs: how many of each outcome; for the failed ones what went wrong, by their number."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)


def outcome(trial: Trial, data: bytes) -> str:
    """What one input brings about, in a process of its own: an outcome, or ``failed: …``."""
    tally = tried(trial, [(0, data)])
    return f"failed: {tally.failures[0]}" if tally.failures else next(iter(tally.outcomes))


def tried(trial: Trial, inputs: Iterable[tuple[int, bytes]], most: int = 5) -> Tally:
    """Every input tried; after so many failures the rest is left out."""
    tally, batch = Tally(), list[tuple[int, bytes]]()
    for numbered in inputs:
        batch.append(numbered)
        if len(batch) == BATCH:
            _all_of(trial, batch, tally, most)
            batch = []
        if len(tally.failures) >= most:
            return tally
    _all_of(trial, batch, tally, most)
    return tally


def _all_of(trial: Trial, batch: list[tuple[int, bytes]], tally: Tally, most: int) -> None:
    done = 0
    while done < len(batch) and len(tally.failures) < most:
        done += _forked(trial, batch[done:], tally)


def _forked(trial: Trial, batch: list[tuple[int, bytes]], tally: Tally) -> int:
    """Inputs tried by one child, the one that ended it included."""
    shared = mmap.mmap(-1, 8)
    reading, writing = os.pipe()
    sys.stdout.flush()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        os.close(reading)
        _child(parent, trial, batch, shared, writing)
    os.close(writing)
    said, waited = _listened(reading, shared, child)
    _, status = os.waitpid(child, 0)
    at = struct.unpack("q", shared[:8])[0]
    shared.close()
    told = json.loads(said or b"{}")
    tally.outcomes.update(told.get("outcomes", {"not refused, not counted": at}))
    if status == 0:
        return len(batch)
    why = told.get("failed") or (_signal(status, waited) if os.WIFSIGNALED(status) else f"ended with {status}")
    tally.failures[batch[at][0]] = why
    return at + 1


def _listened(reading: int, shared: mmap.mmap, child: int) -> tuple[bytes, bool]:
    """What the child wrote until it ended; whether it had to be ended because it waited."""
    said, before, waited = b"", -1, False
    while True:
        ready, _, _ = select.select([reading], [], [], WAITING)
        now = struct.unpack("q", shared[:8])[0]
        if not ready and now == before:
            os.kill(child, signal.SIGKILL)
            waited = True
        before = now
        if ready:
            part = os.read(reading, 65536)
            if not part:
                os.close(reading)
                return said, waited
            said += part


def _signal(status: int, waited: bool) -> str:
    if waited:
        return f"waits for more than {WAITING} s"
    number = os.WTERMSIG(status)
    return f"more than {SECONDS} s" if number == signal.SIGPROF else f"ended by {signal.Signals(number).name}"


def _child(parent: int, trial: Trial, batch: list[tuple[int, bytes]], shared: mmap.mmap, writing: int) -> NoReturn:
    """Tries the inputs up to the first that fails; writes the outcomes, counted, and what failed. Never returns."""
    counts: Counter[str] = Counter()
    failed = ""
    try:
        faulthandler.disable()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (_memory(of="data") + MEGABYTES * 2**20,) * 2)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        for at, (_, data) in enumerate(batch):
            if os.getppid() != parent:
                os._exit(4)  # nobody is there any more who could be told
            shared[:8] = struct.pack("q", at)
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            found, failed = _tried(trial, data)
            if failed:
                break
            counts[found] += 1
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(writing, json.dumps({"outcomes": counts, "failed": failed}).encode())
    except BaseException:
        os._exit(3)
    os._exit(1 if failed else 0)


def _tried(trial: Trial, data: bytes) -> tuple[str, str]:
    """The outcome of an input, and what failed."""
    try:
        found = trial(data)
    except Complaint as complaint:
        return "", _line(str(complaint))
    except BaseException as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return "", f"{type(error).__name__} in {last.name} of {Path(last.filename).name}: {_line(str(error))}"
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - _memory(of="files")) // 2**20
    return found, "" if peak <= MEGABYTES else f"more memory than {MEGABYTES} MB: {peak}"


def _line(text: str) -> str:
    return " ".join(text.split())[:300]


def _memory(of: str) -> int:
    """Bytes that the process has ``of`` data, or has resident of files; taken as a gigabyte of data and none of files
    where no ``/proc`` tells."""
    try:
        with open("/proc/self/statm", encoding="ascii") as about:  # noqa: PTH123
            pages = about.read().split()
    except OSError:
        return {"data": 2**30, "files": 0}[of]
    return int(pages[{"data": 5, "files": 2}[of]]) * resource.getpagesize()
