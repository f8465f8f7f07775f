"""The policy of the benchmark in plain integers, written from its words; shares nothing with the library."""

from __future__ import annotations

from benchmarks.bills import Bill

DEDUCTIBLE = {"tertiary": 100_000, "secondary": 50_000, "primary": 20_000, "ungraded": 20_000}
EDGES = (1_000_000, 4_000_000)
SHARES_PER_MILLE = (650, 725, 850)
UPLIFT_PER_MILLE = 50
CEILING = 6_000_000


def fund_pays(bill: Bill) -> int:
    """What the fund bears of a bill, in minor units; half a unit rounds up."""
    rest = bill.amount - min(bill.amount, DEDUCTIBLE[bill.level])
    first, second = min(rest, EDGES[0]), max(min(rest, EDGES[1]) - EDGES[0], 0)
    slices = (first, second, rest - first - second)
    uplift = UPLIFT_PER_MILLE if bill.poor else 0
    thousandths = sum(part * (share + uplift) for part, share in zip(slices, SHARES_PER_MILLE, strict=True))
    return min((thousandths + 500) // 1000, CEILING)
