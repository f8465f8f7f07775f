"""How far a run over many claims has come, and what is said where it is interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

Told = Callable[[int, int | None], None]

QUIET = click.option("--quiet", is_flag=True, help="Show no bar; without a terminal none is shown anyway.")
CHECKPOINT = click.option(
    "--checkpoint", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Keep the run in FILE while it goes on; the same command goes on from there after an interruption.",
)  # fmt: skip


@contextmanager
def shown(quiet: bool) -> Iterator[Told | None]:
    """A bar on standard error, with rate and time left, if that is a terminal. A run that is interrupted and kept says
    where."""
    from policyengine.bulk.checkpoint import Stopped
    from policyengine.bulk.progress import Progress

    try:
        if quiet:
            yield None
            return
        with Progress(None) as bar:

            def told(claims: int, total: int | None) -> None:
                bar.bar.update(bar.task, total=total)
                bar.advance(claims)

            yield told
    except Stopped as stopped:
        text = f"interrupted after {stopped.position:,} claims; the same command goes on from {stopped.path}"
        click.echo(text, err=True)
        raise
