"""Run files and rows for tests: written into a folder, loaded, settled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policyengine import ClaimError, Diagnostic, Rulebook, RunResult, RunRow, load, settle_run

YEAR = """\
ruleset: year
run: {each: member, over: calendar_year, after: year_end}
rows: {of: given, bill: own, fields: {own: {type: money}}}
parameters: {second_share: {type: rate, low: 5%, high: 10%}}
parts: [in_scope]
layers: [{id: second, payer: pooled_fund, on: in_scope, when: registered_poor}]
provisions:
  - {id: share, layer: second, fund_share: second_share}
  - {id: most, layer: second, ceiling: 100元}
"""
"""8 % of what the registered poor bore in a year, at most 100."""


def book(folder: Path, text: str = YEAR) -> Rulebook:
    """The rule set of that text."""
    file = folder / "ruleset.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def row(name: str = "s1", own: str = "1000.00", **changes: Any) -> RunRow:
    """A row of a registered poor member p1 on 2016-10-20; ``changes`` replace fields, those of the person too."""
    person = {"id": "p1", "tags": ["registered_poor"], **changes.pop("person", {})}
    return RunRow.model_validate({"id": name, "day": "2016-10-20", "person": person, "fields": {"own": own}, **changes})


def settled(rules: Rulebook, *rows: Any, share: str = "8%", **more: Any) -> RunResult:
    return settle_run(rules, rows, parameters={"second_share": share}, **more)


def refusals(rules: Rulebook, *rows: Any, **more: Any) -> list[Diagnostic]:
    """What is wrong with a run."""
    with pytest.raises(ClaimError) as caught:
        settled(rules, *rows, **more)
    return list(caught.value.diagnostics)
