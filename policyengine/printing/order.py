"""The tree of a rule file in the order of the field tables: keys sorted, rows on one line, prose that may break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.fund_share import BANDS
from policyengine.parse import HEAD, ORDER
from policyengine.parse.common import DAYS
from policyengine.parse.evidence import ASSUMPTION, Assumed
from policyengine.parse.provisions import NOTES, layer_fields, own_fields, provision_fields
from policyengine.parse.runs import ROWS, RUN
from policyengine.parse.sections import COVER, DATED, PARAMETER, SECTIONS, SINGLE
from policyengine.printing.layout import Branch, Entry, Leaf, Tree
from policyengine.printing.scalars import folds
from policyengine.shapes import Either, Field, ListOf, MapOf, OneOrMany, Record, Text

TIGHT = set(HEAD) - {"parts", "rows"}
"""Keys that stand close together at the head of a file; above every other one there is an empty line."""

KINDS = {*BY_KEY, *(note.name for note in NOTES)}


def arranged(root: Branch) -> None:
    """Puts a whole file in order."""
    sort(root, ORDER)
    for entry in root.entries:
        _section(entry)
        if entry.key not in TIGHT:
            entry.before = entry.before if entry.before[:1] == [""] else ["", *entry.before]


def _section(entry: Entry) -> None:
    key, tree = entry.key or "", entry.value
    if not isinstance(tree, Branch):
        return
    if key in SECTIONS:
        for inner in tree.entries:
            _named(key, inner.value, SECTIONS[key][1])
    elif key in ("layers", "provisions"):
        tree.spaced = key == "provisions"
        for inner in tree.entries:
            if isinstance(inner.value, Branch):
                record(inner.value, layer_fields("CNY") if key == "layers" else _fields_of(inner.value))
    else:
        table = {"valid": DAYS, "covers": COVER, "run": RUN, "rows": ROWS}.get(key)
        if table is not None:
            record(tree, table)


def _named(section: str, tree: Tree, table: Sequence[Field]) -> None:
    """An entry of a section; tables have versions, parameters several forms."""
    if not isinstance(tree, Branch):
        return
    if tree.is_list:
        for version in tree.entries:
            _named(section, version.value, DATED if section == "parameters" else table)
        return
    if section == "parameters":
        table = SINGLE if any(e.key == "value" for e in tree.entries) else PARAMETER
    record(tree, table)
    for entry in tree.entries:
        if section == "tables" and entry.key == "rows" and isinstance(entry.value, Branch):
            rows_on_lines(entry.value)
        if section == "parameters" and entry.key == "values" and isinstance(entry.value, Branch):
            for dated in entry.value.entries:
                if isinstance(dated.value, Branch):
                    record(dated.value, DATED)


def rows_on_lines(rows: Branch) -> None:
    """Every row of a table stands on a line of its own."""
    rows.flow = False
    for row in rows.entries:
        if isinstance(row.value, Branch):
            row.value.flow = row.value.always = True


def _fields_of(tree: Branch) -> tuple[Field, ...]:
    kind = next(entry.key for entry in tree.entries if entry.key in KINDS)
    return provision_fields(own_fields(kind or ""))


def sort(tree: Branch, keys: Sequence[str]) -> None:
    at = {key: index for index, key in enumerate(keys)}
    tree.entries.sort(key=lambda entry: at[entry.key or ""])


def record(tree: Branch, table: Sequence[Field]) -> None:
    """A mapping in the order of its field table, and so what it holds."""
    shapes: Mapping[str, Any] = {field.name: field.shape for field in table}
    sort(tree, list(shapes))
    for entry in tree.entries:
        _value(entry.value, shapes[entry.key or ""])


def _assumed(tree: Branch) -> None:
    """Assumptions: a list, in full, or texts by aspect."""
    if not tree.is_list and any(entry.key == "why" for entry in tree.entries):
        record(tree, ASSUMPTION)
        return
    for entry in tree.entries:
        _value(entry.value, Assumed())


def _value(tree: Tree, shape: Any) -> None:
    if isinstance(tree, Leaf):
        prose = isinstance(shape, Text | Assumed) or (isinstance(shape, Either) and isinstance(shape.single, Text))
        tree.breaks = tree.breaks or (prose and folds(tree.text))
        return
    match shape:
        case Assumed():
            _assumed(tree)
        case Either():
            _value(tree, shape.listing if tree.is_list else shape.mapping)
        case OneOrMany() | ListOf() if tree.is_list:
            for item in tree.entries:
                _value(item.value, shape.of)
        case MapOf() if not tree.is_list:
            for entry in tree.entries:
                _value(entry.value, shape.of)
        case Record():
            record(tree, shape.fields)
        case _ if any(entry.key == "bands" for entry in tree.entries):
            record(tree, BANDS.fields)
