"""The claim of a run as rows that could be handed in for it: the way back from what ``run_claims`` makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine import ir
from policyengine.claim import Claim
from policyengine.rulebook import Rulebook
from policyengine.runs.claims import run_claims, run_of
from policyengine.runs.rows import RunRow

_ANY: dict[str, Any] = {"money": "1", "count": 1, "rate": "0", "flag": False}
"""What a field says of which nothing is known, by its kind."""


def rows_of(book: Rulebook, claim: Claim) -> tuple[RunRow, ...]:
    """Rows, one for each fee line of a claim of the run. What only tells rows apart, and no claim holds, is made up.

    Raises ``ClaimError`` for a claim that no run could make.
    """
    run, read = run_of(book), _codes(book)
    whole = claim.model_dump(mode="json", exclude_unset=True)
    return tuple(
        RunRow.model_validate({
            "id": line.id or f"r{at}", "day": claim.encounter.service_date, "currency": claim.currency,
            "person": whole["person"], **({"facts": whole["facts"]} if whole.get("facts") else {}),
            "fields": {field.name: _said(field, line.facts, read, at) for field in run.fields},
        })
        for at, line in enumerate(claim.lines, start=1)
    )  # fmt: skip


def restated(book: Rulebook, claim: Claim) -> Claim:
    """The claim as it can be handed in; of a run what it makes of the rows of the claim, the same with nothing that a
    run does not say. Raises as ``rows_of``."""
    return claim if book.programs[-1].run is None else run_claims(book, rows_of(book, claim)).claims[0]


def _said(field: ir.RunField, stated: Any, codes: dict[str, str], at: int) -> Any:
    if field.name in stated:
        return stated[field.name]
    if field.kind == "id":
        return f"{field.name}_{at}"
    return codes.get(field.name, _ANY.get(field.kind))


def _codes(book: Rulebook) -> dict[str, str]:
    """The first code of each field that is one."""

    def declared() -> Iterator[ir.InputDecl]:
        for program in book.programs:
            yield from (d for d in (*program.inputs, *program.declared) if d.domain == "row" and d.values)

    return {decl.name: decl.values[0] for decl in declared()}
