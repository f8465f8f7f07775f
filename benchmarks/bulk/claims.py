"""The claims that are measured: plain arrays, seeded, many on or beside an edge of the policy; kept in a folder, from
which every contestant reads the same ones. Needs NumPy only, since rivals in environments of their own read it, too."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

LEVELS = ("tertiary", "secondary", "primary", "ungraded")
EDGES = (20_000, 50_000, 100_000, 1_000_000, 1_100_000, 4_000_000, 4_100_000, 8_000_000)
HIGHEST = 12_000_000
FIRST_DAY, SECOND_YEAR, DAYS = 18_262, 18_628, 731
"""2020-01-01 and 2021-01-01 as days since 1970-01-01; two years from there."""
SEED = 20260101
CLAIMS_A_PERSON = 4
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Arrays:
    """``level``: position in LEVELS, int8. ``amount``: minor units, int64. ``person``: ascending, int64. ``day``: days
    since 1970-01-01, ascending within a person, int32."""

    level: Array
    poor: Array
    amount: Array
    person: Array
    day: Array

    def __len__(self) -> int:
        return len(self.amount)

    def part(self, start: int, end: int) -> Arrays:
        return Arrays(*(getattr(self, name)[start:end] for name in Arrays.__slots__))

    def pieces(self, size: int) -> list[Arrays]:
        """Parts of about ``size`` claims that end where a person ends."""
        cuts = [0]
        while cuts[-1] < len(self):
            end = min(cuts[-1] + size, len(self))
            if end < len(self):
                end = int(np.searchsorted(self.person, self.person[end], side="left"))
            cuts.append(end)
        return [self.part(start, end) for start, end in pairwise(cuts)]


def drawn(count: int, seed: int = SEED, first_person: int = 0) -> Arrays:
    """``count`` claims of about ``count / 4`` people over two years."""
    chance = np.random.default_rng(seed)
    edge = chance.choice(np.array(EDGES), count) + chance.integers(-2, 3, count)
    spread = np.clip(np.exp(chance.normal(13.0, 1.2, count)), 1, HIGHEST).astype(np.int64)
    amount = np.where(chance.random(count) < 0.2, edge, spread)
    person = np.sort(chance.integers(0, max(1, count // CLAIMS_A_PERSON), count)) + first_person
    day = chance.integers(FIRST_DAY, FIRST_DAY + DAYS, count).astype(np.int32)
    day = day[np.lexsort((day, person))]
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    poor = np.repeat(chance.random(len(starts)) < 0.3, np.diff(np.r_[starts, count]))
    level = chance.integers(0, len(LEVELS), count).astype(np.int8)
    return Arrays(level, poor, amount.astype(np.int64), person.astype(np.int64), day)


def kept(claims: Arrays, folder: Path) -> None:
    for name in Arrays.__slots__:
        np.save(folder / f"{name}.npy", getattr(claims, name))


def found_in(folder: Path, count: int) -> Arrays:
    """The first ``count`` claims of a folder, whole people not being looked after."""
    return Arrays(*(np.load(folder / f"{name}.npy")[:count] for name in Arrays.__slots__))
