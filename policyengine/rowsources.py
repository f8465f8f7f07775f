"""What a field of a run's rows is of a settlement: ``patient_total``, ``payer.pooled_fund``, ``step.basic.kept``."""

from __future__ import annotations

from typing import Final

from policyengine import terms
from policyengine.errors import nearest

AMOUNTS: Final = ("bill", "patient_total", "own_in_scope", "fund_total")
GROUPS: Final = ("payer", "reason", "part", "step", "national", "fact")
NATIONAL: Final = tuple(
    dict.fromkeys(
        [t.field for t in (*terms.CATEGORIES_OF_PARTS.values(), *terms.REASONS.values(), *terms.AMOUNTS.values())
         if t.field]
        + [p.field for p in terms.PAYERS.values()]
    )
)  # fmt: skip
"""The amounts of the national message."""


def unknown_source(text: str) -> tuple[str, str]:
    """What is wrong with a source as such and what may be meant, or two empty texts. Whether a rule set has the step is
    seen later."""
    group, dot, name = text.partition(".")
    if not dot:
        known = text in AMOUNTS
        return ("", "") if known else (f"`{text}` is not an amount of a settlement", nearest(text, AMOUNTS))
    if group not in GROUPS or not name:
        return f"`{text}` names nothing of a settlement", nearest(group, GROUPS)
    if group == "national" and name not in NATIONAL:
        return f"the national message has no amount `{name}`", nearest(name, NATIONAL)
    if group == "fact" and name in terms.FACTS and terms.FACTS[name].domain == "row":
        return f"`{name}` is a fact of a fee line, not of the claim", ""
    return ("the sum of the fee lines is `bill`", "") if text == "fact.total_charge" else ("", "")


def mistaken_kind(text: str, kind: str) -> str:
    """What is wrong with the kind that a field is said to have, or nothing; a step's kind is seen later."""
    group, _, name = text.partition(".")
    fact = terms.FACTS.get(name) if group == "fact" else None
    if fact is not None:
        fits = kind == fact.kind or (kind == "id" and fact.kind in ("id", "code"))
        return "" if fits else f"`{name}` is no {kind}: it is a {fact.kind}"
    if group in ("step", "fact"):
        return "" if group == "fact" or kind != "id" else "a step is no id"
    return "" if kind == "money" else f"`{text}` is no {kind}: it is an amount of money"
