"""What may have been otherwise: a claim reversed, corrected, inserted late; a registration that is dated back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from policyengine.claim import Claim, masked, quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.resettlement.corrections import corrected, refused, standing

DayOf = Callable[[Claim], date]
Claims = tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Reverse:
    """The claim of this id is taken back whole (冲正)."""

    claim_id: str


@dataclass(frozen=True, slots=True)
class Correct:
    """A claim as it should have been, under its own id; or one that ``corrects`` it, of which the lines are netted."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Insert:
    """A claim that was handed in late: it takes its place by its day and sequence."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Register:
    """The person has a tag from a day on, such as ``registered_poor``."""

    person: str
    tag: str
    since: date


Change = Reverse | Correct | Insert | Register


def changed(claims: Claims, changes: tuple[Change, ...], day_of: DayOf) -> Claims:
    """The claims with all changes made, one after the other. Raises ``ClaimError``."""
    for change in changes:
        match change:
            case Reverse():
                gone = standing({c.id: c for c in claims}, change.claim_id)
                claims = tuple(c for c in claims if c is not gone)
            case Correct():
                claims = _corrected(claims, change.claim, day_of)
            case Insert():
                claims = _inserted(claims, change.claim, day_of)
            case Register():
                claims = _registered(claims, change, day_of)
    return claims


def _corrected(claims: Claims, claim: Claim, day_of: DayOf) -> Claims:
    by_id: dict[str, Claim | None] = {c.id: c for c in claims}
    old = standing(by_id, claim.corrects or claim.id, claim if claim.corrects else None)
    new = corrected(old, claim) if claim.corrects else claim
    if new is None:
        return tuple(c for c in claims if c is not old)
    if new.person.id != old.person.id:
        text = f"the claim {quoted(old.id)} is of {masked(old.person.id)}, the correction of {masked(new.person.id)}"
        raise refused("E583", new, "person.id", text, "the same person", "reverse the one and insert the other")
    if _key(new, day_of) == _key(old, day_of):
        return tuple(new if c is old else c for c in claims)
    return _inserted(tuple(c for c in claims if c is not old), new, day_of)


def _inserted(claims: Claims, claim: Claim, day_of: DayOf) -> Claims:
    """Behind everything of the person that is not later, before the next claim of anybody that is later."""
    if claim.corrects is not None:
        text, hint = "a correction is not inserted", "correct the claim: `Correct`, or `--correct`"
        raise refused("E582", claim, "corrects", text, "a claim that stands for itself", hint)
    if any(c.id == claim.id for c in claims):
        text = f"the claim {quoted(claim.id)} stands already"
        raise refused("E584", claim, "id", text, "an id of its own", "to change a claim, correct it")
    key = _key(claim, day_of)
    own = [at for at, c in enumerate(claims) if c.person.id == claim.person.id and _key(c, day_of) <= key]
    first = own[-1] + 1 if own else 0
    place = next((at for at in range(first, len(claims)) if _key(claims[at], day_of) > key), len(claims))
    return (*claims[:place], claim, *claims[place:])


def _key(claim: Claim, day_of: DayOf) -> tuple[date, int]:
    return day_of(claim), claim.sequence


def _registered(claims: Claims, change: Register, day_of: DayOf) -> Claims:
    if all(claim.person.id != change.person for claim in claims):
        text = f"no claim is of {masked(change.person)}"
        raise ClaimError(Diagnostic("E582", text, None, "the id of a person with claims", record="the changes"))
    return tuple(_tagged(c, change.tag) if c.person.id == change.person and day_of(c) >= change.since else c
                 for c in claims)  # fmt: skip


def _tagged(claim: Claim, tag: str) -> Claim:
    if tag in claim.person.tags:
        return claim
    return claim.model_copy(update={"person": claim.person.model_copy(update={"tags": claim.person.tags | {tag}})})
