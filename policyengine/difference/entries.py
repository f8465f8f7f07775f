"""The entries of a flattened rule file, each with what it says beside its words for people."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from policyengine.difference.model import ALWAYS, Entry
from policyengine.mechanisms.base import Provision
from policyengine.printing.values import (
    Values,
    of_course,
    of_fact,
    of_formula,
    of_layer,
    of_meter,
    of_payer,
    of_provision,
    of_rows,
    of_run,
    of_stack,
    of_window,
    rounding,
    stated,
)
from policyengine.ruleset import NEVER, CourseDecl, Dates, Layer, Parameter, Ruleset, TableDecl, in_force

WORDS: Final = ("id", "label", "cite", "assumed", "published", "replaces", "after", "before", "valid")
"""Fields that say where an entry stands, who says so, and what it is called."""

_PLAIN: Final[Mapping[str, Callable[[Any], Values]]] = {
    "facts": of_fact, "payers": of_payer, "formulas": of_formula, "windows": of_window, "meters": of_meter,
    "stacks": of_stack,
}  # fmt: skip


def entries_of(ruleset: Ruleset, day: datetime.date | None) -> tuple[Entry, ...]:
    """Every entry, in the order of the file; with ``day``, what holds on it."""
    return tuple(_entries(ruleset, day))


def _entries(ruleset: Ruleset, day: datetime.date | None) -> Iterator[Entry]:
    yield from _head(ruleset, day)
    for section, told in _PLAIN.items():
        for item in getattr(ruleset, section):
            yield Entry(section, str(item.id), _said(told(item)), label=getattr(item, "label", {}), span=_span(item.id))
    for parameter in ruleset.parameters:
        yield from _parameter(parameter, day)
    for table in _known(ruleset.tables) if day is None else _tables(ruleset, day):
        said = {"keys": table.keys, "columns": table.columns, "rows": table.rows, "gaps": table.gaps or None,
                "dated_by": table.dated_by or None}  # fmt: skip
        yield Entry("tables", str(table.id), _said(said), _days(table, day), cites=table.cites, assumed=table.assumed,
                    span=_span(table.id))  # fmt: skip
    for course in _known(ruleset.settlement) if day is None else in_force(ruleset.settlement, day):
        yield Entry("settlement", str(course.id), _said(of_course(course)), _days(course, day), cites=course.cites,
                    assumed=course.assumed, span=_span(course.id))  # fmt: skip
    for layer in _known(ruleset.layers) if day is None else in_force(ruleset.layers, day):
        said = _said(of_layer(layer, ruleset.currency))
        yield Entry("layers", str(layer.id), said, _days(layer, day), "layer", layer.label, layer.cites,
                    layer.assumed, _span(layer.id))  # fmt: skip
    for item in _known(ruleset.provisions) if day is None else in_force(ruleset.provisions, day):
        yield _provision(item, day)


def _head(ruleset: Ruleset, day: datetime.date | None) -> Iterator[Entry]:
    """What the file says as a whole."""
    one: dict[str, Any] = {
        "currency": ruleset.currency,
        "rounding": "end" if ruleset.round_end else rounding(ruleset.rounding, ruleset.currency),
        "settle_by": f"row, {ruleset.settle_by}" if ruleset.settle_by else None,
        "dated_by": ruleset.dated_by,
        "status": ruleset.status,
        "parts": tuple(p.id for p in ruleset.parts),
    }
    for name, value in stated(one).items():
        yield Entry("rule set", name, {name: value}, span=ruleset.span)
    if day is None and ruleset.valid != ALWAYS:
        yield Entry("rule set", "valid", {}, ruleset.valid, "", {}, ruleset.grounds.cites, ruleset.grounds.assumed,
                    ruleset.span)  # fmt: skip
    for at, cover in enumerate(ruleset.covers):
        name = "covers" if len(ruleset.covers) == 1 else f"covers {at + 1}"
        yield Entry("rule set", name, {"when": cover.when}, ALWAYS, "", {}, cover.cites, cover.assumed,
                    cover.span or ruleset.span)  # fmt: skip
    if ruleset.run is not None:
        yield Entry("rule set", "run", _said(of_run(ruleset.run)), span=ruleset.run.span)
    if ruleset.rows is not None:
        yield Entry("rule set", "rows", _said(of_rows(ruleset.rows)), span=ruleset.rows.span)


def _parameter(parameter: Parameter, day: datetime.date | None) -> Iterator[Entry]:
    """A parameter has an entry for each of its values; one that the caller gives has one."""
    name, label, span = str(parameter.id), parameter.label, _span(parameter.id)
    if parameter.type:
        said = {"type": parameter.type, "low": parameter.low, "high": parameter.high}
        yield Entry("parameters", name, stated(said), ALWAYS, "", label, parameter.cites, parameter.assumed, span)
        return
    every = day is None or parameter.dated_by
    for one in (v for v in parameter.values if v.valid != NEVER) if every else in_force(parameter.values, day):
        said = {"value": one.value, "dated_by": parameter.dated_by or None}
        yield Entry("parameters", name, stated(said), one.valid if every else ALWAYS, "", label,
                    one.cites or parameter.cites, one.assumed or parameter.assumed, one.span or span)  # fmt: skip


def _provision(item: Provision, day: datetime.date | None) -> Entry:
    return Entry("provisions", str(item.id), _said(of_provision(item)), _days(item, day), item.mechanism, item.label,
                 item.cites, item.assumed, _span(item.id), str(item.replaces or ""),
                 tuple(str(layer) for layer in item.layers))  # fmt: skip


def _tables(ruleset: Ruleset, day: datetime.date) -> Iterator[TableDecl]:
    held = in_force(ruleset.tables, day)
    yield from (t for t in _known(ruleset.tables) if t.dated_by or any(t is other for other in held))


def _known(items: Sequence[Any]) -> Sequence[Any]:
    """What has been published."""
    return [item for item in items if item.valid != NEVER]


def _days(item: TableDecl | CourseDecl | Layer | Provision, day: datetime.date | None) -> Dates:
    return item.valid if day is None else ALWAYS


def _said(values: Values) -> Values:
    return {key: value for key, value in stated(values).items() if key not in WORDS}


def _span(word: Any) -> Any:
    return getattr(word, "span", None)
