"""Several pieces of evidence at once: of two kinds that overlap in time, and several of one kind, by either engine."""

from __future__ import annotations

from datetime import date

import pytest

from policyengine.cases.forward import forward
from policyengine.entitlements import Derive, Law, Right, law_of, plain, standing
from policyengine.loading import load
from tests.entitlements.people import person, shown

RULES = """
ruleset: together
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope}]
provisions: [{id: share, layer: basic, fund_share: 70%}]
evidence:
  certificate: {fields: {issuer: {type: code, values: [village, county]}}}
  referral: {fields: {days: {type: count}}}
  receipt: {fields: {amount: {type: money}}}
entitlements:
  referred_poor: {needs: {certificate: issuer == county, referral: days >= 3}}
  burdened: {needs: {receipt: amount >= 100元}, at_least: {receipt: 3}}
  helped: {when: referred_poor, needs: [receipt], at_least: {receipt: 2}, unless: {receipt: amount > 5000元}}
"""


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Law:
    file = tmp_path_factory.mktemp("rules") / "together.yaml"
    file.write_text(RULES, encoding="utf-8")
    load(file)
    return law_of(file)


CERTIFICATE = shown("c", "certificate", issuer="county", since="2017-01-01", until="2017-07-01")
REFERRAL = shown("r", "referral", days=5, since="2017-06-01", until="2017-09-01")


def receipt(name: str, amount: str, since: str, until: str = "2018-01-01") -> dict[str, object]:
    return shown(name, "receipt", amount=amount, since=since, until=until)


@pytest.mark.parametrize("derive", [plain, forward])
class TestByEitherEngine:
    def right(self, law: Law, derive: Derive, name: str, day: str, *evidence: dict[str, object]) -> Right:
        found = standing(law, person(*evidence), date.fromisoformat(day), derive=derive)
        return next(one for one in found.rights if one.name == name)

    def test_a_certificate_and_a_referral_count_together_while_both_are_valid(self, law: Law, derive: Derive) -> None:
        """From January to June, and from June to August: together in June."""
        found = self.right(law, derive, "referred_poor", "2017-06-15", CERTIFICATE, REFERRAL)
        assert (found.given, found.valid) == (True, (date(2017, 6, 1), date(2017, 7, 1)))
        for day in ("2017-05-31", "2017-07-01"):
            assert not self.right(law, derive, "referred_poor", day, CERTIFICATE, REFERRAL).given

    def test_each_of_the_two_meets_its_own_condition(self, law: Law, derive: Derive) -> None:
        short = shown("r", "referral", days=2)
        village = shown("c", "certificate", issuer="village")
        assert not self.right(law, derive, "referred_poor", "2017-06-15", CERTIFICATE, short).given
        assert not self.right(law, derive, "referred_poor", "2017-06-15", village, REFERRAL).given
        assert not self.right(law, derive, "referred_poor", "2017-06-15", CERTIFICATE).given

    def test_three_receipts_are_three_that_are_valid_on_the_day_and_meet_the_condition(
        self, law: Law, derive: Derive
    ) -> None:
        """Of 100 yuan from March, April and May on, the first until August: all three from May to July."""
        three = (
            receipt("a", "100.00", "2017-03-01", "2017-08-01"), receipt("b", "250.00", "2017-04-01"),
            receipt("c", "100.00", "2017-05-01"), receipt("small", "99.99", "2017-01-01"),
        )  # fmt: skip
        found = self.right(law, derive, "burdened", "2017-06-15", *three)
        assert (found.given, found.valid) == (True, (date(2017, 5, 1), date(2017, 8, 1)))
        missing = self.right(law, derive, "burdened", "2017-04-30", *three)
        assert not missing.given
        ((asked, pieces),) = missing.told[0].needs
        assert (asked.least, [piece.id for piece in pieces]) == (3, ["a", "b"])

    def test_a_receipt_that_was_recorded_twice_is_one(self, law: Law, derive: Derive) -> None:
        first = receipt("a", "100.00", "2017-03-01")
        again = first | {"recorded": "2016-05-01"}
        others = (receipt("b", "100.00", "2017-03-01"),)
        assert not self.right(law, derive, "burdened", "2017-06-15", first, again, *others).given
        assert self.right(law, derive, "burdened", "2017-06-15", first, again, *others, first | {"id": "d"}).given

    def test_several_pieces_beside_a_right_and_an_absence(self, law: Law, derive: Derive) -> None:
        two = (receipt("a", "1.00", "2017-01-01"), receipt("b", "1.00", "2017-01-01"))
        large = receipt("x", "5000.01", "2017-01-01")
        assert self.right(law, derive, "helped", "2017-06-15", CERTIFICATE, REFERRAL, *two).given
        assert not self.right(law, derive, "helped", "2017-06-15", CERTIFICATE, REFERRAL, two[0]).given
        assert not self.right(law, derive, "helped", "2017-06-15", CERTIFICATE, *two).given
        assert not self.right(law, derive, "helped", "2017-06-15", CERTIFICATE, REFERRAL, *two, large).given
