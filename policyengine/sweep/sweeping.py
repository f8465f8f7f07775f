"""``sweep_claims``: the totals of a book of claims at every value of one lever, or of several."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from policyengine.errors import Diagnostic, RuleError
from policyengine.mass import Openings
from policyengine.rulebook import Rulebook
from policyengine.ruleset import Ruleset
from policyengine.sweep.curve import Curve
from policyengine.sweep.family import Family
from policyengine.sweep.passes import Reading, book_of_claims
from policyengine.sweep.ranges import MOST, Axis


def sweep_claims(
    book: Rulebook,
    ruleset: Ruleset,
    axes: Sequence[Axis],
    reading: Reading,
    *,
    group_by: tuple[str, ...] = (),
    parameters: Mapping[str, object] | None = None,
    allow_draft: bool = False,
) -> Curve:
    """The totals at every point of ``axes``, in one pass over the claims. ``ruleset``: of which ``book`` was made.

    Raises ``RuleError`` (E762, and what a rule set with these numbers is refused for) and ``ClaimError``.
    """
    family = family_of(book, ruleset, axes, parameters, allow_draft, reading.begun(book))
    claims = book_of_claims(book, reading, group_by)
    points = list(itertools.product(*(axis.values for axis in axes)))
    found = claims.over(family, points)
    program = book.programs[-1]
    payers = tuple(dict.fromkeys(share.payer for p in book.programs for share in p.payers))
    return Curve(tuple(axes), found, program.currency, payers, group_by, bool(family.limits), claims.has_people)


def family_of(
    book: Rulebook, ruleset: Ruleset, axes: Sequence[Axis], parameters: Mapping[str, object] | None, allow_draft: bool,
    openings: Openings | None = None,
) -> Family:  # fmt: skip
    """The rule set at every point, checked at the ends. Raises ``RuleError``."""
    spans = [literal.span for axis in axes for literal in axis.lever.literals]
    if len(set(spans)) < len(spans):
        text = "two of the levers move the same number"
        raise RuleError(Diagnostic("E762", text, None, "different levers", record=axes[0].lever.address))
    count = 1
    for axis in axes:
        count *= axis.count
    if len(axes) > 1 and count > MOST:
        text = f"the grid has {count:,} points, and a sweep at most {MOST:,}"
        raise RuleError(Diagnostic("E762", text, None, "a wider step", record=axes[0].lever.address))
    family = Family(book, ruleset, tuple(axes), parameters or {}, allow_draft, openings)
    family.check()
    return family
