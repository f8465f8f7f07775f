"""From text to tokens. Whatever is not a name, a number, a quoted text or one of few signs is refused here."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import Final, NamedTuple

from policyengine.errors import RuleError
from policyengine.expressions.places import Place, fault, shown
from policyengine.expressions.strangers import stranger

MAX_BYTES: Final = 64 * 1024
"""Size of an expression's text in UTF-8."""

LETTERS: Final = (
    "A-Za-z\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
)
"""Latin, Chinese, kana and hangul: the letters of names, as a character class."""

_COMPOSED = re.compile(f"[{LETTERS}][{LETTERS}0-9_]*(?:\\.[{LETTERS}][{LETTERS}0-9_]*)*")
_LOOSE = f"{LETTERS}\u3099\u309a\u1100-\u11ff"
"""With the marks and jamo that normal form C joins to one letter."""

_TOKEN = re.compile(
    rf"""[ \t\r\n]*(?:
    (?P<name>[{LETTERS}][{_LOOSE}0-9_]*(?:\.[{LETTERS}][{_LOOSE}0-9_]*)* | [\u1100-\u11ff][{_LOOSE}0-9_.]*)
  | (?P<number>[0-9](?:[\w%$€£฿₫]|\.(?!\.))*)
  | (?P<text>"[^"]*"|'[^']*')
  | (?P<foreign>\*\*=?|//=?|&&?|\|\|?|<<|>>|<>|<=>|===|!==|=>|=<|->|:=|[-+*/]=(?!=)|=(?!=)|!(?!=)|\+\+)
  | (?P<op>\.\.|[<>=!]=|[-+*/<>()\[\],])
  | (?P<end>\Z)
  | (?P<stranger>.)
    )""",
    re.VERBOSE | re.DOTALL,
)

WORDS: Final[dict[str, str]] = {
    **{word: word for word in ("if", "else", "or", "and", "not", "in", "between", "of", "where")},
    "且": "and", "或": "or", "非": "not",
}  # fmt: skip
"""Words that are operators, and the operator each stands for."""

RESERVED: Final = frozenset({
    "lambda", "for", "while", "import", "is", "def", "return", "yield", "await", "async", "eval", "exec", "None",
    "null", "elif", "del", "raise", "try", "except", "global", "nonlocal", "assert",
})  # fmt: skip
"""Words of programming languages that cannot be names, so that code pasted by mistake is told apart."""

_FOREIGN: Final[dict[str, str]] = {
    "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "=": "==", "===": "==", "!==": "!=", "<>": "!=",
    "=>": ">=", "=<": "<=", ":=": "==",
}  # fmt: skip
_THOUSANDS = re.compile(r"(?:,[0-9]{3})+(?![0-9])", re.ASCII)


class Token(NamedTuple):
    """``kind``: name, number, text, op or end. ``text`` of an op is the operator meant (``且`` is ``and``)."""

    kind: str
    text: str
    start: int
    end: int


def tokens_of(place: Place) -> list[Token]:
    """The tokens of a text, closed by one of kind ``end``. Raises E201, E204, E205, E217, E219–E222."""
    text = place.text
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise fault("E221", "the expression is too long", place.at(0, 1), f"at most {MAX_BYTES // 1024} KiB of text")
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup
        assert kind is not None
        start, end = found.span(kind)
        match kind:
            case "name":
                tokens.append(_word(place, found.group(kind), start, end))
            case "op" | "number":
                tokens.append(Token(kind, found.group(kind), start, end))
            case "text":
                tokens.append(_quoted(place, start, end))
            case "foreign":
                raise _foreign(place, start, end)
            case "stranger":
                raise stranger(place, start)
            case "end":
                break
    if "," in text:
        _refuse_thousands(place, tokens)
    tokens.append(Token("end", "", len(text), len(text)))
    return tokens


def _word(place: Place, raw: str, start: int, end: int) -> Token:
    """A name or an operator word."""
    if operator := WORDS.get(raw):
        return Token("op", operator, start, end)
    if raw in RESERVED:
        hint = {"is": "write `==`", "elif": "write `else … if …`"}.get(raw, "")
        raise fault(
            "E222", f"{shown(raw)} is not part of this language", place.at(start, end), "a name or a value", hint
        )
    name = raw if raw.isascii() else unicodedata.normalize("NFC", raw)
    if "__" in name:
        raise fault("E219", "a name has no doubled underscore", place.at(start, end))
    if not name.isascii() and not _COMPOSED.fullmatch(name):
        raise fault("E219", f"{shown(name)} has a mark or part of a letter that stands alone", place.at(start, end))
    return Token("name", name, start, end)


def _quoted(place: Place, start: int, end: int) -> Token:
    value = place.text[start + 1 : end - 1]
    for offset, character in enumerate(value, start + 1):
        if character == "\\":
            raise fault("E220", "a quoted text has no escapes", place.at(offset, offset + 1), "a text without `\\`")
        if not character.isprintable():
            what = f"the character U+{ord(character):04X}"
            raise fault(
                "E220", f"{what} cannot stand in a quoted text", place.at(offset, offset + 1), "visible characters"
            )
    return Token("text", unicodedata.normalize("NFC", value), start, end)


def _foreign(place: Place, start: int, end: int) -> RuleError:
    written = place.text[start:end]
    meant = _FOREIGN.get(written)
    hint = f"write `{meant}`" if meant else ""
    return fault(
        "E217", f"there is no operator `{written}`", place.at(start, end), "+ - * / of and or not == != < <= > >=", hint
    )


def _refuse_thousands(place: Place, tokens: list[Token]) -> None:
    """Refuse ``1,000``: nobody can tell one number from two."""
    for number, comma in pairwise(tokens):
        if number.kind != "number" or number.end != comma.start:
            continue
        if found := _THOUSANDS.match(place.text, comma.start):
            written = place.text[number.start : found.end()]
            hint = f"write `{written.replace(',', '')}` for one number"
            if ",0" not in written:
                hint += f", `{written.replace(',', ', ')}` for several"
            message = f"{shown(written)} could be one number or several"
            raise fault("E204", message, place.at(number.start, found.end()), hint=hint)
