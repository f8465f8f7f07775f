"""What `policyengine sweep` and `policyengine seek` share: levers by their addresses, options, a bar."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.options import LANG, OPENINGS, PARAMETERS, RULESET, SCHEME, day
from policyengine.cli.progress import QUIET, shown

if TYPE_CHECKING:
    from policyengine.rulebook import Rulebook
    from policyengine.ruleset import Ruleset
    from policyengine.sweep import Lever, Reading

FILE = click.Path(dir_okay=False, path_type=Path)
ALL_DAYS = "all"


def _on(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime.date | str | None:
    return value if value == ALL_DAYS else day(ctx, param, value)


SHARED: tuple[Callable[..., Any], ...] = (
    click.option("--columns", type=FILE, metavar="FILE", help="Which column states which fact, in which unit."),
    click.option("--lines", type=click.Path(path_type=Path), metavar="FILE",
                 help="The fee lines, as a table of their own."),
    click.option("--on", callback=_on, metavar="DAY",
                 help="Of several dated values, move the one in force on this day; `all` moves all of them."),
    PARAMETERS,
    OPENINGS,
    SCHEME,
    click.option("--sort", is_flag=True, help="Sort the claims by member and day first."),
    click.option("--draft", "allow_draft", is_flag=True, help="Take rule sets that are drafts."),
    click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Workers; default: one a processor."),
    QUIET,
    click.option("--json", "as_json", is_flag=True, help="Write JSON."),
    LANG,
)  # fmt: skip


def with_shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """RULESET and the options that both commands have, behind their own."""
    for option in reversed(SHARED):
        command = option(command)
    return RULESET(command)


@dataclass(frozen=True, slots=True)
class Rules:
    """A rule set as programs and as it is written. ``on``: a day, ``all``, or nothing."""

    book: Rulebook
    ruleset: Ruleset
    on: datetime.date | str | None

    def lever(self, address: str) -> Lever:
        from policyengine.sweep import lever_at

        if isinstance(self.on, datetime.date):
            return lever_at(self.ruleset, address, self.on)
        return lever_at(self.ruleset, address, all_days=self.on == ALL_DAYS)


@contextmanager
def rules(name: str, on: datetime.date | str | None) -> Iterator[Rules]:
    """The rule set of that name; its faults leave with paths."""
    from policyengine.cli.options import path
    from policyengine.cli.rules import placed
    from policyengine.loading import load
    from policyengine.sweep.family import ruleset_at

    with placed(name) as place:
        yield Rules(load(name, path()), ruleset_at(place), on)


def moving(text: str) -> tuple[str, str]:
    """``LEVER=range`` in two. The address of a cell may hold a sign of equality."""
    address, equals, values = text.rpartition("=")
    if not equals or not address.strip() or not values.strip():
        raise click.UsageError(f"`{text}` is not LEVER=low:high, such as ceiling=6000:14000:500")
    return address.strip(), values.strip()


@contextmanager
def reading(claims: Path, **said: Any) -> Iterator[Reading]:
    """How the claims are read, with a bar on standard error, if that is a terminal."""
    from policyengine.sweep import Reading

    with shown(said["quiet"]) as told:
        yield Reading(
            claims, said["columns"], said["lines"], said["sort"], said["threads"], told=told,
            checkpoint=said.get("checkpoint"), openings=said["openings"], scheme=said["scheme"],
        )  # fmt: skip
