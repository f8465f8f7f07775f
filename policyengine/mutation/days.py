"""Days off by one: a sentence that begins or ends a day early or late."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from policyengine.errors import Span
from policyengine.mutation.model import Change
from policyengine.mutation.nodes import Variant
from policyengine.ruleset import NEVER, Dates, Parameter

_DAY: Final = datetime.timedelta(days=1)


def of_days(valid: Dates, span: Span) -> Iterator[tuple[Change, Dates]]:
    """A period [from, to) with one of its ends a day earlier and a day later."""
    if valid == NEVER:
        return
    for at, day in enumerate(valid):
        for by in (-_DAY, _DAY) if day is not None else ():
            assert day is not None
            other = (day + by, valid[1]) if at == 0 else (valid[0], day + by)
            if None in other or other[0] < other[1]:  # type: ignore[operator]
                word = ("from", "to")[at]
                yield Change("day", span, f"{word}: {day}", f"{word}: {day + by}"), other


def of_values(parameter: Parameter) -> Iterator[Variant]:
    """A day on which a parameter changes, a day earlier and a day later: for the value that ends and the one that
    begins, so that no day is without a value."""
    ends = {day for dated in parameter.values for day in dated.valid if day is not None}
    for day in sorted(ends):
        span = next(dated.span for dated in parameter.values if day in dated.valid) or parameter.id.span
        for by in (-_DAY, _DAY):
            values = tuple(replace(dated, valid=_moved(dated.valid, day, day + by)) for dated in parameter.values)
            if all(start is None or end is None or start < end for start, end in (v.valid for v in values)):
                yield Change("day", span, str(day), str(day + by)), replace(parameter, values=values)


def _moved(valid: Dates, day: datetime.date, to: datetime.date) -> Dates:
    start, end = (to if one == day else one for one in valid)
    return (start, end)
