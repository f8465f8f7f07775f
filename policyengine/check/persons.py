"""What is wrong with evidence, entitlements and audit rules, on any day on which they hold."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.errors import Diagnostic, RuleError
from policyengine.lower.audits import audit_days, lower_audit
from policyengine.lower.entitlements import cut_days, lower_entitlements
from policyengine.ruleset import Ruleset


def of_persons(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """The errors of lowering, each once."""
    found: dict[Diagnostic, None] = {}
    for day in (None, *cut_days(ruleset)) if ruleset.entitlements else ():
        try:
            lower_entitlements(ruleset, day)
        except RuleError as error:
            found.update(dict.fromkeys(error.diagnostics))
    for day in (None, *audit_days(ruleset)) if ruleset.audit else ():
        try:
            lower_audit(ruleset, day)
        except RuleError as error:
            found.update(dict.fromkeys(error.diagnostics))
    yield from found
