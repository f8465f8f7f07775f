"""Codes of rule files that divide amounts by amounts."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E381": Code(
        "A division that may be by nothing",
        "`pro_rata` and `ratio` divide by an amount of the claim, which may be nothing. What then holds is said by "
        "the policy.",
        "Add the value that holds where the whole is not above zero.",
        "- {id: part, layer: basic, pay: 'pro_rata(100元, in_scope, total_charge)'}",
        "- {id: part, layer: basic, pay: 'pro_rata(100元, in_scope, total_charge, 0元)'}",
    ),
    "E382": Code(
        "Nobody pays where all amounts are nothing",
        "A split in proportion to amounts has no proportions where all of them are nothing.",
        "Name the payer who then pays all: `if_none:`.",
        "- {id: share, layer: basic, fund_share: 50%}\n"
        "- {id: who, layer: basic, split: {pooled_fund: in_scope, other_fund: own_expense}}",
        "- {id: share, layer: basic, fund_share: 50%}\n"
        "- {id: who, layer: basic, split: {pooled_fund: in_scope, other_fund: own_expense}, if_none: pooled_fund}",
    ),
}  # fmt: skip
