"""Limits of a rule file, at the limit and one beyond."""

from __future__ import annotations

import pytest

from policyengine import RuleError
from policyengine.parse import MOST_ITEMS, parse
from policyengine.source import read_text


def text(count: int) -> str:
    provisions = "".join(f"- {{id: p{i}, define: 1}}\n" for i in range(count))
    return f"ruleset: big\nprovisions:\n{provisions}"


def test_ten_thousand_provisions_are_read() -> None:
    assert len(parse(read_text(text(MOST_ITEMS), "big"), "big").provisions) == MOST_ITEMS == 10_000


def test_one_more_is_refused_at_its_place() -> None:
    with pytest.raises(RuleError, match="there are 10,001 entries") as caught:
        parse(read_text(text(MOST_ITEMS + 1), "big"), "big")
    found = caught.value.diagnostics[0]
    assert (found.code, found.span.line if found.span else 0) == ("E351", 3)
