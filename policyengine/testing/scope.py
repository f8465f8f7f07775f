"""The names of a drawn rule file, by what stands behind them, so that most of what is drawn means something."""

from __future__ import annotations

from dataclasses import dataclass, field

FLAGS = ("registered_poor", "retired", "referred", "建档立卡贫困人口", "student")
"""Flags of the glossary."""

CODES = {
    "care_type": ("住院", "outpatient", "门诊慢特病"),
    "tier": ("county", "市级", "province"),
    "area": ("县域内", "out_of_province"),
    "hospital_level": ("tertiary", "二级"),
    "scheme": ("resident", "职工"),
}
"""Codes of the glossary, with some of their words."""

FUNDS = ("pooled_fund", "critical_illness", "medical_assistance", "other_fund", "poverty_fund")
AMOUNTS = ("paid", "payable", "kept", "deductible", "coinsurance", "over_ceiling")
"""What every layer leaves."""


@dataclass(slots=True)
class Scope:
    """``values``: names by the kind of what they stand for. ``layers``: those that have acted where something is drawn.

    ``row``: whether a fee line is looked at. ``bare``: names that mean something only there (``base``, ``left``).
    """

    parts: tuple[str, ...]
    funds: tuple[str, ...] = FUNDS
    values: dict[str, list[str]] = field(default_factory=lambda: {k: [] for k in ("money", "rate", "count", "flag")})
    codes: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(CODES))
    formulas: list[str] = field(default_factory=list)
    windows: list[str] = field(default_factory=lambda: ["benefit_year", "calendar_year", "month", "lifetime"])
    meters: dict[str, list[str]] = field(default_factory=lambda: {"money": [], "count": []})
    stacks: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    slots: dict[str, list[str]] = field(default_factory=lambda: {"money": [], "rate": []})
    row: bool = False
    bare: tuple[str, ...] = ()
