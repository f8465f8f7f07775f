"""Settling claims one after the other where a bad claim must not stop those behind it.

``settle_many`` ends at the first claim that cannot be settled. A chain refuses that claim alone and stands as before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from policyengine.claim import Claim, History, Key
from policyengine.encode import check_history, require_order
from policyengine.engine import engine_of, program_for, settle
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

Last = tuple[date | None, int]


@dataclass(slots=True)
class Chain:
    """What the claims settled so far have left behind. Memory grows with the accumulators, not with the claims."""

    book: Rulebook
    history: History | None = None
    parameters: Mapping[str, object] | None = None
    allow_assumed: bool = True
    used: dict[Key, int] = field(default_factory=dict)
    last: dict[str, Last] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ``ClaimError`` for a history that does not belong to the rule set."""
        if self.history is not None:
            check_history(self.book.all_meters, self.history)
            self.used.update(self.history.used)

    def settle(self, claim: Claim) -> Settlement:
        """Settle the next claim after what the member's earlier ones left. Raises ``ClaimError``."""
        program, day = program_for(self.book, claim)
        require_order(claim, day, self.book.dated_by, *self._last(claim))
        engine = engine_of(self.book, program, self.parameters)
        mine = {key: self.used[key] for key in engine.keys(claim) if key in self.used}
        before = History.of(
            mine, engine.shapes, ruleset=self.book.name, currency=program.currency, last=self._last(claim)[0],
            last_sequence=self._last(claim)[1],
        )  # fmt: skip
        settlement = settle(
            self.book, claim, before, parameters=self.parameters, allow_assumed=self.allow_assumed
        )  # fmt: skip
        self.used.update(settlement.history.used)
        self.last[claim.person.id] = (day, claim.sequence)
        return settlement

    def _last(self, claim: Claim) -> Last:
        floor = (None, 0) if self.history is None else (self.history.last, self.history.last_sequence)
        return self.last.get(claim.person.id, floor)
