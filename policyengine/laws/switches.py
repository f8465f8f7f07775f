"""Where a rule file compares amounts or counts: there the answer may jump, and a law of small steps ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policyengine import ir
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.rounding import behind

NUMBERS = ("money", "exact", "count", "rate")


def switches(program: ir.Program) -> tuple[Exempt, ...]:
    """Every comparison of numbers that the patient's part rests on, once each."""
    found: dict[ir.Expr, Exempt] = {}
    tables = {table.name: table for table in program.tables}
    for step in behind(program):
        for expr in ir.walk(step.expr):
            for condition in _conditions(expr, tables):
                found.setdefault(condition, Exempt(WHYS["jump"], step, "differs", condition))
    return tuple(found.values())


def _conditions(expr: ir.Expr, tables: Mapping[str, ir.Table]) -> Iterator[ir.Expr]:
    """Comparisons of ``expr`` itself, those with the edges of a table's rows among them."""
    if isinstance(expr, ir.Compare) and expr.left.kind in NUMBERS:
        yield expr
    if isinstance(expr, ir.Lookup):
        for at, key in enumerate(expr.keys):
            if key.kind in NUMBERS:
                edges = {edge for row in tables[expr.table].patterns for edge in _ends(row[at])}
                yield from (ir.compare(">=", key, ir.Lit(edge, key.kind)) for edge in sorted(edges))


def _ends(pattern: ir.Pattern) -> Iterator[int]:
    if isinstance(pattern, ir.Interval):
        yield from (edge for edge in (pattern.low, pattern.high) if edge is not None)
