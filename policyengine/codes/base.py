"""What is told about a code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """``bad`` and ``good`` are small examples, of a rule file unless the code is about claims. The tests run them."""

    title: str
    cause: str
    cure: str
    bad: str = ""
    good: str = ""
