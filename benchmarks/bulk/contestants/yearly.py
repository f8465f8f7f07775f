"""The figures of ``benchmarks/policy_year`` for those who write it by hand: minor units and hundredths."""

DEDUCTIBLES = (100_000, 50_000, 20_000, 20_000)
SHARES = (60, 75, 85, 85)
"""By position of the level, in hundredths."""
UPLIFT = 5
POOL_CEILING = 8_000_000
THRESHOLD, CRITICAL_SHARE, CRITICAL_CEILING = 1_000_000, 60, 30_000_000
AID_SHARE, AID_CEILING = 70, 2_000_000
PAYERS = ("pooled_fund", "critical_illness", "medical_assistance", "patient_total")
"""The four columns of a result."""
