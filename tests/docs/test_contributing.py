"""CONTRIBUTING.md: what it quotes stands in the files it quotes, what it names is there, its mechanism works."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.truth import assert_true, text_of
from tests.house.files import ROOT
from tools.pages import blocks

PAGE = text_of("CONTRIBUTING.md")
QUOTED = [block for block in blocks(PAGE) if block.words.startswith("from ")]
MADE_HERE = {block.words for block in blocks(PAGE) if "/" in block.words and block.language in ("python", "yaml")}
NAMED = {name for name in re.findall(r"`([\w./-]+/[\w./-]*)`", PAGE) if not name.startswith("cn/")}


@pytest.mark.parametrize("block", QUOTED, ids=lambda block: f"line {block.line}")
def test_what_is_quoted_stands_in_the_file(block: object) -> None:
    assert block.text in text_of(block.words.removeprefix("from "))  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_what_is_named_is_there(name: str) -> None:
    assert (ROOT / name).exists() or name in MADE_HERE or name.startswith(".venv/")


@pytest.mark.parametrize("target", re.findall(r"`make (\w+)`", PAGE))
def test_every_target_is_in_the_makefile(target: str) -> None:
    assert re.search(rf"^{target}:", text_of("Makefile"), re.MULTILINE)


def test_every_folder_of_tests_is_told() -> None:
    folders = {p.name for p in (ROOT / "tests").iterdir() if (p / "__init__.py").is_file()}
    untold = sorted(name for name in folders if f"`tests/{name}/`" not in PAGE)
    assert untold == [], "say in CONTRIBUTING.md what they hold to"


def test_the_mechanism_works_in_a_copy_of_the_library(tmp_path: Path) -> None:
    assert_true("CONTRIBUTING.md", tmp_path)
    shutil.copytree(
        ROOT / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True
    )
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    chosen = "-p no:cacheprovider -vv -k 'not on_many and (reference or schema or minimum)'"
    following = "tests/house/test_reference.py tests/report/test_schema.py tests/agreement/test_back_ends.py"
    command = [sys.executable, "-m", "pytest", *shlex.split(f"{chosen} {following}")]
    ran = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "test_evaluator_compiled_and_columns_agree[examples/minimum] PASSED" in ran.stdout
