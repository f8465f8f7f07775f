"""What a change of one thing does to a settlement: properties of the language, on rule sets written for them."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policyengine import Claim, History, Rulebook, Settlement, load, settle

RULES = """ruleset: plan
title: 样例
valid: {{from: 2016-01-01}}
sources: {{law: {{title: 样例办法}}}}
parts: [own_expense, first_share, in_scope]
meters:
  borne: {{counts: basic.deductible, in: benefit_year}}
  paid: {{counts: basic.paid, in: benefit_year}}
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope, cite: law}}
  - {{id: large, payer: critical_illness, on: in_scope, to_date: benefit_year, cite: law}}
provisions:
  - {{id: outside, classify: class == 丙, to: own_expense, cite: law}}
  - {{id: first, classify: class == 乙, take: 10% of left, to: first_share, cite: law}}
  - {{id: floor, layer: basic, deductible: {deductible}, meter: borne, cite: law}}
  - {{id: share, layer: basic, fund_share: {share}, cite: law}}
  - {{id: uplift, adjust: share, when: registered_poor, add: 5pp, cite: law}}
  - {{id: top, layer: basic, ceiling: {ceiling}, meter: paid, cite: law}}
  - {{id: threshold, layer: large, deductible: 5000元, cite: law}}
  - {{id: large_share, layer: large, fund_share: {{bands: [[0元, 50%], [30000元, 65%]]}}, cite: law}}
"""


@cache
def plan(deductible: str = "500元", share: str = "70%", ceiling: str = "20000元") -> Rulebook:
    folder = Path(mkdtemp()) / "plan"
    folder.mkdir()
    text = RULES.format(deductible=deductible, share=share, ceiling=ceiling)
    (folder / "ruleset.yaml").write_text(text, encoding="utf-8")
    return load(folder)


def claim(fen: list[tuple[int, str]], day: str = "2017-05-09", **person: Any) -> Claim:
    lines = [{"category": "other", "amount": str(Decimal(n).scaleb(-2)), "catalogue_class": c} for n, c in fen]
    encounter = {"care_type": "inpatient", "discharge_date": day}
    return Claim.model_validate(
        {"id": f"c{next(NUMBERS)}", "person": {"id": "p", **person}, "encounter": encounter, "lines": lines}
    )


def after(claims: list[Claim], book: Rulebook) -> tuple[list[Settlement], History | None]:
    settled, history = [], None
    for one in claims:
        settled.append(settle(book, one, history))
        history = settled[-1].history
    return settled, history


NUMBERS = count(1)
FEN = st.one_of(
    st.integers(0, 6_000_000),
    st.sampled_from([49_999, 50_000, 50_001, 2_907_142, 2_907_143, 3_000_000]),
)
LINES = st.lists(st.tuples(FEN, st.sampled_from("abc")), min_size=1, max_size=4)


@given(LINES, FEN)
def test_a_larger_bill_never_means_less_to_pay_nor_more_than_it_grew(lines: list[tuple[int, str]], more: int) -> None:
    (n, c), rest = lines[0], lines[1:]
    small = settle(plan(), claim([(n, c), *rest])).split
    large = settle(plan(), claim([(n + more, c), *rest])).split
    grown = Decimal(more).scaleb(-2)
    assert small["patient"] <= large["patient"] <= small["patient"] + grown + Decimal("0.02")
    assert large["pooled_fund"] >= small["pooled_fund"]


@given(LINES)
def test_a_tag_of_the_poor_never_costs(lines: list[tuple[int, str]]) -> None:
    ordinary = settle(plan(), claim(lines)).split["patient"]
    poor = settle(plan(), claim(lines, tags=["registered_poor"])).split["patient"]
    assert poor <= ordinary + Decimal("0.01")


@given(LINES, st.sampled_from([("8000元", "10000元"), ("0元", "1元"), ("20000元", "20000.01元")]))
def test_raising_a_ceiling_never_lowers_a_payment(lines: list[tuple[int, str]], ceilings: tuple[str, str]) -> None:
    low, high = (settle(plan(ceiling=c), claim(lines)).split["pooled_fund"] for c in ceilings)
    assert low <= high


@given(LINES)
def test_raising_the_deductible_never_lowers_what_the_patient_pays(lines: list[tuple[int, str]]) -> None:
    low, high = (settle(plan(deductible=d), claim(lines)).split["patient"] for d in ("500元", "800元"))
    assert low <= high + Decimal("0.01")


@given(LINES)
def test_the_order_of_lines_does_not_matter(lines: list[tuple[int, str]]) -> None:
    assert settle(plan(), claim(lines)).split == settle(plan(), claim(lines[::-1])).split


@given(FEN, FEN)
def test_two_claims_pay_what_one_pays_but_for_a_fen_each(first: int, second: int) -> None:
    """Metered deductible and ceiling: splitting a stay moves at most half a fen of rounding a claim and layer."""
    whole = settle(plan(), claim([(first + second, "a")])).split["patient"]
    parts, _ = after([claim([(first, "a")]), claim([(second, "a")])], plan())
    assert abs(sum((s.split["patient"] for s in parts), Decimal(0)) - whole) <= Decimal("0.02")


@given(st.lists(FEN, min_size=1, max_size=5))
def test_no_window_gives_more_than_its_ceiling_or_takes_more_than_its_deductible(amounts: list[int]) -> None:
    settled, _ = after([claim([(n, "a")]) for n in amounts], plan())
    assert sum((s.split["pooled_fund"] for s in settled), Decimal(0)) <= Decimal(20_000)
    assert sum((s.amount("basic.floor.taken") for s in settled), Decimal(0)) <= Decimal(500)


@given(st.lists(FEN, min_size=1, max_size=4))
def test_a_new_year_starts_anew(amounts: list[int]) -> None:
    days = [f"2017-12-{28 + i:02d}" for i in range(len(amounts))]
    _, history = after([claim([(n, "a")], d) for n, d in zip(amounts, days, strict=True)], plan())
    fresh = claim([(5_000_000, "a")], "2018-01-01")
    assert settle(plan(), fresh, history).split == settle(plan(), fresh).split


@given(LINES)
def test_settling_again_gives_the_same_bytes(lines: list[tuple[int, str]]) -> None:
    stay = claim(lines)
    one, two = (settle(plan(), stay) for _ in range(2))
    assert one.receipt() == two.receipt()
    assert one.history == two.history
