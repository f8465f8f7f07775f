"""JSON read without a float: numbers from their text, no field twice, no NaN, bounded depth; errors with places."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from policyengine.claim.document import Document
from policyengine.claim.scan import LONGEST_NUMBER, scan
from policyengine.errors import ClaimError, Diagnostic, Span

LARGEST_TEXT = 10_000_000
"""Bytes of one claim file, or of one line of a JSON Lines file."""


class _Refused(ValueError):
    """The text is JSON, but not plain; the scanner says where."""


def _decimal(number: str) -> Decimal:
    if len(number) > LONGEST_NUMBER or "e" in number or "E" in number:
        raise _Refused
    return Decimal(number)


def _whole(number: str) -> int:
    if len(number) > LONGEST_NUMBER:
        raise _Refused
    return int(number)


def _constant(_: str) -> Any:
    raise _Refused


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused
    return found


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_int=_whole, parse_constant=_constant, object_pairs_hook=_object)


def value_of(document: Document, start: int = 0, whole: bool = True) -> tuple[Any, int]:
    """The JSON value that begins at ``start``, and the offset of its end. Raises ``ClaimError`` with places.

    ``whole``: nothing but white space may follow it.
    """
    try:
        if whole:
            return _DECODER.decode(document.text[start:]), len(document.text)
        return _DECODER.raw_decode(document.text, start)
    except (ValueError, RecursionError):
        found = scan(document.text, start, whole)
    assert found.faults, "the scanner refuses what the decoder refuses"
    raise ClaimError(document.faults(found.faults))


def decoded(data: bytes, file: str, first_line: int = 1) -> str:
    """UTF-8 bytes, with or without a byte order mark, as text. Raises ``ClaimError`` at the first wrong byte."""
    try:
        return data.decode("utf-8-sig" if first_line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        wrong, start = data[error.start], error.start
    before = data[:start].decode()
    line = first_line + before.count("\n")
    span = Span(file, line, len(before) - before.rfind("\n"))
    text = f"the byte 0x{wrong:02X} is not UTF-8"
    raise ClaimError(Diagnostic("E505", text, span, "a text in UTF-8", "save the file as UTF-8"))


def too_large(place: Span, what: str, limit: int = LARGEST_TEXT, hint: str = "") -> ClaimError:
    """The error for a text above the limit of so many bytes; ``what`` names it: the file, the line."""
    most = f"{limit // 10**6} MB"
    return ClaimError(Diagnostic("E504", f"{what} is larger than {most}", place, f"at most {most}", hint))
