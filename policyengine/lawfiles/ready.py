"""Laws made ready to be tried: their conditions are steps of the programs that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Diagnostic, RuleError, nearest
from policyengine.lawfiles.books import Written, compared, frozen, kinds_of, require_claims, written
from policyengine.lawfiles.model import Compare, Law, Operand
from policyengine.lawfiles.otherwise import Change, changes_of
from policyengine.lawfiles.relation import Operands, loosened, relation_of
from policyengine.lawfiles.sides import taken_apart, without_sides
from policyengine.lower.asked import Asked
from policyengine.resolve import fault
from policyengine.rulebook import Place, Roots, Rulebook, bundled_root, locate
from policyengine.shapes import Faults

COMPARED: tuple[ir.Kind, ...] = ("money", "exact", "rate", "count", "flag")
ADDED: tuple[ir.Kind, ...] = ("money", "exact", "count")


@dataclass(frozen=True, slots=True)
class Ready:
    """A law with what tries it.

    ``where``: the rule set, as a command can name it from here. ``book``: the rule set with the law's steps;
    ``for_all`` and ``holds`` are names of steps (empty: always; decided by ``relation``). ``other``: what a comparison
    is with; ``operands``: names in the relation, by side and step; ``changes``: facts of a claim that are otherwise;
    ``strange``: facts that the other rule set does not declare, which a claim does not state to it.
    """

    law: Law
    where: str
    book: Rulebook
    for_all: str = ""
    holds: str = ""
    other: Rulebook | None = None
    relation: ir.Expr | None = None
    operands: tuple[tuple[int, str, str], ...] = ()
    changes: tuple[Change, ...] = ()
    strange: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A law taken apart: the relation with its operands, and the steps in which they are."""

    law: Law
    for_all: str = ""
    holds: str = ""
    node: ast.Node | None = None
    operands: tuple[tuple[Operand, str], ...] = ()
    other: Written | None = None
    changes: tuple[Change, ...] = ()

    def on(self, side: int) -> tuple[Asked, ...]:
        kinds = ADDED if self.law.each == "life" else COMPARED
        return tuple(Asked(step, one.of, kinds) for one, step in self.operands if one.side == side)


def ready(name: str, laws: Sequence[Law], path: Roots = ()) -> tuple[Ready, ...]:
    """The laws of a rule set, each with what tries it. Raises ``RuleError`` with everything that is wrong."""
    place = locate(name, path)
    return ready_for(written(str(place.file), path), place, laws, path) if laws else ()


def ready_for(own: Written, place: Place, laws: Sequence[Law], path: Roots = ()) -> tuple[Ready, ...]:
    """The laws of a rule set that is written otherwise than its file, as a mutant is. ``place``: the file beside which
    the laws stand. Raises as ``ready``."""
    if not laws:
        return ()
    require_claims(own.book, laws[0].span)
    faults = Faults()
    faults.attempt(_known_sources, own, laws)
    plans = [faults.attempt(_planned, law, own, lambda c: compared(c, own, place, path)) for law in laws]
    faults.done()
    kept = [plan for plan in plans if plan is not None]
    book = own.with_steps(_own_steps(kept))
    for plan in kept:
        book = faults.attempt(_tolerant, plan, book) or book
    where = named_here(place)
    found = [faults.attempt(_finished, plan, own, book, where) for plan in kept]
    faults.done()
    return tuple(one for one in found if one is not None)


def named_here(place: Place) -> str:
    """A rule set as a command can name it from here: a bundled one by its name, any other by the path of its folder."""
    folder, here = place.file.parent, Path.cwd()
    if place.file.is_relative_to(bundled_root().resolve()):
        return place.name
    return folder.relative_to(here).as_posix() if folder.is_relative_to(here) else str(folder)


def _known_sources(own: Written, laws: Iterable[Law]) -> None:
    known = {source.id.text for source in own.ruleset.sources}
    found = [
        Diagnostic("E402", f"unknown source `{cite.source}`", cite.span or law.span,
                   hint=nearest(cite.source, known) or "the sources are those of the rule file")
        for law in laws for cite in law.cites if cite.source not in known
    ]  # fmt: skip
    if found:
        raise RuleError(found)


def _planned(law: Law, own: Written, other: Callable[[Compare], Written]) -> _Plan:
    """The law taken apart. Raises ``RuleError``."""
    without_sides(law)
    head = f"law.{law.id}"
    for_all = f"{head}.for_all" if law.for_all is not None else ""
    if law.compare is None:
        return _Plan(law, for_all, f"{head}.holds")
    node, operands = taken_apart(law)
    _require_sums(law, operands)
    named = tuple((one, f"{head}.amount_{at}") for at, one in enumerate(operands, 1))
    changes = tuple(changes_of(law.compare, own.ruleset)) if law.compare.otherwise else ()
    return _Plan(law, for_all, "", node, named, other(law.compare), changes)


def _require_sums(law: Law, operands: Iterable[Operand]) -> None:
    for one in operands if law.each == "life" else ():
        if isinstance(one.of, ast.Call) and one.of.function in ("after", "used"):
            text = f"`{one.name}` is a sum of a window already: the claims of a life do not add it up"
            raise fault("E795", text, one.of.span, "amounts of a claim")


def _own_steps(plans: Iterable[_Plan]) -> list[Asked]:
    """Everything that is asked of the rule set itself."""
    found: list[Asked] = []
    for plan in plans:
        law = plan.law
        if law.for_all is not None:
            found.append(Asked(plan.for_all, law.for_all, ("flag",)))
        if plan.holds:
            found.append(Asked(plan.holds, law.holds, ("flag",)))
        same = law.compare is not None and (law.compare.on is not None or law.compare.otherwise)
        found += [*plan.on(0), *(plan.on(1) if same else ())]
    return found


def _finished(plan: _Plan, own: Written, book: Rulebook, where: str) -> Ready:
    """The law with its rule sets. Raises ``RuleError``."""
    law, compare = plan.law, plan.law.compare
    if compare is None:
        return Ready(law, where, book, plan.for_all, plan.holds)
    assert plan.node is not None
    assert plan.other is not None
    if compare.otherwise:
        other = book
    elif compare.on is not None:
        other = frozen(book, compare.on, compare.span)
    else:
        other = plan.other.with_steps(plan.on(1))
    kinds = _kinds(plan, book, other)
    relation = relation_of(law, plan.node, Operands(kinds, own.ruleset.currency, own.ruleset.rounding))
    operands = tuple((one.side, one.name, step) for one, step in plan.operands)
    strange = _declared(book) - _declared(other)
    return Ready(law, where, book, plan.for_all, "", other, relation, operands, plan.changes, strange)


def _declared(book: Rulebook) -> frozenset[str]:
    """The facts that claims for a rule set may state."""
    facts = {one.name for program in book.programs for one in (*program.inputs, *program.declared)}
    return frozenset(facts | {one.name for program in book.programs for one in program.days})


def _kinds(plan: _Plan, book: Rulebook, other: Rulebook) -> Mapping[str, ir.Kind]:
    """What each operand is: exact where it is in any version."""
    found: dict[str, ir.Kind] = {}
    for one, step in plan.operands:
        kinds = list(kinds_of(other if one.side else book, step))
        found[one.name] = "exact" if set(kinds) == {"money", "exact"} else kinds[0]
    return found


def _tolerant(plan: _Plan, book: Rulebook) -> Rulebook:
    """The rule set with the tolerance of a law in the step that says whether it holds. Raises ``RuleError`` for a
    tolerance of nothing, and for a law that cannot fail."""
    if not plan.holds:
        return book
    law, steps = plan.law, [program.step(plan.holds) for program in book.programs]
    if all(step.expr == ir.TRUE for step in steps):
        raise fault("E790", f"the law `{law.id}` holds whatever the rules say", law.holds.span,
                    "a condition on amounts that rules can break")  # fmt: skip
    exprs = [loosened(law, step.expr) for step in steps]
    programs = tuple(_with(program, plan.holds, expr) for program, expr in zip(book.programs, exprs, strict=True))
    return replace(book, programs=programs, prepared={})


def _with(program: ir.Program, name: str, expr: ir.Expr) -> ir.Program:
    steps = tuple(replace(step, expr=expr) if step.name == name else step for step in program.steps)
    return replace(program, steps=steps)
