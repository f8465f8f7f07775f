"""Running a case: its claims are settled in order, each result is held against what is expected of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policyengine.casebook.compare import differences_of, steps_of
from policyengine.casebook.model import Case, Refusal, Turn
from policyengine.casebook.outcome import Departure, Difference, Outcome
from policyengine.casebook.runs import settle_run_case
from policyengine.casebook.tree import located
from policyengine.chain import Chain
from policyengine.claim import Claim
from policyengine.errors import ClaimError, Diagnostic, PolicyError, RuleError
from policyengine.rulebook import Roots, Rulebook, examined
from policyengine.settlement import Settlement


def run_case(rulebook: Rulebook, case: Case, known_on: date | None = None, path: Roots = ()) -> Outcome:
    """Settle the claims of ``case`` under ``rulebook`` and compare. Faults of the claims become differences.

    ``known_on``: the day as of which the rules are known, where the case does not say another one. Drafts are run to be
    tried, repealed rule sets to be kept right: ``status`` does not matter here. ``path``: folders in which the rule set
    is looked for that settles the claims of a run.
    """
    if case.run is not None:
        return settle_run_case(examined(rulebook), case, case.known_on or known_on, path)
    try:
        chain = Chain(
            examined(rulebook), case.history, case.parameters, known_on=case.known_on or known_on,
            among_others=_is_of_one(case),
        )  # fmt: skip
    except ClaimError as error:
        return Outcome(case, (_refused_unasked(case.turns[0], error),))
    differences: list[Difference] = []
    departure: Departure | None = None
    for turn in case.turns:
        result = _settled(chain, turn)
        found, departed = _compared(turn, result)
        differences += found
        departure = departure or departed
        if isinstance(result, PolicyError) and found:
            break
    return Outcome(case, tuple(differences), departure, rulebook.sources)


def _is_of_one(case: Case) -> bool:
    """Whether the history before the case is that of one person whose claims are among its claims."""
    persons = {turn.claim.person.id for turn in case.turns if isinstance(turn.claim, Claim)}
    return case.history is not None and case.history.owner in persons


def _settled(chain: Chain, turn: Turn) -> Settlement | PolicyError:
    if isinstance(turn.claim, RuleError):
        return turn.claim
    assert isinstance(turn.claim, Claim)
    try:
        return chain.settle(turn.claim)
    except ClaimError as error:
        return error


def _compared(turn: Turn, result: Settlement | PolicyError) -> tuple[list[Difference], Departure | None]:
    expected = turn.expected
    if expected is not None and expected.refused is not None:
        return list(_refusal(expected.refused, result)), None
    if isinstance(result, PolicyError):
        return [_refused_unasked(turn, result)], None
    if expected is None:
        return [], None
    steps, departure = steps_of(expected, result)
    return [*differences_of(expected, result), *steps], departure


# -- refusals ----------------------------------------------------------------------------------------------------------


def _refused_unasked(turn: Turn, error: PolicyError) -> Difference:
    placed = located(error, turn.tree) if isinstance(error, ClaimError) else error
    return Difference(turn.span, "claim", "a settlement", "refused", note=str(placed))


def _refusal(refusal: Refusal, result: Settlement | PolicyError) -> Iterator[Difference]:
    wanted = f"{refusal.code} {refusal.part}".strip()
    if isinstance(result, Settlement):
        yield Difference(refusal.span, "refused", wanted, f"settled: {result!r}")
    elif not any(_says(refusal, found) for found in result.diagnostics):
        got = "; ".join(f"{d.code} {d.message}" for d in result.diagnostics)
        yield Difference(refusal.span, "refused", wanted, got)


def _says(refusal: Refusal, found: Diagnostic) -> bool:
    return found.code == refusal.code and refusal.part in found.message
