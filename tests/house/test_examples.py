"""The examples of the codes about rule files, run: the bad one is answered as the code says, the good one is fine."""

from __future__ import annotations

import pytest

from policyengine.codes import CODES, SAID
from tools.examples import messages, rule_codes, told

TOO_LONG = {"E351", "E491"}
"""Codes whose example would be ten thousand provisions, or a hundred levels."""

ON_REQUEST = {"W433", "W434", "W435", "W436", "W437"}
"""Codes of ``check --order`` and ``check --sources``; ``test_orders.py`` and ``test_check_sources.py`` run them."""


@pytest.mark.parametrize("code", rule_codes())
def test_the_bad_example_is_answered_with_its_code(code: str) -> None:
    said = [d.message for d in told(CODES[code].bad) if d.code == code]
    assert said, f"{code}: {[(d.code, d.message) for d in told(CODES[code].bad)]}"
    assert said[0] == SAID.get(code), "run `make docs`"


@pytest.mark.parametrize("code", rule_codes())
def test_the_good_example_is_fine(code: str) -> None:
    found = [(d.code, d.message) for d in told(CODES[code].good)]
    assert [one for one in found if one[0].startswith("E") or one[0] == code] == []


def test_every_code_about_rule_files_has_both_examples() -> None:
    without = {c for c, about in CODES.items() if c[:2] in ("E3", "E4", "W4") and not (about.bad and about.good)}
    assert without == TOO_LONG | ON_REQUEST


def test_no_message_is_left_over() -> None:
    assert set(SAID) <= set(rule_codes())
    assert set(messages()) == set(SAID), "run `make docs`"
