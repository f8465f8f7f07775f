"""Rule sets of a few lines in a folder of their own, to be held against each other."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from policyengine.difference import Side, side_of

TOWN = """\
ruleset: town
sources:
  notice: {title: made up for this test, grade: I}
parts: [own_expense, in_scope]
parameters:
  top: 8000元
tables:
  base:
    keys: [tier]
    columns: [share]
    rows:
      - [县级, 75%]
      - [市级|省级, 50%]
    gaps: made up for this test
    cite: notice
meters:
  paid: {counts: basic.paid, in: calendar_year}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: notice}
  - {id: second, payer: medical_assistance, on: in_scope, when: registered_poor}
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: {notice: class c is excluded}}
  - {id: start, layer: basic, deductible: 100元, cite: notice}
  - {id: share, layer: basic, fund_share: base.share}
  - {id: ceiling, layer: basic, ceiling: top, meter: paid}
  - {id: help, layer: second, fund_share: 50%}
"""


def side(text: str, name: str = "town", *others: tuple[str, str], day: str = "") -> Side:
    """The rule set ``name`` of a file with this text; ``others``: names and texts of files beside it."""
    with TemporaryDirectory() as folder:
        for called, said in ((name, text), *others):
            file = Path(folder) / called / "ruleset.yaml"
            file.parent.mkdir(parents=True)
            file.write_text(said, encoding="utf-8")
        return side_of(name + (f"@{day}" if day else ""), folder)


def changed(*pairs: tuple[str, str], text: str = TOWN) -> Side:
    """The town with words put in the place of others, each of which stands there."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return side(text)
