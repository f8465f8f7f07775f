"""Every diagnostic code that the library raises is described, and every described code is raised."""

from __future__ import annotations

import ast
import re

from policyengine.codes import CODES
from tests.house.files import modules, shown, tree_of

CODE = re.compile(r"[EW]\d{3}")


def used_codes() -> dict[str, str]:
    """Every code that stands as a text in the source, with one place of it."""
    found: dict[str, str] = {}
    for module, path in modules().items():
        if module.split(".")[0] == "codes":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.setdefault(node.value, f"{shown(path)}:{node.lineno}")
    return found


def test_every_code_in_use_is_described() -> None:
    used = used_codes()
    assert {code: place for code, place in used.items() if code not in CODES} == {}


def test_every_described_code_is_in_use() -> None:
    assert sorted(CODES.keys() - used_codes().keys()) == []


def test_the_table_is_sorted_and_complete() -> None:
    assert list(CODES) == sorted(CODES)
    for code, about in CODES.items():
        assert CODE.fullmatch(code)
        assert about.title, code
        assert about.cause, code
        assert about.cure, code
