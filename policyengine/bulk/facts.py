"""The facts that columns state for a rule set: what each is, where a claim holds it, what it may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from policyengine import ir, terms
from policyengine.claim.fields import LARGEST_COUNT, LARGEST_FACT
from policyengine.encode.days import SELECTING
from policyengine.encode.parameters import PREFIX
from policyengine.money import MAX_MINOR, RATE_GRID
from policyengine.rulebook import Rulebook

Kind = Literal["id", "code", "money", "rate", "count", "flag", "day"]
Place = tuple[str, ...]

ELSEWHERE: Final = "elsewhere."
"""What stands before the payer in the name of an amount paid elsewhere."""


TAGS: Final = "tags"
"""The column that lists the tags which hold."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a column states. ``at``: where a claim, or a fee line, holds it; a tag stands below ``tags``.

    ``words``: those of a closed code, in either language. ``low`` and ``high``: bounds of a number, in minor units,
    millionths or units.
    """

    name: str
    kind: Kind
    domain: ir.Domain
    at: Place
    words: frozenset[str] = frozenset()
    low: int = 0
    high: int = MAX_MINOR

    @property
    def is_declared(self) -> bool:
        """Whether only the rule file knows it."""
        return self.at[0] == "facts"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rule set reads. ``needed``: facts without which no claim can be read. ``scope``: see ``scope_of``.

    ``known``: every name that a column may have, read or not. ``billed``: whether claims have fee lines.
    ``two_scopes``: whether something is counted by household and something else by person.
    """

    claim: Mapping[str, Fact]
    lines: Mapping[str, Fact]
    needed: frozenset[str]
    scope: str
    dated_by: str
    currency: str
    tags: frozenset[str]
    known: frozenset[str]
    billed: bool
    two_scopes: bool


_HIGHEST: Mapping[str, int] = {"money": MAX_MINOR, "count": LARGEST_COUNT, "rate": RATE_GRID}
_KINDS: Mapping[str, Kind] = {
    "id": "id", "code": "code", "money": "money", "rate": "rate", "count": "count", "flag": "flag", "date": "day",
}  # fmt: skip
_BEHIND = {
    "age": ("birth_date",), "days_of_stay": ("admission_date", "discharge_date", "billed_from"), "total_charge": (),
    "day_of_stay": ("admission_date", "line_date"), "hospital_level": ("hospital_level", "hospital_grade"),
    "first_share_rate": ("first_share_rate", "catalogue_class"),
}  # fmt: skip
"""Facts that a claim states elsewhere, or with the help of others."""
_EXTRA = (
    Fact("id", "id", "claim", ("id",)),
    Fact("sequence", "count", "claim", ("sequence",), high=LARGEST_COUNT),
    Fact("visit_id", "id", "claim", ("encounter", "visit_id")),
    Fact("billed_from", "day", "claim", ("encounter", "billed_from")),
    Fact("currency", "code", "claim", ("currency",)),
    Fact("corrects", "id", "claim", ("corrects",)),
)


def _glossary() -> dict[str, Fact]:
    found = {fact.name: fact for fact in _EXTRA}
    for term in (*terms.FACTS.values(), *terms.DAYS.values()):
        if term.id not in _BEHIND or term.id in _BEHIND[term.id]:
            found[term.id] = _of_term(term)
    return found


def _of_term(term: terms.Fact) -> Fact:
    kind = _KINDS[term.kind]
    domain: ir.Domain = "row" if term.domain == "row" else "claim"
    at = tuple(term.at.removeprefix("lines.").split(".")) if domain == "row" else tuple(term.at.split("."))
    if term.at == "person.tags":
        at = (*at, term.id)
    words = frozenset() if term.open else frozenset(term.codes())
    low, high = (1, 10**6) if term.id == "quantity" else (0, _HIGHEST.get(kind, 0))
    return Fact(term.id, kind, domain, at, words, low, high)


GLOSSARY: Mapping[str, Fact] = _glossary()
"""The facts of every claim that a column can state."""
REFUSED = ("currency", "corrects")
"""Columns that are read so that claims which state another currency, or correct another claim, are not taken for
others; a batch does not hold them."""
ALWAYS = ("id", "sequence", "person_id", "care_type")
ON_LINES = ("category", "amount")


def wanted(book: Rulebook) -> Wanted:
    """What the programs of a rule set read of claims and of their fee lines."""
    names = dict.fromkeys((*ALWAYS, *REFUSED, *ON_LINES, book.dated_by))
    for program in book.every_program:
        names |= dict.fromkeys(name for read in _read_by(program) for name in _BEHIND.get(read, (read,)))
    facts = {name: _fact(name, book) for name in names}
    facts["currency"] = replace(facts["currency"], words=frozenset({book.programs[0].currency}))
    claim = {name: fact for name, fact in facts.items() if fact.domain == "claim"}
    lines = {name: fact for name, fact in facts.items() if fact.domain == "row"}
    scope, programs = scope_of(book), book.every_program
    needed = {"id", "person_id", "care_type", book.dated_by} | ({scope} & {"household_id"})
    tags = frozenset(name for name, fact in claim.items() if fact.at[:2] == ("person", "tags"))
    own = {d.name for p in programs for d in (*p.inputs, *p.declared) if not d.name.startswith(PREFIX)}
    own |= {day.name for p in programs for day in p.days}
    billed = any(not p.grants or bool(p.settle_by or p.margins) for p in programs)
    two = scope == "household_id" and any("person_id" in meter.per for p in programs for meter in p.meters)
    currency, known = programs[0].currency, frozenset({*own, TAGS} - {*_BEHIND} | {*GLOSSARY})
    return Wanted(claim, lines, frozenset(needed), scope, book.dated_by, currency, tags, known, billed, two)


def _read_by(program: ir.Program) -> Iterator[str]:
    """The names of all that a program reads, counts made of days as the days."""
    for decl in program.inputs:
        if decl.days is not None:
            yield from (name for name in (decl.days.since, decl.days.until) if name)
        elif not decl.name.startswith(PREFIX):
            yield decl.name
    for meter in program.meters:
        yield from meter.per
        yield from _of_window(meter.window)
    if program.settle_by == "service_date":
        yield "line_date"


def _of_window(window: ir.Window) -> Iterable[str]:
    if window.kind == "visit":
        return ("visit_id",)
    if window.kind == "anniversary":
        return (window.origin,)
    return ("admission_date", "discharge_date") if window.is_opened else ()


def _fact(name: str, book: Rulebook) -> Fact:
    """A fact by name: of the glossary, paid elsewhere, or as the rule file declares it."""
    if name in GLOSSARY:
        return GLOSSARY[name]
    if name.startswith(ELSEWHERE):
        return Fact(name, "money", "claim", ("paid_elsewhere", name.removeprefix(ELSEWHERE)))
    for program in book.every_program:
        for decl in (*program.inputs, *program.declared):
            if decl.name == name:
                return _declared(name, decl.kind, decl.domain)
        for day in program.days:
            if day.name == name:
                return Fact(name, "day", day.domain, ("facts", name))
    return Fact(name, "id", "claim", ("facts", name))


def _declared(name: str, kind: ir.Kind, domain: ir.Domain) -> Fact:
    at = ("facts", name)
    match kind:
        case "money" | "exact":
            return Fact(name, "money", domain, at, low=-MAX_MINOR)
        case "rate":
            return Fact(name, "rate", domain, at, high=10**7 * RATE_GRID - 1)
        case "count":
            return Fact(name, "count", domain, at, low=-LARGEST_FACT, high=LARGEST_FACT)
        case "flag" | "code":
            return Fact(name, kind, domain, at)


def scope_of(book: Rulebook) -> str:
    """Within what claims wait for each other: ``person_id``; ``household_id`` where a meter is kept for it alone;
    empty where a meter is kept for neither, so that it is the whole source; ``id`` without meters."""
    pers = {frozenset(meter.per) for program in book.every_program for meter in program.meters}
    if not pers:
        return "id"
    if all("person_id" in per for per in pers):
        return "person_id"
    return "household_id" if all(per & {"person_id", "household_id"} for per in pers) else ""


assert set(SELECTING) <= set(GLOSSARY), "every day that may select the rules is a column"
