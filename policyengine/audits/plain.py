"""What offends, found by looking at every item and at every two: the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from policyengine.audits.items import Case, Item
from policyengine.persons import AuditRule

Found = frozenset[tuple[str, tuple[int, ...]]]
"""Rules that are offended, each with the positions of one item, or of two."""
Find = Callable[[Case], Found]


def plain(case: Case) -> Found:
    """The reference."""
    return frozenset(one for rule in case.rules for one in _of_rule(rule, case))


def _of_rule(rule: AuditRule, case: Case) -> Iterator[tuple[str, tuple[int, ...]]]:
    name = rule.id.text
    mine = [(at, item) for at, item in enumerate(case.items) if item.rule == name]
    if rule.each:
        ends = dict(case.ends)
        for at, item in mine:
            if rule.after is None or (name in ends and item.start > ends[name]):
                yield name, (at,)
        return
    for (at, one), (other_at, other) in combinations(mine, 2):
        if _offend(rule, one, other):
            yield name, (at, other_at)


def _offend(rule: AuditRule, first: Item, second: Item) -> bool:
    """Whether two items, the earlier one first, offend together."""
    if first.key is None or first.key != second.key:
        return False
    if rule.within is not None and (second.start - first.end).days > rule.within:
        return False
    if first.limit is None or second.limit is None:
        return True
    alone = first.amount <= first.limit and second.amount <= second.limit
    return alone and first.amount + second.amount > second.limit
