"""Questions about one claim: why something did not apply, what would change it, what facts that are missing decide."""

from policyengine.questions.options import Option
from policyengine.questions.ranges import Bounds, Missing, Range, bounds, bounds_in
from policyengine.questions.trial import Place
from policyengine.questions.unapplied import Change, Unapplied, WhyNot, why_not

__all__ = [
    "Bounds",
    "Change",
    "Missing",
    "Option",
    "Place",
    "Range",
    "Unapplied",
    "WhyNot",
    "bounds",
    "bounds_in",
    "why_not",
]
