"""policyengine test – runs the case files beside rule files, and tries the law files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import BAD_INPUT, FINDINGS, FINE
from policyengine.cli.options import ROOTS, day, path, with_examples
from policyengine.cli.output import complain, safe, say
from policyengine.errors import nearest

if TYPE_CHECKING:
    from datetime import date

    from policyengine.casebook import Case, Outcome
    from policyengine.cli.laws import Trying
    from policyengine.lawfiles import Verdict


@with_examples(
    "test",
    "policyengine test cn/shanxi/136 --verbose",
    "policyengine test cn/shanxi/136 --claims D-3 > claim.json",
    "policyengine test cn/heilongjiang/shuangyashan/raohe --examples 20 --seed 2",
)
@click.argument("rulesets", nargs=-1, metavar="[RULESET]...")
@ROOTS
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that pass, too.")
@click.option("--known-on", "known_on", callback=day, metavar="DATE",
              help="Only what had been published by this day counts, if a case says no other day.")  # fmt: skip
@click.option("--claims", "wanted", metavar="CASE", help="Write the claims of one case as JSON Lines; run nothing.")
@click.option("--examples", type=click.IntRange(0), default=100, show_default=True, metavar="N",
              help="Members on whose drawn claims each law is tried; 0: laws are not tried.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, metavar="S",
              help="What the drawn claims follow from: the same seed, the same claims.")  # fmt: skip
@click.option("--law", "laws", multiple=True, metavar="LAW", help="Try this law, and no cases; can be repeated.")
@click.option("--lives", type=click.Path(dir_okay=False), metavar="FILE",
              help="Try the laws on the claims of this file, member by member, in place of drawn ones.")  # fmt: skip
@click.option("--volume", type=click.IntRange(0), default=0, metavar="N",
              help="Try each law on so many first claims besides, by column; needs the extra `bulk`.")  # fmt: skip
def command(
    rulesets: tuple[str, ...],
    verbose: bool,
    known_on: date | None,
    wanted: str | None,
    examples: int,
    seed: int,
    laws: tuple[str, ...],
    lives: str | None,
    volume: int,
) -> int:
    """Run the cases beside rule files, and try their laws; by default of all that `policyengine list` lists.

    Case files stand in the folder `cases` beside a rule file: claims, and the amounts they must come to.
    A failed case shows its differences payer by payer, and the first step of the reckoning that departs.

    Law files stand in the folder `laws`: what must hold for all claims. A broken law shows the smallest claims that
    break it, both splits, and the sentence at which the reckonings part. A law that no drawn claim is about has not
    passed.
    """
    from policyengine.cli.laws import Trying, require_known
    from policyengine.cli.rules import names_or_all

    names = names_or_all(rulesets)
    if wanted is not None:
        return _write_claims(names, wanted)
    require_known(names, laws)
    return _run(names, verbose, known_on, Trying(examples, seed, laws, lives, volume))


@dataclass(slots=True)
class _Counts:
    """What was run so far."""

    code: int = FINE
    cases: int = 0
    failed: int = 0
    laws: int = 0
    broken: int = 0
    untried: int = 0
    unread: int = 0

    def lines(self) -> Iterator[str]:
        """How it ended."""
        rest = f"; {_many(self.unread, 'rule set')} could not be run" if self.unread else ""
        if self.cases or not (self.unread or self.laws):
            yield f"{_many(self.cases, 'case')}: {self.cases - self.failed} passed, {self.failed} failed{rest}"
            rest = ""
        if self.laws:
            kept, untried = self.laws - self.broken - self.untried, ""
            if self.untried:
                untried = f", {self.untried} not tried"
            yield f"{_many(self.laws, 'law')}: {kept} kept, {self.broken} broken{untried}{rest}"

    @property
    def ended(self) -> int:
        findings = self.failed or self.broken or self.untried or not (self.cases or self.laws)
        return self.code or (FINDINGS if findings else FINE)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _run(names: tuple[str, ...], verbose: bool, known_on: date | None, how: Trying) -> int:
    """Run every case and law of every rule set; a rule set that does not load does not stop the others."""
    from policyengine.cli.laws import verdicts_of
    from policyengine.errors import RuleError

    counts = _Counts()
    for name in names:
        try:
            outcomes = [] if how.only else outcomes_of(name, known_on)
            verdicts = verdicts_of(name, how)
        except RuleError as error:
            complain(error.diagnostics)
            counts.code, counts.unread = BAD_INPUT, counts.unread + 1
            continue
        _tell(outcomes, verdicts, verbose, counts)
        if not (outcomes or verdicts or how.only):
            say(f"{name}: no cases")
    for line in counts.lines():
        say(line)
    return counts.ended


def _tell(outcomes: Sequence[Outcome], verdicts: Sequence[Verdict], verbose: bool, counts: _Counts) -> None:
    """Writes what came of a rule set, and counts it."""
    told: tuple[Outcome | Verdict, ...] = (*outcomes, *verdicts)
    for one in told:
        if verbose or not one.passed:
            say(safe(one.render()))
    counts.cases, counts.laws = counts.cases + len(outcomes), counts.laws + len(verdicts)
    counts.failed += sum(not outcome.passed for outcome in outcomes)
    counts.broken += sum(verdict.breach is not None for verdict in verdicts)
    counts.untried += sum(verdict.breach is None and not verdict.passed for verdict in verdicts)


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
