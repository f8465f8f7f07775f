"""From a flattened rule file at one date to a ``Program``: classify, layers in order, answers."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from policyengine import ir, terms
from policyengine.errors import RuleError
from policyengine.linedates import by_line_date
from policyengine.lower.asked import Asked, answer
from policyengine.lower.courses import courses_of
from policyengine.lower.covers import COVERS, covers_of, valid_of
from policyengine.lower.ending import end
from policyengine.lower.layers import run_layer
from policyengine.lower.maker import Workbench
from policyengine.lower.outcome import Outcome, outcome_of
from policyengine.lower.outputs import first_shares, national, payer_label, payer_shares, pruned, rules_of
from policyengine.lower.prices import about_the_case, bearer, claim_bill, run_price
from policyengine.lower.reasons import patient_and_reasons
from policyengine.lower.rows import cut_bill
from policyengine.lower.runs import run_of
from policyengine.lower.tables import Built
from policyengine.lower.waterfall import Ran
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.resolve import fault, unknown_name
from policyengine.ruleset import Layer, Ruleset, in_force
from policyengine.shapes import Faults, Word

Epoch = tuple[datetime.date | None, datetime.date | None]


def lower_each(ruleset: Ruleset, epochs: Iterable[Epoch], asked: tuple[Asked, ...] = ()) -> tuple[ir.Program, ...]:
    """The program of every epoch; a table that stays the same is built once. Raises as ``lower``."""
    built: Built = {}
    one = by_line_date(ruleset)
    return tuple(lower(one, epoch, built, asked) for epoch in epochs)


def lower(ruleset: Ruleset, epoch: Epoch, built: Built | None = None, asked: tuple[Asked, ...] = ()) -> ir.Program:
    """The program of ``ruleset`` on every day of ``epoch``. Raises ``RuleError`` with all faults found.

    ``built``: tables of other epochs of this very rule set; those made here are added. ``asked``: what somebody asks
    for besides, each a step of its own.
    """
    one = by_line_date(ruleset)
    bench, faults = Workbench(one, epoch[0], built if built is not None and one is ruleset else {}), Faults()
    try:
        return _lower(bench, faults, epoch, asked)
    except RuleError as error:
        faults.add(error)
    raise RuleError(dict.fromkeys(faults.found))


def _lower(bench: Workbench, faults: Faults, epoch: Epoch, asked: tuple[Asked, ...]) -> ir.Program:
    valid_of(bench)
    faults.attempt(covers_of, bench)
    borne, rows = cut_bill(bench, faults)
    taken = {payer: tuple(zip(borne[payer], rows[payer], strict=True)) for payer in borne}
    layers = in_force(bench.ruleset.layers, bench.day)
    _check_clauses(bench, faults)
    _absent(bench)
    ran: list[Ran] = []
    sides = {payer: _side(bench, Word(payer, bench.ruleset.span)) for payer in borne}
    acts = [(bearer(bench, p), partial(run_price, bench, p)) for p in about_the_case(bench)]
    acts += [(x.payer, partial(run_layer, bench, x, _clauses(bench, x))) for x in layers]
    for who, act in acts:
        done = faults.attempt(act, _side(bench, who))
        if done is None:
            break
        ran.append(done)
        for payer, steps in done.payers.items():
            sides[payer] = _side(bench, Word(payer, who.span))
            borne.setdefault(payer, []).extend(steps)
            rows.setdefault(payer, []).extend(done.rows.get(payer, ()))
    faults.done()
    own = {payer for payer, side in sides.items() if side == "patient"}
    outcome = end(bench, ran, taken, own) if bench.ruleset.round_end else outcome_of(bench, ran, borne, rows)
    reasons = patient_and_reasons(bench, ran, outcome)
    grants = [faults.attempt(_grant, bench, p) for p in bench.provisions if p.mechanism == "grant"]
    faults.done()
    for provision in bench.provisions:
        faults.attempt(_free, bench, provision)
    timings = tuple(BY_KEY["timing"].lower(p, bench) for p in bench.provisions if p.mechanism == "timing")
    courses = courses_of(bench, faults)
    run = run_of(bench)
    meters = bench.meters.finish()
    faults.done()
    answers = answer(bench, asked, outcome.borne, sides, reasons, meters) if asked else set[str]()
    program = _program(bench, epoch, ran, outcome, reasons, timings, meters, run, answers)
    return replace(program, grants=tuple(g for g in grants if g is not None), courses=courses)


def _program(
    bench: Workbench,
    epoch: Epoch,
    ran: list[Ran],
    outcome: Outcome,
    reasons: tuple[ir.Reason, ...],
    timings: tuple[ir.Timing, ...],
    meters: tuple[ir.Meter, ...],
    run: ir.Run | None,
    asked: set[str],
) -> ir.Program:
    ruleset, fields = bench.ruleset, national(bench, ran)
    parts = tuple(outcome.part(bench, p.id.text, p.category) for p in ruleset.parts)
    answers = (
        asked
        | {m.step for m in meters}
        | {s for by in (outcome.borne, outcome.rows) for steps in by.values() for s in steps}
    )
    answers |= {step for p in parts for step in (p.unpaid, p.held, p.row, p.row_unpaid)}
    draws, shares = tuple(outcome.draws), first_shares(bench, ran)
    limits = tuple(limit for one in ran for limit in one.limits)
    answers |= {step for limit in limits for step in (limit.limit, limit.used)}
    answers |= {step for draw in draws for _, step in (*draw.parts, *draw.payers)} | {step for _, step in shares}
    bill = claim_bill(bench)
    steps = pruned(bench, answers | set(fields.values()) | {bill, *(step for _, step in bench.margins)})
    return ir.Program(
        ruleset=ruleset.name,
        valid=("" if epoch[0] is None else str(epoch[0]), "" if epoch[1] is None else str(epoch[1])),
        covers=COVERS if ruleset.covers else "",
        currency=ruleset.currency,
        dated_by=ruleset.dated_by,
        inputs=tuple(bench.names.inputs.values()),
        declared=bench.names.unread(),
        tables=tuple(bench.names.tables.values()),
        steps=steps,
        meters=meters,
        parts=parts,
        payers=payer_shares(bench, outcome.borne, outcome.rows),
        reasons=reasons,
        timings=timings,
        national=fields,
        stated=tuple(pair for one in ran for pair in one.stated),
        bill=bill,
        margins=tuple(bench.margins),
        limits=limits,
        run=run,
        settle_by=ruleset.settle_by,
        days=bench.names.stated_days(),
        draws=draws,
        first_shares=shares,
        rules=rules_of(bench, ran, {step.name for step in steps}),
    )


def _clauses(bench: Workbench, layer: Layer) -> list[Provision]:
    return [p for p in bench.provisions if BY_KEY[p.mechanism].place == "layer"
            and any(x.text == layer.id.text for x in p.layers)]  # fmt: skip


LEFT_BY_LAYERS = (
    "base", "payable", "paid", "kept", "deductible", "coinsurance", "over_base", "over_ceiling", "over_cost",
)  # fmt: skip


def _absent(bench: Workbench) -> None:
    """A layer or grant that does not hold on this day has left nothing: what others read of it is zero."""
    acting = {layer.id.text for layer in in_force(bench.ruleset.layers, bench.day)}
    granting = {p.id.text for p in bench.provisions}
    for layer in bench.ruleset.layers:
        if layer.id.text not in acting:
            bench.amounts.update({f"{layer.id}.{amount}": ir.ZERO for amount in LEFT_BY_LAYERS})
    for grant in (p for p in bench.ruleset.provisions if p.mechanism == "grant"):
        if grant.id.text not in granting:
            bench.amounts[f"{grant.id}.granted"] = ir.ZERO


def _check_clauses(bench: Workbench, faults: Faults) -> None:
    layers = {x.id.text: x for x in bench.ruleset.layers}
    for provision in bench.provisions:
        is_clause = BY_KEY[provision.mechanism].place == "layer"
        if is_clause and not provision.layers:
            message = f"`{provision.mechanism}` is a clause of a layer; say which"
            faults.add(fault("E349", message, provision.id.span, "layer: " + " or ".join(sorted(layers))))
        if not is_clause and provision.layers:
            message = f"`{provision.mechanism}` is not a clause of a layer"
            faults.add(fault("E349", message, provision.layers[0].span))
        for layer in provision.layers:
            if layer.text not in layers:
                faults.add(unknown_name(layer.text, layer.span, layers, "layer"))
        if len({layers[x.text].per for x in provision.layers if x.text in layers}) > 1:
            message = f"`{provision.id}` is a clause of layers on fee lines and of layers on the claim"
            faults.add(
                fault("E362", message, provision.layers[-1].span, "layers of one kind", "write it once for each")
            )
    faults.done()


def _free(bench: Workbench, provision: Provision) -> None:
    if provision.mechanism in ("define", "adjust"):
        BY_KEY[provision.mechanism].lower(provision, bench)
    if provision.mechanism == "adjust":
        target = provision.values["adjust"]
        if target.text not in bench.slots:
            raise unknown_name(target.text, target.span, bench.slots, "provision")


def _grant(bench: Workbench, provision: Provision) -> ir.Grant:
    """A sum outside the bill. Raises ``RuleError`` for a payer who cannot give: an account, nobody."""
    payer = provision.values["payer"]
    if _side(bench, payer) not in ("fund", "hospital"):
        message = f"a grant cannot come from `{payer}`, which is neither a fund nor the hospital"
        raise fault("E365", message, payer.span, "a fund or the hospital")
    grant: ir.Grant = BY_KEY["grant"].lower(provision, bench)
    bench.amounts[grant.step] = ir.Ref(grant.step, "money")
    return replace(grant, label=payer_label(bench, payer.text))


def _side(bench: Workbench, payer: Word) -> str:
    own = {p.id.text: p.side for p in bench.ruleset.payers}
    if payer.text == "none":
        return "nobody"
    if payer.text in own:
        return own[payer.text]
    if payer.text not in terms.PAYERS or payer.text == "patient":
        raise unknown_name(payer.text, payer.span, [*own, *terms.PAYERS], "payer")
    return terms.PAYERS[payer.text].side
