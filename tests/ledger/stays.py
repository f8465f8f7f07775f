"""Stays for tests: the commands of a stay in 饶河, whose bill of 20,000 a case of the county splits by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from policyengine.cases.state import Case
from policyengine.errors import CaseError, PolicyError

pytest.importorskip("sqlalchemy")

from policyengine.cases import Result, Store, open_store
from policyengine.cases.store.chain import case_of

RAOHE = "cn/heilongjiang/shuangyashan/raohe"
FUNDS = {"pooled_fund": "10000.00", "critical_illness": "2200.00", "medical_assistance": "3900.00"}
"""Of 20,000 in the county hospital, for the poor: 14,625 cut to 10,000; (10,000 − 6,000) × 55 %; half of 7,800."""
OWN = "3900.00"
DAYS = itertools.count()


def bill(
    claim_id: str, person: str = "p-17", day: str = "2017-06-20", amount: str = "20000.00", **more: Any
) -> dict[str, Any]:
    """A claim of a stay in the county hospital of 饶河."""
    return {
        "id": claim_id,
        "person": {"id": person, "scheme": "ncms", "tags": ["registered_poor"], **more},
        "encounter": {
            "care_type": "inpatient", "discharge_date": day, "area": "within_county",
            "hospital": {"id": "raohe_people_hospital", "level": "secondary", "tier": "county"},
        },
        "lines": [{"category": "treatment", "catalogue_class": "a", "amount": amount}],
    }  # fmt: skip


@dataclass
class Desk:
    """A registrar who hands in commands with ids of their own."""

    store: Store
    ids: Iterator[int] = field(default_factory=itertools.count)

    def __call__(self, case: str, kind: str, day: str = "2017-06-20", *, key: str = "", **said: Any) -> Result:
        return self.store.run(order(key or f"k-{next(self.ids)}", case, kind, day, **said))

    def stay(self, case: str, claim: dict[str, Any], ruleset: str = RAOHE, settle: bool = True) -> None:
        """A stay without deposit until it is settled, or until the discharge."""
        day = claim["encounter"]["discharge_date"]
        self(case, "open", day, person=claim["person"]["id"], ruleset=ruleset)
        self(case, "admit", day, agreement=True)
        self(case, "discharge", day)
        if settle:
            self(case, "settle", day, key=f"settle-{case}", claim=claim)

    def pay_all(self, case: str, day: str = "2017-07-10") -> None:
        """The patient and every fund pay what they owe; the case is closed."""
        state = self.case(case)
        for (party, nature), amount in sorted(state.balances.items()):
            if nature in ("due", "advance"):
                said = {"party": party, "amount": f"{amount // 100}.{amount % 100:02d}"}
                self(case, "pay" if nature == "due" else "repay", day, **said)
        self(case, "close", day)

    def case(self, case: str) -> Case:
        with self.store.reading() as connection:
            found = case_of(connection, case)
        assert found is not None
        return found


def order(key: str, case: str, kind: str, day: str = "2017-06-20", **said: Any) -> dict[str, Any]:
    """A command as plain data."""
    return {"id": key, "case": case, "kind": kind, "on": day, "at": f"{day}T09:00:00+08:00", **said}


@contextmanager
def desk(folder: Path, place: str = "", **options: Any) -> Iterator[Desk]:
    """A registrar with a new store in a folder, or at a place of its own."""
    store = open_store(place or folder / "cases.db", **options)
    try:
        yield Desk(store)
    finally:
        store.close()


def refusal(run: Any, *words: Any, errors: type[PolicyError] = CaseError, **said: Any) -> str:
    """What a refused command is told."""
    with pytest.raises(errors) as caught:
        run(*words, **said)
    return str(caught.value)
