"""Why something did not apply, and what would pay more: figures worked by hand beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, Settlement, load, settle, why_not
from policyengine.ir.printer import formula
from policyengine.questions import Change, Unapplied, WhyNot
from policyengine.questions.options import Option, options_of
from tests.cli.runner import json_lines, run

RAOHE = "cn/heilongjiang/shuangyashan/raohe"
STAY: dict[str, Any] = {
    "id": "r1",
    "person": {"id": "p1", "scheme": "ncms"},
    "encounter": {"care_type": "inpatient", "discharge_date": "2016-06-11", "area": "within_county",
                  "hospital": {"id": "raohe_people_hospital", "level": "secondary", "tier": "county"}},
    "lines": [
        {"category": "registration", "catalogue_class": "a", "amount": "10"},
        {"category": "bed", "catalogue_class": "a", "amount": "600"},
        {"category": "western_drug", "catalogue_class": "a", "amount": "2000"},
    ],
}  # fmt: skip
"""County hospital: (2,610 - 500) x 70 % = 1,477 from the fund, 1,133 from the patient."""

RULES = """\
ruleset: ages
title: {zh: 年龄, en: Ages}
valid: {from: 2020-01-01}
parts: [in_scope]
facts:
  years_enrolled: {type: count}
  income_rank: {type: count, high: 100, default: 50}
tables:
  by_age:
    keys: [age]
    columns: [share]
    rows: [[0..60, 50%], [60..80, 60%], [80.., 70%]]
    assumed: made up for this example
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}
  - {id: aid, payer: medical_assistance, on: in_scope, when: subsistence or destitute, assumed: made up}
  - {id: never, payer: other_fund, on: in_scope, when: subsistence and not subsistence, assumed: made up}
provisions:
  - {id: share, layer: basic, fund_share: by_age.share, assumed: made up for this example}
  - {id: loyal, adjust: share, when: years_enrolled > 10 and referred, add: 5pp, assumed: made up for this example}
  - {id: large, adjust: share, when: "in_scope >= 5000元", add: 1pp, assumed: made up for this example}
  - {id: ranked, adjust: share, when: income_rank * 2 < 20, add: 1pp, assumed: made up for this example}
  - {id: half, layer: aid, fund_share: 50%, assumed: made up for this example}
  - {id: nothing, layer: never, fund_share: 50%, assumed: made up for this example}
"""


@pytest.fixture
def ages(tmp_path: Path) -> Callable[..., Settlement]:
    home = tmp_path / "ages"
    home.mkdir()
    (home / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    book = load(home)

    def make(tags: tuple[str, ...] = (), referred: bool = False, enrolled: int = 3) -> Settlement:
        data = {
            "id": "c1",
            "person": {"id": "p1", "birth_date": "1969-03-06", "tags": list(tags)},
            "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-05", "referred": referred},
            "lines": [{"category": "bed", "amount": "1000"}],
            "facts": {"years_enrolled": enrolled},
        }
        return settle(book, Claim.model_validate(data))

    return make


def asked(data: dict[str, Any], rules: str = RAOHE) -> tuple[Settlement, WhyNot]:
    settlement = settle(load(rules), Claim.model_validate(data))
    return settlement, why_not(settlement)


def of(found: WhyNot, provision: str) -> Unapplied:
    return next(u for u in found.unapplied if u.rule.id == provision)


def needs(settlement: Settlement, unapplied: Unapplied) -> list[list[str]]:
    return [[formula(n.condition, settlement.layout.printer) for n in way] for way in unapplied.ways]


def change(found: WhyNot, *facts: str) -> Change:
    return next(c for c in found.changes if tuple(name for name, _ in c.facts) == facts)


# -- 饶河 -------------------------------------------------------------------------------------------------------


def test_the_poor_get_five_points_more_by_hand() -> None:
    # (2,610 - 500) x 5 % = 105.50
    settlement, found = asked(STAY)
    uplift = of(found, "poor_uplift")
    assert needs(settlement, uplift) == [["registered_poor"]]
    assert uplift.rule.cites[0].quote.startswith("全面实施农村贫困人口")
    assert uplift.change == Change((("registered_poor", (Option(True),)),), 105_50, {"pooled_fund": 105_50}, "open")
    assert change(found, "registered_poor").gain == 105_50


def test_what_needs_two_facts_is_told_and_tried_as_a_pair() -> None:
    # waived: 10 + 20 % of 600 = 130; (2,480 - 500) x 75 % = 1,485: the patient pays 995 instead of 1,133
    settlement, found = asked(STAY)
    assert needs(settlement, of(found, "bed_reduced"))[0] == ["registered_poor", "certificate_shown"]
    pair = change(found, "registered_poor", "certificate_shown")
    assert (pair.gain, dict(pair.payers)) == (138_00, {"hospital": 130_00, "pooled_fund": 8_00})
    assert not any(names == ("certificate_shown",) for c in found.changes if (names := tuple(n for n, _ in c.facts)))


def test_a_township_hospital_pays_more_by_hand() -> None:
    # (2,610 - 100) x 90 % = 2,259, that is 782 more than 1,477; a village clinic is read as a township
    _, found = asked(STAY)
    assert found.changes[0].facts == (("tier", (Option("village"), Option("township"))),)
    assert (found.changes[0].gain, dict(found.changes[0].payers)) == (782_00, {"pooled_fund": 782_00})


def test_other_kinds_of_claims_stand_apart() -> None:
    _, found = asked(STAY)
    assert of(found, "outpatient").reach == "other_kind"
    assert of(found, "outpatient_share").inside == "outpatient"
    assert {c.reach for c in found.changes if c.facts[0][0] in ("care_type", "disease")} <= {"other_kind"}


def test_a_provision_that_applies_is_not_told() -> None:
    poor = {**STAY, "person": {**STAY["person"], "tags": ["registered_poor"]}}
    _, found = asked(poor)
    assert "poor_uplift" not in {u.rule.id for u in found.unapplied}
    assert [c for c in found.changes if c.facts[0][0] == "registered_poor"] == []


# -- the 136 of Shanxi ----------------------------------------------------------------------------------------


def test_without_the_tag_the_136_says_what_is_missed() -> None:
    # demo/shanxi_136.json comes to 1,450 for the patient; without the tag (27,000 - 400) x 75 % = 19,950 leave 10,050
    # (7,050 are below the threshold of 10,000). 10,050 - 1,450 = 8,600.
    data = json.loads(Path("demo/shanxi_136.json").read_text(encoding="utf-8"))
    data["person"]["tags"] = []
    settlement, found = asked(data, "cn/shanxi/136")
    assert str(settlement.split["patient"]) == "10050.00"
    poor = change(found, "registered_poor")
    assert poor.gain == 8_600_00
    assert dict(poor.payers) == {"pooled_fund": 4_512_50, "critical_illness": 1_537_50, "supplement": 2_550_00}
    assert needs(settlement, of(found, "own_cap")) == [["registered_poor"]]


# -- conditions, edges ----------------------------------------------------------------------------------------


def test_the_edges_of_an_age_and_that_nobody_can_change_it(ages: Callable[..., Settlement]) -> None:
    # 54 years: 50 % of 1,000; from 60 on 60 %, from 80 on 70 %
    found = why_not(ages())
    older = [c for c in found.changes if c.facts[0][0] == "age"]
    assert [(c.facts[0][1][0].value, c.facts[0][1][0].high, c.gain, c.reach) for c in older] == [
        (80, 10_000, 200_00, "fixed"), (60, 79, 100_00, "fixed"),
    ]  # fmt: skip


def enrolled(day: str) -> dict[str, Any]:
    """A stay of 1,000 from 1 March 2024 on, after an enrolment."""
    encounter = {"care_type": "inpatient", "admission_date": "2024-03-01", "discharge_date": "2024-03-09"}
    lines = [{"category": "surgery", "service_date": "2024-03-02", "amount": "1000"}]
    return {"id": "c1", "person": {"id": "p1", "birth_date": "1980-06-15"}, "encounter": encounter, "lines": lines,
            "facts": {"enrolled_on": day}}  # fmt: skip


def test_what_follows_from_declared_days_cannot_be_changed_either() -> None:
    # 89 days after enrolment, a day short of the 90: 60 % of 1,000
    settlement, found = asked(enrolled("2023-12-03"), "examples/enrolment")
    layer = of(found, "basic")
    assert needs(settlement, layer) == [["days_enrolled >= 90"]]
    assert layer.change == Change(
        (("days_enrolled", (Option(90, 1_000_000),)),), 600_00, {"pooled_fund": 600_00}, "fixed"
    )


def test_a_pair_of_which_neither_does_anything_alone(ages: Callable[..., Settlement]) -> None:
    # 5 points of 1,000 are 50; more than ten years begins with eleven
    found = why_not(ages())
    pair = change(found, "years_enrolled", "referred")
    assert pair.facts == (("years_enrolled", (Option(11, 1_000_000),)), ("referred", (Option(True),)))
    assert pair.gain == 50_00
    alone = [c for c in why_not(ages(referred=True)).changes if c.facts[0][0] == "years_enrolled"]
    assert [(len(c.facts), c.gain) for c in alone] == [(1, 50_00)]


def test_either_of_two_facts_will_do(ages: Callable[..., Settlement]) -> None:
    settlement = ages()
    aid = of(why_not(settlement), "aid")
    assert needs(settlement, aid) == [["subsistence"], ["destitute"]]
    assert aid.change is not None
    assert dict(aid.change.payers) == {"medical_assistance": 250_00}


def test_amounts_and_what_nothing_can_change(ages: Callable[..., Settlement]) -> None:
    found = why_not(ages())
    assert of(found, "large").reach == "amounts"
    assert (of(found, "never").reach, of(found, "never").ways) == ("never", ())


def test_a_number_that_is_reckoned_with_is_not_tried(ages: Callable[..., Settlement]) -> None:
    settlement = ages()
    assert ("claim", "income_rank") not in options_of(settlement.layout.program)
    ranked = of(why_not(settlement), "ranked")
    assert needs(settlement, ranked) == [["income_rank * 2 < 20"]]
    assert ranked.change is None


def test_every_change_is_what_settling_the_changed_claim_comes_to(ages: Callable[..., Settlement]) -> None:
    before, after = ages(), ages(tags=("subsistence",))
    told = change(why_not(before), "subsistence")
    assert told.gain == before.split_minor["patient"] - after.split_minor["patient"]
    assert why_not(before) == why_not(ages())


# -- as text and as JSON --------------------------------------------------------------------------------------


def shown(tmp_path: Path, *options: str) -> list[str]:
    file = tmp_path / "stay.json"
    file.write_text(json.dumps(STAY), encoding="utf-8")
    result = run("settle", RAOHE, file, "--why-not", *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_as_text(tmp_path: Path) -> None:
    lines = shown(tmp_path)
    at = lines.index("  registered poor: 5 points more  [poor_uplift]")
    assert "      needs: registered poor (now no)" in lines[at:]
    assert "      the patient pays less by 105.50: pooled fund +105.50" in lines[at:]
    at = lines.index("room left under the limits")
    # the ceiling of the county is 10,000, 1,477 are used
    assert any("8,523.00" in line for line in lines[at:])
    assert any("of other kinds of claims" in line for line in lines)


def test_as_text_in_chinese(tmp_path: Path) -> None:
    lines = shown(tmp_path, "--lang", "zh")
    assert "      需要：建档立卡贫困人口（现为否）" in lines
    assert "      个人少付 105.50：统筹基金 +105.50" in lines
    assert "各项限额余额" in lines


def test_as_json_everything_is_told(tmp_path: Path) -> None:
    (told,) = json_lines("\n".join(shown(tmp_path, "--json")))
    found = told["why_not"]
    uplift = next(u for u in found["unapplied"] if u["provision"] == "poor_uplift")
    assert (uplift["needs"], uplift["reach"], uplift["inside"]) == ([["registered_poor"]], "open", "")
    assert uplift["change"] == {
        "facts": {"registered_poor": [True]}, "gain": "105.50", "payers": {"pooled_fund": "105.50"}, "reach": "open",
    }  # fmt: skip
    assert {u["provision"] for u in found["unapplied"]} >= {"outpatient", "disease_track"}
    ceiling = next(limit for limit in found["limits"] if limit["provision"] == "county_ceiling")
    assert (ceiling["limit"], ceiling["used_now"], ceiling["left"]) == ("10000.00", "1477.00", "8523.00")
