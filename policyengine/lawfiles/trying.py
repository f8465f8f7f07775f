"""Laws tried on lives: the claims of a member settled in order, each held against what the law says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from policyengine.claim import Claim, History
from policyengine.encode import shapes_of
from policyengine.engine import settle
from policyengine.errors import ClaimError
from policyengine.lawfiles.drawing import Life, Parameters, known_to, with_changes, without_facts
from policyengine.lawfiles.model import Exact
from policyengine.lawfiles.ready import Ready
from policyengine.lawfiles.relation import holds
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

Values = Mapping[str, Exact]


@dataclass(frozen=True, slots=True)
class Breach:
    """Claims of a life of which the last breaks a law. ``this``: their settlements; ``other``: what they are held
    against. ``values``: what the parts of ``holds`` come to."""

    ready: Ready
    parameters: Parameters
    this: tuple[Settlement, ...]
    other: tuple[Settlement, ...] = ()
    values: Values = field(default_factory=dict)

    @property
    def life(self) -> Life:
        return tuple(settlement.claim for settlement in self.this)


@dataclass(frozen=True, slots=True)
class Tried:
    """``count``: how often the law was held against something; ``breach``: the first claim that broke it."""

    count: int = 0
    breach: Breach | None = None


def settled(book: Rulebook, life: Iterable[Claim], parameters: Parameters) -> tuple[Settlement, ...]:
    """The settlements of those claims of a life that the rule set does not refuse, history carried on."""
    history: History | None = None
    found = []
    for claim in life:
        settlement = settle_or_not(book, claim, history, parameters)
        if settlement is not None:
            history = settlement.history
            found.append(settlement)
    return tuple(found)


def settle_or_not(book: Rulebook, claim: Claim, history: History | None, parameters: Parameters) -> Settlement | None:
    """The settlement, or ``None`` for a claim that the rule set refuses: no law is about it."""
    try:
        return settle(book, claim, history, parameters=parameters)
    except ClaimError:
        return None


def tried(one: Ready, settlements: Sequence[Settlement], parameters: Parameters) -> Tried:
    """The law held against settlements of one member by its rule set, until it breaks."""
    if one.law.each == "life":
        return _over_life(one, [s.claim for s in settlements], parameters)
    count = 0
    for at, settlement in enumerate(settlements):
        if not _meant(one, settlement):
            continue
        other, values = None, dict[str, Exact]()
        if one.relation is None:
            kept = bool(_value(settlement, one.holds))
        else:
            other = _other(one, settlement, settlement.before, parameters)
            if other is None:
                continue
            values = _operands(one, settlement, other)
            kept = holds(one.relation, values)
        count += 1
        if not kept:
            others = () if other is None else (other,)
            return Tried(count, Breach(one, parameters, tuple(settlements[: at + 1]), others, values))
    return Tried(count)


def _over_life(one: Ready, life: Iterable[Claim], parameters: Parameters) -> Tried:
    """Claims that the law is for, one after the other on both sides, their amounts added up."""
    assert one.relation is not None
    this: list[Settlement] = []
    others: list[Settlement] = []
    sums: dict[str, Exact] = {}
    count = 0
    for claim in life:
        settlement = settle_or_not(one.book, claim, this[-1].history if this else None, parameters)
        if settlement is None or not _meant(one, settlement):
            continue
        other = _other(one, settlement, others[-1].history if others else None, parameters, alike=True)
        if other is None:
            continue
        this.append(settlement)
        others.append(other)
        found = _operands(one, settlement, other)
        sums = {name: value + sums.get(name, 0) for name, value in found.items()}
        count = 1
        if not holds(one.relation, sums):
            return Tried(count, Breach(one, parameters, tuple(this), tuple(others), sums))
    return Tried(count)


def _meant(one: Ready, settlement: Settlement) -> bool:
    return not one.for_all or bool(_value(settlement, one.for_all))


def _other(
    one: Ready, settlement: Settlement, history: History | None, parameters: Parameters, *, alike: bool = False
) -> Settlement | None:
    """What a settlement is held against. ``None`` where that is refused, or is the very same (unless ``alike``)."""
    assert one.other is not None
    claim, same = settlement.claim, False
    if one.changes:
        try:
            claim = with_changes(claim, one.changes)
        except ClaimError:
            return None
        same = claim == settlement.claim
    elif one.law.compare is not None and one.law.compare.on is not None:
        same = one.other.programs[0].steps is settlement.layout.program.steps
    if same and not alike:
        return None
    claim = without_facts(claim, one.strange)
    return settle_or_not(one.other, claim, carried(history, one.other), known_to(one.other, parameters))


def carried(history: History | None, book: Rulebook) -> History | None:
    """What of a history another rule set knows: accumulators of its name, kept for the same and of the same kind."""
    if history is None:
        return None
    known = {name: shape for name, shape in shapes_of(book.all_meters).items() if history.shapes.get(name) == shape}
    used = {key: value for key, value in history.used.items() if key[0] in known}
    return History.of(
        used, known, currency=history.currency, last=history.last, last_sequence=history.last_sequence,
        last_claim=history.last_claim, opened=history.opened,
    )  # fmt: skip


def _operands(one: Ready, this: Settlement, other: Settlement) -> dict[str, Exact]:
    return {name: _value(other if side else this, step) for side, name, step in one.operands}


def _value(settlement: Settlement, step: str) -> Exact:
    """The exact value of a step of the claim."""
    at = settlement.layout.index[step]
    value = settlement.values[at]
    if settlement.layout.program.steps[at].kind in ("exact", "rate"):
        return Fraction(value, settlement.layout.denominators[at])  # type: ignore[arg-type]
    assert isinstance(value, int)
    return value


def lives_of(claims: Iterable[Claim]) -> Iterator[Life]:
    """Claims by member, in their order."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.person.id, []).append(claim)
    yield from map(tuple, found.values())
