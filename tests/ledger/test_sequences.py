"""Settling and taking back on paper: the pure functions of a case and of its accumulators, and no database."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from policyengine.cases.commands import read_command
from policyengine.cases.course import decide
from policyengine.cases.state import Case, Event, apply
from policyengine.cases.store import scopes
from policyengine.cases.store.chain import text_of
from policyengine.cases.store.settled import settled
from policyengine.cases.store.undoing import undone_by
from policyengine.claim import Claim
from policyengine.engine import program_for
from policyengine.loading import load
from policyengine.resettlement import Reverse, resettle
from policyengine.rulebook import Rulebook
from tests.conftest import Told
from tests.ledger.stays import RAOHE, bill, order
from tests.ledger.test_reversal import GREATEST, RULES

DAYS = ("2017-06-01", "2017-06-01", "2017-06-02", "2017-12-31", "2018-01-01")


@dataclass(slots=True)
class Stay:
    """A case that was settled, the event that settled it, its claim."""

    case: Case
    made: Event
    claim: Claim


@dataclass(slots=True)
class Paper:
    """``held``: the history of each scope; ``standing``: the stays that are counted, in their order."""

    book: Rulebook
    held: dict[str, Any] = field(default_factory=dict)
    standing: list[Stay] = field(default_factory=list)

    def settle(self, claim: dict[str, Any]) -> None:
        case_id, day = claim["id"], claim["encounter"]["discharge_date"]
        case = replace(discharged(self.book.name, day), id=case_id, person=claim["person"]["id"])
        case, made = self.done(case, order("settle", case_id, "settle", day, claim=claim))
        self.held |= scopes.held_in(made.data["counted"], "after")
        self.standing.append(Stay(case, made, Claim.model_validate(made.data["claim"])))

    def done(self, case: Case, command: dict[str, Any]) -> tuple[Case, Event]:
        """The case after a command, and the event as a store would hold it."""
        event = decide(case, read_command(command), self.asked)
        event = replace(event, data=json.loads(text_of(event.data)))
        return apply(case, event, case.id)[0], event

    def asked(self, case: Case, command: Any) -> dict[str, Any]:
        if command.kind != "settle":
            return {}
        claim = command.body.claim
        names = scopes.scopes_of(program_for(self.book, claim)[0], claim)
        return settled(case, claim, self.book, {name: self.held.get(name) for name in names}, None, command.on)[0]

    def free(self) -> list[Stay]:
        """The stays after which none is counted in any of their scopes."""
        found: list[Stay] = []
        taken: set[str] = set()
        for stay in reversed(self.standing):
            found += [] if taken & set(stay.made.data["counted"]) else [stay]
            taken |= set(stay.made.data["counted"])
        return found

    def take_back(self, stay: Stay, kind: str) -> None:
        said = {"of": "settle"} if kind == "compensate" else {"settlement": "settle", "reason": "drawn"}
        after, event = self.done(stay.case, order("back", stay.case.id, kind, "2018-06-01", **said))
        assert undone_by(stay.case, event) == stay.made.number
        assert (after.balances, after.stage, after.settlement) == ({}, "discharged", None)
        self.held |= scopes.held_in(stay.made.data["counted"], "before")
        self.standing.remove(stay)

    @property
    def counted(self) -> dict[str, Any]:
        return {scope: history for scope, history in self.held.items() if history is not None}


@cache
def discharged(ruleset: str, day: str) -> Case:
    """A case at the end of the stay."""
    on, at = date.fromisoformat(day), f"{day}T09:00:00+08:00"
    said = {"person": "p", "ruleset": ruleset, "currency": "CNY"}
    case, _ = apply(None, Event(1, "open", "open", on, at, said), "s")
    for kind, more in (("admit", {"agreement": True}), ("discharge", {})):
        case, _ = apply(case, decide(case, read_command(order(kind, "s", kind, day, **more)), lambda _c, _k: {}))
    return case


def sequence(book: Rulebook, number: int, drawn: random.Random) -> int:
    """One sequence: stays of a household, some of which stand, the others taken back in an order that is legal.

    How many were taken back.
    """
    paper = Paper(book)
    days = sorted(drawn.choices(DAYS, k=drawn.randint(1, 3)))
    for at, day in enumerate(days):
        if at == len(days) // 2:
            before, kept = paper.counted, tuple(paper.standing)
        person, amount = f"p-{number}-{drawn.randint(1, 2)}", f"{drawn.randint(1, 40000)}.{drawn.randint(0, 99):02d}"
        paper.settle({**bill(f"c{number}-{at}", person, day, amount, household=f"h-{number}"), "sequence": at})
    claims = [stay.claim for stay in paper.standing]
    gone = [stay for stay in paper.standing if stay not in kept]
    for _ in gone:
        paper.take_back(
            drawn.choice([stay for stay in paper.free() if stay in gone]), drawn.choice(["reverse", "compensate"])
        )
    assert paper.counted == before
    if number % 10 < 2:  # the re-fold of the claims, one of each rule set in ten
        again = resettle(book, claims, [Reverse(stay.claim.id) for stay in gone])
        assert rows(scopes.merged(paper.counted.values())) == (rows(again.history) if kept else [])
    return len(gone)


def rows(history: Any) -> list[str]:
    """Every accumulator and period of a history, in one order."""
    plain = history.model_dump(mode="json") if history is not None else {}
    return sorted(text_of(row) for name in ("accumulators", "periods") for row in plain.get(name, ()))


@pytest.fixture(scope="module")
def household(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Half of each bill, at most 1,000 a year for a household; the greatest bill is kept, which is no sum."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "home").mkdir()
    text = RULES.format(name="home", meter=GREATEST).replace("reverse: home", "reverse: block")
    per = text.replace("in: calendar_year}", "in: calendar_year, per: household_id}", 1)
    (folder / "home" / "ruleset.yaml").write_text(per, encoding="utf-8")
    return load("home", path=folder)


@pytest.mark.parametrize("count", [60, pytest.param(100_000, marks=pytest.mark.agree)])
def test_what_is_taken_back_leaves_the_history_as_it_was(household: Rulebook, count: int, told: Told) -> None:
    """Bit for bit; and the accumulators are those of settling what stands and nothing else."""
    drawn, books = random.Random(23), (load(RAOHE), household)
    taken = sum(sequence(books[number % 2], number, drawn) for number in range(count))
    assert taken > count
    told("reversals in memory", f"{count:,} sequences, {taken:,} reversals", "the History bit for bit")
