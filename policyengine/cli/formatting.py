"""policyengine fmt – rule files in the house style."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path

import click

from policyengine.cli.guard import BAD_INPUT, FINDINGS, FINE
from policyengine.cli.options import ROOTS, with_examples
from policyengine.cli.output import complain, safe, say


@with_examples(
    "fmt",
    "policyengine new ruleset my_county",
    "policyengine fmt my_county",
    "policyengine fmt my_county/ruleset.yaml --diff --check",
)
@click.argument("rulesets", nargs=-1, required=True, metavar="RULESET...")
@ROOTS
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if any file would change.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
def command(rulesets: tuple[str, ...], check: bool, diff: bool) -> int:
    """Write rule files in the house style: keys in the order of the reference, quotes only where they are needed.

    Every comment and all meaning is kept: what is written is read again before the file is replaced. A short entry in
    braces stays in braces while it fits 120 columns. Line ends become those of Unix, a byte order mark goes.
    """
    changed, code = 0, FINE
    for name in rulesets:
        found = _formatted(name)
        if found is None:
            code = BAD_INPUT
            continue
        file, before, after = found
        if before == after:
            continue
        changed += 1
        if diff:
            say(safe(_difference(before, after, str(file)).rstrip("\n")))
        elif check:
            say(f"{file} would be changed")
        else:
            _replace(file, after)
            say(f"{file} written")
    return code or (FINDINGS if check and changed else FINE)


def _formatted(name: str) -> tuple[Path, str, str] | None:
    """The file of a rule set, its content, and that content formatted; ``None``, and a complaint, if it is wrong."""
    from policyengine.cli.rules import from_here, placed
    from policyengine.errors import RuleError
    from policyengine.printing import format_text
    from policyengine.source import read_file

    try:
        with placed(name) as place:
            if place.overlays:
                raise click.UsageError(f"`{name}`: name the rule set and its overlays one by one")
            read_file(place.file, place.shown)  # whatever is wrong with the bytes is said by the reader
            text = place.file.read_bytes().decode("utf-8")
            return Path(from_here(place.file)), text, format_text(text, place.shown)
    except RuleError as error:
        complain(error.diagnostics)
        return None


def _difference(before: str, after: str, name: str) -> str:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _replace(file: Path, text: str) -> None:
    """The file is the old one or the new one at every moment. Raises ``RuleError`` if it cannot be written."""
    from policyengine.errors import Diagnostic, RuleError

    target = file.resolve()
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", dir=target.parent, delete=False) as made:
            made.write(text)
        written = Path(made.name)
        written.chmod(target.stat().st_mode)
        written.replace(target)
    except OSError as error:
        message = f"the file cannot be written: {error.strerror}"
        raise RuleError(Diagnostic("E607", message, None, hint="check its permissions", record=str(file))) from None
