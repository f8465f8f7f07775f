"""An independent checker of printed formulas: parses the text and computes it again with fractions.

It imports nothing from the library on purpose; its grammar is the one in the docstring of the printer. Amounts are in
minor units: a number with a decimal point is an amount, one with ``%`` a rate, any other a plain number.
"""

import operator
import re
from fractions import Fraction

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?%?)|"(?P<word>(?:\\.|[^"\\])*)"|`(?P<quoted>[^`]*)`
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)|(?P<sign>==|!=|<=|>=|[-+*/<>=(),\[\]]))""",
    re.VERBOSE,
)
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "==": operator.eq,
             "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}  # fmt: skip


class Wrong(Exception):
    """The text does not follow the grammar, or a table has no row."""


class Parser:
    """Each method returns a function from an environment to a value."""

    def __init__(self, text, exponent):
        self.exponent, self.tokens, at = exponent, [], 0
        while at < len(text):
            if not (match := TOKEN.match(text, at)):
                raise Wrong(f"cannot read {text[at:]!r}")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()

    def take(self, *texts):
        if self.tokens and self.tokens[0][0] in ("sign", "name") and self.tokens[0][1] in texts:
            return self.tokens.pop(0)[1]
        return None

    def expect(self, text):
        if not self.take(text):
            raise Wrong(f"expected {text}")

    def choice(self):
        if not self.take("if"):
            return self.joined("or", any, lambda: self.joined("and", all, self.negation))
        cond, _, then = self.choice(), self.expect("then"), self.choice()
        _, other = self.expect("else"), self.choice()
        return lambda env: then(env) if cond(env) else other(env)

    def joined(self, word, how, part):
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else lambda env: how(p(env) for p in parts)

    def negation(self):
        if self.take("not"):
            inner = self.negation()
            return lambda env: not inner(env)
        return self.operations(("==", "!=", "<", "<=", ">", ">="), "+-", "*/")

    def operations(self, signs, *tighter):
        def part():
            return self.operations(*tighter) if tighter else self.atom()

        value = part()
        while sign := self.take(*signs):
            value = applied(OPERATORS[sign], value, part())
        return value

    def atom(self):
        if self.take("("):
            value, _ = self.choice(), self.expect(")")
            return value
        if self.take("-"):
            positive = self.atom()
            return lambda env: -positive(env)
        kind, text = (self.tokens or [("end", "")]).pop(0)
        if kind == "number":
            scale = Fraction(1, 100) if text.endswith("%") else 10**self.exponent if "." in text else 1
            return lambda env: Fraction(text.rstrip("%")) * scale
        if kind == "word":
            return lambda env: re.sub(r"\\(.)", r"\1", text)
        if kind not in ("name", "quoted"):
            raise Wrong(f"unexpected {text!r}")
        if self.take("["):
            return self.cell(*text.rsplit(".", 1))
        if kind == "name" and self.take("("):
            return self.call(text)
        return lambda env: text == "true" if text in ("true", "false") else env["names"].get(text, text)

    def call(self, function):
        if function == "used":
            meter = self.tokens.pop(0)[1]
            self.expect(")")
            return lambda env: env["used"][meter]
        parts = [self.choice()]
        while self.take(","):
            parts.append(self.choice())
        self.expect(")")
        if function == "portion":
            of, part, whole, other, mode, unit = parts
            return lambda env: (
                rounded(of(env) * part(env) / whole(env), mode(env), unit(env)) if whole(env) > 0 else other(env)
            )
        if function == "sum":
            return lambda env: sum(parts[0]({**env, "names": {**env["names"], **row}}) for row in env["rows"])
        how = {"min": lambda *v: min(v), "max": lambda *v: max(v), "round": rounded}[function]
        return lambda env: how(*[part(env) for part in parts])

    def cell(self, table, column):
        keys = []
        while not self.take("]"):
            if self.tokens[1:2] == [("sign", "=")]:
                del self.tokens[:2]
            keys.append(self.choice())
            self.take(",")
        return lambda env: look_up(env["tables"][table], column, [key(env) for key in keys])


def applied(how, left, right):
    return lambda env: how(left(env), right(env))


def look_up(table, column, keys):
    """Tables are ``(patterns by row, {column: cells})``; a pattern is None, a set or an interval ``(from, to)``."""
    for index, row in enumerate(table[0]):
        if all(covers(pattern, key) for pattern, key in zip(row, keys, strict=True)):
            return table[1][column][index]
    raise Wrong(f"no row for {keys}")


def covers(pattern, key):
    if isinstance(pattern, tuple):
        return (pattern[0] is None or pattern[0] <= key) and (pattern[1] is None or key < pattern[1])
    return pattern is None or key in pattern


def rounded(value, mode, unit):
    steps = abs(Fraction(value)) / unit
    whole, rest = divmod(steps, 1)
    tie, above = rest == Fraction(1, 2), rest > Fraction(1, 2)
    more = {"up": rest > 0, "down": False, "half_up": above or tie, "half_down": above,
            "half_even": above or (tie and whole % 2 == 1)}[mode]  # fmt: skip
    return (whole + more) * unit * (-1 if value < 0 else 1)


def recompute(text, names, tables=None, rows=(), used=None, exponent=2):
    """The value of a formula: ``names`` gives inputs and steps, ``rows`` those of each fee line, ``used`` meters."""
    parser = Parser(text, exponent)
    value = parser.choice()
    if parser.tokens:
        raise Wrong(f"left over: {parser.tokens}")
    return value({"names": names, "tables": tables or {}, "rows": rows, "used": used or {}})
