"""A village with a fund that is easily reckoned by hand, and laws beside its rule file.

70 % above 500 yuan, 80 % for the poor; at most 10,000 a year, until 2016 at most 8,000.
"""

from __future__ import annotations

from pathlib import Path

from policyengine.lawfiles import Ready, Verdict, find_laws, read_laws, ready, try_laws

RULES = """
ruleset: village
title: {en: a village}
valid: {from: 2015-01-01, to: 2018-01-01}
sources: {notice: {title: the notice}}
facts:
  kept_back: {type: money, default: 0元}
parts: [own_expense, in_scope]
parameters:
  ceiling_annual:
    - {value: 8000元, to: 2016-01-01, cite: notice}
    - {value: 10000元, from: 2016-01-01, cite: notice}
meters: {paid_in_the_year: {counts: basic.paid, in: benefit_year}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: notice}]
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: notice}
  - {id: deductible, layer: basic, deductible: 500元, cite: notice}
  - {id: share, layer: basic, fund_share: 70%, cite: notice}
  - {id: of_the_poor, adjust: share, when: registered_poor, add: 10pp, cite: {notice: 贫困人口提高10个百分点}}
  - {id: ceiling, layer: basic, ceiling: ceiling_annual, meter: paid_in_the_year, cite: notice}
"""

LAW = """
laws:
  - id: one
    name: one law
    cite: notice
"""


def village(root: Path, laws: str = "", rules: str = RULES, name: str = "village") -> Path:
    """The rule set in a folder below ``root``, with a law file beside it."""
    folder = root / name
    (folder / "laws").mkdir(parents=True, exist_ok=True)
    (folder / "ruleset.yaml").write_text(rules.replace("ruleset: village", f"ruleset: {name}"), encoding="utf-8")
    if laws:
        (folder / "laws" / "village.yaml").write_text(laws, encoding="utf-8")
    return folder


def law(*lines: str) -> str:
    """A law file with one law, which says what ``lines`` do."""
    return LAW + "".join(f"    {line}\n" for line in lines)


def made(folder: Path) -> tuple[Ready, ...]:
    return ready(str(folder), read_laws(find_laws(str(folder))))


def tried(folder: Path, examples: int = 60, seed: int = 1) -> Verdict:
    """What comes of the only law."""
    (verdict,) = try_laws(made(folder), examples, seed)
    return verdict
