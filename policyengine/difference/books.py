"""Both rule sets over a book of claims: how many change, by how much, who loses."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policyengine.bulk.mapping import ColumnMap
from policyengine.difference.model import Side
from policyengine.errors import ClaimError, Diagnostic
from policyengine.simulate import Question, Simulation, simulate_claims


def over_claims(
    old: Side,
    new: Side,
    claims: Any,
    *,
    group_by: tuple[str, ...] = (),
    columns: ColumnMap | Path | str | None = None,
    lines: Any = None,
    parameters: Mapping[str, object] | None = None,
    sort: bool = False,
    threads: int | None = None,
) -> Simulation:
    """The claims settled by both, the second as a reform of the first; ``claims``, ``columns``, ``lines`` as for
    ``simulate_claims``.

    Raises ``ClaimError`` E812 for a rule set at one day, since every claim has a day of its own, and as
    ``simulate_claims``.
    """
    for side in (old, new):
        if side.day is not None:
            message = f"{side.shown} is a rule set at one day, and every claim of a book has its own"
            hint = f"name it as `{side.name}`; an overlay or a copy of the file can state what another day has"
            raise ClaimError(Diagnostic("E812", message, None, "a rule set without a day", hint, record="the claims"))
    return simulate_claims(
        old.book, claims, Question(group_by), reforms=[new.book], columns=columns, lines=lines, parameters=parameters,
        allow_draft=True, sort=sort, threads=threads,
    )  # fmt: skip
