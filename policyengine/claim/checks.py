"""What must hold between the fields of a claim: sums, signs, days, ids. Amounts become minor units here, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from policyengine.claim.problems import Path, Problem, quoted
from policyengine.claim.unknowns import unknown_problems
from policyengine.errors import nearest
from policyengine.money import EXPONENTS, MAX_MINOR, NotMoney, grouped, minor_from, text_of
from policyengine.terms import FACTS

if TYPE_CHECKING:
    from policyengine.claim.models import Claim, Encounter, FeeLine


@dataclass(frozen=True, slots=True)
class Minor:
    """The amounts of a claim in minor units, in the order of its lines; rates exact. ``None`` is "not stated".

    Lines of class a and c that state no first share have none: 0.
    """

    amounts: tuple[int, ...]
    price_limits: tuple[int | None, ...]
    first_share_rates: tuple[Fraction | None, ...]
    total: int
    income_annual: int | None
    elsewhere: dict[str, int]
    line_facts: bool
    """Whether any line states a declared fact."""
    unknown: bool
    """Whether any fact, of the claim or of a line, is said to be unknown."""


class _Reader:
    """Turns the amounts of one claim into minor units and keeps what is wrong with them."""

    def __init__(self, currency: str, correction: bool) -> None:
        self.exponent = EXPONENTS[currency]
        self.currency = currency
        self.correction = correction
        self.wrong: list[Problem] = []

    def minor(self, amount: Decimal, path: Path, signed: bool = False) -> int:
        """``amount`` in minor units; ``signed``: negative in a correction."""
        try:
            minor = minor_from(amount, self.exponent)
        except NotMoney as error:
            self._refuse(amount, path, str(error))
            return 0
        if minor < 0 and not (signed and self.correction):
            expected = "an amount of 0 or more"
            hint = "to correct a claim, settle the member's claims again with the right one" if signed else ""
            self.wrong.append(Problem("E511", path, "a negative amount", expected, hint))
        return minor

    def _refuse(self, amount: Decimal, path: Path, text: str) -> None:
        if abs(amount) > Decimal(text_of(MAX_MINOR, self.exponent)):
            expected = f"at most {grouped(MAX_MINOR, self.exponent)} {self.currency}"
            self.wrong.append(Problem("E512", path, f"the amount is {text}", expected))
        else:
            unit = f"at most {self.exponent} decimals" if self.exponent else "no decimals"
            self.wrong.append(Problem("E510", path, f"more decimals than {self.currency} has", unit))


def in_minor(claim: Claim) -> tuple[Minor, list[Problem]]:
    """The amounts of ``claim`` in minor units, and what is wrong with them."""
    if claim.currency not in EXPONENTS:
        text = f"the currency `{quoted(claim.currency)}` is not known"
        hint = nearest(claim.currency, EXPONENTS)
        return _NOTHING, [Problem("E519", ("currency",), text, "one of " + ", ".join(EXPONENTS), hint)]
    read = _Reader(claim.currency, claim.corrects is not None)
    amounts = tuple(
        [read.minor(line.amount, ("lines", i, "amount"), signed=True) for i, line in enumerate(claim.lines)]
    )
    limits = tuple(
        [
            None if line.price_limit is None else read.minor(line.price_limit, ("lines", i, "price_limit"))
            for i, line in enumerate(claim.lines)
        ]
    )
    rates = tuple([_first_share(line) for line in claim.lines])
    income = claim.person.income_annual
    elsewhere = {
        p.payer: read.minor(p.amount, ("paid_elsewhere", i, "amount"), signed=True)
        for i, p in enumerate(claim.paid_elsewhere)
    }
    income_minor = None if income is None else read.minor(income, ("person", "income_annual"))
    read.wrong += _sum_problems(claim, read, amounts)
    line_facts = any(line.facts for line in claim.lines)
    unknown = bool(claim.unknown) or any(line.unknown for line in claim.lines)
    return Minor(amounts, limits, rates, sum(amounts), income_minor, elsewhere, line_facts, unknown), read.wrong


def _first_share(line: FeeLine) -> Fraction | None:
    if line.first_share_rate is None:
        return _NO_SHARE if line.catalogue_class in ("a", "c") else None
    return Fraction(line.first_share_rate)


_NO_SHARE = Fraction(0)
_NOTHING = Minor((), (), (), 0, None, {}, False, False)


def _sum_problems(claim: Claim, read: _Reader, amounts: tuple[int, ...]) -> Iterator[Problem]:
    """The sum of the lines: within the limit, and equal to the total if that is stated."""
    if read.wrong:
        return
    total = sum(amounts)
    if abs(total) > MAX_MINOR:
        expected = f"at most {grouped(MAX_MINOR, read.exponent)} {read.currency}"
        yield Problem("E512", ("lines",), "the sum of the lines is larger than the limit of one claim", expected)
    elif claim.total is not None:
        stated = read.minor(claim.total, ("total",), signed=True)
        if not read.wrong and stated != total:
            shown, gap = grouped(total, read.exponent), grouped(abs(stated - total), read.exponent)
            text = f"the lines add up to {shown}, the total says {grouped(stated, read.exponent)}"
            yield Problem("E513", ("total",), text, shown, f"they differ by {gap} {read.currency}")


def problems_between(claim: Claim) -> Iterator[Problem]:
    """What is wrong between the fields of ``claim``, amounts aside."""
    yield from _day_problems(claim)
    yield from _twice(claim)
    yield from _misplaced(claim)
    yield from unknown_problems(claim)
    if claim.corrects == claim.id:
        yield Problem("E524", ("corrects",), "the claim corrects itself", "the id of the original claim")


_STAY = "admission_date", "discharge_date", "settlement_date", "service_date"


def _day_problems(claim: Claim) -> Iterator[Problem]:
    yield from _stay_problems(claim.encounter)
    admitted, left = claim.encounter.admission_date, claim.encounter.discharge_date
    for index, line in enumerate(claim.lines):
        if line.service_date is None:
            continue
        path: Path = ("lines", index, "service_date")
        if admitted and line.service_date < admitted:
            yield _order(path, line.service_date, "before the admission", admitted, "admission_date")
        elif left and line.service_date > left:
            yield _order(path, line.service_date, "after the discharge", left, "discharge_date")
    born = claim.person.birth_date
    days = [("encounter", name) for name in _STAY if getattr(claim.encounter, name)]
    if born and days:
        first = min(days, key=lambda path: (getattr(claim.encounter, path[1]), _STAY.index(path[1])))
        day = getattr(claim.encounter, first[1])
        if born > day:
            yield Problem(
                "E516", ("person", "birth_date"), f"the birth lies after {day}, the {first[1]}",
                "a birth before the care", related=((first[1], first),),
            )  # fmt: skip


def _stay_problems(encounter: Encounter) -> Iterator[Problem]:
    admitted = encounter.admission_date
    for name in ("discharge_date", "settlement_date"):
        day = getattr(encounter, name)
        if admitted and day and day < admitted:
            yield _order(("encounter", name), day, "before the admission", admitted, "admission_date")
    begun, left = encounter.billed_from, encounter.discharge_date
    if begun and admitted and begun < admitted:
        yield _order(("encounter", "billed_from"), begun, "before the admission", admitted, "admission_date")
    if begun and left and begun > left:
        yield _order(("encounter", "billed_from"), begun, "after the discharge", left, "discharge_date")


def _order(path: Path, day: date, relation: str, other: date, name: str) -> Problem:
    text = f"{day} lies {relation} of {other}"
    expected = f"{other} or {'later' if relation.startswith('before') else 'earlier'}"
    return Problem("E516", path, text, expected, related=((name, ("encounter", name)),))


def _twice(claim: Claim) -> Iterator[Problem]:
    """Ids of lines and payers of other payments that stand more than once."""
    for part, name, values in (
        ("lines", "id", [line.id for line in claim.lines]),
        ("paid_elsewhere", "payer", [p.payer for p in claim.paid_elsewhere]),
    ):
        stated = [v for v in values if v is not None]
        if len(set(stated)) == len(stated):
            continue
        for value in [v for v, times in Counter(stated).items() if times > 1]:
            first, *again = (i for i, v in enumerate(values) if v == value)
            for index in again:
                yield Problem(
                    "E518", (part, index, name), f"`{quoted(value)}` stands already at {part}[{first}]",
                    "each once", related=(("first here", (part, first, name)),),
                )  # fmt: skip


def _misplaced(claim: Claim) -> Iterator[Problem]:
    """Facts of the glossary, which have a place of their own, stated among the declared facts."""
    places: list[tuple[Path, dict[str, object]]] = [(("facts",), dict(claim.facts))]
    places += [(("lines", i, "facts"), dict(line.facts)) for i, line in enumerate(claim.lines) if line.facts]
    for path, stated in places:
        for name in stated:
            if fact := FACTS.get(name):
                text = f"`{name}` ({fact.zh}) has a place of its own in the claim"
                yield Problem("E525", (*path, name), text, f"`{fact.at}`")
