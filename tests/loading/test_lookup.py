"""Rules found by place, scheme and day; the codes of places are those of the standard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import gb2260  # type: ignore[import-untyped]
import pytest

from policyengine import RuleError, find, load
from policyengine.lookup import enclosing
from policyengine.rulebook import bundled_names
from tests.cli.runner import run

MAY_2016 = date(2016, 5, 3)
KINDS = ("白族自治州", "壮族自治区", "自治区", "省", "市", "县", "区")
RAOHE = "cn/heilongjiang/shuangyashan/raohe"


def names(place: str, on: date, facts: dict[str, str] | None = None, path: object = ()) -> list[str]:
    return [found.name for found in find(place, on, facts, path)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [n for n in bundled_names() if n.startswith(("cn/", "world/"))])
def test_the_place_is_the_one_in_the_title(name: str) -> None:
    """大理白族自治州 is called 大理州 by everybody: what kind of place it is need not stand in the title."""
    book = load(name)
    assert book.place, f"{name} says of no place whose rules it holds"
    if name.startswith("cn/") and book.place != "CN":
        division = gb2260.get(int(book.place)).name
        assert division.removesuffix(next(s for s in KINDS if division.endswith(s))) in book.title["zh"], division


def test_a_county_has_its_own_rules() -> None:
    assert RAOHE in names("230524", MAY_2016)
    assert all(found.place == "230524" for found in find("230524", MAY_2016))


def test_a_county_without_rules_has_those_of_its_city() -> None:
    """230506 is 宝山区 of 双鸭山."""
    assert "cn/heilongjiang/shuangyashan" in names("230506", MAY_2016)


def test_nothing_is_found_outside_the_period_or_the_cover() -> None:
    assert names("230524", date(2010, 1, 1)) == []
    assert "cn/shanxi/136" in names("140000", date(2018, 3, 9), {"scheme": "resident"})
    assert "cn/shanxi/136" in names("140000", date(2018, 3, 9), {"scheme": "城乡居民"})
    assert "cn/shanxi/136" not in names("140000", date(2018, 3, 9), {"scheme": "employee"})
    assert "cn/shanxi/136" not in names("140000", date(2023, 3, 9), {"scheme": "resident"})


def test_a_word_of_the_name_or_the_title_finds_as_well() -> None:
    assert names("饶河", MAY_2016) == names("Raohe", MAY_2016) == names("230524", MAY_2016)


def test_what_need_not_be_loaded_is_nothing_that_is_sought(monkeypatch: pytest.MonkeyPatch) -> None:
    sought = [*sorted({load(name).place for name in bundled_names()} - {""}), "县", "Raohe", "plan", "230506"]
    found = [names(place, MAY_2016) for place in sought]
    monkeypatch.setattr("policyengine.lookup._may_be_of", lambda known, place: True)
    assert found == [names(place, MAY_2016) for place in sought]


@pytest.mark.parametrize(
    "stated", ["place: '230524'", "place:\n  '230524'", 'place: "2305\\u0032\\u0034"', '"place": "230524"']
)
def test_a_place_is_found_however_it_is_written(stated: str, tmp_path: Path) -> None:
    file = tmp_path / "mine" / "ruleset.yaml"
    file.parent.mkdir()
    file.write_text(f"ruleset: mine\n{stated}\nextends: cn/heilongjiang/shuangyashan/raohe\n", encoding="utf-8")
    assert "mine" in names("230524", MAY_2016, path=(tmp_path,))


def test_runs_are_told_apart() -> None:
    assert {found.name: found.run for found in find("230524", MAY_2016)}[f"{RAOHE}/second_compensation"]


def test_larger_places() -> None:
    assert enclosing("230524") == ("230524", "230500", "230000", "CN")
    assert enclosing("230000") == ("230000", "CN")
    assert enclosing("US-NY") == ("US-NY", "US")


def test_rule_sets_of_ones_own_are_found(tmp_path: Path) -> None:
    mine = tmp_path / "my" / "county"
    mine.mkdir(parents=True)
    text = "ruleset: my/county\ntitle: 我县\nplace: '230524'\nextends: cn/heilongjiang/shuangyashan/raohe\n"
    (mine / "ruleset.yaml").write_text(text, encoding="utf-8")
    assert "my/county" in names("230524", MAY_2016, path=tmp_path)


@pytest.mark.parametrize(
    ("facts", "message"),
    [({"shceme": "resident"}, "claims are not sought by `shceme`"), ({"scheme": "x"}, "`x` is not a code of `scheme`")],
)
def test_what_is_no_fact_or_no_code_is_told(facts: dict[str, str], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        find("230524", MAY_2016, facts)


def test_the_command_says_when_there_is_nothing() -> None:
    done = run("find", "230524", "--on", "2010-01-01")
    assert (done.exit_code, done.stdout) == (1, "no rule set is in force for 230524 on 2010-01-01\n")
