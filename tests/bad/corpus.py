"""Bad rule files with what must be said about each: every diagnostic, its place and what it underlines.

A file begins with its expectations, in the order of the places::

    # expect: E131 3:1 «ceiling» the key `ceiling` stands twice

A file that cannot hold a comment has them in a file of the same name with ``.expect`` at the end, without ``#``.
Lines and columns count from 1 and count the expectations too. Characters that do not print are written as
escapes. Words behind ``=`` are all that is said: message, expectation and hint, as far as there are any, with `` · ``
between them. Others must stand in one of the three.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from policyengine.errors import Diagnostic, RuleError, printable

EXPECT = re.compile(r"(?:# )?expect: ([EW]\d{3}) (\d+):(\d+) «(.*)» (.+)")


@dataclass(frozen=True)
class Expectation:
    code: str
    line: int
    column: int
    underlined: str
    words: str


def files(folder: Path) -> list[Path]:
    """The bad files of a folder, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix == ".yaml")


def expectations(path: Path) -> list[Expectation]:
    sidecar = path.with_name(path.name + ".expect")
    lines = (sidecar if sidecar.exists() else path).read_bytes().decode().split("\n")
    if not sidecar.exists():
        lines = [line.rstrip("\r") for line in lines if line.startswith("# expect:")]
    found = []
    for line in filter(None, lines):
        match = EXPECT.fullmatch(line)
        assert match, f"{path.name}: not an expectation: {line}"
        code, number, column, underlined, words = match.groups()
        found.append(Expectation(code, int(number), int(column), underlined, words))
    assert found, f"{path.name} expects nothing"
    return found


def refusal(path: Path, read: Callable[[Path, str], object]) -> tuple[Diagnostic, ...]:
    """The diagnostics with which ``read(path, shown)`` refuses the file."""
    try:
        read(path, path.name)
    except RuleError as error:
        return error.diagnostics
    raise AssertionError(f"{path.name} was accepted")


def check(path: Path, read: Callable[[Path, str], object]) -> None:
    """Assert that reading the file finds exactly what it expects."""
    expected, found = expectations(path), refusal(path, read)
    rendered = "\n".join(diagnostic.render() for diagnostic in found)
    assert [place(d) for d in found] == [(e.code, e.line, e.column, e.underlined) for e in expected], rendered
    for diagnostic, expectation in zip(found, expected, strict=True):
        said = printable(" · ".join(filter(None, (diagnostic.message, diagnostic.expected, diagnostic.hint))))
        whole, words = expectation.words.startswith("= "), expectation.words.removeprefix("= ")
        assert said == words if whole else words in said, rendered
        assert diagnostic.span is not None
        assert diagnostic.span.file == path.name


def place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    span = diagnostic.span
    assert span is not None, f"{diagnostic.code} has no place"
    underlined = span.text[span.column - 1 : span.column - 1 + span.length]
    return (diagnostic.code, span.line, span.column, printable(underlined))
