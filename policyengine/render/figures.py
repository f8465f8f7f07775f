"""Figures as a notice writes them: ``400元``, ``75%``, ``60岁以上``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from policyengine import ir
from policyengine.analysis import input_range
from policyengine.money import exponent_of, grouped, rate_text
from policyengine.questions.options import Option
from policyengine.report.amounts import amount_words
from policyengine.report.names import Lang, code_name, fact_name, pick

UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "age": ("岁", ""), "days_of_stay": ("天", " days"), "admission_ordinal": ("次", ""), "quantity": ("个", ""),
}  # fmt: skip


def cash(minor: int, currency: str) -> str:
    """An amount in a table of figures: always with its coins, without a unit."""
    return grouped(minor, exponent_of(currency))


def value_words(value: ir.Value, kind: ir.Kind, currency: str, lang: Lang) -> str:
    """A value of a program with its unit."""
    if isinstance(value, bool):
        return pick(("是", "yes") if value else ("否", "no"), lang)
    if isinstance(value, str):
        return value
    if kind in ("money", "exact"):
        return amount_words(value, currency, lang)
    return rate_text(Fraction(value)) if kind == "rate" else str(value)


def option_words(program: ir.Program, fact: str, option: Option, lang: Lang) -> str:
    """One thing that a fact can be."""
    decl = next(d for d in program.inputs if d.name == fact and d.domain == "claim")
    value = option.value
    if isinstance(value, bool):
        name = fact_name(program, fact, lang)
        return name if value else pick((f"非{name}", f"not {name}"), lang)
    if isinstance(value, str):
        return code_name(program, fact, value, lang)
    high: int | None = int(value) if option.high is None else option.high
    if option.high is not None and option.high >= input_range(decl)[1]:
        high = None
    return range_words(fact, int(value), high, decl.kind, program.currency, lang)


def joined(options: Sequence[Option]) -> list[Option]:
    """Options in rising order; numbers that follow one another are one range."""
    found: list[Option] = []
    for option in options:
        last = found[-1] if found else None
        if last is not None and last.high is not None and option.value == last.high + 1:
            found[-1] = Option(last.value, option.high)
        else:
            found.append(option)
    return found


def range_words(fact: str, low: int, high: int | None, kind: ir.Kind, currency: str, lang: Lang) -> str:
    """Numbers from ``low`` to ``high``, or without end: ``60岁及以上``, ``18–59岁``, ``up to 17``."""
    unit = "" if kind == "money" else pick(UNITS.get(fact, ("", "")), lang)
    first, last = (amount_words(n, currency, lang) if kind == "money" else str(n)
                   for n in (low, low if high is None else high))  # fmt: skip
    if high is None:
        return pick((f"{first}{unit}及以上", f"{first}{unit} or more"), lang)
    if high == low:
        return first + unit
    if low <= 0:
        return pick((f"{last}{unit}及以下", f"up to {last}{unit}"), lang)
    return f"{first}–{last}{unit}"
