"""A flattened rule set as a rule file of its own: what it extended is in it, and nothing refers to a parent."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from policyengine import expressions as ast
from policyengine.ruleset import Cover, Ruleset


def self_contained(ruleset: Ruleset) -> Ruleset:
    """``ruleset``, flattened before, without its words about a parent: the same law, to be read by itself."""
    return replace(
        ruleset,
        extends=None,
        covers=_one(ruleset.covers),
        parameters=tuple(replace(p, replaces=False) for p in ruleset.parameters),
        tables=tuple(replace(t, replaces=False) for t in ruleset.tables),
        entitlements=tuple(replace(e, replaces=False) for e in ruleset.entitlements),
        audit=tuple(replace(a, replaces=False) for a in ruleset.audit),
        layers=tuple(replace(x, after=None, before=None) for x in ruleset.layers),
        provisions=tuple(replace(p, replaces=None, after=None, before=None) for p in ruleset.provisions),
        notes=(),
        stated=frozenset(),
    )


def _one(covers: tuple[Cover, ...]) -> tuple[Cover, ...]:
    """All conditions as one: a file has one ``covers``."""
    if not covers:
        return ()
    when = reduce(lambda a, b: ast.Binary("and", a, b, a.span), (cover.when for cover in covers))
    cites = tuple(dict.fromkeys(cite for cover in covers for cite in cover.cites))
    assumed = tuple(dict.fromkeys(why for cover in covers for why in cover.assumed))
    return (Cover(when, cites, assumed, span=covers[-1].span),)
