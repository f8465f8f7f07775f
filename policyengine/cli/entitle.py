"""policyengine entitle – which tags and rights the evidence of persons gives, and why."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import BAD_INPUT, FINE
from policyengine.cli.options import LANG, RULESET, day, with_examples

if TYPE_CHECKING:
    from policyengine.entitlements import Derive

ENGINE = click.option(
    "--engine", type=click.Choice(["plain", "durable"]), default="plain", show_default=True,
    help="What derives: plain booleans, or forward chaining on durable_rules (extra `cases`). Both say the same.",
)  # fmt: skip


@with_examples(
    "entitle",
    """echo '{"person": "p1", "evidence": []}' > evidence.json""",
    "policyengine entitle cn/heilongjiang/shuangyashan/raohe evidence.json --on 2017-06-01",
    "policyengine entitle cn/heilongjiang/shuangyashan/raohe evidence.json --on 2017-06-01 --known-on 2017-05-01 "
    "--lang zh",
)
@RULESET
@click.argument("evidence", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--on", "on", required=True, callback=day, metavar="DATE", help="The day of which is asked.")
@click.option(
    "--known-on", "known_on", callback=day, metavar="DATE",
    help="Only what had been recorded and published by this day counts; default: the day of which is asked.",
)  # fmt: skip
@ENGINE
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write JSON, one object a person.")
def command(
    ruleset: str,
    evidence: str,
    on: datetime.date,
    known_on: datetime.date | None,
    engine: str,
    lang: Any,
    as_json: bool,
) -> int:
    """Derive tags and rights under RULESET from EVIDENCE: a JSON object for one person, or one a line.

    Every right is told with the sentence that gives it and the evidence it rests on, or with what is missing.
    """
    from policyengine.cli.output import complain, say, text_of
    from policyengine.cli.rules import placed
    from policyengine.entitlements import Evidences, standing
    from policyengine.entitlements.law import law_at
    from policyengine.errors import ClaimError
    from policyengine.records import read_as
    from policyengine.report.data import json_text
    from policyengine.report.entitled import standing_data, standing_text

    derive = derivation(engine)
    with placed(ruleset) as place:
        law = law_at(place)
    code, first = FINE, True
    for record in read_as(evidence, Evidences.validate_in):
        try:
            found = standing(law, record.taken(), on, known_on, derive)
        except ClaimError as error:
            complain(record.located(error).diagnostics)
            code = BAD_INPUT
            continue
        if as_json:
            say(json_text(standing_data(found, law.latest)))
        else:
            say(("" if first else "\n") + text_of(standing_text(found, law.latest, lang)).rstrip("\n"))
        first = False
    return code


def derivation(engine: str) -> Derive:
    """What derives rights. Raises ``MissingExtra``."""
    from policyengine.entitlements import plain

    if engine == "plain":
        return plain
    from policyengine.cases.forward import forward

    return forward
