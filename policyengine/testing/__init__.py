"""For tests of one's own: Hypothesis strategies that draw whole rule files from the grammar."""

from policyengine.errors import MissingExtra

try:
    from hypothesis import strategies
except ImportError as missing:  # pragma: no cover - the development environment has it
    raise MissingExtra("drawing needs Hypothesis: pip install 'reimbursement-policyengine[testing]'") from missing

from policyengine.printing.layout import Branch
from policyengine.testing.rulefiles import drawn_file


def rule_files() -> strategies.SearchStrategy[Branch]:
    """Rule files as trees, which ``printing.layout.laid_out`` writes; each is called ``drawn``."""
    return strategies.randoms(use_true_random=False).map(drawn_file)


__all__ = ["drawn_file", "rule_files"]
