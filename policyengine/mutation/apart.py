"""Seeking the claims that tell a mutant from its rule file, and making them small."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from policyengine.casebook import Case
from policyengine.chain import Chain
from policyengine.claim import History
from policyengine.engine import program_for
from policyengine.errors import ClaimError
from policyengine.laws import tried
from policyengine.money import exponent_of, text_of
from policyengine.mutation.aim import aimed
from policyengine.mutation.lives import Life, Maker, bills
from policyengine.mutation.model import LAW, Apart
from policyengine.rulebook import Rulebook
from policyengine.runs import restated, rows_of
from policyengine.settlement import Settlement

Outcome = tuple[tuple[str, str], ...]
"""What is seen of one settlement: who bears what, the patient's part by reason, grants, payments; or the refusal."""


@dataclass(slots=True)
class Field:
    """Lives on which mutants of one rule file are compared with it. ``known``: what the file makes of those that are
    compared for every mutant."""

    make: Maker
    stated: tuple[Life, ...]
    drawn: tuple[Life, ...]
    known: dict[int, tuple[Outcome, ...]] = field(default_factory=dict)

    @property
    def book(self) -> Rulebook:
        return self.make.book

    def of_file(self, life: Life) -> tuple[Outcome, ...]:
        """What the rule file as it stands makes of a life."""
        if not life.kept:
            return tuple(outcomes(self.book, life))
        if id(life) not in self.known:
            self.known[id(life)] = tuple(outcomes(self.book, life))
        return self.known[id(life)]

    @classmethod
    def of(cls, book: Rulebook, cases: list[Case], seed: int, count: int) -> Field:
        make = Maker(book)
        return cls(make, tuple(make.of_cases(cases)), tuple(make.drawn(seed, count)))

    def lives(self, changed: Rulebook) -> Iterator[Life]:
        """First the lives of the cases, then those aimed at the change, at the days and the amounts that it touches,
        then drawn ones."""
        yield from self.stated
        aims = list(self._aimed(changed))
        for life in aims:
            yield life
            yield from self.make.beside(life)
        days = _days(self.book, changed)
        for life in (*aims, *self.stated) if days else ():
            yield from self.make.on_days(life, days)
        amounts = bills(self.book.programs, changed.programs)
        for life in (*aims, *self.stated):
            yield from self.make.with_bills(life, amounts)
        for life in self.stated:
            yield from self.make.beside(life)
        yield from self.drawn

    def _aimed(self, changed: Rulebook) -> Iterator[Life]:
        """Claims of each period for which the change counts."""
        for one, two in zip(self.book.programs, changed.programs, strict=False):
            for found in aimed(one, two, partial(restated, self.book)) if one is not two else ():
                claim = self.make.claim(found["claim"])
                history = History.model_validate(found["history"]) if "history" in found else None
                if claim is not None:
                    yield Life((claim,), found.get("parameters", {}), history)


def told_apart(ground: Field, changed: Rulebook, small: bool = True, most: int = 0) -> tuple[Apart | None, int]:
    """The first life that comes out differently, made ``small`` if asked; and how many claims were tried: ``most`` of
    them, if it is stated."""
    count = 0
    for life in ground.lives(changed):
        if most and count >= most:
            break
        count += len(life.claims)
        if not _concerned(ground.book, changed, life):
            continue
        at = _parting(ground, changed, life)
        if at is not None:
            found = replace(life, claims=life.claims[: at + 1], kept=False)
            return _apart(ground, changed, _small(ground, changed, found) if small else found), count
    return None, count


def broken_law(changed: Rulebook, apart: Apart) -> str:
    """The first law of all rule sets that the claims break under a mutant, as ``law: its id``; empty for none."""
    if apart.history is not None or "refused" in apart.changed:
        return ""
    try:
        breach = next(tried(replace(changed, prepared={}), apart.claims, apart.parameters), None)
    except ClaimError:
        return ""
    return f"{LAW}{breach.law.id}" if breach is not None else ""


def _concerned(book: Rulebook, changed: Rulebook, life: Life) -> bool:
    """Whether any claim is settled by a program that changed."""
    for claim in life.claims:
        try:
            if program_for(book, claim)[0] is not program_for(changed, claim)[0]:
                return True
        except ClaimError:
            return True
    return False


def _parting(ground: Field, changed: Rulebook, life: Life) -> int | None:
    """The first claim of a life of which the two make something else."""
    for at, (one, two) in enumerate(zip(ground.of_file(life), outcomes(changed, life), strict=False)):
        if not _alike(one, two):
            return at
    return None


def _alike(one: Outcome, two: Outcome) -> bool:
    """Whether the same is seen of two settlements, in whatever order the rule file names it."""
    return sorted(one) == sorted(two)


def outcomes(book: Rulebook, life: Life) -> Iterator[Outcome]:
    """What comes of the claims of a life; nothing is told behind a refusal that leaves the rest open."""
    try:
        chain = Chain(book, life.history, dict(life.parameters), among_others=True)
    except ClaimError as error:
        yield _refused(error)
        return
    for claim in life.claims:
        try:
            yield _seen(chain.settle(claim))
        except ClaimError as error:
            yield _refused(error)


def _refused(error: ClaimError) -> Outcome:
    return (("refused", error.diagnostics[0].code),)


def _seen(settlement: Settlement) -> Outcome:
    """Amounts in minor units; what is nothing is not told."""
    layout, values = settlement.layout, settlement.values
    seen: list[tuple[str, Any]] = list(settlement.split_minor.items())
    seen += [(f"patient {reason}", values[at]) for reason, at in layout.reasons]
    program = layout.program
    seen += [(f"grant {g.provision}", values[layout.index[g.step]]) for g in program.grants]
    if program.timings:
        seen += [(f"{p.payer} → {p.payee} {p.when}", p.amount) for p in settlement.payments]
    return tuple((name, str(amount)) for name, amount in seen if amount)


def _days(book: Rulebook, changed: Rulebook) -> list[datetime.date]:
    """The days on which only one of the two begins or ends a period, and the days before them."""
    one, two = ({end for p in x.programs for end in p.valid if end} for x in (book, changed))
    first = [datetime.date.fromisoformat(day) for day in sorted(one ^ two)]
    return sorted({day - datetime.timedelta(days=by) for day in first for by in (0, 1)})


def _apart(ground: Field, changed: Rulebook, life: Life) -> Apart:
    one, two = list(outcomes(ground.book, life))[-1], list(outcomes(changed, life))[-1]
    currency = ground.book.programs[-1].currency
    rows = () if ground.make.run is None else rows_of(ground.book, life.claims[-1])
    return Apart(life.claims, dict(life.parameters), life.history, _told(one, currency), _told(two, currency), rows)


def _told(seen: Outcome, currency: str) -> dict[str, str]:
    """An outcome with amounts as decimal texts."""
    exponent = exponent_of(currency)
    return {name: text_of(int(amount), exponent) if amount.isdecimal() else amount for name, amount in seen}


# -- small -------------------------------------------------------------------------------------------------------------


def _small(ground: Field, changed: Rulebook, life: Life) -> Life:
    """The life with everything left out, and every amount made round, that is not needed to tell the two apart."""
    refused = _refusals(ground, changed, life)
    found, smaller = life, True
    while smaller:
        smaller = False
        for other in _smaller(ground.make, found):
            one, two = list(outcomes(ground.book, other)), list(outcomes(changed, other))
            parts = not _alike(one[-1], two[-1]) and all(map(_alike, one[:-1], two[:-1]))
            if parts and _refusals(ground, changed, other) == refused:
                found, smaller = other, True
                break
    return found


def _refusals(ground: Field, changed: Rulebook, life: Life) -> list[Outcome]:
    """What is refused, and why, of a life: a smaller one must not be told apart by another mistake."""
    return [
        seen if "refused" in dict(seen) else ()
        for book in (ground.book, changed)
        for seen in list(outcomes(book, life))[-1:]
    ]


def _smaller(make: Maker, life: Life) -> Iterator[Life]:
    """A claim less, something of a claim less, an amount with fewer digits."""
    for at in range(len(life.claims) - 1):
        yield replace(life, claims=life.claims[:at] + life.claims[at + 1 :])
    for at, claim in enumerate(life.claims):
        data = claim.model_dump(mode="json", exclude_unset=True)
        for other in (*_simpler(make, data), *_less(data)):
            made = make.claim(other)
            if made is not None and made != claim:
                yield replace(life, claims=(*life.claims[:at], made, *life.claims[at + 1 :]))


def _less(value: Any) -> Iterator[Any]:
    """Plain data with one key, or one entry of a list, left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            for less in _less(inner):
                yield {**value, name: less}
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield value[:at] + value[at + 1 :]
            for less in _less(inner):
                yield [*value[:at], less, *value[at + 1 :]]


def _simpler(make: Maker, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    lines = data.get("lines", [])
    for at, line in enumerate(lines):
        for stated in (line["amount"], *(line["facts"][name] for name in make.amounts)):
            for amount in _rounder(str(stated)):
                for other in make.charged(line, amount):
                    yield {**data, "lines": [*lines[:at], other, *lines[at + 1 :]]}


def _rounder(amount: str) -> Iterator[str]:
    """Shorter amounts: 12345.67 is tried as 10000.00, 12000.00 … 12345.00."""
    whole, point, cents = amount.partition(".")
    for kept in range(1, len(whole) + 1):
        other = whole[:kept] + "0" * (len(whole) - kept) + (f".{'0' * len(cents)}" if point else "")
        if other != amount and any(c != "0" for c in whole[:kept]):
            yield other
