"""Several persons settled again out of one file: each meter follows its own scope, whoever's claim stands before."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, Insert, Resettlement, Reverse, Rulebook, load, resettle, settle

RULES = """
ruleset: families
meters:
  met: {counts: basic.deductible, in: calendar_year}
  paid: {counts: basic.paid, in: calendar_year, per: household}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: threshold, layer: basic, deductible: 1000元, meter: met}
  - {id: share, layer: basic, fund_share: 70%}
  - {id: most, layer: basic, ceiling: 2000元, meter: paid}
"""


def bill(name: str, person: str, household: str, day: str, amount: str) -> Claim:
    return Claim.model_validate(
        {
            "id": name,
            "person": {"id": person, "household": household},
            "encounter": {"care_type": "inpatient", "discharge_date": day},
            "lines": [{"category": "surgery", "amount": amount}],
        }
    )


FATHER = bill("father-1", "p1", "h", "2024-02-01", "2000.00")  # 70 % × (2,000 − 1,000) = 700
MOTHER = bill("mother-1", "p2", "h", "2024-03-01", "2000.00")  # 700: the threshold is her own
OTHERS = bill("others-1", "p3", "g", "2024-03-05", "2000.00")  # 700: another family
AGAIN = bill("father-2", "p1", "h", "2024-04-01", "1000.00")  # 700, of which 2,000 − 1,400 = 600 are left
BY_DAY = (FATHER, MOTHER, OTHERS, AGAIN)
BY_FAMILY = (OTHERS, FATHER, MOTHER, AGAIN)


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    file = tmp_path_factory.mktemp("rules") / "families.yaml"
    file.write_text(RULES, encoding="utf-8")
    return load(Path(file))


def changes(found: Resettlement) -> dict[str, str]:
    return {m.claim_id: str(m.difference.get("pooled_fund", 0)) for m in found.changes}


@pytest.mark.parametrize("claims", [BY_DAY, BY_FAMILY])
def test_a_reversal_moves_what_shares_a_meter_and_nothing_else(families: Rulebook, claims: tuple[Claim, ...]) -> None:
    """The father's second stay meets his whole threshold; the mother and the other family are settled as before."""
    found = resettle(families, claims, [Reverse("father-1")])
    assert changes(found) == {"father-1": "-700.00", "father-2": "-600.00"}
    assert found.equal == 2


@pytest.mark.parametrize("claims", [BY_DAY, BY_FAMILY])
def test_a_late_claim_of_one_member_moves_the_others_of_the_family(
    families: Rulebook, claims: tuple[Claim, ...]
) -> None:
    """Late: 70 % × 500 = 350. Then the mother: 70 % × 2,000 = 1,400; 2,000 − 350 − 700 = 950 are left, 250 more
    than before; for the father's second stay nothing is left."""
    late = bill("mother-0", "p2", "h", "2024-01-15", "1500.00")
    found = resettle(families, claims, [Insert(late)])
    assert changes(found) == {"mother-0": "350.00", "mother-1": "250.00", "father-2": "-600.00"}


def test_what_is_left_behind_serves_each_of_them(families: Rulebook) -> None:
    """After all of it, a stay of the other family that is earlier than the father's last: 70 % × 1,000, for it has met
    its threshold and has 1,300 left; then one of the mother: nothing is left of 2,000."""
    found = resettle(families, BY_DAY)
    others = settle(families, bill("others-2", "p3", "g", "2024-03-20", "1000.00"), found.history)
    mother = settle(families, bill("mother-2", "p2", "h", "2024-05-01", "1000.00"), found.history)
    assert [str(s.split["pooled_fund"]) for s in (others, mother)] == ["700.00", "0.00"]


def test_of_one_person_the_last_claim_is_known(families: Rulebook) -> None:
    assert resettle(families, (FATHER, AGAIN)).history.last_claim == "father-2"
