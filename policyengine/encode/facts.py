"""Facts of the claim as a program reads them: one prepared getter an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from policyengine import ir
from policyengine.claim import Claim
from policyengine.claim.problems import Path, path_of
from policyengine.encode.days import age_getter, days_of_stay
from policyengine.encode.parameters import PREFIX, parameter_getter
from policyengine.encode.typed import Mistyped, Unstated, claim_error, code_of, expected_of, shown, typed, within
from policyengine.terms import FACTS, Fact

Getter = Callable[[Claim], ir.Value]

HINTS = {
    "days_of_stay": "state encounter.admission_date and encounter.discharge_date",
    "day_of_stay": "state encounter.admission_date and the service_date of the line",
    "price_limit": "a line without a limit states its amount",
    "age": "state person.birth_date",
    "hospital_level": "state the level or the grade of the hospital",
}
"""What to state so that a fact is known, where its place alone does not say it."""


def getter(program: ir.Program, decl: ir.InputDecl, exponent: int, parameters: Mapping[str, ir.Value]) -> Getter:
    """The getter of one input of the claim. It raises ``ClaimError`` where the claim does not fit ``decl``."""
    group, _, name = decl.name.partition(".")
    if decl.name.startswith(PREFIX):
        return parameter_getter(decl, exponent, parameters)
    if group == "elsewhere" and name:
        return _number(decl, exponent, lambda claim: claim.minor.elsewhere.get(name, 0), ("paid_elsewhere",))
    fact = FACTS.get(decl.name)
    if fact is None:
        return _declared(decl, exponent)
    return _standard(decl, fact, exponent, program.dated_by)


def _standard(decl: ir.InputDecl, fact: Fact, exponent: int, dated_by: str) -> Getter:
    """The getter of a fact of the glossary."""
    path = path_of(fact.at)
    match fact.id, decl.kind:
        case "age", _:
            return _number(decl, exponent, age_getter(dated_by), path)
        case "days_of_stay", _:
            return _number(decl, exponent, days_of_stay, ("encounter",))
        case "total_charge", _:
            return _number(decl, exponent, lambda claim: claim.minor.total, ("lines",))
        case "income_annual", _:
            return _number(decl, exponent, lambda claim: claim.minor.income_annual, path)
        case tag, "flag" if fact.at == "person.tags":
            return lambda claim: tag in claim.person.tags
        case _, "flag":
            return attrgetter(fact.at)
        case _, "code":
            return _code(decl, exponent, attrgetter(fact.at), path)
        case _:
            return _number(decl, exponent, attrgetter(fact.at), path)


def _code(decl: ir.InputDecl, exponent: int, get: Callable[[Claim], Any], path: Path) -> Getter:
    values = frozenset(decl.values)

    def read(claim: Claim) -> ir.Value:
        word = get(claim)
        if word in values:
            return word  # type: ignore[no-any-return]
        if word is None:
            return default_of(decl, claim, path)
        try:
            return code_of(decl, word)
        except Mistyped as error:
            raise mistyped(error, decl, claim, path, exponent) from None

    return read


def _number(decl: ir.InputDecl, exponent: int, get: Callable[[Claim], int | None], path: Path) -> Getter:
    low = -(10**18) if decl.low is None else decl.low
    high = 10**18 if decl.high is None else decl.high

    def read(claim: Claim) -> ir.Value:
        value = get(claim)
        if value is None:
            return default_of(decl, claim, path)
        if low <= value <= high:
            return value
        raise out_of_bounds(decl, claim, path, value, exponent)

    return read


def _declared(decl: ir.InputDecl, exponent: int) -> Getter:
    """A fact that only the rule file knows: under ``facts``, or a flag among the tags of the person."""
    name, path = decl.name, ("facts", decl.name)
    is_flag = decl.kind == "flag"

    def read(claim: Claim) -> ir.Value:
        stated = claim.facts.get(name)
        tagged = is_flag and name in claim.person.tags
        if stated is None:
            return True if tagged else default_of(decl, claim, path)
        try:
            value = typed(decl, stated, exponent)
        except Mistyped as error:
            raise mistyped(error, decl, claim, path, exponent) from None
        if tagged and not value:
            text = "the fact is false here, but it stands among the tags of the person"
            raise claim_error(claim, "E536", path, text, "one of the two", decl=decl)
        return value

    return read


def default_of(decl: ir.InputDecl, claim: Claim, path: Path) -> ir.Value:
    """What an unstated fact means. Raises ``Unstated`` if the rule file says nothing."""
    if decl.default is not None:
        return decl.default
    fact = FACTS.get(decl.name)
    name = f"`{decl.name}` ({fact.zh}, {fact.en})" if fact else f"`{decl.name}`"
    text = f"the rule file reads {name}, but the claim does not state it"
    words = [f"{w} ({fact.values[w]})" if fact and w in fact.values else w for w in decl.values]
    expected = f"one of {', '.join(words)}" if words else ""
    hint = HINTS.get(decl.name, "")
    if not hint and decl.kind == "flag":
        hint = "state true or false, or list it among the tags of the person"
    raise Unstated(claim_error(claim, "E530", path, text, expected, hint, decl).diagnostics)


def mistyped(error: Mistyped, decl: ir.InputDecl, claim: Claim, path: Path, exponent: int) -> Exception:
    """The claim error for a value that does not fit its declaration."""
    return claim_error(claim, error.code, path, error.text, expected_of(decl, exponent), error.hint, decl)


def out_of_bounds(decl: ir.InputDecl, claim: Claim, path: Path, value: ir.Value, exponent: int) -> Exception:
    """The claim error for a number outside the bounds of its declaration."""
    assert not within(decl, value)
    text = f"{decl.name} is {shown(decl, value, exponent)}, out of bounds"
    return claim_error(claim, "E535", path, text, expected_of(decl, exponent), decl=decl)
