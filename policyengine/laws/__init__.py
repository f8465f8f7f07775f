"""Properties of settlements, stated once: for tests, for proofs, for the reference pages.

A law looks at one settlement, or at two that differ in one thing, and says by how much it is overstepped. Where it does
not hold in a program is computed from the program.
"""

from policyengine.laws import altered
from policyengine.laws.altered import MORE
from policyengine.laws.amounts import OfSettlement
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.grounds import Grounds
from policyengine.laws.law import ChangeLaw, DocumentLaw, Law
from policyengine.laws.rounding import bound
from policyengine.laws.table import ALL, BY_ID, OF_CHANGES, OF_DOCUMENTS, OF_LIVES, OF_ONE
from policyengine.laws.tags import tags_of
from policyengine.laws.trying import Breach, broken, tried

__all__ = [
    "ALL",
    "BY_ID",
    "MORE",
    "OF_CHANGES",
    "OF_DOCUMENTS",
    "OF_LIVES",
    "OF_ONE",
    "WHYS",
    "Breach",
    "ChangeLaw",
    "DocumentLaw",
    "Exempt",
    "Grounds",
    "Law",
    "OfSettlement",
    "altered",
    "bound",
    "broken",
    "tags_of",
    "tried",
]
