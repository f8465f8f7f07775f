"""What callers hand in: the claim and the history, frozen and checked; errors name record, field and place.

``Claim.model_validate(data)`` reads a dictionary, ``Claim.model_validate_json(text)`` a JSON text; both raise
``ClaimError`` with everything that is wrong, and never keep a float.
"""

from policyengine.claim.base import StrictModel
from policyengine.claim.checks import Minor
from policyengine.claim.cumulative import Cumulative
from policyengine.claim.document import Document, locate
from policyengine.claim.fields import rate_of
from policyengine.claim.history import Accumulator, History, Key, Shape
from policyengine.claim.jsontext import LARGEST_TEXT, decoded, too_large, value_of
from policyengine.claim.models import Claim, Encounter, FeeLine, Hospital, PaidElsewhere, Person
from policyengine.claim.periods import Account, Opened, Period
from policyengine.claim.problems import Problem, masked, path_text, quoted

__all__ = [
    "LARGEST_TEXT",
    "Account",
    "Accumulator",
    "Claim",
    "Cumulative",
    "Document",
    "Encounter",
    "FeeLine",
    "History",
    "Hospital",
    "Key",
    "Minor",
    "Opened",
    "PaidElsewhere",
    "Period",
    "Person",
    "Problem",
    "Shape",
    "StrictModel",
    "decoded",
    "locate",
    "masked",
    "path_text",
    "quoted",
    "rate_of",
    "too_large",
    "value_of",
]
