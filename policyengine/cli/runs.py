"""policyengine year-end, policyengine month-end – settlements in, the settlements of a run out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import HISTORY, KNOWN_ON, LANG, PARAMETERS, RULESET, pairs

if TYPE_CHECKING:
    from policyengine.claim import History
    from policyengine.errors import ClaimError, Diagnostic
    from policyengine.records import Record
    from policyengine.rulebook import Rulebook
    from policyengine.runs import Affordable, Given, RunClaims, RunResult

OPTIONS: tuple[Callable[..., Any], ...] = (
    RULESET,
    click.argument("settlements", type=click.Path(dir_okay=False, allow_dash=True)),
    click.option("--of", "base", metavar="RULESET", help="Settle claims by this rule set first; by default by the one "
                 "whose settlements the run takes."),
    click.option("--of-param", "base_parameters", multiple=True, metavar="NAME=VALUE",
                 callback=lambda _ctx, _param, value: pairs(value), help="Give that rule set a parameter."),
    click.option("--window", metavar="WINDOW", help="Which year or month, such as 2016 or 2016-10; needed where the "
                 "settlements fall into several."),
    click.option("--people", type=click.Path(dir_okay=False), metavar="FILE",
                 help="What holds for members or households at the end of the window, as JSON Lines."),
    HISTORY,
    click.option("--history-after", type=click.Path(dir_okay=False), metavar="FILE",
                 help="Write the accumulators after the run, the --history of the next one."),
    click.option("--run-claims", type=click.Path(dir_okay=False), metavar="FILE",
                 help="Write the claims that the run is made of, as JSON Lines: what `policyengine verify` takes."),
    PARAMETERS,
    KNOWN_ON,
    click.option("--seek", metavar="NAME", help="Find the highest value of this parameter that --surplus affords."),
    click.option("--surplus", metavar="AMOUNT", help="What may be spent at most, in whole currency units."),
    click.option("--payer", metavar="PAYER", help="Whose total is held against the surplus; by default all funds."),
    click.option("--grain", metavar="STEP", help="Seek among multiples of it, such as 0.1%; by default the finest."),
    click.option("--no-assumed", is_flag=True, help="Refuse settlements that rest on what no source says."),
    LANG,
    click.option("--explain", is_flag=True, help="Tell each settlement step by step."),
    click.option("--json", "as_json", is_flag=True, help="One settlement a line, as JSON; one object with --seek."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says."""

    ruleset: str
    settlements: str
    base: str | None
    base_parameters: dict[str, str]
    window: str | None
    people: str | None
    history: str | None
    history_after: str | None
    run_claims: str | None
    parameters: dict[str, str]
    known_on: date | None
    seek: str | None
    surplus: str | None
    payer: str | None
    grain: str | None
    no_assumed: bool
    lang: Any
    explain: bool
    as_json: bool


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that the runs share, in this order."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def settle_after(after: str, asked: Asked) -> int:
    """Settle a run that takes place after ``after``."""
    from policyengine.cli.files import read_history
    from policyengine.cli.rules import load_rules

    _check_usage(asked)
    book = load_rules(asked.ruleset)
    _check_after(book, after)
    history = read_history(asked.history)
    made = _claims(book, asked)
    if asked.seek is not None:
        return _seek(book, made, history, asked)
    from policyengine.runs import settle_claims

    result = settle_claims(
        book, made, history, parameters=asked.parameters, allow_assumed=not asked.no_assumed, known_on=asked.known_on
    )
    _write(result, asked)
    return FINE


def _check_usage(asked: Asked) -> None:
    if (asked.seek is None) != (asked.surplus is None):
        raise click.UsageError("--seek and --surplus go together: what is sought, and what it may cost")
    if asked.seek is None and (asked.payer or asked.grain):
        raise click.UsageError("--payer and --grain go with --seek")
    if asked.seek is not None and asked.seek in asked.parameters:
        raise click.UsageError("a parameter is either given with --param or sought with --seek")
    if asked.explain and asked.as_json:
        raise click.UsageError("--explain is for text")


def _check_after(book: Rulebook, after: str) -> None:
    """Raises ``ClaimError`` if the rule set is no run, or one of another time."""
    from policyengine.errors import ClaimError, Diagnostic

    run = book.programs[0].run
    if run is None or run.after != after:
        when = "settles claims" if run is None else f"is settled after `{run.after}`"
        hint = "policyengine settle" if run is None else f"policyengine {run.after.replace('_', '-')}"
        raise ClaimError(
            Diagnostic("E660", f"{book.name} {when}", None, f"a run after `{after}`", hint, record=book.name)
        )


# -- what is handed in -------------------------------------------------------------------------------------------------


def _claims(book: Rulebook, asked: Asked) -> RunClaims:
    """The claims of the run. Raises ``ClaimError`` with the places of what is wrong."""
    from policyengine.errors import ClaimError
    from policyengine.runs import run_claims

    records = given_in(asked.settlements)
    rows = _rows(book, records, asked)
    try:
        return run_claims(book, rows, window=asked.window, people=_people(asked.people))
    except ClaimError as error:
        raise ClaimError(placed_in(records, error)) from None


def given_in(name: str) -> list[Record[Given]]:
    """What a file hands a run. Raises ``ClaimError`` with everything that cannot be read."""
    from policyengine.errors import ClaimError
    from policyengine.records import read_as
    from policyengine.runs import read_given

    records = list(read_as(name, read_given))
    wrong = [found for record in records if record.error for found in record.error.diagnostics]
    if wrong:
        raise ClaimError(wrong)
    return records


def _people(name: str | None) -> list[Any]:
    if name is None:
        return []
    from policyengine.records import read_as
    from policyengine.runs import Standing

    return [record.taken() for record in read_as(name, Standing.validate_in)]


def _rows(book: Rulebook, records: Sequence[Record[Any]], asked: Asked) -> list[Any]:
    """Settlements and rows as they are; claims settled first. Raises ``ClaimError``."""
    from policyengine.chain import Chain
    from policyengine.claim import Claim
    from policyengine.cli.rules import load_rules
    from policyengine.cli.settle import located
    from policyengine.errors import ClaimError

    chain: Chain | None = None
    rows: list[Any] = []
    wrong: list[Diagnostic] = []
    for record in records:
        given = record.taken()
        if not isinstance(given, Claim):
            rows.append(given)
            continue
        if chain is None:
            chain = Chain(load_rules(_base(book, asked, record)), None, asked.base_parameters or None)
        try:
            rows.append(chain.settle(given))
        except ClaimError as error:
            wrong += located(record, error)
    if wrong:
        raise ClaimError(wrong)
    return rows


def _base(book: Rulebook, asked: Asked, record: Record[Any]) -> str:
    """The rule set that settles the claims. Raises ``ClaimError`` if nobody says which."""
    from policyengine.errors import ClaimError, Diagnostic

    run = book.programs[0].run
    named = [] if run is None else [name for name in run.of if name not in ("settlements", "given")]
    if asked.base is None and len(named) != 1:
        text, expected = "a claim that nobody has settled yet", "settlements, rows, or `--of RULESET`"
        raise ClaimError(Diagnostic("E660", text, record.place, expected))
    return asked.base or named[0]


def placed_in(records: Sequence[Record[Any]], error: ClaimError) -> list[Diagnostic]:
    """What is wrong with rows, at the records that they were made of."""
    from policyengine.claim import quoted
    from policyengine.cli.settle import located
    from policyengine.errors import ClaimError

    of: dict[str, Record[Any]] = {}
    for record in records:
        given = record.taken()
        name = quoted(getattr(given, "claim", None) or given.id)
        of |= {f"{what} {name}": record for what in ("row", "settlement of claim")}
    found: list[Diagnostic] = []
    for diagnostic in error.diagnostics:
        at = of.get(diagnostic.record)
        found += [diagnostic] if at is None else located(at, ClaimError(diagnostic))
    return found


# -- what comes out ----------------------------------------------------------------------------------------------------


def _seek(book: Rulebook, made: RunClaims, history: History | None, asked: Asked) -> int:
    from policyengine.cli.output import say, text_of
    from policyengine.report.data import json_text
    from policyengine.report.run import affordable_data, affordable_text
    from policyengine.runs import highest_affordable

    assert asked.seek is not None
    found: Affordable = highest_affordable(
        book, made, asked.seek, asked.surplus, payer=asked.payer, grain=asked.grain, history=history,
        parameters=asked.parameters, allow_assumed=not asked.no_assumed, known_on=asked.known_on,
    )  # fmt: skip
    currency = book.programs[0].currency
    if asked.as_json:
        say(json_text(affordable_data(found, currency)))
    else:
        say(text_of(affordable_text(found, currency, asked.lang)).rstrip("\n"))
    if found.result is None:
        return FINDINGS
    if not asked.as_json:
        say("")
        _write(found.result, asked)
    else:
        _write_files(found.result, asked)
    return FINE


def _write(result: RunResult, asked: Asked) -> None:
    from policyengine.cli.output import say, text_of
    from policyengine.report.data import json_text, settlement_data
    from policyengine.report.run import run_text
    from policyengine.report.text import settlement_text

    _write_files(result, asked)
    if asked.as_json:
        for one in result.settlements:
            say(json_text(settlement_data(one)))
        return
    say(text_of(run_text(result, asked.lang)).rstrip("\n"))
    for one in result.settlements if asked.explain else ():
        say("\n" + text_of(settlement_text(one, asked.lang, True)).rstrip("\n"))


def _write_files(result: RunResult, asked: Asked) -> None:
    if asked.history_after is not None:
        Path(asked.history_after).write_text(result.history.model_dump_json() + "\n", encoding="utf-8")
    if asked.run_claims is not None:
        lines = [claim.model_dump_json(exclude_unset=True) + "\n" for claim in result.of.claims]
        Path(asked.run_claims).write_text("".join(lines), encoding="utf-8")
