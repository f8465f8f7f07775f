"""What policies say: every line of the page names rule sets and provisions, commands and options, or tests that are
there; every primitive has its own rule set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import click
import pytest

from policyengine.assemble import read
from policyengine.casebook import find_cases, read_cases
from policyengine.cli import main
from policyengine.mechanisms import ALL
from policyengine.rulebook import locate
from tests.house.files import ROOT, tree_of

PAGE = (ROOT / "docs" / "coverage-of-mechanisms.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PLACE = re.compile(r"`([\w/. ]+)`: ((?:`[\w-]+`(?:, )?)+)")
ROWS = [(int(number), said, where) for number, said, where in ROW.findall(PAGE)]
SECTIONS = ("provisions", "layers", "meters", "windows", "tables", "parameters")


def places(where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place, names in PLACE.findall(where):
        yield place, tuple(re.findall(r"`([\w-]+)`", names))


def known_at(place: str) -> set[str]:
    """What a rule set, a command or a file of tests has by name."""
    if place.startswith("policyengine "):
        command = main.get_command(click.Context(main), place.partition(" ")[2])
        assert command is not None, place
        return {name for option in command.params for name in option.opts}
    if place.startswith("tests/"):
        return {node.name for node in tree_of(ROOT / place).body if isinstance(node, ast.FunctionDef)}
    book = read(locate(place))
    return {item.id.text for section in SECTIONS for item in getattr(book, section)}


@pytest.mark.parametrize(("number", "said", "where"), ROWS, ids=[f"line {number}" for number, *_ in ROWS])
def test_what_the_line_names_is_there(number: int, said: str, where: str) -> None:
    found = list(places(where))
    written = "; ".join(f"`{place}`: " + ", ".join(f"`{n}`" for n in names) for place, names in found)
    assert written == where.strip(), f"line {number}, {said}: not of the form `rule set`: `provision`, `provision`; …"
    for place, names in found:
        assert sorted(set(names) - known_at(place)) == [], f"{place} has nothing of that name"


def test_every_line_of_the_list_stands_once_and_in_order() -> None:
    assert [number for number, *_ in ROWS] == list(range(1, 39))
    assert len(ROWS) == PAGE.count("\n| ") - 2, "a row of the table is not read"


@pytest.mark.parametrize("key", [m.key for m in ALL])
def test_every_primitive_has_a_rule_set_with_cases(key: str) -> None:
    name = f"examples/primitives/{key}"
    assert key in {p.mechanism for p in read(locate(name)).provisions}
    assert sum(len(read_cases(file)) for file in find_cases(name)) >= 3
