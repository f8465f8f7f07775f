"""Findings of an audit for people and for programs: the sentence, and the claims that offend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from policyengine.audits import Finding, Item
from policyengine.errors import printable
from policyengine.money import exponent_of, grouped, text_of
from policyengine.report.names import Lang, pick, plain
from policyengine.ruleset import Ruleset
from policyengine.settlement import label_of


def audit_data(findings: Sequence[Finding], ruleset: Ruleset) -> dict[str, Any]:
    """Plain data: every finding with its claims and sentences."""
    exponent, titles = exponent_of(ruleset.currency), _titles(ruleset)
    return {
        "ruleset": ruleset.name,
        "findings": [
            {
                "rule": one.rule.id.text,
                "claims": [_item(item, exponent) for item in one.items],
                "cites": [{"source": titles.get(c.source, c.source), "quote": c.quote} for c in one.rule.cites],
                "assumed": [str(why) for why in one.rule.assumed],
            }
            for one in findings
        ],
    }


def _titles(ruleset: Ruleset) -> Mapping[str, str]:
    return {source.id.text: source.title for source in ruleset.sources}


def _item(item: Item, exponent: int) -> dict[str, Any]:
    line = {} if item.line is None else {"line": item.line}
    days = {"from": item.start.isoformat(), "to": item.end.isoformat()}
    return {"claim": item.claim, **line, **days, "amount": text_of(item.amount, exponent)}


def audit_text(findings: Sequence[Finding], ruleset: Ruleset, lang: Lang = "en") -> Group:
    """Every finding: what it is, the claims, the sentence."""
    exponent, titles = exponent_of(ruleset.currency), _titles(ruleset)
    count = len(findings)
    head = pick((f"{ruleset.name}：{count}项发现", f"{ruleset.name}: {count} finding{'s' * (count != 1)}"), lang)
    parts: list[RenderableType] = [Text(printable(head), style="bold")]
    for one in findings:
        name = label_of(one.rule.label, lang, plain(one.rule.id.text))
        parts += [Text(""), Text(printable(name), style="bold")]
        lines = [_told(item, exponent, lang) for item in one.items]
        for cite in one.rule.cites:
            title = titles.get(cite.source, cite.source)
            lines.append(f"[{title}] “{cite.quote}”" if cite.quote else f"[{title}]")
        parts += [Padding(Text(printable(line)), (0, 0, 0, 2)) for line in lines]
    return Group(*parts)


def _told(item: Item, exponent: int, lang: Lang) -> str:
    line = "" if item.line is None else pick((f"第{item.line + 1}条明细", f" line {item.line + 1}"), lang)
    days = str(item.start) if item.start == item.end else f"{item.start} – {item.end}"
    return f"{item.claim}{line}: {days}, {grouped(item.amount, exponent)}"
