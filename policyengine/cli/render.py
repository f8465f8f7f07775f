"""policyengine render – rule sets as policy documents."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import LANG, ROOTS, day, path, with_examples
from policyengine.cli.output import say
from policyengine.errors import printable

if TYPE_CHECKING:
    from policyengine.render import Page, Subject
    from policyengine.rulebook import Place

SUFFIXES = {"markdown": ".md", "html": ".html"}


@with_examples(
    "render",
    "policyengine render cn/shanxi/136 --lang zh",
    "policyengine render cn/heilongjiang/shuangyashan/raohe --on 2016-05-03 --format html -o raohe.html",
)
@click.argument("ruleset", required=False)
@ROOTS
@click.option("--on", callback=day, metavar="DATE", help="The version of this day; default the last one.")
@LANG
@click.option("--format", "form", type=click.Choice(list(SUFFIXES)), help="Default: markdown; html for --all.")
@click.option("-o", "--out", "out", type=click.Path(), metavar="FILE", help="Where to write; a folder for --all.")
@click.option("--all", "every", is_flag=True, help="Every rule set in both languages, with an index by place.")
def command(
    ruleset: str | None, on: datetime.date | None, lang: Any, form: str | None, out: str | None, every: bool
) -> int:
    """Write RULESET as a document that people can read: what it pays to whom, in which order, and who says so.

    The figures of the benefit list are found by evaluating the rules, so that what is extended or changed is already
    in them. Every provision stands with the sentence that states it; what is assumed is marked.
    """
    if every:
        if ruleset is not None or on is not None or out is None:
            raise click.UsageError("--all goes with -o FOLDER, and with neither RULESET nor --on")
        return _write_all(Path(out), form or "html")
    if ruleset is None:
        raise click.UsageError("name a RULESET, or say --all")
    from policyengine.cli.rules import placed
    from policyengine.render import document_of

    with placed(ruleset) as place:
        text = _text(document_of(_subject(ruleset, place, on), lang), form or "markdown")
    if out is None:
        say(text.rstrip("\n"))
    else:
        _write(Path(out), text)
    return FINE


def _write_all(folder: Path, form: str) -> int:
    from policyengine.render.site import site_of
    from policyengine.rulebook import known_places

    subjects = [_subject(place.name, place, None) for place in known_places(path())]
    pages = 0
    for name, page in site_of(subjects, SUFFIXES[form]):
        _write(folder / name, _text(page, form))
        pages += 1
    say(f"{pages} pages of {len(subjects)} rule sets below {printable(str(folder))}")
    return FINE


def _subject(name: str, place: Place, on: datetime.date | None) -> Subject:
    from policyengine.assemble import read
    from policyengine.loading import load
    from policyengine.render import subject_of

    return subject_of(load(name, path()), read(place), on)


def _text(page: Page, form: str) -> str:
    from policyengine.render import html_of, markdown_of

    return html_of(page) if form == "html" else markdown_of(page)


def _write(file: Path, text: str) -> None:
    """Raises ``RuleError`` if the file cannot be written."""
    from policyengine.errors import Diagnostic, RuleError

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    except OSError as error:
        message = f"the page cannot be written: {error.strerror}"
        raise RuleError(Diagnostic("E691", message, None, "a file that can be written", record=str(file))) from None
