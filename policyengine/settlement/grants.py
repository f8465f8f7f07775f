"""Sums to the person outside the bill: childbirth allowance, one-off aid, transport. In no split and no identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.money import decimal_of

if TYPE_CHECKING:
    from policyengine.settlement.result import Settlement


@dataclass(frozen=True, slots=True)
class Granted:
    """``amount`` goes from ``payer`` to the person. ``provision`` says so; ``label``: what people call it."""

    provision: str
    payer: str
    amount: Decimal
    label: Mapping[str, str]
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[str, ...] = ()


def grants_of(settlement: Settlement) -> tuple[Granted, ...]:
    """The grants that come to something, in file order."""
    return tuple(_granted(settlement, g) for g in settlement.layout.program.grants if settlement.minor(g.step))


def _granted(settlement: Settlement, grant: ir.Grant) -> Granted:
    step = settlement.layout.program.steps[settlement.layout.index[grant.step]]
    amount = decimal_of(settlement.minor(grant.step), settlement.layout.exponent)
    return Granted(grant.provision, grant.payer, amount, step.label, step.cites, tuple(map(str, step.assumed)))
