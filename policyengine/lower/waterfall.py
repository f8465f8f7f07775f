"""The waterfall: a layer pays what is payable out of what is unpaid, part by part, and names who pays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from policyengine import ir
from policyengine.lower.dues import dues_of
from policyengine.mechanisms.base import Frame
from policyengine.ruleset import Layer

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

Amounts = dict[str, ir.Expr]


@dataclass(frozen=True, slots=True)
class Move:
    """An amount set aside under ``label`` that left ``part`` for the part ``to``."""

    part: str
    to: str
    label: str
    amount: ir.Expr


@dataclass(slots=True)
class Ran:
    """A layer that has acted: whether it was on, what it set aside and paid, by part.

    All expressions are those of a fee line where the layer acted line by line. ``moved``: by the part that got them,
    the amounts set aside that no longer belong to the part they came from, by label; ``moves``: the same, one by one.
    ``payers``: the steps of what each payer bears of the claim; ``rows``: of each fee line.
    """

    layer: Layer
    side: str
    on: ir.Expr
    labels: dict[str, Amounts] = field(default_factory=dict)
    over_ceiling: Amounts = field(default_factory=dict)
    paid: Amounts = field(default_factory=dict)
    moved: dict[str, Amounts] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    share: ir.Expr | None = None
    payers: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    stated: list[tuple[str, str]] = field(default_factory=list)
    limits: list[ir.Limit] = field(default_factory=list)

    def bears(self, payer: str, amount: str, step: str) -> None:
        """``payer`` bears the layer's ``amount``, which ``step`` holds for the claim or for each fee line."""
        self.payers.setdefault(payer, []).append(f"{self.layer.id}.{amount}")
        if self.layer.by_row:
            self.rows.setdefault(payer, []).append(step)

    def whole(self, amount: ir.Expr) -> ir.Expr:
        """An amount of the layer for the whole claim."""
        return ir.total(amount) if self.layer.by_row else amount


def is_shadow(layer: Layer) -> bool:
    return layer.payer.text == "none"


def pour(bench: Workbench, name: str, amount: ir.Expr, room: Mapping[str, ir.Expr]) -> Amounts:
    """``amount`` spread over ``room`` in order, each not more than its room."""
    out: Amounts = {}
    for index, (part, limit) in enumerate(room.items()):
        suffix = "" if len(room) == 1 else f".{part}"
        out[part] = bench.step(f"{name}{suffix}", ir.minimum(amount, limit))
        if index + 1 < len(room):
            amount = bench.step(f"{name}{suffix}.rest", ir.sub(amount, out[part]))
    return out


def pay(bench: Workbench, layer: Layer, frame: Frame, ran: Ran) -> None:
    """The payable is paid out of what is unpaid; a shadow pays nothing, and over a window counts what is payable."""
    name, left, payer = frame.layer, layer.id.text, layer.payer.text
    room = {p.text: bench.unpaid[p.text] for p in layer.on}
    if is_shadow(layer):
        bench.amounts[f"{left}.paid"] = ir.ZERO
        bench.amounts[f"{left}.kept"] = ir.add(*room.values())
        if layer.to_date is not None:
            bench.meters.keep_for_layer(f"{name}.paid_to_date", layer, bench.amounts[f"{left}.payable"])
        return
    payable = bench.amounts[f"{left}.payable"]
    guard = ran.on.step if isinstance(ran.on, ir.Ref) else ""
    marks: dict[str, Any] = {
        "label": layer.label,
        "cites": layer.cites,
        "assumed": layer.assumed,
        "span": layer.id.span,
    }
    if frame.split is not None:
        paid = _split(bench, layer, payable, frame, ran, ir.add(*room.values()))
    else:
        paid = ir.minimum(payable, ir.add(*room.values()))
        ran.bears(payer, "paid", f"{name}.paid")
    total = bench.step(f"{name}.paid", paid, term=payer, payer=payer, shown=True, guard=guard, **marks)
    bench.amounts[f"{left}.paid"] = total
    if layer.to_date is not None:
        bench.meters.keep_for_layer(f"{name}.paid_to_date", layer, total)
    ran.paid = _paid_of(bench, name, total, frame, room)
    for part, amount in ran.paid.items():
        step = f"{_of_part(layer, part)}.unpaid_after_{left}"
        bench.unpaid[part] = bench.step(step, ir.sub(room[part], amount), term="unpaid")
    bench.amounts[f"{left}.kept"] = bench.step(f"{name}.kept", ir.add(*(bench.unpaid[p] for p in room)), term="kept")


def _of_part(layer: Layer, part: str) -> str:
    """How the names of steps about a part begin: those of the fee lines stand beside those of the claim."""
    return f"{part}.row" if layer.by_row else part


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


def _split(bench: Workbench, layer: Layer, payable: ir.Expr, frame: Frame, ran: Ran, room: ir.Expr) -> ir.Expr:
    """Each payer's part of the payable, as far as there is room; that of the ``patient`` stays unpaid."""
    assert frame.split is not None
    name, paid, provision = frame.layer, [], frame.split.provision
    for payer, wanted in dues_of(bench, name, payable, frame.split).items():
        if payer == "patient":
            continue
        step = f"{name}.paid.{payer}"
        share_paid = bench.step(step, ir.minimum(wanted, room), provision, term=payer, payer=payer, shown=True)
        bench.amounts[f"{layer.id}.paid.{payer}"] = share_paid
        paid.append(share_paid)
        ran.bears(payer, f"paid.{payer}", step)
        room = bench.step(f"{step}.room", ir.sub(room, share_paid))
    return ir.add(*paid)


def move(bench: Workbench, layer: Layer, frame: Frame, ran: Ran) -> None:
    """Amounts set aside ``to`` another part leave their own, as far as they are still unpaid there."""
    here = bench.here
    for draw in (d for d in frame.draws if d.to is not None):
        assert draw.to is not None
        to, labelled = draw.to.text, ran.labels[draw.label]
        for part, amount in draw.by_part.items():
            name = f"{frame.layer}.{draw.of}.moved{'' if len(draw.by_part) == 1 else f'.{part}'}"
            moved = bench.step(name, ir.minimum(amount, here.unpaid[part]), term="moved")
            ran.moves.append(Move(part, to, draw.label, moved))
            labelled[part] = ir.sub(labelled[part], moved)
            at = ran.moved.setdefault(to, {})
            at[draw.label] = ir.add(at[draw.label], moved) if draw.label in at else moved
            for what, sums in (("unpaid", here.unpaid), ("held", here.held)):
                step = f"{_of_part(layer, part)}.{what}_less_{draw.of}"
                sums[part] = bench.step(step, ir.sub(sums[part], moved), term="unpaid")
                step = f"{_of_part(layer, to)}.{what}_with_{draw.of}{'' if len(draw.by_part) == 1 else f'_{part}'}"
                sums[to] = bench.step(step, ir.add(sums[to], moved), term="unpaid")
    if ran.moved:
        kept = ir.add(*(here.unpaid[p.text] for p in layer.on))
        bench.amounts[f"{layer.id}.kept"] = bench.step(f"{frame.layer}.kept_after_moves", kept, term="kept")
