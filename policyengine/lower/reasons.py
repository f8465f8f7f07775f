"""Why an amount stays with the patient: told by the labels of the first layer that acted on its part.

What was told line by line is summed up first; layers on the whole claim then tell what no such layer acted on, and what
they pay relieves the reasons from the back: coinsurance first, the deductible last. Reasons are whole coins: where a
layer looks at a fraction of one (``less: 66.6666% of …``), what it sets aside of it is told rounded down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.lower.ending import told_at_the_end
from policyengine.lower.outcome import Outcome
from policyengine.lower.waterfall import Ran

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

Told = dict[str, ir.Expr]
REST = ("coinsurance", "not_covered")
NOTHING: Mapping[str, ir.Expr] = {}


def patient_and_reasons(bench: Workbench, ran: Sequence[Ran], outcome: Outcome) -> tuple[ir.Reason, ...]:
    """The step ``patient`` (cash) and the patient's whole part, accounts included, by reason."""
    bench.amounts["patient"] = bench.step("patient", outcome.cash, term="patient", shown=True)
    amounts: dict[str, list[ir.Expr]] = {}
    for part in bench.ruleset.parts:
        name = part.id.text
        told = _told(bench, name, ran) if part.category == "in_scope" else _apart(bench, name, part.category, ran)
        for reason, amount in told.items():
            amounts.setdefault(reason, []).append(amount)
    told = {reason: ir.add(*found) for reason, found in amounts.items()}
    if outcome.whole is not None:
        told = told_at_the_end(bench, told, outcome.whole)
    reasons = tuple(ir.Reason(reason, f"patient.{reason}") for reason in told)
    for reason, amount in told.items():
        bench.step(f"patient.{reason}", amount, term=reason, shown=True)
    total = ir.add(*(ir.Ref(r.step, "money") for r in reasons))
    bench.amounts["patient_total"] = bench.step("patient_total", total, term="patient_total", shown=True)
    return reasons


def _borne(bench: Workbench, part: str, ran: Sequence[Ran]) -> ir.Expr:
    """What the patient bears of a part: in cash, and out of accounts."""
    accounts = [r.whole(r.paid[part]) for r in ran if r.side == "patient" and part in r.paid]
    return ir.add(bench.unpaid[part], *accounts)


def _apart(bench: Workbench, part: str, category: str, ran: Sequence[Ran]) -> Told:
    """A part out of scope keeps its own name as the reason, whatever layers did; what was moved into it its label."""
    left = _borne(bench, part, ran)
    told: Told = {}
    for label, amount in _moved(part, ran).items():
        told[label] = bench.step(f"{part}.{label}", ir.minimum(left, ir.rounded(amount, "down")))
        left = bench.step(f"{part}.after_{label}", ir.sub(left, told[label]))
    told[category] = ir.add(told[category], left) if category in told else left
    return told


def _moved(part: str, ran: Sequence[Ran]) -> Told:
    """What set-asides have moved into a part, by label."""
    out: Told = {}
    for one in ran:
        for label, amount in one.moved.get(part, {}).items():
            whole = one.whole(amount)
            out[label] = ir.add(out[label], whole) if label in out else whole
    return out


def _told(bench: Workbench, part: str, ran: Sequence[Ran]) -> Told:
    """A part in scope by reason: the sums over the lines, and what the layers on the whole claim say beyond them."""
    on_lines = [r for r in ran if r.layer.by_row and part in r.paid]
    first = [r for r in ran if r.side == "fund" and part in _parts(r)]
    known = _moved(part, ran)
    if on_lines:
        with bench.at(bench.lines):
            of_line = ir.add(bench.unpaid[part], *(r.paid[part] for r in on_lines if r.side == "patient"))
            told = by_label(bench, f"{part}.row", part, of_line, [r for r in first if r.layer.by_row])
        for reason, amount in told.items():
            whole = bench.step(f"{part}.lines.{reason}", ir.total(amount))
            known[reason] = ir.add(known[reason], whole) if reason in known else whole
    borne = bench.step(f"{part}.borne", _borne(bench, part, ran))
    return by_label(bench, part, part, borne, [r for r in first if not r.layer.by_row], known, bool(on_lines))


def _parts(ran: Ran) -> list[str]:
    return [p.text for p in ran.layer.on]


def by_label(
    bench: Workbench,
    name: str,
    part: str,
    left: ir.Expr,
    first: Sequence[Ran],
    known: Mapping[str, ir.Expr] = NOTHING,
    on_lines: bool = False,
) -> Told:
    """``left`` told by the labels of the first layer that acted; the deductible is the last to be relieved by later
    payments, coinsurance the first. ``known``: amounts whose reason is known already; with ``on_lines`` layers on the
    lines have acted, and only what of theirs is ``not_covered`` is still to be told."""
    out: Told = {}
    untold = known.get("not_covered", ir.ZERO) if on_lines else None
    for label in _labels_in_order(first if untold != ir.ZERO else (), known):
        wanted = first_of(first, partial(_labelled, label, part)) if untold != ir.ZERO else ir.ZERO
        if untold is not None and wanted != ir.ZERO:
            wanted = bench.step(f"{name}.{label}_wanted", ir.minimum(wanted, untold))
            untold = bench.step(f"{name}.untold_after_{label}", ir.sub(untold, wanted))
        wanted = ir.rounded(ir.add(known.get(label, ir.ZERO), wanted), "down")
        out[label] = bench.step(f"{name}.{label}", ir.minimum(left, wanted))
        left = bench.step(f"{name}.after_{label}", ir.sub(left, out[label]))
    return out | _rest(bench, name, left, ir.either(*(r.on for r in first)), known)


def _rest(bench: Workbench, name: str, left: ir.Expr, acted: ir.Expr, known: Mapping[str, ir.Expr]) -> Told:
    """What no label tells: coinsurance where a layer acted, on the line or on the whole claim."""
    shared: ir.Expr = ir.ZERO
    if "coinsurance" in known:
        shared = bench.step(f"{name}.coinsurance_of_lines", ir.minimum(left, known["coinsurance"]))
    out: Told = {}
    if acted != ir.FALSE or shared != ir.ZERO:
        out["coinsurance"] = ir.choose(acted, left, shared)
    if acted != ir.TRUE:
        out["not_covered"] = ir.choose(acted, ir.ZERO, ir.sub(left, shared))
    return out


def _labels_in_order(ran: Sequence[Ran], known: Mapping[str, ir.Expr]) -> list[str]:
    own = [label for r in ran for label in r.labels if label not in ("deductible", "over_base")]
    before = [label for label in known if label not in ("deductible", "over_base", "over_ceiling", *REST)]
    found = dict.fromkeys(["deductible", *before, *own, "over_base", "over_ceiling"])
    return [label for label in found if label in known or any(_has(r, label) for r in ran)]


def _has(ran: Ran, label: str) -> bool:
    return bool(ran.over_ceiling) if label == "over_ceiling" else bool(ran.labels.get(label))


def _labelled(label: str, part: str, ran: Ran) -> ir.Expr:
    amounts = ran.over_ceiling if label == "over_ceiling" else ran.labels.get(label, {})
    amount = amounts.get(part, ir.ZERO)
    return ir.positive_part(amount) if ran.layer.to_date is not None else amount


def first_of(ran: Sequence[Ran], value: Callable[[Ran], ir.Expr]) -> ir.Expr:
    """``value`` of the first layer that is on, zero if none is."""
    out: ir.Expr = ir.ZERO
    for one in reversed(ran):
        out = ir.choose(one.on, value(one), out)
    return out
