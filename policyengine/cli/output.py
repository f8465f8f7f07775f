"""Writing: results to standard output, diagnostics to standard error; colour on terminals only."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Final

import click

from policyengine.errors import LIMIT_SHOWN, Diagnostic, printable, render

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH: Final = 120
"""Columns of a text that does not go to a terminal."""

_SEVERITY = re.compile(r"(?<=: )(error|warning|note)(?=\[)|^(error|warning|note)(?=\[)", re.MULTILINE)
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def safe(text: str) -> str:
    """``text`` with every character escaped that does not print, line ends aside."""
    return "\n".join(printable(line) for line in text.split("\n"))


def complain(diagnostics: Sequence[Diagnostic]) -> None:
    """Diagnostics to standard error, twenty at most."""
    write_diagnostics(diagnostics, sys.stderr, LIMIT_SHOWN)


def write_diagnostics(diagnostics: Sequence[Diagnostic], stream: IO[str], limit: int | None = None) -> None:
    """Diagnostics as text; ``limit`` cuts the list with an "and n more"."""
    text = render(diagnostics) if limit else "\n".join(d.render() for d in diagnostics)
    coloured = _SEVERITY.sub(lambda m: click.style(m[0], fg=_COLOURS[m[0]], bold=True), safe(text))
    click.echo(coloured, file=stream)


def text_of(renderable: RenderableType, colour: bool | None = None, width: int = WIDTH) -> str:
    """What rich makes of ``renderable``, without blanks at the ends of lines.

    ``colour``: default, on terminals only. ``width``: columns where the text does not go to a terminal.
    """
    from rich.console import Console

    terminal = sys.stdout.isatty() if colour is None else colour
    console = Console(
        file=sys.stdout, force_terminal=terminal, width=None if terminal else width, highlight=False, emoji=False,
        markup=False, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as captured:
        console.print(renderable)
    return "\n".join(line.rstrip(" ") for line in captured.get().split("\n"))


def so_many(number: int, noun: str) -> str:
    """So many of something: `1 finding`, `2 findings`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def say(text: str) -> None:
    """A result to standard output."""
    click.echo(text)
