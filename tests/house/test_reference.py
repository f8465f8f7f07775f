"""The reference is written from the data: the pages in the repository are those that `make docs` writes."""

from __future__ import annotations

from typing import Any

import click
import pytest

from policyengine import terms
from policyengine.cli import COMMANDS, main
from policyengine.codes import CODES
from policyengine.mechanisms import ALL
from tests.house.files import ROOT
from tools.battery import folded
from tools.reference import FOLDER, pages

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    page = FOLDER / name
    assert page.is_file(), "run `make docs`"
    assert page.read_text(encoding="utf-8") == PAGES[name], f"{name} is out of date: run `make docs`"


def test_no_page_is_left_over() -> None:
    written = {p.name for p in FOLDER.glob("*.md") if "Written by `make docs`" in p.read_text(encoding="utf-8")}
    assert written == set(PAGES)


def test_every_mechanism_and_every_key_of_it_is_documented() -> None:
    page = PAGES["mechanisms.md"]
    for mechanism in ALL:
        section = page.partition(f"\n## {mechanism.key}\n")[2].partition("\n## ")[0]
        assert mechanism.doc in section, mechanism.key
        assert mechanism.example in section, mechanism.key
        assert all(f"`{field.name}`" in section and field.doc for field in mechanism.fields), mechanism.key


def test_every_code_is_documented() -> None:
    assert [code for code in CODES if f"### {code} – " not in PAGES["errors.md"]] == []


def test_every_term_is_documented_in_both_languages() -> None:
    page = PAGES["terms.md"]
    known: list[Any] = [*terms.PAYERS.values(), *terms.FACTS.values(), *terms.REASONS.values(), *terms.AMOUNTS.values()]
    assert [t.id for t in known if not (t.zh and t.en and f"| `{t.id}` | {t.zh} | " in page)] == []
    assert [tag for tag, (zh, en) in terms.TAGS.items() if f"| `{tag}` | {zh} | {en} |" not in page] == []


def test_every_command_and_every_option_is_documented() -> None:
    page = PAGES["commands.md"]
    for name in COMMANDS:
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        command = main.get_command(click.Context(main), name)
        assert command is not None
        assert command.help, name
        options = [p for p in command.params if isinstance(p, click.Option)]
        assert [o.name for o in options if not (o.help and o.opts[-1] in section and o.help in section)] == [], name


def test_every_page_is_reachable_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in PAGES if f"docs/reference/{name}" not in readme] == []


def test_the_tests_of_a_function_are_told_together() -> None:
    ends = [("a", "passed", "2026-11-22"), ("b", "failed", "2026-11-21"), ("c", "passed", "2026-11-23")]
    recorded = [
        {"section": "tests", "name": n, "of": "f", "end": e, "day": d, "commit": n, "seconds": 40} for n, e, d in ends
    ]
    drill = {"section": "drill", "name": "x", "noticed": 1}
    told = {"section": "tests", "name": "f", "day": "2026-11-21", "commit": "b", "run": 3, "failed": ["b"]}
    assert list(folded([*recorded, drill])) == [drill, told | {"seconds": 120}]
