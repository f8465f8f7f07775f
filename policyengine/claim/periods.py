"""Periods: windows that claims themselves open, with the dates that a history must keep of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from policyengine.claim.base import StrictModel
from policyengine.claim.fields import Day, Text
from policyengine.claim.problems import Path, Problem, masked, quoted

Account = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Window, the facts of its scope in alphabetical order, the ids that they have."""


class Opened(NamedTuple):
    """The first day of a window and, for a spell, the last day in hospital."""

    start: date
    out: date | None = None


class Period(StrictModel):
    """Since when a window runs that a claim opened (起算). All meters that name the window for the scope share it."""

    noun: ClassVar[str] = "period"

    window: Text = Field(description="id of the window in the rule file (期间)")
    scope: dict[Text, Text] = Field(description='for whom, by fact: {"person_id": "p-17"} (范围)')
    start: Day = Field(description="its first day (起算日)")
    out: Day | None = Field(default=None, description="for a spell: the last day in hospital so far (最近出院日)")

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield from (("window", self.window), ("scope", {name: masked(one) for name, one in self.scope.items()}))
        yield from (("start", self.start), ("out", self.out))


def opened_in(periods: tuple[Period, ...]) -> tuple[dict[Account, Opened], list[Problem]]:
    """The periods as one dictionary, and what is wrong with them."""
    found: dict[Account, Opened] = {}
    problems: list[Problem] = []
    for index, period in enumerate(periods):
        path: Path = ("periods", index)
        per = tuple(sorted(period.scope))
        account = (period.window, per, tuple(period.scope[name] for name in per))
        if account in found:
            text = f"the window {quoted(period.window)} stands twice for this scope"
            problems.append(Problem("E566", path, text, "one period a window and scope"))
        if period.out is not None and period.out < period.start:
            text = f"{period.out} lies before the first day, {period.start}"
            problems.append(Problem("E567", (*path, "out"), text, f"{period.start} or later"))
        found[account] = Opened(period.start, period.out)
    return found, problems


def opened_rows(opened: Mapping[Account, Opened]) -> Iterator[dict[str, Any]]:
    """The periods as rows of plain JSON, sorted: those of a history that was made by settling."""
    for (window, per, ids), at in sorted(opened.items()):
        out = at.out.isoformat() if at.out is not None else None
        yield {"window": window, "scope": dict(zip(per, ids, strict=True)), "start": at.start.isoformat(), "out": out}
