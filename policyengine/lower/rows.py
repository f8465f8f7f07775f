"""Cutting the bill: fee lines are classified once, into disjoint parts and to payers, before any layer acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.lower.outcome import Steps
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.classify import RowFrame
from policyengine.resolve import fault
from policyengine.shapes import Faults

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def cut_bill(bench: Workbench, faults: Faults) -> tuple[Steps, Steps]:
    """Lowers every ``classify``; sets the parts' gross amounts. Returns the steps of what each payer bears: of the
    claim, and of each fee line."""
    parts = tuple(p.id.text for p in bench.ruleset.parts)
    if not parts:
        raise fault("E303", "a rule file names its parts", bench.ruleset.span, "parts: [own_expense, in_scope]")
    amount = bill_of_row(bench)
    bench.amounts["bill"] = bench.amounts["total_charge"] = bench.step(
        "bill", ir.total(amount), term="bill", shown=True
    )
    frame = RowFrame(bench, parts, amount)
    with bench.at(bench.lines):
        for provision in bench.provisions:
            if BY_KEY[provision.mechanism].place == "row":
                faults.attempt(BY_KEY[provision.mechanism].lower, provision, frame)
    frame.to_part.setdefault(parts[-1], []).append(frame.left)
    for part in bench.ruleset.parts:
        name = part.id.text
        of_line = bench.step(f"{name}.row", ir.add(ir.ZERO, *frame.to_part.get(name, [])))
        bench.lines.cut(name, of_line)
        bench.claim.cut(name, bench.step(f"{name}.gross", ir.total(of_line), term=part.category, shown=True))
    return _payers(bench, frame)


def bill_of_row(bench: Workbench) -> ir.Expr:
    """The amount of a fee line; in a run, what the rule file says that a row is about."""
    rows = bench.ruleset.rows
    if rows is None:
        amount = bench.names.find("amount", bench.ruleset.span)
        assert amount is not None
        return amount
    bill = bench.amount(rows.bill, "money", row=True)
    if bill.domain != "row":
        raise fault("E376", "the bill of a row names no field of the rows", rows.bill.span, "a field of the rows")
    return bench.step("row.bill", bill, term="bill", shown=True)


def _payers(bench: Workbench, frame: RowFrame) -> tuple[Steps, Steps]:
    borne, rows = Steps(), Steps()
    for payer, takings in frame.to_payer.items():
        for provision, taken in takings:
            name = f"{provision.id}.total"
            marks = {"term": "hospital", "payer": payer, "shown": True, "guard": bench.guard_names[provision.id.text]}
            bench.amounts[name] = bench.step(
                name, ir.total(taken), None, label=provision.label, cites=provision.cites,
                assumed=provision.assumed, span=provision.span, **marks,
            )  # fmt: skip
            borne.setdefault(payer, []).append(name)
            rows.setdefault(payer, []).append(f"{provision.id}.taken")
    return borne, rows
