"""policyengine history – what the accumulators hold, for whom, in which days, and what is left."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import HISTORY, KNOWN_ON, LANG, PARAMETERS, RULESET, with_examples
from policyengine.cli.output import say, text_of

if TYPE_CHECKING:
    from policyengine.claim import History
    from policyengine.rulebook import Rulebook
    from policyengine.settlement import Settlement


@with_examples(
    "history",
    "policyengine test cn/shanxi/136 --claims D-3 > claim.json",
    "policyengine history cn/shanxi/136 claim.json",
    "policyengine history cn/shanxi/136 claim.json --lang zh --json > history.json",
)
@RULESET
@click.argument("file", metavar="HISTORY_OR_CLAIMS", type=click.Path(dir_okay=False))
@HISTORY
@PARAMETERS
@KNOWN_ON
@click.option("--person", metavar="ID", help="Whose accumulators an answer of interface 5206 (人员累计信息) states.")
@click.option("--scheme", metavar="CODE", help="Which insutype of such an answer counts, if it has several.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object; `settle --history` takes it.")
def command(
    ruleset: str,
    file: str,
    history: str | None,
    parameters: dict[str, str],
    known_on: datetime.date | None,
    person: str | None,
    scheme: str | None,
    lang: Any,
    as_json: bool,
) -> int:
    """Show what accumulators hold under RULESET.

    HISTORY_OR_CLAIMS is a history, a settlement (its history is taken), an answer of the national platform's
    accumulator query (interface 5206, with --person), or claims as `settle` takes them: these are settled, and the
    limits stand with what is left of them.
    """
    from policyengine.cli.files import read_history
    from policyengine.cli.rules import load_rules
    from policyengine.report.data import json_text
    from policyengine.report.history import history_data, history_text, holdings

    book = load_rules(ruleset)
    found, unread = _stated(book, file, person, scheme)
    settled: list[Settlement] = []
    if found is None:
        settled, found = _settled(book, file, read_history(history), parameters, known_on)
    program = book.all_meters
    held = holdings(program, found, settled)
    if as_json:
        click.echo(json_text(history_data(program, found, held, unread)))
    else:
        say(text_of(history_text(program, found, held, lang, unread)).rstrip("\n"))
    return FINE


def _stated(
    book: Rulebook, file: str, person: str | None, scheme: str | None
) -> tuple[History | None, tuple[str, ...]]:
    """The history that a file states, or ``None`` if it holds claims; and the codes of the platform that no meter
    begins with. Raises ``ClaimError``."""
    from policyengine.claim import Document, decoded, value_of
    from policyengine.cli.files import read_bytes, read_history
    from policyengine.encode import check_history
    from policyengine.opening import cuminfo_of, opening_history

    if file.endswith((".jsonl", ".ndjson")):
        return None, ()
    data = read_bytes(file, "history")
    value, _ = value_of(Document(file, decoded(data, file)))
    if not isinstance(value, dict) or "lines" in value:
        return None, ()
    rows = cuminfo_of(value)
    if rows is not None:
        if person is None:
            raise click.UsageError("an answer of interface 5206 does not say whose it is: give --person ID")
        opening = opening_history(book, rows, person, scheme=scheme)
        return opening.history, opening.unread
    found: History | None = read_history(file)
    assert found is not None, "a file was named"
    check_history(book.all_meters, found)
    return found, ()


def _settled(
    book: Rulebook, file: str, before: History | None, parameters: dict[str, str], known_on: datetime.date | None
) -> tuple[list[Settlement], History]:
    """The claims of a file settled, and all that they leave behind. Raises ``ClaimError``."""
    from policyengine.chain import Chain
    from policyengine.cli.settle import located
    from policyengine.errors import ClaimError, Diagnostic
    from policyengine.records import read_records

    chain = Chain(book, before, parameters or None, known_on=known_on)
    wrong: list[Diagnostic] = []
    settled: list[Settlement] = []
    for record in read_records(file):
        try:
            settled.append(chain.settle(record.taken()))
        except ClaimError as error:
            wrong += located(record, error)
    if wrong:
        raise ClaimError(wrong)
    return settled, chain.whole_history()
