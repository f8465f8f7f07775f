"""Columns of a batch as a program reads them: a value that all claims share, or an array and the claims that state
nothing. What follows from other columns of a claim document (the level of a grade, the visit) is in the batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.bulk.batch import Batch, Codes, Column, Days, Flags, Numbers
from policyengine.encode.days import AMBULATORY
from policyengine.encode.parameters import PREFIX
from policyengine.encode.typed import Mistyped, code_of
from policyengine.errors import ClaimError, Diagnostic
from policyengine.ir import NO_DAY
from policyengine.mass.calendar import counted
from policyengine.money import RATE_GRID
from policyengine.terms import FACTS, TAGS

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Same:
    """What all claims have in common: a number over its grid, a word, true or false."""

    value: int | str | bool


@dataclass(frozen=True, slots=True)
class Each:
    """A value a claim, or a line. ``words``: what the positions of a code stand for, as the program calls it, one
    further on than the position (the first: nothing stated); ``None``: no word of it. ``bad``: where it is missing."""

    values: Array
    words: tuple[str | None, ...] = ()
    bad: Array | None = None


Reading = Same | Each


@dataclass(slots=True)
class Reader:
    """Reads the facts of one program out of batches. ``day``: the column that selects the rules. ``parameters``: those
    that are given, typed. What words mean is remembered from batch to batch."""

    program: ir.Program
    parameters: Mapping[str, ir.Value]
    meanings: dict[tuple[str, str], str | None]

    def claim(self, decl: ir.InputDecl, batch: Batch) -> Reading:
        """A fact of the claim. Raises ``ClaimError`` E717 for one that no column states and that has no default."""
        name = decl.name
        if name.startswith(PREFIX):
            return self._parameter(decl)
        if decl.days is not None:
            return self._count(decl, batch, batch.claims, len(batch))
        if name == "total_charge" and name not in batch.claims:
            return Each(sums_of(batch, _numbers(batch.lines["amount"]).values))
        if name == "age":
            days = ir.Days("years", "birth_date", self.program.dated_by)
            return self._numbers(decl, _counted(days, batch.claims, batch), "birth_date")
        if name == "days_of_stay":
            return self._numbers(decl, _nights(batch), "admission_date")
        column = batch.claims.get(name)
        if column is None and (name in TAGS or name.startswith("elsewhere.")):
            return Same(0 if name.startswith("elsewhere.") else False)
        return self._read(decl, column)

    def row(self, decl: ir.InputDecl, batch: Batch) -> Reading:
        """A fact of the fee lines. Raises as ``claim``."""
        if not batch.lines:
            text = "the rule file reads fee lines, and nothing says where they stand"
            hint = "a list column `lines`, a second table (`--lines`), or `lines:` in the column mapping (`--columns`)"
            raise ClaimError(
                Diagnostic("E717", text, None, "fee lines", hint, record="the table of claims", field="lines")
            )
        size = int(batch.offsets[-1])
        if decl.days is not None:
            return self._count(decl, batch, _with_claims(batch), size)
        if decl.name == "day_of_stay":
            days = ir.Days("days", "admission_date", "line_date")
            found = _counted(days, _with_claims(batch), batch)
            shifted = Numbers(found.values + 1, found.stated) if found is not None else None
            return self._numbers(decl, shifted, "line_date")
        return self._read(decl, batch.lines.get(decl.name))

    # --- kinds ------------------------------------------------------------------------------------------------------

    def _parameter(self, decl: ir.InputDecl) -> Reading:
        name = decl.name.removeprefix(PREFIX)
        if name not in self.parameters:
            text = f"{name}: the rule file needs the parameter `{name}`"
            raise ClaimError(Diagnostic("E540", text, None, "", decl.reason, record="parameters", field=name))
        return Same(_plain(decl, self.parameters[name]))

    def _read(self, decl: ir.InputDecl, column: Column | None) -> Reading:
        match column:
            case None:
                return self._absent(decl, decl.name)
            case Codes() if decl.kind == "code":
                words = tuple(self._meant(decl, word) for word in column.words)
                return Each(column.positions, (_default_word(decl), *words))
            case Flags() if decl.kind == "flag":
                return _stated_or_default(column.values, column.stated, decl)
            case Numbers() if decl.kind in ("money", "count", "rate"):
                return self._numbers(decl, column, decl.name)
        wanted = {"code": "words", "flag": "true or false"}.get(decl.kind, "numbers")
        raise _no_column("E718", f"the column `{decl.name}` does not hold {wanted}", decl)

    def _absent(self, decl: ir.InputDecl, column: str) -> Same:
        if decl.default is None:
            fact = FACTS.get(decl.name)
            words = f" ({fact.zh}, {fact.en})" if fact else ""
            raise _no_column("E717", f"the rule file reads `{decl.name}`{words}, and no column states it", decl, column)
        return Same(_plain(decl, decl.default))

    def _numbers(self, decl: ir.InputDecl, column: Numbers | None, name: str) -> Reading:
        if column is None:
            return self._absent(decl, name)
        return _stated_or_default(column.values, column.stated, decl)

    def _count(self, decl: ir.InputDecl, batch: Batch, columns: Mapping[str, Column], size: int) -> Reading:
        assert decl.days is not None
        found = _counted(decl.days, columns, batch)
        if found is not None and len(found.values) != size:
            stated = None if found.stated is None else _by_line(found.stated, batch)
            found = Numbers(_by_line(found.values, batch), stated)
        return self._numbers(decl, found, decl.days.since or decl.days.until)

    def _meant(self, decl: ir.InputDecl, word: str) -> str | None:
        key = (decl.name, word)
        if key not in self.meanings:
            try:
                self.meanings[key] = code_of(decl, _in_english(decl.name, word))
            except Mistyped:
                self.meanings[key] = None
        return self.meanings[key]


def _in_english(name: str, word: str) -> str:
    fact = FACTS.get(name)
    return fact.codes().get(word, word) if fact else word


def _no_column(code: str, text: str, decl: ir.InputDecl, column: str = "") -> ClaimError:
    related = (("declared here", decl.span),) if decl.span is not None else ()
    hint = "name the column that holds it in the column mapping, or state it once for all claims under `constants:`"
    return ClaimError(
        Diagnostic(code, text, None, "", hint, related=related, record="the table of claims", field=column or decl.name)
    )


def _plain(decl: ir.InputDecl, value: ir.Value) -> int | str | bool:
    """A value as kernels hold it: rates in millionths."""
    if decl.kind == "rate":
        assert isinstance(value, int | Fraction)
        return int(Fraction(value) * RATE_GRID)
    assert isinstance(value, int | str)
    return value


def _default_word(decl: ir.InputDecl) -> str | None:
    return None if decl.default is None else str(decl.default)


def _stated_or_default(values: Array, stated: Array | None, decl: ir.InputDecl) -> Each:
    if stated is None:
        return Each(values)
    if decl.default is None:
        return Each(values, bad=~stated)
    return Each(np.where(stated, values, values.dtype.type(_plain(decl, decl.default))))


def _numbers(column: Column) -> Numbers:
    assert isinstance(column, Numbers), f"a column of {type(column).__name__}"
    return column


def _counted(days: ir.Days, columns: Mapping[str, Column], batch: Batch) -> Numbers | None:
    """A count made of days; ``None`` if a column is missing."""
    names = [name for name in (days.since, days.until) if name]
    found = [columns.get(name) for name in names]
    if any(not isinstance(column, Days) for column in found):
        return None
    values = [column.values for column in found if isinstance(column, Days)]
    size = max(len(v) for v in values)
    placed = [v if len(v) == size else _by_line(v, batch) for v in values]
    stated = np.logical_and.reduce([v != NO_DAY for v in placed])
    count = counted(days.measure, *[np.where(stated, v, 0) for v in placed])
    return Numbers(count, None if stated.all() else stated)


def _with_claims(batch: Batch) -> Mapping[str, Column]:
    return {**batch.claims, **batch.lines}


def _by_line(values: Array, batch: Batch) -> Array:
    """A value of the claim beside each of its lines."""
    return values if batch.is_single else np.repeat(values, np.diff(batch.offsets))


def sums_of(batch: Batch, lines: Array) -> Array:
    """The sum over the lines of each claim."""
    if batch.is_single:
        return lines.astype(np.int64, copy=False)
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lines, dtype=np.int64)])
    found: Array = before[batch.offsets[1:]] - before[batch.offsets[:-1]]
    return found


def _nights(batch: Batch) -> Numbers | None:
    """Nights between admission and discharge, at least 1; 0 for outpatient care that states no admission. A bill that
    begins within the stay counts its own nights only."""
    size = len(batch)
    nowhere = np.full(size, NO_DAY, dtype=np.int32)

    def column(name: str) -> Array:
        found = batch.claims.get(name)
        return found.values if isinstance(found, Days) else nowhere

    admitted, left, billed = column("admission_date"), column("discharge_date"), column("billed_from")
    whole = (admitted != NO_DAY) & (left != NO_DAY)
    own = (billed != NO_DAY) & (left != NO_DAY)
    nights = np.where(whole, np.maximum(1, left.astype(np.int64) - admitted), 0)
    part = np.maximum((billed == admitted).astype(np.int64), left.astype(np.int64) - billed)
    nights = np.where(own, part, nights)
    care = batch.claims.get("care_type")
    walking = np.zeros(size, dtype=np.bool_)
    if isinstance(care, Codes):
        of_word = np.array([False, *(_in_english("care_type", w) in AMBULATORY for w in care.words)])
        walking = of_word[care.positions + 1] & (admitted == NO_DAY)
    stated = whole | own | walking
    return Numbers(nights, None if stated.all() else stated)
