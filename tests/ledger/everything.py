"""A course of cases that takes every kind of command, and each way in which one takes settlements back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from policyengine.cases import Store
from policyengine.cases.store.tables import EVENTS
from policyengine.loading import load
from policyengine.rulebook import Rulebook
from tests.ledger.stays import RAOHE, bill, order
from tests.ledger.test_reversal import RULES
from tests.ledger.test_yearly import RUN

AT = "2018-01-10T09:00:00+08:00"
STANDING = ("readjudicate", "subtract")
"""Rule sets by what becomes of later settlements."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked of a store. ``name``: what is tried here; an empty one only leads on to what comes after it."""

    name: str
    ask: Callable[[Store], Any]

    def did(self, store: Store) -> bool:
        """Ask, and say whether anything happened: an answer that was stored makes no event."""
        before = events(store)
        self.ask(store)
        return events(store) != before


def events(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(EVENTS)).scalar_one())


def books(folder: Path) -> Mapping[str, Rulebook]:
    """The rule sets of the course."""
    return {RAOHE: load(RAOHE), **made_up(folder)}


def made_up(folder: Path) -> Mapping[str, Rulebook]:
    """The rule sets that are made up, which are written to a folder."""
    made = {name: RULES.format(name=name, meter="") for name in STANDING}
    made["second"] = RUN.replace("of: base", "of: readjudicate")
    for name, text in made.items():
        (folder / name).mkdir()
        (folder / name / "ruleset.yaml").write_text(text, encoding="utf-8")
    return {name: load(name, path=folder) for name in made}


def course() -> Iterator[Step]:
    """The steps in their order."""
    yield from _paid()
    yield from _ended_otherwise()
    for policy in STANDING:
        yield from _taken_back(policy)
    yield Step("award", lambda store: store.award("second", "year", date(2018, 1, 10), AT, "2017"))
    yield Step("take back", lambda store: store.take_back("year", "back", date(2018, 1, 10), AT, "a claim was wrong"))
    yield Step("erase", lambda store: store.erase("p-left", "gone", date(2018, 1, 11), AT))


def _step(name: str, case: str, kind: str, day: str = "2017-06-20", key: str = "", **said: Any) -> Step:
    command = order(key or f"{case}-{kind}-{day}-{name}", case, kind, day, **said)
    return Step(name, lambda store: store.run(command))


def _paid() -> Iterator[Step]:
    """A stay that is paid, reversed, settled for less, not paid, and closed; another one that is corrected."""
    yield _step("open", "s", "open", person="p-17", ruleset=RAOHE)
    yield _step("admit", "s", "admit", deposit="500.00", agreement=True)
    yield _step("deposit", "s", "deposit", amount="100.00")
    yield _step("treat", "s", "treat", charged="20000.00")
    yield _step("discharge", "s", "discharge")
    yield _step("settle", "s", "settle", key="first", claim=bill("c1"))
    yield _step("pay", "s", "pay", key="card", amount="1000.00")
    yield _step("instalments", "s", "instalments", schedule=[{"due": "2017-08-01", "amount": "2300.00"}])
    yield _step("compensate", "s", "compensate", of="card")
    yield _step("repay", "s", "repay", party="pooled_fund", amount="10000.00")
    yield _step("", "s", "repay", "2017-06-21", party="critical_illness", amount="2200.00")
    yield _step("reverse", "s", "reverse", settlement="first", reason="wrong bill")
    less = bill("c1", amount="15000.00")
    yield _step("settle, outcome unknown", "s", "settle", key="asked", claim=less, outcome="unknown")
    yield _step("confirm", "s", "confirm", of="asked")
    yield _step("reclaim", "s", "reclaim", party="critical_illness", amount="2200.00")
    yield _step("default", "s", "default", "2017-09-01")
    yield _step("write_off", "s", "write_off", "2017-09-02", amount="1900.00")
    yield _step("", "s", "repay", "2017-09-03", party="medical_assistance", amount="2500.00")
    yield _step("close", "s", "close", "2017-09-04")
    yield from _settled("x", RAOHE, "p-20", "8000.00", "2017-06-20")
    yield _step("correct", "x", "correct", settlement="settle-x", reason="twice", claim=bill("c-x", "p-20"))
    yield _step("compensate a settlement", "x", "compensate", of="x-correct-2017-06-20-correct")


def _ended_otherwise() -> Iterator[Step]:
    for case, kind in (("u", "transfer"), ("v", "death"), ("w", "abscond")):
        yield _step("", case, "open", person="p-left", ruleset=RAOHE)
        yield _step("", case, "admit", agreement=True)
        yield _step(kind, case, kind)
    yield _step("", "t", "open", person="p-left", ruleset=RAOHE)
    yield _step("agree", "t", "agree")
    yield _step("", "t", "admit", deposit="500.00")
    yield _step("cancel", "t", "cancel", reason="not ill")
    yield _step("refund", "t", "refund", amount="500.00")


def _taken_back(policy: str) -> Iterator[Step]:
    """The first of three settlements is corrected under the later ones, and the second one reversed."""
    for number, amount in enumerate(("1200.00", "600.00", "800.00"), 1):
        yield from _settled(f"{policy}-{number}", policy, f"p-{policy}", amount, f"2017-06-{number:02d}")
    first, second = f"{policy}-1", f"{policy}-2"
    right = bill(f"c-{first}", f"p-{policy}", "2017-06-01", "1000.00")
    yield _step(
        f"correct, {policy}", first, "correct", "2017-07-01", settlement=f"settle-{first}", reason="x", claim=right
    )
    yield _step(f"reverse, {policy}", second, "reverse", "2017-07-01", settlement=f"settle-{second}", reason="wrong")


def _settled(case: str, ruleset: str, person: str, amount: str, day: str) -> Iterator[Step]:
    yield _step("", case, "open", day, person=person, ruleset=ruleset)
    yield _step("", case, "admit", day, agreement=True)
    yield _step("", case, "discharge", day)
    yield _step("", case, "settle", day, key=f"settle-{case}", claim=bill(f"c-{case}", person, day, amount))
