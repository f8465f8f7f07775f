"""What a case file holds, read and typed: claims that are settled in order, and what is expected of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from policyengine.claim import Claim, History
from policyengine.errors import RuleError, Span
from policyengine.runs import RunRow, Standing


@dataclass(frozen=True, slots=True)
class Amount:
    """An expected amount in whole currency units, with its place."""

    value: Decimal
    span: Span


@dataclass(frozen=True, slots=True)
class Wording:
    """Expected words: a step as the trace prints it (a list for a step of the fee lines), a national field."""

    value: str | tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Paid:
    """An expected payment. ``why`` is compared only if it is stated."""

    payer: str
    payee: str
    amount: Amount
    when: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The claim must be refused with this code; the message holds ``part``."""

    code: str
    part: str
    span: Span


@dataclass(frozen=True, slots=True)
class Expected:
    """What one claim must come to. ``None``: the case says nothing about it.

    ``split``, ``patient`` and ``grants`` are exact: what is not named is nothing.
    """

    span: Span
    split: Mapping[str, Amount] | None = None
    patient: Mapping[str, Amount] | None = None
    national: Mapping[str, Wording] | None = None
    steps: Mapping[str, Wording] | None = None
    grants: Mapping[str, Amount] | None = None
    payments: tuple[Paid, ...] | None = None
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One claim of a case and what is expected of it. ``claim`` is an error where the case expects it to be refused.

    ``tree``: the claim as written, with everything that was given merged in; nodes know their places.
    """

    claim: Claim | RuleError
    expected: Expected | None
    tree: Any
    span: Span


@dataclass(frozen=True, slots=True)
class Unit:
    """A member, a household or the population that a run settles, and what its settlement must come to."""

    of: str
    expected: Expected
    span: Span


@dataclass(frozen=True, slots=True)
class Sought:
    """The highest value of a parameter that a surplus must be found to afford."""

    parameter: str
    surplus: str
    value: str
    span: Span
    payer: str | None = None
    grain: str | None = None
    spent: Amount | None = None
    above: Amount | None = None


@dataclass(frozen=True, slots=True)
class RunCase:
    """A run of a case: claims that ``base`` settles first (by default the rule set that the run names), or rows."""

    base: str
    parameters: Mapping[str, str]
    claims: tuple[Claim, ...]
    rows: tuple[RunRow, ...]
    people: tuple[Standing, ...]
    window: str | None
    units: tuple[Unit, ...]
    sought: Sought | None
    refused: Refusal | None
    span: Span


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example: claims in their order (``turns``), or a run. ``source``: who states the expected figures.
    ``known_on``: as which day's rules were known."""

    id: str
    source: str
    span: Span
    turns: tuple[Turn, ...]
    title: Mapping[str, str]
    parameters: Mapping[str, str]
    history: History | None = None
    known_on: date | None = None
    run: RunCase | None = None
