"""From a rule file to its rulebook: read, parse, see as known, flatten what it extends, lower every epoch, check."""

from __future__ import annotations

import datetime
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from policyengine import ir
from policyengine.check import before_lowering, essential
from policyengine.check.rows import misread
from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.inherit import flatten, resolve_own
from policyengine.knowledge import BEFORE_ALL, as_known, dated, publications, says_something
from policyengine.linedates import by_line_date, holes_between
from policyengine.lower import Epoch, lower, lower_each
from policyengine.lower.tables import Built
from policyengine.overlays import overlay_of, require_change
from policyengine.parse import parse
from policyengine.parse.runs import GIVEN, SETTLEMENTS
from policyengine.rulebook import MAX_EXTENDS, Edition, Gap, Place, Rulebook, place_of
from policyengine.ruleset import Ruleset, in_force
from policyengine.source import read_file

Chain = tuple[Ruleset, ...]
"""A rule file as it stands, what it extends, and so on to the first."""
Made = dict[object, ir.Program]


def assemble(place: Place) -> Rulebook:
    """The rulebook of a rule file. Raises ``RuleError`` with everything that is wrong."""
    chain = parsed(place)
    check_rows(flattened(chain), place)
    book = book_of(chain)
    check_overlays(chain, place, book.programs)
    return book


def check_overlays(chain: Chain, place: Place, programs: tuple[ir.Program, ...]) -> None:
    """Raises ``RuleError`` for an overlay of the place, one of the first of the chain, that changes nothing."""
    for at in range(len(place.overlays)):
        below = flattened(chain[at + 1 :])
        before = lower_each(below, epochs(below))
        require_change(chain[at], before, programs)
        programs = before


def check_rows(ruleset: Ruleset, place: Place) -> None:
    """The fields of a run's rows against the rule sets whose settlements they are. Raises ``RuleError``."""
    found: list[Diagnostic] = []
    for base in ruleset.rows.of if ruleset.rows is not None else ():
        if base.text not in (SETTLEMENTS, GIVEN):
            stated = read(place_of(base.text, place, base.span))
            programs = lower_each(stated, epochs(stated))
            found += misread(ruleset, base, stated, programs)
    if found:
        raise RuleError(dict.fromkeys(found))


def parsed(place: Place, below: tuple[Place, ...] = ()) -> Chain:
    """A rule file and what it extends, with the overlays of the place before it, the last one first; ``below`` are the
    rule sets that extend it. Raises ``RuleError``."""
    chain = _extended(place, below)
    for file in place.overlays:
        chain = (overlay_of(file, chain), *chain)
    return chain


def _extended(place: Place, below: tuple[Place, ...]) -> Chain:
    tree = read_file(place.file, place.shown)
    content = hashlib.sha256(place.file.read_bytes()).hexdigest()
    ruleset = dated(parse(tree, place.name, ((place.name, content),)))
    if ruleset.extends is None:
        return (ruleset,)
    parent = place_of(ruleset.extends.text, place, ruleset.extends.span)
    chain = (*below, place)
    _check_chain(chain, parent, ruleset.extends.span)
    return (ruleset, *parsed(parent, chain))


def read(place: Place, known_on: datetime.date | None = None) -> Ruleset:
    """The flattened rule set of a file, as known on a day; by default everything in the files. Raises ``RuleError``."""
    return flattened(parsed(place), known_on or datetime.date.max)


def flattened(chain: Chain, known_on: datetime.date = datetime.date.max) -> Ruleset:
    """One rule set out of a file and what it extends, both as they were known on one day. Raises ``RuleError``."""
    *below, first = chain
    found = resolve_own(as_known(first, known_on))
    for ruleset in reversed(below):
        found = flatten(as_known(ruleset, known_on), found)
    return found


def _check_chain(chain: tuple[Place, ...], parent: Place, at: Span) -> None:
    files = [p.file for p in chain]
    if parent.file in files:
        names = [p.name for p in chain[files.index(parent.file) :]] + [parent.name]
        raise RuleError(Diagnostic("E603", "`extends` goes in a circle: " + " → ".join(names), at))
    if len(chain) >= MAX_EXTENDS:
        raise RuleError(Diagnostic("E604", f"`extends` is more than {MAX_EXTENDS} deep", at))


def epochs(ruleset: Ruleset) -> tuple[Epoch, ...]:
    """The periods, inside the rule set's validity, in which nothing changes."""
    start, end = ruleset.valid
    inside = [d for d in ruleset.cut_points() if (start is None or d > start) and (end is None or d < end)]
    return tuple(itertools.pairwise([start, *inside, end]))


@dataclass(frozen=True, slots=True)
class View:
    """A rule set as it was known in a period."""

    ruleset: Ruleset
    edition: Edition


def views(chain: Chain) -> Iterator[View]:
    """The rule set as it is known with all publications, then with one day of publication less, and so on.

    A program is lowered once for all epochs and views in which the same holds. The first view has not yet passed the
    checks that no rule set may fail. Raises ``RuleError``.
    """
    days = publications(chain)
    until: datetime.date | None = None
    made: Made = {}
    for day in (*reversed(days), None):
        known = (_iso(day), _iso(until))
        try:
            ruleset = flattened(chain, day or BEFORE_ALL)
            view = _latest(ruleset, known, made) if until is None else _earlier(ruleset, known, made)
        except RuleError as error:
            raise RuleError(_as_then(found, until) for found in error.diagnostics) from None
        yield view
        until = day


def _as_then(found: Diagnostic, until: datetime.date | None) -> Diagnostic:
    """A fault that only an earlier view has says so."""
    return (
        found if until is None else replace(found, message=f"{found.message} (as the rules were known before {until})")
    )


def _latest(ruleset: Ruleset, known: tuple[str, str], made: Made) -> View:
    before_lowering(ruleset)
    holes = tuple(holes_between(ruleset))
    if holes:
        raise RuleError(holes)
    lowered = Lowering(by_line_date(ruleset), known, made)
    return View(ruleset, Edition(known, tuple(lowered.on(epoch) for epoch in epochs(ruleset))))


def _earlier(ruleset: Ruleset, known: tuple[str, str], made: Made) -> View:
    """What was known once. A value that was published later leaves a gap: such days are answered with its place."""
    if not says_something(ruleset):
        message, at = _nothing(ruleset)
        return View(ruleset, Edition(known, (), (Gap(("", ""), message, at),)))
    before_lowering(ruleset)
    programs, gaps, old = [], [], set(made)
    lowered = Lowering(by_line_date(ruleset), known, made)
    for epoch in epochs(ruleset):
        try:
            programs.append(lowered.on(epoch))
        except RuleError as error:
            if any(found.code != "E343" for found in error.diagnostics):
                raise
            gaps.append(_gap(error.diagnostics[0], epoch, ruleset))
    essential(ruleset, tuple(program for key, program in made.items() if key not in old))
    return View(ruleset, Edition(known, tuple(programs), tuple(gaps)))


@dataclass(frozen=True, slots=True)
class Lowering:
    """The programs of one view; ``ruleset`` has one table for all versions by the day of the line. ``made``: those of
    all views so far, by what holds; ``built``: tables of this view."""

    ruleset: Ruleset
    known: tuple[str, str]
    made: Made
    built: Built = field(default_factory=dict)

    def on(self, epoch: Epoch) -> ir.Program:
        """The program of one epoch. Raises ``RuleError``."""
        key = _slice(self.ruleset, epoch[0])
        if key not in self.made:
            self.made[key] = lower(self.ruleset, epoch, self.built)
        return replace(self.made[key], valid=(_iso(epoch[0]), _iso(epoch[1])), known=self.known)


def lowered_again(ruleset: Ruleset, before: Ruleset, programs: Sequence[ir.Program]) -> tuple[ir.Program, ...]:
    """The programs of a rule set that differs from ``before`` in nothing but numbers. ``programs``: those of
    ``before``, kept for every epoch in which no number differs. Raises ``RuleError`` for numbers that no rule set may
    have."""
    before_lowering(ruleset)
    lowering = Lowering(by_line_date(ruleset), programs[0].known, {})
    found = []
    for epoch, kept in zip(epochs(ruleset), programs, strict=True):
        same = _in_force_on(ruleset, epoch[0]) == _in_force_on(before, epoch[0])
        found.append(kept if same else lowering.on(epoch))
    return tuple(found)


def check_numbers(ruleset: Ruleset, programs: tuple[ir.Program, ...]) -> None:
    """Raises ``RuleError`` for programs, lowered again, that would settle no claim rightly."""
    essential(ruleset, programs)


def _in_force_on(ruleset: Ruleset, day: datetime.date | None) -> tuple[object, ...]:
    """What of a rule set holds on a day, numbers included; of what the day of a fee line chooses among, all."""
    parameters = tuple(p.values if p.dated_by else in_force(p.values, day) for p in ruleset.parameters)
    tables = tuple(t for t in ruleset.tables if t.dated_by)
    return parameters, tables, in_force(ruleset.tables, day), in_force(ruleset.provisions, day)


def _gap(hole: Diagnostic, epoch: Epoch, ruleset: Ruleset) -> Gap:
    name = hole.message.partition(" has no value")[0]
    return Gap((_iso(epoch[0]), _iso(epoch[1])), f"{name} had not been published", hole.span or ruleset.span)


def _nothing(ruleset: Ruleset) -> tuple[str, Span]:
    """That nothing had been published, and the place of what was published first."""
    found = [(x.published or BEFORE_ALL, x.id) for x in ruleset.layers]
    found += [(p.published or BEFORE_ALL, p.id) for p in ruleset.provisions]
    day, first = min((entry for entry in found if entry[0] > BEFORE_ALL), key=lambda entry: entry[0])
    return f"nothing of {ruleset.name} had been published; `{first}` was the first, on {day}", first.span


def _slice(ruleset: Ruleset, day: datetime.date | None) -> tuple[object, ...]:
    """What of a rule set holds on a day: where it is written and what is cited for it, in order."""
    found: list[object] = []
    for parameter in ruleset.parameters:
        values = in_force(parameter.values, day)
        found.append((parameter.id.span, *((v.span, v.cites, v.assumed) for v in values)))
    found.append(ruleset.grounds.assumed_on(day))
    found.append(tuple((t.id, t.rows, t.cites, t.assumed) for t in in_force(ruleset.tables, day)))
    found.append(tuple((x.id.span, x.cites, x.assumed) for x in in_force(ruleset.layers, day)))
    found.append(tuple((p.id.span, p.cites, p.assumed) for p in in_force(ruleset.provisions, day)))
    return tuple(found)


def _iso(day: datetime.date | None) -> str:
    return "" if day is None else day.isoformat()


def book_of(chain: Chain) -> Rulebook:
    """Lowers every epoch of every view and runs the checks that no rule set may fail."""
    found = views(chain)
    latest = next(found)
    ruleset = latest.ruleset
    essential(ruleset, latest.edition.programs)
    sources = {
        s.id.text: {k: v for k in ("title", "publisher", "date", "url", "file", "grade") if (v := getattr(s, k))}
        for s in ruleset.sources
    }
    text = "\n".join(f"{name} {content}" for name, content in ruleset.files)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Rulebook(
        ruleset.name, ruleset.title, digest, ruleset.files, latest.edition.programs, sources, ruleset.status,
        tuple(view.edition for view in found), ruleset.status_at, ruleset.place,
    )  # fmt: skip
