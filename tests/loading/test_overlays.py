"""Overlays: what they change, on top of what, and which mistakes are told where."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from policyengine import Claim, RuleError, load, settle
from policyengine.cli import main
from tests.simulate.town import RULES

DEARER = "ruleset: dearer\nprovisions:\n  - {id: start, replaces: start, layer: basic, deductible: 200元}\n"
HIGHER = "ruleset: higher\nprovisions:\n  - {id: top, replaces: top, layer: basic, ceiling: 1500元, meter: paid}\n"
EXTENDING = DEARER.replace("provisions", "extends: town\nprovisions", 1)


def written(folder: Path, **files: str) -> Path:
    (folder / "town").mkdir(exist_ok=True)
    (folder / "town" / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def claim(amount: str) -> Claim:
    return Claim.model_validate({
        "id": "a", "person": {"id": "p"},
        "encounter": {"care_type": "inpatient", "discharge_date": "2020-02-01", "hospital": {"tier": "county"}},
        "lines": [{"category": "western_drug", "amount": amount}],
    })  # fmt: skip


def paid(name: str, amount: str = "1100.00", **said: object) -> str:
    return str(settle(load(name, **said), claim(amount)).split["pooled_fund"])  # type: ignore[arg-type]


def refusal(name: str) -> str:
    with pytest.raises(RuleError) as caught:
        load(name)
    [found] = caught.value.diagnostics
    return f"{found.span or ''} {found.code} {found.message}".strip()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, dearer=DEARER, higher=HIGHER)


def test_what_an_overlay_changes_by_hand() -> None:
    """60 % of 1,100 less the deductible; of 3,000 the ceiling leaves 1,000, or 1,500."""
    assert paid("town") == "600.00"
    assert paid("town+dearer.yaml") == "540.00"
    assert paid("town", overlays="dearer.yaml") == "540.00"
    assert paid("town+dearer.yaml", "3000.00") == "1000.00"
    assert paid("town+dearer.yaml+higher.yaml", "3000.00") == "1500.00"
    assert paid("town+dearer.yaml", "3000.00", overlays=["higher.yaml"]) == "1500.00"


def test_it_is_what_a_file_that_extends_would_be(folder: Path) -> None:
    written(folder / "town", extending=EXTENDING)
    (folder / "dearer").mkdir()
    (folder / "dearer" / "ruleset.yaml").write_text(EXTENDING, encoding="utf-8")
    overlaid, extended = load("town+dearer.yaml"), load("dearer")
    assert overlaid.name == extended.name == "dearer"
    assert [p.steps for p in overlaid.programs] == [p.steps for p in extended.programs]


def test_an_overlay_that_was_written_anew_is_read_anew(folder: Path) -> None:
    assert paid("town+dearer.yaml") == "540.00"
    written(folder, dearer=DEARER.replace("200元", "300元"))
    assert paid("town+dearer.yaml") == "480.00"
    assert paid("town+dearer.yaml") == "480.00", "out of the cache"
    assert load("town+dearer.yaml").digest != load("town").digest


def test_the_head_is_that_of_the_rule_set_where_the_overlay_is_silent(folder: Path) -> None:
    head = "ruleset: town\ncurrency: DKK\nstatus: draft\nplace: '140100'"
    text = RULES.replace("ruleset: town", head).replace("元", "kr")
    (folder / "town" / "ruleset.yaml").write_text(text, encoding="utf-8")
    (folder / "dkk.yaml").write_text(DEARER.replace("元", "kr"), encoding="utf-8")
    found = load("town+dkk.yaml")
    assert (found.programs[0].currency, found.status, found.place) == ("DKK", "draft", "140100")


@pytest.mark.parametrize(("text", "said"), [
    (DEARER.replace("replaces: start", "replaces: strat"), "x.yaml:3:27 E326 there is no provision `strat`"),
    (DEARER.replace("replaces: start, ", ""), "x.yaml:3:10 E325 the provision `start` is already defined"),
    (EXTENDING, "x.yaml:2:10 E841 an overlay states no `extends`: it is put on top of a rule set"),
    (RULES, "x.yaml:2:8 E841 an overlay states no `parts`: it is put on top of a rule set"),
    (DEARER.replace("200元", "100元"),
     "x.yaml:1:1 E842 the overlay `dearer` changes nothing: every claim would be settled as without it"),
    ("ruleset: no\n", "x.yaml:1:1 E842 the overlay `no` changes nothing: every claim would be settled as without it"),
])  # fmt: skip
def test_mistakes_are_told_with_their_place(text: str, said: str, folder: Path) -> None:
    written(folder, x=text)
    assert refusal("town+x.yaml") == said


def test_of_several_overlays_the_one_that_changes_nothing_is_named(folder: Path) -> None:
    written(folder, again=DEARER.replace("dearer", "again"))
    assert refusal("town+dearer.yaml+again.yaml").startswith("again.yaml:1:1 E842 the overlay `again`")
    assert refusal("town+nowhere.yaml") == "E841 there is no overlay `nowhere.yaml`"
    assert refusal("city+dearer.yaml") == "E601 there is no rule set `city`"


def test_commands_take_it_wherever_a_rule_set_is_named() -> None:
    run = CliRunner()
    assert "start" in run.invoke(main, ["diff", "town", "town+dearer.yaml"]).output
    assert "200元" in run.invoke(main, ["show", "town+dearer.yaml"]).output
    assert "200元" in run.invoke(main, ["sweep", "town+dearer.yaml", "--levers"]).output
