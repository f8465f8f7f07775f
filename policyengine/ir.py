"""The small language that every rule file is lowered to and every back end executes.

A ``Program`` is an ordered list of named ``Step``s over sixteen expression forms. There are no loops, no string
arithmetic, no division of money by money and no dates, so every program ends and is piecewise linear in its amounts.

Kinds of value
    ``money``  integer minor units (fen)
    ``exact``  rational minor units, not yet rounded
    ``rate``   exact rational number without a unit
    ``count``  integer
    ``flag``   true or false
    ``code``   one word out of a finite list

A step's domain is ``claim`` (one value a claim) or ``row`` (one value a fee line). Row steps may read claim steps;
claim steps read row steps only through ``Sum``.

Evaluation is lazy where it matters: ``If`` evaluates only the branch taken, ``and``/``or`` stop early. A ``Lookup``
that finds no row is an error of the claim, and only if it is really evaluated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from policyengine.errors import Span

Kind = Literal["money", "exact", "rate", "count", "flag", "code"]
Domain = Literal["claim", "row"]
Value = int | Fraction | bool | str
"""What an expression yields: int for money and count, Fraction (or int) for exact and rate, bool, str."""


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant."""

    value: Value
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Input:
    """A fact of the claim, or of the row."""

    name: str
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of an earlier step."""

    step: str
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Hist:
    """The value of a meter before this claim."""

    meter: str
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Add:
    """Sum of money/exact, of rates, or of counts."""

    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Sub:
    left: Expr
    right: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Min:
    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Max:
    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Scale:
    """Money or exact by rate: exact. Money by count: money. Rate by rate or count: rate."""

    of: Expr
    by: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Inverse:
    """One divided by a rate that is never zero."""

    of: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Round:
    """Exact to money (or count to a multiple): ``unit`` in minor units, ``mode`` one of ``money.MODES``."""

    of: Expr
    mode: str
    unit: int
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Compare:
    """``op`` is one of == != < <= > >=. Codes and flags know only == and !=."""

    op: str
    left: Expr
    right: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Logic:
    """``op`` is and, or, not."""

    op: str
    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class If:
    cond: Expr
    then: Expr
    other: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Lookup:
    """The cell of ``table``'s ``column`` in the one row that matches ``keys``."""

    table: str
    column: str
    keys: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum over the fee lines of a row expression (money, exact or count)."""

    of: Expr
    kind: Kind
    domain: Domain = "claim"


Expr = Lit | Input | Ref | Hist | Add | Sub | Min | Max | Scale | Inverse | Round | Compare | Logic | If | Lookup | Sum
FORMS = (Lit, Input, Ref, Hist, Add, Sub, Min, Max, Scale, Inverse, Round, Compare, Logic, If, Lookup, Sum)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside ``expr``."""
    match expr:
        case Add() | Min() | Max() | Logic():
            return expr.args
        case Sub() | Compare():
            return (expr.left, expr.right)
        case Scale():
            return (expr.of, expr.by)
        case Inverse() | Round() | Sum():
            return (expr.of,)
        case If():
            return (expr.cond, expr.then, expr.other)
        case Lookup():
            return expr.keys
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """``expr`` and everything inside it."""
    yield expr
    for child in children(expr):
        yield from walk(child)


# -- constructors: they fold constants and keep expressions flat; the only way front ends build expressions ------------


def domain_of(*exprs: Expr) -> Domain:
    return "row" if any(e.domain == "row" for e in exprs) else "claim"


def _wider(exprs: tuple[Expr, ...]) -> Kind:
    kinds = {e.kind for e in exprs}
    if kinds == {"money", "exact"}:
        return "exact"
    assert len(kinds) == 1, f"kinds do not agree: {sorted(kinds)}"
    return kinds.pop()


def money(minor: int) -> Lit:
    return Lit(minor, "money")


def rate(value: Fraction | int) -> Lit:
    return Lit(Fraction(value), "rate")


def count(value: int) -> Lit:
    return Lit(value, "count")


def flag(value: bool) -> Lit:
    return Lit(value, "flag")


def code(value: str) -> Lit:
    return Lit(value, "code")


ZERO = money(0)
TRUE = flag(True)
FALSE = flag(False)


def _is_zero(expr: Expr) -> bool:
    return isinstance(expr, Lit) and expr.value == 0 and expr.kind in ("money", "exact", "rate", "count")


def add(*args: Expr) -> Expr:
    kind = _wider(args)
    kept = tuple(a for a in args if not _is_zero(a))
    if not kept:
        return Lit(0, kind)
    if len(kept) == 1:
        return kept[0]
    return Add(kept, kind, domain_of(*kept))


def sub(left: Expr, right: Expr) -> Expr:
    kind = _wider((left, right))
    if _is_zero(right):
        return left
    return Sub(left, right, kind, domain_of(left, right))


def minimum(*args: Expr) -> Expr:
    return args[0] if len(args) == 1 else Min(args, _wider(args), domain_of(*args))


def maximum(*args: Expr) -> Expr:
    return args[0] if len(args) == 1 else Max(args, _wider(args), domain_of(*args))


def positive_part(expr: Expr) -> Expr:
    """``expr``, at least zero."""
    return maximum(expr, Lit(0, "money" if expr.kind == "exact" else expr.kind))


SCALED: Mapping[tuple[Kind, Kind], Kind] = {
    ("money", "rate"): "exact", ("exact", "rate"): "exact", ("money", "count"): "money", ("exact", "count"): "exact",
    ("rate", "rate"): "rate", ("rate", "count"): "rate", ("count", "count"): "count",
}  # fmt: skip


def scale(of: Expr, by: Expr) -> Expr:
    kind = SCALED.get((of.kind, by.kind))
    assert kind is not None, f"cannot scale {of.kind} by {by.kind}"
    if isinstance(by, Lit) and by.value == 1:
        return of
    if _is_zero(of) or _is_zero(by):
        return Lit(0, "money" if kind == "exact" else kind)
    return Scale(of, by, kind, domain_of(of, by))


def inverse(of: Expr) -> Expr:
    return Inverse(of, "rate", of.domain)


def rounded(of: Expr, mode: str, unit: int = 1) -> Expr:
    """Money stays as it is when the unit is one minor unit; everything else gets an explicit ``Round``."""
    if of.kind == "money" and unit == 1:
        return of
    kind: Kind = "count" if of.kind == "count" else "money"
    return Round(of, mode, unit, kind, of.domain)


def compare(op: str, left: Expr, right: Expr) -> Expr:
    return Compare(op, left, right, "flag", domain_of(left, right))


def both(*args: Expr) -> Expr:
    """Logical and."""
    kept = tuple(a for a in args if a != TRUE)
    if FALSE in kept:
        return FALSE
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else Logic("and", kept, "flag", domain_of(*kept))


def either(*args: Expr) -> Expr:
    """Logical or."""
    kept = tuple(a for a in args if a != FALSE)
    if TRUE in kept:
        return TRUE
    if not kept:
        return FALSE
    return kept[0] if len(kept) == 1 else Logic("or", kept, "flag", domain_of(*kept))


def negated(arg: Expr) -> Expr:
    if isinstance(arg, Lit):
        return flag(not arg.value)
    return Logic("not", (arg,), "flag", arg.domain)


def choose(cond: Expr, then: Expr, other: Expr) -> Expr:
    """``then`` if ``cond`` else ``other``."""
    if isinstance(cond, Lit):
        return then if cond.value else other
    if then == other:
        return then
    return If(cond, then, other, _wider((then, other)), domain_of(cond, then, other))


def lookup(table: Table, column: str, keys: tuple[Expr, ...]) -> Expr:
    kind = table.columns[table.column_names.index(column)].kind
    return Lookup(table.name, column, keys, kind, domain_of(*keys) if keys else "claim")


def total(of: Expr) -> Expr:
    """Sum over the rows."""
    if _is_zero(of):
        return Lit(0, of.kind)
    return Sum(of, of.kind)


# -- tables -----------------------------------------------------------------------------------------------------------

CodeSet = frozenset[str | bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open [low, high) of counts or minor units; ``None`` is unbounded."""

    low: int | None
    high: int | None

    def __contains__(self, value: object) -> bool:
        assert isinstance(value, int | Fraction)
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)


Pattern = CodeSet | Interval | None
"""One key cell of a table row: a set of codes or flags, an interval, or ``None`` for anything."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A finite table. ``keys`` are names for people; ``patterns[i]`` is the i-th row's key cells."""

    name: str
    keys: tuple[str, ...]
    patterns: tuple[tuple[Pattern, ...], ...]
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        return self.columns[self.column_names.index(name)]

    def row_of(self, keys: tuple[Value, ...]) -> int | None:
        """Index of the first row that matches, or ``None``."""
        for index, patterns in enumerate(self.patterns):
            if all(p is None or k in p for p, k in zip(patterns, keys, strict=True)):
                return index
        return None


# -- programs ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of policy: which source says it, and the words that say it."""

    source: str
    quote: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One named quantity. ``guard`` names the flag step under which its provision applies (empty: always).

    ``shown`` is true for quantities that a reader of the policy knows; the rest is plumbing.
    """

    name: str
    expr: Expr
    term: str = ""
    payer: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[Citation, ...] = ()
    assumed: tuple[str, ...] = ()
    guard: str = ""
    shown: bool = False
    span: Span | None = field(default=None, compare=False)

    @property
    def kind(self) -> Kind:
        return self.expr.kind

    @property
    def domain(self) -> Domain:
        return self.expr.domain


@dataclass(frozen=True, slots=True)
class InputDecl:
    """A fact the program reads: its kind, its finite ``values`` (codes) and bounds (counts, money), inclusive.

    ``open`` codes accept other words, which are read as ``other``. ``default`` is used when the claim does not state
    the fact; ``None`` makes the fact required.
    """

    name: str
    kind: Kind
    domain: Domain = "claim"
    values: tuple[str, ...] = ()
    open: bool = False
    low: int | Fraction | None = None
    high: int | Fraction | None = None
    default: Value | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Window:
    """When a meter starts again. ``kind``: visit, day, month, year, lifetime. ``starts``: (month, day) of a year."""

    name: str
    kind: str
    starts: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Meter:
    """An accumulator: what ``step`` adds, for whom (``per``: identifier facts), in which window, kept how."""

    name: str
    kind: Kind
    per: tuple[str, ...]
    window: Window
    keep: str
    step: str
    label: Mapping[str, str] = field(default_factory=dict)
    high: int = 10**13


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What one payer bears: the sum of ``steps``. ``side``: fund, hospital, patient, nobody; ``national``: its field."""

    payer: str
    side: str
    national: str
    steps: tuple[str, ...]
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A disjoint part of the bill; ``category``: in_scope, own_expense, first_share, over_limit."""

    name: str
    category: str
    gross: str
    unpaid: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A patient amount by reason."""

    reason: str
    step: str


@dataclass(frozen=True, slots=True)
class Timing:
    """Who hands money to whom, when, if ``guard`` holds. Never changes the split.

    ``settle``: ``one_stop`` (the patient pays the own share, funds repay the hospital's advance) or ``claim_later``
    (the patient pays the whole bill, funds repay the patient). ``deposit``: step of an amount, empty for none.
    ``at_discharge``: payers that settle at once under one_stop; empty means all.
    """

    provision: str
    guard: str
    settle: str
    deposit: str = ""
    at_discharge: tuple[str, ...] = ()
    cites: tuple[Citation, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """One rule file on one day of validity, ready to run. ``valid`` is [from, to) as ISO dates, empty if unbounded.

    ``national`` maps fields of the settlement message that are not sums over payers to step names.
    """

    ruleset: str
    valid: tuple[str, str]
    currency: str
    dated_by: str
    inputs: tuple[InputDecl, ...]
    tables: tuple[Table, ...]
    steps: tuple[Step, ...]
    meters: tuple[Meter, ...]
    parts: tuple[Part, ...]
    payers: tuple[PayerShare, ...]
    reasons: tuple[Reason, ...]
    timings: tuple[Timing, ...]
    national: Mapping[str, str] = field(default_factory=dict)
    bill: str = "bill"
    patient: str = "patient"

    def table(self, name: str) -> Table:
        return next(t for t in self.tables if t.name == name)

    def step(self, name: str) -> Step:
        return next(s for s in self.steps if s.name == name)
