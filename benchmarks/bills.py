"""The bills that are measured: seeded, many of them on or beside an edge of the policy."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

LEVELS = ("tertiary", "secondary", "primary", "ungraded")
EDGES = (20_000, 50_000, 100_000, 1_000_000, 1_100_000, 4_000_000, 4_100_000, 8_000_000)
HIGHEST = 12_000_000
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Bill:
    """One stay. ``amount`` in minor units."""

    number: int
    level: str
    poor: bool
    amount: int


def bills(count: int, seed: int = SEED) -> list[Bill]:
    return list(_drawn(count, random.Random(seed)))


def _drawn(count: int, chance: random.Random) -> Iterator[Bill]:
    for number in range(count):
        edge = chance.choice(EDGES) + chance.randint(-2, 2)
        amount = edge if chance.random() < 0.2 else chance.randint(1, HIGHEST)
        yield Bill(number, chance.choice(LEVELS), chance.random() < 0.3, amount)
