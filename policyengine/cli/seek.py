"""policyengine seek – the value of a number that meets a budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.levers import moving, reading, rules, with_shared
from policyengine.cli.options import with_examples
from policyengine.cli.output import say, text_of


@with_examples(
    "seek",
    "policyengine synth shanxi --claims 2000 --seed 1 --only stays --for cn/shanxi/136 -o claims.parquet",
    "policyengine seek cn/shanxi/136 claims.parquet basic_ceiling=20000:90000 --target 'pooled_fund <= 8000000'"
    " --columns claims.columns.yaml",
)
@with_shared
@click.argument("claims", type=click.Path(path_type=Path))
@click.argument("lever", metavar="LEVER=low:high")
@click.option("--target", required=True, metavar="CONDITION", help="What is to hold: 'pooled_fund <= 120000000'.")
@click.option("--step", default="", metavar="STEP", help="To what the value is sought: 100元, 0.5%; default: a minor "
              "unit of money, a basis point, a whole number.")  # fmt: skip
def command(ruleset: str, claims: Path, lever: str, target: str, step: str, lang: Any, **said: Any) -> int:
    """Seek the value of a number of RULESET, between low and high, that meets a target over a book of CLAIMS.

    The answer comes with its proof: the total at this value, and that at the next one, which does not meet the target.
    That the total goes one way all along is checked at every value that is tried. LEVER and CLAIMS as for
    `policyengine sweep`.
    """
    from policyengine.report.curves import found_data, found_text
    from policyengine.report.data import json_text
    from policyengine.sweep import seek_claims, seek_range, target_of

    with rules(ruleset, said["on"]) as known:
        address, values = moving(lever)
        axis = seek_range(known.lever(address), values, step)
        goal = target_of(known.book, target)
        with reading(claims, **said) as read:
            found = seek_claims(
                known.book, known.ruleset, axis, goal, read, parameters=said["parameters"],
                allow_draft=said["allow_draft"],
            )  # fmt: skip
    say(json_text(found_data(found)) if said["as_json"] else text_of(found_text(known.book, found, lang)).rstrip("\n"))
    return FINE
