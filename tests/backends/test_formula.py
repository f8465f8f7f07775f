"""Printed formulas: their text by hand, and an independent checker that computes them again."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from policyengine import ir
from policyengine.backends.evaluate import evaluate
from policyengine.ir import InputDecl, NoRow
from policyengine.ir.printer import formula, printer_of
from tests.backends.programs import random_case, random_program
from tests.backends.support import program
from tests.trace_checker import Wrong, recompute

BASE = ir.Ref("basic.base", "money")
POOR = ir.Input("registered_poor", "flag")
GRADE, TIER = ir.Input("hospital_grade", "code"), ir.Input("tier", "code")
TABLE = ir.Table("base", ("hospital_grade", "tier"), (), (ir.Column("fund_share", "rate", ()),))
DECLARED = [
    InputDecl("registered_poor", "flag"), InputDecl("hospital_grade", "code"), InputDecl("tier", "code"),
    InputDecl("age", "count"), InputDecl("emergency", "flag"), InputDecl("care", "code"),
]  # fmt: skip
PRINTER = printer_of(program(inputs=DECLARED, tables=[TABLE]))
LOOKUP = ir.lookup(TABLE, "fund_share", (GRADE, TIER))
SHARE = ir.rate(Fraction(3, 4))


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (ir.minimum(BASE, ir.money(40_000)), "min(basic.base, 400.00)"),
        (ir.scale(BASE, SHARE), "basic.base * 75%"),
        (ir.rounded(ir.Ref("basic.payable", "exact"), "half_up"), "round(basic.payable, half_up, 0.01)"),
        (ir.rounded(ir.Input("age", "count"), "up", 100), "round(age, up, 100)"),
        (
            ir.choose(POOR, ir.money(500_000), ir.money(1_000_000)),
            "if registered_poor then 5000.00 else 10000.00",
        ),
        (LOOKUP, "base.fund_share[hospital_grade, tier]"),
        (ir.Hist("spent", "money"), "used(spent)"),
        (ir.total(ir.Input("amount", "money", "row")), "sum(amount)"),
        (ir.scale(BASE, ir.inverse(SHARE)), "basic.base * (1 / 75%)"),
        (ir.scale(BASE, ir.rate(Fraction(100, 91))), "basic.base * (100/91)"),
        (ir.sub(BASE, ir.sub(BASE, ir.money(1))), "basic.base - (basic.base - 0.01)"),
        (ir.sub(ir.sub(BASE, BASE), ir.money(1)), "basic.base - basic.base - 0.01"),
        (ir.add(BASE, ir.money(-100), BASE), "basic.base + (-1.00) + basic.base"),
        (ir.scale(ir.add(BASE, BASE), SHARE), "(basic.base + basic.base) * 75%"),
        (ir.Lit(Fraction(100, 3), "exact"), "1.00/3"),
        (
            ir.both(POOR, ir.either(POOR, ir.negated(POOR))),
            "registered_poor and (registered_poor or not registered_poor)",
        ),
        (ir.both(POOR, ir.both(POOR, POOR)), "registered_poor and (registered_poor and registered_poor)"),
        (ir.negated(ir.compare("==", TIER, ir.code("city"))), "not (tier == city)"),
        (ir.compare("==", ir.Input("care", "code"), ir.code("emergency")), 'care == "emergency"'),
        (ir.compare("==", TIER, ir.code("三级甲等")), "tier == 三级甲等"),
        (ir.compare("==", TIER, ir.code('a"b\\ c')), r'tier == "a\"b\\ c"'),
        (ir.minimum(ir.Ref("row left", "money"), ir.ZERO), "min(`row left`, 0.00)"),
    ],
)
def test_text(expr: ir.Expr, text: str) -> None:
    assert formula(expr, PRINTER) == text


def test_text_of_a_lookup_can_show_the_row() -> None:
    known = {"hospital_grade": "tertiary_a", "tier": "city"}
    assert formula(LOOKUP, PRINTER, known) == "base.fund_share[hospital_grade = tertiary_a, tier = city]"


def test_a_currency_without_decimals() -> None:
    yen = printer_of(ir.Program("r", ("", ""), "JPY", "d", (), (), (), (), (), (), (), ()))
    assert formula(ir.rounded(ir.scale(ir.money(80_100), SHARE), "down", 10), yen) == "round(80100 * 75%, down, 10)"
    assert recompute("round(80100 * 75%, down, 10)", {}, exponent=0) == 60_070  # 60,075 down to tens


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("min(basic.base, 400.00)", 40_000),
        ("basic.base * 75% - 0.01", 37_499),
        ("if basic.base > 499.99 then 1 else t.v[nothing]", 1),
        ("not true or 1 < 2 and 2 <= 2", True),
        ("-0.50 - 1.00 * (2 - 3)", 50),
        ("round(0.03 / 2, half_even, 0.01)", 2),
        ("round(0.05 / 2, half_even, 0.01)", 2),
        ("round(-0.05 / 2, half_up, 0.01)", -3),
        ('grade == "grade"', False),
        ("grade == b", True),
    ],
)
def test_the_checker_by_hand(text: str, value: object) -> None:
    assert recompute(text, {"basic.base": 50_000, "grade": "b"}) == value


@pytest.mark.parametrize("text", ["1 +", "min(1, 2", "1 2", "#", "if 1 then 2", "* 3"])
def test_the_checker_refuses_other_texts(text: str) -> None:
    with pytest.raises(Wrong):
        recompute(text, {})


def test_the_checker_agrees_with_random_programs() -> None:
    steps = 0
    for seed in range(160):
        rng = Random(seed)
        program = random_program(rng)
        for _ in range(3):
            case = random_case(rng, program)
            try:
                steps += _recomputed(program, case)
            except NoRow:
                continue
    assert steps > 3_500


def _recomputed(program: ir.Program, case: tuple) -> int:
    inputs, rows, used = case
    printer, tables = printer_of(program), {t.name: _plain(t) for t in program.tables}
    found = evaluate(program, inputs, rows, used)
    claim = {**inputs, **{name: v for name, v in found.items() if not isinstance(v, tuple)}}
    by_row = [{**row, **{n: v[at] for n, v in found.items() if isinstance(v, tuple)}} for at, row in enumerate(rows)]
    checked = 0
    for step in program.steps:
        expected = found[step.name]
        places = zip(by_row, expected, strict=True) if step.domain == "row" else [({}, expected)]
        for names, value in places:
            for known in (None, {**claim, **names}):
                text = formula(step.expr, printer, known)
                assert recompute(text, {**claim, **names}, tables, by_row, used) == value, f"{step.name} := {text}"
            checked += 1
    return checked


def _plain(table: ir.Table) -> tuple:
    """A table as the checker takes it."""
    cells = [[(p.low, p.high) if isinstance(p, ir.Interval) else p for p in row] for row in table.patterns]
    return cells, {column.name: column.values for column in table.columns}
