"""A syntax error with what is known about it, and the words that several diagnostics share."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from policyengine.errors import Diagnostic, Span, printable
from policyengine.source.page import Mark, Page

LIMIT_KEY = 1024
"""A key before ``:`` is at most so many characters long: a limit of YAML itself."""

_WORD = re.compile(r"[^\s,:\[\]{}]+")
_PROPERTY = re.compile(r"[^\s,\]}]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of PyYAML's scanner or parser. ``opened``: the brackets not closed yet. ``quoted``: the last
    text in quotes that goes over several lines, in which a forgotten quote may have swallowed something."""

    page: Page
    error: yaml.MarkedYAMLError
    opened: tuple[Span, ...] = ()
    quoted: tuple[Mark, Mark] | None = None

    @property
    def at(self) -> Mark:
        """Where reading stopped."""
        mark = self.error.problem_mark
        assert mark is not None, "every problem of the scanner and the parser has a place"
        return mark

    @property
    def start(self) -> Mark:
        """Where the part begins that could not be read to its end."""
        return self.error.context_mark or self.at

    @property
    def problem(self) -> str:
        return self.error.problem or ""

    @property
    def context(self) -> str:
        return self.error.context or ""

    @property
    def token(self) -> str:
        """The token that was met, such as ``,`` or ``<scalar>``; empty if the problem names none."""
        found = re.search(r"(?:found|got) '(.+)'$", self.problem)
        return found.group(1) if found else ""

    @property
    def line(self) -> str:
        return self.page.lines[self.at.line]

    @property
    def before(self) -> str:
        """What stands in the line before the problem."""
        return self.line[: self.at.column]

    def here(self) -> Span:
        """The word at the problem, or its character."""
        return self.page.match(_WORD, self.at)

    def character(self) -> Span:
        return self.page.span(self.at.line, self.at.column)

    def rest(self) -> Span:
        """From ``start`` to the end of its line."""
        return self.page.rest(self.start.line, self.start.column)


def shown(text: str) -> str:
    """A text of the author's within a message: one line, no control characters, not too long."""
    return printable(text if len(text) <= 40 else text[:39] + "…")


def property_span(page: Page, mark: Mark) -> Span:
    """The place of the tag, anchor or alias that begins at ``mark``."""
    return page.match(_PROPERTY, mark)


def unsupported(code: str, span: Span) -> Diagnostic:
    """The diagnostic for a tag (E121), an anchor (E122) or an alias (E123)."""
    name, cure = {
        "E121": ("tag", "a text that begins with `!` needs quotes; a condition says `not`"),
        "E122": ("anchor", "delete it; a text that begins with `&` needs quotes; a condition says `and`"),
        "E123": ("alias", "write the value out; a text that begins with `*` needs quotes"),
    }[code]
    message = f"`{shown(underlined(span))}` is a YAML {name}, which rule files do not use"
    return Diagnostic(code, message, span, hint=cure)


def directive(span: Span) -> Diagnostic:
    """The diagnostic for a line that begins with ``%``."""
    message = "a line that begins with `%` is a YAML directive, which rule files do not use"
    return Diagnostic("E114", message, span, hint="delete the line; a text that begins with `%` needs quotes")


def underlined(span: Span) -> str:
    """The characters that a span underlines."""
    return span.text[span.column - 1 : span.column - 1 + span.length]


def colon_hint(line: str) -> str:
    """Why a line that should be ``key: value`` is none."""
    if "：" in line:
        return "the colon is full-width (`：`): write `: `"
    if re.search(r":( |$)", line):
        return f"a key is at most {LIMIT_KEY:,} characters long" if len(line) > LIMIT_KEY else ""
    if ":" in line:
        return "write a space after the colon"
    return "a longer text goes on in the next line, indented deeper than its key"
