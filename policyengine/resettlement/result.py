"""What settling again comes to: which settlements change, by how much for each payer, and the sums due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policyengine.claim import History
from policyengine.money import decimal_of
from policyengine.settlement import Settlement

RATES = ("pool_prop_selfpay",)
"""Decimals of the national message that are no amounts."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A claim whose settlement changes; ``before`` is missing where it is inserted, ``after`` where it is reversed."""

    claim_id: str
    before: Settlement | None
    after: Settlement | None

    @property
    def kind(self) -> str:
        """``inserted``, ``reversed`` or ``changed``."""
        return "inserted" if self.before is None else "reversed" if self.after is None else "changed"

    @property
    def settlement(self) -> Settlement:
        """The settlement that stands, or that stood."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def difference_minor(self) -> dict[str, int]:
        """``difference`` in minor units."""
        old, new = _split(self.before), _split(self.after)
        return {payer: new.get(payer, 0) - old.get(payer, 0) for payer in dict.fromkeys((*new, *old))}

    @property
    def difference(self) -> dict[str, Decimal]:
        """What each payer bears now, less what it bore: positive is to be paid after, negative to be paid back."""
        exponent = self.settlement.layout.exponent
        return {payer: decimal_of(minor, exponent) for payer, minor in self.difference_minor.items()}

    @property
    def granted(self) -> dict[str, Decimal]:
        """By how much grants change, by provision; those that stay are left out."""
        old, new = _grants(self.before), _grants(self.after)
        found = {name: new.get(name, Decimal(0)) - old.get(name, Decimal(0)) for name in dict.fromkeys((*new, *old))}
        return {name: amount for name, amount in found.items() if amount}

    def reversal(self) -> dict[str, Any]:
        """The settlement that takes the first one back: its national message with every amount negated; empty for none.

        The interface of the message is left out: it is another than that of the settlement.
        """
        if self.before is None:
            return {}
        message = self.before.national()
        del message["interface"]
        return {name: value if name in RATES else _negated(value) for name, value in message.items()}


def _split(settlement: Settlement | None) -> Mapping[str, int]:
    return {} if settlement is None else settlement.split_minor


def _grants(settlement: Settlement | None) -> dict[str, Decimal]:
    return {} if settlement is None else {grant.provision: grant.amount for grant in settlement.grants}


def _negated(value: Any) -> Any:
    match value:
        case Decimal():
            return -value
        case list():
            return [{name: _negated(inner) for name, inner in node.items()} for node in value]
        case _:
            return value


@dataclass(frozen=True, slots=True)
class Resettlement:
    """Two runs of claims held against each other.

    ``before``: as first settled; ``after``: settled again; ``changes``: what differs, in the order of settling;
    ``history_before``, ``history``: the accumulators that each run leaves behind.
    """

    before: tuple[Settlement, ...]
    after: tuple[Settlement, ...]
    changes: tuple[Moved, ...]
    history_before: History
    history: History

    @property
    def equal(self) -> int:
        """How many claims stay as they were."""
        return len(self.after) - sum(moved.after is not None for moved in self.changes)

    @property
    def paid_after(self) -> dict[str, Decimal]:
        """What each payer is to pay in addition, over all claims."""
        return self._sums(1)

    @property
    def paid_back(self) -> dict[str, Decimal]:
        """What each payer gets back, over all claims."""
        return self._sums(-1)

    def _sums(self, sign: int) -> dict[str, Decimal]:
        found: dict[str, int] = {}
        for moved in self.changes:
            for payer, minor in moved.difference_minor.items():
                found[payer] = found.get(payer, 0) + max(0, sign * minor)
        exponent = self.changes[0].settlement.layout.exponent if self.changes else 0
        return {payer: decimal_of(minor, exponent) for payer, minor in found.items()}


def moved(before: Iterable[Settlement], after: Iterable[Settlement]) -> Iterator[Moved]:
    """What differs between two runs, in the order of the second; what is gone stands where it stood in the first."""
    new = {s.claim.id: s for s in after}
    pending = list(new)
    old = {s.claim.id: s for s in before}
    for claim_id, settlement in old.items():
        if claim_id not in new:
            yield Moved(claim_id, settlement, None)
            continue
        while pending and claim_id in pending:
            next_id = pending.pop(0)
            if found := _pair(next_id, old.get(next_id), new[next_id]):
                yield found
    for claim_id in pending:
        if found := _pair(claim_id, old.get(claim_id), new[claim_id]):
            yield found


def _pair(claim_id: str, before: Settlement | None, after: Settlement) -> Moved | None:
    same = before is not None and (before.split_minor, before.patient, _grants(before)) == (
        after.split_minor, after.patient, _grants(after)
    )  # fmt: skip
    return None if same else Moved(claim_id, before, after)
