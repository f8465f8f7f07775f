"""A claim that shows a difference, as documents that both rule sets really settle, and where the reckonings part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from policyengine import ir
from policyengine.chain import Chain
from policyengine.claim import Claim
from policyengine.difference.bench import DEPOSIT, PATIENT, Array, Bench, Goal
from policyengine.difference.documents import document, parameters_of
from policyengine.difference.epochs import Pair
from policyengine.difference.model import Side
from policyengine.errors import ClaimError, Diagnostic
from policyengine.runs import RunRow, restated, rows_of
from policyengine.settlement import Settlement, TraceStep

MOST_PARTED = 4
"""Steps that are told of those in which two reckonings differ."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A step in which the two reckonings differ; one of them may not have it."""

    old: TraceStep | None
    new: TraceStep | None

    @property
    def step(self) -> TraceStep:
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule set makes of the claims: the settlement of the last one, or why it is refused. ``rows``: what a run
    makes its claim of."""

    documents: tuple[Mapping[str, Any], ...]
    settlement: Settlement | None
    refused: Diagnostic | None
    rows: tuple[RunRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """The smallest claim that was found to show ``goal``, after earlier ones of the member if it takes any.

    ``bill``: of the last claim, in minor units. ``facts``: what either rule set reads of each claim. ``parted``: where
    the reckonings part, the first step first. ``parameters``: what the caller gives.
    """

    goal: Goal
    pair: Pair
    bill: int
    old: Answer
    new: Answer
    facts: tuple[Mapping[str, ir.Value], ...]
    parameters: Mapping[str, str]
    parted: tuple[Parted, ...] = ()

    @property
    def claims(self) -> int:
        """How many claims it takes."""
        return len(self.old.documents)

    @property
    def size(self) -> tuple[int, Fraction]:
        """How large it is: how many claims, and all their bills."""
        return self.claims, sum((Fraction(said["lines"][0]["amount"]) for said in self.new.documents), Fraction(0))

    def amounts(self) -> dict[str, tuple[int | None, int | None]]:
        """What each payer bears of the last claim under either, in minor units; ``None`` where it is refused."""
        one, two = (_amounts(answer.settlement) for answer in (self.old, self.new))
        return {name: (_of(one, name), _of(two, name)) for name in dict.fromkeys((*(one or ()), *(two or ())))}


def _of(amounts: Mapping[str, int] | None, name: str) -> int | None:
    return None if amounts is None else amounts.get(name, 0)


def _amounts(settlement: Settlement | None) -> dict[str, int] | None:
    """The split, what is granted outside the bill, the deposit."""
    if settlement is None:
        return None
    found = dict(settlement.split_minor)
    exponent = settlement.layout.exponent
    for grant in settlement.grants:
        name = f"grant.{grant.payer}"
        found[name] = found.get(name, 0) + int(grant.amount.scaleb(exponent))
    if deposit := sum(int(p.amount.scaleb(exponent)) for p in settlement.payments if p.why == DEPOSIT):
        found[DEPOSIT] = deposit
    return found


def witness_of(bench: Bench, sides: tuple[Side, Side], goal: Goal, facts: Array, bills: Array) -> Witness | None:
    """The witness with these facts and bills, a row a claim, settled by both rule sets; ``None`` if, read as documents,
    they do not show the goal after all."""
    pair, axes = bench.pair, bench.axes
    parameters = parameters_of(axes, facts[-1].tolist(), pair.new.currency)
    answers = []
    for side, program, day in zip(sides, (pair.old, pair.new), pair.days, strict=True):
        said = tuple(document(program, axes, row.tolist(), int(bill), day, number)
                     for number, (row, bill) in enumerate(zip(facts, bills, strict=True)))  # fmt: skip
        answers.append(answered(side, program, said, parameters))
    said = tuple({a.name: a.value(v) for a, v in zip(axes, row.tolist(), strict=True)} for row in facts)
    found = Witness(goal, pair, int(bills[-1]), answers[0], answers[1], said, parameters)
    if not shown(found):
        return None
    old, new = found.old.settlement, found.new.settlement
    return found if old is None or new is None else replace(found, parted=telling(parts(old, new)))


def answered(
    side: Side, program: ir.Program, documents: Sequence[Mapping[str, Any]], parameters: Mapping[str, str]
) -> Answer:
    """What a rule set makes of claims one after the other: of the last one, or of the first that it refuses."""
    own = {name for d in program.inputs if (name := d.name.removeprefix("parameter.")) != d.name}
    chain = Chain(side.book, parameters={k: v for k, v in parameters.items() if k in own} or None, allow_draft=True)
    settlement, rows = None, tuple[RunRow, ...]()
    for data in documents:
        try:
            claim = Claim.model_validate(data)
            rows = () if program.run is None else rows_of(side.book, claim)
            settlement = chain.settle(restated(side.book, claim))
        except ClaimError as error:
            return Answer(tuple(documents), None, error.diagnostics[0], rows)
    return Answer(tuple(documents), settlement, None, rows)


def shown(found: Witness) -> bool:
    """Whether the settlements show the goal."""
    one, two = found.old.settlement, found.new.settlement
    match found.goal.kind:
        case "only_old":
            return one is not None and two is None
        case "only_new":
            return one is None and two is not None
    if one is None or two is None:
        return False
    if found.goal.kind == "differs":
        return any(old != new for old, new in found.amounts().values())
    old, new = (_borne(settlement, found.goal.payer) for settlement in (one, two))
    return new > old if found.goal.kind == "more" else new < old


def _borne(settlement: Settlement, payer: str) -> int:
    return settlement.side("patient") if payer == PATIENT else (_amounts(settlement) or {}).get(payer, 0)


def parts(old: Settlement, new: Settlement) -> Iterator[Parted]:
    """The steps that readers of the policy know in which two settlements differ, in the order of the reckoning.

    A step that only one of them has counts where it is worth something.
    """
    one = {step.name: step for step in old.trace if step.shown}
    for step in new.trace:
        if not step.shown:
            continue
        other = one.pop(step.name, None)
        if other is not None and other.value != step.value:
            yield Parted(other, step)
        elif other is None and _worth(step):
            yield Parted(None, step)
    yield from (Parted(step, None) for step in one.values() if step.name not in new.layout.index and _worth(step))


def telling(parted: Iterable[Parted]) -> tuple[Parted, ...]:
    """The first step of each provision: what follows from it is told by the split."""
    first: dict[Any, Parted] = {}
    for one in parted:
        if one.step.cites or one.step.assumed:
            first.setdefault((one.step.name.partition(".")[0], tuple(sorted(one.step.label.items()))), one)
    return tuple(first.values())[:MOST_PARTED]


def _worth(step: TraceStep) -> bool:
    values = (step.value,) if isinstance(step.value, str) else step.value
    return step.applied and any(value.strip("0.-") not in ("", "no", "false") for value in values)
