"""The section ``settlement``: how the course of a stay goes under each timing."""

from __future__ import annotations

from typing import Final

from policyengine.parse.common import EVIDENCE, HOLDS, PUBLISHED, Read, common
from policyengine.resolve import fault
from policyengine.ruleset import CourseDecl
from policyengine.shapes import Choice, Field, Flag, Name, Shape, Word, read_record, scalar
from policyengine.source import Node

EVERY: Final = "every"
"""The entry that speaks for every timing, and for claims of which no timing says anything."""
MOST_DAYS, MOST_PARTS = 36_600, 1_200
REVERSE: Final = ("block", "subtract", "readjudicate")


def _whole(most: int) -> Shape:
    """A whole number from 0 on."""

    def read(node: Node) -> int:
        text = scalar(node, "a whole number").text
        if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= most):
            raise fault("E306", f"`{text}` is not a whole number from 0 to {most}", node.span, f"0 … {most}")
        return int(text)

    return Read(read, {"type": "integer", "minimum": 0, "maximum": most})


COURSE = (
    Field("agreement", Flag(), "whether an agreement is signed before the settlement; default no"),
    Field("due", _whole(MOST_DAYS), "days after the settlement by which the own share is paid; default 0"),
    Field("instalments", _whole(MOST_PARTS), "in how many parts it may be paid, 0 for none; default any number"),
    Field("within", _whole(MOST_DAYS), "days after the settlement by which the last part is paid; default any"),
    Field("default", Name(), "the fact, a flag, that a default makes true of the person; default none"),
    Field("repaid", Choice(("any", "in_order")), "whether funds pay in the order of the layers; default any"),
    Field("reverse", Choice(REVERSE), "what becomes of later settlements when an earlier one is taken back; default "
          "block"),
    Field("replaces", Flag(), "whether it takes the place of the parent's entry of this name"),
    HOLDS,
    PUBLISHED,
    *EVIDENCE,
)  # fmt: skip


def read_course(key: Word, node: Node) -> CourseDecl:
    """An entry of the section. Raises ``RuleError``."""
    values = read_record(node, COURSE, "a course")
    return CourseDecl(key, **common(values), **values)
