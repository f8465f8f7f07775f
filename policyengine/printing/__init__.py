"""Rule files written: a typed tree as text in the house style, and any rule file formatted in it.

``parse(read_text(print_ruleset(r)))`` is ``r`` again, up to places. Both ways of writing share one layout and the field
tables that read the files.
"""

from policyengine.printing.fields import tree_of
from policyengine.printing.flat import self_contained
from policyengine.printing.formatting import format_text
from policyengine.printing.layout import laid_out
from policyengine.ruleset import Ruleset


def print_ruleset(ruleset: Ruleset) -> str:
    """The text of a rule file that reads as ``ruleset``."""
    return laid_out(tree_of(ruleset))


__all__ = ["format_text", "print_ruleset", "self_contained"]
