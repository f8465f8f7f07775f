"""Audits: which claims of one person offend a sentence of the section ``audit`` of a rule file, and which sentence.

    from policyengine.audits import audited, watch_of
    findings = audited(watch_of("cn/yunnan/qujing"), claims)

The plain evaluation here is the reference; ``policyengine.cases.forward`` finds the same by forward chaining.
"""

from policyengine.audits.findings import Finding, audited
from policyengine.audits.items import Case, Item, Watch, case_of, watch_at, watch_of
from policyengine.audits.plain import Find, Found, plain

__all__ = ["Case", "Find", "Finding", "Found", "Item", "Watch", "audited", "case_of", "plain", "watch_at", "watch_of"]
