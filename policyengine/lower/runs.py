"""What a program says about a run: how its claims are made of earlier settlements, and how it knows what it counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policyengine import expressions as ast
from policyengine import ir
from policyengine.lower.scope import whole_claim
from policyengine.parse.runs import AFTER
from policyengine.resolve import fault
from policyengine.ruleset import RowsDecl, RunDecl

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def run_of(bench: Workbench) -> ir.Run | None:
    """The run of a rule file, with the meter that counts its rows. Raises ``RuleError``."""
    run, rows = bench.ruleset.run, bench.ruleset.rows
    if run is None or rows is None:
        return None
    if bench.ruleset.settle_by:
        raise whole_claim("a run", run.over.span)
    window = bench.meters.window(run.over)
    if window.kind != AFTER[run.after]:
        kinds = " or ".join(f"`{after}` with a {kind}" for after, kind in AFTER.items())
        raise fault("E371", f"a run after `{run.after}` is not over the window `{run.over}`", run.over.span, kinds)
    made = _run(run, rows, window)
    bench.meters.keep_for(made.rows, run.over, ir.total(ir.count(1)), made.scope)
    return made


def _run(run: RunDecl, rows: RowsDecl, window: ir.Window) -> ir.Run:
    fields = tuple(ir.RunField(f.id.text, f.type, "" if f.source is None else f.source.text) for f in rows.fields)
    plain = rows.bill.text if isinstance(rows.bill, ast.Name) and rows.bill.text in {f.name for f in fields} else ""
    groups = None if rows.group_by is None else tuple(word.text for word in rows.group_by)
    return ir.Run(run.each, window, run.after, tuple(word.text for word in rows.of), fields, groups, plain)
