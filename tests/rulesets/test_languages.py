"""What a bundled rule set of the world assumes, and what would settle it, reads in 中文 and in English."""

from __future__ import annotations

import pytest

from policyengine import terms
from policyengine.assemble import read
from policyengine.report.assumptions import assumptions_of
from policyengine.rulebook import bundled_names, locate


@pytest.mark.parametrize("name", bundled_names())
def test_what_would_settle_it_is_said_in_both_languages(name: str) -> None:
    found = [one.said for one in assumptions_of(read(locate(name))) if terms.MADE_UP.en not in one.said.why]
    missing = [str(said.span) for said in found if said.settled_by and not said.settled_zh]
    assert not missing, "say it in both: settled_by: {zh: …, en: …}"
