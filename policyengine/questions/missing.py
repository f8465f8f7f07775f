"""Which facts of a claim are unknown, and what each can be for its program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from policyengine import ir
from policyengine.claim import Claim, FeeLine, quoted
from policyengine.claim.problems import Path
from policyengine.encode.typed import claim_error
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.questions.options import Key, Option, options_of
from policyengine.questions.trial import GRADE, LEVEL, Place, level_of
from policyengine.terms import DAYS, FACTS

CLASS_THAT_NEEDS_A_SHARE = "b"


@dataclass(frozen=True, slots=True)
class Unknown:
    """An unknown fact and its cases; none if the program does not read it."""

    place: Place
    options: tuple[Option, ...]

    @property
    def name(self) -> str:
        return self.place.fact if self.place.line is None else f"lines[{self.place.line}].{self.place.fact}"


def unknowns_of(program: ir.Program, claim: Claim) -> tuple[Unknown, ...]:
    """Every unknown fact, and what it can be. Raises ``ClaimError`` for those whose cases cannot be counted."""
    options, wrong, found = options_of(program), list[Diagnostic](), list[Unknown]()
    for place, path in _places(claim):
        try:
            found += _unknown(program, claim, place, path, options)
        except ClaimError as error:
            wrong += error.diagnostics
    if wrong:
        raise ClaimError(wrong)
    return tuple(found)


def _places(claim: Claim) -> Iterator[tuple[Place, Path]]:
    for name in sorted(claim.unknown):
        yield Place(name), ("unknown", name)
    for index, line in enumerate(claim.lines):
        for name in sorted(line.unknown):
            yield Place(name, index), ("lines", index, "unknown", name)


def _unknown(
    program: ir.Program, claim: Claim, place: Place, path: Path, options: Mapping[Key, tuple[Option, ...]]
) -> Iterator[Unknown]:
    name, domain = place.fact, "claim" if place.line is None else "row"
    decl = next((d for d in program.inputs if (d.domain, d.name) == (domain, name)), None)
    if any(name in meter.per for meter in program.meters):
        text = f"an accumulator is kept by `{name}`: what earlier claims counted cannot be found without it"
        raise claim_error(claim, "E593", path, text, "the fact, stated", decl=decl)
    if decl is None:
        _refuse_strangers(program, claim, name, domain, path)
        yield Unknown(place, ())
        return
    if decl.days is not None and _all_stated(claim, place, (decl.days.since, decl.days.until)):
        text = f"`{name}` is said to be unknown, and follows from days that are stated"
        raise claim_error(claim, "E588", path, text, "one of the two", decl=decl)
    found = options.get(("claim" if place.line is None else "row", name))
    if found is None:
        text = f"`{name}` is reckoned with, so that its cases cannot be counted"
        raise claim_error(claim, "E593", path, text, "the fact, stated", decl=decl)
    if name == LEVEL and GRADE in claim.unknown and GRADE in {d.name for d in program.inputs}:
        return
    stated = claim.encounter.hospital.level
    if name == GRADE and stated is not None:
        found = tuple(option for option in found if level_of(str(option.value)) == stated)
    yield Unknown(place, found)


def _all_stated(claim: Claim, place: Place, days: tuple[str, ...]) -> bool:
    """Whether the claim (or the line) states all these days."""
    facts = claim.facts if place.line is None else claim.lines[place.line].facts
    return all(day in facts or (day in DAYS and attrgetter(DAYS[day].at)(claim) is not None) for day in days if day)


def _refuse_strangers(program: ir.Program, claim: Claim, name: str, domain: str, path: Path) -> None:
    """Raises ``ClaimError`` for a name that neither the glossary nor the rule file knows."""
    declared = [d.name for d in program.declared if d.domain == domain]
    if name in FACTS or name in declared:
        return
    known = [d.name for d in program.inputs if d.domain == domain and "." not in d.name] + declared
    text, expected = f"there is no fact `{quoted(name)}`", "one of " + ", ".join(sorted(known))
    raise claim_error(claim, "E594", path, text, expected, nearest(name, [*FACTS, *known]))


def without_unknowns(program: ir.Program, claim: Claim) -> Claim:
    """The claim with any value in the place of the unknown facts of its fee lines, so that it can be read."""
    if not any(line.unknown for line in claim.lines):
        return claim
    decls = {d.name: d for d in program.inputs if d.domain == "row"}
    lines = [_filled(line, [decls[name] for name in sorted(line.unknown) if name in decls]) for line in claim.lines]
    return claim.model_copy(update={"lines": lines})


def _filled(line: FeeLine, decls: list[ir.InputDecl]) -> FeeLine:
    """Any value will do: it is replaced before anything is settled. Class b asks for the share that goes with it."""
    values = {d.name: CLASS_THAT_NEEDS_A_SHARE if d.name == "catalogue_class" else _any(d) for d in decls}
    own = {name: value for name, value in values.items() if name not in FACTS}
    glossary = {name: value for name, value in values.items() if name in FACTS}
    return line.model_copy(update={**glossary, "facts": {**line.facts, **own}, "unknown": []})


def _any(decl: ir.InputDecl) -> ir.Value:
    if decl.kind == "code":
        return decl.values[0]
    return False if decl.kind == "flag" or decl.low is None else decl.low
