"""Law files: sentences that a rule set must keep, beside the rule file; tried on lives that are drawn.

``find_laws`` and ``read_laws`` read them, ``try_laws`` tries them. A law that nothing drawn is about was not tried, and
has not passed.
"""

from policyengine.lawfiles.books import Written
from policyengine.lawfiles.model import Law
from policyengine.lawfiles.outcome import Verdict
from policyengine.lawfiles.read import find_laws, law_schema, read_laws
from policyengine.lawfiles.ready import Ready, named_here, ready, ready_for
from policyengine.lawfiles.run import EXAMPLES, SEED, Past, broken_by, try_laws
from policyengine.lawfiles.trying import lives_of

__all__ = [
    "EXAMPLES",
    "SEED",
    "Law",
    "Past",
    "Ready",
    "Verdict",
    "Written",
    "broken_by",
    "find_laws",
    "law_schema",
    "lives_of",
    "named_here",
    "read_laws",
    "ready",
    "ready_for",
    "try_laws",
]
