"""Rule-file text to a tree of nodes with places, from YAML events alone.

Every value arrives as the text the author wrote, and every node knows its line and column. What is refused,
and why, is listed in ``policyengine.codes`` under E101–E162.

libyaml, where PyYAML has it, reads good files fast. Whatever it refuses is read again by PyYAML's own parser, from
about the fault on, which decides and explains: so files are accepted and errors worded alike with and without libyaml.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from policyengine.source.composer import LIMIT_DEPTH, LIMIT_NODES, LIMIT_SCALAR_BYTES, compose, compose_fast
from policyengine.source.nodes import MapNode, Node, ScalarNode, SeqNode, Style
from policyengine.source.page import LIMIT_FILE_BYTES, Page, page_of_file, page_of_text

__all__ = [
    "LIMIT_DEPTH",
    "LIMIT_FILE_BYTES",
    "LIMIT_NODES",
    "LIMIT_SCALAR_BYTES",
    "MapNode",
    "Node",
    "ScalarNode",
    "SeqNode",
    "Style",
    "read_file",
    "read_text",
]

FAST_PARSER = getattr(yaml, "CSafeLoader", None)
"""libyaml's loader class, or None where PyYAML was built without it."""


def read_text(text: str, file: str) -> MapNode:
    """The tree of a rule file's text; ``file`` is its name in places. Raises RuleError E103–E162."""
    return _tree(page_of_text(text, file))


def read_file(path: Path, shown: str) -> MapNode:
    """The tree of the rule file at ``path``, which is called ``shown`` in places. Raises RuleError E101–E162.

    Only regular files are opened, so no device or pipe can make it wait; at most 1 MiB is read.
    """
    return _tree(page_of_file(path, shown))


def _tree(page: Page) -> MapNode:
    tree = compose_fast(page, FAST_PARSER) if FAST_PARSER is not None else None
    return compose(page) if tree is None else tree
