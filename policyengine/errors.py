"""Diagnostics: what is wrong, where, what was expected.

Three families (see docs/reference/errors.md):

* rule error – the author's; has a span in a rule file;
* claim error – the data's; names the record and the field;
* assertion – our own fault; plain ``AssertionError``.

Every diagnostic has a code that ``policyengine explain CODE`` describes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as data_field
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

LIMIT_SHOWN = 20
SLIP = 86
"""How alike, in hundredths, two words are that are taken for one misspelt word."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text. Lines and columns count from 1, in characters."""

    file: str
    line: int
    column: int
    length: int = 1
    text: str = data_field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def part(self, offset: int, length: int) -> Span:
        """The place of ``length`` characters, ``offset`` characters into this one."""
        return Span(self.file, self.line, self.column + offset, max(1, length), self.text)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``severity`` is ``error``, ``warning`` or ``note``.

    ``witness``: facts that bring the finding about, as JSON with a ``claim`` that ``settle`` accepts.
    """

    code: str
    message: str
    span: Span | None = None
    expected: str = ""
    hint: str = ""
    severity: str = "error"
    related: tuple[tuple[str, Span], ...] = ()
    record: str = ""
    field: str = ""
    witness: str = data_field(default="", compare=False)

    def sort_key(self) -> tuple[str, int, int, str]:
        if self.span is None:
            return (self.record, 0, 0, self.code)
        return (self.span.file, self.span.line, self.span.column, self.code)

    def render(self) -> str:
        """The finding as text: place, message, the line with a caret, expectation, hint."""
        where = printable(str(self.span) if self.span else self.record)
        lines = [f"{where}: " if where else ""]
        lines[0] += f"{self.severity}[{self.code}]: {printable(self.message)}"
        if self.span:
            lines += _underlined(self.span)
        told = (("expected", self.expected), ("hint", self.hint))
        lines += [f" {label}: {printable(text)}" for label, text in told if text]
        for text, span in self.related:
            lines.append(f" {printable(str(span))}: note: {printable(text)}")
            lines += _underlined(span)
        return "\n".join(lines)


def _underlined(span: Span) -> list[str]:
    """The line, or 160 characters of it around the place, with the place underlined; escapes are counted as shown."""
    if not span.text:
        return []
    start, at = max(0, span.column - 61), span.column - 1
    end = max(at + 1, min(at + span.length, start + 160))
    parts = (span.text[start:at], span.text[at:end], span.text[end : start + 160])
    before, marked, after = (printable(part.expandtabs(1)) for part in parts)
    margin = f" {span.line} | "
    caret = "^" * max(1, width(marked))
    return [margin + before + marked + after, " " * (len(margin) - 2) + "| " + " " * width(before) + caret]


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)


def printable(text: str) -> str:
    """``text`` with control and direction-changing characters written as escapes."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


class PolicyError(Exception):
    """Base of the errors this library raises on purpose; carries its diagnostics."""

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        found = [diagnostics] if isinstance(diagnostics, Diagnostic) else list(diagnostics)
        assert found, "an error carries at least one diagnostic"
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(found, key=Diagnostic.sort_key))
        super().__init__(render(self.diagnostics))

    def __reduce__(self) -> tuple[type[PolicyError], tuple[tuple[Diagnostic, ...]]]:
        return (type(self), (self.diagnostics,))


class RuleError(PolicyError):
    """A rule file is wrong; the diagnostics have spans."""


class ClaimError(PolicyError):
    """A claim, a history or a parameter handed in is wrong; the diagnostics name record and field."""


class CaseError(PolicyError):
    """A command is refused, or the store of cases is not as it should be; the diagnostics name case and command."""


class MissingExtra(ImportError):
    """An optional part of the library is not installed; the message names the extra."""


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """All findings as text, twenty at most, then "and n more"."""
    shown = [d.render() for d in diagnostics[:LIMIT_SHOWN]]
    if len(diagnostics) > LIMIT_SHOWN:
        shown.append(f"… and {len(diagnostics) - LIMIT_SHOWN} more")
    return "\n".join(shown)


def nearest(name: str, known: Iterable[str]) -> str:
    """A spelling hint: the known name closest to ``name``, or an empty text."""
    found = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean `{found[0]}`?" if found else ""


@lru_cache(maxsize=4096)
def slip(word: str, known: tuple[str, ...]) -> str:
    """The known word that ``word`` is a slip of the pen away from, or an empty text."""
    by_form = {k.casefold(): k for k in known}
    for near in get_close_matches(word.casefold(), list(by_form), n=1):
        if SequenceMatcher(None, near, word.casefold()).ratio() * 100 >= SLIP:
            return by_form[near]
    return ""
