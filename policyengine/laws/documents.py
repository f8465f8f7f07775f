"""Laws of what is read off one settlement: the national message, who hands what to whom, the split line by line."""

from __future__ import annotations

from policyengine.money import decimal_of
from policyengine.settlement import Settlement
from policyengine.settlement.national import message

Finding = str
"""What is wrong; empty where the law holds."""


def identities(settlement: Settlement) -> Finding:
    try:
        message(settlement)
    except AssertionError as error:
        return str(error)
    return ""


def payments_close(settlement: Settlement) -> Finding:
    """If the rule file says who pays whom, the hospital ends with the bill less what it bears itself."""
    payments = settlement.payments
    if not payments:
        return ""
    hospital = sum((p.amount if p.payee == "hospital" else -p.amount) for p in payments
                   if "hospital" in (p.payee, p.payer) and p.why != "grant")  # fmt: skip
    borne = settlement.side("hospital") + settlement.side("nobody")
    due = settlement.total - decimal_of(borne, settlement.layout.exponent)
    return "" if hospital == due else f"the hospital receives {hospital}, it is owed {due}"


def lines_sum(settlement: Settlement) -> Finding:
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
