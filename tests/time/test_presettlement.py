"""预结算: the same answer, nothing consumed, nothing that could be booked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from policyengine import Chain, ClaimError, History, Rulebook, presettle, settle
from policyengine.cli import main
from policyengine.cli.output import text_of
from policyengine.report.data import settlement_data
from policyengine.report.text import settlement_text
from policyengine.runs.sources import told_by
from tests.time.support import book, fund, stay


@pytest.fixture
def county(tmp_path: Path) -> Rulebook:
    return book(tmp_path)


CLAIM = stay("c1", "2024-03-09", "11000.00")


def test_the_answer_is_that_of_the_settlement(county: Rulebook) -> None:
    before = settle(county, stay("c0", "2024-02-01", "400.00")).history
    asked, settled = presettle(county, CLAIM, before), settle(county, CLAIM, before)
    assert asked.split == settled.split
    assert fund(asked) == 7280  # 70 % × (11,000 − the 600 that are left of 1,000)
    assert (asked.preliminary, settled.preliminary) == (True, False)


def test_nothing_is_consumed(county: Rulebook) -> None:
    before = settle(county, stay("c0", "2024-02-01", "400.00")).history
    assert presettle(county, CLAIM, before).history == before
    assert presettle(county, CLAIM).history == History.empty("county")
    assert settle(county, CLAIM, presettle(county, CLAIM).history).split == settle(county, CLAIM).split


def test_a_chain_of_preliminary_claims_carries_nothing_on(county: Rulebook) -> None:
    chain = Chain(county, preliminary=True)
    assert [fund(chain.settle(CLAIM)), fund(chain.settle(stay("c2", "2024-03-09", "11000.00")))] == [7000, 7000]
    assert chain.ledger.whole.used == {}


def test_there_is_no_receipt(county: Rulebook) -> None:
    with pytest.raises(ClaimError, match="has no receipt") as caught:
        presettle(county, CLAIM).receipt()
    assert caught.value.diagnostics[0].code == "E581"


def test_everything_that_is_written_says_so(county: Rulebook) -> None:
    asked = presettle(county, CLAIM)
    data = settlement_data(asked)
    assert (data["preliminary"], data["receipt"]) == (True, None)
    assert data["national"]["interface"] == "2303"
    assert settlement_data(settle(county, CLAIM))["national"]["interface"] == "2304"
    assert text_of(settlement_text(asked)).startswith("preliminary, nothing is booked · claim c1")
    assert text_of(settlement_text(asked, "zh")).startswith("预结算（不入账） · 单据 c1")


def test_a_visit_has_interfaces_of_its_own(county: Rulebook) -> None:
    encounter = {"care_type": "outpatient", "discharge_date": "2024-03-09"}
    visit = CLAIM.model_copy(update={"encounter": encounter})
    assert presettle(county, visit).national()["interface"] == "2206"
    assert settle(county, visit).national()["interface"] == "2207"


def test_no_run_counts_it(county: Rulebook) -> None:
    with pytest.raises(ClaimError, match="is not counted"):
        told_by(presettle(county, CLAIM))


def test_the_command(county: Rulebook, tmp_path: Path) -> None:
    file = tmp_path / "claim.json"
    file.write_text(CLAIM.model_dump_json(exclude_unset=True), encoding="utf-8")
    run = CliRunner().invoke(main, ["settle", str(tmp_path / "county"), str(file), "--pre", "--json"])
    data = json.loads(run.output)
    assert (data["preliminary"], data["history"]["accumulators"]) == (True, [])
    assert county.name == data["ruleset"]
    booked = tmp_path / "pre.json"
    booked.write_text(run.output, encoding="utf-8")
    verified = CliRunner().invoke(
        main, ["verify", str(booked), "--claim", str(file), "--ruleset", str(tmp_path / "county")]
    )
    assert verified.exit_code == 2
    assert "E581" in verified.output
