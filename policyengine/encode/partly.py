"""A claim that leaves facts open: refused for those that its program needs, read without the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from policyengine import ir
from policyengine.claim import Claim
from policyengine.encode.demand import Gap, Known, demanded
from policyengine.encode.typed import Unstated
from policyengine.errors import ClaimError, Diagnostic

Reader = Callable[[Claim], Any]
Read = tuple[tuple[ir.Value, ...], tuple[tuple[ir.Value, ...], ...]]
Gaps = Mapping[Gap, tuple[Diagnostic, ...]]
"""What is not stated, each with what is said where it is needed."""


def read_partly(
    program: ir.Program, claim: Claim, refuse: Reader, getters: Sequence[Reader], columns: Sequence[Reader]
) -> Read:
    """The inputs and rows of a claim, with any value for a fact that is neither stated nor needed.

    Raises ``ClaimError`` with all that is wrong; if nothing is but facts that are not stated, with those needed.
    """
    wrong: dict[Diagnostic, None] = {}
    _tried(refuse, claim, wrong)
    inputs, lines, gaps = _gathered(program, claim, getters, columns, wrong)
    if wrong:
        raise ClaimError([*wrong, *dict.fromkeys(d for found in gaps.values() for d in found)])
    rows = [{name: line[at] for name, line in lines.items()} for at in range(len(claim.lines))]
    needed = demanded(program, inputs, rows, frozenset(gaps))
    if needed:
        raise ClaimError(dict.fromkeys(d for gap, found in gaps.items() if gap in needed for d in found))
    decls = {(d.domain, d.name): d for d in program.inputs}
    return (
        tuple(_some(decls["claim", name], value) for name, value in inputs.items()),
        tuple(tuple(_some(decls["row", name], value) for name, value in row.items()) for row in rows),
    )


def gaps_of(program: ir.Program, claim: Claim, getters: Sequence[Reader], columns: Sequence[Reader]) -> Gaps:
    """What ``program`` could read and ``claim`` leaves open, needed or not."""
    return _gathered(program, claim, getters, columns, {})[2]


def _gathered(
    program: ir.Program,
    claim: Claim,
    getters: Sequence[Reader],
    columns: Sequence[Reader],
    wrong: dict[Diagnostic, None],
) -> tuple[dict[str, Known], dict[str, list[Known]], Gaps]:
    """The inputs of the claim and of its fee lines by name, with a gap for each fact that is not stated, and the gaps.
    What cannot be read is added to ``wrong``."""
    gaps: dict[Gap, tuple[Diagnostic, ...]] = {}
    of_claim, of_row = ([d for d in program.inputs if d.domain == x] for x in ("claim", "row"))
    inputs = {d.name: _filled(d, get, claim, None, wrong, gaps) for d, get in zip(of_claim, getters, strict=True)}
    lines = {d.name: _filled(d, make, claim, len(claim.lines), wrong, gaps)
             for d, make in zip(of_row, columns, strict=True)}  # fmt: skip
    return inputs, lines, gaps


def _tried(read: Reader, claim: Claim, wrong: dict[Diagnostic, None]) -> Any:
    try:
        return read(claim)
    except Unstated:
        raise
    except ClaimError as error:
        wrong |= dict.fromkeys(error.diagnostics)
        return None


def _filled(
    decl: ir.InputDecl,
    read: Reader,
    claim: Claim,
    lines: int | None,
    wrong: dict[Diagnostic, None],
    gaps: dict[Gap, tuple[Diagnostic, ...]],
) -> Any:
    """What a reader finds, with a gap where the claim states nothing; a list of it where it reads ``lines``."""
    try:
        found = _tried(read, claim, wrong)
    except Unstated as error:
        if lines is None:
            gaps[decl.name, None] = error.diagnostics
            return frozenset([(decl.name, None)])
        missing = [at for at, cell in enumerate(error.cells) if cell is None]
        gaps |= {(decl.name, at): (found,) for at, found in zip(missing, error.diagnostics, strict=True)}
        return [frozenset([(decl.name, at)]) if cell is None else cell for at, cell in enumerate(error.cells)]
    return found


def _some(decl: ir.InputDecl, value: Known) -> Any:
    """The value, or, in the place of a gap, any that the program takes: no step depends on it."""
    if not isinstance(value, frozenset):
        return value
    match decl.kind:
        case "flag":
            return False
        case "code":
            return decl.values[0] if decl.values else "other"
        case "rate":
            return Fraction(decl.low or 0)
        case _:
            return decl.low or 0
