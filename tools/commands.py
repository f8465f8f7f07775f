"""The page of the command line, from the commands themselves."""

from __future__ import annotations

from inspect import cleandoc

import click

from policyengine.cli import COMMANDS, main
from policyengine.cli.options import examples_of
from tools.markdown import table

CODES = (
    ("0", "fine"),
    ("1", "findings: a failed case, a difference, an error in a checked rule file"),
    ("2", "bad input or usage; nothing was settled, or, on standard input, some records were refused"),
    ("3", "a fault of our own; `POLICYENGINE_TRACEBACK=1` shows where"),
)


def commands() -> str:
    """Every command with its arguments, options and examples."""
    context = click.Context(main, info_name="policyengine")
    parts = [
        "# Commands",
        cleandoc(main.help or ""),
        "Results go to standard output, diagnostics to standard error. Exit codes:",
        table(("code", "meaning"), CODES),
        "`policyengine --version` prints the version, `-h` or `--help` behind any command prints its help.",
    ]
    return "\n\n".join([*parts, *(_command(context, main, name) for name in COMMANDS)])


def _command(parent: click.Context, group: click.Group, name: str) -> str:
    """A command, or a group with its commands below it."""
    command = group.get_command(parent, name)
    assert command is not None
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    title = context.command_path.removeprefix("policyengine ")
    parts = [f"{'##' if group is main else '###'} {title}", f"```\n{usage}\n```", cleandoc(command.help or "")]
    if isinstance(command, click.Group):
        return "\n\n".join([*parts, *(_command(context, command, inner) for inner in command.list_commands(context))])
    options = [p for p in command.params if isinstance(p, click.Option)]
    if options:
        parts.append(table(("option", "meaning"), [_option(option, context) for option in options]))
    parts.append("```sh\n" + "\n".join(examples_of(command)) + "\n```")
    return "\n\n".join(parts)


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    record = option.get_help_record(context)
    assert record is not None
    spelled, meaning = record
    return f"`{spelled}`", " ".join(meaning.split())
