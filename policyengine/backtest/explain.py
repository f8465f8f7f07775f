"""What a difference points to: the one provision, or the one fact, with which the official amounts come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from policyengine import ir
from policyengine.backends.compiled import compile_program
from policyengine.engine import Engine, Origin
from policyengine.errors import ClaimError
from policyengine.questions.options import options_of
from policyengine.questions.trial import Outcome, Place, trial_of
from policyengine.settlement import Settlement
from policyengine.settlement.national import amounts

Minor = Mapping[str, int]
"""National amounts in minor units, by field."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One change with which the official amounts come out.

    ``kind``: ``not_applied`` or ``applied``, of the provisions or layers ``rules``; ``fact``, where ``fact`` with
    ``value`` in the place of the claim's does it and ``rules`` are those that then apply, or no longer do.
    """

    kind: str
    rules: tuple[ir.Rule, ...] = ()
    fact: str = ""
    value: ir.Value = ""


@dataclass(slots=True)
class Explainer:
    """Looks for causes. Programs in which a rule is switched over are compiled once and kept."""

    switched: dict[tuple[int, str, bool], Engine] = field(default_factory=dict)

    def causes(self, settlement: Settlement, official: Minor) -> tuple[Cause, ...]:
        """Every single change that explains all ``official`` amounts; facts first."""
        found = [*self._facts(settlement, official), *self._rules(settlement, official)]
        told = {rule.id for cause in found if cause.kind == "fact" for rule in cause.rules}
        return tuple(c for c in found if c.kind == "fact" or not {r.id for r in c.rules} <= told)

    def _facts(self, settlement: Settlement, official: Minor) -> Iterator[Cause]:
        origin = settlement.origin
        assert isinstance(origin, Origin)
        trial, program = trial_of(origin), origin.engine.program
        for (domain, name), options in options_of(program).items():
            if domain != "claim" or "." in name:
                continue
            now = trial.inputs[trial.at[name]]
            for option in options:
                if option.holds(now):
                    continue
                outcome = trial.run({Place(name): option.value})
                if _fits(settlement, outcome, official):
                    yield Cause("fact", _changed(origin, outcome.values), name, option.value)

    def _rules(self, settlement: Settlement, official: Minor) -> Iterator[Cause]:
        origin = settlement.origin
        assert isinstance(origin, Origin)
        for guard, rules in _by_guard(origin.engine.program).items():
            applied = bool(origin.values[origin.engine.layout.index[guard]])
            engine = self._switched(origin.engine, guard, not applied)
            outcome = replace(trial_of(origin), engine=engine).run({})
            if _fits(settlement, outcome, official):
                yield Cause("not_applied" if applied else "applied", rules)

    def _switched(self, engine: Engine, guard: str, holds: bool) -> Engine:
        """The engine with ``guard`` fixed."""
        key = (id(engine), guard, holds)
        if key not in self.switched:
            program = engine.program
            fixed = ir.flag(holds)
            steps = tuple(replace(s, expr=fixed) if s.name == guard else s for s in program.steps)
            compiled = compile_program(replace(program, steps=steps))
            self.switched[key] = replace(engine, run=compiled.run)
        return self.switched[key]


def _by_guard(program: ir.Program) -> dict[str, tuple[ir.Rule, ...]]:
    found: dict[str, list[ir.Rule]] = {}
    of_claim = {step.name for step in program.steps if step.domain == "claim"}
    for rule in program.rules:
        if rule.guard in of_claim:
            found.setdefault(rule.guard, []).append(rule)
    return {guard: tuple(rules) for guard, rules in found.items()}


def _fits(settlement: Settlement, outcome: Outcome, official: Minor) -> bool:
    """Whether the amounts come out as the official ones."""
    if outcome.refused is not None:
        return False
    tried = Settlement(settlement.layout, settlement.claim, outcome.values, settlement.origin)
    try:
        ours = amounts(tried)
    except ClaimError:
        return False
    return all(ours[name] == minor for name, minor in official.items())


def _changed(origin: Origin, values: tuple[object, ...]) -> tuple[ir.Rule, ...]:
    """The rules that apply now and did not, or the other way round."""
    index = origin.engine.layout.index
    return tuple(
        rule for guard, rules in _by_guard(origin.engine.program).items() for rule in rules
        if bool(values[index[guard]]) != bool(origin.values[index[guard]])
    )  # fmt: skip
