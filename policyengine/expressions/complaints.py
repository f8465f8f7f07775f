"""What to say about a token that stands where the grammar has no place for it."""

from __future__ import annotations

from collections.abc import Sequence

from policyengine.errors import RuleError
from policyengine.expressions.lexer import WORDS, Token
from policyengine.expressions.numbers import UNIT_OF
from policyengine.expressions.places import Place, fault, shown

_MEANT = {
    "并且": "and", "而且": "and", "以及": "and", "并": "and", "且": "and", "或者": "or", "或": "or", "不": "not",
    "then": "a if condition else b", "when": "if", "unless": "if not", "xor": "!=", "mod": "", "div": "/",
    "等于": "==", "大于": ">", "小于": "<", "不等于": "!=", "属于": "in",
}  # fmt: skip
_CLOSERS = {")": "(", "]": "["}


def out_of_place(place: Place, tokens: Sequence[Token], index: int) -> RuleError:
    """The token follows a complete expression but cannot: E202, E205, E218 or E222."""
    token, before = tokens[index], tokens[index - 1]
    written = place.text[token.start : token.end]
    if token.text in _CLOSERS and token.kind == "op":
        message = f"`{written}` closes nothing"
        return fault("E218", message, place.at(token.start, token.end), hint=f"no `{_CLOSERS[written]}` is open here")
    construct = _construct(token, before)
    if construct:
        return fault("E222", construct, place.at(token.start, token.end), "an operator, or the end")
    if before.kind == "number" and token.kind == "name" and written in UNIT_OF:
        hint = f"write `{place.text[before.start : before.end]}{written}`"
        return fault("E205", "a space stands before the unit", place.at(before.end, token.end), hint=hint)
    message = f"{shown(written)} cannot follow {shown(place.text[before.start : before.end])}"
    hint = _hint(place, token, before)
    return fault("E202", message, place.at(token.start, token.end), "an operator such as + or and, or the end", hint)


def _construct(token: Token, before: Token) -> str:
    """A construct of programming languages that this token begins, or an empty text."""
    if token.kind == "op" and token.text == "[":
        return "there is no indexing; a list stands only after `in`"
    if token.kind == "op" and token.text == "(":
        return "only a name can be called"
    if token.kind == "text" and before.kind == "name" and before.end == token.start:
        return "a quoted text has no prefix"
    return ""


def _hint(place: Place, token: Token, before: Token) -> str:
    written = place.text[token.start : token.end]
    if token.kind == "op":
        return {
            ",": "a comma stands between the values of a call `f(a, b)` or of a list `in [a, b]`",
            "..": "an interval stands after `in`: `age in 18..60`",
            "else": "write `a if condition else b`",
            "where": "only `sum(x where condition)` has a condition of its own",
            "not": "`not` stands before a condition, or before `in`",
        }.get(token.text, "")
    for word in (written, place.text[before.start : before.end]):
        meant = _MEANT.get(word) or (WORDS.get(word.lower()) if word not in WORDS else "")
        if meant:
            return f"write `{meant}`"
    return ""


def missing(place: Place, tokens: Sequence[Token], index: int, what: str, opening: Token | None = None) -> RuleError:
    """``what`` should stand at the token but does not: E202."""
    token = tokens[index]
    if token.kind == "end":
        before = opening or tokens[index - 1]
        written = place.text[before.start : before.end]
        return fault("E202", f"something is missing after {shown(written)}", place.at(before.start, before.end), what)
    written = place.text[token.start : token.end]
    return fault("E202", f"{shown(written)} cannot stand here", place.at(token.start, token.end), what, _instead(token))


def _instead(token: Token) -> str:
    """A hint for a token that stands where a value should."""
    if token.kind != "op":
        return ""
    return {
        "+": "a number is written without a plus sign",
        "[": "a list stands only after `in`",
        "not": "put `not …` in brackets here",
        "..": "an interval stands after `in`: `age in 18..60`",
        "if": "write `a if condition else b`",
        "*": "there is one value on each side of an operator",
    }.get(token.text, "")


def not_closed(place: Place, tokens: Sequence[Token], index: int, opening: Token) -> RuleError:
    """The token is not the closing bracket that ``opening`` needs: E218, or what else is wrong with the token."""
    token = tokens[index]
    closing = {"(": ")", "[": "]"}[opening.text]
    if token.kind == "end":
        return fault("E218", f"`{opening.text}` is not closed", place.at(opening.start, opening.end), f"a `{closing}`")
    if token.kind == "op" and token.text in _CLOSERS:
        return fault(
            "E218", f"`{token.text}` closes a `{opening.text}`", place.at(token.start, token.end), f"`{closing}`"
        )
    return out_of_place(place, tokens, index)
