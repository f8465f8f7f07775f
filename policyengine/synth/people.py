"""People of one block: households, what their members share, and what each has of his own."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from policyengine.ir import EPOCH
from policyengine.synth.binding import OLDEST
from policyengine.synth.sampling import Column, Sampler
from policyengine.synth.streams import Ints, Streams

BLOCK = 2**14
"""People of a block. A household does not go beyond it."""
BEFORE_FIRST = 10**9
"""The first person has the number after this one: all numbers have as many digits, so that they sort as texts do."""
DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True)
class People:
    """All people of a block; their numbers count on over all blocks. A household is called as its first member is."""

    person: Ints
    household: Ints
    birth: Ints
    facts: Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Population:
    """How people are drawn. ``first_year``: the ages are those of its first day."""

    size: Sampler
    households: Sequence[Sampler]
    members: Sequence[Sampler]
    first_year: int

    def block(self, streams: Streams) -> People:
        """The people of a block; always all of it."""
        sizes = self.size(streams.of("households.size", BLOCK), {}).values
        ends = np.cumsum(sizes)
        home = np.searchsorted(ends, np.arange(BLOCK), side="right")
        first = BEFORE_FIRST + streams.block * BLOCK + 1
        shared = drawn(self.households, "households", streams, {}, BLOCK)
        facts = {name: column.take(home) for name, column in shared.items()}
        facts = drawn(self.members, "people", streams, facts, BLOCK)
        births = _births(facts["age"].values, streams.of("people.birth_date", BLOCK), self.first_year)
        begins = np.concatenate([[0], ends])[home]
        return People(np.arange(first, first + BLOCK), begins + first, births, facts)


def drawn(
    samplers: Sequence[Sampler], where: str, streams: Streams, known: Mapping[str, Column], count: int
) -> dict[str, Column]:
    """What is known already, and what the samplers draw, one behind the other."""
    found = dict(known)
    for sampler in samplers:
        found[sampler.draw.fact] = sampler(streams.of(f"{where}.{sampler.draw.fact}", count), found)
    return found


def _births(ages: Ints, random: Ints, first_year: int) -> Ints:
    """Days of birth, as days since 1970-01-01, of people who are so old on the first of January of a year."""
    firsts = [day_number(datetime.date(first_year - age, 1, 1)) for age in range(OLDEST + 1)]
    birthdays = np.array(firsts, dtype=np.int64)[np.minimum(ages, OLDEST)]
    return birthdays - (random * DAYS_OF_YEAR >> 32)


def day_number(day: datetime.date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days
