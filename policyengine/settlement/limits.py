"""What is limited, and how far: every deductible, ceiling and own-cost cap, what was used of it and what is left."""

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
class LimitUse:
    """One limit and this claim. Amounts in whole currency units.

    ``used_before``: what earlier claims of its window used; ``used_now``: what this claim uses; ``left``: what later
    ones can use, never below zero. Without a ``meter`` the limit is one of each claim. ``layers``: all that share it.
    """

    provision: str
    kind: str
    label: Mapping[str, str]
    layers: tuple[str, ...]
    meter: ir.Meter | None
    limit: Decimal
    used_before: Decimal
    used_now: Decimal
    left: Decimal
    applies: bool


def limits_of(settlement: Settlement) -> tuple[LimitUse, ...]:
    """Every limit of the program in the order of the layers; one that layers share stands once."""
    shared: dict[tuple[str, str], list[ir.Limit]] = {}
    for limit in settlement.layout.program.limits:
        shared.setdefault((limit.provision, limit.meter or limit.layer), []).append(limit)
    return tuple(_use(settlement, same) for same in shared.values())


def _use(settlement: Settlement, same: list[ir.Limit]) -> LimitUse:
    limit, program, exponent = same[0], settlement.layout.program, settlement.layout.exponent
    meter = next((m for m in program.meters if m.name == limit.meter), None)
    stated, now = settlement.minor(limit.limit), settlement.minor(limit.used)
    before = 0 if meter is None else _before(settlement, meter)
    counts = meter is None or settlement.holds(meter.when)
    after = ir.counted("sum" if meter is None else meter.keep, before, now) if counts else before
    label = next((s.label for s in program.steps if s.name == limit.provision), {})
    amounts = [decimal_of(minor, exponent) for minor in (stated, before, now, max(0, stated - after))]
    applies = any(settlement.holds(one.guard) for one in same)
    layers = tuple(one.layer for one in same)
    return LimitUse(
        limit.provision, limit.kind, label, layers, meter, amounts[0], amounts[1], amounts[2], amounts[3], applies
    )


def _before(settlement: Settlement, meter: ir.Meter) -> int:
    """What the meter held; nothing, if its window begins anew with this claim."""
    if meter.window.reset and settlement.holds(meter.window.reset):
        return 0
    return settlement.origin.facts().used[meter.name]
