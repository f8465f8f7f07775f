"""Tables: for every combination of keys exactly one row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from policyengine import ir
from policyengine.analysis import Facts, Token, axis_of, edges_of, grid_of
from policyengine.check.view import View, Views, lookups
from policyengine.errors import Diagnostic
from policyengine.linedates import by_line_date
from policyengine.money import text_of
from policyengine.ruleset import Ruleset, TableDecl


def _tables(ruleset: Ruleset, views: Views) -> Iterator[tuple[View, ir.Table, TableDecl]]:
    """Every lowered table with the declaration that it comes from; one that stays the same is looked at once."""
    seen = set()
    declared = by_line_date(ruleset).tables
    for view in views:
        for table in view.program.tables:
            decls = [d for d in declared if d.id.text == table.name and len(d.rows) == len(table.patterns)]
            if decls and (table.name, table.patterns) not in seen:
                seen.add((table.name, table.patterns))
                yield view, table, decls[0]


def overlaps(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """E403: two rows that match the same keys."""
    for _, table, decl in _tables(ruleset, views):
        for at, row in enumerate(decl.rows):
            if (found := _earlier(table, at)) is None:
                continue
            other, common = found
            facts = [f"{key} = {c}" for key, c in zip(table.keys, common, strict=True) if key != ir.LINE_DAY]
            message = f"two rows of `{table.name}` match {', '.join(facts) or 'every fee line'}"
            related = (("the other row is here", decl.rows[other][0].span),)
            yield Diagnostic("E403", message, row[0].span, "rows that exclude each other", related=related)


def _earlier(table: ir.Table, at: int) -> tuple[int, list[str]] | None:
    """The first row before a row that matches the same keys as it, and keys that both match."""
    for other, patterns in enumerate(table.patterns[:at]):
        common = [_common(a, b) for a, b in zip(patterns, table.patterns[at], strict=True)]
        told = [c for c in common if c is not None]
        if len(told) == len(common):
            return other, told
    return None


def _common(one: ir.Pattern, two: ir.Pattern) -> str | None:
    """Something that both patterns match, or ``None``."""
    if one is None or two is None:
        other = two if one is None else one
        return "anything" if other is None else _any_of(other)
    if isinstance(one, ir.Interval) and isinstance(two, ir.Interval):
        lows = [x.low for x in (one, two) if x.low is not None]
        highs = [x.high for x in (one, two) if x.high is not None]
        low = max(lows) if lows else None
        if low is None:
            return str(min(highs) - 1) if highs else "anything"
        return str(low) if not highs or low < min(highs) else None
    assert isinstance(one, frozenset)
    assert isinstance(two, frozenset)
    both = sorted(map(str, one & two))
    return both[0] if both else None


def _any_of(pattern: ir.Pattern) -> str:
    if isinstance(pattern, ir.Interval):
        return str(pattern.low if pattern.low is not None else (pattern.high or 0) - 1)
    assert pattern is not None
    return sorted(map(str, pattern))[0]


def gaps(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W413: keys for which no row says anything, unless the table says why."""
    for view, table, decl in _tables(ruleset, views):
        missing = None if decl.gaps else _first_gap(view, table)
        if missing is not None:
            hint = "add the row, or say why there is none: `gaps: …`"
            message = f"no row of `{table.name}` matches {missing}"
            yield Diagnostic("W413", message, decl.id.span, "", hint, severity="warning")


def _first_gap(view: View, table: ir.Table) -> str | None:
    lookup = next((e for e in lookups(view.program) if e.table == table.name), None)
    if lookup is None:
        return None
    axes = [axis_of(table, at, key, view.names) for at, key in enumerate(lookup.keys)]
    grid = grid_of(table, axes)
    if grid is None:
        return None
    met = [
        [cell for cell in axis if _is_met(table, at, key, cell, view)]
        for at, (key, axis) in enumerate(zip(lookup.keys, axes, strict=True))
    ]
    cells = next((c for c in itertools.product(*met) if c not in grid), None)
    if cells is None:
        return None
    shown = [_cell_text(table, at, key, cell) for at, (key, cell) in enumerate(zip(lookup.keys, cells, strict=True))]
    return ", ".join(f"{name} = {text}" for name, text in zip(table.keys, shown, strict=True))


def _is_met(table: ir.Table, at: int, key: ir.Expr, cell: Token, view: View) -> bool:
    """Whether a key can be in a cell; of the day of a fee line, whether any version holds then (else it is a hole)."""
    if key.kind in ("code", "flag"):
        return True
    edges = edges_of(table, at)
    if table.keys[at] == ir.LINE_DAY and edges:
        day = edges[int(cell) - 1] if int(cell) else edges[0] - 1
        held = [row[at] for row in table.patterns]
        return any(one is None or day in one for one in held if not isinstance(one, frozenset))
    return _reached(edges, cell, view.analysis.facts(key))


def _reached(edges: tuple[int, ...], cell: Token, facts: Facts) -> bool:
    """Whether a key can take a value in a cell between two edges."""
    at = int(cell)
    above = at == 0 or edges[at - 1] <= facts.bounds.most()
    return above and (at == len(edges) or edges[at] > facts.bounds.least())


def _cell_text(table: ir.Table, at: int, key: ir.Expr, cell: object) -> str:
    if key.kind in ("code", "flag"):
        return str(cell)
    assert isinstance(cell, int)
    edges = edges_of(table, at)
    if not edges:
        return "anything"
    if table.keys[at] == ir.LINE_DAY:
        return f"{'' if cell else 'before '}{ir.day_of_number(edges[max(cell - 1, 0)])}"
    value = edges[cell - 1] if cell else edges[0] - 1
    return text_of(value) if key.kind == "money" else str(value)
