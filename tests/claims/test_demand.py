"""A fact is asked for where the rules read it for this claim, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from policyengine import Claim, ClaimError, Rulebook, load, settle
from policyengine.generate import claims, draw_parameters

HEAD = """\
ruleset: plan
facts:
  packs: {type: count, of: row}
  bed_kind: {type: code, values: {single: 单人间, shared: 多人间}}
parts: [over_limit, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
"""
SHARE = "  - {id: share, layer: basic, fund_share: 70%}\n"


def plan(folder: Path, *provisions: str, head: str = HEAD) -> Rulebook:
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    listed = "".join(f"  - {{{one}}}\n" for one in provisions)
    file.write_text(head + "provisions:\n" + listed + SHARE, encoding="utf-8")
    return load(file)


def claim(*lines: dict[str, Any], **encounter: Any) -> Claim:
    stay = {"care_type": "inpatient", "discharge_date": "2024-03-09"} | encounter
    listed = [{"category": "western_drug", "amount": "100.00"} | line for line in lines or ({},)]
    return Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": stay, "lines": listed})


def asked(book: Rulebook, given: Claim, history: Any = None) -> list[str]:
    """The fields that the refusal names; none for a claim that is settled."""
    try:
        settle(book, given, history)
    except ClaimError as error:
        return [d.field for d in error.diagnostics if d.code == "E530"]
    return []


LIMIT = "id: limit, classify: class == 乙, take: left - price_limit, to: over_limit"


def test_a_price_limit_is_asked_of_the_lines_that_are_held_against_it(tmp_path: Path) -> None:
    book = plan(tmp_path, LIMIT)
    assert asked(book, claim({"catalogue_class": "a"}, {"catalogue_class": "c"})) == []
    assert asked(book, claim({"catalogue_class": "a"}, {"catalogue_class": "b"})) == ["lines[1].price_limit"]


def test_what_is_not_asked_for_changes_nothing(tmp_path: Path) -> None:
    """70 % of 100 and of the 60 that count: 112."""
    book = plan(tmp_path, LIMIT)
    settled = settle(book, claim({"catalogue_class": "a"}, {"catalogue_class": "b", "price_limit": "60.00"}))
    assert str(settled.split["pooled_fund"]) == "112.00"


def test_where_a_condition_is_open_its_fact_is_asked_for_first(tmp_path: Path) -> None:
    assert asked(plan(tmp_path, LIMIT), claim({})) == ["lines[0].catalogue_class"]


def test_one_fact_that_does_not_hold_decides_wherever_it_stands(tmp_path: Path) -> None:
    """The unstated fact stands before the one that decides."""
    book = plan(tmp_path, "id: more, adjust: share, when: bed_kind == 单人间 and care_type == 门诊, add: 5pp")
    assert asked(book, claim()) == []
    assert asked(book, claim(care_type="outpatient")) == ["facts.bed_kind"]


def test_either_of_two_is_decided_by_one_that_holds(tmp_path: Path) -> None:
    book = plan(tmp_path, "id: more, adjust: share, when: care_type == 住院 or bed_kind == 单人间, add: 5pp")
    assert asked(book, claim()) == []
    assert asked(book, claim(care_type="outpatient")) == ["facts.bed_kind"]


def test_nights_are_not_asked_of_a_layer_that_is_off(tmp_path: Path) -> None:
    head = HEAD.replace("on: in_scope}", "on: in_scope, when: care_type == 住院}")
    book = plan(tmp_path, "id: bed, layer: basic, set_aside: 10元 * days_of_stay", head=head)
    assert asked(book, claim(care_type="emergency")) == []
    assert asked(book, claim()) == ["encounter"]


def test_a_fact_behind_a_history_is_asked_for(tmp_path: Path) -> None:
    head = HEAD + "meters:\n  visits: {counts: 1, in: calendar_year}\n"
    book = plan(
        tmp_path, "id: more, adjust: share, when: used(visits) >= 1 and bed_kind == 单人间, add: 5pp", head=head
    )
    assert asked(book, claim()) == ["facts.bed_kind"]


def test_a_sum_asks_the_lines_that_it_counts(tmp_path: Path) -> None:
    book = plan(tmp_path, 'id: copay, layer: basic, set_aside: "1元 * sum(packs where category == 西药费)"')
    bed = {"category": "bed"}
    assert asked(book, claim({"facts": {"packs": 3}}, bed)) == []
    assert asked(book, claim(bed, {})) == ["lines[1].facts.packs"]


def test_a_cell_of_a_table_can_close_a_branch(tmp_path: Path) -> None:
    head = HEAD + (
        "tables:\n  kinds: {keys: [care_type], columns: [beds], "
        "rows: [[住院, 2], [门诊|门诊慢特病|急诊|生育住院, 0]]}\n"
    )
    book = plan(tmp_path, "id: more, adjust: share, when: kinds.beds >= 1 and bed_kind == 单人间, add: 5pp", head=head)
    assert asked(book, claim(care_type="outpatient")) == []
    assert asked(book, claim()) == ["facts.bed_kind"]


def test_what_is_wrong_is_told_with_all_that_is_missing(tmp_path: Path) -> None:
    book = plan(tmp_path, LIMIT)
    wrong = claim({"catalogue_class": "a", "facts": {"pakcs": 3}})
    with pytest.raises(ClaimError) as caught:
        settle(book, wrong)
    assert sorted(d.code for d in caught.value.diagnostics) == ["E530", "E532"]


def without(data: Any) -> Any:
    """Every way to leave one thing out of a claim, as far as it is about facts."""
    for at in ("encounter", "person", "facts"):
        for key in data.get(at, {}):
            yield {**data, at: {k: v for k, v in data[at].items() if k != key}}
    for index, line in enumerate(data["lines"]):
        for key in line:
            fewer = {k: v for k, v in line.items() if k != key}
            yield {**data, "lines": [*data["lines"][:index], fewer, *data["lines"][index + 1 :]]}


@pytest.mark.parametrize(
    "name",
    [
        "cn/heilongjiang/shuangyashan/raohe", "cn/shanxi/136", "cn/shaanxi/yanan", "examples/primitives/classify",
    ],
)  # fmt: skip
def test_a_claim_that_is_taken_without_a_required_fact_settles_as_with_it(name: str) -> None:
    """Whatever a generated claim is left without: it is refused, or its silence has a meaning, or nothing changes."""
    book, taken = load(name), 0
    parameters = draw_parameters(book.programs[0], Random(1))
    meant = MEANT | {d.name for program in book.programs for d in program.inputs if d.default is not None}
    for whole in claims(book, seed=7, count=12):
        data = json.loads(whole.model_dump_json(exclude_unset=True))
        expected = settled(book, data, parameters)
        for fewer in without(data) if expected is not None else ():
            found = settled(book, fewer, parameters)
            if found is not None and _left_out(data, fewer) not in meant:
                assert found == expected, _left_out(data, fewer)
                taken += 1
    assert taken


MEANT = {"tags", "referred", "certificate_shown", "amount", "quantity", "disease", "id", "facts"}
"""Fields whose silence says something, and those that are no facts."""


def _left_out(data: Any, fewer: Any) -> str:
    pairs = [(data.get(at, {}), fewer.get(at, {})) for at in ("encounter", "person", "facts")]
    pairs += list(zip(data["lines"], fewer["lines"], strict=True))
    (gone,) = {key for one, other in pairs for key in one if key not in other}
    return str(gone)


def settled(book: Rulebook, data: Any, parameters: Any) -> Any:
    """The split and the reasons, or nothing for a claim that is refused."""
    try:
        done = settle(book, Claim.model_validate(data), parameters=parameters)
    except (ClaimError, ValueError):
        return None
    return dict(done.split), dict(done.patient)
