"""What every mechanism file is made of: its field table, its provision, and the frame it works in.

A mechanism is front-end sugar. It reads one kind of provision and lowers it to steps; no back end knows it exists.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import RuleError, Span
from policyengine.money import rate_text
from policyengine.resolve import fault
from policyengine.shapes import Field, Word


@dataclass(frozen=True, slots=True)
class Provision:
    """One sentence of policy. ``values`` are the fields of its mechanism, read but not yet resolved."""

    id: Word
    mechanism: str
    values: Mapping[str, Any]
    layers: tuple[Word, ...] = ()
    when: ast.Node | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    valid: tuple[datetime.date | None, datetime.date | None] = (None, None)
    published: datetime.date | None = None
    replaces: Word | None = None
    overrides: tuple[Word, ...] = ()
    after: Word | None = None
    before: Word | None = None
    origin: str = ""
    span: Span | None = None

    def at(self, name: str) -> Span:
        """The best place to point at for a fault in field ``name``."""
        value = self.values.get(name)
        span = getattr(value, "span", None)
        return span if isinstance(span, Span) else self.id.span


class Maker(Protocol):
    """What mechanisms ask of lowering: names resolved, slots adjusted, steps made."""

    rounding: tuple[str, int]
    currency: str

    def amount(self, node: ast.Node, *kinds: ir.Kind, row: bool = False) -> ir.Expr:
        """A field's expression as IR; kinds default to money or exact. It may be a value of a fee line where fee lines
        are at work, or with ``row``."""

    def rounded(self, amount: ir.Expr) -> ir.Expr:
        """An amount in whole coins, rounded as the rule file says; as it is where nothing is rounded before the end."""

    def slot(self, provision: Provision, stated: ir.Expr, key: str = "") -> ir.Expr:
        """A provision's principal quantity after all adjustments of it, as a step of its own."""

    def step(self, name: str, expr: ir.Expr, of: Provision | None = None, **marks: Any) -> ir.Expr:
        """A named step; returns a reference to it."""

    def guard(self, provision: Provision) -> ir.Expr:
        """Whether the provision applies to this claim: its layer is on and its ``when`` holds."""

    def used(self, meter: Word) -> ir.Expr:
        """What a meter held before this claim."""

    def define(self, provision: Provision) -> ir.Expr:
        """The quantity that a ``define`` names; lowered when its name is first needed."""

    def paid_of(self, part: str) -> ir.Expr:
        """What layers have paid of a part so far."""

    def still_open(self, part: Word) -> None:
        """Raises ``RuleError`` for a name that is no part, or a part of which nobody can say any longer what is unpaid
        of the line at work."""

    def counted(self, meter: Word, layer: str, besides: frozenset[str] = frozenset()) -> ir.Expr:
        """What layers before ``layer`` have already added to a meter with this claim, ``besides`` those on any of these
        parts."""

    def keep(self, name: str, window: Word, amount: ir.Expr) -> None:
        """A meter of the provision itself: it sums ``amount`` for the person over ``window``."""

    def held(self, meter: str, window: Word, kind: ir.Kind = "money") -> ir.Expr:
        """What a meter in ``window`` held before this claim; nothing, if the window begins anew with this claim."""

    def is_part(self, name: Word) -> bool:
        """Whether it names a part of the bill."""

    def left_by(self, layer: Word, amount: str) -> ir.Expr:
        """An amount that a layer has left; zero where it has not acted."""

    def bare(self, bindings: Mapping[str, ir.Expr]) -> Any:
        """A context manager in which the given names (``base``, ``left`` …) have a meaning."""


def share_of(make: Maker, node: ast.Node) -> ir.Expr:
    """A share of money: a rate; one written down must lie between 0 % and 100 %."""
    share = make.amount(node, "rate")
    if isinstance(node, ast.Number) and node.unit == "pp":
        raise fault(
            "E342", "points are added to a share; a share itself is a percentage", node.span, "a share such as 5%"
        )
    if isinstance(share, ir.Lit) and isinstance(node, ast.Number) and node.value > 1:
        meant = rate_text(node.value / 10) if node.value <= 10 else "85%"
        raise fault("E350", "the share is above 100%", node.span, "a share such as 85%", f"did you mean `{meant}`?")
    return share


def no_order_of_lines(what: str, span: Span) -> RuleError:
    """The fault of what counts from one fee line to the next in a layer that has no order of them."""
    message = f"{what} counts from line to line, and a layer with `per: row` has no order of the lines"
    hint = "`settle_by: row` settles the lines one after the other"
    return fault("E361", message, span, "a clause that looks at one line alone", hint)


@dataclass(slots=True)
class Draw:
    """A labelled amount that the patient keeps, by part. ``label``: deductible, over_base, a set-aside's own.

    ``of``: the provision that sets it aside; ``to``: the part that it is moved into, if it leaves its own.
    """

    label: str
    by_part: dict[str, ir.Expr]
    of: str = ""
    to: Word | None = None


@dataclass(slots=True)
class Segment:
    """A slice of the running base and the share that the fund pays of it."""

    amount: ir.Expr
    share: ir.Expr


@dataclass(frozen=True, slots=True)
class Room:
    """One limit: its stated amount after adjustments, and what is left of it, which is never below zero."""

    limit: ir.Expr
    left: ir.Expr
    meter: str = ""


@dataclass(slots=True)
class Ceiling:
    """A limit on the payable, to be applied after rounding: the least of ``rooms``, which is ``room``.

    ``shared``: what earlier layers under the same ceiling took of it.
    """

    provision: Provision
    room: ir.Expr
    converts: bool
    rooms: tuple[Room, ...]
    shared: ir.Expr = ir.ZERO


@dataclass(frozen=True, slots=True)
class Split:
    """Who pays what of the payable: payers with their shares, or with the amounts in proportion to which they pay.

    ``remainder``: the payer who takes what rounding leaves; empty where each coin of it goes to the largest remainder.
    ``if_none``: the payer who pays all where all amounts are nothing.
    """

    provision: Provision
    shares: tuple[tuple[Word, ir.Expr], ...]
    remainder: str
    if_none: str = ""

    @property
    def by_amounts(self) -> bool:
        return self.shares[0][1].kind != "rate"


@dataclass(slots=True)
class Frame:
    """A layer while it runs: the running base by part, the payable so far, what the patient keeps and why.

    ``layer`` is how the names of its steps begin. ``by_row``: it acts on one fee line, and all its amounts are those of
    the line. ``inverted``: a ceiling of the layer is converted to cost, so that its shares are divided by.
    """

    layer: str
    make: Maker
    on: ir.Expr
    running: dict[str, ir.Expr]
    payable: ir.Expr = ir.ZERO
    draws: list[Draw] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    ceilings: list[Ceiling] = field(default_factory=list)
    split: Split | None = None
    inverted: bool = False
    limits: list[ir.Limit] = field(default_factory=list)
    by_row: bool = False

    @property
    def base(self) -> ir.Expr:
        """The running base over all parts."""
        return ir.add(*self.running.values())

    def base_of(self, parts: Iterable[str]) -> ir.Expr:
        return ir.add(*(self.running[p] for p in parts))

    def pays(self, amount: ir.Expr) -> None:
        self.payable = ir.add(self.payable, amount)

    def take(
        self, of: Provision, amount: ir.Expr, label: str, parts: Iterable[str] | None = None, to: Word | None = None
    ) -> None:
        """Set ``amount`` (not more than the running base of ``parts``) aside, drawn from the parts in order.

        Raises ``RuleError`` after a share: the share has been taken of a base that this would still lower.
        """
        if self.segments:
            message = "a clause that lowers the base stands after the share, which is of the base before it"
            hint = "move it before the share; an amount off what is paid is a `set_aside` with `from: payable`"
            raise fault("E338", message, of.id.span, "the order deductible, set-asides, share, ceiling", hint)
        drawn, left, name = dict[str, ir.Expr](), amount, of.id.text
        chosen = list(parts or self.running)
        for index, part in enumerate(chosen):
            share = left if len(chosen) == 1 else ir.minimum(left, self.running[part])
            suffix = "" if len(chosen) == 1 else f".{part}"
            drawn[part] = self.make.step(f"{name}{suffix}.taken", share) if suffix else share
            if index + 1 < len(chosen):
                left = self.make.step(f"{name}.{part}.rest", ir.sub(left, drawn[part]))
            self.running[part] = self.make.step(
                f"{self.layer}.base_after_{name}{suffix}", ir.sub(self.running[part], drawn[part])
            )
        self.draws.append(Draw(label, drawn, name, to))


Lower = Callable[[Provision, Any], Any]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """``place``: ``row`` (classify), ``case`` (before the layers), ``layer`` (a clause), ``free`` (order-free).

    ``adjustable``: whether it has a quantity that ``adjust`` can change.
    """

    key: str
    zh: str
    en: str
    doc: str
    place: str
    fields: tuple[Field, ...]
    lower: Lower
    example: str = ""
    adjustable: bool = True
