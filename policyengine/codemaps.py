"""Maps from the codes of hospitals and provinces to the words of the glossary, and claims translated by them.

A map is a file of its own: it says for each fact which code means which word, and who says so. A claim that is read by
a map must use its codes; a code that the map does not have is an error at its place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policyengine import ir, terms
from policyengine.claim import Claim, Document, quoted
from policyengine.errors import ClaimError, Diagnostic, RuleError, nearest
from policyengine.parse.common import EVIDENCE, Read, common, text_of
from policyengine.parse.evidence import TITLE
from policyengine.parse.sections import SOURCE
from policyengine.resolve import fault
from policyengine.rulebook import bundled_root
from policyengine.shapes import Faults, Field, Text, Word, pairs, read_record, scalar
from policyengine.source import MapNode, Node, read_file

FOLDER = "codes"
"""Where the bundled maps stand, beside the bundled rule sets."""

TAGS = "tags"
"""Beside the codes of the glossary a map may be of the tags of a person."""

PLACES: Mapping[str, tuple[str, ...]] = {
    **{f.id: tuple(f.at.split(".")) for f in terms.FACTS.values() if f.kind == "code"},
    TAGS: ("person", "tags"),
}
"""Where a claim holds what a map translates."""


def _read_codes(node: Node) -> tuple[tuple[str, Word], ...]:
    """Codes with their words; a code is any text."""
    if not isinstance(node, MapNode):
        raise fault("E301", "a mapping is needed here", node.span, "codes with words")
    return tuple((key.text, Word(scalar(value, "a word").text, value.span)) for key, value in node.entries)


FIELD = (
    Field("called", Text(), "what the field is called there, such as med_type"),
    Field("values", Read(_read_codes, {"type": "object"}), "the words of the glossary by code", True),
    *EVIDENCE,
)
SOURCES = Read(lambda node: tuple(pairs(node, "`sources`")), {"type": "object"})
FIELDS = Read(lambda node: tuple(pairs(node, "`fields`")), {"type": "object"})
MAP = (
    Field("codes", Text(), "the name of the map", True),
    Field("title", TITLE, "what people call it"),
    Field("sources", SOURCES, "the documents that say so"),
    Field("fields", FIELDS, "facts with their codes", True),
)


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes of one fact. ``values``: the words by code; ``called``: the name of the field where they come from."""

    fact: str
    values: Mapping[str, str]
    called: str = ""
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeMap:
    """A map as read from its file."""

    name: str
    title: Mapping[str, str]
    fields: tuple[Coded, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What was translated: the field of the claim, its code, the word, and the map that says so."""

    field: str
    code: str
    word: str
    map: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A claim, and what of it was translated."""

    claim: Claim
    changes: tuple[Change, ...] = ()


# -- reading -----------------------------------------------------------------------------------------------------------


def bundled_maps() -> tuple[str, ...]:
    """The names of the maps that travel with the library."""
    return tuple(sorted(path.stem for path in (bundled_root() / FOLDER).glob("*.yaml")))


def load_map(name: str) -> CodeMap:
    """The bundled map of that name, or the map file at that path. Raises ``RuleError``."""
    if name in bundled_maps():
        return read_map(bundled_root() / FOLDER / f"{name}.yaml", f"rulesets/{FOLDER}/{name}.yaml")
    path = Path(name)
    if not path.is_file():
        hint = nearest(name, bundled_maps())
        raise RuleError(Diagnostic("E610", f"there is no map of codes `{name}`", None, "a bundled name or a path", hint,
                                   record=name))  # fmt: skip
    return read_map(path, name)


def read_map(path: Path, shown: str) -> CodeMap:
    """The map in a file, which is called ``shown`` in places. Raises ``RuleError`` with everything that is wrong."""
    values = read_record(read_file(path, shown), MAP, "a map of codes")
    faults = Faults()
    sources = {key.text for key, node in values.get("sources", ()) if read_record(node, SOURCE, "a source")}
    fields = [faults.attempt(_field, key, node, sources) for key, node in values["fields"]]
    faults.done()
    return CodeMap(values["codes"], text_of(values.get("title")), tuple(f for f in fields if f is not None))


def _field(key: Word, node: Node, sources: set[str]) -> Coded:
    if key.text not in PLACES:
        raise fault("E611", f"`{key}` is no code of a claim", key.span, "one of " + ", ".join(PLACES),
                    nearest(key.text, PLACES))  # fmt: skip
    values = read_record(node, FIELD, "the codes of a fact")
    said, faults = common(values), Faults()
    for cite in said["cites"]:
        if cite.source not in sources and cite.span is not None:
            faults.add(
                fault("E402", f"there is no source `{cite.source}`", cite.span, hint=nearest(cite.source, sources))
            )
    if not said["cites"] and not said["assumed"]:
        faults.add(fault("E616", f"nobody is cited for the codes of `{key}`", key.span, "`cite:` or `assumed:`"))
    words = {code: faults.attempt(_word, key.text, word) for code, word in values["values"]}
    faults.done()
    known = {code: word for code, word in words.items() if word is not None}
    return Coded(key.text, known, values.get("called", ""), said["cites"], said["assumed"])


def _word(fact: str, word: Word) -> str:
    """The word of the glossary that is meant, in either language; open codes take any word."""
    standard = terms.FACTS.get(fact)
    if standard is not None and standard.open:
        return word.text
    tags = {word: tag for tag, (zh, _) in terms.TAGS.items() for word in (tag, zh)}
    words = standard.codes() if standard is not None else tags
    if word.text not in words:
        raise fault("E617", f"`{word}` is not a word of `{fact}`", word.span, "one of " + ", ".join(words),
                    nearest(word.text, words))  # fmt: skip
    return words[word.text]


# -- translating -------------------------------------------------------------------------------------------------------


def translator(maps: Sequence[CodeMap]) -> Callable[[Document, int, Any], Translated]:
    """How claims are read by ``maps``, for ``records.read_as``. Raises ``RuleError`` if two maps are of one fact."""
    by_fact: dict[str, tuple[Coded, str]] = {}
    for one in maps:
        for field in one.fields:
            if field.fact in by_fact:
                message = f"`{one.name}` and `{by_fact[field.fact][1]}` both have codes for `{field.fact}`"
                raise RuleError(Diagnostic("E618", message, None, hint="give one of them", record=one.name))
            by_fact[field.fact] = (field, one.name)

    def read(document: Document, start: int, value: Any) -> Translated:
        made, changes, wrong = translated(value, by_fact) if by_fact else (value, (), ())
        if wrong:
            raise document.located(ClaimError(wrong), start)
        return Translated(Claim.validate_in(document, start, made), changes)

    return read


def translated(
    data: Any, by_fact: Mapping[str, tuple[Coded, str]]
) -> tuple[Any, tuple[Change, ...], tuple[Diagnostic, ...]]:
    """The data of a claim with words for codes, what was changed, and the codes that no map has."""
    out = copy.deepcopy(data)
    changes: list[Change] = []
    wrong: list[Diagnostic] = []
    record = f"claim {quoted(data['id'])}" if isinstance(data, dict) and isinstance(data.get("id"), str) else ""
    for fact, (coded, name) in by_fact.items():
        for holder, key, shown in _places(out, PLACES[fact], ""):
            code = holder[key]
            if not isinstance(code, str):
                continue
            if code not in coded.values:
                where = f"{coded.called} " if coded.called else ""
                message = f"the map `{name}` has no {where}code {quoted(code)} for `{fact}`"
                expected = ", ".join(f"{known} ({word})" for known, word in list(coded.values.items())[:12])
                wrong.append(Diagnostic("E546", message, None, expected, nearest(code, coded.values), record=record,
                                        field=shown))  # fmt: skip
                continue
            holder[key] = coded.values[code]
            changes.append(Change(shown, code, coded.values[code], name))
    return out, tuple(changes), tuple(wrong)


def _places(data: Any, path: tuple[str, ...], shown: str) -> Iterator[tuple[Any, Any, str]]:
    """Every place of a claim that ``path`` leads to, through lists: what holds it, the key, and how it is called."""
    if isinstance(data, list):
        for at, item in enumerate(data):
            if path:
                yield from _places(item, path, f"{shown}[{at}]")
            else:
                yield data, at, f"{shown}[{at}]"
        return
    if not path or not isinstance(data, dict) or path[0] not in data:
        return
    name = f"{shown}.{path[0]}" if shown else path[0]
    if len(path) == 1 and not isinstance(data[path[0]], list):
        yield data, path[0], name
    else:
        yield from _places(data[path[0]], path[1:], name)
