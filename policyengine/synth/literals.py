"""Values and shares as a profile writes them: whole numbers, ``元``, ``%``, yes and no."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from policyengine import expressions as ast
from policyengine.resolve import fault
from policyengine.shapes import scalar
from policyengine.source import MapNode, Node
from policyengine.synth.model import MILLION, Kind

LARGEST = 2**31 - 1
"""The largest number that is drawn: fen, millionths, units."""
FEN = 100


@dataclass(frozen=True, slots=True)
class Value:
    """A number as written, in fen, millionths or units; exact."""

    kind: Kind
    number: Fraction

    @property
    def whole(self) -> int:
        return int(self.number)


def value_of(node: Node, kind: Kind | None = None) -> Value:
    """The number of a scalar. Raises E726 for other texts, for another ``kind``, and for what is too large."""
    expected = {"money": "an amount such as 700元", "rate": "a share such as 85%", "count": "a number such as 3"}
    text = scalar(node, expected.get(kind or "", "a number, an amount or a share")).text
    found = ast.parse_expression(text, node.span)
    if not isinstance(found, ast.Number) or found.unit not in ("", "%", "CNY"):
        raise fault("E726", f"`{text}` is not a number", node.span, expected.get(kind or "", "3, 700元 or 85%"))
    unit: Kind = "money" if found.unit == "CNY" else "rate" if found.unit == "%" else "count"
    if kind is not None and unit != kind:
        raise fault("E726", f"`{text}` is {_called(unit)}", node.span, expected[kind])
    number = found.value * {"money": FEN, "rate": MILLION}.get(unit, 1)
    if number > LARGEST:
        raise fault("E726", f"`{text}` is too large", node.span, "at most 21474836元, or 2147483647")
    return Value(unit, number)


def whole_of(node: Node, kind: Kind | None = None) -> Value:
    """As ``value_of``; E726 for parts of a fen or of a unit."""
    found = value_of(node, kind)
    if found.number.denominator != 1:
        raise fault(
            "E726", "the number is not whole", node.span, "fen, whole units, at most four decimals of a percent"
        )
    return found


def _called(kind: Kind) -> str:
    return {"money": "an amount of money", "rate": "a share", "count": "a plain number"}[kind]


def share_of(node: Node) -> Fraction:
    """A share from 0 to 100 %. Raises E726 and what the literal raises."""
    return ast.parse_rate(scalar(node, "a share such as 85%").text, node.span, "share")


def shares_of(node: Node) -> tuple[tuple[str, Fraction], ...]:
    """Words with their shares: percentages that sum to 100 %, or plain numbers, of which each takes its part.

    Raises E301, E722.
    """
    if not isinstance(node, MapNode) or not node.entries:
        raise fault("E301", "a mapping is needed here", node.span, "words with their shares")
    plain = all("%" not in scalar(value, "a share such as 85%").text for _, value in node.entries)
    numbers = [value_of(value, "count").number if plain else share_of(value) for _, value in node.entries]
    total = sum(numbers)
    if total == 0 or (not plain and total != 1):
        said = "are all 0" if total == 0 else f"sum to {_percent(Fraction(total))}"
        raise fault("E722", f"the shares {said}", node.span, "100%, or plain numbers of which each takes its part")
    return tuple((key.text, number / total) for (key, _), number in zip(node.entries, numbers, strict=True))


def _percent(share: Fraction) -> str:
    tenths = share * 10**6
    text = f"{int(tenths) // 10**4}.{int(tenths) % 10**4:04d}".rstrip("0").rstrip(".")
    return f"{text}%"
