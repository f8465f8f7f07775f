"""What the driver sends to the executors: the rule set by its content, sealed, and what is to be done with it.

An executor computes with exactly the programs of the driver, by the same library, or not at all.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import policyengine
from policyengine.bulk import ColumnMap
from policyengine.cache import sources_digest
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Bulk, Openings
from policyengine.rulebook import Rulebook, from_written, written


@dataclass(frozen=True, slots=True)
class Order:
    """How claims are read and settled. ``names``: of the columns, in the order in which they arrive; ``units``: of
    those that state one. ``keep``: the columns that are handed on, the id of the claim first. ``homes``: the column
    with the number of the partition in which a claim belongs. ``moved``: that with whether its person has claims in
    another household, if that matters. ``openings``: what members begin with."""

    names: tuple[str, ...]
    keep: tuple[str, ...]
    homes: str
    moved: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    mapping: ColumnMap | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    known_on: date | None = None
    allow_draft: bool = False
    openings: Openings | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """``rules``: the programs as text, ``seal``: its SHA-256. ``order``: pickled. ``library``: the digest of
    its source files."""

    rules: str
    seal: str
    order: bytes
    library: str


@dataclass(frozen=True, slots=True)
class Work:
    """A shipment as an executor has opened it."""

    bulk: Bulk
    order: Order

    @property
    def book(self) -> Rulebook:
        return self.bulk.book


def shipped(book: Rulebook, order: Order) -> Shipment:
    """A rule set and an order, ready to be sent."""
    rules = written(book)
    return Shipment(rules, _seal(rules), pickle.dumps(order), sources_digest())


def opened(shipment: Shipment) -> Work:
    """What was sent; opened once by each process. Raises ``ClaimError`` where it is not what the driver has."""
    if shipment.library != sources_digest():
        text = "the library of this executor is not that of the driver"
        raise _different(text, f"install version {policyengine.__version__}, the same files, on every machine")
    if _seal(shipment.rules) != shipment.seal:
        raise _different("the rule set that arrived is not the one that was sent", "start the job again")
    return _opened(shipment)


def _different(text: str, hint: str) -> ClaimError:
    return ClaimError(
        Diagnostic("E770", text, None, "the rule set and the library of the driver", hint, record="Spark")
    )


@lru_cache(maxsize=8)
def _opened(shipment: Shipment) -> Work:
    order: Order = pickle.loads(shipment.order)  # noqa: S301 - what Spark runs here at all comes from the driver
    book = from_written(shipment.rules)
    return Work(bulk_of(book, order), order)


def bulk_of(book: Rulebook, order: Order) -> Bulk:
    """The rule set ready for batches. Raises ``RuleError`` and ``ClaimError``."""
    return Bulk(
        book, order.parameters, order.known_on, order.allow_draft, order.only, openings=order.openings
    )  # fmt: skip


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
