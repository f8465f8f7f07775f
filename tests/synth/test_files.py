"""What is written: formats, the mark, fee lines as lists, people, the mapping, messages of the command."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result

from policyengine import load
from policyengine.cli import main
from policyengine.synth import Order, make_claims
from tests.synth.support import plan

ABOUT = b"policyengine.synthetic"


def synth(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["synth", *map(str, words)])


def quiet(_rows: int, _blocks: int) -> None:
    pass


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_file_says_that_it_is_synthetic() -> None:
    for ending in ("parquet", "arrow", "csv"):
        done = synth(
            "shanxi", "--claims", 50, "--seed", 3, "-o", f"claims.{ending}", "--people-file", f"people.{ending}"
        )
        assert done.exit_code == 0, done.output
        assert done.stdout.startswith("50 synthetic claims of")
    for name in ("claims", "people"):
        assert {row["synthetic"] for row in rows_of(f"{name}.csv")} == {"true"}
        for table in (pq.read_table(f"{name}.parquet"), pa.feather.read_table(f"{name}.arrow")):
            assert set(table["synthetic"].to_pylist()) == {True}
            about = json.loads(table.schema.metadata[ABOUT])
            assert (about["synthetic"], about["profile"], about["seed"]) == (True, "shanxi", 3)
    assert "nobody's claims" in Path("claims.columns.yaml").read_text(encoding="utf-8")


def test_the_formats_hold_the_same() -> None:
    for ending in ("parquet", "arrow", "csv"):
        synth("shanxi", "--people", 40, "-o", f"claims.{ending}")
    table = pq.read_table("claims.parquet")
    assert pa.feather.read_table("claims.arrow").to_pylist() == table.to_pylist()
    for row, known in zip(rows_of("claims.csv"), table.to_pylist(), strict=True):
        assert {name: text_of(value) for name, value in known.items()} == row


def rows_of(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def text_of(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("more", [(), ("--lists",)])
def test_people_without_any_claims_give_an_empty_file(more: tuple[str, ...]) -> None:
    done = synth("shanxi", "--people", 1, "--only", "stays", "-o", "claims.parquet", *more)
    assert done.stdout.startswith("0 synthetic claims of 1 person\n")
    table = pq.read_table("claims.parquet")
    assert len(table) == 0
    assert ("lines" if more else "amount_treatment") in table.column_names


def test_money_says_its_unit() -> None:
    synth("shanxi", "--people", 5, "-o", "claims.parquet")
    schema = pq.read_schema("claims.parquet")
    money = [name for name in schema.names if schema.field(name).metadata]
    assert "income_annual" in money
    assert "amount_treatment" in money
    assert all((schema.field(n).type, schema.field(n).metadata[b"unit"].decode()) == (pa.int64(), "分") for n in money)


def test_the_mapping_names_columns_that_there_are() -> None:
    synth("shuangyashan", "--people", 20, "--for", "cn/heilongjiang/shuangyashan", "-o", "claims.parquet")
    mapping = yaml.safe_load(Path("claims.columns.yaml").read_text(encoding="utf-8"))
    columns = set(pq.read_schema("claims.parquet").names)
    stated = [
        *mapping["fields"].values(),
        *(f for line in mapping["lines"] for f in line.values() if isinstance(f, dict)),
    ]
    assert {one if isinstance(one, str) else one["column"] for one in stated} <= columns
    assert mapping["fields"]["disease_ceiling"] == {"column": "disease_ceiling", "unit": "分"}
    line = next(line for line in mapping["lines"] if line["category"] == "registration")
    assert line["expert_registration"] is False
    assert line["free_service"] == "none"


def test_facts_that_only_the_profile_knows_are_not_mapped() -> None:
    """`special_help` is of the rule set of Shanxi, which was not named."""
    synth("shanxi", "--people", 20, "-o", "claims.parquet")
    assert "special_help" in pq.read_schema("claims.parquet").names
    assert "special_help" not in yaml.safe_load(Path("claims.columns.yaml").read_text(encoding="utf-8"))["fields"]


def test_lists_hold_the_lines_of_the_columns() -> None:
    book = load("cn/heilongjiang/shuangyashan")
    made = plan("shuangyashan", years=(2018, 2018), book=book)
    make_claims(made, Order(Path("flat.parquet"), people=60), quiet)
    make_claims(made, Order(Path("lists.parquet"), people=60, lists=True), quiet)
    flat, lists = (pq.read_table(f"{name}.parquet").to_pylist() for name in ("flat", "lists"))
    templates = yaml.safe_load(Path("flat.columns.yaml").read_text(encoding="utf-8"))["lines"]
    for one, other in zip(flat, lists, strict=True):
        stated = [(t["category"], t["catalogue_class"], one[t["amount"]["column"]]) for t in templates]
        assert [line for line in stated if line[2]] == [
            (line["category"], line["catalogue_class"], line["amount"]) for line in other["lines"]
        ]
    shares = {line["first_share_rate"] for row in lists for line in row["lines"] if line["catalogue_class"] == "b"}
    assert shares == {Decimal("0.1")}
    mapping = yaml.safe_load(Path("lists.columns.yaml").read_text(encoding="utf-8"))["lines"]
    assert (mapping["column"], mapping["fields"]["amount"]) == ("lines", {"column": "amount", "unit": "分"})


def test_people_without_claims_are_written_too() -> None:
    done = synth(
        "shanxi", "--people", 300, "--only", "stays", "-o", "claims.parquet", "--people-file", "people.parquet"
    )
    assert done.exit_code == 0
    people, claims = (set(pq.read_table(f"{n}.parquet")["person_id"].to_pylist()) for n in ("people", "claims"))
    assert claims < people == set(range(10**9 + 1, 10**9 + 301))


def test_facts_of_the_rule_set_are_stated_from_their_domain() -> None:
    """`designated`, `free_service` … are of the rule files of 双鸭山, and the profile of Shanxi knows none of them."""
    synth("shanxi", "--people", 400, "--for", "cn/heilongjiang/shuangyashan", "-o", "claims.parquet")
    table = pq.read_table("claims.parquet")
    assert set(table["designated"].to_pylist()) == {True, False}
    services = set(table["treatment.free_service"].to_pylist()) - {None}
    assert {"none", "tb_check", "folic_acid", "newborn_screening"} <= services
    rates = [rate for rate in table["chronic_points"].to_pylist() if rate is not None]
    assert Decimal("0.05") <= min(rates) <= max(rates) <= Decimal("0.1")


def test_meters_of_a_household_put_its_members_together() -> None:
    made = plan(book=load("world/us/family_out_of_pocket"))
    rows = made.claim_batch(0, 200).to_pylist()
    keys = [(row["household_id"], row[made.course.day], row["sequence"]) for row in rows]
    assert keys == sorted(keys)
    assert len({(household, sequence) for household, _, sequence in keys}) == len(rows)
    assert [row["person_id"] for row in rows] != sorted(row["person_id"] for row in rows)


def test_stays_of_a_year_are_counted_and_visits_follow_them_where_a_rule_set_asks() -> None:
    made = plan("anybody", years=(2019, 2020), book=load("examples/employee_city_2012"))
    rows, before = made.claim_batch(0, 300).to_pylist(), dict[tuple[int, int], int]()
    for row in rows:
        key = row["person_id"], row["discharge_date"].year
        before[key] = before.get(key, 0) + (row["care_type"] in ("inpatient", "maternity"))
        assert row["admission_ordinal"] == max(1, before[key])
    assert max(before.values()) > 2
    alone = plan("anybody").claim_batch(0, 300).to_pylist()
    assert {row["admission_ordinal"] for row in alone if row["care_type"] == "outpatient"} == {None}


def test_a_file_that_stands_there_is_replaced_only_by_a_whole_one(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("claims.parquet").write_text("before", encoding="utf-8")
    made = plan()

    def fails(_rows: int, _blocks: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_claims(made, Order(Path("claims.parquet"), people=10), fails)
    assert Path("claims.parquet").read_text(encoding="utf-8") == "before"
    assert [path.name for path in Path().iterdir()] == ["claims.parquet"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("shanxi", "--claims", "5"), "say where the claims go"),
        (("shanxi", "-o", "c.csv"), "either --people or --claims"),
        (("shanxi", "--claims", "5", "--people", "5", "-o", "c.csv"), "either --people or --claims"),
        (("shanxi", "--claims", "5", "-o", "c.xlsx"), "E729"),
        (("shanxi", "--claims", "5", "-o", "c.csv", "--lists"), "E729"),
        (("shanxi", "--claims", "5", "-o", "c.csv", "--only", "stay"), "it has stays, visits"),
        (("shanxi", "--claims", "5", "-o", "c.csv", "--years", "18"), "not a year"),
        (("shanxi", "--claims", "5", "-o", "c.csv", "--years", "2019-2018"), "the first first"),
        (("shanxi", "--claims", "5", "-o", "c.csv", "--for", "cn/nowhere"), "E601"),
        (
            ("shanxi", "--claims", "5", "-o", "c.csv", "--for", "cn/shanxi/136", "--years", "2010"),
            "no version in force",
        ),
        (("shanxi", "--claims", "5", "-o", "c.csv", "--for", "cn/shanxi/136/premium_help"), "E728"),
        (("nowhere", "--claims", "5", "-o", "c.csv"), "E720"),
        (("shanxi", "--claims", "5", "-o", "missing/c.csv"), "missing/c.csv: error[E715]"),
    ],
)
def test_a_mistake_on_the_command_line_is_told(words: tuple[str, ...], said: str) -> None:
    done = synth(*words)
    assert done.exit_code == 2
    assert said in done.output
    assert list(Path().iterdir()) == []


def test_the_figures_are_shown_with_their_sources() -> None:
    shown = synth("shanxi", "--figures").stdout
    assert "| `claims.stays.a_year` | by `health`, poisson: {well: 0.08, chronic: 0.5, severe: 2.1} |" in shown
    assert "`communique_2018`: 年住院率由2017年的17.6%增加到18.2%; assumed: split:" in shown
    assert "| `costs_2018` | 2018年1-10月全国二级以上公立医院病人费用情况, 国家卫健委统计信息中心, 2019-01-04," in shown
