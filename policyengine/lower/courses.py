"""How stays go, as data of a program: what ``every`` says, under each timing together with what is said of it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policyengine import ir, terms
from policyengine.errors import nearest
from policyengine.parse.courses import EVERY
from policyengine.resolve import fault, unknown_name
from policyengine.ruleset import CourseDecl, in_force

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench
    from policyengine.shapes import Faults

SAID = ("agreement", "due", "instalments", "within", "repaid", "reverse")


def courses_of(bench: Workbench, faults: Faults) -> tuple[ir.Course, ...]:
    """The courses of a rule file on its day. Raises ``RuleError`` through ``faults``."""
    timings = {p.id.text for p in bench.ruleset.provisions if p.mechanism == "timing"}
    acting = {p.id.text for p in bench.provisions if p.mechanism == "timing"}
    found = {one.id.text: one for one in in_force(bench.ruleset.settlement, bench.day)}
    for one in bench.ruleset.settlement:
        faults.attempt(_checked, bench, one, timings)
    every = found.pop(EVERY, None)
    alone = [
        _course(name, *(x for x in (every, one) if x is not None)) for name, one in found.items() if name in acting
    ]
    return (*([_course("", every)] if every is not None else []), *alone)


def _checked(bench: Workbench, one: CourseDecl, timings: set[str]) -> None:
    """An entry is of a timing, and a default makes a flag true. Raises ``RuleError``."""
    if one.id.text not in (*timings, EVERY):
        expected = "one of " + ", ".join((EVERY, *sorted(timings)))
        text = f"there is no timing `{one.id}` whose course this could be"
        raise fault("E940", text, one.id.span, expected, nearest(one.id.text, (EVERY, *timings)))
    if one.default is None:
        return
    own = {fact.id.text: fact.type for fact in bench.ruleset.facts}
    kinds = {name: fact.kind for name, fact in terms.FACTS.items()} | {name: kind for name, kind in own.items() if kind}
    if one.default.text not in kinds:
        raise unknown_name(one.default.text, one.default.span, kinds, "fact")
    if kinds[one.default.text] != "flag":
        text = f"a default makes a flag true, and `{one.default}` is a {kinds[one.default.text]}"
        raise fault("E941", text, one.default.span, "a fact that is a flag, such as `defaulter`")


def _course(timing: str, *said: CourseDecl) -> ir.Course:
    """What is said last counts, field by field."""
    values: dict[str, Any] = {}
    for one in said:
        values |= {name: getattr(one, name) for name in SAID if getattr(one, name) is not None}
        values |= {"default": one.default.text} if one.default is not None else {}
    cites = tuple(dict.fromkeys(cite for one in said for cite in one.cites))
    assumed = tuple(dict.fromkeys(why for one in said for why in one.assumed))
    return ir.Course(timing, **values, cites=cites, assumed=assumed)
