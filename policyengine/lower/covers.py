"""Whom a rule set covers, and that it is in force, as the first steps of its program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policyengine import ir

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

COVERS = "ruleset.covers"
"""The step that says whether a claim is covered."""

VALID = "ruleset.valid"
"""The step that says that a rule set is in force on a day of which no source shows it."""


def valid_of(bench: Workbench) -> None:
    """Makes that step, if it is only assumed that the rule file is in force."""
    grounds = bench.ruleset.grounds
    assumed = grounds.assumed_on(bench.day)
    if assumed:
        label = {"zh": "规则有效", "en": "the rules are in force"}
        bench.step(VALID, ir.TRUE, label=label, cites=grounds.cites, assumed=assumed, shown=True, span=assumed[0].span)


def covers_of(bench: Workbench) -> None:
    """Makes that step, if the rule file says whom it covers."""
    covers = bench.ruleset.covers
    if not covers:
        return
    everything = ir.both(*(bench.amount(cover.when, "flag") for cover in covers))
    cites = tuple(cite for cover in covers for cite in cover.cites)
    assumed = tuple(why for cover in covers for why in cover.assumed)
    label = {"zh": "适用范围", "en": "covered by the rules"}
    span = covers[-1].when.span
    bench.step(COVERS, everything, term="covers", label=label, cites=cites, assumed=assumed, shown=True, span=span)
