"""Texts that are meant for a database, a terminal, a page or a shell: stored or refused, and shown harmlessly."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from pathlib import Path

import pytest

from policyengine.cases.store.tables import METADATA
from policyengine.errors import PolicyError
from tests.cli.runner import run as cli
from tests.ledger.stays import RAOHE, Desk, bill, desk, order

PAYLOADS = (
    "'; DROP TABLE events; --", '"; DROP TABLE cases; --', "' OR '1'='1", "1; DELETE FROM entries",
    "x' UNION SELECT 1--",
    "\\'; --", "%' AND 1=1 --", "_%", "Robert'); DROP TABLE aliases;--", "') OR TRUE --", "/*", "*/ --", ";", "--", "#",
    "$(id)", "`id`", "| cat /etc/passwd", "; ls", "&& id", "../../etc/passwd", "..\\..\\x", "/dev/null", "C:\\x",
    "~root",
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b[2J", "a\rb", "a\nb: c", "a\tb", "a\x00b", "\x7f", "\x9b31m", "a\x08b",
    "\u202eabc", "\u2066abc", "\u200bx", "\ufeffx", "a\u0301", "ﬀ", "\U0001f600", "\ud800", "İ", "ǅ",
    "<script>alert(1)</script>", "<img src=x onerror=1>", "&lt;b&gt;", "]]>", "<!--", "{{7*7}}", "${7*7}", "%s%n",
    "{0}", "=1+1", "+1", "-1", "@SUM(1)", "[bold red]x[/]", "[link=http://x]x[/link]",
)  # fmt: skip
"""Sixty."""


def attempt(run: Desk, command: dict[str, object]) -> str:
    """What is told of a refusal; empty if the command took effect."""
    try:
        run.store.run(command)
    except PolicyError as error:
        return str(error)
    return ""


def harmless(told: str) -> None:
    """Nothing that a terminal obeys, and nothing that turns the direction of writing."""
    for character in told:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs"), ascii(told)


def test_sixty_payloads_in_every_text_field_through_every_export(tmp_path: Path) -> None:
    assert len(PAYLOADS) == 60
    place = str(tmp_path / "cases.db")
    kept = []
    with desk(tmp_path) as run:
        for number, text in enumerate(PAYLOADS):
            told = attempt(run, order(f"k{number}", text, "open", person=f"p-{number}", ruleset=RAOHE))
            if not told:
                kept.append(text)
            case = f"s{number}"
            told += attempt(run, order(f"o{number}", case, "open", person=f"p-{number}", ruleset=RAOHE))
            told += attempt(run, order(text, case, "admit", agreement=True))
            told += attempt(run, order(f"x{number}", case, "admit", agreement=True, course=text))
            told += attempt(run, order(f"p{number}", case, "open", person=text, ruleset=RAOHE))
            told += attempt(run, order(f"r{number}", f"t{number}", "open", person="p-1", ruleset=text))
            told += attempt(run, order(f"q{number}", case, text))
            told += attempt(run, order(f"d{number}", case, "discharge"))
            told += attempt(run, order(f"b{number}", case, "settle", claim=bill(text, f"p-{number}")))
            told += attempt(run, order(f"v{number}", case, "reverse", settlement=text, reason="drawn"))
            told += attempt(run, order(f"u{number}", case, "compensate", of=text))
            told += attempt(run, order(f"c{number}", case, "cancel", reason=text))
            harmless(told)
        assert run.store.verify() == ()
    assert len(kept) >= 30
    for case in (*kept, *(f"s{number}" for number in range(0, len(PAYLOADS), 6))):
        if not case.startswith("-"):
            shown(place, case)
    with sqlite3.connect(place) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == set(METADATA.tables)


def shown(place: str, case: str) -> None:
    for words in (("show",), ("ledger",)):
        told = cli("case", words[0], place, case)
        assert told.exit_code == 0, told.stderr
        harmless(told.stdout)
    told = cli("case", "show", place, case, "--json")
    assert json.loads(told.stdout)["case"] == case
    assert "\x1b" not in told.stdout


@pytest.mark.parametrize("text", PAYLOADS[:12])
def test_a_statement_of_a_fund_holds_payloads(tmp_path: Path, text: str) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c"))
    line = {"reference": text, "case": "s", "party": "pooled_fund", "on": "2017-07-10", "amount": "1.00"}
    (tmp_path / "theirs.jsonl").write_text(json.dumps(line), encoding="utf-8")
    words = ["--party", "pooled_fund", "--from", "2017-07-01", "--to", "2017-08-01"]
    told = cli("case", "reconcile", str(tmp_path / "cases.db"), str(tmp_path / "theirs.jsonl"), *words)
    assert told.exit_code == 1
    harmless(told.stdout)
