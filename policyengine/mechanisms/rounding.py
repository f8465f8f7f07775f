"""A rounding as rule files write it: ``half_up 0.01元``, a mode and a unit."""

from __future__ import annotations

from policyengine import expressions as ast
from policyengine.errors import nearest
from policyengine.money import MODES
from policyengine.resolve import fault
from policyengine.shapes import Schema, Word, scalar
from policyengine.source import Node


class Rounding:
    """A mode and a unit, read as written; ``rounding_of`` makes them of it once the currency is known."""

    def read(self, node: Node) -> Word:
        return Word(scalar(node, "a mode and a unit such as `half_up 0.01元`").text, node.span)

    def schema(self) -> Schema:
        return {"type": "string"}


def rounding_of(word: Word, currency: str) -> tuple[str, int]:
    """The mode and the unit in minor units of ``currency``. Raises ``RuleError``."""
    words = word.text.split()
    if not words or words[0] not in MODES or len(words) > 2:
        expected = f"a mode ({', '.join(MODES)}) and a unit: `half_up 0.01元`"
        raise fault("E308", "not a rounding", word.span, expected, nearest(words[0], MODES) if words else "")
    unit = ast.parse_money(words[1], word.span, currency) if len(words) == 2 else 1
    if unit < 1:
        raise fault("E308", "the unit of rounding is at least the smallest coin", word.span)
    return words[0], unit
