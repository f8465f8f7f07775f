"""The cookbook: every recipe is a rule set without a fault, and every claim of it comes out as the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from policyengine.casebook import read_cases, run_case
from policyengine.loading import load
from tests.docs.truth import text_of
from tools.pages import blocks

PAGE = text_of("docs/cookbook.md")
FEWEST = 45


@dataclass(frozen=True)
class Recipe:
    sentence: str
    rules: str
    claims: str


def one(kind: str) -> str:
    return next(block.text for block in blocks(PAGE) if block.words == kind)


def recipes() -> Iterator[Recipe]:
    for section in PAGE.split("\n### ")[1:]:
        found = {block.words: block.text for block in blocks(section)}
        yield Recipe(section.partition("\n")[0], found["rules"], found["claims"])


def sections(text: str) -> dict[str, str]:
    """The top-level sections of a rule file, each with its lines."""
    parts = re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE)
    return {part.partition(":")[0]: part for part in parts if part.strip()}


def whole(name: str, rules: str) -> str:
    """A recipe with the file that stands around it; one that extends another has layers and parts of its parent."""
    own = sections(rules)
    around = {} if "extends" in own else sections(one("base"))
    return "".join({"ruleset": f"ruleset: {name}\n", **around, **own}.values())


def written(folder: Path, name: str, rules: str) -> Path:
    place = folder / name
    (place / "cases").mkdir(parents=True)
    (place / "ruleset.yaml").write_text(whole(name, rules), encoding="utf-8")
    return place


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


@pytest.mark.parametrize("recipe", list(recipes()), ids=lambda recipe: recipe.sentence[:40])
def test_the_recipe_comes_out_as_the_page_says(recipe: Recipe, tmp_path: Path) -> None:
    written(tmp_path, "city", one("rules city"))
    place = written(tmp_path, "recipe", recipe.rules)
    case = "given:\n" + indented(one("given"), 2) + "cases:\n- id: recipe\n  source: the page\n  claims:\n"
    (place / "cases" / "recipe.yaml").write_text(case + indented(recipe.claims, 2), encoding="utf-8")
    outcomes = [run_case(load(place), case) for case in read_cases(place / "cases" / "recipe.yaml")]
    assert [outcome.render() for outcome in outcomes if not outcome.passed] == []


def test_there_are_enough_of_them() -> None:
    assert len(list(recipes())) >= FEWEST


def test_every_sentence_stands_once() -> None:
    names = [recipe.sentence for recipe in recipes()]
    assert len(names) == len(set(names))
