"""Denominators, bounds and overflow, worked out by hand."""

from fractions import Fraction

import pytest

from policyengine import ir
from policyengine.analysis import (
    MAX_ROWS,
    analyse,
    axis_of,
    edges_of,
    grid_of,
    input_range,
    names_of,
    overflows,
    rate_values,
    words_of,
)
from policyengine.errors import RuleError, Span
from policyengine.ir import InputDecl
from policyengine.money import MAX_MINOR
from tests.backends.support import meter, program

TOTAL = ir.Input("total", "money")
OWN_RATE = ir.Input("own_rate", "rate")
POOR = ir.Input("poor", "flag")
DAYS = ir.Input("days", "count")
AMOUNT = ir.Input("amount", "money", "row")
LIMIT = ir.Input("limit", "money", "row")
SHARES = ir.Table(
    "shares",
    ("poor",),
    ((frozenset([True]),), (frozenset([False]),)),
    (
        ir.Column("fund", "rate", (Fraction(70, 100), Fraction(75, 100))),
        ir.Column("extra", "rate", (Fraction(0), Fraction(1, 3))),
        ir.Column("deductible", "money", (40_000, 50_000)),
    ),
)
INPUTS = [
    InputDecl("total", "money"), InputDecl("own_rate", "rate"), InputDecl("poor", "flag"),
    InputDecl("days", "count", low=0, high=5), InputDecl("amount", "money", "row"),
    InputDecl("limit", "money", "row", high=1_000),
]  # fmt: skip
FUND = ir.lookup(SHARES, "fund", (POOR,))
EXTRA = ir.lookup(SHARES, "extra", (POOR,))
HALF = ir.rate(Fraction(1, 2))


def facts(expr: ir.Expr, *earlier: ir.Expr):
    prog = program(*earlier, expr, inputs=INPUTS, tables=[SHARES], meters=[meter(high=700)])
    return analyse(prog).facts(expr)


@pytest.mark.parametrize(
    ("expr", "denominator"),
    [
        (TOTAL, 1),
        (OWN_RATE, 10**6),
        (FUND, 20),
        (ir.scale(TOTAL, FUND), 20),
        (ir.scale(ir.scale(TOTAL, FUND), OWN_RATE), 20 * 10**6),
        (ir.add(FUND, ir.choose(POOR, ir.rate(Fraction(1, 3)), ir.rate(0))), 60),
        (ir.scale(ir.rate(Fraction(1, 20)), DAYS), 20),
        (ir.minimum(ir.scale(TOTAL, ir.rate(Fraction(1, 4))), ir.scale(TOTAL, ir.rate(Fraction(1, 6)))), 12),
        # money rounded to whole yuan times a share of one twentieth is whole again
        (ir.scale(ir.rounded(ir.scale(TOTAL, FUND), "down", 100), FUND), 1),
        (ir.scale(ir.scale(TOTAL, HALF), ir.rate(2)), 1),
        (ir.rounded(ir.scale(TOTAL, FUND), "half_up"), 1),
        # 1/0.70 = 10/7 and 1/0.75 = 4/3
        (ir.inverse(FUND), 21),
        # 6,500,000 × 100/91 = 50,000,000/7, because 91 = 7 × 13 and 13 divides 6,500,000
        (ir.scale(ir.money(6_500_000), ir.inverse(ir.rate(Fraction(91, 100)))), 7),
    ],
)
def test_denominators(expr: ir.Expr, denominator: int) -> None:
    assert facts(expr).denominator == denominator


@pytest.mark.parametrize(
    ("expr", "values"),
    [
        (HALF, {Fraction(1, 2)}),
        (FUND, {Fraction(7, 10), Fraction(3, 4)}),
        (ir.add(FUND, EXTRA), {Fraction(7, 10), Fraction(3, 4), Fraction(31, 30), Fraction(13, 12)}),
        (ir.sub(HALF, EXTRA), {Fraction(1, 2), Fraction(1, 6)}),
        (ir.minimum(FUND, ir.rate(Fraction(72, 100))), {Fraction(7, 10), Fraction(72, 100)}),
        (ir.maximum(FUND, ir.rate(Fraction(72, 100))), {Fraction(3, 4), Fraction(72, 100)}),
        (ir.scale(FUND, HALF), {Fraction(7, 20), Fraction(3, 8)}),
        (ir.scale(HALF, DAYS), {Fraction(n, 2) for n in range(6)}),
        (ir.choose(POOR, FUND, HALF), {Fraction(1, 2), Fraction(7, 10), Fraction(3, 4)}),
        (ir.inverse(FUND), {Fraction(10, 7), Fraction(4, 3)}),
        (OWN_RATE, None),
        (ir.scale(FUND, OWN_RATE), None),
    ],
)
def test_values_of_rates(expr: ir.Expr, values: set[Fraction] | None) -> None:
    prog = program(expr, inputs=INPUTS, tables=[SHARES])
    assert rate_values(expr, names_of(prog)) == (None if values is None else frozenset(values))


def test_values_of_a_rate_step_and_the_limit_on_their_number() -> None:
    # 16 values, then 256 sums, then more than 4,096
    many = ir.Table("m", ("days",), tuple((ir.Interval(n, n + 1),) for n in range(16)),
                    (ir.Column("r", "rate", tuple(Fraction(1, n + 3) for n in range(16))),))  # fmt: skip
    one = ir.lookup(many, "r", (DAYS,))
    two = ir.scale(ir.Ref("s0", "rate"), ir.Ref("s0", "rate"))
    four = ir.scale(ir.Ref("s1", "rate"), ir.Ref("s1", "rate"))
    eight = ir.scale(ir.Ref("s2", "rate"), ir.Ref("s2", "rate"))
    names = names_of(program(one, two, four, eight, inputs=INPUTS, tables=[many]))
    assert len(rate_values(ir.Ref("s0", "rate"), names) or ()) == 16
    assert 100 < len(rate_values(ir.Ref("s1", "rate"), names) or ()) <= 256
    assert rate_values(ir.Ref("s3", "rate"), names) is None


@pytest.mark.parametrize(("levels", "refused"), [(100, False), (101, True)])
def test_an_expression_of_more_than_100_levels_is_a_rule_error(levels: int, refused: bool) -> None:
    expr: ir.Expr = POOR
    for _ in range(levels - 1):
        expr = ir.Logic("not", (expr,), "flag", "claim")
    if not refused:
        assert facts(expr).magnitude == 0
        return
    with pytest.raises(RuleError) as caught:
        facts(expr)
    assert [d.code for d in caught.value.diagnostics] == ["E491"]


@pytest.mark.parametrize("of", [EXTRA, OWN_RATE, ir.sub(FUND, FUND), ir.scale(HALF, DAYS)])
def test_an_inverse_of_what_can_be_zero_or_anything_is_a_rule_error(of: ir.Expr) -> None:
    span = Span("rules.yaml", 7, 3)
    prog = program(inputs=INPUTS, tables=[SHARES])
    step = ir.Step("large.over_cost", ir.scale(TOTAL, ir.inverse(of)), span=span)
    prog = ir.Program(prog.ruleset, prog.valid, prog.currency, prog.dated_by, prog.inputs, prog.tables, (step,),
                      (), (), (), (), ())  # fmt: skip
    with pytest.raises(RuleError) as caught:
        analyse(prog)
    (found,) = caught.value.diagnostics
    assert (found.code, found.span) == ("E490", span)
    assert "large.over_cost" in found.message


def test_default_bounds_of_inputs() -> None:
    assert input_range(InputDecl("x", "money")) == (0, MAX_MINOR)
    assert input_range(InputDecl("x", "money", low=-5, high=7)) == (-5, 7)
    assert input_range(InputDecl("x", "rate")) == (0, 1)
    assert input_range(InputDecl("x", "count")) == (0, 1_000_000)


@pytest.mark.parametrize(
    ("expr", "least", "most"),
    [
        (ir.Hist("spent", "money"), 0, 700),
        (ir.sub(ir.money(100), ir.Hist("spent", "money")), -600, 100),
        (ir.positive_part(ir.sub(ir.money(100), ir.Hist("spent", "money"))), 0, 100),
        (ir.minimum(TOTAL, ir.money(5)), 0, 5),
        (ir.choose(POOR, ir.money(-5), ir.money(9)), -5, 9),
        (ir.lookup(SHARES, "deductible", (POOR,)), 40_000, 50_000),
        (ir.scale(TOTAL, FUND), 0, MAX_MINOR * 15),  # over 20
        (ir.scale(ir.money(10), ir.sub(FUND, ir.rate(1))), -6, -5),  # −3 to −2.5, in halves
        (ir.rounded(ir.scale(ir.Hist("spent", "money"), FUND), "up", 100), 0, 600),
        (ir.sub(TOTAL, ir.minimum(TOTAL, ir.money(500))), 0, MAX_MINOR),
        # the greater of two amounts is within the total only if both are
        (ir.sub(TOTAL, ir.maximum(ir.minimum(TOTAL, ir.money(5)), ir.Hist("spent", "money"))), -700, MAX_MINOR),
        # -60 fen up to whole yuan, away from zero, is -1 yuan
        (ir.rounded(ir.scale(ir.money(-120), ir.choose(POOR, HALF, ir.rate(0))), "up", 100), -100, 0),
        (ir.total(AMOUNT), 0, MAX_MINOR),
        (ir.total(ir.sub(AMOUNT, ir.minimum(ir.money(500), AMOUNT))), 0, MAX_MINOR),
        (ir.total(LIMIT), 0, 1_000 * MAX_ROWS),
        (ir.total(ir.add(AMOUNT, LIMIT)), 0, MAX_MINOR + 1_000 * MAX_ROWS),
        (ir.total(ir.count(1)), 0, MAX_ROWS),
        (ir.total(ir.money(-3)), -3 * MAX_ROWS, 0),
    ],
)
def test_bounds(expr: ir.Expr, least: int, most: int) -> None:
    found = facts(expr)
    assert (found.least, found.most) == (least, most)


def test_a_sum_of_shares_of_the_amounts_is_bounded_by_the_share_of_the_bill() -> None:
    """A tenth of each line, rounded: a tenth of the bill and at most one fen a line."""
    first_share = ir.rounded(ir.scale(AMOUNT, ir.rate(Fraction(1, 10))), "half_up")
    found = facts(ir.total(first_share))
    assert found.least == 0
    assert found.most == MAX_MINOR // 10 + MAX_ROWS


def test_what_is_left_after_a_payment_is_never_negative() -> None:
    payable = ir.rounded(ir.scale(TOTAL, FUND), "half_up")
    paid = ir.minimum(ir.Ref("s0", "money"), TOTAL)
    left = ir.sub(TOTAL, ir.Ref("s1", "money"))
    assert facts(left, payable, paid).least == 0


MOST_63 = (2**63 - 1) // 10**6


@pytest.mark.parametrize(("high", "found"), [(MOST_63, 0), (MOST_63 + 1, 1)])
def test_overflow_at_the_bound(high: int, found: int) -> None:
    prog = program(
        ir.money(3),
        ir.scale(TOTAL, OWN_RATE),
        inputs=[InputDecl("total", "money", high=high), InputDecl("own_rate", "rate")],
    )
    assert [(o.step, o.magnitude) for o in overflows(prog)] == [("s1", high * 10**6)] * found


def wide_steps(*exprs: ir.Expr, high: int) -> list[str]:
    return [o.step for o in overflows(program(*exprs, inputs=[InputDecl("total", "money", high=high)]))]


@pytest.mark.parametrize(("high", "found"), [(2**62 - 1, []), (2**62, ["s0"])])
def test_two_to_the_63_is_the_first_number_that_does_not_fit(high: int, found: list[str]) -> None:
    assert wide_steps(ir.scale(TOTAL, ir.count(2)), high=high) == found


def test_overflow_on_the_way_to_a_result_that_fits() -> None:
    sum_first = ir.Add((TOTAL, TOTAL, ir.money(-(2**62))), "money", "claim")
    assert wide_steps(sum_first, high=2**62) == ["s0"]
    # a multiple of 100 times 3 / 100: the product comes before the division
    product_first = ir.scale(ir.rounded(TOTAL, "down", 100), ir.rate(Fraction(3, 100)))
    assert facts(product_first).denominator == 1
    assert wide_steps(product_first, high=2**62) == ["s0"]
    # rounding adds up to one unit before it divides
    exact = ir.scale(TOTAL, ir.rate(Fraction(7, 10)))
    rounded = ir.rounded(ir.Ref("s0", "exact"), "up")
    assert wide_steps(exact, rounded, high=(2**63 - 1) // 7) == ["s1"]


def test_overflow_of_a_comparison_whose_result_is_a_flag() -> None:
    huge = ir.compare("<", ir.scale(TOTAL, OWN_RATE), ir.scale(TOTAL, ir.rate(Fraction(1, 3))))
    # over the common denominator of 3,000,000: 10¹¹ × 3,000,000 fits, a hundred times as much does not
    fits = program(huge, inputs=[InputDecl("total", "money"), InputDecl("own_rate", "rate")])
    wide = program(huge, inputs=[InputDecl("total", "money", high=10**13), InputDecl("own_rate", "rate")])
    assert overflows(fits) == ()
    assert [o.magnitude for o in overflows(wide)] == [3 * 10**19]


def test_grid_of_a_table() -> None:
    table = ir.Table(
        "t",
        ("grade", "age"),
        ((frozenset(["a"]), ir.Interval(18, 60)), (None, ir.Interval(60, None)), (frozenset(["a"]), None)),
        (ir.Column("v", "count", (1, 2, 3)),),
    )
    prog = program(inputs=[InputDecl("grade", "code", values=("a", "b"), open=True), InputDecl("age", "count")])
    names = names_of(prog)
    keys = (ir.Input("grade", "code"), ir.Input("age", "count"))
    axes = [axis_of(table, at, key, names) for at, key in enumerate(keys)]
    assert edges_of(table, 1) == (18, 60)
    assert axes == [("a", "b", "other"), (0, 1, 2)]
    assert grid_of(table, axes) == {
        ("a", 0): 2, ("a", 1): 0, ("a", 2): 1, ("b", 2): 1, ("other", 2): 1,
    }  # fmt: skip
    assert grid_of(table, [range(1000), range(1000)]) is None
    assert words_of(ir.choose(ir.compare(">", keys[1], ir.count(3)), keys[0], ir.code("z")), names) == {
        "a", "b", "other", "z",
    }  # fmt: skip
