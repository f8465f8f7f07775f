"""policyengine resettle – claims settled again, with something otherwise: what changes, and what is due."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import HISTORY, LANG, PARAMETERS, RULESET, day, with_examples

if TYPE_CHECKING:
    from datetime import date

    from policyengine.claim import Claim
    from policyengine.errors import Diagnostic
    from policyengine.records import Record
    from policyengine.resettlement import Change, Resettlement

Files = tuple[str, ...]


def _tag(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, str] | None:
    """``PERSON=TAG`` as a pair. Raises ``click.BadParameter``."""
    if value is None:
        return None
    person, equals, tag = value.partition("=")
    if not (equals and person.strip() and tag.strip()):
        raise click.BadParameter("not PERSON=TAG, such as p-17=registered_poor")
    return person.strip(), tag.strip()


@with_examples(
    "resettle",
    "policyengine test cn/shanxi/136 --claims D-3 > claims.jsonl",
    "policyengine resettle cn/shanxi/136 claims.jsonl --reverse c1",
    "policyengine resettle cn/shanxi/136 claims.jsonl --tag p1=subsistence --from 2018-01-01 --json",
)
@RULESET
@click.argument("claims", type=click.Path(dir_okay=False))
@click.option("--reverse", "reversed_ids", multiple=True, metavar="CLAIM_ID", help="Take a claim back; repeatable.")
@click.option("--correct", multiple=True, type=click.Path(dir_okay=False), metavar="FILE",
              help="Claims as they should have been, or corrections of them with negative lines.")  # fmt: skip
@click.option("--insert", multiple=True, type=click.Path(dir_okay=False), metavar="FILE",
              help="Claims that were handed in late.")  # fmt: skip
@click.option("--tag", callback=_tag, metavar="PERSON=TAG", help="The person has the tag from the day of --from on.")
@click.option("--from", "since", callback=day, metavar="DATE", help="The first day of --tag.")
@click.option("--new-rules", metavar="RULESET", help="Settle again by other rules, such as an overlay of RULESET.")
@click.option("--known-on", "known_on", callback=day, metavar="DATE",
              help="As of which day the rules were known at first; default: each claim's settlement date.")  # fmt: skip
@click.option("--now", callback=day, metavar="DATE", help="As of which day they are known now; default: as at first.")
@HISTORY
@PARAMETERS
@click.option("--draft", is_flag=True, help="Settle by rule sets whose status is draft, to try them.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(
    ruleset: str,
    claims: str,
    reversed_ids: Files,
    correct: Files,
    insert: Files,
    tag: tuple[str, str] | None,
    since: date | None,
    new_rules: str | None,
    known_on: date | None,
    now: date | None,
    history: str | None,
    parameters: dict[str, str],
    draft: bool,
    lang: Any,
    as_json: bool,
) -> int:
    """Settle CLAIMS as they first were, and again with what is otherwise; show what changes and what is due.

    CLAIMS holds all claims of a person in the order of their settlement; of a whole household where a rule file counts
    by household. Changes are made in the order: reversed, corrected, inserted, tagged. Nothing is booked: the answer
    says for every claim whose settlement changes what each payer bore, bears now, and is to pay after or to get back.
    """
    from policyengine.cli.files import read_history
    from policyengine.cli.output import say
    from policyengine.cli.rules import load_rules
    from policyengine.resettlement import resettle

    if (tag is None) != (since is None):
        raise click.UsageError("--tag and --from go together")
    book = load_rules(ruleset)
    other = load_rules(new_rules) if new_rules else None
    records = Records()
    first = records.read(claims)
    changes = _changes(records, reversed_ids, correct, insert, tag, since)
    with records.placing():
        found = resettle(
            book, first, changes, history=read_history(history), new_rules=other, known_on=known_on, now=now,
            parameters=parameters or None, allow_draft=draft,
        )  # fmt: skip
    say(_text(found, lang, as_json))
    return FINE


class Records:
    """Files of claims, each record with its place, so that what is wrong with a claim is told there."""

    def __init__(self) -> None:
        self.found: list[Record[Claim]] = []

    def read(self, *files: str) -> list[Claim]:
        """The claims of files. Raises ``ClaimError`` with everything that is wrong in them."""
        from policyengine.errors import ClaimError
        from policyengine.records import read_records

        records = [record for file in files for record in read_records(file)]
        wrong = [d for record in records if record.error is not None for d in record.error.diagnostics]
        if wrong:
            raise ClaimError(wrong)
        self.found += records
        return [record.taken() for record in records]

    @contextmanager
    def placing(self) -> Iterator[None]:
        """``ClaimError``s raised inside leave with the places of the claims that they name."""
        from policyengine.errors import ClaimError

        try:
            yield
        except ClaimError as error:
            placed = [self._placed(found) for found in error.diagnostics]
        else:
            return
        raise ClaimError(placed)

    def _placed(self, found: Diagnostic) -> Diagnostic:
        from policyengine.claim import quoted
        from policyengine.errors import ClaimError

        named = [r for r in self.found if found.record == f"claim {quoted(r.taken().id)}"]
        if not named or found.span is not None:
            return found
        located = named[-1].located(ClaimError(found)).diagnostics[0]
        return replace(located, span=located.span or named[-1].place)


def _changes(
    records: Records,
    reversed_ids: Files,
    correct: Files,
    insert: Files,
    tag: tuple[str, str] | None,
    since: date | None,
) -> list[Change]:
    from policyengine.resettlement import Correct, Insert, Register, Reverse

    changes: list[Change] = [Reverse(claim_id) for claim_id in reversed_ids]
    changes += [Correct(claim) for claim in records.read(*correct)]
    changes += [Insert(claim) for claim in records.read(*insert)]
    if tag is not None and since is not None:
        changes.append(Register(*tag, since))
    return changes


def _text(found: Resettlement, lang: Any, as_json: bool) -> str:
    from policyengine.report.resettlement import resettlement_data, resettlement_text

    if as_json:
        from policyengine.report.data import json_text

        return json_text(resettlement_data(found))
    from policyengine.cli.output import text_of

    return text_of(resettlement_text(found, lang)).rstrip("\n")
