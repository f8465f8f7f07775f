"""A JSON text with a name: spans in it, shown without giving away people.

A line of a claim that is shown in an error keeps its field names, glossary words, days and amounts; every other value
keeps its first two characters. The value that is at fault is shown, unless it is the id of a person or of a household
or stands in a field that a claim does not have.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from policyengine.claim.problems import Path, Problem, path_of, path_text
from policyengine.claim.scan import Fault, Place, Scan, scan
from policyengine.errors import LIMIT_SHOWN, ClaimError, Diagnostic, Span

READABLE = frozenset(
    {
        "currency", "sequence", "total", "corrects", "scheme", "tags", "care_type", "admission_date", "discharge_date",
        "settlement_date", "service_date", "billed_from", "level", "grade", "tier", "area", "referred",
        "certificate_shown", "admission_ordinal", "category", "catalogue_class", "amount", "quantity", "price_limit",
        "first_share_rate", "unknown", "payer", "ruleset", "last", "last_sequence", "meter", "value", "kind",
    }
)  # fmt: skip
"""Fields whose values say nothing about who somebody is."""

_PERSONAL = {("person", "id"), ("person", "household")}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?' + r"|'[^']*'?|[^\s,:{}\[\]\"']+")
_COLON = re.compile(r"\s*:")
_LONG_LINE = 20_000


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON text. ``first_line``: the number of its first line in the file."""

    file: str
    text: str = field(repr=False)
    first_line: int = 1
    _breaks: list[int] = field(default_factory=list, repr=False, compare=False)
    _masked: dict[int, str] = field(default_factory=dict, repr=False, compare=False)

    def diagnostics(self, problems: tuple[Problem, ...], record: str, start: int = 0) -> list[Diagnostic]:
        """The problems of the record that begins at ``start``, with the places of their fields."""
        seen = scan(self.text, start, whole=False)
        placed = sorted(((self._place(seen, p), p) for p in problems), key=lambda pair: (pair[0].start, pair[1].code))
        return [self._diagnostic(p, place, seen, record, n < LIMIT_SHOWN) for n, (place, p) in enumerate(placed)]

    def _diagnostic(self, p: Problem, place: Place, seen: Scan, record: str, shown: bool) -> Diagnostic:
        hidden = _hidden(p)
        related = tuple((text, self.span(_found(seen, where)[0], False, shown)) for text, where in p.related)
        return Diagnostic(
            p.code, p.message(), self.span(place, hidden, shown), p.expected, p.hint,
            related=related, record=record, field=path_text(p.path),
        )  # fmt: skip

    def located(self, error: ClaimError, start: int = 0) -> ClaimError:
        """``error`` with the places of the fields it names, if its record begins at ``start``."""
        seen = scan(self.text, start, whole=False)
        return ClaimError([d if d.span or not d.field else self._with_span(d, seen) for d in error.diagnostics])

    def _with_span(self, found: Diagnostic, seen: Scan) -> Diagnostic:
        problem = Problem(found.code, path_of(found.field), found.message)
        return replace(found, span=self.span(self._place(seen, problem), _hidden(problem)))

    def _place(self, seen: Scan, p: Problem) -> Place:
        """The value at fault, or the name of its field; for a value that is missing, the object that should hold it."""
        place, exact = _found(seen, p.path)
        if exact:
            return Place(place.key_start, place.key_end) if p.on_key and place.key_end else place
        return self._member(seen, p.path) or place

    def _member(self, seen: Scan, path: Path) -> Place | None:
        """The text in a list of texts that ``path`` names by itself, as it names a tag."""
        count = 0
        while path and (place := seen.places.get((*path[:-1], count))):
            if self.text[place.start : place.end].strip('"') == path[-1]:
                return place
            count += 1
        return None

    def faults(self, faults: list[Fault]) -> list[Diagnostic]:
        """What is not plain JSON, with places; after a syntax error all values of the shown line are masked."""
        found = []
        for number, fault in enumerate(faults):
            shown = number < LIMIT_SHOWN
            span = self.span(Place(fault.start, fault.end), False, shown, wary=fault.syntax)
            related = (("first here", self.span(fault.first, False, shown)),) if fault.first else ()
            found.append(Diagnostic(fault.code, fault.text, span, fault.expected, fault.hint, related=related))
        return found

    def span(self, place: Place, hidden: bool = False, shown: bool = True, wary: bool = False) -> Span:
        """The span of ``place``. ``hidden``: mask it, too. Without ``shown`` the span carries no text."""
        line = bisect_right(self._line_breaks(), place.start - 1)
        begin = self._line_breaks()[line - 1] + 1 if line else 0
        end = self.text.find("\n", begin)
        stop = len(self.text) if end < 0 else end
        length = max(1, min(place.end, max(stop, place.start)) - place.start)
        kept = None if hidden else (place.start - begin, place.start - begin + length)
        text = self._line(begin, stop, kept, wary) if shown else ""
        return Span(self.file, self.first_line + line, place.start - begin + 1, length, text)

    def place(self, start: int) -> Span:
        """Where the record that begins at ``start`` stands; nothing of it is shown."""
        return self.span(Place(start, start + 1), shown=False)

    def _line_breaks(self) -> list[int]:
        """Offsets of the line feeds, found once."""
        if not self._breaks:
            self._breaks.extend(m.start() for m in re.finditer("\n", self.text))
            self._breaks.append(len(self.text))
        return self._breaks

    def _line(self, begin: int, stop: int, kept: tuple[int, int] | None, wary: bool) -> str:
        line = self.text[begin:stop].rstrip("\r")
        if len(line) <= _LONG_LINE:
            return masked_line(line, kept, wary)
        if begin not in self._masked:
            self._masked[begin] = masked_line(line, None, wary)
        return self._masked[begin]


def _found(seen: Scan, path: Path) -> tuple[Place, bool]:
    """The place of ``path``, or of the innermost part around it that is there."""
    for length in range(len(path), -1, -1):
        if place := seen.places.get(path[:length]):
            return place, length == len(path)
    return Place(0, 1), False


def _hidden(p: Problem) -> bool:
    return p.path[-2:] in _PERSONAL or p.path[-1:] == ("person",) or "scope" in p.path


def locate(text: str, path: Path, file: str = "<claim>") -> Span:
    """The span of the value at ``path`` in a JSON text, or of the innermost part around it that is there."""
    return Document(file, text).span(_found(scan(text), path)[0], hidden=path[-2:] in _PERSONAL)


def masked_line(line: str, kept: tuple[int, int] | None, wary: bool) -> str:
    """``line`` with the values masked that may tell who somebody is; the same length, character for character.

    ``kept``: offsets of the characters at fault. ``wary``: the text is broken, so trust no field name but the one in
    front of the fault.
    """
    out: list[str] = []
    at, key = 0, ""
    for token in _TOKEN.finditer(line):
        if token[0][0] in "\"'" and _COLON.match(line, token.end()):
            key = token[0].strip("\"'")
            continue
        at_fault = kept is not None and token.start() < kept[1] and kept[0] < token.end()
        readable = key in READABLE if at_fault or not wary else False
        if readable or (at_fault and not wary) or token[0] in ("true", "false", "null"):
            continue
        out += (line[at : token.start()], _dotted(token[0]))
        at = token.end()
    return "".join(out) + line[at:]


def _dotted(token: str) -> str:
    """A value with all but its first two characters replaced; quotation marks stay."""
    front = token[0] if token[0] in "\"'" else ""
    back = token[-1] if front and len(token) > 1 and token[-1] == front else ""
    inner = token[len(front) : len(token) - len(back)]
    shown = inner[: min(2, len(inner) - 1)] if inner else ""
    return front + shown + "…" * (len(inner) - len(shown)) + back
