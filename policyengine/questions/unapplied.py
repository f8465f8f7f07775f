"""Why a provision did not apply to a claim, and which other facts would pay more.

Nothing is guessed: every change that is told was settled with the compiled program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from policyengine import ir
from policyengine.backends.evaluate import Claim as Evaluated
from policyengine.engine import Origin
from policyengine.questions.conditions import Conditions, Way
from policyengine.questions.options import Option, options_of
from policyengine.questions.trial import GRADE, LEVEL, Outcome, Place, Trial, borne, trial_of
from policyengine.settlement import Settlement

FIXED: Final = ("age", "days_of_stay", "day_of_stay", "admission_ordinal")
"""Facts that follow from days: nobody can change them, the claim can only have them wrong."""

KIND: Final = ("scheme", "care_type", "disease")
"""Facts that make another kind of claim."""

GIVEN: Final = ("total_charge",)
"""What the fee lines say."""

MOST_TRIALS = 2_000
"""Settlings that are tried to make one provision apply."""

Values = tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Other facts, each with the values that come to the same, and what they come to. Amounts in minor units.

    ``gain``: how much less the patient bears. ``payers``: what each pays more, or less. ``reach``: ``open``, ``fixed``
    (follows from days) or ``other_kind`` (another scheme, kind of care or disease).
    """

    facts: tuple[tuple[str, Values], ...]
    gain: int
    payers: Mapping[str, int]
    reach: str


@dataclass(frozen=True, slots=True)
class Unapplied:
    """A provision or a layer that did not apply. ``ways``: what it needs, the shortest way first; none: no facts do it.

    ``inside``: the layer that did not apply and that it is a part of. ``change``: other facts under which it applies.
    ``reach``: as that of a change, or ``amounts`` (accumulators, amounts reckoned), ``lines`` (fee lines) or ``never``.
    """

    rule: ir.Rule
    ways: tuple[Way, ...]
    inside: str
    change: Change | None
    reach: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What did not apply, in the order of the rule file, and the changes that pay more, the largest gain first."""

    unapplied: tuple[Unapplied, ...]
    changes: tuple[Change, ...]


def why_not(settlement: Settlement) -> WhyNot:
    """What did not apply to a settled claim, and which facts would make a difference."""
    asked = _Asked.of(settlement)
    unapplied = tuple(asked.unapplied())
    return WhyNot(unapplied, asked.changes(unapplied))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One settlement with all that its questions need."""

    settlement: Settlement
    program: ir.Program
    trial: Trial
    options: Mapping[str, Values]
    base: Outcome
    conditions: Conditions

    @classmethod
    def of(cls, settlement: Settlement) -> _Asked:
        origin = settlement.origin
        assert isinstance(origin, Origin), "settlements are made by the engine"
        trial, program, facts = trial_of(origin), settlement.layout.program, origin.facts()
        tables = {table.name: table for table in program.tables}
        steps = {step.name: step for step in program.steps}
        all_options = options_of(program)
        known = Evaluated(tables, facts.inputs, facts.rows, facts.used, dict(settlement.known()))
        conditions = Conditions(steps, known, all_options)
        asked = cls(settlement, program, trial, {}, trial.run({}), conditions)
        options = {name: asked._others(name, values) for (domain, name), values in all_options.items()
                   if domain == "claim" and asked._is_a_fact(name)}  # fmt: skip
        return cls(settlement, program, trial, options, asked.base, conditions)

    def _is_a_fact(self, name: str) -> bool:
        if name == LEVEL and GRADE in self.trial.at:
            return False
        return "." not in name and name not in GIVEN

    def _others(self, name: str, all_: Values) -> Values:
        """The options that the fact does not have, of numbers the nearest first."""
        own = self.trial.inputs[self.trial.at[name]]
        others = [option for option in all_ if not option.holds(own)]
        return tuple(sorted(others, key=lambda option: _distance(option, own)))

    # -- what did not apply ------------------------------------------------------------------------------------------

    def unapplied(self) -> Iterator[Unapplied]:
        off = [rule for rule in self.program.rules if not self.settlement.holds(rule.guard)]
        layers = {rule.guard: rule.id for rule in off if rule.kind == "layer"}
        for rule in off:
            guard = self.conditions.steps[rule.guard].expr
            ways = self.conditions.ways(guard)
            inside = "" if rule.kind == "layer" else self._layer_off(rule, guard, layers)
            change = self._making(rule, ways)
            yield Unapplied(rule, ways, inside, change, self._reach_of(ways, change))

    def _layer_off(self, rule: ir.Rule, guard: ir.Expr, layers: Mapping[str, str]) -> str:
        read = [rule.guard, *(e.step for e in ir.walk(guard) if isinstance(e, ir.Ref))]
        return next((layers[step] for step in read if step in layers), "")

    def _reach_of(self, ways: tuple[Way, ...], change: Change | None) -> str:
        if change is not None:
            return change.reach
        if not ways:
            return "never"
        if any(need.line for need in ways[0]):
            return "lines"
        return "amounts" if any(need.amounts for need in ways[0]) else self._reach(f for n in ways[0] for f in n.facts)

    def _making(self, rule: ir.Rule, ways: tuple[Way, ...]) -> Change | None:
        """The first change of the fewest facts that makes the provision apply, those that can be changed first."""
        asked = [self._facts_of(way) for way in ways]
        for facts in sorted(dict.fromkeys(f for f in asked if f), key=lambda f: (ORDER[self._reach(f)], len(f))):
            for values in islice(product(*(self.options[fact] for fact in facts)), MOST_TRIALS):
                found = self._tried(facts, values)
                if found.values and _holds(found.values[self.settlement.layout.index[rule.guard]]):
                    return self._change(facts, values, found)
        return None

    def _facts_of(self, way: Way) -> tuple[str, ...]:
        """The facts that a way asks to be otherwise; none if it asks for anything else."""
        facts = tuple(dict.fromkeys(fact for need in way for fact in need.facts))
        facts = tuple(dict.fromkeys(GRADE if fact == LEVEL and GRADE in self.options else fact for fact in facts))
        plain = not any(need.amounts or need.line for need in way)
        return facts if plain and all(self.options.get(fact) for fact in facts) else ()

    def _reach(self, facts: Iterable[str]) -> str:
        named = set(facts)
        if named.intersection(KIND):
            return "other_kind"
        counted = (d.name for d in self.program.inputs if d.days is not None)
        return "fixed" if named.intersection((*FIXED, *counted)) else "open"

    # -- what would pay more -----------------------------------------------------------------------------------------

    def changes(self, unapplied: Sequence[Unapplied]) -> tuple[Change, ...]:
        """Every other value of every fact; and the pairs in one condition of which one does nothing alone."""
        single = {fact: [self._change((fact,), (o,), self._tried((fact,), (o,))) for o in options]
                  for fact, options in self.options.items()}  # fmt: skip
        found = [change for changes in single.values() for change in changes if change]
        idle = {fact for fact, changes in single.items() if not any(c and any(c.payers.values()) for c in changes)}
        pairs = {facts for u in unapplied for way in u.ways if len(facts := self._facts_of(way)) == 2}
        for facts in sorted(pairs):
            if idle.intersection(facts):
                alone = max((c.gain for fact in facts for c in single[fact] if c), default=0)
                choices = islice(product(*(self.options[fact] for fact in facts)), MOST_TRIALS)
                tried = (self._change(facts, v, self._tried(facts, v)) for v in choices)
                found += [change for change in tried if change and change.gain > alone]
        return tuple(sorted(_merged(c for c in found if c.gain > 0), key=lambda c: (ORDER[c.reach], -c.gain)))

    def _tried(self, facts: tuple[str, ...], values: Values) -> Outcome:
        own = {fact: self.trial.inputs[self.trial.at[fact]] for fact in facts}
        return self.trial.run({Place(f): _nearest(o, own[f]) for f, o in zip(facts, values, strict=True)})

    def _change(self, facts: tuple[str, ...], values: Values, found: Outcome) -> Change | None:
        if found.refused is not None:
            return None
        before = dict(self.base.split)
        payers = {payer: amount - before[payer] for payer, amount in found.split if payer != "patient"}
        gain = borne(self.program, self.base.split) - borne(self.program, found.split)
        told = tuple((fact, (value,)) for fact, value in zip(facts, values, strict=True))
        return Change(told, gain, {p: a for p, a in payers.items() if a}, self._reach(facts))


def _holds(value: object) -> bool:
    """Whether a guard holds, of a provision on fee lines for any line."""
    return any(value) if isinstance(value, list | tuple) else bool(value)


ORDER: Final = {"open": 0, "fixed": 1, "other_kind": 2}


def _nearest(option: Option, own: ir.Value) -> ir.Value:
    """The value of an option that is nearest to what the claim has."""
    if option.high is None or isinstance(own, str) or isinstance(option.value, str):
        return option.value
    return option.value if own < option.value else option.high


def _distance(option: Option, own: ir.Value) -> int:
    """How far the claim's own number is from the nearest of an option; words are all as far."""
    nearest = _nearest(option, own)
    return abs(nearest - own) if isinstance(nearest, int) and isinstance(own, int) else 0


def _merged(changes: Iterator[Change]) -> list[Change]:
    """Values of one fact that come to the same, told together."""
    found: dict[object, Change] = {}
    for change in changes:
        names = tuple(name for name, _ in change.facts)
        key = (names, change.facts[1:], change.gain, tuple(sorted(change.payers.items())))
        if key in found:
            (name, values), *rest = found[key].facts
            told = ((name, (*values, *change.facts[0][1])), *rest)
            found[key] = Change(told, change.gain, change.payers, change.reach)
        else:
            found[key] = change
    return list(found.values())
