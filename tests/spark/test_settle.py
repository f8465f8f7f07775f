"""A DataFrame of claims in, one of settlements out: by hand, in any partitions the same, nothing lost."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest

from policyengine import Rulebook, load
from policyengine.bulk import ColumnMap, Stated
from policyengine.synth import Order, load_profile, make_claims, plan_of
from tests.simulate.test_openings import OPENINGS, opened
from tests.simulate.town import CLAIMS, COLUMNS, LINE, book
from tests.spark import jobs
from tests.spark.driver import Ask

BACKWARDS = tuple(reversed(CLAIMS))
PAID = {
    "a": 60_000,  # (1,100 - 100) x 60 %
    "b": 40_000,  # 600, of which 1,000 - 600 are left in the year
    "c": 10_000,  # (300 - 100) x 50 %
    "d": 0,  # 50 are below 100
    "f": 6_000,  # (200 - 100) x 60 %
}
"""What the fund pays of each claim, in fen."""


def test_claims_worked_by_hand_in_whatever_order_they_come(spark: Ask) -> None:
    found = spark(jobs.settled, BACKWARDS, book(), COLUMNS)
    assert {name: row["pooled_fund"] for name, row in found.items() if row["status"] == "settled"} == PAID
    assert found["b"]["patient_total"] == 110_000 - 40_000
    assert found["b"]["patient_over_ceiling"] == 20_000


def test_members_begin_with_what_the_platform_holds(spark: Ask) -> None:
    """By hand in ``tests.simulate.test_openings``: 200元 are left for a, nothing for b; c and f have all of theirs."""
    found = spark(jobs.settled, BACKWARDS, opened(), COLUMNS, openings=pa.Table.from_pylist(OPENINGS))
    paid = {name: row["pooled_fund"] for name, row in found.items() if row["status"] == "settled"}
    assert paid == {"a": 20_000, "b": 0, "c": 10_000, "d": 0, "f": 6_000}


def test_refused_claims_are_rows_with_their_reasons(spark: Ask) -> None:
    found = spark(jobs.settled, BACKWARDS, book(), COLUMNS)
    assert sorted(found) == [claim[0] for claim in CLAIMS]
    told = {name: (row["status"], row["code"]) for name, row in found.items() if row["status"] != "settled"}
    assert told == {"e": ("no_row", "E560"), "g": ("bad", "E511"), "h": ("waiting", "E565")}
    assert found["g"]["reason"] == "lines[0].amount: a negative amount"
    assert "the claim g" in found["h"]["reason"]
    assert found["g"]["bill"] == found["h"]["bill"] == 0
    assert found["a"]["code"] is found["a"]["reason"] is None


def test_columns_are_handed_on_and_amounts_shown_in_yuan(spark: Ask) -> None:
    types, rows = spark(jobs.kept, BACKWARDS, book(), COLUMNS)
    assert types == [
        ("id", "string"), ("status", "string"), ("code", "string"), ("reason", "string"),
        ("pooled_fund", "decimal(18,2)"), ("tier", "string"),
    ]  # fmt: skip
    assert {row["id"]: row["tier"] for row in rows} == {claim[0]: claim[2] for claim in CLAIMS}
    assert {row["id"]: row["pooled_fund"] for row in rows}["b"] == Decimal("400.00")


SYNTHETIC = 6_000


def test_any_partitions_give_the_digest_of_one_process(spark: Ask, tmp_path: Path) -> None:
    rules = load("cn/shanxi/136")
    file = tmp_path / "claims.parquet"
    drawn = plan_of(load_profile("shanxi"), 5, (2017, 2018), ("stays",), rules)
    make_claims(drawn, Order(file, claims=SYNTHETIC), lambda _rows, _blocks: None)
    mapping = file.with_suffix(".columns.yaml")
    alone = jobs.digest_of_one_process(file, rules, mapping)
    assert alone[0].startswith(f"{SYNTHETIC:x}-")
    assert [spark(jobs.digests, file, rules, mapping, partitions) for partitions in (1, 4)] == [alone, alone]


def test_only_settled_claims_have_a_digest(spark: Ask) -> None:
    assert "error[E773]" in spark(jobs.refused, jobs.digest_of_claims, CLAIMS)


# Claims that stand arranged already


def test_buckets_are_settled_where_they_stand(spark: Ask) -> None:
    found = spark(jobs.in_buckets, CLAIMS, book(), COLUMNS, 2)
    assert {name: row["pooled_fund"] for name, row in found.items() if row["status"] == "settled"} == PAID


def test_claims_of_another_partition_are_refused(spark: Ask) -> None:
    """Two partitions that are said to be three: somebody stands where the hash of three does not put him."""
    told = spark(jobs.refused, jobs.in_buckets, CLAIMS, book(), COLUMNS, 3)
    assert "error[E772]: claims stand in partition" in told


def test_days_out_of_order_are_refused(spark: Ask) -> None:
    told = spark(jobs.refused, jobs.in_buckets, CLAIMS, book(), COLUMNS, 2, forwards=False)
    assert "error[E706]" in told
    assert "stands behind rows that it should stand before" in told


# What the driver refuses before anything runs


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"keep": ["teir"]}, "error[E775]: the DataFrame has no column `teir`"),
        ({"only": ["pooled_fnd"]}, "error[E775]: the rule set has no amount `pooled_fnd`"),
        ({"keep": ["id"]}, "error[E771]: two columns would be called `id`"),
        ({"partitions": 0}, "error[E774]: `0` is no number of partitions"),
        ({"parameters": {"budget": 5}}, "error[E541]: budget: the rule file knows no parameter"),
    ],
)
def test_the_driver_refuses(spark: Ask, said: dict[str, object], told: str) -> None:
    assert told in spark(jobs.refused, jobs.settled, CLAIMS, book(), COLUMNS, **said)


def test_a_mapping_that_names_no_column(spark: Ask) -> None:
    wrong = ColumnMap("wrong", {**COLUMNS.facts, "tier": Stated("teir")}, templates=(LINE,))
    assert "error[E708]: the table has no column `teir`" in spark(jobs.refused, jobs.settled, CLAIMS, book(), wrong)


# Households

FAMILY = """\
ruleset: family
parts: [in_scope]
meters:
  of_person: {counts: basic.paid, in: calendar_year}
  of_family: {counts: basic.paid, in: calendar_year, per: [household_id]}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 50%}
  - {id: own_top, layer: basic, ceiling: 80元, meter: of_person}
  - {id: top, layer: basic, ceiling: 100元, meter: of_family}
"""
OF_FAMILY = ColumnMap(
    "family",
    {
        "care_type": Stated(constant="inpatient"),
        "discharge_date": Stated("discharge_date", format="%d.%m.%Y"),
    },
    templates=(LINE,),
)


@cache
def family() -> Rulebook:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "family" / "ruleset.yaml"
        file.parent.mkdir()
        file.write_text(FAMILY, encoding="utf-8")
        return load(file)


def test_a_household_stands_together_and_its_days_in_order_however_they_are_written(spark: Ask) -> None:
    """Half of 200 is 100: 80 for p1; of the 100 of the family 20 are left for p2, whose claim is of a later month but
    of an earlier day of the month."""
    rows = [
        ("late", "p2", "h1", 20_000, "01.03.2020"),
        ("early", "p1", "h1", 20_000, "20.02.2020"),
        ("else", "p3", "h2", 20_000, "02.02.2020"),
    ]
    assert spark(jobs.of_households, rows, family(), OF_FAMILY) == {"early": 8_000, "late": 2_000, "else": 8_000}


def test_a_person_of_two_households_is_refused_wherever_they_stand(spark: Ask) -> None:
    rows = [(f"c{n}", "p1", f"h{n}", 1_000, "01.03.2020") for n in range(6)]
    assert "error[E707]" in spark(jobs.refused, jobs.of_households, rows, family(), OF_FAMILY)


# Meters of everybody, and none


def made(rules: str) -> Rulebook:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "made" / "ruleset.yaml"
        file.parent.mkdir()
        file.write_text(rules, encoding="utf-8")
        return load(file)


BUDGET = """\
ruleset: made
parts: [in_scope]
meters:
  of_all: {counts: basic.paid, in: calendar_year, per: []}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 50%}
  - {id: top, layer: basic, ceiling: 150元, meter: of_all}
"""


def test_a_budget_of_everybody_is_spent_in_the_order_of_days(spark: Ask) -> None:
    """Half of 200 each: 100 for the first day; of the 150 of all 50 are left for the second, nothing for the third."""
    rows = [
        ("third", "p1", "h1", 20_000, "03.03.2020"),
        ("first", "p3", "h2", 20_000, "01.03.2020"),
        ("second", "p2", "h1", 20_000, "02.03.2020"),
    ]
    found = spark(jobs.of_households, rows, made(BUDGET), OF_FAMILY)
    assert found == {"first": 10_000, "second": 5_000, "third": 0}


def test_a_rule_set_without_meters_finds_a_claim_that_comes_twice(spark: Ask) -> None:
    rules = BUDGET.replace(BUDGET[BUDGET.index("meters:") : BUDGET.index("layers:")], "").replace(", meter: of_all", "")
    rows = [CLAIMS[0], CLAIMS[2], CLAIMS[0]]
    told = spark(jobs.statuses, rows, made(rules), COLUMNS)
    assert told == [("a", "passed", 0), ("a", "settled", 15_000), ("c", "settled", 15_000)]
