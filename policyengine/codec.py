"""Programs as JSON and back: plain data only, nothing in it can run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from policyengine import ir
from policyengine.errors import Span

CLASSES: dict[str, type[Any]] = {
    c.__name__: c
    for c in (
        *ir.FORMS,
        ir.Assumption,
        ir.Citation,
        ir.Column,
        ir.Course,
        ir.DayDecl,
        ir.Days,
        ir.Draw,
        ir.Grant,
        ir.InputDecl,
        ir.Interval,
        ir.Limit,
        ir.Meter,
        ir.Part,
        ir.PayerShare,
        ir.Program,
        ir.Reason,
        ir.Rule,
        ir.Run,
        ir.RunField,
        ir.Step,
        ir.Table,
        ir.Timing,
        ir.Window,
        Span,
    )
}
FIELDS = {name: tuple(f.name for f in fields(c)) for name, c in CLASSES.items()}


def dumps(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def loads(text: str) -> Any:
    """What ``dumps`` wrote. Raises ``ValueError`` (or ``KeyError``, ``TypeError``) for anything else."""
    return _made(json.loads(text))


def _plain(value: Any) -> Any:
    """Lists carry a tag first: a class name, ``T`` tuple, ``S`` set, ``F`` fraction, ``L`` list."""
    if is_dataclass(value) and not isinstance(value, type):
        name = type(value).__name__
        return [name, *(_plain(getattr(value, f)) for f in FIELDS[name])]
    match value:
        case tuple():
            return ["T", *map(_plain, value)]
        case frozenset():
            return ["S", *sorted(map(_plain, value), key=str)]
        case Fraction():
            return ["F", value.numerator, value.denominator]
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case None | bool() | int() | str():
            return value
    raise TypeError(f"a {type(value).__name__} cannot be written")


def _made(data: Any) -> Any:
    if isinstance(data, list):
        tag, rest = data[0], data[1:]
        made = _TAGS.get(tag)
        return made(rest) if made is not None else CLASSES[tag](*map(_made, rest))
    if isinstance(data, dict):
        return {k: _made(v) for k, v in data.items()}
    return data


_TAGS: Mapping[str, Callable[[list[Any]], Any]] = {
    "T": lambda rest: tuple(map(_made, rest)),
    "S": lambda rest: frozenset(map(_made, rest)),
    "F": lambda rest: Fraction(*rest),
}
