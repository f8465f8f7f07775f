"""Properties that hold for every settlement, stated once: for tests, for proofs, for the reference pages.

A law looks at one settlement (or at two that differ in one thing) and says what is wrong, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from policyengine.money import decimal_of, text_of
from policyengine.settlement import Settlement
from policyengine.settlement.national import message

Finding = str


@dataclass(frozen=True, slots=True)
class Law:
    """``holds(settlement)`` is empty if the law holds, else what is wrong."""

    id: str
    zh: str
    en: str
    holds: Callable[[Settlement], Finding]


def _split_sums(settlement: Settlement) -> Finding:
    split, bill = settlement.split_minor, settlement.minor(settlement.layout.program.bill)
    found = sum(split.values())
    return "" if found == bill else f"the split sums to {found}, the bill is {bill}"


def _parts_sum(settlement: Settlement) -> Finding:
    program = settlement.layout.program
    parts = sum(settlement.minor(p.gross) for p in program.parts)
    classified = sum(settlement.minor(s) for p in program.payers for s in p.steps if s.endswith(".total"))
    bill = settlement.minor(program.bill)
    return "" if parts + classified == bill else f"parts {parts} and waived {classified} are not the bill {bill}"


def _nothing_negative(settlement: Settlement) -> Finding:
    wrong = {name: minor for name, minor in settlement.split_minor.items() if minor < 0}
    wrong |= {str(r): int(a) for r, a in settlement.patient.items() if a < 0}
    return f"negative: {wrong}" if wrong else ""


def _reasons_sum(settlement: Settlement) -> Finding:
    total, told = settlement.minor("patient_total"), sum(settlement.patient.values())
    text = text_of(total, settlement.layout.exponent)
    return "" if str(told or text_of(0, settlement.layout.exponent)) == text else f"reasons {told}, patient {text}"


def _paid_within_unpaid(settlement: Settlement) -> Finding:
    """What is left of each part is between nothing and all that it holds."""
    for part in settlement.layout.program.parts:
        held, unpaid = settlement.minor(part.held or part.gross), settlement.minor(part.unpaid)
        if not 0 <= unpaid <= held:
            return f"{part.name}: {unpaid} of {held} unpaid"
    return ""


def _identities(settlement: Settlement) -> Finding:
    try:
        message(settlement)
    except AssertionError as error:
        return str(error)
    return ""


def _payments_close(settlement: Settlement) -> Finding:
    """If the rule file says who pays whom, the hospital ends with the bill less what it bears itself."""
    payments = settlement.payments
    if not payments:
        return ""
    hospital = sum((p.amount if p.payee == "hospital" else -p.amount) for p in payments
                   if "hospital" in (p.payee, p.payer) and p.why != "grant")  # fmt: skip
    borne = settlement.side("hospital") + settlement.side("nobody")
    due = settlement.total - decimal_of(borne, settlement.layout.exponent)
    return "" if hospital == due else f"the hospital receives {hospital}, it is owed {due}"


def _meters_rise(settlement: Settlement) -> Finding:
    """Nothing that is summed up is negative."""
    known = settlement.known()
    fell = [m.name for m in settlement.layout.program.meters if m.keep == "sum" and known[m.step] < 0]  # type: ignore[operator]
    return f"meters that fall: {fell}" if fell else ""


def _lines_sum(settlement: Settlement) -> Finding:
    """Line by line: both margins are exact, and no payer bears less than nothing of any line."""
    lines, national = settlement.by_line(), message(settlement)
    for payer, amount in settlement.split.items():
        if (found := sum(line.split[payer] for line in lines)) != amount:
            return f"{payer} bears {amount}, the lines sum to {found}"
    for line in lines:
        if not sum(line.split.values()) == sum(line.national.values()) == line.amount:
            return f"line {line.number} of {line.amount}: {line.split}, {line.national}"
        if min(*line.split.values(), *line.national.values()) < 0:
            return f"line {line.number}: a negative amount in {line.split}, {line.national}"
    fields = lines[0].national if lines else ()
    wrong = [f for f in fields if sum(line.national[f] for line in lines) != national[f]]
    return f"national fields that the lines do not sum to: {wrong}" if wrong else ""


ALL: tuple[Law, ...] = (
    Law("split_sums", "各方支付之和等于总费用", "the split sums to the bill", _split_sums),
    Law("parts_sum", "费用各部分之和等于总费用", "the parts and what payers took of lines sum to the bill", _parts_sum),
    Law("nothing_negative", "没有负数", "no amount is negative", _nothing_negative),
    Law("reasons_sum", "个人负担按原因相加等于个人负担", "the reasons sum to the patient's part", _reasons_sum),
    Law("paid_within_unpaid", "支付不超过未付金额", "no layer pays more than was left", _paid_within_unpaid),
    Law("identities", "国家结算字段恒等式", "the identities of the national message hold", _identities),
    Law("payments_close", "收付相抵", "what is handed over is what each owes", _payments_close),
    Law("lines_sum", "逐条明细与各方支付均相符", "fee lines and payers both sum exactly", _lines_sum),
    Law("meters_rise", "累计不减", "no accumulator falls", _meters_rise),
)  # fmt: skip

BY_ID: Mapping[str, Law] = {law.id: law for law in ALL}


def broken(settlement: Settlement) -> tuple[str, ...]:
    """Every law that a settlement breaks, with what is wrong."""
    return tuple(f"{law.id}: {wrong}" for law in ALL if (wrong := law.holds(settlement)))
