"""policyengine diff – what differs between two rule sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import LANG, ROOTS, day, path, with_examples
from policyengine.cli.output import say, text_of

if TYPE_CHECKING:
    from datetime import date

    from policyengine.difference import Side


def _days(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[date, ...]:
    return tuple(found for value in values if (found := day(ctx, param, value)) is not None)


@with_examples(
    "diff",
    "policyengine diff cn/heilongjiang/shuangyashan cn/heilongjiang/shuangyashan/raohe",
    "policyengine diff cn/shanxi/136 cn/shanxi/jinzhong --lang zh",
)
@click.argument("old")
@click.argument("new")
@ROOTS
@click.option("--on", "on", multiple=True, metavar="DAY", callback=_days,
              help="Only the versions in force on this day; can be repeated.")  # fmt: skip
@click.option("--law", "law_only", is_flag=True, help="Compare the rules alone; try no claims.")
@click.option("--fail-if-different", "failing", is_flag=True, help="Exit with 1 if anything changes what is paid.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(
    old: str, new: str, on: tuple[date, ...], law_only: bool, failing: bool, lang: Any, as_json: bool
) -> int:  # fmt: skip
    """Tell what differs between the rule sets OLD and NEW.

    OLD and NEW are names or paths, each perhaps with a day: NAME@2015-06-01. What changed in the law is told entry by
    entry with both citations; it is compared by what the files say together with what they extend, not by their text.

    Then claims are tried, at every amount that the rules name and a coin beside it, and the smallest ones shown that
    come out otherwise, for whom they are worse, and where the two reckonings part. Where none is found it is said what
    was tried; it is called equal only if it is proved. The exit code is 1 with --fail-if-different if anything differs.
    """
    from policyengine.difference import compare
    from policyengine.report.data import json_text
    from policyengine.report.difference import difference_text
    from policyengine.report.difference_data import difference_data

    sides = _side(old), _side(new)
    if on and any(side.day is not None for side in sides):
        raise click.UsageError("--on and NAME@DAY are two ways to say the same; use one of them")
    found = compare(*sides, on=on, claims=not law_only)
    say(json_text(difference_data(found)) if as_json else text_of(difference_text(found, lang)).rstrip("\n"))
    return FINDINGS if failing and found.different else FINE


def _side(text: str) -> Side:
    """A rule set as it is named on the command line. Raises ``RuleError``."""
    from policyengine.cli.rules import placed
    from policyengine.difference import side_of, split_name

    with placed(split_name(text)[0]):
        return side_of(text, path())
