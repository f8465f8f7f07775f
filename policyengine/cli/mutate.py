"""policyengine mutate – slips made in a rule file on purpose, to see whether its cases would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import LANG, ROOTS, with_examples
from policyengine.cli.output import safe, say

if TYPE_CHECKING:
    from policyengine.mutation import Tally
    from policyengine.report.names import Lang


@with_examples(
    "mutate",
    "policyengine mutate examples/primitives/deductible",
    "policyengine mutate examples/primitives/set_aside --brief --fail-under 95",
)
@click.argument("rulesets", nargs=-1, metavar="[RULESET]...")
@ROOTS
@click.option(
    "--all", "every", is_flag=True, help="Every rule set that `policyengine list` lists, as a table; seeks no claims."
)
@click.option("--brief", is_flag=True, help="Leave out the drafts of the cases that are missing.")
@click.option("--lives", type=click.IntRange(0, 100_000), default=150, show_default=True,
              help="Members drawn to tell a survivor apart.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="What they are drawn by.")
@click.option("--fail-under", "least", type=click.IntRange(0, 100), metavar="PERCENT",
              help="End with exit code 1 if fewer mutants are killed.")  # fmt: skip
@click.option("--killed", is_flag=True, help="Tell of each killed mutant, too, which case or law killed it.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def command(
    rulesets: tuple[str, ...],
    every: bool,
    brief: bool,
    lives: int,
    seed: int,
    least: int | None,
    killed: bool,
    lang: Lang,
    as_json: bool,
) -> int:
    """Make every small slip in the rule file of RULESET, and see whether its cases and laws notice.

    A slip is one fen, one day or one percentage point off, a provision left out, a condition negated, two payers
    exchanged … A mutant is killed if a case fails under it, or if it breaks a law: one that stands beside the rule
    file, or one that every rule set keeps, tried on claims drawn by seed. For one that survives, the smallest claims
    are shown that were found to come out differently, as a case whose amounts a person has still to work out. Mutants
    that are proved to settle every claim alike are not counted; nor those for which no difference was found, which is
    said of each.
    """
    from policyengine.cli.rules import names_or_all

    if not rulesets and not every:
        raise click.UsageError("say which rule set, or --all")
    tallies = [_tally(name, lives, seed, not brief, not every) for name in (names_or_all(()) if every else rulesets)]
    _write(tallies, brief, killed, lang, as_json, every)
    return FINE if least is None or all(tally.reaches(least) for tally in tallies) else FINDINGS


def _tally(name: str, lives: int, seed: int, small: bool, seek: bool) -> Tally:
    from policyengine.cli.rules import placed
    from policyengine.mutation import Search, tally

    with placed(name) as place:
        return tally(place, Search(lives, small) if seek else None, seed)


def _write(tallies: list[Tally], brief: bool, killed: bool, lang: Lang, as_json: bool, as_table: bool) -> None:
    from policyengine.report.data import json_text
    from policyengine.report.mutation import mutation_data, mutation_table, mutation_text

    if as_json:
        data = [mutation_data(tally) for tally in tallies]
        say(json_text(data[0] if len(data) == 1 else data))
    elif as_table:
        say(safe(mutation_table(tallies, lang)).rstrip("\n"))
    else:
        say(safe("\n".join(mutation_text(tally, lang, not brief, killed) for tally in tallies)).rstrip("\n"))
