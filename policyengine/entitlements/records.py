"""Evidence as callers hand it in, and as sentences read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from pydantic import Field, model_validator

from policyengine import ir
from policyengine.claim import StrictModel, masked
from policyengine.claim.fields import Day, FactValue, Flag, Text
from policyengine.claim.opaque import Id, PersonId
from policyengine.claim.problems import Problem, refuse_all

MOST = 10_000
"""Records of evidence of one person."""


class Evidence(StrictModel):
    """A record of a piece of evidence (证明材料). A later record of the same id takes the place of an earlier one."""

    noun: ClassVar[str] = "evidence"

    id: Id = Field(description="id of the piece of evidence (材料编号)")
    kind: Text = Field(description="the kind of evidence that the rule file declares (材料种类)")
    since: Day | None = Field(default=None, description="first day on which it is valid (生效日期)")
    until: Day | None = Field(default=None, description="first day on which it is no longer valid (失效日期)")
    recorded: Day = Field(description="day on which it was recorded (登记日期)")
    void: Flag = Field(default=False, description="it turned out never to have been valid (作废)")
    facts: dict[Text, FactValue] = Field(default_factory=dict, description="what it states (材料内容)")


class Evidences(StrictModel):
    """All that is recorded of one person (人员材料), in any order."""

    noun: ClassVar[str] = "evidence"
    parts: ClassVar[Mapping[str, type[StrictModel]]] = {"evidence": Evidence}

    person: PersonId = Field(description="opaque id of the person (人员编号)")
    evidence: tuple[Evidence, ...] = Field(description="the records of evidence (材料)")

    @model_validator(mode="after")
    def _sound(self) -> Evidences:
        found = list(_problems(self.evidence))
        if found:
            raise refuse_all(found)
        return self

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        yield from (("person", masked(self.person)), ("evidence", len(self.evidence)))


def _problems(records: tuple[Evidence, ...]) -> Iterator[Problem]:
    if len(records) > MOST:
        yield Problem("E912", ("evidence",), f"there are {len(records):,} records", f"at most {MOST:,}")
        return
    first: dict[tuple[str, date], int] = {}
    for at, one in enumerate(records):
        if one.since is not None and one.until is not None and one.since >= one.until:
            yield Problem("E912", ("evidence", at, "until"), "it ends before it begins", "`since` before `until`")
        other = first.setdefault((one.id, one.recorded), at)
        if other != at:
            text = "two records of one piece on one day: nobody can tell which one holds"
            related = (("the other one", ("evidence", other, "recorded")),)
            yield Problem("E912", ("evidence", at, "recorded"), text, "a day of its own", related=related)


@dataclass(frozen=True, slots=True)
class Piece:
    """A record of evidence with typed values. ``values``: the row inputs of a program, ``<kind>.<field>``."""

    id: str
    kind: str
    since: date | None
    until: date | None
    recorded: date
    void: bool
    values: Mapping[str, ir.Value]

    def valid_on(self, day: date | None) -> bool:
        """Whether the day lies in [since, until); ``None`` stands for a day before every date."""
        if day is None:
            return self.since is None
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)
