"""A model beside the store: any commands in any order, most of them refused; what the two say must be the same.

The model is a dictionary of what each party has paid and owes, kept by hand; it shares nothing with the ledger.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from policyengine.cases import open_store
from policyengine.cases.commands import BODIES
from policyengine.cases.course import legal
from policyengine.cases.ledger import left_open
from policyengine.cases.state import STAGES, Case
from policyengine.cases.store.chain import case_of, rows_of
from policyengine.cases.store.tables import COMMANDS, ENTRIES, SCOPES, USES
from policyengine.errors import CaseError
from tests.conftest import Told
from tests.ledger.stays import FUNDS, RAOHE, bill, order

FEN = {fund: int(amount.replace(".", "")) for fund, amount in FUNDS.items()}
OWN = 390_000
AMOUNTS = st.sampled_from([1, 100, 110_000, 200_000, 220_000, 390_000, 1_000_000])
PARTIES = st.sampled_from(sorted(FUNDS))
STAY = ("admit", "treat", "discharge", "death", "cancel", "close", "settle", "reverse")


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


class Stays(RuleBasedStateMachine):
    """One case. ``paid``: by whom how much; ``settled``: whether a settlement stands; ``used``: the payments by id."""

    @initialize(settled=st.sampled_from([True, True, True, False]), deposit=st.sampled_from([0, 100_000, 500_000]))
    def begin(self, settled: bool, deposit: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self.folder.name) / "cases.db")
        self.number = 0
        self.paid = {"patient": 0, **dict.fromkeys(FEN, 0)}
        self.settlement = ""
        self.used: dict[str, tuple[str, int]] = {}
        self.sent: list[tuple[dict[str, Any], Any]] = []
        self.stage = "registered"
        self.send("open", person="p-17", ruleset=RAOHE)
        for kind in ("admit", "discharge", "settle") if settled else ():
            self.step(kind, deposit)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    def send(self, kind: str, **said: Any) -> str:
        """Send a command; its id if it took effect, an empty text if it was refused."""
        self.number += 1
        command = order(f"k{self.number}", "s", kind, **said)
        try:
            result = self.store.run(command)
        except CaseError as error:
            if error.diagnostics[0].code not in ("E861", "E862"):
                raise
            return ""
        self.sent.append((command, result.data))
        self.stage = result.data["stage"]
        self.left = {(one["party"], one["nature"]): one["amount"] for one in result.data["left"]}
        self.legal = result.data["legal"]
        return command["id"]

    def owes(self, party: str) -> int:
        """What a party should still pay, by the split alone."""
        share = (OWN if party == "patient" else FEN[party]) if self.settlement else 0
        return share - self.paid[party]

    @rule(kind=st.sampled_from(STAY), deposit=st.just(0))
    def step(self, kind: str, deposit: int) -> None:
        said: dict[str, Any] = {
            "admit": {**({"deposit": yuan(deposit)} if deposit else {}), "agreement": True},
            "treat": {"charged": "100.00"},
            "cancel": {"reason": "drawn"}, "settle": {"claim": bill("c1")},
            "reverse": {"settlement": self.settlement or "none", "reason": "drawn"},
        }.get(kind, {})  # fmt: skip
        before = self.stage
        done = self.send(kind, **said)
        if done and kind == "admit":
            self.paid["patient"] += deposit
        if done and kind == "settle":
            assert before in ("discharged", "treated")
            self.settlement = done
        if done and kind == "reverse":
            self.settlement = ""
        if kind == "close" and self.settlement and before == "settled":
            assert bool(done) == all(self.owes(party) == 0 for party in self.paid)

    @rule(amount=AMOUNTS)
    def pay(self, amount: int) -> None:
        room = self.owes("patient") if self.stage == "settled" else 0
        done = self.send("pay", amount=yuan(amount))
        assert bool(done) == (0 < amount <= room)
        self._paid(done, "patient", amount)

    @rule(amount=AMOUNTS, party=PARTIES)
    def repay(self, amount: int, party: str) -> None:
        room = self.owes(party) if self.stage == "settled" else 0
        done = self.send("repay", party=party, amount=yuan(amount))
        assert bool(done) == (0 < amount <= room)
        self._paid(done, party, amount)

    @rule(amount=AMOUNTS, party=PARTIES)
    def reclaim(self, amount: int, party: str) -> None:
        room = -self.owes(party) if self.stage in ("discharged", "settled", "cancelled") else 0
        done = self.send("reclaim", party=party, amount=yuan(amount))
        assert bool(done) == (0 < amount <= room)
        self._paid(done, party, -amount)

    @rule(amount=AMOUNTS)
    def refund(self, amount: int) -> None:
        done = self.send("refund", amount=yuan(amount))
        assert not done or amount <= -self.owes("patient")
        self._paid(done, "patient", -amount)

    def _paid(self, done: str, party: str, amount: int) -> None:
        if done:
            self.paid[party] += amount
            self.used[done] = (party, amount)

    @rule(at=st.integers(0, 30))
    def compensate(self, at: int) -> None:
        if not self.used:
            return
        of = sorted(self.used)[at % len(self.used)]
        if self.send("compensate", of=of):
            party, amount = self.used.pop(of)
            self.paid[party] -= amount

    @rule(at=st.integers(0, 60))
    def replay(self, at: int) -> None:
        command, data = self.sent[at % len(self.sent)]
        again = self.store.run(command)
        assert again.replayed
        assert again.data == data

    @invariant()
    def what_is_left_is_the_share_less_what_was_paid(self) -> None:
        if not hasattr(self, "left"):
            return
        left = {account: int(amount.replace(".", "")) for account, amount in self.left.items()}
        for fund in FEN:
            assert left.get((fund, "advance"), 0) == self.owes(fund)
        due = left.get(("patient", "due"), 0) + left.get(("patient", "deposit"), 0)
        assert due == self.owes("patient")
        assert self.stage in STAGES
        assert len(set(self.legal)) == len(self.legal)

    @invariant()
    def what_the_case_says_follows_from_what_happened(self) -> None:
        if not hasattr(self, "left"):
            return
        with self.store.reading() as connection:
            case = case_of(connection, "s")
            rows = rows_of(connection, "s")
            entries = connection.execute(select(ENTRIES).order_by(ENTRIES.c.number, ENTRIES.c.line)).all()
            scopes = connection.execute(select(SCOPES)).all()
            uses = connection.execute(select(USES)).all()
            commands = connection.execute(select(COMMANDS)).all()
        assert case is not None
        broken = [name for name, holds in (*of_the_case(case), *of_money(case, self)) if not holds]
        broken += [name for name, holds in of_rows(case, rows, entries, commands, self.number) if not holds]
        broken += [name for name, holds in of_scopes(case, scopes, uses) if not holds]
        assert broken == []

    @invariant()
    def the_store_is_sound(self) -> None:
        if self.number % 7 == 0:
            assert self.store.verify() == ()


Holds = Iterator[tuple[str, bool]]


def of_the_case(case: Case) -> Holds:
    """What must hold wherever a case stands."""
    stands = case.settlement is not None
    yield "what is settled has a settlement", case.stage != "settled" or stands
    yield "no settlement before the end of the stay", not stands or case.stage in ("settled", "closed")
    yield "a stay that ended has a day on which it ended", (case.left == "") == (case.left_on is None)
    admitted, ended = case.admitted_on, case.left_on
    yield "who is sent home or on was admitted", case.left not in ("discharge", "transfer") or admitted is not None
    yield "it did not end before it began", ended is None or admitted is None or ended >= admitted
    yield "what is due has a day", (case.due_on is not None) == stands
    yield "nothing is pending that nobody asked about", not case.pending
    yield "what was compensated is not done", not case.compensated & set(case.done)
    yield "what is done was seen", set(case.done) <= case.seen
    yield "a closed case has nothing left", case.stage != "closed" or not left_open(case.balances)
    yield "the legal commands are known", set(legal(case)) <= set(BODIES)
    yield "compensating is always legal", "compensate" in legal(case)
    yield (
        "closing is legal exactly where nothing is left",
        ("close" in legal(case)) == (case.stage in ("settled", "cancelled") and not left_open(case.balances)),
    )
    yield (
        "paying is legal exactly where something is due",
        ("pay" in legal(case)) == (case.stage == "settled" and case.due() > 0),
    )


def of_money(case: Case, model: Stays) -> Holds:
    """What must hold of the balances."""
    balances = case.balances
    stands = case.settlement is not None
    yield "the balances sum to zero", sum(balances.values()) == 0
    yield "no account of nothing is kept", all(balances.values())
    yield "the hospital has nothing but its bill", all(n == "bill" for p, n in balances if p == "hospital")
    yield "the bill is what was settled", balances.get(("hospital", "bill"), 0) == (-2_000_000 if stands else 0)
    yield "a deposit is held and never owed", balances.get(("patient", "deposit"), 0) <= 0
    yield "nobody has paid less than nothing", all(a >= 0 for (_, n), a in balances.items() if n == "paid")
    for party, fen in model.paid.items():
        yield f"what {party} paid is what {party} handed over", balances.get((party, "paid"), 0) == fen
    yield "one stop: no fund owes the patient", not any(n == "claim" for _, n in balances)
    yield (
        "nothing is granted, waived or written off",
        not {"grant", "granted", "waived", "written_off"} & {n for _, n in balances},
    )
    yield "the split is that of the bill", not stands or sum(case.settlement.split.values()) == 2_000_000  # type: ignore[union-attr]


def of_rows(case: Case, rows: Sequence[Any], entries: Sequence[Any], commands: Sequence[Any], sent: int) -> Holds:
    """What must hold of the tables."""
    yield "events are numbered without a gap", [row.number for row in rows] == list(range(1, len(rows) + 1))
    yield "each event has a hash of its own", len({row.hash for row in rows}) == len(rows)
    yield "each event names the one before it", [r.previous for r in rows[1:]] == [r.hash for r in rows[:-1]]
    yield "the case counts its events", case.number == len(rows)
    yield "each event has its command", {row.command for row in rows} == {row.id for row in commands}
    yield "no more took effect than was sent", len(commands) <= sent
    by_event: dict[int, int] = {}
    for entry in entries:
        by_event[entry.number] = by_event.get(entry.number, 0) + entry.amount
    yield "each posting sums to zero", not any(by_event.values())
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        sums[entry.party, entry.nature] = sums.get((entry.party, entry.nature), 0) + entry.amount
    yield "the entries sum to the balances", {a: v for a, v in sums.items() if v} == dict(case.balances)


def of_scopes(case: Case, scopes: Sequence[Any], uses: Sequence[Any]) -> Holds:
    """What must hold of the accumulators."""
    stands = case.settlement is not None
    yield "a settlement is counted exactly while it stands", bool(uses) == stands
    yield (
        "nothing is counted of a case that was never settled or is reversed",
        stands or not any(row.history for row in scopes),
    )


Stays.TestCase.settings = settings(max_examples=8, stateful_step_count=25, deadline=None)
TestStays = Stays.TestCase


@pytest.mark.agree
def test_long_stays(told: Told) -> None:
    run_state_machine_as_test(Stays, settings=settings(max_examples=300, stateful_step_count=60, deadline=None))
    told("the model beside the store", "300 lives of up to 60 steps", "every invariant after each step")
