"""policyengine diff – what differs between two rule sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import LANG, ROOTS, path, with_examples
from policyengine.cli.output import say, text_of

if TYPE_CHECKING:
    from policyengine.difference import Side


@with_examples(
    "diff",
    "policyengine diff cn/heilongjiang/shuangyashan cn/heilongjiang/shuangyashan/raohe",
    "policyengine diff cn/shanxi/136 cn/shanxi/jinzhong --lang zh",
)
@click.argument("old")
@click.argument("new")
@ROOTS
@click.option("--fail-if-different", "failing", is_flag=True, help="Exit with 1 if anything changes what is paid.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(old: str, new: str, failing: bool, lang: Any, as_json: bool) -> int:
    """Tell what differs between the rule sets OLD and NEW.

    OLD and NEW are names or paths, each perhaps with a day: NAME@2015-06-01. What changed in the law is told entry by
    entry with both citations; it is compared by what the files say together with what they extend, not by their text.
    """
    from policyengine.difference import compare
    from policyengine.report.data import json_text
    from policyengine.report.difference import difference_text
    from policyengine.report.difference_data import difference_data

    found = compare(_side(old), _side(new))
    say(json_text(difference_data(found)) if as_json else text_of(difference_text(found, lang)).rstrip("\n"))
    return FINDINGS if failing and found.different else FINE


def _side(text: str) -> Side:
    """A rule set as it is named on the command line. Raises ``RuleError``."""
    from policyengine.cli.rules import placed
    from policyengine.difference import side_of, split_name

    with placed(split_name(text)[0]):
        return side_of(text, path())
