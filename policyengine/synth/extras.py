"""What a rule set reads beyond a profile: each such fact is drawn from the domain that the rule file declares.

Such values are not like anybody's; they exercise the rules. What the profile states, it states better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from policyengine import ir, terms
from policyengine.errors import Diagnostic, RuleError
from policyengine.generate import edges
from policyengine.rulebook import Rulebook
from policyengine.synth.binding import every_draw
from policyengine.synth.claims import PRICE_LIMIT
from policyengine.synth.literals import LARGEST
from policyengine.synth.model import MILLION, Case, Choice, Curve, Draw, Evidence, Kind, Line, Profile

ASKED = ("disease", "referred", "certificate_shown")
"""Facts of the glossary that are drawn, too, where a rule set reads them."""
IDS = 3
LINE_DAYS = ("line_date", "day_of_stay")
FIRST_DAY, LAST_DAY = "service_date", "discharge_date"
"""The days of fee lines, in turn."""
BEFORE = 3653
"""Days that rule files declare lie up to ten years before the care."""
LARGE = {"count": 400, "money": 10_000_00, "rate": MILLION}
ASSUMED = Evidence(
    assumed=(ir.Assumption("drawn from the domain that the rule file declares, half of the values as its default"),)
)
KINDS: dict[str, Kind] = {
    "flag": "flag",
    "code": "code",
    "count": "count",
    "money": "money",
    "exact": "money",
    "rate": "rate",
}


@dataclass(frozen=True, slots=True)
class Extras:
    """What is drawn beyond the profile: facts and days of claims and of fee lines.

    ``limited``, ``dated``: fee lines have price limits, days. ``ordered``: days of which the first is not after the
    second. ``by_household``: claims of a household stand together. ``of_visits``: visits say which admission they
    follow. ``known``: every fact by name that the rule set knows.
    """

    facts: tuple[Draw, ...]
    line_facts: tuple[Draw, ...]
    limited: bool
    dated: bool
    days: tuple[str, ...]
    line_days: tuple[str, ...]
    ordered: tuple[tuple[str, str], ...]
    by_household: bool
    of_visits: bool
    known: frozenset[str]


def extras_of(book: Rulebook, profile: Profile, years: tuple[int, int]) -> Extras:
    """What the versions of a rule set that hold in these years read and the profile does not state.

    Raises ``RuleError`` E728 if none holds, and for a rule set that takes settlements instead of claims.
    """
    programs = tuple(p for p in book.programs if _holds(p, years))
    if not programs:
        raise _cannot(book, f"{book.name} has no version in force in {years[0]}-{years[1]}", "years in which it holds")
    if programs[0].run is not None:
        raise _cannot(book, f"{book.name} is a run: its rows are settlements", "a rule set that settles claims")
    stated = _stated(profile)
    inputs = {decl.name: decl for program in programs for decl in program.inputs}
    wanted = [decl for decl in inputs.values() if _drawn(decl) and decl.name not in stated]
    largest = {kind: max((n for p in programs for n in edges(p, (kind,))), default=0) for kind in KINDS}
    draws = {decl.name: _draw(decl, largest[decl.kind]) for decl in wanted}
    ids = {name for p in programs for meter in p.meters for name in meter.per} - set(terms.FACTS) - set(inputs) - stated
    facts = [draws[decl.name] for decl in wanted if decl.domain == "claim"] + [_id(name) for name in sorted(ids)]
    days = {day.name: day.domain for p in programs for day in p.days}
    known = {decl.name for p in programs for decl in (*p.inputs, *p.declared)} | ids | set(days)
    return Extras(
        tuple(facts), tuple(draws[decl.name] for decl in wanted if decl.domain == "row"),
        PRICE_LIMIT in inputs, any(_dated(program) for program in programs),
        tuple(name for name, of in days.items() if of == "claim"), tuple(n for n, of in days.items() if of == "row"),
        tuple(_ordered(inputs.values(), days)), any(_for_household(m) for p in programs for m in p.meters),
        "admission_ordinal" in inputs, frozenset(known),
    )  # fmt: skip


def _cannot(book: Rulebook, message: str, expected: str) -> RuleError:
    return RuleError(Diagnostic("E728", message, None, expected, record=book.name))


def with_extras(profile: Profile, extras: Extras) -> Profile:
    """The profile with these facts in every kind of claims; those that a kind states itself stay as they are."""
    days = tuple(_day(name) for name in (*extras.days, *extras.line_days))
    names = tuple(dict.fromkeys(line.id for kind in profile.claims for line in kind.lines))
    kinds = []
    for kind in profile.claims:
        lines = tuple(_line(line, extras, names.index(line.id)) for line in kind.lines)
        kinds.append(replace(kind, facts=(*kind.facts, *extras.facts, *days), lines=lines))
    return replace(profile, claims=tuple(kinds))


def _line(line: Line, extras: Extras, number: int) -> Line:
    """A fee line with what is drawn of it, and the columns in which that stands."""
    facts = tuple(draw for draw in extras.line_facts if draw.fact not in line.fields)
    columns = {draw.fact: line.column_of(draw.fact) for draw in facts} | {name: name for name in extras.line_days}
    if extras.limited:
        columns[PRICE_LIMIT] = line.column_of(PRICE_LIMIT)
    if extras.dated:
        columns["line_date"] = (FIRST_DAY, LAST_DAY)[number % 2]
    return replace(line, facts=facts, limit=PRICES if extras.limited else None, columns=columns)


def _stated(profile: Profile) -> set[str]:
    """Facts that the profile draws, or its hospitals have. A fact of one kind of claims counts for all: elsewhere it is
    not stated."""
    drawn = {draw.fact for _, draw in every_draw(profile)}
    return drawn | {name for hospital in profile.hospitals for name in hospital.facts} | {"hospital_id"}


def _holds(program: ir.Program, years: tuple[int, int]) -> bool:
    start, end = program.valid
    return (not start or start <= f"{years[1]}-12-31") and (not end or end > f"{years[0]}-01-01")


def _drawn(decl: ir.InputDecl) -> bool:
    """Whether a fact is one that claims state under its own name, and that no other fact gives."""
    plain = decl.days is None and "." not in decl.name
    return plain and (decl.name not in terms.FACTS or decl.name in ASKED)


def _dated(program: ir.Program) -> bool:
    """Whether it reads the days of fee lines."""
    counted = {day for decl in program.inputs if decl.days is not None for day in (decl.days.since, decl.days.until)}
    by_lines = any(ir.LINE_DAY in table.keys for table in program.tables)
    return (
        by_lines
        or bool(program.settle_by)
        or not counted.isdisjoint(LINE_DAYS)
        or any(decl.name in LINE_DAYS for decl in program.inputs)
    )


def _for_household(meter: ir.Meter) -> bool:
    return "household_id" in meter.per and "person_id" not in meter.per


def _ordered(inputs: Iterable[ir.InputDecl], days: dict[str, ir.Domain]) -> Iterator[tuple[str, str]]:
    """Days of which one is not after the other: a count of what lies between them cannot be below 0."""
    for decl in inputs:
        counted = decl.days
        if counted is not None and counted.since in days and counted.until in days and (decl.low or 0) >= 0:
            yield counted.since, counted.until


# -- one fact ----------------------------------------------------------------------------------------------------------


def _draw(decl: ir.InputDecl, largest: int) -> Draw:
    kind = KINDS[decl.kind]
    if kind == "flag":
        half = Fraction(1, 2)
        return _one(decl.name, kind, Choice(("yes", "no"), (half, half)))
    if kind == "code":
        words = decl.values or tuple(f"{decl.name}-{number}" for number in range(1, IDS + 1))
        return _one(decl.name, kind, _codes(words, decl.default))
    return _one(decl.name, kind, _numbers(decl, kind, largest))


def _codes(words: tuple[str, ...], default: object) -> Choice:
    share = Fraction(1, len(words))
    if default not in words:
        return Choice(words, (share,) * len(words))
    return Choice(words, tuple((share + (word == default)) / 2 for word in words))


def _numbers(decl: ir.InputDecl, kind: Kind, largest: int) -> Curve:
    """Even from the least to the greatest value; of a fact whose default is the least, half are that. Where nothing
    bounds the fact, up to twice the largest number that the rules name."""
    unit = MILLION if kind == "rate" else 1
    low = int((decl.low or 0) * unit)
    bounded = decl.high is not None and decl.high * unit <= LARGEST
    high = int((decl.high or 0) * unit) if bounded else min(max(2 * largest, low + LARGE[kind]), LARGEST - 1)
    high += kind == "count"
    if isinstance(decl.default, int | Fraction) and int(decl.default * unit) == low < high:
        return Curve((Fraction(0), Fraction(1, 2), Fraction(1)), (low, low, high))
    return Curve((Fraction(0), Fraction(1)), (low, max(low, high)))


def _id(name: str) -> Draw:
    words = tuple(f"{name}-{number}" for number in range(1, IDS + 1))
    return _one(name, "code", _codes(words, None))


def _day(name: str) -> Draw:
    """Days before the care; the course of a person makes them days."""
    return _one(name, "count", Curve((Fraction(0), Fraction(1)), (0, BEFORE + 1)))


PRICES = Draw(
    PRICE_LIMIT, "rate", (Case(Curve((Fraction(0), Fraction(1)), (MILLION // 2, 2 * MILLION)), rest=True),),
    evidence=ASSUMED,
)  # fmt: skip
"""Price limits between half and twice the amount of the line."""


def _one(name: str, kind: Kind, of: Choice | Curve) -> Draw:
    return Draw(name, kind, (Case(of, rest=True),), evidence=ASSUMED)
