"""Codes of what guards a change of policy by its cases: E82x mutants, E83x what cases reach."""

from __future__ import annotations

from policyengine.codes.base import Code

CODES: dict[str, Code] = {
    "E820": Code(
        "Mutants of a rule file of which a case fails",
        "A mutant is killed by a case that passes under the rule file as it stands and fails under the mutant.",
        "Mend the rule file or the case first: `policyengine test` shows what differs.",
    ),
}
