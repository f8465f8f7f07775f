"""The re-fold: the same claims settled twice, once as they first were and once with what is otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

from policyengine.chain import Chain
from policyengine.claim import Claim, History
from policyengine.encode import selector
from policyengine.engine import Parameters
from policyengine.errors import ClaimError
from policyengine.resettlement.changes import Change, changed
from policyengine.resettlement.corrections import netted
from policyengine.resettlement.result import Resettlement, moved
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement


def resettle(
    book: Rulebook,
    claims: Iterable[Claim],
    changes: Iterable[Change] = (),
    *,
    history: History | None = None,
    new_rules: Rulebook | None = None,
    known_on: date | None = None,
    now: date | None = None,
    parameters: Parameters = None,
    allow_assumed: bool = True,
    allow_draft: bool = False,
) -> Resettlement:
    """Settle ``claims`` as they first were, after ``history``, and again with ``changes``; what differs.

    ``claims`` stand in the order in which they were settled, all persons whose claims count for each other together
    (a household, where a meter is kept by household); corrections among them are netted with their originals.
    ``known_on``: as of which day the rules were known at first, by default as ``settle`` has it; ``now``: as of which
    day they are known when settled again, by default the same. ``new_rules`` settles again by other rules. Raises
    ``ClaimError`` where a change does not fit, or a claim cannot be settled in either run; ``RuleError`` as ``settle``.
    """
    first = netted(claims)
    then = changed(first, tuple(changes), selector(book.dated_by))
    chain = partial(Chain, parameters=parameters, allow_assumed=allow_assumed, allow_draft=allow_draft)
    old = chain(book, history, known_on=known_on)
    rules = new_rules or book
    carried = history
    if history is not None and rules is not book and history.ruleset == book.name:
        carried = history.model_copy(update={"ruleset": rules.name})
    new = chain(rules, carried, known_on=now or known_on)
    before, after = _settled(old, first, "as first settled"), _settled(new, then, "settled again")
    return Resettlement(
        before, after, tuple(moved(before, after)), _left(old, before, history), _left(new, after, carried)
    )  # fmt: skip


def _settled(chain: Chain, claims: tuple[Claim, ...], when: str) -> tuple[Settlement, ...]:
    """Every claim in order. Raises the ``ClaimError`` of the first that cannot be settled, and in which run."""
    try:
        return tuple([chain.settle(claim) for claim in claims])
    except ClaimError as error:
        found = [replace(d, message=f"{when}, {d.message}") for d in error.diagnostics]
    raise ClaimError(found)


def _left(chain: Chain, settlements: tuple[Settlement, ...], history: History | None) -> History:
    """The accumulators after a run: of all its members; those before it, if it settled nothing."""
    if settlements:
        return chain.whole_history()
    return history or History.empty(chain.book.name, chain.book.programs[0].currency)
