"""Two rule sets held against each other: the law, and the smallest claims that show what it changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from policyengine import ir
from policyengine.difference.bench import PATIENT, Bench, Goal
from policyengine.difference.drawing import EVERY
from policyengine.difference.epochs import Alone, Pair, pairs_of
from policyengine.difference.law import law_changes
from policyengine.difference.lives import LIVES, has_meters, look_at_lives
from policyengine.difference.meaning import alike
from policyengine.difference.model import Change, Side
from policyengine.difference.search import Looked, look, refined
from policyengine.difference.witness import Witness, witness_of

if TYPE_CHECKING:
    from policyengine.simulate import Simulation

LEAST: Final = 1_500
"""Combinations of facts that are tried at least of each of many pairs."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried of a pair of programs. ``alike``: it is proved that they settle every claim alike, and nothing was
    tried. ``combinations``: of facts that can make a difference; ``taken``: how many of them; ``bills``: how many edges
    each of the best was tried with; ``claims``: settlements by each program in all; ``lives``: members with several
    claims; ``differs``: whether anything comes out otherwise."""

    pair: Pair
    alike: bool
    combinations: int = 0
    taken: int = 0
    bills: int = 0
    claims: int = 0
    lives: int = 0
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What was found. ``law``: every entry of the rule files that is not the same in both; ``trials``: each period that
    was looked at; ``alone``: periods for which only one of them has a version; ``witnesses``: the smallest claims;
    ``untried``: why no claims were tried (``run``, ``currency``); ``book``: both over a book of claims."""

    old: Side
    new: Side
    law: tuple[Change, ...]
    trials: tuple[Trial, ...] = ()
    alone: tuple[Alone, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    untried: str = ""
    book: Simulation | None = None

    @property
    def proved_alike(self) -> bool:
        """Whether it is proved that both settle every claim alike."""
        return bool(self.trials) and all(trial.alike for trial in self.trials) and not self.alone

    @property
    def different(self) -> bool:
        """Whether anything was found that changes what is paid: in claims or, where none were tried, in the law."""
        if self.book is not None and any(reform.changed for reform in self.book.reforms):
            return True
        if self.trials:
            return bool(self.witnesses or self.alone)
        return any(change.matters for change in self.law)


def compare(
    old: Side, new: Side, *, on: Sequence[datetime.date] = (), parameters: Mapping[str, object] | None = None,
    claims: bool = True, seed: int = 1,
) -> Difference:  # fmt: skip
    """What differs between two rule sets. ``on``: only the versions in force on these days. ``parameters``: values of
    those that the caller gives; of the others any value is tried. ``claims``: whether claims are tried.

    Raises ``RuleError`` E811 for a day on which one of them has no version, ``ClaimError`` for wrong parameters.
    """
    law = law_changes(old, new)
    if not claims:
        return Difference(old, new, law)
    pairs, alone = pairs_of(old, new, on)
    if why := _untried(old, new):
        return Difference(old, new, law, (), alone, (), why)
    open_ = [pair for pair in pairs if not alike(pair.old, pair.new)]
    if open_ and not _tells_bills(old):
        return Difference(old, new, law, (), alone, (), "run")
    trying = _Trying((old, new), seed, parameters or {})
    witnesses = trying.witnesses(open_)
    trials = tuple(trying.trials.get(id(pair)) or Trial(pair, True) for pair in pairs)
    return Difference(old, new, law, trials, alone, witnesses)


def _untried(old: Side, new: Side) -> str:
    """Why no claims are tried: ``run`` or ``currency``; empty if they can be."""
    one, two = old.book.programs[-1], new.book.programs[-1]
    if (one.run or two.run) is not None and _about(one.run) != _about(two.run):
        return "run"
    return "currency" if one.currency != two.currency else ""


def _tells_bills(side: Side) -> bool:
    """Whether claims of a bill can be made: what the row of a run is about must be a field of it."""
    run = side.book.programs[-1].run
    return run is None or bool(run.bill)


def _about(run: ir.Run | None) -> tuple[object, ...]:
    """What two runs must have in common that rows can be tried with both."""
    return () if run is None else (run.each, run.window, run.bill, *((f.name, f.kind) for f in run.fields))


@dataclass(slots=True)
class _Trying:
    """Pairs of programs tried one after the other; what was found of each."""

    sides: tuple[Side, Side]
    seed: int
    parameters: Mapping[str, object]
    found: list[tuple[Bench, Looked]] = field(default_factory=list)
    trials: dict[int, Trial] = field(default_factory=dict)

    def witnesses(self, pairs: Sequence[Pair]) -> tuple[Witness, ...]:
        """For every goal the smallest claim over all pairs; where single claims show nothing, the smallest life."""
        for pair in pairs:
            bench = Bench.of(pair, self.parameters)
            self.found.append((bench, look(bench, self.seed, max(EVERY * 2 // (len(pairs) + 1), LEAST))))
        goals = list(dict.fromkeys(goal for bench, _ in self.found for goal in bench.goals))
        found = {goal: w for goal in goals if (w := self._single(goal)) is not None}
        missing = [goal for goal in goals if goal not in found and _by_lives(goal)]
        lives = self._lives(missing) if missing else {}
        self._tell(found | lives, bool(missing))
        return tuple(_least(goal, found | lives) for goal in goals if goal in found or goal in lives)

    def _tell(self, witnesses: dict[Goal, Witness], lives: bool) -> None:
        for bench, looked in self.found:
            shown = bool(looked.hits) or any(w.pair is bench.pair for w in witnesses.values())
            many = LIVES if lives and has_meters(bench) else 0
            drawn, bills = looked.drawn, len(looked.grid)
            self.trials[id(bench.pair)] = Trial(
                bench.pair, False, drawn.combinations, drawn.taken, bills, bench.tried[0], many, shown
            )

    def _single(self, goal: Goal) -> Witness | None:
        ranked = sorted(
            (looked.hits[at].bill, number) for number, (bench, looked) in enumerate(self.found)
            if goal in bench.goals and (at := bench.goals.index(goal)) in looked.hits
        )  # fmt: skip
        for _, number in ranked:
            bench, looked = self.found[number]
            at = bench.goals.index(goal)
            for hit in (refined(bench, looked, [at])[at], looked.hits[at]):
                found = witness_of(bench, self.sides, goal, hit.facts[None], np.array([hit.bill]))
                if found is not None:
                    return found
        return None

    def _lives(self, goals: Sequence[Goal]) -> dict[Goal, Witness]:
        found: dict[Goal, Witness] = {}
        for bench, looked in self.found:
            wanted = [bench.goals.index(goal) for goal in goals if goal in bench.goals and goal not in found]
            for at, hit in look_at_lives(bench, wanted, looked.drawn.facts, self.seed).items():
                witness = witness_of(bench, self.sides, bench.goals[at], hit.facts, hit.bills)
                if witness is not None:
                    found[bench.goals[at]] = witness
        return found


def _least(goal: Goal, found: dict[Goal, Witness]) -> Witness:
    """The witness of a goal; of any difference, the smallest of all that show one."""
    if goal.kind != "differs":
        return found[goal]
    both = [w for w in found.values() if w.goal.kind not in ("only_old", "only_new")]
    return replace(min(both, key=lambda w: w.size), goal=goal)


def _by_lives(goal: Goal) -> bool:
    """Lives are looked at for what the patient bears, and for any difference."""
    return goal.kind in ("differs", "less") or goal == Goal("more", PATIENT)
