"""One text of a rule file: where its content stands, and what YAML reads otherwise than it looks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policyengine.errors import Diagnostic, Span
from policyengine.source.fault import shown, underlined
from policyengine.source.nodes import ScalarNode, Style
from policyengine.source.page import Mark, Page, refused_character, refused_escape
from policyengine.source.syntax import block_header, question_mark

_ESCAPE = re.compile(r"\\(?:x(\w{2})|u(\w{4})|U(\w{8})|(.))")
_NAMED_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b"}
_NAMED_ESCAPES |= {"N": "\x85", "L": "\u2028", "P": "\u2029"}
_HEADER_CUT = re.compile(r"[|>][-+0-9]*#")


def style_of(mark: str | None) -> Style:
    """PyYAML's style (``'``, ``"``, ``|``, ``>``, or none for plain) in our words."""
    if mark in ("'", '"'):
        return "quoted"
    return "block" if mark in ("|", ">") else "plain"


def scalar_span(page: Page, style: Style, start: Mark, end: Mark) -> Span:
    """The content in the first line that has any; the quotes themselves if nothing stands between them."""
    if style == "block":
        return _first_line(page, start)
    inner = 1 if style == "quoted" else 0
    one_line = end.line == start.line
    stop = end.column if one_line else len(page.lines[start.line].rstrip(" "))
    length = stop - start.column - inner - (inner if one_line else 0)
    if length <= 0:
        return page.span(start.line, start.column, stop - start.column)
    return page.span(start.line, start.column + inner, length)


def _first_line(page: Page, start: Mark) -> Span:
    """The first line of a block text; the ``|`` if it has none."""
    for number in range(start.line + 1, len(page.lines)):
        line = page.lines[number]
        if line.strip(" "):
            return page.rest(number, len(line) - len(line.lstrip(" ")))
    return page.rest(start.line, start.column)


def faults_of_quoted(page: Page, node: ScalarNode, start: Mark, end: Mark) -> Iterator[Diagnostic]:
    """Characters that no text may hold, hidden behind an escape (E105, E106)."""
    bad = refused_escape(node.text)
    if bad is None:
        return
    yield refused_character(bad.lastgroup or "", bad.group(), _escape_span(page, bad.group(), start, end))


def _escape_span(page: Page, character: str, start: Mark, end: Mark) -> Span:
    for found in _ESCAPE.finditer(page.text, start.index, end.index):
        code = found[1] or found[2] or found[3]
        if character == (chr(int(code, 16)) if code else _NAMED_ESCAPES.get(found[4])):
            return page.part(found.start(), len(found.group()))
    raise AssertionError("the character does not stand in the page itself, so an escape means it")


def faults_of_plain(page: Page, node: ScalarNode, start: Mark, end: Mark, *, inside: bool) -> Iterator[Diagnostic]:
    """What a text without quotes may not do: have odd spaces at its edges (E108), go on with a dash (E161), or
    hold a question mark ``inside`` brackets (E156: PyYAML refuses it, libyaml does not)."""
    for index, character in ((start.index, node.text[:1]), (end.index - 1, node.text[-1:])):
        if character.isspace():
            yield _odd_space(character, page.part(index, 1))
            break
    if inside and "?" in node.text:
        yield question_mark(page.part(page.text.index("?", start.index), 1))
    for number in range(start.line + 1, start.line + 1 if inside else end.line + 1):
        line = page.lines[number]
        if re.match(r" *-( |$)", line):
            yield _dash_inside(page.span(number, line.index("-")), start.line + 1)


def _odd_space(character: str, span: Span) -> Diagnostic:
    message = f"the space U+{ord(character):04X} at the edge of a text is not the ordinary space"
    hint = "replace it by ordinary spaces, or delete it; put the text in quotes if it belongs to it"
    return Diagnostic("E108", message, span, hint=hint)


def _dash_inside(span: Span, line: int) -> Diagnostic:
    message = f"this `-` begins no list item: its line goes on with the text of line {line}"
    hint = "indent list items alike; a text that goes on with `- ` needs quotes"
    return Diagnostic("E161", message, span, hint=hint)


def faults_of_block(page: Page, start: Mark) -> Iterator[Diagnostic]:
    """A comment that touches the ``|`` (E158: PyYAML refuses it, libyaml does not)."""
    if _HEADER_CUT.match(page.text, start.index):
        yield block_header(page.rest(start.line, start.column))


def cut(node: object) -> bool:
    """Whether a text lacks a closing parenthesis, as ``min(a`` does: what a comma leaves of ``min(a, b)``."""
    return isinstance(node, ScalarNode) and node.style == "plain" and node.text.count("(") > node.text.count(")")


def no_value_in_braces(key: ScalarNode, before: object) -> Diagnostic:
    """E134: an entry of ``{…}`` that is a key alone; ``before`` is the value before it."""
    text = shown(key.text)
    hint = "a comma begins a new entry: put a text with commas in quotes, or write one entry in a line, without braces"
    if isinstance(before, ScalarNode) and cut(before):
        message = f"a comma inside braces cuts the text in two: `{text}` stands alone, without a value"
        related = (("the text begins here", before.span),)
        return Diagnostic("E134", message, key.span, hint=hint, related=related)
    if re.search(r":\S", underlined(key.span)) and key.style == "plain":
        hint = "write a space after the colon"
    return Diagnostic("E134", f"`{text}` has no value inside the braces", key.span, "`key: value`", hint)
