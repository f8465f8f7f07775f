"""Codes of comparisons of two rule sets: days, versions."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E810": Code(
        "A rule set at something that is no day",
        "What stands behind the `@` of a rule set to compare is not a day.",
        "Write `NAME@DAY`, such as `cn/shanxi/136@2018-01-01`.",
    ),
    "E811": Code(
        "No version of a rule set to compare on that day",
        "The rule set is to be looked at on one day, and its files state no version for it.",
        "Choose a day on which both rule sets are in force; the message says from when to when.",
    ),
    "E812": Code(
        "A book of claims, and a rule set at one day",
        "`NAME@DAY` looks at a rule set on one day; a claim of a book is settled by the rules of its own day.",
        "Name the rule set without a day. An overlay can state for all days what holds on one.",
    ),
}
