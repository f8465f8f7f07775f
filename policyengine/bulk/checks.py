"""What must hold between the columns of a claim: days in order, grade and level, sums; each claim counted once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.batch import Codes, Column, Days, Numbers, are_one_each
from policyengine.bulk.columns import either
from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.fees import Fees, of_claims
from policyengine.bulk.hashing import Offsets
from policyengine.bulk.identity import is_same, plain_ids, texts_of, whole_numbers
from policyengine.claim.models import MOST_LINES
from policyengine.ir import NO_DAY
from policyengine.money import MAX_MINOR
from policyengine.terms import FACTS

_NOT_BEFORE = (
    ("discharge_date", "admission_date"), ("settlement_date", "admission_date"), ("billed_from", "admission_date"),
    ("discharge_date", "billed_from"), ("admission_date", "birth_date"), ("discharge_date", "birth_date"),
    ("settlement_date", "birth_date"), ("service_date", "birth_date"),
)  # fmt: skip
"""Days of which the first is not before the second, where both are stated."""


def unsound(claims: Mapping[str, Column], fees: Fees) -> Bad:
    """The claims whose columns contradict each other, or whose lines sum up to too much."""
    bad: Bad = None
    for wrong in (*_days(claims), *_of_lines(claims, fees), _level(claims)):
        bad = either(bad, wrong)
    return bad


def _days(claims: Mapping[str, Column]) -> Iterator[Bad]:
    for later, earlier in _NOT_BEFORE:
        one, other = claims.get(later), claims.get(earlier)
        if isinstance(one, Days) and isinstance(other, Days):
            wrong = (one.values < other.values) & (one.values != NO_DAY)  # a day that is not stated is the least
            yield wrong if wrong.any() else None


def _of_lines(claims: Mapping[str, Column], fees: Fees) -> Iterator[Bad]:
    amounts, dates = fees.lines.get("amount"), fees.lines.get("line_date")
    if isinstance(amounts, Numbers) and len(amounts.values):
        most = 1 if are_one_each(fees.offsets) else MOST_LINES
        if int(amounts.values.max()) * most > MAX_MINOR:
            wrong = _too_much(amounts.values, fees.offsets, MAX_MINOR)
            yield wrong if wrong.any() else None
    if isinstance(dates, Days):
        counts = np.diff(fees.offsets)
        stated = dates.values != NO_DAY
        for name, after in (("admission_date", False), ("discharge_date", True)):
            of_claim = claims.get(name)
            if isinstance(of_claim, Days):
                day = np.repeat(of_claim.values, counts)
                outside = dates.values > day if after else dates.values < day
                outside &= stated & (day != NO_DAY)
                yield of_claims(outside, fees.offsets) if outside.any() else None


@compiled
def _too_much(amounts: NDArray[np.int64], offsets: NDArray[np.int64], most: int) -> NDArray[np.bool_]:
    out = np.zeros(len(offsets) - 1, np.bool_)
    for i in range(len(out)):
        total = 0
        for at in range(offsets[i], offsets[i + 1]):
            total += amounts[at]
        out[i] = total > most
    return out


def _level(claims: Mapping[str, Column]) -> Bad:
    """Claims whose hospital has a grade of another level."""
    grade, level = claims.get("hospital_grade"), claims.get("hospital_level")
    if not isinstance(grade, Codes) or not isinstance(level, Codes):
        return None
    grades, levels = (FACTS[name].codes() for name in ("hospital_grade", "hospital_level"))
    of_grade = [grades.get(word, "").partition("_")[0] for word in grade.words]
    of_level = [levels.get(word, "") for word in level.words]
    differs = np.array([[one != other for other in of_level] for one in of_grade], np.bool_)
    if not differs.any():
        return None
    both = (grade.positions >= 0) & (level.positions >= 0)
    wrong = np.zeros(len(both), np.bool_)
    wrong[both] = differs[grade.positions[both], level.positions[both]]
    return wrong if wrong.any() else None


def repeated(ids: pa.Array, people: NDArray[np.int64], bad: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows of sound claims that have the id of the sound claim of the same person before them."""
    texts = plain_ids(ids)
    if pa.types.is_integer(texts.type):
        numbers = whole_numbers(texts)
        if not bad.any() and not _any_twice(numbers):
            return np.zeros(0, np.int64)
        return np.flatnonzero(_repeated_numbers(numbers, people, bad))
    return np.flatnonzero(_repeated_texts(*texts_of(texts), people, bad))


@compiled
def _any_twice(ids: NDArray[np.int64]) -> bool:
    """Whether any is that of the row before it."""
    found = False
    for i in range(1, len(ids)):
        found |= ids[i] == ids[i - 1]
    return found


@compiled
def _repeated_numbers(ids: NDArray[np.int64], people: NDArray[np.int64], bad: NDArray[np.bool_]) -> NDArray[np.bool_]:
    out, last = np.zeros(len(ids), np.bool_), -1
    for i in range(len(ids)):
        if bad[i]:
            continue
        if last >= 0 and ids[i] == ids[last] and people[i] == people[last]:
            out[i] = True
        else:
            last = i
    return out


@compiled
def _repeated_texts(
    offsets: Offsets, data: NDArray[np.uint8], people: NDArray[np.int64], bad: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    out, last = np.zeros(len(offsets) - 1, np.bool_), -1
    for i in range(len(out)):
        if bad[i]:
            continue
        if last >= 0 and people[i] == people[last] and is_same(offsets, data, last, i):
            out[i] = True
        else:
            last = i
    return out
