"""Layers and their clauses: shares paid twice, layers that never pay, bases read twice, meters of two windows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from policyengine import expressions as ast
from policyengine import ir
from policyengine.analysis import Solution, held
from policyengine.backends.evaluate import Results
from policyengine.check.conditions import guards
from policyengine.check.view import View, Views
from policyengine.check.witness import claim_of, where, witness
from policyengine.errors import Diagnostic
from policyengine.mechanisms.base import Provision
from policyengine.mechanisms.fund_share import Bands
from policyengine.parse.windows import PREDEFINED
from policyengine.ruleset import Layer, Ruleset, pairs_of

PAYING = ("fund_share", "pay", "top_up", "own_cost_cap")
AMOUNTS = (10**5, 10**6, 10**7, 10**8)
"""What the one fee line of a tried claim costs, in minor units."""


def clauses(ruleset: Ruleset, layer: str) -> list[Provision]:
    return [p for p in ruleset.provisions if any(x.text == layer for x in p.layers)]


def shares_twice(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """E406: two shares of the same base that can apply to one claim; they would be added up."""
    for layer in ruleset.layers:
        shares = [p for p in clauses(ruleset, layer.id.text) if p.mechanism == "fund_share"]
        for one, two in pairs_of(shares):
            if _parts(one) and _parts(two) and _parts(one).isdisjoint(_parts(two)):
                continue
            for view in (v for v in views if v.holds(one) and v.holds(two)):
                together = view.solver.together(*guards(view, one, two))
                if together is not None:
                    message = f"`{one.id}` and `{two.id}` both pay a share of the same base{where(view, together)}"
                    hint = "conditions that exclude each other, one table, or an `adjust` that adds points"
                    yield Diagnostic("E406", message, two.id.span, "one share", hint,
                                     related=(("the other share", one.id.span),),
                                     witness=witness(view, guards(view, one, two)))  # fmt: skip
                    break


def _parts(provision: Provision) -> set[str]:
    """The parts that a share names; none for the whole base."""
    stated = provision.values["fund_share"]
    return {part.text for part, _ in stated} if isinstance(stated, tuple) else set()


def idle_layers(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W416: a layer without a clause that pays."""
    for layer in ruleset.layers:
        paying = [p for p in clauses(ruleset, layer.id.text) if p.mechanism in PAYING]
        if not paying and layer.payer.text != "none":
            expected = "a clause of " + ", ".join(PAYING)
            yield Diagnostic("W416", f"the layer `{layer.id}` never pays", layer.id.span, expected, severity="warning")


def idle_ceilings(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W420: a ceiling beside a lower one of the same kind that holds wherever it does."""
    for layer in ruleset.layers:
        ceilings = [p for p in clauses(ruleset, layer.id.text) if p.mechanism == "ceiling"]
        for high, low in itertools.permutations(ceilings, 2):
            stated = [v for v in views if v.holds(high)]
            if stated and _alike(high) == _alike(low) and all(_below(v, low, high) for v in stated):
                message = f"`{high.id}` never binds: `{low.id}` is lower wherever it applies"
                yield Diagnostic("W420", message, high.id.span, severity="warning",
                                 related=(("the lower ceiling", low.id.span),))  # fmt: skip


def _alike(ceiling: Provision) -> tuple[str, str, tuple[str, ...]]:
    meter = ceiling.values.get("meter")
    return (
        ceiling.values.get("limits", ""),
        "" if meter is None else meter.text,
        tuple(x.text for x in ceiling.layers),
    )


def _below(view: View, low: Provision, high: Provision) -> bool:
    """Whether ``low`` applies, at a lower fixed amount, wherever ``high`` does."""
    if "converts" in high.values or not view.holds(low):
        return False
    amounts = [_fixed(view.step(p.id.text)) for p in (low, high)]
    if amounts[0] is None or amounts[1] is None or amounts[0] > amounts[1]:
        return False
    if amounts[0] == amounts[1] and low.id.span.line > high.id.span.line:
        return False
    other = view.guard(low)
    return other is None or view.solver.together(*guards(view, high), (other, False)) is None


def _fixed(expr: ir.Expr | None) -> int | None:
    """The amount of a slot that is one number wherever its provision applies."""
    match expr:
        case ir.If(then=ir.Lit(value=int(amount)), other=ir.Lit(value=0)) | ir.Lit(value=int(amount)):
            return amount
        case _:
            return None


def cut_bases(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W423: a layer with a base of its own, which earlier layers have paid from, can earn more than is left to pay."""
    for at, layer in enumerate(ruleset.layers):
        earlier = [x for x in ruleset.layers[:at] if _overlap(x, layer) and x.payer.text != "none"]
        if layer.base is None or not earlier or layer.payer.text == "none" or _explained(layer, "base"):
            continue
        found = next(filter(None, (_cut(v, layer, before) for v in views for before in reversed(earlier))), None)
        if found is not None:
            text, before = found
            message = f"`{layer.id}` can earn more than `{before.id}` leaves of the same base; the rest is cut"
            hint = "let the layer look at what is unpaid, or say under `assumed: {base: …}` why not"
            yield Diagnostic("W423", message, layer.base.span, "", hint, "warning",
                             (("paid before from the same part", before.id.span),), witness=text)  # fmt: skip


def _overlap(one: Layer, two: Layer) -> bool:
    return not {p.text for p in one.on}.isdisjoint(p.text for p in two.on)


def _explained(item: Layer, aspect: str) -> bool:
    return any(why.aspect == aspect for why in item.assumed)


def _cut(view: View, layer: Layer, before: Layer) -> tuple[str, Layer] | None:
    paid, payable, first = f"{layer.id}.paid", f"{layer.id}.payable", f"{before.id}.paid"
    if any(view.step(name) is None for name in (paid, payable, first)):
        return None

    def proof(done: Results) -> bool:
        return done[paid] < done[payable] and done[first] != 0  # type: ignore[operator]

    text = _tried(view, (layer, before), proof)
    return (text, before) if text else None


def _tried(view: View, layers: tuple[Layer, ...], proof: object) -> str:
    """A claim, of one fee line of some size, for which the layers are on and the proof holds; or nothing."""
    on = held(*(expr for x in layers if (expr := view.step(f"{x.id}.on")) is not None))
    solution = view.solver.together(*on)
    if solution is None or not solution.sure:
        return ""
    amount = ir.Input("amount", "money", "row")
    for minor in AMOUNTS:
        values = {**solution.values, amount: minor}
        text = claim_of(view, Solution(values, sure=True), [goal[0] for goal in on], proof)  # type: ignore[index, arg-type]
        if text:
            return text
    return ""


def less_paid_before(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W424: ``less: X.deductible`` behind a layer that may already have paid part of that deductible."""
    order = [x.id.text for x in ruleset.layers]
    for at, layer in enumerate(ruleset.layers):
        for node in layer.less:
            name, _, amount = node.text.partition(".") if isinstance(node, ast.Name) else ("", "", "")
            if amount != "deductible" or name not in order[:at] or _explained(layer, "less"):
                continue
            source = ruleset.layers[order.index(name)]
            between = ruleset.layers[order.index(name) + 1 : at]
            payer = next((x for x in between if _pays_part(views, source, x, layer)), None)
            if payer is not None:
                message = (
                    f"`{payer.id}` may already have paid part of `{name}.deductible`, which is taken off here whole"
                )
                hint = "if that is what the policy says, write why: `assumed: {less: …}`"
                yield Diagnostic("W424", message, node.span, "", hint, "warning",
                                 (("the layer in between", payer.id.span),))  # fmt: skip


def _pays_part(views: Views, source: Layer, between: Layer, layer: Layer) -> bool:
    """Whether the layer in between looks at a base that holds the deductible of ``source``, for some claim of all."""
    taken = f"{source.id}.deductible" in {n.text for n in between.less if isinstance(n, ast.Name)}
    if between.payer.text == "none" or not _overlap(source, between) or between.base is not None or taken:
        return False
    for view in views:
        on = [expr for x in (source, between, layer) if (expr := view.step(f"{x.id}.on")) is not None]
        acts = all(view.step(f"{x.id}.payable") is not None for x in (source, between, layer))
        if acts and view.solver.together(*held(*on)) is not None:
            return True
    return False


def windows_differ(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W425: bands by what was used so far, and a cap on the own cost, whose meters start again on different days."""
    windows = {w.name: _days(w) for w in (*PREDEFINED, *(decl.window for decl in ruleset.windows))}
    meters = {m.id.text: windows.get(m.window.text) for m in ruleset.meters}
    stairs = [(p, m) for p in ruleset.provisions for m in _position_meters(p)]
    caps = [(p, p.values["meter"]) for p in ruleset.provisions if p.mechanism == "own_cost_cap" and "meter" in p.values]
    for (banded, used), (cap, meter) in itertools.product(stairs, caps):
        if meters.get(used) != meters.get(meter.text):
            message = f"the bands of `{banded.id}` and the cap `{cap.id}` start again on different days"
            yield Diagnostic("W425", message, meter.span, "meters of one window", severity="warning",
                             related=(("the bands", banded.id.span),))  # fmt: skip


def _days(window: ir.Window) -> object:
    """What two windows that start again on the same days have in common; one that claims open has days of its own."""
    return window.name if window.is_opened else replace(window, name="")


def _position_meters(provision: Provision) -> Iterator[str]:
    stated = provision.values.get("fund_share")
    if isinstance(stated, Bands) and stated.position is not None:
        for node in ast.walk(stated.position):
            if isinstance(node, ast.Call) and node.function == "used" and isinstance(node.args[0], ast.Name):
                yield node.args[0].text


def bands_begin_late(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W417: bands on what a deductible leaves that do not begin at nothing: perhaps their edges include it."""
    for layer in ruleset.layers:
        own = clauses(ruleset, layer.id.text)
        deductible = next((p for p in own if p.mechanism == "deductible"), None)
        for provision in own:
            stated = provision.values.get("fund_share")
            if deductible is None or not isinstance(stated, Bands) or stated.position is not None:
                continue
            first = stated.bands[0][0]
            if isinstance(first, ast.Number) and first.value > 0:
                message = f"`{provision.id}` pays nothing below its first edge, beyond the deductible `{deductible.id}`"
                hint = "begin at 0; edges on cost that includes the deductible need `position: deductible`"
                yield Diagnostic("W417", message, first.span, "a first band from 0", hint, "warning",
                                 (("the deductible", deductible.id.span),))  # fmt: skip
