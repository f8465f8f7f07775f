"""Forward chaining derives what the plain booleans say, for any evidence in any order of arrival."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine.cases.forward import forward
from policyengine.entitlements import Law, Piece, law_of, plain
from policyengine.ir import Value
from policyengine.lower.entitlements import KIND, Rights
from tests.conftest import Told
from tests.entitlements.people import CARD, CERTIFICATE, REGISTER, law, on, person, shown

HARD = """ruleset: hard
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}]
provisions: [{id: share, layer: basic, fund_share: 70%, assumed: made up for this example}]
parameters: {limit: 3000元, relaxed: false}
evidence:
  income: {fields: {yearly: {type: money}, members: {type: count}, checked: {type: flag}}}
  card: {fields: {level: {type: code, values: [one, two, three]}, share: {type: rate}}}
  debt: {fields: {owed: {type: money}, years: {type: count}}}
  nothing: {}
entitlements:
  poor: {needs: {income: 'checked and yearly < limit * members'}}
  poor_by_size: {grants: poor, needs: {income: not checked and members >= 5 and members != 7}}
  disabled: {needs: {card: 'level in [one, two] or share >= 60%'}}
  relaxed_case: {grants: disabled, needs: {card: relaxed}}
  in_debt: {needs: {debt: 'owed > 100元 and years in 1..3'}}
  clean: {when: not in_debt, needs: nothing}
  helped: {when: poor and not (disabled and in_debt), unless: {debt: owed > 9000元}}
  either: {when: poor != disabled}
  chosen: {when: clean if helped else disabled}
  often: {needs: {debt: owed > 0元, card: true}, at_least: {debt: 2}, unless: nothing}
  oftener: {grants: often, needs: {debt: owed > 0元}, at_least: {debt: 3}, when: poor or not often_small}
  often_small: {needs: {income: members < 5}, at_least: {income: 2}}
  free: {when: helped or clean or either, unless: [nothing, debt]}
"""
DAY = date(2017, 6, 1)


@cache
def hard() -> Rights:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hard.yaml"
        file.write_text(HARD, encoding="utf-8")
        return law_of(file).on(DAY, DAY)


def piece(kind: str, **facts: Value) -> Piece:
    return Piece("e", kind, None, None, DAY, False, {KIND: kind, **{f"{kind}.{k}": v for k, v in facts.items()}})


def drawn(rng: random.Random) -> Piece:
    match rng.randrange(4):
        case 0:
            return piece("income", yearly=rng.choice((0, 299_999, 300_000, 600_000, 2_100_000, 10**12)),
                         members=rng.choice((0, 1, 2, 4, 5, 7, 8)), checked=rng.random() < 0.5)  # fmt: skip
        case 1:
            return piece(
                "card", level=rng.choice(("one", "two", "three")), share=Fraction(rng.choice((59, 60, 61)), 100)
            )
        case 2:
            return piece("debt", owed=rng.choice((0, 10_000, 10_001, 900_000, 900_001, 10**14)), years=rng.randrange(5))
        case _:
            return piece("nothing")


def test_every_order_of_arrival_gives_the_same_rights_by_either_way() -> None:
    rng = random.Random(20171)
    seen = set()
    for _ in range(1_500):
        arrived = [drawn(rng) for _ in range(rng.randrange(7))]
        rights = plain(hard(), arrived)
        for _ in range(2):
            rng.shuffle(arrived)
            assert forward(hard(), arrived) == rights
        seen.add(rights)
    assert {right for rights in seen for right in rights} == {name for name, _ in hard().names}, "each right is given"
    assert len(seen) > 15


PIECES = st.lists(st.integers(0, 2**32).map(lambda seed: drawn(random.Random(seed))), max_size=8)


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_any_evidence_gives_the_same_rights_by_either_way(arrived: Sequence[Piece]) -> None:
    assert forward(hard(), arrived) == plain(hard(), arrived)


def records(rng: random.Random) -> list[Piece]:
    """Evidence of one person under the rules of 饶河, some of it of other days or corrected later."""
    days = ["2016-01-01", "2016-08-01", "2017-05-15", "2017-09-01", "2018-01-01"]
    found = []
    for n in range(rng.randrange(1, 6)):
        kind = rng.choice(
            ["id_card", "household_register", "poverty_certificate", "subsistence_certificate", "wilful_default"]
        )
        facts: dict[str, object] = {}
        if kind == "poverty_certificate":
            facts["issuer"] = rng.choice(["village", "township", "county", "city"])
        if kind == "subsistence_certificate":
            facts["rural"] = rng.random() < 0.5
        since, until = sorted(rng.sample(days, 2))
        found.append(shown(f"e-{n}", kind, rng.choice(days), since=since, until=until, **facts))
    return list(law().pieces(person(*found)))


def differ(cases: int, seed: int) -> int:
    """How many of so many persons have other rights by forward chaining."""
    rng, wrong, here = random.Random(seed), 0, law()
    for _ in range(cases):
        pieces = records(rng)
        for day in (date(2016, 6, 1), date(2017, 6, 1)):
            valid = [one for one in pieces if one.valid_on(day)]
            wrong += forward(here.on(day, day), valid) != plain(here.on(day, day), valid)
    return wrong


def test_a_thousand_persons_of_raohe_have_the_same_rights_by_either_way() -> None:
    assert differ(1_000, 7) == 0


@pytest.mark.agree
def test_twenty_thousand_persons_of_raohe_have_the_same_rights_by_either_way(told: Told) -> None:
    assert differ(20_000, 8) == 0
    told("rights, plain against durable_rules", "20,000 persons, two days each", "no difference")


def test_the_whole_standing_is_the_same_by_either_way() -> None:
    default = shown("e-5", "wilful_default", "2017-07-01", since="2017-01-01")
    for day in ("2016-06-01", "2017-05-14", "2017-08-01", "2018-03-01"):
        both = [on(day, CARD, REGISTER, CERTIFICATE, default, derive=derive) for derive in (plain, forward)]
        assert both[0] == both[1]


def derivations(here: Law, cases: int) -> tuple[float, int]:
    """Seconds for so many derivations, and by how many kilobytes the process grew after the first tenth."""
    pieces = here.pieces(person(CARD, REGISTER, CERTIFICATE))
    rights = here.on(DAY, DAY)
    expected = plain(rights, pieces)
    start, before = time.perf_counter(), 0
    for n in range(cases):
        assert forward(rights, pieces) == expected
        if n == cases // 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def test_more_than_a_thousand_and_twenty_five_cases_and_no_memory_kept() -> None:
    _, grown = derivations(law(), 4_000)
    assert grown < 2_000, f"{grown} kB"


@pytest.mark.agree
def test_a_hundred_thousand_cases_at_fifteen_hundred_a_second_with_flat_memory(told: Told) -> None:
    seconds, grown = derivations(law(), 100_000)
    told(
        "derivations of rights", "100,000 persons", f"{100_000 / seconds:,.0f} a second, {grown} kB more than at first"
    )
    assert grown < 2_000, f"{grown} kB"
    assert 100_000 / seconds >= 1_500, f"{100_000 / seconds:.0f} a second"
