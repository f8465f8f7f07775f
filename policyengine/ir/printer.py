"""The canonical text of an expression: what a trace prints, and what an independent checker can compute again.

Amounts are in whole currency units with all their decimals (``400.00``), rates in per cent (``75%``), counts bare
(``3``). A name is an input, a step or a word of a code; a word that could be taken for something else stands in double
quotes, a name that is not plain in backticks. ``*`` binds tighter than ``+`` and ``-``, these tighter than comparisons,
then ``not``, ``and``, ``or``, ``if``.
``portion(of, part, whole, other, mode, unit)`` is of × part ÷ whole, rounded; other where the whole is not above zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from policyengine.ir.forms import (
    Add,
    Compare,
    Expr,
    Hist,
    If,
    Input,
    Inverse,
    Kind,
    Lit,
    Logic,
    Lookup,
    Max,
    Min,
    Portion,
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
    Value,
    children,
)  # fmt: skip
from policyengine.ir.program import Program
from policyengine.money import exponent_of, rate_text, text_of

WORDS: Final = frozenset(
    ["if", "then", "else", "and", "or", "not", "min", "max", "round", "portion", "sum", "used", "true", "false"]
)
"""Words with a meaning of their own."""

PLAIN: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")

CHOICE, EITHER, BOTH, NOT, COMPARISON, SUM, PRODUCT, ATOM = range(8)
"""How tightly a text binds."""

Bound = tuple[str, int]
"""A text, and how tightly it binds."""


@dataclass(frozen=True, slots=True)
class Printer:
    """What the texts of one program depend on: the decimals of its currency, and the names that it uses."""

    exponent: int
    names: frozenset[str]
    tables: Mapping[str, tuple[str, ...]]
    known: Mapping[str, Value] = field(default_factory=dict)


def printer_of(program: Program) -> Printer:
    names = {d.name for d in program.inputs} | {s.name for s in program.steps}
    return Printer(exponent_of(program.currency), frozenset(names), {t.name: t.keys for t in program.tables})


def formula(expr: Expr, printer: Printer, known: Mapping[str, Value] | None = None) -> str:
    """The text of ``expr``.

    With ``known`` (values of inputs and steps) the keys of a table lookup show their values, so that a reader sees the
    row: ``base.fund_share[grade = tertiary_a, tier = city]`` and not ``base.fund_share[grade, tier]``.
    """
    if known is not None:
        printer = Printer(printer.exponent, printer.names, printer.tables, known)
    return _text(expr, printer)[0]


def literal(value: Value, kind: Kind, printer: Printer) -> str:
    """The text of one value."""
    return _literal(value, kind, printer)[0]


def _text(expr: Expr, printer: Printer) -> Bound:
    match expr:
        case Lit(value=value):
            return _literal(value, expr.kind, printer)
        case Input(name=name) | Ref(step=name):
            return _name(name), ATOM
        case Hist(meter=meter):
            return f"used({_name(meter)})", ATOM
        case Add(args=args) if len(args) > 1:
            return " + ".join(_inside(arg, PRODUCT, printer) for arg in args), SUM
        case Sub(left=left, right=right):
            return f"{_inside(left, SUM, printer)} - {_inside(right, PRODUCT, printer)}", SUM
        case Add(args=(arg,)) | Min(args=(arg,)) | Max(args=(arg,)) | Logic(op="and" | "or", args=(arg,)):
            return _text(arg, printer)
        case Min() | Max() | Round() | Portion() | Sum():
            return _call(expr, printer), ATOM
        case Scale(of=of, by=by):
            return f"{_inside(of, PRODUCT, printer)} * {_inside(by, ATOM, printer)}", PRODUCT
        case Inverse(of=of):
            return f"1 / {_inside(of, ATOM, printer)}", PRODUCT
        case Compare(op=op, left=left, right=right):
            return f"{_inside(left, SUM, printer)} {op} {_inside(right, SUM, printer)}", COMPARISON
        case Logic(op="not", args=(arg,)):
            return f"not {_inside(arg, ATOM, printer)}", NOT
        case Logic(op=op, args=args):
            level = BOTH if op == "and" else EITHER
            return f" {op} ".join(_inside(arg, level + 1, printer) for arg in args), level
        case If(cond=cond, then=then, other=other):
            first = f"if {_inside(cond, EITHER, printer)} then {_inside(then, EITHER, printer)}"
            return f"{first} else {_text(other, printer)[0]}", CHOICE
        case Lookup(table=table, column=column, keys=keys):
            cells = map(_key(printer), printer.tables[table], keys)
            return f"{_name(f'{table}.{column}')}[{', '.join(cells)}]", ATOM
        case _:
            raise AssertionError(f"unknown form {type(expr).__name__}")


def _call(expr: Min | Max | Round | Portion | Sum, printer: Printer) -> str:
    arguments = [_text(child, printer)[0] for child in children(expr)]
    if isinstance(expr, Round | Portion):
        unit = str(expr.unit) if expr.kind == "count" else text_of(expr.unit, printer.exponent)
        arguments += [expr.mode, unit]
    return f"{type(expr).__name__.lower()}({', '.join(arguments)})"


def _inside(expr: Expr, level: int, printer: Printer) -> str:
    """The text as a part of something that binds at ``level``: in parentheses if it binds less tightly."""
    text, own = _text(expr, printer)
    return text if own >= level else f"({text})"


def _key(printer: Printer) -> Callable[[str, Expr], str]:
    def text(name: str, key: Expr) -> str:
        if isinstance(key, Input | Ref):
            source = key.name if isinstance(key, Input) else key.step
            if source in printer.known:
                return f"{_name(name)} = {literal(printer.known[source], key.kind, printer)}"
            if source == name:
                return _name(name)
        return f"{_name(name)} = {_text(key, printer)[0]}"

    return text


def _name(name: str) -> str:
    return name if PLAIN.fullmatch(name) and name not in WORDS else f"`{name}`"


def _literal(value: Value, kind: Kind, printer: Printer) -> Bound:
    if isinstance(value, bool):
        return str(value).lower(), ATOM
    if isinstance(value, str):
        plain = PLAIN.fullmatch(value) and "." not in value and value not in WORDS | printer.names
        return value if plain else '"' + value.replace("\\", r"\\").replace('"', r"\"") + '"', ATOM
    text, divisor = _number(Fraction(value), kind, printer.exponent)
    if divisor != 1:
        return f"{text}/{divisor}", COMPARISON + 1 if value < 0 else PRODUCT
    return text, SUM if value < 0 else ATOM


def _number(value: Fraction, kind: Kind, exponent: int) -> tuple[str, int]:
    """The text of the numerator, and the divisor that is still to be written."""
    if kind == "rate":
        text, _, divisor = rate_text(value).partition("/")
        return text, int(divisor or 1)
    if kind == "count":
        return str(value.numerator), 1
    return text_of(value.numerator, exponent), value.denominator
