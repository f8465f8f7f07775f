"""The claims of a source with all columns that several rule sets and the questions about them read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import Any

from policyengine.bulk.facts import GLOSSARY, Fact, Wanted, wanted
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.reader import Claims, open_claims
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.rulebook import Rulebook

_SCOPES = ("id", "person_id", "household_id", "")
"""Within what claims wait for each other, the narrowest first."""


def open_for(
    books: Sequence[Rulebook], source: Any, mapping: ColumnMap | Path | str | None = None, lines: Any = None,
    facts: Iterable[str] = (), by_person: bool = False,
) -> Claims:  # fmt: skip
    """The claims of a source, as ``bulk.open_claims`` opens them for one rule set, for all of ``books``, the first
    being the one that refusals are told by. ``facts``: what is read beyond the rule sets. ``by_person``: all claims of
    a person stand in one batch. Raises ``ClaimError`` and ``RuleError`` as that does, E741 for a fact that nobody
    knows or that no column states, E743 for rule sets that do not read the same claims."""
    of = reduce(_joined, (wanted(book) for book in books))
    of = _with(of, facts)
    if by_person and of.scope == "id":
        of = replace(of, scope="person_id")
    opened = open_claims(source, books[0], mapping, lines, of)
    for name in facts:
        if name in opened.report.absent:
            text = f"the claims are grouped or measured by `{name}`, and no column states it"
            raise ClaimError(Diagnostic("E741", text, None, f"a column `{name}`", record=opened.source.name))
    return opened


def _with(of: Wanted, names: Iterable[str]) -> Wanted:
    """With facts of the glossary that the rule sets do not read. Raises ``ClaimError``."""
    claim, tags = dict(of.claim), set(of.tags)
    known = {name: fact for name, fact in GLOSSARY.items() if fact.domain == "claim"} | claim
    for name in names:
        if name not in known:
            text = f"claims have no fact `{name}` of which groups could be made"
            expected = "a fact of claims, `year` or `month`"
            raise ClaimError(Diagnostic("E741", text, None, expected, nearest(name, known), record="the groups"))
        claim[name] = known[name]
        if known[name].at[:2] == ("person", "tags"):
            tags.add(name)
    return replace(of, claim=claim, tags=frozenset(tags))


def _joined(one: Wanted, other: Wanted) -> Wanted:
    """What two rule sets read together. Raises ``ClaimError`` if they cannot read the same claims."""
    for what, mine, theirs in (
        ("are dated by", one.dated_by, other.dated_by),
        ("count in", one.currency, other.currency),
    ):
        if mine != theirs:
            text = f"the two rule sets {what} `{mine}` and `{theirs}`: no claim is settled by both"
            raise ClaimError(Diagnostic("E743", text, None, "rule sets that read the same claims"))
    scope = max(one.scope, other.scope, key=_SCOPES.index)
    both = {one.scope, other.scope} == {"person_id", "household_id"}
    return Wanted(
        _merged(one.claim, other.claim), _merged(one.lines, other.lines), one.needed | other.needed, scope,
        one.dated_by, one.currency, one.tags | other.tags, one.known | other.known, one.billed or other.billed,
        one.two_scopes or other.two_scopes or both,
    )  # fmt: skip


def _merged(one: Mapping[str, Fact], other: Mapping[str, Fact]) -> dict[str, Fact]:
    for name in one.keys() & other.keys():
        if one[name].kind != other[name].kind or one[name].domain != other[name].domain:
            text = f"`{name}` is declared as {one[name].kind} by one rule set and as {other[name].kind} by the other"
            raise ClaimError(Diagnostic("E743", text, None, "rule sets that read the same claims"))
    return {**one, **other}
