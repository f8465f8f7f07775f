"""What is printed reads back as the same tree; every kind of node is drawn."""

from collections import Counter

from hypothesis import given, settings

from policyengine.errors import RuleError
from policyengine.expressions import (
    Between,
    Binary,
    Call,
    IfElse,
    In,
    Name,
    Node,
    Number,
    SumWhere,
    Text,
    Unary,
    print_expression,
    walk,
)
from tests.expressions.strategies import expressions
from tests.expressions.support import read

KINDS = {Between, Binary, Call, IfElse, In, Name, Number, SumWhere, Text, Unary}


def test_reading_undoes_printing() -> None:
    seen: Counter[type] = Counter()

    @given(expressions())
    @settings(max_examples=800, deadline=None, derandomize=True)
    def undone(tree: Node) -> None:
        written = print_expression(tree)
        assert read(written) == tree
        assert print_expression(read(written)) == written
        seen.update(type(node) for node in walk(tree))

    undone()
    assert set(seen) == KINDS
    assert min(seen.values()) >= 50, "every kind of node is drawn often"


@given(expressions())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_span_marks_text_that_reads_as_the_node_itself(tree: Node) -> None:
    written = print_expression(tree)
    for node in walk(read(written)):
        start = node.span.column - 11
        piece = read(written[start : start + node.span.length])
        assert piece == node or (isinstance(node, Between) and piece == Unary("not", node, node.span))


@given(expressions())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_bracket_is_idle(tree: Node) -> None:
    """Deleting any pair of grouping brackets changes the tree or makes it unreadable."""
    written = print_expression(tree)
    for opening, closing in _groups(written):
        without = written[:opening] + " " + written[opening + 1 : closing] + " " + written[closing + 1 :]
        assert _reads_as(without) != tree


def _groups(written: str) -> list[tuple[int, int]]:
    """Pairs of brackets outside quotes that do not belong to a call."""
    found, opened, quote = [], [], ""
    for place, character in enumerate(written):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "(":
            opened.append(place)
        elif character == ")":
            opening = opened.pop()
            before = written[:opening].rstrip()[-1:] if written[opening - 1 : opening] != " " else " "
            if opening == 0 or before in " (-[.":
                found.append((opening, place))
    return found


def _reads_as(text: str) -> Node | None:
    try:
        return read(text)
    except RuleError:
        return None


def test_what_is_equal_hashes_alike() -> None:
    one, two = read("min(a, 5元)"), read("min( a ,  5元 )")
    assert one == two
    assert Counter([one, two]) == {one: 2}
