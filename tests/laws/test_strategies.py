"""Strategies derived from a rule set alone: what they draw is legal, at the edges, and shrinks to what people write."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from policyengine import Claim, ClaimError, Rulebook, load, settle
from policyengine.engine import Parameters
from policyengine.generate import Domain
from policyengine.laws import tried
from policyengine.testing import claims, lives, members, one_coin_left, parameters, reforms, rulesets
from policyengine.testing.claims import amounts
from tests.laws.plans import PLAIN, claim, plan

FEW = settings(max_examples=6, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
UNCOVERED = frozenset({"E545", "E560", "E563"})
YEARLY = (*PLAIN, "{id: top, layer: basic, ceiling: 500元, meter: paid}")


def fund(book: Rulebook, one: Claim, given: Parameters = None, known: frozenset[str] = UNCOVERED) -> int:
    """What funds pay, nothing for a claim that is not covered; any other refusal is an error."""
    try:
        return settle(book, one, parameters=given).side("fund")
    except ClaimError as error:
        if {d.code for d in error.diagnostics} <= known:
            return 0
        raise


@pytest.mark.parametrize("name", ["cn/shanxi/136", "cn/chongqing/zhongxian"])
@FEW
@given(st.data())
def test_claims_are_such_as_the_rule_set_reads(name: str, data: st.DataObject) -> None:
    book = load(name)
    given_by_caller = data.draw(parameters(book))
    one = data.draw(claims(book))
    assert 0 <= fund(book, one, given_by_caller) <= one.total_minor


def test_what_fails_shrinks_to_a_claim_that_a_person_would_write(tmp_path: Path) -> None:
    """Whatever is paid for: one line of a round amount, at most one tag."""
    book = plan(tmp_path, YEARLY)
    small = find(claims(book), lambda one: fund(book, one) > 0, settings=settings(FEW, max_examples=60))
    assert [line.amount % 100 for line in small.lines] == [0]
    assert len(small.person.tags) <= 1


def test_amounts_at_the_edges_are_drawn(tmp_path: Path) -> None:
    """A ceiling of 500 and one coin beside it."""
    domain = Domain.of(plan(tmp_path, YEARLY).programs[0])
    quick = settings(FEW, max_examples=500, phases=[Phase.generate])
    for wanted in (49_999, 50_000, 50_001):
        assert find(amounts(domain), lambda minor, wanted=wanted: minor == wanted, settings=quick) == wanted


@FEW
@given(st.data())
def test_members_have_no_tag_twice_and_an_id(data: st.DataObject) -> None:
    member = data.draw(members(load("cn/fujian/quanzhou")))
    assert member.id == "p1"
    assert member.household == "h1"


@FEW
@given(st.data())
def test_lives_are_in_order_and_keep_the_laws(data: st.DataObject) -> None:
    book = load("cn/shanxi/136")
    life = data.draw(lives(book, most=2))
    assert [one.encounter.discharge_date for one in life] == sorted(one.encounter.discharge_date for one in life)  # type: ignore[type-var]
    assert len({one.id for one in life}) == len(life)
    assert list(tried(book, life)) == []


@FEW
@given(st.data())
def test_lives_are_those_of_a_household_where_a_meter_is_kept_for_it(data: st.DataObject) -> None:
    life = data.draw(lives(load("examples/family_limits"), most=3))
    assert {one.person.id for one in life} <= {"p1", "p2"}
    assert {one.person.household for one in life} == {"h1"}


def test_one_coin_is_left_under_the_ceiling(tmp_path: Path) -> None:
    """70 % of 714.27 are 499.989, paid as 499.99: a fen is left of 500."""
    book = plan(tmp_path, YEARLY)
    set_so = one_coin_left(book, claim("1.00"))
    assert str(set_so.lines[0].amount) == "714.27"
    assert str(settle(book, set_so).limits[0].left) == "0.01"


def test_a_claim_that_no_amount_brings_there_stays_as_it_is(tmp_path: Path) -> None:
    assert one_coin_left(plan(tmp_path), claim("1.00")) == claim("1.00")


def test_reforms_are_legal_and_change_a_number(tmp_path: Path) -> None:
    """The plan pays 700 of 1,000.00 up to 500; some reform of one or two of its numbers pays other sums."""
    plan(tmp_path, YEARLY)
    paid = []

    @settings(FEW, max_examples=12)
    @given(reforms(tmp_path / "plan"))
    def try_them(reform: Rulebook) -> None:
        assert reform.name == "plan"
        paid.append(fund(reform, claim("1000.00")))

    try_them()
    assert len(set(paid)) > 2


@settings(FEW, max_examples=3)
@given(rulesets(), st.data())
def test_rule_sets_that_nobody_wrote_settle_their_claims(book: Rulebook, data: st.DataObject) -> None:
    known = UNCOVERED | {"E541", "E568", "E580", "E575"}
    assert fund(book, data.draw(claims(book)), data.draw(parameters(book)), known) >= 0
