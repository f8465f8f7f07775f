"""What laws need to know of a program, found once: how far roundings move its answer, where laws do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from policyengine import ir
from policyengine.laws.exempt import Exempt
from policyengine.laws.law import ChangeLaw
from policyengine.laws.rounding import bound

PREFIX = "exempt."


class Values(Protocol):
    """Values of steps, integers or arrays."""

    def __getitem__(self, step: str) -> Any: ...


@dataclass(frozen=True)
class Grounds:
    """One program as a law of a change sees it."""

    program: ir.Program
    law: ChangeLaw

    @cached_property
    def tolerance(self) -> int:
        """In minor units."""
        return bound(self.program) if self.law.rounds else 0

    @cached_property
    def exempt(self) -> tuple[Exempt, ...]:
        return tuple(self.law.exceptions(self.program))

    @cached_property
    def watched(self) -> ir.Program:
        """The program with the condition of every exception counted, after all other steps."""
        counts = tuple(ir.Step(f"{PREFIX}{at}", one.watch) for at, one in enumerate(self.exempt))
        return replace(self.program, steps=(*self.program.steps, *counts))

    def bearing(self, one: Values, other: Values) -> Iterator[tuple[Exempt, Any]]:
        """Every exception, and whether it bears on two results of ``watched``, given by the names of steps."""
        for at, exempt in enumerate(self.exempt):
            name = f"{PREFIX}{at}"
            yield exempt, exempt.on(one[name], other[name])
