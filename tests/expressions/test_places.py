"""Where the caret stands in texts that are quoted, folded, or not in the file as they are."""

import pytest

from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.expressions import Binary, parse_expression, parse_interval, parse_rate


def refused_at(text: str, span: Span) -> Span:
    with pytest.raises(RuleError) as caught:
        parse_expression(text, span)
    found: Diagnostic = caught.value.diagnostics[0]
    assert found.span is not None
    return found.span


def test_inside_quotes() -> None:
    line = '  when: "a && b"'
    assert refused_at("a && b", Span("r.yaml", 3, 10, 6, line)) == Span("r.yaml", 3, 12, 2)


def test_a_text_over_several_lines_is_marked_as_a_whole() -> None:
    """The first line is all that a span can show; a piece of a later line must not be marked in it."""
    span = Span("r.yaml", 3, 9, 5, "  when: retired and")
    assert refused_at("retired and\nage && 60", span) == span
    folded = Span("r.yaml", 3, 9, 11, "  when: retired and")
    assert refused_at("retired and age && 60", folded) == folded


def test_the_line_end_of_a_block_does_not_count() -> None:
    span = Span("r.yaml", 4, 5, 6, "    a && b")
    assert refused_at("a && b\n", span) == Span("r.yaml", 4, 7, 2)


def test_escapes_in_quotes_are_marked_as_a_whole() -> None:
    span = Span("r.yaml", 3, 10, 15, "  when: 'class == ''a'' && b'")
    assert refused_at("class == 'a' && b", span) == span


def test_without_the_line_the_columns_are_counted() -> None:
    assert refused_at("a && b", Span("r.yaml", 3, 10)) == Span("r.yaml", 3, 12, 2)
    assert refused_at("a\n&& b", Span("r.yaml", 3, 10, 4)) == Span("r.yaml", 3, 10, 4)


def test_wide_characters_count_once() -> None:
    line = "when: 低保对象 && 退休"
    assert refused_at("低保对象 && 退休", Span("r.yaml", 1, 7, 10, line)) == Span("r.yaml", 1, 12, 2)


def test_ends_of_intervals_have_their_own_place() -> None:
    with pytest.raises(RuleError) as caught:
        parse_interval("18..6x", Span("r.yaml", 5, 12, 6, "      age: 18..6x"))
    found = caught.value.diagnostics[0].span
    assert found is not None
    assert (found.column, found.length) == (12 + 5, 1)


def test_nodes_of_folded_texts_share_one_place() -> None:
    span = Span("r.yaml", 3, 9, 11, "  when: retired and")
    tree = parse_expression("retired and student", span)
    assert isinstance(tree, Binary)
    assert tree.left.span == tree.right.span == tree.span == span


def test_errors_name_file_and_line() -> None:
    with pytest.raises(RuleError, match=r"rules/demo\.yaml:42:17: error\[E203\]"):
        parse_rate("850%", Span("rules/demo.yaml", 42, 17, 4, "    fund_share: 850%"))
