"""Claims of one block of people: how many, where, when, the bill and its fee lines."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from policyengine.synth.model import MILLION, Claims, Hospital, Line
from policyengine.synth.people import People, day_number, drawn
from policyengine.synth.sampling import Column, Sampler, sampler_of
from policyengine.synth.streams import Ints, Streams

PER_PERSON = 1000
"""The id of a claim is 1000 times the number of the person, and which claim of the person it is."""

OF, DAY = "claim.of", "claim.day"
"""Columns that no fact is called as: the place of the person in the block, the day of discharge or of the visit."""
PRICE_LIMIT = "price_limit"

Columns = dict[str, Column]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A fee line with its tables."""

    line: Line
    share: Sampler | None
    amount: Sampler | None
    facts: tuple[Sampler, ...]
    limit: Sampler | None

    @classmethod
    def of(cls, line: Line) -> DrawnLine:
        share = None if line.share is None else sampler_of(line.share)
        amount = None if line.amount is None else sampler_of(line.amount)
        limit = None if line.limit is None else sampler_of(line.limit)
        return cls(line, share, amount, tuple(sampler_of(draw) for draw in line.facts), limit)


@dataclass(frozen=True, slots=True)
class Maker:
    """How claims of one kind are drawn. ``hospitals``: the facts of each sort, in the order of the words drawn."""

    kind: Claims
    a_year: Sampler
    hospital: Sampler
    hospitals: tuple[Hospital, ...]
    facts: tuple[Sampler, ...]
    bill: Sampler
    lines: tuple[DrawnLine, ...]

    @classmethod
    def of(cls, kind: Claims, hospitals: Mapping[str, Hospital]) -> Maker:
        lines = tuple(DrawnLine.of(line) for line in kind.lines)
        sorts = tuple(hospitals[word] for word in kind.hospital.words)
        return cls(kind, sampler_of(kind.a_year), sampler_of(kind.hospital), sorts,
                   tuple(sampler_of(draw) for draw in kind.facts), sampler_of(kind.bill), lines)  # fmt: skip

    def year(self, year: int, people: People, streams: Streams) -> Columns:
        """The claims of a year, person by person, not yet in the order of their days."""
        where = f"claims.{self.kind.id}.{year}"
        often = self.a_year(streams.of(f"{where}.a_year", len(people.person)), people.facts).values
        at = np.repeat(np.arange(len(people.person)), often)
        count = len(at)
        known = {name: column.take(at) for name, column in people.facts.items()}
        known["care_type"] = Column("code", np.zeros(count, np.int8), (self.kind.care_type,))
        known["hospital"] = self.hospital(streams.of(f"{where}.hospital", count), known)
        known |= self._hospital_facts(known["hospital"].values, streams.of(f"{where}.hospital_id", count))
        known = drawn(self.facts, where, streams, known, count)
        own = {name: known[name] for name in known if name not in people.facts and name != "hospital"}
        own[OF] = Column("count", at)
        own[DAY] = Column("count", _days(year, streams.of(f"{where}.day", count)))
        own |= self._bill(known, where, streams, count)
        return own

    def _hospital_facts(self, sorts: Ints, random: Ints) -> Columns:
        """What is known of a hospital, and which of its sort it is."""
        found = {name: _looked_up([one.facts.get(name, "") for one in self.hospitals], sorts)
                 for name in dict.fromkeys(name for one in self.hospitals for name in one.facts)
                 if name != "hospital_id"}  # fmt: skip
        numbers = np.array([one.number for one in self.hospitals])
        firsts = np.concatenate([[0], np.cumsum(numbers)[:-1]])
        ids = firsts[sorts] + (random * numbers[sorts] >> 32)
        words = tuple(name for one in self.hospitals for name in _names(one))
        return {"hospital_id": Column("code", ids.astype(np.int32), words), **found}

    def _bill(self, known: Columns, where: str, streams: Streams, count: int) -> Columns:
        """The amounts of the fee lines; each takes its share of the bill, as far as there is any, the last the rest."""
        bill = self.bill(streams.of(f"{where}.bill", count), known).values
        left, found = bill, {}
        for one in self.lines:
            line, amount, stream = one.line, left, f"{where}.lines.{one.line.id}"
            if one.share is not None:
                share = one.share(streams.of(f"{stream}.share", count), known).values
                amount = np.minimum(left, bill * share // MILLION)
            elif one.amount is not None:
                amount = np.minimum(left, one.amount(streams.of(f"{stream}.amount", count), known).values)
            left = left - amount
            found[line.column] = Column("money", amount, empty=0)
            if one.limit is not None:
                limit = one.limit(streams.of(f"{stream}.{PRICE_LIMIT}", count), known).values
                found[line.column_of(PRICE_LIMIT)] = Column("money", amount * limit // MILLION)
            for sampler in one.facts:
                fact = sampler.draw.fact
                found[line.column_of(fact)] = sampler(streams.of(f"{stream}.{fact}", count), known)
        return found


def _names(hospital: Hospital) -> Iterator[str]:
    if "hospital_id" in hospital.facts:
        yield hospital.facts["hospital_id"]
    elif hospital.number == 1:
        yield hospital.id
    else:
        yield from (f"{hospital.id}-{number}" for number in range(1, hospital.number + 1))


def _looked_up(of: Sequence[str], at: Ints) -> Column:
    """A word for each position; −1 where there is none."""
    words = tuple(dict.fromkeys(word for word in of if word))
    codes = np.array([words.index(word) if word else -1 for word in of], dtype=np.int8)
    return Column("code", codes[at], words)


def _days(year: int, random: Ints) -> Ints:
    first = day_number(datetime.date(year, 1, 1))
    return first + (random * (366 if calendar.isleap(year) else 365) >> 32)


# -- together ----------------------------------------------------------------------------------------------------------


def joined(parts: Sequence[Columns]) -> Columns:
    """Claims of several kinds and years, one behind the other; what a kind does not have is not stated, or nothing."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _joined([part.get(name) for part in parts], [len(part[OF].values) for part in parts])
            for name in names}  # fmt: skip


def _joined(columns: Sequence[Column | None], lengths: Sequence[int]) -> Column:
    first = next(column for column in columns if column is not None)
    words = tuple(dict.fromkeys(word for column in columns if column is not None for word in column.words))
    place = {word: at for at, word in enumerate(words)}
    found = []
    for column, length in zip(columns, lengths, strict=True):
        if column is None:
            found.append(np.full(length, first.empty, first.values.dtype))
        elif column.words == words[: len(column.words)]:
            found.append(column.values)
        else:
            moved = np.array([*(place[word] for word in column.words), -1], dtype=np.int32)
            found.append(moved[column.values])
    return replace(first, values=np.concatenate(found), words=words)
