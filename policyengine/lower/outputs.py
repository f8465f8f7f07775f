"""What a program answers: payers, the patient's amount by reason, the national fields that are not plain sums."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING

from policyengine import ir, terms
from policyengine.lower.outcome import step_of
from policyengine.lower.reasons import first_of
from policyengine.lower.waterfall import Ran

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def payer_shares(
    bench: Workbench, borne: Mapping[str, list[str]], rows: Mapping[str, list[str]]
) -> tuple[ir.PayerShare, ...]:
    """One share a payer, in the order in which they pay; ``rows``: what they bear line by line."""
    own = {p.id.text: p for p in bench.ruleset.payers}
    shares = []
    for payer, steps in borne.items():
        of_lines = tuple(rows.get(payer, ()))
        if payer in own:
            decl = own[payer]
            label = payer_label(bench, payer)
            shares.append(ir.PayerShare(payer, decl.side, decl.national, tuple(steps), label, of_lines))
        else:
            known, label = terms.PAYERS[payer], payer_label(bench, payer)
            shares.append(ir.PayerShare(payer, known.side, known.field, tuple(steps), label, of_lines))
    return tuple(shares)


def payer_label(bench: Workbench, payer: str) -> Mapping[str, str]:
    """What a payer of the rule file or of the glossary is called."""
    own = next((p.label for p in bench.ruleset.payers if p.id.text == payer), None)
    return {"zh": terms.PAYERS[payer].zh, "en": terms.PAYERS[payer].en} if own is None else own


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
        bench.step("national.act_pay_dedc", _whole(bench, _deductible(funds)), term="deductible", shown=True)
        fields["act_pay_dedc"] = "national.act_pay_dedc"
    inner = [
        r.whole(_whole(bench, a))
        for r in ran
        for by in (r.labels, *_by_part(r))
        for a in by.get("first_share", {}).values()
    ]
    if inner:
        bench.step("national.first_share", ir.add(*inner), term="first_share", shown=True)
        fields["first_share"] = "national.first_share"
    pooled = [r for r in funds if r.share is not None and _field(bench, r.layer.payer.text) == "hifp_pay"]
    share = _share_of_first(pooled)
    if pooled and share.domain == "claim":
        bench.step("national.pool_prop_selfpay", share, term="pool_share", shown=True)
        fields["pool_prop_selfpay"] = "national.pool_prop_selfpay"
    return fields


def _whole(bench: Workbench, amount: ir.Expr) -> ir.Expr:
    return ir.rounded(amount, *bench.rounding) if amount.kind == "exact" else amount


def _deductible(funds: Sequence[Ran]) -> ir.Expr:
    """The deductible of the first fund that acted; where lines have deductibles of their own, that of the first fund
    that acted on the line, summed over the lines."""

    def of(ran: Ran) -> ir.Expr:
        return ir.add(ir.ZERO, *ran.labels.get("deductible", {}).values())

    by_row = [r for r in funds if r.layer.by_row and r.labels.get("deductible")]
    on_claim = [r for r in funds if not r.layer.by_row]
    return ir.total(first_of(by_row, of)) if by_row else first_of(on_claim, of)


def _by_part(ran: Ran) -> list[dict[str, dict[str, ir.Expr]]]:
    """What a layer has moved, by label and by the part that got it."""
    return [{label: {part: amount}} for part, by in ran.moved.items() for label, amount in by.items()]


def first_shares(bench: Workbench, ran: Sequence[Ran]) -> tuple[tuple[str, str], ...]:
    """The first share that layers set aside, by the part it was taken from: ``national.first_share`` taken apart."""
    found: list[tuple[str, ir.Expr]] = []
    for one in ran:
        name = f"national.first_share.{one.layer.id}"
        for part, amount in one.labels.get("first_share", {}).items():
            found.append((part, bench.step(f"{name}.{part}", _whole(bench, amount))))
        for number, move in enumerate((m for m in one.moves if m.label == "first_share"), start=1):
            found.append((move.part, bench.step(f"{name}.moved{number}", _whole(bench, move.amount))))
    return tuple((part, step_of(amount)) for part, amount in found if not isinstance(amount, ir.Lit))


def rules_of(bench: Workbench, ran: Sequence[Ran], kept: Container[str]) -> tuple[ir.Rule, ...]:
    """The layers and provisions that do not apply to every claim, each with its guard among the steps ``kept``."""
    own = {layer.id.text for layer in bench.ruleset.layers}
    on = [(r.layer, r.on) for r in ran if r.layer.id.text in own]
    rules = [ir.Rule(x.id.text, "layer", g.step, x.label, x.cites, x.assumed) for x, g in on if isinstance(g, ir.Ref)]
    by_id = {p.id.text: p for p in bench.provisions}
    for key, guard in bench.guards.items():
        provision, step = by_id[key[0]], guard.step if isinstance(guard, ir.Ref) else bench.never.get(key, "")
        if step:
            rules.append(ir.Rule(provision.id.text, provision.mechanism, step, provision.label, provision.cites,
                                 provision.assumed))  # fmt: skip
    return tuple(rule for rule in rules if rule.guard in kept)


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
