"""The standing of a person on a day, as known on another: every right, why it is given, what is missing, from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policyengine import ir
from policyengine.backends.evaluate import Claim, worth
from policyengine.entitlements.law import Law
from policyengine.entitlements.plain import Derive, meets, plain
from policyengine.entitlements.records import Evidences, Piece
from policyengine.lower.entitlements import Asked, Rights, Sentence
from policyengine.ruleset import Dates

Met = tuple[tuple[Asked, tuple[Piece, ...]], ...]
"""What a sentence asks for, each with the pieces of evidence that meet it."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence held against the evidence. ``rights``: why its ``when`` holds or does not: rights that it names, and
    whether each is given."""

    sentence: Sentence
    holds: bool
    needs: Met
    unless: Met
    rights: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Right:
    """A tag or right. ``valid``: the longest period around the day in which it is given, or is not; ``recorded``: the
    day since which that has been known, for one that is given."""

    name: str
    given: bool
    valid: Dates
    recorded: date | None
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The rights of a person. ``law``: what holds on the day; ``flags``: facts that the rule file declares."""

    person: str
    ruleset: str
    day: date
    known_on: date
    rights: tuple[Right, ...]
    law: Rights
    flags: frozenset[str] = frozenset()

    @property
    def given(self) -> frozenset[str]:
        """The names of the tags and rights that are given."""
        return frozenset(right.name for right in self.rights if right.given)


def known(pieces: Iterable[Piece], known_on: date) -> tuple[Piece, ...]:
    """What was known on a day: of every piece the last record, if it is not void. The order of arrival does not
    count."""
    last: dict[str, Piece] = {}
    for piece in pieces:
        if piece.recorded <= known_on and (piece.id not in last or last[piece.id].recorded < piece.recorded):
            last[piece.id] = piece
    return tuple(sorted((p for p in last.values() if not p.void), key=lambda p: p.id))


def given(law: Law, pieces: Iterable[Piece], day: date, known_on: date, derive: Derive = plain) -> frozenset[str]:
    """The rights on a day, as known on a day. Raises ``ClaimError``."""
    here = [piece for piece in known(pieces, known_on) if piece.valid_on(day)]
    return derive(law.on(day, known_on), here)


def standing(
    law: Law, evidences: Evidences, day: date, known_on: date | None = None, derive: Derive = plain
) -> Standing:
    """The standing of a person on ``day``, as known on ``known_on`` (default: that day). Raises ``ClaimError``.

    ``derive``: what derives the rights; every derivation gives the same.
    """
    then = known_on or day
    pieces = law.pieces(evidences)
    rights = law.on(day, then)
    here = [piece for piece in known(pieces, then) if piece.valid_on(day)]
    found = derive(rights, here)
    periods = _Periods(law, known(pieces, then), day, then, derive)
    told = tuple(_told(rights, sentence, here, found) for sentence in rights.sentences)
    listed = tuple(
        Right(
            name, name in found, periods.around(name, name in found),
            _recorded(law, pieces, day, then, name, derive) if name in found else None,
            tuple(one for one in told if one.sentence.grants == name),
        )
        for name, _ in rights.names
    )  # fmt: skip
    return Standing(evidences.person, rights.program.ruleset, day, then, listed, rights, law.flags)


def _told(rights: Rights, sentence: Sentence, here: Sequence[Piece], found: frozenset[str]) -> Told:
    needs, unless = (
        tuple((asked, tuple(p for p in here if p.kind == asked.kind and meets(rights, asked.condition, p)))
              for asked in several)
        for several in (sentence.needs, sentence.unless)
    )  # fmt: skip
    values = {step: name in found for name, step in rights.names}
    names = {step: name for name, step in rights.names}
    holding = all(len(p) >= asked.least for asked, p in needs) and not any(p for _, p in unless)
    others = tuple((names[step], values[step]) for step in dict.fromkeys(_decisive(sentence.when, values)))
    return Told(sentence, holding and _true(sentence.when, values), needs, unless, others)


def _true(when: ir.Expr, values: dict[str, bool]) -> bool:
    """A condition on rights."""
    return bool(worth(when, Claim({}, {}, (), {}, dict(values))))


def _decisive(when: ir.Expr, values: dict[str, bool]) -> Iterator[str]:
    """The steps that make a condition what it is: of an ``and`` that does not hold the arguments that do not, and so
    on."""
    match when:
        case ir.Ref(step=step):
            yield step
        case ir.Logic(op="not", args=(arg,)):
            yield from _decisive(arg, values)
        case ir.Logic(op=op, args=args):
            decided = _true(when, values) != (op == "and")
            for arg in args:
                if not decided or _true(arg, values) != (op == "and"):
                    yield from _decisive(arg, values)
        case _:
            yield from (part.step for part in ir.walk(when) if isinstance(part, ir.Ref))


@dataclass(frozen=True, slots=True)
class _Periods:
    """Evidence as known on one day, asked day by day."""

    law: Law
    pieces: tuple[Piece, ...]
    day: date
    known_on: date
    derive: Derive

    def around(self, name: str, value: bool) -> Dates:
        """The longest period around the day in which a right is given, or is not."""
        cuts = sorted({day for p in self.pieces for day in (p.since, p.until) if day} | {*self.law.cuts(self.known_on)})
        start, end = self.law.as_known(self.known_on).valid
        cuts = [cut for cut in cuts if (start is None or cut > start) and (end is None or cut < end)]

        def same(day: date) -> bool:
            return (name in self._on(day)) == value

        after = next((cut for cut in cuts if cut > self.day and not same(cut)), end)
        before = [cut for cut in cuts if cut <= self.day]
        while before and same(before[-1]):
            edge = before.pop()
            below = _day_before(edge)
            if not same(below):
                return edge, after
        return start, after

    def _on(self, day: date) -> frozenset[str]:
        here = [piece for piece in self.pieces if piece.valid_on(day)]
        return self.derive(self.law.on(day, self.known_on), here)


def _day_before(day: date) -> date:
    return date.fromordinal(max(1, day.toordinal() - 1))


def _recorded(law: Law, pieces: tuple[Piece, ...], day: date, known_on: date, name: str, derive: Derive) -> date | None:
    """The day since which it has been known that the right is given; ``None`` if it rests on no record."""
    days = sorted({p.recorded for p in pieces if p.recorded <= known_on} | {d for d in law.published if d <= known_on})
    since = None
    for recorded in reversed(days):
        if name not in given(law, pieces, day, recorded, derive):
            break
        since = recorded
    return since
