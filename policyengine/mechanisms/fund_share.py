"""fund_share – 支付比例: adds a share of the running base to the payable; the rest is coinsurance.

One share, one for each part, or half-open bands. Marginal bands pay each slice by its own share, ``whole`` bands pay
the entire base by the share of the band that is reached; below the first edge both pay nothing. ``position`` says where
the running base starts on the bands' axis: nothing for edges on the excess, ``deductible`` for edges on cost that
includes the deductible.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from policyengine import ir
from policyengine.errors import Span
from policyengine.expressions import Node as Tree
from policyengine.mechanisms.base import Frame, Mechanism, Provision, Segment, share_of
from policyengine.resolve import fault
from policyengine.shapes import Expression, Field, Flag, ListOf, MapOf, Record
from policyengine.source import MapNode, Node


@dataclass(frozen=True, slots=True)
class Bands:
    bands: tuple[tuple[Tree, Tree], ...]
    position: Tree | None = None
    whole: bool = False
    span: Span | None = None


class _Band:
    """A pair [edge, share]."""

    def read(self, node: Node) -> tuple[Tree, Tree]:
        pair = ListOf(Expression()).read(node)
        if len(pair) != 2:
            raise fault("E332", "a band is a pair of its lower edge and its share", node.span, "[10000元, 70%]")
        return (pair[0], pair[1])

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "minItems": 2, "maxItems": 2}


BANDS = Record(
    (
        Field("bands", ListOf(_Band(), 1), "pairs of lower edge and share, edges rising; the last band is open", True),
        Field("position", Expression(), "where the running base starts on the axis of the edges; default 0"),
        Field("whole", Flag(), "whether the band reached rules the entire base"),
    ),
    Bands,
    "bands",
)


class _Share:
    """A share, a map from part to share, or bands."""

    def read(self, node: Node) -> Any:
        if not isinstance(node, MapNode):
            return Expression().read(node)
        return BANDS.read(node) if node.get("bands") is not None else MapOf(Expression()).read(node)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Expression().schema(), BANDS.schema(), MapOf(Expression()).schema()]}


def lower(provision: Provision, frame: Frame) -> None:
    stated = provision.values["fund_share"]
    if isinstance(stated, Bands):
        segments = _banded(provision, frame, stated)
    elif isinstance(stated, tuple):
        segments = [
            Segment(_running(frame, part), _share(provision, frame, share, part.text)) for part, share in stated
        ]
    else:
        segments = [Segment(frame.base, _share(provision, frame, stated))]
    for segment in segments:
        if provision.when is not None:
            segment.amount = ir.choose(frame.make.guard(provision), segment.amount, ir.ZERO)
        frame.segments.append(segment)
        frame.pays(ir.scale(segment.amount, segment.share))


def _share(provision: Provision, frame: Frame, share: Tree, key: str = "") -> ir.Expr:
    """The share after adjustments. Where the provision does not apply its amount is zero; a share that a ceiling
    divides by is then 1, any other 0."""
    neutral = ir.rate(1 if frame.inverted else 0)
    with frame.make.bare({"base": frame.base}):
        stated = ir.choose(frame.make.guard(provision), share_of(frame.make, share), neutral)
    return frame.make.slot(provision, stated, key)


def _running(frame: Frame, part: Any) -> ir.Expr:
    if part.text not in frame.running:
        raise fault("E331", f"the layer does not look at a part `{part}`", part.span, ", ".join(frame.running))
    return frame.running[part.text]


def _banded(provision: Provision, frame: Frame, stated: Bands) -> list[Segment]:
    make = frame.make
    start = _position(frame, stated)
    edges = _edges(provision, frame, stated)
    shares = [_share(provision, frame, share, f"band{i + 1}") for i, (_, share) in enumerate(stated.bands)]
    end = make.step(f"{frame.layer}.{provision.id}.end", ir.add(start, frame.base))
    if stated.whole:
        share = shares[0]
        for edge, higher in zip(edges[1:], shares[1:], strict=True):
            share = ir.choose(ir.compare(">=", end, edge), higher, share)
        above = ir.TRUE if edges[0] == ir.ZERO else ir.compare(">=", end, edges[0])
        reached = ir.choose(above, frame.base, ir.ZERO)
        return [Segment(reached, make.step(f"{frame.layer}.{provision.id}.reached", share, provision, shown=True))]
    segments = []
    for i, share in enumerate(shares):
        top = ir.minimum(end, edges[i + 1]) if i + 1 < len(edges) else end
        amount = ir.positive_part(ir.sub(top, ir.maximum(start, edges[i])))
        name = f"{frame.layer}.{provision.id}.band{i + 1}.amount"
        segments.append(Segment(make.step(name, amount, provision, term="band", shown=True), share))
    return segments


def _position(frame: Frame, stated: Bands) -> ir.Expr:
    if stated.position is None:
        return ir.ZERO
    deductible = ir.add(ir.ZERO, *(a for d in frame.draws if d.label == "deductible" for a in d.by_part.values()))
    with frame.make.bare({"deductible": deductible, "base": frame.base}):
        return frame.make.amount(stated.position)


def _edges(provision: Provision, frame: Frame, stated: Bands) -> list[ir.Expr]:
    edges = [frame.make.amount(edge) for edge, _ in stated.bands]
    constants = [e.value for e in edges if isinstance(e, ir.Lit) and isinstance(e.value, int)]
    if len(constants) == len(edges) and any(a >= b for a, b in pairwise(constants)):
        raise fault("E333", "the edges of the bands do not rise", provision.at("fund_share"), "edges in rising order")
    return edges


FUND_SHARE = Mechanism(
    "fund_share",
    "支付比例",
    "fund share",
    "The fund pays a share of the layer's base; the rest is coinsurance.",
    "layer",
    (Field("fund_share", _Share(), "a share, a map from part to share, or bands", True),),
    lower,
    "- {id: share, layer: basic, fund_share: 70%}",
)
