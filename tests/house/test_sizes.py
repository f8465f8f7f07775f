"""Small files, small functions: what outgrows them is split by meaning."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.files import python_files, shown, tree_of

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


@pytest.mark.parametrize("path", python_files(), ids=shown)
def test_no_file_is_longer_than_400_lines_and_no_function_longer_than_60(path: Path) -> None:
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_FILE, f"{shown(path)} has {length} lines; split it by meaning"
    functions = (n for n in ast.walk(tree_of(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    long = {f.name: size for f in functions if (size := (f.end_lineno or f.lineno) - f.lineno + 1) > LONGEST_FUNCTION}
    assert not long, f"functions of {shown(path)} that are too long: {long}"
