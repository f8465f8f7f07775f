"""Amounts of settlements by the names of their steps: of one settlement as integers, of thousands as arrays.

A law is arithmetic on such amounts, so that it is stated once and holds for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from policyengine import ir
from policyengine.settlement import Settlement


class Amounts(Protocol):
    """What was settled. Money is in minor units; values are integers and flags, or arrays of them, one a claim."""

    @property
    def program(self) -> ir.Program:
        """The program that settled."""

    def __getitem__(self, step: str) -> Any:
        """The value of a step of the whole claim."""

    def used(self, meter: str) -> Any:
        """What a meter held before."""


@dataclass(frozen=True, slots=True)
class OfSettlement:
    """The amounts of one settlement."""

    settlement: Settlement

    @property
    def program(self) -> ir.Program:
        return self.settlement.layout.program

    def __getitem__(self, step: str) -> Any:
        return self.settlement.values[self.settlement.layout.index[step]]

    def used(self, meter: str) -> Any:
        return self.settlement.origin.facts().used[meter]


@dataclass(frozen=True, slots=True)
class Measured:
    """By how much a law is overstepped, in minor units; nothing or less where it holds. An integer, or an array."""

    what: str
    minor: Any


def borne(amounts: Amounts, payer: ir.PayerShare) -> Any:
    """What a payer bears."""
    return sum(amounts[step] for step in payer.steps)
