"""Options that several commands share, and the form of their examples."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from policyengine.errors import printable

PATH_KEY = "policyengine.path"
"""Where the folders of ``--rulesets`` are kept while a command runs."""


def _kept(ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]) -> None:
    ctx.meta[PATH_KEY] = value


ROOTS = click.option(
    "--rulesets", "roots", multiple=True, metavar="DIR", expose_value=False, callback=_kept,
    help="A folder of rule sets of your own, looked in first; can be repeated. POLICYENGINE_PATH names more.",
)  # fmt: skip


def path() -> tuple[str, ...]:
    """The folders that ``--rulesets`` of the running command names."""
    ctx = click.get_current_context(silent=True)
    found: tuple[str, ...] = ctx.meta.get(PATH_KEY, ()) if ctx is not None else ()
    return found


def RULESET(command: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802  -- it stands among the other options
    """The argument RULESET, with the option that says where else to look for it."""
    return click.argument("ruleset")(ROOTS(command))


LANG = click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, envvar="POLICYENGINE_LANG",
    show_envvar=True, help="Language of names and formulas.",
)  # fmt: skip
PARAMETERS = click.option(
    "--param", "parameters", multiple=True, metavar="NAME=VALUE", callback=lambda _ctx, _param, value: pairs(value),
    help="Give a parameter that the rule file leaves to the caller; can be repeated.",
)  # fmt: skip
OPENINGS = click.option(
    "--openings", type=click.Path(path_type=Path), metavar="FILE",
    help="What the national platform holds for members before their first claims, as a table.",
)  # fmt: skip
SCHEME = click.option("--scheme", metavar="CODE", help="The insutype whose accumulators count, if there are several.")
HISTORY = click.option(
    "--history", type=click.Path(dir_okay=False), metavar="FILE", help="Accumulators before the first claim, as JSON."
)


def day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> datetime.date | None:
    """A day as ISO text. Raises ``click.BadParameter``."""
    if value is None:
        return None
    try:
        if len(value) == len("2017-05-03"):
            return datetime.date.fromisoformat(value)
    except ValueError:
        pass
    raise click.BadParameter("not a day such as 2017-05-03")


KNOWN_ON = click.option(
    "--known-on", "known_on", callback=day, metavar="DATE",
    help="Only what had been published by this day counts; default: the claim's settlement date, else everything.",
)  # fmt: skip


def pairs(values: tuple[str, ...], example: str = "second_share=7%") -> dict[str, str]:
    """``NAME=VALUE`` texts, such as ``example``, as a dictionary. Raises ``click.BadParameter``."""
    found: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{printable(text)!r} is not NAME=VALUE, such as {example}")
        if name.strip() in found:
            raise click.BadParameter(f"{printable(name)!r} is given twice")
        found[name.strip()] = value.strip()
    return found


def with_examples(name: str, *examples: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help ends with examples, one a line."""
    return click.command(name, epilog=epilog_of(*examples))


def epilog_of(*examples: str) -> str:
    """The end of a command's help."""
    return "\b\nExamples:\n" + "\n".join(f"  {example}" for example in examples)


def examples_of(told: click.Command) -> list[str]:
    """The examples at the end of a command's help."""
    return [line.strip() for line in (told.epilog or "").splitlines()[2:]]
