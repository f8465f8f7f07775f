"""A claim whose fee lines are settled one after the other, written out as one program.

``Program.settle_by`` makes every fee line a claim of its own: the facts of the claim stay, the line is the only one,
and what it leaves on the meters is carried on to the next. Written out for a number of lines, that is a program without
fee lines: what belongs to the second line begins with ``line2:``, its facts and what its meters hold included, and the
amounts of the claim are sums. Whoever reads a program with its values reads this one like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policyengine.ir.build import add
from policyengine.ir.forms import Expr, Hist, Input, Lit, Lookup, Ref, Sum, children, rebuilt, walk
from policyengine.ir.meters import Meter
from policyengine.ir.program import LineShare, Program, Step


def line_prefix(line: int) -> str:
    """How the names of what belongs to a fee line begin; the first line is 0."""
    return f"line{line + 1}:"


def split_name(name: str) -> tuple[int, str]:
    """The fee line, from 1, that a name belongs to (0: the claim), and the name without it."""
    head, colon, rest = name.partition(":")
    return (int(head.removeprefix("line")), rest) if colon else (0, name)


def unrolled(program: Program, lines: int) -> Program:
    """``program`` for a claim with so many fee lines, each settled by itself."""
    every = [line_prefix(at) for at in range(lines)]
    steps = [_of_line(step, prefix) for prefix in every for step in program.steps]
    by_name = {step.name: step for step in program.steps}
    whole = tuple(dict.fromkeys(name for name in _answers(program) if by_name[name].kind == "money"))
    constant = {field for field, name in program.national.items() if _is_constant(name, by_name)}
    return replace(
        program,
        inputs=tuple(d for d in program.inputs if d.domain == "claim")
        + tuple(
            replace(d, name=p + d.name, domain="claim") for p in every for d in program.inputs if d.domain == "row"
        ),
        steps=(*steps, *(_sum(by_name[name], every) for name in whole)),
        meters=tuple(_meter(meter, prefix) for prefix in every for meter in program.meters),
        parts=tuple(replace(part, row="", row_unpaid="") for part in program.parts),
        payers=tuple(replace(share, rows=()) for share in program.payers),
        timings=tuple(
            replace(t, guard=every[0] + t.guard, deposit=every[0] + t.deposit if t.deposit else "")
            for t in program.timings
        ),
        national={
            f: every[0] + n if f in constant else n for f, n in program.national.items() if f in constant or n in whole
        },
        covers="",
        stated=(),
        margins=(),
        limits=(),
        draws=(),
        first_shares=(),
        rules=(),
        lines=tuple(_share(program, prefix) for prefix in every),
    )


def _of_line(step: Step, prefix: str) -> Step:
    guard = prefix + step.guard if step.guard else ""
    return replace(step, name=prefix + step.name, expr=_expr(step.expr, prefix), guard=guard)


def _sum(step: Step, every: list[str]) -> Step:
    """An amount of the claim: the sum of those of its lines."""
    amount = add(*(Ref(prefix + step.name, step.kind) for prefix in every))
    return Step(step.name, amount, step.term, step.payer, step.label, shown=step.shown)


def _meter(meter: Meter, prefix: str) -> Meter:
    reset = prefix + meter.window.reset if meter.window.reset else ""
    when = prefix + meter.when if meter.when else ""
    return replace(
        meter, name=prefix + meter.name, step=prefix + meter.step, when=when, window=replace(meter.window, reset=reset)
    )


def _answers(program: Program) -> Iterator[str]:
    """The steps of what is read off a settlement, and what each payer pays."""
    yield program.bill
    for part in program.parts:
        yield from filter(None, (part.gross, part.unpaid, part.held))
    yield from (step.name for step in program.steps if step.payer and step.domain == "claim")
    yield from (name for share in program.payers for name in share.steps)
    yield from (reason.step for reason in program.reasons)
    yield program.patient
    yield "patient_total"
    yield from (grant.step for grant in program.grants)
    yield from program.national.values()


def _is_constant(name: str, steps: dict[str, Step]) -> bool:
    """Whether a step has one value for all claims, and so for all lines."""
    leaves = [e for e in walk(steps[name].expr) if isinstance(e, Lit | Input | Ref | Hist | Lookup)]
    return all(isinstance(e, Lit) or (isinstance(e, Ref) and _is_constant(e.step, steps)) for e in leaves)


def _share(program: Program, prefix: str) -> LineShare:
    """Where the amounts of one line stand."""
    first = program.national.get("first_share", "")
    return LineShare(
        prefix + program.bill,
        tuple((share.payer, tuple(prefix + step for step in share.steps)) for share in program.payers),
        prefix + program.patient,
        tuple((part.name, prefix + part.gross) for part in program.parts),
        prefix + first if first else "",
    )


def _expr(expr: Expr, prefix: str) -> Expr:
    """``expr`` for one line alone: a fact of the line is one of the claim, the sum over the lines is the line."""

    def of(inner: Expr) -> Expr:
        return _expr(inner, prefix)

    match expr:
        case Lit():
            return replace(expr, domain="claim")
        case Input(name=name):
            return Input(prefix + name if expr.domain == "row" else name, expr.kind)
        case Ref(step=step):
            return Ref(prefix + step, expr.kind)
        case Hist(meter=meter):
            return Hist(prefix + meter, expr.kind)
        case Sum():
            return of(expr.of)
        case _:
            return replace(rebuilt(expr, tuple(map(of, children(expr)))), domain="claim")
