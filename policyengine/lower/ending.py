"""``rounding: end``: amounts stay exact until the end; then each payer's total is rounded, the patient bears the rest.

What is rounded is what leaves the program. Each fee line is divided among payers who take of lines and the parts of the
bill; then each payer's total is rounded, in the order in which they pay, and drawn from the parts it was paid out of;
then the patient's amount by reason. No rounding goes beyond what is left of the whole, and the last one takes what is
left: so every sum holds to the coin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from policyengine import ir
from policyengine.lower.outcome import Outcome, step_of
from policyengine.lower.rows import bill_of_row
from policyengine.lower.waterfall import Amounts, Ran, pour

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def end(bench: Workbench, ran: Sequence[Ran], taken: Mapping[str, Sequence[tuple[str, str]]], own: set[str]) -> Outcome:
    """Rounds what leaves the program.

    ``taken``: what payers took of fee lines, as pairs of the steps of the claim and of the line; ``own``: the payers on
    the patient's side.
    """
    ended = Outcome()
    _divide_lines(bench, taken, ended)
    for payer in dict.fromkeys(payer for one in ran for payer in one.payers):
        _draw(bench, payer, [one for one in ran if payer in one.payers], ended)
    _move(bench, ran, ended)
    others = [ir.Ref(step, "money") for payer, steps in ended.borne.items() if payer not in own for step in steps]
    ended.whole = bench.step("end.patient", ir.sub(bench.amounts["bill"], ir.add(ir.ZERO, *others)))
    return ended


def told_at_the_end(bench: Workbench, told: Mapping[str, ir.Expr], whole: ir.Expr) -> Amounts:
    """The patient's amount by reason; coinsurance, or the reason told last, takes what rounding leaves."""
    last = next((r for r in ("coinsurance", "not_covered") if r in told), list(told)[-1])
    left, found = whole, Amounts()
    for reason, amount in told.items():
        if reason != last:
            found[reason], left = _part_of(bench, f"end.patient.{reason}", amount, left)
    return {reason: found.get(reason, left) for reason in told}


def _part_of(bench: Workbench, name: str, exact: ir.Expr, whole: ir.Expr, **marks: Any) -> tuple[ir.Expr, ir.Expr]:
    """``exact`` rounded, at most ``whole``; and what is then left of ``whole``."""
    found = bench.step(name, ir.minimum(ir.rounded(exact, *bench.rounding), whole), **marks)
    return found, bench.step(f"{name}.left", ir.sub(whole, found))


def _divide_lines(bench: Workbench, taken: Mapping[str, Sequence[tuple[str, str]]], ended: Outcome) -> None:
    """Each fee line in whole coins: what payers took of it, then the parts, of which the last gets the rest."""
    left = bill_of_row(bench)
    for payer, pairs in taken.items():
        for total, of_line in pairs:
            exact = bench.steps[of_line].expr
            amount, left = _part_of(bench, f"end.{of_line}", ir.Ref(of_line, exact.kind, exact.domain), left)
            bench.step(f"end.{total}", ir.total(amount), term="hospital", payer=payer, shown=True)
            ended.borne.setdefault(payer, []).append(f"end.{total}")
            ended.rows.setdefault(payer, []).append(f"end.{of_line}")
    *others, last = bench.ruleset.parts
    for part in others:
        _, left = _part_of(bench, f"end.{part.id}.row", bench.lines.amounts[part.id.text], left)
    bench.step(f"end.{last.id}.row", left, shown=True)
    for part in bench.ruleset.parts:
        name, row = part.id.text, ir.Ref(f"end.{part.id}.row", "money", "row")
        margins = (ir.Ref(step, "money") for of, step in bench.margins if of == name)
        gross = bench.step(f"end.{name}.gross", ir.add(ir.total(row), *margins), term=part.category, shown=True)
        ended.gross[name] = ended.held[name] = ended.unpaid[name] = gross
        ended.of_lines[name] = ended.left_of_lines[name] = row


def _draw(bench: Workbench, payer: str, ran: Sequence[Ran], ended: Outcome) -> None:
    """A payer's total, drawn from the parts that the payer's layers look at; what rounding adds, from any other."""
    exact = ir.add(*(bench.amounts[step] for one in ran for step in one.payers[payer]))
    name, unpaid = f"end.{payer}", ended.unpaid
    paid, _ = _part_of(bench, name, exact, ended.cash, term=payer, payer=payer, shown=True)
    order = dict.fromkeys([*(part.text for one in ran for part in one.layer.on), *unpaid])
    drawn = pour(bench, f"{name}.of", paid, {part: unpaid[part] for part in order})
    for part, amount in drawn.items():
        unpaid[part] = bench.step(f"{name}.leaves_of.{part}", ir.sub(unpaid[part], amount))
    ended.borne.setdefault(payer, []).append(name)
    parts = tuple((part, step_of(amount)) for part, amount in drawn.items())
    ended.draws.append(ir.Draw(payer, parts, ((payer, name),)))


def _move(bench: Workbench, ran: Sequence[Ran], ended: Outcome) -> None:
    """What set-asides moved from part to part."""
    moves = []
    for one in ran:
        for number, move in enumerate(one.moves, start=1):
            name = f"end.{one.layer.id}.moved{number}"
            amount, ended.unpaid[move.part] = _part_of(bench, name, one.whole(move.amount), ended.unpaid[move.part])
            ended.held[move.part] = bench.step(f"{name}.held", ir.sub(ended.held[move.part], amount))
            for what, sums in (("unpaid", ended.unpaid), ("held", ended.held)):
                sums[move.to] = bench.step(f"{name}.{what}_with", ir.add(sums[move.to], amount))
            moves.append((move.part, move.to, name))
    if moves:
        ended.draws.append(ir.Draw("", (), (), tuple(moves)))
