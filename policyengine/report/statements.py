"""An entry of a rule file in lines: what it says, the days on which it holds, who states it, what is assumed of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from rich.console import RenderableType
from rich.padding import Padding

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Span
from policyengine.mechanisms.base import Provision
from policyengine.persons import AuditRule, Entitlement
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick
from policyengine.ruleset import CourseDecl, Cover, Dated, Dates, Grounds, Layer, Parameter, TableDecl
from policyengine.settlement import label_of
from policyengine.shapes import Word

NODES = get_args(ast.Node)
Entry = Dated | TableDecl | Layer | Provision | CourseDecl | Entitlement | AuditRule
"""What holds from one day to another."""


def period_text(valid: Dates, lang: Lang) -> str:
    """A period in words; the day in ``to`` is the first on which it no longer holds."""
    start, end = valid
    if start is None and end is None:
        return pick(("一直有效", "always"), lang)
    if start is None:
        return pick((f"{end} 前", f"before {end}"), lang)
    if end is None:
        return pick((f"自 {start} 起", f"from {start}"), lang)
    return pick((f"自 {start} 起至 {end} 前", f"from {start} to before {end}"), lang)


def titled(name: Word, label: Mapping[str, str], lang: Lang) -> str:
    """The name of an entry, with its label if it has one."""
    words = label_of(label, lang, "")
    return f"{name}{' · ' + words if words else ''}"


def codes(values: Sequence[tuple[Word, Any]]) -> str:
    """The codes that something may be, each with what it is called beside it."""
    return ", ".join(str(code) if str(zh) == str(code) else f"{code} ({zh})" for code, zh in values)


def dates(item: Entry, lang: Lang) -> str:
    """The days on which an entry holds, and the day on which it was published."""
    said = [] if item.valid == (None, None) else [period_text(item.valid, lang)]
    if item.published is not None:
        said.append(pick((f"{item.published} 发布", f"published {item.published}"), lang))
    return f"  ({', '.join(said)})" if said else ""


def note(text: str, style: str = "") -> RenderableType:
    """A line under an entry."""
    return Padding(verbatim(text, style), (0, 0, 0, 2))


def evidence(entry: Entry | Cover | Grounds | Parameter, lang: Lang) -> Iterator[RenderableType]:
    """Citations and assumptions of an entry, one a line."""
    for cite in entry.cites:
        yield note(_cited(cite), "dim")
    for why in entry.assumed:
        yield note(pick((f"假设：{why.told(zh=True)}", f"assumed: {why}"), lang), "yellow")


def _cited(cite: ir.Citation) -> str:
    return f"[{cite.source}]" + (f" “{cite.quote}”" if cite.quote else "")


def listed(words: Sequence[Word]) -> str:
    return ", ".join(word.text for word in words)


def value_text(value: Any) -> str:
    """A value of a rule file as its author would write it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case Word():
            return value.text
        case _ if isinstance(value, NODES):
            return ast.print_expression(value)
        case tuple() if _is_mapping(value):
            return "{" + ", ".join(f"{key}: {value_text(inner)}" for key, inner in value) + "}"
        case tuple():
            return (
                "[" + ", ".join(value_text(inner) for inner in value) + "]" if len(value) != 1 else value_text(value[0])
            )
        case Mapping():
            return "{" + ", ".join(f"{key}: {value_text(inner)}" for key, inner in value.items()) + "}"
        case _ if is_dataclass(value):
            return "{" + ", ".join(_members(value)) + "}"
        case _:
            return str(value)


def _is_mapping(value: tuple[Any, ...]) -> bool:
    return bool(value) and all(isinstance(v, tuple) and len(v) == 2 and isinstance(v[0], Word) for v in value)


def _members(value: Any) -> Iterator[str]:
    for field in fields(value):
        inner = getattr(value, field.name)
        if inner not in (None, False) and not isinstance(inner, Span):
            yield f"{field.name}: {value_text(inner)}"
