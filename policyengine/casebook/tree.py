"""Trees of YAML nodes as data: merging what is given, plain values, and the node that an error is about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from policyengine.claim import path_text
from policyengine.claim.problems import Path, path_of
from policyengine.errors import ClaimError, Diagnostic, RuleError, Span
from policyengine.source import MapNode, Node, ScalarNode, SeqNode

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_LONGEST = 24


def plain(node: Node) -> Any:
    """A node as plain data: unquoted ``true`` and ``false`` are flags, unquoted whole numbers are integers."""
    match node:
        case MapNode():
            return {key.text: plain(value) for key, value in node.entries}
        case SeqNode():
            return [plain(item) for item in node.items]
        case ScalarNode(text="true" | "false" as text, style="plain"):
            return text == "true"
        case ScalarNode(text=text, style="plain") if len(text) <= _LONGEST and _WHOLE.fullmatch(text):
            return int(text)
        case ScalarNode(text=text):
            return text


def merged(under: Node | None, over: Node | None) -> Node | None:
    """``over`` laid over ``under``: mappings are merged key by key, everything else is replaced."""
    if under is None or over is None:
        return over if under is None else under
    if not (isinstance(under, MapNode) and isinstance(over, MapNode)):
        return over
    both = [(key, merged(value, over.get(key.text))) for key, value in under.entries]
    new = [(key, value) for key, value in over.entries if under.get(key.text) is None]
    return MapNode(tuple((key, value) for key, value in (*both, *new) if value is not None), over.span)


def span_at(tree: Node, path: Path) -> Span:
    """The place of the value at ``path``, or of the innermost part around it that is there."""
    node, key = tree, None
    for part in path:
        found = _member(node, part)
        if found is None:
            break
        key, node = found
    if isinstance(node, MapNode) and key is not None:
        return key.span
    return node.span


def _member(node: Node, part: str | int) -> tuple[ScalarNode | None, Node] | None:
    match node:
        case MapNode():
            return next(((key, value) for key, value in node.entries if path_text((key.text,)) == part), None)
        case SeqNode(items=items) if isinstance(part, int):
            return (None, items[part]) if part < len(items) else None
        case SeqNode(items=items):
            return next(((None, i) for i in items if isinstance(i, ScalarNode) and i.text == part), None)
        case _:
            return None


def located(error: ClaimError, tree: Node) -> RuleError:
    """A claim error with the places of the fields it names in a case file."""
    return RuleError([_placed(found, tree) for found in error.diagnostics])


def _placed(found: Diagnostic, tree: Node) -> Diagnostic:
    return replace(found, span=found.span or span_at(tree, path_of(found.field) if found.field else ()))
