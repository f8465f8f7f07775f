"""What a history says of windows that claims open; claims that come out of order; events on one day."""

from __future__ import annotations

from typing import Any

import pytest

from policyengine import Chain, Claim, ClaimError, History, Rulebook, load, settle
from policyengine.report.windows import window_words

RULES = """ruleset: kept
dated_by: settlement_date
facts: {relapse: {type: flag, default: false}, case_id: {type: id, default: none}}
windows:
  spell: {reset_after_days_out: 60}
  year_from: {anchored_months: 12}
  episode: {reset_when: relapse}
  month_back: {rolling_days: 30}
meters:
  days: {counts: days_of_stay, in: spell, label: days}
  family: {counts: 1, in: year_from, per: household, label: family}
  since: {counts: 1, in: episode, label: since}
  lately: {counts: 1, in: month_back, per: household, label: lately}
  cases: {counts: 1, in: lifetime, per: case_id, label: cases}
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, assumed: x}]
provisions:
  - {id: days_before, define: used(days), assumed: x}
  - {id: family_before, define: used(family), assumed: x}
  - {id: since_before, define: used(since), assumed: x}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("rules") / "kept"
    folder.mkdir()
    (folder / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    return load(str(folder))


def claim(name: str, admitted: str, left: str, settled: str, person: str = "p", **facts: Any) -> Claim:
    encounter = {
        "care_type": "inpatient",
        "admission_date": admitted,
        "discharge_date": left,
        "settlement_date": settled,
    }
    data = {"id": name, "person": {"id": person, "household": "h"}, "encounter": encounter, "facts": facts}
    return Claim.model_validate({**data, "lines": [{"category": "surgery", "amount": "10"}]})


def codes(caught: pytest.ExceptionInfo[ClaimError]) -> set[str]:
    return {found.code for found in caught.value.diagnostics}


def test_the_last_day_in_hospital_is_the_latest_one_not_that_of_the_claim_settled_last(book: Rulebook) -> None:
    """A short stay is settled after a long one that it lies in; the sixty days are counted from the long one's end."""
    chain = Chain(book)
    chain.settle(claim("long", "2024-01-01", "2024-03-01", "2024-03-02"))
    chain.settle(claim("short", "2024-01-10", "2024-01-12", "2024-03-03"))
    # 29 April lies 59 days after 1 March, 108 after 12 January: 60 and 2 nights before
    assert chain.settle(claim("next", "2024-04-29", "2024-04-30", "2024-05-01")).known()["days_before"] == 62


def test_a_second_event_on_one_day_begins_anew_once_more(book: Rulebook) -> None:
    chain = Chain(book)
    day = ("2024-01-01", "2024-01-02", "2024-01-02")
    held = [
        chain.settle(claim(f"c{at}", *day, relapse=event)).known()["since_before"]
        for at, event in enumerate([False, True, False, True, False])
    ]
    assert held == [0, 0, 1, 0, 1]


def test_a_claim_before_the_window_of_those_who_share_it_is_refused_and_missed_by_nobody(book: Rulebook) -> None:
    chain = Chain(book)
    chain.settle(claim("a", "2024-03-01", "2024-03-05", "2024-03-05"))
    with pytest.raises(ClaimError) as caught:
        chain.settle(claim("b", "2024-02-01", "2024-02-05", "2024-02-05", person="q"))
    assert codes(caught) == {"E568"}
    assert chain.settle(claim("c", "2024-03-06", "2024-03-07", "2024-03-07", person="q")).known()["family_before"] == 1


def test_an_unstated_id_is_its_default(book: Rulebook) -> None:
    stay = ("2024-03-01", "2024-03-05", "2024-03-05")
    assert ("cases", ("none",), "lifetime") in settle(book, claim("a", *stay)).history.used
    assert ("cases", ("x-1",), "lifetime") in settle(book, claim("a", *stay, case_id="x-1")).history.used


DAYS = {"meter": "days", "scope": {"person_id": "p"}, "window": "2024-01-01", "value": 5, "kind": "count"}
SPELL = {"window": "spell", "scope": {"person_id": "p"}, "start": "2024-01-01", "out": "2024-01-06"}


@pytest.mark.parametrize(
    ("periods", "code"),
    [
        ([SPELL, SPELL], "E566"),
        ([{**SPELL, "out": "2023-12-31"}], "E567"),
        ([SPELL, {"window": "month_back", "scope": {"household_id": "h"}, "start": "2024-01-01"}], "E569"),
        ([{"window": "spell", "scope": {"person_id": "p"}, "start": "2024-01-01"}], "E570"),
        ([SPELL, {**SPELL, "window": "episode"}], "E570"),
        ([], "E571"),
        ([{**SPELL, "start": "2024-01-02"}], "E571"),
    ],
)
def test_periods_that_do_not_fit(book: Rulebook, periods: list[dict[str, Any]], code: str) -> None:
    made = claim("a", "2024-02-01", "2024-02-03", "2024-02-03")
    with pytest.raises(ClaimError) as caught:
        settle(book, made, History.model_validate({"accumulators": [DAYS], "periods": periods}))
    assert codes(caught) == {code}


def test_periods_that_fit(book: Rulebook) -> None:
    history = History.model_validate({"accumulators": [DAYS], "periods": [SPELL]})
    settled = settle(book, claim("a", "2024-02-01", "2024-02-03", "2024-02-03"), history)
    assert settled.known()["days_before"] == 5
    assert {p.window: (str(p.start), str(p.out)) for p in settled.history.periods} == {
        "spell": ("2024-01-01", "2024-02-03"),
        "year_from": ("2024-02-03", "None"),
        "episode": ("2024-02-03", "None"),
    }


def test_a_history_without_periods_is_written_as_before() -> None:
    assert "periods" not in History.empty().model_dump(mode="json")
    assert "periods" not in History.model_validate({"accumulators": [DAYS]}).model_dump(mode="json")


def test_which_meters_a_claim_can_be_subtracted_from(book: Rulebook) -> None:
    free = {meter.name for meter in book.all_meters.meters if meter.is_order_free}
    assert free == {"cases"}


def test_windows_are_told_in_words(book: Rulebook) -> None:
    windows = {meter.window.name: meter.window for meter in book.all_meters.meters}
    assert {name: window_words(window, "en") for name, window in windows.items()} == {
        "spell": "until 60 days out of hospital",
        "year_from": "12 months from the first use",
        "episode": "until the event that ends it",
        "month_back": "the last 30 days",
        "lifetime": "in a lifetime",
    }
    assert window_words(windows["spell"], "zh") == "至出院满60天止"
