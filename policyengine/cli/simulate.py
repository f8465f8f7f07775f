"""policyengine simulate – a book of claims through a rule set and its reforms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.files import require_out
from policyengine.cli.guard import BAD_INPUT, FINDINGS, FINE
from policyengine.cli.options import KNOWN_ON, LANG, OPENINGS, PARAMETERS, RULESET, SCHEME, pairs, with_examples
from policyengine.cli.output import say, text_of
from policyengine.cli.progress import CHECKPOINT, QUIET, shown

if TYPE_CHECKING:
    from datetime import date

    from policyengine.rulebook import Rulebook
    from policyengine.simulate import Question, Simulation

_FILE = click.Path(dir_okay=False, path_type=Path)


def _names(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    names = tuple(name for name in re.split(r"[,，\s]+", value or "") if name)
    if len(set(names)) < len(names):
        raise click.BadParameter("a name is given twice")
    return names


def _budgets(_ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> dict[str, str]:
    return pairs(value, "pooled_fund=120000000")


@with_examples(
    "simulate",
    "policyengine synth shanxi --claims 2000 --seed 1 --only stays --for cn/shanxi/136 -o claims.parquet",
    "policyengine simulate cn/shanxi/136 claims.parquet --columns claims.columns.yaml --group-by registered_poor,year",
)
@RULESET
@click.argument("claims", type=click.Path(path_type=Path))
@click.option("--columns", type=_FILE, metavar="FILE", help="Which column states which fact, in which unit.")
@click.option(
    "--lines", type=click.Path(path_type=Path), metavar="FILE", help="The fee lines, as a table of their own."
)
@click.option("--reform", "reforms", multiple=True, metavar="FILE",
              help="An overlay, which states what is otherwise, or another rule set; can be repeated.")  # fmt: skip
@PARAMETERS
@KNOWN_ON
@click.option("--group-by", callback=_names, metavar="FACT,…", help="Facts, `year`, `month` of which groups are made.")
@click.option("--budget", multiple=True, metavar="PAYER=AMOUNT", callback=_budgets,
              help="What a payer may spend, in whole currency units; can be repeated.")  # fmt: skip
@click.option("--fail-if", "fail_if", multiple=True, metavar="CONDITION",
              help="Exit with 1 if a reform does this: 'registered_poor: patient_total increases'.")  # fmt: skip
@click.option("--exercised", is_flag=True, help="Count the rows of tables and the provisions that claims exercise.")
@click.option("--incomes", metavar="claims|FILE",
              help="Measure catastrophic expenditure, by incomes of the claims or of a table of people.")  # fmt: skip
@click.option("--poverty-line", "poverty_line", metavar="AMOUNT", help="For one person and one year.")
@click.option("--subsistence", metavar="AMOUNT", help="What one person needs for a year before he can pay for care.")
@OPENINGS
@SCHEME
@click.option(
    "--elasticity",
    metavar="'-0.2: LABEL'",
    help="Assume that people answer to what a reform lets them pay; LABEL says where the number comes from.",
)
@click.option("--bootstrap", type=int, metavar="N", help="Draw the people N times: intervals of the totals.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Of the draws.")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="PATH",
              help="Write all to a .json file, groups to a .parquet or .csv file, or both to a folder.")  # fmt: skip
@click.option("--rejects", type=_FILE, metavar="FILE", help="Where the rows go that are not settled, with the reason.")
@click.option("--sort", is_flag=True, help="Sort the claims by member and day first.")
@click.option("--draft", "allow_draft", is_flag=True, help="Take rule sets that are drafts.")
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Workers; default: one a processor.")
@CHECKPOINT
@QUIET
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@LANG
def command(ruleset: str, claims: Path, lang: Any, as_json: bool, **said: Any) -> int:
    """Settle a book of CLAIMS by RULESET: totals for each payer and group, what a reform changes for whom.

    CLAIMS is a table with one row a claim, ordered by member and day: Parquet, CSV, Arrow IPC, or a folder of them.
    Claims that are not settled are counted, and written to --rejects with the reason. Every run prints a digest of the
    results that does not depend on the order of work. The exit code is 1 if a condition of --fail-if comes true, and 2
    if there are claims and not a single one is settled.
    """
    from policyengine.cli.rules import load_reform, load_rules
    from policyengine.report.data import json_text
    from policyengine.report.simulation import simulation_text
    from policyengine.report.simulation_data import simulation_data

    if said["out"] is not None:
        read = (said[name] for name in ("lines", "columns", "openings", "incomes", "rejects"))
        require_out(said["out"], claims, *read, folder=True)
    books = [load_rules(ruleset), *(load_reform(ruleset, name) for name in said["reforms"])]
    found = _simulated(books, claims, _Said(**said))
    if said["out"] is not None:
        _write(said["out"], found)
    if as_json:
        say(json_text(simulation_data(found)))
    else:
        say(text_of(simulation_text(books, found, lang)).rstrip("\n"))
    if found.claims and not found.baseline.total.settled:
        return BAD_INPUT
    return FINDINGS if found.failed else FINE


@dataclass(frozen=True, slots=True)
class _Said:
    """The options as given."""

    columns: Path | None
    lines: Path | None
    reforms: tuple[str, ...]
    parameters: dict[str, str]
    known_on: date | None
    group_by: tuple[str, ...]
    budget: dict[str, str]
    fail_if: tuple[str, ...]
    exercised: bool
    incomes: str | None
    poverty_line: str | None
    subsistence: str | None
    openings: Path | None
    scheme: str | None
    elasticity: str | None
    bootstrap: int | None
    seed: int
    out: Path | None
    rejects: Path | None
    sort: bool
    allow_draft: bool
    threads: int | None
    checkpoint: Path | None
    quiet: bool

    @property
    def question(self) -> Question:
        from policyengine.simulate import Question, Sampling
        from policyengine.simulate.assumed import elasticity_of

        return Question(
            self.group_by, self.budget, self.fail_if, self.exercised, self.incomes, self.poverty_line, self.subsistence,
            None if self.elasticity is None else elasticity_of(self.elasticity),
            None if self.bootstrap is None else Sampling(self.bootstrap, self.seed),
        )  # fmt: skip


def _simulated(books: list[Rulebook], claims: Path, said: _Said) -> Simulation:
    from policyengine.simulate import simulate_claims

    with shown(said.quiet) as told:
        return simulate_claims(
            books[0], claims, said.question, reforms=books[1:], columns=said.columns,
            lines=said.lines, parameters=said.parameters, known_on=said.known_on, allow_draft=said.allow_draft,
            rejects=said.rejects, threads=said.threads, sort=said.sort, told=told,
            checkpoint=said.checkpoint, openings=said.openings, scheme=said.scheme,
        )  # fmt: skip


def _write(path: Path, found: Simulation) -> None:
    """Everything as JSON, the groups as a table, or both into a folder."""
    import pyarrow as pa

    from policyengine.bulk.writing import naming, write, write_text
    from policyengine.report.data import json_text
    from policyengine.report.simulation_data import group_rows, simulation_data

    if path.suffix == ".json":
        write_text(path, json_text(simulation_data(found), indent=2) + "\n")
    elif path.suffix:
        write(path, pa.Table.from_pylist(group_rows(found)))
    else:
        with naming(path):
            path.mkdir(exist_ok=True)
        _write(path / "simulation.json", found)
        _write(path / "groups.parquet", found)
