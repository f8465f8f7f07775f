"""Holding a page against what really comes of it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from policyengine.assemble import epochs, read
from policyengine.check import findings
from policyengine.errors import Diagnostic
from policyengine.lower import lower
from policyengine.rulebook import locate
from tests.docs.arithmetic import by_hand, wrong_in
from tests.house.files import ROOT
from tools.pages import furnish, tried


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def found_in(files: Mapping[str, str], name: str, folder: Path) -> list[Diagnostic]:
    """What ``check`` says of one of the rule files of a page, which stand together in a folder; notes are left out."""
    for file, text in files.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    ruleset = read(locate(folder / name))
    found = findings(ruleset, tuple(lower(ruleset, epoch) for epoch in epochs(ruleset)))
    return [d for d in found if d.severity != "note"]


def assert_true(name: str, folder: Path, *, shell: bool = True) -> None:
    """Every output that the page shows is the output."""
    page = text_of(name)
    furnish(name, folder)
    new = tried(page, folder, shell=shell)
    difference = difflib.unified_diff(
        page.splitlines(), new.splitlines(), f"{name} as it is", "as it should be", "", "", 2, ""
    )
    assert new == page, f"{name} is out of date: run `make docs`, and read what changes\n" + "\n".join(difference)


def assert_arithmetic(name: str, at_least: int) -> None:
    """Every line of arithmetic holds and leads to what the page shows."""
    found = by_hand(text_of(name))
    assert sum(block.text.count("\n") for block, _ in found) >= at_least
    assert [f"line {block.line}: {wrong}" for block, shown in found for wrong in wrong_in(block, shown)] == []
