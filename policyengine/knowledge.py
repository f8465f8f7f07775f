"""The second clock: what of a rule file had been published by a day.

A rule file is seen as it was known before anything else happens to it, so that parent and child of an ``extends`` are
seen on the same day. What was not yet published stays in its place, since others may stand before or after it, and
holds on no day (``NEVER``). Declarations (facts, meters, formulas, windows, payers) say nothing by themselves and are
always known.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from policyengine.mechanisms.base import Provision
from policyengine.persons import AuditRule, Entitlement
from policyengine.ruleset import NEVER, CourseDecl, Dated, Layer, Parameter, Ruleset, TableDecl

Item = Dated | TableDecl | CourseDecl | Layer | Provision
BEFORE_ALL = datetime.date.min
"""A day on which only what states no day of publication was known."""


def dated(ruleset: Ruleset) -> Ruleset:
    """Everything of the file that states no day of publication has that of the file, or for a value its parameter's."""
    day = ruleset.published
    return replace(
        ruleset,
        parameters=tuple(_dated_parameter(p, p.published or day) for p in ruleset.parameters),
        tables=tuple(replace(t, published=t.published or day) for t in ruleset.tables),
        settlement=tuple(replace(c, published=c.published or day) for c in ruleset.settlement),
        layers=tuple(replace(x, published=x.published or day) for x in ruleset.layers),
        provisions=tuple(replace(p, published=p.published or day) for p in ruleset.provisions),
        notes=tuple(replace(n, published=n.published or day) for n in ruleset.notes),
        entitlements=tuple(replace(e, published=e.published or day) for e in ruleset.entitlements),
        audit=tuple(replace(a, published=a.published or day) for a in ruleset.audit),
    )


def _dated_parameter(parameter: Parameter, day: datetime.date | None) -> Parameter:
    values = tuple(replace(v, published=v.published or day) for v in parameter.values)
    return replace(parameter, values=values, published=day)


def items(ruleset: Ruleset) -> Iterator[Item]:
    """Everything that has a day of publication, in the order of the file."""
    for parameter in ruleset.parameters:
        yield from parameter.values
    yield from ruleset.tables
    yield from ruleset.settlement
    yield from ruleset.layers
    yield from ruleset.provisions
    yield from ruleset.notes


def publications(rulesets: tuple[Ruleset, ...]) -> tuple[datetime.date, ...]:
    """The days on which something of the files was published, rising."""
    stated = {item.published for ruleset in rulesets for item in items(ruleset)}
    stated |= {p.published for ruleset in rulesets for p in ruleset.parameters if p.type}
    return tuple(sorted(day for day in stated if day is not None))


def as_known(ruleset: Ruleset, day: datetime.date) -> Ruleset:
    """The file (not yet flattened) as it was known at the end of ``day``."""

    def known(item: Item | Parameter | Entitlement | AuditRule) -> bool:
        return item.published is None or item.published <= day

    return replace(
        ruleset,
        parameters=tuple(
            replace(p, values=tuple(v for v in p.values if known(v)))
            for p in ruleset.parameters if p.values or known(p)
        ),
        tables=tuple(t if known(t) else replace(t, valid=NEVER) for t in ruleset.tables),
        settlement=tuple(c if known(c) else replace(c, valid=NEVER) for c in ruleset.settlement),
        layers=tuple(x if known(x) else replace(x, valid=NEVER) for x in ruleset.layers),
        provisions=tuple(p if known(p) else replace(p, valid=NEVER) for p in ruleset.provisions),
        notes=tuple(n for n in ruleset.notes if known(n)),
        entitlements=tuple(e if known(e) else replace(e, valid=NEVER) for e in ruleset.entitlements),
        audit=tuple(a if known(a) else replace(a, valid=NEVER) for a in ruleset.audit),
    )  # fmt: skip


def says_something(ruleset: Ruleset) -> bool:
    """Whether any layer and any provision of a file (flattened, as known on some day) had been published."""
    layers, provisions = ([x.valid for x in found] for found in (ruleset.layers, ruleset.provisions))
    return all(not found or set(found) != {NEVER} for found in (layers, provisions))
