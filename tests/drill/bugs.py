"""Mistakes that people make in such an engine, each a small change of the source that the fast tests must notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Bug:
    """In ``file`` of the library ``old`` stands once and becomes ``new``; the tests of ``noticed_by`` must fail."""

    name: str
    file: str
    old: str
    new: str
    noticed_by: str


BUGS: Final = (
    # money
    Bug(
        "a tie is rounded down",
        "money.py",
        "above = twice >= 0",
        "above = twice > 0",
        "tests/claims/test_money.py",
    ),
    Bug(
        "half even never looks at the number",
        "money.py",
        "quotient % 2 == 1",
        "True",
        "tests/claims/test_money.py",
    ),
    Bug(
        "rounding up does not round up",
        "money.py",
        "sign * (quotient + 1)",
        "sign * quotient",
        "tests/claims/test_money.py",
    ),
    Bug(
        "a unit of rounding is forgotten",
        "money.py",
        "exact.denominator * unit, mode) * unit",
        "exact.denominator, mode)",
        "tests/claims/test_money.py",
    ),
    Bug(
        "an amount without its last digit",
        "money.py",
        'decimals[:exponent].ljust(exponent, "0")',
        'decimals[:1].ljust(exponent, "0")',
        "tests/claims/test_money.py",
    ),
    Bug(
        "the layer rounds what it pays as the file does",
        "lower/layers.py",
        "bench.rounded(payable) if layer.rounding is None else ir.rounded(payable, *layer.rounding)",
        "bench.rounded(payable)",
        "tests/drill/test_by_hand.py",
    ),
    # shares and bands
    Bug(
        "a band begins above its edge",
        "mechanisms/fund_share.py",
        'ir.choose(ir.compare(">=", end, edge), higher, share)',
        'ir.choose(ir.compare(">", end, edge), higher, share)',
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "bands from zero, wherever the base starts",
        "mechanisms/fund_share.py",
        "ir.maximum(start, edges[i])",
        "edges[i]",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the last band is cut off",
        "mechanisms/fund_share.py",
        "if i + 1 < len(edges) else end",
        "if i + 1 < len(edges) else ir.minimum(end, edges[i])",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "points over the stack's limit",
        "lower/adjust.py",
        "ir.maximum(value, ir.minimum(lifted, limit))",
        "lifted",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the best of a stack is its sum",
        "lower/adjust.py",
        'ir.maximum(*amounts) if stack.combine == "best" else ',
        "",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the deductible is not halved",
        "lower/adjust.py",
        "value = ir.scale(value, named)",
        "value = ir.scale(value, ir.rate(1))",
        "tests/drill/test_by_hand.py",
    ),
    # deductibles, ceilings, caps
    Bug(
        "the deductible is met anew with every bill",
        "mechanisms/rooms.py",
        "spent = ir.add(used, make.counted(meter, frame.layer, measured))",
        "spent = make.counted(meter, frame.layer, measured)",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a shared ceiling is there for each layer",
        "mechanisms/rooms.py",
        "spent = ir.add(used, make.counted(meter, frame.layer, measured))",
        "spent = used",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "layers do not share a ceiling without a meter",
        "mechanisms/ceiling.py",
        "return ir.add(ir.ZERO, *paid)",
        "return ir.ZERO",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the deductible comes off what is paid",
        "mechanisms/deductible.py",
        'frame.take(provision, taken, "deductible")',
        "frame.payable = ir.sub(frame.payable, taken)",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the ceiling limits the cost, not the payment",
        "mechanisms/ceiling.py",
        'if values.get("limits") == "base":\n        if',
        "if True:\n        if",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a ceiling on the base limits the payment",
        "mechanisms/ceiling.py",
        'if values.get("limits") == "base":\n        if',
        'if values.get("limits") == "never":\n        if',
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a limit that is used up gives money back",
        "mechanisms/rooms.py",
        "left = make.step(name, ir.positive_part(ir.sub(limit, spent))",
        "left = make.step(name, ir.sub(limit, spent)",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the cap on own cost pays the cost up to it",
        "mechanisms/own_cost_cap.py",
        "ir.positive_part(ir.sub(measured, least(found)))",
        "ir.minimum(measured, least(found))",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a top-up forgets what was paid",
        "mechanisms/top_up.py",
        "ir.positive_part(ir.sub(target, counting))",
        "target",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a yearly sentence forgets what the year paid",
        "lower/layers.py",
        'after = ir.sub(after, bench.meters.held(f"{layer.id}.paid_to_date", layer.to_date))',
        "pass",
        "tests/drill/test_by_hand.py",
    ),
    # the order of payers
    Bug(
        "parts are paid from the last one",
        "lower/waterfall.py",
        "for index, (part, limit) in enumerate(room.items()):",
        "for index, (part, limit) in enumerate(reversed(list(room.items()))):",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a payer pays more than is unpaid",
        "lower/waterfall.py",
        "paid = ir.minimum(payable, ir.add(*room.values()))",
        "paid = payable",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the next layer sees what was paid already",
        "lower/waterfall.py",
        'bench.unpaid[part] = bench.step(step, ir.sub(room[part], amount), term="unpaid")',
        "pass",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the first of a split takes the rest",
        "mechanisms/split.py",
        "or shares[-1][0].text",
        "or shares[0][0].text",
        "tests/drill/test_by_hand.py",
    ),
    # fee lines
    Bug(
        "the sum of the lines is rounded, not each line",
        "mechanisms/classify.py",
        "ir.positive_part(make.rounded(wanted))",
        'ir.positive_part(ir.rounded(wanted, "down"))',
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "classifying takes more than is left",
        "mechanisms/classify.py",
        "taken = ir.minimum(frame.left, ",
        "taken = (",
        "tests/drill/test_by_hand.py",
    ),
    # days
    Bug(
        "the old version on the first day of the new one",
        "rulebook.py",
        "(not end or iso < end)",
        "(not end or iso <= end)",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a version begins a day late",
        "rulebook.py",
        "(not start or start <= iso)",
        "(not start or start < iso)",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the day of admission chooses the version",
        "encode/days.py",
        'get = attrgetter(f"encounter.{name}")',
        'get = attrgetter("encounter.admission_date")',
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a year older on the day before the birthday",
        "encode/days.py",
        "((day.month, day.day) < (born.month, born.day))",
        "((day.month, day.day + 1) < (born.month, born.day))",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the year begins a day late",
        "encode/windows.py",
        "((day.month, day.day) < window.starts))",
        "((day.month, day.day) <= window.starts))",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "twelve months are thirteen",
        "encode/windows.py",
        "< window.length\n",
        "<= window.length\n",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a spell goes on a day too long",
        "encode/standing.py",
        ".days >= window.length",
        ".days > window.length",
        "tests/drill/test_by_hand.py",
    ),
    # history
    Bug(
        "a meter counts a claim twice",
        "encode/standing.py",
        "ir.counted(update.keep, held[at], values[update.step])",
        "ir.counted(update.keep, ir.counted(update.keep, held[at], values[update.step]), values[update.step])",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "what a claim used is not carried on",
        "chain.py",
        "self.ledger.apply(engine.change(standing, values))",
        "pass",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "the history of another person is taken",
        "chain.py",
        "check_belongs(self.book, self.history, claim)",
        "pass",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "a claim is settled twice",
        "chain.py",
        "require_new(claim, last_claim)",
        "pass",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "claims in any order",
        "chain.py",
        "require_order(claim, day, self.book.dated_by, last_day, sequence)",
        "pass",
        "tests/drill/test_by_hand.py",
    ),
    Bug(
        "everybody shares one accumulator",
        "encode/standing.py",
        "scopes = [read(claim) for read in readers]",
        "scopes = [('all',) * len(read(claim)) for read in readers]",
        "tests/drill/test_by_hand.py",
    ),
)
