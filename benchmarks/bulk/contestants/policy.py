"""The figures of ``benchmarks/policy`` for those who write it by hand, in minor units and thousandths."""

DEDUCTIBLES = (100_000, 50_000, 20_000, 20_000)
"""By position of the level."""
FIRST_EDGE, SECOND_EDGE = 1_000_000, 4_000_000
SHARES = (650, 725, 850)
UPLIFT = 50
CEILING = 6_000_000
