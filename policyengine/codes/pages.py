"""Codes of rule sets rendered as documents: E69x."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E690": Code(
        "No version of that day",
        "A document is of one version of a rule set; on the day that was asked for the rule set does not hold.",
        "Name a day inside its validity, or leave the day out: the last version is rendered.",
    ),
    "E691": Code(
        "A page that cannot be written",
        "The file or the folder named for a page cannot be made or written.",
        "Name a place that can be written.",
    ),
}
