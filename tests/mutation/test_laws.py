"""Laws kill what no case does: those beside a rule file, and those that every rule set keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.errors import RuleError
from policyengine.mutation import tally
from policyengine.rulebook import locate
from tests.cli.runner import run
from tests.mutation.test_mutants import CASES, RULES, by_change

POOR = "  - {id: of_the_poor, adjust: share, when: destitute, add: 10pp, assumed: made up for this example}\n"
LAW = """\
laws:
  - id: four_fifths_for_the_poor
    name: {zh: 特困人员至少报销八成, en: the destitute are paid four fifths above the threshold}
    for_all: destitute and bill > 500元
    holds: pooled_fund >= 80% * (bill - 500元)
    tolerance: 0.01元
    assumed: made up for this example
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A rule set whose one case is of nobody who is poor, and a law about the poor."""
    for folder in ("cases", "laws"):
        (tmp_path / "tiny" / folder).mkdir(parents=True)
    (tmp_path / "tiny" / "ruleset.yaml").write_text(RULES + POOR, encoding="utf-8")
    (tmp_path / "tiny" / "cases" / "tiny.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "tiny" / "laws" / "tiny.yaml").write_text(LAW, encoding="utf-8")
    return tmp_path


def test_a_law_beside_the_file_kills_what_no_case_does(root: Path) -> None:
    """70 % and 10 points are 80 %; what gives the destitute less breaks the law."""
    found = by_change(tally(locate("tiny", root), None))
    law = "law: four_fifths_for_the_poor"
    assert {key[1]: verdict.by for key, verdict in found.items() if key[0] == "provision of_the_poor"} == {
        "dropped": law,  # 70 %
        "9pp": law,  # 79 %
        "scale: 110%": law,  # 70 % × 1.1 = 77 %
        "low_income": law,  # 70 %
        "when: not destitute": "thousand",  # 80 % for all others
        "always": "thousand",  # 80 % for all: (1,000 − 500) × 80 % = 400
        "field": "E340",  # an adjustment that adjusts nothing
    }


def test_without_the_law_they_survive(root: Path) -> None:
    (root / "tiny" / "laws" / "tiny.yaml").unlink()
    found = by_change(tally(locate("tiny", root), None))
    assert [key[1] for key, v in found.items() if key[0] == "provision of_the_poor" and v.result == "survived"] == [
        "dropped", "low_income", "9pp", "scale: 110%",
    ]  # fmt: skip


def test_a_law_of_all_rule_sets_kills_without_any_case(root: Path) -> None:
    """Of two branches exchanged the destitute get the lower share: a tag of the poor makes them worse off."""
    for file in ("cases/tiny.yaml", "laws/tiny.yaml"):
        (root / "tiny" / file).unlink()
    rules = RULES.replace("fund_share: 70%", "fund_share: 80% if destitute else 70%")
    (root / "tiny" / "ruleset.yaml").write_text(rules, encoding="utf-8")
    found = by_change(tally(locate("tiny", root), None))
    assert found["provision share", "70% if destitute else 80%"].by == "law: tag_of_poor"


def test_a_file_that_breaks_its_law_is_refused(root: Path) -> None:
    (root / "tiny" / "laws" / "tiny.yaml").write_text(LAW.replace("80% *", "81% *"), encoding="utf-8")
    with pytest.raises(RuleError, match="four_fifths_for_the_poor") as raised:
        tally(locate("tiny", root), None)
    (found,) = raised.value.diagnostics
    assert (found.code, found.span.line if found.span else 0) == ("E677", 2)


def test_the_same_law_kills_again(root: Path) -> None:
    one, two = (tally(locate("tiny", root), None) for _ in range(2))
    assert [v.by for v in one.verdicts] == [v.by for v in two.verdicts]


def test_on_the_command_line(root: Path) -> None:
    shown = run("mutate", "tiny", "--rulesets", str(root), "--lives", "20", "--brief", "--killed").stdout
    assert "tiny: 10 of 13 mutants killed by 1 case and 1 law (76.9 %), 3 survived" in shown
    assert "  4 of them by the law four_fifths_for_the_poor, and by no case" in shown
    assert "`add: 10pp` → `scale: 110%` (law: four_fifths_for_the_poor)" in shown
    chinese = run("mutate", "tiny", "--rulesets", str(root), "--lives", "20", "--brief", "--lang", "zh").stdout
    assert "tiny：13 处改动中 1 个案例和 1 条校验规则发现 10 处（76.9 %），3 处未被发现" in chinese
