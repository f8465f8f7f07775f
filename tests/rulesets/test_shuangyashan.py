"""双鸭山 and its counties: open choices can be switched; payments differ, the split does not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, History, RunResult, Settlement, load, settle, settle_run

CITY = "cn/heilongjiang/shuangyashan"
COUNTIES = ("raohe", "jixian", "youyi", "baoqing")


def stay(day: str, amount: str, **more: Any) -> Claim:
    """An in-scope stay of a registered poor member in the county hospital; ``more``: tier, level, area, tags, facts."""
    return Claim.model_validate(
        {
            "id": f"c-{day}",
            "person": {"id": "p1", "scheme": "ncms", "tags": more.get("tags", ["registered_poor"])},
            "encounter": {
                "care_type": "inpatient",
                "discharge_date": day,
                "area": more.get("area", "within_county"),
                "referred": True,
                "hospital": {"id": "h1", "level": more.get("level", "secondary"), "tier": more.get("tier", "county")},
            },
            "lines": [{"category": "treatment", "catalogue_class": "a", "amount": amount}],
            "facts": more.get("facts", {}),
        }
    )


def overlay(tmp_path: Path, parent: str, text: str) -> Path:
    """A rule file that extends a bundled one."""
    (tmp_path / "ruleset.yaml").write_text(
        f"ruleset: overlay\ntitle: overlay\nextends: {CITY}/{parent}\n{text}", "utf-8"
    )
    return tmp_path / "ruleset.yaml"


def in_order(rules: str | Path, *claims: Claim, **parameters: str) -> list[Settlement]:
    book, found, history = load(rules), list[Settlement](), None
    for claim in claims:
        found.append(settle(book, claim, history, parameters=parameters))
        history = found[-1].history
    return found


# -- 饶河: the ceiling for a stay in place of a year ----------

PER_STAY = """
parameters:
  county_ceiling_yearly: {replaces: yes, values: [{value: false, assumed: the other reading}]}
"""


def test_raohe_ceiling_of_each_stay(tmp_path: Path) -> None:
    # 14,500 × 75 % = 10,875, cut to 10,000 each time; under the yearly reading the second stay has nothing left.
    stays = (stay("2016-03-01", "15000"), stay("2016-08-01", "15000"))
    each = [s.split["pooled_fund"] for s in in_order(overlay(tmp_path, "raohe", PER_STAY), *stays)]
    year = [s.split["pooled_fund"] for s in in_order(f"{CITY}/raohe", *stays)]
    assert each == [Decimal("10000.00"), Decimal("10000.00")]
    assert year == [Decimal("10000.00"), Decimal("0.00")]


# -- 集贤: points in place of the city's five; the year-end sum ----------

IN_PLACE = """
parameters:
  city_points_kept: {replaces: yes, values: [{value: 0%, assumed: the other reading}]}
"""
PLACES = (
    ({"tier": "township", "level": "primary"}, "100%", "95%"),
    ({"tier": "county"}, "85%", "80%"),
    ({"tier": "city", "level": "tertiary", "area": "within_city"}, "55%", "50%"),
)


@pytest.mark.parametrize(("place", "on_top", "in_place"), PLACES, ids=["township", "county", "outside"])
def test_jixian_points_on_top_or_in_place(tmp_path: Path, place: dict[str, str], on_top: str, in_place: str) -> None:
    def share(rules: str | Path) -> Any:
        (settled,) = in_order(rules, stay("2016-10-20", "5000", **place))
        return next(step.value for step in settled.trace if step.name == "basic_share")

    assert share(f"{CITY}/jixian") == on_top
    assert share(overlay(tmp_path, "jixian", IN_PLACE)) == in_place


@pytest.mark.parametrize("rate", ["4.9%", "10.1%"])
def test_jixian_year_end_rate_is_between_five_and_ten(rate: str) -> None:
    with pytest.raises(ClaimError) as caught:
        second("jixian", rate, stay("2016-03-01", "10500"))
    assert [d.code for d in caught.value.diagnostics] == ["E542"]


def test_jixian_year_end_of_the_example() -> None:
    # D-9: two stays of 10,500 leave 2,000 each; 4,000 × 8 % = 320
    year = second("jixian", "8%", stay("2016-03-01", "10500"), stay("2016-09-01", "10500"))
    assert year.settlements[0].split["pooled_fund"] == Decimal(320)


def test_raohe_second_compensation() -> None:
    # 9,500 × 25 % + 500 = 2,875 is left; 2,875 × 20 % = 575
    (year,) = second("raohe", "20%", stay("2016-03-01", "10000")).settlements
    assert year.split["pooled_fund"] == Decimal(575)


def second(county: str, share: str, *claims: Claim) -> RunResult:
    """The year-end run of a county over the settlements of these claims."""
    settled = in_order(f"{CITY}/{county}", *claims)
    return settle_run(load(f"{CITY}/{county}/second_compensation"), settled, parameters={"second_share": share})


# -- 市人民医院: a further 30 % in place of 30 % ----------

FURTHER = """
parameters:
  bed_reduction_city_hospital: {replaces: yes, values: [{value: 44%, assumed: the other reading}]}
"""


def test_beds_of_the_city_hospital_reduced_twice(tmp_path: Path) -> None:
    # 600 × 80 % × 70 % = 336 is charged, 264 waived; the file's own reading waives 600 × 30 % = 180.
    def waived(rules: str | Path) -> Decimal:
        data = stay("2017-06-20", "600", tier="city", level="tertiary", area="within_city").model_dump(mode="json")
        data["encounter"] |= {"certificate_shown": True}
        data["encounter"]["hospital"]["id"] = "shuangyashan_people_hospital"
        data["lines"][0]["category"] = "bed"
        return in_order(rules, Claim.model_validate(data))[0].split["hospital"]

    (tmp_path / "ruleset.yaml").write_text(f"ruleset: overlay\ntitle: overlay\nextends: {CITY}\n{FURTHER}", "utf-8")
    assert waived(tmp_path / "ruleset.yaml") == Decimal("264.00")
    assert waived(CITY) == Decimal("180.00")


def test_what_only_one_county_gives_free_is_unknown_elsewhere() -> None:
    data = stay("2017-06-20", "600").model_dump(mode="json")
    data["lines"][0]["facts"] = {"free_service": "孕妇健康状况评估"}
    claim = Claim.model_validate(data)
    assert in_order(f"{CITY}/baoqing", claim)[0].split["public_health"] == Decimal(600)
    with pytest.raises(ClaimError, match="free_service"):
        in_order(f"{CITY}/raohe", claim)


# -- payments ----------


@pytest.mark.parametrize(("day", "deposits"), [("2017-05-14", 1), ("2017-05-15", 0)])
def test_one_bill_one_split_two_ways_of_paying(day: str, deposits: int) -> None:
    """友谊's county hospital asks a deposit until the province's rules of 15 May 2017, the others ask none."""
    claim = stay(day, "20000", facts={"deposit": "500"})
    city, youyi, baoqing = (in_order(name, claim)[0] for name in (CITY, f"{CITY}/youyi", f"{CITY}/baoqing"))
    assert city.split == youyi.split == baoqing.split
    assert [p.when for p in youyi.payments].count("admission") == deposits
    assert not [p for p in (*city.payments, *baoqing.payments) if p.when == "admission"]


@pytest.mark.parametrize("county", COUNTIES)
def test_no_county_gives_the_poor_less_than_the_city(county: str) -> None:
    claim = stay("2017-06-20", "9000")
    ours, citys = in_order(f"{CITY}/{county}", claim)[0], in_order(CITY, claim)[0]
    assert ours.split["patient"] <= citys.split["patient"]


# -- evidence ----------


def test_a_restated_provision_is_cited_twice_and_applied_once() -> None:
    settled = in_order(f"{CITY}/raohe", stay("2016-10-20", "10000"))[0]
    uplift = [step for step in settled.trace if step.name == "poor_uplift"]
    assert [(step.value, len(step.cites)) for step in uplift] == [("5%", 2)]
    assert next(step.value for step in settled.trace if step.name == "basic_share") == "75%"


def test_a_disease_may_be_named_in_chinese() -> None:
    claim = stay("2017-06-20", "23000", tags=[], facts={"disease_ceiling": "20000"})
    data = claim.model_dump(mode="json")
    data["encounter"]["disease"] = "胃癌"
    settled = in_order(f"{CITY}/raohe", Claim.model_validate(data))[0]
    assert {payer: amount for payer, amount in settled.split.items() if amount} == {
        "hospital": Decimal(3000), "pooled_fund": Decimal(13440), "patient": Decimal(6560),
    }  # fmt: skip


@pytest.mark.parametrize("name", [CITY, *(f"{CITY}/{c}" for c in COUNTIES)])
def test_a_settlement_that_rests_on_assumed_figures_can_be_refused(name: str) -> None:
    with pytest.raises(ClaimError, match="E562"):
        settle(load(name), stay("2017-06-20", "20000"), History.empty(), allow_assumed=False)
