"""The course of a stay, its ledger, and the store that keeps both: who owes, who advanced, who paid, event by event.

    from policyengine.cases import open_store
    store = open_store("cases.db")
    store.run({"id": "k1", "case": "s1", "kind": "open", …})

Needs the extra ``cases`` (SQLAlchemy); what is pure (``course``, ``ledger``, ``state``) does not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policyengine.cases.store import Result, Store, open_store

__all__ = ["Result", "Store", "open_store"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'policyengine.cases' has no attribute {name!r}")
    return getattr(import_module("policyengine.cases.store"), name)
