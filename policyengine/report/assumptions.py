"""Everything that a rule set assumes: of what, why, how good it is, what would settle it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding

from policyengine import ir
from policyengine.report.grid import verbatim
from policyengine.report.names import Lang, pick
from policyengine.ruleset import Ruleset

WORST_FIRST = ("", "I", "C", "M", "B", "A", "S")
"""Grades in the order of a reader who wants to know what to look for."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption with what it is of: the section of the rule file, and the name in it."""

    section: str
    name: str
    said: ir.Assumption


def assumptions_of(ruleset: Ruleset) -> tuple[Assumed, ...]:
    """Everything assumed, the least known first, and in the order of the file."""
    return tuple(sorted(_found(ruleset), key=lambda one: WORST_FIRST.index(one.said.grade[:1])))


def _found(ruleset: Ruleset) -> Iterator[Assumed]:
    yield from (Assumed("valid", "", said) for said in ruleset.grounds.assumed)
    for cover in ruleset.covers:
        yield from (Assumed("covers", "", said) for said in cover.assumed)
    for parameter in ruleset.parameters:
        said_of = (*parameter.assumed, *(said for value in parameter.values for said in value.assumed))
        yield from (Assumed("parameters", parameter.id.text, said) for said in said_of)
    for section in ("tables", "settlement", "entitlements", "audit", "layers", "provisions"):
        for item in getattr(ruleset, section):
            yield from (Assumed(section, item.id.text, said) for said in item.assumed)


def assumptions_text(ruleset: Ruleset, lang: Lang = "en") -> Group:
    """The list for people, by grade."""
    found = assumptions_of(ruleset)
    shown: list[RenderableType] = []
    for grade in dict.fromkeys(one.said.grade for one in found):
        named = pick((f"等级 {grade}", f"grade {grade}"), lang) if grade else pick(("未分级", "no grade"), lang)
        shown += [verbatim(""), verbatim(named, "bold")]
        for one in found:
            if one.said.grade == grade:
                shown += [Padding(line, (0, 0, 0, 2)) for line in _lines(one, lang)]
    total = pick((f"共 {len(found)} 项假设", f"{len(found)} assumption{'' if len(found) == 1 else 's'}"), lang)
    return Group(verbatim(f"{ruleset.name}: {total}", "bold"), *shown)


def _lines(one: Assumed, lang: Lang) -> Iterator[RenderableType]:
    """What it is of, what is said, what would settle it, where it stands."""
    said = one.said
    yield verbatim(" · ".join(part for part in (one.section, one.name, said.aspect) if part))
    yield Padding(verbatim(said.reason(lang == "zh")), (0, 0, 0, 2))
    if said.settled_by:
        cure = said.cure(lang == "zh")
        yield Padding(verbatim(pick((f"待查：{cure}", f"settled by: {cure}"), lang)), (0, 0, 0, 2))
    if said.span is not None:
        yield Padding(verbatim(str(said.span), "dim"), (0, 0, 0, 2))
