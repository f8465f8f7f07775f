"""Why claims of a batch are not settled: the first ones settled again one by one, so that the words are those of
``settle``; of the others, what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk.batch import Batch, Codes, Ids
from policyengine.bulk.documents import document
from policyengine.bulk.facts import wanted
from policyengine.chain import NOT_MISSED, Chain
from policyengine.claim import Claim, quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.rulebook import Rulebook

Array = NDArray[Any]
EXPLAINED: Final = 300
"""So many refused claims are settled again one by one."""
BEFORE: Final = 2_000
"""If more claims than these wait for each other, no reason is looked for."""
WORDS: Final[Mapping[Status, tuple[str, str]]] = {
    Status.BAD: ("E745", "a value of the claim is missing, or not one that the rule set reads"),
    Status.WAITING: ("E565", "an earlier claim of this person was refused and is missing from what is counted"),
    Status.NOT_COVERED: ("E545", "the policy does not cover the claim"),
    Status.NO_ROW: ("E560", "a table of the policy has no row for the claim"),
    Status.ELSEWHERE: ("E563", "what was paid elsewhere exceeds what is left of the bill"),
    Status.FULL: ("E555", "an accumulator holds more than it can"),
    Status.PASSED: ("E564", "the claim was settled before, or stands behind a later one"),
    Status.LATE: ("E568", "the claim is from before the window of an accumulator that others share"),
}
"""What is said of a claim that is not settled again one by one."""


@dataclass(slots=True)
class Explaining:
    """Tells of refused claims why. ``scope``: within what claims wait for each other. ``left``: how many claims are
    still settled again for their reasons."""

    book: Rulebook
    scope: str
    parameters: Mapping[str, object]
    known_on: date | None = None
    allow_draft: bool = False
    left: int = EXPLAINED
    read: frozenset[str] = field(init=False)
    of_lines: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        of = wanted(self.book)
        self.read, self.of_lines = frozenset(of.claim), frozenset(of.lines)

    def reasons(self, batch: Batch, status: Array, most: int | None = None) -> dict[int, Diagnostic]:
        """By position, why each claim that is not settled is not; only of the first ``most``."""
        refused = np.flatnonzero(status != Status.SETTLED)[:most].tolist()
        found = {at: batch.rejects[at] for at in refused if at in batch.rejects}
        others = [at for at in refused if at not in found]
        asked, own = others[: self.left], self._own(batch)
        self.left -= len(asked)
        for start, positions in self._scopes(batch, asked):
            if positions[-1] - start < BEFORE:
                found |= self._again(own, start, positions)
        for at in others:
            if at not in found:
                found[at] = _general(batch, at, Status(int(status[at])))
        return dict(sorted(found.items()))

    def _own(self, batch: Batch) -> Batch:
        """The batch with the columns alone that the rule set reads."""
        claims = {name: column for name, column in batch.claims.items() if name in self.read}
        return replace(batch, claims=claims, lines={n: c for n, c in batch.lines.items() if n in self.of_lines})

    def _scopes(self, batch: Batch, positions: list[int]) -> Iterator[tuple[int, list[int]]]:
        """The positions that wait for each other, each time with the first claim of that scope."""
        numbers = self._numbers(batch)
        by_scope: dict[int, list[int]] = {}
        for at in positions:
            by_scope.setdefault(int(numbers[at]), []).append(at)
        for number, found in by_scope.items():
            start = found[0]
            while start > 0 and int(numbers[start - 1]) == number:
                start -= 1
            yield start, found

    def _numbers(self, batch: Batch) -> Array:
        if self.scope == "id":
            return np.arange(len(batch))
        column = batch.claims.get(self.scope)
        if isinstance(column, Codes):
            return column.positions
        return column.numbers if isinstance(column, Ids) else np.zeros(len(batch), np.int64)

    def _again(self, batch: Batch, start: int, positions: list[int]) -> dict[int, Diagnostic]:
        """The claims from ``start`` to the last of the positions, settled one after the other."""
        chain = Chain(self.book, None, self.parameters, True, self.known_on, self.allow_draft)
        found, asked = dict[int, Diagnostic](), set(positions)
        for at in range(start, positions[-1] + 1):
            if at in batch.rejects:
                self._missed(chain, batch, at)
                continue
            try:
                chain.settle(Claim.model_validate(document(self.book, batch, at)))
            except ClaimError as error:
                if at in asked:
                    found[at] = error.diagnostics[0]
        return found

    def _missed(self, chain: Chain, batch: Batch, at: int) -> None:
        """A claim whose data are bad, so that the later ones of its member wait."""
        people = batch.claims["person_id"]
        assert isinstance(people, Ids), "everybody has an id"
        person = people.texts[at].as_py()
        if person is not None and batch.rejects[at].code not in NOT_MISSED:
            chain.refused[str(person)] = str(batch.ids[at].as_py())


def _general(batch: Batch, at: int, status: Status) -> Diagnostic:
    code, words = WORDS[status]
    return Diagnostic(code, words, None, record=f"claim {quoted(str(batch.ids[at].as_py()))}")
