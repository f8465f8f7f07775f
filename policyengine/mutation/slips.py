"""Every slip that is made in one rule file: what an author, a clerk or a programmer may get wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from policyengine import expressions as ast
from policyengine.mechanisms.base import Provision
from policyengine.mutation.clauses import of_provision
from policyengine.mutation.days import of_days, of_values
from policyengine.mutation.model import Change, Mutant
from policyengine.mutation.nodes import Variant, shifted, variants, written
from policyengine.mutation.reading import known_tags
from policyengine.ruleset import Layer, MeterDecl, Parameter, Ruleset, TableDecl
from policyengine.shapes import Word

NOBODY = "none"
"""The payer of a layer that only computes."""
MODES = {"half_up": "down", "half_even": "half_up", "half_down": "half_up", "up": "half_up", "down": "half_up"}


class Named(Protocol):
    @property
    def id(self) -> Word: ...


T = TypeVar("T")
Of = Callable[[Any, tuple[str, ...]], Iterator[Variant]]


def mutants(ruleset: Ruleset, parents: Sequence[Ruleset] = ()) -> Iterator[Mutant]:
    """Every mutant of one rule file as it stands, without what it extends. ``parents``: the files that it extends, for
    the groups of people that they name."""
    tags = known_tags((ruleset, *parents))
    yield from _file(ruleset, tags)
    for section, what, of in SECTIONS:
        items = getattr(ruleset, section)
        for at, item in enumerate(items):
            for change, other in of(item, tags):
                changed = (*items[:at], *(() if other is None else (other,)), *items[at + 1 :])
                yield Mutant(change, f"{what} {item.id}", changed_in(ruleset, section, changed))
    yield from _in_another_order(ruleset)


def changed_in(item: T, name: str, value: Any) -> T:
    """A typed thing with another value of one attribute."""
    changes: dict[str, Any] = {name: value}
    return replace(item, **changes)  # type: ignore[type-var]


def _file(ruleset: Ruleset, tags: tuple[str, ...]) -> Iterator[Mutant]:
    """What is said of the whole file: whom it covers, from when, how it rounds."""
    for at, cover in enumerate(ruleset.covers):
        others = (*ruleset.covers[:at], *ruleset.covers[at + 1 :])
        span = cover.span or ruleset.span
        yield Mutant(Change("dropped", span, written(cover.when)), "covers", replace(ruleset, covers=others))
        for change, when in variants(cover.when, tags):
            covers = (*ruleset.covers[:at], replace(cover, when=when), *ruleset.covers[at + 1 :])
            yield Mutant(change, "covers", replace(ruleset, covers=covers))
    for change, valid in of_days(ruleset.valid, ruleset.span):
        yield Mutant(change, "valid", replace(ruleset, valid=valid))
    if "rounding" in ruleset.stated or ruleset.extends is None:
        mode, unit = ruleset.rounding
        change = Change("rounding", ruleset.span, mode, MODES[mode])
        yield Mutant(change, "rounding", replace(ruleset, rounding=(MODES[mode], unit)))
    if ruleset.rows is not None:
        for change, bill in variants(ruleset.rows.bill, tags):
            yield Mutant(change, "rows", replace(ruleset, rows=replace(ruleset.rows, bill=bill)))


def _layer(layer: Layer, tags: tuple[str, ...]) -> Iterator[Variant]:
    yield Change("dropped", layer.id.span, layer.id.text), None
    if layer.when is not None:
        yield Change("always", layer.when.span, f"when: {written(layer.when)}"), replace(layer, when=None)
        yield _not(layer.when, lambda when: replace(layer, when=when))
    for name in ("base", "to_date", "rounding"):
        stated = getattr(layer, name)
        if stated is not None:
            text = written(stated) if name == "base" else str(stated)
            yield (
                Change("field", getattr(stated, "span", layer.id.span), f"{name}: {text}"),
                changed_in(layer, name, None),
            )
    for at, amount in enumerate(layer.less):
        fewer = (*layer.less[:at], *layer.less[at + 1 :])
        yield Change("field", amount.span, f"less: {written(amount)}"), replace(layer, less=fewer)
    if len(layer.on) > 1:
        turned = tuple(reversed(layer.on))
        yield Change("order", layer.on[0].span, _words(layer.on), _words(turned)), replace(layer, on=turned)
        for at, part in enumerate(layer.on):
            fewer_parts = (*layer.on[:at], *layer.on[at + 1 :])
            yield Change("field", part.span, f"on: {part}"), replace(layer, on=fewer_parts)
    yield from _inside(layer, ("when", "base", "less"), tags)
    yield from _held(layer)


def _words(words: Sequence[Word]) -> str:
    return ", ".join(word.text for word in words)


def _not(node: ast.Node, made: Callable[[ast.Node], Any]) -> Variant:
    other = node.arg if isinstance(node, ast.Unary) and node.op == "not" else ast.Unary("not", node, node.span)
    return Change("negated", node.span, f"when: {written(node)}", f"when: {written(other)}"), made(other)


def _inside(item: Any, names: Sequence[str], tags: tuple[str, ...]) -> Iterator[Variant]:
    """Slips inside the expressions of some attributes."""
    for name in names:
        for change, other in variants(getattr(item, name), tags):
            yield change, changed_in(item, name, other)


def _held(item: Layer | TableDecl) -> Iterator[Variant]:
    for change, valid in of_days(item.valid, item.id.span):
        yield change, replace(item, valid=valid)


def _parameter(parameter: Parameter, tags: tuple[str, ...]) -> Iterator[Variant]:
    for at, dated in enumerate(parameter.values):
        for change, value in variants(dated.value, tags):
            values = (*parameter.values[:at], replace(dated, value=value), *parameter.values[at + 1 :])
            yield change, replace(parameter, values=values)
    yield from of_values(parameter)


def _table(table: TableDecl, _: tuple[str, ...]) -> Iterator[Variant]:
    """A row left out, a number in a cell beside what it is, one of the words of a key left out."""
    for at, row in enumerate(table.rows):
        change = Change("dropped", row[0].span, ", ".join(cell.text for cell in row))
        yield change, replace(table, rows=(*table.rows[:at], *table.rows[at + 1 :]))
        for place, cell in enumerate(row):
            for kind, text in _cells(cell, place < len(table.keys)):
                other = (*row[:place], Word(text, cell.span), *row[place + 1 :])
                rows = (*table.rows[:at], other, *table.rows[at + 1 :])
                yield Change(kind, cell.span, cell.text, text), replace(table, rows=rows)
    yield from _held(table)


def _cells(cell: Word, is_key: bool) -> Iterator[tuple[str, str]]:
    yield from shifted(cell.text, cell.span)
    words = cell.text.split("|") if is_key else []
    for at in range(len(words)) if len(words) > 1 else ():
        yield "option", "|".join((*words[:at], *words[at + 1 :]))


def _meter(meter: MeterDecl, tags: tuple[str, ...]) -> Iterator[Variant]:
    if meter.window.text != "visit":
        visit = replace(meter, window=Word("visit", meter.window.span))
        yield Change("window", meter.window.span, f"in: {meter.window}", "in: visit"), visit
    if meter.window.text != "lifetime":
        life = replace(meter, window=Word("lifetime", meter.window.span))
        yield Change("window", meter.window.span, f"in: {meter.window}", "in: lifetime"), life
    if meter.when is not None:
        yield Change("always", meter.when.span, f"when: {written(meter.when)}"), replace(meter, when=None)
    for at, counted in enumerate(meter.counts) if len(meter.counts) > 1 else ():
        fewer = (*meter.counts[:at], *meter.counts[at + 1 :])
        yield Change("field", counted.span, f"counts: {written(counted)}"), replace(meter, counts=fewer)
    for at, who in enumerate(meter.per) if len(meter.per) > 1 else ():
        yield Change("field", who.span, f"per: {who}"), replace(meter, per=(*meter.per[:at], *meter.per[at + 1 :]))
    yield from _inside(meter, ("counts", "when"), tags)


def _formula(formula: Any, tags: tuple[str, ...]) -> Iterator[Variant]:
    yield from _inside(formula, ("body",), tags)


def _stack(stack: Any, tags: tuple[str, ...]) -> Iterator[Variant]:
    other = "best" if stack.combine == "sum" else "sum"
    yield (
        Change("arithmetic", stack.id.span, f"combine: {stack.combine}", f"combine: {other}"),
        replace(stack, combine=other),
    )
    for name in ("add_at_most", "up_to"):
        stated = getattr(stack, name)
        if stated is not None:
            yield Change("field", stated.span, f"{name}: {written(stated)}"), changed_in(stack, name, None)
    yield from _inside(stack, ("add_at_most", "up_to"), tags)


def _window(window: Any, _: tuple[str, ...]) -> Iterator[Variant]:
    held = window.window
    for length in (held.length - 1, held.length + 1) if held.length > 1 else ():
        other = replace(window, window=replace(held, length=length))
        yield Change("window", window.id.span, f"{held.length} × {held.unit}", f"{length} × {held.unit}"), other
    month, day = held.starts
    if held.kind == "year" and held.starts != (1, 1):
        turned = replace(window, window=replace(held, starts=(1, 1)))
        yield Change("window", window.id.span, f"starts: {month:02}-{day:02}", "starts: 01-01"), turned


def _fact(fact: Any, _: tuple[str, ...]) -> Iterator[Variant]:
    """A fact that the claim need not state, taken for one that is otherwise."""
    if isinstance(fact.default, ast.Name) and fact.default.text in ("yes", "no", "true", "false"):
        other = {"yes": "no", "no": "yes", "true": "false", "false": "true"}[fact.default.text]
        node = replace(fact.default, text=other)
        yield (
            Change("negated", fact.default.span, f"default: {fact.default.text}", f"default: {other}"),
            replace(fact, default=node),
        )


SECTIONS: tuple[tuple[str, str, Of], ...] = (
    ("facts", "fact", _fact),
    ("parameters", "parameter", _parameter),
    ("tables", "table", _table),
    ("formulas", "formula", _formula),
    ("windows", "window", _window),
    ("meters", "meter", _meter),
    ("stacks", "stack", _stack),
    ("layers", "layer", _layer),
    ("provisions", "provision", of_provision),
    ("notes", "provision", of_provision),
)


def _in_another_order(ruleset: Ruleset) -> Iterator[Mutant]:
    """Neighbours exchanged: layers, the payers of layers, clauses of one layer, sentences that sort the bill."""
    layers = ruleset.layers
    for at, (one, two) in enumerate(pairwise(layers)):
        if {w.text for w in one.on} & {w.text for w in two.on}:
            turned = (*layers[:at], two, one, *layers[at + 2 :])
            yield Mutant(_turned(one, two), f"layer {one.id}", replace(ruleset, layers=turned))
        if one.payer.text != two.payer.text and NOBODY not in (one.payer.text, two.payer.text):
            swapped = (*layers[:at], replace(one, payer=two.payer), replace(two, payer=one.payer), *layers[at + 2 :])
            change = Change("payer", one.payer.span, one.payer.text, two.payer.text)
            yield Mutant(change, f"layer {one.id}", replace(ruleset, layers=swapped))
    yield from _sentences_turned(ruleset)


def _sentences_turned(ruleset: Ruleset) -> Iterator[Mutant]:
    last: dict[tuple[str, ...], int] = {}
    provisions = ruleset.provisions
    for at, provision in enumerate(provisions):
        key = _place(provision)
        if key and key in last:
            before = last[key]
            turned = list(provisions)
            turned[before], turned[at] = turned[at], turned[before]
            change = _turned(provisions[before], provision)
            yield Mutant(change, f"provision {provisions[before].id}", replace(ruleset, provisions=tuple(turned)))
        if key:
            last[key] = at


def _place(provision: Provision) -> tuple[str, ...]:
    """Among which sentences the order counts; nothing where it does not."""
    if provision.mechanism == "classify":
        return ("classify",)
    return ("layer", *(layer.text for layer in provision.layers)) if provision.layers else ()


def _turned(one: Named, two: Named) -> Change:
    return Change("order", one.id.span, f"{one.id}, {two.id}", f"{two.id}, {one.id}")
