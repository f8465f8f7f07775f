"""The project speaks of itself alone: no traces of how or where it was written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.files import ROOT, shown, tracked

BANNED = {
    "a word about the making of the project": r"\b(sessions?|prompts?|subagents?|chatbots?|language models?|LLMs?)\b",
    "the number of an issue": r"\b(issues?|PR|pull request)\s*#?\d+|(?:^|[\s(])#\d+\b(?!\s*[;\"'])",
    "a path of one machine": r"(?<![\w./])/(work|tmp|home|root|Users|opt)/",
    "the host of a registry": r"\b(pypi\.org|pythonhosted\.org|npmjs\.(org|com)|crates\.io|proxy\.golang\.org)\b",
    "an unfinished place": r"\b(TODO|FIXME|XXX)\b",
}
TEXTS = {".py", ".c", ".expect", ".md", ".yaml", ".yml", ".toml", ".json", ".txt", ".csv", ".html", ".css", ".cfg", ""}


def banned_in(text: str) -> list[str]:
    return [
        f"line {number}: {what}: {found[0].strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in BANNED.items()
        if (found := re.search(pattern, line, re.IGNORECASE if what.startswith("a word") else 0))
    ]


@pytest.mark.parametrize("path", [p for p in tracked() if p != Path(__file__) and p.suffix in TEXTS], ids=shown)
def test_a_file_speaks_of_the_project_alone(path: Path) -> None:
    assert banned_in(path.read_text(encoding="utf-8", errors="replace")) == []


def test_every_text_file_is_looked_at() -> None:
    others = {p.suffix for p in tracked()} - TEXTS
    assert others <= {".png", ".svg", ".xlsx", ".parquet", ".typed"}, "say whether these suffixes hold text"


@pytest.mark.parametrize(
    "text",
    ["in this Session we", "the prompt says", "see issue #12", "fixes (#3)", "/tmp/x", "at /work/main", "# TODO"],
)
def test_a_banned_word_is_noticed(text: str) -> None:
    assert banned_in(text)


@pytest.mark.parametrize("text", ["color: #333;", "# 12 things", "obsession", "promptly", "a/work/b", "C#2"])
def test_harmless_words_are_left_alone(text: str) -> None:
    assert banned_in(text) == []


def test_the_repository_is_where_it_seems() -> None:
    assert (ROOT / "pyproject.toml") in tracked()
