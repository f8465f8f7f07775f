"""Settling: a claim, a history and a rule set in; the settlement out. Stateless, exact, the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from policyengine import ir
from policyengine.backends.compiled import compile_program
from policyengine.claim import Account, Claim, History, Key, Opened, Shape, masked, quoted
from policyengine.coverage import covered, no_row, outside, require_in_force
from policyengine.encode import (
    NOTHING,
    Change,
    Counted,
    Stand,
    Standing,
    Update,
    change_of,
    changed,
    check_history,
    encoder,
    require_order,
    selector,
    shapes_of,
    standing_reader,
    updates_of,
)
from policyengine.errors import ClaimError, Diagnostic
from policyengine.money import RATE_GRID, text_of
from policyengine.rulebook import Rulebook
from policyengine.settlement import Facts, Layout, Settlement
from policyengine.turns import Written, facts_by_line, line_by_line, written_out

Parameters = Mapping[str, object] | None
Answer = tuple[tuple[Any, ...], Standing]


@dataclass(frozen=True, slots=True)
class Engine:
    """One program made ready: its compiled function, and readers of claims and meters prepared for it."""

    program: ir.Program
    layout: Layout
    run: Callable[..., tuple[Any, ...]]
    read: Callable[[Claim], Any]
    stand: Stand
    updates: tuple[Update, ...]
    shapes: Mapping[str, Shape]
    claim_rates: tuple[int, ...]
    row_rates: tuple[int, ...]
    stated: tuple[tuple[str, int, int], ...]
    covers: int | None
    written: dict[int, Written] = field(default_factory=dict, compare=False, repr=False)

    def values(self, claim: Claim, counted: Counted) -> Answer:
        """The values of all steps, and where the meters stand, for one claim."""
        if self.program.settle_by:
            return line_by_line(self, claim, counted)
        inputs, rows = self.read(claim)
        standing = self.stand(claim, counted)
        return self.answer(claim, inputs, rows, standing.values), standing

    def answer(
        self, claim: Claim, inputs: tuple[Any, ...], rows: tuple[tuple[Any, ...], ...], held: tuple[int, ...]
    ) -> tuple[Any, ...]:
        """The values of all steps for inputs that were read of ``claim``, and what the meters hold. Raises
        ``ClaimError`` where the policy states nothing for them."""
        read = (inputs, rows)
        if self.claim_rates:
            inputs = _in_millionths(inputs, self.claim_rates)
        if self.row_rates:
            rows = tuple(_in_millionths(row, self.row_rates) for row in rows)
        try:
            values = self.run(inputs, rows, held)
        except ir.NoRow as error:
            raise self._not_covered(claim, read, held, error) from None
        if self.covers is not None and not values[self.covers]:
            raise outside(self.program, claim, facts_of(self.program, read)[0])
        if self.stated:
            self._all_taken_over(claim, inputs, values)
        if self.program.run is not None:
            self._no_row_below_nothing(claim, values[self.layout.index[self.program.run.step]])
        return values

    def _no_row_below_nothing(self, claim: Claim, bills: tuple[int, ...]) -> None:
        """What a row of a run is about is not negative. Raises ``ClaimError``."""
        for at, bill in enumerate(bills):
            if bill < 0:
                text = f"the bill of the row is {text_of(bill, self.layout.exponent)}"
                hint = "the rule file says what a row is about: `rows.bill`"
                raise ClaimError(Diagnostic("E577", text, None, "an amount of 0 or more", hint,
                                            record=f"claim {quoted(claim.id)}", field=f"lines[{at}]"))  # fmt: skip

    def _not_covered(self, claim: Claim, read: Any, held: tuple[int, ...], error: ir.NoRow) -> ClaimError:
        """A claim outside of what the rule set covers is told so, and not that it has no row in some table."""
        facts, rows = facts_of(self.program, read)
        before = {m.name: value for m, value in zip(self.program.meters, held, strict=True)}
        try:
            if not covered(self.program, facts, rows, before):
                return outside(self.program, claim, facts)
        except ir.NoRow as first:
            error = first
        return no_row(self.program, claim, error)

    def _all_taken_over(self, claim: Claim, inputs: tuple[Any, ...], values: tuple[Any, ...]) -> None:
        """What was paid elsewhere must fit the bill whole. Raises ``ClaimError``."""
        exponent, over = self.layout.exponent, self.layout.denominators
        found = [
            Diagnostic("E563", f"{text_of(inputs[at], exponent)} were paid elsewhere by {payer}, of which only "
                       f"{text_of(values[paid] // over[paid], exponent)} fit what is left of the bill",
                       record=f"claim {quoted(claim.id)}", field="paid_elsewhere")
            for payer, at, paid in self.stated if inputs[at] * over[paid] != values[paid]
        ]  # fmt: skip
        if found:
            raise ClaimError(found)

    def layout_of(self, claim: Claim) -> Layout:
        """Where the values of a claim stand; written out line by line where the lines are settled so."""
        return written_out(self, len(claim.lines)).layout if self.program.settle_by else self.layout

    def facts(self, claim: Claim, standing: Standing) -> Facts:
        """What the program reads of a claim, and what its meters hold before it."""
        inputs, rows = facts_of(self.program, self.read(claim))
        if self.program.settle_by:
            return facts_by_line(self.program, inputs, rows, standing)
        return Facts(inputs, rows, dict(zip((m.name for m in self.program.meters), standing.values, strict=True)))

    def change(self, standing: Standing, values: tuple[Any, ...]) -> Change:
        """What counting the claim changes of the accumulators."""
        return change_of(standing, self.updates, values)


def facts_of(program: ir.Program, read: Any) -> tuple[dict[str, Any], tuple[dict[str, Any], ...]]:
    """What a claim states as the program reads it, by name: facts of the claim, facts of each line."""
    of_claim, of_row = ([d.name for d in program.inputs if d.domain == x] for x in ("claim", "row"))
    return (
        dict(zip(of_claim, read[0], strict=True)),
        tuple(dict(zip(of_row, row, strict=True)) for row in read[1]),
    )


def _in_millionths(values: tuple[Any, ...], positions: tuple[int, ...]) -> tuple[Any, ...]:
    out = list(values)
    for at in positions:
        millionths = Fraction(out[at]) * RATE_GRID
        assert millionths.denominator == 1, "readers of claims refuse rates finer than a millionth"
        out[at] = millionths.numerator
    return tuple(out)


MOST_PREPARED = 64


def engine_of(book: Rulebook, program: ir.Program, parameters: Parameters = None) -> Engine:
    """The prepared form of a program of ``book``, kept with the book. Raises ``ClaimError`` for wrong parameters."""
    given = tuple(sorted((name, str(value)) for name, value in parameters.items())) if parameters else ()
    key = (program.known, program.valid, given)
    kept: Engine | None = book.prepared.get(key)
    if kept is None:
        if len(book.prepared) >= MOST_PREPARED:
            book.prepared.clear()
        kept = book.prepared[key] = _prepared(book, program, parameters)
    return kept


def _prepared(book: Rulebook, program: ir.Program, parameters: Parameters) -> Engine:
    compiled = compile_program(program)
    index = {step.name: at for at, step in enumerate(program.steps)}
    of_claim = [d.name for d in program.inputs if d.domain == "claim"]
    rates = {
        domain: tuple(at for at, d in enumerate(d for d in program.inputs if d.domain == domain) if d.kind == "rate")
        for domain in ("claim", "row")
    }
    return Engine(
        program,
        Layout.of(program, compiled.denominators),
        compiled.run,
        encoder(program, parameters),
        standing_reader(program),
        updates_of(program),
        {name: shape for p in book.every_program for name, shape in shapes_of(p).items()},
        rates["claim"],
        rates["row"],
        tuple((name.partition(".")[2], of_claim.index(name), index[step]) for name, step in program.stated),
        index[program.covers] if program.covers else None,
    )


@dataclass(slots=True)
class Origin:
    """What a settlement was made with; the accumulators after it are made when they are asked for."""

    book: Rulebook
    engine: Engine
    claim: Claim
    day: date
    counted: Counted
    standing: Standing
    values: tuple[Any, ...]
    parameters: Parameters
    history: History | None = None
    known_on: date | None = None
    preliminary: bool = False

    def before(self) -> History | None:
        if self.history is not None or not (self.counted.used or self.counted.opened):
            return self.history
        return self._history(self.counted.used, self.counted.opened)

    def after(self) -> History:
        if self.preliminary:
            return self.before() or History.empty(self.book.name, self.engine.program.currency)
        return self._history(*changed(self.counted, self.engine.change(self.standing, self.values)))

    def held(self) -> Mapping[Key, int]:
        return dict(zip(self.standing.keys, self.standing.values, strict=True))

    def counted_in(self) -> Mapping[str, Key]:
        return {key[0]: key for key in self.engine.change(self.standing, self.values).rows}

    def _history(self, used: Mapping[Key, int], opened: Mapping[Account, Opened]) -> History:
        return History.of(
            used,
            self.engine.shapes,
            ruleset=self.book.name,
            currency=self.engine.program.currency,
            last=self.day,
            last_sequence=self.claim.sequence,
            last_claim=self.claim.id,
            opened=opened,
        )

    def facts(self) -> Facts:
        return self.engine.facts(self.claim, self.standing)


def known_for(claim: Claim, known_on: date | None) -> date | None:
    """The day as of which the rules are known: the given one, or the day on which the claim says that it is settled."""
    return known_on or claim.encounter.settlement_date


def program_for(book: Rulebook, claim: Claim, known_on: date | None = None) -> tuple[ir.Program, date]:
    """The program in force for a claim, as the rules were known on a day, and the day that selects it.

    Raises ``ClaimError``.
    """
    day = selector(book.dated_by)(claim)
    program = book.program_on(day, known_on)
    if program is None:
        raise _no_version(book, claim, day, known_on)
    return program, day


def _no_version(book: Rulebook, claim: Claim, day: date, known_on: date | None) -> ClaimError:
    record = f"claim {quoted(claim.id)}"
    gap = book.gap_on(day, known_on)
    if gap is not None:
        message = f"by {known_on} {gap.message}"
        hint = "the day is that of `--known-on`, or the settlement date of the claim"
        return ClaimError(
            Diagnostic("E580", message, None, "a day on which the rules were known", hint, record=record,
                       related=(("it is needed here", gap.span),))
        )  # fmt: skip
    first, last = book.programs[0].valid[0] or "any day", book.programs[-1].valid[1] or "today and later"
    message = f"{book.name} has no version in force on {day} ({book.dated_by})"
    expected = f"a day from {first} to {last}"
    return ClaimError(Diagnostic("E561", message, None, expected, record=record, field=f"encounter.{book.dated_by}"))


def settle(
    ruleset: Rulebook,
    claim: Claim,
    history: History | None = None,
    *,
    parameters: Parameters = None,
    allow_assumed: bool = True,
    known_on: date | None = None,
    allow_draft: bool = False,
) -> Settlement:
    """Settle one claim after ``history`` (``None``: nothing counted yet).

    ``parameters`` gives values to the parameters that the rule file leaves to the caller. With ``allow_assumed=False``
    a settlement that rests on an assumed value is refused. ``known_on``: only what had been published by that day
    counts; by default the settlement date that the claim states, else everything in the rule files. ``allow_draft``
    lets a draft settle. Raises ``RuleError`` for a rule set that is a draft or repealed, ``ClaimError`` for anything
    wrong with what else is handed in, ``TypeError`` for plain data in place of the models. The result's amounts are
    exact, in whole currency units.
    """
    return _settle(ruleset, claim, history, parameters, allow_assumed, known_on, allow_draft)


def presettle(
    ruleset: Rulebook,
    claim: Claim,
    history: History | None = None,
    *,
    parameters: Parameters = None,
    allow_assumed: bool = True,
    known_on: date | None = None,
    allow_draft: bool = False,
) -> Settlement:
    """What ``settle`` would answer, as a preliminary settlement (预结算): nothing is consumed.

    The history after it is the history before it; it has no receipt; JSON, text and the national message say that it is
    preliminary. Raises as ``settle``.
    """
    return _settle(ruleset, claim, history, parameters, allow_assumed, known_on, allow_draft, preliminary=True)


def _settle(
    ruleset: Rulebook,
    claim: Claim,
    history: History | None,
    parameters: Parameters,
    allow_assumed: bool,
    known_on: date | None,
    allow_draft: bool,
    preliminary: bool = False,
) -> Settlement:
    engine, day, counted = prepared(ruleset, claim, history, parameters, known_on, allow_draft)
    values, standing = engine.values(claim, counted)
    known_on = known_for(claim, known_on)
    origin = Origin(ruleset, engine, claim, day, counted, standing, values, parameters, history, known_on, preliminary)
    settlement = Settlement(engine.layout_of(claim), claim, values, origin)
    if not allow_assumed:
        refuse_assumed(settlement)
    return settlement


def prepared(
    ruleset: Rulebook,
    claim: Claim,
    history: History | None,
    parameters: Parameters,
    known_on: date | None = None,
    allow_draft: bool = False,
) -> tuple[Engine, date, Counted]:
    """What settles a claim: the engine, the day that selects it, what was counted before. Raises as ``settle``."""
    _check_types(ruleset, claim, history)
    require_in_force(ruleset, allow_draft)
    program, day = program_for(ruleset, claim, known_for(claim, known_on))
    engine = engine_of(ruleset, program, parameters)
    if history is None:
        return engine, day, NOTHING
    check_history(ruleset.all_meters, history)
    check_belongs(ruleset, history, claim)
    require_new(claim, history.last_claim)
    require_order(claim, day, ruleset.dated_by, history.last, history.last_sequence)
    return engine, day, Counted.before(history, program)


def _check_types(ruleset: object, claim: object, history: object) -> None:
    """Raises ``TypeError`` with the call that makes the right thing."""
    if not isinstance(ruleset, Rulebook):
        raise TypeError(f"a {type(ruleset).__name__} is not a rule set: give `load(name_or_path)`")
    if not isinstance(claim, Claim):
        raise TypeError(f"a {type(claim).__name__} is not a Claim: give `Claim.model_validate(data)`")
    if history is not None and not isinstance(history, History):
        raise TypeError(f"a {type(history).__name__} is not a History: give `History.model_validate(data)`")


def check_written_by(book: Rulebook, history: History) -> None:
    """The history was written by this rule set. Raises ``ClaimError``."""
    if history.ruleset not in (None, book.name):
        message = f"the history was written by {quoted(history.ruleset)}, the claim is settled by {book.name}"
        hint = "leave `ruleset` out of the history if its accumulators are meant to be carried over"
        raise ClaimError(Diagnostic("E558", message, None, book.name, hint, record="history", field="ruleset"))


def check_belongs(book: Rulebook, history: History, claim: Claim) -> None:
    """The history was written by this rule set, and not for other persons only. Raises ``ClaimError``."""
    check_written_by(book, history)
    if history.owner not in (None, claim.person.id):
        message = f"the accumulators are those of {masked(history.owner)}, the claim is of {masked(claim.person.id)}"
        raise ClaimError(Diagnostic("E559", message, None, "the person's own history", record="history"))


def require_new(claim: Claim, last_claim: str | None) -> None:
    """A claim is counted once. Raises ``ClaimError`` for the id of the claim that was counted last."""
    if claim.id == last_claim:
        message = f"the claim {quoted(claim.id)} was settled before and is counted already"
        hint = "use the settlement that was made of it"
        raise ClaimError(Diagnostic("E564", message, None, "a claim with an id of its own", hint,
                                    record=f"claim {quoted(claim.id)}", field="id"))  # fmt: skip


def refuse_assumed(settlement: Settlement) -> None:
    """Raises ``ClaimError`` if the settlement rests on any assumption."""
    record = f"claim {quoted(settlement.claim.id)}"
    messages = [f"the settlement rests on an assumption: {assumption}" for assumption in settlement.assumed]
    found = [Diagnostic("E562", message, record=record) for message in messages]
    if found:
        raise ClaimError(found)
