"""Bands of a share in words: from where to where each reaches, and literals of the rule file with their units."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

from policyengine import expressions as ast
from policyengine.mechanisms.base import Provision
from policyengine.money import exponent_of, rate_text
from policyengine.render.subject import Subject
from policyengine.render.voice import Voice
from policyengine.report.amounts import amount_words
from policyengine.report.names import plain
from policyengine.report.statements import value_text
from policyengine.ruleset import in_force
from policyengine.settlement import label_of

Bands = tuple[tuple[ast.Node, ast.Node], ...]

DEEPEST: Final = 16
"""How many names of quantities are looked up one in the other."""


def bands_of(provision: Provision) -> Bands:
    """The bands of a share, each with its lower edge; nothing for a share without bands."""
    found: Bands = getattr(provision.values.get("fund_share"), "bands", ())
    return found


def band_words(provision: Provision, at: int, voice: Voice) -> str:
    """From where to where a band reaches."""
    bands = bands_of(provision)
    low = _edge_words(bands[at][0], voice)
    if at + 1 == len(bands):
        return voice.say(f"{low}以上部分", f"of the part above {low}")
    high = _edge_words(bands[at + 1][0], voice)
    return voice.say(f"{low}至{high}部分", f"of the part from {low} to {high}")


def _edge_words(edge: ast.Node, voice: Voice) -> str:
    """An edge as a figure of the day where the rule file alone decides it, else by what it is called."""
    worth = _worth(voice.subject, edge, DEEPEST)
    if worth is not None:
        return value_words_of(worth, voice.subject.currency, voice)
    if not isinstance(edge, ast.Name):
        return value_text(edge)
    table, _, column = edge.text.partition(".")
    if edge.text in voice.titles:
        return voice.say(
            f"{voice.titles[table]}“{voice.titles[edge.text]}”栏", f"column “{plain(column)}” of {voice.titles[table]}"
        )
    found = next((p for p in voice.subject.provisions if p.id.text == edge.text), None)
    return plain(edge.text) if found is None else label_of(found.label, voice.lang, plain(edge.text))


def _worth(subject: Subject, node: ast.Node, deepest: int) -> ast.Number | None:
    """The figure that values in force and defined quantities come to; nothing if a fact, a table or a meter decides."""
    match node:
        case ast.Number():
            return node
        case ast.Name(text=name) if deepest:
            stated = _stated(subject, name)
            return None if stated is None else _worth(subject, stated, deepest - 1)
        case ast.Binary(op=op, left=left, right=right) if op in ("of", "*", "+", "-"):
            one, other = _worth(subject, left, deepest), _worth(subject, right, deepest)
            return None if one is None or other is None else _reckoned(op, one, other)
        case _:
            return None


def _stated(subject: Subject, name: str) -> ast.Node | None:
    """What the rule file says that a name is, on the day of the page."""
    parameter = next((p for p in subject.ruleset.parameters if p.id.text == name), None)
    if parameter is not None:
        values = in_force(parameter.values, subject.day)
        return values[-1].value if values else None
    found = next((p for p in subject.provisions if p.id.text == name and p.mechanism == "define"), None)
    if found is None or found.when is not None:
        return None
    stated: ast.Node = found.values["define"]
    return stated


def _reckoned(op: str, one: ast.Number, other: ast.Number) -> ast.Number | None:
    """A share of an amount, or amounts of one unit added or subtracted."""
    if op in ("+", "-"):
        value = one.value + other.value if op == "+" else one.value - other.value
        return ast.Number(value, one.unit, one.span) if one.unit == other.unit else None
    plain_units = ("%", "")
    if one.unit not in plain_units and other.unit not in plain_units:
        return None
    unit = other.unit if one.unit in plain_units else one.unit
    return ast.Number(one.value * other.value, unit, one.span)


def value_words_of(value: Any, currency: str, voice: Voice) -> str:
    """A literal of a rule file with its unit; anything else as its author wrote it."""
    match value:
        case ast.Number(value=number, unit=unit) if unit == currency:
            return amount_words(number * Fraction(10) ** exponent_of(currency), currency, voice.lang)
        case ast.Number(value=number, unit="%"):
            return rate_text(number)
        case ast.Number(value=number, unit="pp"):
            points = rate_text(number).removesuffix("%")
            return voice.say(f"{points}个百分点", f"{points} points")
        case ast.Name(text="true"):
            return voice.say("是", "yes")
        case ast.Name(text="false"):
            return voice.say("否", "no")
        case _:
            return value_text(value)
