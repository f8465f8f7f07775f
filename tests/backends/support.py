"""Small programs for tests, run through all back ends at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policyengine import ir
from policyengine.analysis import analyse
from policyengine.backends.columns import columns_of, run
from policyengine.backends.compiled import compile_program
from policyengine.backends.evaluate import evaluate
from policyengine.ir import NoRow, Value

YEAR = ir.Window("year", "year")


def program(
    *exprs: ir.Expr,
    inputs: Sequence[ir.InputDecl] = (),
    tables: Sequence[ir.Table] = (),
    meters: Sequence[ir.Meter] = (),
) -> ir.Program:
    """A program whose steps ``s0``, ``s1`` … are ``exprs``."""
    steps = tuple(ir.Step(f"s{n}", expr) for n, expr in enumerate(exprs))
    return ir.Program(
        "test", ("", ""), "CNY", "discharge", tuple(inputs), tuple(tables), steps, tuple(meters), (), (), (), ()
    )


def meter(name: str = "spent", kind: ir.Kind = "money", high: int = 10**13) -> ir.Meter:
    return ir.Meter(name, kind, ("person_id",), YEAR, "sum", "s0", high=high)


def outcome(
    prog: ir.Program,
    inputs: Mapping[str, Value] | None = None,
    rows: Sequence[Mapping[str, Value]] = (),
    used: Mapping[str, int] | None = None,
) -> dict[str, Value | tuple[Value, ...]] | NoRow:
    """What all back ends agree on: the values of the steps, or the lookup that found no row."""
    (found,) = outcomes(prog, [(inputs or {}, rows, used or {})])
    return found


def outcomes(prog: ir.Program, cases: Sequence[tuple]) -> list[dict[str, Value | tuple[Value, ...]] | NoRow]:
    """The same for many claims. Fails where two back ends differ, in a value or in its type."""
    analysis = analyse(prog)
    compiled = compile_program(prog, analysis)
    by_column = run(prog, columns_of(prog, cases), analysis)
    failures = {f.claim: NoRow(f.table, f.keys) for f in by_column.failures}
    found = []
    for at, case in enumerate(cases):
        meant = attempt(lambda case=case: evaluate(prog, *case))
        fast = attempt(lambda case=case: compiled.values(compiled.run(*compiled.arguments(*case))))
        column = failures[at] if at in failures else by_column.claim(at)
        assert shown(fast) == shown(meant), f"compiled differs from evaluate on {case}\n{compiled.source}"
        assert shown(column) == shown(meant), f"columns differ from evaluate on {case}"
        found.append(meant)
    return found


def attempt(compute):
    try:
        return compute()
    except NoRow as missing:
        return missing


def shown(result) -> object:
    """Something comparable that tells 1 from True and from Fraction(1)."""
    if isinstance(result, NoRow):
        return ("no row", result.table, result.keys)
    return {
        name: [(type(v).__name__, v) for v in (value if isinstance(value, tuple) else [value])]
        for name, value in result.items()
    }


def value_of(expr: ir.Expr, facts=None, rows=(), used=None, /, **declared) -> object:
    """The value of one expression, the same in all back ends. Raises ``NoRow``."""
    found = outcome(program(expr, **declared), facts, rows, used)
    if isinstance(found, NoRow):
        raise found
    return found["s0"]
