"""Where each claim's accumulators stand: dense numbers of scope and window, for every group of meters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.backends.kernel import Group
from policyengine.bulk.batch import NO_DAY, Batch, Codes, Days, Ids
from policyengine.bulk.compiling import compiled
from policyengine.bulk.identity import numbered
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass.calendar import anniversaries, windows_of
from policyengine.terms import FACTS

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Slots:
    """``of``: the place of each claim; ``count``: how many places there are; ``bad``: claims that have none, since they
    do not state for whom, or lie before the day from which the window counts (``None``: all have one)."""

    of: Array
    count: int
    bad: Array | None = None


def keyed(group: Group) -> Group:
    """What tells groups of different versions apart: the same calendar under another name is the same."""
    window, per = group
    return (window if window.is_opened else replace(window, name="")), per


def slots_of(group: Group, batch: Batch, days: Array) -> Slots:
    """The slots of a group; ``days``: that selects the rules of each claim. A window that claims open, and a rolling
    one, have one slot a scope."""
    window, per = group
    scopes, bad = _scopes(per, batch)
    if window.is_opened or window.kind == "rolling":
        return Slots(*_dense(scopes, np.zeros(len(batch), dtype=np.int64)), bad)
    if window.kind == "visit":
        return Slots(*_dense(scopes, _visits(batch)), bad)
    if window.kind == "anniversary":
        since = batch.claims.get(window.origin)
        values = since.values if isinstance(since, Days) else np.full(len(batch), NO_DAY, dtype=np.int32)
        before = (values == NO_DAY) | (values > days)
        bad = before if bad is None else bad | before
        return Slots(*_dense(scopes, anniversaries(np.where(before, days, values), days)), bad)
    return Slots(*_dense(scopes, windows_of(window, days)), bad)


def _visits(batch: Batch) -> Array:
    """The stay or visit of each claim, by default the claim itself."""
    stated = batch.claims.get("visit_id")
    if not isinstance(stated, Ids):
        return np.arange(len(batch), dtype=np.int64)
    texts = pa.array(np.where(stated.numbers >= 0, _texts(stated.texts), _texts(batch.ids)).tolist(), pa.string())
    return numbered(texts)


def _texts(array: pa.Array) -> Array:
    return np.array(array.cast(pa.string()).to_pylist(), dtype=object)


def _scopes(per: tuple[str, ...], batch: Batch) -> tuple[Array, Array | None]:
    """A number for each scope; claims that do not state one."""
    scopes, bad = np.zeros(len(batch), dtype=np.int64), None
    for name in per:
        numbers = _numbers_of(name, batch)
        missing = numbers < 0
        if missing.any():
            bad = missing if bad is None else bad | missing
        scopes = scopes * (int(numbers.max(initial=0)) + 1) + np.where(missing, 0, numbers)
    return scopes, bad


def _numbers_of(name: str, batch: Batch) -> Array:
    column = batch.claims.get(name)
    if isinstance(column, Ids):
        return column.numbers
    if isinstance(column, Codes):
        fact = FACTS.get(name)
        if fact is None or not fact.codes():
            return column.positions.astype(np.int64)
        codes = [fact.codes().get(word, word) for word in column.words]
        distinct = list(dict.fromkeys(codes))
        places: Array = np.array([-1, *map(distinct.index, codes)], dtype=np.int64)[column.positions + 1]
        return places
    text = f"accumulators are kept by `{name}`, and no column states it"
    raise ClaimError(Diagnostic("E700", text, None, "a column of ids", field=name))


def _dense(scopes: Array, windows: Array) -> tuple[Array, int]:
    """Equal numbers where both are equal, from 0; quickly where the claims of a slot follow each other."""
    found = np.empty(len(scopes), dtype=np.int32)
    count = int(_in_order(scopes, windows, found))
    if count >= 0:
        return found, count
    width = int(windows.max()) - int(windows.min()) + 1
    _, inverse = np.unique(scopes * width + (windows - int(windows.min())), return_inverse=True)
    return inverse.astype(np.int32), int(inverse.max()) + 1


@compiled
def _in_order(scopes: Array, windows: Array, found: Array) -> int:
    """Numbers the slots as they come; −1 if scopes, or the windows in a scope, go backwards."""
    slot = -1
    for i in range(len(scopes)):
        if i == 0 or scopes[i] > scopes[i - 1] or (scopes[i] == scopes[i - 1] and windows[i] > windows[i - 1]):
            slot += 1
        elif scopes[i] != scopes[i - 1] or windows[i] != windows[i - 1]:
            return -1
        found[i] = slot
    return slot + 1
