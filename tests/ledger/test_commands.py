"""Commands: each takes effect at most once; what would tell who somebody is, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.errors import ClaimError
from tests.ledger.stays import RAOHE, bill, desk, order, refusal


def test_a_replay_returns_the_stored_result_and_does_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        orders = [
            order("k1", "s", "open", person="p-17", ruleset=RAOHE), order("k2", "s", "admit", agreement=True),
            order("k3", "s", "discharge"), order("k4", "s", "settle", claim=bill("c1")),
            order("k5", "s", "pay", amount="3900.00"),
        ]  # fmt: skip
        first = [run.store.run(one) for one in orders]
        before = run.case("s")
        for one, result in zip(reversed(orders), reversed(first), strict=True):
            later = {**one, "at": "2018-01-01T00:00:00Z"}
            again = run.store.run(later)
            assert again.replayed
            assert again.data == result.data
        assert run.case("s") == before


@pytest.mark.parametrize(
    "change", [{"amount": "100.00"}, {"on": "2017-06-22"}, {"kind": "refund"}, {"case": "other"}, {"party": "account"}]
)
def test_another_payload_under_the_same_id_is_refused(tmp_path: Path, change: dict[str, str]) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        run.stay("other", bill("c2", "p-2"))
        first = order("pay", "s", "pay", amount="3900.00")
        run.store.run(first)
        assert "error[E863]" in refusal(run.store.run, {**first, **change})


def test_two_cases_and_two_persons_do_not_mix(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run("s", "open", person="p-17", ruleset=RAOHE)
        assert "error[E865]" in refusal(run, "s", "open", person="p-18", ruleset=RAOHE)
        assert "error[E864]" in refusal(run, "t", "admit")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "dischrge"}, "did you mean `discharge`?"),
        ({"at": "2017-06-20 09:00"}, "error[E860]"),
        ({"at": "2017-06-20T25:00:00Z"}, "error[E860]"),
        ({"on": "2017-02-30"}, "error[E515]"),
        ({"deposit": 3.5}, "error[E509]"),
        ({"deposite": "3"}, "error[E507]"),
        ({"patient_name": "x"}, "error[E507]"),
        ({"id": "11010519491231002X"}, "an ID number"),
        ({"case": "13912345678"}, "a mobile number"),
    ],
)
def test_a_command_that_cannot_be_read_is_refused_with_everything_that_is_wrong(
    tmp_path: Path, said: dict[str, object], code: str
) -> None:
    with desk(tmp_path) as run, pytest.raises(ClaimError) as caught:
        run.store.run({**order("k", "s", "admit"), **said})
    assert code in str(caught.value)


@pytest.mark.parametrize(
    "person",
    [
        "11010519491231002X",
        "110105491231002",
        "张三",
        "zhang san",
        "13912345678",
        "+86 13912345678",
        "6222020200012345670",
    ],
)
def test_who_somebody_is_is_no_id_of_a_person(tmp_path: Path, person: str) -> None:
    """Three of them are numbers of no real person: an example of the standard, and made up."""
    with desk(tmp_path) as run, pytest.raises(ClaimError) as caught:
        run("s", "open", person=person, ruleset=RAOHE)
    assert "error[E866]" in str(caught.value)
    assert person not in str(caught.value)
    assert person.encode() not in (tmp_path / "cases.db").read_bytes()
