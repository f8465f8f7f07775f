"""What a first look calls plainly within its bounds is so in every settlement; only the rest is analysed further."""

from __future__ import annotations

import pytest

from policyengine import load
from policyengine.check.view import AMOUNTS, SHARES, View
from tests.agreement.lives import settled

NAMES = (
    "cn/heilongjiang/shuangyashan/raohe", "cn/shanxi/136", "examples/benefit_period", "examples/stairs",
    "examples/primitives/adjust", "world/japan/high_cost",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES[:-1])
def test_what_is_plain_stays_within_its_bounds(name: str) -> None:
    views: dict[int, tuple[View, set[str]]] = {}
    seen = 0
    for settlement in settled(name, seed=3, count=25):
        program = settlement.layout.program
        view, doubtful = views.setdefault(id(program), (view := View(program), {s.name for s in view.doubtful}))
        known = settlement.known()
        for step in program.steps:
            if step.domain == "claim" and step.name not in doubtful and step.term in (*SHARES, *AMOUNTS):
                value = known[step.name]
                assert not isinstance(value, str)
                assert value >= 0, step.name
                assert step.term not in SHARES or step.kind != "rate" or value <= 1, step.name
                seen += 1
    assert seen >= 50


@pytest.mark.parametrize("name", NAMES)
def test_most_of_what_clauses_state_is_plain(name: str) -> None:
    for program in load(name).programs:
        view = View(program)
        stated = [s for s in program.steps if s.domain == "claim" and s.term in (*SHARES, *AMOUNTS)]
        assert len(view.doubtful) <= len(stated) / 2
        assert len(view.quantities.by_id) < len(view.analysis.by_id)
