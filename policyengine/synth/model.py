"""A profile as read: which facts people and claims have, how each is drawn, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from policyengine import ir
from policyengine.errors import Span

Kind = Literal["flag", "code", "count", "money", "rate", "day", "id"]
MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Choice:
    """One of ``words``, each with its share; the shares sum to 1. Words of a count are digits, of a flag yes and no."""

    words: tuple[str, ...]
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """A piecewise linear quantile function: at most the share ``at[i]`` of all lie below ``values[i]``."""

    at: tuple[Fraction, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lognormal:
    """By its mean and its median, exact; in minor units of money, millionths of a rate, or units of a count."""

    mean: Fraction
    median: Fraction


@dataclass(frozen=True, slots=True)
class Poisson:
    """A number of events, by its mean."""

    mean: Fraction


Distribution = Choice | Curve | Lognormal | Poisson


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who states a figure, and what of it is assumed."""

    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A distribution for some values of the fact that a draw depends on: words, an interval of counts, or the rest."""

    of: Distribution
    words: tuple[str, ...] = ()
    interval: ir.Interval | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """How one fact is drawn: by a distribution, or by one of several as the value of another fact (``by``) chooses.

    ``low``, ``high``: what is drawn beyond them is set to them. ``hidden``: only other draws read it.
    """

    fact: str
    kind: Kind
    cases: tuple[Case, ...]
    by: str = ""
    low: int | None = None
    high: int | None = None
    hidden: bool = False
    evidence: Evidence = Evidence()
    span: Span | None = field(default=None, compare=False)
    stated: str = field(default="", compare=False)
    """The figures as the profile writes them."""

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that can be drawn, in the order of the profile."""
        found = (word for case in self.cases if isinstance(case.of, Choice) for word in case.of.words)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Hospital:
    """Hospitals of one sort: ``number`` of them, alike in their ``facts``."""

    id: str
    facts: Mapping[str, str]
    number: int = 1
    evidence: Evidence = Evidence()
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A fee line of every claim of a kind: a share of the bill, an amount, or (neither) what the others leave.

    ``fields``: category, catalogue class, first share; facts that the rule file declares of fee lines.
    """

    id: str
    fields: Mapping[str, str]
    share: Draw | None = None
    amount: Draw | None = None
    evidence: Evidence = Evidence()
    span: Span | None = field(default=None, compare=False)
    facts: tuple[Draw, ...] = ()
    """Facts of the line that are drawn, beside ``fields``, which are the same for every claim."""
    limit: Draw | None = None
    """The price limit, as a share of the amount."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Facts that stand in columns, each with its column: of the line, or of the claim."""

    @property
    def column(self) -> str:
        """The column of its amounts."""
        return f"amount_{self.id}"

    def column_of(self, fact: str) -> str:
        """The column of a fact of the line that is drawn."""
        return f"{self.id}.{fact}"


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims of one kind: how many a person has in a year, where, with which facts, bill and fee lines."""

    id: str
    care_type: str
    a_year: Draw
    hospital: Draw
    facts: tuple[Draw, ...]
    bill: Draw
    lines: tuple[Line, ...]

    @property
    def draws(self) -> Iterator[Draw]:
        yield from (self.a_year, self.hospital, *self.facts, self.bill)
        yield from (draw for line in self.lines for draw in (line.share, line.amount) if draw is not None)


@dataclass(frozen=True, slots=True)
class Profile:
    """A population and its claims. ``digest``: SHA-256 of the file."""

    id: str
    title: Mapping[str, str]
    place: str
    digest: str
    sources: Mapping[str, Mapping[str, str]]
    hospitals: tuple[Hospital, ...]
    size: Draw
    households: tuple[Draw, ...]
    people: tuple[Draw, ...]
    claims: tuple[Claims, ...]
    span: Span | None = field(default=None, compare=False)
