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


def test_nothing_is_counted_unless_asked() -> None:
    assert simulate_claims(book(), table(), columns=COLUMNS).baseline.hits == {}
