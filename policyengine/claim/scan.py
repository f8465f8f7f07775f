"""Places in a JSON text: which characters hold ``lines[2].amount``, and where the text stops being plain JSON.

Only failing texts are scanned; good ones go through the standard library (``jsontext``). The scanner keeps its own
stack, so that nesting costs no recursion.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import NoReturn

from policyengine.claim.problems import Path, quoted

DEEPEST = 32
"""Levels of nesting that a claim file may have."""

LONGEST_NUMBER = 24

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_STRING_BEGUN = re.compile(_STRING.pattern[:-1])
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_NAN = re.compile(r"-?(?:NaN|Infinity)")


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets [start, end) of a value and of the name in front of it (both 0 where there is none)."""

    start: int
    end: int
    key_start: int = 0
    key_end: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Characters that are not plain JSON. ``syntax``: nothing after them can be understood."""

    code: str
    start: int
    end: int
    text: str
    expected: str = ""
    hint: str = ""
    syntax: bool = False
    first: Place | None = None


@dataclass(slots=True)
class Scan:
    """What the scanner saw: a place for every value, the faults in order, and where the value ended."""

    places: dict[Path, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    end: int = 0


@dataclass(slots=True)
class _Open:
    """An object or a list whose end has not come yet."""

    path: Path
    start: int
    key: tuple[int, int]
    names: dict[str, tuple[int, int]] | None
    count: int = 0


class _Broken(Exception):
    """The text cannot be read any further; the last fault says why."""


def scan(text: str, start: int = 0, whole: bool = True) -> Scan:
    """The places in one JSON value that begins at ``start``. ``whole``: nothing but white space may follow it."""
    scanner = _Scanner(text, start)
    try:
        scanner.value()
        if whole and scanner.space() < len(text):
            scanner.stop("something follows the end of the claim", "one JSON value")
    except _Broken:
        pass
    scanner.seen.end = scanner.at
    return scanner.seen


class _Scanner:
    __slots__ = ("at", "open", "seen", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.at = start
        self.open: list[_Open] = []
        self.seen = Scan()

    def value(self) -> None:
        """One value with everything inside it."""
        self._begin((), (0, 0))
        while self.open:
            self._member(self.open[-1])

    def space(self) -> int:
        """Skip white space; the offset of the next character."""
        found = _SPACE.match(self.text, self.at)
        assert found
        self.at = found.end()
        return self.at

    def stop(self, text: str, expected: str, hint: str = "", code: str = "E501") -> NoReturn:
        """Give up at the present character."""
        fault = Fault(code, self.at, self.at + 1, text, expected, hint or self._hint(), syntax=True)
        self.seen.faults.append(fault)
        raise _Broken

    def _begin(self, path: Path, key: tuple[int, int]) -> None:
        """A value: a scalar is read at once, an object or a list is opened."""
        start = self.space()
        if self.text[start : start + 1] in ("{", "["):
            if len(self.open) >= DEEPEST:
                self.stop(f"more than {DEEPEST} levels of nesting", "a claim as described", code="E504")
            self.at += 1
            names: dict[str, tuple[int, int]] | None = {} if self.text[start] == "{" else None
            self.seen.places.setdefault(path, Place(start, start + 1, *key))
            self.open.append(_Open(path, start, key, names))
            return
        self._scalar()
        self.seen.places.setdefault(path, Place(start, self.at, *key))

    def _scalar(self) -> None:
        text, start = self.text, self.at
        if found := _STRING.match(text, start) or _WORD.match(text, start):
            self.at = found.end()
        elif found := _NAN.match(text, start):
            self.at = found.end()
            self._fault("E503", start, f"{found[0]} is not a number", "a decimal number such as 1300.50")
        elif found := _NUMBER.match(text, start):
            self.at = found.end()
            self._check_number(found[0], start)
        elif text[start : start + 1] == '"':
            self._bad_string(start)
        else:
            self._nothing("a value")

    def _check_number(self, number: str, start: int) -> None:
        if len(number) > LONGEST_NUMBER:
            self._fault("E503", start, f"a number of {len(number):,} characters", f"at most {LONGEST_NUMBER}")
        elif not _PLAIN.fullmatch(number):
            hint = "write the number out, without an exponent"
            self._fault("E503", start, f"the number {number} has an exponent", "a number such as 1300.50", hint)

    def _fault(self, code: str, start: int, text: str, expected: str, hint: str = "") -> None:
        self.seen.faults.append(Fault(code, start, self.at, text, expected, hint))

    def _bad_string(self, start: int) -> NoReturn:
        """A text that does not end, or holds a raw control character or a wrong escape."""
        good = _STRING_BEGUN.match(self.text, start)
        assert good
        self.at = good.end()
        match self.text[self.at : self.at + 1]:
            case "" | "\n" | "\r":
                self.at = start
                self.stop("the text has no end", 'a closing quotation mark "', hint='a text ends with " on its line')
            case "\\":
                self.stop("an escape that JSON does not know", r"one of \" \\ \/ \b \f \n \r \t \u0000")
            case _:
                self.stop("a control character inside a text", r"an escape such as \t")

    def _member(self, top: _Open) -> None:
        """The next member of the innermost object or list, or its end."""
        closing = "]" if top.names is None else "}"
        char = self.text[self.space() : self.at + 1]
        if char == closing:
            self.at += 1
            self.open.pop()
            return
        if top.count:
            if char != ",":
                self._nothing(f"`,` or `{closing}`")
            self.at += 1
            comma = self.at - 1
            if self.text[self.space() : self.at + 1] == closing:
                self.at = comma
                self.stop(f"a comma before `{closing}`", "another member or no comma", hint="remove the comma")
        top.count += 1
        if top.names is None:
            self._begin((*top.path, top.count - 1), (0, 0))
        else:
            self._named(top, top.names)

    def _named(self, top: _Open, names: dict[str, tuple[int, int]]) -> None:
        start = self.space()
        found = _STRING.match(self.text, start)
        if not found:
            if self.text[start : start + 1] == '"':
                self._bad_string(start)
            self._nothing("the name of a field in double quotes")
        self.at = found.end()
        name = str(json.loads(found[0]))
        if self.text[self.space() : self.at + 1] != ":":
            self._nothing("`:`")
        self.at += 1
        if name in names:
            self._twice(name, start, found.end(), Place(*names[name]))
        names.setdefault(name, (start, found.end()))
        self._begin((*top.path, name), (start, found.end()))

    def _twice(self, name: str, start: int, end: int, first: Place) -> None:
        text = f"the field `{quoted(name)}` stands twice in one object"
        self.seen.faults.append(Fault("E502", start, end, text, "each field once", "keep one of them", first=first))

    def _nothing(self, expected: str) -> NoReturn:
        if self.at >= len(self.text):
            self.stop("the text ends too early", expected)
        self.stop(f"`{quoted(self.text[self.at])}` is not expected here", expected)

    def _hint(self) -> str:
        """What usually went wrong at the present character."""
        rest = self.text[self.at : self.at + 8]
        for beginning, hint in _HINTS:
            if rest.startswith(beginning):
                return hint
        return "write the number with the digits 0-9" if rest[:1].isdigit() and not rest[:1].isascii() else ""


_HINTS = (
    ("'", 'JSON puts texts in double quotes: "…"'),
    ("True", "write true"),
    ("False", "write false"),
    ("None", "write null"),
    ("//", "JSON has no comments"),
    ("/*", "JSON has no comments"),
    ("#", "JSON has no comments"),
    ("“", 'write straight quotation marks: "'),
    ("”", 'write straight quotation marks: "'),
    ("：", "write the ASCII colon `:`"),
    ("，", "write the ASCII comma `,`"),
    ("+", "write the number without a plus sign"),
    (".", "write a digit before the point: 0.5"),
    ("0", "write the number without leading zeros, or put an id in quotes"),
)
