"""Claims of a table one by one, as the reader of single claims takes them; and what is wrong with a row, in its words.

What a column refuses, the reader of single claims refuses, and the other way round: so it is asked for the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pydantic_core import PydanticCustomError

from policyengine.bulk.batch import Batch, Codes, Column, Days, Flags, Ids, Numbers
from policyengine.bulk.cells import SAID, Unfit, cell
from policyengine.bulk.columns import YES_NO
from policyengine.bulk.facts import GLOSSARY, Fact, Wanted, wanted
from policyengine.bulk.plan import Plan, Reading
from policyengine.claim import Claim, path_text, quoted
from policyengine.claim.fields import read_day
from policyengine.claim.problems import Path
from policyengine.encode import scope_key, selector
from policyengine.encode.typed import Mistyped, claim_error, expected_of, typed
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.ir import EPOCH, NO_DAY, InputDecl
from policyengine.money import EXPONENTS, decimal_of
from policyengine.rulebook import Rulebook
from policyengine.terms import TAGS

Values = Mapping[str, Any]


def document(book: Rulebook, batch: Batch, position: int) -> dict[str, Any]:
    """The claim at a position of the batch as ``Claim.model_validate`` reads it; no rejected one."""
    assert position not in batch.rejects, "a rejected claim has no values"
    of = wanted(book)
    at = range(int(batch.offsets[position]), int(batch.offsets[position + 1]))
    lines = [_values(batch.lines, of.lines, line, of.currency) for line in at]
    found = _values(batch.claims, of.claim, position, of.currency)
    return _assembled({**found, "id": _text(batch.ids[position])}, of.claim, lines, of, None)


def _values(columns: Mapping[str, Column], facts: Mapping[str, Fact], at: int, currency: str) -> Values:
    return {name: _value(made, facts[name], at, EXPONENTS[currency]) for name, made in columns.items()}


def _value(made: Column, fact: Fact, at: int, exponent: int) -> Any:
    match made:
        case Codes(positions, words):
            return None if positions[at] < 0 else words[positions[at]]
        case Numbers(values, stated):
            return None if stated is not None and not stated[at] else _number(int(values[at]), fact, exponent)
        case Flags(values, stated):
            return None if stated is not None and not stated[at] else bool(values[at])
        case Days(values):
            return None if values[at] == NO_DAY else (EPOCH.fromordinal(EPOCH.toordinal() + int(values[at])))
        case Ids(_, texts):
            return _text(texts[at])


def _number(value: int, fact: Fact, exponent: int) -> int | Decimal:
    if fact.kind == "count":
        return value
    return decimal_of(value, exponent if fact.kind == "money" else 6)


def _text(scalar: pa.Scalar) -> str | None:
    value = scalar.as_py()
    return None if value is None else str(value)


def _assembled(
    values: Values, facts: Mapping[str, Fact], lines: Sequence[Values], of: Wanted, tags: Iterable[Any] | None
) -> dict[str, Any]:
    """A claim out of its facts by name; facts that are not stated are left out."""
    out: dict[str, Any] = {"currency": of.currency, "person": {}, "encounter": {}}
    if tags is not None:
        out["person"]["tags"] = list(tags)
    for name, value in values.items():
        _put(out, (facts.get(name) or GLOSSARY[name]).at, value)
    out["lines"] = [{} for _ in lines]
    for line, stated in zip(out["lines"], lines, strict=True):
        for name, value in stated.items():
            _put(line, of.lines[name].at, value)
    return out


def _put(record: dict[str, Any], at: Path, value: Any) -> None:
    if value is None:
        return
    if at[0] == "facts" and type(value) is date:
        value = value.isoformat()
    if at[0] == "paid_elsewhere":
        record.setdefault(at[0], []).append({"payer": at[1], "amount": value})
    elif at[:2] == ("person", "tags") and isinstance(value, bool):
        held = record["person"].setdefault("tags", [])
        held += [at[2]] if value else []
    elif at[:2] == ("person", "tags"):
        record["person"]["tags"] = value
    else:
        for part in at[:-1]:
            record = record.setdefault(str(part), {})
        record[str(at[-1])] = value


# What is wrong with a row


@dataclass(frozen=True, slots=True)
class Explainer:
    """Says what is wrong with rows of one source."""

    book: Rulebook
    plan: Plan

    def reason(self, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] | None = None) -> Diagnostic:
        """The first thing that is wrong with a row, which is given by column, ``lines`` being those of a second table.
        A row that is fine is a fault of our own."""
        found = self._found(row, lines)
        assert found is not None, "the columns refuse a row that the reader of claims takes"
        return found

    def _found(self, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] | None) -> Diagnostic | None:
        record = self.record(row)
        values, wrong = _cells(self.plan.claim, row, (), record)
        of_lines, wrong_lines = self._lines(row, lines, record)
        if wrong is not None or wrong_lines is not None:
            return wrong or wrong_lines
        tags = row.get(self.plan.tags) if self.plan.tags else None
        data = _assembled(values, self.plan.wanted.claim, of_lines, self.plan.wanted, tags)
        try:
            claim = Claim.model_validate(data)
            self._place(claim)
        except ClaimError as error:
            return error.diagnostics[0]
        return self._unknown_tag(claim, record) or self._mistyped(claim, record)

    def _place(self, claim: Claim) -> None:
        """Raises ``ClaimError`` for a correction, for a claim in another currency, for one without the day that selects
        the rules or without its household."""
        if claim.corrects is not None:
            text = "a correction is not settled by itself: what it corrects would be counted twice"
            raise claim_error(claim, "E539", ("corrects",), text, "a claim that stands for itself")
        if claim.currency != self.plan.wanted.currency:
            text = f"the claim is in {claim.currency}, the rule file counts in {self.plan.wanted.currency}"
            raise claim_error(claim, "E537", ("currency",), text, self.plan.wanted.currency)
        selector(self.plan.wanted.dated_by)(claim)
        if self.plan.wanted.scope == "household_id":
            scope_key(("household_id",), claim)

    def record(self, row: Mapping[str, Any]) -> str:
        """How messages name the claim of a row."""
        reading = next((r for r in self.plan.claim if r.fact.name == "id"), None)
        found = row.get(reading.column) if reading is not None else None
        return "claim" if found is None else f"claim {quoted(found)}"

    def _lines(
        self, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] | None, record: str
    ) -> tuple[list[Values], Diagnostic | None]:
        of_lines: list[Values] = []
        for readings, raw in self._raw_lines(row, lines):
            if raw is None:
                return [], _diagnostic("E508", ("lines", len(of_lines)), "expected an object, found nothing", record)
            found, wrong = _cells(readings, raw, ("lines", len(of_lines)), record)
            if wrong is not None:
                return [], wrong
            if readings is self.plan.lines or found.get("amount"):
                of_lines.append(found)
        return of_lines, None

    def _raw_lines(
        self, row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]] | None
    ) -> Iterable[tuple[Sequence[Reading], Mapping[str, Any] | None]]:
        if self.plan.templates:
            return [(self._from(template, row), row) for template in self.plan.templates]
        listed = lines if self.plan.line_id else (row.get(self.plan.column) or ()) if self.plan.column else ()
        return [(self.plan.lines, line) for line in listed or ()]

    def _from(self, template: Sequence[Reading], row: Mapping[str, Any]) -> Sequence[Reading]:
        """The readings of a template; only the amount if it is nothing, so that there is no line."""
        amount = next(r for r in template if r.fact.name == "amount")
        values, wrong = _cells((amount,), row, (), "")
        return template if wrong is not None or values.get("amount") else (amount,)

    def _unknown_tag(self, claim: Claim, record: str) -> Diagnostic | None:
        known = {*TAGS, *self.plan.wanted.known}
        for tag in sorted(claim.person.tags - known):
            text = f"neither the glossary nor the rule file knows the tag `{quoted(tag)}`"
            return _diagnostic("E533", ("person", "tags"), text, record, hint=nearest(tag, TAGS))
        return None

    def _mistyped(self, claim: Claim, record: str) -> Diagnostic | None:
        """A declared fact that is not of the kind which the rule file gives it."""
        records = [((), claim.facts), *((("lines", n), line.facts) for n, line in enumerate(claim.lines))]
        for path, facts in records:
            for name, value in facts.items():
                if (wrong := self._of_kind(name, value, (*path, "facts", name), record)) is not None:
                    return wrong
        return None

    def _of_kind(self, name: str, value: object, path: Path, record: str) -> Diagnostic | None:
        fact = self.plan.wanted.claim.get(name) or self.plan.wanted.lines[name]
        if fact.kind == "day":
            try:
                read_day(value)
            except PydanticCustomError as error:
                return _diagnostic("E515", path, error.message(), record, "a day such as 2017-05-03")
        if fact.kind == "day" or fact.kind == "id" or fact.kind == "code":  # noqa: PLR1714 - tells mypy which are left
            return None
        decl = InputDecl(name, fact.kind, fact.domain)
        try:
            typed(decl, value, EXPONENTS[self.plan.wanted.currency])
        except Mistyped as error:
            expected = expected_of(decl, EXPONENTS[self.plan.wanted.currency])
            return _diagnostic(error.code, path, error.text, record, expected, error.hint)
        return None


def _cells(
    readings: Sequence[Reading], row: Mapping[str, Any], path: Path, record: str
) -> tuple[dict[str, Any], Diagnostic | None]:
    """What the cells of a row mean, by fact, and the first one that means nothing."""
    found: dict[str, Any] = {}
    for reading in readings:
        try:
            found[reading.fact.name] = _cell(reading, row)
        except Unfit as error:
            where = (*path, *reading.fact.at) if reading.fact.at[0] != "paid_elsewhere" else reading.fact.at
            return found, _diagnostic(error.code, where, str(error), record, error.expected, error.hint)
    return found, None


def _cell(reading: Reading, row: Mapping[str, Any]) -> Any:
    if reading.column:
        return cell(reading, row[reading.column])
    if reading.fact.kind == "flag":
        text = YES_NO.get(reading.constant or "", reading.constant)
        return SAID.get(text or "", text)
    return cell(reading, reading.constant)


def _diagnostic(code: str, path: Path, text: str, record: str, expected: str = "", hint: str = "") -> Diagnostic:
    return Diagnostic(code, f"{path_text(path)}: {text}", None, expected, hint, record=record, field=path_text(path))
