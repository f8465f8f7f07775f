"""The policy for the engines that compute whole populations: parameters by date, a variable with a formula over arrays,
amounts as floating numbers of yuan, which is what these engines have for money. One simulation for all claims.

OpenFisca and PolicyEngine share this programming interface; each comes with its own classes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.bulk.claims import LEVELS, Array, Arrays

MONTH = "2024-05"
SINCE = "2020-01-01"
DEDUCTIBLES = {"tertiary": 1000, "secondary": 500, "primary": 200, "ungraded": 200}
BANDS = ((0, 0.65), (10_000, 0.725), (40_000, 0.85))


def job_of(core: SimpleNamespace, claims: Arrays) -> Callable[[], Array]:
    """A round: a simulation is built, its inputs are set, the fund's share is calculated."""
    system, amounts = system_of(core), claims.amount / 100

    def job() -> Array:
        simulation = core.SimulationBuilder().build_default_simulation(system, count=len(claims))
        simulation.set_input("amount", MONTH, amounts)
        simulation.set_input("poor", MONTH, claims.poor)
        simulation.set_input("level", MONTH, core.EnumArray(claims.level, system.level_words))
        found: Array = simulation.calculate("fund", MONTH)
        return found

    return job


def answers(result: Array) -> Array:
    return np.rint(np.asarray(result, dtype=np.float64) * 100).astype(np.int64)


def system_of(core: SimpleNamespace) -> Any:
    person = core.build_entity(key="person", plural="persons", label="person", is_person=True)
    roles = [{"key": "member", "plural": "members", "label": "member"}]
    household = core.build_entity(key="household", plural="households", label="household", roles=roles)
    system = core.TaxBenefitSystem([household, person] if core.group_first else [person, household])
    system.parameters = core.ParameterNode("", data=_parameters())
    system.level_words = core.Enum("Level", {word: word for word in LEVELS})
    for variable in _variables(core, person, system.level_words):
        system.add_variable(variable)
    return system


def _parameters() -> dict[str, Any]:
    def value(number: float) -> dict[str, Any]:
        return {"values": {SINCE: {"value": number}}}

    return {
        "deductible": {level: value(number) for level, number in DEDUCTIBLES.items()},
        "edge": {"first": value(BANDS[1][0]), "second": value(BANDS[2][0])},
        "share": {name: value(rate) for name, (_, rate) in zip(("first", "second", "third"), BANDS, strict=True)},
        "uplift": value(0.05),
        "ceiling": value(60_000),
    }


def _variables(core: SimpleNamespace, person: Any, words: Any) -> list[type]:
    def variable(name: str, kind: Any, **more: Any) -> type:
        given = {"value_type": kind, "entity": person, "definition_period": core.MONTH, "label": name, **more}
        return type(name, (core.Variable,), given)

    return [
        variable("amount", float),
        variable("poor", bool),
        variable("level", core.Enum, possible_values=words, default_value=words.ungraded),
        variable("fund", float, formula=fund),
    ]


def fund(person: Any, period: Any, parameters: Any) -> Array:
    given = parameters(period)
    level = person("level", period)
    deductible = np.array([given.deductible[word] for word in LEVELS], dtype=np.float32)[np.asarray(level)]
    rest = np.maximum(person("amount", period) - deductible, 0)
    first = np.minimum(rest, given.edge.first)
    third = np.maximum(rest - given.edge.second, 0)
    share, uplift = given.share, person("poor", period) * given.uplift
    paid = first * share.first + (rest - first - third) * share.second + third * share.third + rest * uplift
    return np.minimum(np.floor(paid * 100 + 0.5) / 100, given.ceiling)
