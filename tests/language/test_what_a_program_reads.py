"""What a program reads, and what it may be told besides: bounds, words, defaults and days of facts and parameters."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from policyengine import ir, load
from policyengine.money import MAX_MINOR

RULES = """\
ruleset: demo
parts: [in_scope]
facts:
  ward: {type: code, values: {single: 单人, shared: 多人}, default: 多人, label: {zh: 病房, en: ward}}
  case_id: {type: id, default: nobody}
  joined: {type: date}
  months: {type: count, counts: months, since: joined}
  points: {type: count, low: 1, high: 9}
  debt: {type: money}
  part: {type: rate, default: 5%}
  aside: {type: flag, default: false}
parameters:
  share: {type: rate, low: 10%, high: 90%, label: {zh: 比例, en: share}, assumed: decided every year}
  room: {type: money}
  spare: {type: count}
layers: [{id: basic, payer: pooled_fund, on: in_scope, when: ward == 单人 or case_id == nobody or months > 2}]
provisions:
  - {id: first, layer: basic, set_aside: room + debt}
  - {id: more, layer: basic, pay: 1元 if points > 3 else 2元, when: part > 1%}
  - {id: paid, layer: basic, fund_share: share}
"""
MILLION = 1_000_000


def told(decls: tuple[ir.InputDecl, ...]) -> dict[str, tuple[object, ...]]:
    return {d.name: (d.kind, d.domain, d.low, d.high, d.default, d.values, d.aliases, d.open) for d in decls}


def test_facts_and_parameters_with_their_bounds(tmp_path: Path) -> None:
    (tmp_path / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    (program,) = load(tmp_path / "ruleset.yaml").programs
    words = ("single", "shared"), (("单人", "single"), ("多人", "shared"))
    found = told(program.inputs)
    assert found.pop("amount")[:4] == ("money", "row", 0, MAX_MINOR)
    assert found == {
        "ward": ("code", "claim", None, None, "shared", *words, False),
        "case_id": ("code", "claim", None, None, "nobody", ("other", "nobody"), (), True),
        "months": ("count", "claim", 0, MILLION, None, (), (), False),
        "points": ("count", "claim", 1, 9, None, (), (), False),
        "debt": ("money", "claim", 0, MAX_MINOR, None, (), (), False),
        "part": ("rate", "claim", 0, 1, Fraction(1, 20), (), (), False),
        "parameter.share": ("rate", "claim", Fraction(1, 10), Fraction(9, 10), None, (), (), False),
        "parameter.room": ("money", "claim", 0, MAX_MINOR, None, (), (), False),
    }
    assert told(program.declared) == {
        "aside": ("flag", "claim", None, None, False, (), (), False),
        "parameter.spare": ("count", "claim", 0, MILLION, None, (), (), False),
    }


def test_what_they_are_called_and_where_they_come_from(tmp_path: Path) -> None:
    (tmp_path / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    (program,) = load(tmp_path / "ruleset.yaml").programs
    decls = {d.name: d for d in program.inputs}
    assert {name: d.label for name, d in decls.items() if d.label} == {
        "ward": {"zh": "病房", "en": "ward"}, "parameter.share": {"zh": "比例", "en": "share"},
    }  # fmt: skip
    assert {name: d.reason for name, d in decls.items() if d.reason} == {"parameter.share": "decided every year"}
    assert {name: d.days for name, d in decls.items() if d.days} == {
        "months": ir.Days("months", "joined", "discharge_date"),
    }
    assert [name for name, d in decls.items() if d.opaque] == ["case_id"]
    assert [(day.name, day.domain) for day in program.days] == [("joined", "claim")]
    text = RULES.splitlines()
    for name, decl in decls.items():
        if name != "amount":
            assert decl.span is not None
            assert text[decl.span.line - 1].strip().startswith(name.removeprefix("parameter."))
