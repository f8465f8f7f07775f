"""A flattened rule set as text: everything that applies, in the order of the law, with dates, values and sources."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table

from policyengine import terms
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.money import exponent_of, text_of
from policyengine.report.grid import verbatim
from policyengine.report.law_persons import audit_rule, course, entitlement, evidence_kind
from policyengine.report.names import Lang, pick
from policyengine.report.statements import codes, dates, evidence, listed, note, period_text, titled, value_text
from policyengine.report.windows import window_words
from policyengine.ruleset import (
    NEVER,
    Cover,
    Grounds,
    Layer,
    Parameter,
    Ruleset,
    Stack,
    TableDecl,
    Versioned,
    in_force,
)
from policyengine.settlement import label_of


def ruleset_text(ruleset: Ruleset, on: datetime.date | None = None, lang: Lang = "en") -> Group:
    """The rule set as it reads with everything that it extends; ``on``: only what holds on that day."""
    shown: list[RenderableType] = [verbatim(_title(ruleset, lang), "bold"), *_head(ruleset, lang)]
    sections: list[tuple[tuple[str, str], list[RenderableType]]] = [
        (("资料来源", "sources"), [verbatim(line) for line in _sources(ruleset)]),
        (("事实", "facts"), [verbatim(line) for line in _facts(ruleset, lang)]),
        (("支付方", "payers"), [verbatim(line) for line in _payers(ruleset, lang)]),
        (("运行", "run"), [verbatim(line) for line in _run(ruleset, lang)]),
        (("参数", "parameters"), [line for p in ruleset.parameters for line in _parameter(p, on, lang)]),
        (("表", "tables"), [line for t in _tables(ruleset, on) for line in _table(t, lang)]),
        (("公式", "formulas"), [verbatim(f"{f.id}({listed(f.of)}) = {value_text(f.body)}") for f in ruleset.formulas]),
        (("期间", "windows"), [verbatim(line) for line in _windows(ruleset, lang)]),
        (("累计", "meters"), [verbatim(line) for line in _meters(ruleset, lang)]),
        (("叠加", "stacks"), [verbatim(f"{x.id}: {_stack(x)}") for x in ruleset.stacks]),
        (("支付层次", "layers"), [line for x in _shown(ruleset.layers, on) for line in _layer(x, lang)]),
        (("条款", "provisions"),
         [line for p in _shown(ruleset.provisions, on) for line in _provision(p, ruleset, lang)]),
        (("结算流程", "settlement"), [line for c in _shown(ruleset.settlement, on) for line in course(c, lang)]),
        (("证明材料", "evidence"), [line for kind in ruleset.evidence for line in evidence_kind(kind, lang)]),
        (("资格", "entitlements"), [line for e in _shown(ruleset.entitlements, on) for line in entitlement(e, lang)]),
        (("审核规则", "audit"), [line for a in _shown(ruleset.audit, on) for line in audit_rule(a, lang)]),
    ]  # fmt: skip
    for title, lines in sections:
        if lines:
            shown += [verbatim(""), verbatim(pick(title, lang), "bold")]
            shown += [Padding(line, (0, 0, 0, 2)) for line in lines]
    return Group(*shown)


def _shown(items: Sequence[Versioned], on: datetime.date | None) -> tuple[Versioned, ...]:
    """What holds on a day, or everything that had been published."""
    return tuple(item for item in items if item.valid != NEVER) if on is None else in_force(items, on)


def _title(ruleset: Ruleset, lang: Lang) -> str:
    return f"{ruleset.name}  {label_of(ruleset.title, lang, '')}".rstrip()


def _head(ruleset: Ruleset, lang: Lang) -> Iterator[RenderableType]:
    mode, unit = ruleset.rounding
    mode = f"end {mode}" if ruleset.round_end else mode
    rounding = f"{ruleset.currency}, {mode} {text_of(unit, exponent_of(ruleset.currency))}"
    parts = ", ".join(p.id.text if p.id.text == p.category else f"{p.id} ({p.category})" for p in ruleset.parts)
    rows = (
        *([(("地区", "place"), ruleset.place)] if ruleset.place else []),
        (("有效期", "holds"), days_text(ruleset, lang)),
        (("状态", "status"), ruleset.status),
        (("适用范围", "covers"), " and ".join(value_text(cover.when) for cover in ruleset.covers) or "–"),
        (("适用日期", "dated by"), ruleset.dated_by),
        *([(("逐条结算", "settled by"), f"row, in the order of {ruleset.settle_by}")] if ruleset.settle_by else []),
        (("币种与取整", "currency, rounding"), rounding),
        (("费用部分", "parts of the bill"), parts),
        (("文件", "files"), ", ".join(name for name, _ in ruleset.files)),
    )  # fmt: skip
    for name, value in rows:
        yield verbatim(f"  {pick(name, lang)}: {value}")
        said: Mapping[str, Sequence[Cover | Grounds]] = {"holds": (ruleset.grounds,), "covers": ruleset.covers}
        for entry in said.get(name[1], ()):
            yield from (Padding(line, (0, 0, 0, 2)) for line in evidence(entry, lang))


def days_text(ruleset: Ruleset, lang: Lang) -> str:
    """The days of a rule set in words, and those on which sources show it in force."""
    attested = ruleset.grounds.attested
    words = period_text(ruleset.valid, lang)
    if attested == (None, None):
        return words
    shown = period_text(attested, lang)
    return words + pick((f"（有资料为据的日期：{shown}）", f" (attested {shown})"), lang)


def _sources(ruleset: Ruleset) -> Iterator[str]:
    for source in ruleset.sources:
        about = [source.title, source.publisher, source.date, source.url or source.file, f"[{source.grade}]"]
        yield f"{source.id}: " + ", ".join(part for part in about if part not in ("", "[]"))


def _facts(ruleset: Ruleset, lang: Lang) -> Iterator[str]:
    for fact in ruleset.facts:
        bounds = [f"{key} {value_text(node)}" for key in ("low", "high", "default")
                  if (node := getattr(fact, key)) is not None]  # fmt: skip
        about = [fact.type, label_of(fact.label, lang, ""), codes(fact.values), *bounds]
        yield f"{fact.id}: " + ", ".join(part for part in about if part)


def _payers(ruleset: Ruleset, lang: Lang) -> Iterator[str]:
    for payer in ruleset.payers:
        about = [payer.side, payer.national, label_of(payer.label, lang, "")]
        yield f"{payer.id}: " + ", ".join(part for part in about if part)


def _run(ruleset: Ruleset, lang: Lang) -> Iterator[str]:
    """Over what a run goes, and what its rows say."""
    if ruleset.run is not None:
        yield f"each {ruleset.run.each}, over {ruleset.run.over}, after {ruleset.run.after}"
    if ruleset.rows is not None:
        group = "" if ruleset.rows.group_by is None else f", group_by: {value_text(ruleset.rows.group_by) or '–'}"
        yield f"rows of {listed(ruleset.rows.of)}, bill: {value_text(ruleset.rows.bill)}{group}"
        for field in ruleset.rows.fields:
            source = "" if field.source is None else f"from {field.source}"
            about = [field.type, source, label_of(field.label, lang, ""), value_text(dict(field.values))]
            yield f"  {field.id}: " + ", ".join(part for part in about if part not in ("", "{}"))


def _stack(stack: Stack) -> str:
    """How several additions to one quantity combine."""
    said = {"combine": stack.combine, "add_at_most": stack.add_at_most, "up_to": stack.up_to}
    return ", ".join(f"{key}: {value_text(value)}" for key, value in said.items() if value is not None)


def _parameter(parameter: Parameter, on: datetime.date | None, lang: Lang) -> Iterator[RenderableType]:
    if parameter.type:
        limits = " … ".join(value_text(n) for n in (parameter.low, parameter.high) if n is not None)
        given = pick(("由调用者给出", "given by the caller"), lang)
        yield verbatim(f"{parameter.id}: {given}, {parameter.type} {limits}".rstrip())
        yield from evidence(parameter, lang)
    for dated in _shown(parameter.values, None if parameter.dated_by else on):
        yield verbatim(f"{parameter.id} = {value_text(dated.value)}{dates(dated, lang)}{_by_line(parameter, lang)}")
        yield from evidence(dated, lang)


def _tables(ruleset: Ruleset, on: datetime.date | None) -> Iterator[TableDecl]:
    """The tables that hold on a day; of those whose version the day of a fee line chooses, every version."""
    held = {id(table) for table in _shown(ruleset.tables, on)}
    for table in _shown(ruleset.tables, None):
        if table.dated_by or id(table) in held:
            yield table


def _by_line(item: Parameter | TableDecl, lang: Lang) -> str:
    return pick(("  按费用发生日期", "  by the day of the fee line"), lang) if item.dated_by else ""


def _table(table: TableDecl, lang: Lang) -> Iterator[RenderableType]:
    yield verbatim(f"{table.id}{dates(table, lang)}{_by_line(table, lang)}")
    grid = Table.grid(padding=(0, 2))
    for _ in (*table.keys, *table.columns):
        grid.add_column(overflow="fold")
    grid.add_row(*(verbatim(str(name), "italic") for name in (*table.keys, *table.columns)))
    for row in table.rows:
        grid.add_row(*(verbatim(cell.text) for cell in row))
    yield Padding(grid, (0, 0, 0, 2))
    if table.gaps:
        yield note(pick((f"无对应行的情形：{table.gaps}", f"cases without a row: {table.gaps}"), lang))
    yield from evidence(table, lang)


def _meters(ruleset: Ruleset, lang: Lang) -> Iterator[str]:
    for meter in ruleset.meters:
        label = label_of(meter.label, lang, "")
        counts = " + ".join(value_text(node) for node in meter.counts)
        keep = "" if meter.keep == "sum" else f", keep {meter.keep}"
        about = f"{label + ': ' if label else ''}{counts}, in {meter.window}, per {listed(meter.per)}{keep}"
        when = "" if meter.when is None else f", when {value_text(meter.when)}"
        opening = f", opening {listed(meter.opening)}" if meter.opening else ""
        yield f"{meter.id}: {about}{when}{opening}"


def _windows(ruleset: Ruleset, lang: Lang) -> Iterator[str]:
    for decl in ruleset.windows:
        event = "" if decl.reset_when is None else f": {value_text(decl.reset_when)}"
        yield f"{decl.id}: {window_words(decl.window, lang)}{event}"


def _layer(layer: Layer, lang: Lang) -> Iterator[RenderableType]:
    known = terms.PAYERS.get(layer.payer.text)
    payer = pick((known.zh, known.en), lang) if known is not None else layer.payer.text
    yield verbatim(f"{titled(layer.id, layer.label, lang)}{dates(layer, lang)}", "bold")
    said = {"payer": payer, "on": listed(layer.on)}
    if layer.by_row:
        said["per"] = layer.per
    elif layer.scope:
        said["per"] = listed(layer.scope)
    for key in ("when", "base", "less", "to_date"):
        if value := getattr(layer, key):
            said[key] = value_text(value)
    yield note(", ".join(f"{key}: {value}" for key, value in said.items()))
    yield from evidence(layer, lang)


def _provision(provision: Provision, ruleset: Ruleset, lang: Lang) -> Iterator[RenderableType]:
    mechanism = BY_KEY[provision.mechanism]
    label = label_of(provision.label, lang, pick((mechanism.zh, mechanism.en), lang))
    yield verbatim(f"{provision.id} · {label}{dates(provision, lang)}", "bold")
    said = {"layer": listed(provision.layers)} if provision.layers else {}
    said |= {key: value_text(value) for key, value in provision.values.items()}
    if provision.when is not None:
        said["when"] = value_text(provision.when)
    if provision.overrides:
        said["overrides"] = listed(provision.overrides)
    if provision.origin and provision.origin != ruleset.name:
        said["stated by"] = provision.origin
    yield note(", ".join(f"{key}: {value}" for key, value in said.items()))
    yield from evidence(provision, lang)
