"""What one batch of claims gives: every rule set settles it, and all that is added up is added up at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk.batch import Batch, Ids
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Bulk, Settled, digest_of
from policyengine.mass.sums import counts_by, dense, sides_by, sums_by, tenths
from policyengine.simulate.assumed import Elasticity, responses
from policyengine.simulate.conditions import Condition, judged
from policyengine.simulate.groups import Grouping, Label, grouping
from policyengine.simulate.hardship import Lines, of_people
from policyengine.simulate.model import BRACKETS, EDGES, SHARES, Cell, Change, Hit, Outcome, Reform, Side
from policyengine.simulate.population import Population, Spent, spent
from policyengine.simulate.sampling import Sampling, sampled

Array = NDArray[Any]
MOST: Final = 2**26
"""Claims of a batch; so many amounts add up within 64 bits."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule set that takes part, ready for batches; ``name``: what it is called in the results."""

    name: str
    bulk: Bulk


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every batch. ``rulings``: the baseline and the reforms. ``power``: minor units of a currency
    unit. ``lines``: given if it is measured whom paying ruins; ``people``: then households are measured.
    ``elasticity``, ``sampling``: what is assumed."""

    rulings: tuple[Ruling, ...]
    dated_by: str
    group_by: tuple[str, ...]
    conditions: tuple[Condition, ...]
    power: int
    lines: Lines | None = None
    people: Population | None = None
    elasticity: Elasticity | None = None
    sampling: Sampling | None = None

    @property
    def edges(self) -> Array:
        """Of the brackets of what patients bear, in minor units."""
        return np.array([0, *(edge * self.power for edge in EDGES)], np.int64)


@dataclass(frozen=True, slots=True)
class Part:
    """``statuses``: what became of each claim under each rule set."""

    baseline: Outcome
    reforms: list[Reform]
    statuses: tuple[Array, ...]
    spent: Spent | None = None


def part_of(asked: Asked, batch: Batch) -> Part:
    """Everything about one batch. Raises ``ClaimError`` as ``Bulk.settle``, E746 for a batch that is too large."""
    if len(batch) > MOST:
        text = f"{len(batch):,} claims wait for each other: an accumulator is kept for nobody in particular"
        raise ClaimError(Diagnostic("E746", text, None, f"at most {MOST:,} claims", record="the source"))
    ready = asked.rulings[0].bulk.prepared(batch)
    settled = [ruling.bulk.settle(ready) for ruling in asked.rulings]
    groups = grouping(asked.group_by, batch, asked.dated_by)
    outcomes = [_outcome(asked, ruling, one, groups) for ruling, one in zip(asked.rulings, settled, strict=True)]
    reforms = [_reform(asked, settled[0], *pair, groups) for pair in zip(settled[1:], outcomes[1:], strict=True)]
    statuses = tuple(one.status for one in settled)
    borne = tuple(borne_by_patients(one.amounts) for one in settled)
    if asked.people is not None:
        return Part(outcomes[0], reforms, statuses, spent(asked.people, batch, asked.dated_by, statuses, borne))
    if asked.lines is not None:
        for outcome, status, paid in zip(outcomes, statuses, borne, strict=True):
            outcome.burdens = of_people(batch, asked.dated_by, groups, status, paid, asked.lines)
    return Part(outcomes[0], reforms, statuses)


def _outcome(asked: Asked, ruling: Ruling, found: Settled, groups: Grouping) -> Outcome:
    digest = digest_of(found.batch.keys, found.status, found.amounts)
    count, settled = len(groups.labels), found.status == Status.SETTLED
    statuses = counts_by(groups.of, found.status.astype(np.int64), count, len(Status))
    amounts = {name: sums_by(groups.of, values, count).tolist() for name, values in found.amounts.items()}
    patient = found.amounts["patient_total"]
    shares = counts_by(groups.of, tenths(patient, found.amounts["bill"], settled), count, SHARES)
    brackets = np.where(settled, np.searchsorted(asked.edges, patient), -1)
    borne = counts_by(groups.of, brackets, count, BRACKETS)
    cells = {
        label: Cell(
            statuses[at].tolist(), {name: sums[at] for name, sums in amounts.items()}, shares[at].tolist(),
            borne[at].tolist(),
        )
        for at, label in enumerate(groups.labels)
    }  # fmt: skip
    drawn = {} if asked.sampling is None else sampled(asked.sampling, found.batch, found.amounts)
    return Outcome(ruling.name, ruling.bulk.book.digest, digest, cells, {}, _hits(ruling, found), drawn)


def _hits(ruling: Ruling, found: Settled) -> dict[Hit, list[int]]:
    """By version; two periods in which the same holds are two versions."""
    versions = ruling.bulk.versions
    return {
        (versions[number].program.valid[0], kind, name): counts.tolist()
        for number, hits in found.hits.items() for (kind, name), counts in hits.items()
    }  # fmt: skip


def borne_by_patients(amounts: Mapping[str, Array]) -> Array:
    """What patients bear of their bills, less what is granted to them outside the bill."""
    found: Array = amounts["patient_total"].copy()
    for name, values in amounts.items():
        if name.startswith("grant."):
            found -= values
    return found


def _reform(asked: Asked, base: Settled, found: Settled, outcome: Outcome, groups: Grouping) -> Reform:
    before, after = base.status == Status.SETTLED, found.status == Status.SETTLED
    both = before & after
    old, new = borne_by_patients(base.amounts), borne_by_patients(found.amounts)
    change = new - old
    claims, people, everybody = _changes(base.batch, groups, change, both)
    conditions = [
        judged(one, base.batch, asked.dated_by, both, base.amounts["bill"], _named(base, one.amount),
               _named(found, one.amount))
        for one in asked.conditions
    ]  # fmt: skip
    return Reform(
        outcome, int(_differing(base, found).sum()), int((after & ~before).sum()), int((before & ~after).sum()), claims,
        people, everybody, conditions,
        {} if asked.elasticity is None else responses(asked.elasticity, old, new, both, found.amounts, groups),
    )  # fmt: skip


def _named(found: Settled, name: str) -> Array:
    return found.amounts[name] if name in found.amounts else np.zeros(len(found.batch), np.int64)


def _differing(one: Settled, other: Settled) -> Array:
    """Claims of which the status or any amount differs."""
    found: Array = one.status != other.status
    for name in one.amounts.keys() | other.amounts.keys():
        found = found | (_named(one, name) != _named(other, name))
    return found


Changes = dict[Label, Change]


def _changes(batch: Batch, groups: Grouping, change: Array, counted: Array) -> tuple[Changes, Changes, Change]:
    """Of claims by group, of people by group, of people in all."""
    count, people = len(groups.labels), batch.claims["person_id"]
    assert isinstance(people, Ids), "everybody has an id"
    by_claim = sides_by(groups.of, change, counted, count)
    which = np.flatnonzero(counted)
    of, person, changes = groups.of[which], people.numbers[which], change[which]
    by_person = _by_unit(of, person, changes, count)
    everybody = _by_unit(np.zeros_like(of), person, changes, 1)
    labelled = [dict(zip(groups.labels, map(_change, rows.tolist()), strict=True)) for rows in (by_claim, by_person)]
    return labelled[0], labelled[1], _change(everybody[0].tolist())


def _by_unit(of: Array, person: Array, changes: Array, count: int) -> Array:
    """The sides of people, each with the sum over the claims that stand in a group."""
    many = int(person.max(initial=0)) + 1
    units, known = dense(of * many + person, count * many)
    sums = sums_by(units, changes, len(known))
    return sides_by(known // many, sums, np.ones(len(known), np.bool_), count)


def _change(row: list[int]) -> Change:
    return Change(row[6], Side(*row[0:3]), Side(*row[3:6]))
