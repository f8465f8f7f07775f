"""Shares of one layer: no fen of the base is paid twice; every layer can pay."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from policyengine import ir
from policyengine.check.conditions import witness
from policyengine.errors import Diagnostic
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Ruleset

Programs = tuple[ir.Program, ...]
PAYING = ("fund_share", "pay", "top_up", "own_cost_cap")


def shares_twice(ruleset: Ruleset, programs: Programs) -> Iterator[Diagnostic]:
    """E406: two shares of the same base that can apply to one claim; they would be added up."""
    for layer in ruleset.layers:
        shares = [p for p in _clauses(ruleset, layer.id.text) if p.mechanism == "fund_share"]
        for one, two in itertools.combinations(shares, 2):
            if not _parts(one).isdisjoint(_parts(two)) or not (_parts(one) and _parts(two)):
                held = next((w for p in programs if (w := _together(p, one, two)) is not None), None)
                if held is not None:
                    where = f" when {held}" if isinstance(held, str) else ""
                    message = f"`{one.id}` and `{two.id}` both pay a share of the same base{where}"
                    hint = "conditions that exclude each other, one table, or an `adjust` that adds points"
                    yield Diagnostic("E406", message, two.id.span, "one share", hint,
                                     related=(("the other share", one.id.span),))  # fmt: skip


def _clauses(ruleset: Ruleset, layer: str) -> list[Provision]:
    return [p for p in ruleset.provisions if any(x.text == layer for x in p.layers)]


def _parts(provision: Provision) -> set[str]:
    """The parts that a share names; none for the whole base."""
    stated = provision.values["fund_share"]
    return {part.text for part, _ in stated} if isinstance(stated, tuple) else set()


def _together(program: ir.Program, one: Provision, two: Provision) -> str | bool | None:
    names = {s.name for s in program.steps}
    if not all(any(n == p.id.text or n.startswith(f"{p.id}.") for n in names) for p in (one, two)):
        return None
    guards = [program.step(f"{p.id}.applies").expr for p in (one, two) if f"{p.id}.applies" in names]
    return witness(program, *guards) if guards else True


def idle_layers(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W416: a layer without a clause that pays."""
    for layer in ruleset.layers:
        paying = [p for p in _clauses(ruleset, layer.id.text) if p.mechanism in PAYING]
        if not paying and layer.payer.text != "none":
            expected = "a clause of " + ", ".join(PAYING)
            yield Diagnostic("W416", f"the layer `{layer.id}` never pays", layer.id.span, expected, severity="warning")
