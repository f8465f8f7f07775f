"""What differs between two rule sets, as text."""

from __future__ import annotations

from rich.console import Group

from policyengine.difference import Difference
from policyengine.report.difference_claims import claims_text
from policyengine.report.difference_law import law_text
from policyengine.report.grid import plain
from policyengine.report.names import Lang


def difference_text(found: Difference, lang: Lang = "en") -> Group:
    """Everything that was found."""
    head = plain(f"{found.old.shown} → {found.new.shown}", "bold")
    return Group(head, plain(""), *law_text(found.law, lang), *claims_text(found, lang))
