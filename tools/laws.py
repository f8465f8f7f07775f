"""The page of laws: each with its tolerance and its exceptions, and where shipped rule sets have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from policyengine import bundled_names, load
from policyengine.laws import OF_CHANGES, OF_DOCUMENTS, OF_LIVES, OF_ONE, WHYS, ChangeLaw, Exempt
from policyengine.laws.table import ENGINES_AGREE
from policyengine.rulebook import Rulebook
from tools.markdown import table

ROUNDS = "one unit of rounding for each place at which the patient's part is rounded"
MOST = 4
"""Steps that a cell names."""


def laws() -> str:
    """Every law, every kind of exception, and the exceptions of every shipped rule set."""
    plain = (*OF_ONE, *OF_DOCUMENTS, ENGINES_AGREE, *OF_LIVES)
    parts = [
        "# Laws",
        "What holds for every settlement, whatever the rule file says. [Testing a policy](../testing-policy.md) tells "
        "how laws are tried. Exceptions are found in the program, never in the name of a rule set.",
        "## Of one settlement, or of a member's claims\n\nWithout tolerance, without exceptions.\n\n"
        + table(("law", "", "中文"), [(f"`{law.id}`", law.en, law.zh) for law in plain]),
        "## Of two settlements that differ in one thing\n\n"
        + table(
            ("law", "", "中文", "tolerance"),
            [(f"`{law.id}`", law.en, law.zh, ROUNDS if law.rounds else "none") for law in OF_CHANGES],
        ),
        "## Kinds of exceptions\n\nAn exception excuses two settlements only where it bears on them: where the "
        "comparison comes out otherwise, where the layer pays, where the provision ends.\n\n"
        + table(("exception", "", "中文"), [(f"`{why.id}`", why.en, why.zh) for why in WHYS.values()]),
    ]
    books = [_Found.of(load(name)) for name in bundled_names()]
    parts += [_of_law(law, books) for law in OF_CHANGES]
    return "\n\n".join(parts)


@dataclass(frozen=True)
class _Found:
    """The exceptions of the last version of a rule set, by law."""

    name: str
    exempt: Mapping[str, tuple[Exempt, ...]]

    @classmethod
    def of(cls, book: Rulebook) -> _Found:
        return cls(book.name, {law.id: tuple(law.exceptions(book.programs[-1])) for law in OF_CHANGES})


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
