"""Audits: which claims of one person offend a sentence, by hand; and the same by forward chaining on drawn claims."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policyengine.audits import Case, Watch, audited, case_of, plain, watch_of
from policyengine.cases.forward import find
from policyengine.claim import Claim
from policyengine.errors import RuleError
from tests.conftest import Told

RULES = """ruleset: watched
facts: {death_date: {type: date}}
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}]
provisions: [{id: share, layer: basic, fund_share: 70%, assumed: made up for this example}]
audit:
  charged_twice: {pair: line, same: [name, line_date]}
  split_stay: {pair: claim, when: care_type == 住院, same: hospital_id, within: 1, together_above: 8000元}
  readmitted: {pair: claim, when: care_type == 住院, same: [hospital_id, disease], within: 15}
  waived_but_billed: {each: line, when: category == 挂号费 and registered_poor}
  above_the_limit: {each: line, when: class == 乙 and amount > price_limit}
  after_death: {each: claim, after: death_date}
"""


@cache
def watch() -> Watch:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watched.yaml"
        file.write_text(RULES, encoding="utf-8")
        return watch_of(file)


def line(amount: str, name: str = "blood count", day: str = "", **more: Any) -> dict[str, Any]:
    dated = {"service_date": day} if day else {}
    return {"category": "lab", "catalogue_class": "a", "name": name, "amount": amount, **dated, **more}


def claim(identifier: str, first: str, last: str, *lines: dict[str, Any], person: str = "p-1", **more: Any) -> Claim:
    stay = {"care_type": "inpatient", "admission_date": first, "discharge_date": last, "disease": "other",
            "hospital": {"id": more.pop("hospital", "h-1")}}  # fmt: skip
    tags = more.pop("tags", [])
    return Claim.model_validate(
        {"id": identifier, "person": {"id": person, "tags": tags}, "encounter": stay, "lines": list(lines), **more}
    )


def told(*claims: Claim) -> list[tuple[str, list[str]]]:
    """The findings: rule, and claims with their lines; the same by either way."""
    found = audited(watch(), claims)
    assert audited(watch(), claims, find) == found
    return [
        (one.rule.id.text, [x.claim if x.line is None else f"{x.claim}/{x.line}" for x in one.items]) for one in found
    ]


def test_the_same_service_on_one_day_is_charged_twice_within_a_claim_or_across_claims() -> None:
    first = claim("c-1", "2024-03-01", "2024-03-03", line("30.00", day="2024-03-02"), line("30.00", day="2024-03-02"))
    other_day = claim("c-2", "2024-06-01", "2024-06-03", line("30.00", day="2024-06-02"))
    elsewhere = claim("c-3", "2024-03-02", "2024-03-02", line("25.00", day="2024-03-02"), hospital="h-2")
    assert told(first, other_day, elsewhere) == [
        ("charged_twice", ["c-1/0", "c-1/1"]), ("charged_twice", ["c-1/0", "c-3/0"]),
        ("charged_twice", ["c-1/1", "c-3/0"]),
    ]  # fmt: skip


def test_a_stay_is_split_in_two_around_a_ceiling() -> None:
    """6,000 and 3,000 on the next day: each below 8,000, together above. 5,000 and 3,000 are not above."""
    first = claim("c-1", "2024-03-01", "2024-03-05", line("6000.00", "a"))
    second = claim("c-2", "2024-03-06", "2024-03-09", line("3000.00", "b"))
    assert ("split_stay", ["c-1", "c-2"]) in told(second, first)
    equal = claim("c-1", "2024-03-01", "2024-03-05", line("5000.00", "a"))
    assert "split_stay" not in [rule for rule, _ in told(equal, second)]
    late = claim("c-2", "2024-03-07", "2024-03-09", line("3000.00", "b"))
    assert "split_stay" not in [rule for rule, _ in told(first, late)]
    large = claim("c-1", "2024-03-01", "2024-03-05", line("8000.01", "a"))
    assert "split_stay" not in [rule for rule, _ in told(large, second)]


@pytest.mark.parametrize(("day", "found"), [("2024-03-20", True), ("2024-03-21", False)])
def test_readmission_within_fifteen_days(day: str, found: bool) -> None:
    """Discharged on 5 March: the fifteenth day is the twentieth."""
    first, second = (
        claim("c-1", "2024-03-01", "2024-03-05", line("1.00", "a")),
        claim("c-2", day, day, line("1.00", "b")),
    )
    assert told(first, second) == ([("readmitted", ["c-1", "c-2"])] if found else [])
    other = claim("c-2", day, day, line("1.00", "b"), person="p-2")
    assert told(first, other) == []


def test_what_is_waived_and_billed_what_is_above_its_limit_and_what_comes_after_death() -> None:
    fee = {**line("10.00", "fee"), "category": "registration"}
    drug = {**line("30.01", "drug"), "catalogue_class": "b", "price_limit": "30.00"}
    poor = claim("c-1", "2024-03-01", "2024-03-02", fee, drug, tags=["registered_poor"])
    assert told(poor) == [("waived_but_billed", ["c-1/0"]), ("above_the_limit", ["c-1/1"])]
    last = claim("c-2", "2024-05-01", "2024-05-09", line("5.00", "x"), facts={"death_date": "2024-05-09"})
    after = claim("c-3", "2024-05-10", "2024-05-10", line("5.00", "y"), hospital="h-2")
    assert told(after, last) == [("after_death", ["c-3"])]


def test_what_is_not_stated_agrees_with_nothing() -> None:
    nameless = {key: value for key, value in line("30.00").items() if key != "name"}
    assert told(claim("c-1", "2024-03-01", "2024-03-03", nameless, nameless)) == []


def drawn(rng: random.Random) -> Iterator[Claim]:
    for n in range(rng.randrange(1, 6)):
        first = date(2024, 3, 1) + timedelta(days=rng.randrange(30))
        last = first + timedelta(days=rng.randrange(6))
        lines = [
            {**line(rng.choice(["2000.00", "4000.00", "4000.01", "8000.00", "0.01"]), rng.choice("ab"),
                    str(rng.choice([first, last]))),
             "category": rng.choice(["lab", "registration"]), "catalogue_class": rng.choice("ab"), "price_limit":
             "4000.00"}
            for _ in range(rng.randrange(1, 4))
        ]  # fmt: skip
        more: dict[str, Any] = {"facts": {"death_date": "2024-03-15"}} if rng.random() < 0.2 else {}
        tags = ["registered_poor"] if rng.random() < 0.4 else []
        yield claim(f"c-{n}", str(first), str(last), *lines, hospital=rng.choice(["h-1", "h-2"]), tags=tags, **more)


def differ(persons: int, seed: int) -> tuple[int, set[str]]:
    """How many of so many persons are found otherwise by forward chaining, and the rules that were offended."""
    rng, wrong, rules = random.Random(seed), 0, set[str]()
    for _ in range(persons):
        case: Case = case_of(watch(), list(drawn(rng)))
        found = plain(case)
        wrong += find(case) != found
        rules |= {rule for rule, _ in found}
    return wrong, rules


def test_three_hundred_persons_are_found_the_same_by_either_way() -> None:
    wrong, rules = differ(300, 5)
    assert wrong == 0
    assert len(rules) == 6, "every rule is offended by somebody"


@pytest.mark.agree
def test_ten_thousand_persons_are_found_the_same_by_either_way(told: Told) -> None:
    assert differ(10_000, 6)[0] == 0
    told("audits, plain against durable_rules", "10,000 persons", "no difference")


def test_two_of_a_pair_agree_in_a_fact_that_the_rule_file_declares(tmp_path: Path) -> None:
    rules = RULES.replace("{type: date}}", "{type: date}, ward: {type: id}}").replace(
        "  charged_twice: {pair: line, same: [name, line_date]}", "  same_ward: {pair: claim, same: ward, within: 5}"
    )
    (tmp_path / "ruleset.yaml").write_text(rules, encoding="utf-8")
    wards = {1: "north", 3: "south", 5: "north"}
    stays = [
        claim(
            f"c-{day}", f"2024-03-0{day}", f"2024-03-0{day}", line("30.00"), facts={"ward": ward}, hospital=f"h-{day}"
        )
        for day, ward in wards.items()
    ]
    found = audited(watch_of(str(tmp_path / "ruleset.yaml")), stays)
    assert [(one.rule.id.text, [x.claim for x in one.items]) for one in found] == [("same_ward", ["c-1", "c-5"])]


def test_the_rules_of_qujing_name_the_sentence() -> None:
    first = claim("c-1", "2024-03-01", "2024-03-03", line("30.00"), line("30.00"))
    (one,) = audited(watch_of("cn/yunnan/qujing"), [first])
    assert one.rule.cites[0].quote == "对全市各类医疗机构过度检查、过度治疗、重复收费等进行专项整治"


def test_a_rule_set_without_the_section_is_refused() -> None:
    with pytest.raises(RuleError, match="E915"):
        watch_of("cn/shanxi/136")
