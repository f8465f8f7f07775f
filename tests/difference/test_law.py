"""What changed in the law: by what the files say, not by their text. The differences are read off the edits."""

from __future__ import annotations

import pytest

from policyengine.difference import Change, law_changes, side_of
from policyengine.errors import RuleError
from policyengine.report.statements import value_text
from tests.difference.towns import TOWN, changed, side

SAID = tuple[str, str | None, str | None]


def found(*edits: tuple[str, str]) -> tuple[Change, ...]:
    return law_changes(side(TOWN), changed(*edits))


def fields(change: Change) -> list[SAID]:
    return [(f.name, f.old and value_text(f.old), f.new and value_text(f.new)) for f in change.fields]


def test_a_file_and_itself() -> None:
    assert found() == ()


def test_a_parameter() -> None:
    [change] = found(("top: 8000元", "top: 10000元"))
    assert (change.kind, change.entry.section, change.entry.id) == ("changed", "parameters", "top")
    assert fields(change) == [("value", "8000元", "10000元")]


def test_a_cell_of_a_table_is_told_with_its_keys_and_in_its_unit() -> None:
    [change] = found(("[县级, 75%]", "[县级, 80%]"))
    assert fields(change) == [("share", "75%", "80%")]
    assert change.fields[0].row == (("tier", "县级"),)
    assert [cite.source for cite in change.entry.cites] == ["notice"]


def test_rows_that_are_cut_otherwise_say_the_same() -> None:
    assert found(("- [市级|省级, 50%]", "- [province, 50%]\n      - [city, 50%]")) == ()


def test_a_row_that_is_cut_otherwise_and_says_otherwise() -> None:
    [change] = found(("- [市级|省级, 50%]", "- [省级, 45%]\n      - [市级, 50%]"))
    assert [(f.name, f.row) for f in change.fields] == [("share", (("tier", "province"),))]


def test_a_row_that_goes() -> None:
    [change] = found(("      - [市级|省级, 50%]\n", ""))
    assert fields(change) == [("share", "50%", None)]
    assert change.fields[0].row == (("tier", "市级|省级"),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class == 丙", "丙 == catalogue_class"),
        ("classify: class == 丙", "classify: 'class in [丙]'"),
        ("deductible: 100元", "deductible: 100.00元"),
        ("fund_share: 50%", "fund_share: 50.0%"),
    ],
)
def test_the_same_in_other_words(old: str, new: str) -> None:
    assert found((old, new)) == ()


def test_ids_that_are_renamed_with_all_that_names_them() -> None:
    edits = (("basic", "main"), ("paid", "used_up"), ("main.used_up", "main.paid"), ("{id: start", "{id: entry"),
             ("top", "highest"))  # fmt: skip
    changes = found(*edits)
    assert {change.kind for change in changes} == {"renamed"}
    pairs = {(c.old.id, c.new.id) for c in changes if c.old and c.new}
    assert pairs == {("basic", "main"), ("paid", "used_up"), ("start", "entry"), ("top", "highest")}
    assert not any(change.matters for change in changes)


def test_a_new_figure_under_a_new_id_is_one_change() -> None:
    [change] = found(("{id: start, layer: basic, deductible: 100元", "{id: entry, layer: basic, deductible: 200元"))
    assert (change.kind, change.old and change.old.id, change.new and change.new.id) == ("changed", "start", "entry")
    assert fields(change) == [("deductible", "100元", "200元")]


def test_layers_in_another_order() -> None:
    basic = "  - {id: basic, payer: pooled_fund, on: in_scope, cite: notice}\n"
    second = "  - {id: second, payer: medical_assistance, on: in_scope, when: registered_poor}\n"
    [change] = found((basic + second, second + basic))
    assert (change.kind, change.entry.id, change.behind) == ("moved", "basic", ("", "second"))


def test_a_clause_in_another_place_of_its_layer() -> None:
    share = "  - {id: share, layer: basic, fund_share: base.share}\n"
    ceiling = "  - {id: ceiling, layer: basic, ceiling: top, meter: paid}\n"
    assert [(c.kind, c.behind) for c in found((share + ceiling, ceiling + share))] == [("moved", ("start", "ceiling"))]


def test_clauses_of_different_layers_have_no_order() -> None:
    help_ = "  - {id: help, layer: second, fund_share: 50%}\n"
    outside = "  - {id: outside"
    assert found((help_, ""), (outside, help_ + outside)) == ()


def test_what_came_and_what_went() -> None:
    gone = "  - {id: ceiling, layer: basic, ceiling: top, meter: paid}\n"
    came = "  - {id: cap, layer: second, own_cost_cap: 500元}\n"
    assert [(c.kind, c.entry.id) for c in found((gone, came))] == [("added", "cap"), ("dropped", "ceiling")]


def test_words_and_sources_alone() -> None:
    [change] = found(("{notice: class c is excluded}", "{notice: out of the catalogue}"))
    assert (change.kind, change.matters) == ("reworded", False)


def test_what_a_child_replaces_is_a_change_of_it() -> None:
    child = """\
ruleset: village
extends: town
provisions:
  - {id: lower_start, replaces: start, layer: basic, deductible: 50元}
"""
    [change] = law_changes(side(TOWN), side(child, "village", ("town", TOWN)))
    assert change.old is not None
    assert (change.kind, change.old.id, change.entry.id) == ("changed", "start", "lower_start")
    assert fields(change) == [("deductible", "100元", "50元")]


def test_one_rule_set_on_two_days() -> None:
    """乡镇门诊补偿和县级住院补偿封顶线分别由500元、8000元提高到700元、10000元."""
    name = "cn/heilongjiang/shuangyashan/raohe"
    changes = law_changes(side_of(f"{name}@2015-06-01"), side_of(f"{name}@2016-06-01"))
    [ceiling] = [c for c in changes if c.entry.id == "inpatient_ceiling_county"]
    assert fields(ceiling) == [("value", "8000元", "10000元")]
    assert ceiling.entry.cites[0].source == "speech"


def test_dated_values_are_compared_day_by_day() -> None:
    dated = "top:\n    values:\n      - {value: 8000元, to: 2018-01-01}\n      - {value: 9000元, from: 2018-01-01}"
    [change] = found(("top: 8000元", dated))
    assert fields(change) == [("value", "8000元", "9000元")]
    assert str(change.fields[0].valid[0]) == "2018-01-01"


@pytest.mark.parametrize(("name", "code"), [("cn/shanxi/136@2018", "E810"), ("cn/shanxi/136@2016-01-01", "E811")])
def test_days_that_are_none(name: str, code: str) -> None:
    with pytest.raises(RuleError) as error:
        side_of(name)
    assert error.value.diagnostics[0].code == code
