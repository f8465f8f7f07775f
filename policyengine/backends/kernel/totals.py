"""What claims add up to, in the code of a kernel: sums by group, counts, and a digest, for each point by itself.

The digest is that of ``mass.digest``: its constants are here, so that both mix alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from policyengine.backends.kernel.code import Code, Value

FIRST: Final = 0xBF58476D1CE4E5B9
SECOND: Final = 0x94D049BB133111EB
OTHER: Final = 0x9E3779B97F4A7C15
SHIFTS: Final = 30, 27, 31


def mixed(code: Code, value: Value) -> Value:
    """Every bit of a number spread over all of it."""
    for shift, factor in zip(SHIFTS, (FIRST, SECOND, 1), strict=True):
        value = code.mixed(value, shift, factor)
    return value


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one claim: the key of its id, the place of its group, and of its member within the group. ``amounts``: what
    all points have in common; ``trace``: what those leave in the digest."""

    key: Value
    group: Value
    unit: Value | None
    amounts: Mapping[str, Value]
    trace: Value

    @classmethod
    def begun(cls, code: Code, claim: Value, amounts: Mapping[str, Value], watched: bool) -> Totals:
        """Before the points of a claim are gone through."""
        key, trace = code.load("key", "", claim), code.number(0)
        for name, value in amounts.items():
            trace = code.add(trace, _trace(code, key, name, value))
        unit = code.load("unit", "", claim) if watched else None
        return cls(key, code.load("group", "", claim), unit, amounts, trace)

    def add(self, code: Code, status: Value, settled: Value, of: Callable[[str], Value], names: list[str]) -> None:
        """Adds a point of the claim. ``of``: its amounts, those of ``names``, that differ."""
        zero = code.number(0)
        _put(code, "settled", "", self.group, code.as_number(settled))
        trace = self.trace
        for name in (*self.amounts, *names):
            shared = self.amounts.get(name)
            value = of(name) if shared is None else shared
            _put(code, "sum", name, self.group, code.choose(settled, value, zero))
            trace = code.add(trace, _trace(code, self.key, name, value)) if shared is None else trace
        status = mixed(code, code.add(status, code.number(1)))
        found = code.add(mixed(code, code.differing(self.key, status)), code.choose(settled, trace, zero))
        _put(code, "one", "", zero, mixed(code, found))
        _put(code, "other", "", zero, mixed(code, code.add(found, code.signed(OTHER))))

    def watch(self, code: Code, name: str, some: Value) -> None:
        """Counts the claim, and its member if this is the first such claim."""
        assert self.unit is not None, "members are numbered where something is watched"
        _put(code, "watched", name, self.group, code.as_number(some))
        before = code.load("mark", name, self.unit)
        now = code.choose(some, code.number(1), before)
        _put(code, "units", name, self.group, code.sub(now, before))
        code.store("mark", name, self.unit, now)


def _put(code: Code, role: str, name: str, at: Value, value: Value) -> None:
    code.store(role, name, at, code.add(code.load(role, name, at), value))


def _trace(code: Code, key: Value, name: str, value: Value) -> Value:
    """What an amount leaves in the digest: nothing if it is zero."""
    salted = mixed(code, code.add(value, code.given("salt", name)))
    found = mixed(code, code.differing(salted, key))
    return code.choose(code.is_true(value), found, code.number(0))
