"""What a rule file reads: the groups of people that it tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import Span
from policyengine.ruleset import Ruleset
from policyengine.shapes import Word


def known_tags(files: Sequence[Ruleset]) -> tuple[str, ...]:
    """The tags that the expressions of rule files name, in the order of the glossary."""
    found = {name for file in files for name in _names(file)}
    return tuple(tag for tag in terms.TAGS if tag in found)


def _names(value: Any) -> Iterator[str]:
    """Every name in the expressions of a value."""
    if isinstance(value, ast.Name):
        yield value.text
    elif isinstance(value, Word | Span | str):
        return
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _names(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _names(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _names(getattr(value, field.name))
