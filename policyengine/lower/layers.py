"""Running a layer: what it looks at, its clauses in file order, rounding, ceilings, and what it leaves behind.

A layer works in one ledger. What is lowered is the same for the claim and for a fee line: only what the names mean
differs, and that each amount of a layer on lines has a sum over the lines beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.analysis import never_negative
from policyengine.lower.adjust import apply as adjust_by
from policyengine.lower.waterfall import Amounts, Ran, is_shadow, move, pay, pour
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms import ceiling as ceilings
from policyengine.mechanisms.base import Frame, Provision, no_order_of_lines
from policyengine.resolve import fault
from policyengine.ruleset import Layer
from policyengine.shapes import Faults

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def drain(amounts: Amounts, off: ir.Expr) -> Amounts:
    """``amounts`` less ``off``, taken in order, none below zero."""
    out: Amounts = {}
    for index, (part, amount) in enumerate(amounts.items()):
        out[part] = ir.positive_part(ir.sub(amount, off))
        if index + 1 < len(amounts):
            off = ir.positive_part(ir.sub(off, amount))
    return out


def run_layer(bench: Workbench, layer: Layer, clauses: Sequence[Provision], side: str) -> Ran:
    """Lowers one layer: every amount it leaves is in the ledger of the claim under ``layer.name``."""
    if not layer.by_row:
        for part in layer.on:
            bench.still_open(part)
        ran = _run(bench, layer, clauses, side)
        if not is_shadow(layer):
            touched = [*(p.text for p in layer.on), *ran.moved]
            bench.lines.closed.update((part, layer.id) for part in touched if part not in bench.lines.closed)
        return ran
    with bench.at(bench.lines):
        for part in layer.on:
            bench.still_open(part)
        if layer.to_date is not None:
            raise no_order_of_lines("a window", layer.to_date.span)
        ran = _run(bench, layer, clauses, side)
    _sum_up(bench, layer, ran)
    return ran


def _run(bench: Workbench, layer: Layer, clauses: Sequence[Provision], side: str) -> Ran:
    name = f"{layer.id}.row" if layer.by_row else layer.id.text
    bench.layer_on = ir.TRUE
    when = ir.TRUE if layer.when is None else bench.amount(layer.when, "flag")
    on = bench.step(f"{name}.on", when, label=layer.label, cites=(), assumed=())
    ran = Ran(layer, side, on)
    bench.layer, bench.layer_on = name, on
    inverted = any("converts" in p.values for p in clauses)
    frame = Frame(name, bench, on, _running(bench, layer, name, on), inverted=inverted, by_row=layer.by_row)
    whole = frame.base if len(frame.running) == 1 else bench.step(f"{name}.base", frame.base, term="base", shown=True)
    bench.amounts[f"{layer.id}.base"] = whole
    faults = Faults()
    for provision in clauses:
        faults.attempt(BY_KEY[provision.mechanism].lower, provision, frame)
    faults.done()
    bench.layer_on = on
    _settle(bench, layer, frame, ran)
    ran.stated = _stated_elsewhere(clauses, layer)
    ran.limits = _limits(layer, frame)
    bench.layer, bench.layer_on = "", ir.TRUE
    return ran


def _sum_up(bench: Workbench, layer: Layer, ran: Ran) -> None:
    """What a layer did to each line, summed over the lines, is what it did to the claim."""
    head, claim = layer.id.text, bench.claim
    for name, amount in bench.lines.amounts.items():
        if name.startswith(f"{head}.") and name not in claim.amounts:
            claim.amounts[name] = _sum_of(bench, name, amount)
    for part in dict.fromkeys([*(p.text for p in layer.on), *ran.moved]):
        for what, lines, whole in (
            ("unpaid", bench.lines.unpaid, claim.unpaid),
            ("held", bench.lines.held, claim.held),
        ):
            if lines[part] != bench.lines.amounts[part]:
                whole[part] = bench.step(f"{part}.{what}_after_{head}", ir.total(lines[part]), term="unpaid")


def _sum_of(bench: Workbench, name: str, amount: ir.Expr) -> ir.Expr:
    if not isinstance(amount, ir.Ref):
        return bench.step(name, ir.total(amount), shown=not isinstance(amount, ir.Lit))
    of = bench.steps[amount.step]
    marks: dict[str, Any] = {
        "term": of.term,
        "payer": of.payer,
        "label": of.label,
        "guard": of.guard,
        "shown": of.shown,
    }
    return bench.step(name, ir.total(amount), cites=of.cites, assumed=of.assumed, span=of.span, **marks)


def _stated_elsewhere(clauses: Sequence[Provision], layer: Layer) -> list[tuple[str, str]]:
    """Payments made elsewhere that the layer takes over, each with the step that must hold all of it."""
    pays = [p.values["pay"] for p in clauses if "pay" in p.values]
    calls = [node for node in pays if isinstance(node, ast.Call) and node.function == "elsewhere"]
    names = [f"elsewhere.{node.args[0].text}" for node in calls if isinstance(node.args[0], ast.Name)]
    return [(name, f"{layer.id}.paid") for name in names] if len(pays) == 1 and not is_shadow(layer) else []


def _limits(layer: Layer, frame: Frame) -> list[ir.Limit]:
    """The limits of the layer's clauses. A layer over a window keeps meters of its own for what it set aside and paid;
    of its other limits without a meter nothing says what earlier claims used."""
    if layer.to_date is None:
        return frame.limits
    own = {"deductible": f"{layer.id}.deductible_to_date", "ceiling": f"{layer.id}.paid_to_date"}
    over_window = [(limit, limit.meter or own.get(limit.kind, "")) for limit in frame.limits]
    return [replace(limit, meter=meter, used=f"meter.{meter}") for limit, meter in over_window if meter]


def _running(bench: Workbench, layer: Layer, name: str, on: ir.Expr) -> Amounts:
    source = {p.text: bench.amounts[p.text] if is_shadow(layer) else bench.unpaid[p.text] for p in layer.on}
    if layer.base is not None:
        if len(source) > 1:
            raise fault("E347", "`base` replaces what one part holds; this layer looks at several", layer.base.span)
        source = {next(iter(source)): _at_least_nothing(bench, bench.amount(layer.base))}
    for off in layer.less:
        source = drain(source, _at_least_nothing(bench, bench.amount(off)))
    running: Amounts = {}
    for part, amount in source.items():
        suffix = "" if len(source) == 1 else f".{part}"
        base = ir.choose(on, amount, ir.ZERO)
        if layer.to_date is not None:
            now = bench.step(f"{name}.base_now{suffix}", base)
            meter = f"{name}.base_to_date{suffix}"
            if now.kind == "exact":
                raise fault(
                    "E348", "a base over a window is whole money", layer.id.span, hint="write `round(…)` around it"
                )
            bench.meters.keep_for_layer(meter, layer, now)
            base = ir.add(bench.meters.held(meter, layer.to_date), now)
        running[part] = bench.step(f"{name}.base{suffix}", base, term="base", shown=True, label=layer.label,
                                   cites=layer.cites, assumed=layer.assumed, guard=ran_under(on))  # fmt: skip
    return running


def _at_least_nothing(bench: Workbench, amount: ir.Expr) -> ir.Expr:
    """``amount``, or nothing where it is below zero, unless it never is by its shape."""
    return amount if never_negative(amount, bench.known) else ir.positive_part(amount)


def ran_under(on: ir.Expr) -> str:
    """The step of a layer's condition, empty if it always acts."""
    return on.step if isinstance(on, ir.Ref) else ""


def _settle(bench: Workbench, layer: Layer, frame: Frame, ran: Ran) -> None:
    name = frame.layer
    payable = frame.payable
    changes = bench.changes.get(f"{layer.id}.payable", [])
    for ceiling in (c for c in frame.ceilings if c.converts and changes):
        raise ceilings.no_inverse(ceiling)
    if changes:
        payable = adjust_by(bench, changes, bench.step(f"{name}.payable_stated", payable, shown=True), "", ran.on)
    rounded = bench.rounded(payable) if layer.rounding is None else ir.rounded(payable, *layer.rounding)
    before = bench.step(f"{name}.payable_rounded", rounded)
    after = before
    for ceiling in frame.ceilings:
        after = ceilings.apply(ceiling, after, frame)
    _labels(bench, layer, frame, ran, before, after)
    if layer.to_date is not None:
        after = ir.sub(after, bench.meters.held(f"{layer.id}.paid_to_date", layer.to_date))
    due = ir.positive_part(after) if frame.ceilings or layer.to_date else _at_least_nothing(bench, after)
    bench.amounts[f"{layer.id}.payable"] = bench.step(
        f"{name}.payable", due, term="payable", shown=True, guard=ran_under(ran.on), label=layer.label
    )
    pay(bench, layer, frame, ran)
    move(bench, layer, frame, ran)


def _labels(bench: Workbench, layer: Layer, frame: Frame, ran: Ran, before: ir.Expr, after: ir.Expr) -> None:
    """Leaves the layer's named amounts: deductible, over_base, over_ceiling, coinsurance, over_cost, own labels."""
    name, left = frame.layer, layer.id.text
    for draw in frame.draws:
        labelled = ran.labels.setdefault(draw.label, {})
        for part, amount in draw.by_part.items():
            labelled[part] = ir.add(labelled[part], amount) if part in labelled else amount
    cut = bench.step(f"{name}.over_ceiling", ir.sub(before, after)) if frame.ceilings else ir.ZERO
    if layer.to_date is not None and frame.ceilings:
        cut = _since_before(bench, layer, "over_ceiling", cut)
    bench.amounts[f"{left}.over_ceiling"] = cut
    drawn = [a for label in ran.labels.values() for a in label.values()]
    rest = ir.sub(ir.sub(bench.amounts[f"{left}.base"], ir.add(ir.ZERO, *drawn)), before)
    told: Amounts = {}
    for label in ("deductible", "over_base"):
        ran.labels.setdefault(label, {})
    for label, by_part in ran.labels.items():
        total = ir.add(ir.ZERO, *by_part.values())
        if layer.to_date is not None and by_part:
            total = _of_this_claim(bench, layer, label, by_part, total)
        bench.amounts[f"{left}.{label}"] = told[label] = bench.step(f"{name}.{label}", total)
    if layer.to_date is not None:
        due = ir.positive_part(ir.sub(after, bench.meters.held(f"{left}.paid_to_date", layer.to_date)))
        rest = ir.sub(_base_now(bench, layer, frame), ir.add(due, cut, *told.values()))
    bench.amounts[f"{left}.coinsurance"] = bench.step(f"{name}.coinsurance", ir.positive_part(rest))
    converted = [c for c in frame.ceilings if c.converts]
    if converted:
        beyond = ir.maximum(*(ceilings.over_cost(c, frame) for c in converted))
        bench.amounts[f"{left}.over_cost"] = bench.step(
            f"{name}.over_cost", beyond, converted[0].provision, term="over_cost", shown=True
        )
    if len(frame.segments) == 1:
        ran.share = frame.segments[0].share
    ran.over_ceiling = _spread_back(bench, name, cut, frame.running) if frame.ceilings else {}


def _base_now(bench: Workbench, layer: Layer, frame: Frame) -> ir.Expr:
    """What this claim adds to the base of a layer over a window."""
    assert layer.to_date is not None
    suffixes = [""] if len(frame.running) == 1 else [f".{part}" for part in frame.running]
    held = [bench.meters.held(f"{frame.layer}.base_to_date{suffix}", layer.to_date) for suffix in suffixes]
    return ir.sub(bench.amounts[f"{layer.id}.base"], ir.add(*held))


def _of_this_claim(bench: Workbench, layer: Layer, label: str, by_part: Amounts, total: ir.Expr) -> ir.Expr:
    """A label of a layer over a window is what the window holds with this claim, less what it held before."""
    if len(by_part) > 1:
        raise fault("E347", "a layer over a window looks at one part", layer.id.span)
    now = by_part[next(iter(by_part))] = _since_before(bench, layer, label, total)
    return now


def _since_before(bench: Workbench, layer: Layer, label: str, total: ir.Expr) -> ir.Expr:
    """What the window holds of ``label`` with this claim, less what it held before; a meter of the layer's keeps it."""
    assert layer.to_date is not None
    meter = f"{layer.id}.{label}_to_date"
    now = bench.step(
        f"{layer.id}.{label}_now", ir.positive_part(ir.sub(total, bench.meters.held(meter, layer.to_date)))
    )
    bench.meters.keep_for_layer(meter, layer, now)
    return now


def _spread_back(bench: Workbench, name: str, cut: ir.Expr, running: Amounts) -> Amounts:
    """Which parts a ceiling's cut leaves unpaid: the last ones first, since parts are paid in order."""
    backwards = dict(reversed(running.items()))
    return pour(bench, f"{name}.over_ceiling_of", cut, backwards) if len(backwards) > 1 else dict.fromkeys(running, cut)
