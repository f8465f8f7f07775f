"""policyengine audit – which claims of one person offend a sentence, and which sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.entitle import ENGINE
from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import LANG, RULESET, with_examples

if TYPE_CHECKING:
    from policyengine.audits import Find


@with_examples(
    "audit",
    "policyengine test cn/yunnan/qujing --claims threshold > claims.jsonl",
    "policyengine audit cn/yunnan/qujing claims.jsonl",
    "policyengine audit cn/yunnan/qujing claims.jsonl --lang zh --json",
)
@RULESET
@click.argument("claims", type=click.Path(dir_okay=False, allow_dash=True))
@ENGINE
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(ruleset: str, claims: str, engine: str, lang: Any, as_json: bool) -> int:
    """Hold CLAIMS, person by person, against the section `audit` of RULESET.

    CLAIMS is a file as `settle` takes it. Every finding names the claims and the sentence. Exit code 1 if there is any.
    """
    from policyengine.audits import audited, case_of, watch_at
    from policyengine.cli.output import say, text_of
    from policyengine.cli.rules import placed
    from policyengine.errors import ClaimError
    from policyengine.records import read_records
    from policyengine.report.audited import audit_data, audit_text
    from policyengine.report.data import json_text

    with placed(ruleset) as place:
        watch = watch_at(place)
    records = list(read_records(claims))
    taken = [record.taken() for record in records]
    try:
        found = audited(watch, taken, finding(engine))
    except ClaimError:
        for record, claim in zip(records, taken, strict=True):
            try:
                case_of(watch, [claim])
            except ClaimError as error:
                raise record.located(error) from None
        raise
    if as_json:
        say(json_text(audit_data(found, watch.ruleset)))
    else:
        say(text_of(audit_text(found, watch.ruleset, lang)).rstrip("\n"))
    return FINDINGS if found else FINE


def finding(engine: str) -> Find:
    """What finds. Raises ``MissingExtra``."""
    from policyengine.audits import plain

    if engine == "plain":
        return plain
    from policyengine.cases.forward import find

    return find
