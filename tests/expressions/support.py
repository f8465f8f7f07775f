"""What the tests of this directory share."""

from collections.abc import Callable
from typing import Any

import pytest

from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.expressions import Node, parse_expression

LINE, COLUMN, MARGIN = 7, 11, " " * 10


def span_of(text: str) -> Span:
    """The place of a scalar that stands in line 7 behind ten spaces."""
    return Span("rules.yaml", LINE, COLUMN, max(1, len(text)), MARGIN + text)


def read(text: str) -> Node:
    return parse_expression(text, span_of(text))


def refusal(text: str, parse: Callable[..., Any] = parse_expression, *more: Any) -> Diagnostic:
    """The one diagnostic with which ``text`` is refused."""
    with pytest.raises(RuleError) as caught:
        parse(text, span_of(text), *more)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def underlined(diagnostic: Diagnostic) -> str:
    """The characters that the caret marks."""
    span = diagnostic.span
    assert span is not None
    assert (span.file, span.line) == ("rules.yaml", LINE)
    return span.text[span.column - 1 : span.column - 1 + span.length]
