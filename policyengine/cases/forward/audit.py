"""Audit rules as forward chaining: the claims and lines of one person are facts, two that agree are a join.

Keys and amounts are ranks among those of the person, days are days since the first one; so whatever is compared is a
small integer. The engine joins two items by their key alone, since joined tests of another form damage its memory;
what else is asked of the two is compared when the rule fires.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from policyengine.audits import Case, Found, Item
from policyengine.cases.forward.engine import Fact, built, chained
from policyengine.persons import AuditRule

RULE, PLACE, KEY, START, UNTIL, AMOUNT, ROOM, ALONE = "r", "o", "k", "s", "u", "a", "w", "f"
"""The fields of an item: its rule, its place in the order, the rank of its key, its first day, the last day on which
another one would be too near, the rank of its amount, the rank of what its limit leaves, whether it is within it."""
END, LAST = "q", "y"
"""The fields of a day after which nothing may be: the rule, the day."""


def find(case: Case) -> Found:
    """What offends. Raises ``CaseError``, ``MissingExtra``."""
    numbers = {rule.id.text: at for at, rule in enumerate(case.rules)}
    found: set[tuple[str, tuple[int, ...]]] = set()

    def fire(name: str, matched: Sequence[Fact]) -> Iterable[Fact]:
        rule = case.rules[int(name[1:])]
        if _offend(rule, *matched):
            found.add((rule.id.text, tuple(int(fact[PLACE]) for fact in matched if PLACE in fact)))
        return ()

    rules = built({f"r{at}": _rule(rule, at) for at, rule in enumerate(case.rules)})
    chained(rules, (list(_facts(case, numbers)),), fire)
    return frozenset(found)


def _rule(rule: AuditRule, at: int) -> dict[str, Any]:
    if rule.each:
        return {"all": [{"m_0": {RULE: at}}, *([] if rule.after is None else [{"m_1": {END: at}}])]}
    alone: list[dict[str, Any]] = [{RULE: at}] if rule.together_above is None else [{RULE: at}, {ALONE: 1}]
    return {"all": [{"m_0": {"$and": alone}}, {"m_1": {"$and": [*alone, {KEY: {"m_0": KEY}}]}}]}


def _offend(rule: AuditRule, first: Fact, second: Fact | None = None) -> bool:
    """What is asked of one and of the day it is held against, or of two that agree.

    Each pair is matched in both orders, and counts with the earlier one first.
    """
    if second is None:
        return True
    if rule.each:
        return _at(second, LAST) < _at(first, START)
    near = rule.within is None or _at(second, START) <= _at(first, UNTIL)
    above = rule.together_above is None or _at(first, AMOUNT) > _at(second, ROOM)
    return _at(first, PLACE) < _at(second, PLACE) and near and above


def _at(fact: Fact, name: str) -> int:
    value = fact[name]
    assert isinstance(value, int)
    return value


def _facts(case: Case, numbers: Mapping[str, int]) -> Iterator[Fact]:
    within = {rule.id.text: rule.within or 0 for rule in case.rules}
    first = min([item.start for item in case.items] + [day for _, day in case.ends], default=date.min)
    keys = {key: at for at, key in enumerate(sorted({item.key for item in case.items if item.key is not None}))}
    amounts = _ranks(case.items)
    for place, item in enumerate(case.items):
        if item.key is None:
            continue
        yield {
            RULE: numbers[item.rule], PLACE: place, KEY: keys[item.key], START: (item.start - first).days,
            UNTIL: (item.end - first).days + within[item.rule], AMOUNT: amounts[item.amount],
            ROOM: 0 if item.limit is None else amounts[item.limit - item.amount],
            ALONE: int(item.limit is not None and item.amount <= item.limit),
        }  # fmt: skip
    for name, day in case.ends:
        yield {END: numbers[name], LAST: (day - first).days}


def _ranks(items: Iterable[Item]) -> Mapping[int, int]:
    """The rank of every amount, and of what every limit leaves."""
    amounts = {item.amount for item in items}
    amounts |= {item.limit - item.amount for item in items if item.limit is not None}
    return {amount: at for at, amount in enumerate(sorted(amounts))}
