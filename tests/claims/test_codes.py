"""The examples in the table of codes: the bad one brings up its code, the good one does not."""

from __future__ import annotations

import json

import pytest

from policyengine.claim import Claim
from policyengine.codes import CODES
from policyengine.errors import ClaimError
from tests.claims.support import merged

PLAIN = {
    "id": "c-17", "person": {"id": "p-17"}, "encounter": {"care_type": "inpatient"},
    "lines": [{"category": "bed", "amount": "5"}],
}  # fmt: skip
EXPLAINED = sorted(code for code in CODES if "E501" <= code <= "E525" and CODES[code].bad)


def codes_of(example: str, alone: bool) -> set[str]:
    """The codes that a claim brings up; an example is laid over a plain claim unless it stands alone."""
    try:
        Claim.model_validate_json(example if alone else json.dumps(merged(PLAIN, json.loads(example))))
    except ClaimError as error:
        return {d.code for d in error.diagnostics}
    return set()


@pytest.mark.parametrize("code", EXPLAINED)
def test_examples(code: str) -> None:
    bad, good = CODES[code].bad, CODES[code].good
    if code == "E506":
        assert codes_of(json.dumps(PLAIN | json.loads(bad)), alone=True) == {code}
        assert codes_of(json.dumps(PLAIN | json.loads(good)), alone=True) == set()
        return
    alone = code < "E506"
    assert codes_of(bad, alone) == {code}
    allowed = {"E506", "E508"} if alone else {"E513"} if code in ("E507", "E509", "E510", "E512") else set()
    assert codes_of(good, alone) <= allowed


def test_every_code_of_the_reader_has_examples() -> None:
    assert [c for c in EXPLAINED if CODES[c].good] == EXPLAINED
    assert len(EXPLAINED) == 23
