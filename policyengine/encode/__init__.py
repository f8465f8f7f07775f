"""A claim as a program reads it: values in the order of the program's inputs, every fact typed, nothing left over.

``encoder(program)`` is prepared once and used for many claims; ``encode(program, claim)`` is the same for one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.claim.problems import Path
from policyengine.encode.counted import counted, minus
from policyengine.encode.days import age_on, selecting_date, selector
from policyengine.encode.demand import Gap, demanded
from policyengine.encode.facts import getter
from policyengine.encode.ledger import Ledger
from policyengine.encode.leftovers import Leftovers
from policyengine.encode.meters import check_history, check_order, require_order, shapes_of
from policyengine.encode.parameters import typed_parameters
from policyengine.encode.partly import Gaps, Reader, gaps_of, read_partly
from policyengine.encode.rows import cells, column
from policyengine.encode.scopes import scope_key
from policyengine.encode.standing import (
    NOTHING,
    Change,
    Counted,
    Stand,
    Standing,
    Update,
    change_of,
    changed,
    count_on,
    draft_of,
    one_after_the_other,
    standing_reader,
    updates_of,
)
from policyengine.encode.typed import claim_error
from policyengine.encode.windows import days_of, plus, window_key
from policyengine.errors import ClaimError
from policyengine.money import exponent_of

__all__ = [
    "NOTHING",
    "Change",
    "Counted",
    "Encoded",
    "Gap",
    "Gaps",
    "Ledger",
    "Stand",
    "Standing",
    "Update",
    "age_on",
    "change_of",
    "changed",
    "check_history",
    "check_order",
    "count_on",
    "days_of",
    "demanded",
    "draft_of",
    "encode",
    "encoder",
    "left_open",
    "minus",
    "one_after_the_other",
    "plus",
    "require_order",
    "scope_key",
    "selecting_date",
    "selector",
    "shapes_of",
    "standing_reader",
    "typed_parameters",
    "updates_of",
    "window_key",
]


class Encoded(NamedTuple):
    """The claim inputs of a program in their order, and for each fee line the row inputs in theirs."""

    inputs: tuple[ir.Value, ...]
    rows: tuple[tuple[ir.Value, ...], ...]


def encode(program: ir.Program, claim: Claim, parameters: Mapping[str, object] | None = None) -> Encoded:
    """``claim`` as ``program`` reads it. Raises ``ClaimError`` with all that does not fit."""
    return encoder(program, parameters)(claim)


def encoder(
    program: ir.Program, parameters: Mapping[str, object] | None = None, unknowns: bool = False
) -> Callable[[Claim], Encoded]:
    """The prepared form of ``encode``. Raises ``ClaimError`` at once for parameters that are unknown or do not fit.

    A fact that the claim does not state, and a parameter that is not given, is asked for where the rules read it for
    the claim; else any value stands in its place.
    With ``unknowns``, a fact of the claim that is said to be unknown is read as ``None``; else such a claim is refused.
    """
    getters, columns = _readers(program, parameters)
    leftovers = Leftovers.of(program)
    if unknowns:
        names = [d.name for d in program.inputs if d.domain == "claim"]
        getters = [_if_known(name, get) for name, get in zip(names, getters, strict=True)]

    billed = not program.grants or bool(program.settle_by or program.margins)

    def read(claim: Claim) -> Encoded:
        if billed and not claim.lines:
            raise _no_bill(claim, program)
        if claim.minor.unknown and not unknowns:
            raise _not_known(claim)
        if claim.corrects is not None:
            raise _correction_alone(claim)
        try:
            leftovers.refuse(claim)
            inputs = tuple([get(claim) for get in getters])
            if not columns:
                return Encoded(inputs, ((),) * len(claim.lines))
            return Encoded(inputs, tuple(zip(*[make(claim) for make in columns], strict=True)))
        except ClaimError:
            pass  # what is wrong, and whether it matters, is said below, without this error as its context
        return Encoded(*read_partly(program, claim, leftovers.refuse, getters, columns))

    return read


def left_open(program: ir.Program, claim: Claim, parameters: Mapping[str, object] | None = None) -> Gaps:
    """What ``program`` could read, and neither ``claim`` nor ``parameters`` state, needed or not."""
    return gaps_of(program, claim, *_readers(program, parameters))


def _readers(program: ir.Program, parameters: Mapping[str, object] | None) -> tuple[list[Reader], list[Reader]]:
    """The readers of the inputs of the claim and of its fee lines, in their order."""
    exponent = exponent_of(program.currency)
    typed = typed_parameters(program, parameters, exponent)
    getters: list[Reader] = [_getter(program, d, exponent, typed) for d in program.inputs if d.domain == "claim"]
    return getters, [_column(program, d, exponent) for d in program.inputs if d.domain == "row"]


def _if_known(name: str, get: Callable[[Claim], Any]) -> Callable[[Claim], Any]:
    return lambda claim: None if name in claim.unknown else get(claim)


def _not_known(claim: Claim) -> ClaimError:
    on_line = (("lines", n, "unknown") for n, line in enumerate(claim.lines) if line.unknown)
    path: Path = ("unknown",) if claim.unknown else next(on_line)
    names = sorted(claim.unknown | {name for line in claim.lines for name in line.unknown})
    text = f"the claim says that {', '.join(map(quoted, names))} {'is' if len(names) == 1 else 'are'} unknown"
    hint = "`bounds(ruleset, claim)`, or `policyengine settle --bounds`, says between what amounts the claim lies"
    return claim_error(claim, "E592", path, text, "every fact stated", hint)


def _no_bill(claim: Claim, program: ir.Program) -> ClaimError:
    """Only a grant (发放补助) is given without a bill; an empty list is else a bill whose lines were lost."""
    hint = "only a rule set that gives grants settles a claim without a bill"
    if program.grants:
        hint = "a price of the case and lines settled one after the other need the lines of a bill"
    return claim_error(claim, "E523", ("lines",), "there is no fee line", "the fee lines of the bill", hint)


def _correction_alone(claim: Claim) -> ClaimError:
    """Nothing else is said of it: amounts below nothing are in their place there."""
    text = "a correction is not settled by itself: what it corrects would be counted twice"
    hint = "settle the member's claims again with it: `policyengine resettle --correct`, or `resettle`"
    return claim_error(claim, "E539", ("corrects",), text, "a claim that stands for itself", hint)


def _getter(
    program: ir.Program, decl: ir.InputDecl, exponent: int, parameters: Mapping[str, ir.Value]
) -> Callable[[Claim], ir.Value]:
    if decl.days is None:
        return getter(program, decl, exponent, parameters)
    count = counted(decl, program, exponent)
    return lambda claim: count(claim, 0)


def _column(program: ir.Program, decl: ir.InputDecl, exponent: int) -> Callable[[Claim], Sequence[ir.Value]]:
    return column(decl, exponent) if decl.days is None else cells(counted(decl, program, exponent))
