"""Whether two typed rule files say the same, wherever they say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from policyengine.errors import Span
from policyengine.ruleset import Ruleset

NOT_SAID = ("files", "stated", "status_at", "origin")
"""Fields that say where something was read, not what it says."""


def same(one: Ruleset, two: Ruleset) -> bool:
    """Whether the two are equal up to places."""
    return not list(different(one, two))


def bare(value: Any) -> Any:
    """A value without its places, as plain tuples."""
    if isinstance(value, Span):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        kept = ((f.name, bare(getattr(value, f.name))) for f in fields(value) if f.name not in NOT_SAID)
        return (type(value).__name__, *kept)
    if isinstance(value, dict):
        return {key: bare(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return tuple(bare(inner) for inner in value)
    return value


def different(one: Ruleset, two: Ruleset) -> Iterable[str]:
    """The fields in which two rule files differ."""
    return (
        f.name
        for f in fields(one)
        if f.name not in NOT_SAID and bare(getattr(one, f.name)) != bare(getattr(two, f.name))
    )
