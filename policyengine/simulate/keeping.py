"""What a simulation keeps of itself to go on after an interruption, and what tells it from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Final

from policyengine.bulk.checkpoint import LIBRARY, RULES, SOURCE, fingerprint
from policyengine.bulk.csvfiles import PLAIN as PLAIN_CSV
from policyengine.bulk.csvfiles import Written
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.plain import Plain
from policyengine.bulk.reader import Claims
from policyengine.bulk.sources import open_source
from policyengine.cache import sources_digest
from policyengine.errors import Diagnostic, Span
from policyengine.mass import Digest
from policyengine.mass.passing import Keeping
from policyengine.simulate.asking import Question
from policyengine.simulate.model import (
    Burden,
    Case,
    Cell,
    Change,
    Judged,
    Outcome,
    Reform,
    Refused,
    Side,
)
from policyengine.simulate.parts import Ruling

PLAIN: Final = Plain((
    Outcome, Cell, Burden, Reform, Change, Side, Judged, Case, Digest, Refused, Diagnostic, Span,
))  # fmt: skip


def keeping_of(
    path: Path, every: int, opened: Claims, rulings: Sequence[Ruling], question: Question, columns: ColumnMap | None,
    rejects: Path | None, sort: bool,
) -> Keeping:  # fmt: skip
    """Where a simulation is kept, and what it hangs on. Raises ``ClaimError`` for incomes that cannot be read."""
    rules = [(r.name, r.bulk.book.digest, r.bulk.parameters, r.bulk.known_on, r.bulk.allow_draft) for r in rulings]
    asked = [getattr(question, one.name) for one in fields(question) if one.name != "incomes"]
    run = {
        SOURCE: _sources(opened, rulings, question, sort, PLAIN_CSV if columns is None else columns.written),
        RULES: fingerprint(*rules),
        "with other columns": fingerprint(columns),
        "for another question": fingerprint(*asked, question.of_claims),
        "with another file of rejects": fingerprint(None if rejects is None else rejects.resolve()),
        LIBRARY: sources_digest(),
    }
    return Keeping(path, run, PLAIN, every)


def _sources(opened: Claims, rulings: Sequence[Ruling], question: Question, sort: bool, written: Written) -> str:
    """What tells everything that is read from other tables; empty where nothing does."""
    found = [opened.source.fingerprint]
    found += [r.bulk.openings.fingerprint for r in rulings if r.bulk.openings is not None]
    if opened.lines is not None:
        found.append(opened.lines.fingerprint)
    if question.incomes is not None and not question.of_claims:
        found.append(open_source(question.incomes, written).fingerprint)
    return fingerprint(*found, sort) if all(found) else ""
