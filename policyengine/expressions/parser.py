"""A Pratt parser for the expressions of rule files.

Grammar, loosest first; words and signs of one line have one level and group from the left::

    expression = either [ "if" either "else" expression ]
    either     = both { ("or" | "或") both }
    both       = negation { ("and" | "且") negation }
    negation   = ("not" | "非") negation | comparison
    comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum
                     | ["not"] "in" "[" expression { "," expression } "]"
                     | ["not"] "in" interval
                     | ["not"] "between" sum "and" sum ]
    interval   = sum ".." [ sum ] | ".." sum
    sum        = product { ("+" | "-") product }
    product    = sign { ("*" | "/" | "of") sign }
    sign       = "-" sign | atom
    atom       = NUMBER | TEXT | NAME | "(" expression ")" | call
    call       = NAME "(" [ expression { "," expression } ] ")" | "sum" "(" expression "where" expression ")"

The parser accepts any function name; what names mean and which kinds of value go together is settled above.
"""

from __future__ import annotations

from policyengine.errors import RuleError, Span
from policyengine.expressions.ast import (
    COMPARISON,
    IF,
    LEVELS,
    MAX_DEPTH,
    MAX_NODES,
    NOT,
    OR,
    SIGN,
    SUM,
    Between,
    Binary,
    Call,
    IfElse,
    In,
    Name,
    Node,
    SumWhere,
    Text,
    Unary,
    children,
)
from policyengine.expressions.complaints import missing, not_closed, out_of_place
from policyengine.expressions.lexer import Token, tokens_of
from policyengine.expressions.numbers import read_number
from policyengine.expressions.places import Place, fault, place_of

_CLOSING = {"(": ")", "[": "]"}


def parse_expression(text: str, span: Span) -> Node:
    """The tree of ``text``, which is the content of the scalar at ``span``. Raises ``RuleError`` (codes E2xx)."""
    place = place_of(text, span)
    tokens = tokens_of(place)
    if len(tokens) == 1:
        raise fault("E202", "the expression is empty", place.all, "a value, a name or a condition")
    parser = _Parser(place, tokens)
    node = parser.expression(IF)
    if parser.token.kind != "end":
        raise out_of_place(place, tokens, parser.index)
    if len(tokens) > MAX_DEPTH:  # every node has a token of its own, so short texts are within both limits
        _check_size(node, place)
    return node


def _check_size(node: Node, place: Place) -> None:
    waiting, count = [(node, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise _too_deep(node.span)
        if count > MAX_NODES:
            message, hint = (
                f"the expression has more than {MAX_NODES} parts",
                "use a table, or name parts with `define`",
            )
            raise fault(
                "E221", message, place.at(0, len(place.text)), f"at most {MAX_NODES} names, values and operators", hint
            )
        waiting.extend((child, depth + 1) for child in children(node))


def _too_deep(span: Span) -> RuleError:
    message = f"more than {MAX_DEPTH} levels inside one another"
    hint = "use `in [...]`, a table, or name parts with `define`"
    return fault("E221", message, span, f"at most {MAX_DEPTH} levels", hint)


class _Parser:
    """A place in the tokens. ``level`` counts expressions being read inside one another, ``opened`` open brackets."""

    __slots__ = ("index", "level", "opened", "place", "token", "tokens")

    def __init__(self, place: Place, tokens: list[Token]) -> None:
        self.place, self.tokens = place, tokens
        self.index, self.level = 0, 0
        self.token = tokens[0]
        self.opened: list[Token] = []

    def advance(self) -> Token:
        """The current token; the one after it becomes current."""
        taken = self.token
        self.index += 1
        self.token = self.tokens[self.index]
        return taken

    def at(self, *ops: str) -> bool:
        return self.token.kind == "op" and self.token.text in ops

    def span(self, start: int) -> Span:
        """From ``start`` to the end of the token read last."""
        return self.place.at(start, self.tokens[self.index - 1].end)

    def expression(self, floor: int) -> Node:
        """What binds at least as tightly as ``floor``."""
        self.level += 1
        if self.level > 2 * MAX_DEPTH:  # a level of the tree takes two at most: its operator and its bracket
            raise _too_deep(self.place.at(self.token.start, self.token.end))
        start = self.token.start
        ceiling = NOT if self.at("not") else SIGN
        node = self.operand(floor)
        while self.token.kind == "op" and floor <= (level := LEVELS.get(self.token.text, 0)) <= ceiling:
            if level == ceiling == COMPARISON:
                raise self.chained()
            ceiling = level
            node = self.infix(node, start, level)
        self.level -= 1
        return node

    def infix(self, left: Node, start: int, level: int) -> Node:
        """The node of the operator that stands here, with its right side."""
        if self.at("if"):
            return self.if_else(left, start)
        if self.at("in", "not", "between"):
            return self.membership(left, start)
        op = self.advance().text
        right = self.expression(level + 1)
        return Binary(op, left, right, self.span(start))

    def if_else(self, then: Node, start: int) -> Node:
        opening = self.advance()
        cond = self.expression(OR)
        if not self.at("else"):
            raise missing(self.place, self.tokens, self.index, "`else`", opening)
        self.advance()
        other = self.expression(IF)
        return IfElse(then, cond, other, self.span(start))

    def membership(self, arg: Node, start: int) -> Node:
        negated = self.at("not")
        if negated:
            self.advance()
        if self.at("between"):
            self.advance()
            node = self.between(arg, start)
        elif not self.at("in"):
            raise missing(self.place, self.tokens, self.index, "`in` or `between` after `not`")
        else:
            self.advance()
            if self.at("["):
                return In(arg, self.options(), negated, self.span(start))
            node = self.interval(arg, start)
        return Unary("not", node, self.span(start)) if negated else node

    def between(self, arg: Node, start: int) -> Node:
        low = self.expression(SUM)
        if not self.at("and"):
            raise missing(self.place, self.tokens, self.index, "`and` with the upper end")
        self.advance()
        high = self.expression(SUM)
        return Between(arg, low, high, True, self.span(start))

    def interval(self, arg: Node, start: int) -> Node:
        """What stands after ``in`` without a bracket: ``18..60``, ``18..`` or ``..60``."""
        first = self.token
        low = None if self.at("..") else self.expression(SUM)
        if not self.at(".."):
            hint = "a list stands in square brackets: `in [a, b]`; one value is compared with `==`"
            end = self.tokens[self.index - 1].end
            expected = "a list such as [甲, 乙] or an interval such as 18..60"
            raise fault("E202", "`in` needs a list or an interval", self.place.at(first.start, end), expected, hint)
        self.advance()
        absent = self.token.kind == "end" or self.at("and", "or", "if", "else", "where", ",", ")", "]")
        high = None if absent and low is not None else self.expression(SUM)
        return Between(arg, low, high, False, self.span(start))

    def operand(self, floor: int) -> Node:
        match self.token:
            case Token(kind="number"):
                token = self.advance()
                return read_number(self.place, token.start, token.end)
            case Token(kind="name"):
                return self.name()
            case Token(kind="text"):
                token = self.advance()
                return Text(token.text, self.span(token.start))
            case Token(kind="op", text="-"):
                token = self.advance()
                return Unary("-", self.expression(SIGN), self.span(token.start))
            case Token(kind="op", text="not") if floor <= NOT:
                token = self.advance()
                return Unary("not", self.expression(NOT), self.span(token.start))
            case Token(kind="op", text="("):
                self.open()
                node = self.expression(IF)
                self.close()
                return node
        raise missing(self.place, self.tokens, self.index, "a value or a name")

    def name(self) -> Node:
        token = self.advance()
        if not self.at("("):
            return Name(token.text, self.span(token.start))
        if "." in token.text:
            raise fault(
                "E222",
                "only a plain name can be called",
                self.place.at(token.start, token.end),
                "a function such as min or a formula",
            )
        return self.call(token)

    def call(self, name: Token) -> Node:
        """The values of a call; after the only value of ``sum`` a condition may stand."""
        self.open()
        args = () if self.at(")") else self.items()
        where = None
        if name.text == "sum" and len(args) == 1 and self.at("where"):
            self.advance()
            where = self.expression(IF)
        self.close()
        span = self.span(name.start)
        return Call(name.text, args, span) if where is None else SumWhere(args[0], where, span)

    def options(self) -> tuple[Node, ...]:
        self.open()
        options = self.items()
        self.close()
        return options

    def items(self) -> tuple[Node, ...]:
        """One or more expressions with commas between them."""
        found = [self.expression(IF)]
        while self.at(","):
            self.advance()
            found.append(self.expression(IF))
        return tuple(found)

    def open(self) -> None:
        self.opened.append(self.advance())
        if len(self.opened) > MAX_DEPTH:
            raise _too_deep(self.place.at(self.opened[-1].start, self.opened[-1].end))

    def close(self) -> None:
        opening = self.opened[-1]
        if not self.at(_CLOSING[opening.text]):
            raise not_closed(self.place, self.tokens, self.index, opening)
        self.opened.pop()
        self.advance()

    def chained(self) -> RuleError:
        message, hint = "comparisons do not chain", "write `x between a and b`, or `a < x and x < b`"
        return fault("E216", message, self.place.at(self.token.start, self.token.end), hint=hint)
