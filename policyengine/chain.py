"""Settling claims one after the other: what each member's claims leave behind is carried on to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from policyengine.claim import Claim, History, quoted
from policyengine.coverage import require_in_force
from policyengine.encode import Counted, Ledger, check_history, require_order, selector, shapes_of
from policyengine.engine import (
    Engine,
    Origin,
    Parameters,
    check_belongs,
    check_written_by,
    engine_of,
    known_for,
    program_for,
    refuse_assumed,
    require_new,
)
from policyengine.errors import ClaimError, Diagnostic
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

NOT_MISSED = ("E545", "E551", "E560", "E564", "E568")
"""A claim that comes too late, that the policy does not cover, or that comes a second time: what follows it is settled
as it would have been without it."""

Last = tuple[date | None, int, str | None]


@dataclass(slots=True)
class Chain:
    """What the claims settled so far have left behind. A claim that is refused leaves it as it was.

    Behind a refused claim no other claim of that member is settled until it has been handed in again, mended, under its
    id: the later ones would be taken for earlier stays. ``history`` may hold the accumulators of many members.
    ``among_others``: claims of other persons than the one of the history are settled, too, as if nothing of theirs had
    been counted; else they are refused. ``known_on`` is that of ``settle``. ``preliminary``: every claim is settled as
    by ``presettle``, nothing carried on. Memory grows with the members and their accumulators, not with the claims.
    Raises ``ClaimError`` for a history that does not belong to the rule set, ``RuleError`` for a rule set that is
    repealed, or a draft without ``allow_draft``.
    """

    book: Rulebook
    history: History | None = None
    parameters: Parameters = None
    allow_assumed: bool = True
    known_on: date | None = None
    allow_draft: bool = False
    preliminary: bool = False
    among_others: bool = False
    ledger: Ledger = field(init=False, repr=False)
    last: dict[str, Last] = field(default_factory=dict)
    engines: dict[tuple[date, date | None], Engine] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    day_of: Callable[[Claim], date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        require_in_force(self.book, self.allow_draft)
        self.day_of = selector(self.book.dated_by)
        meters = self.book.all_meters
        if self.history is not None:
            check_history(meters, self.history)
        self.ledger = Ledger.of(meters.meters, self.history)

    def settle(self, claim: Claim) -> Settlement:
        """Settle the next claim. A member's claims come in the order of day and sequence. Raises ``ClaimError``."""
        person = claim.person.id
        waiting = self._waiting(claim)
        try:
            settlement = self._settle(claim, person)
        except ClaimError as error:
            if not any(d.code in NOT_MISSED for d in error.diagnostics):
                self.refused[person] = claim.id
            raise
        if waiting is not None:
            del self.refused[person]
        return settlement

    def whole_history(self) -> History:
        """All accumulators, of all members. It says which claim was the last one only if they are those of one."""
        last_day, sequence, last_claim = next(iter(self.last.values())) if len(self.last) == 1 else (None, 0, None)
        meters, counted = self.book.all_meters, self.ledger.whole
        return History.of(
            dict(counted.used), shapes_of(meters), ruleset=self.book.name, currency=meters.currency, last=last_day,
            last_sequence=sequence, last_claim=last_claim, opened=dict(counted.opened),
        )  # fmt: skip

    def left_open(self, claim: Claim) -> tuple[Engine, Counted]:
        """What would settle the next claim, which is not settled since facts are missing: it is waited for as one that
        was refused. Raises ``ClaimError`` like ``settle``."""
        self._waiting(claim)
        engine, _, _ = self._ready(claim, claim.person.id)
        self.refused[claim.person.id] = claim.id
        return engine, self.ledger.whole

    def _waiting(self, claim: Claim) -> str | None:
        """The claim of this person that is waited for. Raises ``ClaimError`` if it is another one."""
        waiting = self.refused.get(claim.person.id)
        if waiting is not None and waiting != claim.id:
            raise _behind(claim, waiting)
        return waiting

    def _ready(self, claim: Claim, person: str) -> tuple[Engine, date, date | None]:
        day = self.day_of(claim)
        known_on = known_for(claim, self.known_on)
        engine = self.engines.get((day, known_on)) or self._engine_on(claim, day, known_on)
        last_day, sequence, last_claim = self.last.get(person) or self._floor(claim)
        require_new(claim, last_claim)
        require_order(claim, day, self.book.dated_by, last_day, sequence)
        return engine, day, known_on

    def _settle(self, claim: Claim, person: str) -> Settlement:
        engine, day, known_on = self._ready(claim, person)
        values, standing = engine.values(claim, self.ledger.whole)
        mine = self.ledger.of_member(person, standing)
        origin = Origin(
            self.book, engine, claim, day, mine, standing, values, self.parameters, None, known_on, self.preliminary
        )  # fmt: skip
        settlement = Settlement(engine.layout_of(claim), claim, values, origin)
        if not self.allow_assumed:
            refuse_assumed(settlement)
        if self.preliminary:
            return settlement
        if standing.keys:
            self.ledger.apply(engine.change(standing, values))
        self.last[person] = (day, claim.sequence, claim.id)
        return settlement

    def _engine_on(self, claim: Claim, day: date, known_on: date | None) -> Engine:
        program, _ = program_for(self.book, claim, known_on)
        engine = self.engines[day, known_on] = engine_of(self.book, program, self.parameters)
        return engine

    def _floor(self, claim: Claim) -> Last:
        if self.history is None:
            return (None, 0, None)
        if self.among_others and self.history.owner not in (None, claim.person.id):
            check_written_by(self.book, self.history)
            return (None, 0, None)
        check_belongs(self.book, self.history, claim)
        return (self.history.last, self.history.last_sequence, self.history.last_claim)


def _behind(claim: Claim, waiting: str) -> ClaimError:
    message = f"the claim {quoted(waiting)} of this person was refused before and is missing from what is counted"
    hint = f"hand in {quoted(waiting)} again, mended, and then this one"
    return ClaimError(Diagnostic("E565", message, None, "", hint, record=f"claim {quoted(claim.id)}"))


def settle_many(
    ruleset: Rulebook,
    claims: Iterable[Claim],
    history: History | None = None,
    *,
    parameters: Parameters = None,
    allow_assumed: bool = True,
    known_on: date | None = None,
    allow_draft: bool = False,
) -> Iterator[Settlement]:
    """Settle claims in order, each after what the member's earlier ones left behind.

    Raises ``RuleError`` as ``settle`` does, and ``ClaimError`` at the first claim that cannot be settled; those before
    it have been yielded. Use ``Chain`` where a bad claim must not stop those of other members.
    """
    chain = Chain(ruleset, history, parameters, allow_assumed, known_on, allow_draft)
    for claim in claims:
        yield chain.settle(claim)
