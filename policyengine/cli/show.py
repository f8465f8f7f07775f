"""policyengine show – a rule set as it reads with everything that it extends."""

from __future__ import annotations

import datetime
from typing import Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import LANG, RULESET, day, with_examples
from policyengine.cli.output import say, text_of


@with_examples(
    "show",
    "policyengine show cn/shanxi/136",
    "policyengine show cn/heilongjiang/shuangyashan/raohe --flat > raohe.yaml",
    "policyengine show cn/shanxi/136 --assumed",
)
@RULESET
@click.option("--on", callback=day, metavar="DATE", help="Only what holds on this day, such as 2017-05-03.")
@click.option("--known-on", "known_on", callback=day, metavar="DATE", help="Only what had been published by this day.")
@click.option("--assumed", is_flag=True, help="Show only what is assumed: the least known first, with its places.")
@click.option("--flat", is_flag=True, help="Write a rule file that says all of it by itself.")
@LANG
def command(
    ruleset: str, on: datetime.date | None, known_on: datetime.date | None, assumed: bool, flat: bool, lang: Any
) -> int:
    """Show RULESET flattened: what it states and what it extends, in the order of the law.

    Every value stands with the period in which it holds, its citation, and what is assumed of it. With --flat the same
    is written as YAML: a rule file that extends nothing and means what RULESET means.
    """
    from policyengine.assemble import read
    from policyengine.cli.rules import placed
    from policyengine.knowledge import says_something
    from policyengine.report.law import ruleset_text

    with placed(ruleset) as place:
        found = read(place, known_on)
    if not says_something(found):
        raise click.BadParameter(f"nothing of the rule set had been published by {known_on}", param_hint="--known-on")
    if (flat or assumed) and (on is not None or flat == assumed):
        raise click.UsageError("--flat and --assumed stand alone: they are about the whole law")
    if assumed:
        from policyengine.report.assumptions import assumptions_text

        say(text_of(assumptions_text(found, lang)).rstrip("\n"))
        return FINE
    if flat:
        from policyengine.printing import print_ruleset, self_contained

        say(print_ruleset(self_contained(found)).rstrip("\n"))
        return FINE
    if on is not None and not _holds(found.valid, on):
        raise click.BadParameter(f"the rule set does not hold on {on}", param_hint="--on")
    say(text_of(ruleset_text(found, on, lang)).rstrip("\n"))
    return FINE


def _holds(valid: tuple[datetime.date | None, datetime.date | None], day: datetime.date) -> bool:
    from policyengine.ruleset import holds

    return holds(valid, day)
