"""Slips in one sentence of policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from policyengine import expressions as ast
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.mechanisms.fund_share import Bands
from policyengine.mutation.days import of_days
from policyengine.mutation.model import Change
from policyengine.mutation.nodes import NODES, Variant, variants, written
from policyengine.shapes import Word

_TAKEN: Final = ("cites", "assumed", "label")


def of_provision(provision: Provision, tags: tuple[str, ...]) -> Iterator[Variant]:
    """A provision with one slip; ``None`` in its place: it is left out."""
    yield Change("dropped", provision.id.span, provision.id.text), None
    yield from _condition(provision, tags)
    for name, value in provision.values.items():
        for change, other in variants(value, tags):
            yield change, _with(provision, name, other)
    yield from _keys(provision)
    if isinstance(bands := provision.values.get("fund_share"), Bands):
        yield from _bands(provision, bands)
    added = provision.values.get("add")
    if isinstance(added, ast.Number) and added.unit == "pp":
        factor = ast.Number(1 + added.value, "%", added.span)
        values = {name: value for name, value in provision.values.items() if name not in ("add", "stack")}
        change = Change("relative", added.span, f"add: {written(added)}", f"scale: {written(factor)}")
        yield change, replace(provision, values={**values, "scale": factor})
    for change, valid in of_days(provision.valid, provision.id.span):
        yield change, replace(provision, valid=valid)


def _with(provision: Provision, name: str, value: Any) -> Provision:
    return replace(provision, values={**provision.values, name: value})


def _condition(provision: Provision, tags: tuple[str, ...]) -> Iterator[Variant]:
    when = provision.when
    if when is None:
        return
    yield Change("always", when.span, f"when: {written(when)}"), replace(provision, when=None)
    other = when.arg if isinstance(when, ast.Unary) and when.op == "not" else ast.Unary("not", when, when.span)
    change = Change("negated", when.span, f"when: {written(when)}", f"when: {written(other)}")
    yield change, replace(provision, when=other)
    for inside, node in variants(when, tags):
        if not (node == other and inside.kind == "negated"):
            yield inside, replace(provision, when=node)


def _keys(provision: Provision) -> Iterator[Variant]:
    """A key that may be left out, left out: a meter (once a year becomes each time), what a ceiling limits …"""
    mechanism = BY_KEY.get(provision.mechanism)
    for field in mechanism.fields if mechanism is not None else ():
        if field.required or field.name not in provision.values or field.name in _TAKEN:
            continue
        value = provision.values[field.name]
        span = getattr(value, "span", provision.id.span)
        values = {name: kept for name, kept in provision.values.items() if name != field.name}
        yield Change("field", span, f"{field.name}: {_text(value)}".strip()), replace(provision, values=values)


def _text(value: Any) -> str:
    if isinstance(value, NODES):
        return written(value)
    return value.text if isinstance(value, Word) else value if isinstance(value, str) else ""


def _bands(provision: Provision, bands: Bands) -> Iterator[Variant]:
    """A band left out; bands that rule the whole base read as slices, or the other way round; no position."""
    for at, (edge, share) in enumerate(bands.bands) if len(bands.bands) > 1 else ():
        fewer = replace(bands, bands=(*bands.bands[:at], *bands.bands[at + 1 :]))
        text = f"[{written(edge)}, {written(share)}]"
        yield Change("dropped", edge.span, text), _with(provision, "fund_share", fewer)
    span = bands.span or provision.id.span
    if bands.position is not None:
        change = Change("field", bands.position.span, f"position: {written(bands.position)}")
        yield change, _with(provision, "fund_share", replace(bands, position=None))
    turned = replace(bands, whole=not bands.whole)
    words = {True: "whole: yes", False: "whole: no"}
    yield Change("field", span, words[bands.whole], words[turned.whole]), _with(provision, "fund_share", turned)
