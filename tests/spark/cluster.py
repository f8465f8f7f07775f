"""A standalone cluster of PySpark as pip installs it, on the loopback address: a master and workers of one core."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.spark.driver import ROOT

MARK = "POLICYENGINE_TEST_CLUSTER"
"""The variable by which every process of a cluster is known, children of children included."""
SMALL = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
_ADDRESS = re.compile(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
_REGISTERED = "Successfully registered with master"


@dataclass(frozen=True, slots=True)
class Cluster:
    """``address``: of the master. ``workers``: the process groups of the workers. ``mark``: the value of ``MARK``."""

    address: str
    workers: tuple[int, ...]
    mark: str


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Runs a cluster; ends every process of it. Raises ``AssertionError`` if one does not end."""
    mark, running = uuid4().hex, list[subprocess.Popen[bytes]]()
    local = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    try:
        running.append(_start(folder / "master.log", mark, MASTER, *local))
        address = _said(folder / "master.log", _ADDRESS)
        for number in range(workers):
            log = folder / f"worker{number}.log"
            own = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work{number}"), address)
            running.append(_start(log, mark, WORKER, *local, *own))
        for number in range(workers):
            _said(folder / f"worker{number}.log", re.compile(f"({_REGISTERED})"))
        yield Cluster(address, tuple(process.pid for process in running[1:]), mark)
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(timeout=60)
    assert _left(mark) == [], "processes of the cluster did not end"


def _start(log: Path, mark: str, *command: str) -> subprocess.Popen[bytes]:
    found = importlib.util.find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    home = Path(found.origin).parent
    environment = {
        **os.environ, MARK: mark, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": SMALL, "SPARK_LOCAL_DIRS": str(log.parent / "local"), "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable, "POLICYENGINE_CACHE": str(log.parent / "kernels"),
    }  # fmt: skip
    with log.open("wb") as out:
        return subprocess.Popen(
            [str(home / "bin" / "spark-class"), *command], env=environment, stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, process_group=0,
        )  # fmt: skip


def _said(log: Path, what: re.Pattern[str], seconds: int = 120) -> str:
    """What a process writes into its log, awaited."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what.search(log.read_text(encoding="utf-8", errors="replace"))
        if found is not None:
            return found[1]
        time.sleep(0.2)
    raise AssertionError(f"{log.name} does not say {what.pattern}:\n{log.read_text(errors='replace')[-2000:]}")


def _left(mark: str, seconds: int = 30) -> Sequence[int]:
    """Processes of a cluster that have not ended after some time."""
    end = time.monotonic() + seconds
    while (left := processes(mark)) and time.monotonic() < end:
        time.sleep(0.2)
    for process in left:
        os.kill(process, signal.SIGKILL)
    return left


def processes(mark: str) -> list[int]:
    """The processes that bear the mark of a cluster."""
    needle, found = f"{MARK}={mark}".encode(), list[int]()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                environment = (entry / "environ").read_bytes()
            except OSError:  # it has ended, or is somebody else's
                continue
            if needle in environment.split(b"\0"):
                found.append(int(entry.name))
    return found
