"""What a program computes, whatever its steps, tables and meters are called: programs that are equal in this are alike.

Every step gets a number that stands for its formula with all that it rests on written out; equal numbers, equal
formulas. Two programs whose answers have equal numbers settle every claim alike, after any earlier claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from policyengine import ir

_ANY_ORDER: Final = (ir.Add, ir.Min, ir.Max)


@dataclass(slots=True)
class Numbers:
    """Numbers for what has been seen: the same thing gets the same number."""

    seen: dict[Any, int] = field(default_factory=dict)

    def of(self, thing: Any) -> int:
        return self.seen.setdefault(thing, len(self.seen))


@dataclass(frozen=True, slots=True)
class Meaning:
    """The numbers of the steps and meters of a program by name, and that of all its answers."""

    steps: Mapping[str, int]
    meters: Mapping[str, int]
    answers: int


def alike(old: ir.Program, new: ir.Program) -> bool:
    """Whether it is proved that the two settle every claim alike, whatever was settled before from nothing on."""
    one, two = meanings(old, new)
    return one.answers == two.answers


def meanings(old: ir.Program, new: ir.Program) -> tuple[Meaning, Meaning]:
    """What two programs compute, in numbers that can be compared.

    Meters are first told apart by window and scope alone, then by what they count, and so on, until a round tells no
    more of them apart: those that are still alike count alike for ever.
    """
    numbers = Numbers()
    held = [{m.name: numbers.of(_shape(m)) for m in program.meters} for program in (old, new)]
    kinds = 0
    while kinds < (kinds := len({number for of in held for number in of.values()})):
        known = [_steps(p, of, numbers) for p, of in zip((old, new), held, strict=True)]
        held = [
            {m.name: numbers.of((of[m.name], steps[m.step], steps.get(m.when), steps.get(m.window.reset)))
             for m in program.meters}
            for program, of, steps in zip((old, new), held, known, strict=True)
        ]  # fmt: skip
    one, two = (
        Meaning(steps := _steps(p, of, numbers), of, numbers.of(_answers(p, steps, numbers)))
        for p, of in zip((old, new), held, strict=True)
    )
    return one, two


def _shape(meter: ir.Meter) -> Any:
    window = tuple(getattr(meter.window, f.name) for f in fields(meter.window) if f.name not in ("name", "reset"))
    return ("meter", meter.kind, meter.per, window, meter.keep, meter.opening)


def _steps(program: ir.Program, meters: Mapping[str, int], numbers: Numbers) -> dict[str, int]:
    tables = {t.name: numbers.of(_table(t)) for t in program.tables}
    inputs = {(d.domain, d.name): numbers.of(_declared(d)) for d in program.inputs}
    found: dict[str, int] = {}
    for step in program.steps:
        found[step.name] = _number(step.expr, found, tables, inputs, meters, numbers)
    return found


def _table(table: ir.Table) -> Any:
    patterns = tuple(tuple(tuple(sorted(p, key=str)) if isinstance(p, frozenset) else p for p in row)
                     for row in table.patterns)  # fmt: skip
    return ("table", patterns, tuple((c.kind, c.values) for c in table.columns))


def _declared(decl: ir.InputDecl) -> Any:
    return ("input", decl.name, decl.kind, decl.domain, tuple(sorted(decl.values)), decl.open, decl.low, decl.high,
            decl.default, decl.days, decl.grid)  # fmt: skip


def _number(
    expr: ir.Expr, steps: Mapping[str, int], tables: Mapping[str, int], inputs: Mapping[tuple[ir.Domain, str], int],
    meters: Mapping[str, int], numbers: Numbers,
) -> int:  # fmt: skip
    inner = tuple(_number(child, steps, tables, inputs, meters, numbers) for child in ir.children(expr))
    match expr:
        case ir.Ref(step=step):
            return steps[step]
        case ir.Input(name=name, domain=domain):
            return inputs[domain, name]
        case ir.Hist(meter=meter):
            return numbers.of(("held", meters[meter]))
        case ir.Lit(value=value, kind=kind):
            return numbers.of(("value", kind, value))
        case ir.Lookup(table=table, column=column):
            return numbers.of(("cell", tables[table], column, inner))
        case ir.Compare(op=op) if op in (">", ">="):
            return numbers.of(("Compare", ir.MIRRORED[op], inner[::-1]))
        case ir.Compare(op=op):
            return numbers.of(("Compare", op, tuple(sorted(inner)) if op in ("==", "!=") else inner))
        case ir.Logic(op=op):
            return numbers.of(("Logic", op, inner))
    said = tuple((f.name, v) for f in fields(expr) if isinstance(v := getattr(expr, f.name), str | int))
    return numbers.of((type(expr).__name__, said, tuple(sorted(inner)) if isinstance(expr, _ANY_ORDER) else inner))


def _answers(program: ir.Program, steps: Mapping[str, int], numbers: Numbers) -> Any:
    """All that a settlement is made of: who bears what, what is granted, what is due when, whom it covers, what may be
    refused."""
    looked_up = Counter(steps[s.name] for s in program.steps if any(isinstance(e, ir.Lookup) for e in ir.walk(s.expr)))
    return (
        "answers", program.currency, program.dated_by, program.settle_by, steps[program.bill], steps[program.patient],
        tuple(sorted((p.payer, p.side, tuple(sorted(steps[s] for s in p.steps))) for p in program.payers)),
        tuple(sorted((g.payer, steps[g.step]) for g in program.grants)),
        steps[program.covers] if program.covers else None,
        tuple(sorted((name, steps[step]) for name, step in program.stated)),
        tuple((steps.get(t.guard), steps.get(t.deposit), t.settle, t.at_discharge) for t in program.timings),
        tuple(sorted(numbers.of(_declared(d)) for d in program.inputs)),
        tuple(sorted(looked_up.items())),
    )  # fmt: skip


def fresh(one: Meaning, other: Meaning) -> Iterable[str]:
    """The steps of one program that the other has no like of."""
    known = set(other.steps.values())
    return (name for name, number in one.steps.items() if number not in known)
