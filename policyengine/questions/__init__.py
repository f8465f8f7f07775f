"""Questions about one claim: why something did not apply, what would change it, what facts that are missing decide."""

from policyengine.questions.options import Option
from policyengine.questions.unapplied import Change, Unapplied, WhyNot, why_not

__all__ = ["Change", "Option", "Unapplied", "WhyNot", "why_not"]
