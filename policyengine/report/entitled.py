"""The standing of a person for people and for programs: entitled because …, missing …, by which sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from policyengine import terms
from policyengine.claim import masked
from policyengine.entitlements import Right, Standing, Told
from policyengine.entitlements.standing import Met
from policyengine.errors import printable
from policyengine.expressions import print_expression
from policyengine.lower.entitlements import Asked
from policyengine.report.names import Lang, pick, plain
from policyengine.ruleset import Dates, Ruleset
from policyengine.settlement import label_of

GIVEN: Final = ("享有", "entitled")
NOT_GIVEN: Final = ("不享有", "not entitled")
BECAUSE: Final = ("享有，因为", "entitled because")
MISSING: Final = ("缺少", "missing")
IN_THE_WAY: Final = ("排除", "in the way")
SHOWN: Final = ("已有", "there is")
NONE_OF: Final = ("没有：", "there is no: ")
KNOWN_SINCE: Final = ("自{}起已知", "known since {}")


def standing_data(found: Standing, ruleset: Ruleset) -> dict[str, Any]:
    """Plain data: every right with its period, its sentences and the evidence for and against it."""
    return {
        "person": found.person, "ruleset": found.ruleset, "on": found.day.isoformat(),
        "known_on": found.known_on.isoformat(), "given": sorted(found.given),
        "rights": [_right(one, ruleset) for one in found.rights],
    }  # fmt: skip


def _right(one: Right, ruleset: Ruleset) -> dict[str, Any]:
    start, end = one.valid
    return {
        "right": one.name, "given": one.given, "from": _iso(start), "to": _iso(end),
        "known_since": _iso(one.recorded), "sentences": [_told(told, ruleset) for told in one.told],
    }  # fmt: skip


def _told(told: Told, ruleset: Ruleset) -> dict[str, Any]:
    titles = {source.id.text: source.title for source in ruleset.sources}
    sentence = told.sentence
    return {
        "sentence": sentence.id, "holds": told.holds,
        "needs": [_asked(asked, pieces) for asked, pieces in told.needs],
        "unless": [_asked(asked, pieces) for asked, pieces in told.unless],
        "rights": dict(told.rights),
        "cites": [{"source": titles.get(c.source, c.source), "quote": c.quote} for c in sentence.cites],
        "assumed": [str(why) for why in sentence.assumed],
    }  # fmt: skip


def _asked(asked: Asked, pieces: Iterable[Any]) -> dict[str, Any]:
    condition = "" if asked.node is None else print_expression(asked.node)
    least = {"at_least": asked.least} if asked.least > 1 else {}
    return {"kind": asked.kind, "condition": condition, **least, "evidence": [piece.id for piece in pieces]}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def standing_text(found: Standing, ruleset: Ruleset, lang: Lang = "en") -> Group:
    """Every right: whether it is given, from when to when, by which sentence, because of what; else what is missing."""
    known = KNOWN[lang].format(found.known_on)
    head = f"{masked(found.person)} · {found.day} · {found.ruleset} · {known}"
    parts: list[RenderableType] = [Text(printable(head), style="bold")]
    words = _Words(ruleset, lang)
    for right in found.rights:
        parts.append(Text(""))
        parts.append(Text(printable(words.head(right)), style="bold" if right.given else ""))
        shown = [told for told in right.told if told.holds == right.given] or list(right.told)
        for told in shown:
            parts += [Padding(Text(printable(line)), (0, 0, 0, 2 + 2 * level)) for level, line in words.lines(told)]
    return Group(*parts)


KNOWN: Final[Mapping[str, str]] = {"zh": "截至{}已登记", "en": "as recorded by {}"}


def right_name(ruleset: Ruleset, name: str, lang: Lang) -> str:
    """What a tag or right is called: the label of the sentence that grants it, the glossary's word, or its id."""
    label = next((one.label for one in reversed(ruleset.entitlements) if one.grants.text == name and one.label), {})
    known = terms.FACTS.get(name)
    return label_of(label, lang, pick((known.zh, known.en), lang) if known else plain(name))


def kind_name(ruleset: Ruleset, kind: str, lang: Lang) -> str:
    """What a kind of evidence is called."""
    label = next((one.label for one in ruleset.evidence if one.id.text == kind), {})
    return label_of(label, lang, plain(kind))


class _Words:
    """What things are called in one language."""

    def __init__(self, ruleset: Ruleset, lang: Lang) -> None:
        self.lang: Lang = lang
        self.ruleset = ruleset
        self.titles = {source.id.text: source.title for source in ruleset.sources}

    def right(self, name: str) -> str:
        return right_name(self.ruleset, name, self.lang)

    def head(self, right: Right) -> str:
        said = pick(GIVEN if right.given else NOT_GIVEN, self.lang)
        since = pick(KNOWN_SINCE, self.lang).format(right.recorded) if right.recorded else ""
        return f"{self.right(right.name)}: " + ", ".join(x for x in (said, _period(right.valid), since) if x)

    def lines(self, told: Told) -> Iterator[tuple[int, str]]:
        """Lines with their indentation."""
        if told.holds:
            yield 0, pick(BECAUSE, self.lang)
            for line in (*self._met(told.needs), *self._rights(told, True)):
                yield 1, line
            for line in (*self._rights(told, False), *(self._kind(asked) for asked, _ in told.unless)):
                yield 1, f"{pick(NONE_OF, self.lang)}{line}"
        else:
            for asked, pieces in told.needs:
                word = SHOWN if len(pieces) >= asked.least else MISSING
                yield 0, f"{pick(word, self.lang)}: {self._kind(asked)}{_ids(pieces)}"
            for line in self._rights(told, False):
                yield 0, f"{pick(MISSING, self.lang)}: {line}"
            for line in self._rights(told, True):
                yield 0, f"{pick(IN_THE_WAY, self.lang)}: {line}"
            for asked, pieces in told.unless:
                if pieces:
                    yield 0, f"{pick(IN_THE_WAY, self.lang)}: {self._kind(asked)}{_ids(pieces)}"
        for cite in told.sentence.cites:
            title = self.titles.get(cite.source, cite.source)
            yield 1, f"[{title}] “{cite.quote}”" if cite.quote else f"[{title}]"

    def _met(self, met: Met) -> Iterator[str]:
        for asked, pieces in met:
            yield self._kind(asked) + _ids(pieces)

    def _rights(self, told: Told, given: bool) -> Iterator[str]:
        for name, value in told.rights:
            if value == given:
                yield self.right(name)

    def _kind(self, asked: Asked) -> str:
        name = kind_name(self.ruleset, asked.kind, self.lang)
        if asked.least > 1:
            name = pick((f"{name}至少{asked.least}份", f"{asked.least} × {name}"), self.lang)
        return name if asked.node is None else f"{name} ({print_expression(asked.node)})"


def _ids(pieces: Iterable[Any]) -> str:
    listed = ", ".join(piece.id for piece in pieces)
    return f": {listed}" if listed else ""


def _period(valid: Dates) -> str:
    start, end = valid
    return "" if valid == (None, None) else f"{start or '…'} – {end or '…'}"
