"""Evidence: every value says who states it or that it is assumed, and every citation names a source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine.check.wording import trees
from policyengine.errors import Diagnostic, nearest
from policyengine.mechanisms.base import Provision
from policyengine.money import rate_text
from policyengine.ruleset import Ruleset
from policyengine.shapes import Word

NOUNS = {"audit": "audit rule", "settlement": "course"}


def _entries(ruleset: Ruleset) -> Iterator[tuple[str, Word, Any]]:
    """Everything that needs evidence: what it is, its name, and what carries the evidence."""
    for cover in ruleset.covers:
        yield "condition", Word("covers", cover.span or ruleset.span), cover
    for parameter in ruleset.parameters:
        for dated in parameter.values:
            yield "value of the parameter", parameter.id, dated
        if not parameter.values:
            yield "parameter", parameter.id, parameter
    for section in ("tables", "settlement", "layers", "provisions", "notes", "entitlements", "audit"):
        for item in getattr(ruleset, section):
            yield NOUNS.get(section, section.removesuffix("s")), item.id, item


def evidence(ruleset: Ruleset) -> Iterator[Any]:
    """Everything that carries citations."""
    yield ruleset.grounds
    for _, _, item in _entries(ruleset):
        yield item


def unknown_sources(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E402: a citation of a source that the file does not name."""
    known = [s.id.text for s in ruleset.sources]
    for item in evidence(ruleset):
        for cite in item.cites:
            if cite.source not in known:
                message = f"there is no source `{cite.source}`"
                yield Diagnostic("E402", message, cite.span, "an id under `sources:`", nearest(cite.source, known))


def uncited(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W411: a value with neither a citation nor a word on what is assumed."""
    for what, name, item in _entries(ruleset):
        if not item.cites and not item.assumed:
            span = getattr(item, "span", None) or name.span
            message = f"nobody is cited for the {what} `{name}`"
            yield Diagnostic("W411", message, span, "`cite:` or `assumed:`", severity="warning")


NUMBER = re.compile(r"(\d[\d,，]*(?:\.\d+)?)\s*(个百分点|%|％|万元|元)")
UNITS = {"个百分点": ("rate", Fraction(1, 100)), "%": ("rate", Fraction(1, 100)), "％": ("rate", Fraction(1, 100)),
         "万元": ("money", Fraction(10_000)), "元": ("money", Fraction(1))}  # fmt: skip
Figure = tuple[str, Fraction]


def restated_otherwise(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W431: a sentence that is said to repeat a provision, and names other figures than that provision."""
    provisions = {p.id.text: p for p in ruleset.provisions}
    for note in (n for n in ruleset.notes if n.mechanism == "restates"):
        target = provisions.get(note.values["restates"].text)
        said = {figure for cite in note.cites for figure in figures_of(cite.quote)}
        stated = set() if target is None else set(_stated(target))
        if target is not None and said and stated and said.isdisjoint(stated):
            message = f"`{note.id}` is said to repeat `{target.id}`, but names {_listed(said)}, not {_listed(stated)}"
            hint = "`replaces:` puts a new provision in its place"
            yield Diagnostic("W431", message, note.id.span, "", hint, "warning", (("the provision", target.id.span),))


def figures_of(quote: str) -> Iterator[Figure]:
    """The rates and amounts that a sentence names."""
    for digits, unit in NUMBER.findall(quote):
        kind, factor = UNITS[unit]
        yield kind, Fraction(digits.replace(",", "").replace("，", "")) * factor


def _stated(provision: Provision) -> Iterator[Figure]:
    """The rates and amounts that a provision itself states."""
    for tree in trees(provision.values):
        for node in ast.walk(tree):
            if isinstance(node, ast.Number) and node.unit:
                yield ("rate" if node.unit in ("%", "pp") else "money"), node.value


def _listed(figures: set[Figure]) -> str:
    texts = (rate_text(value) if kind == "rate" else f"{value}元" for kind, value in sorted(figures))
    return ", ".join(texts)
