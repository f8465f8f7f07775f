"""Measure, check every amount against the oracle, and write RESULTS.md. Ends with 1 if an amount of ours is wrong.

python -m benchmarks.run
"""

from __future__ import annotations

import sys

from benchmarks import start
from benchmarks.bills import bills
from benchmarks.clock import busy, in_turn, one_core
from benchmarks.oracle import fund_pays
from benchmarks.page import put
from benchmarks.results import Figures, page

MANY = 20_000
FEW = 3_000


def main() -> int:
    load = busy()
    pinned = one_core()
    from benchmarks.ours import Ours, claim_data, claim_text  # imported on the one core
    from benchmarks.rival import Rival, context_of
    from policyengine import Claim

    drawn = bills(MANY)
    expected = [(fund := fund_pays(bill), bill.amount - fund) for bill in drawn]
    claims, contexts = [Claim.model_validate(claim_data(b)) for b in drawn], [context_of(b) for b in drawn]
    texts = [claim_text(b) for b in drawn[:FEW]]
    ours, rival = Ours(), Rival()
    wrong = {
        "ours": sum(a != b for a, b in zip(ours.answers(claims), expected, strict=True)),
        "rival": sum(a != b for a, b in zip(rival.answers(contexts), expected, strict=True)),
    }
    measured = in_turn(
        {
            "settle": (ours.settle, claims),
            "decision_traced": (rival.decision_traced, contexts[:FEW]),
            "engine_traced": (rival.engine_traced, contexts),
            "settle_worded": (ours.settle_worded, claims[:FEW]),
            "read_and_settle": (ours.read_and_settle, texts),
            "settle_many": (ours.settle_many, claims),
            "batches": (rival.batches, contexts),
            "batches_traced": (rival.batches_traced, contexts),
            "engine_untraced": (rival.engine_untraced, contexts),
        }
    )
    started = {
        "import": start.inside(start.IMPORT),
        "import_all": start.inside(start.IMPORT_ALL),
        "load": start.inside(start.LOAD),
        "first": start.whole(start.FIRST),
        "check": start.inside(start.CHECK),
        "large": start.inside(start.LARGE),
    }
    text = page(Figures(MANY, pinned, wrong, measured, started, load))
    put("one claim at a time", text)
    print(text)
    return 1 if wrong["ours"] else 0


if __name__ == "__main__":
    sys.exit(main())
