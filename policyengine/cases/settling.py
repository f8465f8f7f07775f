"""Settling the claim of a case: the settlement of the engine becomes plain data that a ledger can post. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from policyengine import ir
from policyengine.cases.arrangement import Arrangement, arranged
from policyengine.claim import quoted
from policyengine.errors import CaseError, Diagnostic
from policyengine.money import minor_from
from policyengine.settlement import label_of

if TYPE_CHECKING:
    from policyengine.settlement import Settlement


def bill_of(settlement: Settlement, timing: str | None, on: date) -> dict[str, Any]:
    """What a settlement makes everybody owe, in minor units.

    ``advanced``: what funds owe the hospital; ``claimed``: what they owe the patient; ``accounts``: what accounts of
    the patient owe; ``waived``: what hospital and discounts bear; ``due``: what the patient owes in cash. ``timing``
    says who advances where the rule file does not. Raises ``CaseError`` if nobody says, or two say different things.
    """
    program = settlement.layout.program
    split = settlement.split_minor
    sides = {p.payer: p.side for p in program.payers}
    funds = {payer: split[payer] for payer, side in sides.items() if side == "fund" and split[payer]}
    claimed = _claimed(settlement, timing, funds)
    course = course_of(settlement)
    bill: dict[str, Any] = {
        "total": sum(split.values()),
        "split": {payer: minor for payer, minor in split.items() if minor},
        "waived": {p: split[p] for p, side in sides.items() if side in ("hospital", "nobody") and split[p]},
        "accounts": {p: split[p] for p, side in sides.items() if side == "patient" and split[p]},
        "advanced": {fund: minor for fund, minor in funds.items() if fund not in claimed},
        "claimed": claimed,
        "granted": _granted(settlement),
        "due": split["patient"] + sum(claimed.values()),
        "due_on": (on + timedelta(course.due)).isoformat(),
        "course": course.plain(),
        **({"timing": timing} if timing is not None else {}),
        "by": _by(settlement),
    }
    assert bill["total"] == bill["due"] + sum(
        minor for part in ("waived", "accounts", "advanced") for minor in bill[part].values()
    ), "what is owed sums to the bill"
    return bill


def course_of(settlement: Settlement) -> Arrangement:
    """How the stay goes on under the timing that holds."""
    found = _timing(settlement)
    program, sources = settlement.layout.program, settlement.origin.book.sources
    return arranged(program, "" if found is None else found.provision, sources)


def _claimed(settlement: Settlement, timing: str | None, funds: Mapping[str, int]) -> dict[str, int]:
    """What funds repay to the patient, who pays first."""
    found = _timing(settlement)
    stated = "" if found is None else found.provision
    if not stated and timing is None:
        text = "the rule file does not say who advances what the funds pay"
        raise _unsaid(settlement, text, "`timing`: one_stop or claim_later")
    if stated and timing is not None:
        text = f"the rule file says who advances what the funds pay: `{stated}`"
        raise _unsaid(settlement, text, "a command without `timing`")
    if not stated:
        return dict(funds) if timing == "claim_later" else {}
    return {p.payer: funds[p.payer] for p in settlement.payments if p.why == "claim_repaid"}


def _timing(settlement: Settlement) -> ir.Timing | None:
    """The provision that says who advances."""
    return next((t for t in reversed(settlement.layout.program.timings) if settlement.holds(t.guard)), None)


def _by(settlement: Settlement) -> dict[str, Any]:
    """The provision that says who advances: what it is called, and the sentences that say so."""
    found = _timing(settlement)
    if found is None:
        return {"provision": "", "en": "as the command says", "zh": "按命令所述", "cites": []}
    layout = settlement.layout
    step = layout.program.steps[layout.index[found.guard]]
    sources = settlement.origin.book.sources
    cites = [{"source": sources.get(c.source, {}).get("title", c.source), "quote": c.quote} for c in found.cites]
    names = {lang: label_of(step.label, lang, found.provision) for lang in ("zh", "en")}
    return {"provision": found.provision, **names, "cites": cites}


def _granted(settlement: Settlement) -> dict[str, int]:
    found: dict[str, int] = {}
    for grant in settlement.grants:
        minor = minor_from(grant.amount, settlement.layout.exponent)
        found[grant.payer] = found.get(grant.payer, 0) + minor
    return found


def _unsaid(settlement: Settlement, text: str, expected: str) -> CaseError:
    record = f"claim {quoted(settlement.claim.id)}"
    return CaseError(Diagnostic("E869", text, None, expected, record=record, field="timing"))
