"""What audit rules look at: the claims and fee lines of one person, with what two of them are compared by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

from policyengine import ir, terms
from policyengine.assemble import read
from policyengine.backends.evaluate import Results, evaluate
from policyengine.claim import Claim
from policyengine.encode import encode, selecting_date
from policyengine.errors import Diagnostic, RuleError
from policyengine.loading import load_at
from policyengine.lower.audits import NAME, Audit, Watched, audit_days, lower_audit
from policyengine.persons import AuditRule
from policyengine.rulebook import Place, Roots, locate
from policyengine.ruleset import Ruleset

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A claim, or a fee line of one (``line``: its position), that a rule looks at.

    ``start`` and ``end``: its days. ``key``: what two of a pair agree in; ``None`` if something of it is not stated,
    so that nobody can say that they agree. ``amount``: minor units; ``limit``: what two together must not exceed.
    """

    rule: str
    claim: str
    line: int | None
    start: date
    end: date
    amount: int
    key: Key | None = ()
    limit: int | None = None

    def order(self) -> tuple[date, date, str, int]:
        """Pairs are looked at in this order: the earlier one first."""
        return (self.start, self.end, self.claim, -1 if self.line is None else self.line)


@dataclass(frozen=True, slots=True)
class Case:
    """The items of one person, in order; and the days after which nothing may be, by rule."""

    rules: tuple[AuditRule, ...]
    items: tuple[Item, ...]
    ends: tuple[tuple[str, date], ...]


@dataclass(slots=True)
class Watch:
    """The audit rules of a rule set, lowered once for every period in which the same hold."""

    ruleset: Ruleset
    days: tuple[date, ...]
    made: dict[int, Audit] = field(default_factory=dict)

    def on(self, day: date) -> Audit:
        """What holds on a day."""
        at = bisect_right(self.days, day)
        if at not in self.made:
            self.made[at] = lower_audit(self.ruleset, day)
        return self.made[at]


def watch_of(name: str | Path, path: Roots = (), overlays: Roots = ()) -> Watch:
    """The audit rules of a rule set by name or path. Raises ``RuleError`` with everything that is wrong with it, or if
    it has none."""
    return watch_at(locate(name, path, overlays))


def watch_at(place: Place) -> Watch:
    """The audit rules of the rule set at a place. Raises as ``watch_of``."""
    load_at(place)
    ruleset = read(place)
    if not ruleset.audit:
        message = f"{ruleset.name} declares no audit rules"
        raise RuleError(Diagnostic("E915", message, ruleset.span, "the section `audit:`"))
    return Watch(ruleset, audit_days(ruleset))


def case_of(watch: Watch, claims: Sequence[Claim]) -> Case:
    """The claims of one person as rules look at them. Raises ``ClaimError`` for what a claim does not state."""
    items = [item for claim in claims for item in _items(watch, claim)]
    ends = []
    for rule in watch.ruleset.audit:
        stated = [
            _day(claim.facts[rule.after.text]) for claim in claims if rule.after and rule.after.text in claim.facts
        ]
        ends += [(rule.id.text, min(stated))] if stated else []
    return Case(watch.ruleset.audit, tuple(sorted(items, key=Item.order)), tuple(ends))


def _day(value: Any) -> date:
    return date.fromisoformat(str(value))


def _items(watch: Watch, claim: Claim) -> Iterator[Item]:
    audit = watch.on(selecting_date(watch.ruleset.dated_by, claim))
    encoded = encode(audit.program, claim)
    by_claim = [decl.name for decl in audit.program.inputs if decl.domain == "claim"]
    by_row = [decl.name for decl in audit.program.inputs if decl.domain == "row"]
    rows = [dict(zip(by_row, row, strict=True)) for row in encoded.rows]
    values = evaluate(audit.program, dict(zip(by_claim, encoded.inputs, strict=True)), rows, {})
    for watched in audit.watched:
        lines: Iterable[int | None] = range(len(claim.lines)) if watched.rule.of == "line" else (None,)
        for line in lines:
            if _value(values, f"{watched.rule.id}.chosen", line):
                yield _item(watched, claim, line, values)


def _value(values: Results, step: str, line: int | None) -> ir.Value:
    found = values[step]
    if isinstance(found, tuple):
        assert line is not None
        return found[line]
    return found


def _item(watched: Watched, claim: Claim, line: int | None, values: Results) -> Item:
    rule, stay = watched.rule, claim.encounter
    days = [day for day in (stay.admission_date, stay.service_date, stay.discharge_date, stay.settlement_date) if day]
    start, end = days[0], stay.discharge_date or days[-1]
    if line is not None:
        start = end = claim.lines[line].service_date or end
    amount = claim.total_minor if line is None else claim.amounts_minor[line]
    limit = None
    if watched.limit is not None:
        value = _value(values, f"{rule.id}.limit", line)
        assert isinstance(value, int)
        limit = value
    return Item(rule.id.text, claim.id, line, start, end, amount, _key(rule, claim, line, start), limit)


def _key(rule: AuditRule, claim: Claim, line: int | None, day: date) -> Key | None:
    found = [_stated(word.text, claim, line, day) for word in rule.same]
    return None if any(value is None for value in found) else tuple(map(str, found))


def _stated(name: str, claim: Claim, line: int | None, day: date) -> Any:
    """What a claim or a line states, as it stands there."""
    if name == "line_date":
        return day
    fact = terms.FACTS.get(name) or terms.DAYS.get(name)
    at = NAME if fact is None and name == NAME else ("" if fact is None else fact.at)
    if line is not None and (at == NAME or at.startswith("lines.")):
        return getattr(claim.lines[line], at.removeprefix("lines."))
    if at:
        return attrgetter(at)(claim)
    return claim.lines[line].facts.get(name, claim.facts.get(name)) if line is not None else claim.facts.get(name)
