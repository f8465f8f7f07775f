"""Rights derived as plain booleans: the program of the sentences, evaluated over the evidence as its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policyengine import ir
from policyengine.backends.evaluate import evaluate
from policyengine.entitlements.records import Piece
from policyengine.lower.entitlements import Rights

Derive = Callable[[Rights, Sequence[Piece]], frozenset[str]]
"""The rights that pieces of evidence give, all of them valid and known."""


def plain(rights: Rights, pieces: Sequence[Piece]) -> frozenset[str]:
    """The reference: what the program says."""
    found = evaluate(rights.program, {}, [piece.values for piece in pieces], {})
    return frozenset(name for name, step in rights.names if found[step])


def meets(rights: Rights, condition: ir.Expr, piece: Piece) -> bool:
    """Whether one piece meets the condition of one kind."""
    step = ir.Step("met", condition)
    program = ir.Program(rights.program.ruleset, ("", ""), rights.program.currency, "", (), rights.program.tables,
                         (step,), (), (), (), (), (), patient="")  # fmt: skip
    found = evaluate(program, {}, [piece.values], {})["met"]
    assert isinstance(found, tuple)
    return bool(found[0])
