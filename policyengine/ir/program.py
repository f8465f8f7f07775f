"""Steps, meters, payers: a rule file on one day of validity, ready to run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from policyengine.errors import Span
from policyengine.ir.assumption import Assumption
from policyengine.ir.forms import Domain, Expr, Kind, Ref, Value, walk
from policyengine.ir.meters import Meter, Window
from policyengine.ir.tables import Table


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
    assumed: tuple[Assumption, ...] = ()
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
class Days:
    """A count that follows from days of the claim: whole ``measure`` (years, months, weeks, days) from ``since`` to
    ``until``, or what the calendar says of the day ``until`` (month_of_year …; ``since`` is empty then)."""

    measure: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class DayDecl:
    """A day that claims, or their fee lines, state under ``facts``; the program reads only counts made of it."""

    name: str
    domain: Domain = "claim"
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InputDecl:
    """A fact the program reads: its kind, its finite ``values`` (codes) and bounds (counts, money), inclusive.

    ``open`` codes accept other words, which are read as ``other``. ``default`` is used when the claim does not state
    the fact; ``None`` makes the fact required. ``aliases``: other words for values, each with the value it means.
    ``label``: what the rule file calls the fact. ``summed``: the sum over the rows keeps the limit of one claim, too.
    ``days``: the claim does not state it, it is counted from days. ``opaque``: the other words of an open code are ids
    of their own, so that none is a misspelling. ``reason``: why the rule file leaves the value to the caller.
    ``grid``: a rate is a whole multiple of one part in so many (0: of a millionth).
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
    aliases: tuple[tuple[str, str], ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    summed: bool = False
    days: Days | None = None
    opaque: bool = False
    reason: str = ""
    grid: int = 0


@dataclass(frozen=True, slots=True)
class PayerShare:
    """What one payer bears: the sum of ``steps``. ``side``: fund, hospital, patient, nobody.

    ``rows``: steps of what the payer bears of each fee line, for those amounts that are known line by line.
    """

    payer: str
    side: str
    national: str
    steps: tuple[str, ...]
    label: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A disjoint part of the bill; ``category``: in_scope, own_expense, first_share, over_limit.

    Names of steps: ``gross``, its gross amount; ``unpaid``, what no layer has paid of it; ``held``, the gross and
    what was moved in, less what was moved out, empty if nothing ever is. ``row``: the gross amount of each fee line in
    it, empty if no line can have any; ``row_unpaid``: what the layers that act line by line have left of that.
    """

    name: str
    category: str
    gross: str
    unpaid: str
    held: str = ""
    row: str = ""
    row_unpaid: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """What one layer on the whole claim pays: of which parts, and who, in the order of paying. ``parts`` and ``payers``
    are names with the steps that hold their amounts; both sum to what the layer pays. ``moves``: part, part, step of
    what it then moves from one to the other."""

    layer: str
    parts: tuple[tuple[str, str], ...]
    payers: tuple[tuple[str, str], ...]
    moves: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LineShare:
    """Where the amounts of one fee line stand that was settled by itself: names of steps. ``bill``: the line's amount;
    ``payers``: what each bears; ``patient``: the rest; ``parts``: what went to each; ``first_share``: what layers set
    aside as first share, empty if none does."""

    bill: str
    payers: tuple[tuple[str, tuple[str, ...]], ...]
    patient: str
    parts: tuple[tuple[str, str], ...]
    first_share: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """A patient amount by reason."""

    reason: str
    step: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A deductible, ceiling or own-cost cap of one layer: how much there is of it, and what uses it up.

    ``kind``: deductible, ceiling, base_ceiling (of the cost that is looked at), own_cost_cap. ``limit``: the money step
    that states it, adjustments included. ``meter``: what earlier claims used of it and this one uses; empty for a limit
    of each claim, of which this claim uses the money step ``used``. ``guard``: the flag step under which it applies
    (empty: always). A limit that several layers share has an entry for each.
    """

    provision: str
    kind: str
    layer: str
    limit: str
    used: str
    meter: str = ""
    guard: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision or a layer that applies under the flag step ``guard`` only. ``kind``: its mechanism, or ``layer``.

    One that acts in several layers has an entry for each.
    """

    id: str
    kind: str
    guard: str
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[Citation, ...] = ()
    assumed: tuple[Assumption, ...] = ()


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
    assumed: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """How stays go under the timing ``timing``, a provision (empty: under every one, and where there is none). Read by
    nothing that settles.

    ``agreement``: one is signed before the settlement. ``due``: days after it by which the own share is paid;
    ``instalments``: in how many parts at most (``None``: any number), the last ``within`` so many days. ``default``: a
    fact that a default makes true of the person, empty for none. ``repaid``: ``in_order`` of the layers, or ``any``.
    ``reverse``: what becomes of later settlements when an earlier one is taken back: ``block``, ``subtract``,
    ``readjudicate``.
    """

    timing: str = ""
    agreement: bool = False
    due: int = 0
    instalments: int | None = None
    within: int | None = None
    default: str = ""
    repaid: str = "any"
    reverse: str = "block"
    cites: tuple[Citation, ...] = ()
    assumed: tuple[Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class RunField:
    """What a row of a run says: ``kind`` (a kind of value, or id) and what of a settlement it is (empty: handed in)."""

    name: str
    kind: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """How the claims of a run are made of earlier settlements.

    ``each``: member, household, population. ``after``: month_end, year_end. ``of``: rule sets, or
    ``settlements``, or ``given``. ``group_by``: ``None`` for a row a settlement. ``bill``: the field that a row is
    about, empty if it is an expression; ``step`` has the bill of each row. ``rows``: the meter of rows counted.
    """

    each: str
    window: Window
    after: str
    of: tuple[str, ...]
    fields: tuple[RunField, ...]
    group_by: tuple[str, ...] | None
    bill: str
    step: str = "row.bill"
    rows: str = "run.rows"

    @property
    def scope(self) -> tuple[str, ...]:
        """The identifiers of whom the meter of rows is kept for."""
        return {"member": ("person_id",), "household": ("household_id",)}.get(self.each, ())


@dataclass(frozen=True, slots=True)
class Grant:
    """A sum to the person outside the bill: in no part, no split, no national field.

    ``step`` holds the amount, zero where the grant is not given. ``label`` is that of the payer.
    """

    provision: str
    payer: str
    step: str
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Program:
    """One rule file on one day of validity, ready to run. ``valid`` is [from, to) as ISO dates, empty if unbounded.

    ``covers``: the flag step, if any, that must hold; claims for which it does not are outside the rule set.
    ``national`` maps fields of the settlement message that are not sums over payers to step names. ``declared``: facts
    of the rule file that this program does not read; a claim may state them. ``stated``: inputs with amounts paid
    elsewhere, each with the step that must hold all of it. ``limits``: what is limited, in the order of the layers.
    ``run``: for a run over earlier settlements. ``days``: days that claims may state beyond the glossary.
    ``grants``: sums to the person outside the bill. ``bill``: the step that holds the bill, which the price of the case
    may have restated; ``margins``: parts with the steps of what was added to them.
    ``draws``: what the layers on the whole claim pay, in the order of paying. ``first_shares``: what layers set aside
    as first share, by part, each with its step (of the claim or of the fee lines). ``rules``: what does not apply to
    every claim.
    ``settle_by``: how the fee lines are ordered that are settled one after the other, ``service_date`` or ``position``;
    empty if a claim is settled as a whole. ``lines``: of such a claim written out, where each line's amounts stand.
    ``courses``: how stays go under each timing.
    ``known``: the days, [from, to), on which the rules were known so; empty at an end without a publication.
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
    covers: str = ""
    bill: str = "bill"
    margins: tuple[tuple[str, str], ...] = ()
    patient: str = "patient"
    declared: tuple[InputDecl, ...] = ()
    stated: tuple[tuple[str, str], ...] = ()
    limits: tuple[Limit, ...] = ()
    run: Run | None = None
    days: tuple[DayDecl, ...] = ()
    grants: tuple[Grant, ...] = ()
    draws: tuple[Draw, ...] = ()
    first_shares: tuple[tuple[str, str], ...] = ()
    rules: tuple[Rule, ...] = ()
    known: tuple[str, str] = ("", "")
    settle_by: str = ""
    lines: tuple[LineShare, ...] = ()
    courses: tuple[Course, ...] = ()

    def course(self, timing: str) -> Course:
        """How the course of a stay goes under a timing."""
        every = next((c for c in self.courses if not c.timing), Course())
        return next((c for c in self.courses if c.timing == timing), every)

    def table(self, name: str) -> Table:
        return next(t for t in self.tables if t.name == name)

    def step(self, name: str) -> Step:
        return next(s for s in self.steps if s.name == name)


def reached(exprs: Iterable[Expr], steps: Mapping[str, Step]) -> dict[str, Step]:
    """Those of ``steps`` that expressions rest on, directly or through others."""
    found: dict[str, Step] = {}
    waiting = list(exprs)
    while waiting:
        for expr in walk(waiting.pop()):
            if isinstance(expr, Ref) and expr.step in steps and expr.step not in found:
                found[expr.step] = steps[expr.step]
                waiting.append(steps[expr.step].expr)
    return found
