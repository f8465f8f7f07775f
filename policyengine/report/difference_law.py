"""What changed in the law, in words: entry by entry, old value and new, each with the sentence behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from rich.console import RenderableType
from rich.padding import Padding

from policyengine import ir
from policyengine.difference.model import ALWAYS, KINDS, Change, Entry, Field
from policyengine.mechanisms import BY_KEY
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick, plain
from policyengine.report.statements import period_text, value_text
from policyengine.settlement import label_of

SAID: Final[Mapping[str, tuple[str, str]]] = {
    "changed": ("变更", "changed"), "added": ("新增", "added"), "dropped": ("删除", "dropped"),
    "moved": ("次序变动", "moved"), "renamed": ("仅改名称", "renamed only"),
    "reworded": ("仅改文字或出处", "words or sources only"),
}  # fmt: skip
SECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "rule set": ("总则", "the rule set"), "facts": ("事实", "facts"), "payers": ("支付方", "payers"),
    "parameters": ("参数", "parameters"), "tables": ("表", "tables"), "formulas": ("公式", "formulas"),
    "windows": ("期间", "windows"), "meters": ("累计", "meters"), "stacks": ("叠加规则", "stacks"),
    "settlement": ("结算流程", "settlement"), "layers": ("支付层次", "layers"), "provisions": ("条款", "provisions"),
}  # fmt: skip
FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "when": ("条件", "condition"), "layer": ("支付层次", "layer"), "value": ("数值", "value"),
    "valid": ("有效期", "days"), "payer": ("支付方", "payer"),
    "on": ("支付范围", "parts"), "base": ("基数", "base"), "less": ("扣除", "less"),
    "per": ("范围", "per"), "to_date": ("累计期间", "to date in"), "round": ("取整", "rounding"),
    "rounding": ("取整", "rounding"),
    "counts": ("计入", "counts"), "in": ("期间", "in"), "keep": ("保留", "keep"), "meter": ("累计项", "meter"),
    "set": ("改为", "set to"), "scale": ("乘以", "times"), "add": ("增加", "added"), "stack": ("叠加规则", "stack"),
    "rows": ("各行", "rows"), "keys": ("键", "keys"), "columns": ("列", "columns"), "mechanism": ("机制", "mechanism"),
    "currency": ("币种", "currency"), "status": ("状态", "status"), "dated_by": ("适用日期", "dated by"),
    "parts": ("费用部分", "parts of the bill"), "settle_by": ("逐条结算", "settled by"), "type": ("类型", "type"),
    "low": ("下限", "least"), "high": ("上限", "most"), "covers": ("适用范围", "covers"), "share": ("比例", "share"),
    "agreement": ("协议", "agreement"), "due": ("付款期限（天）", "days until due"),
    "within": ("分期期限（天）", "days of instalments"),
    "instalments": ("分期数", "instalments"), "default": ("逾期后果", "default"), "repaid": ("拨付次序", "repaid"),
    "reverse": ("冲正方式", "reverse"),
    "overrides": ("优先于", "overrides"), "once": ("次数", "once in"), "of": ("对象", "of"), "as": ("名目", "as"),
}  # fmt: skip
NOTHING: Final = ("无", "nothing")


def law_text(changes: Sequence[Change], lang: Lang) -> Iterator[RenderableType]:
    """Every change that can matter, by section; of the others only which entries they are."""
    yield verbatim(pick(("制度变化：", "what changed in the law: "), lang) + counted(changes, lang), "bold")
    for section, title in SECTIONS.items():
        found = [c for c in changes if c.entry.section == section and c.matters]
        if found:
            yield verbatim(pick(title, lang))
            for change in found:
                yield from _told(change, lang)
    for kind in ("renamed", "reworded"):
        names = [_name(c) for c in changes if c.kind == kind]
        if names:
            yield verbatim(f"{pick(SAID[kind], lang)}: {', '.join(dict.fromkeys(names))}", "dim")


def counted(changes: Sequence[Change], lang: Lang) -> str:
    """How many entries changed, and how."""
    counts = [(kind, sum(c.kind == kind for c in changes)) for kind in KINDS]
    said = [pick((f"{SAID[k][0]} {n} 处", f"{n} {SAID[k][1]}"), lang) for k, n in counts if n]
    return pick(("，", ", "), lang).join(said) or pick(("没有变化", "nothing"), lang)


def _name(change: Change) -> str:
    old, new = change.old, change.new
    return f"{old.id} → {new.id}" if old and new and old.id != new.id else change.entry.id


def _told(change: Change, lang: Lang) -> Iterator[RenderableType]:
    entry = change.entry
    label = label_of(entry.label, lang, "")
    mechanism = BY_KEY.get(entry.kind)
    what = pick((mechanism.zh, mechanism.en), lang) if mechanism else ""
    about = " · ".join(dict.fromkeys(word for word in (_name(change), label or what) if word))
    yield _set_off(f"{pick(SAID[change.kind], lang)}  {about}", 2)
    if change.kind == "moved":
        before, now = (place or pick(("最前", "the first place"), lang) for place in change.behind)
        said = pick((f"原在 {before} 之后，现在 {now} 之后", f"stood behind {before}, stands behind {now}"), lang)
        yield _set_off(said, 6)
    for field in change.fields if change.kind == "changed" else ():
        yield _set_off(field_text(field, lang), 6)
    if change.kind in ("added", "dropped"):
        yield _set_off(_whole(entry, lang), 6)
    yield from (_set_off(line, 6, "dim") for line in _evidence(change, lang))


def _set_off(text: str, columns: int, style: str = "") -> RenderableType:
    return Padding(verbatim(text, style), (0, 0, 0, columns))


def field_text(field: Field, lang: Lang) -> str:
    """A field with its old and its new value: ``ceiling: 8000元 → 10000元``."""
    name = pick(FIELDS.get(field.name) or _mechanism(field.name), lang)
    row = pick(("，", ", "), lang).join(f"{key} {cell}" for key, cell in field.row)
    days = "" if field.valid == ALWAYS else f" ({period_text(field.valid, lang)})"
    where = f" [{row}]" if row else ""
    return f"{name}{where}{days}: {_value(field, field.old, lang)} → {_value(field, field.new, lang)}"


def _value(field: Field, value: Any, lang: Lang) -> str:
    if field.name == "valid":
        return period_text(value, lang)
    return pick(NOTHING, lang) if value is None else value_text(value)


def _mechanism(name: str) -> tuple[str, str]:
    known = BY_KEY.get(name)
    return (known.zh, known.en) if known is not None else (name, plain(name))


def _whole(entry: Entry, lang: Lang) -> str:
    """All that an entry says, on one line."""
    days = [] if entry.valid == ALWAYS else [period_text(entry.valid, lang)]
    if entry.section == "tables":
        rows = [", ".join(cell.text for cell in row) for row in entry.said["rows"]]
        return "; ".join((*days, *rows))
    names = {key: pick(FIELDS.get(key) or _mechanism(key), lang) for key in entry.said}
    return ", ".join((*(f"{names[key]}: {value_text(value)}" for key, value in entry.said.items()), *days))


def _evidence(change: Change, lang: Lang) -> Iterator[str]:
    old = list(_sources(change.old, lang))
    new = list(_sources(change.new, lang))
    if change.old is None or change.new is None or old == new:
        yield from new or old
        return
    yield from (pick((f"原：{line}", f"was: {line}"), lang) for line in old)
    yield from (pick((f"现：{line}", f"now: {line}"), lang) for line in new)


def _sources(entry: Entry | None, lang: Lang) -> Iterator[str]:
    if entry is None:
        return
    yield from cited(entry.cites)
    if entry.assumed:
        aspects = ", ".join(dict.fromkeys(why.aspect or why.told(zh=lang == "zh") for why in entry.assumed))
        yield pick((f"有假设：{aspects}", f"rests on assumptions: {aspects}"), lang)


def cited(cites: Iterable[ir.Citation]) -> Iterator[str]:
    """Each citation: its source, and its words."""
    yield from (f"[{cite.source}]" + (f" “{cite.quote}”" if cite.quote else "") for cite in cites)
