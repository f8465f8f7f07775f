"""Names: none twice, none for nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import Diagnostic, Span
from policyengine.resolve import FUNCTIONS
from policyengine.ruleset import FactDecl, Ruleset
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
        versions = _told_apart(ruleset, section)
        for item in getattr(ruleset, section):
            name: Word = item.id
            if name.text in GLOSSARY and section != "parts":
                yield Diagnostic("E401", f"`{name}` is the name of a fact", name.span, hint="choose another name")
            if section == "formulas" and name.text in FUNCTIONS:
                yield Diagnostic("E401", f"`{name}` is the name of a function", name.span, hint="choose another name")
            twice = None if section == "tables" or name.span in versions else here.get(name.text)
            if twice is not None or name.text in seen:
                first = twice or seen[name.text][1]
                related = (("the other one is here", first),)
                yield Diagnostic("E401", f"`{name}` is the name of two things", name.span, related=related)
            here.setdefault(name.text, name.span)
        seen.update({name: (section, span) for name, span in here.items()})


def undeclarable(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E596: a fact whose name means something else already, or that says more of a fact of the glossary than words."""
    in_rows = {f.id.span for f in ruleset.rows.fields} if ruleset.rows is not None else set()
    for fact in (f for f in ruleset.facts if f.id.span not in in_rows or f.id.text not in GLOSSARY):
        known, name = terms.FACTS.get(fact.id.text), fact.id
        if name.text in terms.RESERVED:
            message = f"a fact cannot be called `{name}`: the word means {terms.RESERVED[name.text]}"
            hint = "the words that are taken stand under “Reserved words” in docs/reference/terms.md"
            yield Diagnostic("E596", message, name.span, "a name of its own", hint)
        elif known is not None and replace(fact, values=(), label={}) != FactDecl(name, ""):
            message = f"`{name}` is a fact of the glossary; its type, bounds and default are known"
            yield Diagnostic(
                "E596", message, name.span, "its `values` at most", "a fact of your own needs another name"
            )
        elif known is not None and fact.values and not known.open:
            message = f"`{name}` is a code of the glossary with {len(known.values)} words, and takes no others"
            yield Diagnostic(
                "E596", message, name.span, ", ".join(known.values), "a code of your own needs another name"
            )


def _told_apart(ruleset: Ruleset, section: str) -> frozenset[Span]:
    """The names of layers and provisions of which no other version was published on the same day."""
    if section not in ("layers", "provisions"):
        return frozenset()
    entries = [(item.id, item.published) for item in getattr(ruleset, section)]
    times = Counter((name.text, day) for name, day in entries)
    return frozenset(name.span for name, day in entries if times[name.text, day] == 1)


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
    """W410: what a rule file declares and nothing uses. What has a label is told to people, which is a use, except for
    parameters and tables. Of a rule set that extends another, only its own file is looked at."""
    used = _names_used(ruleset)
    for section, items in _declared(ruleset):
        for item in items:
            told = section in ("meter", "definition", "formula") and getattr(item, "label", None)
            if not told and used[item.id.text] <= (item.id.text in names_of(item)):
                yield _unused(f"the {section} `{item.id}`", item.id.span)
    yield from _unused_windows(ruleset, used)
    yield from _unused_columns(ruleset, used)
    yield from _empty_parts(ruleset)
    yield from _unused_sources(ruleset)


def _unused(what: str, span: Span) -> Diagnostic:
    return Diagnostic("W410", f"nothing uses {what}", span, severity="warning")


def _declared(ruleset: Ruleset) -> Iterator[tuple[str, Sequence[Any]]]:
    """What stands in the rule set's own file, by section; a parent's entry cannot be taken out by a child."""
    defines = [p for p in ruleset.provisions if p.mechanism == "define"]
    facts = [f for f in ruleset.facts if not f.label or f.id.text in terms.FACTS]
    items: dict[str, Sequence[Any]] = {
        "parameter": ruleset.parameters, "table": ruleset.tables, "formula": ruleset.formulas, "meter": ruleset.meters,
        "definition": defines, "fact": facts, "stack": ruleset.stacks, "payer": ruleset.payers,
        "evidence": ruleset.evidence,
    }  # fmt: skip
    return ((section, _own(ruleset, found)) for section, found in items.items())


def _own(ruleset: Ruleset, items: Iterable[Any]) -> list[Any]:
    """Those that stand in the rule set's own file."""
    return [item for item in items if item.id.span.file == ruleset.span.file]


def _unused_windows(ruleset: Ruleset, used: Counter[str]) -> Iterator[Diagnostic]:
    for window in _own(ruleset, ruleset.windows):
        if not used[window.id.text]:
            yield _unused(f"the window `{window.id}`", window.id.span)


def _unused_columns(ruleset: Ruleset, used: Counter[str]) -> Iterator[Diagnostic]:
    for table in _own(ruleset, ruleset.tables):
        for column in table.columns if used[table.id.text] else ():
            if not used[f"{table.id}.{column}"]:
                yield _unused(f"the column `{table.id}.{column}`", column.span)


def _empty_parts(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """A part that a layer looks at and nothing puts an amount into. The last one takes what is left; one that no layer
    looks at may be there for rule sets that extend this one, since the parts are those of the parent."""
    filled = {p.values["to"].text for p in ruleset.provisions if isinstance(p.values.get("to"), Word)}
    for layer in ruleset.layers:
        for part in layer.on:
            if part.text not in filled and part.text in {p.id.text for p in ruleset.parts[:-1]}:
                message = f"nothing puts an amount into the part `{part}`, which the layer `{layer.id}` looks at"
                yield Diagnostic("W410", message, part.span, severity="warning")


def _unused_sources(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """A document that nothing in the file cites, and no assumption names."""
    sections = ("covers", "tables", "settlement", "layers", "provisions", "notes", "parameters", "entitlements",
                "audit")  # fmt: skip
    items = [ruleset.grounds, *(item for section in sections for item in getattr(ruleset, section))]
    items += [dated for parameter in ruleset.parameters for dated in parameter.values]
    cited = {cite.source for item in items for cite in item.cites}
    cited |= {word for item in items for why in item.assumed for word in re.findall(r"\w+", str(why))}
    for source in _own(ruleset, ruleset.sources):
        if source.id.text not in cited:
            yield _unused(f"the source `{source.id}`", source.id.span)


def _names_used(ruleset: Ruleset) -> Counter[str]:
    """How many entries use each name."""
    sections = ("covers", "facts", "parameters", "tables", "formulas", "windows", "meters", "stacks", "settlement",
                "layers", "provisions", "entitlements", "audit")  # fmt: skip
    entries = (item for section in sections for item in getattr(ruleset, section))
    return Counter(name for item in entries for name in names_of(item))


def names_of(item: Any) -> set[str]:
    """The names that an entry uses."""
    return {name for field in fields(item) if field.name != "id" for name in names_in(getattr(item, field.name))}
