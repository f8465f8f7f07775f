"""Claims as columns, and the checks that keep every later integer inside its proven bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine.analysis import MAX_ROWS, input_range, input_words, is_summed
from policyengine.errors import ClaimError, Diagnostic
from policyengine.ir import InputDecl, Program, Value
from policyengine.money import MAX_MINOR, RATE_GRID

Array = NDArray[Any]

Claim = tuple[Mapping[str, Value], Sequence[Mapping[str, Value]], Mapping[str, int]]
"""One claim as ``evaluate`` takes it: its facts, those of its rows, its meters."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Claims by column. Rows of claim i are ``offsets[i]`` to ``offsets[i + 1]`` of each array in ``rows``.

    Money in minor units, rates in whole millionths, codes as positions in ``analysis.input_words``: integer arrays;
    flags: bool arrays.
    """

    inputs: Mapping[str, Array]
    offsets: Array
    rows: Mapping[str, Array]
    used: Mapping[str, Array]

    @property
    def size(self) -> int:
        """The number of claims."""
        return len(self.offsets) - 1


def columns_of(program: Program, claims: Sequence[Claim]) -> Columns:
    """Columns out of single claims."""
    rows = [row for _, of_claim, _ in claims for row in of_claim]
    counts = [0, *(len(of_claim) for _, of_claim, _ in claims)]
    return Columns(
        {d.name: _column(d, (facts[d.name] for facts, _, _ in claims)) for d in program.inputs if d.domain == "claim"},
        np.cumsum(np.array(counts, dtype=np.int64)),
        {d.name: _column(d, (row[d.name] for row in rows)) for d in program.inputs if d.domain == "row"},
        {m.name: np.array([used[m.name] for _, _, used in claims], dtype=np.int64) for m in program.meters},
    )


def _column(decl: InputDecl, values: Iterable[Value]) -> Array:
    if decl.kind == "flag":
        return np.array(list(values), dtype=np.bool_)
    if decl.kind == "code":
        positions = {word: at for at, word in enumerate(input_words(decl))}
        return np.array([positions[str(v)] for v in values], dtype=np.int64)
    scale = RATE_GRID if decl.kind == "rate" else 1
    numbers = [Fraction(v) * scale for v in values if isinstance(v, int | Fraction)]
    assert all(n.denominator == 1 for n in numbers), f"{decl.name} holds a value off its grid"
    return np.array([n.numerator for n in numbers], dtype=np.int64)


def checked(program: Program, columns: Columns) -> Columns:
    """The same columns as 64-bit integers and flags.

    Raises ``ClaimError`` E590 for a column that is missing, unknown or of the wrong shape or type, E591 for a value
    outside the declared bounds, a claim with too many rows or too large a sum of ``amount``.
    """
    if problems := list(_shape_problems(program, columns)):
        raise ClaimError(problems)
    plain = Columns(
        {name: _plain(array) for name, array in columns.inputs.items()},
        _plain(columns.offsets),
        {name: _plain(array) for name, array in columns.rows.items()},
        {name: _plain(array) for name, array in columns.used.items()},
    )
    if problems := list(_value_problems(program, plain)) or list(_sum_problems(program, plain)):
        raise ClaimError(problems)
    return plain


def _plain(array: Array) -> Array:
    return array if array.dtype == np.bool_ else array.astype(np.int64, copy=False)


def _shape_problems(program: Program, columns: Columns) -> Iterator[Diagnostic]:
    offsets = columns.offsets
    if offsets.ndim != 1 or offsets.dtype.kind not in "iu" or len(offsets) < 1 or offsets[0] != 0:
        yield Diagnostic("E590", "`offsets` is not a column of integers that starts at 0", field="offsets")
        return
    if (offsets[1:] < offsets[:-1]).any():
        yield Diagnostic("E590", "`offsets` goes backwards", field="offsets")
    of_claim = {d.name: d.kind == "flag" for d in program.inputs if d.domain == "claim"}
    of_row = {d.name: d.kind == "flag" for d in program.inputs if d.domain == "row"}
    yield from _columns_problems(columns.inputs, of_claim, columns.size, "facts of the claim")
    yield from _columns_problems(columns.rows, of_row, int(offsets[-1]), "facts of the rows")
    yield from _columns_problems(columns.used, {m.name: False for m in program.meters}, columns.size, "meters")


def _columns_problems(
    columns: Mapping[str, Array], flags: Mapping[str, bool], size: int, what: str
) -> Iterator[Diagnostic]:
    for name in sorted(flags.keys() - columns.keys()):
        yield Diagnostic("E590", f"the column `{name}` is missing from the {what}", field=name)
    for name in sorted(columns.keys() - flags.keys()):
        yield Diagnostic("E590", f"`{name}` is none of the {what} that the program reads", field=name)
    for name in sorted(flags.keys() & columns.keys()):
        array, wanted = columns[name], "b" if flags[name] else "iu"
        if array.ndim != 1 or len(array) != size:
            yield Diagnostic("E590", f"`{name}` does not have {size} values in one dimension", field=name)
        elif array.dtype.kind not in wanted or array.dtype == np.uint64:
            expected = "bool" if flags[name] else "a signed integer type such as int64"
            yield Diagnostic("E590", f"`{name}` is a column of {array.dtype}", expected=expected, field=name)


def _value_problems(program: Program, columns: Columns) -> Iterator[Diagnostic]:
    counts = np.diff(columns.offsets)
    yield from _outside("rows", counts, 0, MAX_ROWS, _claim_record)
    row_claim = np.repeat(np.arange(columns.size), counts)

    def row_record(at: int) -> str:
        claim = int(row_claim[at])
        return f"claim {claim}, row {at - int(columns.offsets[claim])}"

    for decl in program.inputs:
        array = (columns.inputs if decl.domain == "claim" else columns.rows)[decl.name]
        record = _claim_record if decl.domain == "claim" else row_record
        if decl.kind != "flag":
            yield from _outside(decl.name, array, *_limits(decl), record)
    for meter in program.meters:
        yield from _outside(meter.name, columns.used[meter.name], 0, meter.high, _claim_record)


def _sum_problems(program: Program, columns: Columns) -> Iterator[Diagnostic]:
    """Amounts that are inside their bounds one by one and too much together (the sum of 10,000 cannot wrap)."""
    for decl in program.inputs:
        if is_summed(decl):
            sums = sum_by_claim(columns.rows[decl.name], columns.offsets)
            yield from _outside(f"sum of {decl.name}", sums, 0, MAX_MINOR, _claim_record)


def _limits(decl: InputDecl) -> tuple[int, int]:
    """The bounds of a column's integers."""
    if decl.kind == "code":
        return 0, len(input_words(decl)) - 1
    scale = RATE_GRID if decl.kind == "rate" else 1
    low, high = input_range(decl)
    return -((-low * scale) // 1), (high * scale) // 1


def _claim_record(at: int) -> str:
    return f"claim {at}"


def _outside(name: str, array: Array, low: int, high: int, record: Any) -> Iterator[Diagnostic]:
    """At most one finding: the first value below ``low`` or above ``high``."""
    outside = (array < low) | (array > high)
    if outside.any():
        at = int(outside.argmax())
        message = f"`{name}` is {array[at]}, outside {low} to {high}"
        yield Diagnostic("E591", message, expected=f"{low} to {high}", record=record(at), field=name)


def sum_by_claim(rows: Array, offsets: Array) -> Array:
    """The sum over each claim's rows; zero for a claim without rows."""
    totals = np.zeros(len(offsets) - 1, dtype=rows.dtype)
    filled = offsets[1:] > offsets[:-1]
    if filled.any():
        totals[filled] = np.add.reduceat(rows, offsets[:-1][filled])
    return totals
