"""Settling a run: its claims one after the other, after what earlier runs have counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policyengine.chain import Chain
from policyengine.claim import Claim, History, Key, quoted
from policyengine.encode import Ledger, check_history, scope_key, shapes_of
from policyengine.engine import Parameters, check_written_by
from policyengine.errors import ClaimError, Diagnostic
from policyengine.rulebook import Rulebook
from policyengine.runs.claims import Rows, RunClaims, run_claims
from policyengine.runs.rows import Standing
from policyengine.settlement import Settlement


@dataclass(frozen=True, slots=True)
class RunResult:
    """The settlements of a run, one for each claim, and the history that the next run takes."""

    of: RunClaims
    settlements: tuple[Settlement, ...]
    history: History

    def spent(self, payer: str | None = None) -> int:
        """What one payer bears in all, or all funds together, in minor units."""
        if payer is None:
            return sum(one.side("fund") for one in self.settlements)
        return sum(one.split_minor[payer] for one in self.settlements)


def settle_run(
    book: Rulebook,
    rows: Rows,
    history: History | None = None,
    *,
    window: str | None = None,
    people: Iterable[Standing] = (),
    parameters: Parameters = None,
    allow_assumed: bool = True,
    known_on: date | None = None,
) -> RunResult:
    """Settle a run over earlier settlements after ``history``, which earlier runs of the same rule set have left.

    See ``run_claims`` for what is handed in. Nothing is changed in the settlements that the rows are made of.
    ``known_on``: only rules that had been published by that day count; by default all, since a run is often laid down
    after its window has closed. Raises ``ClaimError`` with everything that is wrong; then nothing is settled.
    """
    made = run_claims(book, rows, window=window, people=people)
    return settle_claims(book, made, history, parameters=parameters, allow_assumed=allow_assumed, known_on=known_on)


def settle_claims(
    book: Rulebook,
    made: RunClaims,
    history: History | None = None,
    *,
    parameters: Parameters = None,
    allow_assumed: bool = True,
    known_on: date | None = None,
) -> RunResult:
    """Settle the claims of a run. Raises ``ClaimError``."""
    chain = Chain(book, None, parameters, allow_assumed, known_on)
    if history is not None:
        check_history(book.all_meters, history)
        check_written_by(book, history)
        chain.ledger = Ledger.of(book.all_meters.meters, history)
    wrong = [found for claim in made.claims for found in _counted_already(made, claim, chain.ledger.used)]
    settlements: list[Settlement] = []
    for claim in made.claims if not wrong else ():
        try:
            settlements.append(chain.settle(claim))
        except ClaimError as error:
            wrong += error.diagnostics
    if wrong:
        raise ClaimError(wrong)
    return RunResult(made, tuple(settlements), _history(book, made, chain))


def _counted_already(made: RunClaims, claim: Claim, used: dict[Key, int]) -> list[Diagnostic]:
    """A window is settled once for each member or household, and windows in their order."""
    scope = scope_key(made.run.scope, claim)
    windows = [w for name, whose, w in used if name == made.run.rows and whose == scope and w >= made.window]
    if not windows:
        return []
    last, record = max(windows), f"claim {quoted(claim.id)}"
    if last == made.window:
        text, hint = f"{last} was settled for them by an earlier run", "use the history from before that run"
    else:
        text, hint = f"{last} was settled for them already, which comes after {made.window}", "settle windows in order"
    return [Diagnostic("E579", text, None, "", hint, record=record)]


def _history(book: Rulebook, made: RunClaims, chain: Chain) -> History:
    shapes = {name: shape for program in book.programs for name, shape in shapes_of(program).items()}
    currency = book.programs[0].currency
    counted = chain.ledger.whole
    return History.of(counted.used, shapes, ruleset=book.name, currency=currency, last=made.day, opened=counted.opened)
