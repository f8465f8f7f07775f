"""Several claims of one member, one after the other: what single claims do not show, since nothing was counted before.

All claims are of one day, so that every window of the calendar takes them together. What claims leave behind is carried
on for each program by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from policyengine import ir, terms
from policyengine.backends.columns import Result
from policyengine.difference.bench import Array, Bench, Ready, compared, settled
from policyengine.difference.drawing import grid_of

LIVES: Final = 3_000
CLAIMS: Final = 3
MUTANTS: Final = 400
"""Lives like the smallest one that are tried in each round of making it smaller."""
SOME: Final = 1_000_000
"""A bill of a usual size."""
STARTS: Final = 8
"""Lives that are made smaller for each goal."""
FEW: Final = 6
ROUNDS: Final = 20
PERSON: Final = ("person_id", "household_id")
SHORT: Final = ("visit", "event")
"""Windows that another claim does not share, or shares only by what it says."""


@dataclass(frozen=True, slots=True)
class LifeHit:
    """A life of which the last claim shows ``goal``: facts of each claim, and the bills."""

    goal: int
    facts: Array
    bills: Array

    @property
    def size(self) -> tuple[int, int]:
        """How large it is: how many claims, their bills together."""
        return len(self.bills), int(self.bills.sum())


@dataclass(frozen=True, slots=True)
class _Lives:
    """``facts``: life, claim, axis; ``bills``: life, claim."""

    facts: Array
    bills: Array


def look_at_lives(bench: Bench, goals: list[int], drawn: Array, seed: int) -> dict[int, LifeHit]:
    """For each of ``goals`` the smallest life that was found to show it. ``drawn``: combinations of facts to try."""
    if not goals or not has_meters(bench):
        return {}
    rng = np.random.Generator(np.random.PCG64([seed, 2]))
    programs = (bench.pair.old, bench.pair.new)
    sides = tuple(Ready.of(programs[at], bench.axes, at, bench.sides[at].day, meters=True) for at in (0, 1))
    lives = _drawn(bench, rng, drawn)
    first = _first(bench, sides, lives)
    hits: dict[int, LifeHit] = {}
    for goal in sorted(goals, key=lambda at: bench.goals[at].kind == "differs"):
        known = [hit for hit in hits.values() if bench.goals[goal].kind == "differs"]
        if known:
            hits[goal] = replace(min(known, key=lambda h: h.size), goal=goal)
        elif starts := _least(lives, first, goal):
            begun = [_smaller(bench, sides, one, lives.facts[:, 0], rng, FEW) for one in starts]
            hits[goal] = _smaller(bench, sides, min(begun, key=lambda h: h.size), lives.facts[:, 0], rng, ROUNDS)
    return hits


def _least(lives: _Lives, first: Array, goal: int) -> list[LifeHit]:
    """The smallest lives that show a goal, cut off behind the claim that does."""
    shown = np.flatnonzero(first[:, goal] > 0)
    counts = first[shown, goal]
    bills = np.array([lives.bills[life, :n].sum() for life, n in zip(shown, counts, strict=True)])
    if not len(shown):
        return []
    chosen = [(int(shown[at]), int(counts[at])) for at in np.lexsort((bills, counts))[:STARTS]]
    return [LifeHit(goal, lives.facts[life, :n], lives.bills[life, :n]) for life, n in chosen]


def has_meters(bench: Bench) -> bool:
    """Whether anything is carried from claim to claim of a day; a run settles a window once."""
    return any(side.program.meters and side.program.run is None for side in bench.sides)


def _drawn(bench: Bench, rng: np.random.Generator, drawn: Array) -> _Lives:
    """Members with claims that are like their first one, or not, and bills at edges or large; of facts that both rule
    sets settle, if there are any."""
    one, two = bench.run(drawn, np.full(len(drawn), SOME)).settled
    drawn = drawn[one & two] if (one & two).any() else drawn
    facts = drawn[rng.integers(0, len(drawn), (LIVES, CLAIMS))]
    alike = rng.integers(0, 10, (LIVES, CLAIMS)) < 5
    personal = np.array([_personal(axis.name) for axis in bench.axes], dtype=np.bool_)
    facts = np.where(alike[:, :, None] | personal[None, None, :], facts[:, :1, :], facts)
    grid = np.append(grid_of(bench), (3_000_000, 10_000_000, 30_000_000, 100_000_000))
    return _Lives(facts, rng.choice(grid[grid > 0], (LIVES, CLAIMS)))


def _personal(name: str) -> bool:
    return name in terms.FACTS and terms.FACTS[name].at.startswith("person.")


def _first(bench: Bench, sides: tuple[Ready, ...], lives: _Lives) -> Array:
    """For each life and goal the number of the first claim that shows it, those before it settled by both; else 0."""
    count = lives.bills.shape[1]
    first = np.zeros((len(lives.bills), len(bench.goals)), dtype=np.int64)
    sound = np.ones(len(lives.bills), dtype=np.bool_)
    after: list[list[Mapping[str, Array]]] = [[], []]
    for at in range(count):
        paid = []
        for place, side in enumerate(sides):
            used = _used(bench, side, lives, at, after[place])
            result, held, amounts = settled(side, bench.axes, lives.facts[:, at], lives.bills[:, at], used)
            after[place].append(_after(side.program, result, used))
            paid.append((held, amounts))
        bench.tried[0] += len(lives.bills)
        found = compared(bench.goals, paid[0], paid[1])
        first = np.where((first == 0) & found.shows & sound[:, None], at + 1, first)
        sound &= found.settled[0] & found.settled[1]
    return first


def _used(bench: Bench, side: Ready, lives: _Lives, at: int, after: list[Mapping[str, Array]]) -> Mapping[str, Array]:
    """What each meter holds before a claim: what the last claim that counts for the same scope left."""
    place = {axis.name: number for number, axis in enumerate(bench.axes)}
    found = {}
    for meter in side.program.meters:
        used = np.zeros(len(lives.bills), dtype=np.int64)
        scope = [place[name] for name in meter.per if name in place and name not in PERSON]
        if meter.window.kind not in SHORT and not meter.window.back:
            for earlier in range(at):
                same = (lives.facts[:, earlier][:, scope] == lives.facts[:, at][:, scope]).all(axis=1)
                used = np.where(same, after[earlier][meter.name], used)
        found[meter.name] = np.clip(used, 0, meter.high)
    return found


def _after(program: ir.Program, result: Result, used: Mapping[str, Array]) -> Mapping[str, Array]:
    found = {}
    for meter in program.meters:
        now, before = result.values[meter.step].astype(np.int64), used[meter.name]
        kept = before + now if meter.keep == "sum" else np.maximum(before, now) if meter.keep == "max" else now
        found[meter.name] = np.where(result.values[meter.when], kept, before) if meter.when else kept
    return found


# -- making it smaller -------------------------------------------------------------------------------------------------


def _smaller(
    bench: Bench, sides: tuple[Ready, ...], hit: LifeHit, others: Array, rng: np.random.Generator, rounds: int
) -> LifeHit:  # fmt: skip
    """A life like it with fewer claims, smaller bills, plainer facts, as far as chance finds one."""
    for _ in range(rounds):
        if len(hit.bills) > 1:
            hit = _shorter(bench, sides, hit)
        lives = _like(bench, hit, others, rng)
        first = _first(bench, sides, lives)[:, hit.goal] == len(hit.bills)
        rank = np.lexsort((_unplain(bench, lives.facts), lives.bills.sum(axis=1)))
        best = next((int(at) for at in rank if first[at]), None)
        if best is not None and (lives.bills[best].sum(), _unplain(bench, lives.facts[best : best + 1])[0]) <= (
            hit.bills.sum(), _unplain(bench, hit.facts[None])[0]
        ):  # fmt: skip
            hit = LifeHit(hit.goal, lives.facts[best], lives.bills[best])
    return hit


def _shorter(bench: Bench, sides: tuple[Ready, ...], hit: LifeHit) -> LifeHit:
    """Without one of its earlier claims, if that shows it as well."""
    for gone in range(len(hit.bills) - 1):
        keep = [at for at in range(len(hit.bills)) if at != gone]
        lives = _Lives(hit.facts[None, keep], hit.bills[None, keep])
        if _first(bench, sides, lives)[0, hit.goal] == len(keep):
            return LifeHit(hit.goal, hit.facts[keep], hit.bills[keep])
    return hit


def _unplain(bench: Bench, facts: Array) -> Array:
    """How many facts of each life are other than plain."""
    found: Array = (facts != bench.plain()).sum(axis=(1, 2))
    return found


def _like(bench: Bench, hit: LifeHit, others: Array, rng: np.random.Generator) -> _Lives:
    """Lives with a fact plain, or one claim as any other combination of facts, and bills that are smaller."""
    count = len(hit.bills)
    facts = np.tile(hit.facts, (MUTANTS, 1, 1))
    bills = np.tile(hit.bills, (MUTANTS, 1))
    axis = rng.integers(0, len(bench.axes), MUTANTS)
    everywhere = rng.integers(0, 10, MUTANTS) < 5
    claim = rng.integers(0, count, MUTANTS)
    plain = bench.plain()
    for life in range(MUTANTS // 2):
        where = slice(None) if everywhere[life] or _personal(bench.axes[axis[life]].name) else claim[life]
        facts[life, where, axis[life]] = plain[axis[life]]
    personal = np.array([_personal(axis.name) for axis in bench.axes], dtype=np.bool_)
    for life in range(MUTANTS // 2, 3 * MUTANTS // 4):
        other = others[rng.integers(0, len(others))]
        facts[life, claim[life]] = np.where(personal, facts[life, claim[life]], other)
    share = rng.choice(np.array([0, 1, 10, 50, 90, 99, 100]), (MUTANTS, count))
    less = np.maximum(bills * share // 100 - rng.choice(np.array([0, 0, 1, 7]), (MUTANTS, count)), 1)
    grid = grid_of(bench)
    near = grid[np.maximum(np.searchsorted(grid, less, side="right") - 1, 0)]
    chosen = np.where(rng.integers(0, 10, (MUTANTS, count)) < 4, near, less)
    chosen = np.where(rng.integers(0, 10, (MUTANTS, count)) < 1, rng.choice(grid, (MUTANTS, count)), chosen)
    some = rng.integers(0, 10, (MUTANTS, count)) < 6
    bills = np.where(some, chosen, bills)
    return _Lives(facts, bills)
