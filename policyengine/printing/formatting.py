"""Any rule file in the house style: every comment and all meaning kept."""

from __future__ import annotations

from policyengine.parse import parse
from policyengine.printing.comments import commented, comments_of
from policyengine.printing.compare import different
from policyengine.printing.layout import laid_out
from policyengine.printing.order import arranged
from policyengine.source import read_text


def format_text(text: str, file: str) -> str:
    """``text`` in the house style; ``file`` is its name in places. Raises ``RuleError`` for what is no rule file.

    What comes out is read again before it is returned: it says the same and has the same comments.
    """
    tree = read_text(text, file)
    name = getattr(tree.get("ruleset"), "text", "")
    before = parse(tree, name)
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    root = commented(plain)
    arranged(root)
    out = laid_out(root)
    after = parse(read_text(out, file), name)
    assert not list(different(before, after)), f"formatting {file} would change what it says"
    assert comments_of(out) == comments_of(plain), f"formatting {file} would change its comments"
    return out
