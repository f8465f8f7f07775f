"""policyengine diff – what differs between two rule sets."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import LANG, PARAMETERS, ROOTS, day, path, with_examples
from policyengine.cli.output import say, text_of

if TYPE_CHECKING:
    from datetime import date

    from policyengine.difference import Difference, Side

_FILE = click.Path(dir_okay=False, path_type=Path)


def _days(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[date, ...]:
    return tuple(found for value in values if (found := day(ctx, param, value)) is not None)


def _names(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in re.split(r"[,，\s]+", value or "") if name))


@with_examples(
    "diff",
    "policyengine diff cn/heilongjiang/shuangyashan cn/heilongjiang/shuangyashan/raohe --on 2016-06-01",
    "policyengine synth shanxi --claims 2000 --seed 1 --only stays --for cn/shanxi/136 -o claims.parquet",
    "policyengine diff cn/shanxi/136 examples/shanxi_136_counter_per_tier --claims claims.parquet "
    "--columns claims.columns.yaml --group-by registered_poor",
)
@click.argument("old")
@click.argument("new")
@ROOTS
@click.option("--on", "on", multiple=True, metavar="DAY", callback=_days,
              help="Only the versions in force on this day; can be repeated.")  # fmt: skip
@PARAMETERS
@click.option("--law", "law_only", is_flag=True, help="Compare the rules alone; try no claims.")
@click.option("--claims", type=click.Path(path_type=Path), metavar="FILE",
              help="A book of claims as for `simulate`: how many change, by how much, who loses.")  # fmt: skip
@click.option("--columns", type=_FILE, metavar="FILE", help="Of the claims: which column states which fact.")
@click.option("--lines", type=click.Path(path_type=Path), metavar="FILE", help="Their fee lines, as a table.")
@click.option("--group-by", callback=_names, metavar="FACT,…", help="Facts, `year`, `month` of which groups are made.")
@click.option("--sort", is_flag=True, help="Sort the claims by member and day first.")
@click.option("--fail-if-different", "failing", is_flag=True, help="Exit with 1 if anything changes what is paid.")
@LANG
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object.")
def command(old: str, new: str, failing: bool, lang: Any, as_json: bool, **said: Any) -> int:
    """Tell what differs between the rule sets OLD and NEW.

    OLD and NEW are names or paths, each perhaps with a day: NAME@2015-06-01. NEW may be the file of an overlay, which
    is put on top of OLD. What changed in the law is told entry by entry with both citations; it is compared by what the
    files say together with what they extend, not by their text.

    Then claims are tried, at every amount that the rules name and a coin beside it, and the smallest ones shown that
    come out otherwise, for whom they are worse, and where the two reckonings part. Where none is found it is said what
    was tried; it is called equal only if it is proved. The exit code is 1 with --fail-if-different if anything differs.
    """
    found = _compared(old, new, said)
    say(_json(found) if as_json else _text(found, lang))
    return FINDINGS if failing and found.different else FINE


def _json(found: Difference) -> str:
    from policyengine.report.data import json_text
    from policyengine.report.difference_data import difference_data

    return json_text(difference_data(found))


def _text(found: Difference, lang: Any) -> str:
    from policyengine.report.difference import difference_text

    return text_of(difference_text(found, lang)).rstrip("\n")


def _compared(old: str, new: str, said: dict[str, Any]) -> Difference:
    from policyengine.difference import compare

    sides = _side(old), _side(_on_top(old, new))
    if said["on"] and any(side.day is not None for side in sides):
        raise click.UsageError("--on and NAME@DAY are two ways to say the same; use one of them")
    if said["claims"] is None and any(said[name] for name in ("columns", "lines", "group_by", "sort")):
        raise click.UsageError("--columns, --lines, --group-by and --sort are about --claims")
    found = compare(*sides, on=said["on"], parameters=said["parameters"], claims=not said["law_only"])
    if said["claims"] is None:
        return found
    from policyengine.difference.books import over_claims

    names = ("group_by", "columns", "lines", "parameters", "sort")
    return replace(found, book=over_claims(*sides, said["claims"], **{name: said[name] for name in names}))


def _on_top(old: str, new: str) -> str:
    """NEW as it is named or, if it is the file of an overlay, OLD with that overlay."""
    from policyengine.difference import split_name
    from policyengine.overlays import is_overlay

    file = Path(new)
    if file.suffix in (".yaml", ".yml") and file.is_file() and is_overlay(file):
        return f"{split_name(old)[0]}+{new}"
    return new


def _side(text: str) -> Side:
    """A rule set as it is named on the command line. Raises ``RuleError``."""
    from policyengine.cli.rules import placed
    from policyengine.difference import side_of, split_name

    with placed(split_name(text)[0]):
        return side_of(text, path())
