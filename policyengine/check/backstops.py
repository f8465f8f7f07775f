"""Clauses that look at what the patient would bear, beside a share in the same layer: both pay the same money."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine.check.conditions import guards
from policyengine.check.layers import clauses
from policyengine.check.view import Views
from policyengine.errors import Diagnostic
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Ruleset

CHOICES: Final = {"top_up": "counting", "own_cost_cap": "measure"}
"""Clauses that look at what other layers left or paid, each with the field that says what else they look at."""

HINTS: Final = {
    "top_up": "give it a layer of its own after this one, or let it count the share: `counting: payable`",
    "own_cost_cap": "give it a layer of its own after this one, or say what is measured: `measure: …`",
}


def paid_again(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W438: a target or a cap on own cost in the layer of a share that can apply to the same claim: it does not see
    what the share pays. Nothing is said where the file says what is looked at, or why, under ``assumed: {order: …}``.
    """
    for layer in ruleset.layers:
        own = clauses(ruleset, layer.id.text)
        shares = [p for p in own if p.mechanism == "fund_share"]
        for clause in (p for p in own if p.mechanism in CHOICES and not _chosen(p)):
            share = next((s for s in shares if _together(views, clause, s)), None)
            if share is not None:
                what = "the target of" if clause.mechanism == "top_up" else "the cap"
                message = (
                    f"{what} `{clause.id}` does not see what `{share.id}` pays in the same layer: it is paid again"
                )
                yield Diagnostic("W438", message, clause.id.span, "", HINTS[clause.mechanism], "warning",
                                 (("the share", share.id.span),))  # fmt: skip


def _chosen(clause: Provision) -> bool:
    return CHOICES[clause.mechanism] in clause.values or any(why.aspect == "order" for why in clause.assumed)


def _together(views: Views, clause: Provision, share: Provision) -> bool:
    return any(
        view.holds(clause) and view.holds(share) and view.solver.together(*guards(view, clause, share)) is not None
        for view in views
    )
