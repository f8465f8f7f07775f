"""policyengine new – the first files of a rule set, or of a mechanism."""

from __future__ import annotations

import os
from pathlib import Path

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import ROOTS, path, with_examples
from policyengine.cli.output import say


@with_examples(
    "new",
    "policyengine new ruleset our/county",
    "policyengine new ruleset our/county --extends cn/heilongjiang/shuangyashan --dir our_rules",
)
@click.argument("kind", type=click.Choice(["ruleset", "mechanism"]))
@click.argument("name")
@ROOTS
@click.option("--extends", "parent", metavar="RULESET", help="The rule set whose differences it states.")
@click.option("--dir", "folder", metavar="DIR", type=click.Path(file_okay=False),
              help="The folder of rule sets below which it is written; default: the first of --rulesets and "
              "POLICYENGINE_PATH, else this folder.")  # fmt: skip
def command(kind: str, name: str, parent: str | None, folder: str | None) -> int:
    """Write the first files of a rule set or of a mechanism called NAME.

    A rule set comes with comments that say what goes where, and with cases; `check` and `test` pass as it is. One that
    extends another takes over cases of its parent, which come to the same until it says otherwise.

    A mechanism is written in a checkout of the library: its file, its line in the list of mechanisms, an example with
    cases, a test. Nothing that is there already is written over.
    """
    if kind == "mechanism":
        if parent is not None or folder is not None:
            raise click.UsageError("--extends and --dir are for rule sets")
        return _mechanism(name)
    return _ruleset(name, parent, folder)


def _ruleset(name: str, parent: str | None, folder: str | None) -> int:
    from policyengine.cli.rules import from_here
    from policyengine.rulebook import PATH, locate
    from policyengine.scaffold import ruleset_files, write

    named = [*path(), *(root for root in os.environ.get(PATH, "").split(os.pathsep) if root)]
    root = Path(folder or (named[0] if named else ".")).resolve()
    files = ruleset_files(name, root, None if parent is None else locate(parent, path()))
    write(files)
    for file in files:
        say(f"{from_here(file)} written")
    here = from_here(root / name)
    say(f"next: policyengine check {here}; policyengine test {here}")
    return FINE


def _mechanism(name: str) -> int:
    from policyengine.cli.rules import from_here
    from policyengine.scaffold import checkout, mechanism_files, write

    files, replaced = mechanism_files(name, checkout())
    write(files, replaced)
    for file in (*files, *replaced):
        say(f"{from_here(file)} written")
    say("next: say what it does in its file and its example; `make docs`; a section in docs/language.md; `make test`")
    return FINE
