"""What claims must say so that a rule set covers them: facts that fit, amounts and words of the bill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policyengine import ir
from policyengine.analysis.linear import Goal
from policyengine.analysis.solve import Solver

Facts = dict[str, ir.Value]


@dataclass(frozen=True, slots=True)
class Covering:
    """``facts``: under each of these the conditions on single facts hold; empty if everybody is covered. ``amounts``:
    what the bill is compared with; ``words``: codes of fee lines that the bill is looked through for, by fact."""

    facts: tuple[Facts, ...] = ()
    amounts: tuple[int, ...] = ()
    words: Mapping[str, tuple[str, ...]] | None = None
    nobody: bool = False
    """Whether no claim at all is covered."""


def covering(program: ir.Program) -> Covering:
    """What ``covers`` of a program asks for, each word of each code and each flag that it reads in turn."""
    if not program.covers:
        return Covering()
    steps, solver, covers = (
        {step.name: step for step in program.steps},
        Solver(program),
        program.step(program.covers).expr,
    )
    if solver.together((covers, True)) is None:
        return Covering(nobody=True)
    clear = [one for one in _conjuncts(covers, steps) if (found := solver.together((one, True))) and found.sure]
    read = dict.fromkeys(e for one in clear for e in _reached(one, steps) if isinstance(e, ir.Input) and chosen_fact(e))
    goals: list[Goal] = [(one, True) for one in clear]
    answers = (solver.together(*goals, goal) for leaf in read for goal in _each(program, leaf))
    held = (one.values for one in answers if one is not None and one.sure)
    facts = tuple({name: v for leaf, v in values.items() if (name := chosen_fact(leaf))} for values in held)
    every = list(_reached(covers, steps))
    named = {
        int(e.value) for e in every if isinstance(e, ir.Lit) and e.kind == "money" and not isinstance(e.value, str)
    }
    return Covering(facts, tuple(sorted(amount for amount in named if amount > 0)), _words(every))


def chosen_fact(key: ir.Expr) -> str:
    """The name of a fact of the claim that is a code, a flag or the ordinal of the stay; else nothing."""
    if not isinstance(key, ir.Input) or key.domain != "claim" or "." in key.name:
        return ""
    return key.name if key.kind in ("code", "flag") or key.name == "admission_ordinal" else ""


def _conjuncts(expr: ir.Expr, steps: Mapping[str, ir.Step]) -> Iterator[ir.Expr]:
    match expr:
        case ir.Ref(step=step):
            yield from _conjuncts(steps[step].expr, steps)
        case ir.Logic(op="and", args=args):
            for arg in args:
                yield from _conjuncts(arg, steps)
        case _:
            yield expr


def _reached(expr: ir.Expr, steps: Mapping[str, ir.Step]) -> Iterator[ir.Expr]:
    """Every expression in ``expr``, through steps, too."""
    for one in ir.walk(expr):
        yield one
        if isinstance(one, ir.Ref):
            yield from _reached(steps[one.step].expr, steps)


def _words(every: list[ir.Expr]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for one in every:
        match one:
            case ir.Compare(op="==" | "!=", left=ir.Input(name=name, domain="row"), right=ir.Lit(value=str(word))):
                found.setdefault(name, []).append(word)
    return {name: tuple(dict.fromkeys(words)) for name, words in found.items()}


def _each(program: ir.Program, leaf: ir.Input) -> list[Goal]:
    """That a fact is one thing, that it is another, and so on."""
    if leaf.kind == "flag":
        return [(leaf, True), (leaf, False)]
    decl = next(d for d in program.inputs if d.name == leaf.name)
    return [(ir.compare("==", leaf, ir.code(word)), True) for word in decl.values]
