"""Claim files: one JSON object, a JSON array, or JSON Lines; every record with its place, good or bad.

JSON Lines are streamed: only one line is in memory. A bad record costs nobody else anything: it is handed on with its
error, and the caller decides. Where the text breaks so that the next record cannot be found, the error comes last.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from policyengine.claim import LARGEST_TEXT, Claim, Document, decoded, locate, too_large, value_of
from policyengine.claim.scan import Fault, scan
from policyengine.errors import ClaimError, Diagnostic, Span

__all__ = ["FORMS", "Record", "locate", "read_as", "read_claims", "read_records"]

FORMS = ("auto", "object", "array", "lines")
"""Forms of a claim file."""

_LINE_SUFFIXES = (".jsonl", ".ndjson")
_BOM = b"\xef\xbb\xbf"
_HINT_LINES = "write one claim a line (JSON Lines): the limit then holds for each line"


T = TypeVar("T")
Validate = Callable[[Document, int, Any], T]
"""Makes the record that was read at a place of a text. Raises ``ClaimError``."""


@dataclass(frozen=True, slots=True)
class Record(Generic[T]):
    """The ``number``-th record of a file: its claim (or what else is read), or what is wrong with it."""

    number: int
    place: Span
    claim: T | None
    error: ClaimError | None
    _document: Document = field(repr=False, compare=False)
    _start: int = field(repr=False, compare=False)

    def taken(self) -> T:
        """The claim. Raises the ``ClaimError`` of a bad record."""
        if self.error is not None:
            raise self.error
        assert self.claim is not None
        return self.claim

    def located(self, error: ClaimError) -> ClaimError:
        """An error that settling the claim brought up, with the places of the fields it names."""
        return self._document.located(error, self._start)


def read_claims(source: Path | str, form: str = "auto") -> Iterator[Claim]:
    """The claims of a file (``-``: standard input). Raises the ``ClaimError`` of the first bad record."""
    return (record.taken() for record in read_records(source, form))


def read_records(source: Path | str, form: str = "auto") -> Iterator[Record[Claim]]:
    """Every claim of a file (``-``: standard input), good or bad, in order.

    Raises ``ClaimError`` only if the file cannot be opened or holds no record at all.
    """
    return read_as(source, Claim.validate_in, form)


def read_as(source: Path | str, validate: Validate[T], form: str = "auto") -> Iterator[Record[T]]:
    """Every record of a file, made by ``validate``; else as ``read_records``."""
    assert form in FORMS, form
    if form == "auto" and str(source).endswith(_LINE_SUFFIXES):
        form = "lines"
    file = "<stdin>" if str(source) == "-" else str(source)
    with _opened(source, file) as stream:
        lines = _Lines(stream, file)
        first = lines.peek()
        if first is None:
            raise ClaimError(Diagnostic("E505", "the file holds no claim", Span(file, 1, 1), "at least one claim"))
        match form if form != "auto" else _form(first, lines):
            case "lines":
                yield from _from_lines(lines, file, validate)
            case "array":
                yield from _guarded(_from_array, lines, file, validate)
            case _:
                yield from _guarded(_from_object, lines, file, validate)


def _opened(source: Path | str, file: str) -> AbstractContextManager[IO[bytes]]:
    if str(source) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(source).open("rb")
    except (OSError, ValueError) as error:
        reason = _reason(error)
    raise _unreadable(file, reason)


def _reason(error: OSError | ValueError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _unreadable(file: str, reason: str) -> ClaimError:
    return ClaimError(Diagnostic("E505", f"the file cannot be read: {reason}", Span(file, 1, 1), "a readable file"))


class _Lines:
    """The lines of a stream that are not blank, with their numbers; reads ahead as far as it is asked to."""

    def __init__(self, stream: IO[bytes], file: str) -> None:
        self.stream = stream
        self.file = file
        self.number = 0
        self.ahead: list[tuple[int, bytes]] = []

    def peek(self, index: int = 0) -> bytes | None:
        """The next line but ``index``, without taking it."""
        while len(self.ahead) <= index:
            line = self._next()
            if line is None:
                return None
            self.ahead.append(line)
        return self.ahead[index][1]

    def take(self) -> tuple[int, bytes] | None:
        """The next line and its number. A line above the limit comes cut, longer than the limit."""
        return self.ahead.pop(0) if self.ahead else self._next()

    def _next(self) -> tuple[int, bytes] | None:
        while line := self._read(self.stream.readline):
            self.number += 1
            rest = line
            while len(rest) > LARGEST_TEXT and not rest.endswith(b"\n"):
                rest = self._read(self.stream.readline)
            if line.strip() and line.strip() != _BOM:
                return self.number, line
        return None

    def _read(self, read: Callable[[int], bytes], size: int = LARGEST_TEXT + 1) -> bytes:
        try:
            return read(size)
        except OSError as error:
            reason = _reason(error)
        raise _unreadable(self.file, reason)

    def rest(self) -> tuple[int, bytes]:
        """Everything that is left and the number of its first line, one byte above the limit at most."""
        first = self.ahead[0][0]
        data, number = b"", first
        for line_number, line in self.ahead:
            data += b"\n" * (line_number - number) + line
            number = line_number + 1
        return first, data + self._read(self.stream.read, max(0, LARGEST_TEXT + 1 - len(data)))


def _form(first: bytes, lines: _Lines) -> str:
    """The form that a file seems to have, by its first characters."""
    start = first.removeprefix(_BOM).lstrip()
    if start.startswith(b"["):
        return "array"
    if not start.startswith(b"{"):
        return "object"
    text = start.decode(errors="replace").rstrip()
    cut = any(fault.syntax and fault.start >= len(text) for fault in scan(text).faults)
    second = lines.peek(1)
    return "object" if cut and not (second or b"").startswith(b"{") else "lines"


def _from_lines(lines: _Lines, file: str, validate: Validate[T]) -> Iterator[Record[T]]:
    number = 0
    while taken := lines.take():
        number += 1
        yield _from_line(number, taken[0], taken[1], file, validate)


def _from_line(number: int, line_number: int, line: bytes, file: str, validate: Validate[T]) -> Record[T]:
    place = Span(file, line_number, 1)
    document = Document(file, "", line_number)
    try:
        if len(line) > LARGEST_TEXT:
            raise too_large(place, "the line")
        document = Document(file, decoded(line, file, line_number).rstrip("\r\n"), line_number)
        value = value_of(document)[0]
        return Record(number, place, validate(document, 0, value), None, document, 0)
    except ClaimError as error:
        return Record(number, place, None, error, document, 0)


def _guarded(read: Any, lines: _Lines, file: str, validate: Validate[T]) -> Iterator[Record[T]]:
    """The records of a file that is read as a whole; a file that is too large or not UTF-8 is one bad record."""
    first, data = lines.rest()
    try:
        if len(data) > LARGEST_TEXT:
            raise too_large(Span(file, first, 1), "the file", hint=_HINT_LINES)
        document = Document(file, decoded(data, file, first), first)
    except ClaimError as error:
        yield Record(1, Span(file, first, 1), None, error, Document(file, "", first), 0)
        return
    yield from read(document, validate)


def _from_object(document: Document, validate: Validate[T]) -> Iterator[Record[T]]:
    start = _skip(document.text, 0)
    try:
        value = value_of(document)[0]
    except ClaimError as error:
        yield _record(1, document, start, error)
        return
    yield _validated(1, document, start, value, validate)


def _from_array(document: Document, validate: Validate[T]) -> Iterator[Record[T]]:
    """The records of a JSON array; after a syntax error nothing more can be found."""
    text = document.text
    number, at = 0, _skip(text, 0)
    if text[at] != "[":
        yield _broken(1, document, at, "`[`")
        return
    at = _skip(text, at + 1)
    while number or text[at : at + 1] != "]":
        number += 1
        record, end = _member(number, document, at, validate)
        yield record
        if end is None:
            return
        at = _skip(text, end)
        if text[at : at + 1] != ",":
            break
        at = _skip(text, at + 1)
    if text[at : at + 1] != "]":
        yield _broken(number + 1, document, at, "`,` or `]`")
    elif _skip(text, at + 1) < len(text):
        yield _broken(number + 1, document, _skip(text, at + 1), "nothing after the end of the list")


def _member(number: int, document: Document, start: int, validate: Validate[T]) -> tuple[Record[T], int | None]:
    """The record at ``start`` of an array and where it ends; no end after a syntax error."""
    try:
        value, end = value_of(document, start, whole=False)
    except ClaimError as error:
        seen = scan(document.text, start, whole=False)
        broken = any(fault.syntax for fault in seen.faults)
        return _record(number, document, start, error), None if broken else seen.end
    return _validated(number, document, start, value, validate), end


def _skip(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t", "\n", "\r"):
        at += 1
    return at


def _validated(number: int, document: Document, start: int, value: Any, validate: Validate[T]) -> Record[T]:
    try:
        made = validate(document, start, value)
    except ClaimError as error:
        return _record(number, document, start, error)
    return Record(number, document.place(start), made, None, document, start)


def _record(number: int, document: Document, start: int, error: ClaimError) -> Record[Any]:
    return Record(number, document.place(start), None, error, document, start)


def _broken(number: int, document: Document, at: int, expected: str) -> Record[Any]:
    early = at >= len(document.text)
    text = "the text ends too early" if early else f"`{document.text[at]}` is not expected here"
    faults = document.faults([Fault("E501", at, at + 1, text, expected, syntax=True)])
    return _record(number, document, at, ClaimError(faults))
