"""What a value of a rule file says, however it is written: one plain form for values that say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import RuleError, Span
from policyengine.expressions import parse_alternatives
from policyengine.shapes import Word

Names = Mapping[str, str]
"""Names of one rule file, with what the other one calls the same thing."""

_MIRRORED: Final = {">": "<", ">=": "<="}
_UNORDERED: Final = ("and", "or", "+", "*", "==", "!=")


@cache
def synonyms() -> Names:
    """Words of the glossary with the id that they stand for, where that is one."""
    words = [(word, code) for fact in terms.FACTS.values() for word, code in fact.codes().items()]
    words += [(name, fact.id) for fact in terms.FACTS.values() for name in (fact.zh, *fact.aliases)]
    meant = {word: {code for other, code in words if other == word} for word, _ in words}
    return {word: found.pop() for word, found in meant.items() if len(found) == 1}


def sense(value: Any, names: Names) -> Any:
    """``value`` as plain tuples: without places, unordered things in one order, other names for the same as one.

    ``names`` is put in the place of names.
    """
    match value:
        case ast.Name(text=text):
            return ("name", named(text, names))
        case Word():
            return ("name", named(value.text, names))
        case ast.Binary(op=op) if op in _MIRRORED:
            return (_MIRRORED[op], sense(value.right, names), sense(value.left, names))
        case ast.Binary(op=op) if op in _UNORDERED:
            return (op, *sorted((sense(part, names) for part in _flat(value, op)), key=repr))
        case ast.In(arg=arg, options=options, negated=negated):
            return _among(arg, options, negated, names)
        case ast.Unary(op="not", arg=ast.In(arg=arg, options=options, negated=negated)):
            return _among(arg, options, not negated, names)
        case Span():
            return None
        case Mapping():
            return tuple(sorted(((str(key), sense(inner, names)) for key, inner in value.items()), key=repr))
        case tuple() | list():
            return tuple(sense(inner, names) for inner in value)
        case str():
            return value
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = ((f.name, getattr(value, f.name)) for f in fields(value))
            return (type(value).__name__, *((name, sense(v, names)) for name, v in kept if not isinstance(v, Span)))
        case _:
            return value


def named(text: str, names: Names) -> str:
    """A name, perhaps dotted, as the other rule file would write it."""
    head, dot, rest = text.partition(".")
    return f"{names.get(head) or synonyms().get(head, head)}{dot}{rest}"


def _flat(value: ast.Node, op: str) -> list[ast.Node]:
    """The operands of a chain of one sign; comparisons have no chains."""
    if not isinstance(value, ast.Binary) or value.op != op:
        return [value]
    if op in ("==", "!="):
        return [value.left, value.right]
    return [*_flat(value.left, op), *_flat(value.right, op)]


def _among(arg: ast.Node, options: tuple[ast.Node, ...], negated: bool, names: Names) -> Any:
    """``x in [a]`` is ``x == a``; the order of the words says nothing."""
    found = sorted({repr(said): said for said in (sense(one, names) for one in options)}.items())
    if len(found) == 1:
        return ("!=" if negated else "==", *sorted((sense(arg, names), found[0][1]), key=repr))
    return ("not in" if negated else "in", sense(arg, names), tuple(said for _, said in found))


def alternatives(cell: Word, names: Names) -> frozenset[str] | None:
    """The words of a key cell; ``None`` for any word at all. An interval is one word."""
    try:
        parts = parse_alternatives(cell.text, cell.span)
    except RuleError:  # the file has been read: what is no list of codes is an interval
        return frozenset([cell.text])
    return None if parts is None else frozenset(named(part.text, names) for part in parts)
