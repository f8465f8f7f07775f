"""A wrong file is read a second time from about its fault on; what is said of it is what reading it whole would say."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import pytest

from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.source import FAST_PARSER, read_text
from policyengine.source.composer import compose
from policyengine.source.page import Mark, Page, page_of_text
from policyengine.source.shortened import Block, shortened

pytestmark = pytest.mark.skipif(FAST_PARSER is None, reason="PyYAML has no libyaml here: everything is read whole")

PARAMETERS = "".join(f"  p{n}: {n}元\n" if n % 3 else f"  p{n}:\n    value: {n}元\n" for n in range(12))
ROWS = "".join(f"      - [{n}..{n + 1}, {n}元]\n" for n in range(9))
PROVISIONS = "".join(
    f"  - id: s{n}\n    layer: basic\n    fund_share: '{n}%'\n" if n % 2
    else f"  # the {n}th\n  - {{id: s{n}, layer: basic, fund_share: {n}%}}\n" for n in range(12)
)  # fmt: skip
FILE = f"""ruleset: long
title: "two
  lines"
parameters:
{PARAMETERS}tables:
  t:
    keys: [age]
    columns: [c]
    rows:
{ROWS}provisions:
{PROVISIONS}"""


def said(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a text, read as rule files are."""
    try:
        read_text(text, "long")
    except RuleError as error:
        return error.diagnostics
    return ()


def whole(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a text, all of it read by PyYAML."""
    try:
        compose(page_of_text(text, "long"))
    except RuleError as error:
        return error.diagnostics
    return ()


@pytest.mark.parametrize(
    ("before", "wrong", "codes"),
    [
        ("provisions:", "parameters: {}\n", ["E131"]),
        ("tables:", "  p5: 7元\n  p6: 8元\n", ["E131", "E131"]),
        ("provisions:", "      - [1, &x 2]\n      - [!y 1, 2]\n", ["E122", "E121"]),
        ("", "  - {id: s20, layer: basic, fund_share: [1%, 2%\n", ["E152"]),
        ("", "  - id: s21\n   layer: basic\n", ["E151"]),
        ("", "  - id: s22\n    title: 'not closed\n", ["E153"]),
    ],
)
def test_a_fault_behind_much_that_is_right(before: str, wrong: str, codes: list[str]) -> None:
    head, mark, tail = FILE.partition(before) if before else (FILE, "", "")
    text = head + wrong + mark + tail
    assert said(text) == whole(text)
    assert [d.code for d in said(text)] == codes


@pytest.mark.parametrize("seed", range(120))
def test_a_file_with_a_slip_of_the_pen(seed: int) -> None:
    rng = Random(seed)
    text = FILE
    for _ in range(rng.choice((1, 1, 2))):
        at = rng.randrange(len(text))
        slip = rng.choice(("", "", *"'\"[]{}:-,#&*!|>% \n?"))
        text = text[:at] + slip + text[at + rng.choice((0, 1)) :]
    assert said(text) == whole(text)


LINES = tuple(f"{name}: 1" for name in "abcdef")


@dataclass(frozen=True)
class At:
    """A place as PyYAML counts."""

    index: int
    line: int
    column: int


def page(lines: tuple[str, ...]) -> Page:
    return Page("f", "\n".join(lines), lines)


def begun(entries: int) -> list[tuple[Mark, int]]:
    """Where entries begin, of two nodes each, after the node of their mapping."""
    return [(At(5 * at, at, 0), 1 + 2 * at) for at in range(entries)]


def test_the_first_entry_and_the_last_three_stay_where_they_are() -> None:
    """Of six entries `b` and `c` are left out, with their four nodes; neither may stand there once more."""
    keys = {line[0]: Span("f", at + 1, 1, 1) for at, line in enumerate(LINES)}
    left = shortened(page(LINES), [Block(keys, begun(6))])
    assert left.page.text.split("\n") == ["a: 1", "", "", "d: 1", "e: 1", "f: 1"]
    assert left.nodes == 4
    assert {place: set(found) for place, found in left.keys.items()} == {(0, 0): {"b", "c"}}


def test_a_few_entries_are_read_again_whole() -> None:
    left = shortened(page(LINES[:4]), [Block({}, begun(4))])
    assert (left.page.text.split("\n"), left.nodes, left.keys) == (list(LINES[:4]), 0, {})
