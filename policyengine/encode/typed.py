"""The value of a declared fact or parameter, read as the kind that the rule file gives it."""

from __future__ import annotations

from fractions import Fraction

from policyengine import ir
from policyengine.claim import Claim, path_text, quoted, rate_of
from policyengine.claim.problems import Path, kind_of
from policyengine.errors import ClaimError, Diagnostic, nearest, slip
from policyengine.money import NotMoney, grouped, minor_from, rate_text


class Mistyped(ValueError):
    """A value does not fit its declaration; ``code`` is E531 (another kind) or E535 (out of bounds)."""

    def __init__(self, code: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code, self.text, self.hint = code, text, hint


def typed(decl: ir.InputDecl, value: object, exponent: int) -> ir.Value:
    """``value`` as the kind of ``decl``, within its bounds. Raises ``Mistyped``."""
    found = _typed(decl, value, exponent)
    if not within(decl, found):
        raise Mistyped("E535", f"{shown(decl, found, exponent)} is out of bounds")
    return found


def _typed(decl: ir.InputDecl, value: object, exponent: int) -> ir.Value:
    try:
        match decl.kind:
            case "flag" if isinstance(value, bool):
                return value
            case "code" if isinstance(value, str):
                return code_of(decl, value)
            case "count" if isinstance(value, int) and not isinstance(value, bool):
                return value
            case "money":
                return minor_from(value, exponent)
            case "rate":
                return value if isinstance(value, Fraction) else rate_of(value)
    except NotMoney as error:
        raise Mistyped("E531", str(error)) from None
    raise Mistyped("E531", f"the value is {kind_of(value)}")


def code_of(decl: ir.InputDecl, word: str) -> str:
    """A word of the code in either language; other words of an open code are read as ``other``. Raises ``Mistyped``."""
    if word in decl.values:
        return word
    if (meant := dict(decl.aliases).get(word)) is not None:
        return meant
    if decl.open:
        known = (*decl.values, *(alias for alias, _ in decl.aliases))
        if not decl.opaque and (near := slip(word, known)):
            text = f"`{quoted(word)}` is almost `{near}`, a word of {decl.name}, and not it"
            raise Mistyped("E531", text, f"write `{near}`, or `other` if another one is meant")
        return "other"
    raise Mistyped("E531", f"`{quoted(word)}` is not a value of {decl.name}", nearest(word, decl.values))


class Unstated(ClaimError):
    """Facts that the claim does not state, or a parameter that is not given, and nothing else.

    ``cells``: a value for each fee line, ``None`` for those on which it is missing; empty for a fact of the claim.
    """

    cells: tuple[ir.Value | None, ...] = ()


def within(decl: ir.InputDecl, value: ir.Value) -> bool:
    """Whether a number lies within the bounds of ``decl``; other kinds have none."""
    if isinstance(value, str | bool):
        return True
    return (decl.low is None or decl.low <= value) and (decl.high is None or value <= decl.high)


def shown(decl: ir.InputDecl, value: ir.Value, exponent: int) -> str:
    """A value as messages show it."""
    match decl.kind:
        case "money" if isinstance(value, int):
            return grouped(value, exponent)
        case "rate" if isinstance(value, int | Fraction):
            return rate_text(Fraction(value))
        case _:
            return quoted(value)


_NOUNS = {
    "money": "a decimal text such as 1300.50",
    "count": "a whole number",
    "rate": "a rate such as 0.1 or 10%",
    "flag": "true or false",
}


def expected_of(decl: ir.InputDecl, exponent: int) -> str:
    """What ``decl`` takes, in words."""
    if decl.kind == "code":
        return "one of " + ", ".join(decl.values) + (", or another word" if decl.open else "")
    text = _NOUNS[decl.kind]
    if decl.low is not None:
        text += f", at least {shown(decl, decl.low, exponent)}"
    if decl.high is not None:
        text += f", at most {shown(decl, decl.high, exponent)}"
    return text


def claim_error(
    claim: Claim,
    code: str,
    path: Path,
    text: str,
    expected: str = "",
    hint: str = "",
    decl: ir.InputDecl | None = None,
    member: str = "",
) -> ClaimError:
    """One problem of ``claim``. ``decl`` adds where the rule file declares the fact; ``member``: which of a set."""
    related = (("declared here", decl.span),) if decl is not None and decl.span is not None else ()
    message = f"{path_text(path)}: {text}" if path else text
    record = f"claim {quoted(claim.id)}"
    field = path_text((*path, member) if member else path)
    return ClaimError(Diagnostic(code, message, None, expected, hint, related=related, record=record, field=field))
