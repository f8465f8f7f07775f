"""For the whole suite: no network, not the user's cache folder; ``--no-skips`` turns every skip into a failure."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from tools.battery import record

if "PYTEST_XDIST_WORKER" not in os.environ:  # every run lowers the rule sets anew, and once for all its processes
    os.environ["POLICYENGINE_CACHE"] = tempfile.mkdtemp(prefix="policyengine-tests-")
    atexit.register(shutil.rmtree, os.environ["POLICYENGINE_CACHE"], ignore_errors=True)

Told = Callable[[str, str, str], None]
"""Keeps what a campaign found: what was tried, at which size, what came of it."""

NETWORK_EVENTS = frozenset(
    {
        "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo",
        "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    }
)  # fmt: skip


settings.register_profile("plain", deadline=None, derandomize=True, max_examples=300, print_blob=True)
settings.load_profile("plain")


class NetworkTouched(AssertionError):
    """A test, or the code under test, reached for a network."""


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    """Audit hook: sockets of this machine (AF_UNIX, used by multiprocessing) are fine, all others are not."""
    if event not in NETWORK_EVENTS:
        return
    local = getattr(socket, "AF_UNIX", None)
    if args and isinstance(args[0], socket.SocketType) and args[0].family == local:
        return
    raise NetworkTouched(f"{event} {args[1:] if len(args) > 1 else args}")


sys.addaudithook(_refuse_network)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="a skipped test or module is a failure")
    parser.addoption("--shuffle", metavar="SEED", help="run the tests in a random order, the same for the same seed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files in a random order, and the tests within each."""
    seed = config.getoption("--shuffle")
    if seed is not None:
        order = {path: Random(f"{seed} {path}").random() for path in {item.path for item in items}}
        items.sort(key=lambda item: (order[item.path], Random(f"{seed} {item.nodeid}").random()))


def pytest_collection_finish() -> None:
    """A process of tests holds every rule set in the end, and nothing of that is garbage: the collector looks for it
    less often, which saves one part in fifteen of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if item.config.getoption("--no-skips") and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """How each test of a long campaign ended is kept for the page of the battery."""
    if "agree" in report.keywords and report.when == "call" and "PYTEST_XDIST_WORKER" not in os.environ:
        path, _, test = report.nodeid.partition("::")
        told = {"of": f"{path}::{test.partition('[')[0]}", "end": report.outcome, "seconds": round(report.duration)}
        record("tests", f"{path.rpartition('/')[2]} {test}", told)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    if collector.config.getoption("--no-skips") and report.skipped:
        _fail(report)
    return report


def _fail(report: Any) -> None:
    """Turn a skip into a failure that says where and why it was skipped."""
    report.outcome = "failed"
    where = report.longrepr
    report.longrepr = f"skipped, and skips are failures here: {where[2] if isinstance(where, tuple) else where}"


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Told:
    """What a campaign over cases found, with its seconds, for the page of the battery. A small size is not kept."""
    begin = time.monotonic()

    def keep(name: str, size: str, found: str) -> None:
        if request.node.get_closest_marker("agree"):
            record("cases", name, {"size": size, "found": found, "seconds": round(time.monotonic() - begin)})

    return keep
