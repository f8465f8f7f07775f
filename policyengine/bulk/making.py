"""Rows of a table made into a batch: every column typed, every claim that cannot be read named with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.batch import Batch, Codes, Column, Days, Ids, Numbers, zeros
from policyengine.bulk.cells import raw_of
from policyengine.bulk.checks import repeated, unsound
from policyengine.bulk.columns import column, constant, either
from policyengine.bulk.csvfiles import Cells, ragged_row
from policyengine.bulk.days import Bad
from policyengine.bulk.documents import Explainer
from policyengine.bulk.facts import TAGS
from policyengine.bulk.fees import Fees, lines_of, listed, templated, unstated, with_first_shares, without_lines
from policyengine.bulk.households import Households
from policyengine.bulk.identity import numbered, numbered_within, plain_ids
from policyengine.bulk.mapping import LINES
from policyengine.bulk.names import unfit
from policyengine.bulk.order import InOrder, Order
from policyengine.bulk.plan import Plan
from policyengine.bulk.words import tags
from policyengine.claim import quoted
from policyengine.errors import Diagnostic
from policyengine.ir import NO_DAY
from policyengine.terms import FACTS

BETWEEN = "between"
"""What is wrong between facts, each of which can be read."""
_KEPT = 10_000
"""Reasons that are kept, to be given again for the same value."""
_MANY = 64
"""Claims of a person, above which visits are numbered by a table and not by looking at those before."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that end where a scope ends. ``numbers``: their rows in the source, if they are not ``first`` and the next
    ones. ``lines``: the fee lines of a second table, ``offsets`` telling whose they are."""

    first: int
    table: pa.RecordBatch
    numbers: NDArray[np.int64] | None = None
    lines: pa.RecordBatch | None = None
    offsets: NDArray[np.int64] | None = None

    def before(self, start: int) -> Rows:
        """Those of the rows that are before the claim of number ``start``."""
        at = start - self.first
        if at >= len(self.table):
            return self
        numbers = None if self.numbers is None else self.numbers[:at]
        offsets = None if self.offsets is None else self.offsets[: at + 1]
        return Rows(self.first, self.table.slice(0, at), numbers, self.lines, offsets)

    def since(self, start: int) -> Rows:
        """Those of the rows that are not before the claim of number ``start``."""
        at = start - self.first
        if at <= 0:
            return self
        numbers = None if self.numbers is None else self.numbers[at:]
        if self.lines is None or self.offsets is None:
            return Rows(start, self.table.slice(at), numbers)
        begin = int(self.offsets[at])
        return Rows(start, self.table.slice(at), numbers, self.lines.slice(begin), self.offsets[at:] - begin)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the batches of one source, in order."""

    plan: Plan
    explainer: Explainer
    order: InOrder | None
    households: Households = field(default_factory=Households)
    said: dict[tuple[str, ...], Diagnostic] = field(default_factory=dict)
    ragged: dict[int, Cells] = field(default_factory=dict)

    def batch(self, rows: Rows) -> Batch:
        """The batch of these rows. Raises ``ClaimError`` for rows out of order, and people in two households."""
        arrays = dict(zip(rows.table.schema.names, rows.table.columns, strict=True))
        ids = plain_ids(_dense(arrays[self.plan["id"].column]))
        claims, wrong = self._claims(arrays, ids)
        fees = self._fees(rows, arrays)
        if "first_share_rate" in self.plan.wanted.lines:
            fees = fees._replace(lines=with_first_shares(fees.lines))
        wrong |= {LINES: fees.bad, BETWEEN: unsound(claims, fees)}
        bad = np.zeros(len(ids), np.bool_)
        for found in wrong.values():
            bad = bad if found is None else bad | found
        if self.order is not None:
            scope = claims[self.plan.wanted.scope] if self.plan.wanted.scope else None
            assert scope is None or isinstance(scope, Ids), "a scope is an id"
            nobody = wrong.get(self.plan.wanted.scope)
            self.order.require(scope, order_of(claims, self.plan.wanted.dated_by, bad), nobody, ids, rows.first)
        if self.plan.wanted.two_scopes:
            self.households.require(claims, bad, rows.first)
        rejects = self._rejects(rows, ids, wrong, bad, claims)
        marks = None if self.order is None else self.order.marks
        return Batch(rows.first, ids, claims, fees.offsets, fees.lines, rejects, rows.numbers, marks)

    def _claims(self, arrays: Mapping[str, pa.Array], ids: pa.Array) -> tuple[dict[str, Column], dict[str, Bad]]:
        """The columns of the claims, and by fact the rows that cannot be read."""
        plan, made, wrong = self.plan, dict[str, Column](), dict[str, Bad]()
        for reading in plan.claim:
            name = reading.fact.name
            if name == "id":
                continue
            together = self.order is not None and name == plan.wanted.scope
            one = column(reading, arrays[reading.column], together) if reading.column else constant(reading, len(ids))
            made[name], wrong[name] = one
            if name in plan.wanted.needed and reading.column:
                wrong[name] = either(one[1], unstated(one[0]))
        corrects = made.pop("corrects", None)
        if isinstance(corrects, Ids):
            stated = corrects.texts.is_valid().to_numpy(zero_copy_only=False)
            wrong["corrects"] = stated if stated.any() else None
        made.pop("currency", None)
        missing = ids.is_null().to_numpy(zero_copy_only=False) if ids.null_count else None
        wrong["id"] = either(unfit(ids), missing)
        if plan.tags:
            held, wrong[TAGS] = tags(arrays[plan.tags], plan.wanted.tags, plan.wanted.known)
            made |= held
        return self._completed(made, ids), wrong

    def _visits(self, texts: pa.Array, made: Mapping[str, Column]) -> NDArray[np.int64]:
        """The numbers of visits. A visit is one person's: where people stand side by side, no other is looked at."""
        people = made["person_id"]
        assert isinstance(people, Ids), "everybody has an id"
        apart = self.plan.wanted.scope != "person_id" or bool((np.diff(people.numbers) < 0).any())
        if apart or int(np.bincount(people.numbers + 1).max()) > _MANY:
            return numbered(texts)
        return numbered_within(people.numbers, texts)

    def _completed(self, made: dict[str, Column], ids: pa.Array) -> dict[str, Column]:
        """The columns with what follows from others: the visit of a claim that states none, the level of a grade."""
        if "visit_id" in self.plan.wanted.claim:
            stated, texts = made.get("visit_id"), ids
            if isinstance(stated, Ids):
                texts = pc.coalesce(stated.texts.cast(pa.string()), ids.cast(pa.string()))
            made["visit_id"] = Ids(self._visits(texts, made), texts)
        grade = made.get("hospital_grade")
        if "hospital_level" in self.plan.wanted.claim and isinstance(grade, Codes):
            made["hospital_level"] = _level(grade, made.get("hospital_level"))
        return made

    def _fees(self, rows: Rows, arrays: Mapping[str, pa.Array]) -> Fees:
        plan, count = self.plan, len(rows.table)
        if plan.templates:
            return templated(plan, arrays, count)
        if plan.column:
            return listed(plan, arrays[plan.column])
        if rows.lines is not None and rows.offsets is not None:
            of_lines = dict(zip(rows.lines.schema.names, rows.lines.columns, strict=True))
            return lines_of(plan.lines, of_lines, len(rows.lines), rows.offsets)
        return without_lines(count)

    def _rejects(
        self, rows: Rows, ids: pa.Array, wrong: Mapping[str, Bad], bad: NDArray[np.bool_], claims: Mapping[str, Column]
    ) -> dict[int, Diagnostic]:
        people = claims["person_id"]
        assert isinstance(people, Ids), "everybody has an id"
        masks = {name: mask for name, mask in wrong.items() if mask is not None}
        found = {}
        for row in np.flatnonzero(bad):
            number = rows.first + int(row) if rows.numbers is None else int(rows.numbers[row])
            if (cells := self.ragged.pop(number, None)) is not None:
                found[int(row)] = ragged_row(number, cells)
                continue
            names = [name for name, mask in masks.items() if mask[row]]
            found[int(row)] = self._said(rows, int(row), names)
        for row in repeated(ids, people.numbers, bad):
            found[int(row)] = _counted(ids[int(row)].as_py())
        return dict(sorted(found.items()))

    def _said(self, rows: Rows, row: int, names: Sequence[str]) -> Diagnostic:
        """The reason for a row; of one value of one fact, that which was found the first time."""
        reading = next((one for one in self.plan.claim if [one.fact.name] == [*names]), None)
        if names == [LINES] and self.plan.templates:
            columns = [one.column for template in self.plan.templates for one in template if one.column]
        elif reading is not None and reading.column and reading.fact.name != "id":
            columns = [reading.column]
        else:
            return self._reason(rows, row)
        key = (names[0], *(repr(raw_of(rows.table.column(name)[row])) for name in columns))
        if key not in self.said:
            if len(self.said) >= _KEPT:
                self.said.clear()
            self.said[key] = self._reason(rows, row)
        by = self.plan["id"].column
        return replace(self.said[key], record=self.explainer.record({by: raw_of(rows.table.column(by)[row])}))

    def _reason(self, rows: Rows, row: int) -> Diagnostic:
        lines: Sequence[Mapping[str, Any]] | None = None
        if rows.lines is not None and rows.offsets is not None:
            start, end = int(rows.offsets[row]), int(rows.offsets[row + 1])
            lines = rows.lines.slice(start, end - start).to_pylist()
        names = rows.table.schema.names
        return self.explainer.reason({name: raw_of(rows.table.column(name)[row]) for name in names}, lines)


def order_of(claims: Mapping[str, Column], dated_by: str, bad: NDArray[np.bool_]) -> Order:
    """The day and the sequence of each claim."""
    days, sequences = claims[dated_by], claims.get("sequence")
    assert isinstance(days, Days), "rules are selected by a day"
    numbers = sequences.values if isinstance(sequences, Numbers) else zeros(len(days.values))
    return days.values, numbers, bad | (days.values == NO_DAY)


def _dense(array: pa.Array) -> pa.Array:
    return array.cast(array.type.value_type) if pa.types.is_dictionary(array.type) else array


def _level(grade: Codes, level: Column | None) -> Codes:
    """The level that each grade means, where none is stated."""
    known = FACTS["hospital_grade"].codes()
    words = tuple(known.get(word, "").partition("_")[0] for word in grade.words)
    if not isinstance(level, Codes):
        return Codes(grade.positions, words)
    shifted = np.where(grade.positions < 0, -1, grade.positions + len(level.words))
    return Codes(np.where(level.positions < 0, shifted, level.positions).astype(np.int32), (*level.words, *words))


def _counted(claim: object) -> Diagnostic:
    """A claim is counted once; the words of ``engine.require_new``."""
    text = f"the claim {quoted(claim)} was settled before and is counted already"
    hint = "use the settlement that was made of it"
    return Diagnostic("E564", text, None, "a claim with an id of its own", hint, record=f"claim {quoted(claim)}",
                      field="id")  # fmt: skip
