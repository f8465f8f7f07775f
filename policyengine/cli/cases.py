"""policyengine test – runs the case files beside rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import BAD_INPUT, FINDINGS, FINE
from policyengine.cli.options import ROOTS, day, path, with_examples
from policyengine.cli.output import complain, safe, say
from policyengine.errors import nearest

if TYPE_CHECKING:
    from datetime import date

    from policyengine.casebook import Case, Outcome


@with_examples(
    "test",
    "policyengine test",
    "policyengine test cn/shanxi/136 --verbose",
    "policyengine test cn/shanxi/136 --claims D-3 > claim.json",
)
@click.argument("rulesets", nargs=-1, metavar="[RULESET]...")
@ROOTS
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that pass, too.")
@click.option("--known-on", "known_on", callback=day, metavar="DATE",
              help="Only what had been published by this day counts, if a case says no other day.")  # fmt: skip
@click.option("--claims", "wanted", metavar="CASE", help="Write the claims of one case as JSON Lines; run nothing.")
def command(rulesets: tuple[str, ...], verbose: bool, known_on: date | None, wanted: str | None) -> int:
    """Run the cases beside rule files; by default of all that `policyengine list` lists.

    Case files stand in the folder `cases` beside a rule file: claims, and the amounts they must come to.
    A failed case shows its differences payer by payer, and the first step of the reckoning that departs.
    """
    from policyengine.cli.rules import names_or_all

    names = names_or_all(rulesets)
    return _write_claims(names, wanted) if wanted is not None else _run(names, verbose, known_on)


def _run(names: tuple[str, ...], verbose: bool, known_on: date | None) -> int:
    """Run every case of every rule set; a rule set that does not load does not stop the others."""
    from policyengine.errors import RuleError

    code, ran, failed, unread = FINE, 0, 0, 0
    for name in names:
        try:
            outcomes = outcomes_of(name, known_on)
        except RuleError as error:
            complain(error.diagnostics)
            code, unread = BAD_INPUT, unread + 1
            continue
        for outcome in outcomes:
            if verbose or not outcome.passed:
                say(safe(outcome.render()))
        ran, failed = ran + len(outcomes), failed + sum(not outcome.passed for outcome in outcomes)
        if not outcomes:
            say(f"{name}: no cases")
    if ran or not unread:
        rest = f"; {unread} rule set{'' if unread == 1 else 's'} could not be run" if unread else ""
        say(f"{ran} case{'' if ran == 1 else 's'}: {ran - failed} passed, {failed} failed{rest}")
    return code or (FINDINGS if failed or not ran else FINE)


def outcomes_of(name: str, known_on: date | None = None) -> list[Outcome]:
    """What comes of every case beside a rule file. Raises ``RuleError``."""
    from policyengine.casebook import run_case
    from policyengine.cli.rules import load_rules

    book = load_rules(name)
    return [run_case(book, case, known_on, path()) for case in cases_of(name)]


def cases_of(name: str) -> list[Case]:
    """The cases of every case file beside a rule file."""
    from policyengine.casebook import find_cases, read_cases

    return [case for file in find_cases(name, path()) for case in read_cases(file)]


def _write_claims(names: tuple[str, ...], wanted: str) -> int:
    from policyengine.claim import Claim

    cases = [case for name in names for case in cases_of(name)]
    chosen = next((case for case in cases if case.id == wanted), None)
    if chosen is None:
        hint = nearest(wanted, [case.id for case in cases])
        raise click.UsageError(safe(f"there is no case {wanted!r}. {hint}".rstrip()))
    for turn in chosen.turns:
        if isinstance(turn.claim, Claim):
            say(turn.claim.model_dump_json(exclude_unset=True))
    for given in (*chosen.run.claims, *chosen.run.rows) if chosen.run is not None else ():
        say(given.model_dump_json(exclude_unset=True))
    return FINE
