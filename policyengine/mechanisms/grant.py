"""grant – 发放补助: a sum to the person outside the bill: a childbirth allowance, a one-off aid, transport.

It is in no part of the bill, in no split and in no national field; no money step may read it. ``once: <window>`` gives
it once in a stay, a year, ever; any other limit is an expression over a meter of ``<id>.granted``.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Maker, Mechanism, Provision
from policyengine.mechanisms.rounding import Rounding, rounding_of
from policyengine.shapes import Expression, Field, Name


def lower(provision: Provision, make: Maker) -> ir.Grant:
    values, name, payer = provision.values, f"{provision.id}.granted", provision.values["payer"]
    stated = ir.choose(make.guard(provision), make.amount(values["grant"]), ir.ZERO)
    rounding = rounding_of(values["round"], make.currency) if "round" in values else make.rounding
    given = ir.positive_part(ir.rounded(make.slot(provision, stated), *rounding))
    if "once" in values:
        times = make.held(f"{provision.id}.times", values["once"], "count")
        given = ir.choose(ir.compare("==", times, ir.count(0)), given, ir.ZERO)
    step = make.step(name, given, provision, term="granted", payer=payer.text, shown=True)
    if "once" in values:
        times = ir.choose(ir.compare(">", step, ir.ZERO), ir.count(1), ir.count(0))
        make.keep(f"{provision.id}.times", values["once"], times)
    return ir.Grant(provision.id.text, payer.text, name)


GRANT = Mechanism(
    "grant",
    "发放补助",
    "grant to the person",
    "Gives the person a sum outside the bill; the split does not change.",
    "free",
    (
        Field("grant", Expression(), "the sum", True),
        Field("payer", Name(), "who gives it: a fund or the hospital", True),
        Field("once", Name(), "the window in which it is given once: visit, benefit_year, lifetime …"),
        Field("round", Rounding(), "mode and unit, if not the file's"),
    ),
    lower,
    "- {id: childbirth, grant: 400元, payer: pooled_fund, when: care_type == 生育住院, once: lifetime}",
)
