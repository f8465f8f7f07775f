"""What a rule file says of persons rather than of one bill: kinds of evidence, entitlements, audit rules; as
written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.shapes import Word

Dates = tuple[datetime.date | None, datetime.date | None]
Wanted = tuple[tuple[Word, ast.Node | None], ...]
"""Kinds of evidence, each with the condition on its fields, if there is one."""


@dataclass(frozen=True, slots=True)
class EvidenceField:
    """What a piece of evidence states. ``type``: flag, code, count, money or rate; a code has ``values``."""

    id: Word
    type: ir.Kind
    values: tuple[tuple[Word, Any], ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceKind:
    """A document or an event that is shown for a person: an ID card, a certificate, an earlier default."""

    id: Word
    fields: tuple[EvidenceField, ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A sentence by which evidence gives a tag or a right.

    ``grants``: the tag or right; several sentences may grant the same one. ``needs``: every one of these is there;
    ``unless``: none of these is. ``when``: a condition on other tags and rights. ``at_least``: of some kinds that it
    needs, how many pieces, each of which meets the condition; of the others one.
    """

    id: Word
    grants: Word
    needs: Wanted = ()
    unless: Wanted = ()
    when: ast.Node | None = None
    at_least: tuple[tuple[Word, int], ...] = ()
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    valid: Dates = (None, None)
    published: datetime.date | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A sentence that claims of one person offend.

    ``each``: ``claim`` or ``line``, every one of which is looked at alone; ``pair``: the same, two at a time.
    ``when``: the condition under which one alone offends, or under which one belongs to a pair. ``after``: a day that
    one of the person's claims states, and on which everything has ended. ``same``: in what the two of a pair agree;
    ``within``: at most so many days lie between them; ``together_above``: both together are above the amount, and
    neither alone.
    """

    id: Word
    each: str = ""
    pair: str = ""
    when: ast.Node | None = None
    after: Word | None = None
    same: tuple[Word, ...] = ()
    within: int | None = None
    together_above: ast.Node | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    valid: Dates = (None, None)
    published: datetime.date | None = None
    replaces: bool = False

    @property
    def of(self) -> str:
        """What it looks at: ``claim`` or ``line``."""
        return self.each or self.pair
