"""The result of settling one claim: who bears what, why, and what the accumulators hold now.

A settlement is a view on the values of all steps; it is made once, checks its own sums, and computes words, decimals
and messages only when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from policyengine import ir, terms
from policyengine.ir.printer import Printer, formula, printer_of
from policyengine.money import decimal_of, exponent_of
from policyengine.settlement.values import Write, writer, written

if TYPE_CHECKING:
    from policyengine.claim import Claim, History, Key
    from policyengine.rulebook import Rulebook
    from policyengine.settlement.grants import Granted
    from policyengine.settlement.limits import LimitUse
    from policyengine.settlement.lines import LineSplit

Raw = int | bool | str | Fraction | tuple[Any, ...]


@dataclass(frozen=True)
class Layout:
    """Where a program's answers stand among the values of its steps. Made once a program."""

    program: ir.Program
    denominators: tuple[int, ...]
    index: Mapping[str, int]
    shares: tuple[tuple[str, tuple[int, ...]], ...]
    reasons: tuple[tuple[str, int], ...]
    bill: int
    patient: int
    exponent: int

    @classmethod
    def of(cls, program: ir.Program, denominators: tuple[int, ...]) -> Layout:
        index = {step.name: i for i, step in enumerate(program.steps)}
        shares = tuple((p.payer, tuple(index[s] for s in p.steps)) for p in program.payers)
        reasons = tuple((r.reason, index[r.step]) for r in program.reasons)
        exponent = exponent_of(program.currency)
        return cls(program, denominators, index, shares, reasons, index[program.bill], index[program.patient], exponent)

    @cached_property
    def printer(self) -> Printer:
        return printer_of(self.program)

    @cached_property
    def writers(self) -> tuple[Write, ...]:
        """How the values of each step are written."""
        steps = zip(self.program.steps, self.denominators, strict=True)
        return tuple(writer(step.kind, denominator, self.exponent) for step, denominator in steps)

    @cached_property
    def formulas(self) -> tuple[str | None, ...]:
        """The text of every step, except of those that look a table up: theirs shows the keys of the claim."""
        looks_up = [any(isinstance(e, ir.Lookup) for e in ir.walk(s.expr)) for s in self.program.steps]
        return tuple(
            None if looks else formula(step.expr, self.printer)
            for step, looks in zip(self.program.steps, looks_up, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Payment:
    """``amount`` goes from one to another at ``when``: admission, discharge, after_discharge."""

    payer: str
    payee: str
    amount: Decimal
    when: str
    why: str = ""
    cites: tuple[ir.Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the reckoning. ``value`` is a text; ``formula`` is canonical and can be recomputed from the trace."""

    name: str
    kind: ir.Kind
    value: str | tuple[str, ...]
    formula: str
    term: str
    payer: str
    label: Mapping[str, str]
    cites: tuple[ir.Citation, ...]
    assumed: tuple[str, ...]
    applied: bool
    shown: bool
    place: str


class Origin(Protocol):
    """Where a settlement comes from: what the engine settled it with."""

    @property
    def book(self) -> Rulebook:
        """The rule set it was settled by."""

    @property
    def parameters(self) -> Mapping[str, object] | None:
        """The parameters that the caller gave."""

    @property
    def known_on(self) -> date | None:
        """The day as of which the rules were known; ``None``: everything in the rule files."""

    @property
    def preliminary(self) -> bool:
        """Whether nothing is consumed."""

    def before(self) -> History | None:
        """The accumulators before the claim."""

    def after(self) -> History:
        """The accumulators after the claim."""

    def held(self) -> Mapping[Key, int]:
        """What every meter held before the claim, by the row that the claim is counted in."""

    def counted_in(self) -> Mapping[str, Key]:
        """The row in which each meter has counted the claim."""

    def facts(self) -> Facts:
        """What the program read of the claim and of the history."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Inputs by name, fee lines, and what each meter held: exact values as programs take them."""

    inputs: Mapping[str, ir.Value]
    rows: tuple[Mapping[str, ir.Value], ...]
    used: Mapping[str, int]


class Settlement:
    """One claim's payable split. Amounts are exact ``Decimal``s in whole currency units.

    Not made by callers: ``policyengine.settle`` makes it.
    """

    __slots__ = ("claim", "layout", "origin", "values")

    def __init__(self, layout: Layout, claim: Claim, values: tuple[Raw, ...], origin: Origin) -> None:
        self.layout, self.claim, self.values, self.origin = layout, claim, values, origin
        borne = values[layout.patient]
        for _, steps in layout.shares:
            for i in steps:
                borne += values[i]  # type: ignore[operator]
        assert borne == values[layout.bill], f"the split of {borne} does not sum to the bill of {values[layout.bill]}"

    @property
    def day(self) -> date:
        """The day of the claim that selected the rules."""
        found = getattr(self.claim.encounter, self.layout.program.dated_by)
        assert isinstance(found, date), "a claim without its selecting day is not settled"
        return found

    # -- amounts -----------------------------------------------------------------------------------------------------

    def minor(self, step: str) -> int:
        """A money step in minor units."""
        value = self.values[self.layout.index[step]]
        assert isinstance(value, int)
        return value

    def _decimal(self, minor: int) -> Decimal:
        return decimal_of(minor, self.layout.exponent)

    def amount(self, step: str) -> Decimal:
        """A money step by name, such as ``basic.paid``. Raises ``KeyError`` for an unknown one, and for one of another
        kind: an amount that is not rounded yet is none."""
        if self.layout.program.steps[self.layout.index[step]].kind != "money":
            raise KeyError(step)
        return self._decimal(self.minor(step))

    @property
    def total(self) -> Decimal:
        """The bill."""
        return self._decimal(self.minor(self.layout.program.bill))

    @property
    def margin(self) -> Decimal:
        """What the bill, restated at the price of the case, exceeds the charges; the hospital keeps it."""
        return self._decimal(sum(self.minor(step) for _, step in self.layout.program.margins))

    @property
    def split_minor(self) -> dict[str, int]:
        """``split`` in minor units."""
        out = {payer: sum(self.values[i] for i in steps) for payer, steps in self.layout.shares}  # type: ignore[misc]
        out["patient"] = self.values[self.layout.patient]  # type: ignore[assignment]
        return out

    @property
    def split(self) -> dict[str, Decimal]:
        """What each payer bears; ``patient`` is what the patient pays in cash. Sums exactly to the bill."""
        return {payer: self._decimal(minor) for payer, minor in self.split_minor.items()}

    @property
    def patient(self) -> dict[str, Decimal]:
        """The patient's part (accounts included) by reason; reasons of nothing are left out."""
        found = ((reason, self.values[i]) for reason, i in self.layout.reasons)
        return {reason: self._decimal(minor) for reason, minor in found if minor}  # type: ignore[arg-type]

    def side(self, side: str) -> int:
        """What the payers of one side (fund, hospital, patient, nobody) bear, in minor units."""
        split = self.split_minor
        own = sum(split[p.payer] for p in self.layout.program.payers if p.side == side)
        return own + (split["patient"] if side == "patient" else 0)

    # -- applied, assumed --------------------------------------------------------------------------------------------

    def applied(self, step: ir.Step) -> bool:
        """Whether the provision behind a step applied to this claim."""
        return self.holds(step.guard)

    def holds(self, guard: str) -> bool:
        """Whether the flag step ``guard`` holds, for a fee line at least; the empty name always does."""
        if not guard:
            return True
        held = self.values[self.layout.index[guard]]
        return any(held) if isinstance(held, tuple | list) else bool(held)

    @property
    def assumptions(self) -> dict[ir.Assumption, str]:
        """What this settlement rests on that no source says, each with the first step that rests on it."""
        found: dict[ir.Assumption, str] = {}
        for step in self.layout.program.steps:
            if step.assumed and self.applied(step):
                for why in step.assumed:
                    found.setdefault(why, step.name)
        return found

    @property
    def assumed(self) -> tuple[str, ...]:
        """``assumptions`` as texts: ``step: assumption``."""
        return tuple(f"{step}: {why}" for why, step in self.assumptions.items())

    @property
    def unread(self) -> tuple[str, ...]:
        """What the claim states of its fee lines, bearing on money, that this rule set does not look at."""
        read = {ir.split_name(d.name)[1] for d in self.layout.program.inputs}
        minor = self.claim.minor
        limited = any(p is not None and p < a for p, a in zip(minor.price_limits, minor.amounts, strict=True))
        shared = any(self.claim.minor.first_share_rates)
        found = {"price_limit": limited, "first_share_rate": shared}
        return tuple(name for name, stated in found.items() if stated and name not in read)

    def text(self, index: int) -> str | tuple[str, ...]:
        """The value of the step at ``index`` as text."""
        return written(self.layout.writers[index], self.values[index])

    @property
    def texts(self) -> dict[str, str | tuple[str, ...]]:
        """The values of all steps as texts, by name."""
        layout = self.layout
        return {
            step.name: written(write, value)
            for step, write, value in zip(layout.program.steps, layout.writers, self.values, strict=True)
        }

    @property
    def trace(self) -> tuple[TraceStep, ...]:
        """Every step in order: name, formula, value, citations, what is assumed, whether it applied."""
        layout, texts, known = self.layout, self.texts, {**self.origin.facts().inputs, **self.known()}
        return tuple(
            TraceStep(
                step.name,
                step.kind,
                texts[step.name],
                layout.formulas[i] or formula(step.expr, layout.printer, known),
                step.term,
                step.payer,
                step.label,
                step.cites,
                tuple(map(str, step.assumed)),
                self.applied(step),
                step.shown,
                str(step.span or ""),
            )
            for i, step in enumerate(layout.program.steps)
        )

    def known(self) -> dict[str, ir.Value]:
        """The exact values of all steps of the whole claim, by name."""
        found: dict[str, ir.Value] = {}
        for step, value, denominator in zip(
            self.layout.program.steps, self.values, self.layout.denominators, strict=True
        ):
            if not isinstance(value, tuple | list):
                exact = step.kind in ("exact", "rate") and not isinstance(value, str)
                found[step.name] = Fraction(value, denominator) if exact else value  # type: ignore[arg-type]
        return found

    @property
    def known_on(self) -> date | None:
        """The day as of which the rules were known; ``None``: everything in the rule files."""
        return self.origin.known_on

    # -- what follows ------------------------------------------------------------------------------------------------

    @property
    def payments(self) -> tuple[Payment, ...]:
        """Who hands how much to whom, when; empty if the rule file does not say. Never changes the split."""
        from policyengine.settlement.payments import payments_of

        return payments_of(self)

    @property
    def grants(self) -> tuple[Granted, ...]:
        """Sums to the person outside the bill; never in the split."""
        from policyengine.settlement.grants import grants_of

        return grants_of(self)

    def by_line(self) -> tuple[LineSplit, ...]:
        """The split fee line by fee line; it sums exactly over the lines and over the payers."""
        from policyengine.settlement.lines import lines_of

        return lines_of(self)

    def national(self) -> dict[str, Any]:
        """The fields of the national settlement message (2304), decimals as ``Decimal``."""
        from policyengine.settlement.national import message

        return message(self)

    @property
    def limits(self) -> tuple[LimitUse, ...]:
        """Every deductible, ceiling and own-cost cap: how much there is, what was used before, what this claim uses."""
        from policyengine.settlement.limits import limits_of

        return limits_of(self)

    @property
    def before(self) -> History | None:
        """The accumulators before this claim, ``None`` if nothing had been counted."""
        return self.origin.before()

    @property
    def history(self) -> History:
        """The accumulators after this claim: the ``history`` of the member's next claim."""
        return self.origin.after()

    @property
    def preliminary(self) -> bool:
        """Whether it only says what a settlement would be (预结算): nothing is consumed, and it cannot be booked."""
        return self.origin.preliminary

    def receipt(self) -> dict[str, Any]:
        """What ``policyengine verify`` needs to recompute this settlement years later.

        Raises ``ClaimError`` for a preliminary settlement, which has none.
        """
        from policyengine.settlement.receipts import receipt_of

        return receipt_of(self)

    def __repr__(self) -> str:
        amounts = ", ".join(f"{payer} {amount}" for payer, amount in self.split.items() if amount)
        return f"<Settlement of claim {self.claim.id} under {self.layout.program.ruleset}: {amounts}>"


def label_of(labels: Mapping[str, str], lang: str, fallback: str) -> str:
    """A label in ``lang``, in any language, or the fallback."""
    return labels.get(lang) or labels.get("") or next(iter(labels.values()), fallback)


def payer_label(share: ir.PayerShare, lang: str) -> str:
    """A payer's name for people."""
    known = terms.PAYERS.get(share.payer)
    fallback = share.payer if known is None else {"zh": known.zh, "en": known.en}[lang]
    return label_of(share.label, lang, fallback)
