"""Ending a run: whatever happened becomes one of the exit codes, with a diagnostic and never a bare traceback."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, Final

import click

from policyengine.cli.output import complain
from policyengine.errors import MissingExtra, PolicyError, printable

FINE: Final = 0
FINDINGS: Final = 1
BAD_INPUT: Final = 2
OUR_FAULT: Final = 3
INTERRUPTED: Final = 130

TRACEBACK: Final = "POLICYENGINE_TRACEBACK"
"""Set this variable to 1 to see the traceback of an error of our own."""


def guarded(run: Callable[[], Any]) -> int:
    """Run a command; its exit code. Faults of the command line itself are left to click, which exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = _code(run)
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
        return FINE
    return code


def _code(run: Callable[[], Any]) -> int:
    try:
        result = run()
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except PolicyError as error:
        complain(error.diagnostics)
        return BAD_INPUT
    except MissingExtra as error:
        return _bad_input(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _bad_input(f"error: {where}{error.strerror or error}")
    except Exception as error:
        return _own_fault(error)
    return result if isinstance(result, int) else FINE


def _bad_input(message: str) -> int:
    click.echo(printable(message), err=True)
    return BAD_INPUT


def _own_fault(error: Exception) -> int:
    if os.environ.get(TRACEBACK) == "1":
        traceback.print_exception(error)
    said = printable(str(error).partition("\n")[0])[:200]
    click.echo(
        f"internal error: {type(error).__name__}{': ' + said if said else ''}\n"
        "This is a fault of policyengine, not of your data; no result was made. Please report it with the command\n"
        f"and the output of a run with {TRACEBACK}=1.",
        err=True,
    )
    return OUR_FAULT


def _stop_writing() -> None:
    """The reader of our output has gone: nothing more is written, not even by the interpreter as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
