"""What was owed as known then: days on which something holds, and the day on which it was published."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Chain, ClaimError, Rulebook, RuleError, cache, load, settle, verify
from policyengine.assemble import parsed, views
from policyengine.check import findings
from policyengine.rulebook import from_written, locate, written
from tests.time.support import CIRCULAR, JULY, MAY, book, fund, stay


@pytest.fixture
def county(tmp_path: Path) -> Rulebook:
    return book(tmp_path)


def test_a_circular_of_june_changes_what_is_owed_for_march(county: Rulebook) -> None:
    claim = stay("c1", "2024-03-09", "11000.00")
    assert fund(settle(county, claim, known_on=MAY)) == Decimal("6000.00")  # 60 % × (11,000 − 1,000)
    assert fund(settle(county, claim, known_on=JULY)) == Decimal("7000.00")  # 70 % × (11,000 − 1,000)


def test_the_day_of_publication_is_the_first_on_which_it_is_known(county: Rulebook) -> None:
    claim = stay("c1", "2024-03-09", "11000.00")
    assert fund(settle(county, claim, known_on=date(2024, 6, 14))) == Decimal("6000.00")
    assert fund(settle(county, claim, known_on=date(2024, 6, 15))) == Decimal("7000.00")


def test_outside_its_days_the_circular_changes_nothing(county: Rulebook) -> None:
    claim = stay("c1", "2023-12-31", "11000.00")
    assert fund(settle(county, claim, known_on=JULY)) == fund(settle(county, claim)) == Decimal("6000.00")


def test_without_a_day_everything_in_the_file_is_known(county: Rulebook) -> None:
    settlement = settle(county, stay("c1", "2024-03-09", "11000.00"))
    assert fund(settlement) == Decimal("7000.00")
    assert settlement.known_on is None


def test_a_claim_is_settled_as_known_on_its_settlement_date(county: Rulebook) -> None:
    claim = stay("c1", "2024-03-09", "11000.00", settlement_date="2024-03-09")
    settlement = settle(county, claim)
    assert fund(settlement) == Decimal("6000.00")
    assert settlement.known_on == date(2024, 3, 9)
    assert settlement.receipt()["known_on"] == "2024-03-09"
    assert fund(settle(county, claim, known_on=JULY)) == Decimal("7000.00")


def test_a_chain_settles_every_claim_by_what_was_known_then(county: Rulebook) -> None:
    chain = Chain(county)
    first = chain.settle(stay("c1", "2024-03-09", "11000.00", settlement_date="2024-03-09"))
    second = chain.settle(stay("c2", "2024-03-20", "1000.00", settlement_date="2024-06-20"))
    assert (fund(first), fund(second)) == (Decimal("6000.00"), Decimal("700.00"))  # the deductible is met: 70 % × 1,000


def test_a_receipt_is_recomputed_as_known_on_its_day(county: Rulebook) -> None:
    claim = stay("c1", "2024-03-09", "11000.00")
    receipt = settle(county, claim, known_on=MAY).receipt()
    assert verify(receipt, county, claim) == ()
    wrong = verify({**receipt, "known_on": "2024-07-01"}, county, claim)
    assert {d.field for d in wrong} >= {"split", "result"}
    with pytest.raises(ClaimError, match="not a day"):
        verify({**receipt, "known_on": "soon"}, county, claim)


def test_a_receipt_from_before_the_second_clock_is_still_recomputed(county: Rulebook) -> None:
    claim = stay("c1", "2024-03-09", "11000.00")
    receipt = settle(county, claim).receipt()
    del receipt["known_on"]
    assert verify(receipt, county, claim) == ()


def test_of_two_circulars_the_later_one_holds(tmp_path: Path) -> None:
    third = "    - {value: 65%, from: 2024-02-01, to: 2024-04-01, published: 2024-09-01, assumed: made up}\n"
    made = book(tmp_path, CIRCULAR.format(name="county").replace("\nmeters:", "\n" + third + "meters:"))
    march, may = stay("c1", "2024-03-09", "11000.00"), stay("c1", "2024-05-09", "11000.00")
    assert [fund(settle(made, march, known_on=date(2024, month, 30))) for month in (5, 8, 9)] == [6000, 7000, 6500]
    assert fund(settle(made, may)) == Decimal("7000.00")


def test_periods_that_overlap_without_publication_are_an_error(tmp_path: Path) -> None:
    text = CIRCULAR.format(name="county").replace(" published: 2024-06-15,", "")
    with pytest.raises(RuleError, match="hold on the same day") as caught:
        book(tmp_path, text)
    assert caught.value.diagnostics[0].code == "E408"


def test_tables_layers_and_provisions_are_published_too(tmp_path: Path) -> None:
    made = book(
        tmp_path,
        """\
ruleset: county
tables:
  base:
    - {keys: [tier], columns: [share], rows: [[any, 60%]], assumed: made up}
    - keys: [tier]
      columns: [share]
      rows: [[any, 50%]]
      valid: {from: 2024-01-01}
      published: 2024-06-15
      assumed: made up
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up}
  - {id: help, payer: medical_assistance, on: in_scope, published: 2024-07-01, assumed: made up}
provisions:
  - {id: basic_share, layer: basic, fund_share: base.share, assumed: made up}
  - {id: help_share, layer: help, fund_share: 50%, assumed: made up}
  - {id: help_share, layer: help, fund_share: 20%, published: 2024-08-01, assumed: made up}
""",
    )
    claim = stay("c1", "2024-03-09", "10000.00")
    claim = claim.model_copy(update={"encounter": claim.encounter.model_copy(update={"hospital": {"tier": "county"}})})

    def owed(day: str) -> list[int]:
        split = settle(made, claim, known_on=date.fromisoformat(day)).split
        return [int(split.get(payer, 0)) for payer in ("pooled_fund", "medical_assistance", "patient")]

    assert owed("2024-06-14") == [6000, 0, 4000]
    assert owed("2024-06-15") == [5000, 0, 5000]
    assert owed("2024-07-01") == [5000, 2500, 2500]
    assert owed("2024-08-01") == [5000, 1000, 4000]


# -- inheritance -------------------------------------------------------------------------------------------------------

NOTICE = """\
ruleset: notice
extends: county
published: 2024-08-01
provisions:
  - {id: basic_share_2024, replaces: basic_share, layer: basic, fund_share: 80%, assumed: made up}
  - {id: county_points, adjust: basic_share_2024, add: 1pp, after: basic_share_2024, assumed: made up}
  - {id: no_points, repeals: poor, assumed: made up}
"""


def test_parent_and_child_are_seen_on_the_same_two_days(tmp_path: Path) -> None:
    book(tmp_path)
    made = book(tmp_path, NOTICE, "notice")
    claim = stay("c1", "2024-03-09", "11000.00", tags=["registered_poor"])
    owed = [fund(settle(made, claim, known_on=day)) for day in (MAY, JULY, date(2024, 8, 1))]
    assert owed == [6500, 7500, 8100]  # 60 + 5, 70 + 5, 80 + 1 % of 10,000


def test_a_parameter_is_replaced_from_its_publication_on(tmp_path: Path) -> None:
    book(tmp_path)
    text = "ruleset: notice\nextends: county\npublished: 2024-08-01\nparameters:\n"
    made = book(tmp_path, text + "  share: {replaces: yes, value: 90%, assumed: made up}\n", "notice")
    claim = stay("c1", "2024-03-09", "11000.00")
    assert [fund(settle(made, claim, known_on=day)) for day in (MAY, JULY, date(2024, 8, 1))] == [6000, 7000, 9000]


# -- before anything was published -------------------------------------------------------------------------------------


def test_what_has_no_day_of_publication_was_not_the_first_to_be_published(tmp_path: Path) -> None:
    """The layer says none; of the sentences the threshold was the first."""
    text = CIRCULAR.format(name="county")
    for name, day in (("threshold", "2023-11-20"), ("basic_share", "2023-12-01"), ("poor", "2023-12-01")):
        text = text.replace(f"{{id: {name},", f"{{id: {name}, published: {day},")
    with pytest.raises(ClaimError, match="of county had been published; `threshold` was the first, on 2023-11-20"):
        settle(book(tmp_path, text), stay("c1", "2024-03-09", "11000.00"), known_on=date(2023, 11, 19))


def test_before_anything_was_published_there_is_no_empty_law(tmp_path: Path) -> None:
    made = book(tmp_path, CIRCULAR.format(name="county").replace("parts:", "published: 2023-11-20\nparts:"))
    claim = stay("c1", "2024-03-09", "11000.00")
    assert fund(settle(made, claim, known_on=date(2023, 11, 20))) == Decimal("6000.00")
    with pytest.raises(
        ClaimError, match="nothing of county had been published; `basic` was the first, on 2023-11-20"
    ) as caught:
        settle(made, claim, known_on=date(2023, 11, 19))
    found = caught.value.diagnostics[0]
    assert found.code == "E580"
    assert [span.line for _, span in found.related] == [12]


def test_a_value_that_was_not_yet_published_is_told_with_its_place(tmp_path: Path) -> None:
    first = "{value: 60%, published: 2023-12-01,"
    made = book(tmp_path, CIRCULAR.format(name="county").replace("{value: 60%,", first))
    claim = stay("c1", "2024-03-09", "11000.00")
    assert fund(settle(made, claim, known_on=MAY)) == Decimal("6000.00")
    with pytest.raises(ClaimError, match="by 2023-11-30 `share` had not been published") as caught:
        settle(made, claim, known_on=date(2023, 11, 30))
    assert caught.value.diagnostics[0].code == "E580"


def test_what_refers_to_something_unpublished_stays_an_error_of_the_file(tmp_path: Path) -> None:
    text = CIRCULAR.format(name="county").replace("fund_share: share", "fund_share: late.paid")
    with pytest.raises(RuleError):
        book(tmp_path, text)


# -- keeping -----------------------------------------------------------------------------------------------------------


def test_the_cache_holds_every_edition(county: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = from_written(written(county))
    assert again == county
    assert [e.known for e in county.earlier] == [("", "2024-06-15")]
    assert written(again) == written(county)
    monkeypatch.setenv("POLICYENGINE_CACHE", str(tmp_path / "kept"))
    cache._kept.clear()
    load("county", tmp_path)
    cache._kept.clear()
    assert load("county", tmp_path) == county


def test_what_holds_in_several_editions_is_lowered_once(tmp_path: Path) -> None:
    values = "".join(
        f"    - {{value: {60 + n}%, from: {2000 + n}-01-01, published: {1999 + n}-12-01, assumed: made up}}\n"
        for n in range(1, 21)
    )
    circular = "    - {value: 70%, from: 2024-01-01, published: 2024-06-15, assumed: made up for this example}\n"
    with_all = CIRCULAR.format(name="county").replace(circular, values)
    made = book(tmp_path, with_all)
    assert len(made.earlier) == 20
    assert len({id(p.steps) for p in made.every_program}) == 21  # one a value


def test_check_lists_what_holds_before_it_was_published(county: Rulebook, tmp_path: Path) -> None:
    latest, *_ = views(parsed(locate("county", tmp_path)))
    notes = [d for d in findings(latest.ruleset, latest.edition.programs) if d.code == "E380"]
    assert [(d.severity, d.span and d.span.line) for d in notes] == [("note", 5)]
    assert "holds from 2024-01-01 and was published on 2024-06-15" in notes[0].message
