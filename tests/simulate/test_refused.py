"""Claims that are not settled are told with the words of ``settle``, and none is dropped."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from policyengine import Chain, Claim, ClaimError
from policyengine.backends.kernel import Status
from policyengine.bulk import document, open_claims
from policyengine.codes import CODES
from policyengine.mass import Bulk
from policyengine.mass.refused import WORDS, Explaining
from policyengine.report.simulation_words import NOT_SETTLED
from policyengine.simulate import Simulation, settle_table, simulate_claims
from tests.simulate.town import COLUMNS, book, table


def simulated(rejects: Path) -> Simulation:
    return simulate_claims(book(), table(), columns=COLUMNS, rejects=rejects)


def test_rejects_have_the_words_of_settle(tmp_path: Path) -> None:
    simulated(tmp_path / "rejects.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text().splitlines()]
    assert [(row["row"], row["id"]) for row in rows] == [(5, "e"), (7, "g"), (8, "h")]
    [batch] = open_claims(table(), book(), COLUMNS).batches()
    chain = Chain(book())
    said = {}
    for at in (4, 7):
        if at == 7:
            chain.refused["p5"] = "g"
        try:
            chain.settle(Claim.model_validate(document(book(), batch, at)))
        except ClaimError as error:
            said[at] = (error.diagnostics[0].code, error.diagnostics[0].message)
    assert [(row["code"], row["reason"]) for row in rows if row["id"] != "g"] == [said[4], said[7]]
    assert rows[1]["code"] == batch.rejects[6].code
    assert rows[1]["reason"] == batch.rejects[6].message


def test_a_simulation_tells_the_first_of_them(tmp_path: Path) -> None:
    found = simulated(tmp_path / "rejects.csv")
    assert [(one.row, one.claim) for one in found.refused] == [(5, "e"), (7, "g"), (8, "h")]
    assert [one.why.code for one in found.refused][::2] == ["E560", "E565"]


def test_what_is_not_settled_again_one_by_one_is_told_by_what_became_of_it() -> None:
    [batch] = open_claims(table(), book(), COLUMNS).batches()
    few = Explaining(book(), "person_id", {}, left=0)
    found = few.reasons(batch, Bulk(book()).settle(batch).status)
    assert [(at, why.code) for at, why in found.items()] == [(4, "E560"), (6, batch.rejects[6].code), (7, "E565")]


def test_every_status_has_a_reason_and_words() -> None:
    others = set(Status) - {Status.SETTLED}
    assert set(WORDS) == others
    assert set(NOT_SETTLED) == others
    assert all(code in CODES for code, _ in WORDS.values())


def test_what_cannot_be_read_holds_up_nobody_else() -> None:
    """Behind a day that there is not the same member's claims wait, before it they do not; a row without a person is
    nobody's."""
    rows = [
        ("a", "p1", "county", 110_000, True, "2020-02-01"), ("b", "p1", "county", 110_000, True, None),
        ("c", "p1", "county", 110_000, True, "2020-03-01"), ("d", None, "county", 110_000, True, "2020-03-01"),
        ("e", None, "county", 110_000, True, None), ("f", "p2", "county", 110_000, True, None),
        ("g", "p2", "county", 110_000, True, "2020-03-01"), ("h", "p3", "county", 110_000, True, "2020-03-01"),
    ]  # fmt: skip
    names = ("id", "person_id", "tier", "amount", "registered_poor", "discharge_date")
    claims = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    found = settle_table(claims, book(), COLUMNS).to_pylist()
    assert {row["id"]: row["code"] for row in found if not row["settled"]} == {
        "b": "E538", "c": "E565", "d": "E506", "e": "E506", "f": "E538", "g": "E565",
    }  # fmt: skip
    assert [row["id"] for row in found if row["settled"]] == ["a", "h"]
