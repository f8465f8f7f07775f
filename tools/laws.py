"""The page of laws: each with its tolerance, and the kinds of exceptions."""

from __future__ import annotations

from policyengine.laws import OF_CHANGES, OF_DOCUMENTS, OF_LIVES, OF_ONE, WHYS
from policyengine.laws.table import ENGINES_AGREE
from tools.markdown import table

ROUNDS = "one unit of rounding for each place at which the patient's part is rounded"


def laws() -> str:
    """Every law and every kind of exception."""
    plain = (*OF_ONE, *OF_DOCUMENTS, ENGINES_AGREE, *OF_LIVES)
    parts = [
        "# Laws",
        "What holds for every settlement, whatever the rule file says. [Testing a policy](../testing-policy.md) tells "
        "how laws are tried, [Exceptions](../exceptions-to-laws.md) which shipped rule sets do not keep which law "
        "everywhere.",
        "## Of one settlement, or of a member's claims\n\nWithout tolerance, without exceptions.\n\n"
        + table(("law", "", "中文"), [(f"`{law.id}`", law.en, law.zh) for law in plain]),
        "## Of two settlements that differ in one thing\n\n"
        + table(
            ("law", "", "中文", "tolerance"),
            [(f"`{law.id}`", law.en, law.zh, ROUNDS if law.rounds else "none") for law in OF_CHANGES],
        ),
        "## Kinds of exceptions\n\nAn exception excuses two settlements only where it bears on them: where the "
        "comparison comes out otherwise, where the layer pays, where the provision ends.\n\n"
        + table(("exception", "", "中文"), [(f"`{why.id}`", why.en, why.zh) for why in WHYS.values()]),
    ]
    return "\n\n".join(parts)
