"""define – names a quantity of any kind, from facts, tables, meters and earlier amounts. Moves nothing."""

from __future__ import annotations

from policyengine.mechanisms.base import Maker, Mechanism, Provision
from policyengine.shapes import Expression, Field


def lower(provision: Provision, make: Maker) -> None:
    make.define(provision)


DEFINE = Mechanism(
    "define",
    "定义",
    "define a quantity",
    "Names a quantity that other provisions use.",
    "free",
    (Field("define", Expression(), "the quantity", True),),
    lower,
    '- {id: nights, define: "max(1, days_of_stay)"}',
    adjustable=False,
)
