"""What differs between two rule sets: in the law, and in what claims come to."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from policyengine import ir
from policyengine.errors import Span
from policyengine.rulebook import Rulebook
from policyengine.ruleset import Ruleset

Dates = tuple[datetime.date | None, datetime.date | None]
ALWAYS: Final[Dates] = (None, None)

KINDS: Final = ("changed", "added", "dropped", "moved", "renamed", "reworded")
"""What became of an entry of a rule file; the last two change nothing that is paid."""


@dataclass(frozen=True, slots=True)
class Side:
    """A rule set to be compared: as it was named, flattened, ready to settle. ``day``: only what holds on that day."""

    name: str
    ruleset: Ruleset
    book: Rulebook
    day: datetime.date | None = None

    @property
    def shown(self) -> str:
        """How it is named: ``cn/shanxi/136@2018-01-01``."""
        return self.name if self.day is None else f"{self.name}@{self.day}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a rule file as it is compared: its section, what it says beside its words for people.

    ``said``: fields with their values as typed by the reader. ``kind``: the mechanism of a provision.
    """

    section: str
    id: str
    said: Mapping[str, Any]
    valid: Dates = ALWAYS
    kind: str = ""
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()
    span: Span | None = None
    replaces: str = ""
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A field that says otherwise. ``old`` and ``new``: typed values, ``None`` where it says nothing.

    ``row``: of a table, the keys of the cells, by name. ``valid``: the days for which it says so.
    """

    name: str
    old: Any
    new: Any
    row: tuple[tuple[str, str], ...] = ()
    valid: Dates = ALWAYS


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that is not the same in both. ``old`` or ``new`` is missing where there is none.

    ``fields``: what it says otherwise. ``behind``: for what was moved, what it stood behind and stands behind; empty
    for the first place.
    """

    kind: str
    old: Entry | None
    new: Entry | None
    fields: tuple[Field, ...] = ()
    behind: tuple[str, str] = ("", "")

    @property
    def entry(self) -> Entry:
        """The entry as it now is, or as it was."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def matters(self) -> bool:
        """Whether it can change what is paid."""
        return self.kind not in ("renamed", "reworded")
