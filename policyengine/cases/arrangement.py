"""The course that a stay takes, read off the program once and kept in the events: what is asked, and when. Pure.

The ``timing`` of a rule file says who advances; its section ``settlement`` says how the course goes under each timing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from policyengine import ir


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a stay goes. ``deposit``: whether one may be asked; ``order``: the funds in the order of the layers, if they
    pay in it; ``cites``: who says so. The other fields are those of ``ir.Course``."""

    timing: str = ""
    agreement: bool = False
    deposit: bool = True
    due: int = 0
    instalments: int | None = None
    within: int | None = None
    default: str = ""
    order: tuple[str, ...] = ()
    reverse: str = "block"
    cites: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """What differs from the usual course, as JSON."""
        stated = {one.name: getattr(self, one.name) for one in fields(self)}
        differing = {name: value for name, value in stated.items() if value != getattr(USUAL, name)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in differing.items()}

    @property
    def said(self) -> str:
        """By which sentences, for a refusal: `` [source] “words”``."""
        return "".join(f" {cite}" for cite in self.cites)


USUAL: Final = Arrangement()
"""How a stay goes of which the rule file says nothing."""


def read(data: Mapping[str, Any]) -> Arrangement:
    """An arrangement as ``plain`` wrote it."""
    said: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}
    return Arrangement(**said)


def arranged(program: ir.Program, timing: str, sources: Mapping[str, Mapping[str, str]]) -> Arrangement:
    """The course under a timing of a program; an empty ``timing``: where none says anything."""
    course = program.course(timing)
    found = next((t for t in program.timings if t.provision == timing), None)
    cites = tuple(f"[{sources.get(c.source, {}).get('title', c.source)}]" + (f" “{c.quote}”" if c.quote else "")
                  for c in course.cites)  # fmt: skip
    return Arrangement(
        timing, course.agreement, found is None or bool(found.deposit), course.due, course.instalments, course.within,
        course.default, _order(program) if course.repaid == "in_order" else (), course.reverse, cites,
    )  # fmt: skip


def _order(program: ir.Program) -> tuple[str, ...]:
    """The funds in the order in which the layers pay."""
    funds = [share.payer for share in program.payers if share.side == "fund"]
    paying = [payer for draw in program.draws for payer, _ in draw.payers if payer in funds]
    return tuple(dict.fromkeys((*paying, *funds)))


def reads(program: ir.Program, timing: str, fact: str) -> bool:
    """Whether it rests on a fact that a timing applies."""
    found = next((t for t in program.timings if t.provision == timing), None)
    if found is None:
        return False
    steps = {step.name: step for step in program.steps}
    first = steps[found.guard]
    every = [first, *ir.reached([first.expr], steps).values()]
    return any(isinstance(e, ir.Input) and e.name == fact for step in every for e in ir.walk(step.expr))
