"""Entitlements: which tags and rights the evidence of a person gives on a day, as it was known on another.

    from policyengine.entitlements import law_of, standing
    law = law_of("cn/heilongjiang/shuangyashan/raohe")
    found = standing(law, Evidences.model_validate(data), day, known_on)
    claim = entitled(claim, found)
    settle(book, shown(law, evidence_of_everybody)(claim))

Two clocks: every piece of evidence says from when to when it is valid, and on which day it was recorded. The plain
evaluation here is the reference; ``policyengine.cases.forward`` derives the same by forward chaining.
"""

from policyengine.entitlements.feeding import Shown, entitled, shown
from policyengine.entitlements.law import Law, law_of
from policyengine.entitlements.plain import Derive, plain
from policyengine.entitlements.records import Evidence, Evidences, Piece
from policyengine.entitlements.standing import Right, Standing, Told, standing

__all__ = [
    "Derive",
    "Evidence",
    "Evidences",
    "Law",
    "Piece",
    "Right",
    "Shown",
    "Standing",
    "Told",
    "entitled",
    "law_of",
    "plain",
    "shown",
    "standing",
]
