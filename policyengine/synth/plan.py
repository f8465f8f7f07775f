"""A run of the generator: a profile made into tables, and the blocks that come of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from policyengine.errors import Diagnostic, RuleError
from policyengine.rulebook import Rulebook
from policyengine.synth.binding import MOST_A_PERSON, most
from policyengine.synth.claims import Columns, Maker, joined
from policyengine.synth.course import Course, in_course
from policyengine.synth.extras import extras_of, with_extras
from policyengine.synth.model import Draw, Profile
from policyengine.synth.people import BEFORE_FIRST, BLOCK, People, Population
from policyengine.synth.sampling import Column, Sampler, sampler_of
from policyengine.synth.streams import Streams
from policyengine.synth.tables import FEN, MINOR, Made, batch_of, without


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn, and how it was made. ``known``: facts that the rule set knows, if one was named."""

    profile: Profile
    made: Made
    population: Population
    makers: tuple[Maker, ...]
    hidden: frozenset[str]
    course: Course
    known: frozenset[str] | None

    def people(self, block: int) -> People:
        """The people of a block."""
        return self.population.block(Streams(self.made.seed, block))

    def claims(self, people: People, block: int) -> Columns:
        """The claims of these people, in order, with every column that is written out."""
        streams = Streams(self.made.seed, block)
        first, last = self.made.years
        parts = [maker.year(year, people, streams) for maker in self.makers for year in range(first, last + 1)]
        return without(in_course(joined(parts), people, self.course), self.hidden)

    def claim_batch(self, block: int, persons: int = BLOCK) -> pa.RecordBatch:
        """The claims of the first ``persons`` people of a block."""
        columns = self.claims(self.people(block), block)
        if persons < BLOCK:
            inside = np.flatnonzero(columns["person_id"].values <= BEFORE_FIRST + block * BLOCK + persons)
            columns = {name: column.take(inside) for name, column in columns.items()}
        return batch_of(columns, self.made)

    def people_batch(self, block: int, persons: int = BLOCK) -> pa.RecordBatch:
        """The first ``persons`` people of a block, whether they have claims or not."""
        people = self.people(block)
        keys = {"person_id": Column("id", people.person), "household_id": Column("id", people.household)}
        columns = keys | {"birth_date": Column("day", people.birth)} | dict(people.facts)
        first = np.arange(persons)
        return batch_of({n: c.take(first) for n, c in columns.items() if n not in self.hidden}, self.made)


def plan_of(
    profile: Profile,
    seed: int,
    years: tuple[int, int],
    only: tuple[str, ...] = (),
    book: Rulebook | None = None,
) -> Plan:
    """A profile made into tables. ``years``: first and last. ``only``: the kinds of claims that are drawn, default all.
    ``book``: a rule set whose facts are stated, too. Raises ``RuleError``."""
    chosen = replace(profile, claims=tuple(kind for kind in profile.claims if not only or kind.id in only))
    _check_many(chosen, years[1] - years[0] + 1)
    made, course, known = Made(profile.id, profile.digest, seed, years), Course(), None
    if book is not None:
        extras = extras_of(book, chosen, years)
        chosen, known = with_extras(chosen, extras), extras.known
        currency = book.programs[0].currency
        made = replace(made, ruleset=book.name, ruleset_digest=book.digest, unit=FEN if currency == "CNY" else MINOR)
        course = Course(
            extras.by_household, book.dated_by, (*extras.days, *extras.line_days), extras.ordered, extras.of_visits
        )
    population = Population(sampler_of(chosen.size), _samplers(chosen.households), _samplers(chosen.people), years[0])
    hospitals = {hospital.id: hospital for hospital in chosen.hospitals}
    makers = tuple(Maker.of(kind, hospitals) for kind in chosen.claims)
    return Plan(chosen, made, population, makers, _hidden(chosen), course, known)


def _check_many(profile: Profile, years: int) -> None:
    number = sum(most(kind.a_year) for kind in profile.claims) * years
    if number > MOST_A_PERSON:
        text = f"one person could have more than {MOST_A_PERSON} claims in {years} years"
        raise RuleError(Diagnostic("E728", text, profile.span, "fewer years, or fewer claims a year"))
    if number == 0:
        at = profile.claims[0].a_year.span if profile.claims else profile.span
        raise RuleError(Diagnostic("E728", "nobody ever has a claim", at, "some claims a year"))


def _samplers(draws: tuple[Draw, ...]) -> tuple[Sampler, ...]:
    return tuple(sampler_of(draw) for draw in draws)


def _hidden(profile: Profile) -> frozenset[str]:
    draws = itertools.chain(profile.households, profile.people, *(kind.facts for kind in profile.claims))
    return frozenset({"age", "days_of_stay", *(draw.fact for draw in draws if draw.hidden)})


def blocks(people: int | None) -> Iterator[tuple[int, int]]:
    """Blocks with how many of their people are wanted; without end if nobody says how many people there are."""
    for block in itertools.count():
        left = BLOCK if people is None else min(BLOCK, people - block * BLOCK)
        if left <= 0:
            return
        yield block, left
