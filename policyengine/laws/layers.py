"""Exceptions that lie in what a layer pays for: more than is left, several parts in turn, what lies over a ceiling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyengine import ir
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.reading import BILLED, moved_by_steps, name_of


def _acts(program: ir.Program, why: str, amounts: Iterable[str], shown: str = "") -> Exempt:
    """An exception that bears on settlements in which one of these amounts is not zero."""
    named = tuple(amounts)
    condition = ir.compare(">", ir.add(*(ir.Ref(step, "money") for step in named)), ir.ZERO)
    return Exempt(WHYS[why], program.step(shown or named[0]), "acts", condition)


def _paid(draw: ir.Draw) -> tuple[str, ...]:
    return tuple(step for _, step in draw.payers)


def measured_on_the_whole(program: ir.Program) -> Iterator[Exempt]:
    """Layers that pay by the gross amount of a part on which earlier layers have paid already, or by the bill."""
    steps = {step.name: step for step in program.steps}
    untouched = {part.name: part.gross for part in program.parts}
    whole: set[str] = set()
    earlier: list[str] = []
    for draw in program.draws:
        stops = {*untouched.values(), *(step.name for step in program.steps if step.term == "unpaid")}
        stops |= {step.name for step in program.steps if step.name.partition(".")[0] in earlier}
        if whole and any(_rests_on(steps[paid].expr, whole, steps, stops) for paid in _paid(draw)):
            yield _acts(program, "whole", _paid(draw))
        whole |= {program.bill, *BILLED} | {untouched.pop(part) for part, _ in draw.parts if part in untouched}
        earlier.append(draw.layer)


def _rests_on(expr: ir.Expr, names: set[str], steps: dict[str, ir.Step], stops: set[str]) -> bool:
    """Whether an amount rests on steps of these names by amounts alone, and not through those of ``stops``."""
    waiting, seen = [expr], set[str]()
    while waiting:
        for part in _amounts(waiting.pop()):
            name = name_of(part)
            if name in names:
                return True
            if isinstance(part, ir.Ref) and name not in seen and name not in stops:
                seen.add(name)
                waiting.append(steps[name].expr)
    return False


def _amounts(expr: ir.Expr) -> Iterator[ir.Expr]:
    """An expression and what is inside it, conditions left out."""
    if expr.kind != "flag":
        yield expr
        for child in ir.children(expr):
            yield from _amounts(child)


def several_parts(program: ir.Program) -> Iterator[Exempt]:
    """Layers on several parts, of which a later layer knows only some: what they take of each depends on all."""
    for at, draw in enumerate(program.draws):
        own = {part for part, _ in draw.parts}
        later = [{part for part, _ in other.parts} for other in program.draws[at + 1 :]]
        if any(own & parts and own - parts for parts in later):
            if len(own) > 1 and draw.payers:
                yield _acts(program, "parts", _paid(draw))
            for _, _, moved in draw.moves:
                yield _acts(program, "parts", (moved,))


def deducted_in_turn(program: ir.Program) -> Iterator[Exempt]:
    """Layers on several parts with a limit that is met part by part: of two claims the first may meet it in other
    parts than the whole would, and the parts may have other shares."""
    limited = {limit.layer for limit in program.limits}
    for draw in program.draws:
        if len(draw.parts) > 1 and draw.payers and draw.layer in limited:
            yield _acts(program, "parts", _paid(draw))


def paid_onward(program: ir.Program) -> Iterator[Exempt]:
    """Ceilings of which a later layer pays the excess."""
    layers = {draw.layer: _paid(draw) for draw in program.draws}
    unpaid = [step.name for step in program.steps if step.term == "unpaid"]
    for limit in program.limits:
        if limit.kind not in ("ceiling", "base_ceiling") or limit.layer not in layers:
            continue
        over = [s.name for s in program.steps if s.name.startswith(f"{limit.layer}.over_")]
        moved = moved_by_steps(program, over, unpaid)
        for paid in list(layers.values())[list(layers).index(limit.layer) + 1 :]:
            if moved.intersection(paid):
                yield _acts(program, "onward", paid, limit.limit)


def positioned_by_another_amount(program: ir.Program) -> Iterator[Exempt]:
    """Bands over the lines of a claim that begin where an accumulator stands which counts something else than the
    amount that they divide: a part of it, taken off each line, lies in no band."""
    if not program.settle_by:
        return
    steps, counted = {s.name: s for s in program.steps}, {m.name: m.step for m in program.meters}
    for step in (one for one in program.steps if one.term == "band"):
        ends = [e for e in ir.walk(step.expr) if isinstance(e, ir.Ref) and isinstance(steps[e.step].expr, ir.Add)]
        parts = [part for end in ends for part in ir.children(steps[end.step].expr)]
        meters = {_plainly(ir.Ref(counted[p.meter], p.kind), steps) for p in parts if isinstance(p, ir.Hist)}
        divided = {_plainly(part, steps) for part in parts if not isinstance(part, ir.Hist)}
        if meters - divided:
            yield Exempt(WHYS["position"], step, "always", ir.TRUE)


def _plainly(expr: ir.Expr, steps: dict[str, ir.Step]) -> ir.Expr:
    """What an amount is called first."""
    while isinstance(expr, ir.Ref) and isinstance(steps[expr.step].expr, ir.Ref):
        expr = steps[expr.step].expr
    return expr
