"""What is printed reads as what was printed: every bundled file, and files drawn from the whole grammar."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings

from policyengine import bundled_names, load
from policyengine.assemble import read
from policyengine.errors import RuleError
from policyengine.inherit import resolve_own
from policyengine.lower import lower
from policyengine.parse import parse
from policyengine.printing import print_ruleset
from policyengine.printing.compare import different
from policyengine.printing.flat import self_contained
from policyengine.printing.layout import Branch, laid_out
from policyengine.rulebook import locate
from policyengine.ruleset import Ruleset
from policyengine.source import read_file, read_text
from policyengine.testing import drawn_file, rule_files


def reread(ruleset: Ruleset) -> Ruleset:
    return parse(read_text(print_ruleset(ruleset), "printed"), ruleset.name)


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_file_reads_as_it_was(name: str) -> None:
    place = locate(name)
    ruleset = parse(read_file(place.file, place.shown), name)
    assert list(different(reread(ruleset), ruleset)) == []


@pytest.mark.parametrize("name", bundled_names())
def test_a_flattened_law_reads_as_it_was(name: str) -> None:
    flat = self_contained(read(locate(name)))
    assert list(different(reread(flat), flat)) == []


COUNTIES = ("raohe", "jixian", "youyi", "baoqing")


@pytest.mark.parametrize("county", COUNTIES)
def test_the_flattened_law_is_the_same_law(county: str, tmp_path: Path) -> None:
    """A county's file with everything that it extends, as one file, comes to the same programs to the letter."""
    name = f"cn/heilongjiang/shuangyashan/{county}"
    file = tmp_path / "flat.yaml"
    file.write_text(print_ruleset(self_contained(read(locate(name)))), encoding="utf-8")
    alone, with_parents = load(file), load(name)
    assert len(alone.files) == 1
    assert len(with_parents.files) == 3
    assert alone.programs == with_parents.programs


def holds(tree: Branch) -> bool:
    """A drawn file is legal, its print reads as the file, and lowering it succeeds or names the places of what is
    wrong. Whether it succeeded."""
    drawn = parse(read_text(laid_out(tree), "drawn"), "drawn")
    assert list(different(reread(drawn), drawn)) == [], print_ruleset(drawn)
    try:
        lower(resolve_own(drawn), (None, None))
    except RuleError as error:
        found = error.diagnostics
    else:
        return True
    assert all(d.span is not None and d.span.file == "drawn" for d in found)
    return False


@settings(max_examples=20)
@given(rule_files())
def test_a_drawn_file_reads_as_it_was(tree: Branch) -> None:
    holds(tree)


@pytest.mark.agree
def test_many_drawn_files_read_as_they_were() -> None:
    """Drawn from seeds, which is faster; about half of them can be lowered."""
    assert sum(holds(drawn_file(Random(seed))) for seed in range(3_000)) > 1_000
