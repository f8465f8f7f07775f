"""Pieces of Python source text: integer arithmetic written out as single expressions.

An *atom* is a name or a number: it can be written twice without being computed twice. Everything else is put in
parentheses and, where it is needed twice, kept in a temporary by ``:=``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from policyengine.money import round_ratio

Fresh = Callable[[], str]
"""Gives a new temporary name."""


def is_atom(text: str) -> bool:
    return text.isidentifier() or text.strip("(-)").isdecimal()


def nesting(text: str) -> int:
    """How deep brackets nest."""
    levels = accumulate((char == "(") - (char == ")") for char in text if char in "()")
    return max(levels, default=0)


def number(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"


def times(text: str, factor: int) -> str:
    if factor == 1:
        return text
    return number(int(text) * factor) if text.isdecimal() else f"({text} * {number(factor)})"


def over(text: str, divisor: int) -> str:
    """A division that leaves no rest."""
    return text if divisor == 1 else f"({text} // {divisor})"


def held(text: str, fresh: Fresh) -> tuple[str, str]:
    """Two texts: one that computes the value at its first use, one that repeats it."""
    if is_atom(text):
        return text, text
    name = fresh()
    return f"({name} := {text})", name


def extreme(texts: Sequence[str], sign: str, fresh: Fresh) -> str:
    """The least (``sign`` is ``<=``) or the greatest (``>=``) of the values."""
    best = texts[0]
    for text in texts[1:]:
        first, again = held(best, fresh)
        second, other = held(text, fresh)
        best = f"({again} if {first} {sign} {second} else {other})"
    return best


def rounded(text: str, denominator: int, mode: str, unit: int, fresh: Fresh) -> str:
    """``text / denominator`` rounded to a multiple of ``unit``, whatever its sign; modes as in ``money.MODES``."""
    divisor = denominator * unit
    if divisor == 1:
        return text
    first, again = held(text, fresh)
    if mode == "half_even" and divisor % 2 == 0:
        return times(_half_even(first, again, divisor, fresh), unit)
    offset = {"half_up": divisor // 2, "half_even": divisor // 2, "half_down": (divisor - 1) // 2,
              "up": divisor - 1, "down": 0}[mode]  # fmt: skip
    above = f"({again} + {offset}) // {divisor}" if offset else f"{again} // {divisor}"
    below = f"-(({offset} - {again}) // {divisor})" if offset else f"-(-{again} // {divisor})"
    return times(f"({above} if {first} >= 0 else {below})", unit)


def divider(divisor: int, mode: str, unit: int) -> Callable[[int, int, int], int]:
    """A function of three integers: ``of × part / (whole × divisor)`` rounded, times ``unit``."""
    return lambda of, part, whole: round_ratio(of * part, whole * divisor, mode) * unit


def _half_even(first: str, again: str, divisor: int, fresh: Fresh) -> str:
    """Rounded half upwards; one less if that was a tie and the result is odd. Right for both signs."""
    half, result = divisor // 2, fresh()
    return (
        f"({result} - 1 if ({result} := ({first} + {half}) // {divisor}) & 1"
        f" and not ({again} + {half}) % {divisor} else {result})"
    )


def by_edges(first: str, again: str, edges: Sequence[int], results: Sequence[str]) -> str:
    """``results[i]`` for a value with ``i`` edges at or below it: a balanced tree of comparisons."""
    if not edges:
        return results[0]
    middle = len(edges) // 2
    below = by_edges(again, again, edges[:middle], results[: middle + 1])
    above = by_edges(again, again, edges[middle + 1 :], results[middle + 1 :])
    return (
        below if below == above and first == again else f"({below} if {first} < {number(edges[middle])} else {above})"
    )
