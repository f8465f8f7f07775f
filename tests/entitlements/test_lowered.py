"""What the entitlements and the audit rules of a day are made of: conditions, counts, evidence of the sentences."""

from __future__ import annotations

import datetime
from pathlib import Path

from policyengine import ir
from policyengine.assemble import read
from policyengine.lower.audits import lower_audit
from policyengine.lower.entitlements import lower_entitlements
from policyengine.money import MAX_MINOR
from policyengine.rulebook import locate
from policyengine.ruleset import Ruleset

RULES = """ruleset: rights
parts: [in_scope]
sources: {law: {title: the law}}
tables: {line: {keys: [care_type], columns: [most], rows: [[any, 5元]]}}
layers: [{id: basic, payer: pooled_fund, on: in_scope}]
provisions: [{id: share, layer: basic, fund_share: 70%}]
evidence:
  card: {fields: {kind: {type: code, values: {village: 村, county: 县}, label: {zh: 类别, en: kind of card}}}}
  receipt: {fields: {amount: {type: money}, share: {type: rate}, pieces: {type: count}}}
entitlements:
  poor:
    needs: {card: kind == 县, receipt: amount > 1元 and share > 5% and pieces > 1}
    at_least: {receipt: 2}
    unless: {receipt: amount > 9元}
    label: {zh: 贫困, en: poor}
    cite: {law: [the poor]}
    assumed: two receipts are meant
  helped: {needs: [card], when: poor}
audit:
  above: {each: line, when: amount > line.most}
  often: {pair: claim, same: disease, together_above: line.most}
"""
DAY = datetime.date(2024, 1, 1)


def rights(folder: Path) -> Ruleset:
    (folder / "rights.yaml").write_text(RULES, encoding="utf-8")
    return read(locate(folder / "rights.yaml"))


def test_a_sentence_says_what_it_asks_for_and_where_it_stands(tmp_path: Path) -> None:
    found = lower_entitlements(rights(tmp_path), DAY)
    poor, helped = found.sentences
    assert [(one.id, one.grants, one.step) for one in found.sentences] == [
        ("poor", "poor", "sentence.poor"), ("helped", "helped", "sentence.helped"),
    ]  # fmt: skip
    assert [(asked.kind, asked.step, asked.least) for asked in (*poor.needs, *poor.unless, *helped.needs)] == [
        ("card", "poor.needs.card", 1), ("receipt", "poor.needs.receipt", 2), ("receipt", "poor.unless.receipt", 1),
        ("card", "helped.needs.card", 1),
    ]  # fmt: skip
    assert (poor.when, helped.when) == (ir.TRUE, ir.Ref("right.poor", "flag"))
    assert found.names == (("poor", "right.poor"), ("helped", "right.helped"))


def test_only_a_sentence_is_shown_with_its_evidence(tmp_path: Path) -> None:
    steps = lower_entitlements(rights(tmp_path), DAY).program.steps
    assert [step.name for step in steps] == [
        "poor.needs.card", "poor.needs.receipt", "poor.unless.receipt", "sentence.poor", "right.poor",
        "helped.needs.card", "sentence.helped", "right.helped",
    ]  # fmt: skip
    assert [step.name for step in steps if step.shown] == ["sentence.poor", "sentence.helped"]
    poor = next(step for step in steps if step.name == "sentence.poor")
    assert (poor.label, [(c.source, c.quote) for c in poor.cites]) == (
        {"zh": "贫困", "en": "poor"},
        [("law", "the poor")],
    )
    assert [why.why for why in poor.assumed] == ["two receipts are meant"]


def test_what_a_piece_of_evidence_may_state(tmp_path: Path) -> None:
    inputs = lower_entitlements(rights(tmp_path), DAY).program.inputs
    assert [(i.name, i.kind, i.domain, i.values, i.low, i.high, i.aliases, i.label) for i in inputs] == [
        ("evidence.kind", "code", "row", ("card", "receipt"), None, None, (), {}),
        ("card.kind", "code", "row", ("village", "county"), None, None, (("村", "village"), ("县", "county")),
         {"zh": "类别", "en": "kind of card"}),
        ("receipt.amount", "money", "row", (), 0, MAX_MINOR, (), {}),
        ("receipt.share", "rate", "row", (), 0, 1, (), {}),
        ("receipt.pieces", "count", "row", (), 0, 1_000_000, (), {}),
    ]  # fmt: skip


def test_an_audit_rule_looks_at_lines_or_at_claims(tmp_path: Path) -> None:
    found = lower_audit(rights(tmp_path), DAY)
    steps = {step.name: step for step in found.program.steps}
    assert [(one.rule.id.text, one.limit is None) for one in found.watched] == [("above", True), ("often", False)]
    assert (steps["above.chosen"].domain, steps["above.chosen"].expr) == ("row", found.watched[0].chosen)
    assert (steps["often.chosen"].expr, steps["often.limit"].expr) == (ir.TRUE, found.watched[1].limit)
    assert "above.limit" not in steps
    assert [table.name for table in found.program.tables] == ["line"]
    assert [i.name for i in found.program.inputs] == ["amount", "care_type"]
