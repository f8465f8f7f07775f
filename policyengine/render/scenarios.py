"""Which cases are worked out: so few that every figure of the benefit list stands in one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from policyengine import ir, terms
from policyengine.engine import settle
from policyengine.errors import ClaimError, Diagnostic
from policyengine.generate import Domain
from policyengine.render.benefits import Figure, Listed, listed
from policyengine.render.claims import claim_of, parameters_of
from policyengine.render.quantities import Given, Reader, reader_of
from policyengine.render.subject import Subject
from policyengine.settlement import Settlement

MOST: Final = 16
"""Scenarios on one page."""

TRIED: Final = (100_000_00, 10_000_00, 1_000_00, 100_00)
"""Bills with which a scenario is tried, in minor units: the first of which the policy states something."""

COMPARED: Final = (100_00, 2_000_00, 20_000_00, 200_000_00, 2_000_000_00)
"""Bills by which it is seen whether a fact makes a difference."""

STATED: Final = 20_000_00
"""What an amount is that must be stated, such as the ceiling price of a disease, where zero will not do."""

Shown = tuple[str, ir.Value]
"""A step of the benefit list with its value."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """``facts``: what the figures hang on. ``given``: all that the claim states, parameters of the caller included."""

    facts: Given
    given: Given


@dataclass(frozen=True, slots=True)
class Chosen:
    """``left``: figures of the benefit list that no scenario shows. ``refused``: why the first claim that could not be
    settled could not, if none could."""

    scenarios: tuple[Scenario, ...]
    left: int
    refused: Diagnostic | None


def chosen(subject: Subject) -> Chosen:
    """The scenarios of a page, greedily: the one that shows most figures that have not been shown yet is next."""
    if subject.program.run is not None:
        return Chosen((), 0, None)
    reader = reader_of(subject.program)
    lists = [listed(subject, reader, layer.id.text) for layer in subject.layers]
    wanted = {q.step for one in lists for q in one.quantities}
    shows: dict[int, frozenset[Shown]] = {}
    found = [*_candidates(subject, reader, lists)]
    found += [_with_amounts(reader, scenario) for scenario in found]
    refused: Diagnostic | None = None
    for at, scenario in enumerate(found):
        try:
            shows[at] = _shown(lists, _tried(subject, scenario))
        except ClaimError as error:
            refused = refused or error.diagnostics[0]
    picked: list[int] = []
    left = {pair for pairs in shows.values() for pair in pairs if pair[0] in wanted}
    while left and len(picked) < MOST:
        best = max(shows, key=lambda at: (len(shows[at] & left), -at))
        picked.append(best)
        left -= shows[best]
    if not picked and shows:
        picked = [min(shows)]
    told = (_told(subject, lists, found[at]) for at in picked)
    return Chosen(tuple(told), len(left), None if shows else refused)


def _with_amounts(reader: Reader, scenario: Scenario) -> Scenario:
    """The scenario with a figure for every amount that the program reckons with, such as the price of a case: some
    policies state nothing for one that is zero."""
    amounts = {d.name: STATED for d in reader.program.inputs
               if d.domain == "claim" and d.kind == "money" and d.name in scenario.given
               and d.name not in (*reader.options, *terms.FACTS)}  # fmt: skip
    return Scenario({**scenario.facts, **amounts}, {**scenario.given, **amounts})


def _told(subject: Subject, lists: Sequence[Listed], scenario: Scenario) -> Scenario:
    """The scenario without the facts that could be anything: whatever they are, the same is paid."""
    choices = {axis.fact: [axis.value(at) for at in range(len(axis.choices))] for one in lists for axis in one.axes}
    paid = _paid(subject, scenario.given)
    kept = {
        fact: value
        for fact, value in scenario.facts.items()
        if fact not in choices
        or any(_paid(subject, {**scenario.given, fact: other}) != paid for other in choices[fact] if other != value)
    }
    return Scenario(kept, scenario.given)


def _paid(subject: Subject, given: Given) -> list[Mapping[str, Decimal]]:
    """Who pays what of bills of several sizes; of those only of which the policy states something."""
    found: list[Mapping[str, Decimal]] = []
    for bill in COMPARED:
        try:
            found.append(settled(subject, Scenario({}, given), bill).split)
        except ClaimError:
            continue
    return found


def _tried(subject: Subject, scenario: Scenario) -> Settlement:
    """The settlement of the first bill of which the policy states something. Raises ``ClaimError`` of the last."""
    *larger, least = TRIED
    for amount in larger:
        try:
            return settled(subject, scenario, amount)
        except ClaimError:
            continue
    return settled(subject, scenario, least)


def settled(subject: Subject, scenario: Scenario, amount: int) -> Settlement:
    """The settlement of a scenario's claim over a bill of ``amount`` minor units. Raises ``ClaimError``."""
    claim = claim_of(subject, scenario.given, amount)
    return settle(subject.book, claim, parameters=parameters_of(subject, scenario.given), allow_draft=True)


def _shown(lists: Sequence[Listed], settlement: Settlement) -> frozenset[Shown]:
    """The figures that apply to a settled claim."""
    known = settlement.known()
    steps = [q for one in lists for q in one.quantities if not q.guard or known.get(q.guard)]
    found = {(q.step, known[q.step]) for q in steps if q.step in known}
    return frozenset((step, value) for step, value in found if not isinstance(value, tuple))


def _candidates(subject: Subject, reader: Reader, lists: Sequence[Listed]) -> Iterator[Scenario]:
    """For each row of figures of each layer a claim that it is for; of the layers around it the first row that goes
    with these facts, and the last."""
    cases = [*(tuple(_cases(one)) for one in lists), *(tuple(_rows(reader, table)) for table in subject.program.tables)]
    covered = Domain.of(subject.program).covering.facts
    cases.append(tuple({name: v for name, v in facts.items() if name in reader.resting} for facts in covered))
    ends = reader.ends([step.name for step in subject.program.steps])
    seen: list[Given] = []
    for at, own in enumerate(cases):
        for case in own or ({},) * (at == 0):
            for end in (0, -1):
                facts = dict(case)
                for others in (*cases[:at], *cases[at + 1 :]):
                    fitting = [other for other in others if _agree(facts, other)]
                    facts |= fitting[end] if fitting else {}
                given = _completed(subject, reader, facts, ends[end])
                if given not in seen:
                    seen.append(given)
                    yield Scenario(facts, given)


def _cases(found: Listed) -> Iterator[dict[str, ir.Value]]:
    """Facts for each different row of figures, the first that lead to it."""
    seen: set[tuple[Figure, ...]] = set()
    for cell, figures in found.cells.items():
        if figures not in seen:
            seen.add(figures)
            yield {axis.fact: axis.value(choice) for axis, choice in zip(found.axes, cell, strict=True)}


def _rows(reader: Reader, table: ir.Table) -> Iterator[dict[str, ir.Value]]:
    """Facts for each row of a table: a policy may state nothing for others."""
    lookups = (e for step in reader.program.steps for e in ir.walk(step.expr)
               if isinstance(e, ir.Lookup) and e.table == table.name)  # fmt: skip
    keys = next((lookup.keys for lookup in lookups), ())
    for patterns in table.patterns:
        facts = {key.name: _fitting(reader, key, pattern) for key, pattern in zip(keys, patterns, strict=False)
                 if isinstance(key, ir.Input) and key.domain == "claim" and pattern is not None}  # fmt: skip
        yield {name: value for name, value in facts.items() if value is not None}


def _fitting(reader: Reader, key: ir.Input, pattern: ir.Pattern) -> ir.Value | None:
    """A value that a key cell admits, the one that the fact is by default if that fits; nothing if none is known."""
    values = [reader.resting[key.name], *(option.value for option in reader.options.get(key.name, ()))]
    if isinstance(pattern, ir.Interval) and pattern.low is not None:
        values.append(max(pattern.low, STATED) if key.kind == "money" and pattern.high is None else pattern.low)
    return next((value for value in values if pattern is not None and value in pattern), None)


def _agree(one: Mapping[str, ir.Value], other: Mapping[str, ir.Value]) -> bool:
    return all(one.get(name, value) == value for name, value in other.items())


def _completed(subject: Subject, reader: Reader, facts: Given, ends: Given) -> Given:
    """All that a claim must state, for what the figures do not hang on: defaults, and the first of what can be."""
    needed = {d.name: reader.resting[d.name] for d in subject.program.inputs
              if d.domain == "claim" and not d.name.startswith("elsewhere.") and d.days is None}  # fmt: skip
    given = {**needed, **ends, **facts}
    level, grade = given.get("hospital_level"), given.get("hospital_grade")
    if isinstance(level, str) and isinstance(grade, str) and not grade.startswith(level):
        if "hospital_level" in facts:
            given["hospital_grade"] = next(g for g in terms.GRADES if g.startswith(level))
        else:
            given["hospital_level"] = grade.partition("_")[0]
    return given
