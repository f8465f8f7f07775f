"""The page about synthetic claims: what it shows is what comes of it; what it says of the generator is so."""

from __future__ import annotations

import re
from pathlib import Path

from policyengine.synth import bundled_profiles
from policyengine.synth.draws import KINDS
from policyengine.synth.normal import CELLS
from policyengine.synth.people import BLOCK
from policyengine.synth.writing import FORMATS
from tests.docs.truth import assert_true, text_of

NAME = "docs/synthetic-claims.md"


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true(NAME, tmp_path, shell=False)


def test_the_page_names_every_profile_every_format_and_every_distribution() -> None:
    page = text_of(NAME)
    assert all(f"`{name}`" in page for name in bundled_profiles())
    assert all(f"`{name}`" in page for name in KINDS)
    assert set(re.findall(r"^\| `(\.\w+)` \|", page, re.MULTILINE)) <= set(FORMATS)
    assert f"blocks of {BLOCK:,} people" in page.replace("each block of", "blocks of")
    assert f"has {CELLS} cells" in page
