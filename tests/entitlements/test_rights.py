"""Rights in 饶河: which documents give them, from when to when, since when that is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from policyengine import load, settle
from policyengine.claim import Claim
from policyengine.entitlements import Right, Standing, entitled
from policyengine.errors import ClaimError
from tests.entitlements.people import CARD, CERTIFICATE, RAOHE, REGISTER, law, on, person, shown


def right(found: Standing, name: str) -> Right:
    return next(one for one in found.rights if one.name == name)


def test_the_three_documents_give_the_concessions() -> None:
    """凭本人身份证、户口和……健康扶贫证: all three, and none of them alone."""
    assert "certificate_shown" in on("2017-01-01", CARD, REGISTER, CERTIFICATE).given
    for left_out in (CARD, REGISTER, CERTIFICATE):
        rest = [one for one in (CARD, REGISTER, CERTIFICATE) if one is not left_out]
        found = right(on("2017-01-01", *rest), "certificate_shown")
        assert not found.given
        assert [asked.kind for asked, pieces in found.told[0].needs if not pieces] == [left_out["kind"]]


@pytest.mark.parametrize(
    ("issuer", "given"), [("village", False), ("township", True), ("county", True), ("乡镇政府", True)]
)
def test_the_certificate_is_issued_by_a_township_or_above(issuer: str, given: bool) -> None:
    """当地乡镇以上政府部门出具."""
    certificate = shown("e-3", "poverty_certificate", issuer=issuer)
    assert ("registered_poor" in on("2017-01-01", certificate).given) == given


def test_a_right_lasts_as_long_as_all_it_rests_on() -> None:
    """The certificate from March 2016 to March 2018, the card until 2017-06-01: together until the earlier end."""
    card = shown("e-1", "id_card", since="2010-01-01", until="2017-06-01")
    found = right(on("2017-01-01", card, REGISTER, CERTIFICATE), "certificate_shown")
    assert found.valid == (date(2016, 3, 1), date(2017, 6, 1))
    assert right(on("2017-06-01", card, REGISTER, CERTIFICATE), "certificate_shown").given is False
    assert right(on("2017-05-31", card, REGISTER, CERTIFICATE), "certificate_shown").given is True


def test_two_certificates_one_after_the_other_give_one_period() -> None:
    second = shown("e-9", "poverty_certificate", issuer="county", since="2018-03-01", until="2019-03-01")
    found = right(on("2017-01-01", CERTIFICATE, second), "registered_poor")
    assert found.valid == (date(2016, 3, 1), date(2019, 3, 1))


def test_wilful_default_ends_treat_first_from_the_day_of_the_rules_on() -> None:
    """The province's rules of 2017-05-15 take the right from who defaulted; the speech of 2016 does not."""
    default = shown("e-5", "wilful_default", since="2016-09-01")
    assert "treat_first_pay_later" in on("2017-05-14", CERTIFICATE, default).given
    found = right(on("2017-05-15", CERTIFICATE, default), "treat_first_pay_later")
    assert not found.given
    assert found.told[0].rights == (("defaulter", True),)
    assert "treat_first_pay_later" in on("2017-05-15", CERTIFICATE).given


def test_the_allowance_of_the_country_gives_treat_first_only_by_the_rules_of_the_province() -> None:
    rural, town = (shown("e-6", "subsistence_certificate", rural=flag) for flag in (True, False))
    assert "treat_first_pay_later" not in on("2017-05-14", rural).given
    assert "treat_first_pay_later" in on("2017-05-15", rural).given
    assert "treat_first_pay_later" not in on("2017-05-15", town).given


def test_what_was_recorded_later_was_not_known_before() -> None:
    late = {**CERTIFICATE, "recorded": "2017-02-01"}
    assert "registered_poor" not in on("2017-01-01", late).given
    assert right(on("2017-01-01", late, known_on="2017-02-01"), "registered_poor").recorded == date(2017, 2, 1)


def test_a_correction_takes_the_place_of_the_record_from_the_day_on_which_it_is_recorded() -> None:
    wrong = {**shown("e-3", "poverty_certificate", "2017-02-01", issuer="village")}
    assert "registered_poor" in on("2017-01-10", CERTIFICATE, wrong).given
    assert "registered_poor" not in on("2017-01-10", CERTIFICATE, wrong, known_on="2017-02-01").given
    void = {**CERTIFICATE, "recorded": "2017-02-01", "void": True}
    assert "registered_poor" not in on("2017-01-10", CERTIFICATE, void, known_on="2017-02-01").given


def test_derived_tags_feed_the_claim() -> None:
    """A registration fee of 10 is free for who shows the documents; without them the patient bears it."""
    claim = Claim.model_validate(
        {"id": "c1", "person": {"id": "p-17", "scheme": "ncms", "tags": ["registered_poor", "retired"]},
         "encounter": {"care_type": "outpatient", "discharge_date": "2017-06-20", "area": "within_county",
                       "hospital": {"level": "secondary", "tier": "county"}},
         "lines": [{"category": "registration", "catalogue_class": "c", "amount": "10.00"}]}
    )  # fmt: skip
    book = load(RAOHE)
    rich, poor = entitled(claim, on("2017-06-20")), entitled(claim, on("2017-06-20", CARD, REGISTER, CERTIFICATE))
    assert (rich.person.tags, poor.person.tags) == ({"retired"}, {"retired", "registered_poor"})
    assert (rich.encounter.certificate_shown, poor.encounter.certificate_shown) == (False, True)
    assert settle(book, poor).split["hospital"] == Decimal("10.00")
    assert settle(book, rich).split["patient"] == Decimal("10.00")


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"kind": "idcard"}, "error[E910]: evidence[0].kind: `idcard` is no kind of evidence"),
        (
            {"kind": "poverty_certificate"},
            "error[E911]: evidence[0].facts: `poverty_certificate` does not state `issuer`",
        ),
        ({"facts": {"number": 7}}, "error[E911]: evidence[0].facts.number: `id_card` states no such thing"),
        ({"kind": "poverty_certificate", "facts": {"issuer": "country"}}, "error[E911]: evidence[0].facts.issuer"),
        ({"since": "2017-01-01", "until": "2017-01-01"}, "error[E912]: evidence[0].until: it ends before it begins"),
    ],
)
def test_bad_evidence_is_refused(record: dict[str, object], message: str) -> None:
    with pytest.raises(ClaimError) as raised:
        law().pieces(person({**CARD, **record}))
    assert message in str(raised.value)


def test_two_records_of_one_piece_on_one_day_are_refused() -> None:
    with pytest.raises(ClaimError, match="E912") as raised:
        person(CARD, {**CARD, "void": True})
    assert len(raised.value.diagnostics) == 1


def test_nothing_is_derived_of_a_day_on_which_the_rules_do_not_hold() -> None:
    with pytest.raises(ClaimError, match="E913"):
        on("2014-12-31", CARD)
