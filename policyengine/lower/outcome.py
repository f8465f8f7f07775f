"""What leaves a program: parts of the bill, what each payer bears, out of which part; the rest is the patient's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.lower.waterfall import Amounts, Ran

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

Steps = dict[str, list[str]]
"""Payers with the names of steps."""


@dataclass(slots=True)
class Outcome:
    """Amounts in whole coins.

    ``borne``, ``rows``: the steps of what payers bear, of the claim and of each fee line. ``gross``, ``held``,
    ``unpaid``: of each part; ``of_lines``: the gross amount of each line, ``left_of_lines``: what layers on lines have
    left of it. ``draws``: out of which parts layers pay. ``whole``: what the patient bears, with accounts, if not their
    sum.
    """

    borne: Steps = field(default_factory=dict)
    rows: Steps = field(default_factory=dict)
    gross: Amounts = field(default_factory=dict)
    held: Amounts = field(default_factory=dict)
    unpaid: Amounts = field(default_factory=dict)
    of_lines: Amounts = field(default_factory=dict)
    left_of_lines: Amounts = field(default_factory=dict)
    draws: list[ir.Draw] = field(default_factory=list)
    whole: ir.Expr | None = None

    @property
    def cash(self) -> ir.Expr:
        """What the patient pays in cash."""
        return ir.add(*self.unpaid.values())

    def part(self, bench: Workbench, name: str, category: str) -> ir.Part:
        """The part of the program."""
        gross, held = self.gross[name], self.held[name]
        return ir.Part(
            name,
            category,
            _named(bench, f"{name}.gross", gross),
            _named(bench, f"{name}.unpaid", self.unpaid[name]),
            "" if held == gross else _named(bench, f"{name}.held", held),
            _of_line(self.of_lines[name]),
            _of_line(self.left_of_lines[name]),
        )


def _named(bench: Workbench, name: str, expr: ir.Expr) -> str:
    if isinstance(expr, ir.Ref):
        return expr.step
    bench.step(name, expr, shown=True)
    return name


def _of_line(expr: ir.Expr) -> str:
    """The step of an amount of the fee lines; a constant, which is nothing, has none."""
    return expr.step if isinstance(expr, ir.Ref) else ""


def outcome_of(bench: Workbench, ran: Sequence[Ran], borne: Steps, rows: Steps) -> Outcome:
    """The outcome of layers that have rounded what they pay."""
    claim, lines = bench.claim, bench.lines
    gross = {part: claim.amounts[part] for part in claim.unpaid}
    of_lines = {part: lines.amounts[part] for part in claim.unpaid}
    return Outcome(borne, rows, gross, claim.held, claim.unpaid, of_lines, lines.unpaid, draws_of(ran))


def draws_of(ran: Sequence[Ran]) -> list[ir.Draw]:
    """What each layer on the whole claim pays and moves, in the order of acting; of layers on lines the lines know."""
    return [
        ir.Draw(
            one.layer.id.text,
            tuple((part, step_of(amount)) for part, amount in one.paid.items()),
            tuple((payer, step) for payer, steps in one.payers.items() for step in steps),
            tuple((m.part, m.to, step_of(m.amount)) for m in one.moves),
        )
        for one in ran
        if one.paid and not one.layer.by_row
    ]


def step_of(amount: ir.Expr) -> str:
    """The step that holds an amount which a layer has left."""
    assert isinstance(amount, ir.Ref), "amounts that a layer moves are steps"
    return amount.step
