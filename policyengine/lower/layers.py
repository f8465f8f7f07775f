"""Running a layer: what it looks at, its clauses in file order, rounding, ceilings, and the waterfall that pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.lower.adjust import apply as adjust_by
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms import ceiling as ceilings
from policyengine.mechanisms.base import Frame, Provision
from policyengine.resolve import fault, unknown_name
from policyengine.ruleset import Layer
from policyengine.shapes import Faults

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

Amounts = dict[str, ir.Expr]


@dataclass(slots=True)
class Ran:
    """A layer that has acted: whether it was on, what it set aside and paid, by part."""

    layer: Layer
    side: str
    on: ir.Expr
    labels: dict[str, Amounts] = field(default_factory=dict)
    over_ceiling: Amounts = field(default_factory=dict)
    paid: Amounts = field(default_factory=dict)
    share: ir.Expr | None = None
    payers: dict[str, list[str]] = field(default_factory=dict)
    stated: list[tuple[str, str]] = field(default_factory=list)
    limits: list[ir.Limit] = field(default_factory=list)


def drain(amounts: Amounts, off: ir.Expr) -> Amounts:
    """``amounts`` less ``off``, taken in order, none below zero."""
    out: Amounts = {}
    for index, (part, amount) in enumerate(amounts.items()):
        out[part] = ir.positive_part(ir.sub(amount, off))
        if index + 1 < len(amounts):
            off = ir.positive_part(ir.sub(off, amount))
    return out


def pour(bench: Workbench, name: str, amount: ir.Expr, room: Mapping[str, ir.Expr]) -> Amounts:
    """``amount`` spread over ``room`` in order, each not more than its room."""
    out: Amounts = {}
    for index, (part, limit) in enumerate(room.items()):
        suffix = "" if len(room) == 1 else f".{part}"
        out[part] = bench.step(f"{name}{suffix}", ir.minimum(amount, limit))
        if index + 1 < len(room):
            amount = bench.step(f"{name}{suffix}.rest", ir.sub(amount, out[part]))
    return out


def run_layer(bench: Workbench, layer: Layer, clauses: Sequence[Provision], side: str) -> Ran:
    """Lowers one layer: every amount it leaves is in ``bench.amounts`` under ``layer.name``."""
    name = layer.id.text
    for part in layer.on:
        if part.text not in bench.unpaid:
            raise unknown_name(part.text, part.span, bench.unpaid, "part")
    bench.layer_on = ir.TRUE
    when = ir.TRUE if layer.when is None else bench.amount(layer.when, "flag")
    on = bench.step(f"{name}.on", when, label=layer.label, cites=(), assumed=())
    ran = Ran(layer, side, on)
    bench.layer_on = on
    inverted = any("converts" in p.values for p in clauses)
    frame = Frame(name, bench, on, _running(bench, layer, on), inverted=inverted)
    whole = frame.base if len(frame.running) == 1 else bench.step(f"{name}.base", frame.base, term="base", shown=True)
    bench.amounts[f"{name}.base"] = whole
    faults = Faults()
    for provision in clauses:
        faults.attempt(BY_KEY[provision.mechanism].lower, provision, frame)
    faults.done()
    bench.layer_on = on
    _settle(bench, layer, frame, ran)
    ran.stated = _stated_elsewhere(clauses, layer)
    ran.limits = _limits(layer, frame)
    bench.layer_on = ir.TRUE
    return ran


def _stated_elsewhere(clauses: Sequence[Provision], layer: Layer) -> list[tuple[str, str]]:
    """Payments made elsewhere that the layer takes over, each with the step that must hold all of it."""
    pays = [p.values["pay"] for p in clauses if "pay" in p.values]
    calls = [node for node in pays if isinstance(node, ast.Call) and node.function == "elsewhere"]
    names = [f"elsewhere.{node.args[0].text}" for node in calls if isinstance(node.args[0], ast.Name)]
    return [(name, f"{layer.id}.paid") for name in names] if len(pays) == 1 and not _shadow(layer) else []


def _limits(layer: Layer, frame: Frame) -> list[ir.Limit]:
    """The limits of the layer's clauses. A layer over a window keeps meters of its own for what it set aside and paid;
    of its other limits without a meter nothing says what earlier claims used."""
    if layer.to_date is None:
        return frame.limits
    own = {"deductible": f"{layer.id}.deductible_to_date", "ceiling": f"{layer.id}.paid_to_date"}
    over_window = [(limit, limit.meter or own.get(limit.kind, "")) for limit in frame.limits]
    return [replace(limit, meter=meter, used=f"meter.{meter}") for limit, meter in over_window if meter]


def _running(bench: Workbench, layer: Layer, on: ir.Expr) -> Amounts:
    source = {p.text: bench.amounts[p.text] if _shadow(layer) else bench.unpaid[p.text] for p in layer.on}
    if layer.base is not None:
        if len(source) > 1:
            raise fault("E347", "`base` replaces what one part holds; this layer looks at several", layer.base.span)
        source = {next(iter(source)): bench.amount(layer.base)}
    for off in layer.less:
        source = drain(source, bench.amount(off))
    running: Amounts = {}
    for part, amount in source.items():
        suffix = "" if len(source) == 1 else f".{part}"
        base = ir.choose(on, amount, ir.ZERO)
        if layer.to_date is not None:
            now = bench.step(f"{layer.id}.base_now{suffix}", base)
            meter = f"{layer.id}.base_to_date{suffix}"
            if now.kind == "exact":
                raise fault(
                    "E348", "a base over a window is whole money", layer.id.span, hint="write `round(…)` around it"
                )
            bench.meters.keep_for_layer(meter, layer.to_date, now)
            base = ir.add(ir.Hist(meter, "money"), now)
        running[part] = bench.step(f"{layer.id}.base{suffix}", base, term="base", shown=True, label=layer.label,
                                   cites=layer.cites, assumed=layer.assumed, guard=_guard_name(on))  # fmt: skip
    return running


def _shadow(layer: Layer) -> bool:
    return layer.payer.text == "none"


def _guard_name(on: ir.Expr) -> str:
    return on.step if isinstance(on, ir.Ref) else ""


def _settle(bench: Workbench, layer: Layer, frame: Frame, ran: Ran) -> None:
    name, guard = layer.id.text, _guard_name(ran.on)
    payable = frame.payable
    changes = [p for p in bench.provisions
               if p.mechanism == "adjust" and p.values["adjust"].text == f"{name}.payable"]  # fmt: skip
    if changes:
        payable = adjust_by(bench, changes, bench.step(f"{name}.payable_stated", payable, shown=True), "", ran.on)
    mode, unit = layer.rounding or bench.rounding
    before = bench.step(f"{name}.payable_rounded", ir.rounded(payable, mode, unit))
    after = before
    for ceiling in frame.ceilings:
        after = ceilings.apply(ceiling, after, frame)
    _labels(bench, layer, frame, ran, before, after)
    if layer.to_date is not None:
        after = _less_paid(layer, after)
    bench.amounts[f"{name}.payable"] = bench.step(
        f"{name}.payable", ir.positive_part(after) if frame.ceilings or layer.to_date else after, term="payable",
        shown=True, guard=guard, label=layer.label,
    )  # fmt: skip
    _pay(bench, layer, frame, ran)


def _less_paid(layer: Layer, result: ir.Expr) -> ir.Expr:
    """The result over the window less what was paid before: what is payable now."""
    assert layer.to_date is not None
    meter = f"{layer.id}.paid_to_date"
    earlier = ir.Hist(meter, "money")
    return ir.sub(result, earlier)


def _labels(bench: Workbench, layer: Layer, frame: Frame, ran: Ran, before: ir.Expr, after: ir.Expr) -> None:
    """Leaves the layer's named amounts: deductible, over_base, over_ceiling, coinsurance, over_cost, own labels."""
    name = layer.id.text
    for draw in frame.draws:
        labelled = ran.labels.setdefault(draw.label, {})
        for part, amount in draw.by_part.items():
            labelled[part] = ir.add(labelled[part], amount) if part in labelled else amount
    cut = bench.step(f"{name}.over_ceiling", ir.sub(before, after)) if frame.ceilings else ir.ZERO
    bench.amounts[f"{name}.over_ceiling"] = cut
    drawn = [a for label in ran.labels.values() for a in label.values()]
    rest = ir.sub(ir.sub(bench.amounts[f"{name}.base"], ir.add(ir.ZERO, *drawn)), before)
    bench.amounts[f"{name}.coinsurance"] = bench.step(f"{name}.coinsurance", ir.positive_part(rest))
    for label in ("deductible", "over_base"):
        ran.labels.setdefault(label, {})
    for label, by_part in ran.labels.items():
        total = ir.add(ir.ZERO, *by_part.values())
        if layer.to_date is not None and by_part:
            total = _of_this_claim(bench, layer, label, by_part, total)
        bench.amounts[f"{name}.{label}"] = bench.step(f"{name}.{label}", total)
    for ceiling in (c for c in frame.ceilings if c.converts):
        amount = ceilings.over_cost(ceiling, frame)
        bench.amounts[f"{name}.over_cost"] = bench.step(
            f"{name}.over_cost", amount, ceiling.provision, term="over_cost", shown=True
        )
    if len(frame.segments) == 1:
        ran.share = frame.segments[0].share
    ran.over_ceiling = _spread_back(bench, name, cut, frame.running) if frame.ceilings else {}


def _of_this_claim(bench: Workbench, layer: Layer, label: str, by_part: Amounts, total: ir.Expr) -> ir.Expr:
    """A label of a layer over a window is what the window holds with this claim, less what it held before."""
    assert layer.to_date is not None
    if len(by_part) > 1:
        raise fault("E347", "a layer over a window looks at one part", layer.id.span)
    meter = f"{layer.id}.{label}_to_date"
    now = bench.step(f"{layer.id}.{label}_now", ir.positive_part(ir.sub(total, ir.Hist(meter, "money"))))
    bench.meters.keep_for_layer(meter, layer.to_date, now)
    by_part[next(iter(by_part))] = now
    return now


def _spread_back(bench: Workbench, name: str, cut: ir.Expr, running: Amounts) -> Amounts:
    """Which parts a ceiling's cut leaves unpaid: the last ones first, since parts are paid in order."""
    backwards = dict(reversed(running.items()))
    return pour(bench, f"{name}.over_ceiling_of", cut, backwards) if len(backwards) > 1 else dict.fromkeys(running, cut)


def _pay(bench: Workbench, layer: Layer, frame: Frame, ran: Ran) -> None:
    name, payer, guard = layer.id.text, layer.payer.text, _guard_name(ran.on)
    room = {p.text: bench.unpaid[p.text] for p in layer.on}
    if _shadow(layer):
        bench.amounts[f"{name}.paid"] = ir.ZERO
        bench.amounts[f"{name}.kept"] = ir.add(*room.values())
        return
    payable = bench.amounts[f"{name}.payable"]
    marks: dict[str, Any] = {
        "label": layer.label,
        "cites": layer.cites,
        "assumed": layer.assumed,
        "span": layer.id.span,
    }
    if frame.split is not None:
        paid = _split(bench, name, payable, frame, ran, ir.add(*room.values()))
    else:
        paid = ir.minimum(payable, ir.add(*room.values()))
        ran.payers[payer] = [f"{name}.paid"]
    total = bench.step(f"{name}.paid", paid, term=payer, payer=payer, shown=True, guard=guard, **marks)
    bench.amounts[f"{name}.paid"] = total
    if layer.to_date is not None:
        bench.meters.keep_for_layer(f"{name}.paid_to_date", layer.to_date, total)
    ran.paid = _paid_of(bench, name, total, frame, room)
    for part, amount in ran.paid.items():
        bench.unpaid[part] = bench.step(f"{part}.unpaid_after_{name}", ir.sub(room[part], amount), term="unpaid")
    bench.amounts[f"{name}.kept"] = bench.step(f"{name}.kept", ir.add(*(bench.unpaid[p] for p in room)), term="kept")


def _paid_of(bench: Workbench, name: str, total: ir.Expr, frame: Frame, room: Amounts) -> Amounts:
    """What the layer pays of each part, in order: first of what its clauses left of the part, then of the rest, so that
    a deductible or first share stays with the patient in the part that it was taken from."""
    if len(room) == 1 or not frame.draws:
        return pour(bench, f"{name}.paid_of", total, room)
    within = {part: ir.minimum(frame.running[part], limit) for part, limit in room.items()}
    first = pour(bench, f"{name}.paid_within", total, within)
    rest = bench.step(f"{name}.paid_beyond_base", ir.sub(total, ir.add(*first.values())))
    more = pour(bench, f"{name}.paid_beyond", rest, {part: ir.sub(room[part], first[part]) for part in room})
    return {part: bench.step(f"{name}.paid_of.{part}", ir.add(first[part], more[part])) for part in room}


def _split(bench: Workbench, name: str, payable: ir.Expr, frame: Frame, ran: Ran, room: ir.Expr) -> ir.Expr:
    """Each payer's part of the payable: rounded, the last takes the rest; ``patient`` stays unpaid."""
    assert frame.split is not None
    provision, shares = frame.split
    mode, unit = bench.rounding
    rest, paid = payable, []
    for index, (payer, share) in enumerate(shares):
        last = index + 1 == len(shares)
        amount = rest if last else ir.rounded(ir.scale(payable, share), mode, unit)
        wanted = bench.step(f"{name}.{payer}.due", amount)
        if not last:
            rest = bench.step(f"{name}.{payer}.rest", ir.sub(rest, wanted))
        if payer.text == "patient":
            continue
        step = f"{name}.paid.{payer}"
        share_paid = bench.step(
            step, ir.minimum(wanted, room), provision, term=payer.text, payer=payer.text, shown=True
        )
        bench.amounts[step] = share_paid
        paid.append(share_paid)
        ran.payers[payer.text] = [step]
        room = bench.step(f"{step}.room", ir.sub(room, share_paid))
    return ir.add(*paid)
