"""Entries of the typed tree back to what their field tables read: one mapping from keys to values for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.expressions.numbers import number_text
from policyengine.mechanisms.base import Provision
from policyengine.money import exponent_of
from policyengine.parse.evidence import graded
from policyengine.parse.windows import LENGTHS
from policyengine.persons import AuditRule, Entitlement, EvidenceField, EvidenceKind, Wanted
from policyengine.ruleset import (
    CourseDecl,
    Cover,
    Dated,
    Dates,
    FactDecl,
    FieldDecl,
    Formula,
    Layer,
    MeterDecl,
    Parameter,
    PayerDecl,
    RowsDecl,
    Ruleset,
    RunDecl,
    Source,
    Stack,
    TableDecl,
    WindowDecl,
)  # fmt: skip
from policyengine.shapes import Word

Values = dict[str, Any]
"""Values by key; ``None`` and empty mappings are not written."""


def cite(cites: tuple[ir.Citation, ...]) -> Any:
    """Citations as they are written: one source, several, sources with their words, or a list of all these."""
    if not any(c.quote for c in cites):
        return tuple(c.source for c in cites) if len(cites) != 1 else cites[0].source
    quotes: dict[str, list[str]] = {}
    for one in cites:
        quotes.setdefault(one.source, []).append(one.quote)
    if [ir.Citation(source, quote) for source, said in quotes.items() for quote in said] == list(cites):
        return {source: said[0] if len(said) == 1 else tuple(said) for source, said in quotes.items()}
    return tuple({one.source: one.quote} if one.quote else one.source for one in cites)


def assumed(found: tuple[ir.Assumption, ...]) -> Any:
    """Assumptions as they are written: in short where that says everything, by aspect if all have one."""
    texts = [in_short(one) for one in found]
    aspects = [one.aspect for one in found]
    if all(text is not None for text in texts):
        if all(aspects) and len(set(aspects)) == len(aspects):
            return dict(zip(aspects, texts, strict=True))
        if not any(aspects):
            return texts[0] if len(texts) == 1 else tuple(texts)
    full = tuple(_in_full(one) for one in found)
    return full[0] if len(full) == 1 else full


def in_short(one: ir.Assumption) -> str | None:
    """An assumption as one text, if it reads as the same."""
    text = one.why + (f" [{one.grade}]" if one.grade else "")
    plain = not one.zh and not one.settled_by and one.aspect != "why"
    return text if plain and graded(text) == (one.why, one.grade) else None


def _in_full(one: ir.Assumption) -> Values:
    why, cure = _in_two(one.why, one.zh), _in_two(one.settled_by, one.settled_zh)
    said = {"aspect": one.aspect, "why": why, "grade": one.grade, "settled_by": cure}
    return {key: value for key, value in said.items() if value}


def _in_two(text: str, zh: str) -> Any:
    return {"zh": zh, "en": text} if zh else text


def evidence(item: Any) -> Values:
    return {
        "cite": cite(item.cites) if item.cites else None,
        "assumed": assumed(item.assumed) if item.assumed else None,
    }


def label(texts: Mapping[str, str]) -> Any:
    return texts[""] if set(texts) == {""} else dict(texts)


def period(valid: Dates) -> Values | None:
    return None if valid == (None, None) else {"from": valid[0], "to": valid[1]}


def days(ruleset: Ruleset) -> Values | None:
    """The days of a file, with what is said of them."""
    grounds = ruleset.grounds
    said = {**(period(ruleset.valid) or {}), "attested": period(grounds.attested), **evidence(grounds)}
    return stated(said) or None


def rounding(stated: tuple[str, int] | None, currency: str) -> str | None:
    if stated is None:
        return None
    mode, unit = stated
    return f"{mode} {number_text(Fraction(unit, 10 ** exponent_of(currency)), currency)}"


def words(values: tuple[tuple[Word, Any], ...]) -> Any:
    """The words of a code: a list, or a mapping to what they are called."""
    named = any(str(called) != word.text for word, called in values)
    return {word.text: str(called) for word, called in values} if named else tuple(word for word, _ in values)


def of_source(item: Source) -> Values:
    return {key: getattr(item, key) or None for key in ("title", "publisher", "date", "url", "file", "grade")}


def of_fact(item: FactDecl) -> Values:
    return {
        "type": None if item.counts else item.type or None, "values": words(item.values) if item.values else None,
        "label": label(item.label), "of": None if item.of == "claim" else item.of, "low": item.low, "high": item.high,
        "default": item.default, "counts": item.counts or None, "since": item.since, "until": item.until,
    }  # fmt: skip


def of_payer(item: PayerDecl) -> Values:
    return {"side": item.side, "national": item.national or None, "label": label(item.label)}


def of_dated(item: Dated) -> Values:
    return {
        "value": item.value,
        "from": item.valid[0],
        "to": item.valid[1],
        **evidence(item),
        "published": item.published,
    }


def of_parameter(item: Parameter) -> Any:
    """A bare value, one dated value with the label, or everything."""
    head = {"label": label(item.label), "replaces": item.replaces or None}
    if len(item.values) == 1 and not (item.cites or item.assumed or item.published or item.dated_by):
        value = {**of_dated(item.values[0]), **head}
        return item.values[0].value if set(stated(value)) == {"value"} else value
    kind = {"dated_by": item.dated_by or None, "type": item.type or None, "low": item.low, "high": item.high}
    listed = None if item.type else tuple(stated(of_dated(value)) for value in item.values)
    return {**head, **kind, "values": listed, "published": item.published, **evidence(item)}


def of_table(item: TableDecl) -> Values:
    return {
        "keys": item.keys, "columns": item.columns, "rows": item.rows, "gaps": item.gaps or None,
        "dated_by": item.dated_by or None, "replaces": item.replaces or None, **evidence(item),
        "valid": period(item.valid), "published": item.published,
    }  # fmt: skip


def of_formula(item: Formula) -> Values:
    return {"of": item.of, "is": item.body, "label": label(item.label)}


def of_window(item: WindowDecl) -> Values:
    """A window by the one key that says when it ends."""
    window = item.window
    forms = [f for f, x in LENGTHS.items() if (x.kind, x.unit, x.times) == (window.kind, window.unit, 1)]
    if forms and not window.back:
        grain = window.grain if window.grain not in ("", window.unit) else None
        return {forms[0]: window.length, "starts": window.origin or None, "grain": grain}
    if window.kind == "anniversary":
        return {"kind": "year", "starts": window.origin}
    month, day = window.starts
    starts = None if window.starts == (1, 1) else f"{month:02d}-{day:02d}"
    kind = window.grain if window.back else window.kind
    return {"kind": None if item.reset_when else kind, "back": window.back or None, "starts": starts,
            "reset_when": item.reset_when}  # fmt: skip


def of_meter(item: MeterDecl) -> Values:
    per = None if [word.text for word in item.per] == ["person_id"] else item.per
    keep = None if item.keep == "sum" else item.keep
    return {
        "counts": item.counts, "in": item.window, "per": per, "keep": keep, "when": item.when,
        "opening": item.opening or None, "label": label(item.label),
    }  # fmt: skip


def of_stack(item: Stack) -> Values:
    combine = None if item.combine == "sum" else item.combine
    return {"combine": combine, "add_at_most": item.add_at_most, "up_to": item.up_to}


def of_course(item: CourseDecl) -> Values:
    said = {name: getattr(item, name) for name in ("agreement", "due", "instalments", "within", "default", "repaid",
                                                   "reverse")}  # fmt: skip
    return {**said, "replaces": item.replaces or None, **evidence(item), "valid": period(item.valid),
            "published": item.published}  # fmt: skip


def of_layer(item: Layer, currency: str) -> Values:
    return {
        "id": item.id, "payer": item.payer, "on": item.on, "when": item.when,
        "per": item.scope or (None if item.per == "claim" else item.per), "base": item.base, "less": item.less or None,
        "to_date": item.to_date, "round": rounding(item.rounding, currency), "label": label(item.label),
        "after": item.after, "before": item.before, **evidence(item), "valid": period(item.valid),
        "published": item.published,
    }  # fmt: skip


def of_provision(item: Provision) -> Values:
    return {
        "id": item.id, "label": label(item.label), "layer": item.layers or None, "when": item.when, **evidence(item),
        "valid": period(item.valid), "published": item.published, "replaces": item.replaces,
        "overrides": item.overrides or None, "after": item.after, "before": item.before, **item.values,
    }  # fmt: skip


def of_cover(item: Cover) -> Any:
    values = {"when": item.when, **evidence(item), "replaces": item.replaces or None}
    return item.when if set(stated(values)) == {"when"} else values


def of_run(item: RunDecl) -> Values:
    return {"each": item.each, "over": item.over, "after": item.after}


def of_rows(item: RowsDecl) -> Values:
    fields = {field.id.text: stated(of_field(field)) for field in item.fields}
    return {"of": item.of, "bill": item.bill, "group_by": item.group_by, "fields": fields}


def of_field(item: FieldDecl) -> Values:
    return {"type": item.type, "from": item.source, "values": words(item.values) if item.values else None,
            "label": label(item.label)}  # fmt: skip


def of_evidence(item: EvidenceKind) -> Values:
    fields = {field.id.text: stated(of_evidence_field(field)) for field in item.fields}
    return {"fields": fields, "label": label(item.label)}


def of_evidence_field(item: EvidenceField) -> Values:
    values = words(item.values) if item.values else None
    return {"type": item.type, "values": values, "label": label(item.label)}


def of_entitlement(item: Entitlement) -> Values:
    return {
        "grants": None if item.grants.text == item.id.text else item.grants, "label": label(item.label),
        "needs": wanted(item.needs), "unless": wanted(item.unless), "when": item.when,
        "at_least": {kind.text: str(least) for kind, least in item.at_least} or None,
        "replaces": item.replaces or None, **evidence(item), "valid": period(item.valid), "published": item.published,
    }  # fmt: skip


def wanted(found: Wanted) -> Any:
    """Kinds of evidence: names, or each with its condition."""
    if all(condition is None for _, condition in found):
        names = tuple(kind for kind, _ in found)
        return (names[0] if len(names) == 1 else names) if names else None
    return {kind.text: ast.Name("true", kind.span) if node is None else node for kind, node in found}


def of_audit(item: AuditRule) -> Values:
    return {
        "each": item.each or None, "pair": item.pair or None, "label": label(item.label), "when": item.when,
        "after": item.after, "same": item.same or None, "within": item.within, "together_above": item.together_above,
        "replaces": item.replaces or None, **evidence(item), "valid": period(item.valid), "published": item.published,
    }  # fmt: skip


def name_of(item: Any) -> str:
    """The name under which an entry stands in its section."""
    return str(item.id)


def stated(values: Values) -> Values:
    """Only what is said."""
    return {key: value for key, value in values.items() if value is not None and value != {}}


SECTIONS: Mapping[str, Callable[[Any], Any]] = {
    "sources": of_source,
    "facts": of_fact,
    "payers": of_payer,
    "parameters": of_parameter,
    "tables": of_table,
    "formulas": of_formula,
    "windows": of_window,
    "meters": of_meter,
    "stacks": of_stack,
    "settlement": of_course,
    "evidence": of_evidence,
    "entitlements": of_entitlement,
    "audit": of_audit,
}
"""The way back for every section that maps names to entries."""
