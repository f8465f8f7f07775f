"""What reads text from outside, each as a trial: bytes in; ``valid`` or the family of codes that refused them out.

A refusal is held to what every refusal owes: a code that is described, a message, a place inside the text.
"""

from __future__ import annotations

import itertools
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from policyengine import expressions
from policyengine.assemble import assemble
from policyengine.assemble import read as read_rules
from policyengine.casebook import read_cases
from policyengine.check import findings
from policyengine.claim import History
from policyengine.codemaps import read_map
from policyengine.codes import CODES
from policyengine.errors import ClaimError, Diagnostic, PolicyError, RuleError, Span
from policyengine.records import read_records
from policyengine.rulebook import Place, bundled_root
from policyengine.source import read_file
from policyengine.synth.reading import read_profile
from tests.fuzz.forked import Complaint, Trial

FALL_BACK: Final = "E162"
"""Said of a text that is not YAML where nobody can say why: there is always somebody who can."""


LINE: Final = "line.yaml"
"""The file of a text that stands in one line of its own."""


@cache
def folder() -> Path:
    """Where files to read are put: memory, if the system has such a folder."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="inputs-", dir=memory if os.access(memory, os.W_OK) else None))


def hold(found: Diagnostic, data: bytes, file: str, *, placed: bool = True) -> None:
    """Raises ``Complaint`` for a diagnostic that is not as one must be."""
    text = found.render()
    if found.code not in CODES or found.code == FALL_BACK:
        raise Complaint(f"nobody can say what is wrong: {text}")
    if not found.message or not text.replace("\n", "").isprintable():
        raise Complaint(f"not shown as a text: {text!r}")
    if placed or found.span is not None:
        _hold_place(found.span, data, file, text)
    elif not found.record:
        raise Complaint(f"neither place nor record: {text}")


def _hold_place(span: Span | None, data: bytes, file: str, text: str) -> None:
    if span is None:
        raise Complaint(f"no place: {text}")
    if span.file != file:
        return _hold_elsewhere(span, text)
    lines = [data.decode("utf-8", "surrogateescape")] if file == LINE else _lines(data)
    if not 1 <= span.line <= len(lines) or not 1 <= span.column <= len(lines[span.line - 1]) + 1:
        raise Complaint(f"a place outside the text: {text}")
    return None


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8-sig", "backslashreplace").replace("\r\n", "\n").split("\n")


def _hold_elsewhere(span: Span, text: str) -> None:
    if not span.file.startswith("rulesets/"):
        raise Complaint(f"a place in another file: {text}")


def refused(read: Callable[[], object], data: bytes, file: str) -> str:
    """The outcome of reading: every diagnostic has a place in ``file``."""
    try:
        read()
    except PolicyError as error:
        for found in error.diagnostics:
            hold(found, data, file)
        return error.diagnostics[0].code
    return "valid"


DECLARED: Final = re.compile(rb"^ruleset: ([a-z0-9_/]+)$", re.MULTILINE)


def _kept(data: bytes, name: str) -> Path:
    path = folder() / f"{os.getpid()}-{name}"
    path.write_bytes(data)
    return path


def reader(data: bytes) -> str:
    """YAML of rule files: bytes to a tree."""
    path = _kept(data, "tree.yaml")
    return refused(lambda: read_file(path, "tree.yaml"), data, "tree.yaml")


def rules(data: bytes) -> str:
    """A whole rule file: read, parsed, flattened, lowered, checked; what ``check`` warns of has its place, too."""
    path, declared = _kept(data, "rules.yaml"), DECLARED.search(data)
    place = Place(path, declared[1].decode() if declared else "unnamed", path.parent, (bundled_root(),))

    def read() -> None:
        book = assemble(place)
        found = findings(read_rules(place), book.programs)
        if found:
            raise RuleError(found)

    return refused(read, data, path.name)


FIELDS: Final[Mapping[str, Callable[..., Any]]] = {
    "money": lambda text, span: expressions.parse_money(text, span, "CNY"),
    "yen": lambda text, span: expressions.parse_money(text, span, "JPY"),
    "rate": expressions.parse_rate,
    "points": expressions.parse_points,
    "count": expressions.parse_count,
    "date": expressions.parse_date,
    "interval": lambda text, span: expressions.parse_interval(text, span, "CNY"),
    "alternatives": expressions.parse_alternatives,
    "name": expressions.parse_name,
}


def expression(data: bytes) -> str:
    """An amount or a condition; what is accepted is written and read again as the same."""
    text, span = _text_in_a_line(data)

    def read() -> None:
        tree = expressions.parse_expression(text, span)
        written = expressions.print_expression(tree)
        if expressions.parse_expression(written, span) != tree:
            raise Complaint(f"written as another expression: {written}")

    return refused(read, data, LINE)


def literal(data: bytes) -> str:
    """Each field that holds one value."""
    text, span = _text_in_a_line(data)
    found = {refused(lambda read=read: read(text, span), data, LINE) for read in FIELDS.values()}
    return "valid" if "valid" in found else min(found)


def _text_in_a_line(data: bytes) -> tuple[str, Span]:
    text = data.decode("utf-8", "surrogateescape")
    return text, Span(LINE, 1, 1, max(1, len(text)), text)


def claims(data: bytes) -> str:
    """A file of claims, whatever its form; every record is good or has an error with its place."""
    path = _kept(data, "claims.json")
    outcomes = []
    try:
        for record in read_records(path):
            outcomes.append("valid" if record.error is None else record.error.diagnostics[0].code)
            for found in record.error.diagnostics if record.error else ():
                hold(found, data, str(path))
    except ClaimError as error:
        for found in error.diagnostics:
            hold(found, data, str(path))
        outcomes.append(error.diagnostics[0].code)
    return outcomes[-1]


def history(data: bytes) -> str:
    """A history, as one command leaves it for the next."""
    return refused(lambda: History.model_validate_json(data, file="history.json"), data, "history.json")


def cases(data: bytes) -> str:
    """A case file."""
    path = _kept(data, "cases.yaml")
    return refused(lambda: read_cases(path), data, str(path))


def codes(data: bytes) -> str:
    """A map of codes."""
    path = _kept(data, "codes.yaml")
    return refused(lambda: read_map(path, "codes.yaml"), data, "codes.yaml")


def profile(data: bytes) -> str:
    """A profile of synthetic people."""
    path = _kept(data, "profile.yaml")
    return refused(lambda: read_profile(path, "profile.yaml"), data, "profile.yaml")


def columns(data: bytes) -> str:
    """A mapping of columns, read and held against a table and a rule set."""
    from tests.bulk.test_mapping import HEAD
    from tests.fuzz.tables import opened

    path = _kept(data, "columns.yaml")
    return _with_records(lambda: opened(path, HEAD), data, str(path))


def table(data: bytes) -> str:
    """A CSV file of claims: every row is a claim or a reject that says why."""
    from tests.fuzz.tables import rows_of

    path = _kept(data, "claims.csv")
    return _with_records(lambda: [hold(one, data, str(path), placed=False) for one in rows_of(path)], data, str(path))


def _with_records(read: Callable[[], object], data: bytes, file: str) -> str:
    """Reading tables: what is wrong names a place, or the table, column or row."""
    try:
        read()
    except PolicyError as error:
        for found in error.diagnostics:
            hold(found, data, file, placed=False)
        return error.diagnostics[0].code
    return "valid"


SURFACES: Final[Mapping[str, Trial]] = {
    surface.__name__: surface
    for surface in itertools.chain(
        (rules, reader, expression, literal, claims, history, cases, codes, profile), (columns, table)
    )
}
