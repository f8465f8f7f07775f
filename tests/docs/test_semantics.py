"""The page about meaning: its figures hold, its windows end on the days it says, its bounds are where it says."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, History, load, settle
from policyengine.codes import CODES
from policyengine.parse.windows import PREDEFINED
from tests.docs.truth import assert_arithmetic, assert_true, found_in, text_of
from tools.pages import blocks

PAGE = text_of("docs/semantics.md")
FILES = {block.words: block.text for block in blocks(PAGE) if block.words.endswith("ruleset.yaml")}
HELD = re.compile(r"^\| `(\w+)` \|[^|]*\| ([\d-]{10}) \| ([\d-]{10}) \|$", re.MULTILINE)
FIRST = "2024-02-29", "2024-12-30"
WINDOWS = [(name, *days) for name, *lasts in HELD.findall(PAGE) for days in zip(FIRST, lasts, strict=True)]
ONE = timedelta(days=1)


def dated(day: str) -> dict[str, str]:
    return {"care_type": "outpatient", "discharge_date": day}


CLAIM: dict[str, Any] = {
    "id": "c1", "person": {"id": "p1"}, "encounter": dated("2024-03-09"),
    "lines": [{"category": "lab", "amount": "1.00"}],
}  # fmt: skip


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true("docs/semantics.md", tmp_path, shell=False)


def test_the_arithmetic_of_the_page_holds() -> None:
    assert_arithmetic("docs/semantics.md", at_least=40)


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_wrong_with_an_example_but_that_nobody_is_cited(name: str, tmp_path: Path) -> None:
    """One file shows the trap that W438 warns of."""
    found = [d for d in found_in(FILES, name, tmp_path) if d.code not in ("W411", "W410")]
    assert [d.code for d in found] == (["W438"] if name == "one_layer/ruleset.yaml" else []), found


def windows_file(folder: Path, window: str) -> Path:
    """The windows of the page, with one meter that counts claims in ``window``."""
    declared = re.search(r"^windows:\n(?:  .*\n)+", FILES["windows/ruleset.yaml"], re.MULTILINE)
    assert declared is not None
    text = f"""ruleset: held
facts: {{enrolled_on: {{type: date}}}}
{declared[0]}meters: {{claims: {{counts: 1, in: {window}}}}}
parts: [in_scope]
layers: [{{id: basic, payer: pooled_fund, on: in_scope, when: used(claims) >= 1}}]
provisions: [{{id: share, layer: basic, fund_share: 100%}}]
"""
    (folder / "ruleset.yaml").write_text(text, encoding="utf-8")
    return folder


def on(day: date, number: int) -> Claim:
    enrolled = {"facts": {"enrolled_on": "2020-02-29"}}
    return Claim.model_validate(CLAIM | enrolled | {"id": f"c{number}", "encounter": dated(day.isoformat())})


@pytest.mark.parametrize(("window", "first", "last"), WINDOWS)
def test_a_claim_is_held_up_to_that_day(window: str, first: str, last: str, tmp_path: Path) -> None:
    book, day, end = load(windows_file(tmp_path, window)), date.fromisoformat(first), date.fromisoformat(last)
    history = settle(book, on(day, 1)).history
    days = [day + ONE * n for n in range((end - day).days + 400)]
    held = [each for each in days if settle(book, on(each, 2), history).split["pooled_fund"]]
    assert (held[0], held[-1], len(held)) == (day, end, (end - day).days + 1)


def test_a_year_back_is_held_for_one_year(tmp_path: Path) -> None:
    book = load(windows_file(tmp_path, "year_before"))
    history = settle(book, on(date(2024, 2, 29), 1)).history
    days = [date(2024, 2, 29) + ONE * n for n in range(1000)]
    held = [each for each in days if settle(book, on(each, 2), history).split["pooled_fund"]]
    assert (held[0], held[-1], len(held)) == (date(2025, 1, 1), date(2025, 12, 31), 365)


def test_every_window_of_a_file_and_every_known_one_is_told() -> None:
    told = {name for name, *_ in HELD.findall(PAGE)}
    windows = FILES["windows/ruleset.yaml"].partition("windows:\n")[2].partition("meters:")[0]
    declared = set(re.findall(r"^  (\w+): {", windows, re.MULTILINE))
    known = {window.name for window in PREDEFINED}
    assert (declared | known) - told == {"visit", "lifetime", "year_before"}


def line(**fields: object) -> dict[str, Any]:
    return CLAIM | {"lines": [{"category": "lab", "amount": "1.00", **fields}]}


@pytest.mark.parametrize(("largest", "above", "code"), [
    (line(amount="1000000000.00"), line(amount="1000000000.01"), "E512"),
    (line(amount="0.01"), line(amount="0.001"), "E510"),
    (CLAIM | {"lines": CLAIM["lines"] * 10_000}, CLAIM | {"lines": CLAIM["lines"] * 10_001}, "E523"),
    (line(quantity=10**6), line(quantity=10**6 + 1), "E522"),
    (line(first_share_rate="0.000001"), line(first_share_rate="0.0000001"), "E521"),
    (line(first_share_rate="1"), line(first_share_rate="1.000001"), "E521"),
    (CLAIM | {"encounter": dated("2199-12-31")}, CLAIM | {"encounter": dated("2200-01-01")}, "E515"),
    (line(name="x" * 200), line(name="x" * 201), "E517"),
])  # fmt: skip
def test_a_bound_is_where_the_page_says(largest: dict[str, Any], above: dict[str, Any], code: str) -> None:
    assert code in PAGE.split("## Bounds")[1]
    Claim.model_validate(largest)
    with pytest.raises(ClaimError, match=code):
        Claim.model_validate(above)


def test_an_accumulator_holds_so_much() -> None:
    row = {"meter": "m", "scope": {"person_id": "p1"}, "window": "2024", "kind": "money", "value": "99999999999.99"}
    History.model_validate({"accumulators": [row]})
    with pytest.raises(ClaimError, match="E555"):
        History.model_validate({"accumulators": [row | {"value": "100000000000.00"}]})


def test_every_code_of_the_page_is_one() -> None:
    named = set(re.findall(r"\b[EW]\d{3}\b", PAGE))
    assert named - set(CODES) == set()
