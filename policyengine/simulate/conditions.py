"""Conditions on a reform in plain words: ``registered_poor: patient_total increases by more than 100元 per person``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from policyengine import terms
from policyengine.bulk.batch import Batch
from policyengine.claim import quoted
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.mass.sums import dense, sums_by
from policyengine.money import UNITS, NotMoney, exponent_of, minor_from_text
from policyengine.simulate.groups import Grouping, grouping
from policyengine.simulate.model import Case, Judged

Array = NDArray[Any]
Per = Literal["person", "claim", "total"]
SHOWN: Final = 5
"""Claims that are named for a condition that fails."""
_FORM = re.compile(
    r"(?:(?P<group>[^:：]+)[:：])?\s*(?P<amount>[\w.]+)\s+(?P<way>increases|decreases|增加|减少)"
    r"(?:\s*(?:by more than|超过)\s*(?P<size>[0-9.]+)\s*(?P<unit>[^\W\d_]*?))?"
    r"(?:\s*(?P<per>per person|per claim|in total|每人|每笔|合计))?\s*"
)
_PER: Final[Mapping[str, Per]] = {
    "": "person", "per person": "person", "每人": "person", "per claim": "claim", "每笔": "claim",
    "in total": "total", "合计": "total",
}  # fmt: skip
_EXPECTED: Final = "`[group: ]amount increases|decreases [by more than 100元] [per person|per claim|in total]`"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a reform must not do: ``amount`` rises (``sign`` 1) or falls (−1) by more than ``size`` minor units, for a
    person, a claim, or in total, among claims that state all of ``group``."""

    text: str
    group: tuple[tuple[str, str], ...]
    amount: str
    sign: int
    size: int
    per: Per

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that say who is meant."""
        return tuple(name for name, _ in self.group)


def condition(text: str, currency: str, amounts: Iterable[str]) -> Condition:
    """A condition as written. ``amounts``: those that there are. Raises ``ClaimError`` E744 and E742."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise _unread(text, "this is no condition")
    groups = tuple(_group(part, text) for part in re.split(r"[,，]", found["group"])) if found["group"] else ()
    sign = 1 if found["way"] in ("increases", "增加") else -1
    size = _size(found["size"], found["unit"] or "", currency, text)
    return Condition(text, groups, amount_called(found["amount"], amounts), sign, size, _PER[found["per"] or ""])


def _unread(text: str, why: str, hint: str = "") -> ClaimError:
    return ClaimError(Diagnostic("E744", f"`{quoted(text)}`: {why}", None, _EXPECTED, hint, record="the conditions"))


def _group(part: str, text: str) -> tuple[str, str]:
    """A tag or flag that holds or, behind ``not``, does not; or a fact and its word."""
    name, equals, word = (bit.strip() for bit in part.partition("="))
    if equals and word:
        fact = _fact_called(name)
        known = terms.FACTS.get(fact)
        return fact, (known.codes() if known else {}).get(word, word)
    negated = name.startswith("not ")
    name = _fact_called(name.removeprefix("not ").strip())
    if equals or not name.isidentifier():
        raise _unread(text, f"`{quoted(part.strip())}` is no group", "write a tag, `not` and a tag, or `fact=word`")
    return name, "no" if negated else "yes"


def _fact_called(name: str) -> str:
    own = {fact.zh: fact.id for fact in terms.FACTS.values()}
    own |= {zh: tag for tag, (zh, _) in terms.TAGS.items()}
    return own.get(name, name)


def amount_called(name: str, amounts: Iterable[str]) -> str:
    """The amount of that name, in either language. Raises ``ClaimError`` E742 if the rule sets make none."""
    known = tuple(amounts)
    own = {payer.zh: payer.id for payer in terms.PAYERS.values()}
    own |= {amount.zh: amount.id for amount in terms.AMOUNTS.values()} | {"个人负担": "patient_total"}
    found = own.get(name, name)
    if found not in known:
        text = f"the rule sets make no amount `{quoted(name)}`"
        hint = nearest(found, known)
        raise ClaimError(Diagnostic("E742", text, None, "one of " + ", ".join(known), hint, record="the simulation"))
    return found


def _size(size: str | None, unit: str, currency: str, text: str) -> int:
    if size is None:
        return 0
    if unit and unit != currency and UNITS.get(unit.lower()) != currency:
        raise _unread(text, f"`{unit}` is no unit of {currency}")
    try:
        return minor_from_text(size, exponent_of(currency))
    except NotMoney as error:
        raise _unread(text, str(error)) from None


def judged(
    one: Condition, batch: Batch, dated_by: str, both: Array, bills: Array, before: Array, after: Array
) -> Judged:
    """The condition over a batch. ``both``: claims that are settled before and after, with their amounts. In total, the
    sum of the changes stands in ``worst`` until all batches are known."""
    of = grouping(one.facts, batch, dated_by)
    chosen = both & _meant(one, of)
    change = np.where(chosen, (after - before) * one.sign, 0)
    if one.per == "total":
        return _judged(one, batch, chosen & (change > 0), bills, before, after, 0, int(change.sum()))
    sums = change
    if one.per == "person":
        people = np.where(chosen, batch.claims["person_id"].numbers, 0)  # type: ignore[union-attr]
        numbers, _ = dense(people, int(people.max(initial=0)))
        by_person = sums_by(numbers, change, int(numbers.max(initial=-1)) + 1)
        failed, worst = int((by_person > one.size).sum()), int(by_person.max(initial=0))
        sums = np.where(chosen, by_person[numbers], 0)
    else:
        failed, worst = int((change > one.size).sum()), int(change.max(initial=0))
    return _judged(one, batch, chosen & (sums > one.size) & (change > 0), bills, before, after, failed, worst)


def _meant(one: Condition, of: Grouping) -> Array:
    wanted = tuple(word for _, word in one.group)
    meant = np.array([label == wanted for label in of.labels], np.bool_)
    found: Array = meant[of.of]
    return found


def _judged(
    one: Condition, batch: Batch, shows: Array, bills: Array, before: Array, after: Array, failed: int, worst: int
) -> Judged:
    at = np.flatnonzero(shows)
    smallest = at[np.argsort(bills[at], kind="stable")[:SHOWN]]
    cases = [Case(int(bills[i]), str(batch.ids[int(i)].as_py()), int(before[i]), int(after[i])) for i in smallest]
    return Judged(one.text, failed, worst, tuple(sorted(cases)))


def concluded(one: Condition, found: Judged) -> Judged:
    """Once all batches are known: whether it fails in total; no cases of one that does not fail."""
    if one.per == "total":
        found.failed = int(found.worst > one.size)
    if not found.failed:
        found.cases = ()
    return found
