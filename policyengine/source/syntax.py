"""What PyYAML found wrong, in our words: its problem, context and marks become a diagnostic.

Only the errors of PyYAML's own Python parser come here (libyaml words and places them differently).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from policyengine.errors import Diagnostic, Span, printable
from policyengine.source.fault import (
    LIMIT_KEY,
    Fault,
    colon_hint,
    directive,
    property_span,
    shown,
    underlined,
    unsupported,
)

_PROPERTIES = {"<tag>": "E121", "<anchor>": "E122", "<alias>": "E123"}
_ENDS = ("<stream end>", "<document start>", "<document end>")


def explain(fault: Fault) -> Diagnostic:
    """The diagnostic for a syntax error: E114, E121–E123 for malformed parts of these kinds, else E133, E151–E162."""
    said = f"{fault.context}: {fault.problem}"
    for part, tell in _CASES:
        if part in said:
            return tell(fault)
    return _unknown(fault)


def _unknown(fault: Fault) -> Diagnostic:
    return Diagnostic("E162", "this cannot be read as YAML", fault.here(), hint=printable(fault.problem))


# Malformed pieces


def _property(code: str) -> Callable[[Fault], Diagnostic]:
    return lambda fault: unsupported(code, property_span(fault.page, fault.start))


def _directive(fault: Fault) -> Diagnostic:
    return directive(fault.rest())


def _block_header(fault: Fault) -> Diagnostic:
    return block_header(fault.rest())


def block_header(span: Span) -> Diagnostic:
    """The diagnostic for a malformed ``|`` or ``>``, with all that follows in its line."""
    message = f"`{shown(underlined(span))}` does not begin a text of several lines"
    hint = "the text begins in the next line; a text that begins with `|` or `>` needs quotes"
    return Diagnostic("E158", message, span, "`|` or `>-` at the end of the line", hint)


def _escape(fault: Fault) -> Diagnostic:
    start = fault.before.rfind("\\")
    found = re.compile(r"\\(?:[xuU][0-9A-Fa-f]*|.)").match(fault.line, start)
    span = fault.page.span(fault.at.line, start, len(found.group()) if found else 1)
    hint = r"write `\\` for a backslash, or use single quotes"
    return Diagnostic("E157", f"`{shown(underlined(span))}` is no escape of a text in double quotes", span, hint=hint)


def _open_quote(fault: Fault) -> Diagnostic:
    span = fault.rest()
    quote = underlined(span)[:1]
    end = "file" if "end of stream" in fault.problem else "document"
    message = f"this {quote} is not closed before the end of the {end}"
    return Diagnostic("E153", message, span, hint=f"write {quote} at the end of the text")


def _cannot_begin(fault: Fault) -> Diagnostic:
    span = fault.character()
    hint = "put the whole text in quotes"
    if underlined(span) in "|>":
        hint = "inside brackets and braces no text begins with `|` or `>`: " + hint
    return Diagnostic("E156", f"a text without quotes cannot begin with `{shown(underlined(span))}`", span, hint=hint)


def _no_colon(fault: Fault) -> Diagnostic:
    return _without_colon(fault.rest())


def _without_colon(span: Span) -> Diagnostic:
    found = re.search(r":( |$)", underlined(span))
    if found and found.start() > LIMIT_KEY:
        return _long_key(replace(span, length=found.start()))
    return Diagnostic("E154", "this line has no `: `", span, "`key: value`", colon_hint(underlined(span)))


def _long_key(span: Span) -> Diagnostic:
    return Diagnostic("E154", f"the key is longer than {LIMIT_KEY:,} characters", span, "a shorter key")


def _no_key(fault: Fault) -> Diagnostic:
    return no_key(fault.character())


def no_key(span: Span) -> Diagnostic:
    """The diagnostic for an entry whose key is missing or empty."""
    return Diagnostic("E133", "no key stands before the colon", span, "`key: value`")


def _dash(fault: Fault) -> Diagnostic:
    hint = "begin it in a line of its own, or write the list as `[a, b]`; a text that begins with `- ` needs quotes"
    return Diagnostic("E161", "a list item cannot begin in the middle of a line", fault.character(), hint=hint)


# Lines that do not fit together


def _second_colon(fault: Fault) -> Diagnostic:
    """A ``: `` where none may stand: the second of a line, or of a line that reads on from the text above."""
    key = re.sub(r"^ *(- +)*", "", fault.before)
    column = fault.at.column - len(key)
    if len(key) > LIMIT_KEY:
        return _long_key(fault.page.span(fault.at.line, column, len(key)))
    if re.search(r":( |$)", key):
        hint = "put the text that contains `: ` in quotes"
        return Diagnostic("E155", "a second `: ` stands in this line", fault.character(), hint=hint)
    return _continued(fault, fault.page.span(fault.at.line, column, len(key.rstrip())))


def _continued(fault: Fault, span: Span) -> Diagnostic:
    """The key of a line that was taken for the continuation of the text above it."""
    above = next((n for n in reversed(range(fault.at.line)) if fault.page.lines[n].strip()), 0)
    message = f"`{shown(underlined(span))}` is no key here: its line goes on with the text of line {above + 1}"
    if re.search(r":( |$)|^ *- ", fault.page.lines[above]):
        return Diagnostic("E151", message, span, hint="indent both lines alike if both are keys of one mapping")
    return Diagnostic("E151", message, span, hint=f"line {above + 1}: {colon_hint(fault.page.lines[above])}")


def _misindented(fault: Fault, spaces: int) -> Diagnostic:
    message = f"`{shown(underlined(fault.here()))}` is indented by {fault.at.column}, like none of the lines above"
    expected = f"{spaces} space{'' if spaces == 1 else 's'}"
    if "collection" in fault.context:
        expected = f"`- ` behind {expected}, or fewer"
    return Diagnostic("E151", message, fault.here(), expected)


def _after_end(fault: Fault) -> Diagnostic:
    """Something follows the mapping that is the file."""
    above = fault.page.lines[: fault.at.line + 1]
    directives = [number for number, line in enumerate(above) if line.startswith("%")]
    if directives:
        return directive(fault.page.rest(directives[-1], 0))
    if any(line.startswith("...") for line in above):
        hint = "put each rule set into a file of its own"
        return Diagnostic("E113", "something stands after `...`, the end of the document", fault.here(), hint=hint)
    lines = (re.sub(r"^---( |$)", "", line) for line in above)
    first = next((line for line in lines if re.match(r" *[^ #]", line)), "")
    if first.lstrip(" ").startswith("{"):
        return Diagnostic("E159", "something stands behind the closing brace", fault.here(), "the end of the file")
    return _misindented(fault, len(first) - len(first.lstrip(" ")))


def _block(fault: Fault) -> Diagnostic:
    """A token that cannot stand in a mapping or list written line by line."""
    match fault.token:
        case "<tag>" | "<anchor>" | "<alias>" as token:
            return unsupported(_PROPERTIES[token], property_span(fault.page, fault.at))
        case "<document end>":
            return Diagnostic("E111", "the file is empty", fault.here(), "a rule set before `...`")
        case "]" | "}" as token:
            message = f"no bracket is open that `{token}` could close"
            return Diagnostic("E160", message, fault.character(), hint=f"delete it; a text with `{token}` needs quotes")
        case "," if "node" in fault.context:
            return _cannot_begin(fault)
        case ",":
            return Diagnostic("E159", "no comma ends a value here", fault.character(), hint="delete it")
        case ":":
            return _no_key(fault)
        case "-":
            hint = "indent the list below its key"
            return Diagnostic("E151", "a list item stands among the keys of a mapping", fault.character(), hint=hint)
        case "?":
            message = f"`{shown(underlined(fault.here()))}` stands where the next list item was expected"
            return Diagnostic("E151", message, fault.here(), "`- ` before it, or fewer spaces")
        case "<block mapping start>" | "<block sequence start>":
            return _misindented(fault, fault.start.column)
        case "<scalar>" | "[" | "{":
            return _behind_value(fault)
    return _unknown(fault)


def _behind_value(fault: Fault) -> Diagnostic:
    before = fault.before.rstrip(" ")
    if not before:
        return _without_colon(fault.page.rest(fault.at.line, fault.at.column))
    last = before[-1]
    span = fault.here()
    if last not in "'\"":
        hint = "put the whole value in quotes; a comment begins with ` #`"
        return Diagnostic("E159", f"`{shown(underlined(span))}` stands behind the end of the value", span, hint=hint)
    hint = "put the whole value into one pair of quotes"
    if before == fault.before:
        hint = "inside single quotes write '' for '" if last == "'" else 'inside double quotes write \\" for "'
    related: tuple[tuple[str, Span], ...] = ()
    if fault.quoted and fault.quoted[1].line == fault.at.line and fault.quoted[1].column == len(before):
        opened = fault.quoted[0]
        related = (("the quotes opened here: was their end forgotten?", fault.page.rest(opened.line, opened.column)),)
    message = f"`{shown(underlined(span))}` stands behind the closing quote"
    return Diagnostic("E159", message, span, hint=hint, related=related)


# Brackets and braces


def _flow(fault: Fault) -> Diagnostic:
    """A token that cannot stand inside brackets or braces, or their missing end."""
    opener = fault.opened[-1] if "node" in fault.context else fault.page.span(fault.start.line, fault.start.column)
    close = "]" if underlined(opener) == "[" else "}"
    token = fault.token
    if token in _ENDS:
        return _unclosed(fault, opener, close, related=False)
    if token in ("]", "}") or _stands_outside(fault, opener):
        return _unclosed(fault, opener, close, related=True)
    match token:
        case "<tag>" | "<anchor>" | "<alias>":
            return unsupported(_PROPERTIES[token], property_span(fault.page, fault.at))
        case ",":
            return Diagnostic("E159", "nothing stands before this comma", fault.character(), "a value")
        case ":" if "node" in fault.context:
            return _no_key(fault)
        case ":":
            return _colon_inside(fault)
        case "-":
            return _dash(fault)
        case "?" if underlined(fault.character()) == "?":
            return question_mark(fault.character())
    message = f"a comma is missing before `{shown(underlined(fault.here()))}`"
    hint = "or put the whole text in quotes"
    return Diagnostic("E159", message, fault.here(), f"`,` or `{close}`", hint)


def question_mark(span: Span) -> Diagnostic:
    """The diagnostic for ``?`` in a text without quotes inside brackets or braces."""
    hint = "put the whole text in quotes"
    return Diagnostic("E156", "a text with `?` inside brackets or braces needs quotes", span, hint=hint)


def _colon_inside(fault: Fault) -> Diagnostic:
    hint = "a comma is missing before the key, or a text that contains `: ` needs quotes"
    if "，" in fault.before:
        hint = "the comma is full-width (`，`): write `, `"
    return Diagnostic("E155", "a second `: ` stands in one entry", fault.character(), hint=hint)


def _stands_outside(fault: Fault, opener: Span) -> bool:
    """Whether the problem's line is indented no deeper than the line in which the bracket opens."""
    indents = [len(text) - len(text.lstrip(" ")) for text in (fault.line, opener.text)]
    return fault.at.line + 1 > opener.line and indents[0] <= indents[1]


def _unclosed(fault: Fault, opener: Span, close: str, *, related: bool) -> Diagnostic:
    bracket = underlined(opener)
    place = ((f"`,` or `{close}` was expected here", fault.here()),) if related else ()
    return Diagnostic("E152", f"this `{bracket}` is not closed", opener, hint=f"write `{close}`", related=place)


_CASES: tuple[tuple[str, Callable[[Fault], Diagnostic]], ...] = (
    ("directive", _directive),
    ("incompatible YAML document", _directive),
    ("scanning an anchor", _property("E122")),
    ("scanning an alias", _property("E123")),
    ("tag handle", lambda fault: unsupported("E121", property_span(fault.page, fault.at))),
    ("a tag", _property("E121")),
    ("a block scalar", _block_header),
    ("a double-quoted scalar", _escape),
    ("no character", _escape),
    ("a quoted scalar", _open_quote),
    ("cannot start any token", _cannot_begin),
    ("could not find expected ':'", _no_colon),
    ("sequence entries are not allowed here", _dash),
    ("mapping keys are not allowed here", _cannot_begin),
    ("mapping values are not allowed here", _second_colon),
    ("<document start>', but found", _after_end),
    ("while parsing a flow", _flow),
    ("while parsing a block", _block),
)
"""Part of PyYAML's words → who says it in ours; the first that fits."""
