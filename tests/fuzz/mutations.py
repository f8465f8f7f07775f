"""Texts damaged as people and programs damage them: by the line, by the word, by the bracket, by the byte.

Every mutation takes the text and a source of chance and gives another text. None knows what the text means; the words
that it puts in come from ``words``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final

TOKEN = re.compile(r"[^\W\d]\w*|\d[\d.]*|\s+|==|!=|<=|>=|\.\.|.", re.DOTALL)
NUMBER = re.compile(r"\d[\d.,]*")
KEY = re.compile(r"^( *(?:- +)?)([^\s:#{\[]+):(?= |$)", re.MULTILINE)

HUGE: Final = (
    "9" * 13, "9" * 14, "9" * 40, "9" * 5000, "1e999999999", "1E-400", "-1", "-0", "0", "0.00001", "00", "1_000",
    "１２",
    "9999999999.999", "NaN", "Infinity", "1/0", "0x10", "1e3", "2147483648", "9223372036854775808", "0" * 300,
    "0." + "3" * 60,
)  # fmt: skip
CHARACTERS: Final = (
    *" :,-[]{}'\"#|>?!&*%@`\n\\=<~\t\r\0é中：，（）“”；\u3000\u202e\u200b\ufeff\x85\u2028\x7f\x1b", "\U0001f600",
)  # fmt: skip
YAML: Final = (
    "<<: *a", "&a ", "*a", "!!python/object/apply:os.system ", "!t ", "%YAML 1.1\n", "---\n", "...\n", "? ", "|\n",
    ">-\n", "{}", "[]", "{a: b}", "[a, b]", "''", '""', "~", "null", "yes", "- ", ": ", "\\x41", "\\ud800",
    "\\U00110000", "  ",
)  # fmt: skip
JSON: Final = (
    "null", "true", "{}", "[]", '""', "[[", "{{", "]", "}", ",", ":", '"\\ud800"', '"\\u0000"', "1e400", "NaN",
    "-Infinity", "-0", "01", ".5", "1.", "+1", "/*", "//", "'a'", '{"a":1,"a":2}', "[1]", '"2017-02-30"', '"９"',
    '"a\tb"', '"\\x"',
)  # fmt: skip

Mutation = Callable[[str, Random, Sequence[str]], str]


def _span(text: str, chance: Random, longest: int = 40) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + chance.choice((0, 1, 1, 2, 7, longest)))


def cut_out(text: str, chance: Random, _: Sequence[str]) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def cut_off(text: str, chance: Random, _: Sequence[str]) -> str:
    return text[: chance.randrange(len(text) + 1)]


def copy_part(text: str, chance: Random, _: Sequence[str]) -> str:
    start, end = _span(text, chance, 200)
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[start:end] + text[at:]


def put_character(text: str, chance: Random, _: Sequence[str]) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(CHARACTERS) * chance.choice((1, 1, 1, 2, 3)) + text[at:]


def put_syntax(text: str, chance: Random, words: Sequence[str]) -> str:
    start, end = _span(text, chance, 4)
    return text[:start] + chance.choice(JSON if text[:1] in ("{", "[") else YAML) + text[end:]


def put_word(text: str, chance: Random, words: Sequence[str]) -> str:
    """Another word in place of a word or a sign."""
    tokens = [m for m in TOKEN.finditer(text) if not m[0].isspace()]
    if not tokens:
        return text + chance.choice(words)
    old = chance.choice(tokens)
    return text[: old.start()] + chance.choice(words) + text[old.end() :]


def swap_words(text: str, chance: Random, _: Sequence[str]) -> str:
    tokens = TOKEN.findall(text)
    if len(tokens) > 1:
        one, two = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        tokens[one], tokens[two] = tokens[two], tokens[one]
    return "".join(tokens)


def drop_word(text: str, chance: Random, _: Sequence[str]) -> str:
    tokens = TOKEN.findall(text)
    if tokens:
        del tokens[chance.randrange(len(tokens))]
    return "".join(tokens)


def put_number(text: str, chance: Random, _: Sequence[str]) -> str:
    numbers = list(NUMBER.finditer(text))
    if not numbers:
        return text + chance.choice(HUGE)
    old = chance.choice(numbers)
    return text[: old.start()] + chance.choice(HUGE) + text[old.end() :]


def drop_line(text: str, chance: Random, _: Sequence[str]) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def repeat_line(text: str, chance: Random, _: Sequence[str]) -> str:
    lines = text.split("\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    return "\n".join([*lines[:to], lines[at], *lines[to:]])


def swap_lines(text: str, chance: Random, _: Sequence[str]) -> str:
    lines = text.split("\n")
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return "\n".join(lines)


def indent_line(text: str, chance: Random, _: Sequence[str]) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    lines[at] = (
        lines[at][chance.choice((1, 2)) :] if chance.random() < 0.5 else " " * chance.choice((1, 2, 4)) + lines[at]
    )
    return "\n".join(lines)


def rename_key(text: str, chance: Random, words: Sequence[str]) -> str:
    keys = list(KEY.finditer(text))
    if not keys:
        return put_word(text, chance, words)
    old = chance.choice(keys)
    new = chance.choice([*words, chance.choice(keys)[2]])
    return text[: old.start(2)] + new + text[old.end(2) :]


def retype(text: str, chance: Random, words: Sequence[str]) -> str:
    """A value of another kind: a list or mapping for a text, a text for a list, nothing at all."""
    values = list(re.finditer(r"(?<=: )[^\n,}\]]+", text))
    if not values:
        return put_syntax(text, chance, words)
    old = chance.choice(values)
    kinds = ("[@]", "{a: @}", "", "'@'", "[[@], []]", "{}", "-", "@ @")
    new = chance.choice(kinds).replace("@", old[0])
    return text[: old.start()] + new + text[old.end() :]


def nest(text: str, chance: Random, _: Sequence[str]) -> str:
    at, depth = chance.randrange(len(text) + 1), chance.choice((3, 33, 70, 3_000, 40_000))
    opening, closing = chance.choice((("[", "]"), ("{a: ", "}"), ("(", ")"), ("- ", ""), ('{"a":', "}"), ("not ", "")))
    inner = text[at : at + 10]
    return text[:at] + opening * depth + inner + closing * chance.choice((depth, 0)) + text[at + 10 :]


def repeat_much(text: str, chance: Random, _: Sequence[str]) -> str:
    """Some lines a thousand times: many keys, many rows, a long list."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    return "\n".join([*lines[:at], *lines[at : at + chance.choice((1, 2))] * chance.choice((20, 300)), *lines[at:]])


MUTATIONS: Final[Sequence[Mutation]] = (
    cut_out, cut_off, copy_part, put_character, put_character, put_syntax, put_syntax, put_word, put_word, put_word,
    put_word, swap_words, swap_words, drop_word, put_number, put_number, drop_line, repeat_line, swap_lines,
    indent_line, rename_key, rename_key, retype, retype,
)  # fmt: skip
RARE: Final[Sequence[Mutation]] = (nest, repeat_much)


def mutant(text: str, chance: Random, words: Sequence[str]) -> str:
    """A text damaged once, twice or three times."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        some = RARE if chance.random() < 0.01 else MUTATIONS
        text = chance.choice(some)(text, chance, words)
    return text


def damaged_bytes(text: str, chance: Random) -> bytes:
    """A text as bytes, now and then with a fault in the encoding."""
    if chance.random() < 0.93:
        return text.encode("utf-8", "surrogatepass")
    match chance.randrange(6):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode("gb18030", "replace")
        case 2:
            return b"\xef\xbb\xbf" + text.encode("utf-8", "replace")
        case 3:
            return text.replace("\n", chance.choice(("\r\n", "\r"))).encode("utf-8", "replace")
        case _:
            data = bytearray(text.encode("utf-8", "replace"))
            for _ in range(chance.choice((1, 1, 3))):
                data.insert(chance.randrange(len(data) + 1), chance.randrange(256))
            return bytes(data)
