"""The accumulators of many members, changed in place claim by claim."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from policyengine import ir
from policyengine.claim import Account, History, Key, Opened
from policyengine.encode.scopes import Scope
from policyengine.encode.standing import Change, Counted, Standing

Row = tuple[str, Scope]
"""A meter and a scope."""
LASTING = ("rolling", "visit")
"""Kinds of windows that may be read again when a newer one has begun: bills of several visits come in any order."""


@dataclass(slots=True)
class Ledger:
    """``windows``: the windows in which a meter holds something for a scope, the newest last; of meters that are
    not ``lasting``, only the newest that was counted in. ``rows_of``, ``periods_of``: what belongs to a member."""

    lasting: frozenset[str]
    used: dict[Key, int] = field(default_factory=dict)
    opened: dict[Account, Opened] = field(default_factory=dict)
    windows: dict[Row, list[str]] = field(default_factory=dict)
    rows_of: dict[str, dict[Row, None]] = field(default_factory=dict)
    periods_of: dict[str, dict[Account, None]] = field(default_factory=dict)
    whole: Counted = field(init=False)

    def __post_init__(self) -> None:
        self.whole = Counted(self.used, self.opened, self.windows)

    @classmethod
    def of(cls, meters: Iterable[ir.Meter], history: History | None) -> Ledger:
        """A ledger that begins with what ``history`` says, of however many members."""
        ledger = cls(frozenset(m.name for m in meters if m.window.kind in LASTING))
        if history is None:
            return ledger
        ledger.used.update(history.used)
        ledger.opened.update(history.opened)
        for name, scope, window in sorted(history.used):
            ledger.windows.setdefault((name, scope), []).append(window)
            person = _person(history.shapes[name].per, scope)
            if person:
                ledger.rows_of.setdefault(person, {})[name, scope] = None
        for account in history.opened:
            person = _person(account[1], account[2])
            if person:
                ledger.periods_of.setdefault(person, {})[account] = None
        return ledger

    def of_member(self, person: str, standing: Standing) -> Counted:
        """What was counted so far for a member, and for whom a claim of the member counts besides."""
        if not standing.keys:
            return Counted()
        rows = self.rows_of.setdefault(person, {})
        rows.update(dict.fromkeys(key[:2] for key in standing.keys))
        used = {(*row, window): self.used[*row, window] for row in rows for window in self.windows.get(row, ())}
        if not (standing.moves or self.lasting):
            return Counted(used)
        periods = self.periods_of.setdefault(person, {})
        periods.update(dict.fromkeys(move.account for move in standing.moves))
        opened = {account: self.opened[account] for account in periods if account in self.opened}
        return Counted(used, opened, {row: list(self.windows[row]) for row in rows if row in self.windows})

    def apply(self, change: Change) -> None:
        """Counts a claim."""
        for key in change.dropped:
            if self.used.pop(key, None) is not None:
                self.windows[key[:2]].remove(key[2])
        self.used.update(change.rows)
        self.opened.update(change.opened)
        for name, scope, window in change.rows:
            held = self.windows.setdefault((name, scope), [])
            if not held or (held[-1] != window and (name not in self.lasting or window not in held)):
                held[:] = [*held, window] if name in self.lasting else [window]


def _person(per: tuple[str, ...], scope: Scope) -> str:
    return scope[per.index("person_id")] if "person_id" in per else ""
