"""What the accumulators of many members begin with: a table of what the national platform holds for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine import ir
from policyengine.bulk.batch import Batch, Ids
from policyengine.bulk.csvfiles import PLAIN, Written
from policyengine.bulk.identity import keys_of
from policyengine.bulk.sources import Wish, open_source
from policyengine.encode.windows import days_of
from policyengine.errors import ClaimError, Diagnostic
from policyengine.ir import EPOCH
from policyengine.mass.calendar import windows_of
from policyengine.mass.slots import Slots
from policyengine.opening import opening_values
from policyengine.rulebook import Rulebook

Array = NDArray[Any]
COLUMNS: Final = ("person_id", "insutype", "year", "cum_ym", "cum_type_code", "cum")
_SPREAD: Final = 0x9E3779B97F4A7C15
_ROWS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Openings:
    """By meter: hashes of a member and a window, ascending, each with the value that it begins with. ``unread``: codes
    that no meter begins with. ``fingerprint``: of the table, empty where nothing tells it from another."""

    values: Mapping[str, tuple[Array, Array]]
    unread: tuple[str, ...] = ()
    fingerprint: str = ""

    def begin(self, meter: ir.Meter, batch: Batch, slots: Slots, days: Array, held: Array) -> None:
        """Puts into ``held``, which has a row for each slot and in it a place for each rule set that is settled, what
        the members of a batch begin with. ``days``: on which the claims count."""
        known = self.values.get(meter.name)
        people = batch.claims.get("person_id")
        if known is None or not isinstance(people, Ids):
            return
        good = people.numbers >= 0 if slots.bad is None else (people.numbers >= 0) & ~slots.bad
        rows = np.flatnonzero(good)[::-1]
        first = np.full(slots.count, -1, np.int64)
        first[slots.of[rows]] = rows
        places = np.flatnonzero(first >= 0)
        if not len(places):
            return
        first = first[places]
        lifelong = meter.window.kind == "lifetime"
        windows = np.zeros(len(first), np.int64) if lifelong else windows_of(meter.window, days[first])
        wanted = _joined(keys_of(people.texts.take(pa.array(first))), windows)
        keys, values = known
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found = keys[at] == wanted
        held[places[found]] = values[at[found], None]


def _joined(keys: Array, windows: Array) -> Array:
    found: Array = keys ^ (windows.astype(np.uint64) * np.uint64(_SPREAD))
    return found


def openings_of(book: Rulebook, source: Any, scheme: str | None = None, written: Written = PLAIN) -> Openings:
    """The openings in a table with the columns of ``COLUMNS``, a row for each that the platform's interface 5206 gives;
    the rows of a member in any order. ``scheme``: the insutype that counts. ``written``: how a CSV file is. Raises
    ``ClaimError`` E846 for a table without these columns, and as ``opening_history`` for the first member whose rows
    are wrong."""
    opened = open_source(source, written)
    missing = [name for name in COLUMNS if name not in opened.schema.names]
    if missing:
        text = f"{opened.name} has no column `{missing[0]}`"
        raise ClaimError(Diagnostic("E846", text, None, "the columns " + ", ".join(COLUMNS), record="the openings"))
    meters = {meter.name: meter for meter in book.all_meters.meters if meter.opening}
    found: dict[str, dict[tuple[str, int], int]] = {name: {} for name in meters}
    unread: dict[str, None] = {}
    for person, rows in _by_person(opened.stream(Wish(COLUMNS, (), (), _ROWS))).items():
        used, left = opening_values(book, [r for r in rows if scheme in (None, r["insutype"])], person, None)
        unread |= dict.fromkeys(left)
        for (name, _, window), value in used.items():
            first, _ = days_of(meters[name].window, window)
            found[name][person, 0 if first is None else (first - EPOCH).days] = value
    values = {name: _sorted(rows) for name, rows in found.items() if rows}
    return Openings(values, tuple(unread), opened.fingerprint)


def _by_person(batches: Iterator[pa.RecordBatch]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    at = 0
    for batch in batches:
        for row in batch.to_pylist():
            at += 1
            texts = {name: "" if value is None else str(value) for name, value in row.items()}
            person = texts.pop("person_id")
            if not person:
                text = f"row {at:,} states no person"
                raise ClaimError(Diagnostic("E846", text, None, "an id", record="the openings", field="person_id"))
            found.setdefault(person, []).append(texts)
    return found


def _sorted(rows: Mapping[tuple[str, int], int]) -> tuple[Array, Array]:
    keys = _joined(keys_of(pa.array([person for person, _ in rows])), np.array([at for _, at in rows], np.int64))
    order = np.argsort(keys)
    return keys[order], np.array(list(rows.values()), np.int64)[order]
