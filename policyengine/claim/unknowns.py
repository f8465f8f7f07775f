"""What a claim says to be unknown: a fact has one place, and is not stated there, too."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from policyengine.claim.problems import Path, Problem
from policyengine.terms import FACTS, Fact

if TYPE_CHECKING:
    from policyengine.claim.models import Claim, FeeLine

UNSTATED: tuple[object, ...] = (None, False, 1)
"""What a field holds that says nothing: a flag that is not set, a quantity of one."""


def unknown_problems(claim: Claim) -> Iterator[Problem]:
    """Names under ``unknown`` that stand in the wrong place, or are stated after all."""
    yield from _problems(claim, claim, "claim", ())
    for index, line in enumerate(claim.lines):
        yield from _problems(claim, line, "row", ("lines", index))


def _problems(claim: Claim, record: Claim | FeeLine, domain: str, path: Path) -> Iterator[Problem]:
    for name in sorted(record.unknown):
        fact, where = FACTS.get(name), (*path, "unknown", name)
        if fact is not None and fact.domain != domain:
            right = "of a fee line: lines[…].unknown" if domain == "claim" else "of the claim: unknown"
            yield Problem("E589", where, f"`{name}` ({fact.zh}) is a fact {right}", right.partition(": ")[2])
        elif _is_stated(fact, name, claim, record):
            text = f"`{name}` is said to be unknown, and is stated"
            yield Problem("E588", where, text, "one of the two")


def _is_stated(fact: Fact | None, name: str, claim: Claim, record: Claim | FeeLine) -> bool:
    if name in record.facts:
        return True
    if fact is None or fact.at == "person.tags":
        return name in claim.person.tags
    if fact.id == "days_of_stay":
        return claim.encounter.admission_date is not None and claim.encounter.discharge_date is not None
    if fact.domain == "row":
        return _value(record, fact.at.removeprefix("lines.")) not in UNSTATED
    return _value(claim, fact.at) not in UNSTATED


def _value(record: Any, at: str) -> object:
    return attrgetter(at)(record)
