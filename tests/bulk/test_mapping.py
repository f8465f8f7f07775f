"""Mappings of columns: what they say, and every mistake at its place; constants, words, tags, units."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from policyengine import ClaimError, PolicyError, RuleError
from policyengine.bulk import Flags, Numbers, open_claims, read
from policyengine.bulk.units import NoUnit, decimals
from tests.bulk.support import plan

HOSPITAL = """\
columns: hospital
title: 示例医院
fields:
  id: 单据号
  person_id: {column: 人员}
  discharge_date: {column: 出院, format: "%Y/%m/%d"}
  hospital_level: {column: 级别, values: {"1": primary, "2": 二级}}
  registered_poor: {column: 贫困, values: {是: yes, 否: no}}
  income_annual: {column: 收入, unit: 万元}
  share: {column: 比例, unit: "%"}
constants: {care_type: 住院, disease: none, signed: yes, balance: "0.50"}
lines:
  - {amount: {column: 费用, unit: 分}, category: western_drug, catalogue_class: a}
"""
HEAD = ("单据号", "人员", "出院", "级别", "贫困", "收入", "比例", "费用")
CELLS: list[tuple[Any, ...]] = [
    ("c1", "p1", "2023/05/03", 2, "是", "1.2345", 12.5, 100), ("c2", "p1", "2023/5/4", 2, "否", None, 70.0, 100),
    ("c3", "p2", "2023/05/05", 3, None, "2", None, 100), ("c4", "p3", "2023/05/06", 1, "yes", "0.00001", 0.1, 0),
]  # fmt: skip
ROWS = [dict(zip(HEAD, cells, strict=True)) for cells in CELLS]


def mapped(folder: Path, text: str = HOSPITAL) -> Path:
    (folder / "columns.yaml").write_text(text, encoding="utf-8")
    return folder / "columns.yaml"


def test_a_mapping_says_where_facts_stand_in_which_unit_and_words(tmp_path: Path) -> None:
    (batch,) = read(pa.Table.from_pylist(ROWS), plan(), mapped(tmp_path))
    assert {at: (one.code, one.field) for at, one in batch.rejects.items()} == {
        1: ("E714", "encounter.discharge_date"), 2: ("E713", "encounter.hospital.level"),
        3: ("E713", "person.tags.registered_poor"),
    }  # fmt: skip
    assert "`2023/5/4` is not a day written as %Y/%m/%d" in batch.rejects[1].message
    income, share, poor = (batch.claims[name] for name in ("income_annual", "share", "registered_poor"))
    assert isinstance(income, Numbers)
    assert isinstance(share, Numbers)
    assert isinstance(poor, Flags)
    assert income.values.tolist()[:3] == [1_234_500, 0, 2_000_000]
    assert share.values.tolist()[:2] == [125_000, 700_000]
    assert poor.values.tolist()[:2] == [True, False]
    assert batch.claims["balance"].values.tolist() == [50] * 4  # type: ignore[union-attr]


def test_an_amount_finer_than_its_unit_is_a_reject(tmp_path: Path) -> None:
    row = ROWS[3] | {"贫困": "是"}
    (batch,) = read(pa.Table.from_pylist([row, row | {"单据号": "c5", "收入": "0.0000001"}]), plan(), mapped(tmp_path))
    assert [one.code for one in batch.rejects.values()] == ["E705", "E705"]


@pytest.mark.parametrize(
    ("change", "code", "place", "said"),
    [
        (("  id: 单据号\n", "  id: 单号\n"), "E708", ":4:7", "no column `单号`"),
        (("fields:", "felds:"), "E302", ":3:1", "`felds`"),
        (("share:", "shore:"), "E701", "", "no fact `shore`"),
        (("unit: 万元", "unit: $"), "E711", "", "`$` is not a unit of CNY"),
        ((", unit: 分", ""), "E702", "", "does not say in which unit"),
        (('{column: 级别, values: {"1": primary, "2": 二级}}', "级别"), "E704", "", "is int64"),
        (('format: "%Y/%m/%d"', 'format: "%d.%m"'), "E704", "", "has the format `%d.%m`"),
        (("category: western_drug, ", ""), "E703", "", "no column states `category`"),
        (("care_type: 住院, ", ""), "E703", "", "no column states `care_type`"),
        (("  person_id: {column: 人员}\n", ""), "E703", "", "no column states `person_id`"),
        (('unit: "%"', 'unti: "%"'), "E302", "", "`unti`"),
        (("care_type: 住院", "care_type: 住宿"), "E701", "", "`care_type` cannot be `住宿`"),
        (('balance: "0.50"', 'balance: "0.505"'), "E701", "", "`balance` cannot be `0.505`"),
        (("signed: yes", "signed: 1"), "E701", "", "`signed` cannot be `1`"),
    ],
)
def test_every_mistake_of_a_mapping_is_told_where_it_stands(
    change: tuple[str, str], code: str, place: str, said: str, tmp_path: Path
) -> None:
    assert change[0] in HOSPITAL
    with pytest.raises(PolicyError) as caught:
        list(read(pa.Table.from_pylist(ROWS), plan(), mapped(tmp_path, HOSPITAL.replace(*change))))
    found = caught.value.diagnostics[0]
    assert (found.code, said in found.message) == (code, True), found
    assert isinstance(caught.value, RuleError) == (found.span is not None)
    assert place in str(found.span or "")


def flat(**columns: Any) -> pa.Table:
    rows = {"id": ["c1"], "person_id": ["p1"], "care_type": ["inpatient"], "discharge_date": ["2023-05-03"]}
    lines = [[{"category": "bed", "amount": "10"}]]
    return pa.table(rows | {"lines": lines} | columns)


def test_money_says_its_unit_in_the_mapping_or_in_the_field() -> None:
    with pytest.raises(ClaimError) as caught:
        open_claims(flat(balance=[100]), plan())
    assert caught.value.diagnostics[0].code == "E702"
    assert "unit: 分" in caught.value.diagnostics[0].hint
    for unit, fen in (("分", 100), ("元", 10_000), ("minor", 100), ("CNY", 10_000)):
        field = pa.field("balance", pa.int64(), metadata={"unit": unit})
        table = flat().append_column(field, pa.array([100]))
        (batch,) = read(table, plan())
        assert batch.claims["balance"].values.tolist() == [fen]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ({"discharge_date": pa.array([1.5])}, "E704"), ({"person_id": pa.array([1.0])}, "E704"),
        ({"discharge_date": pa.array([0], pa.timestamp("s", "UTC"))}, "E704"), ({"care_type": [1]}, "E704"),
        ({"registered_poor": [1]}, "E704"), ({"balance": [True]}, "E704"), ({"lines": ["none"]}, "E704"),
        ({"tags": ["retired"]}, "E704"), ({"tags": [["retired"]], "subsistence": [True]}, "E710"),
    ],
)  # fmt: skip
def test_a_column_that_cannot_state_its_fact_is_refused_once(column: dict[str, Any], code: str) -> None:
    with pytest.raises(ClaimError) as caught:
        list(read(flat(**column), plan()))
    assert caught.value.diagnostics[0].code == code


def test_tags_in_a_list() -> None:
    lists = [["registered_poor", "学生"], ["建档立卡贫困人口"], None, [], ["rich"], ["signed"], [None]]
    count = len(lists)
    many = {
        "id": [f"c{n}" for n in range(count)], "person_id": [f"p{n}" for n in range(count)],
        "care_type": ["inpatient"] * count, "discharge_date": ["2023-05-03"] * count,
        "lines": [[{"category": "bed", "amount": "10"}]] * count,
    }  # fmt: skip
    (batch,) = read(pa.table(many | {"tags": pa.array(lists, pa.list_(pa.string()))}), plan())
    assert batch.claims["registered_poor"].values.tolist()[:4] == [True, True, False, False]  # type: ignore[union-attr]
    assert {at: one.code for at, one in batch.rejects.items()} == {4: "E533", 6: "E508"}


def test_corrections_and_claims_in_another_currency_are_rejects() -> None:
    count = 4
    many = {
        "id": [f"c{n}" for n in range(count)], "person_id": [f"p{n}" for n in range(count)],
        "care_type": ["inpatient"] * count, "discharge_date": ["2023-05-03"] * count,
        "lines": [[{"category": "bed", "amount": "10"}]] * count,
    }  # fmt: skip
    said = {"currency": ["CNY", None, "USD", "yuan"], "corrects": pa.array(["b1", None, None, None])}
    (batch,) = read(pa.table(many | said), plan())
    assert {at: one.code for at, one in batch.rejects.items()} == {0: "E539", 2: "E537", 3: "E519"}
    assert set(said) & batch.claims.keys() == set()
    assert open_claims(pa.table(many), plan()).report.absent.count("currency") == 0


def test_units() -> None:
    assert [decimals(unit, "money", "CNY") for unit in ("元", "分", "角", "万元", "yuan", "minor", "")] == [
        2, 0, 1, 6, 2, 0, 2,
    ]  # fmt: skip
    assert (decimals("円", "money", "JPY"), decimals("$", "money", "USD"), decimals("%", "rate", "CNY")) == (0, 2, 4)
    for unit, kind in (("元", "rate"), ("分", "count"), ("$", "money")):
        with pytest.raises(NoUnit):
            decimals(unit, kind, "CNY")
