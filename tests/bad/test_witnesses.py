"""Findings about claims come with a claim that shows what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, History, ir
from policyengine.assemble import epochs, read
from policyengine.check import findings
from policyengine.check.witness import run
from policyengine.encode import Counted, encoder, standing_reader
from policyengine.lower import lower
from policyengine.rulebook import Place

FOLDER = Path(__file__).parent / "rules"


def shown(name: str) -> tuple[ir.Program, dict[str, Any]]:
    """The program of a bad file, and the values of its steps for the claim of its first finding."""
    ruleset = read(Place(FOLDER / f"{name}.yaml", "bad", FOLDER))
    programs = tuple(lower(ruleset, epoch) for epoch in epochs(ruleset))
    told = json.loads(findings(ruleset, programs)[0].witness)
    claim, history = Claim.model_validate(told["claim"]), History.model_validate(told.get("history", {}))
    program = programs[0]
    used = standing_reader(program)(claim, Counted.before(history, program)).values
    before = dict(zip((m.name for m in program.meters), used, strict=True))
    return program, dict(run(program, encoder(program, told.get("parameters"))(claim), before))


def test_a_share_above_all() -> None:
    assert shown("share_above_all")[1]["share"] > 1


def test_an_amount_below_zero() -> None:
    assert shown("amount_negative")[1]["deductible"] == -50_000


def test_two_that_set_one_share() -> None:
    done = shown("two_sets")[1]
    assert (done["x.applies"], done["y.applies"]) == (True, True)


def test_the_same_change_twice() -> None:
    done = shown("adjust_said_twice")[1]
    assert done["first.applies"]
    assert done["again.applies"]


def test_a_layer_that_is_cut() -> None:
    done = shown("layer_base_read_twice")[1]
    assert done["second.payable"] > done["second.paid"]


def test_facts_through_a_table_and_a_meter() -> None:
    """A third admission in a village: the share of the table and the added points come to more than everything."""
    done = shown("share_above_all_by_history")[1]
    assert done["share"] > 1


@pytest.mark.parametrize("name", ["share_above_all_by_history"])
def test_the_claim_states_the_history(name: str) -> None:
    ruleset = read(Place(FOLDER / f"{name}.yaml", "bad", FOLDER))
    told = json.loads(findings(ruleset, tuple(lower(ruleset, e) for e in epochs(ruleset)))[0].witness)
    assert told["history"]["accumulators"][0]["value"] == 2
