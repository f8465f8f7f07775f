"""How tightly operators bind, and which tree each form makes."""

from fractions import Fraction

import pytest

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
)
from tests.expressions.support import read, span_of

HERE = span_of("")
A, B, C = (Name(text, HERE) for text in "abc")


def number(value: object, unit: str = "") -> Number:
    return Number(Fraction(str(value)), unit, HERE)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # if else is loosest and its else side goes on to the right
        ("a or b if c or d else e or f", "(a or b) if (c or d) else (e or f)"),
        ("a if b else c if d else e", "a if b else (c if d else e)"),
        # or, and, not, comparison
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("a or b or c", "(a or b) or c"),
        ("a and b and c", "(a and b) and c"),
        ("not a and b", "(not a) and b"),
        ("not a or b", "(not a) or b"),
        ("a and not b or c", "(a and (not b)) or c"),
        ("not a == b", "not (a == b)"),
        ("not not a", "not (not a)"),
        ("not a in [b]", "not (a in [b])"),
        ("a == b and c != d", "(a == b) and (c != d)"),
        ("a < b or c >= d", "(a < b) or (c >= d)"),
        # comparisons see whole sums
        ("a + b < c - d", "(a + b) < (c - d)"),
        ("a + b in [c, d]", "(a + b) in [c, d]"),
        ("a + b in c + d..e", "(a + b) in (c + d)..e"),
        ("a between b and c and d", "(a between b and c) and d"),
        ("a between b - 1 and c + 1", "a between (b - 1) and (c + 1)"),
        ("a in b.. and c", "(a in b..) and c"),
        ("a in ..b or c", "(a in ..b) or c"),
        # sums, products
        ("a - b - c", "(a - b) - c"),
        ("a - b + c", "(a - b) + c"),
        ("a + b * c", "a + (b * c)"),
        ("a * b + c", "(a * b) + c"),
        ("a * b / c", "(a * b) / c"),
        ("a / b * c", "(a / b) * c"),
        ("10% of a + b", "(10% of a) + b"),
        ("a - 10% of b", "a - (10% of b)"),
        ("a of b of c", "(a of b) of c"),
        ("a * b of c", "(a * b) of c"),
        # the sign is tightest
        ("-a * b", "(-a) * b"),
        ("a * -b", "a * (-b)"),
        ("a - -b", "a - (-b)"),
        ("--a", "-(-a)"),
        ("-min(a, b)", "-(min(a, b))"),
        # Chinese operator words
        ("a 且 b 或 非 c", "(a and b) or (not c)"),
        ("x 非 in [a]", "x not in [a]"),
        ("非(a 或 b)", "not (a or b)"),
    ],
)
def test_grouping(written: str, meant: str) -> None:
    assert read(written) == read(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(a or b) and c", "a or b and c"),
        ("not (a and b)", "not a and b"),
        ("a - (b - c)", "a - b - c"),
        ("(a + b) * c", "a + b * c"),
        ("a / (b * c)", "a / b * c"),
        ("(a if b else c) if d else e", "a if b else c if d else e"),
        ("-(a + b)", "-a + b"),
        ("a in b..c", "a between b and c"),
        ("10% of a", "10% * a"),
        ("not a in [b]", "a not in [b]"),
    ],
)
def test_brackets_matter(one: str, other: str) -> None:
    assert read(one) != read(other)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("base.deductible", Name("base.deductible", HERE)),
        ("建档立卡贫困人口", Name("建档立卡贫困人口", HERE)),
        ("class == 丙", Binary("==", Name("class", HERE), Name("丙", HERE), HERE)),
        ("'丙'", Text("丙", HERE)),
        ("\"a 'quoted' word\"", Text("a 'quoted' word", HERE)),
        ("700元", number(700, "CNY")),
        ("-5pp", Unary("-", number("1/20", "pp"), HERE)),
        ("a not in [b, 3]", In(A, (B, number(3)), True, HERE)),
        ("a in [b]", In(A, (B,), False, HERE)),
        ("a between 18 and 60", Between(A, number(18), number(60), True, HERE)),
        ("a in 18..60", Between(A, number(18), number(60), False, HERE)),
        ("a in 18..", Between(A, number(18), None, False, HERE)),
        ("a in ..60", Between(A, None, number(60), False, HERE)),
        ("a not between b and c", Unary("not", Between(A, B, C, True, HERE), HERE)),
        ("a not in b..c", Unary("not", Between(A, B, C, False, HERE), HERE)),
        ("a if b else c", IfElse(A, B, C, HERE)),
        ("f()", Call("f", (), HERE)),
        ("封顶(a)", Call("封顶", (A,), HERE)),
        ("min(a, b)", Call("min", (A, B), HERE)),
        ("sum(a)", Call("sum", (A,), HERE)),
        ("sum(a where b >= 21000円)", SumWhere(A, Binary(">=", B, number(21000, "JPY"), HERE), HERE)),
        ("  a\n  +\tb ", Binary("+", A, B, HERE)),
    ],
)
def test_tree_of_each_form(text: str, tree: Node) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("((a))+( b )", "a + b"),
        ("a 且(b)", "a and b"),
        ("20万元", "200000元"),
        ("1000$", "1000usd"),
        ("0.50", "0.5"),
        ("not (a between b and c)", "a not between b and c"),
        ("a in (b+1)..c", "a in b + 1 .. c"),
        ("'x'", '"x"'),
        ("""'say "x"'""", """'say "x"'"""),
    ],
)
def test_standard_spelling(written: str, printed: str) -> None:
    assert print_expression(read(written)) == printed


@pytest.mark.parametrize("text", ["max(1, 200)", "max(1 ,200)", "max(1,2000)", "max(1,20)", "max(a1,200)", "max(1,a)"])
def test_commas_that_cannot_be_inside_a_number(text: str) -> None:
    tree = read(text)
    assert isinstance(tree, Call)
    assert len(tree.args) == 2


def test_spans_mark_each_node() -> None:
    text = "max(0元, charge - 500元) if retired else 0元"
    tree = read(text)
    assert isinstance(tree, IfElse)
    assert isinstance(tree.then, Call)
    pieces: dict[Node, str] = {
        tree: text,
        tree.then: "max(0元, charge - 500元)",
        tree.then.args[1]: "charge - 500元",
        tree.cond: "retired",
    }
    for node, piece in pieces.items():
        assert (node.span.line, node.span.column - 11, node.span.length) == (7, text.index(piece), len(piece))
