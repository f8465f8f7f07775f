"""The typed tree of a rule file: what each section holds, read from nodes with spans, names not yet resolved."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Span
from policyengine.mechanisms.base import Provision
from policyengine.persons import AuditRule, Entitlement, EvidenceKind
from policyengine.shapes import Word

Dates = tuple[datetime.date | None, datetime.date | None]
NEVER: Dates = (datetime.date.max, datetime.date.min)
"""The period of what holds on no day, since it was not yet published."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rule files quote. ``grade`` as in the facts sheet: S (seed), A, B, C, M, I."""

    id: Word
    title: str
    grade: str = ""
    url: str = ""
    file: str = ""
    date: str = ""
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class FactDecl:
    """A fact that the rule file declares, or the words it adds to an open code of the glossary.

    ``counts``: a count made of days, whole years, months, weeks or days from ``since`` to ``until``, or what the
    calendar says of the day ``until``.
    """

    id: Word
    type: str = ""
    values: tuple[tuple[Word, Any], ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    of: str = "claim"
    low: ast.Node | None = None
    high: ast.Node | None = None
    default: ast.Node | None = None
    counts: str = ""
    since: Word | None = None
    until: Word | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A value with its validity [from, to), the day it was published, its citations and what is assumed of it."""

    value: ast.Node
    valid: Dates = (None, None)
    published: datetime.date | None = None
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value by date; or, without values, one that the caller must give (``type``, ``low`` … ``high``)."""

    id: Word
    values: tuple[Dated, ...] = ()
    type: str = ""
    low: ast.Node | None = None
    high: ast.Node | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    replaces: bool = False
    dated_by: str = ""
    published: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class TableDecl:
    """A table as written; ``cells`` are scalars with their spans, keys first. ``dated_by``: the day that chooses among
    its versions, if it is not that of the claim."""

    id: Word
    keys: tuple[Word, ...]
    columns: tuple[Word, ...]
    rows: tuple[tuple[Word, ...], ...]
    gaps: str = ""
    valid: Dates = (None, None)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    replaces: bool = False
    dated_by: str = ""
    published: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    id: Word
    of: tuple[Word, ...]
    body: ast.Node
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WindowDecl:
    """A window as written; ``reset_when``: the condition that ends it, still to be resolved."""

    id: Word
    window: ir.Window
    reset_when: ast.Node | None = None


@dataclass(frozen=True, slots=True)
class MeterDecl:
    id: Word
    counts: tuple[ast.Node, ...]
    window: Word
    per: tuple[Word, ...] = ()
    keep: str = "sum"
    label: Mapping[str, str] = field(default_factory=dict)
    when: ast.Node | None = None
    opening: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class CourseDecl:
    """How the course of a stay goes under one ``timing``, by its id, or under ``every`` one. ``None``: not said.

    ``due``, ``within``: days after the settlement; ``instalments``: parts at most; ``default``: the fact that a
    default makes true of the person; ``repaid``: any, in_order; ``reverse``: block, subtract, readjudicate.
    """

    id: Word
    agreement: bool | None = None
    due: int | None = None
    instalments: int | None = None
    within: int | None = None
    default: Word | None = None
    repaid: str | None = None
    reverse: str | None = None
    replaces: bool = False
    valid: Dates = (None, None)
    published: datetime.date | None = None
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One payer's turn. ``on``: parts in the order they are drawn; ``base`` and ``less`` change what it looks at.

    ``per``: ``claim``, or ``row`` for a layer that runs once on every fee line. ``scope``: whose claims a layer with
    ``to_date`` takes together, identifiers; empty for those of the person.
    """

    id: Word
    payer: Word
    on: tuple[Word, ...]
    when: ast.Node | None = None
    per: str = "claim"
    base: ast.Node | None = None
    less: tuple[ast.Node, ...] = ()
    to_date: Word | None = None
    scope: tuple[Word, ...] = ()
    rounding: tuple[str, int] | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    after: Word | None = None
    before: Word | None = None
    valid: Dates = (None, None)
    published: datetime.date | None = None

    @property
    def by_row(self) -> bool:
        return self.per == "row"


@dataclass(frozen=True, slots=True)
class Stack:
    """How several additions to one slot combine: ``sum`` or ``best``, at most ``add_at_most``, ``up_to`` a value."""

    id: Word
    combine: str = "sum"
    add_at_most: ast.Node | None = None
    up_to: ast.Node | None = None


@dataclass(frozen=True, slots=True)
class PayerDecl:
    id: Word
    side: str
    national: str
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartDecl:
    id: Word
    category: str


@dataclass(frozen=True, slots=True)
class RunDecl:
    """A run over earlier settlements. ``each``: member, household, population; ``over``: a window of a month or a year;
    ``after``: month_end, year_end."""

    each: str
    over: Word
    after: str
    span: Span


@dataclass(frozen=True, slots=True)
class FieldDecl:
    """What a row of a run says. ``source``: what of the settlement it is; ``None`` where rows are handed in."""

    id: Word
    type: str
    source: Word | None = None
    values: tuple[tuple[Word, Any], ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowsDecl:
    """What the rows of a run are. ``group_by``: ``None`` for a row a settlement, empty for one row of all."""

    of: tuple[Word, ...]
    bill: ast.Node
    fields: tuple[FieldDecl, ...]
    group_by: tuple[Word, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class Cover:
    """Whom and what a rule file is for: a condition on facts. Claims for which it does not hold are refused."""

    when: ast.Node
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    replaces: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """Who states the days of a rule file, and what of them is assumed.

    ``attested``: the days on which sources show the file in force; every other day rests on what is assumed. Where it
    is not stated, no day does.
    """

    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    attested: Dates = (None, None)

    def assumed_on(self, day: datetime.date | None) -> tuple[ir.Assumption, ...]:
        """What it rests on that the file is in force on ``day``; ``None`` stands for a day before every date."""
        return () if self.attested == (None, None) or holds(self.attested, day) else self.assumed


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A rule file, flattened if it extends another. ``files``: (shown name, SHA-256) of everything it was read from.

    ``published``: the day of every parameter value, table, layer and provision of the file that states none of its own.
    ``round_end``: nothing is rounded before the end. ``settle_by``: the order of
    fee lines that are settled one after the other (``service_date``, ``position``), empty for a claim as a whole.
    ``place``: the code of the place whose rules these are, never a parent's.
    ``grounds``: what is said of ``valid``. ``covers``: all of these hold for every claim that is settled.
    ``status_at``: where the status is stated.
    """

    name: str
    title: Mapping[str, str]
    span: Span
    place: str = ""
    extends: Word | None = None
    currency: str = "CNY"
    rounding: tuple[str, int] = ("half_up", 1)
    round_end: bool = False
    settle_by: str = ""
    dated_by: str = "discharge_date"
    valid: Dates = (None, None)
    grounds: Grounds = Grounds()
    published: datetime.date | None = None
    status: str = "approved"
    status_at: Span | None = None
    covers: tuple[Cover, ...] = ()
    sources: tuple[Source, ...] = ()
    facts: tuple[FactDecl, ...] = ()
    parts: tuple[PartDecl, ...] = ()
    payers: tuple[PayerDecl, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    tables: tuple[TableDecl, ...] = ()
    formulas: tuple[Formula, ...] = ()
    windows: tuple[WindowDecl, ...] = ()
    meters: tuple[MeterDecl, ...] = ()
    stacks: tuple[Stack, ...] = ()
    settlement: tuple[CourseDecl, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    audit: tuple[AuditRule, ...] = ()
    layers: tuple[Layer, ...] = ()
    provisions: tuple[Provision, ...] = ()
    notes: tuple[Provision, ...] = ()
    run: RunDecl | None = None
    rows: RowsDecl | None = None
    files: tuple[tuple[str, str], ...] = ()
    stated: frozenset[str] = frozenset()

    def cut_points(self) -> tuple[datetime.date, ...]:
        """Every day on which something starts or stops to hold for a claim, rising. Versions that the day of a fee line
        chooses among hold for every claim."""
        dated: list[Dates] = [self.valid, self.grounds.attested]
        dated += [d.valid for p in self.parameters if not p.dated_by for d in p.values]
        dated += [t.valid for t in self.tables if not t.dated_by]
        dated += (
            [p.valid for p in self.provisions] + [x.valid for x in self.layers] + [c.valid for c in self.settlement]
        )
        return tuple(sorted({day for dates in dated if dates != NEVER for day in dates if day is not None}))


def holds(valid: Dates, day: datetime.date | None) -> bool:
    """Whether [from, to) contains ``day``; ``None`` stands for a day before every date."""
    start, end = valid
    if day is None:
        return start is None
    return (start is None or start <= day) and (end is None or day < end)


Versioned = TypeVar("Versioned", Dated, TableDecl, CourseDecl, Layer, Provision, Entitlement, AuditRule)


def in_force(items: Sequence[Versioned], day: datetime.date | None) -> tuple[Versioned, ...]:
    """What holds on ``day``, in order; of several versions of one thing only the one that was published last."""
    holding = [item for item in items if holds(item.valid, day)]
    last: dict[str, datetime.date] = {}
    for item in holding:
        name = _name(item)
        last[name] = max(last.get(name, datetime.date.min), item.published or datetime.date.min)
    return tuple(item for item in holding if (item.published or datetime.date.min) == last[_name(item)])


def pairs_of(items: Iterable[Provision]) -> Iterator[tuple[Provision, Provision]]:
    """Every two provisions that can hold on one day; versions of one never do."""
    return ((one, two) for one, two in itertools.combinations(items, 2) if one.id.text != two.id.text)


def _name(item: Dated | TableDecl | CourseDecl | Layer | Provision | Entitlement | AuditRule) -> str:
    """Under what name versions compete; the values of one parameter have none of their own."""
    return "" if isinstance(item, Dated) else item.id.text
