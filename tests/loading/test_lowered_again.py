"""A rule set with other numbers: only the periods in which one differs are lowered again."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Rulebook, load
from policyengine.assemble import flattened, lowered_again, parsed
from policyengine.rulebook import locate
from policyengine.ruleset import Ruleset

RULES = """\
ruleset: town
valid: {from: 2018-01-01}
parts: [in_scope]
parameters:
  most:
    - {value: 800元, to: 2019-01-01}
    - {value: 900元, from: 2019-01-01}
tables:
  shares:
    - {valid: {to: 2019-01-01}, keys: [tier], columns: [share], rows: [[县级, 70%], [市级, 50%]], gaps: no others}
    - {valid: {from: 2019-01-01}, keys: [tier], columns: [share], rows: [[县级, 75%], [市级, 55%]], gaps: no others}
layers: [{id: basic, payer: pooled_fund, on: in_scope}]
provisions:
  - {id: start, layer: basic, deductible: 100元, valid: {to: 2019-01-01}}
  - {id: begin, layer: basic, deductible: 200元, valid: {from: 2019-01-01}}
  - {id: share, layer: basic, fund_share: shares.share}
  - {id: top, layer: basic, ceiling: most}
"""


def written(folder: Path, text: str) -> tuple[Ruleset, Rulebook]:
    file = folder / "town" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return flattened(parsed(locate("town", folder))), load("town", folder)


@pytest.mark.parametrize(
    ("number", "other", "periods"),
    [
        ("100元", "150元", {0}), ("200元", "250元", {1}), ("800元", "850元", {0}), ("900元", "950元", {1}),
        ("70%", "71%", {0}), ("55%", "56%", {1}),
    ],
)  # fmt: skip
def test_the_periods_of_a_number(tmp_path: Path, number: str, other: str, periods: set[int]) -> None:
    before, book = written(tmp_path, RULES)
    after, wanted = written(tmp_path, RULES.replace(number, other))
    again = lowered_again(after, before, book.programs)
    assert {at for at, (one, two) in enumerate(zip(again, book.programs, strict=True)) if one is not two} == periods
    assert [one.steps for one in again] == [two.steps for two in wanted.programs]
