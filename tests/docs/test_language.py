"""The page about the rule language: its files run, its figures hold, it speaks of every mechanism and every section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policyengine.mechanisms import ALL
from policyengine.parse import HEAD, LISTS
from policyengine.parse.provisions import NOTES, layer_fields
from policyengine.parse.sections import SECTIONS
from policyengine.parse.windows import PREDEFINED
from tests.docs.truth import assert_arithmetic, assert_true, found_in, text_of
from tools.pages import blocks

PAGE = text_of("docs/language.md")
FILES = {block.words: block.text for block in blocks(PAGE) if block.words.endswith("ruleset.yaml")}


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true("docs/language.md", tmp_path, shell=False)


def test_the_arithmetic_of_the_page_holds() -> None:
    assert_arithmetic("docs/language.md", at_least=40)


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_wrong_with_an_example_but_that_nobody_is_cited(name: str, tmp_path: Path) -> None:
    assert [d.render() for d in found_in(FILES, name, tmp_path) if d.code != "W411"] == []


def test_every_mechanism_is_used_and_linked() -> None:
    used = "\n".join(FILES.values())
    missing = [
        m.key for m in ALL if f"{m.key}:" not in used or f"](reference/mechanisms.md#{m.key}) ({m.zh})" not in PAGE
    ]
    assert missing == []


def test_every_section_and_key_of_the_head_is_spoken_of() -> None:
    keys = {*SECTIONS, *HEAD, *LISTS, *(note.name for note in NOTES), *(window.name for window in PREDEFINED)}
    layer = {field.name for field in layer_fields("CNY")} - {"id", "label", "cite", "assumed"}
    assert sorted(key for key in keys | layer if not re.search(rf"\b{key}\b", PAGE)) == []
