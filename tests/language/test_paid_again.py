"""A target or a cap on own cost beside a share of its layer: `check` warns, unless the file says what is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import load
from policyengine.assemble import read
from policyengine.check import findings
from policyengine.rulebook import locate

RULES = """ruleset: plan
title: 样例
sources: {{law: {{title: 样例办法}}}}
parts: [in_scope]
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope, cite: law}}
  - {{id: backstop, payer: pooled_fund, on: in_scope, cite: law}}
provisions:
  - {{id: share, layer: basic, fund_share: 70%, when: tier == 县级, cite: law}}
  - {{id: help, layer: backstop, pay: 10元, cite: law}}
  - {{id: more, {clause}, cite: law}}
"""


def warned(folder: Path, clause: str) -> bool:
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir()
    file.write_text(RULES.format(clause=clause), encoding="utf-8")
    return "W438" in {d.code for d in findings(read(locate(file.parent)), load(file.parent).programs)}


@pytest.mark.parametrize("clause", ["top_up: 90% of in_scope", "own_cost_cap: 1000元"])
@pytest.mark.parametrize(
    ("where", "warns"),
    [
        ("layer: basic", True),
        ("layer: basic, when: registered_poor", True),
        ("layer: basic, when: tier == 市级", False),
        ("layer: basic, assumed: {order: the sentence has both}", False),
        ("layer: backstop", False),
    ],
)
def test_beside_a_share_it_pays_again(tmp_path: Path, clause: str, where: str, warns: bool) -> None:
    assert warned(tmp_path, f"{where}, {clause}") == warns


@pytest.mark.parametrize(
    "clause", ["top_up: 90% of in_scope, counting: payable", "own_cost_cap: 1000元, measure: base * 30%"]
)
def test_what_is_looked_at_may_be_said(tmp_path: Path, clause: str) -> None:
    assert not warned(tmp_path, f"layer: basic, {clause}")
