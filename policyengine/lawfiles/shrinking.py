"""From claims that break a law to the smallest that do: fewer claims and lines, plainer facts, rounder amounts."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from policyengine.claim import Claim
from policyengine.errors import ClaimError
from policyengine.lawfiles.drawing import Life, handed_in
from policyengine.lawfiles.otherwise import Document
from policyengine.lawfiles.ready import Ready
from policyengine.lawfiles.trying import Breach, settled, tried
from policyengine.money import exponent_of, minor_from_text, text_of

MOST = 1_500
"""Lives that are tried in search of a smaller one."""

Documents = tuple[Document, ...]
Path = tuple[str | int, ...]
"""Where a field of a claim stands."""
PLAIN: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("paid_elsewhere",), None), (("sequence",), None), (("facts",), None), (("encounter", "certificate_shown"), None),
    (("encounter", "referred"), None), (("encounter", "disease"), None), (("encounter", "admission_ordinal"), None),
    (("encounter", "admission_ordinal"), 1),
    (("encounter", "settlement_date"), None), (("encounter", "service_date"), None),
    (("encounter", "hospital", "id"), None), (("person", "household"), None), (("person", "birth_date"), None),
    (("person", "income_annual"), None), (("currency",), None), (("person", "scheme"), None),
    (("person", "scheme"), "resident"), (("encounter", "care_type"), "inpatient"), (("encounter", "area"), None),
    (("encounter", "area"), "within_county"), (("encounter", "hospital"), None),
    (("encounter", "hospital", "grade"), None), (("encounter", "hospital", "grade"), "secondary_a"),
    (("encounter", "hospital", "tier"), "county"), (("encounter", "admission_date"), None),
)  # fmt: skip
"""Fields of a claim, each with what would be plainer; ``None``: not stated."""
LINE: tuple[tuple[str, Any], ...] = (
    ("first_share_rate", None), ("quantity", None), ("price_limit", None), ("service_date", None), ("facts", None),
    ("catalogue_class", "a"), ("category", "treatment"),
)  # fmt: skip


AMOUNT = re.compile(r"[0-9]{1,9}\.[0-9]{2}", re.ASCII)
"""A fact that is an amount."""


def smallest(breach: Breach) -> Breach:
    """The smallest life found that breaks the same law; the one given, if there is none smaller."""
    search = _Search(breach.ready, breach)
    search.run()
    return search.best


@dataclass(slots=True)
class _Search:
    ready: Ready
    best: Breach
    left: int = MOST

    def run(self) -> None:
        """Takes whatever smaller life still breaks the law, until none does."""
        documents = _documents(self.best.life)
        going = True
        while going and self.left > 0:
            going = False
            for make in (_fewer_claims, _fewer_lines, _plainer, _smaller):
                found = self._first(make, documents)
                while found is not None:
                    documents, going = found, True
                    found = self._first(make, documents)

    def _first(self, make: Callable[[Documents], Iterator[Documents]], documents: Documents) -> Documents | None:
        for candidate in make(documents):
            if self.left <= 0:
                return None
            self.left -= 1
            found = self._broken(candidate)
            if found is not None and (made := _documents(found.life)) != documents:
                self.best = found
                return made
        return None

    def _broken(self, documents: Documents) -> Breach | None:
        try:
            life = handed_in(self.ready.book, (Claim.model_validate(one) for one in documents))
        except ClaimError:
            return None
        parameters = self.best.parameters
        return tried(self.ready, settled(self.ready.book, life, parameters), parameters).breach


def _documents(life: Life) -> Documents:
    return tuple(claim.model_dump(mode="json", exclude_unset=True) for claim in life)


def _with(documents: Documents, at: int, change: Callable[..., None], *how: Any) -> Documents:
    """The life with one claim changed."""
    claim = copy.deepcopy(documents[at])
    change(claim, *how)
    return (*documents[:at], claim, *documents[at + 1 :])


def _fewer_claims(documents: Documents) -> Iterator[Documents]:
    if len(documents) > 1:
        for at in range(len(documents)):
            yield documents[:at] + documents[at + 1 :]


def _fewer_lines(documents: Documents) -> Iterator[Documents]:
    for at, claim in enumerate(documents):
        for line in range(len(claim["lines"]) if len(claim["lines"]) > 1 else 0):
            yield _with(documents, at, _drop, line)
        for line in range(1, len(claim["lines"])):
            yield _with(documents, at, _join, line)


def _join(claim: Document, line: int) -> None:
    """Puts the amounts of a fee line on the first one."""
    gone, first = claim["lines"].pop(line), claim["lines"][0]
    first["amount"] = str(Decimal(str(first["amount"])) + Decimal(str(gone["amount"])))
    known = first.get("facts", {})
    for name, stated in gone.get("facts", {}).items():
        if all(isinstance(one, str) and AMOUNT.fullmatch(one) for one in (stated, known.get(name))):
            known[name] = str(Decimal(known[name]) + Decimal(stated))


def _plainer(documents: Documents) -> Iterator[Documents]:
    """Facts left out, or as plain as they can be. What is of the person is so in every claim."""
    for path, value in PLAIN:
        yield from _all_or_one(documents, path, value)
    for tag in sorted({tag for claim in documents for tag in claim["person"].get("tags", ())}):
        yield tuple(_untagged(claim, tag) for claim in documents)
    for at, claim in enumerate(documents):
        yield from _fewer_facts(documents, at)
        yield from _plainer_days(documents, at)
        for line in range(len(claim["lines"])):
            for key, plain in LINE:
                if key in claim["lines"][line] and claim["lines"][line][key] != plain:
                    yield _with(documents, at, _put, ("lines", line, key), plain)
    yield from _renamed(documents)


def _fewer_facts(documents: Documents, at: int) -> Iterator[Documents]:
    """One fact less, or two: some are stated together or not at all."""
    facts = sorted(documents[at].get("facts", {}))
    for gone in (*((fact,) for fact in facts), *itertools.combinations(facts, 2)):
        kept = {name: value for name, value in documents[at]["facts"].items() if name not in gone}
        yield _with(documents, at, _put, ("facts",), kept)


def _plainer_days(documents: Documents, at: int) -> Iterator[Documents]:
    """All days of a stay on that of the discharge, then on the first of its month, and of its year."""
    days = {key: day for key, day in documents[at]["encounter"].items() if key.endswith("_date")}
    last = days.get("discharge_date") or max(days.values())
    for day in (last, f"{last[:8]}01", f"{last[:5]}01-01"):
        if any(other > day for other in days.values()):
            yield _with(documents, at, _move, days, day)


def _untagged(claim: Document, tag: str) -> Document:
    person = claim["person"]
    return {**claim, "person": {**person, "tags": [t for t in person.get("tags", ()) if t != tag]}}


def _all_or_one(documents: Documents, path: Path, value: Any) -> Iterator[Documents]:
    changed = [at for at, claim in enumerate(documents) if _get(claim, path) not in (None, value)]
    if not changed:
        return
    every = documents
    for at in changed:
        every = _with(every, at, _put, path, value)
    yield every
    if path[0] != "person" and len(changed) > 1:
        for at in changed:
            yield _with(documents, at, _put, path, value)


def _renamed(documents: Documents) -> Iterator[Documents]:
    """Claims c1, c2 … of the member p1."""
    renamed = tuple(
        {**claim, "id": f"c{at}", "person": {**claim["person"], "id": "p1"}} for at, claim in enumerate(documents, 1)
    )
    if renamed != documents:
        yield renamed


def _get(claim: Document, path: Path) -> Any:
    found: Any = claim
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _put(claim: Document, path: Path, value: Any) -> None:
    *outer, last = path
    found: Any = claim
    for key in outer:
        found = found[key] if isinstance(key, int) else found.get(key, {})
    if value is None:
        found.pop(last, None)
    else:
        found[last] = value


def _drop(claim: Document, line: int) -> None:
    claim["lines"].pop(line)


def _move(claim: Document, dates: Iterable[str], day: str) -> None:
    claim["encounter"].update(dict.fromkeys(dates, day))


def _smaller(documents: Documents) -> Iterator[Documents]:
    """Rounder amounts first, then smaller ones."""
    for at, claim in enumerate(documents):
        exponent = exponent_of(claim.get("currency", "CNY"))
        for line, stated in enumerate(claim["lines"]):
            amount = minor_from_text(str(stated["amount"]), exponent)
            for other in _rounder(amount, 10**exponent):
                yield _with(documents, at, _put, ("lines", line, "amount"), text_of(other, exponent))
        lines = ((("lines", line, "facts"), one.get("facts", {})) for line, one in enumerate(claim["lines"]))
        for path, facts in ((("facts",), claim.get("facts", {})), *lines):
            for fact, value in facts.items():
                if isinstance(value, str) and AMOUNT.fullmatch(value):
                    for other in _rounder(minor_from_text(value, exponent), 10**exponent):
                        yield _with(documents, at, _put, (*path, fact), text_of(other, exponent))


def _rounder(amount: int, whole: int) -> Iterator[int]:
    """Amounts that say less: with fewer digits, or as many and below. They never come back to a longer one."""
    found = {unit * whole * 10**power for unit in (1, 2, 5) for power in range(6)}
    for digits in range(1, len(str(amount))):
        unit = 10 ** (len(str(amount)) - digits)
        found |= {amount // unit * unit, (amount // unit + 1) * unit}
    found |= {amount // 2, amount - whole, amount - 1}
    weights = {one: _weight(one, whole) for one in found if one > 0}
    yield from sorted((one for one in weights if weights[one] < _weight(amount, whole)), key=weights.__getitem__)


def _weight(amount: int, whole: int) -> tuple[bool, int, int]:
    """How much an amount says: whether it has coins, its digits without the zeros behind them, its size."""
    return amount % whole != 0, len(str(amount).rstrip("0")), amount
