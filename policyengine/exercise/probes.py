"""Probes: flags over the steps of a program, each of which tells that a claim reaches one target."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policyengine import ir
from policyengine.analysis import row_goal
from policyengine.errors import Span
from policyengine.exercise.model import Target
from policyengine.ir.printer import formula, printer_of
from policyengine.ruleset import Ruleset
from policyengine.shapes import Word


@dataclass(frozen=True, slots=True)
class Probe:
    """A target is reached by a claim for which ``goals`` hold (for one of its fee lines, if they are of lines)."""

    target: Target
    goals: tuple[tuple[ir.Expr, bool], ...]

    @property
    def flag(self) -> ir.Expr:
        return ir.both(*(expr if wanted else ir.negated(expr) for expr, wanted in self.goals))


_GUARD = re.compile(r"\.(on|applies)(\.\d+)?$")
"""What the steps are called under which layers act and provisions apply."""
Places = Mapping[str, Span]
COVERS = "ruleset"
"""What the decision belongs to whom a rule file covers."""


def places_of(ruleset: Ruleset) -> Places:
    """Where the provisions, layers and parts of a rule file itself stand, by name."""
    found = {name.text: name.span for name in _ids(ruleset)}
    if ruleset.covers:
        found[COVERS] = ruleset.covers[-1].when.span
    return found


def _ids(ruleset: Ruleset) -> tuple[Word, ...]:
    return (*(layer.id for layer in ruleset.layers), *(provision.id for provision in ruleset.provisions))


def probes(program: ir.Program, own: Ruleset) -> Iterator[Probe]:
    """The probes of one program for what a rule file itself says. ``own``: the file, without what it extends."""
    places = places_of(own)
    yield from _provisions(program, own)
    yield from _bands(program, places)
    yield from _rows(program, own)
    yield from _outcomes(program, places)


def _provisions(program: ir.Program, own: Ruleset) -> Iterator[Probe]:
    """A provision is reached where its condition holds; one without a condition by every claim that its layer acts on,
    one that left no step of its own by none."""
    guards: dict[str, list[str]] = {}
    for rule in program.rules:
        guards.setdefault(rule.id, []).append(rule.guard)
    steps = {step.name: step for step in program.steps}
    heads = {name.partition(".")[0] for name in steps} | {part for name in steps for part in name.split(".")}
    for word in _ids(own):
        name = word.text
        stated = guards.get(name) or [g for g in (f"{name}.applies", f"{name}.on") if g in steps]
        target = Target("provision", name, "", word.span)
        if stated:
            applies = [ir.Ref(guard, "flag", steps[guard].domain) for guard in stated]
            yield Probe(target, ((ir.either(*applies), True),))
        elif name in heads:
            yield Probe(target, ())


def _bands(program: ir.Program, places: Places) -> Iterator[Probe]:
    for step in program.steps:
        if step.term == "band" and step.kind in ("money", "exact"):
            _, name, band, *_ = (*step.name.split("."), "")
            if name in places:
                above = ir.compare(">", ir.Ref(step.name, step.kind, step.domain), ir.Lit(0, step.kind))
                yield Probe(Target("band", name, band, places[name]), ((above, True),))


def _rows(program: ir.Program, own: Ruleset) -> Iterator[Probe]:
    """Every row of a table of the file, at each place where it is looked into."""
    lookups = dict.fromkeys(e for step in program.steps for e in ir.walk(step.expr) if isinstance(e, ir.Lookup))
    for decl in own.tables:
        keyed = {lookup.keys: lookup for lookup in lookups if lookup.table == decl.id.text}
        table = program.table(decl.id.text) if keyed else None
        if table is None or len(table.patterns) != len(decl.rows):
            continue
        for at, row in enumerate(decl.rows):
            text = ", ".join(cell.text for cell in row[: len(decl.keys)])
            goals = [goal for lookup in keyed.values() if isinstance(goal := row_goal(table, lookup, at), tuple)]
            yield Probe(Target("row", decl.id.text, text, row[0].span), ((ir.either(*(g for g, _ in goals)), True),))


# -- decisions ---------------------------------------------------------------------------------------------------------


def _outcomes(program: ir.Program, places: Places) -> Iterator[Probe]:
    """Each condition of each decision, true and false, where turning it over would turn the decision over."""
    printer = printer_of(program)
    seen = set[tuple[str, ir.Expr]]()
    for step in program.steps:
        head = _head(step.name, places)
        for decision in _decisions(step) if head else ():
            if (head, decision) in seen:
                continue
            seen.add((head, decision))
            for atom in dict.fromkeys(_atoms(decision)):
                true, false = (_with(decision, atom, value) for value in (ir.TRUE, ir.FALSE))
                decides = ir.either(ir.both(true, ir.negated(false)), ir.both(false, ir.negated(true)))
                for wanted in _can_be(program, atom):
                    text = f"{formula(atom, printer)} = {'yes' if wanted else 'no'}"
                    target = Target("outcome", head, text, places[head])
                    yield Probe(target, ((atom, wanted), (decides, True)))


def _head(step: str, places: Places) -> str:
    """The provision, layer or part of the file that a step belongs to; empty if it is not of this file."""
    return next((part for part in step.split(".") if part in places), "")


def _decisions(step: ir.Step) -> Iterator[ir.Expr]:
    """What decides: the flag of a step, and the conditions inside amounts that are more than the name of a flag."""
    if step.kind == "flag":
        yield step.expr
    for expr in ir.walk(step.expr):
        if isinstance(expr, ir.If) and not isinstance(expr.cond, ir.Ref | ir.Lit):
            yield expr.cond


def _atoms(decision: ir.Expr) -> Iterator[ir.Expr]:
    """The conditions of a decision that are not made of others. That a layer acts or another provision applies is a
    decision of its own."""
    if isinstance(decision, ir.Logic):
        for arg in decision.args:
            yield from _atoms(arg)
    elif not isinstance(decision, ir.Lit) and not (isinstance(decision, ir.Ref) and _GUARD.search(decision.step)):
        yield decision


def _can_be(program: ir.Program, atom: ir.Expr) -> tuple[bool, ...]:
    """What a condition can come to: one that is looked up, what some row of the table says."""
    if not isinstance(atom, ir.Lookup):
        return True, False
    said = program.table(atom.table).column(atom.column).values
    return tuple(value for value in (True, False) if value in said)


def _with(decision: ir.Expr, atom: ir.Expr, value: ir.Expr) -> ir.Expr:
    """A decision with one of its conditions held fast."""
    if decision == atom:
        return value
    if isinstance(decision, ir.Logic):
        inside = [_with(arg, atom, value) for arg in decision.args]
        if decision.op == "not":
            return ir.negated(inside[0])
        return ir.both(*inside) if decision.op == "and" else ir.either(*inside)
    return decision
