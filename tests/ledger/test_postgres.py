"""The same store on PostgreSQL: commands once, writers at once, what fails without the lock, kills at statements."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, create_engine, event, select, text

pytest.importorskip("psycopg")

from policyengine.cases import Store, open_store
from policyengine.cases.store import running, scopes, statements
from policyengine.cases.store.tables import CASES, SCOPES
from policyengine.errors import CaseError, ClaimError
from tests.conftest import Told
from tests.ledger import writers
from tests.ledger.aged import aged
from tests.ledger.cutting import cutter
from tests.ledger.everything import Step, books, course, events, made_up
from tests.ledger.postgres import server
from tests.ledger.stays import OWN, RAOHE, Desk, bill, order, refusal
from tests.ledger.test_yearly import AT, awarded, year
from tests.ledger.writers import wrong_after


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with server() as found:
        yield found


@pytest.fixture
def empty(url: str) -> str:
    """A store without tables."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


def test_a_stay_is_the_same_there(empty: str) -> None:
    run = Desk(open_store(empty))
    run.stay("s", bill("c1"))
    assert run.store.run(order("settle-s", "s", "settle", claim=bill("c1"))).replayed
    run.pay_all("s")
    run("s", "reverse", settlement="settle-s", reason="wrong bill")
    assert "error[E863]" in refusal(run.store.run, order("settle-s", "s", "settle", claim=bill("c2")))
    assert run.store.verify() == ()
    run.store.close()


def test_the_transaction_of_the_host_commits_or_does_not(empty: str) -> None:
    run = Desk(open_store(empty))
    run.stay("s", bill("c1"))
    with run.store.engine.connect() as host, host.begin() as transaction:
        run.store.run(order("paid", "s", "pay", amount=OWN), connection=host)
        transaction.rollback()
    assert run.case("s").due() == 390000
    with run.store.engine.begin() as host:
        run.store.run(order("paid", "s", "pay", amount=OWN), connection=host)
    assert run.case("s").due() == 0
    run.store.close()


def test_a_store_of_an_earlier_release_is_brought_up_to_date(empty: str) -> None:
    run = Desk(open_store(empty))
    run.stay("s", bill("c1"))
    run.store.close()
    aged(empty, 1)
    store = open_store(empty)
    assert store.verify() == ()
    store.close()


def test_ids_as_long_as_a_command_may_have_fit_there_too(empty: str, tmp_path: Path) -> None:
    """200 characters for a command and a case, 100 for a command about many cases; the same on every database."""
    for place in (empty, str(tmp_path / "cases.db")):
        run = Desk(open_store(place))
        case, key = "s" * 200, "k" * 200
        run(case, "open", key=key, person="p-17", ruleset=RAOHE)
        assert run(case, "open", key=key, person="p-17", ruleset=RAOHE).replayed
        run(case, "cancel", key="c" * 200, reason="r" * 200)
        told = refusal(run.store.erase, "p-17", "e" * 101, date(2027, 7, 20), AT, errors=ClaimError)
        assert "the id of the command has 101 characters" in told
        assert run.store.erase("p-17", "e" * 100, date(2027, 7, 20), AT) == (case,)
        assert run.store.erase("p-17", "e" * 100, date(2027, 7, 20), AT) == (case,)
        assert "error[E863]" in refusal(run.store.erase, "p-17", "e" * 100, date(2027, 7, 21), AT)
        assert run.store.verify() == ()
        run.store.close()


def test_an_award_is_taken_back_and_run_again_there_too(empty: str, tmp_path: Path) -> None:
    with year(tmp_path, empty) as run:
        key, again = "y" * 100, "z" * 100
        first = awarded(run, key, window="2017")
        assert sorted(first.values()) == [2000, 8000]
        assert len(run.store.take_back(key, "back", date(2018, 2, 1), AT, "run too early", ["p-1"])) == 1
        assert list(awarded(run, again, window="2017", persons=("p-1",)).values()) == [8000]
        assert run.store.verify() == ()


def test_writers_at_once_lose_nothing(empty: str) -> None:
    assert wrong_after(empty, 6, 4) == []


@pytest.mark.agree
@pytest.mark.parametrize(("count", "stays"), [(16, 200), (64, 100)])
def test_many_writers_at_once(empty: str, count: int, stays: int, told: Told) -> None:
    assert wrong_after(empty, count, stays) == []
    told(
        f"{count} writers at once, PostgreSQL",
        f"{count} × {stays} stays of twenty members",
        "no sum wrong, none refused",
    )


def test_without_the_lock_it_goes_wrong(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``FOR UPDATE`` taken out, and retries, too: then two writers read the same, and one of them fails or is lost."""

    def unlocked(connection: Connection, ruleset: str, names: object) -> scopes.Locked:
        found = lock(connection, ruleset, names)  # type: ignore[arg-type]
        connection.execute(text("SELECT pg_sleep(0.03)"))
        return found

    lock = scopes.lock
    monkeypatch.setattr(scopes, "lock", unlocked)
    in_scope = SCOPES.c.ruleset == bindparam("of"), SCOPES.c.scope.in_(bindparam("names", expanding=True))
    monkeypatch.setattr(statements, "CASE_LOCKED", select(CASES).where(CASES.c.id == bindparam("case_id")))
    monkeypatch.setattr(statements, "SCOPES_LOCKED", select(SCOPES).where(*in_scope).order_by(SCOPES.c.scope))
    monkeypatch.setattr("policyengine.cases.store.database.RETRIES", 1)
    monkeypatch.setattr(writers, "MEMBERS", 2)
    assert wrong_after(empty, 8, 6) != []


def twice(url: str, rounds: int) -> list[str]:
    """The ids of commands that took effect twice: each is sent to two cases at the same instant."""
    run = Desk(open_store(url))
    for number in range(rounds):
        for side in "ab":
            run(f"{side}-{number}", "open", key=f"open-{side}-{number}", person=f"p-{side}", ruleset=RAOHE)
    told: list[str] = []
    for number in range(rounds):
        gate = threading.Barrier(2)
        pair = [
            threading.Thread(target=_sent, args=(run, gate, f"{side}-{number}", f"k-{number}", told)) for side in "ab"
        ]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
    with run.store.reading() as connection:
        found = connection.execute(text("SELECT id FROM commands GROUP BY id HAVING count(*) > 1")).scalars().all()
    run.store.close()
    assert set(told) <= {"E863"}
    assert len(told) + len(found) == rounds
    return list(found)


def _sent(run: Desk, gate: threading.Barrier, case: str, key: str, told: list[str]) -> None:
    gate.wait()
    try:
        run(case, "admit", key=key)
    except CaseError as error:
        told.append(error.diagnostics[0].code)


def test_a_command_sent_to_two_cases_at_once_takes_effect_in_one(empty: str) -> None:
    assert twice(empty, 15) == []


def test_a_run_and_an_erasure_asked_for_twice_at_once_are_done_once(empty: str, tmp_path: Path) -> None:
    """The second one waits for the first, finds what it did, and says the same."""
    run = Desk(open_store(empty, rules=made_up(tmp_path).__getitem__))
    run.stay("s", bill("c1", "p-1"), ruleset="readjudicate")
    run("t", "open", person="p-2", ruleset="readjudicate")
    first, again = both(lambda: run.store.award("second", "year", date(2018, 1, 10), AT, "2017"))
    assert first == again
    assert both(lambda: run.store.erase("p-2", "gone", date(2018, 1, 11), AT)) == [("t",)] * 2
    assert events(run.store) == 4 + 1 + 2 + 1
    assert run.store.verify() == ()
    run.store.close()


def both(ask: Callable[[], Any]) -> list[Any]:
    """What two are told who ask at the same instant."""
    gate, told = threading.Barrier(2), list[Any]()

    def asking() -> None:
        gate.wait()
        told.append(ask())

    pair = [threading.Thread(target=asking) for _ in range(2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    return told


def test_without_the_unique_key_it_takes_effect_in_both(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(connection: Connection, command: str) -> object:
        found = kept(connection, command)
        connection.execute(text("SELECT pg_sleep(0.02)"))
        return found

    kept = running.kept
    monkeypatch.setattr(running, "kept", slow)
    assert twice(empty, 3) == []
    engine = create_engine(empty, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("TRUNCATE aliases, cases, commands, events, entries, scopes, uses"))
        connection.execute(text("ALTER TABLE commands DROP CONSTRAINT commands_pkey"))
    engine.dispose()
    assert twice(empty, 3) != []


@pytest.mark.parametrize("only", ["settle", pytest.param("", marks=pytest.mark.agree)])
def test_a_kill_before_every_statement_and_before_the_commit(empty: str, tmp_path: Path, only: str, told: Told) -> None:
    """The client ends before the n-th statement or the commit: nothing is lost, what is asked again is done once."""
    written = books(tmp_path)
    store = open_store(empty, rules=written.__getitem__)
    killed, tried = 0, 0
    for step in course():
        if step.name and only in ("", step.name):
            tried += 1
            at = 1
            while _killed(store, step, at):
                at += 1
            assert at > 4, step.name
            killed += at - 1
        step.ask(store)
        assert not step.did(store), step.name
        if only and step.name == only:
            break
        assert store.verify() == ()
    assert tried == (1 if only else len([step for step in course() if step.name]))
    told("killed, PostgreSQL", f"{tried} commands, {killed} statements and commits", "exactly once at each")
    store.close()


def _killed(store: Store, step: Step, at: int) -> bool:
    """Whether a child was killed before the n-th statement that reaches the server; ``False``: it had fewer."""
    store.close()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            left = [at]

            @event.listens_for(store.engine, "before_cursor_execute")
            def before(*_: object) -> None:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

            @event.listens_for(store.engine, "commit")
            def sent(_: object) -> None:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

            step.ask(store)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_the_answer_to_a_commit_that_is_lost_is_found_again(empty: str) -> None:
    """The commit took effect and its answer did not come: the command sent again is answered with the stored result."""
    run = Desk(open_store(empty))
    run.stay("s", bill("c1"))
    with run.store.writing() as connection:
        first = running.run_in(connection, order("paid", "s", "pay", amount=OWN), run.store.book)
    again = run.store.run(order("paid", "s", "pay", amount=OWN))
    assert (again.replayed, again.data) == (True, first.data)
    run.store.close()


@pytest.mark.parametrize(("how", "stored"), [("sent", True), ("unsent", False)])
def test_the_line_is_cut_between_the_commit_and_its_answer(empty: str, how: str, stored: bool) -> None:
    """The caller is told that nobody knows; the same command again takes effect exactly once."""
    with tempfile.TemporaryDirectory(prefix="cut") as folder, cutter(empty, Path(folder)) as (line, url):
        run = Desk(open_store(url))
        run.stay("s", bill("c1"))
        for number, amount in enumerate(("900.00", "3000.00")):
            paid = order(f"paid-{number}", "s", "pay", amount=amount)
            line.armed = how
            assert "error[E875]" in refusal(run.store.run, paid)
            again = run.store.run(paid)
            assert again.replayed is stored
            assert run.store.run(paid).data == again.data
        assert line.cuts == 2
        assert run.case("s").due() == 0
        assert run.store.verify() == ()
        run.store.close()


@pytest.mark.agree
@pytest.mark.parametrize("how", ["sent", "unsent"])
def test_the_line_is_cut_at_the_commit_of_every_command(empty: str, tmp_path: Path, how: str, told: Told) -> None:
    written = books(tmp_path)
    with tempfile.TemporaryDirectory(prefix="cut") as folder, cutter(empty, Path(folder)) as (line, url):
        store = open_store(url, rules=written.__getitem__)
        tried = 0
        for step in course():
            if step.name:
                tried += 1
                line.armed = how
                assert "error[E875]" in refusal(step.ask, store), step.name
                assert step.did(store) is (how == "unsent"), step.name
            step.ask(store)
            assert not step.did(store), step.name
        assert line.cuts == tried
        assert store.verify() == ()
        store.close()
    what = "and the answer to it" if how == "sent" else "and the server"
    told(f"line cut between the commit {what}, PostgreSQL", f"{tried} commands", "exactly once at each")
