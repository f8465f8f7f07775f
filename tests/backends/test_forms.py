"""Each of the seventeen forms, by hand, in all back ends."""

from fractions import Fraction

import pytest

from policyengine import ir
from policyengine.ir import InputDecl, NoRow
from tests.backends.support import meter, outcome, program, value_of

TOTAL = ir.Input("total", "money")
POOR = ir.Input("poor", "flag")
AMOUNT = ir.Input("amount", "money", "row")
CLASS = ir.Input("class", "code", "row")
DECLARED = {
    "inputs": [
        InputDecl("total", "money", low=-(10**9)),
        InputDecl("poor", "flag"),
        InputDecl("grade", "code", values=("a", "b", "c")),
        InputDecl("days", "count"),
        InputDecl("own_rate", "rate"),
        InputDecl("amount", "money", "row"),
        InputDecl("class", "code", "row", values=("a", "b", "c")),
    ]
}
FACTS = {"total": 130_000, "poor": True, "grade": "b", "days": 12, "own_rate": Fraction(1, 10)}
LINES = [{"amount": 10_000, "class": "a"}, {"amount": 2_505, "class": "b"}, {"amount": 300, "class": "c"}]


def of_claim(expr: ir.Expr, rows=LINES, **facts):
    return value_of(expr, {**FACTS, **facts}, rows, {"spent": 700}, meters=[meter()], **DECLARED)


def test_literal() -> None:
    assert of_claim(ir.money(40_000)) == 40_000
    assert of_claim(ir.rate(Fraction(100, 91))) == Fraction(100, 91)
    assert of_claim(ir.code("三级甲等")) == "三级甲等"
    assert of_claim(ir.FALSE) is False
    assert of_claim(ir.Lit(Fraction(1, 3), "exact")) == Fraction(1, 3)


def test_input() -> None:
    assert of_claim(TOTAL) == 130_000
    assert of_claim(ir.Input("grade", "code")) == "b"
    assert of_claim(ir.Input("own_rate", "rate")) == Fraction(1, 10)
    assert of_claim(AMOUNT) == (10_000, 2_505, 300)


def test_ref_reads_an_earlier_step_and_stands_beside_each_row() -> None:
    prog = program(
        ir.sub(TOTAL, ir.money(30_000)),
        ir.minimum(AMOUNT, ir.Ref("s0", "money")),
        ir.total(ir.Ref("s1", "money", "row")),
        **DECLARED,
    )
    found = outcome(prog, {**FACTS, "total": 35_000}, LINES)
    assert found == {"s0": 5_000, "s1": (5_000, 2_505, 300), "s2": 7_805}


def test_history() -> None:
    assert of_claim(ir.Hist("spent", "money")) == 700


def test_add_and_sub() -> None:
    assert of_claim(ir.add(TOTAL, ir.money(1), ir.Hist("spent", "money"))) == 130_701
    assert of_claim(ir.sub(ir.money(1), TOTAL)) == -129_999
    # 130000 × 70 % + 1/3 of a fen
    exact = ir.add(ir.scale(TOTAL, ir.rate(Fraction(7, 10))), ir.Lit(Fraction(1, 3), "exact"))
    assert of_claim(exact) == Fraction(273_001, 3)


def test_min_and_max_across_money_and_exact() -> None:
    share = ir.scale(TOTAL, ir.rate(Fraction(1, 3)))
    assert of_claim(ir.minimum(share, ir.money(43_333))) == 43_333
    assert of_claim(ir.maximum(share, ir.money(43_333))) == Fraction(130_000, 3)
    assert of_claim(ir.minimum(TOTAL, ir.money(9), ir.money(5), ir.money(7))) == 5
    assert of_claim(ir.positive_part(ir.sub(ir.money(5), TOTAL))) == 0


@pytest.mark.parametrize(
    ("of", "by", "expected"),
    [
        (TOTAL, ir.Input("own_rate", "rate"), Fraction(13_000)),
        (ir.Lit(Fraction(5, 2), "exact"), ir.rate(Fraction(1, 4)), Fraction(5, 8)),
        (TOTAL, ir.Input("days", "count"), 1_560_000),
        (ir.rate(Fraction(1, 20)), ir.Input("days", "count"), Fraction(3, 5)),
        (ir.rate(Fraction(9, 10)), ir.rate(Fraction(1, 2)), Fraction(9, 20)),
        (ir.Input("days", "count"), ir.count(3), 36),
    ],
)
def test_scale(of: ir.Expr, by: ir.Expr, expected: object) -> None:
    assert of_claim(ir.scale(of, by)) == expected


def test_inverse_finds_the_cost_that_earns_a_ceiling() -> None:
    # WE-8: 65,000 yuan at 91 % are earned by 65,000 / 0.91 = 71,428.571… yuan
    cost = ir.scale(ir.money(6_500_000), ir.inverse(ir.rate(Fraction(91, 100))))
    assert of_claim(cost) == Fraction(6_500_000 * 100, 91)
    assert of_claim(ir.rounded(cost, "half_up")) == 7_142_857


def test_compare() -> None:
    third = ir.scale(ir.money(1), ir.rate(Fraction(1, 3)))
    sixth = ir.scale(ir.money(2), ir.rate(Fraction(1, 6)))
    assert of_claim(ir.compare("==", third, sixth)) is True
    assert of_claim(ir.compare("<", ir.Lit(Fraction(33, 100), "exact"), third)) is True
    for op, expected in {"<": False, "<=": True, ">": False, ">=": True, "==": True, "!=": False}.items():
        assert of_claim(ir.compare(op, ir.Input("days", "count"), ir.count(12))) is expected
    assert of_claim(ir.compare("!=", ir.Input("grade", "code"), ir.code("a"))) is True
    assert of_claim(ir.compare("==", CLASS, ir.code("c"))) == (False, False, True)


@pytest.mark.parametrize("one", [True, False])
@pytest.mark.parametrize("other", [True, False])
def test_logic(one: bool, other: bool) -> None:
    left, right = POOR, ir.compare(">", TOTAL, ir.ZERO)
    facts = {"poor": one, "total": 1 if other else 0}
    assert of_claim(ir.both(left, right), **facts) is (one and other)
    assert of_claim(ir.either(left, right), **facts) is (one or other)
    assert of_claim(ir.negated(left), **facts) is (not one)


def test_if() -> None:
    chosen = ir.choose(POOR, ir.scale(TOTAL, ir.rate(Fraction(1, 2))), ir.money(7))
    assert of_claim(chosen) == Fraction(65_000)
    assert of_claim(chosen, poor=False) == Fraction(7)
    by_row = ir.choose(ir.compare("==", CLASS, ir.code("b")), AMOUNT, ir.ZERO)
    assert of_claim(by_row) == (0, 2_505, 0)


def test_sum_over_rows_of_a_filter_a_count_and_nothing() -> None:
    of_class_b = ir.total(ir.choose(ir.compare("==", CLASS, ir.code("b")), AMOUNT, ir.ZERO))
    assert of_claim(ir.total(AMOUNT)) == 12_805
    assert of_claim(of_class_b) == 2_505
    assert of_claim(of_class_b, rows=[]) == 0
    assert of_claim(ir.total(ir.count(1))) == 3
    assert of_claim(ir.total(ir.scale(AMOUNT, ir.rate(Fraction(1, 3))))) == Fraction(12_805, 3)


def test_sum_inside_a_row_is_the_sum_of_the_whole_claim() -> None:
    prog = program(
        ir.scale(AMOUNT, ir.rate(Fraction(1, 10))),
        ir.sub(ir.total(ir.Ref("s0", "exact", "row")), ir.Ref("s0", "exact", "row")),
        **DECLARED,
    )
    found = outcome(prog, FACTS, LINES)
    assert isinstance(found, dict)
    assert found["s1"] == (Fraction(561, 2), Fraction(1_030), Fraction(2_501, 2))


BANDS = ir.Table(
    "bands",
    ("amount",),
    ((ir.Interval(None, 10_000),), (ir.Interval(10_000, 50_000),), (ir.Interval(50_000, 90_000),)),
    (ir.Column("share", "rate", (Fraction(6, 10), Fraction(7, 10), Fraction(8, 10))),),
)


@pytest.mark.parametrize(
    ("total", "share"), [(-5, 60), (0, 60), (9_999, 60), (10_000, 70), (49_999, 70), (50_000, 80), (89_999, 80)]
)
def test_lookup_in_half_open_intervals(total: int, share: int) -> None:
    expr = ir.lookup(BANDS, "share", (TOTAL,))
    assert value_of(expr, {**FACTS, "total": total}, tables=[BANDS], **DECLARED) == Fraction(share, 100)


def test_lookup_without_a_row_names_table_and_keys() -> None:
    with pytest.raises(NoRow) as caught:
        value_of(ir.lookup(BANDS, "share", (TOTAL,)), {**FACTS, "total": 90_000}, tables=[BANDS], **DECLARED)
    assert (caught.value.table, caught.value.keys) == ("bands", (90_000,))
    assert str(caught.value) == "table bands has no row for 90000"


def test_lookup_of_an_exact_key_reports_the_exact_key() -> None:
    key = ir.scale(TOTAL, ir.rate(Fraction(2, 3)))
    expr = ir.lookup(BANDS, "share", (key,))
    # 14,999 × 2/3 = 9,999.33 lies below the edge at 10,000
    assert value_of(expr, {**FACTS, "total": 14_999}, tables=[BANDS], **DECLARED) == Fraction(60, 100)
    assert value_of(expr, {**FACTS, "total": 15_000}, tables=[BANDS], **DECLARED) == Fraction(70, 100)
    with pytest.raises(NoRow) as caught:
        value_of(expr, {**FACTS, "total": 200_000}, tables=[BANDS], **DECLARED)
    assert caught.value.keys == (Fraction(400_000, 3),)


MIXED = ir.Table(
    "mixed",
    ("grade", "poor", "days"),
    (
        (frozenset(["a", "b"]), frozenset([True]), ir.Interval(1, 10)),
        (frozenset(["a"]), None, None),
        (None, frozenset([False]), ir.Interval(10, None)),
    ),
    (
        ir.Column("ceiling", "money", (100, 200, 300)),
        ir.Column("next_grade", "code", ("b", "c", "a")),
        ir.Column("stop", "flag", (True, False, True)),
    ),
)


@pytest.mark.parametrize(
    ("grade", "poor", "days", "row"),
    [
        ("a", True, 1, 0), ("b", True, 9, 0), ("a", True, 10, 1), ("a", False, 0, 1), ("b", False, 10, 2),
        ("c", False, 99, 2), ("a", False, 99, 1),
    ],
)  # fmt: skip
def test_lookup_takes_the_first_row_that_matches_all_keys(grade: str, poor: bool, days: int, row: int) -> None:
    keys = (ir.Input("grade", "code"), POOR, ir.Input("days", "count"))
    facts = {**FACTS, "grade": grade, "poor": poor, "days": days}
    for column in MIXED.columns:
        expr = ir.lookup(MIXED, column.name, keys)
        assert value_of(expr, facts, tables=[MIXED], **DECLARED) == column.values[row]


@pytest.mark.parametrize(("grade", "poor", "days"), [("b", True, 10), ("c", True, 5), ("b", False, 9), ("a", True, 0)])
def test_lookup_outside_all_rows(grade: str, poor: bool, days: int) -> None:
    keys = (ir.Input("grade", "code"), POOR, ir.Input("days", "count"))
    facts = {**FACTS, "grade": grade, "poor": poor, "days": days}
    if grade == "a":  # the second row takes any a
        assert value_of(ir.lookup(MIXED, "ceiling", keys), facts, tables=[MIXED], **DECLARED) == 200
        return
    with pytest.raises(NoRow) as caught:
        value_of(ir.lookup(MIXED, "ceiling", keys), facts, tables=[MIXED], **DECLARED)
    assert caught.value.keys == (grade, poor, days)


def test_an_open_code_that_is_not_listed_is_other() -> None:
    table = ir.Table("t", ("disease",), ((frozenset(["flu"]),), (None,)), (ir.Column("v", "count", (1, 2)),))
    declared = [InputDecl("disease", "code", values=("flu",), open=True)]
    expr = ir.lookup(table, "v", (ir.Input("disease", "code"),))
    assert value_of(expr, {"disease": "flu"}, inputs=declared, tables=[table]) == 1
    assert value_of(expr, {"disease": "other"}, inputs=declared, tables=[table]) == 2


def test_a_table_without_keys_or_without_rows() -> None:
    constant = ir.Table("t", (), ((),), (ir.Column("v", "money", (5,)),))
    empty = ir.Table("t", ("poor",), (), (ir.Column("v", "money", ()),))
    assert value_of(ir.lookup(constant, "v", ()), FACTS, tables=[constant], **DECLARED) == 5
    with pytest.raises(NoRow):
        value_of(ir.lookup(empty, "v", (POOR,)), FACTS, tables=[empty], **DECLARED)


def test_a_table_with_very_many_cells_is_searched_row_by_row() -> None:
    words = tuple(f"w{n}" for n in range(600))
    rows = tuple((frozenset([w]), frozenset([w]), ir.Interval(0, 10)) for w in words)
    table = ir.Table("t", ("x", "y", "n"), rows, (ir.Column("v", "exact", tuple(Fraction(n, 4) for n in range(600))),))
    declared = [InputDecl("x", "code", values=words), InputDecl("y", "code", values=words), InputDecl("n", "count")]
    expr = ir.lookup(table, "v", tuple(ir.Input(d.name, d.kind) for d in declared))
    found = {"inputs": declared, "tables": [table]}
    assert value_of(expr, {"x": "w599", "y": "w599", "n": 9}, **found) == Fraction(599, 4)
    with pytest.raises(NoRow) as caught:
        value_of(expr, {"x": "w1", "y": "w2", "n": 9}, **found)
    assert caught.value.keys == ("w1", "w2", 9)


# --- laziness -----------------------------------------------------------------------------------------------------

NO_ROW = ir.lookup(BANDS, "share", (ir.money(90_000),))
ABOVE = ir.compare(">", NO_ROW, ir.rate(0))


@pytest.mark.parametrize(
    "expr",
    [
        ir.choose(POOR, ir.rate(1), NO_ROW),
        ir.choose(ir.negated(POOR), NO_ROW, ir.rate(1)),
        ir.either(POOR, ABOVE),
        ir.both(ir.negated(POOR), ABOVE),
        ir.both(POOR, ir.negated(POOR), ABOVE),
        ir.total(ir.choose(ir.compare("==", CLASS, ir.code("a")), ir.choose(ABOVE, AMOUNT, ir.ZERO), ir.ZERO)),
    ],
)
def test_a_lookup_that_is_not_reached_cannot_fail(expr: ir.Expr) -> None:
    rows = [{"amount": 5, "class": "b"}]
    assert value_of(expr, FACTS, rows, tables=[BANDS], **DECLARED) is not None


@pytest.mark.parametrize(
    "expr",
    [
        ir.choose(POOR, NO_ROW, ir.rate(1)),
        ir.choose(ABOVE, ir.rate(1), ir.rate(2)),
        ir.either(ir.negated(POOR), ABOVE),
        ir.both(POOR, ABOVE),
        ir.minimum(ir.rate(1), NO_ROW),
        ir.total(ir.choose(ABOVE, AMOUNT, ir.ZERO)),
    ],
)
def test_a_lookup_that_is_reached_fails(expr: ir.Expr) -> None:
    with pytest.raises(NoRow):
        value_of(expr, FACTS, LINES, tables=[BANDS], **DECLARED)


def test_a_sum_over_no_rows_reaches_nothing() -> None:
    assert value_of(ir.total(ir.choose(ABOVE, AMOUNT, ir.ZERO)), FACTS, [], tables=[BANDS], **DECLARED) == 0


LOW = ir.Table("low", ("amount",), ((ir.Interval(None, 100),),), (ir.Column("v", "count", (1,)),))
HIGH = ir.Table("high", ("amount",), ((ir.Interval(100, None),),), (ir.Column("v", "count", (1,)),))


def first_failure(*exprs: ir.Expr, amounts: tuple[int, ...]) -> tuple[str, tuple]:
    """Of a claim whose first line is of class a and whose others are of class b."""
    rows = [{"amount": amount, "class": "b" if at else "a"} for at, amount in enumerate(amounts)]
    found = outcome(program(*exprs, tables=[LOW, HIGH], **DECLARED), FACTS, rows)
    assert isinstance(found, NoRow)
    return found.table, found.keys


def test_the_first_failure_is_that_of_the_first_step_not_of_the_first_row() -> None:
    """The first row fails in the second step, the second row in the first."""
    steps = (ir.lookup(LOW, "v", (AMOUNT,)), ir.lookup(HIGH, "v", (AMOUNT,)))
    assert first_failure(*steps, amounts=(5, 500)) == ("low", (500,))


def test_inside_a_step_the_first_failure_is_that_of_the_first_row() -> None:
    low, high = ir.lookup(LOW, "v", (AMOUNT,)), ir.lookup(HIGH, "v", (AMOUNT,))
    assert first_failure(ir.add(low, high), amounts=(5, 500)) == ("high", (5,))
    assert first_failure(ir.total(ir.add(low, high)), amounts=(5, 500)) == ("high", (5,))


def test_a_sum_fails_only_for_the_rows_that_ask_for_it() -> None:
    """The first row fails in its own lookup; only the second asks for the sum, which fails too."""
    low, high = ir.lookup(LOW, "v", (AMOUNT,)), ir.lookup(HIGH, "v", (AMOUNT,))
    expr = ir.choose(ir.compare("==", CLASS, ir.code("b")), ir.total(low), high)
    assert first_failure(expr, amounts=(5, 500)) == ("high", (5,))
    assert first_failure(expr, amounts=(700, 500)) == ("low", (700,))


@pytest.mark.parametrize(
    ("mode", "unit", "value"),
    [("half_up", 1, 43_333), ("up", 1, 43_334), ("down", 100, 43_300), ("half_even", 10, 43_330)],
)
def test_portion(mode: str, unit: int, value: int) -> None:
    """1,300 × 4 ÷ 12 = 433.333…"""
    assert of_claim(ir.portion(TOTAL, ir.count(4), ir.Input("days", "count"), ir.money(5), mode, unit)) == value
    below = -value if mode != "half_even" else -43_330
    assert of_claim(ir.portion(TOTAL, ir.count(-4), ir.Input("days", "count"), ir.money(5), mode, unit)) == below


def test_portion_of_nothing() -> None:
    """Where the whole is not above zero, the other value holds, on whatever grid it lies."""
    for whole in (ir.ZERO, ir.money(-1), ir.sub(TOTAL, TOTAL)):
        assert of_claim(ir.portion(TOTAL, ir.money(1), whole, ir.money(5), "down", 100)) == 5


def test_portion_of_the_largest_amounts_is_exact() -> None:
    """10⁹ × (10⁹ − 1) ÷ 10⁹ yuan, in fen: products beyond 64 bits."""
    most = 10**11
    part = ir.sub(TOTAL, ir.money(1))
    assert of_claim(ir.portion(TOTAL, part, TOTAL, ir.ZERO, "down"), total=most) == most - 1


def test_portion_by_lines() -> None:
    """100 fen by the amounts 10,000, 2,505 and 300 of 12,805: 78.09…, 19.56…, 2.34…"""
    assert of_claim(ir.portion(ir.money(100), AMOUNT, ir.total(AMOUNT), ir.ZERO, "half_up")) == (78, 20, 2)


def test_portion_asks_only_for_what_counts() -> None:
    missing = ir.lookup(LOW, "v", (ir.money(500),))
    assert value_of(ir.portion(ir.count(9), ir.count(1), ir.count(3), missing, "down"), tables=[LOW]) == 3
    assert value_of(ir.portion(missing, ir.count(1), ir.ZERO, ir.count(7), "down"), tables=[LOW]) == 7
    with pytest.raises(NoRow):
        value_of(ir.portion(missing, ir.count(1), ir.count(3), ir.count(7), "down"), tables=[LOW])
