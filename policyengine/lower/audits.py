"""Audit rules on one day as a program: whether each claim or fee line belongs to what a rule looks at."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field

from policyengine import expressions as ast
from policyengine import ir, terms
from policyengine.lower.maker import Workbench
from policyengine.persons import AuditRule
from policyengine.resolve import fault, unknown_name
from policyengine.ruleset import NEVER, Ruleset, in_force
from policyengine.shapes import Faults, Word

NAME = "name"
"""What was charged, as the fee line says; rules may compare it."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An audit rule that is in force. ``chosen``: the flag under which a claim or line is looked at; ``limit``: what
    two together must not exceed, ``None`` for no limit; both are of the claim or of the line."""

    rule: AuditRule
    chosen: ir.Expr
    limit: ir.Expr | None


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit rules of one day. ``program`` has the steps ``<rule>.chosen`` and ``<rule>.limit``."""

    program: ir.Program
    watched: tuple[Watched, ...] = field(default=())


def audit_days(ruleset: Ruleset) -> tuple[datetime.date, ...]:
    """The days on which other rules, or other figures in them, begin to hold, rising."""
    own = {day for rule in ruleset.audit if rule.valid != NEVER for day in rule.valid if day is not None}
    return tuple(sorted({*ruleset.cut_points(), *own}))


def lower_audit(ruleset: Ruleset, day: datetime.date | None) -> Audit:
    """The audit rules of a flattened rule file on ``day``. Raises ``RuleError`` with all faults found."""
    bench, faults = Workbench(ruleset, day, {}), Faults()
    tried = [faults.attempt(_watched, bench, rule) for rule in in_force(ruleset.audit, day)]
    faults.done()
    watched = tuple(one for one in tried if one is not None)
    steps = list(bench.steps.values())
    for one in watched:
        steps.append(ir.Step(f"{one.rule.id}.chosen", one.chosen))
        if one.limit is not None:
            steps.append(ir.Step(f"{one.rule.id}.limit", one.limit))
    names = bench.names
    program = ir.Program(
        ruleset.name, ("", ""), ruleset.currency, ruleset.dated_by, tuple(names.inputs.values()),
        tuple(names.tables.values()), tuple(steps), (), (), (), (), (), patient="", declared=names.unread(),
        days=names.stated_days(),
    )  # fmt: skip
    return Audit(program, watched)


def _watched(bench: Workbench, rule: AuditRule) -> Watched:
    _check_names(bench, rule)
    by_line = rule.of == "line"

    def amount(node: ast.Node, kind: ir.Kind) -> ir.Expr:
        with bench.at(bench.lines) if by_line else nullcontext():
            return bench.amount(node, kind, row=by_line)

    chosen = ir.TRUE if rule.when is None else amount(rule.when, "flag")
    return Watched(rule, chosen, None if rule.together_above is None else amount(rule.together_above, "money"))


def _check_names(bench: Workbench, rule: AuditRule) -> None:
    """What two agree in is an id, a code or a day; what everything has ended on is a day that claims state."""
    declared: Mapping[str, str] = {f.id.text: f.type for f in bench.ruleset.facts}
    if rule.after is not None and declared.get(rule.after.text) != "date":
        days = [name for name, kind in declared.items() if kind == "date"]
        raise unknown_name(rule.after.text, rule.after.span, days, "day of the facts")
    for word in rule.same:
        if not _comparable(bench, rule, word):
            expected = "an id, a code or a day, such as hospital_id, disease, category, name or line_date"
            message = f"two of a pair cannot be held against each other by `{word}`"
            raise fault("E904", message, word.span, expected)


def _comparable(bench: Workbench, rule: AuditRule, word: Word) -> bool:
    fact = terms.FACTS.get(word.text) or terms.DAYS.get(word.text)
    if fact is not None:
        return fact.kind in ("id", "code", "date") and (fact.domain == "claim" or rule.of == "line")
    declared = next((f for f in bench.ruleset.facts if f.id.text == word.text), None)
    if declared is not None:
        return declared.type in ("id", "code", "date") and (declared.of == "claim" or rule.of == "line")
    return word.text == NAME and rule.of == "line"
