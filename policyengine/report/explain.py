"""The steps of a settlement that a reader of the policy knows: what, how much, by which formula, who says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from policyengine import ir
from policyengine.report.names import Lang
from policyengine.report.reading import Known, known_of, simplified
from policyengine.report.steps import Plan, plan_of, step_name
from policyengine.report.words import Teller
from policyengine.settlement import Settlement

ANSWERS = ("meter.", "national.", "patient")
"""Steps that only repeat what the tables of a report show: their names begin so."""

MOST_LINES = 6
"""Fee lines whose values are written out one by one."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One step in words. ``cites``: title of the source and the words that it says; ``because``: the condition met.

    ``formula`` is empty where the rule file states the value itself; one that only looks a value up begins with it.
    ``place``: where the rule file states the provision; its notes stand with the first of its steps.
    """

    step: str
    title: str
    formula: str
    value: str
    because: str
    cites: tuple[tuple[str, str], ...]
    assumed: tuple[str, ...]
    place: str


def explained(settlement: Settlement, lang: Lang) -> tuple[Explained, ...]:
    """The steps that applied to the claim, in order; a step that only hands another one on is left out."""
    known, program = known_of(settlement), settlement.layout.program
    plan = plan_of(program)
    shown = [s for s in program.steps if s.shown and settlement.applied(s) and not _answers(s)]
    return tuple(_once(_explained(settlement, step, known, plan, lang) for step in shown if not _idle(step, known)))


def _answers(step: ir.Step) -> bool:
    return ir.split_name(step.name)[1].startswith(ANSWERS)


def _once(steps: Iterable[Explained]) -> Iterator[Explained]:
    """The notes of a provision are told with its first step."""
    told: set[tuple[object, ...]] = set()
    for step in steps:
        notes = (step.place, step.because, step.cites, step.assumed)
        yield replace(step, because="", cites=(), assumed=()) if step.place and notes in told else step
        told.add(notes)


def _idle(step: ir.Step, known: Known) -> bool:
    """Whether the step says nothing that a step before it has not said."""
    if step.domain == "row":
        refs = (e for e in ir.walk(step.expr) if isinstance(e, ir.Ref) and known.by_name[e.step].shown)
        return any(known.steps[ref.step] == known.steps[step.name] for ref in refs)
    if step.kind == "flag" and not known.steps[step.name]:
        return True
    inner = simplified(step.expr, known)
    return isinstance(inner, ir.Ref) and known.by_name[inner.step].shown


def _explained(settlement: Settlement, step: ir.Step, known: Known, plan: Plan, lang: Lang) -> Explained:
    teller = Teller(plan, lang, known, plan.layer[step.name])
    value, formula = _value(teller, step, known.steps[step.name]), teller.formula(step.expr, step.term == "band")
    return Explained(
        step.name,
        step_name(plan, step, lang),
        "" if step.kind == "flag" or isinstance(simplified(step.expr, known), ir.Lit) else formula,
        value,
        _because(teller, step),
        tuple(_cited(settlement, cite) for cite in step.cites),
        tuple(why.told(lang == "zh") for why in step.assumed),
        str(step.span or ""),
    )


def _value(teller: Teller, step: ir.Step, value: ir.Value | tuple[ir.Value, ...]) -> str:
    if not isinstance(value, tuple):
        return teller.held(step, value)
    texts = [teller.held(step, one) for one in value[:MOST_LINES]]
    return teller.say("、", "; ").join(texts) + (" …" if len(value) > MOST_LINES else "")


def _because(teller: Teller, step: ir.Step) -> str:
    """The condition under which the provision applies; a layer's own condition is told once, where it begins."""
    if not step.guard:
        return ""
    guard = teller.plan.by_name[step.guard]
    if guard.term == "defined":
        return teller.condition(ir.Ref(guard.name, "flag", guard.domain))
    if guard.name.endswith(".on"):
        return teller.condition(guard.expr) if step.term == "base" else ""
    return teller.condition(_own(guard.expr))


def _own(expr: ir.Expr) -> ir.Expr:
    """A provision's condition without that of its layer."""
    match expr:
        case ir.Logic(op="and", args=args):
            kept = tuple(a for a in args if not (isinstance(a, ir.Ref) and a.step.endswith(".on")))
            return ir.both(*kept)
        case _:
            return expr


def _cited(settlement: Settlement, cite: ir.Citation) -> tuple[str, str]:
    return settlement.origin.book.sources.get(cite.source, {}).get("title", cite.source), cite.quote
