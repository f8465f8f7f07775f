"""The laws that `policyengine test` tries beside the cases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from policyengine.cli.options import path
from policyengine.cli.output import safe
from policyengine.errors import nearest

if TYPE_CHECKING:
    from policyengine.claim import Claim
    from policyengine.lawfiles import Law, Verdict
    from policyengine.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Trying:
    """How laws are tried: on so many lives drawn by a seed, or on the claims of a file; ``only`` these laws."""

    examples: int
    seed: int
    only: tuple[str, ...] = ()
    claims: str | None = None
    volume: int = 0


def laws_of(name: str) -> tuple[Law, ...]:
    """The laws of every law file beside a rule file. Raises ``RuleError``."""
    from policyengine.lawfiles import find_laws, read_laws

    return read_laws(find_laws(name, path()))


def verdicts_of(name: str, how: Trying) -> tuple[Verdict, ...]:
    """What comes of the laws beside a rule file. Raises ``RuleError``, and ``ClaimError`` for claims of a file."""
    from policyengine.cli.rules import placed
    from policyengine.lawfiles import lives_of, ready, try_laws

    laws = [law for law in laws_of(name) if not how.only or law.id.text in how.only]
    if not laws or not (how.examples or how.claims or how.volume):
        return ()
    with placed(name):
        made = ready(name, laws, path())
    lives = None if how.claims is None else tuple(lives_of(_claims(made[0].book, how.claims)))
    return try_laws(made, how.examples, how.seed, lives, volume=how.volume)


def _claims(book: Rulebook, name: str) -> Iterable[Claim]:
    """The claims of a file; of a run those that its rows, or settlements, make. Raises ``ClaimError``."""
    from policyengine.claim import Claim
    from policyengine.cli.runs import given_in, placed_in
    from policyengine.errors import ClaimError, Diagnostic
    from policyengine.records import read_records
    from policyengine.runs import claims_by_window

    if book.programs[0].run is None:
        return (record.taken() for record in read_records(name))
    records, rows = given_in(name), []
    for record in records:
        given = record.taken()
        if isinstance(given, Claim):
            text = "a claim that nobody has settled yet"
            raise ClaimError(Diagnostic("E660", text, record.place, "settlements, or rows"))
        rows.append(given)
    try:
        return claims_by_window(book, rows)
    except ClaimError as error:
        raise ClaimError(placed_in(records, error)) from None


def require_known(names: Sequence[str], only: tuple[str, ...]) -> None:
    """Raises ``click.UsageError`` for a name that no law of these rule sets has."""
    known = [law.id.text for name in names for law in laws_of(name)] if only else []
    for one in only:
        if one not in known:
            raise click.UsageError(safe(f"there is no law {one!r}. {nearest(one, known)}".rstrip()))
