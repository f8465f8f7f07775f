"""Settling past claims again and comparing the amounts of the message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from policyengine.backtest.explain import Cause, Explainer
from policyengine.backtest.records import Official
from policyengine.chain import Chain
from policyengine.claim import Claim, History
from policyengine.engine import Parameters
from policyengine.errors import ClaimError
from policyengine.money import decimal_of, exponent_of, minor_from
from policyengine.rulebook import Rulebook
from policyengine.settlement.national import OF_PART, amounts

Kind = Literal["agrees", "refused", "bill", "parts", "rounding", "payers"]
"""``refused``: the rule set refuses the claim. ``bill``: another bill. ``parts``: the bill is cut up in another way.
``rounding``: no amount differs by more than one coin. ``payers``: who pays differs, and the bill is the same."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One record: for each field that differs what was official and what comes out, and what that points to."""

    claim: Claim
    kind: Kind
    fields: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    causes: tuple[Cause, ...] = ()
    refused: ClaimError | None = None


@dataclass(frozen=True, slots=True)
class Backtest:
    """All records. ``kinds``: how many there are of each kind."""

    compared: tuple[Compared, ...]

    @property
    def kinds(self) -> Mapping[Kind, int]:
        return Counter(one.kind for one in self.compared)

    @property
    def agreed(self) -> int:
        return self.kinds.get("agrees", 0)


def backtest(
    book: Rulebook,
    records: Iterable[Official],
    *,
    history: History | None = None,
    parameters: Parameters = None,
    known_on: date | None = None,
) -> Backtest:
    """Settles the claims in their order, each after the member's earlier ones, and compares what is given officially.

    Raises ``ClaimError`` for a history or parameters that do not fit the rule set; a claim that the rule set refuses is
    a record of kind ``refused``.
    """
    chain = Chain(book, history, parameters, known_on=known_on)
    explainer = Explainer()
    return Backtest(tuple(_compared(chain, explainer, record) for record in records))


def _compared(chain: Chain, explainer: Explainer, record: Official) -> Compared:
    try:
        settlement = chain.settle(record.claim)
    except ClaimError as error:
        return Compared(record.claim, "refused", refused=error)
    exponent = exponent_of(record.claim.currency)
    official = {name: minor_from(amount, exponent) for name, amount in record.official.items()}
    ours = amounts(settlement)
    apart = {name: (minor, ours[name]) for name, minor in official.items() if ours[name] != minor}
    if not apart:
        return Compared(record.claim, "agrees")
    shown = {n: (decimal_of(theirs, exponent), decimal_of(own, exponent)) for n, (theirs, own) in apart.items()}
    kind = _kind(apart)
    causes = () if kind == "bill" else explainer.causes(settlement, official)
    return Compared(record.claim, kind, shown, causes)


def _kind(apart: Mapping[str, tuple[int, int]]) -> Kind:
    if "medfee_sumamt" in apart:
        return "bill"
    if all(abs(theirs - own) <= 1 for theirs, own in apart.values()):
        return "rounding"
    return "parts" if any(name in apart for name in OF_PART.values()) else "payers"
