"""Where a piece of a scalar's text stands in the rule file, and how a fault there is raised."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.errors import Diagnostic, RuleError, Span


@dataclass(frozen=True, slots=True)
class Place:
    """A text and its span. ``exact``: the text stands in the file as it is, so pieces of it can be pointed at.

    A text that was folded over several lines, or has quotes inside its quotes, is pointed at as a whole.
    """

    text: str
    span: Span
    exact: bool

    def at(self, start: int, end: int) -> Span:
        """The span of the characters from ``start`` up to ``end``."""
        return self.span.part(start, end - start) if self.exact else self.span

    @property
    def all(self) -> Span:
        """The span of the whole text."""
        return self.at(0, len(self.text))


def fault(code: str, message: str, span: Span, expected: str = "", hint: str = "") -> RuleError:
    """The error with this one diagnostic."""
    return RuleError(Diagnostic(code, message, span, expected, hint))


def place_of(text: str, span: Span) -> Place:
    """The place of ``text``, the content of the scalar at ``span``."""
    content = text.rstrip("\n")
    exact = span.text.startswith(content, span.column - 1) if span.text else "\n" not in content
    return Place(text, span, exact)


def shown(text: str) -> str:
    """``text`` for a message: in back ticks, cut when long."""
    return f"`{text}`" if len(text) <= 40 else f"`{text[:37]}…`"
