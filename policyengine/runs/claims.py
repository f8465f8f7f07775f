"""The claims of a run: one for each member or household, its fee lines the rows of the window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.encode.windows import calendar_key
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.money import MAX_MINOR, NotMoney, exponent_of, grouped, minor_from, text_of
from policyengine.rulebook import Rulebook
from policyengine.runs.rows import RunRow, Standing, Written
from policyengine.runs.sources import refused, row_of
from policyengine.runs.units import kept_facts, read_of, standing_of, units_of
from policyengine.runs.windows import chosen_window, last_day
from policyengine.settlement import Settlement
from policyengine.terms import TAGS

MOST_ROWS: Final = 10_000
NO_CARE: Final = "outpatient"
"""A claim names a kind of care; a run has none, and no rule file of a run can read it."""

Rows = Iterable[Settlement | Written | RunRow]


@dataclass(frozen=True, slots=True)
class RunClaims:
    """The claims of a run over ``window``, which ends on ``day``.

    ``rows``: settlements counted; ``outside``: settlements of other windows, left out; ``without``: people handed in of
    whom the window has no settlement.
    """

    run: ir.Run
    window: str
    day: date
    claims: tuple[Claim, ...]
    rows: int
    outside: int
    without: int


def run_of(book: Rulebook) -> ir.Run:
    """The run of a rule set. Raises ``ClaimError`` if it is none."""
    run = book.programs[0].run
    if run is None:
        text = f"{book.name} settles claims, not earlier settlements"
        raise ClaimError(Diagnostic("E577", text, None, "a rule set with `run:` and `rows:`", record=book.name))
    return run


def run_claims(book: Rulebook, rows: Rows, *, window: str | None = None, people: Iterable[Standing] = ()) -> RunClaims:
    """The claims of a run, one for each member (or household, or all together).

    ``rows``: settlements, or rows that say the run's fields; ``window``: which day, month or year, needed if rows fall
    into several; ``people``: what holds at the end of the window, in place of what the last claim said. Raises
    ``ClaimError`` with everything that is wrong.
    """
    run = run_of(book)
    taken = _taken(book, run, rows)
    chosen = chosen_window(run.window, window, taken)
    inside = [row for row in taken if calendar_key(run.window, row.day) == chosen]
    handed = _by_unit(people)
    day, units = last_day(run.window, chosen), units_of(run, inside)
    claims, wrong = list[Claim](), list[Diagnostic]()
    maker = _Maker(book, run, chosen, day)
    for unit, found in units.items():
        try:
            claims.append(maker.claim(unit, found, handed.get(unit)))
        except ClaimError as error:
            wrong += error.diagnostics
    if wrong:
        raise ClaimError(wrong)
    without = len(handed.keys() - units.keys())
    return RunClaims(run, chosen, day, tuple(claims), len(inside), len(taken) - len(inside), without)


def claims_by_window(book: Rulebook, rows: Rows) -> tuple[Claim, ...]:
    """The claims of every window that rows fall into, one window after the other. Raises as ``run_claims``."""
    taken, window = list(rows), run_of(book).window
    names = sorted({calendar_key(window, row.day) for row in taken})
    return tuple(claim for name in names for claim in run_claims(book, taken, window=name).claims)


def _by_unit(people: Iterable[Standing]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for one in people:
        if one.person.id in found:
            raise refused("E578", "two records say what holds of one person", "people", "person.id", "one record each")
        found[one.person.id] = one
    return found


def _taken(book: Rulebook, run: ir.Run, rows: Rows) -> list[RunRow]:
    """Every row, its fields complete, each id once. Raises ``ClaimError``."""
    found, wrong = list[RunRow](), list[Diagnostic]()
    for given in rows:
        try:
            row = given if isinstance(given, RunRow) else row_of(run, given)
        except ClaimError as error:
            wrong += error.diagnostics
            continue
        found.append(row)
        wrong += _misfits(book, run, row)
    for name, times in Counter(row.id for row in found).items():
        if times > 1:
            text = f"`{quoted(name)}` stands {times} times among the rows"
            wrong += refused("E578", text, f"row {quoted(name)}", "id", "each settlement once").diagnostics
    if wrong:
        raise ClaimError(wrong)
    return found


def _misfits(book: Rulebook, run: ir.Run, row: RunRow) -> Iterator[Diagnostic]:
    record, known = f"row {quoted(row.id)}", [field.name for field in run.fields]
    for name in known:
        if name not in row.fields:
            yield from refused("E577", f"the row does not say `{name}`", record, f"fields.{name}").diagnostics
    for name in row.fields:
        if name not in known:
            text, expected = f"the run has no field `{quoted(name)}`", "one of " + ", ".join(known)
            field = f"fields.{quoted(name)}"
            yield from refused("E577", text, record, field, expected, nearest(name, known)).diagnostics
    currency = book.programs[0].currency
    if row.currency != currency:
        text = f"the row is in {quoted(row.currency)}, the run counts in {currency}"
        yield from refused("E577", text, record, "currency", currency).diagnostics


class _Maker:
    """What the claims of one run have in common."""

    def __init__(self, book: Rulebook, run: ir.Run, window: str, day: date) -> None:
        self.run, self.window, self.day = run, window, day
        self.read = read_of(book)
        self.currency = book.programs[0].currency
        self.exponent = exponent_of(self.currency)
        own = [d for p in book.programs for d in (*p.inputs, *p.declared) if d.domain == "claim"]
        self.declared = frozenset(d.name for d in own)
        self.tags = frozenset(TAGS) | {d.name for d in own if d.kind == "flag"}

    def claim(self, unit: str, rows: Sequence[RunRow], handed: Standing | None) -> Claim:
        """The claim of one unit. Raises ``ClaimError``."""
        standing = handed or standing_of(self.run, unit, rows, self.read)
        last = max(rows, key=lambda row: (row.day, row.sequence, row.id))
        name = f"{last.id}/{self.window}"
        facts = kept_facts(standing.facts, self.declared)
        person = standing.person.model_copy(update={"tags": standing.person.tags & self.tags})
        return Claim.model_validate({
            "id": name[-200:].lstrip(), "currency": self.currency, "person": person, "facts": facts,
            "encounter": {"care_type": NO_CARE, "service_date": self.day}, "lines": self._lines(name, rows),
        })  # fmt: skip

    def _lines(self, name: str, rows: Sequence[RunRow]) -> list[dict[str, Any]]:
        groups: dict[tuple[object, ...], list[RunRow]] = {}
        for number, row in enumerate(rows):
            groups.setdefault(self._key(row, number), []).append(row)
        record = f"claim {quoted(name)}"
        if len(groups) > MOST_ROWS:
            text, hint = f"there are {len(groups):,} rows", "let the rule file add rows up: `group_by:`"
            raise refused("E577", text, record, "lines", f"at most {MOST_ROWS:,}", hint)
        summed = [self._summed(group) for group in groups.values()]
        self._check_sums(record, summed)
        return [self._line(group, fields) for group, fields in zip(groups.values(), summed, strict=True)]

    def _key(self, row: RunRow, number: int) -> tuple[object, ...]:
        """What rows agree in that are added up; without ``group_by`` each row is its own."""
        if self.run.group_by is None:
            return (number,)
        own = {"member": row.person.id, "household": row.person.household}
        return tuple(own[by] if by in own else row.fields[by] for by in self.run.group_by)

    def _summed(self, rows: Sequence[RunRow]) -> dict[str, Any]:
        """The fields of a group: amounts and counts added up, the others those that all rows have."""
        out: dict[str, Any] = {}
        for field in self.run.fields:
            if field.kind == "money":
                out[field.name] = sum(self._minor(row, field.name) for row in rows)
            elif field.kind == "count" and len(rows) > 1:
                out[field.name] = sum(_count(row, field.name) for row in rows)
            elif field.kind != "id":
                out[field.name] = rows[0].fields[field.name]
        return out

    def _minor(self, row: RunRow, name: str) -> int:
        try:
            found = minor_from(row.fields[name], self.exponent)
        except NotMoney as error:
            text = f"`{name}` is no amount: {error}"
        else:
            if found >= 0:
                return found
            text = f"`{name}` is below zero"
        raise refused("E577", text, f"row {quoted(row.id)}", f"fields.{name}", "a decimal text such as 1300.50")

    def _check_sums(self, record: str, summed: Sequence[dict[str, Any]]) -> None:
        for field in self.run.fields:
            if field.kind == "money" and sum(row[field.name] for row in summed) > MAX_MINOR:
                text = f"`{field.name}` sums to more than a run can settle at once"
                limit = f"at most {grouped(MAX_MINOR, self.exponent)} {self.currency}"
                raise refused("E577", text, record, "lines", limit)

    def _line(self, rows: Sequence[RunRow], fields: dict[str, Any]) -> dict[str, Any]:
        kinds = {field.name: field.kind for field in self.run.fields}
        bill = text_of(fields[self.run.bill] if self.run.bill else 0, self.exponent)
        facts = {n: text_of(v, self.exponent) if kinds[n] == "money" else v for n, v in fields.items()}
        line: dict[str, Any] = {"category": "other", "amount": bill, "facts": facts}
        return {**line, "id": rows[0].id} if len(rows) == 1 else {**line, "name": f"{len(rows)} settlements"}


def _count(row: RunRow, name: str) -> int:
    value = row.fields[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise refused("E577", f"`{name}` is no count", f"row {quoted(row.id)}", f"fields.{name}", "a whole number")
    return value
