"""A typed rule file as a tree ready to be laid out: keys, and which there are, by the field tables that read them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args

from policyengine import expressions as ast
from policyengine.errors import Span
from policyengine.parse import ORDER
from policyengine.parse.common import DAYS, ORDERS
from policyengine.parse.provisions import layer_fields, own_fields, provision_fields
from policyengine.parse.runs import ROWS, RUN, facts_of
from policyengine.parse.sections import COVER, DATED, PARAMETER, SECTIONS, SINGLE
from policyengine.printing import values as of
from policyengine.printing.layout import Branch, Entry, Leaf, Tree
from policyengine.printing.order import TIGHT, rows_on_lines
from policyengine.printing.scalars import folds
from policyengine.ruleset import Ruleset
from policyengine.shapes import Field, ListOf, OneOrMany, Word

NODES = get_args(ast.Node)


def tree_of(ruleset: Ruleset) -> Branch:
    """The whole file."""
    sections: dict[str, Tree | None] = {**_head(ruleset), **_sections(ruleset)}
    layers = [_record(of.of_layer(x, ruleset.currency), layer_fields(ruleset.currency)) for x in ruleset.layers]
    said = [
        _record(of.of_provision(p), provision_fields(own_fields(p.mechanism)))
        for p in (*ruleset.notes, *ruleset.provisions)
    ]
    sections["layers"] = _listed(layers) if layers else None
    sections["provisions"] = _listed(said, spaced=True) if said else None
    found = [(key, value) for key in ORDER if (value := sections.get(key)) is not None]
    return Branch([Entry(key, value, [] if key in TIGHT else [""]) for key, value in found])


def _head(ruleset: Ruleset) -> dict[str, Tree | None]:
    plain = Ruleset("", {}, ruleset.span)
    stated = ruleset.stated
    out: dict[str, Any] = {
        "ruleset": ruleset.name,
        "title": of.label(ruleset.title) or None,
        "place": ruleset.place or None,
        "extends": ruleset.extends,
    }
    for key in ("status", "currency", "dated_by"):
        value = getattr(ruleset, key)
        out[key] = value if key in stated or value != getattr(plain, key) else None
    out["published"] = ruleset.published
    if "rounding" in stated or ruleset.rounding != plain.rounding:
        out["rounding"] = of.rounding(ruleset.rounding, ruleset.currency)
    if ruleset.round_end:
        out["rounding"] = f"end {of.rounding(ruleset.rounding, ruleset.currency)}"
    if ruleset.settle_by:
        out["settle_by"] = "row" if ruleset.settle_by == ORDERS[0] else {"row": ruleset.settle_by}
    if ruleset.run is not None:
        out["dated_by"] = None
    trees: dict[str, Tree | None] = {key: _value(value) for key, value in out.items() if value is not None}
    days = of.days(ruleset)
    trees["valid"] = _record(days, DAYS) if days else None
    trees["covers"] = _cover(ruleset)
    trees["run"] = _record(of.of_run(ruleset.run), RUN) if ruleset.run else None
    trees["rows"] = _open(_record(of.of_rows(ruleset.rows), ROWS)) if ruleset.rows else None
    trees["parts"] = _parts(ruleset)
    return trees


def _cover(ruleset: Ruleset) -> Tree | None:
    if not ruleset.covers:
        return None
    found = of.of_cover(ruleset.covers[0])
    return _record(found, COVER) if isinstance(found, dict) else _value(found)


def _parts(ruleset: Ruleset) -> Tree | None:
    if not ruleset.parts:
        return None
    if all(part.id.text == part.category for part in ruleset.parts):
        return _value(tuple(part.id for part in ruleset.parts))
    return _value({part.id.text: part.category for part in ruleset.parts})


def _sections(ruleset: Ruleset) -> dict[str, Tree | None]:
    made = facts_of(ruleset.rows) if ruleset.rows is not None else ()
    out: dict[str, Tree | None] = {}
    for name, (_, table) in SECTIONS.items():
        items = [item for item in getattr(ruleset, name) if item not in made]
        entries: dict[str, list[Tree]] = {}
        for item in items:
            entries.setdefault(of.name_of(item), []).append(_entry(name, of.SECTIONS[name](item), table))
        trees = {key: found[0] if len(found) == 1 else _listed(found) for key, found in entries.items()}
        out[name] = Branch([Entry(key, tree) for key, tree in trees.items()]) if trees else None
    return out


def _entry(section: str, found: Any, table: Sequence[Field]) -> Tree:
    if not isinstance(found, dict):
        return _value(found)
    if section == "parameters":
        table = SINGLE if "value" in found else PARAMETER
    tree = _record(found, table)
    for entry in tree.entries:
        if entry.key == "rows" and isinstance(entry.value, Branch):
            rows_on_lines(entry.value)
            tree.flow = False
        if entry.key == "values" and section == "parameters" and isinstance(entry.value, Branch):
            entry.value = _listed([_record(dict(value), DATED) for value in found["values"]])
    return tree


def _open(tree: Branch) -> Branch:
    tree.flow = False
    return tree


def _listed(items: Sequence[Tree], spaced: bool = False) -> Branch:
    return Branch([Entry(None, item) for item in items], is_list=True, spaced=spaced)


def _record(values: of.Values, table: Sequence[Field]) -> Branch:
    """A mapping in the order of its field table."""
    shapes = {field.name: field.shape for field in table}
    said = of.stated(values)
    assert said.keys() <= shapes.keys(), f"no field for {said.keys() - shapes.keys()}"
    return Branch([Entry(key, _value(said[key], shapes[key])) for key in shapes if key in said], flow=True)


def _value(value: Any, shape: object = None) -> Tree:
    """A value of a field, as it is read by its shape."""
    if isinstance(shape, OneOrMany | ListOf) and isinstance(value, tuple):
        if isinstance(shape, OneOrMany) and len(value) == 1:
            return _value(value[0], shape.of)
        return Branch([Entry(None, _value(inner, shape.of)) for inner in value], is_list=True, flow=True)
    match value:
        case bool():
            return Leaf("yes" if value else "no")
        case str():
            return Leaf(value, breaks=folds(value))
        case Word():
            return Leaf(value.text)
        case int():
            return Leaf(str(value))
        case datetime.date():
            return Leaf(value.isoformat())
        case _ if isinstance(value, NODES):
            return Leaf(ast.print_expression(value))
        case tuple() if value and all(_is_pair(item) for item in value):
            return Branch([Entry(key.text, _value(inner)) for key, inner in value], flow=True)
        case tuple():
            return Branch([Entry(None, _value(inner)) for inner in value], is_list=True, flow=True)
        case Mapping():
            return Branch([Entry(key, _value(inner)) for key, inner in value.items() if inner is not None], flow=True)
        case _ if is_dataclass(value):
            return _value({field.name: _part(getattr(value, field.name)) for field in fields(value)})
    raise AssertionError(f"no way to write a {type(value).__name__}")


def _is_pair(item: object) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], Word)


def _part(value: Any) -> Any:
    """A member of a record of a mechanism; places and what is not said are left out."""
    return None if value is False or isinstance(value, Span) else value
