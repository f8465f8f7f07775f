"""What a page is about: a rule set on one day, as its typed tree and as the program made of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from policyengine import ir
from policyengine.errors import Diagnostic, RuleError
from policyengine.lower.audits import audit_days
from policyengine.lower.entitlements import cut_days
from policyengine.mechanisms.base import Provision
from policyengine.report.steps import Plan, plan_of
from policyengine.rulebook import Rulebook
from policyengine.ruleset import CourseDecl, Layer, Ruleset, TableDecl, in_force

ORDINARY = ("treatment", "western_drug", "examination", "other")
"""Categories of fee lines that rules seldom speak of."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``ruleset``: with everything that it extends. ``day``: one on which ``program`` is in force.

    ``courses``: what is said of the course of a stay on that day. ``persons_on``: the day whose entitlements and audit
    rules are told; the last on which others begin to hold, unless a day was asked for. ``category``: one of fee lines
    that no rule names, if there is any; worked examples are of it.
    """

    book: Rulebook
    ruleset: Ruleset
    program: ir.Program
    plan: Plan
    day: datetime.date
    layers: tuple[Layer, ...]
    provisions: tuple[Provision, ...]
    tables: tuple[TableDecl, ...]
    courses: tuple[CourseDecl, ...]
    persons_on: datetime.date
    category: str

    @property
    def currency(self) -> str:
        return self.program.currency


def subject_of(book: Rulebook, ruleset: Ruleset, on: datetime.date | None = None) -> Subject:
    """The rule set on a day; by default its last version. Raises ``RuleError`` E690 if it does not hold on that day."""
    program = book.programs[-1] if on is None else book.edition_on(None).program_on(on)
    if program is None:
        first, last = book.programs[0].valid[0], book.programs[-1].valid[1]
        held = f"{first or '…'} – {last or '…'}"
        raise RuleError(Diagnostic("E690", f"the rule set does not hold on {on}", None, held, record=book.name))
    day = on or _day_in(program)
    start = _date(program.valid[0])
    return Subject(
        book, ruleset, program, plan_of(program), day, in_force(ruleset.layers, start),
        in_force(ruleset.provisions, start), in_force(ruleset.tables, start),
        in_force(ruleset.settlement, start), on or _last_change(ruleset, program, day), _ordinary(program),
    )  # fmt: skip


def _ordinary(program: ir.Program) -> str:
    category = ir.Input("category", "code", "row")
    named = {e.right.value for step in program.steps for e in ir.walk(step.expr)
             if isinstance(e, ir.Compare) and e.left == category and isinstance(e.right, ir.Lit)}  # fmt: skip
    return next((word for word in ORDINARY if word not in named), ORDINARY[0])


def _date(iso: str) -> datetime.date | None:
    return datetime.date.fromisoformat(iso) if iso else None


def _last_change(ruleset: Ruleset, program: ir.Program, day: datetime.date) -> datetime.date:
    """The last day of a program on which other entitlements or audit rules begin to hold; ``day`` if there is none."""
    end = _date(program.valid[1])
    later = {*cut_days(ruleset), *audit_days(ruleset)}
    return max((cut for cut in later if cut > day and (end is None or cut < end)), default=day)


def _day_in(program: ir.Program) -> datetime.date:
    """The first day of a program, else the last, else a day that any calendar knows."""
    start, end = (_date(iso) for iso in program.valid)
    if start is not None:
        return start
    return end - datetime.timedelta(days=1) if end is not None else datetime.date(2024, 1, 1)
