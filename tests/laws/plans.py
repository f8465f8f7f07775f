"""A plan of a few lines with a clause put in, and claims that can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policyengine import Claim, Rulebook, load

HEAD = """\
ruleset: plan
valid: {from: 2017-01-01}
parts: [own_expense, in_scope]
meters:
  paid: {counts: basic.paid, in: calendar_year}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
"""
PLAIN = ("{id: share, layer: basic, fund_share: 70%}",)


def plan(
    folder: Path, clauses: Sequence[str] = PLAIN, more: str = "", settings: str = "", head: str = HEAD
) -> Rulebook:
    """The rule set with these provisions; ``more`` stands between the layers and the provisions."""
    provisions = "".join(f"  - {clause}\n" for clause in clauses)
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{head}{more}{settings}provisions:\n{provisions}", encoding="utf-8")
    return load(file.parent)


def claim(*amounts: str, id: str = "c1", day: str = "2017-05-09", tags: Sequence[str] = (), **stated: object) -> Claim:
    """``stated``: what else each fee line states."""
    lines = [{"category": "other", "amount": amount, "catalogue_class": "a", **stated} for amount in amounts]
    encounter = {"care_type": "inpatient", "discharge_date": day, "admission_date": day}
    person = {"id": "p", "tags": list(tags)}
    return Claim.model_validate({"id": id, "person": person, "encounter": encounter, "lines": lines})
