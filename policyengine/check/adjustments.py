"""Adjustments: every one must reach a quantity that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policyengine.errors import Diagnostic
from policyengine.mechanisms import ALL, BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Ruleset


def without_effect(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E405: an adjustment of a provision that has no quantity to adjust. Unknown targets are found by lowering."""
    provisions = {p.id.text: p for p in ruleset.provisions}
    for change in (p for p in ruleset.provisions if p.mechanism == "adjust"):
        target = change.values["adjust"]
        found = provisions.get(target.text) or provisions.get(target.text.partition(".")[0])
        why = None if found is None else _idle(found, provisions)
        if why is not None:
            expected = "a provision of " + ", ".join(m.key for m in ALL if m.adjustable)
            yield Diagnostic("E405", f"`{change.id}` would change nothing: {why}", target.span, expected)


def _idle(target: Provision, provisions: Mapping[str, Provision]) -> str | None:
    """Why an adjustment of ``target`` has no effect, or ``None``."""
    if not BY_KEY[target.mechanism].adjustable:
        return f"`{target.id}` is a `{target.mechanism}`, which has no quantity to adjust"
    seen: set[str] = set()
    while target.mechanism == "adjust":
        if "add" not in target.values:
            return f"`{target.id}` adds nothing; only what an adjustment adds can be adjusted"
        if target.id.text in seen:
            return f"`{target.id}` adjusts itself"
        seen.add(target.id.text)
        following = provisions.get(target.values["adjust"].text)
        if following is None:
            return None
        target = following
    return None
