"""Where each claim's accumulators stand: dense numbers of scope and window, for every group of meters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine import ir
from policyengine.backends.kernel import Group
from policyengine.bulk.batch import Batch, Codes, Days, Ids
from policyengine.bulk.compiling import compiled
from policyengine.bulk.identity import numbered
from policyengine.errors import ClaimError, Diagnostic
from policyengine.ir import NO_DAY
from policyengine.mass.calendar import anniversaries, lookup_of
from policyengine.terms import FACTS

Array = NDArray[Any]

BY_THE_CALENDAR: Final = ("day", "week", "month", "quarter", "half_year", "year", "block")
NO_DAYS: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Slots:
    """``count``: how many places there are. ``begins``: whether a claim is the first of its place, where all claims of
    a place follow each other, and ``places`` are not told. ``bad``: claims that have no place, since they do not state
    for whom, or lie before the day from which the window counts (``None``: all have one)."""

    count: int
    begins: Array | None
    places: Array | None = None
    bad: Array | None = None

    @cached_property
    def of(self) -> Array:
        """The place of each claim."""
        if self.places is not None:
            return self.places
        assert self.begins is not None, "places are told, or where they begin"
        return np.cumsum(self.begins, dtype=np.int32) - np.int32(1)


@lru_cache(maxsize=1000)
def keyed(group: Group) -> Group:
    """What tells groups of different versions apart: the same calendar under another name is the same."""
    window, per = group
    return (window if window.is_opened else replace(window, name="")), per


def slots_of(group: Group, batch: Batch, days: Array, decls: Mapping[str, ir.InputDecl]) -> Slots:
    """The slots of a group; ``days``: on which the claims count. ``decls``: what the rule file says of its facts. A
    window that claims open, and a rolling one, have one slot a scope. Raises ``ClaimError`` for a scope that no column
    states."""
    window, per = group
    scopes, bad = _scopes(per, batch, decls)
    if window.kind in BY_THE_CALENDAR:
        return _dense(scopes, *lookup_of(window, days), days, bad)
    if window.kind == "visit":
        return _dense(scopes, NO_DAYS, 0, _visits(batch), bad)
    if window.kind != "anniversary":
        return _dense(scopes, NO_DAYS, 0, np.zeros(len(batch), dtype=np.int64), bad)
    since = batch.claims.get(window.origin)
    values = since.values if isinstance(since, Days) else np.full(len(batch), NO_DAY, dtype=np.int32)
    before = (values == NO_DAY) | (values > days)
    bad = before if bad is None else bad | before
    return _dense(scopes, NO_DAYS, 0, anniversaries(np.where(before, days, values), days), bad)


def _visits(batch: Batch) -> Array:
    """The stay or visit of each claim, by default the claim itself."""
    stated = batch.claims.get("visit_id")
    if not isinstance(stated, Ids):
        return np.arange(len(batch), dtype=np.int64)
    if stated.numbers.min(initial=0) >= 0:
        return stated.numbers
    texts = pa.array(np.where(stated.numbers >= 0, _texts(stated.texts), _texts(batch.ids)).tolist(), pa.string())
    return numbered(texts)


def _texts(array: pa.Array) -> Array:
    return np.array(array.cast(pa.string()).to_pylist(), dtype=object)


def _scopes(per: tuple[str, ...], batch: Batch, decls: Mapping[str, ir.InputDecl]) -> tuple[Array, Array | None]:
    """A number for each scope; claims that do not state one."""
    if not per:
        return np.zeros(len(batch), dtype=np.int64), None
    columns = [_numbers_of(name, batch, decls.get(name)) for name in per]
    missing = [column < 0 for column in columns if len(column) and column.min() < 0]
    bad: Array | None = np.logical_or.reduce(missing) if missing else None
    scopes = columns[0]
    for column in columns[1:]:
        scopes = scopes * (int(column.max(initial=0)) + 1) + column
    return scopes if bad is None else np.where(bad, 0, scopes), bad


def _numbers_of(name: str, batch: Batch, decl: ir.InputDecl | None) -> Array:
    """A number for each id; codes in other words are the same, an unstated one has its default."""
    column = batch.claims.get(name)
    if isinstance(column, Ids):
        return column.numbers
    if not isinstance(column, Codes):
        text = f"accumulators are kept by `{name}`, and no column states it"
        raise ClaimError(Diagnostic("E717", text, None, "a column of ids", record="the table of claims", field=name))
    words = FACTS[name].codes() if name in FACTS else {}
    aliases = dict(decl.aliases) if decl is not None else {}
    default = FACTS[name].default if name in FACTS else decl.default if decl is not None else None
    codes = [words.get(word, aliases.get(word, word)) for word in column.words]
    distinct = list(dict.fromkeys([*codes, *([] if default is None else [default])]))
    unstated = -1 if default is None else distinct.index(default)
    places: Array = np.array([unstated, *map(distinct.index, codes)], dtype=np.int64)[column.positions + 1]
    return places


def _dense(scopes: Array, numbers: Array, first: int, days: Array, bad: Array | None) -> Slots:
    """Equal places where scope and window are equal, from 0; quickly where the claims of a place follow each other.
    The window of a claim is ``numbers[day - first]``, or the day itself if there are no numbers."""
    begins = np.ones(len(scopes), dtype=np.bool_)
    if _are_in_order(scopes, numbers, first, days, begins):
        return Slots(int(np.count_nonzero(begins)), begins, None, bad)
    windows = numbers[days - first] if len(numbers) else days.astype(np.int64)
    width = int(windows.max()) - int(windows.min()) + 1
    _, inverse = np.unique(scopes * width + (windows - int(windows.min())), return_inverse=True)
    places, count = inverse.astype(np.int32), int(inverse.max()) + 1
    np.not_equal(places[1:], places[:-1], out=begins[1:])
    return Slots(count, begins if np.count_nonzero(begins) == count else None, places, bad)


@compiled
def _are_in_order(scopes: Array, numbers: Array, first: int, days: Array, begins: Array) -> bool:
    """Tells which claims begin a place; false if scopes, or the windows in a scope, go backwards."""
    falls, by_day = False, len(numbers) == 0
    for i in range(1, len(scopes)):  # without a jump: which way it goes is anybody's guess
        before = np.int64(days[i - 1]) if by_day else numbers[np.uint64(days[i - 1] - first)]
        window = np.int64(days[i]) if by_day else numbers[np.uint64(days[i] - first)]
        same = scopes[i] == scopes[i - 1]
        falls |= (scopes[i] < scopes[i - 1]) | (same & (window < before))
        begins[i] = (not same) | (window > before)
    return not falls
