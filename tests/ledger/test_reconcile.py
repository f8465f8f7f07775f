"""Reconciliation: differences that were planted are found and named, and nothing else is."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from policyengine.cases.reconcile import KINDS, Line, reconciled
from tests.cli.runner import run as cli
from tests.conftest import Told
from tests.ledger.stays import bill, desk

JULY = (date(2017, 7, 1), date(2017, 8, 1))


def ledger(count: int) -> list[Line]:
    """Payments in July and some refunds, each of a case of its own."""
    return [
        Line(f"k{n}", f"s{n}", "pooled_fund", date(2017, 7, 1) + timedelta(n % 31), (1 if n % 9 else -1) * (1000 + n))
        for n in range(1, count + 1)
    ]


def planted(ours: list[Line], every: int) -> tuple[list[Line], list[Line], Counter[str]]:
    """Our lines and a statement with differences of every kind, one in so many lines."""
    mine, theirs, due = [], [], Counter[str]()
    kinds = list(PLANTS)
    for at, line in enumerate(ours):
        if at % every:
            mine.append(line)
            theirs.append(line)
            continue
        kind = kinds[at // every % len(kinds)]
        here, there = PLANTS[kind](line)
        mine += here
        theirs += there
        due[kind] += 1
    return mine, theirs, due


def _other(line: Line, **changes: object) -> tuple[list[Line], list[Line]]:
    return [line], [replace(line, **changes)]  # type: ignore[arg-type]


def _halves(line: Line) -> tuple[tuple[int, int], tuple[int, int]]:
    """Two parts of one sign."""
    return (1, line.amount // 2), (2, line.amount - line.amount // 2)


PLANTS = {
    "missing_theirs": lambda line: ([replace(line, on=date(2017, 7, 2))], []),
    "missing_ours": lambda line: ([], [line]),
    "twice_theirs": lambda line: ([line], [line, line]),
    "amount": lambda line: _other(line, amount=line.amount + 100),
    "rounded": lambda line: _other(line, amount=line.amount + 99),
    "scaled": lambda line: _other(line, amount=line.amount * 100),
    "opposed": lambda line: ([line], [line, replace(line, amount=-line.amount)]),
    "late": lambda line: ([replace(line, on=date(2017, 7, 31))], []),
    "offset": lambda line: (
        [replace(line, reference=f"{line.reference}-{n}", amount=n * line.amount) for n in (2, -1)],
        [line],
    ),
    "refund_flag": lambda line: _other(line, amount=-line.amount),
    "day": lambda line: _other(line, on=date(2017, 6, 30)),
    "outside": lambda line: ([replace(line, on=date(2017, 8, 1))], [replace(line, on=date(2017, 7, 31))]),
    "party": lambda line: _other(line, party="medical_assistance"),
    "case": lambda line: _other(line, case="of another person"),
    "currency": lambda line: _other(line, currency="USD"),
    "unknown": lambda line: ([replace(line, state="unknown")], [line]),
    "compensated": lambda line: ([replace(line, state="compensated")], [line]),
    "reference": lambda line: _other(line, reference=f"their-{line.reference}"),
    "parted": lambda line: (
        [line], [replace(line, reference=f"{line.reference}-{n}", amount=a) for n, a in _halves(line)]
    ),
    "joined": lambda line: (
        [replace(line, reference=f"{line.reference}-{n}", amount=a) for n, a in _halves(line)], [line]
    ),
}  # fmt: skip
"""How each kind of difference is planted: our lines and theirs for one line of the ledger."""


@pytest.mark.parametrize("count", [1500, pytest.param(100_000, marks=pytest.mark.agree)])
def test_every_planted_difference_is_found_and_nothing_else(count: int, told: Told) -> None:
    ours, theirs, due = planted(ledger(count), 20)
    found = reconciled(ours, theirs, JULY)
    assert Counter(one.kind for one in found.differences) == due
    assert set(due) == set(PLANTS) == set(KINDS)
    assert len(KINDS) == 20
    said = f"{sum(due.values()):,} planted differences of 20 kinds found, nothing else"
    told("reconciliation", f"{count:,} lines", said)


def test_equal_sides_have_no_difference_and_refunds_are_told_apart() -> None:
    ours = ledger(90)
    found = reconciled(ours, ours, JULY)
    assert (found.differences, found.equal, found.ours) == ((), 90, found.theirs)
    assert found.ours.refunds == 10
    assert found.ours.net == sum(line.amount for line in ours)


def test_a_statement_of_a_fund_against_a_store(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        for number in (1, 2, 3):
            run.stay(f"s{number}", bill(f"c{number}", f"p-{number}"))
        for number in (1, 2):
            run(f"s{number}", "repay", "2017-07-10", key=f"r{number}", party="pooled_fund", amount="10000.00")
    lines = [
        {"reference": "r1", "case": "s1", "party": "pooled_fund", "on": "2017-07-10", "amount": "10000.00"},
        {"reference": "r2", "case": "s2", "party": "pooled_fund", "on": "2017-07-10", "amount": "1000.00"},
        {"reference": "r3", "case": "s3", "party": "pooled_fund", "on": "2017-07-11", "amount": "10000.00"},
    ]
    (tmp_path / "statement.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    words = ["--party", "pooled_fund", "--from", "2017-07-01", "--to", "2017-08-01"]
    told = cli("case", "reconcile", str(tmp_path / "cases.db"), str(tmp_path / "statement.jsonl"), *words, "--json")
    assert told.exit_code == 1
    found = json.loads(told.stdout)
    assert [(one["kind"], one["references"]) for one in found["differences"]] == [
        ("amount", ["r2"]), ("missing_ours", ["r3"])
    ]  # fmt: skip
    assert (found["ours"]["net"], found["theirs"]["net"], found["equal"]) == ("20000.00", "21000.00", 1)
