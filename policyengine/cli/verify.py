"""policyengine verify – recomputes a settlement and compares it with its receipt."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import HISTORY, ROOTS, day, with_examples
from policyengine.cli.output import safe, say, write_diagnostics

if TYPE_CHECKING:
    from datetime import date

    from policyengine.errors import ClaimError, Diagnostic
    from policyengine.settlement import Settlement


@with_examples(
    "verify",
    "policyengine test cn/shanxi/136 --claims D-3 > claim.json",
    "policyengine settle cn/shanxi/136 claim.json --json > settlement.json",
    "policyengine verify settlement.json --claim claim.json",
)
@click.argument("receipt", type=click.Path(dir_okay=False))
@click.option("--claim", "claim", required=True, type=click.Path(dir_okay=False), metavar="FILE",
              help="The claim that was settled, as JSON.")  # fmt: skip
@HISTORY
@ROOTS
@click.option("--ruleset", metavar="RULESET", help="The rule set, if it is not bundled.")
@click.option("--known-on", "known_on", callback=day, metavar="DATE",
              help="Settle again as the rules were known on this day; default: the day of the receipt.")  # fmt: skip
def command(receipt: str, claim: str, history: str | None, ruleset: str | None, known_on: date | None) -> int:
    """Settle the claim again and compare the result with RECEIPT.

    RECEIPT is a receipt, or a settlement with its receipt, as JSON. What differs – the rules, the claim, the history,
    the split, any step – is named, and the exit code is 1.
    """
    from policyengine.cli.files import read_bytes, read_claim, read_history, read_object
    from policyengine.cli.rules import load_rules
    from policyengine.verify import settled_again, verify

    found: dict[str, Any] = read_object(receipt, read_bytes(receipt, "receipt"))
    stated = _receipt_in(found, receipt)
    name = ruleset or str(stated.get("ruleset", ""))
    if not name:
        raise _no_receipt("E620", "this is not a receipt: it names no rule set", receipt)
    rules, settled, before = load_rules(name), read_claim(claim), read_history(history)
    if known_on is not None:
        stated = {**stated, "known_on": known_on.isoformat()}
    differences = verify(stated, rules, settled, before)
    if not differences and "receipt" in found:
        differences = _around(found, settled_again(stated, rules, settled, before))
    if differences:
        write_diagnostics(differences, sys.stdout)
        return FINDINGS
    say(safe(f"the same to the smallest coin: claim {stated.get('claim_id', '')} under {name}"))
    return FINE


def _receipt_in(document: dict[str, Any], file: str) -> dict[str, Any]:
    """The receipt that a file is or holds. Raises ``ClaimError``."""
    if document.get("preliminary") is True:
        raise _no_receipt("E581", "a preliminary settlement has no receipt", file)
    stated = document.get("receipt", document)
    if not isinstance(stated, dict):
        raise _no_receipt("E620", "this is not a receipt: it is no object", file)
    return stated


def _no_receipt(code: str, message: str, file: str) -> ClaimError:
    from policyengine.errors import ClaimError, Diagnostic, Span

    return ClaimError(Diagnostic(code, message, Span(file, 1, 1)))


def _around(document: dict[str, Any], again: Settlement) -> tuple[Diagnostic, ...]:
    """What a settlement says beside its receipt, held against the settlement made again."""
    from policyengine.errors import Diagnostic
    from policyengine.report.data import json_text, settlement_data

    recomputed = settlement_data(again, trace="trace" in document)
    return tuple(
        Diagnostic("E621", f"{key} differs from the receipt's settlement", None, hint=_told(recomputed, key),
                   record="settlement", field=key)
        for key in {**recomputed, **document}
        if key not in recomputed or key not in document or json_text(document[key]) != json_text(recomputed[key])
    )  # fmt: skip


def _told(recomputed: dict[str, Any], key: str) -> str:
    """The recomputed value where it is short enough to be read."""
    from policyengine.report.data import json_text

    text = json_text(recomputed[key]) if key in recomputed else "no such field"
    return f"recomputed: {text}" if len(text) <= 200 else ""
