"""Codes of overlays: E841 and E842."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E841": Code(
        "A file that is no overlay",
        "An overlay states only what is otherwise, and is put on top of the rule set that is named before it "
        "(`RULESET+FILE`): it names no rule set to extend, and has no parts, run or rows of its own.",
        "Name a file that is there, and leave out what makes a rule set of its own.",
    ),
    "E842": Code(
        "An overlay that changes nothing",
        "With it and without it every claim is settled alike: its values are those that hold already, or hold on days "
        "on which the rule set does not.",
        "Correct the value or its days, or leave the overlay out.",
    ),
}
