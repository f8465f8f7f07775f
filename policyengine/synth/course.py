"""The course of a person's claims: their order, days that do not overlap, which stay of the year each is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from policyengine.synth.claims import DAY, OF, PER_PERSON, Columns
from policyengine.synth.people import People
from policyengine.synth.sampling import Column
from policyengine.synth.streams import Ints, Marks

DAY_BITS = 20


@dataclass(frozen=True, slots=True)
class Course:
    """How claims stand together: by the person, or by the household and the ``day`` that selects the rules.

    ``days``: facts that were drawn as days before the care, and become days; of each pair of them in ``ordered`` the
    first is not after the second. ``of_visits``: visits, too, say which admission of the year they follow.
    """

    by_household: bool = False
    day: str = "discharge_date"
    days: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    of_visits: bool = False


STAYS = ("inpatient", "maternity")


def in_course(drawn: Columns, people: People, how: Course) -> Columns:
    """Claims in the order of persons, or of households, and of days; with ids, days and ordinals.

    No stay begins before the day of the person's claim before it: then it is shorter than it was drawn.
    """
    order = np.argsort((drawn[OF].values << DAY_BITS) + drawn[DAY].values, kind="stable")
    found = {name: column.take(order) for name, column in drawn.items()}
    at, day = found.pop(OF).values, found.pop(DAY).values
    person, ordinal = people.person[at], ordinals(at)
    stays = _is_stay(found["care_type"])
    ids = {"id": person * PER_PERSON + ordinal + 1, "person_id": person, "household_id": people.household[at]}
    days = {"birth_date": people.birth[at],
            **_days(at, day, people.birth[at], _nights(found.pop("days_of_stay", None), stays))}  # fmt: skip
    course: Columns = {name: Column("id", values) for name, values in ids.items()}
    course["sequence"] = Column("count", ordinal)
    course |= {name: Column("day", values) for name, values in days.items()}
    course["admission_ordinal"] = Column("count", _admissions(at, day, stays, how.of_visits))
    course |= {name: column.take(at) for name, column in people.facts.items()} | found
    course |= _before(course, how)
    return _by_household(course, how.day) if how.by_household else course


def _is_stay(care_type: Column) -> Marks:
    of = [word in STAYS for word in care_type.words]
    return np.array(of, dtype=np.bool_)[care_type.values]


def _nights(drawn: Column | None, stays: Marks) -> Ints:
    return np.where(stays, 0 if drawn is None else np.maximum(drawn.values, 0), 0)


def _days(at: Ints, day: Ints, birth: Ints, nights: Ints) -> dict[str, Ints]:
    """A stay is settled on the day of discharge, a visit on its day; care begins on the service date, and not before
    the day of the claim before it, nor before birth."""
    again = np.flatnonzero(at[1:] == at[:-1]) + 1
    earliest = birth.copy()
    earliest[again] = day[again - 1]
    begun = np.minimum(np.maximum(day - nights, earliest), day)
    return {"admission_date": begun, "discharge_date": day, "service_date": begun, "settlement_date": day}


def _before(course: Columns, how: Course) -> Columns:
    """Days before the care, each pair in its order."""
    begun = course["admission_date"].values
    found = {name: begun - course[name].values for name in how.days}
    for first, second in how.ordered:
        found[first], found[second] = np.minimum(found[first], found[second]), np.maximum(found[first], found[second])
    return {name: Column("day", values) for name, values in found.items()}


def _admissions(at: Ints, day: Ints, stays: Marks, of_visits: bool) -> Ints:
    """Which admission of the year each stay is, from 1; −1 for visits, or that of the stay before them, at least 1."""
    years = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    begins = np.arange(len(at)) - ordinals((at << DAY_BITS) + years)
    so_far = np.cumsum(stays)
    found: Ints = so_far - (so_far - stays)[begins]
    return np.maximum(found, 1) if of_visits else np.where(stays, found, -1)


def _by_household(course: Columns, dated_by: str) -> Columns:
    household, day = course["household_id"].values, course[dated_by].values
    order = np.lexsort((day, household))
    found = {name: column.take(order) for name, column in course.items()}
    found["sequence"] = Column("count", ordinals(found["household_id"].values))
    return found


def ordinals(groups: Ints) -> Ints:
    """Which of its group each is, from 0, where groups stand together."""
    if not len(groups):
        return groups
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(groups)]]))
    return np.arange(len(groups)) - np.repeat(starts, lengths)
