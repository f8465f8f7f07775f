"""Opening balances out of the national platform: the answer of interface 5206 (人员累计信息查询) as a history.

The interface description gives the node ``cuminfo`` five fields: insutype (险种类型), year (年度), cum_ym (累计年月),
cum_type_code (累计类别代码) and cum (累计值). What a code means differs from place to place: which codes a meter begins
with is data of the rule file (``opening:``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policyengine import ir
from policyengine.claim import Cumulative, History, Key, quoted
from policyengine.encode import shapes_of
from policyengine.errors import ClaimError, Diagnostic
from policyengine.money import NotMoney, exponent_of, minor_from
from policyengine.rulebook import Rulebook

YEAR, MONTH = re.compile(r"[12]\d{3}", re.ASCII), re.compile(r"[12]\d{3}(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opening:
    """``history``: what the meters begin with. ``unread``: codes in the answer that no meter begins with."""

    history: History
    unread: tuple[str, ...]


def cuminfo_of(message: Mapping[str, Any]) -> Sequence[Any] | None:
    """The rows of an answer: of the whole message, of its ``output``, or the node itself; ``None`` if it has none."""
    inner = message.get("output", message)
    rows = inner.get("cuminfo") if isinstance(inner, Mapping) else None
    return rows if isinstance(rows, list | tuple) else None


def opening_history(
    book: Rulebook, rows: Iterable[Cumulative | Mapping[str, Any]], person: str, *, scheme: str | None = None
) -> Opening:
    """The history that ``person`` begins with. ``scheme``: the insutype that counts, needed if there are several.

    Rows of one code and year are added over their months. A meter of a year takes the platform's year as the year in
    which its own starts, one of a month the month, one of a lifetime everything. Raises ``ClaimError``.
    """
    program = book.all_meters
    used, unread = opening_values(book, rows, person, scheme)
    history = History.of(used, shapes_of(program), ruleset=book.name, currency=program.currency)
    return Opening(History.model_validate(history.model_dump()), unread)


def opening_values(
    book: Rulebook, rows: Iterable[Cumulative | Mapping[str, Any]], person: str, scheme: str | None
) -> tuple[dict[Key, int], tuple[str, ...]]:
    """What each meter begins with, and the codes that no meter begins with; as ``opening_history``."""
    taken = [row if isinstance(row, Cumulative) else Cumulative.model_validate(row) for row in rows]
    wrong = [*_several(taken, scheme), *_malformed(taken), *_twice(taken)]
    if wrong:
        raise ClaimError(wrong)
    chosen = [row for row in taken if scheme in (None, row.insutype)]
    program = book.all_meters
    used: dict[Key, int] = {}
    for meter in program.meters:
        for row in chosen:
            if row.cum_type_code in meter.opening:
                key = (meter.name, (person,), _window(meter, row))
                used[key] = used.get(key, 0) + _value(meter, row, program.currency)
    known = {code for meter in program.meters for code in meter.opening}
    unread = tuple(dict.fromkeys(row.cum_type_code for row in chosen if row.cum_type_code not in known))
    return used, unread


def _window(meter: ir.Meter, row: Cumulative) -> str:
    match meter.window.kind:
        case "year":
            return row.year
        case "month":
            return f"{row.cum_ym[:4]}-{row.cum_ym[4:]}"
        case kind:
            assert kind == "lifetime", f"no opening in windows of kind {kind}"
            return "lifetime"


def _value(meter: ir.Meter, row: Cumulative, currency: str) -> int:
    """Minor units, or a whole number. Raises ``ClaimError``."""
    exponent = exponent_of(currency) if meter.kind == "money" else 0
    try:
        value = minor_from(row.cum, exponent)
    except NotMoney as error:
        what = f"amounts in {currency}" if meter.kind == "money" else "a number"
        raise ClaimError(
            _problem(row, f"{row.cum} does not fit `{meter.name}`, which counts {what}: {error}")
        ) from None
    if value < 0:
        raise ClaimError(_problem(row, f"the value is {row.cum}, below nothing"))
    return value


def _malformed(rows: Sequence[Cumulative]) -> list[Diagnostic]:
    return [_problem(row, f"year {quoted(row.year)}, cum_ym {quoted(row.cum_ym)}", "2023 and 202305") for row in rows
            if not (YEAR.fullmatch(row.year) and MONTH.fullmatch(row.cum_ym))]  # fmt: skip


def _problem(row: Cumulative, text: str, expected: str = "") -> Diagnostic:
    return Diagnostic("E572", text, None, expected, record=f"accumulator {quoted(row.cum_type_code)}")


def _twice(rows: Sequence[Cumulative]) -> list[Diagnostic]:
    """A row that stands twice would be counted twice."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for row in rows:
        key = (row.insutype, row.year, row.cum_ym, row.cum_type_code)
        if key in seen:
            text = f"{quoted(row.cum_type_code)} of {quoted(row.cum_ym)} stands twice"
            found.append(Diagnostic("E573", text, None, "one row a scheme, year, month and code", record="cuminfo"))
        seen.add(key)
    return found


def _several(rows: Sequence[Cumulative], scheme: str | None) -> list[Diagnostic]:
    known = sorted({row.insutype for row in rows})
    if scheme is None and len(known) > 1:
        text = f"the rows are of several schemes: {', '.join(map(quoted, known))}"
        return [Diagnostic("E574", text, None, "say which insutype counts", record="cuminfo")]
    if scheme is not None and rows and scheme not in known:
        expected = ", ".join(map(quoted, known))
        return [Diagnostic("E574", f"no row is of the scheme {quoted(scheme)}", None, expected, record="cuminfo")]
    return []
