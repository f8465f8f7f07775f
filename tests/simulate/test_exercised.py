"""What of a rule set a book of claims exercises, counted by hand."""

from __future__ import annotations

from pathlib import Path

from policyengine import load
from policyengine.simulate import Question, simulate_claims
from tests.simulate.town import COLUMNS, book, files, table

POOR = """\
ruleset: poor
extends: town
provisions:
  - {id: start_poor, adjust: start, when: registered_poor, set: 0元}
  - {id: start_rich, adjust: start, when: subsistence and not registered_poor, set: 0元}
"""


def test_rows_and_provisions_by_hand(tmp_path: Path) -> None:
    """Of the claims that are settled a, b, d and f are of county hospitals, c of a city's; a, b and d are of the poor,
    none of somebody with an allowance."""
    files(tmp_path)
    (tmp_path / "poor").mkdir()
    (tmp_path / "poor" / "ruleset.yaml").write_text(POOR, encoding="utf-8")
    found = simulate_claims(
        load(tmp_path / "poor" / "ruleset.yaml"), table(), Question(exercised=True), columns=COLUMNS
    ).baseline.hits
    assert found["", "table", "base"] == [4, 1]
    assert found["", "adjust", "start_poor"] == [3]
    assert found["", "adjust", "start_rich"] == [0], "never exercised"


LINES = """\
ruleset: lines
parts: [own_expense, in_scope]
layers:
  - {id: items, payer: pooled_fund, on: in_scope, when: category == western_drug, per: row}
  - {id: rest, payer: critical_illness, on: in_scope}
provisions:
  - {id: outside, classify: category == bed, to: own_expense}
  - {id: cheap, layer: items, set_aside: 10元, when: amount > 100元}
  - {id: half, layer: items, fund_share: 50%}
  - {id: tenth, layer: rest, fund_share: 10%}
"""


def test_what_applies_to_fee_lines_is_counted_by_line(tmp_path: Path) -> None:
    """All claims but g, whose data are bad, and h, which waits for it, have one line, of a drug; all but d are of more
    than 100元."""
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "ruleset.yaml").write_text(LINES, encoding="utf-8")
    book = load(tmp_path / "lines" / "ruleset.yaml")
    found = simulate_claims(book, table(), Question(exercised=True), columns=COLUMNS).baseline
    assert found.hits["", "layer", "items"] == [6]
    assert found.hits["", "set_aside", "cheap"] == [5]


def test_nothing_is_counted_unless_asked() -> None:
    assert simulate_claims(book(), table(), columns=COLUMNS).baseline.hits == {}
