"""policyengine settle – claims in, settlements out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from policyengine.cli.guard import BAD_INPUT, FINDINGS, FINE
from policyengine.cli.options import HISTORY, KNOWN_ON, LANG, PARAMETERS, RULESET, with_examples

if TYPE_CHECKING:
    from datetime import date

    from policyengine.chain import Chain
    from policyengine.claim import Claim, Document
    from policyengine.codemaps import Translated
    from policyengine.entitlements import Shown
    from policyengine.errors import ClaimError, Diagnostic
    from policyengine.questions import Bounds
    from policyengine.records import Record
    from policyengine.settlement import Settlement

    Read = Callable[[Document, int, Any], Translated]

SPOOLED = 16 * 2**20
"""Bytes of output that are held in memory until every claim of a file has been settled."""


@with_examples(
    "settle",
    "policyengine test cn/shanxi/136 --claims D-3 > claim.json",
    "policyengine settle cn/shanxi/136 claim.json --explain --lang zh",
    "policyengine settle cn/shanxi/136 - < claim.json > settlement.json",
)
@RULESET
@click.argument("claims", type=click.Path(dir_okay=False, allow_dash=True))
@HISTORY
@click.option("--evidence", type=click.Path(dir_okay=False), metavar="FILE",
              help="What persons have shown, JSON, one a line: tags are as it says, whatever claims say.")  # fmt: skip
@PARAMETERS
@KNOWN_ON
@click.option("--pre", "preliminary", is_flag=True,
              help="Presettle (预结算): what a settlement would be; nothing is consumed or booked.")  # fmt: skip
@click.option(
    "--codes", multiple=True, metavar="MAP", help="Read claims in the codes of this map (`national`, or a file)."
)
@click.option("--no-assumed", is_flag=True, help="Refuse settlements that rest on what no source says.")
@click.option("--draft", is_flag=True, help="Settle by a rule set whose status is draft, to try it.")
@LANG
@click.option("--explain", is_flag=True, help="Tell the reckoning step by step, each with the sentence behind it.")
@click.option("--lines", is_flag=True, help="Tell who pays how much of each fee line, too.")
@click.option("--why-not", is_flag=True, help="Tell what did not apply, which facts would pay more, and the room left.")
@click.option("--bounds", is_flag=True, help="Tell of a claim with unknown facts between what amounts it lies.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON Lines: one settlement a line.")
@click.option("--trace", is_flag=True, help="Write JSON Lines with every step of the reckoning.")
def command(
    ruleset: str,
    claims: str,
    history: str | None,
    evidence: str | None,
    parameters: dict[str, str],
    known_on: date | None,
    preliminary: bool,
    codes: tuple[str, ...],
    no_assumed: bool,
    draft: bool,
    lang: Any,
    explain: bool,
    lines: bool,
    why_not: bool,
    bounds: bool,
    as_json: bool,
    trace: bool,
) -> int:
    """Settle CLAIMS under RULESET.

    CLAIMS is a JSON file with one claim or a list of claims, a JSON Lines file, or `-` for JSON Lines on standard
    input. A person's claims stand in the order of their days; what each leaves behind is carried on to the next.

    A file is settled as a whole: if any claim is bad, nothing is written. Standard input is answered line by line:
    one settlement as JSON for each claim, or {"error": [...]} for a bad one, and the next claim is read.

    With --evidence the rule set's entitlements are derived for each claim, on the day that selects the rules, from what
    its person has shown; they take the place of the tags and flags that the claim states.

    A claim that names facts under `unknown` is refused, unless --bounds asks for its range. The exit code is then 1 if
    any amount hangs on facts that are missing.
    """
    from policyengine.chain import Chain
    from policyengine.cli.files import read_history
    from policyengine.cli.rules import load_rules, placed

    streaming = claims == "-"
    if explain and (as_json or trace or streaming):
        raise click.UsageError("--explain is for text; JSON tells the reckoning with --trace")
    book = load_rules(ruleset)
    with placed(ruleset):
        chain = Chain(book, read_history(history), parameters or None, not no_assumed, known_on, draft, preliminary)
        fed = None if evidence is None else shown_in(evidence, ruleset, known_on)
    told = Told(lang, explain, lines, trace, why_not, bounds, as_json or trace or streaming, bool(codes), fed)
    read = reader(codes)
    between = "" if as_json or trace else "\n"
    return _stream(chain, told, read) if streaming else _file(chain, claims, told, read, between)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of each settlement. ``fed``: what evidence makes of a claim before it is settled."""

    lang: Any
    explain: bool
    lines: bool
    trace: bool
    why_not: bool
    bounds: bool
    in_json: bool
    coded: bool = False
    fed: Callable[[Claim], Claim] | None = None

    def answer(self, chain: Chain, read: Translated) -> tuple[str, int]:
        """What is written of the next claim, and the exit code that it asks for."""
        claim = read.claim if self.fed is None else self.fed(read.claim)
        if not (self.bounds and claim.minor.unknown):
            settlement = chain.settle(claim)
            return self.as_json(settlement, read) if self.in_json else self.as_text(settlement, read), FINE
        from policyengine.questions import bounds_in

        found = bounds_in(chain, claim)
        return self._bounds(found), FINE if found.settled else FINDINGS

    def _bounds(self, found: Bounds) -> str:
        from policyengine.report.bounds import bounds_data, bounds_text

        if self.in_json:
            from policyengine.report.data import json_text

            return json_text(bounds_data(found)) + "\n"
        from policyengine.cli.output import text_of

        return text_of(bounds_text(found, self.lang)).rstrip("\n") + "\n"

    def as_json(self, settlement: Settlement, read: Translated) -> str:
        from policyengine.report.data import json_text, settlement_data

        data = settlement_data(settlement, self.trace, self.lines)
        if self.why_not:
            from policyengine.questions import why_not
            from policyengine.report.why_not import why_not_data

            data["why_not"] = why_not_data(settlement, why_not(settlement))
        if self.coded:
            data["translated"] = [asdict(change) for change in read.changes]
        return json_text(data) + "\n"

    def as_text(self, settlement: Settlement, read: Translated) -> str:
        from policyengine.cli.output import text_of
        from policyengine.report.text import settlement_text

        parts = [settlement_text(settlement, self.lang, self.explain, self.lines)]
        if self.why_not:
            from policyengine.questions import why_not
            from policyengine.report.why_not import why_not_text

            parts.append(why_not_text(settlement, why_not(settlement), self.lang))
        if read.changes:
            from policyengine.report.translated import translated_text

            parts.append(translated_text(read.changes, self.lang))
        return "\n\n".join(text_of(part).rstrip("\n") for part in parts) + "\n"


def shown_in(name: str, ruleset: str, known_on: date | None) -> Shown:
    """The evidence in a file, read by a rule set. Raises ``RuleError`` for one without entitlements, ``ClaimError``
    with everything that is wrong in the file."""
    from policyengine.cli.rules import placed
    from policyengine.entitlements import Evidences, Shown
    from policyengine.entitlements.law import law_at
    from policyengine.errors import ClaimError
    from policyengine.records import read_as

    with placed(ruleset) as place:
        law = law_at(place)
    wrong: list[Diagnostic] = []
    found = Shown(law, known_on)
    for record in read_as(name, Evidences.validate_in):
        try:
            found.take(record.taken())
        except ClaimError as error:
            wrong += located(record, error)
    if wrong:
        raise ClaimError(wrong)
    return found


def reader(names: tuple[str, ...]) -> Read:
    """How claims are read: as they are, or by maps of codes. Raises ``RuleError``."""
    from policyengine.codemaps import load_map, translator

    return translator([load_map(name) for name in names])


def _file(chain: Chain, claims: str, told: Told, read: Read, between: str) -> int:
    """Everything is settled before anything is written; ``between``: what stands between two settlements."""
    from policyengine.errors import ClaimError
    from policyengine.records import read_as

    wrong: list[Diagnostic] = []
    code = FINE
    with _spooled() as spool:
        for record in read_as(claims, read):
            try:
                text, found = told.answer(chain, record.taken())
                code = max(code, found)
            except ClaimError as error:
                wrong += located(record, error)
            else:
                if not wrong:
                    spool.write((between if spool.tell() else "") + text)
        if wrong:
            raise ClaimError(wrong)
        spool.seek(0)
        while block := spool.read(2**16):
            click.echo(block, nl=False)
    return code


def located(record: Record[Any], error: ClaimError) -> tuple[Diagnostic, ...]:
    """What is wrong with a record; what no field is to blame for stands where the record begins."""
    found = record.located(error).diagnostics
    return tuple(replace(d, span=d.span or record.place) for d in found)


@contextmanager
def _spooled() -> Iterator[IO[str]]:
    with tempfile.SpooledTemporaryFile(SPOOLED, "w+", encoding="utf-8", newline="") as spool:
        yield spool


def _stream(chain: Chain, told: Told, read: Read) -> int:
    """One line out for each line in, at once."""
    from policyengine.cli.output import complain
    from policyengine.errors import ClaimError
    from policyengine.records import read_as
    from policyengine.report.data import error_data, json_text

    code = FINE
    for record in read_as(Path("-"), read, "lines"):
        try:
            text, found = told.answer(chain, record.taken())
            code = max(code, found)
        except ClaimError as error:
            wrong = located(record, error)
            text, code = json_text(error_data(wrong)) + "\n", BAD_INPUT
            complain(wrong)
        click.echo(text, nl=False)
    return code
