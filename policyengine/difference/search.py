"""The smallest claim that shows a difference: tried at every edge, shrunk fact by fact, its bill to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from policyengine.difference.bench import Array, Bench, Goal
from policyengine.difference.drawing import EVERY, Drawn, combinations, first_bills, grid_of
from policyengine.difference.turning import Turner

KEPT: Final = 12
"""Combinations of facts that are looked at closely for each goal."""
ROUNDS: Final = 4
"""How often every single other fact is tried."""
BESIDE: Final = 24
"""Bills that each of them is tried with."""
TURNED: Final = 16
"""Combinations of facts of which every break point is tried."""
LARGEST_TURN: Final = 200_000_000
DENSE: Final = 48
"""Fen behind every break point that are tried one by one."""
AROUND: Final = 2_000
"""Fen below the first bill that shows it, that are tried one by one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A claim that shows ``goal``: facts in the order of the axes, and the bill in minor units."""

    goal: int
    facts: Array
    bill: int


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking for every goal. ``grid``: how many bills each combination of the best was tried with."""

    hits: dict[int, Hit]
    drawn: Drawn
    grid: Array


def look(bench: Bench, seed: int, most: int = EVERY) -> Looked:
    """For every goal the smallest claim among those that were drawn, tried with every bill of the grid, and at every
    break point of some. ``most``: combinations of facts up to which all are tried."""
    grid = grid_of(bench)
    drawn = combinations(bench, seed, most)
    bills = first_bills(grid, len(drawn.facts), seed)
    each = bills.shape[1]
    hits: dict[int, Hit] = {}
    facts, flat = np.repeat(drawn.facts, each, axis=0), bills.reshape(-1)
    shows = _take(bench, hits, facts, flat)
    for goal in hits:
        order = np.flatnonzero(shows[:, goal])
        order = order[np.argsort(flat[order], kind="stable")]
        best = list(dict.fromkeys((order // each).tolist()))[:KEPT]
        _closer(bench, hits, goal, drawn.facts[best], grid)
    differing = list(dict.fromkeys((np.flatnonzero(shows.any(axis=1)) // each).tolist()))
    some = list(dict.fromkeys([*differing[:: max(1, len(differing) // TURNED)][:TURNED], *range(TURNED)]))[:TURNED]
    _at_turns(bench, hits, drawn.facts[[at for at in some if at < len(drawn.facts)]], grid)
    return Looked(hits, drawn, grid)


def _take(bench: Bench, hits: dict[int, Hit], facts: Array, bills: Array) -> Array:
    """Tries these claims and keeps for each goal what is smaller than before; which claims show which goal."""
    shows = bench.shows(facts, bills)
    for goal in range(len(bench.goals)):
        found = np.flatnonzero(shows[:, goal])
        if len(found):
            at = int(found[bills[found].argmin()])
            if goal not in hits or bills[at] < hits[goal].bill:
                hits[goal] = Hit(goal, facts[at], int(bills[at]))
    return shows


def _at_turns(bench: Bench, hits: dict[int, Hit], facts: Array, grid: Array) -> None:
    """Tries some facts with the bills at all their break points: what begins in between shows at the next of them."""
    points = Turner.of(bench).points(facts, grid[grid <= LARGEST_TURN], LARGEST_TURN)
    bills = [np.unique(np.maximum(at, 1)) for at in points]
    rows = np.repeat(np.arange(len(facts)), [len(of) for of in bills])
    _take(bench, hits, facts[rows], np.concatenate(bills))


def _closer(bench: Bench, hits: dict[int, Hit], goal: int, facts: Array, bills: Array) -> None:
    """Tries all ``bills`` below the best with all ``facts``, and keeps what is smaller."""
    below = bills[bills < hits[goal].bill]
    if not len(below) or not len(facts):
        return
    shows = bench.shows(np.repeat(facts, len(below), axis=0), np.tile(below, len(facts)))[:, goal]
    shown = shows.reshape(len(facts), len(below))
    if shown.any():
        first = np.where(shown.any(axis=1), shown.argmax(axis=1), len(below))
        at = int(first.argmin())
        hits[goal] = Hit(goal, facts[at], int(below[first[at]]))


def refined(bench: Bench, looked: Looked, goals: Sequence[int]) -> dict[int, Hit]:
    """The hits of these goals made as small as can be: other facts one by one, plain facts, the first fen."""
    hits = {goal: looked.hits[goal] for goal in goals}
    for goal in goals:
        for _ in range(ROUNDS):
            if (before := hits[goal].bill) == 1:
                break
            below = looked.grid[looked.grid < before]
            some = below[_evenly(0, len(below) - 1, min(BESIDE, len(below)))] if len(below) else below
            _closer(bench, hits, goal, _neighbours(bench, hits[goal].facts), np.append(some, max(before - 1, 1)))
            if hits[goal].bill == before:
                break
    hits = {goal: _plainer(bench, hit) for goal, hit in hits.items()}
    return first_fen(bench, hits, looked.grid)


def _evenly(low: int, high: int, count: int) -> Array:
    """So many whole numbers from ``low`` to ``high``."""
    return low + (high - low) * np.arange(count) // max(count - 1, 1)


def _neighbours(bench: Bench, facts: Array) -> Array:
    """Every claim that differs in one fact."""
    found = []
    for at, axis in enumerate(bench.axes):
        for option in axis.options[:BESIDE]:
            if option != facts[at]:
                other = facts.copy()
                other[at] = option
                found.append(other)
    return np.array(found, dtype=np.int64).reshape(-1, len(bench.axes))


def _plainer(bench: Bench, hit: Hit) -> Hit:
    """As many facts as possible as nobody would think of them, the goal still shown."""
    plain, facts = bench.plain(), hit.facts.copy()
    waiting = [at for at in range(len(facts)) if facts[at] != plain[at]]
    while waiting:
        tries = np.tile(facts, (len(waiting), 1))
        for row in range(len(waiting)):
            places = waiting[: row + 1]
            tries[row, places] = plain[places]
        shown = bench.shows(tries, np.full(len(waiting), hit.bill))[:, hit.goal]
        good = int(np.argmin(shown)) if not shown.all() else len(waiting)
        facts[waiting[:good]] = plain[waiting[:good]]
        waiting = waiting[good + 1 :]
    return Hit(hit.goal, facts, hit.bill)


def first_fen(bench: Bench, hits: dict[int, Hit], grid: Array) -> dict[int, Hit]:
    """With these facts, the first bill that shows each goal: at a break point, or soon behind one."""
    if not hits:
        return hits
    facts = np.stack([hit.facts for hit in hits.values()])
    most = max(hit.bill for hit in hits.values())
    points = Turner.of(bench).points(facts, grid, most)
    return {
        goal: Hit(goal, hit.facts, _first(bench, hit, turns[turns <= hit.bill]))
        for (goal, hit), turns in zip(hits.items(), points, strict=True)
    }


def _first(bench: Bench, hit: Hit, turns: Array) -> int:
    """The first bill up to that of the hit: between break points a goal that is shown is shown from some fen on."""
    dense = np.unique((turns[:, None] + np.arange(DENSE)).reshape(-1))
    tried = dense[(dense > 0) & (dense <= hit.bill)]
    shown = _shown(bench, hit, tried)
    high = int(tried[shown.argmax()]) if shown.any() else hit.bill
    low = int(max(tried[tried < high], default=0))
    while high - low > AROUND:
        middle = np.unique(_evenly(low, high, 34))[1:-1]
        found = _shown(bench, hit, middle)
        low, high = (int(middle[found.argmax() - 1]) if found.argmax() else low, int(middle[found.argmax()])) \
            if found.any() else (int(middle[-1]), high)  # fmt: skip
    last = np.arange(max(low - AROUND, 0) + 1, high + 1)
    return int(last[_shown(bench, hit, last).argmax()])


def _shown(bench: Bench, hit: Hit, bills: Array) -> Array:
    found: Array = bench.shows(np.tile(hit.facts, (len(bills), 1)), bills)[:, hit.goal]
    return found


__all__ = ["Goal", "Hit", "Looked", "first_fen", "look", "refined"]
