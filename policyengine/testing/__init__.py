"""For tests of one's own: Hypothesis strategies derived from a rule set alone, and rule files from the grammar."""

from policyengine.errors import MissingExtra

try:
    from hypothesis import strategies
except ImportError as missing:  # pragma: no cover - the development environment has it
    raise MissingExtra("drawing needs Hypothesis: pip install 'reimbursement-policyengine[testing]'") from missing

from policyengine.printing.layout import Branch
from policyengine.testing.claims import claims, lives, members, one_coin_left, parameters
from policyengine.testing.reforms import reforms, rulesets
from policyengine.testing.rulefiles import drawn_file


def rule_files() -> strategies.SearchStrategy[Branch]:
    """Rule files as trees, which ``printing.layout.laid_out`` writes; each is called ``drawn``."""
    return strategies.randoms(use_true_random=False).map(drawn_file)


__all__ = [
    "claims",
    "drawn_file",
    "lives",
    "members",
    "one_coin_left",
    "parameters",
    "reforms",
    "rule_files",
    "rulesets",
]
