"""From the expressions of a rule file to typed IR: names are looked up, kinds are checked, places are kept.

A ``Scope`` says what a name means at the place where the expression stands; this module knows the grammar's nodes and
the typing rules and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Protocol

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Diagnostic, RuleError, Span, nearest
from policyengine.expressions.numbers import number_text
from policyengine.money import MODES, exponent_of

KIND_WORDS: Mapping[ir.Kind, str] = {
    "money": "an amount of money",
    "exact": "an amount of money",
    "rate": "a rate",
    "count": "a count",
    "flag": "true or false",
    "code": "a code",
}
AMOUNTS: tuple[ir.Kind, ...] = ("money", "exact")
FUNCTIONS = ("min", "max", "sum", "positive", "round", "pro_rata", "ratio", "used", "unpaid", "paid", "elsewhere")


class Scope(Protocol):
    """What names mean at one place of a rule file."""

    currency: str
    rounding: tuple[str, int]

    def find(self, name: str, span: Span) -> ir.Expr | None:
        """The value of ``name`` here, or ``None`` if nothing has this name."""

    def call(self, node: ast.Call) -> ir.Expr | None:
        """The value of a function that the rule file gives meaning to (``used``, ``unpaid``, formulas …)."""

    def rows(self) -> AbstractContextManager[None]:
        """Inside, names mean what they mean for one fee line."""

    def words(self, expr: ir.Expr) -> Mapping[str, str] | None:
        """The words that may stand opposite a code expression, each with the code it means."""

    def known(self) -> Iterable[str]:
        """All names that ``find`` would answer, for spelling hints."""


def fault(code: str, message: str, span: Span, expected: str = "", hint: str = "") -> RuleError:
    return RuleError(Diagnostic(code, message, span, expected, hint))


def unknown_name(name: str, span: Span, known: Iterable[str], what: str = "name") -> RuleError:
    names = list(dict.fromkeys(known))
    expected = "one of " + ", ".join(names) if 0 < len(names) <= 12 else ""
    return fault("E310", f"unknown {what} `{name}`", span, expected, nearest(name, names))


def resolve(node: ast.Node, scope: Scope, *kinds: ir.Kind) -> ir.Expr:
    """``node`` as typed IR. With ``kinds``, anything else is an error (money is accepted where exact is)."""
    expr = _resolve(node, scope)
    if kinds and expr.kind not in kinds and not (expr.kind == "money" and "exact" in kinds):
        expected = " or ".join(dict.fromkeys(KIND_WORDS[k] for k in kinds))
        hint = _unit_meant(node, scope.currency, kinds)
        raise fault("E311", f"{KIND_WORDS[expr.kind]} stands where {expected} is needed", node.span, expected, hint)
    return expr


def _unit_meant(node: ast.Node, currency: str, kinds: tuple[ir.Kind, ...]) -> str:
    """For a number without a unit where an amount or a rate is needed: the number with its unit."""
    if not isinstance(node, ast.Number) or node.unit:
        return ""
    readings = [f"`{text}`" for text, kind in _with_units(node.value, currency) if kind in kinds]
    return "write the unit: " + " or ".join(readings) if readings else ""


def _with_units(value: Fraction, currency: str) -> Iterator[tuple[str, ir.Kind]]:
    """What a bare number may have been meant to be: both 0.7 and 70 are 70%."""
    if value <= 100:
        yield number_text(value if value <= 1 else value / 100, "%"), "rate"
    if (value * 10 ** exponent_of(currency)).denominator == 1:
        yield number_text(value, currency), "money"


def _resolve(node: ast.Node, scope: Scope) -> ir.Expr:
    match node:
        case ast.Number():
            return number(node, scope.currency)
        case ast.Name():
            return _name(node, scope)
        case ast.Text():
            return ir.code(node.value)
        case ast.Unary():
            return _unary(node, scope)
        case ast.Binary(op="and" | "or"):
            return _logic(node, scope)
        case ast.Binary(op="==" | "!=" | "<" | "<=" | ">" | ">="):
            return _comparison(node, scope)
        case ast.Binary():
            return _arithmetic(node, scope)
        case ast.In():
            return _membership(node, scope)
        case ast.Between():
            return _between(node, scope)
        case ast.IfElse():
            return _if(node, scope)
        case ast.SumWhere():
            return _sum(node.of, node.where, scope)
        case ast.Call():
            return _call(node, scope)


def number(node: ast.Number, currency: str) -> ir.Expr:
    """A literal: money of the file's currency, a rate, or a count."""
    if node.unit in ("%", "pp"):
        return ir.rate(node.value)
    if not node.unit:
        if node.value.denominator != 1:
            expected, hint = "a rate, an amount or a count", _unit_meant(node, currency, ("rate", "money"))
            raise fault("E312", "a decimal without a unit", node.span, expected, hint)
        return ir.count(int(node.value))
    if node.unit != currency:
        raise fault("E313", f"an amount in {node.unit} in a rule file whose currency is {currency}", node.span)
    minor = node.value * 10 ** exponent_of(currency)
    assert minor.denominator == 1, "finer amounts are refused where they are read"
    return ir.money(int(minor))


def _name(node: ast.Name, scope: Scope) -> ir.Expr:
    if node.text in ("true", "false"):
        return ir.flag(node.text == "true")
    expr = scope.find(node.text, node.span)
    if expr is None:
        raise unknown_name(node.text, node.span, scope.known())
    return expr


def _unary(node: ast.Unary, scope: Scope) -> ir.Expr:
    if node.op == "not":
        return ir.negated(resolve(node.arg, scope, "flag"))
    arg = resolve(node.arg, scope, "money", "exact", "rate", "count")
    if isinstance(arg, ir.Lit):
        assert not isinstance(arg.value, str)
        return ir.Lit(-arg.value, arg.kind)
    return ir.sub(ir.Lit(0, arg.kind), arg)


def _logic(node: ast.Binary, scope: Scope) -> ir.Expr:
    left = resolve(node.left, scope, "flag")
    right = resolve(node.right, scope, "flag")
    return ir.both(left, right) if node.op == "and" else ir.either(left, right)


def _comparison(node: ast.Binary, scope: Scope) -> ir.Expr:
    left, right = _pair(node.left, node.right, scope)
    if left.kind in ("code", "flag") and node.op not in ("==", "!="):
        raise fault("E315", f"{KIND_WORDS[left.kind]} has no order", node.span, "== or !=")
    return ir.compare(node.op, left, right)


def _pair(left: ast.Node, right: ast.Node, scope: Scope) -> tuple[ir.Expr, ir.Expr]:
    """Two sides of one kind; opposite a code, a bare word is looked up in that code's domain only."""
    first = _code_side(left, scope)
    if first is not None:
        return first, word(right, first, scope)
    second = _code_side(right, scope)
    if second is not None:
        return word(left, second, scope), second
    one, two = _resolve(left, scope), _resolve(right, scope)
    return _agree(one, two, left.span, right.span)


def _code_side(node: ast.Node, scope: Scope) -> ir.Expr | None:
    if not isinstance(node, ast.Name):
        return None
    expr = scope.find(node.text, node.span)
    return expr if expr is not None and expr.kind == "code" else None


def word(node: ast.Node, opposite: ir.Expr, scope: Scope) -> ir.Expr:
    """The code that a word means opposite the code expression ``opposite``."""
    if not isinstance(node, ast.Name | ast.Text):
        raise fault("E311", "a code can only be compared with a word", node.span, "one of the code's words")
    text = node.text if isinstance(node, ast.Name) else node.value
    words = scope.words(opposite)
    if words is None or text in words:
        return ir.code(text if words is None else words[text])
    other = scope.find(text, node.span) if isinstance(node, ast.Name) else None
    if other is not None and other.kind == "code":
        return other
    shown = list(dict.fromkeys(words.values()))
    listing = ", ".join(shown[:12]) + (" …" if len(shown) > 12 else "")
    raise fault("E316", f"`{text}` is not a value of this code", node.span, f"one of {listing}", nearest(text, words))


def _agree(one: ir.Expr, two: ir.Expr, *spans: Span) -> tuple[ir.Expr, ir.Expr]:
    if one.kind == two.kind or {one.kind, two.kind} == set(AMOUNTS):
        return one, two
    for lit, other in ((one, two), (two, one)):
        if isinstance(lit, ir.Lit) and lit.value == 0 and lit.kind == "count":
            zero = ir.Lit(0, "money" if other.kind == "exact" else other.kind)
            return (zero, two) if lit is one else (one, zero)
    words = f"{KIND_WORDS[one.kind]} and {KIND_WORDS[two.kind]} do not go together"
    raise fault("E317", words, spans[-1], KIND_WORDS[one.kind])


def _arithmetic(node: ast.Binary, scope: Scope) -> ir.Expr:
    left, right = _resolve(node.left, scope), _resolve(node.right, scope)
    if node.op in ("+", "-"):
        for side, expr in ((node.left, left), (node.right, right)):
            _numeric(expr, side.span)
        one, two = _agree(left, right, node.left.span, node.right.span)
        return ir.add(one, two) if node.op == "+" else ir.sub(one, two)
    if node.op == "/":
        return _divided(left, right, node)
    return _scaled(left, right, node)


def _divided(left: ir.Expr, right: ir.Expr, node: ast.Binary) -> ir.Expr:
    """By a rate, or by a plain number: a count by one is a rate (``2 / 3``, ``months / 12``)."""
    if isinstance(right, ir.Lit) and right.kind == "count" and right.value:
        if isinstance(left, ir.Lit) and left.kind == "count":
            return ir.rate(Fraction(int(left.value), int(right.value)))
        part = ir.rate(Fraction(1, int(right.value)))
        return ir.scale(part, left) if left.kind == "count" else _scaled(left, part, node)
    if right.kind != "rate":
        expected = "a rate such as 91%, or a plain number such as 12"
        hint = "a share of an amount by two others is `pro_rata(amount, part, whole, otherwise)`"
        raise fault("E318", "only a rate or a plain number can stand right of `/`", node.right.span, expected, hint)
    return _scaled(left, ir.inverse(right), node)


def _numeric(expr: ir.Expr, span: Span) -> None:
    if expr.kind in ("flag", "code"):
        raise fault(
            "E311", f"{KIND_WORDS[expr.kind]} cannot be added or subtracted", span, "an amount, a rate, a count"
        )


def _scaled(left: ir.Expr, right: ir.Expr, node: ast.Binary) -> ir.Expr:
    for of, by in ((left, right), (right, left)):
        if (of.kind, by.kind) in ir.SCALED:
            return ir.scale(of, by)
    message = f"{KIND_WORDS[left.kind]} cannot be multiplied by {KIND_WORDS[right.kind]}"
    raise fault("E319", message, node.right.span, "a rate or a count on one side")


def _membership(node: ast.In, scope: Scope) -> ir.Expr:
    tests = [ir.compare("==", *_pair(node.arg, option, scope)) for option in node.options]
    found = ir.either(*tests)
    return ir.negated(found) if node.negated else found


def _between(node: ast.Between, scope: Scope) -> ir.Expr:
    tests = []
    for limit, op in ((node.low, ">="), (node.high, "<=" if node.inclusive else "<")):
        if limit is not None:
            left, right = _pair(node.arg, limit, scope)
            if left.kind in ("code", "flag"):
                raise fault("E315", f"{KIND_WORDS[left.kind]} has no order", node.span, "an amount, a rate, a count")
            tests.append(ir.compare(op, left, right))
    return ir.both(*tests)


def _if(node: ast.IfElse, scope: Scope) -> ir.Expr:
    cond = resolve(node.cond, scope, "flag")
    then, other = _agree(_resolve(node.then, scope), _resolve(node.other, scope), node.then.span, node.other.span)
    return ir.choose(cond, then, other)


def _sum(of: ast.Node, where: ast.Node | None, scope: Scope) -> ir.Expr:
    with scope.rows():
        inner = resolve(of, scope, "money", "exact", "count")
        if where is not None:
            nothing = ir.Lit(0, "count" if inner.kind == "count" else "money")
            inner = ir.choose(resolve(where, scope, "flag"), inner, nothing)
    return ir.total(inner)


def _call(node: ast.Call, scope: Scope) -> ir.Expr:
    if node.function in ("min", "max"):
        return _extreme(node, scope)
    if node.function == "sum":
        _arity(node, 1)
        return _sum(node.args[0], None, scope)
    if node.function == "round":
        return _rounded(node, scope)
    if node.function == "pro_rata":
        return _pro_rata(node, scope)
    if node.function == "ratio":
        return _ratio(node, scope)
    if node.function == "positive":
        _arity(node, 1)
        return ir.positive_part(resolve(node.args[0], scope, "money", "exact", "rate", "count"))
    found = scope.call(node)
    if found is None:
        raise unknown_name(node.function, node.span, FUNCTIONS, "function")
    return found


def _rounded(node: ast.Call, scope: Scope) -> ir.Expr:
    """``round(x)`` as the rule file rounds; ``round(x, up, 100元)`` and ``round(days, up, 10)`` as they say."""
    if len(node.args) != 3:
        _arity(node, 1)
        return ir.rounded(resolve(node.args[0], scope, "money", "exact"), *scope.rounding)
    of = resolve(node.args[0], scope, "money", "exact", "count")
    return ir.rounded(of, *_mode_and_unit(node.args[1], node.args[2], of.kind, scope))


def _mode(node: ast.Node) -> str:
    if not isinstance(node, ast.Name) or node.text not in MODES:
        hint = nearest(node.text, MODES) if isinstance(node, ast.Name) else ""
        raise fault("E308", "not a mode of rounding", node.span, ", ".join(MODES), hint)
    return node.text


def _mode_and_unit(mode: ast.Node, unit: ast.Node, kind: ir.Kind, scope: Scope) -> tuple[str, int]:
    """How an amount or a count is rounded where an expression says so."""
    step = resolve(unit, scope, "count" if kind == "count" else "money")
    word = _mode(mode)
    if not isinstance(step, ir.Lit) or not isinstance(step.value, int) or step.value < 1:
        what = "1" if kind == "count" else "the smallest coin"
        raise fault("E308", f"the unit of rounding is a plain value of at least {what}", unit.span)
    return word, step.value


def _pro_rata(node: ast.Call, scope: Scope) -> ir.Expr:
    """``pro_rata(amount, part, whole, otherwise)``: amount × part ÷ whole, rounded as the rule file rounds, or in the
    mode and the unit that follow; ``otherwise`` where the whole is not above zero."""
    _otherwise_stated(node, 4)
    if len(node.args) != 6:
        _arity(node, 4)
    of = resolve(node.args[0], scope, "money", "exact", "count")
    part, whole = _part_and_whole(node.args[1], node.args[2], scope)
    counted = of.kind == "count"
    other = resolve(node.args[3], scope, *(("count",) if counted else AMOUNTS))
    mode, unit = (scope.rounding[0], 1) if counted else scope.rounding
    if len(node.args) == 6:
        mode, unit = _mode_and_unit(node.args[4], node.args[5], of.kind, scope)
    return ir.portion(of, part, whole, ir.rounded(other, mode, unit), mode, unit)


def _ratio(node: ast.Call, scope: Scope) -> ir.Expr:
    """``ratio(part, whole, otherwise, mode, unit)``: a rate, in whole units such as ``1%``."""
    _otherwise_stated(node, 3)
    _arity(node, 5)
    part, whole = _part_and_whole(node.args[0], node.args[1], scope)
    other, unit = resolve(node.args[2], scope, "rate"), resolve(node.args[4], scope, "rate")
    if not isinstance(unit, ir.Lit) or not isinstance(unit.value, Fraction) or unit.value.numerator != 1:
        message = "the unit of rounding is a rate of which a whole number make 100%"
        raise fault("E308", message, node.args[4].span, "a unit such as 1% or 0.01%")
    units = ir.portion(ir.count(unit.value.denominator), part, whole, ir.count(0), _mode(node.args[3]))
    above = ir.compare(">", whole, ir.Lit(0, whole.kind))
    return ir.choose(above, ir.scale(unit, units), other)


def _part_and_whole(part: ast.Node, whole: ast.Node, scope: Scope) -> tuple[ir.Expr, ir.Expr]:
    one, two = _resolve(part, scope), _resolve(whole, scope)
    for side, expr in ((part, one), (whole, two)):
        _numeric(expr, side.span)
    return _agree(one, two, part.span, whole.span)


def _otherwise_stated(node: ast.Call, wanted: int) -> None:
    """A division says what holds where there is nothing to divide by."""
    if len(node.args) < wanted:
        values = "part, whole, otherwise" if wanted == 3 else "amount, part, whole, otherwise"
        message = f"`{node.function}` does not say what holds where the whole is nothing"
        raise fault("E381", message, node.span, f"`{node.function}({values}{', mode, unit' * (wanted == 3)})`")


def _arity(node: ast.Call, wanted: int) -> None:
    if len(node.args) != wanted:
        raise fault("E320", f"`{node.function}` takes {wanted} value(s), not {len(node.args)}", node.span)


def _extreme(node: ast.Call, scope: Scope) -> ir.Expr:
    if not node.args:
        raise fault("E320", f"`{node.function}` needs at least one value", node.span)
    first = _resolve(node.args[0], scope)
    _numeric(first, node.args[0].span)
    args = [first]
    for arg in node.args[1:]:
        one, two = _agree(args[0], _resolve(arg, scope), node.args[0].span, arg.span)
        args[0] = one
        args.append(two)
    return (ir.minimum if node.function == "min" else ir.maximum)(*args)
