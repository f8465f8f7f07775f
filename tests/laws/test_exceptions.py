"""Where laws do not hold is found in the program, with its place; it excuses nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, Rulebook, load, settle
from policyengine.generate import lives
from policyengine.laws import BY_ID, WHYS, ChangeLaw, tried
from tests.laws.plans import HEAD, PLAIN, claim, plan
from tools.exceptions import PAGE, page

WHOLE = ("id: share, layer: basic, fund_share: {whole: yes, bands: [[0元, 50%], [1000元, 80%]]}",)
GUARANTEE = ("{id: share, layer: basic, fund_share: 50%}",)
HELP = "  - {id: help, payer: medical_assistance, on: in_scope, after: basic}\n"


def whys(law: str, book: Rulebook) -> set[str]:
    found = BY_ID[law]
    assert isinstance(found, ChangeLaw)
    return {exempt.why.id for program in book.programs for exempt in found.exceptions(program)}


def test_a_plain_plan_has_no_exceptions(tmp_path: Path) -> None:
    book = plan(tmp_path)
    assert [whys(law, book) for law in ("larger_bill", "tag_of_poor", "line_order", "split_stay")] == [set()] * 4


def test_a_band_that_rules_the_whole_amount_jumps_at_its_edge(tmp_path: Path) -> None:
    """999.99 leave 500.00 to the patient, 1,000.00 leave 200.00: excused, since the two part at the edge."""
    book = plan(tmp_path, (f"{{{WHOLE[0]}}}",))
    assert whys("larger_bill", book) == {"jump"}
    law = BY_ID["larger_bill"]
    assert isinstance(law, ChangeLaw)
    places = {exempt.place.partition("ruleset.yaml")[2] for exempt in law.exceptions(book.programs[0])}
    assert places
    assert [breach.law.id for breach in tried(book, [claim("999.99")])] == []


def test_help_that_begins_at_a_sum_jumps(tmp_path: Path) -> None:
    clauses = (*PLAIN, "{id: help_share, layer: help, fund_share: 50%, when: total_charge >= 1000元}")
    assert whys("larger_bill", plan(tmp_path, clauses, HELP)) == {"jump"}


def test_a_top_up_measured_on_the_whole_part(tmp_path: Path) -> None:
    """70 % and then up to 40 points more of the whole, until 95 % are reached: together 110 % of a further fen."""
    clauses = (
        "{id: start, layer: basic, deductible: 500元}",
        *PLAIN,
        "{id: to_target, layer: help, top_up: 95% of in_scope, at_most: 40% of in_scope}",
    )
    book = plan(tmp_path, clauses, HELP)
    assert "whole" in whys("larger_bill", book)
    assert list(tried(book, [claim("600.00")])) == []


def test_help_for_what_is_left_is_no_exception(tmp_path: Path) -> None:
    clauses = (*PLAIN, "{id: help_share, layer: help, fund_share: 50%}")
    assert whys("larger_bill", plan(tmp_path, clauses, HELP)) == set()


def test_a_provision_for_those_without_the_tag_ends_with_it(tmp_path: Path) -> None:
    clauses = (*PLAIN, "{id: help_share, layer: help, fund_share: 50%, when: low_income and not registered_poor}")
    book = plan(tmp_path, clauses, HELP)
    assert whys("tag_of_poor", book) == {"withdrawn"}
    assert list(tried(book, [claim("1000.00", tags=["low_income"])])) == []


def test_a_figure_that_the_claim_states_may_be_better(tmp_path: Path) -> None:
    facts = "facts:\n  own_share: {type: rate, low: 0%, high: 100%}\n"
    clauses = ("{id: share, layer: basic, fund_share: 60% if registered_poor else own_share}",)
    assert whys("tag_of_poor", plan(tmp_path, clauses, facts)) == {"stated"}


def test_a_deductible_of_each_claim_is_no_reason_to_split_and_a_ceiling_is(tmp_path: Path) -> None:
    """Each exception bears where its amount is passed. A ceiling of 500 a claim: split in two, 1,000 are paid."""
    clauses = (*PLAIN, "{id: top, layer: basic, ceiling: 500元}")
    book = plan(tmp_path, clauses)
    assert whys("split_stay", book) == {"each_claim"}
    assert list(tried(book, [claim("1000.00", "1000.00")])) == []
    yearly = plan(tmp_path, (*PLAIN, "{id: top, layer: basic, ceiling: 500元, meter: paid}"))
    assert whys("split_stay", yearly) == set()
    assert list(tried(yearly, [claim("1000.00", "1000.00")])) == []


def test_so_much_for_each_day_of_a_line_is_there_for_both_halves_of_it(tmp_path: Path) -> None:
    """160 a day, for 60 days a year: of a line of 1,000 for a day 70 % of 160 are paid, of two of 500 twice that."""
    days = HEAD.replace("meters:\n", "meters:\n  days: {counts: sum(quantity), in: calendar_year}\n")
    limit = "positive(left - 160元 * min(quantity, max(60 - used(days), 0)))"
    clauses = (f"{{id: daily, classify: class == 甲, take: '{limit}', to: own_expense}}", *PLAIN)
    book = plan(tmp_path, clauses, head=days)
    assert whys("split_stay", book) == {"each_claim", "by_count"}
    assert list(tried(book, [claim("1000.00", quantity=1)])) == []


def test_a_larger_line_may_move_what_of_later_lines_lies_in_which_band() -> None:
    """Purchases of 1, 200, 20 and 20: deductibles 1, 5, 5 and 1 (12 a day); the second lies from 1 to 196, 99 of it at
    50 %, 96 at 80 %; 15 and 19 at 80 %. The fund: 49.50 + 76.80 + 12 + 15.20 = 153.50, the patient 241 − 153.50.

    Of 2, 200, 20 and 20: deductibles 2, 5, 5 and 0; 98 at 50 % and 97 at 80 %, 15 and 20 at 80 %: 49 + 77.60 + 12 + 16
    = 154.60, the patient 242 − 154.60, ten fen less.
    """
    book = load("examples/purchases_line_by_line")
    day, borne = {"care_type": "outpatient", "service_date": "2020-03-02"}, []
    for first in ("1.00", "2.00"):
        lines = [{"category": "western_drug", "catalogue_class": "a", "amount": x} for x in (first, "200", "20", "20")]
        one = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": day, "lines": lines})
        borne.append(str(settle(book, one).split["patient"]))
        assert list(tried(book, [one])) == []
    assert borne == ["87.50", "87.40"]
    assert whys("larger_bill", book) == {"position"}


def test_a_ceiling_whose_excess_a_later_layer_pays(tmp_path: Path) -> None:
    """Up to 500 at 70 %, above it 90 % of the excess: 100 more of the first are 90 less of the second."""
    clauses = (
        *PLAIN,
        "{id: top, layer: basic, ceiling: 500元, meter: paid}",
        "{id: rest, layer: help, pay: 90% of basic.over_ceiling}",
    )
    assert "onward" in whys("raised_ceiling", plan(tmp_path, clauses, HELP))


@pytest.mark.parametrize(
    ("name", "law", "expected"),
    [
        ("cn/shanxi/136", "larger_bill", set()),
        ("cn/shaanxi/yanan", "raised_ceiling", {"onward"}),
        ("cn/fujian/quanzhou", "larger_bill", {"jump", "whole"}),
        ("cn/heilongjiang", "tag_of_poor", {"stated", "jump"}),
        ("world/canada/trillium", "line_order", {"by_line"}),
    ],
)
def test_shipped_rule_sets(name: str, law: str, expected: set[str]) -> None:
    assert whys(law, load(name)) == expected


def test_every_kind_of_exception_is_in_both_languages() -> None:
    assert all(why.zh and why.en for why in WHYS.values())


def test_the_page_of_exceptions_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`, and read what changes"


def test_a_condition_without_a_row_is_no_error() -> None:
    """An exception may ask for a price that the list has not, of a line that is not priced by it: nothing is said of
    that claim, and nothing breaks."""
    book = load("examples/price_list_by_service_date")
    for life in list(lives(book, 1, 11))[8:]:
        assert list(tried(book, life)) == []
