"""Corrections: claims with negative lines, which net with the lines of the claim that they correct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from policyengine.claim import Claim, FeeLine, StrictModel, quoted
from policyengine.errors import ClaimError, Diagnostic, nearest

KEPT = ("price_limit", "quantity")
"""What belongs to the whole of a line: a correction that leaves a part of the line says what of it remains."""


def netted(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims with every correction among them netted with its original, which stands before it.

    Raises ``ClaimError`` for an id that stands twice, and for corrections that do not fit.
    """
    found: dict[str, Claim | None] = {}
    for claim in claims:
        if claim.id in found:
            raise refused("E584", claim, "id", f"the claim {quoted(claim.id)} stands twice", "each claim once")
        if claim.corrects is None:
            found[claim.id] = claim
            continue
        found[claim.corrects] = corrected(standing(found, claim.corrects, claim), claim)
    return tuple(claim for claim in found.values() if claim is not None)


def standing(claims: dict[str, Claim | None], wanted: str, by: Claim | None = None) -> Claim:
    """The claim of that id. Raises ``ClaimError`` if there is none, or if it was taken back whole."""
    claim = claims.get(wanted)
    if claim is not None:
        return claim
    hint = nearest(wanted, claims)
    text = f"there is no claim {quoted(wanted)} to change"
    if wanted in claims:
        text, hint = f"the claim {quoted(wanted)} was taken back whole already", ""
    record = "the changes" if by is None else f"claim {quoted(by.id)}"
    raise ClaimError(Diagnostic("E582", text, None, "the id of a claim that was settled", hint, record=record,
                                field="" if by is None else "corrects"))  # fmt: skip


def corrected(original: Claim, correction: Claim) -> Claim | None:
    """``original`` with the lines of ``correction`` added to its own; ``None`` if nothing is left of it.

    Lines are matched by their ids. Raises ``ClaimError`` for everything that does not fit.
    """
    wrong = [*_other_stay(original, correction), *_strangers(original, correction)]
    if wrong:
        raise ClaimError(wrong)
    lines = {line.id or f"\0{at}": line for at, line in enumerate(original.lines)}
    for at, line in enumerate(correction.lines):
        old = lines.get(line.id or "")
        net = line if old is None else _net(old, line, correction, at)
        if net is None:
            assert line.id is not None
            del lines[line.id]
        else:
            lines[line.id or f"\0new{at}"] = net
    if not lines:
        return None
    paid = _paid_elsewhere(original, correction)
    return original.model_copy(update={"lines": tuple(lines.values()), "paid_elsewhere": paid, "total": None})


def _net(old: FeeLine, line: FeeLine, correction: Claim, at: int) -> FeeLine | None:
    """What is left of a line; ``None`` for nothing. What the correction says of the rest holds for it."""
    amount = old.amount + line.amount
    where = f"lines[{at}]"
    if line.category != old.category:
        text = f"the line {quoted(line.id)} is {old.category}, the correction says {line.category}"
        raise refused("E583", correction, f"{where}.category", text, old.category)
    if amount < 0:
        text = f"the line {quoted(line.id)} comes to {amount}"
        raise refused("E583", correction, f"{where}.amount", text, f"-{old.amount} or more")
    if amount == 0:
        return None
    for name in KEPT:
        if name in old.model_fields_set and name not in line.model_fields_set:
            text = f"the line {quoted(line.id)} states its {name}; the correction does not say what of it remains"
            raise refused("E583", correction, f"{where}.{name}", text, f"the {name} of what remains")
    said = {name: getattr(line, name) for name in line.model_fields_set - {"id", "amount"}}
    return old.model_copy(update={**said, "amount": amount})


def _paid_elsewhere(original: Claim, correction: Claim) -> tuple[Any, ...]:
    """What was paid elsewhere, netted by payer. Raises ``ClaimError``."""
    sums: dict[str, Decimal] = {paid.payer: paid.amount for paid in original.paid_elsewhere}
    for at, paid in enumerate(correction.paid_elsewhere):
        sums[paid.payer] = sums.get(paid.payer, Decimal(0)) + paid.amount
        if sums[paid.payer] < 0:
            text = f"what {quoted(paid.payer)} paid elsewhere comes to {sums[paid.payer]}"
            raise refused("E583", correction, f"paid_elsewhere[{at}].amount", text, "0 or more")
    return tuple({"payer": payer, "amount": amount} for payer, amount in sums.items() if amount)


def _strangers(original: Claim, correction: Claim) -> Iterator[Diagnostic]:
    """Negative lines that take something off no line, and lines without an id beside one with it."""
    known = {line.id for line in original.lines if line.id is not None}
    for at, line in enumerate(correction.lines):
        if line.amount < 0 and line.id not in known:
            text = f"the claim {quoted(original.id)} has no line {quoted(line.id)} that this could be taken off"
            if line.id is None:
                text = "a negative line names the line that it is taken off"
            expected = "the id of a line: " + (", ".join(sorted(known)) or "none of its lines has one")
            yield from refused("E583", correction, f"lines[{at}].id", text, expected).diagnostics


def _other_stay(original: Claim, correction: Claim) -> Iterator[Diagnostic]:
    """A correction is of the same person and stay; other facts are corrected by the claim as it should be."""
    for name, one, two in (
        ("person", original.person, correction.person),
        ("encounter", original.encounter, correction.encounter),
    ):
        for field in _differing(one, two):
            text = f"{name}.{field} is not that of the claim {quoted(original.id)}"
            hint = "a correction nets lines; for anything else hand in the claim as it should be, under its own id"
            yield Diagnostic("E583", text, None, "", hint, record=f"claim {quoted(correction.id)}",
                             field=f"{name}.{field}")  # fmt: skip
    if original.currency != correction.currency or original.facts != {**original.facts, **correction.facts}:
        text = f"the currency or the facts are not those of the claim {quoted(original.id)}"
        yield from refused("E583", correction, "facts", text, "those of the original").diagnostics


def _differing(one: StrictModel, two: StrictModel) -> Iterator[str]:
    for field in sorted(two.model_fields_set - {"settlement_date"}):
        if getattr(one, field) != getattr(two, field):
            yield field


def refused(code: str, claim: Claim, field: str, text: str, expected: str = "", hint: str = "") -> ClaimError:
    """The error of one field of a claim that is handed in to change others."""
    return ClaimError(Diagnostic(code, text, None, expected, hint, record=f"claim {quoted(claim.id)}", field=field))
