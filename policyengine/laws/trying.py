"""Laws tried on claims: what is broken, by how much, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from policyengine import ir
from policyengine.backends.evaluate import evaluate
from policyengine.chain import NOT_MISSED
from policyengine.claim import Claim, History
from policyengine.engine import Parameters, settle
from policyengine.errors import ClaimError
from policyengine.laws import altered
from policyengine.laws.amounts import Amounts, Measured, OfSettlement
from policyengine.laws.grounds import PREFIX, Grounds
from policyengine.laws.law import ChangeLaw
from policyengine.laws.table import (
    ENGINES_AGREE,
    LARGER_BILL,
    LINE_ORDER,
    OF_DOCUMENTS,
    OF_LIVES,
    OF_ONE,
    RAISED_CEILING,
    SPLIT_STAY,
    TAG_OF_POOR,
    AnyLaw,
)
from policyengine.laws.tags import tags_of
from policyengine.money import text_of
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

UNFIT = (*NOT_MISSED, "E563")
"""A claim that the policy does not cover, or whose payments made elsewhere do not fit it: no law speaks of it."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that is broken. ``claims``: those that show it, as they were settled; ``after``: those of the second
    settlement of a change. ``minor``: by how much, beyond ``tolerance``; both in minor units, zero where the law is not
    about an amount."""

    law: AnyLaw
    what: str
    claims: tuple[Claim, ...]
    after: tuple[Claim, ...] = ()
    minor: int = 0
    tolerance: int = 0
    exponent: int = 2

    @property
    def zh(self) -> str:
        return f"违反“{self.law.zh}”：{self._amount('相差')}{self.what}"

    @property
    def en(self) -> str:
        return f"breaks “{self.law.en}”: {self._amount('by')}{self.what}"

    def _amount(self, word: str) -> str:
        return f"{word} {text_of(self.minor, self.exponent)}, " if self.minor else ""


def broken(settlement: Settlement) -> tuple[str, ...]:
    """Every law of one settlement that it breaks, with what is wrong."""
    return tuple(f"{breach.law.id}: {breach.what} {breach.minor or ''}".rstrip() for breach in of_one(settlement))


def of_one(settlement: Settlement) -> Iterator[Breach]:
    """The laws of one settlement."""
    amounts = OfSettlement(settlement)
    for law in OF_ONE:
        for measured in law.excess(amounts):
            if measured.minor > 0:
                yield _breach(law, settlement, measured)
    for document in OF_DOCUMENTS:
        if wrong := document.wrong(settlement):
            yield Breach(document, wrong, (settlement.claim,))


def _breach(
    law: AnyLaw, settlement: Settlement, measured: Measured, after: tuple[Claim, ...] = (), tolerance: int = 0
) -> Breach:
    exponent = settlement.layout.exponent
    return Breach(law, measured.what, (settlement.claim,), after, measured.minor, tolerance, exponent)


def tried(book: Rulebook, life: Sequence[Claim], parameters: Parameters = None) -> Iterator[Breach]:
    """Every law on the claims of a member (a household, where a meter is kept for it) in their order: those of each
    settlement, those of one thing altered in each claim after what came before it, those of all claims together.

    Claims that the policy does not cover are passed over. Raises ``ClaimError`` for any other that cannot be settled,
    ``RuleError`` as ``settle`` does.
    """
    trial, history, settled = Trial(book, parameters), None, list[Claim]()
    for claim in life:
        settlement = settled_if_fit(book, claim, history, parameters)
        if settlement is None:
            continue
        settled.append(claim)
        history = settlement.history
        yield from of_one(settlement)
        if wrong := ENGINES_AGREE.wrong(settlement):
            yield Breach(ENGINES_AGREE, wrong, (claim,))
        yield from trial.of_changes(settlement)
    for law in OF_LIVES:
        if wrong := law.wrong(book, settled, parameters):
            yield Breach(law, wrong, tuple(settled))


def settled_if_fit(book: Rulebook, claim: Claim, history: History | None, parameters: Parameters) -> Settlement | None:
    """The settlement; ``None`` for a claim of which no law speaks. Raises ``ClaimError`` for any other refusal."""
    try:
        return settle(book, claim, history, parameters=parameters)
    except ClaimError as error:
        if all(d.code in UNFIT for d in error.diagnostics):
            return None
        raise


@dataclass(slots=True)
class Trial:
    """Laws of a change on settlements of one rule set. What is known of its programs is kept."""

    book: Rulebook
    parameters: Parameters
    known: dict[tuple[int, str], Grounds] = field(default_factory=dict)
    books: dict[tuple[int, str], Rulebook] = field(default_factory=dict)

    def of_changes(self, settlement: Settlement) -> Iterator[Breach]:
        """One thing altered in the claim, the history before it being the same."""
        claim, program = settlement.claim, settlement.layout.program
        if program.run is None:
            for by in altered.MORE:
                yield from self._compared(LARGER_BILL, settlement, altered.enlarged(claim, by), by)
            yield from self._split(settlement)
        if len(claim.lines) > 1:
            yield from self._compared(LINE_ORDER, settlement, altered.turned(claim))
        for tag in tags_of(program):
            if tag not in claim.person.tags:
                yield from self._compared(TAG_OF_POOR, settlement, altered.tagged(claim, tag))
        for ceiling in altered.ceilings(program):
            yield from self._compared(RAISED_CEILING, settlement, claim, book=self._raised(program, ceiling))

    def _raised(self, program: ir.Program, ceiling: str) -> Rulebook:
        key = (id(program), ceiling)
        if key not in self.books:
            self.books[key] = altered.with_program(self.book, program, altered.raised(program, ceiling))
        return self.books[key]

    def _settled(self, claim: Claim, after: Settlement, book: Rulebook | None = None) -> Settlement | None:
        """The claim in the place of one that was settled."""
        return settled_if_fit(book or self.book, claim, after.before, self.parameters)

    def _compared(
        self, law: ChangeLaw, one: Settlement, claim: Claim, grown: int = 0, book: Rulebook | None = None
    ) -> Iterator[Breach]:
        other = self._settled(claim, one, book)
        if other is not None:
            yield from self._judged(law, one, (other,), OfSettlement(other), grown)

    def _split(self, one: Settlement) -> Iterator[Breach]:
        first, second = altered.split(one.claim)
        settled = self._settled(first, one)
        if settled is None:
            return
        then = settled_if_fit(self.book, second, settled.history, self.parameters)
        if then is not None:
            both = Together(OfSettlement(settled), OfSettlement(then))
            yield from self._judged(SPLIT_STAY, one, (settled, then), both, 0)

    def _judged(
        self, law: ChangeLaw, one: Settlement, others: Sequence[Settlement], after: Amounts, grown: int
    ) -> Iterator[Breach]:
        grounds = self._grounds(law, one.layout.program)
        found = [m for m in law.excess(OfSettlement(one), after, grown) if m.minor > grounds.tolerance * len(others)]
        if found and not any(self._excused(grounds, one, other) for other in others):
            claims = tuple(other.claim for other in others)
            yield from (_breach(law, one, measured, claims, grounds.tolerance) for measured in found)

    def _excused(self, grounds: Grounds, one: Settlement, other: Settlement) -> bool:
        """Whether an exception bears on two settlements, or it cannot be told since its condition looks up a row that
        the table has not."""
        try:
            before, after = _watched(grounds, one), _watched(grounds, other)
        except ir.NoRow:
            return True
        return any(bears for _, bears in grounds.bearing(before, after))

    def _grounds(self, law: ChangeLaw, program: ir.Program) -> Grounds:
        key = (id(program), law.id)
        if key not in self.known:
            self.known[key] = Grounds(program, law)
        return self.known[key]


def _watched(grounds: Grounds, settlement: Settlement) -> Mapping[str, Any]:
    """How often the condition of each exception holds for a settlement. Raises ``NoRow``."""
    facts = settlement.origin.facts()
    program = settlement.layout.program
    watched = grounds.watched
    if program is not grounds.program:
        added = tuple(step for step in watched.steps if step.name.startswith(PREFIX))
        watched = replace(program, steps=(*program.steps, *added))
    return evaluate(watched, facts.inputs, facts.rows, facts.used)


@dataclass(frozen=True, slots=True)
class Together:
    """Two settlements as one: the sums of their amounts."""

    first: OfSettlement
    second: OfSettlement

    @property
    def program(self) -> ir.Program:
        return self.first.program

    def __getitem__(self, step: str) -> Any:
        return self.first[step] + self.second[step]

    def used(self, meter: str) -> Any:
        return self.first.used(meter)
