"""Names: none twice, none for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import Diagnostic, Span
from policyengine.ruleset import Ruleset
from policyengine.shapes import Word

SECTIONS = ("parts", "parameters", "tables", "formulas", "meters", "layers", "provisions")
GLOSSARY = {name for f in terms.FACTS.values() for name in (f.id, f.zh, *f.aliases)}


def duplicates(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E401: one name for two things. A table may have several versions by date."""
    seen: dict[str, tuple[str, Span]] = {}
    own = {f.id.text: ("facts", f.id.span) for f in ruleset.facts if f.id.text not in terms.FACTS}
    seen.update(own)
    for field in ruleset.rows.fields if ruleset.rows is not None else ():
        if field.id.text in GLOSSARY:
            yield Diagnostic("E401", f"`{field.id}` is the name of a fact", field.id.span, hint="choose another name")
    for fact in ruleset.facts:
        if seen.get(fact.id.text, ("", fact.id.span))[1] != fact.id.span:
            related = (("the other one is here", fact.id.span),)
            yield Diagnostic("E401", f"`{fact.id}` is the name of two things", seen[fact.id.text][1], related=related)
    for section in SECTIONS:
        here: dict[str, Span] = {}
        for item in getattr(ruleset, section):
            name: Word = item.id
            if name.text in GLOSSARY and section != "parts":
                yield Diagnostic("E401", f"`{name}` is the name of a fact", name.span, hint="choose another name")
            twice = here.get(name.text) if section != "tables" else None
            if twice is not None or name.text in seen:
                first = twice or seen[name.text][1]
                related = (("the other one is here", first),)
                yield Diagnostic("E401", f"`{name}` is the name of two things", name.span, related=related)
            here.setdefault(name.text, name.span)
        seen.update({name: (section, span) for name, span in here.items()})


def names_in(value: Any) -> Iterator[str]:
    """Every name that an entry uses: in its expressions, and as a word that refers to something."""
    match value:
        case ast.Name():
            yield value.text
            yield value.text.partition(".")[0]
        case ast.Call():
            yield value.function
        case Word():
            yield value.text.partition(".")[0]
            yield value.text
    if isinstance(value, tuple | list):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from names_in(item)
    elif is_dataclass(value) and not isinstance(value, Word | Span):
        for field in fields(value):
            yield from names_in(getattr(value, field.name))


def unused(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W410: a parameter, table, formula, meter or definition that nothing uses. What has a label is told to people,
    which is a use; except for parameters and tables."""
    used = _names_used(ruleset)
    defines = tuple(p for p in ruleset.provisions if p.mechanism == "define")
    for section, items in (
        ("parameter", ruleset.parameters),
        ("table", ruleset.tables),
        ("formula", ruleset.formulas),
        ("meter", ruleset.meters),
        ("definition", defines),
    ):
        for item in items:
            told = section in ("meter", "definition", "formula") and getattr(item, "label", None)
            if not told and used[item.id.text] <= (item.id.text in names_of(item)):
                yield Diagnostic("W410", f"nothing uses the {section} `{item.id}`", item.id.span, severity="warning")


def _names_used(ruleset: Ruleset) -> Counter[str]:
    """How many entries use each name."""
    sections = ("facts", "parameters", "tables", "formulas", "meters", "stacks", "layers", "provisions")
    return Counter(name for section in sections for item in getattr(ruleset, section) for name in names_of(item))


def names_of(item: Any) -> set[str]:
    """The names that an entry uses."""
    return {name for field in fields(item) if field.name != "id" for name in names_in(getattr(item, field.name))}
