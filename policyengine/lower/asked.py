"""Quantities that are asked of a program from outside its rule file: steps behind all others.

They are written in the language of the rule file, and know besides what is known only in the end: ``bill``, what each
payer bears (``pooled_fund``), ``fund_total``, ``patient_total``, the patient's part by reason (``patient.deductible``),
and ``after(meter)``, what a meter holds with this claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policyengine import expressions as ast
from policyengine import ir, terms
from policyengine.resolve import fault, unknown_name
from policyengine.shapes import Faults

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

Borne = Mapping[str, Sequence[str]]
"""Payers with the steps of what they bear."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: ``step`` is the name of the step that will hold it, ``kinds`` what it may be."""

    step: str
    of: ast.Node
    kinds: tuple[ir.Kind, ...]


def answer(
    bench: Workbench,
    asked: Iterable[Asked],
    borne: Borne,
    sides: Mapping[str, str],
    reasons: Iterable[ir.Reason],
    meters: Iterable[ir.Meter],
) -> set[str]:
    """Makes the steps that are asked for; their names. ``sides``: of the payers. Raises ``RuleError`` with every
    fault."""
    faults, known = Faults(), {meter.name: meter for meter in meters}
    calls = bench.names.calls

    def call(node: ast.Call) -> ir.Expr | None:
        return _after(node, known) if node.function == "after" else calls(node)

    bench.names.calls = call
    wanted = tuple(asked)
    with bench.bare(_names(bench, borne, sides, reasons)):
        for one in wanted:
            found = faults.attempt(bench.amount, one.of, *one.kinds)
            if found is not None:
                bench.step(one.step, found, shown=True, span=one.of.span)
    bench.names.calls = calls
    bench.names.cited, bench.names.rests_on = [], set()
    faults.done()
    return {one.step for one in wanted}


def _names(
    bench: Workbench, borne: Borne, sides: Mapping[str, str], reasons: Iterable[ir.Reason]
) -> dict[str, ir.Expr]:
    """What is known in the end, by its names in either language; who bears nothing bears zero."""
    shares = {payer: _sum(steps) for payer, steps in borne.items()}
    found: dict[str, ir.Expr] = {}
    for payer in (*terms.PAYERS, *(p.id.text for p in bench.ruleset.payers)):
        if payer != "patient":
            found[payer] = shares.get(payer, ir.ZERO)
            found |= {terms.PAYERS[payer].zh: found[payer]} if payer in terms.PAYERS else {}
    found |= {f"patient.{reason}": ir.ZERO for reason in terms.REASONS}
    found |= {f"patient.{one.reason}": ir.Ref(one.step, "money") for one in reasons}
    funds = [shares[payer] for payer in shares if sides.get(payer) == "fund"]
    found["bill"] = bench.claim.amounts["bill"]
    found["fund_total"] = ir.add(ir.ZERO, *funds)
    found["patient_total"], found["patient"] = bench.amounts["patient_total"], bench.amounts["patient"]
    return found | {terms.AMOUNTS[name].zh: found[name] for name in ("bill", "fund_total", "patient_total")}


def _sum(steps: Sequence[str]) -> ir.Expr:
    return ir.add(ir.ZERO, *(ir.Ref(step, "money") for step in steps))


def _after(node: ast.Call, meters: Mapping[str, ir.Meter]) -> ir.Expr:
    """What a meter holds once the claim is counted."""
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
        raise fault("E320", "`after` takes the name of a meter", node.span, "after(paid_in_the_year)")
    name, span = node.args[0].text, node.args[0].span
    meter = meters.get(name)
    if meter is None:
        raise unknown_name(name, span, meters, "meter")
    held, added = _held(meter), ir.Ref(meter.step, meter.kind)
    counted = {"sum": ir.add(held, added), "max": ir.maximum(held, added), "last": added}[meter.keep]
    return counted if not meter.when else ir.choose(ir.Ref(meter.when, "flag"), counted, held)


def _held(meter: ir.Meter) -> ir.Expr:
    """What the meter held before the claim; nothing, if its window begins anew with it."""
    found, reset = ir.Hist(meter.name, meter.kind), meter.window.reset
    return ir.choose(ir.Ref(reset, "flag"), ir.Lit(0, meter.kind), found) if reset else found
