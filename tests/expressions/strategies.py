"""Hypothesis strategies: whole expression trees that the grammar can write."""

import unicodedata
from fractions import Fraction

from hypothesis import strategies as st

from policyengine.errors import Span
from policyengine.expressions import (
    MAX_DEPTH,
    MAX_NODES,
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
    children,
    walk,
)
from policyengine.expressions.lexer import RESERVED, WORDS
from policyengine.expressions.numbers import MAX_MONEY
from policyengine.money import UNITS, exponent_of

NOWHERE = Span("drawn", 1, 1)
OPERATORS = ("+", "-", "*", "/", "of", "and", "or", "==", "!=", "<", "<=", ">", ">=")
LETTERS = "abcxyzABZ" + "建档立卡贫困人口甲乙丙三级且或非々〇" + "あいウエーガ" + "건강가힣" + "\U00020000"


def _part() -> st.SearchStrategy[str]:
    tail = st.lists(st.text(LETTERS + "0123456789", min_size=1, max_size=4), max_size=2)
    return st.tuples(st.sampled_from(LETTERS), tail).map(lambda p: "_".join((p[0], *p[1])) if p[1] else p[0])


def names() -> st.SearchStrategy[str]:
    """Names, some of them dotted, none of them a word of the language."""
    drawn = st.lists(_part(), min_size=1, max_size=3).map(".".join)
    common = st.sampled_from(
        ("in_scope", "base.deductible", "own_cap.kept", "建档立卡贫困人口", "三级甲等", "true", "any")
    )
    return (common | drawn).filter(lambda name: name not in WORDS and name not in RESERVED)


def _plain_names() -> st.SearchStrategy[str]:
    functions = st.sampled_from(("min", "max", "sum", "used", "unpaid", "paid", "elsewhere", "round", "positive"))
    return functions | names().filter(lambda name: "." not in name)


def numbers() -> st.SearchStrategy[Number]:
    """Every literal that can be written: plain, %, pp, money of each currency."""
    plain = st.integers(0, 10**17 - 1).map(lambda n: (Fraction(n, 10**4), ""))
    count = st.integers(0, 120).map(lambda n: (Fraction(n), ""))
    rate = st.tuples(
        st.integers(0, 10**17 - 1) | st.integers(0, 100).map(lambda n: n * 10**4), st.sampled_from(("%", "pp"))
    )
    money = st.tuples(st.integers(0, MAX_MONEY), st.sampled_from(sorted(set(UNITS.values()))))
    drawn = st.one_of(
        count,
        plain,
        rate.map(lambda p: (Fraction(p[0], 10**6), p[1])),
        money.map(lambda p: (Fraction(p[0], 10 ** exponent_of(p[1])), p[1])),
    )
    return drawn.map(lambda p: Number(*p, NOWHERE))


def texts() -> st.SearchStrategy[str]:
    drawn = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=8)
    normal = drawn.map(lambda t: unicodedata.normalize("NFC", t))
    return normal.filter(lambda t: "\\" not in t and not ('"' in t and "'" in t) and all(c.isprintable() for c in t))


@st.composite
def _grown(draw: st.DrawFn, inner: st.SearchStrategy[Node]) -> Node:
    """A tree one level higher than those of ``inner``."""
    match draw(st.sampled_from(("unary", "binary", "binary", "in", "between", "interval", "if", "call", "sum"))):
        case "unary":
            return Unary(draw(st.sampled_from(("-", "not"))), draw(inner), NOWHERE)
        case "binary":
            return Binary(draw(st.sampled_from(OPERATORS)), draw(inner), draw(inner), NOWHERE)
        case "in":
            options = draw(st.lists(inner, min_size=1, max_size=3))
            return In(draw(inner), tuple(options), draw(st.booleans()), NOWHERE)
        case "between":
            return Between(draw(inner), draw(inner), draw(inner), True, NOWHERE)
        case "interval":
            low = draw(inner | st.none())
            high = draw(inner if low is None else inner | st.none())
            return Between(draw(inner), low, high, False, NOWHERE)
        case "if":
            return IfElse(draw(inner), draw(inner), draw(inner), NOWHERE)
        case "call":
            return Call(draw(_plain_names()), tuple(draw(st.lists(inner, max_size=3))), NOWHERE)
        case _:
            return SumWhere(draw(inner), draw(inner), NOWHERE)


def height(node: Node) -> int:
    return 1 + max(map(height, children(node)), default=0)


def expressions(max_leaves: int = 16) -> st.SearchStrategy[Node]:
    """Whole trees within the limits of the language; their spans mean nothing."""
    leaves = st.one_of(
        st.builds(Name, names(), st.just(NOWHERE)), numbers(), st.builds(Text, texts(), st.just(NOWHERE))
    )
    trees = st.recursive(leaves, _grown, max_leaves=max_leaves)
    return trees.filter(lambda tree: height(tree) <= MAX_DEPTH and sum(1 for _ in walk(tree)) <= MAX_NODES)
