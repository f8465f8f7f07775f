"""Fee lines: out of a list column, out of a table of their own, or made of columns of the claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.batch import Codes, Column, Days, Flags, Ids, Numbers, one_each
from policyengine.bulk.columns import column, constant, either
from policyengine.bulk.days import Bad
from policyengine.bulk.plan import Plan, Reading
from policyengine.claim.models import MOST_LINES
from policyengine.ir import NO_DAY
from policyengine.terms import FACTS

CLASSES = FACTS["catalogue_class"]


class Fees(NamedTuple):
    """Lines of claim ``i`` are those from ``offsets[i]`` to ``offsets[i + 1]``; ``bad``: claims with a line that cannot
    be read."""

    offsets: NDArray[np.int64]
    lines: Mapping[str, Column]
    bad: Bad


def without_lines(count: int) -> Fees:
    """Claims without a bill."""
    return Fees(np.zeros(count + 1, np.int64), {}, None)


def listed(plan: Plan, array: pa.Array) -> Fees:
    """The lines of a column of lists. A list that is not stated has none."""
    lengths = array.value_lengths().fill_null(0).to_numpy()
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    inner = array.flatten()
    children = dict(zip([child.name for child in inner.type], inner.flatten(), strict=True))
    fees = lines_of(plan.lines, children, len(inner), offsets)
    if not inner.null_count:
        return fees
    missing = ~inner.is_valid().to_numpy(zero_copy_only=False)
    return fees._replace(bad=either(fees.bad, of_claims(missing, offsets)))


def lines_of(
    readings: Sequence[Reading], arrays: Mapping[str, Any], count: int, offsets: NDArray[np.int64]
) -> Fees:  # fmt: skip
    """Lines whose facts stand in columns of lines."""
    made, bad = dict[str, Column](), None
    for reading in readings:
        one, wrong = column(reading, arrays[reading.column]) if reading.column else constant(reading, count)
        made[reading.fact.name] = one
        if reading.fact.name in ("amount", "category"):
            wrong = either(wrong, unstated(one))
        bad = either(bad, wrong)
    of_claim = None if bad is None else of_claims(bad, offsets)
    many = np.diff(offsets) > MOST_LINES
    return Fees(offsets, made, either(of_claim, many if many.any() else None))


def unstated(made: Column) -> Bad:
    """The rows on which nothing is stated."""
    match made:
        case Codes(positions, _):
            missing = positions < 0
        case Numbers(_, stated) | Flags(_, stated):
            return None if stated is None or stated.all() else ~stated
        case Days(values):
            missing = values == NO_DAY
        case Ids(_, texts):
            return texts.is_null().to_numpy(zero_copy_only=False) if texts.null_count else None
    return missing if missing.any() else None


def of_claims(bad: NDArray[np.bool_], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The claims of which any line is bad."""
    before = np.concatenate(([0], np.cumsum(bad)))
    return np.asarray(before[offsets[1:]] > before[offsets[:-1]])


def with_first_shares(lines: Mapping[str, Column]) -> Mapping[str, Column]:
    """The lines with a first share of nothing where the class is a or c and none is stated."""
    classes, shares = lines.get("catalogue_class"), lines.get("first_share_rate")
    if not isinstance(classes, Codes):
        return lines
    known = CLASSES.codes()
    free = np.array([*(known.get(word) in ("a", "c") for word in classes.words), False])[classes.positions]
    if not isinstance(shares, Numbers):
        return {**lines, "first_share_rate": Numbers(np.zeros(len(free), np.int64), None if free.all() else free)}
    if shares.stated is None:
        return lines
    stated = shares.stated | free
    return {**lines, "first_share_rate": Numbers(shares.values, None if stated.all() else stated)}


# Templates


def templated(plan: Plan, arrays: Mapping[str, Any], count: int) -> Fees:
    """A line of each template for every claim, where its amount is stated and not zero."""
    each = [_template(readings, arrays, count) for readings in plan.templates]
    if len(each) == 1 and each[0][1].all():
        return Fees(one_each(count), each[0][0], each[0][2])
    kept = np.stack([keep for _, keep, _ in each], axis=1)
    offsets = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int64)
    bad = None
    for _, _, wrong in each:
        bad = either(bad, wrong)
    names = dict.fromkeys(name for made, _, _ in each for name in made)
    rows, whose = np.nonzero(kept)
    lines = {name: _merged([made.get(name) for made, _, _ in each], rows, whose) for name in names}
    return Fees(offsets, lines, bad)


def _template(
    readings: Sequence[Reading], arrays: Mapping[str, Any], count: int
) -> tuple[dict[str, Column], NDArray[np.bool_], Bad]:
    made, wrong = dict[str, Column](), dict[str, Bad]()
    for reading in readings:
        name = reading.fact.name
        one = column(reading, arrays[reading.column]) if reading.column else constant(reading, count)
        made[name], wrong[name] = one
    amount, bad = made["amount"], wrong.pop("amount")
    assert isinstance(amount, Numbers), "an amount is money"
    kept = amount.values != 0
    stated = [unstated(made[r.fact.name]) for r in readings if r.fact.name == "category" and r.column]
    for found in (*wrong.values(), *stated):
        bad = bad if found is None else either(bad, found & kept)
    return made, kept, bad


def _merged(columns: Sequence[Column | None], rows: NDArray[Any], whose: NDArray[Any]) -> Column:
    """One column of lines out of those of the templates: the line is row ``rows`` of template ``whose``."""
    first = next(one for one in columns if one is not None)
    picks = [None if one is None else (whose == at) for at, one in enumerate(columns)]
    parts = [(one, pick) for one, pick in zip(columns, picks, strict=True) if one is not None and pick is not None]
    match first:
        case Codes():
            return _merged_codes([(one, pick) for one, pick in parts if isinstance(one, Codes)], rows)
        case Days():
            out = np.full(len(rows), NO_DAY, np.int32)
            for one, pick in parts:
                assert isinstance(one, Days), "one fact is of one kind"
                out[pick] = one.values[rows[pick]]
            return Days(out)
        case Numbers() | Flags():
            kind: Any = np.int64 if isinstance(first, Numbers) else np.bool_
            values: NDArray[Any] = np.zeros(len(rows), kind)
            stated = np.zeros(len(rows), np.bool_)
            for one, pick in parts:
                assert isinstance(one, Numbers | Flags), "one fact is of one kind"
                values[pick] = one.values[rows[pick]]
                stated[pick] = True if one.stated is None else one.stated[rows[pick]]
            known = None if stated.all() else stated
            return Numbers(values, known) if isinstance(first, Numbers) else Flags(values, known)
        case Ids():
            raise AssertionError("no fact of a fee line is an id")


def _merged_codes(parts: Sequence[tuple[Codes, NDArray[Any]]], rows: NDArray[Any]) -> Codes:
    words = tuple(dict.fromkeys(word for one, _ in parts for word in one.words))
    out = np.full(len(rows), -1, np.int32)
    for one, pick in parts:
        of_all = np.array([*(words.index(word) for word in one.words), -1], np.int32)
        out[pick] = of_all[one.positions[rows[pick]]]
    return Codes(out, words)
