"""A program as the checks look at it: steps by name, and everything that is thought about once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from policyengine import ir
from policyengine.analysis import Analysis, Leaf, Names, Solver, analyse, names_of
from policyengine.check.plain import is_never_negative, is_share
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision

Views = Sequence["View"]
SHARES = ("fund_share", "split")
AMOUNTS = tuple(key for key, mechanism in BY_KEY.items() if mechanism.place == "layer" and key not in SHARES)
"""Terms of steps that hold what a clause states."""


class View:
    """One program."""

    def __init__(self, program: ir.Program) -> None:
        self.program = program
        self.names: Names = names_of(program)
        self.solver = Solver(program, self.names)

    @cached_property
    def analysis(self) -> Analysis:
        return analyse(self.program, known=self.quantities)

    @cached_property
    def doubtful(self) -> tuple[ir.Step, ...]:
        """What clauses state and a first look does not find within its bounds: shares from 0 % to 100 %, amounts of at
        least 0."""
        known: dict[str, bool] = {}
        return tuple(
            step for step in self.program.steps
            if (step.term in SHARES and step.kind == "rate" and not is_share(step.expr, self.names))
            or (step.term in AMOUNTS and step.kind in ("money", "exact") and step.domain == "claim"
                and not is_never_negative(step.expr, self.names, known))
        )  # fmt: skip

    @cached_property
    def quantities(self) -> Analysis:
        """Facts about what is doubtful, and what that rests on. Raises as ``analyse``."""
        return analyse(self.program, [step.name for step in self.doubtful])

    def step(self, name: str) -> ir.Expr | None:
        """The expression of a step, if the program has it."""
        found = self.names.steps.get(name)
        return None if found is None else found.expr

    def guard(self, provision: Provision) -> ir.Expr | None:
        """Under what a provision applies; ``None`` if always, or not in this program.

        A condition that is the name of a definition has no step of its own: the rule names the definition's.
        """
        own = self.step(f"{provision.id}.applies")
        if own is not None or len(provision.layers) > 1:
            return own
        named = (rule.guard for rule in self.program.rules if rule.id == provision.id.text and rule.kind != "layer")
        return self.step(next(named, ""))

    def holds(self, provision: Provision) -> bool:
        """Whether the provision left anything in the program."""
        return provision.id.text in self.heads

    @cached_property
    def heads(self) -> frozenset[str]:
        """Every part of every step's name."""
        return frozenset(part for name in self.names.steps for part in name.split("."))


def views_of(programs: Sequence[ir.Program]) -> tuple[View, ...]:
    """One view of each program; periods that read alike are looked at once."""
    kept: list[View] = []
    timeless = list[ir.Program]()
    for program in programs:
        bare = replace(program, valid=("", ""))
        if bare not in timeless:
            timeless.append(bare)
            kept.append(View(program))
    return tuple(kept)


def name_of(leaf: Leaf) -> str:
    return leaf.name if isinstance(leaf, ir.Input) else f"used({leaf.meter})"


def lookups(program: ir.Program) -> Iterator[ir.Lookup]:
    """Every place where a program looks into a table."""
    for step in program.steps:
        for expr in ir.walk(step.expr):
            if isinstance(expr, ir.Lookup):
                yield expr
