"""Claims with one thing altered: the second settlement of a law of a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal

from policyengine import ir
from policyengine.claim import Claim
from policyengine.money import exponent_of
from policyengine.rulebook import Rulebook

MORE = (1, 100, 10_000, 500_000)
"""By how much a fee line is enlarged, in minor units."""
RAISED = 10_000
"""By how much a ceiling is raised, in minor units."""


def _again(claim: Claim, **update: object) -> Claim:
    """The claim with other fields, read as any claim is."""
    data = claim.model_copy(update={**update, "total": None}).model_dump(mode="json", exclude_none=True)
    return Claim.model_validate(data)


def enlarged(claim: Claim, by: int, at: int = 0) -> Claim:
    """The claim with ``by`` minor units more on one line."""
    more = Decimal(by).scaleb(-exponent_of(claim.currency))
    lines = tuple(
        line.model_copy(update={"amount": line.amount + more}) if number == at else line
        for number, line in enumerate(claim.lines)
    )
    return _again(claim, lines=lines)


def tagged(claim: Claim, tag: str) -> Claim:
    person = claim.person.model_copy(update={"tags": claim.person.tags | {tag}})
    return _again(claim, person=person)


def turned(claim: Claim) -> Claim:
    """The claim with its fee lines in the opposite order."""
    return _again(claim, lines=claim.lines[::-1])


def split(claim: Claim) -> tuple[Claim, Claim]:
    """Two claims of the same day in place of one: half of every fee line, and the rest. What was paid elsewhere is of
    the first."""
    unit = Decimal(1).scaleb(-exponent_of(claim.currency))
    halves = [(line.amount / 2).quantize(unit, ROUND_DOWN) for line in claim.lines]
    first, rest = (
        tuple(line.model_copy(update={"amount": amount}) for line, amount in zip(claim.lines, amounts, strict=True))
        for amounts in (halves, [line.amount - half for line, half in zip(claim.lines, halves, strict=True)])
    )
    return (
        _again(claim, id=f"{claim.id}.1", lines=first),
        _again(claim, id=f"{claim.id}.2", lines=rest, sequence=claim.sequence + 1, paid_elsewhere=()),
    )


def ceilings(program: ir.Program) -> Iterator[str]:
    """The steps that state the ceilings of a program, once each."""
    yield from dict.fromkeys(limit.limit for limit in program.limits if limit.kind == "ceiling")


def raised(program: ir.Program, ceiling: str, by: int = RAISED) -> ir.Program:
    """The program with a ceiling so much higher."""
    steps = tuple(
        replace(step, expr=ir.add(step.expr, ir.money(by))) if step.name == ceiling else step for step in program.steps
    )
    return replace(program, steps=steps)


def with_program(book: Rulebook, old: ir.Program, new: ir.Program) -> Rulebook:
    """The rule set with another program in place of one."""

    def other(programs: tuple[ir.Program, ...]) -> tuple[ir.Program, ...]:
        return tuple(new if one is old else one for one in programs)

    earlier = tuple(replace(edition, programs=other(edition.programs)) for edition in book.earlier)
    return replace(book, programs=other(book.programs), earlier=earlier, prepared={})
