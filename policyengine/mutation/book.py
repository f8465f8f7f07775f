"""The rulebook of a mutant: the rule file with its slip, flattened and lowered as any other."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from policyengine import ir
from policyengine.assemble import Chain, Lowering, epochs, flattened, parsed, views
from policyengine.check import before_lowering, essential
from policyengine.errors import RuleError
from policyengine.knowledge import publications
from policyengine.linedates import by_line_date, holes_between
from policyengine.loading import load
from policyengine.mutation.interpreted import Interpreted
from policyengine.mutation.model import Mutant
from policyengine.rulebook import Edition, Place, Rulebook, examined
from policyengine.ruleset import Ruleset, in_force


@dataclass(frozen=True, slots=True)
class Stand:
    """A rule file as it stands: with what it extends, flattened, and its rulebook."""

    place: Place
    chain: Chain
    ruleset: Ruleset
    book: Rulebook


def stand_of(place: Place) -> Stand:
    """Reads a rule file. Raises ``RuleError``."""
    chain = parsed(place)
    return Stand(place, chain, flattened(chain), examined(load(place.file, place.roots)))


def changed_book(stand: Stand, mutant: Mutant) -> Rulebook:
    """The rulebook of a mutant; periods in which nothing changed keep the programs, and what was prepared of them.

    Raises ``RuleError`` for a slip that makes the file unreadable. That it passes the checks is not yet known.
    """
    chain = (mutant.ruleset, *stand.chain[1:])
    kept = {(p.known, p.valid): p for p in stand.book.every_program}
    made = [view.edition for view in views(chain)] if publications(chain) else [_latest(stand, chain)]
    editions = [replace(edition, programs=tuple(_kept(p, kept) for p in edition.programs)) for edition in made]
    return replace(stand.book, programs=editions[0].programs, earlier=tuple(editions[1:]), prepared={})


def _latest(stand: Stand, chain: Chain) -> Edition:
    """The programs of a file that states no day of publication; those of periods in which nothing changed are the same
    objects. Raises ``RuleError``."""
    ruleset = flattened(chain)
    before_lowering(ruleset)
    if holes := tuple(holes_between(ruleset)):
        raise RuleError(holes)
    lowering = Lowering(by_line_date(ruleset), ("", ""), {})
    before = {p.valid: p for p in stand.book.programs}
    programs = []
    for start, end in epochs(ruleset):
        old = before.get((str(start or ""), str(end or "")))
        same = old is not None and list(_in_force(ruleset, start)) == list(_in_force(stand.ruleset, start))
        programs.append(old if same and old is not None else lowering.on((start, end)))
    return Edition(("", ""), tuple(programs))


def _in_force(ruleset: Ruleset, day: datetime.date | None) -> Iterator[object]:
    """Everything of a rule set that a program is made of on a day."""
    yield [(p.id.text, p.values if p.dated_by else in_force(p.values, day)) for p in ruleset.parameters]
    yield [t for t in ruleset.tables if t.dated_by]
    for items in (ruleset.tables, ruleset.layers, ruleset.provisions):
        yield in_force(items, day)  # type: ignore[type-var]
    yield replace(ruleset, parameters=(), tables=(), layers=(), provisions=(), notes=(), valid=(None, None))


def _kept(program: ir.Program, kept: dict[tuple[tuple[str, str], tuple[str, str]], ir.Program]) -> ir.Program:
    before = kept.get((program.known, program.valid))
    return before if before == program else program


def interpreted(stand: Stand, book: Rulebook) -> Rulebook:
    """The same rule set with engines that interpret its programs; those of unchanged periods are kept."""
    same = {(p.known, p.valid) for p in book.every_program} & _unchanged(stand, book)
    ready = {key: engine for key, engine in stand.book.prepared.items() if key[:2] in same}
    return replace(book, prepared=Interpreted(book, ready))


def compiled(stand: Stand, book: Rulebook) -> Rulebook:
    """The same rule set with engines that are compiled; those of unchanged periods are kept."""
    same = _unchanged(stand, book)
    return replace(book, prepared={key: one for key, one in stand.book.prepared.items() if key[:2] in same})


def _unchanged(stand: Stand, book: Rulebook) -> set[tuple[tuple[str, str], tuple[str, str]]]:
    before = {(p.known, p.valid): p for p in stand.book.every_program}
    return {(p.known, p.valid) for p in book.every_program if before.get((p.known, p.valid)) is p}


def changed_programs(stand: Stand, book: Rulebook) -> tuple[ir.Program, ...]:
    """The programs of a mutant in which something changed."""
    same = _unchanged(stand, book)
    return tuple(program for program in book.every_program if (program.known, program.valid) not in same)


def is_legal(stand: Stand, mutant: Mutant, book: Rulebook) -> str:
    """The code of the first error that ``check`` has of a mutant; empty if it is a rule file like any other."""
    try:
        essential(flattened((mutant.ruleset, *stand.chain[1:])), book.programs)
    except RuleError as error:
        return error.diagnostics[0].code
    return ""
