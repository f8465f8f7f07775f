"""Codes of what guards a change of policy by its cases: E677 and E82x mutants, E83x what cases reach."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E677": Code(
        "Mutants of a rule file that breaks a law beside it",
        "A law kills a mutant that breaks it while the rule file as it stands keeps it.",
        "Mend the rule file or the law first: `policyengine test` shows the smallest claim that breaks it.",
    ),
    "E820": Code(
        "Mutants of a rule file of which a case fails",
        "A mutant is killed by a case that passes under the rule file as it stands and fails under the mutant.",
        "Mend the rule file or the case first: `policyengine test` shows what differs.",
    ),
}
