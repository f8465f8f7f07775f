"""policyengine check – everything that is wrong, or doubtful, in rule files."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING

import click

from policyengine.cli.guard import FINDINGS, FINE
from policyengine.cli.options import ROOTS, path, with_examples
from policyengine.cli.output import say, so_many, write_diagnostics

if TYPE_CHECKING:
    from pathlib import Path

    from policyengine.errors import Diagnostic
    from policyengine.ruleset import Ruleset


@with_examples(
    "check",
    "policyengine check",
    "policyengine check cn/shanxi/136 --format sarif > findings.sarif",
    "policyengine check cn/shanxi/136 --order",
)
@click.argument("rulesets", nargs=-1, metavar="[RULESET]...")
@ROOTS
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True,
              help="How findings are written.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings, too.")
@click.option("--order", is_flag=True, help="Also show orders that move money and that nothing states; takes seconds.")
@click.option(
    "--sources", is_flag=True, help="Also show sources without a place or a grade, and words they do not have."
)
def command(rulesets: tuple[str, ...], form: str, strict: bool, order: bool, sources: bool) -> int:
    """Check rule files without running a claim; by default all that `policyengine list` lists.

    Names, kinds, dates, overlapping or missing rows of tables, provisions that can never apply, uncited values.
    Errors make the exit code 1, warnings only with --strict.
    """
    from policyengine.cli.rules import names_or_all

    names = names_or_all(rulesets)
    found = list(dict.fromkeys(finding for name in names for finding in findings_of(name, order, sources)))
    errors, warnings, notes = (sum(f.severity == kind for f in found) for kind in ("error", "warning", "note"))
    if form == "text":
        if found:
            write_diagnostics(found, sys.stdout)
        counted = [so_many(errors, "error"), so_many(warnings, "warning"), *([so_many(notes, "note")] if notes else [])]
        say(f"{so_many(len(names), 'rule set')}: {', '.join(counted)}")
    else:
        from policyengine.report.data import json_text
        from policyengine.report.findings import as_json, as_sarif

        say(json_text((as_json if form == "json" else as_sarif)(found), indent=2))
    return FINDINGS if errors or (strict and warnings) else FINE


def findings_of(name: str, order: bool = False, sources: bool = False) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with one rule set; with ``order`` also what an order moves that nothing states, with
    ``sources`` also which documents cannot be looked up.

    Raises ``RuleError`` only if there is no such rule set.
    """
    from policyengine.assemble import check_overlays, check_rows, parsed, views
    from policyengine.check import findings
    from policyengine.cli.rules import with_paths
    from policyengine.errors import RuleError
    from policyengine.rulebook import locate

    try:
        place = locate(name, path())
    except RuleError as error:
        if any(fault.span is None for fault in error.diagnostics):
            raise
        return error.diagnostics
    try:
        chain = parsed(place)
        seen = views(chain)
        latest = next(seen)
        check_rows(latest.ruleset, place)
        check_overlays(chain, place, latest.edition.programs)
        found = findings(latest.ruleset, latest.edition.programs)
        if not any(finding.severity == "error" for finding in found):
            deque(seen, maxlen=0)  # what was known earlier is lowered and checked, too
            found += _orders(latest.ruleset) if order else ()
            found += _sources(latest.ruleset, place.file.parent) if sources else ()
    except RuleError as error:
        found = error.diagnostics
    return tuple(with_paths(finding, place) for finding in found)


def _orders(ruleset: Ruleset) -> tuple[Diagnostic, ...]:
    from policyengine.orders import undeclared

    return tuple(undeclared(ruleset))


def _sources(ruleset: Ruleset, folder: Path) -> tuple[Diagnostic, ...]:
    from policyengine.check.documents import doubtful_sources

    return tuple(doubtful_sources(ruleset, folder))
