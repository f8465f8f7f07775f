"""What policies say: every line of the page names rule sets and provisions that are there; every primitive has its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from policyengine.assemble import read
from policyengine.casebook import find_cases, read_cases
from policyengine.mechanisms import ALL
from policyengine.rulebook import locate
from tests.house.files import ROOT

PAGE = (ROOT / "docs" / "coverage-of-mechanisms.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PLACE = re.compile(r"`([\w/]+)`: ((?:`\w+`(?:, )?)+)")
ROWS = [(int(number), said, where) for number, said, where in ROW.findall(PAGE)]
SECTIONS = ("provisions", "layers", "meters", "windows", "tables", "parameters")


def places(where: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for ruleset, names in PLACE.findall(where):
        yield ruleset, tuple(re.findall(r"`(\w+)`", names))


@pytest.mark.parametrize(("number", "said", "where"), ROWS, ids=[f"line {number}" for number, *_ in ROWS])
def test_what_the_line_names_is_there(number: int, said: str, where: str) -> None:
    found = list(places(where))
    written = "; ".join(f"`{ruleset}`: " + ", ".join(f"`{n}`" for n in names) for ruleset, names in found)
    assert written == where.strip(), f"line {number}, {said}: not of the form `rule set`: `provision`, `provision`; …"
    for ruleset, names in found:
        book = read(locate(ruleset))
        known = {item.id.text for section in SECTIONS for item in getattr(book, section)}
        assert sorted(set(names) - known) == [], f"{ruleset} has no such provision"


def test_the_lines_stand_in_order_and_once() -> None:
    numbers = [number for number, *_ in ROWS]
    assert numbers == sorted(set(numbers))
    assert set(numbers) <= set(range(1, 39))
    assert len(ROWS) == PAGE.count("\n| ") - 2, "a row of the table is not read"


@pytest.mark.parametrize("key", [m.key for m in ALL])
def test_every_primitive_has_a_rule_set_with_cases(key: str) -> None:
    name = f"examples/primitives/{key}"
    assert key in {p.mechanism for p in read(locate(name)).provisions}
    assert sum(len(read_cases(file)) for file in find_cases(name)) >= 3
