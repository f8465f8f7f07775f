"""Claims with other facts: what a law's `otherwise`, or a condition that claims are drawn for, makes of a document."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import nearest
from policyengine.expressions.numbers import number_text
from policyengine.lawfiles.model import Compare
from policyengine.resolve import fault
from policyengine.ruleset import FactDecl, Ruleset
from policyengine.source import ScalarNode

Document = dict[str, Any]
DERIVED = ("age", "days_of_stay", "hospital_level", "total_charge", "day_of_stay")
"""Facts that follow from others of a claim."""
FLAGS: Mapping[str, bool] = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Change:
    """One fact of a claim that is otherwise: where it stands in the document, and its other value. A tag is one of a
    list: ``value`` says whether it is there."""

    fact: str
    at: tuple[str, ...]
    value: str | int | bool

    def make(self, claim: Document) -> None:
        """Changes the claim in place."""
        *outer, last = self.at
        for key in outer:
            claim = claim.setdefault(key, {})
        if last == "tags":
            kept = [tag for tag in claim.get("tags", ()) if tag != self.fact]
            claim["tags"] = sorted([*kept, self.fact]) if self.value else kept
        else:
            claim[last] = self.value


def otherwise(claim: Document, changes: Iterable[Change]) -> Document:
    """A copy of the claim with other facts."""
    found = copy.deepcopy(claim)
    for change in changes:
        change.make(found)
    return found


def changes_of(compare: Compare, ruleset: Ruleset) -> Iterator[Change]:
    """The changes that a comparison names. Raises ``RuleError`` for what cannot be otherwise."""
    names = _names(ruleset)
    for word, node in compare.otherwise:
        name = names.get(word.text)
        if name is None:
            raise fault("E796", f"claims state no fact `{word}`", word.span, "a fact of claims",
                        nearest(word.text, names))  # fmt: skip
        at = place_of(name, ruleset)
        if not at:
            text = f"`{word}` cannot be otherwise by itself"
            raise fault("E796", text, word.span, "a fact that a claim states, not of one fee line")
        yield Change(name, at, _value(_kind(name, ruleset), name, node, ruleset))


def _names(ruleset: Ruleset) -> dict[str, str]:
    found = {word: fact.id for fact in terms.FACTS.values() for word in (fact.id, fact.zh)}
    return found | {word: f.id.text for f in ruleset.facts for word in (f.id.text, *f.label.values())}


def place_of(name: str, ruleset: Ruleset) -> tuple[str, ...]:
    """Where a fact stands in the document of a claim; empty for one that follows from others, and for one of a line."""
    fact = terms.FACTS.get(name)
    if fact is not None:
        free = name not in DERIVED and fact.kind != "id" and fact.domain == "claim"
        return tuple(fact.at.split(".")) if free else ()
    own = _declared(name, ruleset)
    free = own is not None and own.of == "claim" and not own.counts and own.type not in ("", "date")
    return ("facts", name) if free else ()


def _declared(name: str, ruleset: Ruleset) -> FactDecl | None:
    return next((f for f in ruleset.facts if f.id.text == name), None)


def _kind(name: str, ruleset: Ruleset) -> str:
    own = _declared(name, ruleset)
    return terms.FACTS[name].kind if name in terms.FACTS else own.type if own is not None else ""


def _value(kind: str, name: str, node: ScalarNode, ruleset: Ruleset) -> str | int | bool:
    """The value as a claim states it. Raises ``RuleError``."""
    if kind == "flag":
        if node.text not in FLAGS:
            raise fault("E796", f"`{node.text}` is neither yes nor no", node.span, "yes or no")
        return FLAGS[node.text]
    if kind in ("code", "id"):
        return _word(name, node, ruleset)
    number = ast.parse_expression(node.text, node.span)
    if not isinstance(number, ast.Number) or _unit(number, ruleset) != kind:
        raise fault("E796", f"`{node.text}` is no value of `{name}`", node.span, {
            "money": "an amount such as 8000元", "rate": "a rate such as 75%"}.get(kind, "a count"))  # fmt: skip
    return int(number.value) if kind == "count" else number_text(number.value, "")


def _unit(number: ast.Number, ruleset: Ruleset) -> str:
    if number.unit == ruleset.currency:
        return "money"
    return {"%": "rate", "": "count"}.get(number.unit, "") if number.unit or _whole(number.value) else ""


def _whole(value: Fraction) -> bool:
    return value.denominator == 1


def _word(name: str, node: ScalarNode, ruleset: Ruleset) -> str:
    """The code that a word means, in either language."""
    words: dict[str, str] = {}
    standard, own = terms.FACTS.get(name), _declared(name, ruleset)
    for code, zh in (standard.values if standard is not None else {}).items():
        words[zh] = words[code] = code
    for word, zh in own.values if own is not None else ():
        words[str(zh)] = words[word.text] = word.text
    if node.text in words:
        return words[node.text]
    if (standard is not None and standard.open) or (own is not None and own.type == "id"):
        return node.text
    raise fault("E796", f"`{node.text}` is no value of `{name}`", node.span, "one of " + ", ".join(dict.fromkeys(
        words.values())), nearest(node.text, words))  # fmt: skip
