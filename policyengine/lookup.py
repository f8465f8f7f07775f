"""Finding the rules for a place, a scheme and a day.

A rule file says whose rules it holds (``place``), when they hold (``valid``) and whom they cover (``covers``); a search
asks these and nothing else, so that what is found is what would be settled. A place without rules of its own has those
of the next larger one: a county its city's, a city its province's.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policyengine import ir
from policyengine.analysis.linear import Goal
from policyengine.analysis.solve import Solver
from policyengine.errors import Diagnostic, RuleError, nearest
from policyengine.loading import contents, load
from policyengine.parse.common import PLACE_CODE
from policyengine.rulebook import Place, Roots, Rulebook, known_places

CHINA = "CN"
_PLACE = re.compile(rb"\bplace\b(.*)")
"""What stands behind the word in its line. A code that is not there stands in the next line, or in escapes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A rule set that answers a search. ``place``: the code of the place whose rules they are; ``valid``: the period of
    the version in force, [from, to) as ISO dates; ``run``: it settles settlements, after the month or the year."""

    name: str
    title: Mapping[str, str]
    place: str
    valid: tuple[str, str]
    status: str
    run: bool


def find(place: str, on: datetime.date, facts: Mapping[str, str] | None = None, path: Roots = ()) -> tuple[Found, ...]:
    """The rule sets in force on ``on`` for a place and for claims with these facts.

    ``place``: a code of GB/T 2260 or ISO 3166, or a word of the name or the title (饶河, raohe). ``facts``: codes of
    claims by fact, such as ``{"scheme": "resident", "care_type": "inpatient"}``, in either language. The rules of the
    smallest place that has any are given, sorted by name. Raises ``RuleError`` for a word that is no fact or no code.
    """
    wanted = tuple(_checked(name, word) for name, word in (facts or {}).items())
    books = [load(known.name, known.path) for known in known_places(path) if _may_be_of(known, place)]
    for group in _narrowest_first(place, books):
        found = [made for book in group if (made := _answer(book, on, wanted)) is not None]
        if found:
            return tuple(found)
    return ()


def _checked(name: str, word: str) -> tuple[str, str]:
    """The fact and the code that are meant, in either language. Raises ``RuleError``."""
    from policyengine import terms

    facts = {known: fact for fact in terms.FACTS.values() if fact.kind == "code" for known in (fact.id, fact.zh)}
    fact = facts.get(name)
    if fact is None:
        raise RuleError(Diagnostic("E612", f"claims are not sought by `{name}`", None, "a fact with codes",
                                   nearest(name, facts), record=name))  # fmt: skip
    words = fact.codes()
    if word not in words and not fact.open:
        raise RuleError(Diagnostic("E612", f"`{word}` is not a code of `{fact.id}`", None,
                                   "one of " + ", ".join(words), nearest(word, words), record=name))  # fmt: skip
    return fact.id, words.get(word, word)


def _may_be_of(known: Place, place: str) -> bool:
    """Whether the files of a rule set hold the code, or the word, at all: the others need not be loaded."""
    written = b"\n".join(content for _, content in contents(known))
    if PLACE_CODE.fullmatch(place):
        codes = [code.encode() for code in enclosing(place)]
        stated = [line[1].strip(b": \t\r") for line in _PLACE.finditer(written)]
        return any(not one or b"\\" in one or any(code in one for code in codes) for one in stated)
    text = " ".join(f"{known.name} {written.decode('utf-8', 'replace')}".split())
    return b"\\" in written or place.casefold() in text.casefold()


def _narrowest_first(place: str, books: list[Rulebook]) -> Iterator[list[Rulebook]]:
    """The rule sets of a place, then those of each larger one; by a word, all that bear it."""
    if PLACE_CODE.fullmatch(place):
        for code in enclosing(place):
            yield [book for book in books if book.place == code]
    else:
        word = place.casefold()
        yield [b for b in books if b.place and any(word in text.casefold() for text in (b.name, *b.title.values()))]


def enclosing(code: str) -> tuple[str, ...]:
    """A code and those of the larger places that it lies in: 230524, 230500, 230000, CN; US-NY, US."""
    if not code.isdigit():
        return tuple(dict.fromkeys((code, code.partition("-")[0])))
    return tuple(dict.fromkeys((code, f"{code[:4]}00", f"{code[:2]}0000", CHINA)))


def _answer(book: Rulebook, day: datetime.date, wanted: tuple[tuple[str, str], ...]) -> Found | None:
    """What is in force of a rule set on a day, if it may cover claims with the wanted codes."""
    program = book.program_on(day)
    if program is None or not may_cover(program, wanted):
        return None
    return Found(book.name, book.title, book.place, program.valid, book.status, program.run is not None)


def may_cover(program: ir.Program, wanted: tuple[tuple[str, str], ...]) -> bool:
    """Whether there can be a claim with these codes that the program covers."""
    if not program.covers:
        return True
    read = {decl.name for decl in program.inputs if decl.domain == "claim"}
    goals: list[Goal] = [(program.step(program.covers).expr, True)]
    for name, word in wanted:
        if name in read:
            goals.append((ir.compare("==", ir.Input(name, "code"), ir.code(word)), True))
    return Solver(program).together(*goals) is not None
