"""A layer that looks at several parts is called by its label, in every step."""

from __future__ import annotations

import pytest

from policyengine import load, settle
from policyengine.casebook import find_cases, read_cases
from policyengine.claim import Claim
from policyengine.report.explain import explained
from policyengine.report.names import Lang

BOOK = "examples/gongan_2018"


@pytest.mark.parametrize(("lang", "label"), [("en", "basic cover"), ("zh", "基本医疗保险")])
def test_the_steps_of_a_layer_on_two_parts_begin_with_its_label(lang: Lang, label: str) -> None:
    claim = read_cases(find_cases(BOOK)[-1])[0].turns[0].claim
    assert isinstance(claim, Claim)
    titles = {step.step: step.title for step in explained(settle(load(BOOK), claim), lang)}
    assert all(titles[step].startswith(f"{label} · ") for step in titles if step.startswith("basic."))
    assert not any(title.startswith("basic") and lang == "zh" for title in titles.values())
    assert "basic.paid" in titles
