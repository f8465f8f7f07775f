"""Formulas in words: every form, both languages, with and without the values of a claim."""

from __future__ import annotations

from fractions import Fraction

import pytest

from policyengine import ir
from policyengine.report.reading import Known
from policyengine.report.steps import plan_of
from policyengine.report.words import Teller, amount_text

AMOUNT = ir.Input("amount", "money", "row")
BILL = ir.Input("total_charge", "money")
POOR = ir.Input("registered_poor", "flag")
TIER = ir.Input("tier", "code")
BASE, SHARE = ir.Ref("basic.base", "money"), ir.Ref("share", "rate")
PAID = ir.Hist("paid", "money")
COLUMN = ir.Column("limit", "money", (500000, 600000))
TABLE = ir.Table("own", ("tier",), ((frozenset({"county"}),), (frozenset({"city"}),)), (COLUMN,))
LIMIT = ir.lookup(TABLE, "limit", (TIER,))
LABEL = {"zh": "基本医保", "en": "basic cover"}
METER = ir.Meter(
    "paid", "money", ("person_id",), ir.Window("y", "year"), "sum", "share", {"zh": "已付", "en": "paid"}
)  # fmt: skip
INPUTS = tuple(ir.InputDecl(e.name, e.kind) for e in (BILL, POOR, TIER))
PROGRAM = ir.Program(
    ruleset="demo", valid=("", ""), currency="CNY", dated_by="discharge_date",
    inputs=INPUTS,
    tables=(TABLE,),
    steps=(
        ir.Step("basic.on", ir.TRUE, label=LABEL),
        ir.Step("basic.base", BILL, term="base", label=LABEL, guard="basic.on", shown=True),
        ir.Step("share", ir.rate(Fraction(3, 4)), term="fund_share", guard="basic.on", shown=True),
        ir.Step("plumbing", ir.sub(BASE, ir.money(40000))),
    ),
    meters=(METER,),
    parts=(), payers=(), reasons=(), timings=(),
)  # fmt: skip
KNOWN = Known(
    PROGRAM,
    {"basic.on": True, "basic.base": 2660000, "share": Fraction(3, 4), "plumbing": 2620000},
    {"total_charge": 2660000, "registered_poor": True, "tier": "county"},
    ({"amount": 2660000},),
    {"paid": 400000},
    {step.name: step for step in PROGRAM.steps},
)
PLAN = plan_of(PROGRAM)
FEN = ir.money(1)


def told(expr: ir.Expr, lang: str, known: Known | None = None, layer: str = "basic") -> str:
    assert lang in ("zh", "en")
    return Teller(PLAN, lang, known, layer).formula(expr)  # type: ignore[arg-type]


VALUES = [
    (ir.scale(BASE, ir.rate(Fraction(3, 4))), "26,600.00（计算基数）的 75%", "75% of 26,600.00 (amount considered)"),
    (ir.scale(BASE, SHARE), "26,600.00（计算基数）的 75%（支付比例）",
     "75% (fund share) of 26,600.00 (amount considered)"),
    (ir.scale(ir.Ref("plumbing", "money"), ir.rate(Fraction(3, 4))), "（26,600.00（计算基数）− 400.00）的 75%",
     "75% of (26,600.00 (amount considered) − 400.00)"),
    (ir.minimum(BASE, ir.money(9500)), "26,600.00（计算基数）与 95.00 中较小者",
     "the lesser of 26,600.00 (amount considered) and 95.00"),
    (ir.minimum(ir.money(9500), ir.sub(BASE, FEN)), "95.00 与 26,600.00（计算基数）− 0.01 中较小者",
     "the lesser of 95.00 and (26,600.00 (amount considered) − 0.01)"),
    (ir.minimum(ir.sub(BASE, FEN), ir.money(9500)), "26,600.00（计算基数）− 0.01 与 95.00 中较小者",
     "the lesser of 26,600.00 (amount considered) − 0.01 and 95.00"),
    (ir.minimum(BASE, FEN, ir.money(2)), "26,600.00（计算基数）、0.01、0.02 中最小者",
     "the least of 26,600.00 (amount considered), 0.01 and 0.02"),
    (ir.maximum(BASE, FEN), "26,600.00（计算基数）与 0.01 中较大者",
     "the greater of 26,600.00 (amount considered) and 0.01"),
    (ir.maximum(BASE, FEN, FEN), "26,600.00（计算基数）、0.01、0.01 中最大者",
     "the greatest of 26,600.00 (amount considered), 0.01 and 0.01"),
    (ir.positive_part(ir.sub(BASE, ir.money(2660001))), "（26,600.00（计算基数）− 26,600.01）（不低于 0）",
     "(26,600.00 (amount considered) − 26,600.01), at least 0"),
    (ir.positive_part(ir.sub(BASE, FEN)), "26,600.00（计算基数）− 0.01", "26,600.00 (amount considered) − 0.01"),
    (ir.add(BASE, PAID), "26,600.00（计算基数）+ 4,000.00（此前累计：已付）",
     "26,600.00 (amount considered) + 4,000.00 (paid, counted before)"),
    (ir.scale(BASE, ir.count(3)), "26,600.00（计算基数）× 3", "26,600.00 (amount considered) × 3"),
    (ir.scale(ir.money(6500000), ir.inverse(ir.rate(Fraction(91, 100)))), "65,000.00 ÷ 91%", "65,000.00 ÷ 91%"),
    (ir.inverse(ir.rate(Fraction(91, 100))), "1 ÷ 91%", "1 ÷ 91%"),
    (ir.rounded(ir.scale(ir.money(5), ir.rate(Fraction(1, 2))), "half_up"), "（0.05 的 50%），四舍五入至 0.01",
     "(50% of 0.05), rounded half up to 0.01"),
    (ir.rounded(ir.scale(ir.money(4), ir.rate(Fraction(1, 2))), "half_up"), "0.04 的 50%", "50% of 0.04"),
    (ir.choose(POOR, ir.money(500000), ir.money(1000000)), "5,000.00", "5,000.00"),
    (LIMIT, "5,000.00（“own”表：县级）", "5,000.00 (the table “own”: county)"),
    (ir.scale(BASE, ir.choose(POOR, ir.rate(1), SHARE)), "26,600.00（计算基数）", "26,600.00 (amount considered)"),
    (ir.total(AMOUNT), "各费用明细的金额合计", "the sum over the fee lines of amount of the fee line"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "zh", "en"), VALUES)
def test_a_formula_with_the_values_of_a_claim(expr: ir.Expr, zh: str, en: str) -> None:
    assert told(expr, "zh", KNOWN) == zh
    assert told(expr, "en", KNOWN) == en


NAMES = [
    (ir.scale(BASE, SHARE), "计算基数的支付比例", "fund share of amount considered"),
    (ir.choose(POOR, ir.money(500000), ir.money(1000000)), "若建档立卡贫困人口则为 5,000.00，否则为 10,000.00",
     "5,000.00 if registered poor, otherwise 10,000.00"),
    (LIMIT, "“own”表中按机构层级的 limit", "limit in the table “own” by administrative tier of the hospital"),
    (ir.positive_part(ir.sub(BILL, PAID)), "（医疗费总额 − 此前累计：已付）（不低于 0）",
     "(sum of the fee lines − paid, counted before), at least 0"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "zh", "en"), NAMES)
def test_a_formula_by_names_alone(expr: ir.Expr, zh: str, en: str) -> None:
    assert told(expr, "zh") == zh
    assert told(expr, "en") == en


CONDITIONS = [
    (ir.compare("==", TIER, ir.code("county")), "机构层级为县级", "administrative tier of the hospital is county"),
    (ir.both(POOR, ir.compare(">=", BILL, ir.money(10000))), "建档立卡贫困人口且医疗费总额不低于 100.00",
     "registered poor and sum of the fee lines is at least 100.00"),
    (ir.either(ir.negated(POOR), ir.both(POOR, ir.compare("<", BILL, FEN))),
     "非建档立卡贫困人口或（建档立卡贫困人口且医疗费总额低于 0.01）",
     "not registered poor or (registered poor and sum of the fee lines is less than 0.01)"),
    (ir.TRUE, "总是", "always"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "zh", "en"), CONDITIONS)
def test_a_condition(expr: ir.Expr, zh: str, en: str) -> None:
    assert Teller(PLAN, "zh").condition(expr) == zh
    assert Teller(PLAN, "en").condition(expr) == en


def test_a_condition_shows_the_amounts_of_the_claim() -> None:
    used = ir.compare(">=", PAID, ir.money(300000))
    assert Teller(PLAN, "en", KNOWN).condition(used) == "4,000.00 (paid, counted before) is at least 3,000.00"
    assert Teller(PLAN, "zh", KNOWN).condition(used) == "4,000.00（此前累计：已付）不低于 3,000.00"


@pytest.mark.parametrize(
    ("value", "exponent", "text"),
    [
        (Fraction(216002857142857, 10**9) * 100, 2, "216,002.8571…"),
        (Fraction(2056284, 10), 2, "2,056.284"),
        (Fraction(5, 2), 2, "0.025"),
        (Fraction(-1, 3), 2, "-0.0033…"),
        (Fraction(12345), 0, "12,345"),
        (Fraction(7, 2), 0, "3.5"),
    ],
)
def test_exact_amounts_are_written_without_rounding(value: Fraction, exponent: int, text: str) -> None:
    assert amount_text(value, exponent) == text
