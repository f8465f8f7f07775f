"""policyengine case – the course of a stay and its ledger, in a store: who owes, who advanced, who paid."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import BAD_INPUT, FINE
from policyengine.cli.options import KNOWN_ON, LANG, PARAMETERS, ROOTS, day, epilog_of, with_examples

if TYPE_CHECKING:
    from datetime import date

    from policyengine.cases import Store
    from policyengine.cases.store.reading import Step

STORE = click.argument("store", metavar="STORE")
JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")
PERSONS = click.option("--person", "persons", multiple=True, metavar="ID", help="Only this person; may be repeated.")
EXAMPLES = (
    "policyengine case open cases.db s-17 --ruleset cn/heilongjiang/shuangyashan/raohe --person p-17 "
    "--id k-1 --on 2017-06-01 --at 2017-06-01T08:30:00+08:00",
    "policyengine case show cases.db s-17",
)


def sent(on: str, at: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The options of every command that writes: its id, its day, with the help ``on``, its instant, such as ``at``."""

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        told = f"When it is recorded: {at}."
        function = click.option("--at", "at", required=True, metavar="INSTANT", help=told)(function)
        function = click.option("--on", "on", required=True, callback=day, metavar="DATE", help=on)(function)
        return click.option("--id", "command_id", required=True, metavar="ID", help="The id of this command.")(function)

    return decorated


@click.group("case", context_settings={"help_option_names": ["-h", "--help"]}, epilog=epilog_of(*EXAMPLES))
def command() -> None:
    """The course of a stay and its ledger, kept in STORE: the path of a SQLite file, or the URL of a database.

    Commands carry ids that their callers make; one that is sent again is answered with its stored result.
    """


@contextmanager
def opened(place: str, create: bool = False) -> Iterator[Store]:
    """The store at a place, closed afterwards. Raises ``CaseError``."""
    from policyengine.cases import open_store
    from policyengine.cli.rules import load_rules

    store = open_store(place, rules=load_rules, create=create)
    try:
        yield store
    finally:
        store.close()


@with_examples("open", EXAMPLES[0])
@STORE
@click.argument("case")
@click.option("--ruleset", required=True, help="The rule set by which the stay is settled.")
@click.option("--person", required=True, metavar="ID", help="The opaque id of the person.")
@sent("The day of registration.", "2017-06-01T08:30:00+08:00")
@KNOWN_ON
@PARAMETERS
@ROOTS
def open_(
    store: str,
    case: str,
    ruleset: str,
    person: str,
    command_id: str,
    on: date,
    at: str,
    known_on: date | None,
    parameters: dict[str, str],
) -> int:
    """Register CASE in STORE, which is made if it is not there."""
    stated: dict[str, Any] = {"id": command_id, "case": case, "kind": "open", "on": on, "at": at}
    stated |= {"person": person, "ruleset": ruleset}
    stated |= {"known_on": known_on} if known_on else {}
    stated |= {"parameters": parameters} if parameters else {}
    with opened(store, create=True) as found:
        _say(found.run(stated))
    return FINE


@with_examples(
    "event",
    "policyengine case event cases.db stay.jsonl",
    """echo '{"id": "k-9", "case": "s-17", "kind": "close", "on": "2017-07-20", "at": "2017-07-20T09:00:00+08:00"}' """
    "| policyengine case event cases.db -",
)
@STORE
@click.argument("commands", type=click.Path(dir_okay=False, allow_dash=True))
@JSON
@ROOTS
def event(store: str, commands: str, as_json: bool) -> int:
    """Run COMMANDS, JSON objects one a line, or `-` for standard input, each in a transaction of its own.

    The first one that is refused ends the run; those before it stand. Sent again as a whole, the file changes nothing
    that it has changed before.
    """
    from policyengine.cli.output import complain
    from policyengine.errors import PolicyError
    from policyengine.report.data import json_text

    with opened(store, create=True) as found:
        for data in lines_of(commands):
            try:
                result = found.run(data)
            except PolicyError as error:
                complain(error.diagnostics)
                return BAD_INPUT
            if as_json:
                click.echo(json_text({**result.data, "replayed": result.replayed}))
            else:
                _say(result)
    return FINE


def lines_of(name: str) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines. Raises ``ClaimError`` with the place."""
    from policyengine.claim import Document, decoded, value_of
    from policyengine.cli.files import read_bytes
    from policyengine.errors import ClaimError, Diagnostic, Span

    data = sys.stdin.buffer.read() if name == "-" else read_bytes(name, "commands")
    text = decoded(data, name)
    document, start = Document(name, text), 0
    while start < len(text):
        if text[start].isspace():
            start += 1
            continue
        at = start
        value, start = value_of(document, start, whole=False)
        if not isinstance(value, dict):
            line = text.count("\n", 0, at) + 1
            raise ClaimError(Diagnostic("E631", "a command is a JSON object", Span(name, line, 1), "{…}"))
        yield value


def _say(result: Any) -> None:
    """What a command came to, in a line."""
    from policyengine.cli.output import safe, say

    data = result.data
    again = " (again; nothing was done)" if result.replayed else ""
    left = ", ".join(f"{one['party']} {one['nature']} {one['amount']}" for one in data["left"])
    said = f"{data['case']} {data['event']} {data['kind']}: {data['stage']}"
    say(safe(f"{said}{'; left: ' + left if left else ''}{again}"))


def _steps(store: str, case: str) -> tuple[Step, ...]:
    from policyengine.cases.store.reading import steps_of

    with opened(store) as found, found.reading() as connection:
        return steps_of(connection, case)


@with_examples("show", "policyengine case show cases.db s-17 --lang zh")
@STORE
@click.argument("case")
@LANG
@JSON
def show(store: str, case: str, lang: Any, as_json: bool) -> int:
    """The course of CASE: what happened, what is left to pay, what is legal next."""
    from policyengine.report.case import case_data, case_text

    steps = _steps(store, case)
    _write(case_data(steps) if as_json else case_text(steps, lang), as_json)
    return FINE


@with_examples("ledger", "policyengine case ledger cases.db s-17")
@STORE
@click.argument("case")
@LANG
@JSON
def ledger(store: str, case: str, lang: Any, as_json: bool) -> int:
    """The ledger of CASE: every posting, which sums to zero, and the balances."""
    from policyengine.report.case import ledger_data, ledger_text

    steps = _steps(store, case)
    _write(ledger_data(steps) if as_json else ledger_text(steps, lang), as_json)
    return FINE


def _write(found: Any, as_json: bool) -> None:
    from policyengine.cli.output import say, text_of
    from policyengine.report.data import json_text

    say(json_text(found) if as_json else text_of(found).rstrip("\n"))


@with_examples(
    "run",
    "policyengine case run cases.db cn/heilongjiang/shuangyashan/raohe/second_compensation --window 2017 "
    "--id k-80 --on 2018-01-10 --at 2018-01-10T09:00:00+08:00",
)
@STORE
@click.argument("ruleset")
@click.option("--window", metavar="WINDOW", help="Which month or year, such as 2017; if there are several.")
@sent("The day of the run.", "2018-01-10T09:00:00+08:00")
@PERSONS
@PARAMETERS
@JSON
@ROOTS
def run(
    store: str,
    ruleset: str,
    window: str | None,
    command_id: str,
    on: date,
    at: str,
    persons: tuple[str, ...],
    parameters: dict[str, str],
    as_json: bool,
) -> int:
    """Settle RULESET, a run, over the settlements that stand in STORE; each member's award is a case of its own."""
    with opened(store) as found:
        _say_awards(
            found, found.award(ruleset, command_id, on, at, window, parameters or None, persons), "award", as_json
        )
    return FINE


def _say_awards(store: Store, cases: tuple[str, ...], kind: str, as_json: bool) -> None:
    """What the event of a kind moved in each case, by fund."""
    from policyengine.cases.ledger import PATIENT
    from policyengine.cases.store.reading import steps_of
    from policyengine.cli.output import safe, say
    from policyengine.money import text_of
    from policyengine.report.data import json_text

    with store.reading() as connection:
        last = [next(s for s in reversed(steps_of(connection, case)) if s.event.kind == kind) for case in cases]
    for step in last:
        owed = {e.party: text_of(e.amount, step.after.exponent) for e in step.posting if e.party != PATIENT}
        told = {"case": step.after.id, "awarded": owed}
        said = ", ".join(f"{party} {amount}" for party, amount in owed.items())
        say(json_text(told) if as_json else safe(f"{step.after.id}: {said or 'nothing'}"))


@with_examples(
    "take-back",
    "policyengine case take-back cases.db y-1 --id y-2 --on 2018-03-02 --at 2018-03-02T09:00:00+08:00 "
    "--reason 'a claim was corrected'",
)
@STORE
@click.argument("run")
@sent("The day on which it is taken back.", "2018-03-02T09:00:00+08:00")
@click.option("--reason", required=True, help="Why.")
@PERSONS
@JSON
@ROOTS
def take_back(
    store: str, run: str, command_id: str, on: date, at: str, reason: str, persons: tuple[str, ...], as_json: bool
) -> int:
    """Take back what the run of the id RUN awarded (冲正), so that it can be run again.

    What the run counted is again what it was before, and each award is posted with the opposite sign; what a fund has
    paid of it, it gets back (`reclaim`).
    """
    with opened(store) as found:
        _say_awards(found, found.take_back(run, command_id, on, at, reason, persons), "reverse", as_json)
    return FINE


@with_examples("replay", "policyengine case replay cases.db s-17", "policyengine case replay cases.db")
@STORE
@click.argument("case", required=False)
@ROOTS
def replay(store: str, case: str | None) -> int:
    """Settle every claim of CASE, or of all cases, once more, by its rule set and after what was counted before it; and
    make every award again, by the settlements that stand now.

    Exit code 1 if what comes of it is not what the events say: the rule set is another since, a settlement behind an
    award is, or the store is wrong.
    """
    from policyengine.cases.store.reading import case_ids
    from policyengine.cases.store.replaying import replayed
    from policyengine.cli.guard import FINDINGS
    from policyengine.cli.output import safe, say

    with opened(store) as found, found.reading() as connection:
        made = tuple(replayed(connection, case_ids(connection) if case is None else (case,), found.book))
    for one in made:
        rules = ", by another version of the rule set" if one.other_rules else ""
        said = f"another {', '.join(one.differs)}{rules}" if one.differs else "the same"
        say(safe(f"{one.case} {one.event} {one.claim}: {said}"))
    if not made:
        say(safe(f"{case or 'the store'}: nothing was settled"))
    return FINDINGS if any(one.differs for one in made) else FINE


@with_examples("verify", "policyengine case verify cases.db")
@STORE
def verify(store: str) -> int:
    """Compute every hash, every sum and every row of STORE again that follows from its events.

    Exit code 1 if anything is wrong; every row that is wrong is named.
    """
    from policyengine.cli.guard import FINDINGS
    from policyengine.cli.output import complain, say, so_many

    with opened(store) as found:
        wrong = found.verify()
    if wrong:
        complain(wrong)
    say("the store is sound" if not wrong else so_many(len(wrong), "finding"))
    return FINDINGS if wrong else FINE


@with_examples(
    "erase",
    "policyengine case erase cases.db p-17 --id k-90 --on 2027-07-20 --at 2027-07-20T09:00:00+08:00",
)
@STORE
@click.argument("person")
@sent("The day of the erasure.", "2027-07-20T09:00:00+08:00")
def erase(store: str, person: str, command_id: str, on: date, at: str) -> int:
    """Forget the id of PERSON; the cases and their money trail stay, under an alias that tells nothing."""
    from policyengine.cli.output import safe, say

    with opened(store) as found:
        cases = found.erase(person, command_id, on, at)
    say(safe(f"erased; cases that stay under an alias: {', '.join(cases) or 'none'}"))
    return FINE


@with_examples(
    "reconcile",
    "policyengine case reconcile cases.db statement.jsonl --party pooled_fund --from 2017-07-01 --to 2017-08-01",
)
@STORE
@click.argument("statement", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--party", required=True, help="Whose statement it is: a payer, or `patient`.")
@click.option("--from", "since", required=True, callback=day, metavar="DATE", help="The first day of the period.")
@click.option("--to", "until", required=True, callback=day, metavar="DATE", help="The day after its last one.")
@LANG
@JSON
def reconcile(store: str, statement: str, party: str, since: date, until: date, lang: Any, as_json: bool) -> int:
    """Hold what PARTY paid according to STORE against STATEMENT (对账).

    STATEMENT holds JSON objects with `reference` (the id of our command), `case`, `party`, `on` and `amount`, refunds
    negative. Totals with and without refunds come first, then every difference with its kind. Exit code 1 if any.
    """
    from policyengine.cases.reconcile import Stated, line_of, reconciled
    from policyengine.cases.store.reading import lines_of as ours_of
    from policyengine.cli.guard import FINDINGS
    from policyengine.money import exponent_of
    from policyengine.report.reconciled import reconciled_data, reconciled_text

    theirs = [line_of(Stated.model_validate(one)) for one in lines_of(statement)]
    with opened(store) as found, found.reading() as connection:
        ours = ours_of(connection, party)
    answer = reconciled(ours, theirs, (since, until))
    exponent = exponent_of(next((line.currency for line in (*ours, *theirs)), "CNY"))
    _write(reconciled_data(answer, exponent) if as_json else reconciled_text(answer, exponent, lang), as_json)
    return FINDINGS if answer.differences else FINE


for _one in (open_, event, show, ledger, run, take_back, replay, verify, reconcile, erase):
    command.add_command(_one)
