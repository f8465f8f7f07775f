"""The day that selects the rules, and the counts that follow from days: age, days of stay, day of the stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from operator import attrgetter

from policyengine import ir
from policyengine.claim import Claim
from policyengine.encode.typed import claim_error

SELECTING = {
    "discharge_date": "day of discharge (出院日期)",
    "admission_date": "day of admission (入院日期)",
    "settlement_date": "day of settlement (结算日期)",
    "service_date": "day of the visit (就诊日期)",
}
"""The days that a rule file may be dated by."""

AMBULATORY = ("outpatient", "chronic_outpatient", "emergency")
"""Care without a stay: no admission and no discharge mean no day of stay."""


def selecting_date(by: ir.Program | str, claim: Claim) -> date:
    """The day of ``claim`` that selects the rules. ``by``: a program or one of ``SELECTING``. Raises ``ClaimError``."""
    return selector(by if isinstance(by, str) else by.dated_by)(claim)


def selector(name: str) -> Callable[[Claim], date]:
    """The prepared form of ``selecting_date``."""
    assert name in SELECTING, f"rules are not selected by {name}"
    get = attrgetter(f"encounter.{name}")

    def read(claim: Claim) -> date:
        day = get(claim)
        if day is None:
            text = f"the {SELECTING[name]} selects the rules, but the claim does not state it"
            raise claim_error(claim, "E538", ("encounter", name), text, "a day such as 2017-05-03")
        assert isinstance(day, date)
        return day

    return read


def age_on(day: date, born: date) -> int:
    """Whole years of age. Who is born on 29 February has a birthday on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_getter(dated_by: str) -> Callable[[Claim], int | None]:
    """The age of the person on the day that selects the rules; ``None`` without a day of birth."""
    day_of = selector(dated_by)

    def read(claim: Claim) -> int | None:
        born = claim.person.birth_date
        return None if born is None else age_on(day_of(claim), born)

    return read


def days_of_stay(claim: Claim) -> int | None:
    """Nights between admission and discharge, at least 1; 0 for outpatient care that states no admission.

    A bill that begins within the stay counts its own nights only. ``None`` if a day is missing.
    """
    encounter = claim.encounter
    admitted, left = encounter.admission_date, encounter.discharge_date
    if encounter.billed_from is not None and left is not None:
        return max(int(encounter.billed_from == admitted), (left - encounter.billed_from).days)
    if admitted is not None and left is not None:
        return max(1, (left - admitted).days)
    if admitted is None and encounter.care_type in AMBULATORY:
        return 0
    return None


def day_of_stay(claim: Claim, index: int) -> int | None:
    """The day of the stay on which a fee line arose, from 1 on the day of admission; ``None`` if a day is missing."""
    admitted, day = claim.encounter.admission_date, claim.lines[index].service_date
    return None if admitted is None or day is None else (day - admitted).days + 1
