"""Nobody's id stands anywhere but in one table, and there only until the person is erased."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from tests.cli.runner import run as cli
from tests.ledger.stays import RAOHE, bill, desk, refusal

PERSON, HOUSEHOLD = "canary-4711", "canary-house-815"
AT = "2027-07-20T09:00:00+08:00"


def test_ids_stand_in_one_table_and_in_nothing_that_is_shown(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1", PERSON, household=HOUSEHOLD))
        told = refusal(run, "s", "settle", claim=bill("c1", PERSON, household=HOUSEHOLD))
        told += repr(run.case("s")) + repr(run.store.run({**_close("x"), "kind": "compensate", "of": "y"}))
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        dumped = [line for line in connection.iterdump() if "canary" in line]
    assert len(dumped) == 2
    assert all(line.startswith('INSERT INTO "aliases"') for line in dumped)
    for words in (("show", "--json"), ("show", "--lang", "zh"), ("ledger", "--json"), ("ledger",)):
        told += cli("case", words[0], str(tmp_path / "cases.db"), "s", *words[1:]).stdout
    assert "canary" not in told


def _close(key: str) -> dict[str, str]:
    return {"id": key, "case": "s", "kind": "close", "on": "2017-07-20", "at": AT}


def test_an_erased_person_leaves_the_money_trail(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1", PERSON))
        assert "something is left to pay" in refusal(run.store.erase, PERSON, "forget", date(2027, 7, 20), AT)
        run.pay_all("s")
        before = run.case("s").balances
        assert run.store.erase(PERSON, "forget", date(2027, 7, 20), AT) == ("s",)
        assert run.store.erase(PERSON, "forget", date(2027, 7, 20), AT) == ("s",)
        assert "error[E863]" in refusal(run.store.erase, PERSON, "forget", date(2027, 7, 21), AT)
        run("another", "open", person="p-18", ruleset=RAOHE)
        assert "error[E863]" in refusal(run.store.erase, "p-18", "forget", date(2027, 7, 20), AT)
        assert "knows nobody" in refusal(run.store.erase, PERSON, "again", date(2027, 7, 20), AT)
        assert run.case("s").balances == before
        assert run.store.verify() == ()
    assert PERSON.encode() not in (tmp_path / "cases.db").read_bytes()


def test_the_command_says_what_stays(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1", PERSON))
        run.pay_all("s")
    words = ("case", "erase", str(tmp_path / "cases.db"), PERSON, "--id", "k", "--on", "2027-07-20", "--at", AT)
    assert cli(*words).stdout == "erased; cases that stay under an alias: s\n"


def test_no_refusal_and_no_export_names_anybody(tmp_path: Path) -> None:
    """What is refused, corrected, replayed, reconciled, reversed: the canary is in none of it."""
    claim = bill("c1", PERSON, household=HOUSEHOLD)
    with desk(tmp_path) as run:
        run.stay("s", claim)
        told = refusal(run, "s", "admit")
        told += refusal(run, "s", "pay", amount="999999.00")
        told += refusal(run, "s", "correct", settlement="other", reason="drawn", claim=claim)
        run("u", "open", person="p-1", ruleset=RAOHE)
        run("u", "admit", agreement=True)
        run("u", "discharge")
        told += refusal(run, "u", "settle", claim=claim)
        right = bill("c1", PERSON, household=HOUSEHOLD, amount="15000.00")
        told += repr(run("s", "correct", settlement="settle-s", reason="drawn", claim=right))
        run("s", "default", "2017-08-01")
        run("v", "open", person=PERSON, ruleset=RAOHE)
        told += refusal(run, "v", "admit", course="treat_first", agreement=True)
        told += repr(run.store) + "".join(map(str, run.store.verify()))
    place = str(tmp_path / "cases.db")
    for words in (("replay", place, "s"), ("verify", place), ("show", place, "s", "--json"), ("ledger", place, "v")):
        made = cli("case", *words)
        told += made.stdout + made.stderr
    assert "the same" in told
    assert "canary" not in told
