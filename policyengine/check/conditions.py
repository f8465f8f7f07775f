"""Conditions: never met, always met, won over by others; two adjustments that set the same quantity at once."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine import expressions as ast
from policyengine import ir
from policyengine.analysis import Goal, held
from policyengine.check.view import View, Views
from policyengine.check.witness import where, witness
from policyengine.errors import Diagnostic
from policyengine.mechanisms.adjust import CHANGES
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Ruleset, pairs_of
from policyengine.shapes import Word


def guards(view: View, *provisions: Provision) -> tuple[Goal, ...]:
    """That all of them apply, to a claim that the rule set covers."""
    conditions = (view.step(view.program.covers), *(view.guard(p) for p in provisions))
    return held(*(condition for condition in conditions if condition is not None))


def clashing_sets(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """E407: two adjustments may both set one quantity, and neither says that it overrides the other."""
    for one, two in _pairs_of_sets(ruleset):
        if _wins(one, two) or _wins(two, one):
            continue
        for view in views:
            together = view.solver.together(*guards(view, one, two))
            if together is not None:
                message = f"`{one.id}` and `{two.id}` may both set `{one.values['adjust']}`{where(view, together)}"
                hint = f"`overrides: {one.id.text}`, or conditions that exclude each other"
                yield Diagnostic("E407", message, two.id.span, "", hint, related=(("the other one", one.id.span),),
                                 witness=witness(view, guards(view, one, two)))  # fmt: skip
                break


def _pairs_of_sets(ruleset: Ruleset) -> Iterator[tuple[Provision, Provision]]:
    sets = [p for p in ruleset.provisions if p.mechanism == "adjust" and "set" in p.values]
    for one, two in pairs_of(sets):
        if _same_slot(one.values["adjust"].text, two.values["adjust"].text):
            yield one, two


def _same_slot(one: str, two: str) -> bool:
    """Whether two targets name one quantity; what is said of a provision holds for each of its limits."""
    return one == two or one.startswith(f"{two}.") or two.startswith(f"{one}.")


def _wins(one: Provision, two: Provision) -> bool:
    return two.id.text in {o.text for o in one.overrides}


def shadowed_sets(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W419: an adjustment that sets a quantity which another one, that overrides it, always sets too."""
    for one, two in _pairs_of_sets(ruleset):
        for under, over in ((one, two), (two, one)):
            stated = [v for v in views if v.holds(under)]
            if _wins(over, under) and stated and all(_always_wins(v, under, over) for v in stated):
                message = f"`{under.id}` never has an effect: `{over.id}` applies wherever it does, and overrides it"
                yield Diagnostic("W419", message, under.id.span, severity="warning",
                                 related=(("the one that wins", over.id.span),))  # fmt: skip


def _always_wins(view: View, under: Provision, over: Provision) -> bool:
    if not view.holds(over):
        return False
    other = view.guard(over)
    return other is None or view.solver.together(*guards(view, under), (other, False)) is None


def unreachable(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W415: a provision or a layer whose condition no claim can meet, in no period; a rule set that covers no claim."""
    for cover in ruleset.covers[-1:]:
        if all(v.solver.together(*held(v.program.step(v.program.covers).expr)) is None for v in views):
            yield Diagnostic("W415", "no claim is covered", cover.when.span, severity="warning")
    for what, item, name in _conditional(ruleset):
        stated = [(v, expr) for v in views if (expr := v.step(name)) is not None]
        if stated and all(v.solver.together((expr, True)) is None for v, expr in stated):
            message = f"no claim can meet the condition of {what}`{item}`"
            yield Diagnostic("W415", message, item.span, severity="warning")


def always_met(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W426: a condition that every claim meets, in every period. One that is written ``true`` is meant so."""
    whens = {p.id.text: p.when for p in ruleset.provisions} | {x.id.text: x.when for x in ruleset.layers}
    for what, item, name in _conditional(ruleset):
        when = whens[item.text]
        if when is None or isinstance(when, ast.Name):
            continue
        stated = [(v, expr) for v in views if (expr := v.step(name)) is not None]
        if len(stated) == len(views) and all(_always(v, expr) for v, expr in stated):
            message = f"every claim meets the condition of {what}`{item}`"
            yield Diagnostic("W426", message, when.span, "", "leave the condition out", severity="warning")


def _always(view: View, expr: ir.Expr) -> bool:
    """Whether a condition of its own, under which the layer's is not counted, holds for every claim."""
    match expr:
        case ir.Lit():
            return False
        case ir.Logic(op="and", args=(ir.Ref(step=step) as on, *own)) if step.endswith(".on"):
            return view.solver.together((on, True), (ir.both(*own), False)) is None
        case _:
            return view.solver.together((expr, False)) is None


def _conditional(ruleset: Ruleset) -> Iterator[tuple[str, Word, str]]:
    """Everything that has a condition: what it is, its name, and the step that holds whether it is met."""
    for layer in ruleset.layers:
        if layer.when is not None:
            yield "the layer ", layer.id, f"{layer.id}.on"
    for provision in ruleset.provisions:
        yield "", provision.id, f"{provision.id}.applies"


def said_twice(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W429: two adjustments that change one quantity alike, for one claim: perhaps one sentence, written twice."""
    changes = [p for p in ruleset.provisions if p.mechanism == "adjust" and {"add", "scale"} & set(p.values)]
    for one, two in pairs_of(changes):
        if _change(one) != _change(two) or one.when != two.when:
            continue
        for view in views:
            both = view.holds(one) and view.holds(two)
            together = view.solver.together(*guards(view, one, two)) if both else None
            if together is not None and together.sure:
                message = f"`{two.id}` does to `{one.values['adjust']}` what `{one.id}` does already; both apply"
                hint = "a second sentence that says the same is a second citation of the first"
                yield Diagnostic("W429", message, two.id.span, "", hint, "warning", (("the first", one.id.span),),
                                 witness=witness(view, guards(view, one, two)))  # fmt: skip
                break


def _change(change: Provision) -> tuple[object, ...]:
    """What an adjustment does, wherever it is written."""
    return (change.values["adjust"].text, *(change.values.get(key) for key in CHANGES))
