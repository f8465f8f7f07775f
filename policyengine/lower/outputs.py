"""What a program answers: payers, the patient's amount by reason, the national fields that are not plain sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from policyengine import ir, terms
from policyengine.lower.layers import Ran

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def payer_shares(bench: Workbench, borne: Mapping[str, list[str]]) -> tuple[ir.PayerShare, ...]:
    """One share a payer, in the order in which they pay."""
    own = {p.id.text: p for p in bench.ruleset.payers}
    shares = []
    for payer, steps in borne.items():
        if payer in own:
            decl = own[payer]
            shares.append(ir.PayerShare(payer, decl.side, decl.national, tuple(steps), decl.label))
        else:
            known = terms.PAYERS[payer]
            label = {"zh": known.zh, "en": known.en}
            shares.append(ir.PayerShare(payer, known.side, known.field, tuple(steps), label))
    return tuple(shares)


def patient_and_reasons(bench: Workbench, ran: Sequence[Ran]) -> tuple[ir.Reason, ...]:
    """The step ``patient`` (cash) and the patient's whole part, accounts included, by reason."""
    bench.amounts["patient"] = bench.step("patient", ir.add(*bench.unpaid.values()), term="patient", shown=True)
    amounts: dict[str, list[ir.Expr]] = {}
    for part in bench.ruleset.parts:
        name = part.id.text
        from_account = [r.paid[name] for r in ran if r.side == "patient" and name in r.paid]
        borne = ir.add(bench.unpaid[name], *from_account)
        if part.category != "in_scope":
            amounts.setdefault(part.category, []).append(borne)
            continue
        for reason, amount in _by_label(bench, name, bench.step(f"{name}.borne", borne), ran).items():
            amounts.setdefault(reason, []).append(amount)
    reasons = []
    for reason, found in amounts.items():
        step = f"patient.{reason}"
        bench.step(step, ir.add(*found), term=reason, shown=True)
        reasons.append(ir.Reason(reason, step))
    total = ir.add(*(ir.Ref(r.step, "money") for r in reasons))
    bench.amounts["patient_total"] = bench.step("patient_total", total, term="patient_total", shown=True)
    return tuple(reasons)


def _by_label(bench: Workbench, part: str, left: ir.Expr, ran: Sequence[Ran]) -> dict[str, ir.Expr]:
    """A part's patient amount told by the labels of the first layer on it that acted; the deductible is the last to
    be relieved by later payments, coinsurance the first."""
    first = [r for r in ran if r.side == "fund" and any(p.text == part for p in r.layer.on)]
    out: dict[str, ir.Expr] = {}
    for label in _labels_in_order(first):
        wanted = _of_first(first, partial(_labelled, label, part))
        out[label] = bench.step(f"{part}.{label}", ir.minimum(left, wanted))
        left = bench.step(f"{part}.after_{label}", ir.sub(left, out[label]))
    acted = ir.either(*(r.on for r in first))
    if acted != ir.FALSE:
        out["coinsurance"] = ir.choose(acted, left, ir.ZERO)
    if acted != ir.TRUE:
        out["not_covered"] = ir.choose(acted, ir.ZERO, left)
    return out


def _labels_in_order(ran: Sequence[Ran]) -> list[str]:
    own = [label for r in ran for label in r.labels if label not in ("deductible", "over_base")]
    found = dict.fromkeys(["deductible", *own, "over_base", "over_ceiling"])
    return [label for label in found if any(_has(r, label) for r in ran)]


def _has(ran: Ran, label: str) -> bool:
    return bool(ran.over_ceiling) if label == "over_ceiling" else bool(ran.labels.get(label))


def _labelled(label: str, part: str, ran: Ran) -> ir.Expr:
    amounts = ran.over_ceiling if label == "over_ceiling" else ran.labels.get(label, {})
    amount = amounts.get(part, ir.ZERO)
    return ir.positive_part(amount) if ran.layer.to_date is not None else amount


def _of_first(ran: Sequence[Ran], value: Callable[[Ran], ir.Expr]) -> ir.Expr:
    """``value`` of the first layer that is on, zero if none is."""
    out: ir.Expr = ir.ZERO
    for one in reversed(ran):
        out = ir.choose(one.on, value(one), out)
    return out


def _share_of_first(ran: Sequence[Ran]) -> ir.Expr:
    """The fund share of the first layer that is on, zero if none is."""
    out: ir.Expr = ir.rate(0)
    for one in reversed(ran):
        if one.share is not None:
            out = ir.choose(one.on, one.share, out)
    return out


def _field(bench: Workbench, payer: str) -> str:
    """The national field that a payer's money is sent in."""
    own = {p.id.text: p.national for p in bench.ruleset.payers}
    return own.get(payer) or (terms.PAYERS[payer].field if payer in terms.PAYERS else "")


def national(bench: Workbench, ran: Sequence[Ran]) -> dict[str, str]:
    """Steps behind the national fields that are not sums over payers or parts."""
    fields: dict[str, str] = {}
    funds = [r for r in ran if r.side == "fund"]
    if any(r.labels.get("deductible") for r in funds):
        amount = _of_first(funds, lambda r: ir.add(ir.ZERO, *r.labels.get("deductible", {}).values()))
        bench.step("national.act_pay_dedc", amount, term="deductible", shown=True)
        fields["act_pay_dedc"] = "national.act_pay_dedc"
    inner = [a for r in ran for a in r.labels.get("first_share", {}).values()]
    if inner:
        bench.step("national.first_share", ir.add(*inner), term="first_share", shown=True)
        fields["first_share"] = "national.first_share"
    pooled = [r for r in funds if r.share is not None and _field(bench, r.layer.payer.text) == "hifp_pay"]
    if pooled:
        bench.step("national.pool_prop_selfpay", _share_of_first(pooled), term="pool_share", shown=True)
        fields["pool_prop_selfpay"] = "national.pool_prop_selfpay"
    return fields


def pruned(bench: Workbench, kept: set[str]) -> tuple[ir.Step, ...]:
    """The steps that the answers, or a reader of the trace, need."""
    needed: set[str] = set()
    for name in reversed(bench.steps):
        step = bench.steps[name]
        if name in kept or name in needed or step.shown:
            needed.add(name)
            needed.update(e.step for e in ir.walk(step.expr) if isinstance(e, ir.Ref))
            if step.guard:
                needed.add(step.guard)
    return tuple(step for name, step in bench.steps.items() if name in needed)
