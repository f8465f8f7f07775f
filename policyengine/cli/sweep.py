"""policyengine sweep – what every value of a number costs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.files import require_out
from policyengine.cli.guard import BAD_INPUT, FINE
from policyengine.cli.levers import moving, reading, rules, with_shared
from policyengine.cli.options import with_examples
from policyengine.cli.output import say, text_of
from policyengine.cli.progress import CHECKPOINT

if TYPE_CHECKING:
    from policyengine.cli.levers import Rules
    from policyengine.sweep import Curve


def _names(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in re.split(r"[,，\s]+", value or "") if name))


@with_examples(
    "sweep",
    "policyengine synth shanxi --claims 2000 --seed 1 --only stays --for cn/shanxi/136 -o claims.parquet",
    "policyengine sweep cn/shanxi/136 claims.parquet basic_ceiling=50000:90000:10000 --columns claims.columns.yaml",
    "policyengine sweep cn/shanxi/136 --levers",
)
@with_shared
@click.argument("claims", type=click.Path(path_type=Path), required=False)
@click.argument("levers", nargs=-1, metavar="[LEVER=low:high:step]...")
@click.option("--levers", "listing", is_flag=True, help="List every number that can be moved, and write nothing else.")
@click.option("--group-by", callback=_names, metavar="FACT,…", help="Facts, `year`, `month` of which groups are made.")
@CHECKPOINT
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the curve to a .json, .parquet or .csv file, too.")  # fmt: skip
def command(ruleset: str, claims: Path | None, levers: tuple[str, ...], lang: Any, **said: Any) -> int:
    """Move numbers of RULESET over a book of CLAIMS: what every payer pays at each value, what one more yuan costs.

    LEVER is the address of a number: a parameter, a provision, a cell of a table (see --levers). With several levers
    every combination of their values is settled. The claims are read once. CLAIMS, and the exit code 2, as for
    `policyengine simulate`, which also tells why claims are not settled.
    """
    from policyengine.report.curves import curve_data, curve_text
    from policyengine.report.data import json_text

    with rules(ruleset, said["on"]) as found:
        if said["listing"]:
            return _list(found, lang, said["as_json"])
        if said["out"] is not None:
            require_out(said["out"], claims, said["lines"], said["columns"], said["openings"])
        if claims is None or not levers:
            raise click.UsageError("say which claims, and which lever: claims.parquet ceiling=6000:14000:500")
        curve = _swept(found, claims, levers, said)
    if said["out"] is not None:
        _write(said["out"], curve)
    say(json_text(curve_data(curve)) if said["as_json"] else text_of(curve_text(found.book, curve, lang)).rstrip("\n"))
    total = next(iter(curve.points.values())).total
    return BAD_INPUT if total.claims and not any(one.total.settled for one in curve.points.values()) else FINE


def _list(found: Rules, lang: Any, as_json: bool) -> int:
    from policyengine.report.curves import levers_data, levers_text
    from policyengine.report.data import json_text
    from policyengine.sweep import levers_of

    levers = levers_of(found.ruleset)
    say(json_text(levers_data(levers)) if as_json else text_of(levers_text(levers, lang)).rstrip("\n"))
    return FINE


def _swept(found: Rules, claims: Path, levers: tuple[str, ...], said: dict[str, Any]) -> Curve:
    from policyengine.sweep import sweep_claims, sweep_range

    pairs = [moving(text) for text in levers]
    axes = [sweep_range(found.lever(address), values) for address, values in pairs]
    with reading(claims, **said) as read:
        return sweep_claims(
            found.book, found.ruleset, axes, read, group_by=said["group_by"], parameters=said["parameters"],
            allow_draft=said["allow_draft"],
        )  # fmt: skip


def _write(path: Path, curve: Curve) -> None:
    import pyarrow as pa

    from policyengine.bulk.writing import write, write_text
    from policyengine.report.curves import curve_data, curve_rows
    from policyengine.report.data import json_text

    if path.suffix == ".json":
        write_text(path, json_text(curve_data(curve), indent=2) + "\n")
        return
    write(path, pa.Table.from_pylist(curve_rows(curve)))
