"""What a law is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policyengine import ir
from policyengine.claim import Claim
from policyengine.engine import Parameters
from policyengine.laws.amounts import Amounts, Measured
from policyengine.laws.exempt import Exempt
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

Exceptions = Callable[[ir.Program], Iterator[Exempt]]


def none(_: ir.Program) -> Iterator[Exempt]:
    """A law without exceptions."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Law:
    """A law of one settlement: by how much its amounts overstep it, nothing or less if it holds."""

    id: str
    zh: str
    en: str
    excess: Callable[[Amounts], Iterator[Measured]]


@dataclass(frozen=True, slots=True)
class DocumentLaw:
    """A law of what is read off one settlement: what is wrong, empty if it holds."""

    id: str
    zh: str
    en: str
    wrong: Callable[[Settlement], str]


@dataclass(frozen=True, slots=True)
class ChangeLaw:
    """A law of two settlements that differ in one thing.

    ``excess``: by how much the second oversteps what the first allows; its third argument is by how much the bill is
    larger. ``rounds``: whether roundings may part the two (see ``rounding.bound``), else they may not differ at all.
    ``exceptions``: where it does not hold in a program.
    """

    id: str
    zh: str
    en: str
    excess: Callable[[Amounts, Amounts, Any], Iterator[Measured]]
    rounds: bool
    exceptions: Exceptions


@dataclass(frozen=True, slots=True)
class LifeLaw:
    """A law of a member's claims in their order: what is wrong, empty if it holds."""

    id: str
    zh: str
    en: str
    wrong: Callable[[Rulebook, Sequence[Claim], Parameters], str]
