"""policyengine synth – synthetic people and claims."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import ROOTS, with_examples
from policyengine.cli.output import say

if TYPE_CHECKING:
    from policyengine.synth import Order, Plan, Profile

_YEARS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?", re.ASCII)
FIRST_YEAR, LAST_YEAR, MOST_YEARS = 1990, 2199, 50
LARGEST = 8 * 10**9


def _years(_ctx: click.Context, _param: click.Parameter, value: str) -> tuple[int, int]:
    match = _YEARS.fullmatch(value)
    if match is None:
        raise click.BadParameter("not a year such as 2018, or years such as 2017-2019")
    first, last = int(match[1]), int(match[2] or match[1])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR or last - first >= MOST_YEARS:
        raise click.BadParameter(f"at most {MOST_YEARS} years between {FIRST_YEAR} and {LAST_YEAR}, the first first")
    return first, last


@with_examples(
    "synth",
    "policyengine synth shanxi --claims 1000 --seed 1 --years 2018 --only stays -o claims.parquet",
    "policyengine synth shanxi --people 500 --years 2017-2018 --for cn/shanxi/136 -o claims.csv",
    "policyengine synth shanxi --figures",
)
@click.argument("profile")
@click.option("--people", type=click.IntRange(1, LARGEST), metavar="N", help="All claims of so many people.")
@click.option("--claims", type=click.IntRange(1, LARGEST), metavar="N", help="So many claims.")
@click.option("--seed", type=click.IntRange(0, 2**64 - 1), default=0, show_default=True, metavar="S",
              help="The same seed gives the same claims, everywhere.")  # fmt: skip
@click.option("--years", callback=_years, default="2018", show_default=True, metavar="YEARS",
              help="The year of the claims, or years such as 2017-2019.")  # fmt: skip
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Where the claims go; .parquet, .arrow and .csv say the format.")  # fmt: skip
@click.option("--for", "ruleset", metavar="RULESET", help="State the facts, too, that this rule set reads.")
@ROOTS
@click.option("--only", multiple=True, metavar="KIND", help="Only claims of this kind of the profile; can be repeated.")
@click.option("--lists", is_flag=True, help="Fee lines as one column of lists, instead of a column for each.")
@click.option("--people-file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the people, too, also those without claims.")  # fmt: skip
@click.option("--figures", is_flag=True, help="Show the figures of the profile with their sources, and write nothing.")
def command(
    profile: str,
    people: int | None,
    claims: int | None,
    seed: int,
    years: tuple[int, int],
    output: Path | None,
    ruleset: str | None,
    only: tuple[str, ...],
    lists: bool,
    people_file: Path | None,
    figures: bool,
) -> int:
    """Make synthetic people and claims like those that PROFILE describes.

    PROFILE is the name of a bundled profile or the path of a file. Claims stand in the order of persons and days.
    Beside them a mapping is written (claims.columns.yaml), by which `simulate` reads them. Every file says that it is
    synthetic.
    """
    from policyengine.synth import Order, figures_markdown, load_profile

    found = load_profile(profile)
    if figures:
        say(figures_markdown(found))
        return FINE
    if output is None:
        raise click.UsageError("say where the claims go: -o claims.parquet")
    if (people is None) == (claims is None):
        raise click.UsageError("say how many: either --people or --claims")
    plan = _plan(found, seed, years, only, ruleset)
    return _write(plan, Order(output, people, claims, people_file, lists))


def _plan(profile: Profile, seed: int, years: tuple[int, int], only: tuple[str, ...], ruleset: str | None) -> Plan:
    from policyengine.cli.rules import load_rules
    from policyengine.synth import plan_of

    kinds = [kind.id for kind in profile.claims]
    for kind in only:
        if kind not in kinds:
            raise click.UsageError(f"the profile has no claims `{kind}`; it has {', '.join(kinds)}")
    return plan_of(profile, seed, years, only, None if ruleset is None else load_rules(ruleset))


def _write(plan: Plan, order: Order) -> int:
    from policyengine.cli.rules import from_here
    from policyengine.synth import make_claims

    with _progress(order) as told:
        written = make_claims(plan, order, told)
    say(f"{_counted(written.claims, 'synthetic claim', 'synthetic claims')} of "
        f"{_counted(written.people, 'person', 'people')}")  # fmt: skip
    for file in written.files:
        say(f"{from_here(file.resolve())} written")
    return FINE


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


@contextmanager
def _progress(order: Order) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _rows, _blocks: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from policyengine.synth.people import BLOCK

    columns = (TextColumn("{task.completed:,.0f} {task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("claims" if order.claims else "people", total=order.claims or order.people)

        def told(rows: int, blocks: int) -> None:
            bar.update(task, completed=rows if order.claims else blocks * BLOCK)

        yield told
