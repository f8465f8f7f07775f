"""The generated function: what its text may contain, and that any expression can be written."""

import re
from fractions import Fraction
from random import Random

import pytest

from policyengine import ir
from policyengine.backends.compiled import compile_program
from policyengine.ir import InputDecl
from tests.backends.programs import ALPHABETS, random_program
from tests.backends.support import meter, outcome, program, value_of

ALLOWED = re.compile(
    r"\b(?:def|run|inputs|rows|used|return|for|in|if|else|and|or|not|is|None|True|False|sum|zip|append|_"
    r"|[iuslKtf]\d+|[rv]\d+_\d+)\b"
)


def test_the_source_holds_only_our_names_and_integers() -> None:
    for seed in range(150):
        source = compile_program(random_program(Random(seed))).source
        left = re.sub(r"\b\d+\b", "", ALLOWED.sub("", source))
        assert set(left) <= set(" \n()[],:=+-*/%<>!&."), left
        assert not any(word in source for words in ALPHABETS.values() for word in words)


def test_hostile_words_stay_out_of_the_source() -> None:
    word = "'); __import__('os').system('false') #"
    declared = [InputDecl(word, "code", values=(word, "b"))]
    expr = ir.compare("==", ir.Input(word, "code"), ir.code(word))
    assert word not in compile_program(program(expr, inputs=declared)).source
    assert value_of(expr, {word: word}, inputs=declared) is True
    assert value_of(expr, {word: "b"}, inputs=declared) is False


def test_a_small_policy_reads_well() -> None:
    total = ir.Input("total", "money")
    share = ir.scale(ir.positive_part(ir.sub(total, ir.money(40_000))), ir.rate(Fraction(7, 10)))
    compiled = compile_program(
        program(share, ir.rounded(ir.Ref("s0", "exact"), "half_up"), inputs=[InputDecl("total", "money")])
    )
    assert compiled.source.splitlines() == [
        "def run(inputs, rows, used):",
        "    i0, = inputs",
        "    s0 = ((t1 if (t1 := (i0 - 40000)) >= 0 else 0) * 7)",
        "    s1 = ((s0 + 5) // 10 if s0 >= 0 else -((5 - s0) // 10))",
        "    return (s0, s1,)",
    ]
    assert compiled.denominators == (10, 1)
    assert compiled.run((50_005,), (), ()) == (70_035, 7_004)


def test_neighbouring_row_steps_share_a_loop() -> None:
    amount = ir.Input("amount", "money", "row")
    prog = program(
        ir.minimum(amount, ir.money(100)),
        ir.sub(amount, ir.Ref("s0", "money", "row")),
        ir.total(ir.Ref("s1", "money", "row")),
        inputs=[InputDecl("amount", "money", "row")],
    )
    assert compile_program(prog).source.count("for ") == 1
    assert outcome(prog, rows=[{"amount": 30}, {"amount": 130}]) == {"s0": (30, 100), "s1": (0, 30), "s2": 30}


@pytest.mark.parametrize("depth", [1, 20, 32])
def test_deep_expressions(depth: int) -> None:
    """Three forms in every level, and a lookup at the bottom that is reached or not."""
    table = ir.Table("t", ("poor",), ((frozenset([True]),),), (ir.Column("v", "money", (1,)),))
    poor = ir.Input("poor", "flag")
    expr: ir.Expr = ir.lookup(table, "v", (poor,))
    for level in range(depth):
        expr = ir.Max((ir.Sub(expr, ir.money(-1), "money", "claim"), ir.money(0)), "money", "claim")
        expr = ir.If(poor, expr, ir.money(level), "money", "claim")
    declared = {"inputs": [InputDecl("poor", "flag")], "tables": [table]}
    assert value_of(expr, {"poor": True}, **declared) == depth + 1
    assert value_of(expr, {"poor": False}, **declared) == depth - 1


def test_brackets_nest_deeper_than_the_parser_of_python_reads() -> None:
    """2⁵² halved and rounded 49 times is 8; written as one text it would need more than two hundred brackets."""
    expr: ir.Expr = ir.Input("total", "money")
    for _ in range(49):
        expr = ir.rounded(ir.scale(expr, ir.rate(Fraction(1, 2))), "half_even")
    declared = [InputDecl("total", "money", high=2**60)]
    assert value_of(expr, {"total": 2**52}, inputs=declared) == 8
    assert compile_program(program(expr, inputs=declared)).source.count("def ") > 1


def test_deep_expressions_inside_rows_and_sums() -> None:
    amount = ir.Input("amount", "money", "row")
    expr: ir.Expr = amount
    for _ in range(45):
        expr = ir.Max((ir.Sub(expr, ir.Hist("spent", "money"), "money", "row"), ir.money(0)), "money", "row")
    prog = program(
        expr,
        ir.total(expr),
        ir.sub(ir.total(ir.Ref("s0", "money", "row")), ir.Ref("s0", "money", "row")),
        inputs=[InputDecl("amount", "money", "row")],
        meters=[meter()],
    )
    found = outcome(prog, rows=[{"amount": 500}, {"amount": 150}, {"amount": 700}], used={"spent": 2})
    assert found == {"s0": (410, 60, 610), "s1": 1080, "s2": (670, 1020, 470)}
