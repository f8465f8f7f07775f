"""A rule set that reads nearly every fact, and tables of claims for it, good and bad."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from policyengine import Rulebook, load

RULES = """\
ruleset: plan
facts:
  signed: {type: flag, default: false}
  programme: {type: code, values: {a: 甲项, b: 乙项}, default: a}
  balance: {type: money, default: 0元}
  share: {type: rate, default: 50%}
  children: {type: count, default: 0}
  enrolled_on: {type: date}
  years_enrolled: {counts: years, since: enrolled_on}
  imported: {type: flag, of: row, default: false}
  refund: {type: money, of: row, default: 0元}
parts: [own_expense, over_limit, first_share, in_scope]
payers:
  other_town: {label: {zh: 外地, en: other town}, side: fund}
meters:
  paid: {counts: basic.paid, in: calendar_year}
  there: {counts: 1, in: calendar_year, per: [member, hospital_id]}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
  - {id: told, payer: critical_illness, on: in_scope, when: registered_poor and referred and hospital_level == 二级}
  - {id: old, payer: supplement, on: in_scope, when: age > 60 and days_of_stay > 3 and disease == other}
  - {id: poor, payer: large_expense, on: in_scope, when: elsewhere(medical_assistance) > 5元}
  - {id: rich, payer: other_fund, on: in_scope, when: income_annual < 5000元 and admission_ordinal > 1}
  - {id: own, payer: poverty_fund, on: in_scope, when: signed or programme == b or children > 2 or years_enrolled > 3}
provisions:
  - {id: foreign, classify: imported or class == c, to: own_expense}
  - {id: limit, classify: category == bed, take: left - price_limit * quantity, to: over_limit}
  - {id: first, classify: class == b and day_of_stay > 0, take: first_share_rate of left, to: first_share}
  - {id: back, classify: category == lab, take: 'min(left, refund)', to: own_expense}
  - {id: start, layer: basic, deductible: 'min(balance, 10元)'}
  - {id: half, layer: basic, fund_share: share}
  - {id: fourth, layer: told, fund_share: 25%}
  - {id: tenth, layer: old, fund_share: 10%}
  - {id: sixth, layer: poor, fund_share: 6%}
  - {id: fifth, layer: rich, fund_share: 5%}
  - {id: more, layer: own, fund_share: 5%}
  - {id: top, layer: basic, ceiling: 100000元, meter: paid, when: subsistence or care_type == emergency or area == 省外}
"""


@cache
def plan() -> Rulebook:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "plan" / "ruleset.yaml"
        file.parent.mkdir()
        file.write_text(RULES, encoding="utf-8")
        return load(file)


def good_row(rng: Random, number: int) -> dict[str, Any]:
    """A row that every column can state, in whatever type."""
    admitted = datetime.date(2023, rng.randint(1, 12), rng.randint(1, 28))
    left = admitted + datetime.timedelta(days=rng.randint(0, 20))
    return {
        "id": f"c{number:06d}", "sequence": rng.randint(0, 3), "person_id": f"p{rng.randint(0, 9):03d}",
        "care_type": rng.choice(["inpatient", "住院", "emergency"]),
        "discharge_date": left, "admission_date": admitted,
        "birth_date": datetime.date(rng.randint(1930, 2022), 2, 28), "hospital_id": rng.choice(["h1", "H-2", "三院"]),
        "hospital_level": rng.choice(["secondary", "二级", None]),
        "hospital_grade": rng.choice([None, None, "二级甲等"]),
        "billed_from": rng.choice([None, admitted]), "area": rng.choice(["out_of_province", "县域内", None]),
        "disease": rng.choice(["uremia", "尿毒症", None]), "registered_poor": rng.random() < 0.3,
        "subsistence": rng.choice([True, False, None]), "referred": rng.choice([True, False, None]),
        "signed": rng.choice([True, False, None]), "programme": rng.choice(["a", "乙项", "other", None]),
        "income_annual": rng.choice([None, Decimal("12345.67"), Decimal(0), Decimal("0.10")]),
        "balance": rng.choice([None, Decimal("0.29"), Decimal("1e6")]), "share": rng.choice([None, Decimal("0.35")]),
        "children": rng.choice([None, 0, 4]), "admission_ordinal": rng.choice([None, 1, 3]),
        "enrolled_on": rng.choice([None, datetime.date(2019, 2, 28)]),
        "elsewhere.medical_assistance": rng.choice([None, Decimal("7.01")]),
        "lines": [good_line(rng, admitted, left) for _ in range(rng.randint(1, 3))],
    }  # fmt: skip


def good_line(rng: Random, admitted: datetime.date, left: datetime.date) -> dict[str, Any]:
    return {
        "category": rng.choice(["bed", "检验费", "surgery"]), "amount": Decimal(rng.randint(0, 10**7)).scaleb(-2),
        "catalogue_class": rng.choice(["a", "乙", None]), "quantity": rng.choice([None, 1, 7]),
        "price_limit": rng.choice([None, Decimal("88.80")]), "first_share_rate": rng.choice([None, Decimal("0.1")]),
        "line_date": rng.choice([None, admitted, left]), "imported": rng.choice([True, False, None]),
        "refund": rng.choice([None, Decimal("3.5")]),
    }  # fmt: skip


BAD: dict[str, tuple[Any, ...]] = {
    "id": (None, "", " c", "c\n", "x" * 201, "\u200b", "c\u00a0"),
    "person_id": (None, "", "p ", "p\x00", "y" * 201, "p\u2028q"),
    "sequence": (-1, 10**9 + 1),
    "care_type": (None, "hospital", "", "住院 "),
    "discharge_date": (None, datetime.date(1899, 12, 31), datetime.date(2200, 1, 1), datetime.date(2001, 1, 1)),
    "admission_date": (datetime.date(2199, 12, 31), datetime.date(1810, 1, 1)),
    "birth_date": (datetime.date(2199, 12, 31), datetime.date(1899, 1, 1)),
    "hospital_id": ("", "h\t", " h", "z" * 201),
    "hospital_level": ("fourth", "", "二级甲等"),
    "hospital_grade": ("tertiary_a", "三级甲等", "best"),
    "billed_from": (datetime.date(1990, 1, 1), datetime.date(2150, 1, 1)),
    "area": ("abroad",),
    "disease": ("", "\ufeffx"),
    "programme": (" a", ""),
    "income_annual": (Decimal("0.001"), Decimal("-0.01"), Decimal("1000000000.01"), Decimal("1e15")),
    "balance": (Decimal("0.005"), Decimal("2e9")),
    "share": (Decimal("0.0000001"), Decimal("-0.1")),
    "admission_ordinal": (-2, 2 * 10**9),
    "children": (10**14, -(10**14)),
    "enrolled_on": (datetime.date(1899, 1, 1),),
    "elsewhere.medical_assistance": (Decimal("-1"), Decimal("0.0001")),
}
"""Values that the reader of single claims refuses, by column."""
BAD_LINE: dict[str, tuple[Any, ...]] = {
    "category": (None, "drinks", ""),
    "amount": (None, Decimal("-1.00"), Decimal("0.125"), Decimal("1000000000.01"), Decimal("999999999.99")),
    "catalogue_class": ("d",),
    "quantity": (0, -1, 10**6 + 1),
    "price_limit": (Decimal("-0.01"), Decimal("0.009")),
    "first_share_rate": (Decimal("1.000001"), Decimal("-0.1"), Decimal("0.12345678")),
    "line_date": (datetime.date(2030, 1, 1), datetime.date(1950, 1, 1), datetime.date(1850, 1, 1)),
    "refund": (Decimal("0.001"), Decimal("5e9")),
}


def drawn_rows(seed: int, count: int, bad: float | int = 0) -> list[dict[str, Any]]:
    """Rows in the order of claims; ``bad`` in a hundred have a value that nothing takes."""
    rng = Random(seed)
    rows = [good_row(rng, number) for number in range(count)]
    rows.sort(key=lambda row: (row["person_id"], row["discharge_date"], row["sequence"]))
    for row in rows:
        if rng.randrange(100) < bad:
            name = rng.choice([*BAD, "lines"])
            if name == "lines":
                field = rng.choice(list(BAD_LINE))
                rng.choice(row["lines"])[field] = rng.choice(BAD_LINE[field])
            else:
                row[name] = rng.choice(BAD[name])
    return rows


MONEY = pa.decimal128(22, 4)
RATE = pa.decimal128(18, 8)
LINE = pa.struct(
    [
        ("category", pa.string()), ("amount", MONEY), ("catalogue_class", pa.string()), ("quantity", pa.int64()),
        ("price_limit", MONEY), ("first_share_rate", RATE), ("line_date", pa.date32()), ("imported", pa.bool_()),
        ("refund", MONEY),
    ]
)  # fmt: skip
SCHEMA = pa.schema(
    [
        ("id", pa.string()), ("sequence", pa.int64()), ("person_id", pa.string()), ("care_type", pa.string()),
        ("discharge_date", pa.date32()), ("admission_date", pa.date32()), ("birth_date", pa.date32()),
        ("hospital_id", pa.string()), ("hospital_level", pa.string()), ("hospital_grade", pa.string()),
        ("billed_from", pa.date32()), ("area", pa.string()), ("disease", pa.string()),
        ("registered_poor", pa.bool_()), ("subsistence", pa.bool_()), ("referred", pa.bool_()), ("signed", pa.bool_()),
        ("programme", pa.string()), ("income_annual", MONEY), ("balance", MONEY), ("share", RATE),
        ("children", pa.int64()), ("admission_ordinal", pa.int64()), ("enrolled_on", pa.date32()),
        ("elsewhere.medical_assistance", MONEY), ("lines", pa.list_(LINE)),
    ]
)  # fmt: skip
"""The columns of the rows as they are drawn; tests cast them to other types."""


def table_of(rows: list[dict[str, Any]], schema: pa.Schema = SCHEMA) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=schema)
