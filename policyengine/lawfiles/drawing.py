"""Lives that laws are tried on: drawn by seed; every second one is made such that some law is about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any

from policyengine import ir, terms
from policyengine.claim import Claim
from policyengine.errors import ClaimError
from policyengine.generate import draw_parameters, lives
from policyengine.lawfiles.otherwise import DERIVED, Change, otherwise
from policyengine.lawfiles.ready import Ready
from policyengine.rulebook import Rulebook
from policyengine.runs import restated

Life = tuple[Claim, ...]
Parameters = Mapping[str, Any]
PARAMETERS = 4
"""So many values of each parameter that is left to the caller are drawn."""


def parameters_of(book: Rulebook, seed: int) -> tuple[Parameters, ...]:
    """Values for what the rule file leaves to the caller: those that take turns."""
    asking = [p for p in book.programs if any(d.name.startswith("parameter.") for d in p.inputs)]
    if not asking:
        return ({},)
    return tuple(
        {name: value for program in asking for name, value in draw_parameters(program, Random(at)).items()}
        for at in range(seed * PARAMETERS, (seed + 1) * PARAMETERS)
    )


def known_to(book: Rulebook, parameters: Parameters) -> Parameters:
    """Those of the values that a rule set leaves to the caller."""
    asked = {d.name for program in book.programs for d in (*program.inputs, *program.declared)}
    return {name: value for name, value in parameters.items() if f"parameter.{name}" in asked}


def drawn(book: Rulebook, laws: Sequence[Ready], seed: int, count: int) -> Iterator[Life]:
    """``count`` lives under a rule set. Every second one fits what some law is for, as far as a claim can state it; of
    every second of those the fee lines state no fact that need not be stated."""
    rng = Random(seed)
    wanted = [fit for law in laws if (fit := _fits(law))]
    idle = _idle(book)
    for number, life in enumerate(lives(book, seed, count)):
        chosen = rng.choice(wanted) if wanted else ()
        made = _fitting(life, chosen, idle if number % 4 == 1 else frozenset(), rng) if number % 2 else life
        yield handed_in(book, made)


def handed_in(book: Rulebook, claims: Iterable[Claim]) -> Life:
    """The claims as they are; those of a run as rows make them, one a window. Raises ``ClaimError``."""
    if book.programs[-1].run is None:
        return tuple(claims)
    by_window: dict[object, Claim] = {}
    for claim in claims:
        made = restated(book, claim)
        by_window.setdefault(made.encounter.service_date, made)
    return tuple(by_window.values())


def _fitting(life: Life, wanted: Sequence[Sequence[Change]], idle: frozenset[str], rng: Random) -> Life:
    """The life with facts of which a condition holds, without ``idle`` ones; as it was, if no claims can be made of
    that."""
    changes = [rng.choice(options) for options in wanted]
    try:
        return tuple(_changed(claim, changes, idle) for claim in life)
    except ClaimError:
        return life


def _idle(book: Rulebook) -> frozenset[str]:
    """Facts of fee lines that rule files declare and that claims need not state."""
    inputs = (d for program in book.programs for d in program.inputs if d.domain == "row")
    return frozenset(d.name for d in inputs if d.default is not None and d.name not in terms.FACTS)


def _changed(claim: Claim, changes: Sequence[Change], idle: frozenset[str]) -> Claim:
    """The claim with other facts. Raises ``ClaimError``."""
    document = claim.model_dump(mode="json", exclude_unset=True)
    for line in document["lines"] if idle else ():
        line["facts"] = {name: value for name, value in line.get("facts", {}).items() if name not in idle}
    return Claim.model_validate(otherwise(document, changes))


def with_changes(claim: Claim, changes: Sequence[Change]) -> Claim:
    """The claim with other facts. Raises ``ClaimError``."""
    return _changed(claim, changes, frozenset())


def without_facts(claim: Claim, names: frozenset[str]) -> Claim:
    """The claim as it is to who knows nothing of some facts. Raises ``ClaimError``."""
    stated = {*claim.facts, *claim.person.tags, *(name for line in claim.lines for name in line.facts)}
    if not stated & names:
        return claim
    document = claim.model_dump(mode="json", exclude_unset=True)
    for one in (document, *document["lines"]):
        one["facts"] = {name: value for name, value in one.get("facts", {}).items() if name not in names}
    document["person"]["tags"] = sorted(claim.person.tags - names)
    return Claim.model_validate(document)


def _fits(one: Ready) -> tuple[tuple[Change, ...], ...]:
    """Facts that a law asks for, each with what it may be."""
    if not one.for_all:
        return ()
    program = one.book.programs[-1]
    steps = {step.name: step.expr for step in program.steps}
    options = (_options(expr, steps) for expr in _conjuncts(steps[one.for_all], steps))
    return tuple(found for found in options if found)


def _conjuncts(expr: ir.Expr, steps: Mapping[str, ir.Expr]) -> Iterator[ir.Expr]:
    """What must hold together that ``expr`` holds."""
    if isinstance(expr, ir.Ref) and expr.domain == "claim":
        yield from _conjuncts(steps[expr.step], steps)
    elif isinstance(expr, ir.Logic) and expr.op == "and":
        for arg in expr.args:
            yield from _conjuncts(arg, steps)
    else:
        yield expr


def _options(expr: ir.Expr, steps: Mapping[str, ir.Expr]) -> tuple[Change, ...]:
    """Single facts of which any makes ``expr`` hold."""
    match expr:
        case ir.Logic(op="or", args=args):
            return tuple(found for arg in args for found in _options(arg, steps))
        case ir.Logic(op="not", args=(ir.Input() as fact,)):
            return _change(fact, False)
        case ir.Input(kind="flag"):
            return _change(expr, True)
        case ir.Compare(op="==", left=ir.Input() as fact, right=ir.Lit(value=str() | int() as value)):
            return _change(fact, value) if fact.kind in ("code", "flag", "count") else ()
        case _:
            return ()


def _change(fact: ir.Input, value: str | int | bool) -> tuple[Change, ...]:
    if fact.domain != "claim" or "." in fact.name or fact.name in DERIVED:
        return ()
    known = terms.FACTS.get(fact.name)
    return (Change(fact.name, ("facts", fact.name) if known is None else tuple(known.at.split(".")), value),)
