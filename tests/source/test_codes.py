"""The codes of reading are described, and their examples are what they say."""

import re
from pathlib import Path

import pytest

from policyengine.codes import CODES
from tests.source.support import read, refusals

READING = [code for code in CODES if code.startswith("E1")]
SOURCE = Path(__file__).parents[2] / "policyengine" / "source"


@pytest.mark.parametrize("code", [code for code in READING if CODES[code].bad])
def test_examples(code: str) -> None:
    assert [finding.code for finding in refusals(CODES[code].bad)] == [code]
    read(CODES[code].good)


def test_every_code_that_is_used_is_described() -> None:
    used = {
        code for path in SOURCE.glob("*.py") for code in re.findall(r'"(E\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert used == set(READING)


def test_every_code_with_an_example_has_its_cure_as_one() -> None:
    assert [code for code in READING if bool(CODES[code].bad) != bool(CODES[code].good)] == []
