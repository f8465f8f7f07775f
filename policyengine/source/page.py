"""Bytes to text: which files are read at all, and which characters may stand in them."""

from __future__ import annotations

import codecs
import os
import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from policyengine.errors import Diagnostic, RuleError, Span

LIMIT_FILE_BYTES = 1024 * 1024
LIMIT_FINDINGS = 100
"""Reading stops when so many findings are collected."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
_INVISIBLE = (
    "\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_REFUSED = re.compile(f"(?P<tab>\t+)|(?P<control>[{_CONTROL}]+)|(?P<bidi>[{_BIDI}]+)|(?P<invisible>[{_INVISIBLE}]+)")
_REFUSED_ESCAPED = re.compile(f"(?P<control>[{_CONTROL}])|(?P<bidi>[{_BIDI}])")


class Mark(Protocol):
    """A place as PyYAML counts, from 0; ``index`` in characters from the beginning of the text."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one file with its lines; line ends are ``\\n``, a byte order mark is gone. Places count from 0."""

    file: str
    text: str
    lines: tuple[str, ...]

    def span(self, line: int, column: int, length: int = 1) -> Span:
        return Span(self.file, line + 1, column + 1, max(1, length), self.lines[line])

    def rest(self, line: int, column: int) -> Span:
        """From a place to the end of its line."""
        return self.span(line, column, len(self.lines[line].rstrip(" ")) - column)

    def match(self, pattern: re.Pattern[str], mark: Mark) -> Span:
        """What the pattern matches at ``mark``, at least one character."""
        found = pattern.match(self.lines[mark.line], mark.column)
        return self.span(mark.line, mark.column, len(found.group()) if found else 1)

    def part(self, index: int, length: int) -> Span:
        """The place of ``length`` characters, ``index`` characters into the text."""
        start = self.text.rfind("\n", 0, index) + 1
        return self.span(self.text.count("\n", 0, index), index - start, length)


def page_of_text(text: str, file: str) -> Page:
    """The page of a text. Raises RuleError: E103 too large, E105–E109 characters that are refused."""
    _refuse_large(len(text), file)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    page = Page(file, text, tuple(text.split("\n")))
    found = _refused_characters(page)
    if found:
        raise RuleError(found)
    _refuse_large(len(text.encode()), file)
    return page


def page_of_file(path: Path, shown: str) -> Page:
    """The page of a file. Raises RuleError: E101 unreadable, E102 no regular file, E103, E104 not UTF-8, E105–E109."""
    try:
        data = _read_regular(path, shown)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = f"the file cannot be read: {reason}"
        raise RuleError(
            Diagnostic("E101", message, Span(shown, 1, 1), hint="check its name and permissions")
        ) from error
    return page_of_text(_decoded(data, shown), shown)


def _read_regular(path: Path, shown: str) -> bytes:
    """The bytes of a regular file. Never waits: a FIFO or a device is asked what it is and left alone."""
    _refuse_special(path.stat(), shown)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as handle:  # noqa: PTH123  a path cannot be opened without waiting
        _refuse_special(os.fstat(handle.fileno()), shown)  # it may have been exchanged since
        data = handle.read(LIMIT_FILE_BYTES + 1)
    _refuse_large(len(data), shown)
    return data


def _refuse_special(status: os.stat_result, shown: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a device, pipe or socket"
        raise RuleError(Diagnostic("E102", f"this is {kind}, not a file", Span(shown, 1, 1), expected="a rule file"))
    _refuse_large(status.st_size, shown)


def _refuse_large(size: int, file: str) -> None:
    if size > LIMIT_FILE_BYTES:
        message = f"the file is larger than {LIMIT_FILE_BYTES:,} bytes"
        hint = "split it: a rule file can extend another one"
        raise RuleError(Diagnostic("E103", message, Span(file, 1, 1), hint=hint))


def _decoded(data: bytes, shown: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RuleError(_not_utf8(data, error.start, shown)) from error


def _not_utf8(data: bytes, at: int, shown: str) -> Diagnostic:
    """The diagnostic for the bad byte at ``at``, which is shown as ``\\xd5``."""
    start = data.rfind(b"\n", 0, at) + 1
    end = data.find(b"\n", at)
    before = data[start:at].decode("utf-8").removeprefix("\ufeff" if start == 0 else "")
    text = before + data[at : end if end >= 0 else len(data)].decode("utf-8", errors="backslashreplace").rstrip("\r")
    span = Span(shown, data.count(b"\n", 0, at) + 1, len(before) + 1, 4, text)
    message = f"the byte 0x{data[at]:02x} is not UTF-8"
    return Diagnostic("E104", message, span, expected="a file saved as UTF-8", hint=_encoding_hint(data, at))


def _encoding_hint(data: bytes, at: int) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "the file is UTF-16: save it as UTF-8"
    damaged = "restore the damaged character, or save the file as UTF-8"
    if not data[:at].isascii():
        return damaged
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return damaged
    return "the file may be GBK or GB18030: save it as UTF-8"


def _refused_characters(page: Page) -> list[Diagnostic]:
    found: list[Diagnostic] = []
    for number, line in enumerate(page.lines):
        for match in _REFUSED.finditer(line):
            span = page.span(number, match.start(), len(match.group()))
            indent = not line[: match.start()].strip(" ")
            found.append(refused_character(match.lastgroup or "", match.group()[0], span, indent=indent))
            if len(found) == LIMIT_FINDINGS:
                return found
    return found


def refused_character(kind: str, character: str, span: Span, *, indent: bool = False) -> Diagnostic:
    """The diagnostic for a character of ``kind`` tab, control, bidi or invisible."""
    name = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    if kind == "tab" and indent:
        return Diagnostic("E109", "a tab indents this line", span, "spaces", "replace the tab by spaces")
    if kind == "tab":
        hint = r"replace it by a space; inside double quotes it can be written \t"
        return Diagnostic("E109", "a tab stands in this line", span, "spaces", hint)
    if kind == "control":
        hint = "the file may be UTF-16: save it as UTF-8" if character == "\0" else "delete it"
        return Diagnostic("E105", f"the control character {name} stands in the text", span, hint=hint)
    if kind == "bidi":
        message = f"the character {name} changes the direction of the text: what is shown is not what is read"
        return Diagnostic("E106", message, span, hint="delete it")
    hint = rf"delete it; a quotation that needs it can say \u{ord(character):04x} inside double quotes"
    return Diagnostic("E107", f"the invisible character {name} stands in the text", span, hint=hint)


def refused_escape(text: str) -> re.Match[str] | None:
    """The first character of a text that is refused even where it was written as an escape: a control
    character other than tab and line break (group ``control``), or one that changes direction (``bidi``)."""
    return _REFUSED_ESCAPED.search(text)
