"""Where people and households both have meters: each person belongs to one household, in all of the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from policyengine.bulk.batch import Column, Ids
from policyengine.bulk.compiling import compiled
from policyengine.bulk.identity import keys_of
from policyengine.errors import ClaimError, Diagnostic

_NOBODY = np.uint64(0)


@dataclass(slots=True)
class Households:
    """Who has been seen. Claims of a household stand in one batch, so whoever comes again belongs to two of them;
    sixteen bytes a person are kept. ``source``: what the stream of claims is called."""

    seen: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1 << 10, np.uint64))
    count: int = 0
    source: str = "the source"

    def require(self, claims: Mapping[str, Column], bad: NDArray[np.bool_], first: int) -> None:
        """Raises ``ClaimError`` for the first claim of a batch whose person belongs to another household already."""
        people, households = claims["person_id"], claims["household_id"]
        assert isinstance(people, Ids), "everybody has an id"
        assert isinstance(households, Ids), "a household is an id"
        at = _moved(people.numbers, households.numbers, bad)
        _, rows = np.unique(people.numbers, return_index=True)
        rows = rows[~bad[rows] & (people.numbers[rows] >= 0)]
        while 2 * (self.count + len(rows)) > len(self.seen):
            self.seen = _grown(self.seen)
        keys = keys_of(people.texts.take(rows))
        again = _again(self.seen, keys)
        self.count += len(rows)
        found = [int(at)] if at >= 0 else [int(row) for row in rows[again][:1]]
        if found:
            text = f"row {first + found[0] + 1:,}: the person belongs to another household before"
            raise ClaimError(Diagnostic("E707", text, None, "one household for each person", record=self.source))


@compiled
def _moved(people: NDArray[np.int64], households: NDArray[np.int64], bad: NDArray[np.bool_]) -> int:
    """The first row whose person has another household in a row before."""
    home = np.full(len(people) + 1, -1, np.int64)
    for i in range(len(people)):
        if bad[i] or people[i] < 0:
            continue
        if home[people[i]] >= 0 and home[people[i]] != households[i]:
            return i
        home[people[i]] = households[i]
    return -1


@compiled
def _put(seen: NDArray[np.uint64], key: np.uint64) -> bool:
    """Whether the key was there already; it is afterwards."""
    mask = np.uint64(len(seen) - 1)
    at = np.int64(key & mask)
    while seen[at] != _NOBODY and seen[at] != key:
        at = (at + 1) & np.int64(mask)
    known = seen[at] == key
    seen[at] = key
    return bool(known)


@compiled
def _again(seen: NDArray[np.uint64], keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    out = np.zeros(len(keys), np.bool_)
    for i in range(len(keys)):
        out[i] = _put(seen, keys[i] | np.uint64(1))
    return out


@compiled
def _grown(seen: NDArray[np.uint64]) -> NDArray[np.uint64]:
    larger = np.zeros(2 * len(seen), np.uint64)
    for key in seen:
        if key != _NOBODY:
            _put(larger, key)
    return larger
