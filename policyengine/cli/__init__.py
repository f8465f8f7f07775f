"""The command line: arguments in, results on standard output, diagnostics on standard error, an exit code.

Exit codes: 0 fine · 1 findings (a failed case, a difference, an error in a checked rule file) · 2 bad input or usage ·
3 our own fault. Every command stands in a file of its own and loads what it needs when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

import click

from policyengine import __version__
from policyengine.cli.guard import guarded

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "audit": "audit",
        "backtest": "backtest",
        "case": "case",
        "check": "check",
        "coverage": "coverage",
        "diff": "diff",
        "entitle": "entitle",
        "explain": "explain",
        "find": "find",
        "fmt": "formatting",
        "history": "history",
        "list": "bundled",
        "month-end": "month_end",
        "mutate": "mutate",
        "new": "new",
        "render": "render",
        "resettle": "resettle",
        "schema": "schema",
        "seek": "seek",
        "settle": "settle",
        "show": "show",
        "simulate": "simulate",
        "sweep": "sweep",
        "synth": "synth",
        "test": "cases",
        "verify": "verify",
        "year-end": "year_end",
    }
)
"""The commands, each with the module that holds it."""


class Commands(click.Group):
    """A group that loads a command when it is named, and ends every run with one of the exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  -- click asks so
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"policyengine.cli.{COMMANDS[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        ctx.exit(guarded(lambda: super(Commands, self).invoke(ctx)))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="policyengine")
def main() -> None:
    """Health-insurance reimbursement policy as rule files: settle claims, check, show and test the rules.

    RULESET is the name of a bundled rule set (see `policyengine list`) or the path of a rule file or its folder.
    """
