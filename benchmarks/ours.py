"""This library, each way of calling it that is measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.bills import Bill
from policyengine import Claim, load, settle, settle_many

POLICY = Path(__file__).parent / "policy"


class Ours:
    def __init__(self) -> None:
        self.book = load(POLICY)

    def settle(self, claims: list[Claim]) -> None:
        book = self.book
        for claim in claims:
            settle(book, claim)

    def settle_worded(self, claims: list[Claim]) -> None:
        """Settle, and read every step in words."""
        book = self.book
        for claim in claims:
            settle(book, claim).trace  # noqa: B018 -- the words are made when they are read

    def settle_many(self, claims: list[Claim]) -> None:
        for _ in settle_many(self.book, claims):
            pass

    def read_and_settle(self, texts: list[str]) -> None:
        """From the JSON text of a claim to its settlement."""
        book = self.book
        for text in texts:
            settle(book, Claim.model_validate_json(text))

    def answers(self, claims: list[Claim]) -> list[tuple[int, int]]:
        """What fund and patient bear of each bill, settled one by one; many at once must say the same."""
        splits = [settle(self.book, claim).split_minor for claim in claims]
        assert splits == [s.split_minor for s in settle_many(self.book, claims)]
        return [(s["pooled_fund"], s["patient"]) for s in splits]


def claim_data(bill: Bill) -> dict[str, Any]:
    whole, coins = divmod(bill.amount, 100)
    return {
        "id": f"c{bill.number}",
        "person": {"id": f"p{bill.number}", "tags": ["registered_poor"] if bill.poor else []},
        "encounter": {
            "care_type": "inpatient",
            "discharge_date": "2024-05-01",
            "hospital": {"level": bill.level},
        },
        "lines": [{"category": "treatment", "catalogue_class": "a", "amount": f"{whole}.{coins:02d}"}],
    }


def claim_text(bill: Bill) -> str:
    return json.dumps(claim_data(bill))
