"""Claims of every rule set's cases are told, in one language or the other, and as JSON, without jargon and without a
fault."""

from __future__ import annotations

import json
from itertools import cycle
from typing import Any

import jsonschema
import pytest

from policyengine.casebook import Case, find_cases, read_cases
from policyengine.chain import Chain
from policyengine.claim import Claim
from policyengine.cli.output import text_of
from policyengine.errors import ClaimError, width
from policyengine.loading import load
from policyengine.report.data import json_text, settlement_data, settlement_schema
from policyengine.report.explain import explained
from policyengine.report.text import settlement_text
from policyengine.rulebook import bundled_names
from policyengine.settlement import Settlement

NAMES = [name for name in bundled_names() if find_cases(name)]
SCHEMA = jsonschema.Draft7Validator(settlement_schema())


TOLD = 4
"""Cases of a rule set that are told, spread evenly over its files."""


def settlements(name: str) -> list[Settlement]:
    """The settlements of the claims of some cases, but for those that are refused."""
    cases = [case for path in find_cases(name) for case in read_cases(path)]
    return [settlement for case in cases[:: -(-len(cases) // TOLD)] for settlement in _settled(name, case)]


def _settled(name: str, case: Case) -> list[Settlement]:
    chain, found = Chain(load(name), case.history, case.parameters), []
    for turn in case.turns:
        if isinstance(turn.claim, Claim):
            try:
                found.append(chain.settle(turn.claim))
            except ClaimError:
                continue
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_settlement_is_told(name: str) -> None:
    found = settlements(name)
    for settlement in found[:2]:
        SCHEMA.validate(json.loads(json_text(settlement_data(settlement, trace=True))))
    for lang, settlement in zip(cycle(("zh", "en")), found, strict=False):
        _check(settlement, lang)


def _check(settlement: Settlement, lang: Any) -> None:
    text = text_of(settlement_text(settlement, lang, explain=True), colour=False)
    assert max(map(width, text.splitlines())) <= 120
    for step in explained(settlement, lang):
        assert step.title
        assert step.value
        assert "_" not in step.title + step.formula + step.because, "identifiers are told as words"
        assert "  " not in step.formula
        assert lang == "en" or not any(f" {word} " in f" {step.formula} " for word in ("of", "if", "lesser", "and"))
