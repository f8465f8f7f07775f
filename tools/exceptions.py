"""Writes the page of the exceptions of shipped rule sets to laws. ``make docs`` runs it; a test compares.

python tools/exceptions.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "exceptions-to-laws.md"
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from policyengine import bundled_names, load  # noqa: E402
from policyengine.laws import OF_CHANGES, ChangeLaw, Exempt  # noqa: E402
from policyengine.rulebook import Rulebook  # noqa: E402
from tools.markdown import table  # noqa: E402

MOST = 4
"""Steps that a cell names."""
HEAD = """<!-- Written by `tools/exceptions.py`; changes here are lost. -->

# Where shipped rule sets do not keep a law

A policy may break a [law](reference/laws.md) and mean to. What stands here was found in the programs of the rule sets,
by the shape of what they reckon: the steps behind each exception, and by them the clause. An exception excuses two
settlements only where it bears on them; everywhere else the law is held against the rule set, too.
"""


@dataclass(frozen=True)
class _Found:
    """The exceptions of the last version of a rule set, by law."""

    name: str
    exempt: Mapping[str, tuple[Exempt, ...]]

    @classmethod
    def of(cls, book: Rulebook) -> _Found:
        return cls(book.name, {law.id: tuple(law.exceptions(book.programs[-1])) for law in OF_CHANGES})


def page() -> str:
    """Every exception of every shipped rule set, by law."""
    books = [_Found.of(load(name)) for name in bundled_names()]
    return "\n".join((HEAD, *(f"{_of_law(law, books)}\n" for law in OF_CHANGES)))


def _of_law(law: ChangeLaw, books: Sequence[_Found]) -> str:
    rows = [row for book in books for row in _rows(book.name, book.exempt[law.id])]
    without = sum(not book.exempt[law.id] for book in books)
    head = (
        f"## Exceptions to `{law.id}`\n\n{without} of {len(books)} shipped rule sets have none in their last version."
    )
    return f"{head}\n\n{table(('rule set', 'exception', 'steps'), rows)}" if rows else head


def _rows(name: str, exempt: Sequence[Exempt]) -> Iterator[tuple[str, str, str]]:
    """A row for each kind of exception."""
    found: dict[str, dict[str, None]] = {}
    for one in exempt:
        found.setdefault(one.why.id, {})[one.step.name] = None
    for why, steps in found.items():
        shown = ", ".join(f"`{step}`" for step in list(steps)[:MOST])
        yield f"`{name}`", f"`{why}`", shown + (f" and {len(steps) - MOST} more" if len(steps) > MOST else "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
