"""policyengine backtest – past official settlements against a rule set."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import BAD_INPUT, FINDINGS, FINE
from policyengine.cli.options import HISTORY, KNOWN_ON, PARAMETERS, RULESET, with_examples
from policyengine.cli.output import say, text_of, write_diagnostics

if TYPE_CHECKING:
    from datetime import date

    from policyengine.backtest import Official


@with_examples(
    "backtest",
    "policyengine test cn/shanxi/136 --claims D-3 > claim.json",
    'echo \'{"claim":\' $(cat claim.json) \', "official": {"hifp_pay": "24462.50"}}\' > official.jsonl',
    "policyengine backtest cn/shanxi/136 official.jsonl",
)
@RULESET
@click.argument("official", type=click.Path(dir_okay=False, allow_dash=True))
@HISTORY
@PARAMETERS
@KNOWN_ON
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def command(
    ruleset: str,
    official: str,
    history: str | None,
    parameters: dict[str, str],
    known_on: date | None,
    as_json: bool,
) -> int:
    """Settle past claims again under RULESET and compare with what was officially settled.

    OFFICIAL is a JSON file with a list of records, or JSON Lines: {"claim": {...}, "official": {"hifp_pay": "1200.00",
    ...}}, where `official` has amounts of interface 2304 or 2207; those that are not given are not compared. A person's
    claims stand in the order of their days. For every difference the provision or the fact is named with which the
    official amounts come out, if there is a single one. The exit code is 1 if any record differs.
    """
    from policyengine.backtest import backtest
    from policyengine.cli.files import read_history
    from policyengine.cli.rules import load_rules
    from policyengine.report.backtest import backtest_data, backtest_text
    from policyengine.report.data import json_text

    records = _records(official)
    if records is None:
        return BAD_INPUT
    book = load_rules(ruleset)
    found = backtest(book, records, history=read_history(history), parameters=parameters or None, known_on=known_on)
    if as_json:
        say(json_text(backtest_data(book, found)))
    else:
        say(text_of(backtest_text(book, found)).rstrip("\n"))
    return FINE if found.agreed == len(found.compared) else FINDINGS


def _records(file: str) -> list[Official] | None:
    """All records, or ``None`` after telling everything that is wrong with them."""
    from policyengine.backtest import Official
    from policyengine.records import read_as

    read = list(read_as(file, Official.validate_in))
    wrong = [d for record in read if record.error is not None for d in record.error.diagnostics]
    if wrong:
        write_diagnostics(wrong, sys.stderr)
        return None
    return [record.taken() for record in read]
