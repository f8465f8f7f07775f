"""Settling claims one after the other: what each member's claims leave behind is carried on to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from policyengine.claim import Claim, History, Key
from policyengine.encode import check_history, require_order, selector
from policyengine.engine import NOTHING_USED, Engine, Origin, Parameters, engine_of, program_for, refuse_assumed
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement


@dataclass(slots=True)
class Chain:
    """What the claims settled so far have left behind. A claim that is refused leaves it as it was.

    ``history`` may hold the accumulators of many members. Memory grows with the accumulators, not with the claims.
    Raises ``ClaimError`` for a history that does not belong to the rule set.
    """

    book: Rulebook
    history: History | None = None
    parameters: Parameters = None
    allow_assumed: bool = True
    used: dict[Key, int] = field(default_factory=dict)
    last: dict[str, tuple[date | None, int]] = field(default_factory=dict)
    engines: dict[date, Engine] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.history is not None:
            check_history(self.book.all_meters, self.history)
            self.used.update(self.history.used)

    def settle(self, claim: Claim) -> Settlement:
        """Settle the next claim. A member's claims come in the order of day and sequence. Raises ``ClaimError``."""
        day = selector(self.book.dated_by)(claim)
        engine = self.engines.get(day) or self._engine_on(claim, day)
        person = claim.person.id
        require_order(claim, day, self.book.dated_by, *(self.last.get(person) or self._floor()))
        values, keys = engine.values(claim, self.used)
        mine = {key: self.used[key] for key in keys if key in self.used} if keys else NOTHING_USED
        origin = Origin(self.book, engine, claim, day, mine, keys, values, self.parameters)
        settlement = Settlement(engine.layout, claim, values, origin)
        if not self.allow_assumed:
            refuse_assumed(settlement)
        if keys:
            self.used.update(engine.after(mine, keys, values))
        self.last[person] = (day, claim.sequence)
        return settlement

    def _engine_on(self, claim: Claim, day: date) -> Engine:
        engine = self.engines[day] = engine_of(self.book, program_for(self.book, claim)[0], self.parameters)
        return engine

    def _floor(self) -> tuple[date | None, int]:
        return (None, 0) if self.history is None else (self.history.last, self.history.last_sequence)


def settle_many(
    ruleset: Rulebook,
    claims: Iterable[Claim],
    history: History | None = None,
    *,
    parameters: Parameters = None,
    allow_assumed: bool = True,
) -> Iterator[Settlement]:
    """Settle claims in order, each after what the member's earlier ones left behind.

    Raises ``ClaimError`` at the first claim that cannot be settled; those before it have been yielded. Use ``Chain``
    where a bad claim must not stop those behind it.
    """
    chain = Chain(ruleset, history, parameters, allow_assumed)
    for claim in claims:
        yield chain.settle(claim)
