"""The two rule sets as they are named: ``NAME``, a path, or either with ``@DAY``."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

from policyengine.assemble import read
from policyengine.difference.model import Side
from policyengine.errors import Diagnostic, RuleError
from policyengine.loading import load
from policyengine.rulebook import Roots, locate

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def split_name(text: str) -> tuple[str, datetime.date | None]:
    """A name or path, and the day behind its last ``@``, if there is one. Raises ``RuleError`` E810."""
    name, at, day = text.rpartition("@")
    if not at:
        return text, None
    try:
        if name and _DAY.fullmatch(day):
            return name, datetime.date.fromisoformat(day)
    except ValueError:
        pass
    message = f"`{day}` is not a day"
    raise RuleError(Diagnostic("E810", message, None, "NAME@DAY such as cn/shanxi/136@2018-01-01", record=text))


def side_of(text: str, path: Roots = ()) -> Side:
    """A rule set to compare, by name or path, perhaps ``@DAY``. Raises ``RuleError``."""
    name, day = split_name(text)
    return on_day(Side(name, read(locate(name, path)), load(name, path)), day)


def on_day(side: Side, day: datetime.date | None) -> Side:
    """The same rule set on one day. Raises ``RuleError`` E811 if it has no version for it."""
    if day is not None and side.book.program_on(day) is None:
        first, last = side.book.programs[0].valid[0] or "any day", side.book.programs[-1].valid[1] or "later"
        message = f"{side.book.name} has no version in force on {day}"
        raise RuleError(Diagnostic("E811", message, None, f"a day from {first} to {last}", record=side.name))
    return replace(side, day=day)
