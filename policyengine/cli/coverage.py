"""policyengine coverage – what of a rule file its cases reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import LANG, ROOTS, with_examples
from policyengine.cli.output import safe, say

if TYPE_CHECKING:
    from policyengine.exercise import Reach
    from policyengine.report.names import Lang


@with_examples(
    "coverage",
    "policyengine coverage cn/shanxi/136",
    "policyengine coverage examples/primitives/set_aside --fail-under 100",
)
@click.argument("rulesets", nargs=-1, metavar="[RULESET]...")
@ROOTS
@click.option("--all", "every", is_flag=True, help="Every rule set that `policyengine list` lists, as a table.")
@click.option("--fail-under", "least", type=click.IntRange(0, 100), metavar="PERCENT",
              help="End with exit code 1 if less is reached.")  # fmt: skip
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def command(rulesets: tuple[str, ...], every: bool, least: int | None, lang: Lang, as_json: bool) -> int:
    """Tell what of the rule file of RULESET its cases reach.

    Counted are provisions that apply, bands that cost falls into, rows of tables that are looked up, and each condition
    of each decision: seen true and seen false in a claim where it decides. Every gap comes with a claim that would
    close it, or with the proof that no claim can. What a rule file extends is measured by itself.
    """
    from policyengine.cli.rules import names_or_all

    if not rulesets and not every:
        raise click.UsageError("say which rule set, or --all")
    found = [_reach(name, claims=not every) for name in (names_or_all(()) if every else rulesets)]
    _write(found, lang, as_json, every)
    return FINE if least is None or all(reach.reaches(least) for reach in found) else FINDINGS


def _reach(name: str, claims: bool) -> Reach:
    from policyengine.cli.rules import placed
    from policyengine.exercise import reach

    with placed(name) as place:
        return reach(place, claims)


def _write(found: list[Reach], lang: Lang, as_json: bool, as_table: bool) -> None:
    from policyengine.report.data import json_text
    from policyengine.report.exercise import reach_data, reach_table, reach_text

    if as_json:
        data = [reach_data(reach) for reach in found]
        say(json_text(data[0] if len(data) == 1 else data))
    elif as_table:
        say(safe(reach_table(found, lang)).rstrip("\n"))
    else:
        say(safe("\n".join(reach_text(reach, lang) for reach in found)).rstrip("\n"))
