"""From a rule file to its rulebook: read, parse, flatten what it extends, lower every epoch, check."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

from policyengine.check import before_lowering, essential
from policyengine.check.rows import misread
from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.inherit import flatten, resolve_own
from policyengine.lower import Epoch, lower_each
from policyengine.parse import parse
from policyengine.parse.runs import GIVEN, SETTLEMENTS
from policyengine.rulebook import MAX_EXTENDS, Place, Rulebook, place_of
from policyengine.ruleset import Ruleset
from policyengine.source import read_file


def assemble(place: Place) -> Rulebook:
    """The rulebook of a rule file. Raises ``RuleError`` with everything that is wrong."""
    ruleset = read(place)
    check_rows(ruleset, place.root)
    return book_of(ruleset)


def check_rows(ruleset: Ruleset, root: Path) -> None:
    """The fields of a run's rows against the rule sets whose settlements they are. Raises ``RuleError``."""
    found: list[Diagnostic] = []
    for base in ruleset.rows.of if ruleset.rows is not None else ():
        if base.text not in (SETTLEMENTS, GIVEN):
            stated = read(place_of(base.text, root, base.span))
            programs = lower_each(stated, epochs(stated))
            found += misread(ruleset, base, stated, programs)
    if found:
        raise RuleError(dict.fromkeys(found))


def read(place: Place, below: tuple[Place, ...] = ()) -> Ruleset:
    """The flattened rule set of a file; ``below`` are the rule sets that extend it."""
    tree = read_file(place.file, place.shown)
    content = hashlib.sha256(place.file.read_bytes()).hexdigest()
    ruleset = parse(tree, place.name, ((place.name, content),))
    if ruleset.extends is None:
        return resolve_own(ruleset)
    parent = place_of(ruleset.extends.text, place.root, ruleset.extends.span)
    chain = (*below, place)
    _check_chain(chain, parent, ruleset.extends.span)
    return flatten(ruleset, read(parent, chain))


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


def book_of(ruleset: Ruleset) -> Rulebook:
    """Lowers every epoch and runs the checks that no rule set may fail."""
    before_lowering(ruleset)
    programs = lower_each(ruleset, epochs(ruleset))
    essential(ruleset, programs)
    sources = {
        s.id.text: {k: v for k in ("title", "publisher", "date", "url", "file", "grade") if (v := getattr(s, k))}
        for s in ruleset.sources
    }
    text = "\n".join(f"{name} {content}" for name, content in ruleset.files)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Rulebook(ruleset.name, ruleset.title, digest, ruleset.files, programs, sources, ruleset.status)
