"""The tutorial and the README: what they show is what comes of it, from an empty folder, through the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.truth import assert_arithmetic, assert_true, text_of
from tools.pages import PAGES, blocks, turns


def test_what_the_tutorial_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true("docs/tutorial.md", tmp_path)


def test_the_arithmetic_of_the_tutorial_holds() -> None:
    assert_arithmetic("docs/tutorial.md", at_least=6)


def test_the_tutorial_uses_every_command_of_an_author() -> None:
    commands = " ".join(
        command for block in blocks(text_of("docs/tutorial.md")) if block.language == "console"
        for command, _ in turns(block.text)
    )  # fmt: skip
    for command in ("list", "settle", "check", "explain", "test", "verify"):
        assert f"policyengine {command} " in commands + " ", command


@pytest.mark.parametrize("name", PAGES)
def test_a_command_that_shows_nothing_writes_a_file(name: str) -> None:
    commands = [turn for block in blocks(text_of(name)) if block.language == "console" for turn in turns(block.text)]
    silent = [command for command, output in commands if not output]
    writing = re.compile(r">|sed -i|json\.dump|\bmv\b")
    assert [command for command in silent if not writing.search(command)] == []


def test_what_the_readme_prints_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true("README.md", tmp_path)
