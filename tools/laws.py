"""The page of laws: each with its tolerance and its exceptions, and where shipped rule sets have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    books = [load(name) for name in bundled_names()]
    parts += [_of_law(law, books) for law in OF_CHANGES]
    return "\n\n".join(parts)


def _of_law(law: ChangeLaw, books: Sequence[Rulebook]) -> str:
    rows = [row for book in books for row in _rows(law, book)]
    without = sum(not any(True for p in book.programs for _ in law.exceptions(p)) for book in books)
    head = f"## Exceptions to `{law.id}`\n\n{without} of {len(books)} shipped rule sets have none."
    return f"{head}\n\n{table(('rule set', 'exception', 'steps'), rows)}" if rows else head


def _rows(law: ChangeLaw, book: Rulebook) -> Iterator[tuple[str, str, str]]:
    """A row for each kind of exception; the versions of a rule set together."""
    found: dict[str, dict[str, Exempt]] = {}
    for program in book.programs:
        for exempt in law.exceptions(program):
            found.setdefault(exempt.why.id, {}).setdefault(exempt.step.name, exempt)
    for why, steps in found.items():
        shown = ", ".join(f"`{name}`" for name in list(steps)[:MOST])
        yield f"`{book.name}`", f"`{why}`", shown + (f" and {len(steps) - MOST} more" if len(steps) > MOST else "")
