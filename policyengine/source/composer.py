"""Events to a tree.

PyYAML is asked for its stream of events only: nothing is constructed, no type is guessed, and reading stops
at the first event past a limit. What rule files do not use (tags, anchors, aliases, merge keys, directives,
several documents) is refused where it stands, and so is what YAML reads otherwise than it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, NoReturn

import yaml

from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.source.fault import Fault, colon_hint, directive, property_span, shown, underlined, unsupported
from policyengine.source.nodes import MapNode, Node, ScalarNode, SeqNode
from policyengine.source.page import LIMIT_FINDINGS, Mark, Page
from policyengine.source.scalar import (
    cut,
    faults_of_block,
    faults_of_plain,
    faults_of_quoted,
    no_value_in_braces,
    scalar_span,
    style_of,
)
from policyengine.source.shortened import Block, Place, Shortened, shortened
from policyengine.source.syntax import explain, no_key

LIMIT_DEPTH = 64
LIMIT_NODES = 200_000
LIMIT_SCALAR_BYTES = 64 * 1024
_LIMIT_CODES = frozenset({"E141", "E142", "E143"})
_PROPERTY_CODES = frozenset({"E121", "E122", "E123"})


def compose(page: Page) -> MapNode:
    """The tree of ``page``. Raises RuleError E111–E162, with all that was found until reading had to stop."""
    return _compose(Shortened(page))


def _compose(left: Shortened) -> MapNode:
    page = left.page
    reading = _Reading(page, yaml.SafeLoader(page.text), LIMIT_FINDINGS, left.nodes, left.keys)
    try:
        root = reading.document()
    except yaml.MarkedYAMLError as error:
        finding = explain(Fault(page, error, tuple(reading.opened), reading.quoted))
        raise RuleError(_without_consequence(reading.found, finding)) from error
    finally:
        reading.loader.dispose()
    if reading.found:
        raise RuleError(reading.found)
    return root


def _without_consequence(found: list[Diagnostic], last: Diagnostic) -> list[Diagnostic]:
    """All findings; but what stops the reading in the line of a tag, an anchor or an alias follows from these."""
    lines = {finding.span.line for finding in found if finding.code in _PROPERTY_CODES and finding.span}
    return found if last.span and last.span.line in lines else [*found, last]


def compose_fast(page: Page, parser: Any) -> MapNode | None:
    """The tree of ``page`` by libyaml's loader class ``parser``. What it refuses PyYAML's own parser reads again, from
    about there on; None if that finds nothing wrong. Raises RuleError E111–E162."""
    reading = _Reading(page, parser(page.text), 1)
    try:
        return reading.document()
    except yaml.MarkedYAMLError:
        pass
    except RuleError as error:
        if error.diagnostics[0].code in _LIMIT_CODES:
            raise
    finally:
        reading.loader.dispose()
    _compose(shortened(page, reading.blocks))
    return None


def start_of(event: yaml.Event) -> Mark:
    assert event.start_mark is not None, "both loaders mark every event"
    return event.start_mark


def end_of(event: yaml.Event) -> Mark:
    assert event.end_mark is not None, "both loaders mark every event"
    return event.end_mark


def _is_empty(event: yaml.Event) -> bool:
    """Whether nothing stands where a value was due; an empty pair of quotes is something."""
    if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor:
        return False
    return style_of(event.style) != "quoted" and not event.value.strip(" \n")


class _Reading:
    """One pass over the events of a page."""

    def __init__(
        self,
        page: Page,
        loader: Any,
        limit_findings: int,
        nodes: int = 0,
        keys: Mapping[Place, Mapping[str, Span]] | None = None,
    ) -> None:
        self.page = page
        self.loader = loader
        self.limit_findings = limit_findings
        self.found: list[Diagnostic] = []
        self.nodes = nodes
        self.keys = keys or {}
        self.blocks: list[Block] = []
        self.opened: list[Span] = []
        self.quoted: tuple[Mark, Mark] | None = None

    def refuse(self, findings: Iterable[Diagnostic]) -> None:
        """Collect findings; reading goes on, unless there are too many."""
        for finding in findings:
            self.found.append(finding)
            if len(self.found) == self.limit_findings:
                raise RuleError(self.found)

    def stop(self, finding: Diagnostic) -> NoReturn:
        raise RuleError([*self.found, finding])

    def at(self, mark: Mark, length: int = 1) -> Span:
        return self.page.span(mark.line, mark.column, length)

    def next(self) -> yaml.Event:
        try:
            event: yaml.Event = self.loader.get_event()
        except (ValueError, OverflowError) as error:  # chr() refuses \UFFFFFFFF, and PyYAML lets it pass
            raise yaml.MarkedYAMLError(None, None, "no character", self.loader.get_mark()) from error
        return event

    # The document

    def document(self) -> MapNode:
        self.next()  # the start of the stream
        start = self.next()
        if isinstance(start, yaml.StreamEndEvent):
            self.stop(self.empty())
        self.refuse_directive(start_of(start))
        event = self.next()
        if _is_empty(event):
            self.stop(self.empty())
        if not isinstance(event, yaml.MappingStartEvent):
            self.stop(self.no_mapping(event))
        root = self.node(event, 1)
        self.next()  # the end of the document
        self.refuse_second_document(self.next())
        assert isinstance(root, MapNode)
        return root

    def empty(self) -> Diagnostic:
        return Diagnostic("E111", "the file is empty", self.page.span(0, 0), "a rule set: `ruleset: name` and so on")

    def no_mapping(self, event: yaml.Event) -> Diagnostic:
        mark = start_of(event)
        span = self.page.rest(mark.line, mark.column)
        what, hint = "a text", colon_hint(underlined(span))
        if span.text.startswith("---"):
            hint = "let `---` stand alone in its line, or leave it out"
        if isinstance(event, yaml.SequenceStartEvent):
            what, hint = "a list", "write a key before the list: `provisions:`"
        return Diagnostic("E112", f"the file is {what}, not a mapping", span, "`key: value`", hint)

    def refuse_directive(self, mark: Mark) -> None:
        if self.page.text.startswith("%", mark.index):
            self.stop(directive(self.page.rest(mark.line, mark.column)))

    def refuse_second_document(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.StreamEndEvent):
            return
        self.refuse_directive(start_of(event))
        span = property_span(self.page, start_of(event))
        hint = "put each rule set into a file of its own"
        self.stop(Diagnostic("E113", "a second document begins here", span, "the end of the file", hint))

    # Nodes

    def node(self, event: yaml.Event, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > LIMIT_NODES:
            message = f"the file holds more than {LIMIT_NODES:,} keys, values, lists and mappings"
            self.stop(Diagnostic("E142", message, self.at(start_of(event)), hint="split it into several files"))
        if isinstance(event, yaml.AliasEvent):
            span = property_span(self.page, start_of(event))
            self.refuse([unsupported("E123", span)])
            return ScalarNode(underlined(span), span, "plain")
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent), "nothing else begins a node"
        self.refuse_properties(event)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if depth > LIMIT_DEPTH:
            message = f"lists and mappings are nested more than {LIMIT_DEPTH} deep"
            self.stop(Diagnostic("E141", message, self.at(start_of(event)), hint="is this bracket one too many?"))
        return self.collection(event, depth)

    def refuse_properties(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        for code, sign, given in (("E121", "!", event.tag), ("E122", "&", event.anchor)):
            if given is not None:
                self.refuse([unsupported(code, _property_at(self.page, start_of(event), sign))])

    def scalar(self, event: yaml.ScalarEvent) -> ScalarNode:
        start, end, style = start_of(event), end_of(event), style_of(event.style)
        node = ScalarNode(event.value, scalar_span(self.page, style, start, end), style)
        if len(event.value.encode(errors="surrogatepass")) > LIMIT_SCALAR_BYTES:
            message = f"this text is longer than {LIMIT_SCALAR_BYTES:,} bytes"
            self.stop(Diagnostic("E143", message, node.span, hint="is a closing quote missing?"))
        if style == "quoted":
            self.quoted = (start, end) if start.line != end.line else None
            self.refuse(faults_of_quoted(self.page, node, start, end))
        elif style == "plain" and node.text and event.tag is None and event.anchor is None:
            self.refuse(faults_of_plain(self.page, node, start, end, inside=bool(self.opened)))
        elif style == "block":
            self.refuse(faults_of_block(self.page, start))
        return node

    def collection(self, event: yaml.CollectionStartEvent, depth: int) -> MapNode | SeqNode:
        opener = self.at(start_of(event))
        if event.flow_style:
            self.opened.append(opener)
        if isinstance(event, yaml.MappingStartEvent):
            entries, end = self.entries(start_of(event), bool(event.flow_style), depth)
            span = self.bracketed(start_of(event), end) if event.flow_style else entries[0][0].span
            node: MapNode | SeqNode = MapNode(tuple(entries), span)
        else:
            items, end = self.items(bool(event.flow_style), depth)
            node = SeqNode(tuple(items), self.bracketed(start_of(event), end) if event.flow_style else opener)
        if event.flow_style:
            self.opened.pop()
        return node

    def bracketed(self, start: Mark, end: Mark) -> Span:
        """Brackets with what they hold, in their first line."""
        if start.line == end.line:
            return self.at(start, end.column - start.column)
        return self.page.rest(start.line, start.column)

    def entries(self, start: Mark, inside: bool, depth: int) -> tuple[list[tuple[ScalarNode, Node]], Mark]:
        """The entries of a mapping, ``inside`` braces or not, and where it ends."""
        entries: list[tuple[ScalarNode, Node]] = []
        places: dict[str, Span] = dict(self.keys.get((start.line, start.column), {}))
        block = Block(places)
        if not inside:
            self.blocks.append(block)
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            block.begun.append((start_of(event), self.nodes))
            key = self.key(event, places, depth)
            value_event = self.next()
            before = entries[-1][1] if entries else None
            if _is_empty(value_event) and key.text:
                self.refuse([no_value_in_braces(key, before) if inside else _no_value(key)])
            elif inside and isinstance(before, ScalarNode) and cut(before):
                self.refuse([_comma_cut(before)])
            entries.append((key, self.node(value_event, depth + 1)))
        if not inside:
            self.blocks.pop()
        return entries, end_of(event)

    def key(self, event: yaml.Event, places: dict[str, Span], depth: int) -> ScalarNode:
        if isinstance(event, yaml.CollectionStartEvent):
            hint = "put a text that begins with a bracket or brace in quotes"
            message = "a list or mapping cannot be a key"
            self.stop(Diagnostic("E132", message, self.at(start_of(event)), "a name before the colon", hint))
        if isinstance(event, yaml.ScalarEvent) and not event.value:
            self.refuse([no_key(self.empty_key(event))])
        key = self.node(event, depth)
        assert isinstance(key, ScalarNode), "every event but the start of a collection makes a scalar"
        if key.text == "<<" and key.style == "plain":
            hint = "write the entries out; a rule set takes over another one with `extends`"
            self.refuse(
                [Diagnostic("E124", "`<<` is YAML's merge key, which rule files do not use", key.span, hint=hint)]
            )
        elif key.text in places:
            related = (("it stands here already", places[key.text]),)
            message = f"the key `{shown(key.text)}` stands twice in one mapping"
            self.refuse([Diagnostic("E131", message, key.span, hint="delete or rename one of them", related=related)])
        places.setdefault(key.text, key.span)
        return key

    def empty_key(self, event: yaml.ScalarEvent) -> Span:
        """The place of a key that is nothing: its quotes, its ``|``, or the ``?`` before it."""
        mark, style = start_of(event), style_of(event.style)
        if style == "plain":
            return self.page.span(mark.line, max(0, self.page.lines[mark.line].rfind("?", 0, mark.column)))
        return self.at(mark, 2 if style == "quoted" else 1)

    def items(self, inside: bool, depth: int) -> tuple[list[Node], Mark]:
        """The items of a list, ``inside`` brackets or not, and where it ends."""
        items: list[Node] = []
        block = Block({})
        if not inside:
            self.blocks.append(block)
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            block.begun.append((start_of(event), self.nodes))
            if _is_empty(event):
                self.refuse([_empty_item(self.page, start_of(event))])
            items.append(self.node(event, depth + 1))
        if not inside:
            self.blocks.pop()
        else:
            self.refuse(_comma_cut(item) for item, _ in pairwise(items) if isinstance(item, ScalarNode) and cut(item))
        return items, end_of(event)


def _property_at(page: Page, mark: Mark, sign: str) -> Span:
    """The place of the tag (``!``) or the anchor (``&``) of the node at ``mark``; either may stand first."""
    other = "&" if sign == "!" else "!"
    found = re.compile(rf"(?:{other}\S*\s+)?({sign}[^\s,\]}}]*)").match(page.text, mark.index)
    return page.part(found.start(1), len(found[1])) if found else page.span(mark.line, mark.column)


def _no_value(key: ScalarNode) -> Diagnostic:
    hint = "write it behind the colon or indented below the key, or delete the line"
    return Diagnostic("E135", f"`{shown(key.text)}` has no value", key.span, "a value", hint)


def _empty_item(page: Page, mark: Mark) -> Diagnostic:
    """The dash of a list item without content; ``mark`` stands behind it, or at the ``|`` of an empty text."""
    dash = page.lines[mark.line].rfind("-", 0, mark.column)
    return Diagnostic("E136", "this list item is empty", page.span(mark.line, max(0, dash)), "a value behind `- `")


def _comma_cut(node: ScalarNode) -> Diagnostic:
    message = f"a comma inside brackets or braces cuts the text in two: `{shown(node.text)}` ends without `)`"
    return Diagnostic("E137", message, node.span, hint="put the whole text in quotes")
