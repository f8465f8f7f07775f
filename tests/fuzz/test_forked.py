"""The campaigns do notice what they are for: every way in which an input can do harm is told with that input."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from pathlib import Path

import pytest

from policyengine.errors import Diagnostic, Span
from tests.fuzz import forked
from tests.fuzz.forked import Tally, outcome, tried
from tests.fuzz.shrinking import kind, shrunk
from tests.fuzz.surfaces import Complaint, hold


def harmful(data: bytes) -> str:
    """Does what its input says."""
    match data:
        case b"raise":
            raise KeyError("name")
        case b"complain":
            raise Complaint("no place")
        case b"exit":
            sys.exit(3)
        case b"end":
            os._exit(7)
        case b"signal":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"memory":
            assert bytearray((forked.MEGABYTES + 1_000) * 2**20)
        case b"grow":
            assert b"x" * (150 * 2**20)
        case b"loop":
            while True:
                pass
        case b"wait":
            time.sleep(60)
        case b"deep":
            harmful(data)
    return "valid"


@pytest.fixture(autouse=True)
def room_for_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of the tests holds much already: what an input may take is 100 MB more than a child begins with,
    which is what is no part of a file."""
    resident, shared = (int(pages) for pages in Path("/proc/self/statm").read_text("ascii").split()[1:3])
    held = (resident - shared) * resource.getpagesize()
    monkeypatch.setattr(forked, "MEGABYTES", held // 2**20 + 100)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"raise", "KeyError in harmful of test_forked.py: 'name'"), (b"complain", "no place"),
        (b"exit", "SystemExit in harmful of test_forked.py: 3"), (b"end", "ended with 1792"),
        (b"signal", "ended by SIGSEGV"), (b"memory", "MemoryError in harmful of test_forked.py: "),
        (b"grow", "more memory than "), (b"loop", "more than 2 s"), (b"deep", "RecursionError in harmful"),
    ],
)  # fmt: skip
def test_harm_is_told(data: bytes, why: str) -> None:
    assert outcome(harmful, data).startswith(f"failed: {why}")


def test_waiting_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.forked.WAITING", 0.2)
    assert outcome(harmful, b"wait") == "failed: waits for more than 0.2 s"


def test_harm_to_one_input_is_none_to_the_next() -> None:
    inputs = [b"a", b"signal", b"b", b"raise", b"c", b"end", b"d"]
    tally = tried(harmful, list(enumerate(inputs)))
    assert sorted(tally.failures) == [1, 3, 5]
    assert tally.outcomes.total() == 4
    assert tried(harmful, list(enumerate(inputs)), most=2).failures.keys() == {1, 3}
    assert tried(harmful, []) == Tally()


SPAN = Span("f", 2, 3, 1, "abc")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Diagnostic("E999", "new", SPAN), "nobody can say"), (Diagnostic("E162", "not YAML", SPAN), "nobody can say"),
        (Diagnostic("E301", "", SPAN), "not shown"), (Diagnostic("E301", "a"), "no place"),
        (Diagnostic("E301", "a", Span("f", 3, 1)), "outside"), (Diagnostic("E301", "a", Span("f", 2, 5)), "outside"),
        (Diagnostic("E301", "a", Span("f", 0, 1)), "outside"),
        (Diagnostic("E301", "a", Span("g", 2, 3)), "another file"),
    ],
)  # fmt: skip
def test_a_diagnostic_that_is_not_as_one_must_be(found: Diagnostic, said: str) -> None:
    hold(Diagnostic("E301", "a", SPAN), b"x\nabc", "f")
    with pytest.raises(Complaint, match=said):
        hold(found, b"x\nabc", "f")


def test_an_input_shrinks_to_what_fails() -> None:
    assert shrunk(b"many words and a $ and b % at the end", lambda data: b"$" in data and b"%" in data) == b"$%"
    assert shrunk(b"abc", lambda _: False) == b"abc"
    assert kind("KeyError in f of g.py: 'a1'") == kind("KeyError in f of g.py: 'b'") != kind("more than 2 s")
